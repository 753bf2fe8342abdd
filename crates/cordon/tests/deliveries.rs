//! The same conversations give the same inventory however their packets arrive: in segments of a byte, out of order, twice,
//! overlapping, in fragments, in tagged frames and in tunnels. The conversations are the golden messages of every protocol on
//! TCP and UDP, each between hosts of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::LazyLock;

use analysis::Analysis;
use cordon::knowledge::Known;
use model::Timestamp;
use model::observation::FrameRef;
use sensor::capture::{CaptureFile, CapturedFrame};
use sensor::{Observer, Sensor};
use serde_json::Value;
use wire::packet::LinkType;
use wire::protocols::{ALL, Carrier, Direction};

#[path = "labelled/capture.rs"]
#[allow(dead_code)]
mod capture;
#[path = "../../wire/src/protocols/golden.rs"]
#[allow(dead_code)]
mod golden;

use capture::{Capture, Host, Said};

/// Bytes of the Ethernet header, and of it and those of IPv4 and TCP, as the capture's maker writes them.
const ETHERNET: usize = 14;
const HEADERS: usize = 54;
/// Ends of the tunnels.
const TUNNEL: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];
/// What tells where and how often something was seen: more frames, later ones and longer ones say the same.
const DIFFERS_BY_NATURE: &[&str] = &["frame", "count", "first", "last", "bytes_sent", "bytes_received"];

static KNOWN: LazyLock<Known> = LazyLock::new(|| cordon::knowledge::load(&[], None).unwrap());

#[derive(Clone)]
struct Frame {
    time: Timestamp,
    bytes: Vec<u8>,
}

impl Frame {
    /// The bytes that a TCP segment carries; none of anything else.
    fn carried(&self) -> &[u8] {
        let is_tcp = self.bytes[12..14] == [8, 0] && self.bytes[23] == 6;
        if is_tcp { &self.bytes[HEADERS..] } else { &[] }
    }

    /// The segment with only these of its bytes.
    fn part(&self, range: std::ops::Range<usize>) -> Self {
        let mut bytes = self.bytes[..HEADERS].to_vec();
        let sequence = u32::from_be_bytes(bytes[38..42].try_into().unwrap()) + u32::try_from(range.start).unwrap();
        bytes[38..42].copy_from_slice(&sequence.to_be_bytes());
        let length = u16::try_from(HEADERS - ETHERNET + range.len()).unwrap();
        bytes[16..18].copy_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&self.carried()[range]);
        Self { time: self.time, bytes }
    }

    fn around(&self, before: &[u8], from: usize) -> Self {
        Self { time: self.time, bytes: [before, &self.bytes[from..]].concat() }
    }

    /// The frame's IPv4 packet in parts of so many bytes (RFC 791 §3.2).
    fn fragments(&self, number: u16, size: usize) -> Vec<Self> {
        if self.bytes[12..14] != [8, 0] {
            return vec![self.clone()];
        }
        let (head, payload) = self.bytes.split_at(ETHERNET + 20);
        let chunks = payload.chunks(size);
        let last = chunks.len() - 1;
        let fragment = |(index, chunk): (usize, &[u8])| {
            let mut bytes = head.to_vec();
            bytes[16..18].copy_from_slice(&u16::try_from(20 + chunk.len()).unwrap().to_be_bytes());
            bytes[18..20].copy_from_slice(&number.to_be_bytes());
            let more = if index < last { 0x2000 } else { 0 };
            bytes[20..22].copy_from_slice(&(u16::try_from(index * size / 8).unwrap() | more).to_be_bytes());
            bytes.extend_from_slice(chunk);
            Self { time: self.time, bytes }
        };
        chunks.enumerate().map(fragment).collect()
    }
}

/// The segment in parts of so many bytes.
fn cut(frame: &Frame, size: usize) -> Vec<Frame> {
    let length = frame.carried().len();
    if length == 0 {
        return vec![frame.clone()];
    }
    (0..length).step_by(size).map(|start| frame.part(start..(start + size).min(length))).collect()
}

/// An IPv4 packet between the ends of the tunnel, in a frame between two routers.
fn tunnelled(protocol: u8, head: &[u8], frame: &Frame, from: usize) -> Frame {
    let length = u16::try_from(20 + head.len() + frame.bytes.len() - from).unwrap();
    let mut before = vec![2, 0, 0, 0, 0, 0xfe, 2, 0, 0, 0, 0, 0xff, 8, 0, 0x45, 0];
    before.extend(length.to_be_bytes());
    before.extend([0, 0, 0x40, 0, 64, protocol, 0, 0]);
    before.extend(TUNNEL.iter().flat_map(Ipv4Addr::octets));
    before.extend(head);
    frame.around(&before, from)
}

/// In a UDP datagram to this port.
fn in_udp(port: u16, head: &[u8], frame: &Frame) -> Frame {
    let length = u16::try_from(8 + head.len() + frame.bytes.len()).unwrap();
    let ports = [50_000_u16, port, length, 0];
    let udp: Vec<u8> = ports.iter().flat_map(|word| word.to_be_bytes()).chain(head.iter().copied()).collect();
    tunnelled(17, &udp, frame, 0)
}

/// Every golden of a stream or of datagrams between two hosts of its own.
fn conversations() -> Vec<Frame> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/src/protocols");
    let mut capture = Capture::new();
    let mut number = 0_u16;
    for decoder in ALL {
        for golden in golden::all_in(&root.join(decoder.name()).join("golden"), decoder.carriers()[0]) {
            if !matches!(golden.carrier, Carrier::Stream(_) | Carrier::Datagram(_)) {
                continue;
            }
            number += 1;
            let [high, low] = number.to_be_bytes();
            let host =
                |side: u8| Host { mac: [0, 9, 0xfb, side, high, low], ip: Ipv4Addr::new(10, 20 + side, high, low) };
            let (client, server) = (host(1), host(2));
            if let Carrier::Stream(_) = golden.carrier {
                let said: Vec<Said> = golden
                    .pieces
                    .into_iter()
                    .map(|(direction, bytes)| match direction {
                        Direction::ToResponder => Said::Client(bytes),
                        Direction::ToInitiator => Said::Server(bytes),
                    })
                    .collect();
                capture.tcp(client, server, golden.port, &said);
                continue;
            }
            for (direction, bytes) in &golden.pieces {
                match direction {
                    Direction::ToResponder => capture.udp(client, server, (40_000, golden.port), bytes),
                    Direction::ToInitiator => capture.udp(server, client, (golden.port, 40_000), bytes),
                }
            }
        }
    }
    assert!(number > 100, "{number} goldens");
    let bytes = capture.bytes().to_vec();
    let length = bytes.len() as u64;
    let mut file = CaptureFile::of(Box::new(std::io::Cursor::new(bytes)), length).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = file.next_frame() {
        frames.push(Frame { time: frame.time, bytes: frame.bytes.to_vec() });
    }
    frames
}

struct Folded<'k>(Analysis<'k>);

impl Observer for Folded<'_> {
    fn observe(&mut self, observation: model::Observation<'_>) {
        self.0.observe(&observation);
    }
}

/// Devices, flows and weaknesses, a line each, without what differs by nature, what else is left out, and the tunnel's ends.
fn inventory(link: LinkType, frames: &[Frame], left_out: &[&str]) -> Vec<String> {
    let (mut sensor, mut folded) = (Sensor::default(), Folded(Analysis::new(&KNOWN.knowledge, &KNOWN.prefixes)));
    for (number, Frame { time, bytes }) in (1..).zip(frames) {
        let wire_length = bytes.len() as u64;
        let captured = CapturedFrame { time: *time, link: Some(link), bytes, wire_length };
        sensor.frame(&captured, FrameRef { capture: 0, number }, &mut folded);
    }
    sensor.finish(&mut folded);
    let inventory = folded.0.conclude(&["conversations.pcap".into()]);
    let devices = inventory.devices.iter().map(|row| serde_json::to_value(row).unwrap());
    let flows = inventory.flows.iter().map(|row| serde_json::to_value(row).unwrap());
    let weaknesses = inventory.weaknesses.iter().map(|row| serde_json::to_value(row).unwrap());
    let mut rows = Vec::new();
    for mut row in devices.chain(flows).chain(weaknesses) {
        if !TUNNEL.iter().any(|end| row.to_string().contains(&end.to_string())) {
            leave_out(&mut row, left_out);
            rows.push(row.to_string());
        }
    }
    rows.sort();
    rows
}

fn leave_out(value: &mut Value, left_out: &[&str]) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !DIFFERS_BY_NATURE.contains(&name.as_str()) && !left_out.contains(&name.as_str()));
            members.values_mut().for_each(|member| leave_out(member, left_out));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| leave_out(element, left_out)),
        _ => {}
    }
}

fn compare(what: &str, delivered: &[Frame], left_out: &[&str]) {
    compare_with(what, (LinkType::Ethernet, &conversations()), delivered, left_out);
}

fn compare_with(what: &str, (link, plain): (LinkType, &[Frame]), delivered: &[Frame], left_out: &[&str]) {
    let expected = inventory(link, plain, left_out);
    let found = inventory(LinkType::Ethernet, delivered, left_out);
    let missing: Vec<_> = expected.iter().filter(|row| !found.contains(row)).collect();
    let added: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
    assert!(expected.len() > 300, "{} rows", expected.len());
    assert!(missing.is_empty() && added.is_empty(), "{what}\nmissing: {missing:#?}\nadded: {added:#?}");
}

fn compare_each(what: &str, left_out: &[&str], deliver: impl Fn(&Frame) -> Frame) {
    let delivered: Vec<Frame> = conversations().iter().map(deliver).collect();
    compare(what, &delivered, left_out);
}

#[test]
fn in_segments_of_any_size() {
    for size in [1, 2, 7, 100] {
        let delivered: Vec<Frame> = conversations().iter().flat_map(|frame| cut(frame, size)).collect();
        compare(&format!("segments of {size}"), &delivered, &[]);
    }
}

#[test]
fn in_segments_out_of_order() {
    for size in [5, 40] {
        let mut delivered = Vec::new();
        for frame in conversations() {
            let mut parts = cut(&frame, size);
            parts.chunks_mut(4).for_each(<[Frame]>::reverse);
            delivered.extend(parts);
        }
        compare(&format!("segments of {size}, four in reverse"), &delivered, &[]);
    }
}

#[test]
fn twice() {
    let twice = |is_chosen: fn(&Frame) -> bool| -> Vec<Frame> {
        conversations().into_iter().flat_map(|frame| vec![frame.clone(); 1 + usize::from(is_chosen(&frame))]).collect()
    };
    compare("each segment twice", &twice(|frame| !frame.carried().is_empty()), &[]);
    // A datagram that comes twice may have been sent twice: what it asks for counts twice.
    compare("each frame twice", &twice(|_| true), &["operations"]);
}

#[test]
fn in_overlapping_segments() {
    let overlapping = |frame: &Frame| {
        let length = frame.carried().len();
        let part = |start: usize| frame.part(start.saturating_sub(8)..(start + 16).min(length));
        if length == 0 { vec![frame.clone()] } else { (0..length).step_by(16).map(part).collect() }
    };
    let delivered: Vec<Frame> = conversations().iter().flat_map(overlapping).collect();
    compare("each segment begins with the end of the one before", &delivered, &[]);
    // And once more from the beginning, in one piece.
    let again: Vec<Frame> = conversations()
        .into_iter()
        .flat_map(|frame| match frame.carried() {
            [] => vec![frame],
            _ => [cut(&frame, 16), vec![frame]].concat(),
        })
        .collect();
    compare("each segment in parts and whole again", &again, &[]);
}

#[test]
fn in_fragments() {
    for size in [8, 24, 512] {
        for reversed in [false, true] {
            let mut delivered = Vec::new();
            for (number, frame) in (1..).zip(conversations()) {
                let mut fragments = frame.fragments(number, size);
                if reversed {
                    fragments.reverse();
                }
                delivered.extend(fragments);
            }
            compare(&format!("fragments of {size}, reversed: {reversed}"), &delivered, &[]);
        }
    }
}

#[test]
fn in_tagged_frames() {
    let tagged = |tags: &[u8], frame: &Frame| frame.around(&[&frame.bytes[..12], tags].concat(), 12);
    compare_each("one tag", &["vlans", "vlan"], |frame| tagged(&[0x81, 0, 0, 42], frame));
    compare_each("two tags", &["vlans", "vlan"], |frame| tagged(&[0x88, 0xa8, 0, 7, 0x81, 0, 0, 42], frame));
    compare_each("a priority only", &[], |frame| tagged(&[0x81, 0, 0xe0, 0], frame));
}

#[test]
fn in_tunnels_of_frames() {
    compare_each("GRE", &[], |frame| tunnelled(47, &[0, 0, 0x65, 0x58], frame, 0));
    let erspan = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 1, 0, 0, 0, 0];
    compare_each("ERSPAN type II", &[], |frame| tunnelled(47, &erspan, frame, 0));
    compare_each("VXLAN", &[], |frame| in_udp(4_789, &[8, 0, 0, 0, 0, 0, 42, 0], frame));
    compare_each("Geneve", &[], |frame| in_udp(6_081, &[0, 0, 0x65, 0x58, 0, 0, 42, 0], frame));
    compare_each("VXLAN in GRE", &[], |frame| {
        tunnelled(47, &[0, 0, 0x65, 0x58], &in_udp(4_789, &[8, 0, 0, 0, 0, 0, 42, 0], frame), 0)
    });
}

/// These carry no hardware addresses: they give what the packets alone give.
#[test]
fn in_tunnels_of_packets() {
    let conversations = conversations();
    let packets: Vec<Frame> = conversations.iter().map(|frame| frame.around(&[], ETHERNET)).collect();
    for (what, protocol, head) in [("IP in IP", 4, &[][..]), ("GRE", 47, &[0, 0, 8, 0])] {
        let delivered: Vec<Frame> =
            conversations.iter().map(|frame| tunnelled(protocol, head, frame, ETHERNET)).collect();
        compare_with(what, (LinkType::RawIp, &packets), &delivered, &[]);
    }
}
