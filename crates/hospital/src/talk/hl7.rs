//! HL7 version 2 over MLLP: admissions, orders, results, and the pumps' own reports (IHE PCD-01).

use super::Host;
use crate::bytes::Bytes;
use crate::frames::{Moment, Tape};
use crate::tcp::Talk;

/// Where systems listen for messages (IANA hl7).
pub const MLLP: u16 = 2575;

/// Somebody who sends or receives messages.
#[derive(Clone, Copy)]
pub struct Party<'a> {
    /// The machine.
    pub host: Host<'a>,
    /// MSH-3 or MSH-5.
    pub application: &'a str,
    /// MSH-4 or MSH-6.
    pub facility: &'a str,
}

/// One message: type, version, and its segments after MSH.
pub struct Message {
    /// MSH-9.
    pub kind: &'static str,
    /// MSH-12.
    pub version: &'static str,
    /// What follows the version in MSH, as in `|||AL|NE`.
    pub rest: &'static str,
    /// The other segments.
    pub segments: Vec<String>,
}

/// A connection over which messages go at the given moments, each acknowledged.
pub fn exchange(tape: &mut Tape, from: &Party<'_>, to: &Party<'_>, port: u16, messages: &[(Moment, Message)]) {
    let Some((first, _)) = messages.first() else { return };
    let mut talk = Talk::open(tape, *first, &from.host.station, &to.host.station, port);
    for (number, (at, message)) in (1_u32..).zip(messages) {
        talk.wait_until(*at);
        let id = format!("{}{number:05}", from.host.name.to_ascii_uppercase());
        let Message { kind, version, rest, segments } = message;
        let (event, _) = kind.rsplit_once('^').filter(|(event, _)| event.contains('^')).unwrap_or((*kind, ""));
        let time = time_text(*at);
        let head = format!(
            "MSH|^~\\&|{}|{}|{}|{}|{time}||{kind}|{id}|P|{version}{rest}\r",
            from.application, from.facility, to.application, to.facility
        );
        talk.say(block(&(head + &segments.concat())));
        let trigger = event.split_once('^').map_or("", |(_, trigger)| trigger);
        talk.wait_ms(4).answer(block(&format!(
            "MSH|^~\\&|{}|{}|{}|{}|{time}||ACK^{trigger}|{id}A|P|{version}\rMSA|AA|{id}\r",
            to.application, to.facility, from.application, from.facility
        )));
    }
    talk.wait_ms(900).close();
}

/// Start block, text, end block (HL7 Minimal Lower Layer Protocol).
fn block(text: &str) -> Bytes {
    Bytes::new().u8(0x0b).text(text).raw([0x1c, 0x0d])
}

/// A patient is admitted.
pub fn admission(number: u32) -> Message {
    Message {
        kind: "ADT^A01^ADT_A01",
        version: "2.5",
        rest: "",
        segments: vec![
            "EVN|A01|20261116\r".to_owned(),
            patient(number),
            format!("PV1|1|I|CANARYHL7PV13-WARD^1^{number}||||CANARYHL7PV17^PHYSICIAN\r"),
        ],
    }
}

/// An order for a laboratory test.
pub fn order(number: u32) -> Message {
    Message {
        kind: "ORM^O01^ORM_O01",
        version: "2.5",
        rest: "",
        segments: vec![
            patient(number),
            format!("ORC|NW|CANARYHL7ORC2-{number}\r"),
            format!("OBR|1|CANARYHL7OBR2-{number}||57021-8^CBC^LN\r"),
        ],
    }
}

/// A laboratory result.
pub fn result(number: u32) -> Message {
    Message {
        kind: "ORU^R01^ORU_R01",
        version: "2.5",
        rest: "",
        segments: vec![
            patient(number),
            format!("OBR|1|CANARYHL7OBR2-{number}||57021-8^CBC^LN\r"),
            "OBX|1|NM|6690-2^Leukocytes^LN||CANARYHL7OBX5 6.4|10*3/uL|||||F\r".to_owned(),
            "OBX|2|NM|718-7^Hemoglobin^LN||CANARYHL7OBX5 13.1|g/dL|||||F\r".to_owned(),
            "NTE|1|L|CANARYHL7NTE3 note\r".to_owned(),
        ],
    }
}

/// What the central station saw of a patient.
pub fn vital_signs(number: u32) -> Message {
    Message {
        kind: "ORU^R01^ORU_R01",
        version: "2.6",
        rest: "",
        segments: vec![
            patient(number),
            "OBR|1|||182777000^monitoring of patient^SCT\r".to_owned(),
            "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.147842|CANARYHL7OBX5 72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||F\r"
                .to_owned(),
            "OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|CANARYHL7OBX5 97|262688^MDC_DIM_PERCENT^MDC|||||F\r"
                .to_owned(),
            "OBX|3|NM|151562^MDC_RESP_RATE^MDC|1.9.1.151562|CANARYHL7OBX5 14|264928^MDC_DIM_RESP_PER_MIN^MDC|||||F\r"
                .to_owned(),
        ],
    }
}

/// A gateway reports three pumps (IHE PCD TF-2 §3.1); each names itself in OBX-18.
pub fn pumps(number: u32, [volumetric, first, second]: [&str; 3]) -> Message {
    let mut segments = vec![patient(number), "OBR|1|||69986^MDC_DEV_PUMP_INFUS_MDS^MDC\r".to_owned()];
    let models = [
        ("70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "SpacePlus Infusomat", volumetric),
        ("70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC", "SpacePlus Perfusor", first),
        ("70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC", "SpacePlus Perfusor", second),
    ];
    let mut row = 0_u32;
    for (system, (kind, model, serial)) in (1_u32..).zip(models) {
        let mut observation = |kind: &str, code: &str, path: &str, value: &str, tail: &str| {
            row = row.saturating_add(1);
            segments.push(format!("OBX|{row}|{kind}|{code}|{system}.{path}|{value}|{tail}\r"));
        };
        observation("", kind, "0.0.0", "", &format!("||||X|||||||{serial}^^0012211839{system:06}^EUI-64"));
        observation("ST", "67880^MDC_ATTR_ID_MODEL^MDC", "0.0.1", model, "||||F");
        observation("ST", "531970^MDC_ID_MODEL_MANUFACTURER^MDC", "0.0.2", "B. Braun", "||||F");
        observation("ST", "531972^MDC_ID_PROD_SPEC_SERIAL^MDC", "0.0.3", serial, "||||F");
        observation(
            "NM",
            "157784^MDC_FLOW_FLUID_PUMP^MDC",
            "1.1.1",
            "CANARYHL7OBX5 5.0",
            "265266^MDC_DIM_MILLI_L_PER_HR^MDC||||R",
        );
    }
    Message {
        kind: "ORU^R01^ORU_R01",
        version: "2.6",
        rest: "|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
        segments,
    }
}

fn patient(number: u32) -> String {
    format!(
        "PID|1||CANARYHL7PID3-{number:04}^^^HOSP^MR||CANARYHL7PID5^PATIENT^{number}||19700101|F|||CANARYHL7PID11 STREET {number}\r"
    )
}

/// As in `20261116063000` (UTC).
pub fn time_text(at: Moment) -> String {
    let seconds = at.0.div_euclid(1_000_000).rem_euclid(86_400);
    let (hours, minutes) = (seconds.div_euclid(3_600), seconds.div_euclid(60).rem_euclid(60));
    let (year, month, day) = date(at.0.div_euclid(86_400_000_000));
    format!("{year:04}{month:02}{day:02}{hours:02}{minutes:02}{:02}", seconds.rem_euclid(60))
}

/// Year, month and day of so many days after 1 January 1970 (Hinnant, "chrono-compatible low-level date algorithms").
fn date(days: u64) -> (u64, u64, u64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let leaps = of_era.div_euclid(36_524).saturating_sub(of_era.div_euclid(146_096));
    let year = of_era.saturating_sub(of_era.div_euclid(1_460)).saturating_add(leaps).div_euclid(365);
    let before = year.saturating_mul(365).saturating_add(year.div_euclid(4)).saturating_sub(year.div_euclid(100));
    let of_year = of_era.saturating_sub(before);
    let month = of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day = of_year.saturating_sub(month.saturating_mul(153).saturating_add(2).div_euclid(5)).saturating_add(1);
    let (month, later) = if month < 10 { (month.saturating_add(3), 0) } else { (month.saturating_sub(9), 1) };
    (era.saturating_mul(400).saturating_add(year).saturating_add(later), month, day)
}
