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
}

const LENGTHS: [u8; 3] = [36, 28, 24];

impl Prefixes {
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
            let place = self.entries.binary_search_by_key(&(*bits, value), |(bits, value, ..)| (*bits, *value)).ok()?;
            let (_, _, start, length) = self.entries.get(place)?;
            let (start, length) = (*start as usize, *length as usize);
            let name = self.names.get(start..start.saturating_add(length))?;
            // A block that the IEEE hands on to smaller organisations names itself.
            (name != "IEEE Registration Authority").then_some(name)
        })
    }

    /// How many prefixes are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
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
}
