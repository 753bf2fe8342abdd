//! HL7 version 2 over the Minimal Lower Layer Protocol (HL7 v2.5 chapter 2; MLLP release 1 and 2).
//!
//! Reads who sends which kind of message to whom, how it is acknowledged, which codes it observes and which equipment
//! it names. Fields are read where they lie, one at a time: of all others (patient, visit, order, result, note) not a
//! byte is copied. Left out: the value of every observation but the device's own attributes (see [`attributes`]), the
//! location in PV1-3 but for the network address that Mindray's gateway writes there, device segments about implants
//! (DEV), and HL7 inside TLS.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod attributes;
mod delimiters;
mod equipment;
mod record;
mod stream;

// Message header (HL7 v2.5 §2.15.9), acknowledgement (§2.15.8), software (§2.15.12).
static SENDING_APPLICATION: Field = Field::site("sending_application").form(Form::Designator);
static SENDING_FACILITY: Field = Field::site("sending_facility").form(Form::Designator);
static RECEIVING_APPLICATION: Field = Field::site("receiving_application").form(Form::Designator);
static RECEIVING_FACILITY: Field = Field::site("receiving_facility").form(Form::Designator);
/// A hardware address, or an EUI-64 made from one, that the sender gives for itself in MSH-3 or MSH-4.
static SENDER_MAC: Field = Field::device("sender_mac");
static MESSAGE_TYPE: Field = Field::device("message_type").form(Form::Fixed);
static PROCESSING_ID: Field = Field::device("processing_id").form(Form::Token);
static VERSION: Field = Field::device("version").form(Form::Fixed);
/// What stands for a sequence number in MSH-13 but is none: analysers put their serial number there.
static SENDER_SERIAL: Field = Field::device("sender_serial").form(Form::Serial);
static CHARACTER_SET: Field = Field::device("character_set");
static PROFILE: Field = Field::device("profile").form(Form::Designator);
static ACKNOWLEDGEMENT_CODE: Field = Field::device("acknowledgement_code").form(Form::Token);
/// Whom a query asks about (QRF-1, HL7 v2.3.1 §2.24.5): the one word that is told says a monitor.
static QUERY_SUBJECT: Field = Field::device("query_subject").form(Form::Fixed);
static SOFTWARE_VENDOR: Field = Field::device("software_vendor");
static SOFTWARE_PRODUCT: Field = Field::device("software_product");

// Observations (HL7 v2.5 §7.4.2).
static OBSERVATION_CODE: Field = Field::device("observation_code").form(Form::Fixed);
/// The reference identifier of IEEE 11073-10101 beside a code, as in `MDC_DEV_PUMP_INFUS_SYRINGE_MDS`.
static OBSERVATION_NAME: Field = Field::device("observation_name").form(Form::Token);
static CODING_SYSTEM: Field = Field::device("coding_system").form(Form::Fixed);
/// How many pieces of equipment the message tells of.
static EQUIPMENT_COUNT: Field = Field::device("equipment_count");

// Equipment: OBX-18 (HL7 v2.5 §7.4.2.18), the kind of device system in OBR-4 (IHE PCD TF-2 §B.6), PRT-10, PRT-16, PRT-20 (HL7 v2.8 §7.4.4), EQU-1 (HL7 v2.5 §13.4.1), and
// device attributes of IEEE 11073-10101.
static EQUIPMENT_ID: Field = Field::device("equipment_id").form(Form::Identifier);
static EQUIPMENT_NAMESPACE: Field = Field::device("equipment_namespace").form(Form::Identifier);
static EQUIPMENT_UNIVERSAL_ID: Field = Field::device("equipment_universal_id").form(Form::Identifier);
static EQUIPMENT_UNIVERSAL_ID_TYPE: Field = Field::device("equipment_universal_id_type").form(Form::Token);
static EQUIPMENT_MAC: Field = Field::device("equipment_mac");
static DEVICE_TYPE: Field = Field::device("device_type").form(Form::Token);
static SYSTEM_ID: Field = Field::device("system_id").form(Form::Serial);
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL: Field = Field::device("model");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static SOFTWARE_VERSION: Field = Field::device("software_version");
static FIRMWARE_VERSION: Field = Field::device("firmware_version");
static HARDWARE_VERSION: Field = Field::device("hardware_version");
static UDI: Field = Field::device("udi").form(Form::Serial);

static FIELDS: &[&Field] = &[
    &SENDING_APPLICATION,
    &SENDING_FACILITY,
    &RECEIVING_APPLICATION,
    &RECEIVING_FACILITY,
    &SENDER_MAC,
    &MESSAGE_TYPE,
    &PROCESSING_ID,
    &VERSION,
    &SENDER_SERIAL,
    &CHARACTER_SET,
    &PROFILE,
    &ACKNOWLEDGEMENT_CODE,
    &QUERY_SUBJECT,
    &SOFTWARE_VENDOR,
    &SOFTWARE_PRODUCT,
    &OBSERVATION_CODE,
    &OBSERVATION_NAME,
    &CODING_SYSTEM,
    &EQUIPMENT_COUNT,
    &EQUIPMENT_ID,
    &EQUIPMENT_NAMESPACE,
    &EQUIPMENT_UNIVERSAL_ID,
    &EQUIPMENT_UNIVERSAL_ID_TYPE,
    &EQUIPMENT_MAC,
    &DEVICE_TYPE,
    &SYSTEM_ID,
    &MANUFACTURER,
    &MODEL,
    &SERIAL,
    &SOFTWARE_VERSION,
    &FIRMWARE_VERSION,
    &HARDWARE_VERSION,
    &UDI,
];

/// The protocol's entry in the list.
pub static DECODER: Hl7 = Hl7;

/// Health Level Seven, version 2.
pub struct Hl7;

impl Decoder for Hl7 {
    fn name(&self) -> &'static str {
        "hl7"
    }

    /// Only 2575 is assigned (IANA, `hl7`); 6661 and 4601 are what widespread engines and gateways ship with.
    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[2_575, 6_661, 4_601])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match (delimiters::begins(opening.initiator), delimiters::begins(opening.responder)) {
            (Probe::Yes, _) | (_, Probe::Yes) => Probe::Yes,
            (Probe::More, _) | (_, Probe::More) => Probe::More,
            (Probe::No, Probe::No) => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(stream::Conversation::default())
    }
}
