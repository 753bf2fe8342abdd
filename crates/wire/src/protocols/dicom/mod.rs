//! DICOM upper layer (PS3.8) with the command sets of DIMSE (PS3.7).
//!
//! Reads who associates with whom for which services, what is asked and how it is answered. Data sets are passed over
//! by length; of those that a device stores, six elements that describe the equipment are read (see [`data_set`]).
//! Left out: user names, passwords and tickets (PS3.7 §D.3.3.7), instance identifiers, error comments, every other
//! element of a data set, and associations inside TLS.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod association;
mod command;
mod data_set;
mod equipment;
mod pdu;
mod stream;

// A-ASSOCIATE-RQ and A-ASSOCIATE-AC (PS3.8 §9.3.2, §9.3.3), user information items (PS3.7 annex D.3.3).
static CALLED_AE: Field = Field::site("called_ae").wireshark("dicom.assoc.ae.called");
static CALLING_AE: Field = Field::site("calling_ae").wireshark("dicom.assoc.ae.calling");
static APPLICATION_CONTEXT: Field =
    Field::device("application_context").form(Form::ObjectIdentifier).wireshark("dicom.actx");
static IMPLEMENTATION_CLASS_UID: Field =
    Field::device("implementation_class_uid").form(Form::ObjectIdentifier).wireshark("dicom.userinfo.uid");
static IMPLEMENTATION_VERSION: Field = Field::device("implementation_version").wireshark("dicom.userinfo.version");
static MAX_PDU_LENGTH: Field = Field::device("max_pdu_length").wireshark("dicom.max_pdu_len");
static USER_IDENTITY_TYPE: Field = Field::device("user_identity_type").wireshark("dicom.userinfo.user_identify.type");
static ABSTRACT_SYNTAX: Field =
    Field::device("abstract_syntax").form(Form::ObjectIdentifier).wireshark("dicom.pctx.abss.syntax");
static TRANSFER_SYNTAX: Field =
    Field::device("transfer_syntax").form(Form::ObjectIdentifier).wireshark("dicom.pctx.xfer.syntax");
static CONTEXT_RESULT: Field = Field::device("context_result").wireshark("dicom.pctx.result");
static SCU_ROLE_SOP_CLASS: Field = Field::device("scu_role_sop_class").form(Form::ObjectIdentifier);
static SCP_ROLE_SOP_CLASS: Field = Field::device("scp_role_sop_class").form(Form::ObjectIdentifier);

// A-ASSOCIATE-RJ (PS3.8 §9.3.4) and A-ABORT (PS3.8 §9.3.8).
static RESULT: Field = Field::device("result").wireshark("dicom.assoc.reject.result");
static SOURCE: Field = Field::device("source").wireshark("dicom.assoc.reject.source dicom.assoc.abort.source");
static REASON: Field = Field::device("reason").wireshark("dicom.assoc.reject.reason dicom.assoc.abort.reason");

// Command sets (PS3.7 annex E).
static COMMAND_FIELD: Field = Field::device("command_field").form(Form::Fixed);
static MESSAGE_ID: Field = Field::device("message_id");
static SOP_CLASS: Field = Field::device("sop_class").form(Form::ObjectIdentifier);
static STATUS: Field = Field::device("status");
static MOVE_DESTINATION: Field = Field::site("move_destination");
static EVENT_TYPE: Field = Field::device("event_type");
static ACTION_TYPE: Field = Field::device("action_type");

// General Equipment and General Series modules (PS3.3 §C.7.5.1, §C.7.3.1).
static MODALITY: Field = Field::device("modality").form(Form::Token);
static MANUFACTURER: Field = Field::device("manufacturer");
static STATION_NAME: Field = Field::site("station_name").form(Form::Label);
static MODEL: Field = Field::device("model");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static SOFTWARE_VERSION: Field = Field::device("software_version");

static FIELDS: &[&Field] = &[
    &CALLED_AE,
    &CALLING_AE,
    &APPLICATION_CONTEXT,
    &IMPLEMENTATION_CLASS_UID,
    &IMPLEMENTATION_VERSION,
    &MAX_PDU_LENGTH,
    &USER_IDENTITY_TYPE,
    &ABSTRACT_SYNTAX,
    &TRANSFER_SYNTAX,
    &CONTEXT_RESULT,
    &SCU_ROLE_SOP_CLASS,
    &SCP_ROLE_SOP_CLASS,
    &RESULT,
    &SOURCE,
    &REASON,
    &COMMAND_FIELD,
    &MESSAGE_ID,
    &SOP_CLASS,
    &STATUS,
    &MOVE_DESTINATION,
    &EVENT_TYPE,
    &ACTION_TYPE,
    &MODALITY,
    &MANUFACTURER,
    &STATION_NAME,
    &MODEL,
    &SERIAL,
    &SOFTWARE_VERSION,
];

/// The protocol's entry in the list.
pub static DECODER: Dicom = Dicom;

/// Digital Imaging and Communications in Medicine.
pub struct Dicom;

impl Decoder for Dicom {
    fn name(&self) -> &'static str {
        "dicom"
    }

    /// 104 and 11112 are assigned (PS3.8 §9.1.1); 4242 is where a widespread archive listens.
    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[104, 11_112, 4_242])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match (pdu::begins_pdu(opening.initiator), pdu::begins_pdu(opening.responder)) {
            (Probe::Yes, _) | (_, Probe::Yes) => Probe::Yes,
            (Probe::More, _) | (_, Probe::More) => Probe::More,
            (Probe::No, Probe::No) => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(stream::Association::default())
    }
}
