//! Appliances that a hospital has few of: firewall, controller of the access points, storage, power strips and meters,
//! door stations, conference rooms, televisions. What each of them says stands in a table.

mod table;

pub use table::ALL;

use super::agents::Agent;
use super::habits::{logs, mac_letters, tells_neighbour};
use super::telephone_server::AGENTS;
use super::{Kind, Routine, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::Stack;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::names::{self, Service};
use crate::talk::sip::{self, Exchange, Phone};
use crate::talk::{dhcp, modbus, ssdp, web};

/// An appliance of one maker.
pub struct Appliance {
    /// The kind's name, and the beginning of its own.
    pub kind: &'static str,
    called: &'static str,
    category: &'static str,
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    zone: Zone,
    stack: Stack,
    /// One for so many devices.
    one_for: usize,
    told: &'static [&'static str],
    weaknesses: &'static [&'static str],
    lease: Option<dhcp::Client>,
    says: &'static [Says],
}

/// What an appliance says.
enum Says {
    /// sysDescr and sysObjectID, asked by network management; whether it is as it left the factory.
    Agent(&'static str, &'static str, bool),
    /// Port, description and capabilities by LLDP.
    Neighbour(&'static str, &'static str, u16),
    /// `Server` and title of its page.
    Page(&'static str, &'static str),
    /// Lines of its logs.
    Logs(&'static [(u8, &'static str)]),
    /// A service by mDNS with its port and what it tells.
    Offers(&'static str, u16, &'static [&'static str]),
    /// `SERVER` and kinds by SSDP.
    Announces(&'static str, &'static [&'static str]),
    /// Registers with the telephone server as this.
    Telephone(&'static str),
    /// Measures for the building's server, by Modbus, and cannot say what it is.
    Measures,
}

impl Kind for Appliance {
    fn name(&self) -> &'static str {
        self.kind
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(self.one_for)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let mac = draw.mac(self.prefix);
        let name = match self.lease {
            Some(_) => format!("{}-{}", self.called, mac_letters(mac, 3)),
            None => format!("{}{}", self.called, number.saturating_add(1)),
        };
        let mut device = Device::new(name, mac, self.stack, self.zone)
            .is(self.category, self.vendor, self.told)
            .named("", self.model, self.software)
            .shows(self.weaknesses)
            .at(place::bedside(draw, number));
        device.lease = self.lease;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        self.says.iter().filter_map(|says| says.routine(me, around, draw)).collect()
    }
}

impl Says {
    fn routine(&self, me: &Device, around: &Around, draw: &mut Draw) -> Option<Routine> {
        let (name, station) = (me.name.clone(), me.station);
        match *self {
            // Network management asks.
            Self::Agent(..) => None,
            Self::Neighbour(port, text, capabilities) => {
                Some(tells_neighbour(me, port, text.to_owned(), capabilities, 60, draw))
            }
            Self::Logs(lines) => logs(me, around, lines, Rhythm::every(120, draw)),
            Self::Page(server, title) => {
                let visitor = around.one("workstation", me)?;
                let from = visitor.station;
                let visits = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
                    web::page(tape, at, &from, &station, web::EDGE, &[("Server", server)], title);
                });
                Some(visits.over(tcp(visitor, me, 80, "http")))
            }
            Self::Offers(kind, port, text) => Some(Routine::new(Rhythm::every(7_200, draw), move |tape, at, _| {
                let service = Service { kind, instance: &name, port, text };
                names::announce(tape, at, &station, &name, &[service]);
            })),
            Self::Announces(server, kinds) => Some(Routine::new(Rhythm::every(1_800, draw), move |tape, at, _| {
                let location = format!("http://{}:1990/", station.ip);
                ssdp::announce(tape, at, &station, server, &location, kinds);
            })),
            Self::Telephone(agent) => {
                let server = around.all("telephone_server").nth(1)?;
                let (exchange, number) = (server.station, format!("{:04}", me.number));
                let registers = Routine::new(Rhythm::every(1_800, draw), move |tape, at, _| {
                    let phone = Phone { station, agent, number: &number };
                    let agent = AGENTS.get(1).copied().unwrap_or_default();
                    sip::register(tape, at, &phone, &Exchange { station: exchange, agent });
                });
                Some(registers.over(udp(me, server, 5060, "sip").doing(&["REGISTER"])))
            }
            Self::Measures => {
                let server = around.one("building_server", me)?;
                let from = server.station;
                let mut open = None;
                let polls = Routine::new(Rhythm::every(60, draw), move |tape, at, turn| {
                    open = Some(match open.take() {
                        None => modbus::begin(tape, at, &from, &station, None),
                        Some(open) => modbus::read(tape, at, open, turn),
                    });
                });
                let done: &[&str] = &["encapsulated_interface_transport", "read_holding_registers"];
                Some(polls.over(tcp(server, me, modbus::PORT, "modbus").doing(done)))
            }
        }
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let appliance = ALL.iter().find(|appliance| appliance.kind == device.kind)?;
    appliance.says.iter().find_map(|says| match says {
        Says::Agent(description, object_id, is_untouched) => {
            let agent = Agent::new((*description).to_owned(), object_id);
            Some(if *is_untouched { agent.untouched(300) } else { agent })
        }
        _ => None,
    })
}
