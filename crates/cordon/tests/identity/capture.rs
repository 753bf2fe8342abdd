//! Captures made here, down to hop limits and address claims.

const SYN: u8 = 2;
const PUSH: u8 = 8;
const ACK: u8 = 16;
const FIN: u8 = 1;

/// A capture in the making (classic pcap, Ethernet).
pub struct Capture {
    pub bytes: Vec<u8>,
    microseconds: u64,
    /// Where packets are sent.
    pub vlan: Option<u8>,
}

/// One end: the last byte of its hardware address, its address, and how its packets arrive.
#[derive(Clone, Copy)]
pub struct Host {
    pub mac: u8,
    pub ip: [u8; 4],
    pub hop_limit: u8,
}

pub const fn host(mac: u8, ip: [u8; 4]) -> Host {
    Host { mac, ip, hop_limit: 64 }
}

pub const fn routed(mac: u8, ip: [u8; 4]) -> Host {
    Host { mac, ip, hop_limit: 61 }
}

pub fn mac(last: u8) -> [u8; 6] {
    [0, 9, 0xfb, 0, 0, last]
}

impl Capture {
    pub fn new() -> Self {
        let words = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 0xffff, 1];
        let bytes = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        Self { bytes, microseconds: 1_780_000_000_000_000, vlan: None }
    }

    fn frame(&mut self, to: [u8; 6], from: u8, tag: &[u8], kind: [u8; 2], payload: &[u8]) {
        self.microseconds += 500;
        let frame = [&to, &mac(from), tag, kind.as_slice(), payload].concat();
        let length = u32::try_from(frame.len()).unwrap();
        let (seconds, rest) = (self.microseconds / 1_000_000, self.microseconds % 1_000_000);
        for word in [u32::try_from(seconds).unwrap(), u32::try_from(rest).unwrap(), length, length] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend(frame);
    }

    /// An ARP request (RFC 826) that claims an address.
    pub fn claims(&mut self, host: Host, vlan: Option<u8>) {
        let tag = vlan.map(|vlan| [0x81, 0, 0, vlan]);
        let sender = mac(host.mac);
        let payload = [&[0, 1, 8, 0, 6, 4, 0, 1][..], &sender, &host.ip, &[0; 6], &[10, 0, 0, 254]].concat();
        self.frame([0xff; 6], host.mac, tag.as_ref().map_or(&[], |tag| tag.as_slice()), [8, 6], &payload);
    }

    pub fn wait(&mut self, seconds: u64) {
        self.microseconds += seconds * 1_000_000;
    }

    pub fn packet(&mut self, from: Host, to: Host, protocol: u8, payload: &[u8]) {
        let length = u16::try_from(payload.len() + 20).unwrap().to_be_bytes();
        let header = [0x45, 0, length[0], length[1], 0, 1, 0x40, 0, from.hop_limit, protocol, 0, 0];
        let tag = self.vlan.map(|vlan| [0x81, 0, 0, vlan]);
        let tag = tag.as_ref().map_or(&[][..], |tag| tag.as_slice());
        self.frame(mac(to.mac), from.mac, tag, [8, 0], &[&header[..], &from.ip, &to.ip, payload].concat());
    }

    pub fn datagram(&mut self, from: Host, to: Host, port: u16) {
        self.says(from, to, (port, 9_999), b"hello");
    }

    /// A datagram without a checksum (RFC 768).
    pub fn says(&mut self, from: Host, to: Host, ports: (u16, u16), text: &[u8]) {
        let length = u16::try_from(text.len() + 8).unwrap();
        let header = [ports.0, ports.1, length, 0].map(u16::to_be_bytes).concat();
        self.packet(from, to, 17, &[&header, text].concat());
    }

    /// A whole TCP connection in which the client says something.
    pub fn tells(&mut self, client: Host, server: Host, ports: (u16, u16), text: &[u8]) {
        let (mut sent, mut received) = (1_000_u32, 5_000_u32);
        let steps: [(bool, u8, &[u8]); 7] = [
            (true, SYN, b""),
            (false, SYN | ACK, b""),
            (true, ACK, b""),
            (true, PUSH | ACK, text),
            (false, ACK, b""),
            (true, FIN | ACK, b""),
            (false, FIN | ACK, b""),
        ];
        for (from_client, flags, payload) in steps {
            let (from, to, ports, sequence, acknowledged) = match from_client {
                true => (client, server, ports, &mut sent, received),
                false => (server, client, (ports.1, ports.0), &mut received, sent),
            };
            let mut segment = [ports.0.to_be_bytes(), ports.1.to_be_bytes()].concat();
            segment.extend(sequence.to_be_bytes());
            segment.extend(acknowledged.to_be_bytes());
            segment.extend([5 << 4, flags, 0xfa, 0xf0, 0, 0, 0, 0]);
            segment.extend(payload);
            *sequence += u32::try_from(payload.len()).unwrap() + u32::from(flags & (SYN | FIN) != 0);
            self.packet(from, to, 6, &segment);
        }
    }
}
