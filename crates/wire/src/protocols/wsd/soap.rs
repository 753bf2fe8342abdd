//! SOAP envelopes: finds the messages in the body and the leaves that count in each.

use std::net::IpAddr;

use model::{Message, Messages, Subject};

use super::names::{DISCOVERY, Declarations, EXCHANGE, PARTICIPANT};
use super::{
    ENDPOINT, FIRMWARE_VERSION, FRIENDLY_NAME, MANUFACTURER, MODEL_NAME, MODEL_NUMBER, SERIAL_NUMBER, TYPES, XADDRS,
    scopes,
};
use crate::xml::{Node, Xml};

/// How deep elements are told apart; deeper ones are passed over.
const DEPTH_MAX: usize = 24;
/// How many messages of one envelope are told (a discovery proxy answers with many).
const MESSAGES_MAX: usize = 64;
/// How many entries of one list (types, scopes, addresses) are told.
const ENTRIES_MAX: usize = 32;

/// The elements that count, by local name. Their namespaces differ between versions, their names do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Word {
    #[default]
    Other,
    Envelope,
    Body,
    /// A message, or one of the matches in it.
    Hello,
    Bye,
    Probe,
    ProbeMatch,
    Resolve,
    ResolveMatch,
    /// WS-MetadataExchange, around the sections of DPWS.
    Metadata,
    /// IEEE 11073-10207, in the description of an SDC device.
    MetaData,
    EndpointReference,
    Address,
    Types,
    Scopes,
    XAddrs,
    ThisModel,
    ThisDevice,
    Host,
    Manufacturer,
    ModelName,
    ModelNumber,
    FriendlyName,
    FirmwareVersion,
    SerialNumber,
}

static WORDS: &[(&[u8], Word)] = &[
    (b"Envelope", Word::Envelope),
    (b"Body", Word::Body),
    (b"Hello", Word::Hello),
    (b"Bye", Word::Bye),
    (b"Probe", Word::Probe),
    (b"ProbeMatch", Word::ProbeMatch),
    (b"Resolve", Word::Resolve),
    (b"ResolveMatch", Word::ResolveMatch),
    (b"Metadata", Word::Metadata),
    (b"MetaData", Word::MetaData),
    (b"EndpointReference", Word::EndpointReference),
    (b"Address", Word::Address),
    (b"Types", Word::Types),
    (b"Scopes", Word::Scopes),
    (b"XAddrs", Word::XAddrs),
    (b"ThisModel", Word::ThisModel),
    (b"ThisDevice", Word::ThisDevice),
    (b"Host", Word::Host),
    (b"Manufacturer", Word::Manufacturer),
    (b"ModelName", Word::ModelName),
    (b"ModelNumber", Word::ModelNumber),
    (b"FriendlyName", Word::FriendlyName),
    (b"FirmwareVersion", Word::FirmwareVersion),
    (b"SerialNumber", Word::SerialNumber),
];

impl Word {
    fn of(name: &[u8]) -> Self {
        WORDS.iter().find(|(known, _)| *known == name).map_or(Self::Other, |(_, word)| *word)
    }

    /// The kind of message that an element in the body is, and the namespace that it must be of, if it is one.
    const fn kind(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Hello => Some(("hello", DISCOVERY)),
            Self::Bye => Some(("bye", DISCOVERY)),
            Self::Probe => Some(("probe", DISCOVERY)),
            Self::ProbeMatch => Some(("probe_match", DISCOVERY)),
            Self::Resolve => Some(("resolve", DISCOVERY)),
            Self::ResolveMatch => Some(("resolve_match", DISCOVERY)),
            Self::Metadata => Some(("metadata", EXCHANGE)),
            Self::MetaData => Some(("metadata", PARTICIPANT)),
            _ => None,
        }
    }
}

/// One envelope while it is read.
pub(super) struct Envelope<'a> {
    xml: Xml<'a>,
    declarations: Declarations,
    /// The elements that are open, outermost first.
    path: [Word; DEPTH_MAX],
    depth: usize,
    sender: Option<IpAddr>,
}

impl<'a> Envelope<'a> {
    pub(super) fn new(document: &'a [u8], sender: Option<IpAddr>) -> Self {
        let path = [Word::Other; DEPTH_MAX];
        Self { xml: Xml::new(document), declarations: Declarations::default(), path, depth: 0, sender }
    }

    /// Begins a message for each that is whole. Returns whether there was any.
    pub(super) fn read(mut self, messages: &mut Messages) -> bool {
        let mut told = 0_usize;
        while let Some(node) = self.xml.read() {
            let Some(word) = self.step(&node) else { continue };
            let [Word::Envelope, Word::Body, ..] = self.path else { continue };
            let (Some((kind, namespace)), Node::Open(tag)) = (word.kind(), &node) else { continue };
            if self.declarations.namespace(tag) != Some(namespace) {
                continue;
            }
            if told >= MESSAGES_MAX {
                break;
            }
            let message = messages.begin("wsd", kind);
            let is_whole = self.section(word, message);
            // A description that describes nothing says nothing; that a device probed or left does.
            if is_whole && (namespace == DISCOVERY || message.fields().next().is_some()) {
                told = told.saturating_add(1);
            } else {
                messages.discard_last();
            }
        }
        told > 0
    }

    /// Keeps path and declarations; returns the element that opens.
    fn step(&mut self, node: &Node<'_>) -> Option<Word> {
        match node {
            Node::Open(tag) => {
                let word = Word::of(tag.local_name());
                if let Some(place) = self.path.get_mut(self.depth) {
                    *place = word;
                }
                self.declarations.open(self.depth, tag);
                self.depth = self.depth.saturating_add(1);
                Some(word)
            }
            Node::Close => {
                self.depth = self.depth.saturating_sub(1);
                self.declarations.close(self.depth);
                if let Some(place) = self.path.get_mut(self.depth) {
                    *place = Word::Other;
                }
                None
            }
        }
    }

    /// The element that is open at this depth.
    fn at(&self, depth: Option<usize>) -> Word {
        depth.and_then(|depth| self.path.get(depth)).copied().unwrap_or_default()
    }

    /// Reads the message that has just been opened up to its end. Returns whether that was there.
    fn section(&mut self, section: Word, message: &mut Message) -> bool {
        let outside = self.depth.saturating_sub(1);
        let mut advertised = Advertised::default();
        while let Some(node) = self.xml.read() {
            if let Node::Close = node {
                let innermost = self.depth.checked_sub(1);
                let leaf = self.at(innermost);
                let parent = self.at(innermost.and_then(|depth| depth.checked_sub(1)));
                self.leaf(section, parent, leaf, message, &mut advertised);
            }
            self.step(&node);
            if self.depth <= outside {
                if let Some(address) = advertised.other_than(self.sender) {
                    message.about(Subject::Address(address));
                }
                return true;
            }
        }
        false
    }

    /// Tells a leaf of a message, where it stands in its place.
    fn leaf(&self, section: Word, parent: Word, leaf: Word, message: &mut Message, advertised: &mut Advertised) {
        let text = self.xml.text();
        match (section, parent, leaf) {
            (_, Word::EndpointReference, Word::Address) if self.is_of_device(section) => {
                message.bytes(&ENDPOINT, text);
            }
            (Word::Metadata, Word::Host, Word::Types) => self.types(text, message),
            (Word::Metadata, Word::ThisModel, Word::Manufacturer)
            | (Word::MetaData, Word::MetaData, Word::Manufacturer) => {
                message.bytes(&MANUFACTURER, text);
            }
            (Word::Metadata, Word::ThisModel, Word::ModelName) | (Word::MetaData, Word::MetaData, Word::ModelName) => {
                message.bytes(&MODEL_NAME, text);
            }
            (Word::Metadata, Word::ThisModel, Word::ModelNumber)
            | (Word::MetaData, Word::MetaData, Word::ModelNumber) => {
                message.bytes(&MODEL_NUMBER, text);
            }
            (Word::Metadata, Word::ThisDevice, Word::FriendlyName) => {
                message.bytes(&FRIENDLY_NAME, text);
            }
            (Word::Metadata, Word::ThisDevice, Word::FirmwareVersion) => {
                message.bytes(&FIRMWARE_VERSION, text);
            }
            (Word::Metadata, Word::ThisDevice, Word::SerialNumber) => {
                message.bytes(&SERIAL_NUMBER, text);
            }
            (Word::MetaData, Word::MetaData, Word::SerialNumber) => {
                message.bytes(&SERIAL_NUMBER, text);
                // One SDC provider may hold the descriptions of several devices (MDS).
                message.self_or_behind(&String::from_utf8_lossy(text));
            }
            (Word::Metadata | Word::MetaData, ..) => {}
            (_, parent, Word::Types) if parent == section => self.types(text, message),
            (_, parent, Word::Scopes) if parent == section => {
                for scope in entries(text) {
                    scopes::tell(&scope, message);
                }
            }
            (_, parent, Word::XAddrs) if parent == section => {
                for address in entries(text) {
                    // What a query holds is nobody's business, and is no address.
                    let address = address.split(['?', '#']).next().unwrap_or_default();
                    if !is_url(address) {
                        continue;
                    }
                    message.str(&XADDRS, address);
                    advertised.add(address, self.sender);
                }
            }
            _ => {}
        }
    }

    /// Whether an endpoint is the one of the device itself: directly in a discovery message, or of the host, not of
    /// one of the services that it hosts.
    fn is_of_device(&self, section: Word) -> bool {
        let grandparent = self.at(self.depth.checked_sub(3));
        grandparent == if section == Word::Metadata { Word::Host } else { section }
    }

    fn types(&self, text: &[u8], message: &mut Message) {
        for name in entries(text) {
            match self.declarations.usual(&name) {
                Some(name) => message.str(&TYPES, &name),
                None => message.str(&TYPES, &name),
            };
        }
    }
}

/// The entries of a list (XML Schema `list`: separated by blanks).
fn entries(text: &[u8]) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    text.split(u8::is_ascii_whitespace).filter(|entry| !entry.is_empty()).take(ENTRIES_MAX).map(String::from_utf8_lossy)
}

/// The addresses at which a device says it can be reached. A discovery proxy speaks for others: none is its own.
#[derive(Default)]
struct Advertised {
    first: Option<IpAddr>,
    sender_among: bool,
}

impl Advertised {
    fn add(&mut self, address: &str, sender: Option<IpAddr>) {
        let Some(ip) = host(address).filter(|ip| !ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast())
        else {
            return;
        };
        self.sender_among |= sender == Some(ip);
        // An IPv6 sender says nothing about an IPv4 address: they may well be one device's.
        if self.first.is_none() && sender.is_some_and(|sender| sender.is_ipv4() == ip.is_ipv4()) {
            self.first = Some(ip);
        }
    }

    fn other_than(&self, sender: Option<IpAddr>) -> Option<IpAddr> {
        self.first.filter(|ip| !self.sender_among && sender != Some(*ip))
    }
}

/// The address in a URL like `http://10.0.0.1:5357/x` or `https://[fe80::1]:443/`, if it is one and no name.
fn host(url: &str) -> Option<IpAddr> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or_default();
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (address, _) = bracketed.split_once(']')?;
        return address.split('%').next().unwrap_or_default().parse().ok();
    }
    let (name, _) = authority.rsplit_once(':').unwrap_or((authority, ""));
    name.parse().ok()
}

/// Whether a transport address has a scheme and somebody to go to (WS-Discovery 1.1 §2.2: absolute URIs of HTTP and the like).
fn is_url(address: &str) -> bool {
    address.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-'))
            && !rest.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_from_urls() {
        assert_eq!(host("http://10.0.0.1:5357/a"), Some([10, 0, 0, 1].into()));
        assert_eq!(host("https://10.0.0.1"), Some([10, 0, 0, 1].into()));
        assert_eq!(host("http://[fe80::1%4]:5357/"), "fe80::1".parse().ok());
        assert_eq!(host("http://monitor-7/x"), None);
        assert_eq!(host("soap.udp"), None);
    }

    #[test]
    fn a_message_without_its_end_is_not_told() {
        let document = b"<Envelope xmlns:d='http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01'><Body>\
            <d:Hello><d:Types>a:B</d:Types></d:Hello></Body>";
        let mut messages = Messages::new();
        assert!(Envelope::new(document, None).read(&mut messages));
        assert!(!Envelope::new(&document[..100], None).read(&mut Messages::new()));
    }

    #[test]
    fn metadata_reads_http_bodies() {
        let body = b"<s:Envelope><s:Body><Metadata xmlns='http://schemas.xmlsoap.org/ws/2004/09/mex'><MetadataSection>\
            <d:ThisModel><d:ModelName>M 1</d:ModelName></d:ThisModel></MetadataSection></Metadata></s:Body></s:Envelope>";
        let mut messages = Messages::new();
        assert!(super::super::metadata(body, &mut messages));
        assert_eq!(messages.iter().next().and_then(|message| message.text("model_name")), Some("M 1"));
        assert!(!super::super::metadata(b"<html><body>Metadata</body></html>", &mut Messages::new()));
    }

    #[test]
    fn a_name_counts_only_in_its_namespace() {
        for body in [
            "<Hello/>",
            "<x:Hello xmlns:x='urn:x'/>",
            "<x:Probe xmlns:x='http://schemas.xmlsoap.org/ws/2004/09/mex'/>",
            "<d:Hello xmlns:d='urn:it-hides-the-other'/>",
        ] {
            let document = format!(
                "<s:Envelope xmlns:d='http://schemas.xmlsoap.org/ws/2005/04/discovery'><s:Body>{body}</s:Body></s:Envelope>"
            );
            assert!(!Envelope::new(document.as_bytes(), None).read(&mut Messages::new()), "{body}");
        }
    }
}
