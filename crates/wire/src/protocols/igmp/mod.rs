//! Internet Group Management Protocol, versions 1 to 3 (RFC 1112, RFC 2236, RFC 9776): which groups a station joins and
//! leaves, and who asks for them.
//!
//! Groups with a service of their own (IANA IPv4 Multicast Address Space Registry) tell what a station takes part in. Left
//! out: the sources of version 3, timers, trace routes and what DVMRP and PIM carry in IGMP. The checksum is not verified.

use std::net::Ipv4Addr;

use model::{Field, Form, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static VERSION: Field = Field::device("version").wireshark("igmp.version");
static GROUP: Field = Field::device("group").wireshark("igmp.maddr");
static LEFT_GROUP: Field = Field::device("left_group").wireshark("igmp.maddr");
static SERVICE: Field = Field::device("service").form(Form::Fixed);

static FIELDS: &[&Field] = &[&VERSION, &GROUP, &LEFT_GROUP, &SERVICE];

/// The most groups of one report that are kept.
const GROUPS_MAX: u16 = 64;

/// Groups that belong to one service (IANA IPv4 Multicast Address Space Registry), in order.
static SERVICES: &[([u8; 4], &str)] = &[
    ([224, 0, 0, 2], "all_routers"),
    ([224, 0, 0, 4], "dvmrp"),
    ([224, 0, 0, 5], "ospf"),
    ([224, 0, 0, 6], "ospf"),
    ([224, 0, 0, 9], "rip"),
    ([224, 0, 0, 10], "eigrp"),
    ([224, 0, 0, 13], "pim"),
    ([224, 0, 0, 18], "vrrp"),
    ([224, 0, 0, 22], "igmp"),
    ([224, 0, 0, 102], "hsrp"),
    ([224, 0, 0, 107], "ptp"),
    ([224, 0, 0, 251], "mdns"),
    ([224, 0, 0, 252], "llmnr"),
    ([224, 0, 1, 1], "ntp"),
    ([224, 0, 1, 22], "slp"),
    ([224, 0, 1, 35], "slp"),
    ([224, 0, 1, 60], "hp_device_discovery"),
    ([224, 0, 1, 75], "sip"),
    ([224, 0, 1, 84], "jini"),
    ([224, 0, 1, 85], "jini"),
    ([224, 0, 1, 129], "ptp"),
    ([224, 0, 1, 130], "ptp"),
    ([224, 0, 1, 131], "ptp"),
    ([224, 0, 1, 132], "ptp"),
    ([224, 0, 1, 187], "coap"),
    ([224, 0, 23, 12], "knx"),
    ([239, 255, 255, 250], "ssdp"),
    ([239, 255, 255, 253], "slp"),
];

/// The protocol's entry in the list.
pub static DECODER: Igmp = Igmp;

/// Internet Group Management Protocol.
pub struct Igmp;

impl Decoder for Igmp {
    fn name(&self) -> &'static str {
        "igmp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::IpProtocol(2)]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, _opening: &Opening<'_>) -> Probe {
        Probe::No
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let kind = reader.u8("Type")?;
    let response_time = reader.u8("Max Resp Code")?;
    reader.skip(2, "Checksum")?;
    if kind == 0x22 {
        return Ok(report(reader, messages)?);
    }
    let group = Ipv4Addr::from(reader.array("Group Address")?);
    let (kind, version) = match kind {
        // The length tells version 3, the time to answer version 1 (RFC 9776 §7.1).
        0x11 if reader.len() >= 4 => ("query", 3_u8),
        0x11 => ("query", if response_time == 0 { 1 } else { 2 }),
        0x12 => ("report", 1),
        0x16 => ("report", 2),
        0x17 => ("leave", 2),
        _ => return Err(DecodeError::Malformed { field: "Type", rule: "only queries, reports and leaves are read" }),
    };
    if kind != "query" && !group.is_multicast() {
        return Err(DecodeError::Malformed { field: "Group Address", rule: "is a multicast address" });
    }
    let message = messages.begin("igmp", kind);
    message.number(&VERSION, version);
    match kind {
        "report" => joined(group, message),
        "leave" => {
            message.ip(&LEFT_GROUP, group);
        }
        // A general query asks for all groups and names none.
        _ if group.is_unspecified() => {}
        _ => {
            message.ip(&GROUP, group);
        }
    }
    Ok(())
}

fn joined(group: Ipv4Addr, message: &mut Message) {
    message.ip(&GROUP, group);
    if let Ok(place) = SERVICES.binary_search_by_key(&group.octets(), |(group, _)| *group)
        && let Some((_, service)) = SERVICES.get(place)
    {
        message.str(&SERVICE, service);
    }
}

/// A report of version 3 (RFC 9776 §4.2): records of groups, each with its sources.
fn report(mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    reader.skip(2, "Flags")?;
    let count = reader.u16("Number of Group Records")?;
    let mut next = (count > 0).then(|| record(&mut reader)).transpose()?;
    let message = messages.begin("igmp", "report");
    message.number(&VERSION, 3_u8);
    let mut left = count.min(GROUPS_MAX);
    // One that breaks off leaves what stood before it.
    while let Some((group, is_left)) = next {
        match is_left {
            _ if !group.is_multicast() => {}
            true => {
                message.ip(&LEFT_GROUP, group);
            }
            false => joined(group, message),
        }
        left = left.saturating_sub(1);
        next = if left == 0 { None } else { record(&mut reader).ok() };
    }
    Ok(())
}

/// A group record (RFC 9776 §4.2.12): the group, and whether it is left, which is to include no source any longer.
fn record(reader: &mut Reader<'_>) -> Result<(Ipv4Addr, bool), Truncated> {
    let kind = reader.u8("Record Type")?;
    let auxiliary = usize::from(reader.u8("Aux Data Len")?);
    let sources = usize::from(reader.u16("Number of Sources")?);
    let group = Ipv4Addr::from(reader.array("Multicast Address")?);
    reader.skip(sources.saturating_add(auxiliary).saturating_mul(4), "Source Addresses, Auxiliary Data")?;
    Ok((group, matches!(kind, 1 | 3) && sources == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_in_order() {
        assert!(SERVICES.is_sorted_by(|(one, _), (next, _)| one < next));
    }
}
