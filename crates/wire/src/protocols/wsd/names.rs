//! Qualified names: the prefix of a type is the sender's choice, its namespace is what counts.

use crate::xml::Tag;

/// How many namespace declarations are remembered at a time.
const DECLARATIONS_MAX: usize = 32;

/// Namespaces of device types, and the prefix by which their specifications call them. A namespace is found by its
/// beginning, as some end in a year.
static NAMESPACES: &[(&[u8], &str)] = &[
    // IEEE 11073-20702 (MDPWS): MedicalDevice.
    (b"http://standards.ieee.org/downloads/11073/11073-20702", "mdpws"),
    // DPWS 1.1 and 1.0: Device.
    (b"http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01", "dpws"),
    (b"http://schemas.xmlsoap.org/ws/2006/02/devprof", "wsdp"),
    // WS-Discovery 1.1 and draft: DiscoveryProxy, TargetService.
    (b"http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01", "wsd"),
    (b"http://schemas.xmlsoap.org/ws/2005/04/discovery", "wsd"),
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
    /// How deep the declaring element stands, the prefix it declares, and the specifications' prefix for it.
    known: Vec<(usize, Vec<u8>, &'static str)>,
}

impl Declarations {
    /// Remembers what an element at this depth declares, of the namespaces that count here.
    pub(super) fn open(&mut self, depth: usize, tag: &Tag<'_>) {
        for (name, value) in tag.attributes() {
            let Some(prefix) = name.strip_prefix(b"xmlns:") else { continue };
            let known = NAMESPACES.iter().find(|(namespace, _)| value.starts_with(namespace));
            if let (Some((_, usual)), true) = (known, self.known.len() < DECLARATIONS_MAX) {
                self.known.push((depth, prefix.to_vec(), usual));
            }
        }
    }

    /// Forgets what elements at this depth or deeper declared.
    pub(super) fn close(&mut self, depth: usize) {
        while self.known.last().is_some_and(|(declared, ..)| *declared >= depth) {
            self.known.pop();
        }
    }

    /// The name as its specification writes it, as in `mdpws:MedicalDevice`; as it stands, if nobody here knows it.
    pub(super) fn usual(&self, name: &str) -> Option<String> {
        let (prefix, local) = name.split_once(':')?;
        let (.., usual) = self.known.iter().rev().find(|(_, declared, _)| declared == prefix.as_bytes())?;
        let mut text = String::with_capacity(name.len().saturating_add(usual.len()));
        text.push_str(usual);
        text.push(':');
        text.push_str(local);
        Some(text)
    }
}
