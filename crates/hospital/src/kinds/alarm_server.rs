//! The alarm server (Ascom Digistat): takes alarms of gateways by IHE PCD-04, listens to SDC devices (IEEE 11073-20701),
//! and tells the nurse call system what it heard.

use super::{Flow, Kind, Peer, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::discovery::{metadata, probe};
use crate::talk::hl7::Message;
use crate::talk::mllp::{Ends, Line};
use crate::talk::sdc::{self, Medical};
use crate::talk::tls::{Client, Tunnel, Visit};

/// It looks for devices so often.
const PROBE_S: u64 = 7_200;
/// So often it renews what it subscribed to.
const RENEW_S: u64 = 300;
const NURSE_CALL: u16 = 2_575;

/// The alarm server.
pub struct AlarmServer;

impl Kind for AlarmServer {
    fn name(&self) -> &'static str {
        "alarm_server"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("digistat1", draw.mac([0x00, 0x15, 0x5d]), WINDOWS, Zone::Servers)
            .is("nurse_call", "Ascom", &["category", "vendor"])
            .named("Digistat", "", "")
            .does(&["hl7_receiver", "hl7_sender"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 8 })
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let mut routines = vec![self.look(me, around, draw)];
        for device in around.all("ventilator").chain(around.all("anesthesia_machine")) {
            if !device.is_sdc() {
                continue;
            }
            let (from, to) = (me.station, device.station);
            let mut tunnel = Tunnel::default();
            let renewals = Routine::new(Rhythm::every(RENEW_S, draw), move |tape, at, _| {
                let certificate = sdc::certificate();
                let visit = Visit {
                    client: Client::Plain,
                    name: "",
                    port: sdc::ENCRYPTED,
                    certificate: Some(&certificate),
                    length: 1_100,
                };
                tunnel.visit(tape, at, &from, &to, &visit);
            });
            routines.push(renewals.over(tcp(me, device, sdc::ENCRYPTED, "tls")));
        }
        if let Some(nurse_call) = around.all("nurse_call").next() {
            let ends = Ends {
                from: me.station,
                to: nurse_call.station,
                port: NURSE_CALL,
                sender: "DIGISTAT|ASCOM".to_owned(),
                receiver: "RESPONDER 5|RAULAND".to_owned(),
            };
            let mut line = Line::new(ends);
            let calls = Routine::new(Rhythm::daily(150, WARD, draw), move |tape, at, turn| {
                line.send(tape, at, [call(u32::try_from(turn).unwrap_or(0))]);
            });
            routines.push(calls.over(tcp(me, nurse_call, NURSE_CALL, "hl7").doing(&["ORU^R40"])));
        }
        routines
    }
}

impl AlarmServer {
    /// It asks the link's SDC devices who is there, and each that it has not met what it is.
    fn look(&self, me: &Device, around: &Around, draw: &mut Draw) -> Routine {
        let station = me.station;
        let devices: Vec<Medical> = around
            .all("ventilator")
            .chain(around.all("anesthesia_machine"))
            .filter(|device| device.is_sdc())
            .map(Medical::of)
            .collect();
        let flows: Vec<Flow> = devices
            .iter()
            .map(|device| Flow { to: Peer::Device(device.number), ..tcp(me, me, sdc::PLAIN, "http") })
            .collect();
        // Multicast does not leave the link: the devices are found by their hellos, which a proxy forwards.
        let looks = Routine::new(Rhythm::every(PROBE_S, draw), move |tape, at, turn| {
            probe(tape, at, &station, "mdpws:MedicalDevice", &[]);
            if turn > 0 {
                return;
            }
            for (index, device) in (1_u64..).zip(&devices) {
                let at = at.after_ms(index.saturating_mul(450));
                metadata(tape, at, &station, &device.station, sdc::PLAIN, device.endpoint, &device.model());
            }
        });
        flows.into_iter().fold(looks, Routine::over)
    }
}

/// An alarm as staff are to hear of it (IHE PCD-04).
fn call(number: u32) -> Message {
    Message {
        kind: "ORU^R40^ORU_R40",
        version: "2.6",
        rest: "|||AL|NE|||||ACM_04^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO",
        segments: vec![
            format!("PID|||CANARYACMPID3-{number:05}^^^HOSP^PI||CANARYACMPID5^PATIENT^^^^^L\r"),
            format!("PV1||I|CANARYACMPV13-WARD^CANARYACMPV13-ROOM^{number}\r"),
            "OBR|1|||196616^MDC_EVT_ALARM^MDC\r".to_owned(),
            "OBX|1|ST|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|CANARYACMOBX5 alarm||||||R\r".to_owned(),
        ],
    }
}
