//! The demonstration capture: the same bytes every time, small, and right in Wireshark's eyes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use hospital::ward::{capture, devices as ward};

/// What Wireshark remarks on and means no fault: the trouble that is meant, and what its dissectors cannot.
const REMARKS: &[&str] = &[
    "Duplicate IP address configured (10.20.30.88)",
    "Connection reset (RST)",
    "DNS query retransmission.",
    // Ed25519 signatures are unknown to Wireshark 4.0.
    "Decoded 19 bytes, but packet legnth is 83 bytes",
];

#[test]
fn the_same_bytes_every_time() {
    assert!(capture() == capture());
}

#[test]
fn it_is_small() {
    let capture = capture();
    assert!(capture.len() < 5_000_000, "{} bytes", capture.len());
}

#[test]
fn addresses_are_told_once() {
    let all = ward::all();
    let ids: BTreeSet<String> = all.iter().map(ward::Device::id).collect();
    assert_eq!(ids.len(), all.len());
    // Two devices share an address on purpose.
    let addresses: BTreeSet<_> = all.iter().map(|device| device.ip).collect();
    assert_eq!(addresses.len(), all.len() - 1);
}

#[test]
fn canaries_stand_where_patients_would() {
    let capture = capture();
    let count = |needle: &[u8]| capture.windows(needle.len()).filter(|window| *window == needle).count();
    assert!(count(ward::CANARY.as_bytes()) > 1_000);
    assert!(count(ward::CANARY_BASE_64.as_bytes()) > 0);
    let wide: Vec<u8> = ward::CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(count(&wide) > 0);
}

#[test]
fn wireshark_finds_no_fault() {
    let checked = ["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"];
    let options = checked.iter().flat_map(|option| ["-o", option]);
    // PI_WARN and PI_ERROR of Wireshark.
    let fields = [
        "-n",
        "-r",
        "-",
        "-Y",
        "_ws.expert.severity >= 0x600000",
        "-T",
        "fields",
        "-E",
        "aggregator=\t",
        "-e",
        "_ws.expert.message",
    ];
    let mut tshark = Command::new("tshark")
        .args(options)
        .args(fields)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tshark is installed by ./check");
    let mut stdin = tshark.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&capture()).unwrap());
    let output = tshark.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    // One frame may carry remarks of all severities: the harmless ones are told by their words.
    let harmless = |line: &&str| !REMARKS.iter().any(|remark| line.contains(remark));
    let faults: Vec<&str> = text.lines().filter(harmless).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(text.contains("Duplicate IP address"), "Wireshark saw nothing at all");
}
