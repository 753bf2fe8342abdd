//! Hardware addresses, checked at the door.

use std::fmt;
use std::str::FromStr;

/// An IEEE 802 MAC address (EUI-48).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

impl MacAddr {
    /// The all-zero address that unset fields carry.
    pub const ZERO: Self = Self([0; 6]);
    /// The address that every station listens to.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// Whether the address names a group of stations (IEEE 802 I/G bit), never a single device.
    pub const fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// Whether the address was chosen locally (IEEE 802 U/L bit): randomised, virtual or hand-made, so it names no
    /// vendor and keys no device.
    pub const fn is_local(self) -> bool {
        self.0[0] & 2 == 2
    }

    /// Whether this can be one station's own address: neither a group address nor all zero.
    pub fn is_station(self) -> bool {
        !self.is_group() && self != Self::ZERO
    }

    /// Whether routers hand the address to each other, so that it is no device's own: VRRP (RFC 9568 §7.3), HSRP version 1
    /// (RFC 2281 §5.3), version 2 and that for IPv6, and GLBP (Cisco, "First Hop Redundancy Protocols Configuration Guide").
    pub const fn is_shared_by_routers(self) -> bool {
        matches!(
            self.0,
            [0x00, 0x00, 0x5e, 0x00, 0x01 | 0x02, _]
                | [0x00, 0x00, 0x0c, 0x07, 0xac, _]
                | [0x00, 0x00, 0x0c, 0x9f, 0xf0..=0xff, _]
                | [0x00, 0x05, 0x73, 0xa0, 0x00..=0x0f, _]
                | [0x00, 0x07, 0xb4, 0x00..=0x03, _, _]
        )
    }

    /// The vendor prefix that the IEEE assigns (OUI, first 24 bits).
    ///
    /// `None` for a locally administered address.
    pub const fn oui(self) -> Option<[u8; 3]> {
        let [a, b, c, ..] = self.0;
        if self.is_local() { None } else { Some([a, b, c]) }
    }

    /// The 48 bits as one number, first byte highest.
    pub const fn as_u64(self) -> u64 {
        let [a, b, c, d, e, f] = self.0;
        u64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }

    /// The MAC address inside an EUI-64 made from it (`FF FE` in the middle), universal bit as it stands.
    ///
    /// IEEE 11073 system identifiers use this form; IPv6 interface identifiers flip the U/L bit first
    /// (RFC 4291 appendix A).
    pub const fn from_eui64(eui: [u8; 8]) -> Option<Self> {
        match eui {
            [a, b, c, 0xff, 0xfe, d, e, f] => Some(Self([a, b, c, d, e, f])),
            _ => None,
        }
    }

    /// The hardware address that a text names: an EUI-64 made from one (sixteen hexadecimal digits with `FFFE` in the
    /// middle), or the address itself in the usual notation. Twelve bare digits may be any number, and what was chosen
    /// locally or names a group is no device's.
    pub fn named_in(text: &[u8]) -> Option<Self> {
        let mut digits = text.iter().filter(|byte| !matches!(byte, b':' | b'-'));
        let count = digits.clone().count();
        if !matches!((text.len(), count), (16 | 23, 16) | (17, 12)) || !digits.all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut value = 0_u64;
        for digit in text.iter().filter_map(|byte| char::from(*byte).to_digit(16)) {
            value = value << 4 | u64::from(digit);
        }
        let mac = if count == 16 {
            Self::from_eui64(value.to_be_bytes())?
        } else {
            let [_, _, address @ ..] = value.to_be_bytes();
            Self(address)
        };
        (mac.is_station() && !mac.is_local()).then_some(mac)
    }
}

impl MacAddr {
    /// As in `00:09:fb:1a:2b:3c`.
    pub fn text(self) -> [u8; 17] {
        let mut text = [b':'; 17];
        for (pair, byte) in text.chunks_mut(3).zip(self.0) {
            for (digit, half) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = b"0123456789abcdef".get(usize::from(half)).copied().unwrap_or(b'0');
            }
        }
        text
    }
}

impl fmt::Display for MacAddr {
    /// As in `00:09:fb:1a:2b:3c`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

impl fmt::Debug for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for MacAddr {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

/// The text is no MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a MAC address is twelve hexadecimal digits, as in 00:09:fb:1a:2b:3c")]
pub struct NotAMac;

impl FromStr for MacAddr {
    type Err = NotAMac;

    /// Reads twelve hexadecimal digits, with `:`, `-` or `.` anywhere between them or none at all.
    fn from_str(text: &str) -> Result<Self, NotAMac> {
        let mut value = 0_u64;
        let mut digits = 0_u32;
        for character in text.chars() {
            if matches!(character, ':' | '-' | '.') {
                continue;
            }
            let digit = character.to_digit(16).ok_or(NotAMac)?;
            value = value << 4 | u64::from(digit);
            digits = digits.saturating_add(1);
            if digits > 12 {
                return Err(NotAMac);
            }
        }
        let [_, _, a, b, c, d, e, f] = value.to_be_bytes();
        if digits == 12 { Ok(Self([a, b, c, d, e, f])) } else { Err(NotAMac) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_numbers() {
        let mac = |text: &str| MacAddr::named_in(text.as_bytes()).map(|mac| mac.to_string());
        assert_eq!(mac("080019FFFE1A2B3C").as_deref(), Some("08:00:19:1a:2b:3c"));
        assert_eq!(mac("08-00-19-FF-FE-1A-2B-3C").as_deref(), Some("08:00:19:1a:2b:3c"));
        assert_eq!(mac("00:09:fb:1a:2b:3c").as_deref(), Some("00:09:fb:1a:2b:3c"));
        for other in
            ["0003B10000000001", "0009fb1a2b3c", "00:09:fb:1a:2b:3", "ff:ff:ff:ff:ff:ff", "20260101:101010:0", "x"]
        {
            assert_eq!(mac(other), None, "{other}");
        }
    }

    #[test]
    fn a_mac_reads_what_it_writes() {
        let mac: MacAddr = "00-09-FB-1a-2b-3c".parse().unwrap();
        assert_eq!(mac.to_string(), "00:09:fb:1a:2b:3c");
        assert_eq!(mac.oui(), Some([0, 9, 0xfb]));
        assert_eq!("0009.fb1a.2b3c".parse(), Ok(mac));
    }

    #[test]
    fn signs_and_wrong_lengths_are_refused() {
        for text in ["", "+0:00:00:00:00:00:0", "00:09:fb:1a:2b", "00:09:fb:1a:2b:3c:4d", "zz:09:fb:1a:2b:3c"] {
            assert_eq!(text.parse::<MacAddr>(), Err(NotAMac), "{text}");
        }
    }

    #[test]
    fn a_randomised_address_names_no_vendor() {
        let mac: MacAddr = "da:a1:19:00:00:01".parse().unwrap();
        assert!(mac.is_local() && mac.oui().is_none());
    }
}
