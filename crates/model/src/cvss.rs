//! The Common Vulnerability Scoring System of FIRST: vectors and their scores, versions 2.0, 3.0, 3.1 and 4.0.
//!
//! A published number is worth less than the vector beside it (NVD published thousands of wrong ones for 4.0), so scores are
//! always computed. The arithmetic is that of the `cvss` crate; a test compares it with a second implementation over every
//! base vector there is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Letters of a vector: those with every metric of 4.0 have some 220.
const VECTOR_BYTES_MAX: usize = 512;

/// A vector that can be scored, as in `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    text: String,
    metrics: cvss::Cvss,
}

/// A version of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 2.0.
    V2,
    /// 3.0.
    V30,
    /// 3.1.
    V31,
    /// 4.0.
    V40,
}

/// The words for ranges of scores. Version 2 has neither `None` nor `Critical` (NVD's ranges).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// 0.0.
    None,
    /// Up to 3.9.
    Low,
    /// Up to 6.9.
    Medium,
    /// Up to 8.9; in version 2 up to 10.0.
    High,
    /// From 9.0.
    Critical,
}

impl Vector {
    /// Reads a vector as the standard writes it: capital letters, every base metric, none twice.
    pub fn read(text: &str) -> Option<Self> {
        let is_small = text.len() <= VECTOR_BYTES_MAX;
        let is_as_written = text
            .split('/')
            .all(|metric| metric.starts_with("Au:") || !metric.bytes().any(|byte| byte.is_ascii_lowercase()));
        if !is_small || !is_as_written {
            return None;
        }
        let metrics: cvss::Cvss = text.parse().ok()?;
        let vector = Self { text: text.to_owned(), metrics };
        let is_whole = vector.version().base_metrics().iter().all(|name| vector.metric(name).is_some());
        is_whole.then_some(vector)
    }

    /// By which version it is to be scored.
    pub fn version(&self) -> Version {
        match self.text.as_bytes() {
            [b'C', b'V', b'S', b'S', b':', b'3', b'.', b'0', ..] => Version::V30,
            [b'C', b'V', b'S', b'S', b':', b'3', b'.', b'1', ..] => Version::V31,
            [b'C', b'V', b'S', b'S', b':', b'4', ..] => Version::V40,
            _ => Version::V2,
        }
    }

    /// The value of a metric, as in `N` for `AV`; `None` where the vector does not name it.
    pub fn metric(&self, name: &str) -> Option<&str> {
        self.text.split('/').find_map(|metric| metric.strip_prefix(name)?.strip_prefix(':'))
    }

    /// The base score, 0.0 to 10.0 in steps of a tenth.
    pub fn base_score(&self) -> f64 {
        let score = match &self.metrics {
            cvss::Cvss::CvssV40(_) => self.base_vector().map_or(0.0, |vector| vector.score()),
            metrics => metrics.score(),
        };
        tenths(score)
    }

    /// The score with the metrics that change over time; in 4.0 with whatever the vector names.
    pub fn temporal_score(&self) -> f64 {
        tenths(match &self.metrics {
            cvss::Cvss::CvssV20(vector) => vector.temporal_score().value(),
            cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => vector.temporal_score().value(),
            metrics => metrics.score(),
        })
    }

    /// The score with the metrics of the place of use; in 4.0 with whatever the vector names.
    pub fn environmental_score(&self) -> f64 {
        tenths(match &self.metrics {
            cvss::Cvss::CvssV20(vector) => vector.environmental_score().value(),
            cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => vector.environmental_score().value(),
            metrics => metrics.score(),
        })
    }

    /// The word for the base score.
    pub fn severity(&self) -> Severity {
        self.version().severity(self.base_score())
    }

    /// The same without the metrics of threat and environment, which 4.0 scores together with the base.
    fn base_vector(&self) -> Option<cvss::Cvss> {
        let mut base = String::from("CVSS:4.0");
        for name in self.version().base_metrics() {
            base.push('/');
            base.push_str(name);
            base.push(':');
            base.push_str(self.metric(name)?);
        }
        base.parse().ok()
    }
}

impl Version {
    /// The word for a score in this version.
    pub fn severity(self, score: f64) -> Severity {
        match score {
            score if score < 0.1 && self != Self::V2 => Severity::None,
            score if score < 4.0 => Severity::Low,
            score if score < 7.0 => Severity::Medium,
            score if score < 9.0 || self == Self::V2 => Severity::High,
            _ => Severity::Critical,
        }
    }

    /// The metrics that every vector names.
    pub const fn base_metrics(self) -> &'static [&'static str] {
        match self {
            Self::V2 => &["AV", "AC", "Au", "C", "I", "A"],
            Self::V30 | Self::V31 => &["AV", "AC", "PR", "UI", "S", "C", "I", "A"],
            Self::V40 => &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"],
        }
    }

    /// As in `3.1`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V30 => "3.0",
            Self::V31 => "3.1",
            Self::V40 => "4.0",
        }
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Severity {
    /// As in `CRITICAL`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

/// The nearest number with one decimal: what a document writes and this computes are then the same bits.
fn tenths(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_does_not_write_is_no_vector() {
        let whole = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        assert_eq!(Vector::read(whole).unwrap().base_score(), 9.8);
        let wrong = [
            &whole[..40],
            &whole.to_lowercase(),
            &whole.replace("3.1", "3.2"),
            &format!("{whole}/A:H"),
            &whole.replace("AV:N", "AV:Q"),
            "",
        ];
        for text in wrong.into_iter().chain(["CVSS:3.1/", "CVSS:4.0", "AV:N/AC:L/Au:N/C:N/I:N", "////", "CVSS:3.1/:/:"])
        {
            assert_eq!(Vector::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_examples_of_the_standards_have_their_scores() {
        // CVSS v2 guide section 3.3.1 (CVE-2002-0392), v3.1 examples (CVE-2013-1937, CVE-2014-3566), v4.0 examples (CVE-2022-41741).
        let scores = |text: &str| {
            let vector = Vector::read(text).unwrap();
            (vector.base_score(), vector.temporal_score(), vector.environmental_score(), vector.severity().name())
        };
        assert_eq!(scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C"), (7.8, 6.4, 6.4, "HIGH"));
        assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"), (6.1, 6.1, 6.1, "MEDIUM"));
        assert_eq!(scores("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"), (3.1, 3.1, 3.1, "LOW"));
        assert_eq!(scores("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N").0, 8.5);
        let threatened = scores("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U");
        assert_eq!((threatened.0, threatened.1 < 8.5), (8.5, true), "the base score is that of the base metrics");
    }
}
