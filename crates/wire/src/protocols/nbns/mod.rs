//! NetBIOS name service (RFC 1001, RFC 1002 §4.2): the names that Windows stations ask for, register and list.
//!
//! Names of the messenger service (suffix 03) stay out: that is where the name of whoever is signed in is registered.
//! Left out as well: scopes, statistics, conflicts and waits.

use std::net::{IpAddr, Ipv4Addr};

use model::{Field, Form, MacAddr, Message, Messages, Subject};

use super::dns::message::{Entries, HEADER_BYTES, Header, Record};
use super::dns::name;
use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static NAME: Field = Field::site("name").form(Form::Label).wireshark("nbns.name nbns.netbios_name");
static SUFFIX: Field = Field::device("suffix").wireshark("nbns.name");
static GROUP: Field = Field::device("group").wireshark("nbns.nb_flags.group nbns.name_flags.group");
static ADDRESS: Field = Field::device("address").wireshark("nbns.addr");
static NODE_MAC: Field = Field::device("node_mac").wireshark("nbns.unit_id");

static FIELDS: &[&Field] = &[&NAME, &SUFFIX, &GROUP, &ADDRESS, &NODE_MAC];

/// General name service record, and the question for it (RFC 1002 §4.2.1.2).
const NB: u16 = 0x20;
/// Node status, and the question for it.
const NBSTAT: u16 = 0x21;
/// A name, its suffix and its flags in a node's status (RFC 1002 §4.2.18).
const NODE_NAME_BYTES: usize = 18;
/// The suffix of the messenger service, under which users are registered as well as computers.
const MESSENGER: u8 = 0x03;
/// The most records of one message that are read.
const RECORDS_MAX: u16 = 8;
/// The most addresses of one record that are kept.
const ADDRESSES_MAX: usize = 16;
/// The most names of one node that are kept.
const NODE_NAMES_MAX: u8 = 48;

/// The protocol's entry in the list.
pub static DECODER: Nbns = Nbns;

/// NetBIOS name service.
pub struct Nbns;

impl Decoder for Nbns {
    fn name(&self) -> &'static str {
        "nbns"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[137])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// The first name is 32 letters from A to P and asked for with a type of its own: no port need say more.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        let is_nbns = || -> Result<bool, DecodeError> {
            let header = Header::read(bytes)?;
            if !header.fits(bytes.len()) || header.questions > 1 || !matches!(header.opcode(), 0 | 5..=9 | 15) {
                return Ok(false);
            }
            let mut entries = Entries::new(bytes);
            NetbiosName::read(&mut entries)?;
            let (kind, class) = if header.questions > 0 {
                let question = entries.question()?;
                (question.kind, question.class)
            } else {
                let record = entries.record()?;
                (record.kind, record.class)
            };
            // Types down to 0x0a appear in negative answers (§4.2.14).
            Ok(class == 1 && (matches!(kind, NB | NBSTAT) || header.is_response() && kind == 0x0a))
        };
        if is_nbns().unwrap_or(false) { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// A NetBIOS name: 15 characters padded with blanks, and the suffix that says what it names (RFC 1001 §14.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NetbiosName {
    characters: [u8; 15],
    suffix: u8,
}

impl NetbiosName {
    /// Reads a name, written out or pointed to. Each half byte is a letter from `A` on.
    fn read(entries: &mut Entries<'_>) -> Result<Self, DecodeError> {
        const MALFORMED: DecodeError =
            DecodeError::Malformed { field: "NetBIOS name", rule: "32 letters from A to P, or a pointer to them" };
        let mut position = entries.position();
        let after = name::skip(entries.message(), position)?;
        let head = entries.message().get(position..).unwrap_or_default();
        if let [high @ 0xc0..=0xff, low, ..] = head {
            position = usize::from(u16::from_be_bytes([high & 0x3f, *low]));
            if position < HEADER_BYTES {
                return Err(MALFORMED);
            }
        }
        let mut reader = Reader::new(entries.message().get(position..).unwrap_or_default());
        if reader.u8("label length")? != 32 {
            return Err(MALFORMED);
        }
        let letters: [u8; 32] = reader.array("NetBIOS name")?;
        let mut decoded = [0; 16];
        for (byte, pair) in decoded.iter_mut().zip(letters.chunks_exact(2)) {
            let [high @ b'A'..=b'P', low @ b'A'..=b'P'] = pair else { return Err(MALFORMED) };
            *byte = (high.saturating_sub(b'A') << 4) | low.saturating_sub(b'A');
        }
        entries.go_on_at(after);
        Ok(Self::from(decoded))
    }

    fn tell(&self, message: &mut Message) {
        if self.suffix != MESSENGER {
            message.bytes(&NAME, &self.characters);
        }
        message.number(&SUFFIX, self.suffix);
    }
}

impl From<[u8; 16]> for NetbiosName {
    fn from(bytes: [u8; 16]) -> Self {
        let [characters @ .., suffix] = bytes;
        Self { characters, suffix }
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let header = Header::read(input.bytes)?;
    if !header.fits(input.bytes.len()) {
        return Err(DecodeError::Malformed { field: "counts", rule: "the entries fit into the message" });
    }
    let mut entries = Entries::new(input.bytes);
    if header.is_response() {
        return response(input, header, &mut entries, messages);
    }
    // Query, registration, release, refresh under both of its numbers, multi-homed registration (RFC 1002 §4.2.1.1).
    let kind = match header.opcode() {
        0 => "query",
        5 | 15 => "registration",
        6 => "release",
        8 | 9 => "refresh",
        _ => return Err(DecodeError::Malformed { field: "OPCODE", rule: "is a request" }),
    };
    if header.questions != 1 {
        return Err(DecodeError::Malformed { field: "QDCOUNT", rule: "is 1" });
    }
    let asked = NetbiosName::read(&mut entries)?;
    entries.question()?;
    let message = messages.begin("nbns", kind);
    asked.tell(message);
    // What is asked for carries the station's own address as an additional record.
    if kind != "query" && header.additionals > 0 {
        NetbiosName::read(&mut entries)?;
        let record = entries.record()?;
        if record.kind == NB {
            addresses(&record, message)?;
        }
    }
    Ok(())
}

fn response(
    input: &Input<'_>,
    header: Header,
    entries: &mut Entries<'_>,
    messages: &mut Messages,
) -> Result<(), DecodeError> {
    for _ in 0..header.questions.min(RECORDS_MAX) {
        entries.skip_name()?;
        entries.question()?;
    }
    if header.questions > RECORDS_MAX || header.answers == 0 {
        return Err(DecodeError::Malformed { field: "ANCOUNT", rule: "a response holds a record" });
    }
    let answered = NetbiosName::read(entries)?;
    let record = entries.record()?;
    if record.kind == NBSTAT {
        return node_status(input, &record, messages);
    }
    let message = messages.begin("nbns", "response");
    answered.tell(message);
    if record.kind == NB {
        let first = addresses(&record, message)?;
        // A name server answers for others (RA, RFC 1002 §4.2.1.1): then the name is that of the station behind the
        // address, unless a group has it.
        let from_server = header.flags & 0x0080 != 0;
        if let Some((ip, false)) = first.filter(|_| from_server) {
            message.about(Subject::Address(IpAddr::V4(ip)));
        }
    }
    Ok(())
}

/// Flags and address of each owner (RFC 1002 §4.2.2, NB_FLAGS). Returns the first, and whether it is a group's.
fn addresses(record: &Record<'_>, message: &mut Message) -> Result<Option<(Ipv4Addr, bool)>, Truncated> {
    let mut reader = Reader::new(record.data);
    let mut first = None;
    for _ in 0..ADDRESSES_MAX {
        if reader.is_empty() {
            break;
        }
        let is_group = reader.u16("NB_FLAGS")? & 0x8000 != 0;
        let ip = Ipv4Addr::from(reader.array("NB_ADDRESS")?);
        if first.is_none() {
            message.flag(&GROUP, is_group);
        }
        message.ip(&ADDRESS, ip);
        first.get_or_insert((ip, is_group));
    }
    Ok(first)
}

/// The names of a node and its hardware address, if it gives one (RFC 1002 §4.2.18).
fn node_status(input: &Input<'_>, record: &Record<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(record.data);
    let count = reader.u8("NUM_NAMES")?;
    let mut names = reader.part(usize::from(count).saturating_mul(NODE_NAME_BYTES), "NODE_NAME ARRAY")?;
    let unit_id = MacAddr(reader.array("UNIT_ID")?);
    // Names are padded behind. Where a byte too many stands before them, users' names would look like others.
    if names.rest().chunks(NODE_NAME_BYTES).any(|entry| entry.first() == Some(&0)) {
        return Err(DecodeError::Malformed { field: "NODE_NAME", rule: "begins with a character" });
    }
    let message = messages.begin("nbns", "node_status");
    for _ in 0..count.min(NODE_NAMES_MAX) {
        let node = NetbiosName::from(names.array::<16>("NETBIOS NAME")?);
        let is_group = names.u16("NAME_FLAGS")? & 0x8000 != 0;
        if node.suffix != MESSENGER {
            node.tell(message);
            message.flag(&GROUP, is_group);
        }
    }
    // Some implementations leave it zero.
    if unit_id.is_station() {
        message.mac(&NODE_MAC, unit_id);
        if let Some(ip) = input.sender().ip {
            message.bound(unit_id, ip, None);
        }
    }
    Ok(())
}
