//! SNMP versions 1 and 2c (RFC 1157, RFC 3416): a manager polls agents with a community, mostly the one that
//! everybody knows.

use crate::bytes::{Bytes, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::talk::asn1::{OCTETS, integer, object, sequence, value};

const PORT: u16 = 161;
const GET: u8 = 0xa0;
const RESPONSE: u8 = 0xa2;

/// sysDescr.
pub const DESCRIPTION: &str = "1.3.6.1.2.1.1.1.0";
/// sysObjectID.
pub const OBJECT_ID: &str = "1.3.6.1.2.1.1.2.0";
/// sysUpTime.
pub const UP_TIME: &str = "1.3.6.1.2.1.1.3.0";
/// sysName.
pub const NAME: &str = "1.3.6.1.2.1.1.5.0";
/// sysLocation.
pub const LOCATION: &str = "1.3.6.1.2.1.1.6.0";
/// sysContact: a person, who must not come out.
pub const CONTACT: &str = "1.3.6.1.2.1.1.4.0";
/// entPhysicalSerialNum of the chassis (RFC 6933).
pub const ENTITY_SERIAL: &str = "1.3.6.1.2.1.47.1.1.1.1.11.1";
/// prtGeneralSerialNumber (RFC 3805).
pub const PRINTER_SERIAL: &str = "1.3.6.1.2.1.43.5.1.1.17.1";

/// hrDeviceDescr of the first device (RFC 2790), which a printer must have (RFC 3805 §2.3).
pub const DEVICE: &str = "1.3.6.1.2.1.25.3.2.1.3.1";

/// What a poll finds.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// OCTET STRING.
    Text(&'a str),
    /// OBJECT IDENTIFIER.
    Object(&'a str),
    /// TimeTicks.
    Ticks(u32),
}

/// One question and its answer. `version` is 0 for SNMPv1, 1 for SNMPv2c.
pub fn poll(
    tape: &mut Tape,
    at: Moment,
    manager: &Station,
    agent: &Station,
    version: u32,
    found: &[(&str, Value<'_>)],
) {
    poll_as(tape, at, manager, agent, (version, "public"), found);
}

/// One question and its answer by version and community.
pub fn poll_as(
    tape: &mut Tape,
    at: Moment,
    manager: &Station,
    agent: &Station,
    (version, community): (u32, &str),
    found: &[(&str, Value<'_>)],
) {
    let id = noise32(at.0 ^ u64::from(u32::from(agent.ip))) >> 1;
    let port = tape.port(manager);
    let asked: Vec<Bytes> = found.iter().map(|(name, _)| sequence(&[object(name), value(0x05, [])])).collect();
    let told: Vec<Bytes> = found.iter().map(|(name, found)| sequence(&[object(name), encoded(*found)])).collect();
    let question = message((version, community), GET, id, &asked);
    let answer = message((version, community), RESPONSE, id, &told);
    tape.udp(at, (manager, port), (agent, PORT), question.as_ref());
    tape.udp(at.after_ms(2), (agent, PORT), (manager, port), answer.as_ref());
}

fn message((version, community): (u32, &str), kind: u8, id: u32, bindings: &[Bytes]) -> Bytes {
    let body = Bytes::new().raw(integer(id)).raw(integer(0)).raw(integer(0)).raw(sequence(bindings));
    sequence(&[integer(version), value(OCTETS, community), value(kind, body)])
}

fn encoded(found: Value<'_>) -> Bytes {
    match found {
        Value::Text(text) => value(OCTETS, text),
        Value::Object(name) => object(name),
        Value::Ticks(ticks) => crate::talk::asn1::unsigned(0x43, &ticks.to_be_bytes()),
    }
}
