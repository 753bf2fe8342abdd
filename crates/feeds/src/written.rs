//! What documents write: identifiers that have to be well formed, names and texts that have to end somewhere.

use model::Timestamp;

use crate::Defect;

/// Bytes of a name: of a product, a vendor, a version. Longer ones are refused, as a name that is cut is another name.
pub(crate) const NAME_BYTES_MAX: usize = 4_096;
/// Bytes of a text for people. Longer ones are cut.
const TEXT_BYTES_MAX: usize = 8_192;
/// Elements of a list within one fact. The longest that is known has some 11,000.
pub(crate) const LIST_MAX: usize = 100_000;

/// Whether a text has the form `CVE-2017-6022`.
pub(crate) fn is_cve(text: &str) -> bool {
    let Some((year, number)) = text.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')) else { return false };
    year.len() == 4 && (4..=19).contains(&number.len()) && [year, number].iter().all(|digits| is_number(digits))
}

/// Whether a text has the form `CWE-259`.
pub(crate) fn is_cwe(text: &str) -> bool {
    let Some(number) = text.strip_prefix("CWE-") else { return false };
    (1..=6).contains(&number.len()) && is_number(number) && !number.starts_with('0')
}

fn is_number(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of a vulnerability, or what is wrong with it.
pub(crate) fn cve(text: &str, place: impl FnOnce() -> Defect) -> Result<String, Defect> {
    if is_cve(text) {
        Ok(text.to_owned())
    } else {
        Err(Defect { why: format!("«{}» is no CVE number", start(text)), ..place() })
    }
}

/// A name, or what is wrong with it.
pub(crate) fn name(text: &str, place: impl FnOnce() -> Defect) -> Result<String, Defect> {
    let fits = text.len() <= NAME_BYTES_MAX;
    let refused = || Defect { why: format!("«{}…» has more than {NAME_BYTES_MAX} bytes", start(text)), ..place() };
    if fits { Ok(text.trim().to_owned()) } else { Err(refused()) }
}

/// A text for people, cut where it goes on for too long.
pub(crate) fn text(text: &str) -> String {
    let text = text.trim();
    let end = text.floor_char_boundary(TEXT_BYTES_MAX);
    text.get(..end).unwrap_or_default().to_owned()
}

/// A name, if there is one; one that is too long is none.
pub(crate) fn some(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty() && text.len() <= NAME_BYTES_MAX).map(str::to_owned)
}

/// A date, also without dashes as in `20260102`.
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let parts = (text.get(..4), text.get(4..6), text.get(6..8));
    match parts {
        (Some(year), Some(month), Some(day)) if text.len() == 8 => Timestamp::read(&format!("{year}-{month}-{day}")),
        _ => Timestamp::read(text),
    }
}

/// The start of a text, for messages.
pub(crate) fn start(text: &str) -> &str {
    text.get(..text.floor_char_boundary(60)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_form() {
        for right in ["CVE-1999-0001", "CVE-2024-1234567"] {
            assert!(is_cve(right), "{right}");
        }
        for wrong in [
            "",
            "CVE-",
            "cve-1999-0001",
            "CVE-1999-001",
            "CVE-99-0001",
            "CVE-1999-000A",
            "CVE-1999-0001 ",
            "CVE-1999-99999999999999999999",
        ] {
            assert!(!is_cve(wrong), "{wrong}");
        }
        assert!(is_cwe("CWE-79") && !is_cwe("CWE-079") && !is_cwe("CWE-") && !is_cwe("79"));
    }
}
