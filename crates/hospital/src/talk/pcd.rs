//! What gateways and devices report of devices at the bed: IHE PCD-01 and PCD-04 (IHE PCD TF-2 §3.1, §3.4, appendix B),
//! in the nomenclature of IEEE 11073-10101. Whatever a patient's is, values included, is a canary.

use super::hl7::Message;

/// MSH-15 to MSH-21 of a device's observations.
const OBSERVATION: &str =
    "|||AL|NE||UNICODE UTF-8|en^English^ISO639||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.1^ISO";
/// The same of an alarm.
const ALARM: &str = "|||AL|NE||UNICODE UTF-8|en^English^ISO639||ACM_04^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO";

/// One device as somebody reports it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// OBX-3 of the medical device system, code and name, as in `70049^MDC_DEV_PUMP_INFUS_LVP_MDS`; empty where the
    /// sender names none.
    pub system: &'a str,
    /// The same of the virtual device.
    pub device: &'a str,
    /// OBX-18.
    pub equipment: &'a str,
    /// Whether OBX-18 stands in all observations, or with the system alone.
    pub is_repeated: bool,
    /// Codes and texts of attributes.
    pub texts: &'a [(&'a str, &'a str)],
    /// Codes and units of what is measured.
    pub numbers: &'a [(&'a str, &'a str)],
}

/// What a device measures and does (PCD-01). OBR-2 to OBR-4 are the sender's.
pub fn observation(patient: u32, order: &str, report: &Report<'_>) -> Message {
    let mut segments = opening(patient, order);
    segments.extend(rows(report));
    Message { kind: "ORU^R01^ORU_R01", version: "2.6", rest: OBSERVATION, segments }
}

/// A device alarms (PCD-04): the event's code and name, and its text.
pub fn alarm(patient: u32, order: &str, report: &Report<'_>, event: (&str, &str)) -> Message {
    let mut segments = opening(patient, order);
    segments.extend(rows(&Report { numbers: &[], ..*report }));
    let row = segments.len();
    let (code, text) = event;
    segments.push(format!("OBX|{row}|ST|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|{code}^MDC^^^^^^{text}||||||R\r"));
    segments.push(format!("OBX|{}|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.0.0.2|start||||||R\r", row.saturating_add(1)));
    segments.push(format!("OBX|{}|ST|68483^MDC_ATTR_ALARM_PRIORITY^MDC|1.1.0.0.4|PH||||||R\r", row.saturating_add(2)));
    Message { kind: "ORU^R40^ORU_R40", version: "2.6", rest: ALARM, segments }
}

/// Who lies there, where, and for what this was ordered.
fn opening(patient: u32, order: &str) -> Vec<String> {
    vec![
        format!("PID|||CANARYPCDPID3-{patient:05}^^^HOSP^PI||CANARYPCDPID5^PATIENT^^^^^L||19700101|U\r"),
        format!("PV1||I|CANARYPCDPV13-WARD^CANARYPCDPV13-ROOM^{patient}\r"),
        format!("OBR|1|{order}\r"),
    ]
}

fn rows(report: &Report<'_>) -> Vec<String> {
    let Report { system, device, equipment, is_repeated, texts, numbers } = *report;
    let of = |tail: &str| if is_repeated { format!("{tail}|||||||{equipment}") } else { tail.to_owned() };
    let mut rows = Vec::new();
    if !system.is_empty() {
        rows.push(format!("|{system}^MDC|1.0.0.0|||||||X|||||||{equipment}"));
        rows.push(format!("|{device}^MDC|1.1.0.0|||||||X"));
    }
    for (index, (code, text)) in (1_u32..).zip(texts) {
        rows.push(format!("ST|{code}^MDC|1.1.0.{index}|{text}|{}", of("|||||F")));
    }
    for (index, (code, unit)) in (1_u32..).zip(numbers) {
        rows.push(format!("NM|{code}^MDC|1.1.1.{index}|CANARYPCDOBX5 {index}7.0|{unit}^MDC{}", of("|||||R")));
    }
    (1_u32..).zip(rows).map(|(row, text)| format!("OBX|{row}|{text}\r")).collect()
}
