//! Floods: made-up hardware addresses, half-open connections, DHCP requests, names and medical connections by the thousand.
//! Memory stays within a limit, and what is known of the devices that were there before is what it is without the flood:
//! what they did before it, during it and after it.
//!
//! `CORDON_FLOOD=1000000` sends a million of each (build with `--release`); otherwise few enough for every day.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::Value;
use wire::protocols::{Carrier, Direction};

#[path = "labelled/capture.rs"]
#[allow(dead_code)]
mod capture;
#[path = "../../wire/src/protocols/golden.rs"]
#[allow(dead_code)]
mod golden;

use capture::{Capture, Host, Said};

/// What `cordon analyze` may take, in MiB.
const MEMORY_MIB_MAX: i64 = 2_560;
/// Devices that are there before the flood.
const KNOWN: u8 = 20;
/// How often they speak during it.
const TURNS: usize = 10;
/// The capture to analyse; set only in the process that measures.
const CAPTURE: &str = "CORDON_FLOOD_CAPTURE";
const SYN: u8 = 2;
const PUSH_ACK: u8 = 0x18;
const SERVER: Host = Host { mac: [0, 9, 0xfb, 0, 0, 200], ip: Ipv4Addr::new(10, 0, 0, 200) };

/// The frames of one more of the flood.
type Flood = fn(u32) -> Vec<Vec<u8>>;

fn size() -> u32 {
    std::env::var("CORDON_FLOOD").map_or(20_000, |number| number.parse().unwrap())
}

/// Another number for each, without order.
fn mixed(number: u32) -> [u8; 4] {
    (number.wrapping_mul(0x9e37_79b1) ^ 0x5bd1_e995).to_be_bytes()
}

fn made_up(number: u32) -> Host {
    let [a, b, c, d] = mixed(number);
    Host { mac: [0, 0x1b, a, b, c, d], ip: Ipv4Addr::new(10, 64 | b, c, d) }
}

/// One frame of the capture's maker, without its file's header and the frame's.
fn frame(make: impl Fn(&mut Capture)) -> Vec<u8> {
    let mut capture = Capture::new();
    make(&mut capture);
    capture.bytes()[40..].to_vec()
}

fn datagram(from: Host, to: Host, ports: (u16, u16), payload: &[u8]) -> Vec<Vec<u8>> {
    vec![frame(|capture| capture.udp(from, to, ports, payload))]
}

fn segment(from: Host, ports: (u16, u16), sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let words = [u32::from(ports.0) << 16 | u32::from(ports.1), sequence, 0, 0x5000_faf0 | u32::from(flags) << 16, 0];
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect();
    frame(|capture| capture.packet(from, SERVER, 6, &bytes))
}

fn addresses(number: u32) -> Vec<Vec<u8>> {
    datagram(made_up(number), SERVER, (40_000, 9_999), b"hello")
}

/// From all over the world, through one router.
fn half_open(number: u32) -> Vec<Vec<u8>> {
    let from = Host { mac: [0, 9, 0xfb, 0, 0, 254], ip: Ipv4Addr::from(mixed(number)) };
    vec![segment(from, (mixed(number)[0].into(), 104), number, SYN, &[])]
}

/// DHCPDISCOVER with a host name (RFC 2131 §2, RFC 2132 §3.14).
fn dhcp_requests(number: u32) -> Vec<Vec<u8>> {
    let Host { mac, .. } = made_up(number);
    let mut message = vec![1, 1, 6, 0];
    message.extend(mixed(number));
    message.resize(28, 0);
    message.extend(mac);
    message.resize(236, 0);
    let name = format!("pump-{number:08x}");
    message.extend([99, 130, 83, 99, 53, 1, 1, 12, name.len() as u8]);
    message.extend(name.as_bytes());
    message.push(255);
    let to = Host { mac: [0xff; 6], ip: Ipv4Addr::BROADCAST };
    datagram(Host { mac, ip: Ipv4Addr::UNSPECIFIED }, to, (68, 67), &message)
}

/// Answers of a name server that says where a name is (RFC 1035 §4.1).
fn names(number: u32) -> Vec<Vec<u8>> {
    let name = format!("pump-{number:08x}");
    let [high, low, ..] = mixed(number);
    let mut message = vec![high, low, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, name.len() as u8];
    message.extend(name.as_bytes());
    message.extend([4, b'w', b'a', b'r', b'd', 0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
    message.extend(made_up(number).ip.octets());
    datagram(SERVER, known(KNOWN), (53, 40_000), &message)
}

/// Every other one DICOM (PS3.8 §9.3.2) or HL7 (v2 §2.14.9), with an application of its own.
fn medical(number: u32) -> Vec<Vec<u8>> {
    let from = made_up(number);
    let (port, message) = if number.is_multiple_of(2) {
        let mut associate = vec![0, 1, 0, 0];
        associate.extend(format!("{:16}AE{number:014}", "ARCHIVE").as_bytes());
        associate.resize(68, 0);
        associate.extend([0x10, 0, 0, 21]);
        associate.extend(b"1.2.840.10008.3.1.1.1");
        (104, [&[1, 0, 0, 0, 0, associate.len() as u8], associate.as_slice()].concat())
    } else {
        let text = format!("\x0bMSH|^~\\&|PUMP{number}|ICU|EMR|SITE|20260102030405||ORU^R01|{number}|P|2.6\r\x1c\r");
        (2_575, text.into_bytes())
    };
    vec![segment(from, (40_000, port), 1_000, SYN, &[]), segment(from, (40_000, port), 1_001, PUSH_ACK, &message)]
}

fn known(number: u8) -> Host {
    Host { mac: [0, 9, 0xfb, 0, 1, number], ip: Ipv4Addr::new(10, 0, 1, number + 1) }
}

fn golden_said(protocol: &str, name: &str) -> (u16, Vec<Said>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/src/protocols").join(protocol).join("golden");
    let all = golden::all_in(&folder, Carrier::Stream(&[]));
    let golden = all.into_iter().find(|golden| golden.path.file_stem().unwrap() == name).unwrap();
    let said = golden.pieces.into_iter().map(|(direction, bytes)| match direction {
        Direction::ToResponder => Said::Client(bytes),
        Direction::ToInitiator => Said::Server(bytes),
    });
    (golden.port, said.collect())
}

/// What the known devices do in one turn, so many seconds after the beginning: HL7 first, DICOM in the end, and in between
/// what shows that they are there.
fn known_devices(turn: usize, seconds: u32) -> Vec<u8> {
    let mut capture = Capture::new();
    for number in 0..KNOWN {
        match turn {
            0 | TURNS => {
                let (protocol, name) =
                    if turn == 0 { ("hl7", "monitor_of_itself") } else { ("dicom", "ct_stores_image") };
                let (port, said) = golden_said(protocol, name);
                capture.tcp(known(number), SERVER, port, &said);
            }
            _ => capture.udp(known(number), SERVER, (40_000, 9_999), b"here"),
        }
    }
    let mut records = capture.bytes()[24..].to_vec();
    let mut at = 0;
    while at < records.len() {
        let word = |place: usize| u32::from_le_bytes(records[place..place + 4].try_into().unwrap());
        let (time, length) = (word(at) + seconds, word(at + 8));
        records[at..at + 4].copy_from_slice(&time.to_le_bytes());
        at += 16 + length as usize;
    }
    records
}

/// Writes a capture: the known devices, and between their turns the flood.
fn write(path: &Path, flood: Option<Flood>) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(&Capture::new().bytes()[..24]).unwrap();
    let share = size() / TURNS as u32;
    for turn in 0..=TURNS {
        let seconds = turn as u32 * 120;
        file.write_all(&known_devices(turn, seconds)).unwrap();
        let Some(flood) = flood.filter(|_| turn < TURNS) else { continue };
        for number in 0..share {
            let microseconds = u64::from(number) * 60_000_000 / u64::from(share);
            let seconds = 1_780_000_000 + seconds + 50 + (microseconds / 1_000_000) as u32;
            for frame in flood(turn as u32 * share + number) {
                let length = frame.len() as u32;
                for word in [seconds, (microseconds % 1_000_000) as u32, length, length] {
                    file.write_all(&word.to_le_bytes()).unwrap();
                }
                file.write_all(&frame).unwrap();
            }
        }
    }
    file.flush().unwrap();
}

/// Analyses a capture; gives the rows of the known devices, and the memory in MiB and the processor time that it took.
fn analyzed(flood: Option<Flood>) -> (BTreeMap<String, Value>, i64, String) {
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("flood.pcap");
    write(&capture, flood);
    // The peak of one child is told apart only by a process that has no other.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "measured", "--nocapture"]).env(CAPTURE, &capture).stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let used = said.lines().find_map(|line| line.strip_prefix("used ")).unwrap_or_else(|| panic!("{said}")).to_owned();
    let ids: BTreeSet<String> = (0..KNOWN).map(|number| format!("mac-0009fb0001{number:02x}")).collect();
    let mut rows = BTreeMap::new();
    for line in BufReader::new(File::open(results(&capture).join("devices.jsonl")).unwrap()).lines() {
        let line = line.unwrap();
        // Most rows are the flood's, and large.
        let Some(id) = line.split('"').nth(3).filter(|id| ids.contains(*id)) else { continue };
        let mut row: Value = serde_json::from_str(&line).unwrap();
        without_places(&mut row);
        rows.insert(id.to_owned(), row);
    }
    let (mebibytes, seconds) = used.split_once(' ').unwrap();
    (rows, mebibytes.parse().unwrap(), seconds.to_owned())
}

fn results(capture: &Path) -> PathBuf {
    capture.with_file_name("results")
}

/// Runs the program and says what it took. Does nothing when it is run as a test.
#[test]
#[allow(clippy::print_stdout)]
fn measured() {
    let Some(capture) = std::env::var_os(CAPTURE).map(PathBuf::from) else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("analyze").arg(&capture).arg("--out").arg(results(&capture)).stdout(Stdio::null());
    assert!(command.status().unwrap().success());
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds = usage.user_time().tv_sec() + usage.system_time().tv_sec();
    println!("\nused {} {seconds}", usage.max_rss() / 1_024);
}

/// Frames have other numbers in a flood.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("frame");
            members.values_mut().for_each(without_places);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_places),
        _ => {}
    }
}

fn survives(what: &str, flood: Flood) {
    let (expected, alone, _) = analyzed(None);
    assert_eq!(expected.len(), usize::from(KNOWN));
    for row in expected.values() {
        let shown = row["attributes"].to_string();
        assert!(shown.contains("hl7") && shown.contains("dicom"), "the last turn shows too: {shown}");
    }
    let (found, memory, seconds) = analyzed(Some(flood));
    eprintln!("{what}: {} sent, {memory} MiB ({alone} without), {seconds} s of processor time", size());
    assert!(memory <= MEMORY_MIB_MAX, "{what}: {memory} MiB");
    for (id, row) in &expected {
        assert_eq!(found.get(id), Some(row), "{what}: left is with the flood");
    }
}

#[test]
fn of_hardware_addresses() {
    survives("hardware addresses", addresses);
}

#[test]
fn of_half_open_connections() {
    survives("half-open connections", half_open);
}

#[test]
fn of_dhcp_requests() {
    survives("DHCP requests", dhcp_requests);
}

#[test]
fn of_names() {
    survives("names", names);
}

#[test]
fn of_medical_connections() {
    survives("medical connections", medical);
}
