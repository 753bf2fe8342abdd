//! Which addresses are the hospital's: private ones always, public ones where the user or the traffic says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use model::MacAddr;

/// A range of addresses, as in `192.0.2.0/24` (RFC 4632, RFC 4291 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

/// The text is no range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a range of addresses is an address and a number of bits, as in 192.0.2.0/24 or 2001:db8::/32")]
pub struct NotANetwork;

impl Network {
    /// The range of that many leading bits around an address.
    fn around(ip: IpAddr, bits: u8) -> Self {
        Self { first: masked(ip, bits), bits }
    }

    /// Whether the address lies in the range.
    pub fn contains(self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.first.is_ipv4() && masked(ip, self.bits) == self.first
    }
}

/// The address with all but the leading bits cleared.
fn masked(ip: IpAddr, bits: u8) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(u32::from(bits))).unwrap_or(0);
            Ipv4Addr::from(u32::from(ip) & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(u32::from(bits))).unwrap_or(0);
            Ipv6Addr::from(u128::from(ip) & mask).into()
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// Reads an address with a number of bits; an address alone is a range of one.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (ip, bits) = text.split_once('/').map_or((text, None), |(ip, bits)| (ip, Some(bits)));
        let ip: IpAddr = ip.parse().map_err(|_| NotANetwork)?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let is_number = |bits: &&str| !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = match bits {
            None => most,
            Some(bits) => Some(bits).filter(is_number).and_then(|bits| bits.parse().ok()).ok_or(NotANetwork)?,
        };
        if bits <= most { Ok(Self::around(ip, bits)) } else { Err(NotANetwork) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

/// So many hardware addresses that hold public IPv4 addresses of one /24 show that it is a link of the hospital's. One
/// alone may answer for the whole Internet (proxy ARP).
const NEIGHBOURS_MIN: usize = 2;

/// The ranges that are inside though their addresses are public.
#[derive(Debug, Default)]
pub struct Inside {
    named: Vec<Network>,
    /// Found in use on a link, by the first address: IPv4 /24, IPv6 /64.
    found: BTreeSet<IpAddr>,
}

impl Inside {
    /// Ranges that the user named.
    pub fn named(named: &[Network]) -> Self {
        Self { named: named.to_vec(), found: BTreeSet::new() }
    }

    /// Adds the ranges around public addresses that stations on the link hold.
    pub fn find(&mut self, held: impl Iterator<Item = (MacAddr, IpAddr)>) {
        let mut links: BTreeMap<IpAddr, BTreeSet<MacAddr>> = BTreeMap::new();
        for (mac, ip) in held.filter(|(_, ip)| is_public(*ip)) {
            links.entry(masked(ip, link_bits(ip))).or_default().insert(mac);
        }
        let is_link = |(first, macs): &(IpAddr, BTreeSet<MacAddr>)| macs.len() >= NEIGHBOURS_MIN || first.is_ipv6();
        self.found = links.into_iter().filter(is_link).map(|(first, _)| first).collect();
    }

    /// Whether the address belongs to somebody else.
    pub fn is_outside(&self, ip: IpAddr) -> bool {
        is_public(ip)
            && !self.found.contains(&masked(ip, link_bits(ip)))
            && !self.named.iter().any(|network| network.contains(ip))
    }

    /// The ranges that were found in use on a link.
    pub fn found(&self) -> Vec<Network> {
        self.found.iter().map(|ip| Network::around(*ip, link_bits(*ip))).collect()
    }
}

/// The usual size of one link.
const fn link_bits(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 24 } else { 64 }
}

/// Addresses of the Internet (RFC 6890 turned around).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = matches!(ip.octets(), [100, 64..=127, ..]);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || shared)
        }
        IpAddr::V6(ip) => {
            !(ip.is_unique_local()
                || ip.is_loopback()
                || ip.is_unicast_link_local()
                || ip.is_unspecified()
                || ip.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_reads_what_it_writes() {
        for (text, written) in [
            ("198.51.100.0/24", "198.51.100.0/24"),
            ("198.51.100.77/24", "198.51.100.0/24"),
            ("198.51.100.7", "198.51.100.7/32"),
            ("2001:db8:1::/48", "2001:db8:1::/48"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::/0", "::/0"),
        ] {
            let network: Network = text.parse().unwrap();
            assert_eq!(network.to_string(), written);
            assert_eq!(written.parse(), Ok(network));
        }
        for text in ["", "/8", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "::/129", "x/8", "10.0.0.0/8/8"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }

    #[test]
    fn a_range_holds_its_family_only() {
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains(ip("198.51.100.7")) && !all.contains(ip("2001:db8::1")));
        let some: Network = "198.51.100.128/25".parse().unwrap();
        assert!(some.contains(ip("198.51.100.200")) && !some.contains(ip("198.51.100.7")));
    }

    #[test]
    fn public_addresses_are_inside_where_neighbours_hold_them() {
        let mac = |last| MacAddr([0, 9, 0xfb, 0, 0, last]);
        let mut inside = Inside::named(&["203.0.113.0/24".parse().unwrap()]);
        inside
            .find([(mac(1), ip("198.51.100.1")), (mac(2), ip("198.51.100.2")), (mac(1), ip("192.0.2.1"))].into_iter());
        assert!(!inside.is_outside(ip("198.51.100.99")) && !inside.is_outside(ip("203.0.113.9")));
        assert!(inside.is_outside(ip("192.0.2.1")) && inside.is_outside(ip("198.51.101.1")));
        assert!(!inside.is_outside(ip("10.1.2.3")));
        assert_eq!(inside.found(), ["198.51.100.0/24".parse().unwrap()]);
    }
}
