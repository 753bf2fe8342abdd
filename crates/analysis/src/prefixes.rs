//! Who was assigned a hardware address: the IEEE's lists of 24-, 28- and 36-bit prefixes.
//!
//! Reads the IEEE's own CSV files (`oui.csv`, `mam.csv`, `oui36.csv`) and plain lists of "prefix TAB name".

use model::MacAddr;

/// Prefixes and the organisations they are assigned to.
#[derive(Clone, Debug, Default)]
pub struct Prefixes {
    /// Prefix length in bits, prefix in the upper bits of 48, name's place; sorted once [`Prefixes::seal`] ran.
    entries: Vec<(u8, u64, u32, u32)>,
    names: String,
    prepared: Prepared,
}

/// A list put in order beforehand, of which a look-up reads a few records and a start reads none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prepared {
    /// Records of [`Prepared::RECORD_BYTES`] in order: prefix length in bits (1 byte), the address that the prefix begins
    /// (6 bytes), length of the name (1 byte), its place in `names` (4 bytes); numbers with the highest byte first.
    pub index: &'static [u8],
    /// The names, one after the other.
    pub names: &'static str,
}

impl Prepared {
    /// Bytes of a record.
    pub const RECORD_BYTES: usize = 12;

    fn len(&self) -> usize {
        self.index.len() / Self::RECORD_BYTES
    }

    fn record(&self, place: usize) -> Option<&'static [u8; Self::RECORD_BYTES]> {
        let start = place.checked_mul(Self::RECORD_BYTES)?;
        self.index.get(start..)?.first_chunk()
    }

    fn find(&self, bits: u8, value: u64) -> Option<&'static str> {
        let [_, _, a, b, c, d, e, f] = value.to_be_bytes();
        let wanted = [bits, a, b, c, d, e, f];
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let [bits, a, b, c, d, e, f, length, place @ ..] = self.record(middle)?;
            match [*bits, *a, *b, *c, *d, *e, *f].cmp(&wanted) {
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let start = u32::from_be_bytes(*place) as usize;
                    return self.names.get(start..start.saturating_add(usize::from(*length)));
                }
            }
        }
        None
    }
}

const LENGTHS: [u8; 3] = [36, 28, 24];

impl Prefixes {
    /// The prefixes of a list put in order beforehand; what is added later goes before it.
    pub fn prepared(prepared: Prepared) -> Self {
        Self { prepared, ..Self::default() }
    }

    /// Adds the lines of a list. Lines that assign no prefix (headings, comments) are passed over.
    pub fn add(&mut self, text: &str) {
        for line in text.lines() {
            if let Some((prefix, name)) = assignment(line) {
                let digits = prefix.bytes().filter(u8::is_ascii_hexdigit).count();
                let bits = match digits {
                    6 => 24,
                    7 => 28,
                    9 => 36,
                    _ => continue,
                };
                let value = prefix
                    .chars()
                    .filter_map(|character| character.to_digit(16))
                    .fold(0_u64, |value, digit| value << 4 | u64::from(digit));
                let (Ok(start), Ok(length)) = (u32::try_from(self.names.len()), u32::try_from(name.len())) else {
                    continue;
                };
                self.names.push_str(name.trim());
                let shift = 48_u32.saturating_sub(u32::from(bits));
                self.entries.push((
                    bits,
                    value << shift,
                    start,
                    length.min(u32::try_from(name.trim().len()).unwrap_or(0)),
                ));
            }
        }
        self.seal();
    }

    fn seal(&mut self) {
        self.entries.sort_by_key(|(bits, value, start, _)| (*bits, *value, *start));
        self.entries.dedup_by_key(|(bits, value, ..)| (*bits, *value));
    }

    /// The organisation that a station's address was assigned to; `None` for local addresses and unknown prefixes.
    pub fn organisation(&self, mac: MacAddr) -> Option<&str> {
        mac.oui()?;
        LENGTHS.iter().find_map(|bits| {
            let shift = 48_u32.saturating_sub(u32::from(*bits));
            let value = mac.as_u64() >> shift << shift;
            let name = self.added(*bits, value).or_else(|| self.prepared.find(*bits, value))?;
            // A block that the IEEE hands on to smaller organisations names itself.
            (name != "IEEE Registration Authority").then_some(name)
        })
    }

    fn added(&self, bits: u8, value: u64) -> Option<&str> {
        let place = self.entries.binary_search_by_key(&(bits, value), |(bits, value, ..)| (*bits, *value)).ok()?;
        let (_, _, start, length) = self.entries.get(place)?;
        self.names.get(*start as usize..start.saturating_add(*length) as usize)
    }

    /// How many prefixes are known.
    pub fn len(&self) -> usize {
        self.entries.len().saturating_add(self.prepared.len())
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A line's prefix and name: `MA-L,0009FB,"Philips, Inc",address` or `0009FB<TAB>Philips`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    if let Some((registry, rest)) = line.split_once(',')
        && matches!(registry, "MA-L" | "MA-M" | "MA-S" | "IAB")
    {
        let (prefix, rest) = rest.split_once(',')?;
        let name = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?.0,
            None => rest.split(',').next()?,
        };
        return Some((prefix, name));
    }
    let (prefix, name) = line.split_once('\t')?;
    let is_prefix = prefix.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-'));
    (is_prefix && !name.trim().is_empty()).then_some((prefix, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_names_the_organisation() {
        let mut prefixes = Prefixes::default();
        prefixes.add(
            "Registry,Assignment,Organization Name,Organization Address\n\
             MA-L,70B3D5,IEEE Registration Authority,x\n\
             MA-S,70B3D5123,\"Pumps, Ltd.\",x\n\
             MA-L,0009FB,Monitors,x\n",
        );
        prefixes.add("# comment\n001122\tPlain List Co\n");
        let of = |mac: &str| prefixes.organisation(mac.parse().unwrap());
        assert_eq!(of("70:b3:d5:12:3a:bc"), Some("Pumps, Ltd."));
        assert_eq!(of("70:b3:d5:99:9a:bc"), None);
        assert_eq!(of("00:09:fb:00:00:01"), Some("Monitors"));
        assert_eq!(of("00:11:22:00:00:01"), Some("Plain List Co"));
        assert_eq!(of("02:09:fb:00:00:01"), None);
        assert_eq!(prefixes.len(), 4);
    }

    #[test]
    fn a_prepared_list_is_read_like_any_other() {
        let index = b"\x18\x00\x09\xfb\0\0\0\x08\0\0\0\0\x18\x00\x11\x22\0\0\0\x05\0\0\0\x08\x24\x70\xb3\xd5\x12\x30\0\x05\0\0\0\x0d";
        let mut prefixes = Prefixes::prepared(Prepared { index, names: "MonitorsBenchPumps" });
        let of = |prefixes: &Prefixes, mac: &str| prefixes.organisation(mac.parse().unwrap()).map(str::to_owned);
        assert_eq!(of(&prefixes, "00:09:fb:00:00:01").as_deref(), Some("Monitors"));
        assert_eq!(of(&prefixes, "00:11:22:33:44:55").as_deref(), Some("Bench"));
        assert_eq!(of(&prefixes, "70:b3:d5:12:3a:bc").as_deref(), Some("Pumps"));
        assert_eq!(of(&prefixes, "70:b3:d5:12:4a:bc"), None);
        prefixes.add("0009FB\tNewer Monitors\n");
        assert_eq!(of(&prefixes, "00:09:fb:00:00:01").as_deref(), Some("Newer Monitors"));
        assert_eq!(prefixes.len(), 4);
    }
}
