//! Philips IntelliVue Data Export (Data Export Interface Programming Guide, rev. G.0, chapter 5 and 6).
//!
//! A monitor shouts a connect indication (UDP 24005); a client associates (UDP 24105), learns what the monitor is from
//! the MDS create event, and polls its objects. Read are the monitor's own description (addresses, model, serial
//! number, software, bed label) and which objects are polled. Numerics, waves, alert texts and the patient demographics
//! object are never opened: attributes are read from the system object (MDS) alone, by an allow-list of their ids.
//! Left out: the same protocol over RS-232, and priority lists (GET, SET).

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, DecodeError, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::reader::{Reader, Truncated};

mod attributes;

static MAC: Field = Field::device("mac");
static IP: Field = Field::device("ip");
static SUBNET_MASK: Field = Field::device("subnet_mask");
static DATA_EXPORT_PORT: Field = Field::device("data_export_port");
static SYSTEM_OID: Field = Field::device("system_oid").form(Form::Fixed);
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL_NUMBER: Field = Field::device("model_number");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static PART_NUMBER: Field = Field::device("part_number").form(Form::Serial);
static HARDWARE_VERSION: Field = Field::device("hardware_version");
static SOFTWARE_VERSION: Field = Field::device("software_version");
static CONFIGURATION_VERSION: Field = Field::device("configuration_version");
static BOOT_VERSION: Field = Field::device("boot_version");
static FIRMWARE_VERSION: Field = Field::device("firmware_version");
static BED_LABEL: Field = Field::site("bed_label").form(Form::Label);
static PHASE: Field = Field::device("phase").form(Form::Fixed);
static POLL_OBJECT: Field = Field::device("poll_object").form(Form::Fixed);
static POLL_PHASE: Field = Field::device("poll_phase").form(Form::Fixed);

static FIELDS: &[&Field] = &[
    &MAC,
    &IP,
    &SUBNET_MASK,
    &DATA_EXPORT_PORT,
    &SYSTEM_OID,
    &MANUFACTURER,
    &MODEL_NUMBER,
    &SERIAL,
    &PART_NUMBER,
    &HARDWARE_VERSION,
    &SOFTWARE_VERSION,
    &CONFIGURATION_VERSION,
    &BOOT_VERSION,
    &FIRMWARE_VERSION,
    &BED_LABEL,
    &PHASE,
    &POLL_OBJECT,
    &POLL_PHASE,
];

/// The protocol's entry in the list.
pub static DECODER: Intellivue = Intellivue;

/// Philips IntelliVue Data Export.
pub struct Intellivue;

impl Decoder for Intellivue {
    fn name(&self) -> &'static str {
        "intellivue"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[24_105, 24_005])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        match Packet::read(bytes) {
            // Release and abort are short and look like any session layer's: they only continue what was recognised.
            Ok(Packet::Association("request" | "accept") | Packet::ConnectIndication(_) | Packet::DataExport(_)) => {
                Probe::Yes
            }
            Ok(Packet::Association(_)) | Err(_) => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Export::default())
    }
}

/// One flow between a monitor and whom it exports to.
#[derive(Default)]
struct Export {
    /// Bit `i` is set once results for `OBJECTS[i]` were told, per direction: they come every second, or more often.
    told: [u8; 2],
}

impl Session for Export {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        // A message that cannot be read is not begun: there is nothing to undo, and the flow goes on.
        let _ = self.decode(input, messages);
        Step::Read(input.bytes.len().max(1))
    }
}

impl Export {
    fn decode(&mut self, input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
        match Packet::read(input.bytes)? {
            Packet::Association(phase) => {
                let message = messages.begin("intellivue", "association");
                message.str(&PHASE, phase);
                if phase == "accept" {
                    message.weak(Weakness::CleartextMedical);
                }
                Ok(())
            }
            Packet::ConnectIndication(operation) => {
                let (NOM_NOTI_CONN_INDIC, mut body) = event(operation.body)? else { return Ok(()) };
                describe("connect_indication", &mut body, messages)
            }
            Packet::DataExport(operation) => self.operation(operation, input.direction, messages),
        }
    }

    fn operation(
        &mut self,
        operation: Operation<'_>,
        direction: Direction,
        messages: &mut Messages,
    ) -> Result<(), DecodeError> {
        match (operation.role, operation.command) {
            (Role::Invoke, CMD_EVENT_REPORT | CMD_CONFIRMED_EVENT_REPORT) => {
                let (NOM_NOTI_MDS_CREAT, mut body) = event(operation.body)? else { return Ok(()) };
                body.skip(6, "MDSCreateInfo.managed_object")?;
                describe("mds_create", &mut body, messages)?;
                Ok(())
            }
            (Role::Invoke, CMD_CONFIRMED_ACTION) => ask(operation.body, messages),
            (Role::Result, CMD_CONFIRMED_ACTION) => self.answer(operation.body, direction, messages),
            (Role::Invoke | Role::Result | Role::Error, _) => Ok(()),
        }
    }

    /// A poll's result (PollMdibDataReply, PollMdibDataReplyExt).
    fn answer(
        &mut self,
        mut body: Reader<'_>,
        direction: Direction,
        messages: &mut Messages,
    ) -> Result<(), DecodeError> {
        body.skip(6, "ActionResult.managed_object")?;
        let action = body.u16("ActionResult.action_type")?;
        body.skip(2, "ActionResult.length")?;
        body.skip(2, "PollMdibDataReply.poll_number")?;
        match action {
            NOM_ACT_POLL_MDIB_DATA => {}
            NOM_ACT_POLL_MDIB_DATA_EXT => body.skip(2, "PollMdibDataReplyExt.sequence_no")?,
            _ => return Ok(()),
        }
        body.skip(4, "PollMdibDataReply.rel_time_stamp")?;
        body.skip(8, "PollMdibDataReply.abs_time_stamp")?;
        let Some((index, object)) = object(&mut body)? else { return Ok(()) };
        body.skip(2, "PollMdibDataReply.polled_attr_grp")?;
        let Some(told) = self.told.get_mut(usize::from(direction == Direction::ToInitiator)) else { return Ok(()) };
        let bit = 1_u8.checked_shl(index).unwrap_or(0);
        if object.code == NOM_MOC_VMS_MDS {
            return system(object, &mut body, messages);
        }
        if *told & bit == 0 {
            *told |= bit;
            let message = messages.begin("intellivue", "poll");
            message.str(&POLL_OBJECT, object.name).str(&POLL_PHASE, "result").operated(object.operation);
            message.weak(Weakness::CleartextMedical);
        }
        Ok(())
    }
}

/// An object class that can be polled (NOM_PART_OBJ, "object classes" of the guide's appendix).
struct Object {
    code: u16,
    name: &'static str,
    operation: &'static str,
}

static OBJECTS: &[Object] = &[
    Object { code: NOM_MOC_VMS_MDS, name: "mds", operation: "poll_mds" },
    Object { code: 6, name: "numerics", operation: "poll_numerics" },
    Object { code: 9, name: "waves", operation: "poll_waves" },
    Object { code: 5, name: "enumerations", operation: "poll_enumerations" },
    Object { code: 54, name: "alerts", operation: "poll_alerts" },
    Object { code: 42, name: "patient_demographics", operation: "poll_patient_demographics" },
    Object { code: 41, name: "battery", operation: "poll_battery" },
];

const NOM_PART_OBJ: u16 = 1;
const NOM_MOC_VMS_MDS: u16 = 33;
const NOM_ACT_POLL_MDIB_DATA: u16 = 3_094;
const NOM_ACT_POLL_MDIB_DATA_EXT: u16 = 61_755;
const NOM_NOTI_MDS_CREAT: u16 = 3_334;
const NOM_NOTI_CONN_INDIC: u16 = 3_351;
const CMD_EVENT_REPORT: u16 = 0;
const CMD_CONFIRMED_EVENT_REPORT: u16 = 1;
const CMD_CONFIRMED_ACTION: u16 = 7;

/// Reads a TYPE and finds the object class it names.
fn object(reader: &mut Reader<'_>) -> Result<Option<(u32, &'static Object)>, Truncated> {
    let partition = reader.u16("polled_obj_type.partition")?;
    let code = reader.u16("polled_obj_type.code")?;
    let known = (0..).zip(OBJECTS).find(|(_, object)| object.code == code);
    Ok(known.filter(|_| partition == NOM_PART_OBJ))
}

/// Opens an EventReportArgument: the event's type and what it tells.
fn event(mut body: Reader<'_>) -> Result<(u16, Reader<'_>), Truncated> {
    body.skip(6, "EventReportArgument.managed_object")?;
    body.skip(4, "EventReportArgument.event_time")?;
    let kind = body.u16("EventReportArgument.event_type")?;
    let length = body.u16("EventReportArgument.length")?;
    Ok((kind, body.part(usize::from(length), "EventReportArgument")?))
}

/// A message about the monitor that sent it.
fn describe(kind: &'static str, body: &mut Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let message = messages.begin("intellivue", kind);
    if kind == "mds_create" {
        // It is the first thing that crosses an association: what follows are the patient's values.
        message.weak(Weakness::CleartextMedical);
    }
    let read = attributes::read(body, message);
    if read.is_err() {
        messages.discard_last();
    }
    read
}

/// A poll (PollMdibDataReq, PollMdibDataReqExt): who asks for which objects.
fn ask(mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    body.skip(6, "ActionArgument.managed_object")?;
    body.skip(4, "ActionArgument.scope")?;
    let action = body.u16("ActionArgument.action_type")?;
    body.skip(2, "ActionArgument.length")?;
    if action != NOM_ACT_POLL_MDIB_DATA && action != NOM_ACT_POLL_MDIB_DATA_EXT {
        return Ok(());
    }
    body.skip(2, "PollMdibDataReq.poll_number")?;
    if let Some((_, object)) = object(&mut body)? {
        let message = messages.begin("intellivue", "poll");
        message.str(&POLL_OBJECT, object.name).str(&POLL_PHASE, "request").operated(object.operation);
    }
    Ok(())
}

/// The results of polling the system object: the same attributes as in the MDS create event, and the serial number.
fn system(object: &Object, body: &mut Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let message = messages.begin("intellivue", "poll");
    message.str(&POLL_OBJECT, object.name).str(&POLL_PHASE, "result").operated(object.operation);
    let read = attributes::read_polled(body, message);
    if read.is_err() {
        messages.discard_last();
    }
    read
}

/// What a datagram is.
enum Packet<'a> {
    /// Sent unasked, to everyone: a Nomenclature and an event report.
    ConnectIndication(Operation<'a>),
    /// Association control; its phase.
    Association(&'static str),
    /// A remote operation inside an association.
    DataExport(Operation<'a>),
}

impl<'a> Packet<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        match reader.peek() {
            Some(0xe1) => {
                let [_, session, _, context] = reader.array("SPpdu")?;
                if session != 0 || context != 2 {
                    return Err(DecodeError::Malformed { field: "SPpdu", rule: "session E100, context 2" });
                }
                Ok(Self::DataExport(Operation::read(reader)?))
            }
            Some(0) => {
                let [0, 0, 1..=255, _] = reader.array("Nomenclature")? else {
                    return Err(DecodeError::Malformed { field: "Nomenclature", rule: "0000, then the version" });
                };
                let operation = Operation::read(reader)?;
                let wanted = operation.role == Role::Invoke && operation.command <= CMD_CONFIRMED_EVENT_REPORT;
                let is_indication = wanted && matches!(event(operation.body), Ok((NOM_NOTI_CONN_INDIC, _)));
                if is_indication {
                    Ok(Self::ConnectIndication(operation))
                } else {
                    Err(DecodeError::Malformed { field: "ROIVapdu", rule: "a connect indication event" })
                }
            }
            _ => association(reader).map(Self::Association),
        }
    }
}

/// A session header (ISO 8327-1) as the guide's association control uses it.
fn association(mut reader: Reader<'_>) -> Result<&'static str, DecodeError> {
    // Session data that the guide prints for association request and response: protocol options, version, user
    // requirements.
    const CONNECT: &[u8] = &[5, 8, 0x13, 1, 0, 0x16, 1, 2, 0x80, 0, 0x14, 2, 0, 2, 0xc1];
    let kind = reader.u8("SessionHeader.type")?;
    let length = match reader.u8("SessionHeader.length")? {
        0xff => reader.u16("SessionHeader.length")?,
        short => u16::from(short),
    };
    let malformed = DecodeError::Malformed { field: "SessionHeader", rule: "as printed in the guide" };
    if usize::from(length) != reader.len() {
        return Err(malformed);
    }
    let data = reader.rest();
    match kind {
        0x0d if data.starts_with(CONNECT) => Ok("request"),
        0x0e if data.starts_with(CONNECT) => Ok("accept"),
        0x0c => Ok("refuse"),
        0x09 if data.starts_with(&[0xc1]) => Ok("release_request"),
        0x0a if data.starts_with(&[0xc1]) => Ok("release_response"),
        0x19 => Ok("abort"),
        _ => Err(malformed),
    }
}

/// Which part of a remote operation this is (ROapdus.ro_type).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Invoke,
    Result,
    Error,
}

/// A remote operation (ROapdus and what follows), its lengths checked against the datagram.
struct Operation<'a> {
    role: Role,
    command: u16,
    body: Reader<'a>,
}

impl<'a> Operation<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let malformed = |rule| DecodeError::Malformed { field: "ROapdus", rule };
        let kind = reader.u16("ROapdus.ro_type")?;
        let length = reader.u16("ROapdus.length")?;
        if usize::from(length) != reader.len() {
            return Err(malformed("the length is the datagram's"));
        }
        let role = match kind {
            1 => Role::Invoke,
            2 => Role::Result,
            3 => Role::Error,
            5 => {
                reader.skip(2, "ROLRSapdu.linked_id")?;
                Role::Result
            }
            _ => return Err(malformed("invoke, result, error or linked result")),
        };
        reader.skip(2, "invoke_id")?;
        let command = reader.u16("command_type")?;
        let length = reader.u16("length")?;
        if usize::from(length) != reader.len() {
            return Err(malformed("the inner length is the outer's remainder"));
        }
        if role != Role::Error && command > CMD_CONFIRMED_ACTION {
            return Err(malformed("a command type"));
        }
        Ok(Self { role, command, body: reader })
    }
}
