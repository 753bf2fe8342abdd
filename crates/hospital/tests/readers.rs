//! What a hospital says in other people's eyes: Wireshark, pynetdicom and pydicom, python-hl7; and where canaries stand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use hospital::capture;
use hospital::changes;
use hospital::hospital::{Hospital, MONDAY, Plan, Variety};
use hospital::play::Frames;
use hospital::rhythm::Span;
use hospital::truth::CANARY;

/// Protocols as canaries name them.
const PROTOCOLS: [&str; 32] = [
    "ACM", "ASTM", "D08", "D10", "D18", "D20", "D32", "D40", "D7FE", "DOOR", "FTP", "HL7", "HTTP", "IV", "KRB", "LAW",
    "MDNS", "MR", "MUSE", "NK", "PCD", "PJL", "POCT", "PRINT", "RDP", "RIS", "RTSP", "SDC", "SIP", "SMB", "SMTP",
    "SNMP",
];
const FURTHER: [&str; 3] = ["SYSLOG", "TELNET", "ZPL"];
/// What Wireshark remarks on and means no fault.
const REMARKS: &[&str] = &[
    "Connection reset (RST)",
    "DNS query retransmission.",
    // Ed25519 signatures are unknown to Wireshark 4.0.
    "Decoded 19 bytes, but packet legnth is 83 bytes",
    // An address that somebody else had the day before, or until the device was replaced.
    "Duplicate IP address configured",
];

fn frames(devices: usize, variety: &Variety) -> Frames {
    let span = Span { start: MONDAY, days: 1 };
    Frames::of(&Hospital::varied(Plan { seed: 1, devices, span, attacks: Vec::new() }, variety))
}

fn everything() -> Variety {
    Variety { changes: changes::ALL.to_vec(), further_sites: 1, ipv6: true }
}

/// What a command says of a capture; `None` where it is missing, which is said.
fn said(capture: Vec<u8>, command: &mut Command) -> Option<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut running) = started else {
        eprintln!("SKIPPED: {name} is not installed");
        return None;
    };
    let mut input = running.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&capture));
    let output = running.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn file(frames: impl Iterator<Item = (u64, Vec<u8>)>) -> Vec<u8> {
    let mut file = capture::head("", "mirror");
    for (time, frame) in frames {
        capture::add(&mut file, time, &frame);
    }
    file
}

fn tshark(arguments: &[&str]) -> Command {
    let mut command = Command::new("tshark");
    command.args(["-n", "-r", "-"]).args(arguments);
    command
}

#[test]
fn wireshark_finds_no_fault() {
    let checked = ["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"];
    let options: Vec<&str> = checked.iter().flat_map(|option| ["-o", option]).collect();
    // PI_WARN and PI_ERROR of Wireshark.
    let asked = ["-Y", "_ws.expert.severity >= 0x600000 || _ws.malformed", "-T", "fields", "-e", "frame.number"];
    let told = ["-e", "_ws.col.Protocol", "-e", "_ws.col.Info", "-e", "_ws.expert.message"];
    let capture = file(frames(40, &everything()));
    let Some(text) = said(capture, &mut tshark(&[&options[..], &asked, &told].concat())) else { return };
    let harmless = |line: &&str| !REMARKS.iter().any(|remark| line.contains(remark));
    let faults: Vec<&str> = text.lines().filter(harmless).take(20).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn wireshark_sees_what_a_host_of_ipv6_does() {
    let of_ipv6 = frames(40, &everything()).filter(|(_, frame)| {
        let start = if frame[12..14] == [0x81, 0] { 16 } else { 12 };
        frame[start..start + 2] == [0x86, 0xdd]
    });
    let kinds = ["-T", "fields", "-e", "icmpv6.type", "-e", "udp.port", "-e", "dns.aaaa"];
    let Some(text) = said(file(of_ipv6), &mut tshark(&kinds)) else { return };
    for kind in ["133", "134", "135", "136", "143"] {
        assert!(text.lines().any(|line| line.starts_with(kind)), "no ICMPv6 message of type {kind}");
    }
    assert!(text.contains("5353") && text.contains("fd3c:a10e:77d0"), "no name is announced by IPv6");
}

/// ETB: an analyser's record goes on in the next frame of its own protocol.
const GOES_ON: u8 = 0x17;

/// The words that begin with the canary's mark, of all frames; what ends with its frame may be cut.
fn canaries(frames: Frames) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, frame) in frames {
        let starts = frame.iter().enumerate().filter(|(_, byte)| **byte == b'C').map(|(start, _)| start);
        for rest in starts.map(|start| &frame[start..]).filter(|rest| rest.starts_with(CANARY.as_bytes())) {
            let length = rest.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
            if rest.get(length).is_some_and(|next| *next != GOES_ON) {
                found.insert(String::from_utf8_lossy(&rest[CANARY.len()..length]).into_owned());
            }
        }
    }
    found
}

#[test]
fn each_canary_tells_protocol_and_field() {
    let found = canaries(frames(300, &Variety::default()));
    let names = || PROTOCOLS.iter().chain(&FURTHER);
    let unknown: Vec<&String> = found
        .iter()
        .filter(|canary| !names().any(|name| canary.len() > name.len() && canary.starts_with(name)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let missing: Vec<&&str> = names().filter(|name| !found.iter().any(|canary| canary.starts_with(**name))).collect();
    // Some are written in two bytes a letter; of some makers' analysers this seed has none.
    assert!(missing.iter().all(|name| ["IV", "SMB", "KRB", "LAW", "MR"].contains(*name)), "{missing:?}");
}

/// What one protocol says on TCP, each direction of each connection by itself, as lines of hexadecimal digits.
fn streams(port: &str) -> Option<String> {
    let frames = frames(60, &everything());
    let of_port = format!("tcp.port == {port} && tcp.len > 0");
    let fields = ["-Y", &of_port, "-T", "fields", "-e", "tcp.stream", "-e", "tcp.srcport", "-e", "tcp.payload"];
    said(file(frames), &mut tshark(&fields))
}

/// Runs Python over lines; where Python or a package is missing that is said.
fn python(packages: &[&str], program: &str, lines: String) -> Option<String> {
    let wanted = format!("import {}", packages.join(", "));
    let there = Command::new("python3").args(["-c", &wanted]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: python3 lacks {}: pip install pynetdicom hl7", packages.join(", "));
        return None;
    }
    said(lines.into_bytes(), Command::new("python3").args(["-c", program]))
}

const DICOM: &str = r"
import sys, io, collections
from pydicom import dcmread
from pydicom.filereader import read_dataset
from pynetdicom.pdu import (A_ASSOCIATE_RQ, A_ASSOCIATE_AC, A_ASSOCIATE_RJ, P_DATA_TF, A_RELEASE_RQ, A_RELEASE_RP,
    A_ABORT_RQ)
kinds = {1: A_ASSOCIATE_RQ, 2: A_ASSOCIATE_AC, 3: A_ASSOCIATE_RJ, 4: P_DATA_TF, 5: A_RELEASE_RQ, 6: A_RELEASE_RP,
    7: A_ABORT_RQ}
streams = collections.OrderedDict()
for line in sys.stdin:
    stream, port, payload = line.split()
    streams.setdefault((stream, port), bytearray()).extend(bytes.fromhex(payload))
read, sets = collections.Counter(), 0
for key, data in streams.items():
    rest, parts = bytes(data), {}
    while rest:
        length = int.from_bytes(rest[2:6], 'big') + 6
        pdu = kinds[rest[0]]()
        pdu.decode(rest[:length])
        assert pdu.encode() == rest[:length], key
        read[type(pdu).__name__] += 1
        for value in getattr(pdu, 'presentation_data_value_items', None) or []:
            message = value.presentation_data_value
            header, context = message[0], value.presentation_context_id
            parts.setdefault(context, b'')
            parts[context] += message[1:]
            if header & 2:
                if header & 1:
                    command = read_dataset(io.BytesIO(parts[context]), True, True)
                    assert 'CommandField' in command and 'CommandDataSetType' in command, key
                    sets += 1
                parts[context] = b''
        rest = rest[length:]
print(read['A_ASSOCIATE_RQ'], read['A_ASSOCIATE_AC'], read['P_DATA_TF'], read['A_RELEASE_RP'], sets)
";

#[test]
fn pynetdicom_reads_what_is_said_by_dicom() {
    let Some(lines) = streams("104") else { return };
    let Some(said) = python(&["pynetdicom", "pydicom"], DICOM, lines) else { return };
    let counts: Vec<u32> = said.split_whitespace().map(|count| count.parse().unwrap()).collect();
    assert!(counts.len() == 5 && counts.iter().all(|count| *count > 10), "{said}");
}

const HL7: &str = r"
import sys, collections, hl7
streams = collections.OrderedDict()
for line in sys.stdin:
    stream, port, payload = line.split()
    streams.setdefault((stream, port), bytearray()).extend(bytes.fromhex(payload))
kinds = collections.Counter()
for key, data in streams.items():
    for message in bytes(data).split(b'\x1c\x0d'):
        if not message:
            continue
        assert message[:1] == b'\x0b', (key, message[:40])
        parsed = hl7.parse(message[1:].decode('utf-8'))
        header = parsed.segment('MSH')
        assert str(header[12]).startswith('2.'), key
        kinds[str(header[9]).split('^')[0]] += 1
        for name in ('PID', 'OBX'):
            for segment in (part for part in parsed if str(part[0]) == name):
                assert len(segment) > 5, (key, str(segment))
print(*(f'{kind}={count}' for kind, count in sorted(kinds.items())))
";

#[test]
fn python_hl7_reads_what_is_said_by_hl7() {
    let Some(lines) = streams("2575") else { return };
    let Some(said) = python(&["hl7"], HL7, lines) else { return };
    for kind in ["ACK=", "ADT=", "ORM=", "ORU="] {
        assert!(said.contains(kind), "no {kind} among {said}");
    }
}
