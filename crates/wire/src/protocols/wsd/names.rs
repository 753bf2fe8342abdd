//! Qualified names: the prefix is the sender's choice, its namespace is what counts.

use crate::xml::Tag;

/// How many namespace declarations are remembered at a time.
const DECLARATIONS_MAX: usize = 32;

/// WS-Discovery's own namespace.
pub(super) const DISCOVERY: &str = "wsd";
/// WS-MetadataExchange's: around the sections of DPWS.
pub(super) const EXCHANGE: &str = "wsx";
/// IEEE 11073-10207's (BICEPS): what an SDC device tells of itself.
pub(super) const PARTICIPANT: &str = "pm";

/// Namespaces of messages and device types, and the prefix by which their specifications call them. A namespace is
/// found by its beginning, as some end in a year.
static NAMESPACES: &[(&[u8], &str)] = &[
    (b"http://schemas.xmlsoap.org/ws/2004/09/mex", EXCHANGE),
    (b"http://standards.ieee.org/downloads/11073/11073-10207-", PARTICIPANT),
    // IEEE 11073-20702 (MDPWS): MedicalDevice.
    (b"http://standards.ieee.org/downloads/11073/11073-20702", "mdpws"),
    // DPWS 1.1 and 1.0: Device.
    (b"http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01", "dpws"),
    (b"http://schemas.xmlsoap.org/ws/2006/02/devprof", "wsdp"),
    // WS-Discovery 1.1 and draft: DiscoveryProxy, TargetService.
    (b"http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01", DISCOVERY),
    (b"http://schemas.xmlsoap.org/ws/2005/04/discovery", DISCOVERY),
    // Windows function discovery: Computer; print and scan services: PrintDeviceType, ScanDeviceType.
    (b"http://schemas.microsoft.com/windows/pub/2005/07", "pub"),
    (b"http://schemas.microsoft.com/windows/2006/08/wdp/print", "wprt"),
    (b"http://schemas.microsoft.com/windows/2006/08/wdp/scan", "wscn"),
    // ONVIF: NetworkVideoTransmitter; Device.
    (b"http://www.onvif.org/ver10/network/wsdl", "dn"),
    (b"http://www.onvif.org/ver10/device/wsdl", "tds"),
];

/// The declarations of namespaces that are in force.
#[derive(Default)]
pub(super) struct Declarations {
    known: Vec<Declaration>,
}

struct Declaration {
    /// How deep the declaring element stands.
    depth: usize,
    /// What it declares; empty for names without a prefix.
    prefix: Vec<u8>,
    /// The specifications' prefix; `None` for a namespace that nobody here knows and that hides one of them.
    usual: Option<&'static str>,
}

impl Declarations {
    /// Remembers what an element at this depth declares, of the namespaces that count here.
    pub(super) fn open(&mut self, depth: usize, tag: &Tag<'_>) {
        for (name, value) in tag.attributes() {
            let prefix = match name.strip_prefix(b"xmlns") {
                Some([]) => &[],
                Some([b':', prefix @ ..]) => prefix,
                _ => continue,
            };
            let usual = NAMESPACES.iter().find(|(namespace, _)| value.starts_with(namespace)).map(|(_, usual)| *usual);
            let counts = usual.is_some() || self.declared(prefix).is_some();
            if counts && self.known.len() < DECLARATIONS_MAX {
                self.known.push(Declaration { depth, prefix: prefix.to_vec(), usual });
            }
        }
    }

    /// Forgets what elements at this depth or deeper declared.
    pub(super) fn close(&mut self, depth: usize) {
        while self.known.last().is_some_and(|declaration| declaration.depth >= depth) {
            self.known.pop();
        }
    }

    fn declared(&self, prefix: &[u8]) -> Option<&'static str> {
        self.known.iter().rev().find(|declaration| declaration.prefix == prefix)?.usual
    }

    /// The specifications' prefix for the namespace of an element, if it is one that counts here.
    pub(super) fn namespace(&self, tag: &Tag<'_>) -> Option<&'static str> {
        let name = tag.name();
        let colon = name.iter().position(|byte| *byte == b':').unwrap_or(0);
        self.declared(name.get(..colon)?)
    }

    /// The name as its specification writes it, as in `mdpws:MedicalDevice`; `None` if nobody here knows it.
    pub(super) fn usual(&self, name: &str) -> Option<String> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let usual = self.declared(prefix.as_bytes())?;
        let mut text = String::with_capacity(name.len().saturating_add(usual.len()));
        text.push_str(usual);
        text.push(':');
        text.push_str(local);
        Some(text)
    }
}
