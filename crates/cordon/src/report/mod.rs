//! The page that `cordon analyze` writes: `report.html`, one file that opens from a memory stick with no network.
//!
//! [`render`] puts the page's own styles, scripts and the data into one text. The page asks nothing of any network: its
//! content security policy forbids every request and every script and style but its own, which it names by their hash;
//! and the scripts build all elements from text nodes, because names come from the network and whoever chose them is
//! not a friend.
//!
//! The data are one JSON object; whatever is absent is shown as not known:
//! ```json
//! {
//!   "manifest": {
//!     "cordon": "0.1.0", "first": "2026-11-20T00:00:01.204000Z", "last": "…",
//!     "captures": [{"name", "format", "sha256", "frames", "bytes", "first", "last", "notes": ["…"]}],
//!     "counters": {"frames": 1606429, "…": 0},
//!     "knowledge": {"rules": 412, "prefixes": 52085, "sha256": "…"}
//!   },
//!   "labels": {
//!     "categories": {"infusion_pump": {"label": "Infusion pump", "medical": true, "parent": "medical_device", "zone": "care"}},
//!     "attributes": {"vendor": "Maker"}, "weaknesses": {"smb_version_1": "speaks SMB version 1"},
//!     "roles": {"dns_server": "DNS server"}, "families": {"dhcp": "how it asks for an address"},
//!     "sources": {"rule.id": "where the rule was learnt, for evidence that leaves `source` out"}
//!   },
//!   "devices": [], "flows": [], "weaknesses": [],
//!   "cut": {"devices": 0, "flows": 0}
//! }
//! ```
//! `devices`, `flows` and `weaknesses` hold the rows of the files of the same names; `cut` says how many were left out
//! for size. A category's `zone` (`care`, `imaging`, `laboratory`, `servers`, `infrastructure`, `office`, `building`)
//! may be absent: the page then knows it from a table of categories and their ancestors.

use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("report.html");

/// Where the parts go in the page, in this order.
const STYLE_HASH_MARK: &str = "/*STYLE-HASH*/";
const EARLY_HASH_MARK: &str = "/*EARLY-HASH*/";
const SCRIPT_HASH_MARK: &str = "/*SCRIPT-HASH*/";
const STYLE_MARK: &str = "/*STYLE*/";
const EARLY_MARK: &str = "/*EARLY*/";
const SCRIPT_MARK: &str = "/*SCRIPT*/";
const DATA_MARK: &str = "<!--DATA-->";

macro_rules! parts {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!($path))),+]
    };
}

/// The styles in the order of the page.
const STYLES: &[(&str, &str)] = parts![
    "style/10_tokens.css",
    "style/20_base.css",
    "style/30_frame.css",
    "style/40_devices.css",
    "style/50_device.css",
    "style/60_map.css",
    "style/70_weaknesses.css",
    "style/90_paper.css",
];

/// The script before the data: it sets the colours.
const EARLY: &[(&str, &str)] = parts!["early.js"];

/// The scripts in the order of the page: a constant stands before what uses it when it loads.
const SCRIPTS: &[(&str, &str)] = parts![
    "script/00_errors.js",
    "script/10_text.js",
    "script/11_dom.js",
    "script/20_words.js",
    "script/21_data.js",
    "script/22_remedies.js",
    "script/30_route.js",
    "script/31_table.js",
    "script/32_filter.js",
    "script/40_inventory_rows.js",
    "script/41_inventory.js",
    "script/50_device.js",
    "script/51_why.js",
    "script/52_device_parts.js",
    "script/60_weaknesses.js",
    "script/70_map_model.js",
    "script/71_map_place.js",
    "script/72_map.js",
    "script/73_map_light.js",
    "script/74_map_side.js",
    "script/80_about.js",
    "script/90_paper.js",
    "script/91_find.js",
    "script/99_start.js",
];

/// Puts the page together. `data_json` is one JSON object as described in this module; it need not be escaped.
pub fn render(data_json: &str) -> String {
    let mut page = head();
    escape_json(data_json, &mut |text| page.push_str(text));
    page.push_str(&tail());
    page
}

/// The page before its data.
pub fn head() -> String {
    filled(PAGE.split_once(DATA_MARK).map_or(PAGE, |(before, _)| before))
}

/// The page after its data.
pub fn tail() -> String {
    filled(PAGE.split_once(DATA_MARK).map_or("", |(_, after)| after))
}

/// A part of the page with its marks replaced.
fn filled(part: &str) -> String {
    let mut text = String::new();
    let mut rest = part;
    for (mark, content) in [
        (STYLE_HASH_MARK, Content::HashOf(STYLES)),
        (EARLY_HASH_MARK, Content::HashOf(EARLY)),
        (SCRIPT_HASH_MARK, Content::HashOf(SCRIPTS)),
        (STYLE_MARK, Content::Texts(STYLES)),
        (EARLY_MARK, Content::Texts(EARLY)),
        (SCRIPT_MARK, Content::Texts(SCRIPTS)),
    ] {
        let Some((before, after)) = rest.split_once(mark) else { continue };
        text.push_str(before);
        match content {
            Content::HashOf(parts) => text.push_str(&hash(parts)),
            Content::Texts(parts) => text.extend(parts.iter().map(|(_, text)| *text)),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// What stands in the place of a mark.
enum Content<'a> {
    HashOf(&'a [(&'a str, &'a str)]),
    Texts(&'a [(&'a str, &'a str)]),
}

/// The source expression that permits exactly these texts as one inline element (CSP Level 3, §2.3.1 "hash-source").
fn hash(parts: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (_, text) in parts {
        hasher.update(text);
    }
    format!("sha256-{}", data_encoding::BASE64.encode(&hasher.finalize()))
}

/// JSON inside a `script` element: nothing in it may end the element, open a comment (HTML §13.1.2.1, "restrictions for
/// contents of raw text elements") or be a line end to an older script engine (U+2028, U+2029).
///
/// In JSON these characters stand inside texts only, where `\u003c` is the same text.
pub fn escape_json(json: &str, out: &mut dyn FnMut(&str)) {
    // Megabytes of data hold hardly any such character: the common ones are looked for many bytes at a time.
    let has_line_end = json.contains('\u{2028}') || json.contains('\u{2029}');
    let mut rest = json;
    while let Some(at) = match has_line_end {
        false => memchr::memchr3(b'<', b'>', b'&', rest.as_bytes()),
        true => rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']),
    } {
        let (before, from) = rest.split_at(at);
        out(before);
        let mut letters = from.chars();
        out(match letters.next() {
            Some('<') => "\\u003c",
            Some('>') => "\\u003e",
            Some('&') => "\\u0026",
            Some('\u{2028}') => "\\u2028",
            _ => "\\u2029",
        });
        rest = letters.as_str();
    }
    out(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn escaped(json: &str) -> String {
        let mut page = String::new();
        escape_json(json, &mut |text| page.push_str(text));
        page
    }

    #[test]
    fn nothing_in_the_data_ends_the_script_element() {
        let json = "{\"name\":\"</script><script>alert(1)</script><!-- ]]> &amp; \u{2028}\u{2029} </SCRIPT \"}";
        let text = escaped(json);
        for letter in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            assert!(!text.contains(letter), "{letter:?} stands in {text}");
        }
        assert!(text.starts_with("{\"name\":\"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"), "{text}");
    }

    #[test]
    fn escaping_keeps_the_meaning() {
        let names = ["</script>", "<!--", "a & b", "\u{2028}x\u{2029}", "\\u003c", "\"\\<", "plain", "مضخة 12", ""];
        for name in names {
            let json = serde_json::to_string(name).unwrap();
            let read: String = serde_json::from_str(&escaped(&json)).unwrap();
            assert_eq!(read, name);
        }
    }

    #[test]
    fn the_page_holds_every_part_once_and_no_mark_is_left() {
        let page = render("{\"devices\":[{\"name\":\"/*SCRIPT*/ <!--DATA--> /*STYLE*/\"}]}");
        for (path, text) in STYLES.iter().chain(SCRIPTS) {
            assert_eq!(page.matches(text).count(), 1, "{path}");
        }
        // The name of the device alone still spells the marks: data are never searched for them.
        for mark in [STYLE_MARK, SCRIPT_MARK] {
            assert_eq!(page.matches(mark).count(), 1, "{mark}");
        }
        assert_eq!(page.matches(DATA_MARK).count(), 0);
    }

    #[test]
    fn every_file_of_the_folders_is_part_of_the_page() {
        let base = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
        for (folder, parts) in [("style", STYLES), ("script", SCRIPTS)] {
            let listed: Vec<String> = parts.iter().map(|(path, _)| (*path).to_owned()).collect();
            let on_disk: BTreeSet<String> = std::fs::read_dir(base.join(folder))
                .unwrap()
                .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy()))
                .collect();
            assert_eq!(listed, on_disk.into_iter().collect::<Vec<_>>(), "the list follows the order of the names");
        }
    }

    #[test]
    fn scripts_write_text_and_never_markup() {
        let forbidden = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "createContextualFragment",
            "DOMParser",
            "eval(",
            "new Function",
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "import(",
            "http://",
            "https://",
        ];
        for (path, text) in EARLY.iter().chain(SCRIPTS) {
            for word in forbidden {
                let allowed = word == "http://" && *path == "script/11_dom.js";
                let found = text.matches(word).count();
                assert!(found == 0 || (allowed && found == 1), "{path} says {word}");
            }
        }
        for (path, text) in STYLES {
            assert!(!text.contains("url(") || text.matches("url(").count() == text.matches("url(#").count(), "{path}");
            assert!(!text.contains("@import"), "{path}");
        }
    }

    #[test]
    fn the_policy_of_the_page_forbids_every_request() {
        let policy = PAGE.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        let policy = policy.unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        for word in ["http", "connect-src", "unsafe", "'self'", "blob:"] {
            assert!(!policy.contains(word), "{policy}");
        }
    }

    #[test]
    fn the_policy_names_the_scripts_and_styles_by_their_hash() {
        let page = render("{}");
        for (tag, place, parts) in [("style", 1, STYLES), ("script", 1, EARLY), ("script", 2, SCRIPTS)] {
            let opened = format!("<{tag}>");
            let content =
                page.split(opened.as_str()).nth(place).and_then(|rest| rest.split(&format!("</{tag}>")).next());
            let expected = format!("'sha256-{}'", data_encoding::BASE64.encode(&Sha256::digest(content.unwrap())));
            let policy = page.split(&format!("{tag}-src ")).nth(1).and_then(|rest| rest.split(';').next());
            assert!(policy.unwrap().contains(&expected), "{tag} {place}");
            assert_eq!(format!("'{}'", hash(parts)), expected);
        }
        // A browser turns a carriage return into a line feed before it hashes.
        assert!(!page.contains('\r'));
    }

    #[test]
    fn every_category_has_a_zone_on_the_map() {
        let known = crate::knowledge::load(&[], None).unwrap();
        let words = SCRIPTS.iter().find(|(path, _)| path.ends_with("20_words.js")).unwrap().1;
        for category in known.knowledge.categories().iter() {
            let placed = known.knowledge.categories().ancestry(&category.id);
            let placed = placed.filter(|step| words.contains(&format!("[\"{}\", \"", step.id))).count();
            assert!(placed > 0, "{} and its ancestors are not in the table of zones", category.id);
        }
    }

    #[test]
    fn every_weakness_has_a_remedy() {
        let remedies = SCRIPTS.iter().find(|(path, _)| path.ends_with("22_remedies.js")).unwrap().1;
        for weakness in model::Weakness::ALL {
            assert!(remedies.contains(&format!("[\"{}\", {{", weakness.name())), "{}", weakness.name());
        }
    }

    #[test]
    fn no_file_grows_beyond_reading() {
        for (path, text) in STYLES.iter().chain(SCRIPTS) {
            assert!(text.lines().count() < 600, "{path}");
        }
    }
}
