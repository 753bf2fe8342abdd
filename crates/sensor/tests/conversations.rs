//! Connections beside Wireshark's conversations on other people's captures: the same ends, packets and bytes.
//!
//! By default every 24th capture is compared; `CONVERSATIONS_STEP=1` compares all in 20 minutes, and
//! `CONVERSATIONS_CAPTURE=part-of-a-path` those alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use model::observation::FrameRef;
use model::{Connection, Observation, Side};
use sensor::capture::CaptureFile;
use sensor::{Observer, Sensor};

/// Ends in a fixed order, then packets and bytes from the first to the second end and back.
type Row = (String, String, [u64; 4]);

#[derive(Default)]
struct Connections(Vec<Connection>);

impl Observer for Connections {
    fn observe(&mut self, observation: Observation<'_>) {
        if let Observation::Connection(connection) = observation {
            self.0.push(connection.clone());
        }
    }
}

fn ours(path: &Path, ip_protocol: u8) -> Option<Vec<Row>> {
    let mut file = CaptureFile::open(path).ok()?;
    let (mut sensor, mut connections, mut number) = (Sensor::default(), Connections::default(), 0);
    while let Some(frame) = file.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut connections);
    }
    sensor.finish(&mut connections);
    let end = |side: &Side| format!("{}:{}", side.ip.unwrap(), side.port.unwrap());
    let rows = connections.0.iter().filter(|connection| connection.ip_protocol == ip_protocol).map(|connection| {
        let (sent, received) = (connection.sent, connection.received);
        let counts = [sent.packets, sent.bytes, received.packets, received.bytes];
        ordered(end(&connection.initiator), end(&connection.responder), counts)
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort();
    Some(rows)
}

fn ordered(a: String, b: String, [to, to_bytes, back, back_bytes]: [u64; 4]) -> Row {
    if a <= b { (a, b, [to, to_bytes, back, back_bytes]) } else { (b, a, [back, back_bytes, to, to_bytes]) }
}

/// Rows as `10.0.0.1:80 <-> 10.0.0.2:1234  frames bytes  frames bytes  …`: the first pair counts what the left end got.
fn wireshark(path: &Path, protocol: &str) -> Option<Vec<Row>> {
    let output =
        Command::new("tshark").args(["-n", "-q", "-z", &format!("conv,{protocol}"), "-r"]).arg(path).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.contains("<->")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (mut numbers, mut position) = ([0_u64; 4], 3);
        for number in &mut numbers {
            let value: f64 = words[position].parse().unwrap();
            position += 1;
            // Bytes carry a unit, and are rounded above a kilobyte.
            let unit = match words.get(position) {
                Some(&"bytes") => 1.0,
                Some(&"kB") => 1_000.0,
                Some(&"MB") => 1_000_000.0,
                _ => 0.0,
            };
            *number = if unit > 0.0 {
                position += 1;
                (value * unit) as u64
            } else {
                value as u64
            };
        }
        let [back, back_bytes, to, to_bytes] = numbers;
        rows.push(ordered(words[0].to_owned(), words[2].to_owned(), [to, to_bytes, back, back_bytes]));
    }
    rows.sort();
    Some(rows)
}

/// Packets exactly, bytes as far as Wireshark prints them.
fn agree(ours: &[Row], theirs: &[Row]) -> bool {
    let close = |ours: u64, theirs: u64| {
        theirs == ours || (theirs >= 1_000 && ours.abs_diff(theirs) * 1_000 <= theirs * 2 + 1_000_000)
    };
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(a, b)| {
            (&a.0, &a.1, a.2[0], a.2[2]) == (&b.0, &b.1, b.2[0], b.2[2])
                && close(a.2[1], b.2[1])
                && close(a.2[3], b.2[3])
        })
}

/// Where the two differ, and why: parts of the captures' paths, protocol (either if empty), reason. All else must be equal.
const EXPLAINED: &[(&[&str], &str, &str)] = &[
    (
        &[
            "pcap/dlt_ppp.pcap",
            "quic_ppp.pcap",
            "quic-go_quic-go/",
            "BGP_redist.pcap",
            "BGP_Cisco_hdlc_slarp.pcap",
            "80211http.pcap",
            "arcnet-rfc",
            "nflog.pcap",
        ],
        "",
        "PPP, HDLC, radio, ARCNET, NFLOG links are not read",
    ),
    (&["6-4-gre-ppp-udp-4-dns.pcap", "tunnels/gre-pptp.pcap", "pcap/gre.pcapng"], "udp", "PPP inside GRE is not read"),
    (&["gre-over-udp-4754.pcap"], "", "GRE inside UDP is not read"),
    (&["tunnels/ayiya"], "", "AYIYA tunnels are not read"),
    (
        &[
            "tunnels/gtp/",
            "pcap/rtmp.pcap",
            "tls_change_cipher.pcap",
            "gtp-iphone.pcap",
            "tls_invalid_reads.pcap",
            "ja3_lots_of_cipher_suites_2_anon.pcap",
            "reasm_segv_anon.pcapng",
            "ipv6_in_gtp.pcap",
            "pcap/dtls.pcap",
            "false_positives.pcapng",
            "fuzz-2021-06-07-c6c72a0a56.pcap",
        ],
        "",
        "GTP-U tunnels are not read",
    ),
    (&["Malcolm-Test-Artifacts/Tunnels.pcap"], "", "GTP-U, Teredo and PPP tunnels are not read"),
    (&["pcap/ajp.pcap"], "tcp", "FabricPath frames are not read"),
    (
        &["SNMPv2c_get_requests.pcap", "snmp-pcap/", "Traces/snmp/", "snmp-v3-get-bulk-unauth.pcap"],
        "udp",
        "Wireshark makes a conversation of each SNMP request",
    ),
    (&["hart_ip.pcap", "hart-ip.pcap", "HARTIP.pcap"], "udp", "Wireshark makes a conversation of each HART-IP session"),
    (&["FAX-Call-t38"], "udp", "Wireshark makes a conversation of each H.248 or T.38 announcement"),
    (
        &["pcap/android.pcap", "pcap/iphone.pcap", "smb2-ntlmssp-negotiateflags/", "synthetic_philips_demo.pcap"],
        "udp",
        "stations without an address that ask for a lease are told apart by their hardware addresses",
    ),
    (
        &[
            "softether.pcap",
            "4in4tunnel.pcap",
            "srvloc.pcap",
            "dhcpv4v6-rfc5970-rfc8572.pcap",
            "profinet",
            "PROFINET.pcap",
        ],
        "udp",
        "hours or years apart: one conversation there, two connections here",
    ),
    (
        &["y2038-bgp.pcap", "smb_data_print-segv.pcap", "imap2.pcap"],
        "tcp",
        "hours or years apart: one conversation there, two connections here",
    ),
    (
        &["badpackets.pcap", "bootp_asan.pcap", "dhcp6_reconf_asan.pcap", "Malcolm-Test-Artifacts/RADIUS.pcap"],
        "udp",
        "fragments whose rest is missing are no connection here",
    ),
    (
        &["ipfixprobe/tests/functional/inputs/tls.pcap"],
        "tcp",
        "packets recorded twice, with the clock set back in between",
    ),
    (
        &["tcp_handshake_synthetic.pcap", "tcp-reassembly-synthetic.pcap"],
        "tcp",
        "a SYN that comes after its own SYN/ACK or FIN begins a connection of its own here",
    ),
    (
        &["fuzz-2006-09-29-28586.pcap"],
        "tcp",
        "damaged sequence numbers: where a reused port begins anew is a guess on both sides",
    ),
    (&["pcap/capwap.pcap"], "udp", "CAPWAP tunnels are not read"),
    (
        &["Malcolm-Test-Artifacts/RADIUS.pcap"],
        "udp",
        "a damaged packet that is longer than its frame is passed over here",
    ),
];

#[test]
fn counts_equal_wiresharks_conversations() {
    let Some(data) = xtask::reference::data() else { return };
    if Command::new("tshark").arg("-v").output().is_err() {
        xtask::reference::skipped("tshark is not installed");
        return;
    }
    let all = xtask::reference::captures(&data).unwrap();
    let step = std::env::var("CONVERSATIONS_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(24);
    let (mut agreeing, mut compared) = (0, 0);
    let mut different: BTreeMap<String, String> = BTreeMap::new();
    let only = std::env::var("CONVERSATIONS_CAPTURE").unwrap_or_default();
    let step = if only.is_empty() { step } else { 1 };
    for path in all.iter().step_by(step).filter(|path| path.to_string_lossy().contains(&only)) {
        for (number, protocol) in [(6, "tcp"), (17, "udp")] {
            let (Some(ours), Some(theirs)) = (ours(path, number), wireshark(path, protocol)) else { continue };
            compared += 1;
            if agree(&ours, &theirs) {
                agreeing += 1;
            } else {
                let name = format!("{} {protocol}", path.strip_prefix(&data).unwrap().display());
                let first = ours.iter().zip(&theirs).find(|(a, b)| a != b);
                different.insert(name, format!("{} ours, {} theirs; {first:?}", ours.len(), theirs.len()));
            }
        }
    }
    let mut unexplained = 0;
    for (name, what) in &different {
        let is_of = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        let reason = EXPLAINED.iter().find(|(parts, protocol, _)| is_of(parts) && name.ends_with(protocol));
        match reason {
            Some((_, _, reason)) => eprintln!("differs: {name}: {reason}"),
            None => {
                unexplained += 1;
                eprintln!("DIFFERS: {name}: {what}");
            }
        }
    }
    eprintln!("conversations: {agreeing} of {compared} capture and protocol pairs agree");
    assert!((compared > 50 || !only.is_empty()) && unexplained == 0, "{unexplained} differences that nothing explains");
}
