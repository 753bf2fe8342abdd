//! One file of the recog collection: its fingerprints and their examples, as the XML states them.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::error::KnowledgeError;
use super::super::pattern::Pattern;
use super::translate;

/// The most fingerprints that are read from one file.
const FINGERPRINTS_MAX: usize = 20_000;

/// A fingerprint file of the recog project (`recog/xml/*.xml`): fingerprints of one kind of text, the first that matches
/// counts.
#[derive(Debug, Default)]
pub struct FingerprintFile {
    /// The name that it was handed in under.
    pub name: String,
    /// What kind of text it reads, as in `http_header.server`; of some files only the protocol says so.
    pub matches: String,
    /// The protocol, as in `telnet`.
    pub protocol: String,
    /// The fingerprints in order.
    pub fingerprints: Vec<Fingerprint>,
}

/// One fingerprint: a pattern and what it tells.
#[derive(Debug)]
pub struct Fingerprint {
    /// The pattern in the syntax of Rust's `regex`.
    pub(super) pattern: String,
    /// What it is about, for people.
    pub description: String,
    pub(super) params: Vec<Param>,
    examples: Vec<FileExample>,
}

/// What one fingerprint tells of one attribute.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    /// The number of the group that holds the value; 0 if it is given.
    pub(super) group: usize,
    pub(super) value: String,
}

/// A part of a value: given, or held by a group of the pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Plain(&'a str),
    Group(usize),
}

#[derive(Debug, Default)]
struct FileExample {
    text: String,
    expected: Vec<(String, String)>,
    base64: bool,
}

/// How a file's own examples fared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// How many there are.
    pub total: usize,
    /// How many were matched by their fingerprint with every value that they expect.
    pub passed: usize,
    /// The others, and the patterns that do not compile.
    pub failed: Vec<String>,
}

impl FingerprintFile {
    /// Reads the XML of one file.
    pub fn read(name: &str, text: &str) -> Result<Self, KnowledgeError> {
        let mut file = Self { name: name.to_owned(), ..Self::default() };
        let fault = |detail: String| KnowledgeError::format(name, detail);
        let mut reader = Reader::from_str(text);
        let mut open: Option<Fingerprint> = None;
        let mut example: Option<FileExample> = None;
        let mut is_description = false;
        let mut is_recog = false;
        loop {
            let event =
                reader.read_event().map_err(|error| fault(format!("byte {}: {error}", reader.error_position())))?;
            match &event {
                Event::Eof => break,
                Event::Start(start) | Event::Empty(start) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    let attributes = attributes(start).map_err(fault)?;
                    match start.name().as_ref() {
                        b"fingerprints" => {
                            is_recog = true;
                            file.matches = attributes.get("matches").cloned().unwrap_or_default();
                            file.protocol = attributes.get("protocol").cloned().unwrap_or_default();
                        }
                        b"fingerprint" => open = Some(Fingerprint::new(&attributes)),
                        b"description" => is_description = !is_empty,
                        b"example" if !is_empty => example = Some(FileExample::new(attributes)),
                        b"param" => {
                            if let (Some(open), Some(param)) = (&mut open, Param::new(attributes)) {
                                open.params.push(param);
                            }
                        }
                        _ => {}
                    }
                }
                Event::End(end) => match end.name().as_ref() {
                    b"description" => is_description = false,
                    b"example" => {
                        if let (Some(open), Some(example)) = (&mut open, example.take()) {
                            open.examples.push(example);
                        }
                    }
                    b"fingerprint" if file.fingerprints.len() < FINGERPRINTS_MAX => {
                        file.fingerprints.extend(open.take())
                    }
                    _ => {}
                },
                _ => {
                    let text = text_of(&event).map_err(fault)?;
                    if let Some(example) = &mut example {
                        example.text.push_str(&text);
                    } else if let (true, Some(open)) = (is_description, &mut open) {
                        open.description.push_str(&text);
                    }
                }
            }
        }
        if is_recog { Ok(file) } else { Err(fault("no element `fingerprints`".to_owned())) }
    }

    /// Gives each fingerprint its own examples. For tests: it compiles every pattern.
    pub fn check(&self) -> Examples {
        let mut examples = Examples::default();
        for fingerprint in &self.fingerprints {
            let place = || format!("{}: {}", self.name, fingerprint.description.trim());
            let pattern = Pattern::new(fingerprint.pattern.clone());
            if let Err(error) = pattern.compile() {
                examples.failed.push(format!("{}: the pattern does not compile: {error}", place()));
            }
            for example in &fingerprint.examples {
                examples.total = examples.total.saturating_add(1);
                match fingerprint.lacks(&pattern, example) {
                    None => examples.passed = examples.passed.saturating_add(1),
                    Some(problem) => examples.failed.push(format!("{}: {problem}", place())),
                }
            }
        }
        examples
    }
}

impl Fingerprint {
    fn new(attributes: &BTreeMap<String, String>) -> Self {
        let attribute = |name: &str| attributes.get(name).map(String::as_str).unwrap_or_default();
        Self {
            pattern: translate::pattern(attribute("pattern"), attribute("flags")),
            description: String::new(),
            params: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// What the fingerprint tells of a text; `None` if it does not match.
    fn tell(&self, pattern: &Pattern, text: &str) -> Option<BTreeMap<&str, String>> {
        if !pattern.may_match(text) {
            return None;
        }
        let captures = pattern.regex()?.captures(text.as_bytes())?;
        let mut told: BTreeMap<&str, String> = BTreeMap::new();
        for param in &self.params {
            let mut value = String::new();
            for piece in self.pieces(param) {
                match piece {
                    Part::Plain(text) => value.push_str(text),
                    Part::Group(group) => {
                        let bytes = captures.get(group).map_or(&[][..], |text| text.as_bytes());
                        value.push_str(&String::from_utf8_lossy(bytes));
                    }
                }
            }
            told.insert(&param.name, value);
        }
        Some(told)
    }

    /// What a value is made of: `{hw.family} {hw.model}` names the values of others.
    pub(super) fn pieces<'a>(&'a self, param: &'a Param) -> Vec<Part<'a>> {
        if param.group > 0 {
            return vec![Part::Group(param.group)];
        }
        let mut pieces = Vec::new();
        let mut rest = param.value.as_str();
        while let Some((plain, after)) = rest.split_once('{') {
            let named = after.split_once('}').and_then(|(name, after)| {
                let other = self.params.iter().find(|other| other.name == name)?;
                Some((other, after))
            });
            let Some((other, after)) = named else { break };
            pieces.push(Part::Plain(plain));
            pieces.push(if other.group > 0 { Part::Group(other.group) } else { Part::Plain(&other.value) });
            rest = after;
        }
        pieces.push(Part::Plain(rest));
        pieces.retain(|piece| *piece != Part::Plain(""));
        pieces
    }

    /// What is missing from what an example expects.
    fn lacks(&self, pattern: &Pattern, example: &FileExample) -> Option<String> {
        let text = if example.base64 { decode_base64(&example.text) } else { example.text.clone() };
        let told = self.tell(pattern, &text).or_else(|| self.tell(pattern, text.trim()));
        let Some(told) = told else { return Some(format!("`{}` does not match", text.trim())) };
        example.expected.iter().find_map(|(name, expected)| {
            let value = told.get(name.as_str()).map(String::as_str).unwrap_or_default();
            (value != expected).then(|| format!("{name} is `{value}` and not `{expected}`"))
        })
    }
}

impl Param {
    fn new(mut attributes: BTreeMap<String, String>) -> Option<Self> {
        Some(Self {
            name: attributes.remove("name")?,
            group: attributes.get("pos")?.parse().ok()?,
            value: attributes.remove("value").unwrap_or_default(),
        })
    }
}

impl FileExample {
    fn new(attributes: BTreeMap<String, String>) -> Self {
        let base64 = attributes.get("_encoding").is_some_and(|encoding| encoding == "base64");
        // Attributes with an underscore describe the example itself.
        let expected = attributes.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
        Self { text: String::new(), expected, base64 }
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut all = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let raw = std::str::from_utf8(&attribute.value).map_err(|error| error.to_string())?;
        // Line breaks in a value count as blanks (XML 1.0 §3.3.3); those that are written as references do not.
        let raw = raw.replace(['\r', '\n', '\t'], " ");
        let value = quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?;
        all.insert(String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value.into_owned());
    }
    Ok(all)
}

/// The text of an event; what is no text is empty.
fn text_of(event: &Event<'_>) -> Result<String, String> {
    match event {
        Event::Text(text) => text.decode().map(|text| text.into_owned()).map_err(|error| error.to_string()),
        Event::CData(text) => text.decode().map(|text| text.into_owned()).map_err(|error| error.to_string()),
        Event::GeneralRef(reference) => {
            let name = reference.decode().map_err(|error| error.to_string())?;
            let whole = format!("&{name};");
            quick_xml::escape::unescape(&whole).map(|text| text.into_owned()).map_err(|error| error.to_string())
        }
        _ => Ok(String::new()),
    }
}

/// Base64 (RFC 4648 §4); what is no digit is passed over, bytes that are no UTF-8 become `�`.
fn decode_base64(text: &str) -> String {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(byte.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0').wrapping_add(52)),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for value in text.bytes().filter_map(digit) {
        held = held << 6 | u32::from(value);
        bits = bits.saturating_add(6);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"<?xml version="1.0"?>
        <fingerprints matches="ssh.banner" protocol="ssh">
          <fingerprint pattern="^acme_([\d.]+) &lt;(\w+)&gt;$" flags="REG_ICASE">
            <description>Acme shell</description>
            <example service.version="2.1" host.name="pump7">ACME_2.1 &lt;pump7&gt;</example>
            <example _encoding="base64" service.version="2.1">QWNtZV8yLjEgPGE+Cg==</example>
            <example hw.product="Acme 2.1 shell">acme_2.1 &lt;a&gt;</example>
            <example service.version="9">acme_2.1 &lt;a&gt;</example>
            <param pos="0" name="service.product" value="Shell"/>
            <param pos="1" name="service.version"/>
            <param pos="0" name="hw.product" value="Acme {service.version} shell"/>
            <param pos="2" name="host.name"/>
          </fingerprint>
        </fingerprints>"#;

    #[test]
    fn a_file_is_judged_by_its_own_examples() {
        let file = FingerprintFile::read("acme.xml", FILE).unwrap();
        assert_eq!((file.matches.as_str(), file.fingerprints.len()), ("ssh.banner", 1));
        let examples = file.check();
        assert_eq!((examples.total, examples.passed), (4, 3));
        assert_eq!(examples.failed, ["acme.xml: Acme shell: service.version is `2.1` and not `9`"]);
    }

    #[test]
    fn what_is_no_fingerprint_file_is_refused() {
        for text in ["", "<html/>", "<fingerprints><fingerprint", "<fingerprints>&unknown;</fingerprints>"] {
            assert!(FingerprintFile::read("x.xml", text).is_err(), "{text}");
        }
    }
}
