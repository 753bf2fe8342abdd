//! Meters at the bedside in a docking base, which hands over what they hold by POCT1-A2 (CLSI), device messages §4.

use std::fmt::Write as _;

use crate::frames::{Moment, Station, Tape};
use crate::talk::hl7::time_text;
use crate::tcp::Talk;

/// A meter as it says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Meter<'a> {
    /// DEV.vendor_id and DEV.manufacturer_name.
    pub maker: [&'a str; 2],
    /// DEV.model_id.
    pub model: &'a str,
    /// DEV.device_id and DEV.serial_id.
    pub serial: &'a str,
    /// DEV.hw_version and DEV.sw_version.
    pub versions: [&'a str; 2],
    /// DEV.device_name: what the hospital calls it.
    pub name: &'a str,
}

/// Hello, status, results as they are asked for, end.
pub fn upload(
    tape: &mut Tape,
    at: Moment,
    base: &Station,
    (host, port): (&Station, u16),
    meter: &Meter<'_>,
    results: u64,
) {
    let ([vendor, maker], [hardware, software]) = (meter.maker, meter.versions);
    let Meter { model, serial, name, .. } = meter;
    let mut talk = Talk::open(tape, at, base, host, port);
    let mut control = 0_u32;
    let mut head = |kind: &str, at: Moment| {
        control = control.saturating_add(1);
        let time = clock(at);
        format!(
            "<{kind}><HDR><HDR.message_type V=\"{kind}\" SN=\"POCT1\" SV=\"1.0\"/><HDR.control_id V=\"{control}\"/>\
             <HDR.version_id V=\"POCT1\"/><HDR.creation_dttm V=\"{time}\"/></HDR>"
        )
    };
    let hello = head("HEL.R01", at)
        + &format!(
            "<DEV><DEV.device_id V=\"{serial}\"/><DEV.vendor_id V=\"{vendor}\"/><DEV.model_id V=\"{model}\"/>\
             <DEV.serial_id V=\"{serial}\"/><DEV.manufacturer_name V=\"{maker}\"/><DEV.hw_version V=\"{hardware}\"/>\
             <DEV.sw_version V=\"{software}\"/><DEV.device_name V=\"{name}\"/><DCP><DCP.application_timeout V=\"60\"/></DCP></DEV></HEL.R01>"
        );
    let status = head("DST.R01", at)
        + &format!(
            "<DST><DST.status_dttm V=\"{}\"/><DST.new_observations_qty V=\"{results}\"/><DST.condition_cd V=\"R\"/></DST></DST.R01>",
            clock(at)
        );
    let acknowledge = |number: u32| {
        format!(
            "<ACK.R01><HDR><HDR.message_type V=\"ACK.R01\"/><HDR.control_id V=\"{number}\"/><HDR.version_id V=\"POCT1\"/></HDR>\
             <ACK><ACK.type_cd V=\"AA\"/><ACK.ack_control_id V=\"{number}\"/></ACK></ACK.R01>"
        )
    };
    talk.say(&hello).wait_ms(40).answer(acknowledge(1));
    talk.wait_ms(30).say(&status).wait_ms(40).answer(acknowledge(2));
    talk.wait_ms(60).answer(
        "<REQ.R01><HDR><HDR.message_type V=\"REQ.R01\"/><HDR.control_id V=\"3\"/><HDR.version_id V=\"POCT1\"/></HDR>\
         <REQ><REQ.request_cd V=\"ROBS\"/></REQ></REQ.R01>",
    );
    for number in 1..=results {
        let mut observation = head("OBS.R01", at);
        // Who was pricked, by whom, and what came out.
        let _ = write!(
            observation,
            "<SVC><SVC.role_cd V=\"OBS\"/><SVC.observation_dttm V=\"{}\"/><PT><PT.patient_id V=\"CANARYPOCTPATIENT-{number}\"/>\
             <PT.name><GIV V=\"CANARYPOCTGIV\"/><FAM V=\"CANARYPOCTFAM\"/></PT.name><OBS><OBS.observation_id V=\"2339-0\" SN=\"LN\"/>\
             <OBS.value V=\"CANARYPOCTVALUE 10{number}\" U=\"mg/dL\"/><OBS.method_cd V=\"M\"/></OBS></PT><OPR><OPR.operator_id V=\"CANARYPOCTOPERATOR-1\"/></OPR>\
             </SVC></OBS.R01>",
            clock(at)
        );
        let number = u32::try_from(number).unwrap_or(0).saturating_add(2);
        talk.wait_ms(25).say(&observation).wait_ms(35).answer(acknowledge(number));
    }
    let end = head("EOT.R01", at) + "<EOT><EOT.topic_cd V=\"OBS\"/></EOT></EOT.R01>";
    talk.say(&end).wait_ms(20).answer(acknowledge(9));
    let over = head("END.R01", at) + "<TRM><TRM.reason_cd V=\"NRM\"/></TRM></END.R01>";
    talk.say(&over).wait_ms(20).close();
}

/// As in `2026-11-02T08:15:00+00:00`.
fn clock(at: Moment) -> String {
    let text = time_text(at);
    let part = |range| text.get(range).unwrap_or_default();
    let (date, time) =
        ([part(0..4), part(4..6), part(6..8)].join("-"), [part(8..10), part(10..12), part(12..14)].join(":"));
    format!("{date}T{time}+00:00")
}
