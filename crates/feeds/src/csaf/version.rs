//! Versions of documents: an integer or a semantic version (CSAF 2.0 section 3.1.11, Semantic Versioning 2.0.0).

use std::cmp::Ordering;

/// A version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// As in `3`.
    Integer(u64),
    /// As in `1.2.3-rc.1+build`; what follows a plus sign never counts.
    Semantic([u64; 3], Vec<String>),
}

impl Version {
    /// Reads one; `None` where it is neither.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some(number) = number(text) {
            return Some(Self::Integer(number));
        }
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
        let mut parts = core.split('.').map(number);
        let core = [parts.next()??, parts.next()??, parts.next()??];
        let is_right = parts.next().is_none()
            && build.is_none_or(|build| build.split('.').all(is_identifier))
            && pre.is_none_or(|pre| {
                pre.split('.').all(|part| is_identifier(part) && (number(part).is_some() || !is_digits(part)))
            });
        let pre = pre.map(|pre| pre.split('.').map(str::to_owned).collect()).unwrap_or_default();
        is_right.then_some(Self::Semantic(core, pre))
    }

    /// The integer, or the first number of a semantic version.
    pub(super) fn major(&self) -> u64 {
        match self {
            Self::Integer(major) | Self::Semantic([major, ..], _) => *major,
        }
    }

    /// Whether it is one from before a release, as in `1.0.0-rc.1`.
    pub(super) fn is_pre_release(&self) -> bool {
        matches!(self, Self::Semantic(_, pre) if !pre.is_empty())
    }

    /// The same without what marks it as from before a release.
    pub(super) fn released(&self) -> Self {
        match self {
            Self::Integer(number) => Self::Integer(*number),
            Self::Semantic(core, _) => Self::Semantic(*core, Vec::new()),
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// Semantic Versioning section 11; an integer counts as its first number.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Semantic(core, pre), Self::Semantic(other_core, other_pre)) => {
                let by_release = pre.is_empty().cmp(&other_pre.is_empty());
                core.cmp(other_core).then(by_release).then_with(|| compare(pre, other_pre))
            }
            _ => self.major().cmp(&other.major()),
        }
    }
}

/// Parts before a release: numbers by value and before words, words by letter, and a longer list after its beginning.
fn compare(one: &[String], other: &[String]) -> Ordering {
    let key = |part: &str| (number(part).is_none(), number(part), part.to_owned());
    let keys = |parts: &[String]| parts.iter().map(|part| key(part)).collect::<Vec<_>>();
    keys(one).cmp(&keys(other))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A number without leading zeros.
fn number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && is_digits(text) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_semantic_versioning_says() {
        // Semantic Versioning 2.0.0 section 11.4.
        let order = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.10.0",
            "2.0.0",
        ];
        let versions: Vec<Version> = order.iter().map(|text| Version::read(text).unwrap()).collect();
        assert!(versions.is_sorted_by(|one, other| one < other), "{versions:?}");
        assert!(Version::read("9") < Version::read("10"));
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in [
            "",
            "01",
            "1.0",
            "1.0.0.0",
            "1.01.0",
            "v1",
            "1.0.0-",
            "1.0.0-01",
            "1.0.0+",
            "-1",
            "99999999999999999999999",
        ] {
            assert_eq!(Version::read(text), None, "{text}");
        }
        assert_eq!(Version::read("1.0.0+a"), Version::read("1.0.0+b"));
    }
}
