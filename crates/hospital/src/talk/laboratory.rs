//! The laboratory: an analyser sends results by ASTM (CLSI LIS01-A2, LIS02-A2), glucose meters by POCT1-A2.

use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};
use crate::talk::hl7::time_text;
use crate::tcp::Talk;

const ENQ: u8 = 5;
const ACK: u8 = 6;
const EOT: u8 = 4;

/// The analyser sends one sample's results in frames, each acknowledged.
pub fn astm(tape: &mut Tape, at: Moment, analyser: &Station, host: &Station, port: u16, sender: &str, sample: u32) {
    let time = time_text(at);
    let records = [
        format!("H|\\^&|||{sender}|||||||P|LIS2-A2|{time}\r"),
        format!("P|1|||CANARYASTMP5-{sample:04}|CANARYASTMP6^PATIENT||19700101|F\r"),
        format!("O|1|CANARYASTMO3-{sample}||^^^CBC|R||||||N\r"),
        "R|1|^^^WBC|CANARYASTMR4 6.4|10*3/uL||N||F\r".to_owned(),
        "R|2|^^^HGB|CANARYASTMR4 13.1|g/dL||N||F\rC|1|I|CANARYASTMC4 comment\r".to_owned(),
        "L|1|N\r".to_owned(),
    ];
    let mut talk = Talk::open(tape, at, analyser, host, port);
    talk.say([ENQ]).answer([ACK]);
    for (number, record) in (1_u8..).zip(records) {
        talk.wait_ms(15).say(frame(number & 7, &record)).answer([ACK]);
    }
    talk.say([EOT]).close();
}

/// STX, number, text, ETX, checksum (CLSI LIS01-A2 §8.3).
fn frame(number: u8, text: &str) -> Bytes {
    let counted = Bytes::new().u8(b'0' | number).text(text).u8(3);
    let sum = counted.as_ref().iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    Bytes::new().u8(2).raw(counted).text(&format!("{sum:02X}\r\n"))
}

/// A meter in the base says hello and hands over its results.
pub fn poct1a(tape: &mut Tape, at: Moment, base: &Station, host: &Station, port: u16, serial: &str) {
    let hello = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<HEL.R01><HDR><HDR.message_type V=\"HEL.R01\" SN=\"POCT1\" SV=\"1.0\"/>\
         <HDR.control_id V=\"1\"/><HDR.version_id V=\"POCT1\"/><HDR.creation_dttm V=\"2026-11-16T07:00:00+00:00\"/></HDR>\
         <DEV><DEV.device_id V=\"{serial}\"/><DEV.vendor_id V=\"ROCHE\"/><DEV.model_id V=\"ACCU-CHEK Inform II\"/>\
         <DEV.serial_id V=\"{serial}\"/><DEV.manufacturer_name V=\"Roche\"/><DEV.hw_version V=\"1.0\"/>\
         <DEV.sw_version V=\"04.03.00\"/><DEV.device_name V=\"WARD3-{serial}\"/></DEV></HEL.R01>\n"
    );
    let acknowledge =
        "<ACK.R01><HDR><HDR.message_type V=\"ACK.R01\"/></HDR><ACK><ACK.type_cd V=\"AA\"/></ACK></ACK.R01>\n";
    let mut talk = Talk::open(tape, at, base, host, port);
    talk.say(&hello).answer(acknowledge).wait_ms(40);
    for number in 1..4 {
        talk.say(format!(
            "<OBS.R01><HDR><HDR.message_type V=\"OBS.R01\"/><HDR.control_id V=\"{number}\"/></HDR><SVC><SVC.role_cd V=\"OBS\"/><PT>\
             <PT.patient_id V=\"CANARYPOCTPATIENT-{number}\"/><PT.name><FAM V=\"CANARYPOCTFAM\"/></PT.name><OBS><OBS.value V=\"CANARYPOCTVALUE\" U=\"mg/dL\"/>\
             </OBS></PT><OPR><OPR.operator_id V=\"CANARYPOCTOPERATOR-1\"/></OPR></SVC></OBS.R01>\n"
        ));
        talk.answer(acknowledge).wait_ms(40);
    }
    talk.say("<END.R01><HDR><HDR.message_type V=\"END.R01\"/></HDR><TRM><TRM.reason_cd V=\"NRM\"/></TRM></END.R01>\n");
    talk.close();
}
