//! XML on the wire (XML 1.0): tags, attributes and the text of leaves, in one pass and almost without copying.
//!
//! A thin layer over `quick-xml` for protocols that carry small documents (POCT1-A, SOAP, UPnP). Left out on purpose:
//! document types are passed over, so no entity beyond the five predefined ones and character references is ever
//! resolved and nothing can expand; namespaces are the caller's; encodings other than UTF-8 are read byte by byte.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The longest text of one element that is kept, in bytes; the rest is cut.
pub(crate) const LEAF_BYTES_MAX: usize = 8 * 1_024;
/// How many attributes of one element are looked at.
pub(crate) const ATTRIBUTES_MAX: usize = 64;

/// What comes next in a document.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// The innermost open element ends; [`Xml::text`] is what stood directly before.
    Close,
}

/// The beginning of an element.
#[derive(Debug)]
pub(crate) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// The name with its prefix, as in `s12:Body`.
    pub(crate) fn name(&self) -> &[u8] {
        self.0.name().into_inner()
    }

    /// The name without its prefix, as in `Body`.
    pub(crate) fn local_name(&self) -> &[u8] {
        self.0.local_name().into_inner()
    }

    /// The attributes' names (with prefix) and raw values. Stops at the first that is malformed.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&[u8], Cow<'_, [u8]>)> {
        let mut attributes = self.0.attributes();
        // The check for doubled names compares each attribute with all before it: quadratic in what a sender chose.
        attributes.with_checks(false);
        attributes.map_while(Result::ok).take(ATTRIBUTES_MAX).map(|attribute| {
            let name = attribute.key.into_inner();
            (name, attribute.value)
        })
    }

    /// The value of the attribute of that name, its references resolved.
    pub(crate) fn attribute(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let (_, value) = self.attributes().find(|(key, _)| *key == name)?;
        Some(unescaped(value))
    }
}

/// Resolves predefined entities and character references; a value with any other stays as it is.
fn unescaped(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if !value.contains(&b'&') {
        return value;
    }
    let text = std::str::from_utf8(&value).ok().and_then(|text| quick_xml::escape::unescape(text).ok());
    match text.map(|text| text.into_owned().into_bytes()) {
        Some(bytes) => Cow::Owned(bytes),
        None => value,
    }
}

/// Reads one document from its beginning.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: Cow<'a, [u8]>,
    /// An element without content was opened: its end is still to be told.
    empty: bool,
    /// The text belongs to an element that has ended.
    told: bool,
}

impl<'a> Xml<'a> {
    /// Starts at the first byte.
    pub(crate) fn new(document: &'a [u8]) -> Self {
        let mut reader = Reader::from_reader(document);
        let config = reader.config_mut();
        // What counts is what a lenient receiver would read.
        config.check_end_names = false;
        config.allow_dangling_amp = true;
        Self { reader, text: Cow::Borrowed(&[]), empty: false, told: false }
    }

    /// The next tag; `None` at the end of the document or of what is well-formed.
    pub(crate) fn read(&mut self) -> Option<Node<'a>> {
        if std::mem::take(&mut self.empty) {
            self.told = true;
            return Some(Node::Close);
        }
        if std::mem::take(&mut self.told) {
            self.text = Cow::Borrowed(&[]);
        }
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(start) => {
                    self.text = Cow::Borrowed(&[]);
                    return Some(Node::Open(Tag(start)));
                }
                Event::Empty(start) => {
                    self.text = Cow::Borrowed(&[]);
                    self.empty = true;
                    return Some(Node::Open(Tag(start)));
                }
                Event::End(_) => {
                    self.told = true;
                    return Some(Node::Close);
                }
                Event::Text(text) => self.append(text.into_inner()),
                Event::CData(text) => self.append(text.into_inner()),
                Event::GeneralRef(reference) => self.resolve(&reference),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => return None,
            }
        }
    }

    /// The text directly before the end that was just told: all text of an element that holds no others.
    pub(crate) fn text(&self) -> &[u8] {
        self.text.trim_ascii()
    }

    fn append(&mut self, piece: Cow<'a, [u8]>) {
        if self.text.is_empty() {
            self.text = piece;
        } else {
            let room = LEAF_BYTES_MAX.saturating_sub(self.text.len());
            self.text.to_mut().extend(piece.iter().take(room));
        }
    }

    /// Appends what a predefined entity or a character reference stands for; any other stands for nothing here.
    fn resolve(&mut self, reference: &BytesRef<'_>) {
        let character = match &**reference {
            b"lt" => '<',
            b"gt" => '>',
            b"amp" => '&',
            b"apos" => '\'',
            b"quot" => '"',
            _ => match reference.resolve_char_ref() {
                Ok(Some(character)) => character,
                Ok(None) | Err(_) => return,
            },
        };
        let mut buffer = [0; 4];
        self.append(Cow::Owned(character.encode_utf8(&mut buffer).as_bytes().to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves as `name=text`, in the order they end.
    fn leaves(document: &str) -> Vec<String> {
        let mut xml = Xml::new(document.as_bytes());
        let (mut names, mut found) = (Vec::new(), Vec::new());
        while let Some(node) = xml.read() {
            match node {
                Node::Open(tag) => names.push(String::from_utf8_lossy(tag.local_name()).into_owned()),
                Node::Close => {
                    let name = names.pop().unwrap_or_default();
                    found.push(format!("{name}={}", String::from_utf8_lossy(xml.text())));
                }
            }
        }
        found
    }

    #[test]
    fn text_is_joined_over_references_comments_and_cdata() {
        let got = leaves("<a:r><b> 1&amp;2<!-- no -->&#x33;<![CDATA[<4>]]> </b><c/><d>x</d></a:r>");
        assert_eq!(got, ["b=1&23<4>", "c=", "d=x", "r="]);
    }

    #[test]
    fn entities_of_the_document_itself_expand_to_nothing() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><r><x>1&b;2</x></r>";
        assert_eq!(leaves(bomb), ["x=12", "r="]);
    }

    #[test]
    fn text_is_bounded() {
        let document = format!("<r><x>&amp;{}</x></r>", "y".repeat(100_000));
        let mut xml = Xml::new(document.as_bytes());
        let mut longest = 0;
        while xml.read().is_some() {
            longest = longest.max(xml.text().len());
        }
        assert_eq!(longest, LEAF_BYTES_MAX);
    }

    #[test]
    fn attributes_are_unescaped_by_the_predefined_entities_only() {
        let mut xml = Xml::new(b"<r V='a&amp;b' W=\"&other;\" bad=no X='1'/>");
        let Some(Node::Open(tag)) = xml.read() else { panic!("no element") };
        assert_eq!(tag.attribute(b"V").as_deref(), Some(b"a&b".as_slice()));
        assert_eq!(tag.attribute(b"W").as_deref(), Some(b"&other;".as_slice()));
        assert_eq!(tag.attribute(b"X"), None);
    }
}
