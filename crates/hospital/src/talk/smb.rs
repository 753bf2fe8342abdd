//! SMB 3 (MS-SMB2) with NTLM (MS-NLMP) inside SPNEGO (RFC 4178): a workstation signs in and reads a file.

use crate::bytes::{Bytes, length16, length32, noise};
use crate::frames::{Moment, Station, Tape};
use crate::talk::asn1::{object, sequence, value};
use crate::tcp::Talk;

const PORT: u16 = 445;
const NEGOTIATE: u16 = 0;
const SESSION_SETUP: u16 = 1;
const LOGOFF: u16 = 2;
const TREE_CONNECT: u16 = 3;
const TREE_DISCONNECT: u16 = 4;
const CREATE: u16 = 5;
const CLOSE: u16 = 6;
const READ: u16 = 8;
const MORE_PROCESSING: u32 = 0xc000_0016;
/// NTLM inside SPNEGO.
const NTLM: &str = "1.3.6.1.4.1.311.2.2.10";
/// Unicode, NTLM, extended session security, target info, version, 128 and 56 bits.
const FLAGS: u32 = 0xe288_8215;
const SESSION: u64 = 0x0000_0400_0000_0019;
const TREE: u32 = 5;
const FILE: [u8; 16] = [7, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];

/// One side: NetBIOS name and version of Windows.
pub struct Computer<'a> {
    /// As it shows.
    pub station: Station,
    /// NetBIOS name.
    pub name: &'a str,
    /// What its full name ends with.
    pub domain: &'a str,
    /// Major, minor, build.
    pub version: (u8, u8, u16),
}

/// Negotiates, signs in, opens a share, reads a file, signs off. Nothing is signed.
pub fn session(tape: &mut Tape, at: Moment, client: &Computer<'_>, server: &Computer<'_>, domain: &str, length: usize) {
    reading(tape, at, (client, server), domain, length, false);
}

/// The same with a server that wants everything signed, as domain controllers do.
pub fn signed_session(
    tape: &mut Tape,
    at: Moment,
    client: &Computer<'_>,
    server: &Computer<'_>,
    domain: &str,
    length: usize,
) {
    reading(tape, at, (client, server), domain, length, true);
}

fn reading(
    tape: &mut Tape,
    at: Moment,
    (client, server): (&Computer<'_>, &Computer<'_>),
    domain: &str,
    length: usize,
    is_signed: bool,
) {
    let seed = at.0;
    let mut file = Exchange {
        talk: Talk::open(tape, at, &client.station, &server.station, PORT),
        message: 0,
        session: 0,
        tree: 0,
        is_signed: false,
    };
    // MS-SMB2 §2.2.4: signing is enabled, or required as well.
    let mode = if is_signed { 3 } else { 1 };
    let dialects = [0x0202_u16, 0x0210, 0x0300, 0x0302];
    let asked =
        Bytes::new().little16(36).little16(4).little16(1).little16(0).little32(0x7f).raw(noise(seed, 16)).zeros(8);
    file.ask(NEGOTIATE, &dialects.iter().fold(asked, |asked, dialect| asked.little16(*dialect)));
    let token = spnego_start();
    let agreed =
        Bytes::new().little16(65).little16(mode).little16(0x0302).little16(0).raw(noise(77, 16)).little32(0x7f);
    let agreed = agreed.little32(0x0010_0000).little32(0x0010_0000).little32(0x0010_0000).raw(file_time(at)).zeros(8);
    let agreed = agreed.little16(128).little16(length16(token.as_ref())).little32(0).raw(token);
    file.answer(NEGOTIATE, 0, &agreed);

    file.ask(SESSION_SETUP, &sign_in(&spnego_offer(&negotiate(client))));
    file.session = SESSION;
    file.answer(SESSION_SETUP, MORE_PROCESSING, &signed_in(&spnego_answer(1, &challenge(seed, at, server, domain))));
    file.ask(SESSION_SETUP, &sign_in(&spnego_reply(&authenticate(seed, at, client, server, domain))));
    file.is_signed = is_signed;
    file.answer(SESSION_SETUP, 0, &signed_in(&value(0xa1, sequence(&[value(0xa0, value(0x0a, [0]))]))));

    let path = Bytes::new().wide(&format!("\\\\{}\\ward", server.name));
    file.ask(
        TREE_CONNECT,
        &Bytes::new().little16(9).little16(0).little16(72).little16(length16(path.as_ref())).raw(path),
    );
    file.tree = TREE;
    file.answer(
        TREE_CONNECT,
        0,
        &Bytes::new().little16(16).u8(1).u8(0).little32(0x30).little32(0).little32(0x001f_01ff),
    );
    file.read("CANARYSMBFOLDER letters\\CANARYSMBFILE PATIENT.docx", length, seed);
    file.ask(TREE_DISCONNECT, &Bytes::new().little16(4).little16(0));
    file.answer(TREE_DISCONNECT, 0, &Bytes::new().little16(4).little16(0));
    file.ask(LOGOFF, &Bytes::new().little16(4).little16(0));
    file.answer(LOGOFF, 0, &Bytes::new().little16(4).little16(0));
    file.talk.close();
}

struct Exchange<'t> {
    talk: Talk<'t>,
    message: u64,
    session: u64,
    tree: u32,
    /// Messages carry signatures (MS-SMB2 §3.1.4.1); nobody can check them here.
    is_signed: bool,
}

impl Exchange<'_> {
    fn ask(&mut self, command: u16, body: &Bytes) {
        let message = self.message(command, 0, false, body);
        self.talk.wait_ms(1).say(message);
    }

    fn answer(&mut self, command: u16, status: u32, body: &Bytes) {
        let message = self.message(command, status, true, body);
        self.talk.answer(message);
        self.message = self.message.saturating_add(1);
    }

    /// Header (MS-SMB2 §2.2.1.2) and body behind a NetBIOS length.
    fn message(&self, command: u16, status: u32, is_answer: bool, body: &Bytes) -> Bytes {
        // Only a session that exists has a tree and a number.
        let header = Bytes::new().raw([0xfe]).text("SMB").little16(64).little16(1).little32(status).little16(command);
        let header = header
            .little16(31)
            .little32(u32::from(is_answer) | u32::from(self.is_signed) << 3)
            .little32(0)
            .little64(self.message);
        let header = header.little32(0xfeff).little32(self.tree).little64(self.session);
        let seed = self.session ^ self.message ^ u64::from(is_answer) << 32;
        let header = if self.is_signed { header.raw(noise(seed, 16)) } else { header.zeros(16) };
        Bytes::new().u8(0).counted24(header.raw(body))
    }

    fn read(&mut self, name: &str, length: usize, seed: u64) {
        let name = Bytes::new().wide(name);
        let create = Bytes::new().little16(57).u8(0).u8(0).little32(2).zeros(16).little32(0x0012_0089).little32(0);
        let create = create.little32(7).little32(1).little32(0x44).little16(120).little16(length16(name.as_ref()));
        self.ask(CREATE, &create.little32(0).little32(0).raw(name));
        let size = u64::try_from(length).unwrap_or(0);
        let opened =
            Bytes::new().little16(89).u8(0).u8(0).little32(1).zeros(32).little64(size).little64(size).little32(0x20);
        self.answer(CREATE, 0, &opened.little32(0).raw(FILE).little32(0).little32(0));
        let content = Bytes::new().text("CANARYSMBDATA1 ").raw(noise(seed, length.saturating_sub(15)));
        let wanted =
            Bytes::new().little16(49).u8(0x50).u8(0).little32(length32(content.as_ref())).little64(0).raw(FILE);
        self.ask(READ, &wanted.little32(0).little32(0).little32(0).little16(0).little16(0).u8(0));
        let found = Bytes::new().little16(17).u8(80).u8(0).little32(length32(content.as_ref())).little32(0).little32(0);
        self.answer(READ, 0, &found.raw(content));
        self.ask(CLOSE, &Bytes::new().little16(24).little16(0).little32(0).raw(FILE));
        self.answer(CLOSE, 0, &Bytes::new().little16(60).zeros(58));
    }
}

fn sign_in(token: &Bytes) -> Bytes {
    let head = Bytes::new().little16(25).u8(0).u8(1).little32(1).little32(0).little16(88);
    head.little16(length16(token.as_ref())).little64(0).raw(token)
}

fn signed_in(token: &Bytes) -> Bytes {
    Bytes::new().little16(9).little16(0).little16(72).little16(length16(token.as_ref())).raw(token)
}

/// The server's list of mechanisms (RFC 4178 §4.2.1).
fn spnego_start() -> Bytes {
    let mechanisms = value(0xa0, sequence(&[object(NTLM)]));
    value(0x60, Bytes::new().raw(object("1.3.6.1.5.5.2")).raw(value(0xa0, sequence(&[mechanisms]))))
}

fn spnego_offer(token: &Bytes) -> Bytes {
    let offer = sequence(&[value(0xa0, sequence(&[object(NTLM)])), value(0xa2, value(0x04, token))]);
    value(0x60, Bytes::new().raw(object("1.3.6.1.5.5.2")).raw(value(0xa0, offer)))
}

fn spnego_answer(state: u8, token: &Bytes) -> Bytes {
    let parts = [value(0xa0, value(0x0a, [state])), value(0xa1, object(NTLM)), value(0xa2, value(0x04, token))];
    value(0xa1, sequence(&parts))
}

fn spnego_reply(token: &Bytes) -> Bytes {
    value(0xa1, sequence(&[value(0xa2, value(0x04, token))]))
}

fn version((major, minor, build): (u8, u8, u16)) -> Bytes {
    Bytes::new().u8(major).u8(minor).little16(build).zeros(3).u8(15)
}

fn negotiate(client: &Computer<'_>) -> Bytes {
    Bytes::new().text("NTLMSSP\0").little32(1).little32(0xe208_8297).zeros(16).raw(version(client.version))
}

fn challenge(seed: u64, at: Moment, server: &Computer<'_>, domain: &str) -> Bytes {
    let target = Bytes::new().wide(domain);
    let info = target_info(at, server, domain);
    let name = length16(target.as_ref());
    let head = Bytes::new().text("NTLMSSP\0").little32(2).little16(name).little16(name).little32(56).little32(FLAGS);
    let head =
        head.raw(noise(seed ^ 1, 8)).zeros(8).little16(length16(info.as_ref())).little16(length16(info.as_ref()));
    head.little32(u32::from(name).saturating_add(56)).raw(version(server.version)).raw(target).raw(info)
}

/// Attribute-value pairs (MS-NLMP §2.2.2.1).
fn target_info(at: Moment, server: &Computer<'_>, domain: &str) -> Bytes {
    let pair = |id: u16, value: Bytes| Bytes::new().little16(id).little16(length16(value.as_ref())).raw(value);
    let dns = format!("{}.{}", server.name.to_ascii_lowercase(), server.domain);
    Bytes::new()
        .raw(pair(2, Bytes::new().wide(domain)))
        .raw(pair(1, Bytes::new().wide(server.name)))
        .raw(pair(4, Bytes::new().wide(server.domain)))
        .raw(pair(3, Bytes::new().wide(&dns)))
        .raw(pair(7, Bytes::new().raw(file_time(at))))
        .raw(pair(0, Bytes::new()))
}

/// AUTHENTICATE_MESSAGE with NTLMv2 (MS-NLMP §2.2.1.3, §2.2.2.8).
fn authenticate(seed: u64, at: Moment, client: &Computer<'_>, server: &Computer<'_>, domain: &str) -> Bytes {
    let proof = Bytes::new().raw(noise(seed ^ 2, 16)).raw([1, 1, 0, 0, 0, 0, 0, 0]).raw(file_time(at));
    let proof = proof.raw(noise(seed ^ 3, 8)).zeros(4).raw(target_info(at, server, domain)).zeros(4);
    let values = [
        Bytes::new().zeros(24),
        proof,
        Bytes::new().wide(domain),
        Bytes::new().wide("canary.nurse"),
        Bytes::new().wide(client.name),
        Bytes::new().raw(noise(seed ^ 4, 16)),
    ];
    let mut place = 88_u32;
    let mut head = Bytes::new().text("NTLMSSP\0").little32(3);
    for value in &values {
        let length = length16(value.as_ref());
        head = head.little16(length).little16(length).little32(place);
        place = place.saturating_add(u32::from(length));
    }
    let head = head.little32(FLAGS).raw(version(client.version)).raw(noise(seed ^ 5, 16));
    values.iter().fold(head, |all, value| all.raw(value))
}

/// Tenths of microseconds since 1601 (MS-DTYP §2.3.3).
fn file_time(at: Moment) -> [u8; 8] {
    at.0.saturating_add(11_644_473_600_000_000).saturating_mul(10).to_le_bytes()
}
