//! Philips IntelliVue monitors at the beds, each polled by its unit's central station.

use super::{Kind, Routine, of_thousand, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::intellivue::{self, Monitor};

/// Product number, model as it is called, software.
const MODELS: [(&str, &str, &str); 3] =
    [("865240", "MX800", "L.30.01"), ("866062", "MX450", "M.00.03"), ("M8105A", "MP5", "J.10.53")];
/// How often a central station polls.
const POLL_S: u64 = 60;

/// Philips IntelliVue monitors.
pub struct PatientMonitor;

impl Kind for PatientMonitor {
    fn name(&self) -> &'static str {
        "patient_monitor"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 80)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = draw.index(MODELS.len());
        let (_, model, software) = MODELS.get(product).copied().unwrap_or_default();
        let mut device =
            Device::new(format!("mon-{}", spot.label()), draw.mac([0x00, 0x09, 0xfb]), EMBEDDED, Zone::Clinical)
                .is("patient_monitor", "Philips", &["category", "vendor", "serial"])
                .named("IntelliVue", model, software)
                .serial(format!("DE{}{}{}", draw.digits(3), draw.letters(1), draw.digits(4)))
                .shows(&["cleartext_medical"])
                .at(spot)
                .on_time();
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(central) = around.one("central_station", me) else { return Vec::new() };
        let (station, serial, bed, central_station) =
            (me.station, me.truth.serial.clone(), me.spot.label(), central.station);
        let (model, _, software) = MODELS.get(me.product).copied().unwrap_or_default();
        let phase_us = draw.below(POLL_S.saturating_mul(1_000_000));
        let mut port = None;
        let polls = Routine::new(Rhythm::Every { seconds: POLL_S, first_us: phase_us }, move |tape, at, turn| {
            let monitor = Monitor { station, serial: &serial, model, bed: &bed, software };
            match port {
                // It tells everybody that it is there until somebody associates with it.
                None if turn == 0 => intellivue::indicate(tape, at, &monitor),
                None => port = Some(intellivue::associate(tape, at, &central_station, &monitor)),
                Some(port) => intellivue::poll(tape, at, (&central_station, port), &monitor),
            }
        });
        vec![polls.over(udp(central, me, 24_105, "intellivue"))]
    }
}
