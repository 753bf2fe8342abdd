//! DICOM and HL7: fields that Wireshark has in another form.

use crate::normal::{normal, normal_of_wireshark};
use crate::pairings::Pairing;
use crate::readers::{elements, hl7, in_brackets};

pub fn all() -> Vec<Pairing> {
    fn as_is(value: &str) -> String {
        normal_of_wireshark(value)
    }
    fn before_blank(value: &str) -> String {
        value.split(' ').next().unwrap_or_default().to_owned()
    }
    /// `Success (0x00)`
    fn code(value: &str) -> String {
        let code = value.rsplit_once('(').and_then(|(_, code)| code.strip_suffix(')')).unwrap_or(value);
        normal(code)
    }
    let element = |field: &'static str, tag: &'static [&'static str], read: fn(&str) -> String| {
        Pairing::new("dicom", field, "text").reading(elements(tag, read))
    };
    let header =
        |field: &'static str, position: usize| Pairing::new("hl7", field, "hl7.segment").reading(hl7("MSH", position));
    // Of OBX-3, what is observed. Distinct values are told once for a message.
    let component = |field: &'static str, index: usize| {
        let whole = hl7("OBX", 3);
        Pairing::new("hl7", field, "hl7.segment").reading(Box::new(move |columns| {
            let values = whole(columns).into_iter();
            values.filter_map(|value| value.split('^').nth(index - 1).map(normal)).collect()
        }))
    };
    vec![
        Pairing::new("dicom", "application_context", "dicom.actx").reading(in_brackets()),
        Pairing::new("dicom", "abstract_syntax", "dicom.pctx.abss.syntax").reading(in_brackets()),
        Pairing::new("dicom", "transfer_syntax", "dicom.pctx.xfer.syntax").reading(in_brackets()),
        element("command_field", &["(0000,0100)"], as_is),
        // A request has an identifier of its own, an answer that of the request.
        Pairing::new("dicom", "message_id", "text").reading(elements(&["(0000,0110)", "(0000,0120)"], as_is)),
        element("sop_class", &["(0000,0002)"], before_blank),
        element("status", &["(0000,0900)"], code),
        element("move_destination", &["(0000,0600)"], as_is),
        element("event_type", &["(0000,1002)"], as_is),
        element("action_type", &["(0000,1008)"], as_is),
        element("modality", &["(0008,0060)"], as_is),
        element("manufacturer", &["(0008,0070)"], as_is),
        element("station_name", &["(0008,1010)"], as_is),
        element("model", &["(0008,1090)"], as_is),
        element("serial", &["(0018,1000)"], as_is),
        element("software_version", &["(0018,1020)"], as_is),
        header("sending_application", 3),
        header("sending_facility", 4),
        header("receiving_application", 5),
        header("receiving_facility", 6),
        header("message_type", 9),
        header("processing_id", 11),
        header("version", 12),
        header("character_set", 18),
        header("profile", 21),
        Pairing::new("hl7", "acknowledgement_code", "hl7.segment").reading(hl7("MSA", 1)),
        component("observation_code", 1),
        component("coding_system", 3),
        Pairing::new("hl7", "equipment_id", "hl7.segment").reading(hl7("OBX", 18)),
    ]
}
