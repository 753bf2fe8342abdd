//! What Wireshark reads in a capture: `tshark -T fields`, one line for each frame.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::pairings::Pairing;

/// Between the values of a field that repeats: a control character that no value holds unescaped.
const BETWEEN: char = '\u{1f}';

/// Tunnels and links that are not read, as Wireshark names their layers.
const WRAPPERS: &[&str] = &[
    "arcnet",
    "ayiya",
    "capwap",
    "capwap.data",
    "geneve",
    "gtp",
    "l2tp",
    "mpls",
    "netbios",
    "ppp",
    "pppoes",
    "sflow",
    "teredo",
];

/// One frame, as far as the fields asked for go.
pub struct Frame {
    pub number: u64,
    pub over_tcp: bool,
    /// Whether it holds a packet inside an ICMP error: that packet's sender did not say it here and now.
    is_quote: bool,
    /// Index of its layers among the capture's kinds of frames.
    kind: usize,
    columns: Vec<String>,
}

/// A capture as Wireshark reads it.
pub struct Dissection {
    /// Where each field stands in a frame's columns.
    places: BTreeMap<String, usize>,
    /// The layers of each kind of frame, as in `eth:ethertype:ip:udp:dns`.
    kinds: Vec<String>,
    frames: Vec<Frame>,
    /// Frames that are left out, by the wrapper around what they hold.
    pub wrapped: BTreeMap<&'static str, usize>,
}

impl Dissection {
    /// The frames that may hold values for a pairing.
    pub fn frames(&self, pairing: &Pairing) -> impl Iterator<Item = &Frame> {
        let fits = |layers: &String| layers.split(':').any(|layer| pairing.layers.contains(&layer));
        let fitting: Vec<bool> = self.kinds.iter().map(fits).collect();
        let is_error = pairing.protocol != "ndp";
        self.frames.iter().filter(move |frame| fitting[frame.kind] && !(frame.is_quote && is_error))
    }

    /// The values that a frame holds for a pairing, as they compare.
    pub fn values(&self, frame: &Frame, pairing: &Pairing) -> Vec<String> {
        let columns: Vec<Vec<&str>> = pairing.theirs.iter().map(|name| self.column(frame, name)).collect();
        let is_empty = columns.iter().all(Vec::is_empty);
        if is_empty { Vec::new() } else { (pairing.read)(&columns) }
    }

    fn column<'a>(&self, frame: &'a Frame, name: &str) -> Vec<&'a str> {
        let text = self.places.get(name).and_then(|place| frame.columns.get(*place)).map_or("", String::as_str);
        if text.is_empty() { Vec::new() } else { text.split(BETWEEN).collect() }
    }
}

/// Has Wireshark read a capture. `decode_as` holds rules as in `tcp.port==5000,hl7`.
pub fn dissect(path: &Path, pairings: &[Pairing], decode_as: &[String]) -> Dissection {
    let mut places = BTreeMap::new();
    for name in pairings.iter().flat_map(|pairing| &pairing.theirs) {
        let next = places.len();
        places.entry(name.clone()).or_insert(next);
    }
    let mut names: Vec<&String> = places.keys().collect();
    names.sort_by_key(|name| places[*name]);
    let mut command = Command::new("tshark");
    command.env("LC_ALL", "C.UTF-8");
    command.args([
        "-n",
        "-o",
        "tcp.reassemble_out_of_order:TRUE",
        "--enable-heuristic",
        "xml_udp",
        "-T",
        "fields",
        "-E",
        "occurrence=a",
    ]);
    command.args(["-E", &format!("aggregator={BETWEEN}"), "-e", "frame.number", "-e", "frame.protocols"]);
    for name in names {
        command.args(["-e", name]);
    }
    for rule in decode_as {
        command.args(["-d", rule]);
    }
    let output = command.arg("-r").arg(path).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    // A damaged capture gives what stands before the damage; a field that does not exist gives nothing at all.
    let complaint: String = complaint.lines().filter(|line| line.contains("valid")).take(3).collect();
    assert!(complaint.is_empty(), "tshark refuses: {complaint}");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut wrapped: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut kinds: Vec<String> = Vec::new();
    let mut frames = Vec::new();
    for line in text.lines() {
        let mut columns = line.split('\t').map(str::to_owned);
        let Some(number) = columns.next().and_then(|number| number.parse().ok()) else { continue };
        let layers = columns.next().unwrap_or_default();
        let columns: Vec<String> = columns.collect();
        let is_quote = layers.contains(":icmp:ip") || layers.contains(":icmpv6:ipv6");
        if columns.iter().all(String::is_empty) {
            continue;
        }
        if let Some(wrapper) = WRAPPERS.iter().find(|wrapper| layers.split(':').any(|layer| layer == **wrapper)) {
            *wrapped.entry(wrapper).or_default() += 1;
            continue;
        }
        let over_tcp = layers.contains(":tcp");
        let kind = kinds.iter().position(|known| *known == layers).unwrap_or_else(|| {
            kinds.push(layers);
            kinds.len() - 1
        });
        frames.push(Frame { number, over_tcp, is_quote, kind, columns });
    }
    Dissection { places, kinds, frames, wrapped }
}
