//! Spanning tree: bridge protocol data units of IEEE 802.1D-2004 §9.3 (STP, RSTP) and IEEE 802.1Q-2022 §14 (MSTP), and
//! those that Cisco sends for each VLAN (PVST+): which bridge is the root, and which one speaks.
//!
//! Left out: timers, the instances of MSTP, and shortest path bridging.

use model::{Field, Form, MacAddr, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::reader::{Reader, Truncated};

static VERSION: Field = Field::device("version").wireshark("stp.version");
static TOPOLOGY_CHANGE: Field = Field::device("topology_change").wireshark("stp.flags.tc");
static ROOT_PRIORITY: Field = Field::device("root_priority").wireshark("stp.root.prio");
static ROOT_EXTENSION: Field = Field::device("root_extension").wireshark("stp.root.ext");
static ROOT_MAC: Field = Field::device("root_mac").wireshark("stp.root.hw");
static ROOT_PATH_COST: Field = Field::device("root_path_cost").wireshark("stp.root.cost");
static BRIDGE_PRIORITY: Field = Field::device("bridge_priority").wireshark("stp.bridge.prio mstp.cist_bridge.prio");
static BRIDGE_EXTENSION: Field = Field::device("bridge_extension").wireshark("stp.bridge.ext mstp.cist_bridge.ext");
static BRIDGE_MAC: Field = Field::device("bridge_mac").wireshark("stp.bridge.hw mstp.cist_bridge.hw");
static PORT: Field = Field::device("port").wireshark("stp.port");
static IS_ROOT: Field = Field::device("is_root");
static VLAN: Field = Field::device("vlan").wireshark("stp.pvst.origvlan");
static REGION: Field = Field::site("region").form(Form::Label).wireshark("mstp.config_name");

static FIELDS: &[&Field] = &[
    &VERSION,
    &TOPOLOGY_CHANGE,
    &ROOT_PRIORITY,
    &ROOT_EXTENSION,
    &ROOT_MAC,
    &ROOT_PATH_COST,
    &BRIDGE_PRIORITY,
    &BRIDGE_EXTENSION,
    &BRIDGE_MAC,
    &PORT,
    &IS_ROOT,
    &VLAN,
    &REGION,
];

/// Service access point of the bridge spanning tree protocol (IEEE 802.1D-2004 §7.12.3).
const SPANNING_TREE: u8 = 0x42;
/// Cisco's protocol of SNAP for spanning tree on trunks.
const PER_VLAN: Carrier = Carrier::Snap([0, 0, 0x0c], 0x010b);
/// The type of what tells the VLAN behind a unit of PVST+.
const ORIGINATING_VLAN: u16 = 0;
/// Values behind a unit that are read.
const VALUES_MAX: usize = 4;

/// The protocol's entry in the list.
pub static DECODER: Stp = Stp;

/// Spanning tree.
pub struct Stp;

impl Decoder for Stp {
    fn name(&self) -> &'static str {
        "stp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Llc(SPANNING_TREE), PER_VLAN]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, _opening: &Opening<'_>) -> Probe {
        Probe::No
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(if carrier == PER_VLAN { decode_per_vlan } else { decode }))
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    unit(&mut Reader::new(input.bytes), messages).map(|_| ())
}

/// A unit, and the VLAN that it is for.
fn decode_per_vlan(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    let Some(message) = unit(&mut reader, messages)? else { return Ok(()) };
    // A byte of padding, in RSTP the length of version 1, stands before the values.
    let _ = reader.u8("Version 1 Length");
    for _ in 0..VALUES_MAX {
        let Ok((kind, mut value)) = value(&mut reader) else { break };
        if let (ORIGINATING_VLAN, Ok(vlan)) = (kind, value.u16("originating VLAN")) {
            message.number(&VLAN, vlan);
            break;
        }
    }
    Ok(())
}

fn value<'a>(reader: &mut Reader<'a>) -> Result<(u16, Reader<'a>), Truncated> {
    let kind = reader.u16("type")?;
    let length = usize::from(reader.u16("length")?);
    Ok((kind, reader.part(length, "value")?))
}

/// One bridge identifier (IEEE 802.1D-2004 §9.2.5): priority, extension (the VLAN or the instance), address.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bridge {
    priority: u16,
    extension: u16,
    mac: MacAddr,
}

impl Bridge {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let first = reader.u16("Bridge Identifier priority")?;
        let mac = MacAddr(reader.array("Bridge Identifier address")?);
        Ok(Self { priority: first & 0xf000, extension: first & 0x0fff, mac })
    }
}

/// The unit itself; `None` for one that tells nothing of who is who.
fn unit<'m>(reader: &mut Reader<'_>, messages: &'m mut Messages) -> Result<Option<&'m mut Message>, DecodeError> {
    if reader.u16("Protocol Identifier")? != 0 {
        return Err(DecodeError::Malformed { field: "Protocol Identifier", rule: "is 0" });
    }
    let version = reader.u8("Protocol Version Identifier")?;
    let kind = match (reader.u8("BPDU Type")?, version) {
        (0x00, _) => "configuration",
        (0x80, _) => {
            messages.begin("stp", "topology_change").number(&VERSION, version);
            return Ok(None);
        }
        (0x02, 2) => "rapid",
        (0x02, 3..) => "multiple",
        _ => return Err(DecodeError::Malformed { field: "BPDU Type", rule: "fits the version" }),
    };
    let flags = reader.u8("Flags")?;
    let root = Bridge::read(reader)?;
    let root_path_cost = reader.u32("Root Path Cost")?;
    let mut bridge = Bridge::read(reader)?;
    let port = reader.u16("Port Identifier")?;
    reader.skip(8, "Message Age, Max Age, Hello Time, Forward Delay")?;
    let mut region = None;
    if kind == "multiple" {
        let (name, own) = multiple(reader)?;
        (region, bridge) = (Some(name), own);
    }
    let message = messages.begin("stp", kind);
    message.number(&VERSION, version).flag(&TOPOLOGY_CHANGE, flags & 1 == 1);
    message.number(&ROOT_PRIORITY, root.priority).number(&ROOT_EXTENSION, root.extension).mac(&ROOT_MAC, root.mac);
    message.number(&ROOT_PATH_COST, root_path_cost);
    message.number(&BRIDGE_PRIORITY, bridge.priority).number(&BRIDGE_EXTENSION, bridge.extension);
    message.mac(&BRIDGE_MAC, bridge.mac).number(&PORT, port).flag(&IS_ROOT, root == bridge);
    if let Some(region) = region {
        message.bytes(&REGION, region);
    }
    Ok(Some(message))
}

/// What MSTP puts behind (IEEE 802.1Q-2022 §14.4): the region's name and the bridge's own identifier; what stands in its
/// place in the other versions is the root of the region.
fn multiple<'a>(reader: &mut Reader<'a>) -> Result<(&'a [u8], Bridge), Truncated> {
    reader.skip(4, "Version 1 Length, Version 3 Length, Configuration Identifier Format Selector")?;
    let name = reader.take(32, "Configuration Name")?;
    reader.skip(22, "Revision Level, Configuration Digest, CIST Internal Root Path Cost")?;
    Ok((name, Bridge::read(reader)?))
}
