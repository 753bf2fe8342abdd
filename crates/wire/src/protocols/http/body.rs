//! Bodies that are read: small XML documents, and the beginning of a page for its title.

use model::Messages;

use super::head::Reading;
use super::{TITLE, description};
use crate::protocols::{ipp, wsd};

/// The longest document that is read.
pub(super) const DOCUMENT_BYTES_MAX: usize = 64 * 1_024;
/// How far into a page its title is looked for.
const PAGE_BYTES_MAX: usize = 8 * 1_024;
/// How long the end tag of a document's root may be, with its prefix.
const END_TAG_BYTES_MAX: usize = 64;

/// A body, or its beginning, while it comes in pieces.
pub(super) struct Body {
    bytes: Vec<u8>,
    /// Up to where an end was looked for; of attributes, how many bytes are waited for.
    scanned: usize,
    reading: Reading,
    /// Nothing tells the end but the document itself.
    open_ended: bool,
}

/// Whether more of a body is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    More,
    Nothing,
}

impl Body {
    /// A body to read; `None` if it holds nothing to tell.
    pub(super) fn new(reading: Reading, open_ended: bool) -> Option<Self> {
        (reading != Reading::Nothing).then(|| Self { bytes: Vec::new(), scanned: 0, reading, open_ended })
    }

    /// Takes the next piece.
    pub(super) fn add(&mut self, piece: &[u8], messages: &mut Messages) -> Wanted {
        let limit = if self.reading == Reading::Page { PAGE_BYTES_MAX } else { DOCUMENT_BYTES_MAX };
        let room = limit.saturating_sub(self.bytes.len());
        self.bytes.extend(piece.iter().take(room));
        let end = match self.reading {
            Reading::Page => self.search(|tag| starts_with_ignoring_case(tag, b"</title")),
            Reading::Document if self.open_ended => self.search(ends_root),
            Reading::Printing { .. } => {
                return if self.print(room > piece.len(), messages) { Wanted::Nothing } else { Wanted::More };
            }
            Reading::Document | Reading::Nothing => None,
        };
        if let Some(end) = end {
            read(self.reading == Reading::Page, self.bytes.get(..end).unwrap_or_default(), messages);
            return Wanted::Nothing;
        }
        if piece.len() > room { Wanted::Nothing } else { Wanted::More }
    }

    /// The body is whole.
    pub(super) fn end(&self, messages: &mut Messages) {
        match self.reading {
            Reading::Document => read(false, &self.bytes, messages),
            Reading::Printing { is_request } => _ = ipp::tell(&self.bytes, is_request, messages),
            Reading::Page | Reading::Nothing => {}
        }
    }

    /// Tells the attributes that stand before whatever is printed. Whether they are over, or longer than what is kept: they are
    /// looked at again when twice as many bytes are there.
    fn print(&mut self, has_room: bool, messages: &mut Messages) -> bool {
        let Reading::Printing { is_request } = self.reading else { return true };
        if has_room && self.bytes.len() < self.scanned {
            return false;
        }
        self.scanned = self.bytes.len().saturating_mul(2);
        !has_room | ipp::tell(&self.bytes, is_request, messages).is_some()
    }

    /// The end of the first end tag that `is_it`, among those not looked at before.
    fn search(&mut self, is_it: impl Fn(&[u8]) -> bool) -> Option<usize> {
        while let Some(found) = self.bytes.get(self.scanned..)?.windows(2).position(|pair| pair == b"</") {
            let start = self.scanned.saturating_add(found);
            let rest = self.bytes.get(start..)?;
            let length = rest.iter().take(END_TAG_BYTES_MAX).position(|byte| *byte == b'>');
            let Some(length) = length else {
                if rest.len() < END_TAG_BYTES_MAX {
                    self.scanned = start;
                    return None;
                }
                self.scanned = start.saturating_add(2);
                continue;
            };
            let end = start.saturating_add(length).saturating_add(1);
            if is_it(rest.get(..length)?) {
                return Some(end);
            }
            self.scanned = end;
        }
        self.scanned = self.bytes.len().saturating_sub(1).max(self.scanned);
        None
    }
}

fn read(is_page: bool, bytes: &[u8], messages: &mut Messages) {
    if holds_another_message(bytes) {
        return;
    }
    if is_page {
        title(bytes, messages);
    } else if !description::read(bytes, messages) {
        wsd::metadata(bytes, messages);
    }
}

/// Whether another message begins in these bytes: part of the stream is missing without notice, and what stands there
/// is not what was asked for.
pub(super) fn holds_another_message(bytes: &[u8]) -> bool {
    const START: &[u8] = b"HTTP/1.";
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'H') {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(START) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// The end tag of a device description or a SOAP envelope, without its `>`.
fn ends_root(tag: &[u8]) -> bool {
    let name = tag.strip_prefix(b"</").unwrap_or_default().trim_ascii();
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    matches!(local, b"root" | b"Envelope")
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(start))
}

/// The text of the title that ends where `page` does (HTML §4.2.2). It comes after the response that it belongs to.
fn title(page: &[u8], messages: &mut Messages) {
    const START: &[u8] = b"<title";
    let Some(start) = page.windows(START.len()).position(|window| window.eq_ignore_ascii_case(START)) else { return };
    let element = page.get(start..).unwrap_or_default();
    let Some(open) = element.iter().position(|byte| *byte == b'>') else { return };
    let text = element.get(open.saturating_add(1)..).unwrap_or_default();
    let text = text.split(|byte| *byte == b'<').next().unwrap_or_default();
    let text = plain(text);
    if !text.is_empty() {
        messages.begin("http", "response").bytes(&TITLE, &text);
    }
}

/// Character references that stand in real titles, and what they stand for.
static REFERENCES: &[(&[u8], &[u8])] = &[
    (b"&amp;", b"&"),
    (b"&nbsp;", b" "),
    (b"&#160;", b" "),
    (b"&quot;", b"\""),
    (b"&#34;", b"\""),
    (b"&#39;", b"'"),
    (b"&apos;", b"'"),
    (b"&lt;", b"<"),
    (b"&gt;", b">"),
    (b"&reg;", "®".as_bytes()),
    (b"&#174;", "®".as_bytes()),
    (b"&trade;", "™".as_bytes()),
    (b"&copy;", "©".as_bytes()),
    (b"&ndash;", "–".as_bytes()),
    (b"&mdash;", "—".as_bytes()),
];

/// Text without line ends and references.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.trim_ascii();
    while let Some((first, behind)) = rest.split_first() {
        let reference = if *first == b'&' { REFERENCES.iter().find(|(name, _)| rest.starts_with(name)) } else { None };
        if let Some((name, meaning)) = reference {
            plain.extend_from_slice(meaning);
            rest = rest.get(name.len()..).unwrap_or_default();
        } else {
            let blank = first.is_ascii_whitespace();
            if !blank || plain.last() != Some(&b' ') {
                plain.push(if blank { b' ' } else { *first });
            }
            rest = behind;
        }
    }
    while plain.last() == Some(&b' ') {
        plain.pop();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(page: &str, cut: usize) -> Vec<String> {
        let mut messages = Messages::new();
        let mut body = Body::new(Reading::Page, false).unwrap();
        for piece in page.as_bytes().chunks(cut) {
            if body.add(piece, &mut messages) == Wanted::Nothing {
                break;
            }
        }
        messages.iter().filter_map(|message| message.text("title")).map(str::to_owned).collect()
    }

    #[test]
    fn a_title_is_read_however_the_page_is_cut() {
        let page = "<html></x><head><TITLE lang='en'>\r\n  Pump &amp;\n\tMonitor&nbsp;<b></Title></head>";
        for cut in [1, 2, 3, 7, 1_000] {
            assert_eq!(titles(page, cut), ["Pump & Monitor"], "{cut}");
        }
        assert!(titles("<html><body>no title</body>", 5).is_empty());
        assert!(titles(&format!("{}<title>x</title>", " ".repeat(PAGE_BYTES_MAX)), 100).is_empty());
    }

    #[test]
    fn the_end_of_a_root_is_found_across_pieces() {
        let document = "<s:Envelope></ a></s:Envelope >";
        let mut body = Body::new(Reading::Document, true).unwrap();
        for byte in document.as_bytes().iter().take(document.len() - 1) {
            assert_eq!(body.add(&[*byte], &mut Messages::new()), Wanted::More);
        }
        assert_eq!(body.add(b">", &mut Messages::new()), Wanted::Nothing);
    }
}
