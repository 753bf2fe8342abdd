//! Which form a CSAF 2.0 document has: its JSON schema (section 3, `csaf_json_schema.json`), as far as it asks for anything.
//!
//! The objects of CVSS have schemas of their own, which rule 6.1.8 is about.

use std::collections::BTreeSet;

use model::Timestamp;
use serde_json::Value;

use crate::Defect;
use crate::json::escaped;
use crate::written::{is_cve, is_cwe, start};

/// What a value has to be.
pub(super) enum Shape {
    /// A text of at least one character.
    Text,
    /// A text of a form, which is named.
    Form(&'static str, fn(&str) -> bool),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these, at least so many.
    List(&'static Shape, usize),
    /// The same, none twice.
    Distinct(&'static Shape, usize),
    /// An object.
    Object(Object),
    /// An object of another schema.
    Other,
}

/// What an object has to be.
pub(super) struct Object {
    required: &'static [&'static str],
    least: usize,
    most: usize,
    members: &'static [(&'static str, &'static Shape)],
}

const fn object(required: &'static [&'static str], members: &'static [(&'static str, &'static Shape)]) -> Shape {
    Shape::Object(Object { required, least: 0, most: usize::MAX, members })
}

const fn object_of(
    least: usize,
    most: usize,
    required: &'static [&'static str],
    members: &'static [(&'static str, &'static Shape)],
) -> Shape {
    Shape::Object(Object { required, least, most, members })
}

use Shape::{Distinct, Form, List, Other, Text, Word};

static TEXTS: Shape = List(&Text, 1);
static DISTINCT_TEXTS: Shape = Distinct(&Text, 1);
static TIME: Shape = Form("no date-time of RFC 3339", is_date_time);
static URI: Shape = Form("no URI", is_uri);
static URIS: Shape = List(&URI, 1);
static LANGUAGE: Shape = Form("no language tag", is_language_tag);
static VERSION: Shape =
    Form("neither an integer nor a semantic version", |text| super::version::Version::read(text).is_some());

/// A whole document.
pub(super) static DOCUMENT: Shape = object(
    &["document"],
    &[("document", &ABOUT), ("product_tree", &PRODUCT_TREE), ("vulnerabilities", &VULNERABILITIES)],
);
static ABOUT: Shape = object(
    &["category", "csaf_version", "publisher", "title", "tracking"],
    &[
        ("acknowledgments", &ACKNOWLEDGMENTS),
        ("aggregate_severity", &AGGREGATE_SEVERITY),
        ("category", &CATEGORY),
        ("csaf_version", &Word(&["2.0"])),
        ("distribution", &DISTRIBUTION),
        ("lang", &LANGUAGE),
        ("notes", &NOTES),
        ("publisher", &PUBLISHER),
        ("references", &REFERENCES),
        ("source_lang", &LANGUAGE),
        ("title", &Text),
        ("tracking", &TRACKING),
    ],
);
static CATEGORY: Shape = Form("no category: it begins or ends with a space, dash, underscore or dot", |text| {
    let is_edge = |letter: Option<char>| letter.is_none_or(|letter| letter.is_whitespace() || "-_.".contains(letter));
    !is_edge(text.chars().next()) && !is_edge(text.chars().next_back())
});
static AGGREGATE_SEVERITY: Shape = object(&["text"], &[("namespace", &URI), ("text", &Text)]);
static ACKNOWLEDGMENTS: Shape = List(
    &object_of(1, usize::MAX, &[], &[("names", &TEXTS), ("organization", &Text), ("summary", &Text), ("urls", &URIS)]),
    1,
);
static DISTRIBUTION: Shape = object_of(1, usize::MAX, &[], &[("text", &Text), ("tlp", &TLP)]);
static TLP: Shape = object(&["label"], &[("label", &Word(&["AMBER", "GREEN", "RED", "WHITE"])), ("url", &URI)]);
static NOTES: Shape = List(&NOTE, 1);
static NOTE: Shape = object(
    &["category", "text"],
    &[
        ("audience", &Text),
        ("category", &Word(&["description", "details", "faq", "general", "legal_disclaimer", "other", "summary"])),
        ("text", &Text),
        ("title", &Text),
    ],
);
static PUBLISHER: Shape = object(
    &["category", "name", "namespace"],
    &[
        ("category", &Word(&["coordinator", "discoverer", "other", "translator", "user", "vendor"])),
        ("contact_details", &Text),
        ("issuing_authority", &Text),
        ("name", &Text),
        ("namespace", &URI),
    ],
);
static REFERENCES: Shape = List(
    &object(&["summary", "url"], &[("category", &Word(&["external", "self"])), ("summary", &Text), ("url", &URI)]),
    1,
);
static TRACKING: Shape = object(
    &["current_release_date", "id", "initial_release_date", "revision_history", "status", "version"],
    &[
        ("aliases", &DISTINCT_TEXTS),
        ("current_release_date", &TIME),
        ("generator", &object(&["engine"], &[("date", &TIME), ("engine", &ENGINE)])),
        ("id", &TRACKING_ID),
        ("initial_release_date", &TIME),
        ("revision_history", &List(&REVISION, 1)),
        ("status", &Word(&["draft", "final", "interim"])),
        ("version", &VERSION),
    ],
);
static ENGINE: Shape = object(&["name"], &[("name", &Text), ("version", &Text)]);
static TRACKING_ID: Shape = Form("no identifier: it begins or ends with a space, or has more than a line", |text| {
    !text.is_empty() && text.trim() == text && !text.contains('\n')
});
static REVISION: Shape = object(
    &["date", "number", "summary"],
    &[("date", &TIME), ("legacy_version", &Text), ("number", &VERSION), ("summary", &Text)],
);

static PRODUCT_TREE: Shape = object_of(
    1,
    usize::MAX,
    &[],
    &[
        ("branches", &BRANCHES),
        ("full_product_names", &List(&PRODUCT, 1)),
        ("product_groups", &List(&PRODUCT_GROUP, 1)),
        ("relationships", &List(&RELATIONSHIP, 1)),
    ],
);
static BRANCHES: Shape = List(&BRANCH, 1);
static BRANCH: Shape = object_of(
    3,
    3,
    &["category", "name"],
    &[("branches", &BRANCHES), ("category", &BRANCH_CATEGORY), ("name", &Text), ("product", &PRODUCT)],
);
static BRANCH_CATEGORY: Shape = Word(&[
    "architecture",
    "host_name",
    "language",
    "legacy",
    "patch_level",
    "product_family",
    "product_name",
    "product_version",
    "product_version_range",
    "service_pack",
    "specification",
    "vendor",
]);
static PRODUCT: Shape = object(
    &["name", "product_id"],
    &[("name", &Text), ("product_id", &Text), ("product_identification_helper", &HELPER)],
);
static HELPER: Shape = object_of(
    1,
    usize::MAX,
    &[],
    &[
        ("cpe", &Form("no CPE name", is_cpe)),
        ("hashes", &List(&HASHES, 1)),
        ("model_numbers", &DISTINCT_TEXTS),
        ("purl", &Form("no package URL", is_purl)),
        ("sbom_urls", &URIS),
        ("serial_numbers", &DISTINCT_TEXTS),
        ("skus", &TEXTS),
        ("x_generic_uris", &List(&object(&["namespace", "uri"], &[("namespace", &URI), ("uri", &URI)]), 1)),
    ],
);
static HASHES: Shape =
    object(&["file_hashes", "filename"], &[("file_hashes", &List(&FILE_HASH, 1)), ("filename", &Text)]);
static FILE_HASH: Shape = object(
    &["algorithm", "value"],
    &[
        ("algorithm", &Text),
        ("value", &Form("no digest", |text| text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))),
    ],
);
static PRODUCT_GROUP: Shape = object(
    &["group_id", "product_ids"],
    &[("group_id", &Text), ("product_ids", &Distinct(&Text, 2)), ("summary", &Text)],
);
static RELATIONSHIP: Shape = object(
    &["category", "full_product_name", "product_reference", "relates_to_product_reference"],
    &[
        (
            "category",
            &Word(&[
                "default_component_of",
                "external_component_of",
                "installed_on",
                "installed_with",
                "optional_component_of",
            ]),
        ),
        ("full_product_name", &PRODUCT),
        ("product_reference", &Text),
        ("relates_to_product_reference", &Text),
    ],
);

static VULNERABILITIES: Shape = List(&VULNERABILITY, 1);
static VULNERABILITY: Shape = object_of(
    1,
    usize::MAX,
    &[],
    &[
        ("acknowledgments", &ACKNOWLEDGMENTS),
        ("cve", &Form("no CVE number", is_cve)),
        ("cwe", &object(&["id", "name"], &[("id", &Form("no CWE number", is_cwe)), ("name", &Text)])),
        ("discovery_date", &TIME),
        ("flags", &Distinct(&FLAG, 1)),
        ("ids", &Distinct(&object(&["system_name", "text"], &[("system_name", &Text), ("text", &Text)]), 1)),
        ("involvements", &Distinct(&INVOLVEMENT, 1)),
        ("notes", &NOTES),
        ("product_status", &PRODUCT_STATUS),
        ("references", &REFERENCES),
        ("release_date", &TIME),
        ("remediations", &List(&REMEDIATION, 1)),
        ("scores", &List(&SCORE, 1)),
        ("threats", &List(&THREAT, 1)),
        ("title", &Text),
    ],
);
static FLAG: Shape = object(
    &["label"],
    &[
        ("date", &TIME),
        ("group_ids", &DISTINCT_TEXTS),
        (
            "label",
            &Word(&[
                "component_not_present",
                "inline_mitigations_already_exist",
                "vulnerable_code_cannot_be_controlled_by_adversary",
                "vulnerable_code_not_in_execute_path",
                "vulnerable_code_not_present",
            ]),
        ),
        ("product_ids", &DISTINCT_TEXTS),
    ],
);
static INVOLVEMENT: Shape = object(
    &["party", "status"],
    &[
        ("date", &TIME),
        ("party", &Word(&["coordinator", "discoverer", "other", "user", "vendor"])),
        ("status", &Word(&["completed", "contact_attempted", "disputed", "in_progress", "not_contacted", "open"])),
        ("summary", &Text),
    ],
);
static PRODUCT_STATUS: Shape = object_of(
    1,
    usize::MAX,
    &[],
    &[
        ("first_affected", &DISTINCT_TEXTS),
        ("first_fixed", &DISTINCT_TEXTS),
        ("fixed", &DISTINCT_TEXTS),
        ("known_affected", &DISTINCT_TEXTS),
        ("known_not_affected", &DISTINCT_TEXTS),
        ("last_affected", &DISTINCT_TEXTS),
        ("recommended", &DISTINCT_TEXTS),
        ("under_investigation", &DISTINCT_TEXTS),
    ],
);
static REMEDIATION: Shape = object(
    &["category", "details"],
    &[
        ("category", &Word(&["mitigation", "no_fix_planned", "none_available", "vendor_fix", "workaround"])),
        ("date", &TIME),
        ("details", &Text),
        ("entitlements", &TEXTS),
        ("group_ids", &DISTINCT_TEXTS),
        ("product_ids", &DISTINCT_TEXTS),
        ("restart_required", &object(&["category"], &[("category", &RESTART), ("details", &Text)])),
        ("url", &URI),
    ],
);
static RESTART: Shape = Word(&[
    "connected",
    "dependencies",
    "machine",
    "none",
    "parent",
    "service",
    "system",
    "vulnerable_component",
    "zone",
]);
static SCORE: Shape =
    object_of(2, usize::MAX, &["products"], &[("cvss_v2", &Other), ("cvss_v3", &Other), ("products", &DISTINCT_TEXTS)]);
static THREAT: Shape = object(
    &["category", "details"],
    &[
        ("category", &Word(&["exploit_status", "impact", "target_set"])),
        ("date", &TIME),
        ("details", &Text),
        ("group_ids", &DISTINCT_TEXTS),
        ("product_ids", &DISTINCT_TEXTS),
    ],
);

impl Shape {
    /// Whether a value is of this shape; the first place where it is not. As deep as the parser lets a document be.
    pub(super) fn holds(&self, value: &Value, place: &str) -> Result<(), Defect> {
        let wrong = |why: String| Err(Defect::at(place, why));
        match (self, value) {
            (Self::Text, Value::String(text)) if text.is_empty() => wrong("is empty".to_owned()),
            (Self::Text, Value::String(_)) | (Self::Other, Value::Object(_)) => Ok(()),
            (Self::Form(what, is_right), Value::String(text)) => {
                if is_right(text) {
                    Ok(())
                } else {
                    wrong(format!("«{}» is {what}", start(text)))
                }
            }
            (Self::Word(words), Value::String(text)) => {
                if words.contains(&&**text) {
                    Ok(())
                } else {
                    wrong(format!("«{}» is none of {}", start(text), words.join(", ")))
                }
            }
            (Self::List(of, least) | Self::Distinct(of, least), Value::Array(list)) => {
                if list.len() < *least {
                    return wrong(format!("has {} of at least {least} elements", list.len()));
                }
                let mut seen = BTreeSet::new();
                for (index, element) in list.iter().enumerate() {
                    of.holds(element, &format!("{place}/{index}"))?;
                    if matches!(self, Self::Distinct(..)) && !seen.insert(element.to_string()) {
                        return wrong(format!("element {index} stands there twice"));
                    }
                }
                Ok(())
            }
            (Self::Object(shape), Value::Object(members)) => {
                let count = members.len();
                if count < shape.least || count > shape.most {
                    return wrong(format!("has {count} members, {} are asked for", shape.least));
                }
                if let Some(missing) = shape.required.iter().find(|name| !members.contains_key(**name)) {
                    return Err(Defect::at(format!("{place}/{missing}"), "is missing"));
                }
                for (name, value) in members {
                    if let Some((_, shape)) = shape.members.iter().find(|(known, _)| known == name) {
                        shape.holds(value, &format!("{place}/{}", escaped(name)))?;
                    }
                }
                Ok(())
            }
            (Self::Text | Self::Form(..) | Self::Word(_), _) => wrong("is no text".to_owned()),
            (Self::List(..) | Self::Distinct(..), _) => wrong("is no list".to_owned()),
            (Self::Object(_) | Self::Other, _) => wrong("is no object".to_owned()),
        }
    }
}

/// RFC 3339 section 5.6, as `format: date-time` means it.
fn is_date_time(text: &str) -> bool {
    let Some((_, time)) = text.split_once(['T', 't']) else { return false };
    let zone = time.trim_start_matches(|letter: char| letter.is_ascii_digit() || ":.".contains(letter));
    let has_zone = matches!(zone.as_bytes(), [b'Z' | b'z'] | [b'+' | b'-', _, _, b':', _, _]);
    has_zone && time.as_bytes().get(5) == Some(&b':') && Timestamp::read(text).is_some()
}

/// RFC 3986 section 3, as far as a link can be told from something else.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_clean = |letter: char| letter.is_ascii_graphic() && !"<>\"{}|\\^`".contains(letter);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme)
        && rest.chars().all(is_clean)
}

/// Whether subtags come in the order and length of RFC 5646 section 2.1. Whether they exist is rule 6.1.12.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let is_private = matches!(first, "x" | "X" | "i" | "I");
    let is_language = (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_language || (is_private && text.len() > 2)) && parts.all(is_part)
}

/// A name of CPE 2.3 (NISTIR 7695 section 6.2) or a URI of CPE 2.2.
fn is_cpe(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("cpe:2.3:") {
        let parts = components(rest);
        let is_kind = parts.first().is_some_and(|kind| matches!(*kind, "a" | "h" | "o" | "*" | "-"));
        return is_kind && parts.len() == 11 && parts.iter().all(|part| is_attribute(part));
    }
    let is_uri = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("cpe:/"));
    let rest = text.get(5..).unwrap_or_default();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._-~%:".contains(letter);
    is_uri
        && rest.split(':').count() <= 7
        && rest.chars().all(is_letter)
        && rest.split(':').next().is_some_and(|kind| kind.len() <= 1)
}

/// The parts of a formatted string; a colon after a backslash belongs to its part.
fn components(text: &str) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|letter| {
        let splits = letter == ':' && !is_quoted;
        is_quoted = letter == '\\' && !is_quoted;
        splits
    })
    .collect()
}

fn is_attribute(part: &str) -> bool {
    let mut is_quoted = false;
    let mut letters = part.chars();
    !part.is_empty()
        && letters.all(|letter| {
            let is_right = if is_quoted {
                letter.is_ascii_graphic()
            } else {
                letter.is_ascii_alphanumeric() || "-._*?\\".contains(letter)
            };
            is_quoted = letter == '\\' && !is_quoted;
            is_right
        })
        && !is_quoted
}

/// The pattern of the schema: a type, a slash and something. Whether it is a right one is rule 6.1.13.
fn is_purl(text: &str) -> bool {
    let Some((kind, rest)) = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else { return false };
    let is_first = kind.starts_with(|first: char| first.is_ascii_alphabetic() || "+-.".contains(first));
    is_first && !rest.is_empty() && kind.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        assert!(is_date_time("2021-07-21T10:00:00.000Z") && is_date_time("2021-07-21T10:00:00+02:00"));
        assert!(
            !is_date_time("2021-07-21") && !is_date_time("2021-07-21T10:00:00") && !is_date_time("2021-07-21T10:00Z")
        );
        assert!(is_uri("https://www.cisa.gov/") && !is_uri("www.cisa.gov") && !is_uri("https://a b"));
        assert!(is_cpe("cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*") && is_cpe("cpe:/a:b"));
        assert!(
            is_cpe("cpe:2.3:a:b:c\\:d:*:*:*:*:*:*:*:*")
                && !is_cpe("cpe:2.3:a:b:c")
                && !is_cpe("cpe:2.3:x:b:c:*:*:*:*:*:*:*:*")
        );
        assert!(
            is_language_tag("en-US")
                && is_language_tag("de-Latn-DE")
                && !is_language_tag("e")
                && !is_language_tag("en_US")
        );
    }
}
