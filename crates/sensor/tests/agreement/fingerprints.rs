//! Where others keep the fingerprints of the TLS clients in a capture.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use serde_json::Value;

use crate::ndpi;
use crate::said::Ends;

/// What carries a client hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    Tcp,
    Quic,
    Dtls,
}

/// A client's fingerprint as another program has it.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// The program.
    pub by: &'static str,
    pub ends: Ends,
    pub carrier: Carrier,
    /// `ja3` or `ja4`.
    pub kind: &'static str,
    pub value: String,
}

/// All that lie beside a capture.
pub fn of(capture: &Path) -> Vec<Fingerprint> {
    let sources = [foxio_python, foxio_rust, huginn, arkime, of_ndpi];
    sources.iter().flat_map(|source| source(capture).unwrap_or_default()).collect()
}

fn fingerprint(by: &'static str, kind: &'static str, ends: Ends, value: &str) -> Fingerprint {
    let carrier = match value.as_bytes().first() {
        Some(b'q') if kind == "ja4" => Carrier::Quic,
        Some(b'd') if kind == "ja4" => Carrier::Dtls,
        _ => Carrier::Tcp,
    };
    Fingerprint { by, ends, carrier, kind, value: value.to_owned() }
}

/// A fingerprint without what a program writes in a way of its own. nDPI's JA4 has `i` where the name is an address (where
/// there is none, by the specification), the first and second letter of the protocol (first and last), and the hash of
/// nothing where it has to be zeros.
pub fn as_told_by(program: &str, kind: &str, value: &str) -> String {
    let (Some(before), Some(counts), Some(hashes)) = (value.get(..3), value.get(4..8), value.get(10..)) else {
        return value.to_owned();
    };
    match (program, kind) {
        ("nDPI", "ja4") => format!("{before}?{counts}??{}", hashes.replace("e3b0c44298fc", "000000000000")),
        _ => value.to_owned(),
    }
}

fn ends(one: (&str, &str), other: (&str, &str)) -> Option<Ends> {
    let end = |(ip, port): (&str, &str)| Some(SocketAddr::new(ip.parse::<IpAddr>().ok()?, port.parse().ok()?));
    let (one, other) = (end(one)?, end(other)?);
    Some((one.min(other), one.max(other)))
}

/// A file beside the folder of the captures.
fn beside(capture: &Path, file: &str) -> Option<String> {
    let name = capture.file_name()?.to_str()?;
    let path = capture.parent()?.parent()?.join(file.replace('*', name));
    std::fs::read_to_string(path).ok()
}

/// The reference implementation in Python: `JA4.1`, `JA4.2` … of each stream.
fn foxio_python(capture: &Path) -> Option<Vec<Fingerprint>> {
    let streams: Value = serde_json::from_str(&beside(capture, "python/test/testdata/*.json")?).unwrap();
    let mut found = Vec::new();
    for stream in streams.as_array()? {
        let text = |name: &str| stream[name].as_str().unwrap_or_default();
        let Some(ends) = ends((text("src"), text("srcport")), (text("dst"), text("dstport"))) else { continue };
        let numbered = stream.as_object()?.iter().filter(|(name, _)| name.starts_with("JA4."));
        found.extend(numbered.filter_map(|(_, value)| Some(fingerprint("FoxIO Python", "ja4", ends, value.as_str()?))));
    }
    Some(found)
}

/// The reference implementation in Rust: `key: value` lines, a dash before the first of each stream.
fn foxio_rust(capture: &Path) -> Option<Vec<Fingerprint>> {
    let text = beside(capture, "rust/ja4/src/snapshots/ja4__insta@*.snap")?;
    let mut found = Vec::new();
    for stream in text.split("\n- stream:").skip(1) {
        let value = |key: &str| {
            let line = stream.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "));
            line.unwrap_or_default().trim_matches(['"', '\''])
        };
        let Some(ends) = ends((value("src"), value("src_port")), (value("dst"), value("dst_port"))) else { continue };
        if !value("ja4").is_empty() {
            found.push(fingerprint("FoxIO Rust", "ja4", ends, value("ja4")));
        }
    }
    Some(found)
}

fn huginn(capture: &Path) -> Option<Vec<Fingerprint>> {
    let snapshot: Value = serde_json::from_str(&beside(capture, "huginn-net-tls/tests/snapshots/*.json")?).unwrap();
    let mut found = Vec::new();
    for connection in snapshot["connections"].as_array()? {
        let end = |side: &str| {
            let side = &connection[side];
            Some((side["ip"].as_str()?.to_owned(), side["port"].as_u64()?.to_string()))
        };
        let (one, other) = (end("source")?, end("destination")?);
        let ends = ends((&one.0, &one.1), (&other.0, &other.1))?;
        let value = connection["tls"]["ja4"]["full"].as_str();
        found.extend(value.map(|value| fingerprint("huginn-net", "ja4", ends, value)));
    }
    Some(found)
}

/// Sessions in `<capture without ending>.test`; one of TCP may hold several hellos.
fn arkime(capture: &Path) -> Option<Vec<Fingerprint>> {
    let text = std::fs::read(capture.with_extension("test")).ok()?;
    let test: Value = serde_json::from_slice(&text).ok()?;
    let mut found = Vec::new();
    for session in test["sessions3"].as_array()? {
        let body = &session["body"];
        let end = |side: &str| {
            let side = &body[side];
            Some((side["ip"].as_str()?.to_owned(), side["port"].as_u64()?.to_string()))
        };
        let Some((one, other)) = end("source").zip(end("destination")) else { continue };
        let Some(ends) = ends((&one.0, &one.1), (&other.0, &other.1)) else { continue };
        let over_tcp = body["ipProtocol"].as_u64() == Some(6);
        for kind in ["ja4", "ja3"] {
            let values = body["tls"][kind].as_array().into_iter().flatten().filter_map(Value::as_str);
            for value in values.filter(|_| over_tcp || kind == "ja4") {
                found.push(fingerprint("Arkime", kind, ends, value));
            }
        }
    }
    Some(found)
}

fn of_ndpi(capture: &Path) -> Option<Vec<Fingerprint>> {
    let text = ndpi::expectation(capture)?;
    let mut found = Vec::new();
    for line in text.lines() {
        let Some((one, other, carrier)) = ndpi::flow(line) else { continue };
        for (kind, before) in [("ja4", "[JA4: "), ("ja3", "[JA3C: ")] {
            let Some(value) = ndpi::between(line, before, "]") else { continue };
            if carrier == 6 || kind == "ja4" {
                found.push(fingerprint("nDPI", kind, (one, other), value));
            }
        }
    }
    Some(found)
}
