//! XML documents: elements of a name as small trees, one at a time.
//!
//! Document types are passed over, so no entity beyond the five predefined ones and character references is ever resolved and nothing
//! can expand.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::{Defect, Place};

/// How deep elements may stand in each other.
const DEPTH_MAX: usize = 64;
/// Elements and attributes of one tree.
const NODES_MAX: usize = 2_000_000;
/// Bytes of text of one element.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name without a prefix.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Its own text.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, without space around it.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// The children of a child.
    pub(crate) fn below(&self, name: &str) -> &[Element] {
        self.child(name).map(|child| child.children.as_slice()).unwrap_or_default()
    }
}

/// What is called with the line of an element and the element.
type TakeElement<'a> = dyn FnMut(usize, Element) -> Result<(), Defect> + 'a;

/// Calls `take` with each element of a name, or with the root where none is given.
pub(crate) fn each(bytes: &[u8], name: Option<&str>, take: &mut TakeElement<'_>) -> Result<(), Defect> {
    let mut reader = Reader::from_reader(bytes);
    reader.config_mut().check_end_names = true;
    let mut lines = Lines { bytes, place: 0, line: 1 };
    let mut open: Vec<Element> = Vec::new();
    let (mut depth, mut nodes, mut begin) = (0_usize, 0_usize, 1_usize);
    let mut has_root = false;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let event = event
            .map_err(|error| lines.defect(usize::try_from(reader.error_position()).unwrap_or(at), error.to_string()))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                has_root = true;
                depth = depth.saturating_add(1);
                let element = element(&start).map_err(|why| lines.defect(at, why))?;
                nodes = nodes.saturating_add(1).saturating_add(element.attributes.len());
                if depth > DEPTH_MAX || nodes > NODES_MAX {
                    return Err(lines.defect(at, format!("more than {DEPTH_MAX} elements deep or {NODES_MAX} in one")));
                }
                if !open.is_empty() || name.is_none_or(|name| name == element.name) {
                    if open.is_empty() {
                        begin = lines.at(at);
                        nodes = 0;
                    }
                    open.push(element);
                }
                if is_empty {
                    depth = depth.saturating_sub(1);
                    close(&mut open, begin, take)?;
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                close(&mut open, begin, take)?;
            }
            Event::Text(text) => append(&mut open, &text).map_err(|why| lines.defect(at, why))?,
            Event::CData(text) => append(&mut open, &text).map_err(|why| lines.defect(at, why))?,
            Event::GeneralRef(reference) => {
                let text = resolved(&reference).ok_or_else(|| lines.defect(at, "an entity that is not predefined"))?;
                append(&mut open, text.as_bytes()).map_err(|why| lines.defect(at, why))?;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof if depth > 0 || !has_root => {
                return Err(lines.defect(bytes.len(), "ends before its elements do"));
            }
            Event::Eof => return Ok(()),
        }
    }
}

/// Lines of places that only go on.
struct Lines<'a> {
    bytes: &'a [u8],
    place: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, place: usize) -> usize {
        let between = self.bytes.get(self.place..place).unwrap_or_default();
        self.line = self.line.saturating_add(between.iter().filter(|byte| **byte == b'\n').count());
        self.place = self.place.max(place.min(self.bytes.len()));
        self.line
    }

    fn defect(&mut self, place: usize, why: impl Into<String>) -> Defect {
        Defect { place: Place::Line(self.at(place), 1), rule: None, why: why.into() }
    }
}

fn close(open: &mut Vec<Element>, begin: usize, take: &mut TakeElement<'_>) -> Result<(), Defect> {
    let Some(element) = open.pop() else { return Ok(()) };
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => take(begin, element)?,
    }
    Ok(())
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| "is no UTF-8".to_owned());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = text(&attribute.value)?;
        let value = quick_xml::escape::unescape(&value).map_err(|error| error.to_string())?.into_owned();
        attributes.push((text(attribute.key.local_name().into_inner())?, value));
    }
    let name = text(start.local_name().into_inner())?;
    Ok(Element { name, attributes, ..Element::default() })
}

fn append(open: &mut [Element], bytes: &[u8]) -> Result<(), String> {
    let Some(element) = open.last_mut() else { return Ok(()) };
    let text = std::str::from_utf8(bytes).map_err(|_| "is no UTF-8".to_owned())?;
    if element.text.len().saturating_add(text.len()) > TEXT_BYTES_MAX {
        return Err(format!("a text of more than {TEXT_BYTES_MAX} bytes"));
    }
    element.text.push_str(text);
    Ok(())
}

/// What a predefined entity or a character reference stands for (XML 1.0 sections 4.1 and 4.6).
fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter.to_string());
    }
    let name = std::str::from_utf8(reference).ok()?;
    quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, name: Option<&str>) -> Result<Vec<(usize, Element)>, Defect> {
        let mut found = Vec::new();
        each(text.as_bytes(), name, &mut |line, element| {
            found.push((line, element));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn elements_are_read() {
        let found = all("<a>\n<n:b c='&lt;1'>x &amp; &#65;<d/></n:b>\n<b><![CDATA[<y>]]></b></a>", Some("b")).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0, found[0].1.text.as_str(), found[0].1.attribute("c")), (2, "x & A", Some("<1")));
        assert_eq!((found[1].0, found[1].1.text.as_str(), found[0].1.children.len()), (3, "<y>", 1));
    }

    #[test]
    fn what_is_broken_is_refused() {
        let deep = "<a>".repeat(100);
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        for text in ["<a><b></a>", "<a>", "", "words", "<a b='1' b='2'/>", bomb, &deep] {
            assert!(all(text, None).is_err(), "{text}");
        }
        assert_eq!(all("<a>\n\n<b></a>", None).unwrap_err().place, Place::Line(3, 1));
    }
}
