//! Traffic in which every place that can hold a patient holds one.
//!
//! The places are those of the goldens of every protocol, where `CANARY` stands for whatever is a person's, and those of
//! `places/`, written in the same way.

use std::net::Ipv4Addr;
use std::path::Path;

use wire::protocols::{ALL, Carrier, Direction};

use super::capture::{Capture, Host, Said};
use super::golden::{self, Golden};
use super::identity::{AS_LONG, CANARY, Encoding, OF_TEXT, Patient};

/// Protocols whose messages are text without lengths: what stands for a patient may be as long as it likes.
const OF_LINES: &[&str] =
    &["astm", "ftp", "hl7", "http", "ipp", "lpd", "poct1a", "rtsp", "sip", "smtp", "ssdp", "syslog", "telnet", "wsd"];
/// Hosts that say the same things, with different patients.
const HOSTS: usize = 4;

/// How bytes come.
#[derive(Clone, Copy, Debug)]
enum Delivery {
    Whole,
    /// In segments that end within each patient.
    Split,
    /// The last piece ends behind the patient's name, and nothing follows.
    CutShort,
    /// A byte before the patient is missing, or there twice: whatever counts bytes is wrong. What separates the fields of a line
    /// stays, as a field is what stands in its place.
    Damaged,
}

const DELIVERIES: [Delivery; 4] = [Delivery::Whole, Delivery::Split, Delivery::CutShort, Delivery::Damaged];

/// In how many ways each patient is sent in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    One,
    AlsoWhole,
    All,
}

/// What was made.
pub struct Traffic {
    pub capture: Capture,
    /// Messages with a patient in them.
    pub messages: usize,
    pub places: usize,
}

/// A message that holds patients, and whether it consists of lines.
struct Place {
    golden: Golden,
    is_text: bool,
}

fn places() -> Vec<Place> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut places: Vec<Place> = Vec::new();
    for decoder in ALL {
        let folder = root.join("../wire/src/protocols").join(decoder.name()).join("golden");
        let is_text = OF_LINES.contains(&decoder.name());
        places
            .extend(golden::all_in(&folder, decoder.carriers()[0]).into_iter().map(|golden| Place { golden, is_text }));
    }
    let own = golden::all_in(&root.join("tests/patients/places"), Carrier::Stream(&[]));
    places.extend(own.into_iter().map(|golden| Place { golden, is_text: true }));
    places.retain(|place| place.golden.pieces.iter().any(|(_, bytes)| find(bytes, 0).is_some()));
    places
}

/// Where the next patient stands.
fn find(bytes: &[u8], from: usize) -> Option<usize> {
    bytes[from..].windows(CANARY.len()).position(|window| window == CANARY).map(|place| place + from)
}

impl Traffic {
    /// Each of these patients in every place, written and delivered in one of the ways: those after each other in all of them.
    /// With [`Ways::AlsoWhole`], also delivered whole.
    pub fn new(patients: &[Patient], ways: Ways) -> Self {
        let places = places();
        let mut traffic = Self { capture: Capture::new(), messages: 0, places: places.len() };
        for (number, place) in places.iter().enumerate() {
            let encodings = if place.is_text { OF_TEXT } else { AS_LONG };
            for (index, patient) in patients.iter().enumerate() {
                let turn = (index + number) % (encodings.len() * DELIVERIES.len());
                for (way, (delivery, encoding)) in
                    DELIVERIES.iter().flat_map(|delivery| encodings.iter().map(move |way| (delivery, way))).enumerate()
                {
                    let also = ways == Ways::AlsoWhole && way == turn % encodings.len();
                    if ways == Ways::All || way == turn || also {
                        traffic.send(number, index, place, patient, encoding, *delivery);
                    }
                }
            }
        }
        traffic
    }

    fn send(
        &mut self,
        place_number: usize,
        index: usize,
        place: &Place,
        patient: &Patient,
        encoding: &Encoding,
        delivery: Delivery,
    ) {
        self.messages += 1;
        let written = encoding.1(patient);
        let mut pieces: Vec<(Direction, Vec<u8>)> = Vec::new();
        for (direction, bytes) in &place.golden.pieces {
            let (mut bytes, ends) = replaced(bytes, &written);
            match (delivery, ends.as_slice()) {
                (Delivery::Damaged, [first, ..]) => damage(&mut bytes, first - written.len(), index, place.is_text),
                (Delivery::CutShort, [.., last]) => {
                    bytes.truncate(*last);
                    pieces.push((*direction, bytes));
                    break;
                }
                (Delivery::Split, ends) => {
                    let mut from = 0;
                    for end in ends {
                        let within = end - 1 - index % (written.len() - 1).min(5);
                        pieces.push((*direction, bytes[from..within].to_vec()));
                        from = within;
                    }
                    bytes.drain(..from);
                }
                _ => {}
            }
            pieces.push((*direction, bytes));
        }
        let byte = |number: usize| u8::try_from(number % 250 + 1).unwrap();
        let host = |side: u8| Host {
            mac: [0, 0x50, 0x56, side, byte(place_number), byte(index % HOSTS)],
            ip: Ipv4Addr::new(10, 70 + side, byte(place_number), byte(index % HOSTS)),
        };
        let (client, server) = (host(1), host(2));
        self.carry(&place.golden, client, server, pieces);
    }

    fn carry(&mut self, golden: &Golden, client: Host, server: Host, pieces: Vec<(Direction, Vec<u8>)>) {
        let is_back = |direction: Direction| direction == Direction::ToInitiator;
        match golden.carrier {
            Carrier::Stream(_) | Carrier::Body(_) => {
                let port = if golden.port == 0 { 7_777 } else { golden.port };
                let said =
                    |(direction, bytes)| if is_back(direction) { Said::Server(bytes) } else { Said::Client(bytes) };
                let said: Vec<Said> = pieces.into_iter().map(said).collect();
                self.capture.tcp(client, server, port, &said);
            }
            Carrier::Datagram(_) => {
                let port = if golden.port == 0 { 7_777 } else { golden.port };
                for (direction, bytes) in pieces {
                    let (from, to, ports) = if is_back(direction) {
                        (server, client, (port, 40_000))
                    } else {
                        (client, server, (40_000, port))
                    };
                    self.capture.udp(from, to, ports, &bytes);
                }
            }
            Carrier::EtherType(ether_type) => {
                pieces.iter().for_each(|(_, bytes)| self.capture.frame(client.mac, [0xff; 6], ether_type, bytes));
            }
            Carrier::Snap([a, b, c], protocol) => {
                let [high, low] = protocol.to_be_bytes();
                for (_, bytes) in &pieces {
                    let framed = [&[0xaa, 0xaa, 3, a, b, c, high, low], bytes.as_slice()].concat();
                    let length = u16::try_from(framed.len()).unwrap();
                    self.capture.frame(client.mac, [1, 0, 0x0c, 0xcc, 0xcc, 0xcc], length, &framed);
                }
            }
            Carrier::Llc(access_point) => {
                for (_, bytes) in &pieces {
                    let framed = [&[access_point, access_point, 3], bytes.as_slice()].concat();
                    let length = u16::try_from(framed.len()).unwrap();
                    self.capture.frame(client.mac, [1, 0x80, 0xc2, 0, 0, 0], length, &framed);
                }
            }
            Carrier::IpProtocol(protocol) => {
                pieces.iter().for_each(|(_, bytes)| self.capture.packet(client, server, protocol, bytes));
            }
        }
    }
}

/// Another byte for each message, among so many of its first.
fn damage(bytes: &mut Vec<u8>, before: usize, index: usize, is_text: bool) {
    let may_change = |place: &usize| !is_text || bytes[*place].is_ascii_alphanumeric();
    let places: Vec<usize> = (0..before).filter(may_change).collect();
    let Some(place) = places.get(index.wrapping_mul(2_654_435_761) % places.len().max(1)) else { return };
    if index.is_multiple_of(2) {
        bytes.remove(*place);
    } else {
        bytes.insert(*place, bytes[*place]);
    }
}

/// The bytes with every patient in place, and where each of them ends.
fn replaced(bytes: &[u8], written: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut all, mut from, mut ends) = (Vec::new(), 0, Vec::new());
    while let Some(at) = find(bytes, from) {
        all.extend_from_slice(&bytes[from..at]);
        all.extend_from_slice(written);
        ends.push(all.len());
        from = at + CANARY.len();
    }
    all.extend_from_slice(&bytes[from..]);
    (all, ends)
}
