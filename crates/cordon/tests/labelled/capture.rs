//! Captures made here: messages of the reference data, carried by TCP or UDP between made-up hosts.

use std::net::Ipv4Addr;
use std::path::Path;

/// Ethernet.
const LINK_TYPE: u32 = 1;
/// What one segment carries at most.
const SEGMENT_MAX: usize = 1_400;
/// Clients begin with this port, and with it again after the last.
const CLIENT_PORTS: std::ops::Range<u16> = 40_000..65_000;
const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const PUSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// One end of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    pub mac: [u8; 6],
    pub ip: Ipv4Addr,
}

/// Who says what, in turn.
#[derive(Clone, Debug)]
pub enum Said {
    Client(Vec<u8>),
    Server(Vec<u8>),
}

/// A capture in the making.
pub struct Capture {
    bytes: Vec<u8>,
    microseconds: u64,
    client_port: u16,
}

impl Capture {
    pub fn new() -> Self {
        let mut bytes = Vec::new();
        for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 0xffff, LINK_TYPE] {
            bytes.extend(word.to_le_bytes());
        }
        Self { bytes, microseconds: 1_780_000_000_000_000, client_port: CLIENT_PORTS.start }
    }

    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.bytes()).unwrap();
    }

    /// What a file of it holds (pcap).
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A whole TCP connection: opened, everything said, closed.
    pub fn tcp(&mut self, client: Host, server: Host, server_port: u16, said: &[Said]) {
        self.client_port =
            if self.client_port + 1 < CLIENT_PORTS.end { self.client_port + 1 } else { CLIENT_PORTS.start };
        let ports = (self.client_port, server_port);
        let (mut sent, mut received) = (1_000_u32, 5_000_u32);
        let mut segment = |capture: &mut Self, from_client: bool, flags: u8, payload: &[u8]| {
            let (from, to, ports, sequence, acknowledged) = if from_client {
                (client, server, ports, &mut sent, received)
            } else {
                (server, client, (ports.1, ports.0), &mut received, sent)
            };
            let acknowledged = if flags & ACK == 0 { 0 } else { acknowledged };
            capture.segment((from, to), ports, (*sequence, acknowledged), flags, payload);
            let counted = u32::from(flags & (SYN | FIN) != 0);
            *sequence += u32::try_from(payload.len()).unwrap() + counted;
        };
        segment(self, true, SYN, &[]);
        segment(self, false, SYN | ACK, &[]);
        segment(self, true, ACK, &[]);
        for said in said {
            let (from_client, bytes) = match said {
                Said::Client(bytes) => (true, bytes),
                Said::Server(bytes) => (false, bytes),
            };
            for chunk in bytes.chunks(SEGMENT_MAX) {
                segment(self, from_client, PUSH | ACK, chunk);
                segment(self, !from_client, ACK, &[]);
            }
        }
        segment(self, true, FIN | ACK, &[]);
        segment(self, false, FIN | ACK, &[]);
        segment(self, true, ACK, &[]);
        self.microseconds += 1_000_000;
    }

    /// One datagram.
    pub fn udp(&mut self, from: Host, to: Host, ports: (u16, u16), payload: &[u8]) {
        let mut datagram = Vec::new();
        datagram.extend(ports.0.to_be_bytes());
        datagram.extend(ports.1.to_be_bytes());
        datagram.extend(u16::try_from(payload.len() + 8).unwrap().to_be_bytes());
        datagram.extend([0, 0]);
        datagram.extend(payload);
        self.packet(from, to, 17, &datagram);
        self.microseconds += 1_000_000;
    }

    fn segment(&mut self, hosts: (Host, Host), ports: (u16, u16), numbers: (u32, u32), flags: u8, payload: &[u8]) {
        let mut segment = Vec::new();
        segment.extend(ports.0.to_be_bytes());
        segment.extend(ports.1.to_be_bytes());
        segment.extend(numbers.0.to_be_bytes());
        segment.extend(numbers.1.to_be_bytes());
        segment.extend([5 << 4, flags, 0xfa, 0xf0, 0, 0, 0, 0]);
        segment.extend(payload);
        self.packet(hosts.0, hosts.1, 6, &segment);
    }

    /// One IPv4 packet.
    pub fn packet(&mut self, from: Host, to: Host, protocol: u8, payload: &[u8]) {
        let mut header = vec![0x45, 0];
        header.extend(u16::try_from(payload.len() + 20).unwrap().to_be_bytes());
        header.extend([0, 0, 0x40, 0, 64, protocol, 0, 0]);
        header.extend(from.ip.octets());
        header.extend(to.ip.octets());
        let sum = header.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum::<u32>();
        let folded = (sum & 0xffff) + (sum >> 16);
        let checksum = !u16::try_from((folded & 0xffff) + (folded >> 16)).unwrap();
        header[10..12].copy_from_slice(&checksum.to_be_bytes());
        header.extend(payload);
        self.frame(from.mac, to.mac, 0x0800, &header);
    }

    /// One Ethernet frame.
    pub fn frame(&mut self, from: [u8; 6], to: [u8; 6], ether_type: u16, payload: &[u8]) {
        let mut frame = Vec::new();
        frame.extend(to);
        frame.extend(from);
        frame.extend(ether_type.to_be_bytes());
        frame.extend(payload);
        self.microseconds += 500;
        let length = u32::try_from(frame.len()).unwrap();
        let seconds = u32::try_from(self.microseconds / 1_000_000).unwrap();
        let rest = u32::try_from(self.microseconds % 1_000_000).unwrap();
        for word in [seconds, rest, length, length] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend(frame);
    }
}
