//! Why some values differ: `explained.tsv` beside this file.
//!
//! One line each: protocol, field (`*` for all), part of the capture's name (`*` for all), who alone has the value
//! (`ours`, `theirs` or `*`), the value (`*` for all, `x*` for a beginning), the reason.

use crate::compare::{Alone, Difference};
use crate::pairings::Pairing;

static EXPLAINED: &str = include_str!("explained.tsv");

pub struct Explanation {
    protocol: &'static str,
    field: &'static str,
    capture: &'static str,
    alone: &'static str,
    value: &'static str,
    pub reason: &'static str,
}

impl Explanation {
    pub fn all() -> Vec<Self> {
        let lines = EXPLAINED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let read = |line: &'static str| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [protocol, field, capture, alone, value, reason] = columns[..] else { panic!("six columns: {line}") };
            assert!(["ours", "theirs", "*"].contains(&alone) && !reason.is_empty(), "{line}");
            Self { protocol, field, capture, alone, value, reason }
        };
        lines.map(read).collect()
    }

    pub fn covers(&self, pairing: &Pairing, capture: &str, difference: &Difference) -> bool {
        let any = |pattern: &str, matches: &dyn Fn(&str) -> bool| pattern == "*" || matches(pattern);
        self.protocol == pairing.protocol
            && any(self.field, &|field| field.split(' ').any(|field| field == pairing.field))
            && any(self.capture, &|part| capture.contains(part))
            && any(self.alone, &|alone| alone == difference.alone.name())
            && any(self.value, &|value| match value.strip_suffix('*') {
                Some(start) => difference.value.starts_with(start),
                None => difference.value == value,
            })
    }
}

/// The line that explains a difference.
pub fn explain<'a>(
    all: &'a [Explanation],
    pairing: &Pairing,
    capture: &str,
    difference: &Difference,
) -> Option<&'a Explanation> {
    all.iter().find(|explanation| explanation.covers(pairing, capture, difference))
}

impl Alone {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}
