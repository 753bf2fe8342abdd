//! Recorders of the cameras' pictures: Hikvision's, and a Windows server with recording software.

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, WINDOWS};
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::web;

/// Recorders.
pub struct VideoRecorder;

impl Kind for VideoRecorder {
    fn name(&self) -> &'static str {
        "video_recorder"
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(1_500).max(2)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot =
            Spot { building: 1, floor: 0, unit: "SEC", bed: u64::try_from(number).unwrap_or(0).saturating_add(1) };
        let count = number.saturating_add(1);
        let mut device = match number.rem_euclid(2) {
            0 => Device::new(format!("NVR{count}"), draw.mac([0xf8, 0x4d, 0xfc]), LINUX, Zone::Building)
                .is("video_recorder", "Hikvision", &["vendor"])
                .named("", "DS-7732NI-K4", ""),
            _ => Device::new(format!("VMS{count}"), draw.mac([0xe4, 0x43, 0x4b]), WINDOWS, Zone::Building).is(
                "video_recorder",
                "Dell",
                &["vendor"],
            ),
        };
        device.product = number.rem_euclid(2);
        device.at(spot).on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(guard) = around.one("workstation", me) else { return Vec::new() };
        let (from, to) = (guard.station, me.station);
        let (server, title) = if me.product == 0 { ("DNVRS-Webs", "") } else { ("Microsoft-IIS/10.0", "Recordings") };
        let looks = Routine::new(Rhythm::daily(3, OFFICE, draw), move |tape, at, _| {
            web::page(tape, at, &from, &to, web::EDGE, &[("Server", server)], title);
        });
        vec![looks.over(tcp(guard, me, 80, "http"))]
    }
}
