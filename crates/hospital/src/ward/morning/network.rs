//! The network itself: neighbours, addresses, names and time, and the machine that watches over it.

use super::{BEGIN, END, at, every};
use crate::frames::{Moment, Tape};
use crate::talk::neighbours::{Inventory, capability, cdp, lldp};
use crate::talk::snmp::{self, Value, poll};
use crate::talk::time::{self, Clock};
use crate::talk::{dhcp, names, ssh};
use crate::ward::devices::{
    ACCESS_POINT, ALARM_SERVER, ANAESTHESIA, ANALYSER, BUILDING_SERVER, CAMERA, CENTRAL, CLIMATE, CLOCK, CONTROLLER,
    CT, DOMAIN, Device, ENGINE, HOSPITAL, LABORATORY, METER_BASE, MONITORS, MR, PACS, PHONE, PLC, PORTAL, PRINTER,
    PUBLIC_CLOCK, PUMP_GATEWAY, REMOTE_SERVICE, ROUTER, SERIAL_SERVER, SERVICES, SWITCH, ULTRASOUND,
    ULTRASOUND_SECOND_ADDRESS, UPDATES, UPS, VENTILATOR, VISITOR, WATCHER, WORKLIST, WORKSTATIONS,
};

const SWITCH_SOFTWARE: &str =
    "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)";
const ROUTER_SOFTWARE: &str =
    "Cisco IOS Software, ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.4, RELEASE SOFTWARE (fc2)";

/// Plays it.
pub fn play(tape: &mut Tape) {
    neighbours(tape);
    addresses(tape);
    clocks(tape);
    lookups(tape);
    watching(tape);
}

fn neighbours(tape: &mut Tape) {
    for at in every(60, BEGIN.after_s(3), END) {
        lldp(tape, at, &SWITCH.host(), "Gi1/0/48", SWITCH_SOFTWARE, capability::BRIDGE, None);
        cdp(
            tape,
            at.after_ms(400),
            &SWITCH.host(),
            "GigabitEthernet1/0/48",
            "cisco WS-C2960X-48FPS-L",
            SWITCH_SOFTWARE,
            0x28,
        );
    }
    for at in every(60, BEGIN.after_s(17), END) {
        lldp(tape, at, &ROUTER.host(), "Gi0/0/1", ROUTER_SOFTWARE, capability::ROUTER, None);
        cdp(tape, at.after_ms(300), &ROUTER.host(), "GigabitEthernet0/0/1", "cisco ISR4331/K9", ROUTER_SOFTWARE, 0x01);
    }
    for at in every(120, BEGIN.after_s(31), END) {
        let software = "ArubaOS (MODEL: 315), Version 8.6.0.4";
        lldp(tape, at, &ACCESS_POINT.host(), "eth0", software, capability::BRIDGE | capability::ACCESS_POINT, None);
    }
    let inventory = Inventory { texts: ["R1", "U-Boot 1.2", "10.1.64.14", "SN00040083", "snom", "D785"] };
    for at in every(120, at(6, 44, 10), END) {
        lldp(
            tape,
            at,
            &PHONE.host(),
            "eth0",
            "snom D785",
            capability::BRIDGE | capability::TELEPHONE,
            Some(&inventory),
        );
    }
}

fn addresses(tape: &mut Tape) {
    let by_hand = [
        ROUTER,
        SWITCH,
        ACCESS_POINT,
        CONTROLLER,
        CLOCK,
        WATCHER,
        CENTRAL,
        VENTILATOR,
        ANAESTHESIA,
        ALARM_SERVER,
        PUMP_GATEWAY,
        ANALYSER,
        METER_BASE,
        CT,
        MR,
        CLIMATE,
        PLC,
        BUILDING_SERVER,
        SERIAL_SERVER,
        UPS,
        LABORATORY,
        HOSPITAL,
    ];
    for (index, device) in (0_u64..).zip(by_hand.iter().chain(&MONITORS)) {
        tape.arp_claim(BEGIN.after_ms(index.saturating_mul(130)), &device.station());
    }
    dhcp::lease(tape, at(6, 43, 0), &SERVICES, &PHONE.host(), PHONE.ip, &dhcp::SNOM);
    dhcp::lease(tape, at(6, 43, 30), &SERVICES, &CAMERA.host(), CAMERA.ip, &dhcp::AXIS);
    dhcp::lease(tape, at(6, 44, 0), &SERVICES, &PRINTER.host(), PRINTER.ip, &dhcp::PRINTER);
    for (minute, device) in [50, 52, 58].into_iter().zip(&WORKSTATIONS) {
        dhcp::lease(tape, at(6, minute, 7), &SERVICES, &device.host(), device.ip, &dhcp::WINDOWS);
        dhcp::renew(tape, at(10, minute, 7), &SERVICES, &device.host(), device.ip, &dhcp::WINDOWS);
    }
    dhcp::lease(tape, at(7, 40, 0), &SERVICES, &ULTRASOUND.host(), ULTRASOUND.ip, &dhcp::WINDOWS);
    dhcp::release(tape, at(9, 55, 0), &SERVICES, &ULTRASOUND.host(), ULTRASOUND.ip);
    dhcp::lease(tape, at(10, 10, 0), &SERVICES, &ULTRASOUND.host(), ULTRASOUND_SECOND_ADDRESS, &dhcp::WINDOWS);
    dhcp::lease(tape, at(9, 5, 0), &SERVICES, &VISITOR.host(), VISITOR.ip, &dhcp::IOS);
}

fn clocks(tape: &mut Tape) {
    let radio = Clock { stratum: 1, reference: *b"DCFa" };
    let clients = [CT, MR, CENTRAL, VENTILATOR, ANAESTHESIA, PUMP_GATEWAY, WATCHER, CONTROLLER, PACS, ENGINE];
    for (index, client) in (0_u64..).zip(clients.iter().chain(&MONITORS)) {
        for at in every(1_024, BEGIN.after_s(index.saturating_mul(37).saturating_add(20)), END) {
            time::ask(tape, at, &client.station(), &CLOCK.station(), &radio);
        }
    }
    let public = Clock { stratum: 2, reference: [192, 0, 2, 7] };
    for at in every(1_024, BEGIN.after_s(90), END) {
        time::ask(tape, at, &WATCHER.station(), &PUBLIC_CLOCK, &public);
    }
}

fn lookups(tape: &mut Tape) {
    for (index, device) in (0_u64..).zip(&WORKSTATIONS) {
        for (number, hour) in (0_u64..).zip([7, 8, 9, 10, 11]) {
            let at = at(hour, 2, index.saturating_mul(9).saturating_add(number));
            names::lookup(tape, at, &device.station(), &SERVICES.names, &format!("portal.{DOMAIN}"), Some(PORTAL.ip));
            names::lookup(
                tape,
                at.after_ms(30),
                &device.station(),
                &SERVICES.names,
                "update.vendor.example",
                Some(UPDATES.ip),
            );
            names::lookup(tape, at.after_ms(60), &device.station(), &SERVICES.names, &format!("wpad.{DOMAIN}"), None);
        }
    }
    names::lookup(tape, at(7, 30, 0), &CT.station(), &SERVICES.names, "remote.maker.example", Some(REMOTE_SERVICE.ip));
    names::lookup(tape, at(7, 29, 0), &MR.station(), &SERVICES.names, &format!("pacs1.{DOMAIN}"), Some(PACS.ip));
    names::lookup(tape, at(7, 28, 0), &CT.station(), &SERVICES.names, &format!("ris1.{DOMAIN}"), Some(WORKLIST.ip));
    names::reverse_lookup(tape, at(8, 15, 0), &WATCHER.station(), &SERVICES.names, PACS.ip, &format!("pacs1.{DOMAIN}"));
}

/// The watcher polls what it knows by SNMP; an administrator works on it by SSH.
fn watching(tape: &mut Tape) {
    let watcher = WATCHER.station();
    for (number, at) in (1_u32..).zip(every(900, BEGIN.after_s(47), END)) {
        let ticks = Value::Ticks(number.saturating_mul(90_000).saturating_add(412_233));
        let mut ask = |second: u64, device: &Device, version, found: &[(&str, Value<'_>)]| {
            let basics = [
                (snmp::UP_TIME, ticks),
                (snmp::NAME, Value::Text(device.name)),
                (snmp::CONTACT, Value::Text("CANARY CONTACT")),
            ];
            poll(tape, at.after_s(second), &watcher, &device.station(), version, &[found, &basics].concat());
        };
        let serial = SWITCH.truth.serial.unwrap_or_default();
        ask(
            0,
            &SWITCH,
            1,
            &[
                (snmp::DESCRIPTION, Value::Text(SWITCH_SOFTWARE)),
                (snmp::OBJECT_ID, Value::Object("1.3.6.1.4.1.9.1.1208")),
                (snmp::LOCATION, Value::Text("Ward 3, riser")),
                (snmp::ENTITY_SERIAL, Value::Text(serial)),
            ],
        );
        ask(
            1,
            &ROUTER,
            1,
            &[
                (snmp::DESCRIPTION, Value::Text(ROUTER_SOFTWARE)),
                (snmp::OBJECT_ID, Value::Object("1.3.6.1.4.1.9.1.2068")),
            ],
        );
        ask(
            2,
            &PRINTER,
            0,
            &[
                (
                    snmp::DESCRIPTION,
                    Value::Text("HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM 2501072"),
                ),
                (snmp::OBJECT_ID, Value::Object("1.3.6.1.4.1.11.2.3.9.1")),
                (snmp::PRINTER_SERIAL, Value::Text(PRINTER.truth.serial.unwrap_or_default())),
            ],
        );
        ask(
            3,
            &UPS,
            0,
            &[
                (
                    snmp::DESCRIPTION,
                    Value::Text("APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.4.0 PN:apc_hw05_aos_640.bin MN:AP9630)"),
                ),
                (snmp::OBJECT_ID, Value::Object("1.3.6.1.4.1.318.1.3.27")),
            ],
        );
    }
    for at in [at(7, 45, 0), at(11, 20, 0)] {
        administration(tape, at);
    }
}

fn administration(tape: &mut Tape, at: Moment) {
    let [first, ..] = &WORKSTATIONS;
    ssh::session(
        tape,
        at,
        (&first.station(), "OpenSSH_for_Windows_8.6"),
        (&WATCHER.station(), "OpenSSH_9.2p1 Debian-2+deb12u3"),
    );
}
