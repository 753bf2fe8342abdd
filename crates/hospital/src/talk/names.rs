//! Names: DNS (RFC 1035), mDNS (RFC 6762) with service discovery (RFC 6763), LLMNR (RFC 4795), NetBIOS (RFC 1002).

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::bytes::{Bytes, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

const A: u16 = 1;
const AAAA: u16 = 28;
const PTR: u16 = 12;
const TXT: u16 = 16;
const SRV: u16 = 33;
const INTERNET: u16 = 1;
/// The record replaces what was known before (RFC 6762 §10.2).
const CACHE_FLUSH: u16 = 0x8001;
const MDNS: (Ipv4Addr, u16) = (Ipv4Addr::new(224, 0, 0, 251), 5353);
const LLMNR: (Ipv4Addr, u16) = (Ipv4Addr::new(224, 0, 0, 252), 5355);

/// Asks the name server for an address; `None` if there is no such name.
pub fn lookup(tape: &mut Tape, at: Moment, from: &Station, server: &Station, name: &str, address: Option<Ipv4Addr>) {
    let id = id_of(name, at);
    let question = Bytes::new().raw(encoded(name)).u16(A).u16(INTERNET);
    let query = header(id, 0x0100, [1, 0, 0, 0]).raw(&question);
    let response = match address {
        Some(address) => {
            let record = Bytes::new().u16(0xc00c).u16(A).u16(INTERNET).u32(1_200).counted16(address.octets());
            header(id, 0x8580, [1, 1, 0, 0]).raw(&question).raw(record)
        }
        None => header(id, 0x8583, [1, 0, 0, 0]).raw(&question),
    };
    let port = tape.port(from);
    tape.udp(at, (from, port), (server, 53), query.as_ref());
    tape.udp(at.after_us(700), (server, 53), (from, port), response.as_ref());
}

/// Asks the name server who offers a service (RFC 2782); somebody does.
pub fn locate(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    server: &Station,
    service: &str,
    (host, offered): (&str, u16),
) {
    let id = id_of(service, at);
    let question = Bytes::new().raw(encoded(service)).u16(SRV).u16(INTERNET);
    let offer = Bytes::new().u16(0).u16(100).u16(offered).raw(encoded(host));
    let record = Bytes::new().u16(0xc00c).u16(SRV).u16(INTERNET).u32(600).counted16(offer);
    let port = tape.port(from);
    let query = header(id, 0x0100, [1, 0, 0, 0]).raw(&question);
    tape.udp(at, (from, port), (server, 53), query.as_ref());
    let response = header(id, 0x8580, [1, 1, 0, 0]).raw(question).raw(record);
    tape.udp(at.after_us(700), (server, 53), (from, port), response.as_ref());
}

/// Asks by reverse lookup over TCP, as some do.
pub fn reverse_lookup(tape: &mut Tape, at: Moment, from: &Station, server: &Station, address: Ipv4Addr, name: &str) {
    let [a, b, c, d] = address.octets();
    let question = Bytes::new().raw(encoded(&format!("{d}.{c}.{b}.{a}.in-addr.arpa"))).u16(PTR).u16(INTERNET);
    let id = id_of(name, at);
    let record = Bytes::new().u16(0xc00c).u16(PTR).u16(INTERNET).u32(3_600).counted16(encoded(name));
    let mut talk = Talk::open(tape, at, from, server, 53);
    talk.say(Bytes::new().counted16(header(id, 0x0100, [1, 0, 0, 0]).raw(&question)));
    talk.answer(Bytes::new().counted16(header(id, 0x8580, [1, 1, 0, 0]).raw(question).raw(record)));
    talk.close();
}

/// A service as it is announced by mDNS.
pub struct Service<'a> {
    /// As in `_ipp._tcp`.
    pub kind: &'a str,
    /// What it is called.
    pub instance: &'a str,
    /// Its port.
    pub port: u16,
    /// What it tells of itself, as in `ty=…`.
    pub text: &'a [&'a str],
}

/// Announces a host and its services to the link.
pub fn announce(tape: &mut Tape, at: Moment, from: &Station, host: &str, services: &[Service<'_>]) {
    let host = encoded(&format!("{host}.local"));
    let mut records = Bytes::new();
    let mut count = 0_u16;
    let mut add = |name: &Bytes, kind: u16, class: u16, seconds: u32, data: &Bytes| {
        count = count.saturating_add(1);
        records = std::mem::take(&mut records).raw(name).u16(kind).u16(class).u32(seconds).counted16(data);
    };
    for service in services {
        let kind = encoded(&format!("{}.local", service.kind));
        let instance = Bytes::new().counted8(service.instance).raw(&kind);
        let text = service.text.iter().fold(Bytes::new(), |text, line| text.counted8(line));
        add(&kind, PTR, INTERNET, 4_500, &instance);
        add(&instance, SRV, CACHE_FLUSH, 120, &Bytes::new().u16(0).u16(0).u16(service.port).raw(&host));
        add(&instance, TXT, CACHE_FLUSH, 4_500, &text);
    }
    add(&host, A, CACHE_FLUSH, 120, &Bytes::new().raw(from.ip.octets()));
    let message = header(0, 0x8400, [0, count, 0, 0]).raw(records);
    tape.udp_to_group(at, (from, MDNS.1), MDNS, message.as_ref());
    tape.udp_to_group(at.after_s(1), (from, MDNS.1), MDNS, message.as_ref());
}

/// A host announces its name with its addresses of IPv6 (RFC 6762 §8.3, RFC 3596 §2.1).
pub fn name_by_ipv6(host: &str, addresses: &[Ipv6Addr]) -> Bytes {
    let host = encoded(&format!("{host}.local"));
    let count = u16::try_from(addresses.len()).unwrap_or(0);
    addresses.iter().fold(header(0, 0x8400, [0, count, 0, 0]), |message, address| {
        message.raw(&host).u16(AAAA).u16(CACHE_FLUSH).u32(120).counted16(address.octets())
    })
}

/// A question for an address of IPv6, and the answer that there is no such name.
pub fn unknown_by_ipv6(name: &str, at: Moment) -> (Bytes, Bytes) {
    let question = Bytes::new().raw(encoded(name)).u16(AAAA).u16(INTERNET);
    let id = id_of(name, at);
    (header(id, 0x0100, [1, 0, 0, 0]).raw(&question), header(id, 0x8583, [1, 0, 0, 0]).raw(question))
}

/// Asks the link who offers a service.
pub fn browse(tape: &mut Tape, at: Moment, from: &Station, kind: &str) {
    let question = Bytes::new().raw(encoded(&format!("{kind}.local"))).u16(PTR).u16(INTERNET);
    let message = header(0, 0, [1, 0, 0, 0]).raw(question);
    tape.udp_to_group(at, (from, MDNS.1), MDNS, message.as_ref());
}

/// Asks the link for a name that the name server does not know; nobody may have it.
pub fn llmnr(tape: &mut Tape, at: Moment, from: &Station, name: &str, holder: Option<&Station>) {
    let id = id_of(name, at);
    let port = tape.port(from);
    let question = Bytes::new().raw(encoded(name)).u16(A).u16(INTERNET);
    let query = header(id, 0, [1, 0, 0, 0]).raw(&question);
    tape.udp_to_group(at, (from, port), LLMNR, query.as_ref());
    let Some(holder) = holder else {
        return tape.udp_to_group(at.after_ms(410), (from, port), LLMNR, query.as_ref());
    };
    let record = Bytes::new().raw(encoded(name)).u16(A).u16(INTERNET).u32(30).counted16(holder.ip.octets());
    let response = header(id, 0x8000, [1, 1, 0, 0]).raw(question).raw(record);
    tape.udp(at.after_ms(1), (holder, LLMNR.1), (from, port), response.as_ref());
}

/// A computer registers its name and its group with everybody (RFC 1002 §4.2.2).
pub fn netbios_registration(tape: &mut Tape, at: Moment, from: &Station, name: &str, group: &str) {
    let names = [(name, 0_u8, 0_u16), (name, 0x20, 0), (group, 0, 0x8000)];
    for (index, (name, suffix, flags)) in (0_u64..).zip(names) {
        let question = Bytes::new().raw(netbios_name(name, suffix)).u16(0x20).u16(INTERNET);
        let record = Bytes::new().u16(0xc00c).u16(0x20).u16(INTERNET).u32(300_000);
        let record = record.counted16(Bytes::new().u16(flags).raw(from.ip.octets()));
        let message = header(id_of(name, at), 0x2910, [1, 0, 0, 1]).raw(question).raw(record);
        for time in 0..3_u64 {
            let at = at.after_ms(index.saturating_mul(40).saturating_add(time.saturating_mul(750)));
            tape.udp_to_group(at, (from, 137), (from.broadcast(), 137), message.as_ref());
        }
    }
}

/// Asks a computer for all its names (RFC 1002 §4.2.17, §4.2.18).
pub fn netbios_status(tape: &mut Tape, at: Moment, from: &Station, to: &Station, name: &str, group: &str) {
    let any = Bytes::new().counted8(Bytes::new().text("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).u8(0);
    let id = id_of(name, at);
    let question = header(id, 0, [1, 0, 0, 0]).raw(&any).u16(0x21).u16(INTERNET);
    let names = Bytes::new()
        .u8(3)
        .fixed(name, 15, b' ')
        .u8(0)
        .u16(0x0400)
        .fixed(group, 15, b' ')
        .u8(0)
        .u16(0x8400)
        .fixed(name, 15, b' ')
        .u8(0x20)
        .u16(0x0400)
        .raw(to.mac)
        .zeros(40);
    let answer = header(id, 0x8400, [0, 1, 0, 0]).raw(any).u16(0x21).u16(INTERNET).u32(0).counted16(names);
    tape.udp(at, (from, 137), (to, 137), question.as_ref());
    tape.udp(at.after_us(600), (to, 137), (from, 137), answer.as_ref());
}

/// A computer announces itself to its group's browsers (MS-BRWS §2.2.1).
pub fn computer_announcement(tape: &mut Tape, at: Moment, from: &Station, name: &str, group: &str) {
    let frame = Bytes::new().raw([1, 0]).little32(720_000).fixed(name, 16, 0).raw([10, 0]);
    let frame = frame.little32(0x0000_1003).raw([0x0f, 0x01, 0x55, 0xaa]).u8(0);
    let length = u16::try_from(frame.len()).unwrap_or(0);
    let mailslot = "\\MAILSLOT\\BROWSE\0";
    let transaction = Bytes::new().raw([0xff]).text("SMB").u8(0x25).zeros(27).u8(17);
    let transaction = transaction.little16(0).little16(length).zeros(8).little32(1_000).little16(0);
    let transaction = transaction.little16(0).little16(0).little16(length).little16(86).raw([3, 0, 1, 0, 0, 0, 2, 0]);
    let transaction = transaction.little16(length.saturating_add(17)).text(mailslot).raw(frame);
    let names = Bytes::new().raw(netbios_name(name, 0)).raw(netbios_name(group, 0x1d)).raw(transaction);
    let datagram = Bytes::new().raw([0x11, 0x0a]).u16(id_of(name, at)).raw(from.ip.octets()).u16(138);
    let datagram = datagram.u16(u16::try_from(names.len()).unwrap_or(0)).u16(0).raw(names);
    tape.udp_to_group(at, (from, 138), (from.broadcast(), 138), datagram.as_ref());
}

fn header(id: u16, flags: u16, counts: [u16; 4]) -> Bytes {
    counts.iter().fold(Bytes::new().u16(id).u16(flags), |header, count| header.u16(*count))
}

/// Labels with their lengths (RFC 1035 §3.1).
fn encoded(name: &str) -> Bytes {
    name.split('.').fold(Bytes::new(), |labels, label| labels.counted8(label)).u8(0)
}

/// Sixteen bytes as thirty-two letters (RFC 1001 §14.1).
fn netbios_name(name: &str, suffix: u8) -> Bytes {
    let name = Bytes::new().fixed(name, 15, b' ').u8(suffix);
    let letter = |half: u8| b'A'.saturating_add(half);
    let letters: Vec<u8> = name.as_ref().iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect();
    Bytes::new().counted8(letters).u8(0)
}

fn id_of(name: &str, at: Moment) -> u16 {
    let seed = name.bytes().fold(at.0, |seed, byte| seed.rotate_left(5) ^ u64::from(byte));
    u16::try_from(noise32(seed) >> 16).unwrap_or(0)
}
