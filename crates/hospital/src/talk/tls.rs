//! TLS 1.0 (RFC 2246), 1.2 (RFC 5246) and 1.3 (RFC 8446): hellos and certificates as they are, the rest unreadable.

use crate::bytes::{Bytes, length16, noise};
use crate::frames::{Moment, Station, Tape};
use crate::talk::asn1::{integer, object, sequence, unsigned, value};
use crate::tcp::{Open, Talk};

const HANDSHAKE: u8 = 22;
const CHANGE_CIPHER_SPEC: u8 = 20;
const APPLICATION_DATA: u8 = 23;
const TLS_1_0: u16 = 0x0301;
const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;

/// Who a certificate is for and who signed it.
pub struct Certificate<'a> {
    /// Country, organisation, common name.
    pub subject: [&'a str; 3],
    /// The same of the signer.
    pub issuer: [&'a str; 3],
    /// Names of the server.
    pub names: &'a [&'a str],
    /// First and last moment, as in `240101000000Z`.
    pub validity: [&'a str; 2],
    /// Bytes of the RSA modulus.
    pub key_bytes: usize,
    /// Signed with SHA-1, not SHA-256.
    pub is_sha_1: bool,
}

/// What a client offers: a browser's or a small library's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Up to TLS 1.3.
    Modern,
    /// Up to TLS 1.2.
    Plain,
    /// TLS 1.0 and nothing else.
    Old,
}

/// A connection on which so many bytes come back, unreadable.
pub struct Visit<'a> {
    /// What the client offers.
    pub client: Client,
    /// The server's name, if the client says it.
    pub name: &'a str,
    /// Port of the server.
    pub port: u16,
    /// What the server shows; without one it agrees on TLS 1.3, where nobody sees it.
    pub certificate: Option<&'a Certificate<'a>>,
    /// Bytes that come back.
    pub length: usize,
}

/// Records the visit.
pub fn visit(tape: &mut Tape, at: Moment, from: &Station, to: &Station, visit: &Visit<'_>) {
    let seed = seed(at, to);
    let mut talk = Talk::open(tape, at, from, to, visit.port);
    secure(&mut talk, seed, visit);
    talk.wait_ms(800).close();
}

/// A connection that stays open from one visit to the next.
#[derive(Default)]
pub struct Tunnel(Option<Open>);

impl Tunnel {
    /// The next visit; the first opens the connection.
    pub fn visit(&mut self, tape: &mut Tape, at: Moment, from: &Station, to: &Station, visit: &Visit<'_>) {
        let seed = seed(at, to);
        let mut talk = match self.0.take() {
            Some(open) => Talk::go_on(tape, at, open),
            None => {
                let mut talk = Talk::open(tape, at, from, to, visit.port);
                agree(&mut talk, seed, visit);
                talk
            }
        };
        converse(&mut talk, seed, visit);
        self.0 = Some(talk.leave());
    }
}

/// Secures a connection that is open already, and lets what is said on it cross.
pub fn secure(talk: &mut Talk<'_>, seed: u64, visit: &Visit<'_>) {
    agree(talk, seed, visit);
    converse(talk, seed, visit);
}

/// Hellos, certificate, keys.
fn agree(talk: &mut Talk<'_>, seed: u64, visit: &Visit<'_>) {
    let version = version(visit);
    let session = noise(seed ^ 1, 32);
    let hello = client_hello(visit.client, visit.name, seed, &session);
    talk.say(record(HANDSHAKE, TLS_1_0, &handshake(1, &hello)));
    let cipher_spec = record(CHANGE_CIPHER_SPEC, version, &Bytes::new().u8(1));
    match visit.certificate {
        None => {
            let hello = record(HANDSHAKE, TLS_1_2, &handshake(2, &server_hello_1_3(seed, &session)));
            let hidden = record(APPLICATION_DATA, TLS_1_2, &secret(seed ^ 2, 2_200));
            talk.wait_ms(2).answer(hello.raw(&cipher_spec).raw(hidden));
            talk.say(cipher_spec.raw(record(APPLICATION_DATA, TLS_1_2, &secret(seed ^ 3, 53))));
        }
        Some(certificate) => {
            let cipher: u16 = if version == TLS_1_0 { 0x002f } else { 0xc02f };
            talk.wait_ms(2).answer(server_flight(version, cipher, seed, certificate));
            let key = match version {
                TLS_1_0 => Bytes::new().counted16(noise(seed ^ 4, certificate.key_bytes)),
                _ => Bytes::new().counted8(noise(seed ^ 4, 32)),
            };
            let key = record(HANDSHAKE, version, &handshake(16, &key));
            let finished = |seed| record(HANDSHAKE, version, &secret(seed, 40));
            talk.say(key.raw(&cipher_spec).raw(finished(seed ^ 5)));
            talk.answer(cipher_spec.raw(finished(seed ^ 6)));
        }
    }
}

/// The client asks, and so many bytes come back.
fn converse(talk: &mut Talk<'_>, seed: u64, visit: &Visit<'_>) {
    let version = version(visit);
    talk.wait_ms(3).say(record(APPLICATION_DATA, version, &secret(seed ^ 7, 420)));
    talk.wait_ms(14);
    for (index, part) in (0_u64..).zip(vec![0_u8; visit.length].chunks(4_000)) {
        talk.answer(record(APPLICATION_DATA, version, &secret(seed.rotate_left(7) ^ index, part.len())));
    }
}

fn seed(at: Moment, to: &Station) -> u64 {
    at.0 ^ u64::from(u32::from(to.ip))
}

fn version(visit: &Visit<'_>) -> u16 {
    if visit.client == Client::Old { TLS_1_0 } else { TLS_1_2 }
}

fn secret(seed: u64, length: usize) -> Bytes {
    Bytes::new().raw(noise(seed, length))
}

fn record(kind: u8, version: u16, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).u16(version).counted16(body)
}

fn handshake(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).counted24(body)
}

fn extension(kind: u16, body: Bytes) -> Bytes {
    Bytes::new().u16(kind).counted16(body)
}

fn numbers(numbers: &[u16]) -> Bytes {
    numbers.iter().fold(Bytes::new(), |all, number| all.u16(*number))
}

fn client_hello(client: Client, name: &str, seed: u64, session: &[u8]) -> Bytes {
    let (version, suites): (u16, &[u16]) = match client {
        Client::Modern => {
            (TLS_1_2, &[0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009c, 0x002f])
        }
        Client::Plain => (TLS_1_2, &[0xc02f, 0xc030, 0xc027, 0x009c, 0x003c, 0x002f, 0x0035, 0x00ff]),
        Client::Old => (TLS_1_0, &[0x0035, 0x002f, 0x000a, 0x0005]),
    };
    let hello = Bytes::new().u16(version).raw(noise(seed, 32)).counted8(session).counted16(numbers(suites)).raw([1, 0]);
    if client == Client::Old {
        return hello;
    }
    let mut extensions = Bytes::new();
    if !name.is_empty() {
        extensions = extensions.raw(extension(0, Bytes::new().counted16(Bytes::new().u8(0).counted16(name))));
    }
    let protocols = Bytes::new().counted8("h2").counted8("http/1.1");
    extensions = extensions
        .raw(extension(23, Bytes::new()))
        .raw(extension(10, Bytes::new().counted16(numbers(&[0x001d, 0x0017, 0x0018]))))
        .raw(extension(11, Bytes::new().counted8([0])))
        .raw(extension(13, Bytes::new().counted16(numbers(&[0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501]))));
    if client == Client::Modern {
        extensions = extensions
            .raw(extension(16, Bytes::new().counted16(protocols)))
            .raw(extension(43, Bytes::new().counted8(numbers(&[TLS_1_3, TLS_1_2]))))
            .raw(extension(45, Bytes::new().counted8([1])))
            .raw(extension(51, Bytes::new().counted16(Bytes::new().u16(0x001d).counted16(noise(seed ^ 11, 32)))));
    }
    hello.counted16(extensions)
}

fn server_hello_1_3(seed: u64, session: &[u8]) -> Bytes {
    let extensions = Bytes::new()
        .raw(extension(43, Bytes::new().u16(TLS_1_3)))
        .raw(extension(51, Bytes::new().u16(0x001d).counted16(noise(seed ^ 12, 32))));
    let hello = Bytes::new().u16(TLS_1_2).raw(noise(seed ^ 13, 32)).counted8(session).u16(0x1301).u8(0);
    hello.counted16(extensions)
}

/// ServerHello, Certificate, perhaps ServerKeyExchange, ServerHelloDone.
fn server_flight(version: u16, cipher: u16, seed: u64, certificate: &Certificate<'_>) -> Bytes {
    let hello = Bytes::new().u16(version).raw(noise(seed ^ 13, 32)).counted8(noise(seed ^ 14, 32)).u16(cipher).u8(0);
    let hello = if version == TLS_1_0 { hello } else { hello.counted16(extension(0xff01, Bytes::new().u8(0))) };
    let chain = Bytes::new().counted24(Bytes::new().counted24(encoded(certificate, seed)));
    let mut flight =
        record(HANDSHAKE, version, &handshake(2, &hello)).raw(record(HANDSHAKE, version, &handshake(11, &chain)));
    if version != TLS_1_0 {
        let point = Bytes::new().u8(3).u16(0x001d).counted8(noise(seed ^ 15, 32));
        let signed = point.u16(0x0401).counted16(noise(seed ^ 16, certificate.key_bytes));
        flight = flight.raw(record(HANDSHAKE, version, &handshake(12, &signed)));
    }
    flight.raw(record(HANDSHAKE, version, &handshake(14, &Bytes::new())))
}

/// The certificate (RFC 5280 §4.1). Nobody holds its key, and its signature is none: it is there to be read.
fn encoded(certificate: &Certificate<'_>, seed: u64) -> Bytes {
    let algorithm = if certificate.is_sha_1 { "1.2.840.113549.1.1.5" } else { "1.2.840.113549.1.1.11" };
    let algorithm = sequence(&[object(algorithm), value(0x05, [])]);
    let [from, to] = certificate.validity.map(|time| value(0x17, time));
    let mut modulus = noise(u64::from(length16(certificate.subject.concat().as_bytes())) ^ 17, certificate.key_bytes);
    // The highest bit gives the key its length, the lowest makes it odd.
    if let Some(first) = modulus.first_mut() {
        *first |= 0x80;
    }
    if let Some(last) = modulus.last_mut() {
        *last |= 1;
    }
    let key = sequence(&[unsigned(0x02, &modulus), integer(65_537)]);
    let key = sequence(&[
        sequence(&[object("1.2.840.113549.1.1.1"), value(0x05, [])]),
        value(0x03, Bytes::new().u8(0).raw(key)),
    ]);
    let mut body = vec![
        value(0xa0, integer(2)),
        unsigned(0x02, &noise(seed ^ 18, 8)),
        algorithm.clone(),
        name(certificate.issuer),
        sequence(&[from, to]),
        name(certificate.subject),
        key,
    ];
    if !certificate.names.is_empty() {
        let names: Vec<Bytes> = certificate.names.iter().map(|name| value(0x82, name)).collect();
        let extension = sequence(&[object("2.5.29.17"), value(0x04, sequence(&names))]);
        body.push(value(0xa3, sequence(&[extension])));
    }
    let signature = value(0x03, Bytes::new().u8(0).raw(noise(seed ^ 19, certificate.key_bytes)));
    sequence(&[sequence(&body), algorithm, signature])
}

/// Country, organisation, common name.
fn name(parts: [&str; 3]) -> Bytes {
    let kinds = [("2.5.4.6", 0x13_u8), ("2.5.4.10", 0x0c), ("2.5.4.3", 0x0c)];
    let parts = kinds.iter().zip(parts).filter(|(_, text)| !text.is_empty());
    let parts: Vec<Bytes> =
        parts.map(|((kind, tag), text)| value(0x31, sequence(&[object(kind), value(*tag, text)]))).collect();
    sequence(&parts)
}
