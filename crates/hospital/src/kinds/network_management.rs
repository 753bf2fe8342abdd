//! The machine that watches over the network: it asks every agent again and again, and looks at a few pages.

use super::agents::{self, Agent};
use super::habits::computer_room;
use super::{Kind, Routine, server_room, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::Rhythm;
use crate::talk::snmp::{self, Value};

const TICKS_A_SECOND: u64 = 100;

/// The machine that watches over the network.
pub struct NetworkManagement;

impl Kind for NetworkManagement {
    fn name(&self) -> &'static str {
        "network_management"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("nms1", draw.mac([0x0c, 0xc4, 0x7a]), LINUX, Zone::Management)
            .is("server", "Super Micro Computer", &["vendor"])
            .does(&["network_management"])
            .at(computer_room(6))
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let mut routines: Vec<Routine> =
            around.present().filter_map(|device| Some(asks(me, device, agents::of(device)?, draw))).collect();
        routines.extend(around.all("portal").map(|portal| server_room::check(me, portal, "Portal", 300, draw)));
        routines
    }
}

/// Uptime each time; once in a while all that the agent says of itself.
fn asks(me: &Device, asked: &Device, agent: Agent, draw: &mut Draw) -> Routine {
    let (manager, station) = (me.station, asked.station);
    let (name, serial, place) = (asked.name.clone(), asked.truth.serial.clone(), asked.spot.label());
    let booted = draw.below(9_000_000);
    let Agent { description, object_id, serial_at, device, community, version, every_s } = agent;
    let asks = Routine::new(Rhythm::every(every_s, draw), move |tape, at, turn| {
        let ticks = turn.saturating_mul(every_s).saturating_mul(TICKS_A_SECOND).saturating_add(booted);
        let ticks = Value::Ticks(u32::try_from(ticks & 0xffff_ffff).unwrap_or(0));
        let mut found = vec![(snmp::UP_TIME, ticks)];
        if turn.rem_euclid(24) == 0 {
            found.extend([
                (snmp::DESCRIPTION, Value::Text(&description)),
                (snmp::OBJECT_ID, Value::Object(object_id)),
                (snmp::NAME, Value::Text(&name)),
                (snmp::LOCATION, Value::Text(&place)),
                (snmp::CONTACT, Value::Text("CANARYSNMPCONTACT 1")),
            ]);
            found.extend(serial_at.map(|place| (place, Value::Text(&serial))));
            found.extend(device.map(|device| (snmp::DEVICE, Value::Text(device))));
        }
        snmp::poll_as(tape, at, &manager, &station, (version, community), &found);
    });
    asks.over(udp(me, asked, 161, "snmp").doing(&["get"]))
}
