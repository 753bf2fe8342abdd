//! HL7 version 2 over MLLP: admissions, orders, results, and the pumps' own reports (IHE PCD-01).

use crate::demo::bytes::Bytes;
use crate::demo::frames::{Moment, Tape};
use crate::demo::tcp::Talk;
use crate::demo::ward::{Device, PUMP_GATEWAY, PUMP_SERIALS};

/// Somebody who sends or receives messages.
#[derive(Clone, Copy)]
pub struct Party {
    /// The machine.
    pub device: Device,
    /// MSH-3 or MSH-5.
    pub application: &'static str,
    /// MSH-4 or MSH-6.
    pub facility: &'static str,
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
pub fn exchange(tape: &mut Tape, from: &Party, to: &Party, port: u16, messages: &[(Moment, Message)]) {
    let Some((first, _)) = messages.first() else { return };
    let mut talk = Talk::open(tape, *first, &from.device.station(), &to.device.station(), port);
    for (number, (at, message)) in (1_u32..).zip(messages) {
        talk.wait_until(*at);
        let id = format!("{}{number:05}", from.device.name.to_ascii_uppercase());
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
            format!("PV1|1|I|CANARY-WARD^1^{number}||||CANARY^PHYSICIAN\r"),
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
            format!("ORC|NW|CANARY-ORDER-{number}\r"),
            format!("OBR|1|CANARY-ORDER-{number}||57021-8^CBC^LN\r"),
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
            format!("OBR|1|CANARY-ORDER-{number}||57021-8^CBC^LN\r"),
            "OBX|1|NM|6690-2^Leukocytes^LN||CANARY 6.4|10*3/uL|||||F\r".to_owned(),
            "OBX|2|NM|718-7^Hemoglobin^LN||CANARY 13.1|g/dL|||||F\r".to_owned(),
            "NTE|1|L|CANARY note\r".to_owned(),
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
            "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.147842|CANARY 72|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||F\r"
                .to_owned(),
            "OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|CANARY 97|262688^MDC_DIM_PERCENT^MDC|||||F\r"
                .to_owned(),
            "OBX|3|NM|151562^MDC_RESP_RATE^MDC|1.9.1.151562|CANARY 14|264928^MDC_DIM_RESP_PER_MIN^MDC|||||F\r"
                .to_owned(),
        ],
    }
}

/// The gateway reports its three pumps (IHE PCD TF-2 §3.1); each names itself in OBX-18.
pub fn pumps(number: u32) -> Message {
    let [volumetric, first, second] = PUMP_SERIALS;
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
            "CANARY 5.0",
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

/// The gateway as a sender: it names itself by its own universal identifier.
pub const PUMPS: Party =
    Party { device: PUMP_GATEWAY, application: "PAT_DEVICE_BBRAUN^0012211839000000^EUI-64", facility: "WARD3" };

fn patient(number: u32) -> String {
    format!("PID|1||CANARY-{number:04}^^^HOSP^MR||CANARY^PATIENT^{number}||19700101|F|||CANARY STREET {number}\r")
}

/// As in `20261116063000`.
pub fn time_text(at: Moment) -> String {
    let seconds = at.0.div_euclid(1_000_000).rem_euclid(86_400);
    let (hours, minutes) = (seconds.div_euclid(3_600), seconds.div_euclid(60).rem_euclid(60));
    format!("20261116{hours:02}{minutes:02}{:02}", seconds.rem_euclid(60))
}
