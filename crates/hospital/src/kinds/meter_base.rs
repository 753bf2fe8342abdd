//! Docking bases of glucose meters: each tells the laboratory system by POCT1-A what the meters that stand in it hold. It
//! says nothing of itself; what the messages name is the meter. Bases of different makers' meters hang on one hub here.

use super::{Kind, Routine, glucose_meter, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::{dhcp, point_of_care};

/// Where the laboratory system listens to meters.
const PORT: u16 = 4_011;
/// A base asks for an address like other small systems: no class of its own.
const LEASE: dhcp::Client = dhcp::Client { vendor_class: "", parameters: &[1, 3, 6, 12, 15], full_name: false };

/// Docking bases of glucose meters.
pub struct MeterBase;

impl Kind for MeterBase {
    fn name(&self) -> &'static str {
        "meter_base"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 8)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        // Roche's own prefix, or that of Lantronix, whose modules are in the bases of others.
        let prefix = if draw.chance(60) { [0x00, 0x60, 0x19] } else { [0x00, 0x80, 0xa3] };
        Device::new(format!("base-{}", spot.label()), draw.mac(prefix), EMBEDDED, Zone::Clinical)
            .is("medical_gateway", "", &[])
            .at(spot)
            .leases(LEASE)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(host) = around.one("laboratory_system", me) else { return Vec::new() };
        let meters: Vec<Device> = around.behind(me).cloned().collect();
        let (station, host_station) = (me.station, host.station);
        let mut which = Draw::new(draw.number());
        let times = u64::try_from(meters.len()).unwrap_or(0).saturating_mul(4);
        let uploads = Routine::new(Rhythm::daily(times, WARD, draw), move |tape, at, turn| {
            // One after the other is put in.
            let place = usize::try_from(turn).unwrap_or(0).checked_rem(meters.len()).unwrap_or(0);
            let Some(meter) = meters.get(place) else { return };
            let results = which.below(6).saturating_add(1);
            let said = glucose_meter::said(meter);
            point_of_care::upload(tape, at, &station, (&host_station, PORT), &said, results);
        });
        vec![uploads.over(tcp(me, host, PORT, "poct1a"))]
    }
}
