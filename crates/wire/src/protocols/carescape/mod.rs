//! GE CARESCAPE (formerly Unity) network: how monitors, central stations and telemetry servers find each other.
//!
//! No specification is public. What is read here was described by others: the reference of Vocera's CARESCAPE adapter 1.3
//! ("Understanding GE Carescape Networks": offsets of address and location on UDP 2000, 7000 and 7001), and J. Scholtyssek's
//! decoding of a GE Dash 4000 (github.com/mindleaving/gedash), whose capture this decoder reads as described. ApexPro's
//! service manual calls the announcements RWHAT packets.
//!
//! Every node announces itself to all: its address, its unit and bed, and, beside them, the name of the patient who lies
//! there. That name is never read, nor are alarms, requests and waves: of those the sender's unit and bed alone.

use std::net::Ipv4Addr;

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Opening, Probe, Session, Stateless};
use crate::reader::Reader;

/// Unit and bed, with `|` between them, filled up with NUL.
const LOCATION_BYTES: usize = 16;
/// Before the list of services of an announcement: header, address, time, location, and what is not read.
const BEFORE_SERVICES_BYTES: usize = 44;
/// The services that one node offers, each a number and a port; seven in a Dash 4000.
const SERVICES_MAX: usize = 11;
/// Before the location of a notice: addresses, codes.
const NOTICE_HEADER_BYTES: usize = 24;

static IP: Field = Field::device("ip");
static UNIT: Field = Field::site("unit").form(Form::Label);
static BED_LABEL: Field = Field::site("bed_label").form(Form::Label);

static FIELDS: &[&Field] = &[&IP, &UNIT, &BED_LABEL];

/// The protocol's entry in the list.
pub static DECODER: Carescape = Carescape;

/// GE CARESCAPE network.
pub struct Carescape;

impl Decoder for Carescape {
    fn name(&self) -> &'static str {
        "carescape"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[7_000, 7_001, 2_000])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.first().map(Packet::read) {
            Some(Ok(_)) => Probe::Yes,
            _ => Probe::No,
        }
    }

    fn session(&self, _: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(|input, messages| {
            tell(&Packet::read(input.bytes)?, messages);
            Ok(())
        }))
    }
}

/// Where a node stands.
struct Location<'a> {
    unit: &'a [u8],
    bed: &'a [u8],
}

enum Packet<'a> {
    /// A node tells all that it is there.
    Announcement(Ipv4Addr, Location<'a>),
    /// An alarm's state for all, or a request for data: who sends it.
    Notice(&'static str, Location<'a>),
}

impl<'a> Packet<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        Self::announcement(bytes).or_else(|_| Self::notice(bytes))
    }

    fn announcement(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let header = reader.u32("header")?;
        if header & 0xff00_ffff != 0x0100_0000 {
            return Err(DecodeError::Malformed { field: "header", rule: "is 01 and the kind of node" });
        }
        let ip = Ipv4Addr::from(reader.u32("address")?);
        if ip.is_unspecified() || ip.is_broadcast() || ip.is_multicast() {
            return Err(DecodeError::Malformed { field: "address", rule: "is a node's" });
        }
        reader.skip(4, "time")?;
        let location = location(reader.take(LOCATION_BYTES, "location")?)?;
        services(bytes.get(BEFORE_SERVICES_BYTES..).unwrap_or_default())?;
        Ok(Self::Announcement(ip, location))
    }

    fn notice(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.skip(12, "addresses")?;
        let kind = match reader.u16("code")? {
            0x00c9 => "alarm_state",
            0x00ca => "data_request",
            _ => return Err(DecodeError::Malformed { field: "code", rule: "is that of an alarm or a request" }),
        };
        let mut reader = Reader::new(bytes.get(NOTICE_HEADER_BYTES..).unwrap_or_default());
        Ok(Self::Notice(kind, location(reader.take(LOCATION_BYTES, "location")?)?))
    }
}

/// Unit and bed; nothing but NUL behind them.
fn location(bytes: &[u8]) -> Result<Location<'_>, DecodeError> {
    let malformed = DecodeError::Malformed { field: "location", rule: "is UNIT|BED, filled up with NUL" };
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (text, rest) = bytes.split_at_checked(end).ok_or(malformed)?;
    let is_text = text.iter().all(|byte| (0x20..0x7f).contains(byte)) && rest.iter().all(|byte| *byte == 0);
    let mut parts = text.split(|byte| *byte == b'|');
    match (is_text, parts.next(), parts.next(), parts.next()) {
        (true, Some(unit), Some(bed), None) if !unit.is_empty() && !bed.is_empty() => Ok(Location { unit, bed }),
        _ => Err(DecodeError::Malformed { field: "location", rule: "is UNIT|BED, filled up with NUL" }),
    }
}

/// Numbers of services and their ports, the rest zero: what makes an announcement certain.
fn services(bytes: &[u8]) -> Result<(), DecodeError> {
    let (pairs, _) = bytes.as_chunks::<4>();
    let is_empty = |pair: &&[u8; 4]| **pair == [0; 4];
    let offered = pairs.iter().take_while(|pair| !is_empty(pair)).count();
    let are_numbers = pairs.iter().take(offered).all(|[high, ..]| *high == 0);
    let is_filled_up = pairs.iter().skip(offered).all(|pair| is_empty(&pair));
    if offered == 0 || offered > SERVICES_MAX || !are_numbers || !is_filled_up {
        return Err(DecodeError::Malformed { field: "services", rule: "are numbers and ports, filled up with zeros" });
    }
    Ok(())
}

fn tell(packet: &Packet<'_>, messages: &mut Messages) {
    let (message, location) = match packet {
        Packet::Announcement(ip, location) => {
            let message = messages.begin("carescape", "announcement");
            message.ip(&IP, *ip);
            (message, location)
        }
        Packet::Notice(kind, location) => (messages.begin("carescape", kind), location),
    };
    message.bytes(&UNIT, location.unit).bytes(&BED_LABEL, location.bed);
    // Who lies there goes to everybody on the network in the clear.
    message.weak(Weakness::CleartextMedical);
}
