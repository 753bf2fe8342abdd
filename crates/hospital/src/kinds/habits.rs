//! What many kinds do alike: visiting pages that nobody can read, asking names, telling neighbours and the logs.

use std::net::Ipv4Addr;

use super::{Flow, Peer, Routine, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{Moment, Station, Tape};
use crate::hospital::Around;
use crate::rhythm::Rhythm;
use crate::talk::neighbours::lldp;
use crate::talk::tls::{self, Certificate, Client, Visit};
use crate::talk::{Host, names, syslog, web};

/// Who tells systems whether they are online.
pub const ONLINE: u8 = 22;

/// What a server shows of itself.
#[derive(Clone)]
pub enum Paper {
    /// TLS 1.3: nobody sees it.
    Hidden,
    /// From the hospital's own authority.
    Hospital,
    /// The maker's name in it, signed by itself.
    Own {
        /// Country, organisation, common name.
        subject: [String; 3],
        /// An old one: SHA-1 and 1024 bits.
        is_weak: bool,
    },
}

/// A server that is visited by TLS.
#[derive(Clone)]
pub struct Site {
    /// As it shows.
    pub station: Station,
    /// Its name, which the visitor asks for; empty where it is called by its address.
    pub name: String,
    /// Its port.
    pub port: u16,
    /// What visitors offer.
    pub client: Client,
    /// What it shows.
    pub paper: Paper,
    /// Bytes that come back.
    pub length: usize,
}

impl Site {
    /// A page of the hospital.
    pub fn inside(server: &Device, name: String, length: usize) -> Self {
        Self { station: server.station, name, port: 443, client: Client::Plain, paper: Paper::Hospital, length }
    }

    /// Somebody outside.
    pub fn outside(station: Station, name: &str, length: usize) -> Self {
        let name = name.to_owned();
        Self { station, name, port: 443, client: Client::Modern, paper: Paper::Hidden, length }
    }

    /// A device's own page, called by its address.
    pub fn device(device: &Device, subject: [&str; 3], is_weak: bool, client: Client) -> Self {
        let paper = Paper::Own { subject: subject.map(str::to_owned), is_weak };
        Self { station: device.station, name: String::new(), port: 443, client, paper, length: 4_000 }
    }

    /// Calls a function with what a visitor sees.
    pub fn with_visit(&self, then: impl FnOnce(&Visit<'_>)) {
        let domain = self.name.split_once('.').map_or("", |(_, domain)| domain);
        let authority = format!("{domain} CA 2");
        let names = [self.name.as_str()];
        let certificate = match &self.paper {
            Paper::Hidden => None,
            Paper::Hospital => Some(Certificate {
                subject: ["DE", domain, &self.name],
                issuer: ["DE", domain, &authority],
                names: &names,
                validity: ["260101000000Z", "280101000000Z"],
                key_bytes: 256,
                is_sha_1: false,
            }),
            Paper::Own { subject, is_weak } => {
                let [country, organisation, name] = subject;
                let subject = [country.as_str(), organisation, name];
                let key_bytes = if *is_weak { 128 } else { 256 };
                let validity = ["190101000000Z", "390101000000Z"];
                Some(Certificate { subject, issuer: subject, names: &[], validity, key_bytes, is_sha_1: *is_weak })
            }
        };
        let (client, port, length) = (self.client, self.port, self.length);
        then(&Visit { client, name: &self.name, port, certificate: certificate.as_ref(), length });
    }

    /// Somebody visits it, after asking for its address if there is anybody to ask.
    pub fn visited(&self, tape: &mut Tape, at: Moment, from: &Station, names: Option<&Station>) {
        if let Some(names) = names.filter(|_| !self.name.is_empty()) {
            names::lookup(tape, at.before_us(900), from, names, &self.name, Some(self.station.ip));
        }
        self.with_visit(|visit| tls::visit(tape, at, from, &self.station, visit));
    }
}

/// A device visits a site of another device again and again.
pub fn visits(me: &Device, server: &Device, site: Site, around: &Around, rhythm: Rhythm) -> Routine {
    let flow = tcp(me, server, site.port, "tls");
    visiting(me, site, around, rhythm).over(flow)
}

/// A device visits somebody outside again and again.
pub fn visits_outside(me: &Device, site: Site, around: &Around, rhythm: Rhythm) -> Routine {
    let flow = outside(me, site.station.ip, site.port, "tls");
    visiting(me, site, around, rhythm).over(flow)
}

fn visiting(me: &Device, site: Site, around: &Around, rhythm: Rhythm) -> Routine {
    let controller = around.all("domain_controller").next();
    let controller = controller.filter(|_| !site.name.is_empty());
    let (station, names) = (me.station, controller.map(|controller| controller.station));
    let visit = Routine::new(rhythm, move |tape, at, _| site.visited(tape, at, &station, names.as_ref()));
    match controller {
        Some(controller) => visit.over(udp(me, controller, 53, "dns")),
        None => visit,
    }
}

/// A system asks whether it is online, each time that it joins the network.
pub fn looks_online(me: &Device, probe: web::Probe, around: &Around, rhythm: Rhythm) -> Routine {
    let (station, somebody) = (me.station, around.outside(ONLINE));
    let controller = around.all("domain_controller").next();
    let names = controller.map(|controller| controller.station);
    let asks = Routine::new(rhythm, move |tape, at, _| {
        if let Some(names) = &names {
            names::lookup(tape, at, &station, names, probe.host, Some(somebody.ip));
        }
        probe.ask(tape, at.after_ms(2), &station, &somebody);
    });
    let asks = asks.over(outside(me, somebody.ip, 80, "http"));
    match controller {
        Some(controller) => asks.over(udp(me, controller, 53, "dns")),
        None => asks,
    }
}

/// A flow over TCP to somebody outside.
pub const fn outside(from: &Device, to: Ipv4Addr, port: u16, application: &'static str) -> Flow {
    Flow { from: from.number, to: Peer::Outside(to), protocol: 6, port, application, operations: &[] }
}

/// Tells the neighbour on the wire who it is.
pub fn tells_neighbour(
    me: &Device,
    port: &'static str,
    text: String,
    capabilities: u16,
    every_s: u64,
    draw: &mut Draw,
) -> Routine {
    let (name, station) = (me.name.clone(), me.station);
    Routine::new(Rhythm::every(every_s, draw), move |tape, at, _| {
        lldp(tape, at, &Host { station, name: &name }, port, &text, capabilities, None);
    })
}

/// Tells the hospital's logs one of several lines; `{}` in them is the device's name.
pub fn logs(me: &Device, around: &Around, lines: &'static [(u8, &'static str)], rhythm: Rhythm) -> Option<Routine> {
    let server = around.one("log_server", me)?;
    let (name, station, to) = (me.name.clone(), me.station, server.station);
    let mut order = Draw::new(u64::from(u32::from(station.ip)));
    let tell = Routine::new(rhythm, move |tape, at, _| {
        if let Some((priority, line)) = order.pick(lines).copied() {
            syslog::tell(tape, at, &station, &to, priority, &line.replace("{}", &name));
        }
    });
    Some(tell.over(udp(me, server, syslog::PORT, "syslog")))
}

/// The place of one of several whose shares are these.
pub fn by_share(draw: &mut Draw, shares: impl Iterator<Item = u64> + Clone) -> usize {
    let mut left = draw.below(shares.clone().sum());
    let place = shares.into_iter().position(|share| {
        let here = left < share;
        left = left.saturating_sub(share);
        here
    });
    place.unwrap_or(0)
}

/// The last bytes of a hardware address as devices put them into names: capital letters and digits.
pub fn mac_letters(mac: [u8; 6], bytes: usize) -> String {
    let from = mac.len().saturating_sub(bytes);
    mac.iter().skip(from).map(|byte| format!("{byte:02X}")).collect()
}

/// Where computers stand that belong to nobody: the computer room.
pub const fn computer_room(place: u64) -> crate::place::Spot {
    crate::place::Spot { building: 1, floor: 0, unit: "IT", bed: place }
}
