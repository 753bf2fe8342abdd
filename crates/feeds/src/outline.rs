//! What can be seen of a document at a glance, which is what it is recognised by.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json;
use crate::unpack::{Archive, is_workbook};
use crate::workbook::{self, Cell};
use crate::{Defect, Place};

/// How deep is looked into an object.
const DEPTH_MAX: usize = 3;
/// How many members are remembered.
const MEMBERS_MAX: usize = 512;
/// How much of a text is remembered.
const TEXT_BYTES_MAX: usize = 256;
/// How many bytes of a text are its head.
const HEAD_BYTES: usize = 4_096;
/// How many rows of a workbook.
const HEAD_ROWS: u32 = 20;

/// What can be seen of a document at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What the upper members of a JSON document are, by their pointers: texts (the first 256 bytes) and numbers as written, nothing for all
    /// else. Of a list only the first element is looked into.
    pub members: BTreeMap<String, String>,
    /// The first lines of a text that is no JSON, or the first cells of a workbook, each on a line.
    pub head: String,
    /// Whether it is a workbook of Office Open XML.
    pub is_workbook: bool,
    /// Where it stops to be JSON, if it begins as such.
    pub broken: Option<Defect>,
}

impl Outline {
    /// Looks at a document.
    pub fn of(bytes: &[u8]) -> Self {
        let mut outline = Self::default();
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(first, Some(b'{' | b'[')) {
            let mut deserializer = serde_json::Deserializer::from_slice(bytes);
            let look = Look { members: &mut outline.members, pointer: String::new(), depth: 0 };
            let seen = look.deserialize(&mut deserializer).and_then(|()| deserializer.end());
            outline.broken = seen.err().map(|error| json::defect(&error));
        } else if is_workbook(bytes) {
            outline.is_workbook = true;
            match workbook::cells(bytes) {
                Ok(cells) => outline.head = head(&cells),
                Err(defect) => outline.broken = Some(defect),
            }
        } else if bytes.starts_with(b"PK\x03\x04") {
            // A workbook that was cut, or another file that the unpacking has gone through already.
            outline.broken = Archive::open(bytes).err();
        } else {
            let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
            outline.head = String::from_utf8_lossy(head).into_owned();
            if bytes.is_empty() {
                outline.broken = Some(Defect { place: Place::Whole, rule: None, why: "is empty".to_owned() });
            }
        }
        outline
    }

    /// The text of a member, by its JSON pointer; nothing where it is no text or number.
    pub fn member(&self, pointer: &str) -> Option<&str> {
        self.members.get(pointer).map(String::as_str)
    }

    /// Whether there is such a member.
    pub fn has(&self, pointer: &str) -> bool {
        self.members.contains_key(pointer)
    }
}

/// The first cells of a workbook.
fn head(cells: &[Cell]) -> String {
    let mut head = String::new();
    for cell in cells.iter().take_while(|cell| cell.row <= HEAD_ROWS) {
        head.push_str(cell.text.get(..cell.text.floor_char_boundary(TEXT_BYTES_MAX)).unwrap_or_default());
        head.push('\n');
        if head.len() > HEAD_BYTES {
            break;
        }
    }
    head
}

/// Looks at one value and what is in it.
struct Look<'a> {
    members: &'a mut BTreeMap<String, String>,
    pointer: String,
    depth: usize,
}

impl Look<'_> {
    fn note(self, text: &str) {
        if self.members.len() < MEMBERS_MAX {
            let end = text.floor_char_boundary(TEXT_BYTES_MAX);
            self.members.insert(self.pointer, text.get(..end).unwrap_or_default().to_owned());
        }
    }

    fn below(&mut self, name: &str) -> Look<'_> {
        let pointer = format!("{}/{}", self.pointer, json::escaped(name));
        Look { members: self.members, pointer, depth: self.depth.saturating_add(1) }
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEPTH_MAX || self.members.len() >= MEMBERS_MAX {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            map.next_value_seed(self.below(&name))?;
        }
        self.note("");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        if list.next_element_seed(self.below("0"))?.is_some() {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        self.note("");
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.note(text);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.note(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.note(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.note(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.note(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.note("");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_members_of_a_document_are_seen() {
        let outline =
            Outline::of(br#"{"a": {"b": {"c": {"d": 1}}}, "e~/": [{"f": "g"}, {"h": 2}], "i": 3.5, "j": null}"#);
        let seen: Vec<(&str, &str)> = outline.members.iter().map(|(pointer, text)| (&**pointer, &**text)).collect();
        let objects = [("", ""), ("/a", ""), ("/a/b", ""), ("/e~0~1", ""), ("/e~0~1/0", "")];
        for (pointer, text) in objects.into_iter().chain([("/e~0~1/0/f", "g"), ("/i", "3.5"), ("/j", "")]) {
            assert!(seen.contains(&(pointer, text)), "{pointer} of {seen:?}");
        }
        assert!(!outline.has("/a/b/c/d") && !outline.has("/e~0~1/1"));
        assert_eq!(outline.broken, None);
    }

    #[test]
    fn what_is_cut_is_seen_up_to_there() {
        let outline = Outline::of(b"{\"a\": \"b\",\n \"c\": [1, ");
        assert_eq!(outline.member("/a"), Some("b"));
        assert_eq!(outline.broken.unwrap().place, Place::Line(2, 10));
    }
}
