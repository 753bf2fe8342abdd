//! A hospital: its devices, its networks, and who serves them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::attacks::{Act, Attack};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Moment, Station};
use crate::kinds::{self, Routine, udp};
use crate::place::{Network, Networks};
use crate::rhythm::{Rhythm, Span};
use crate::talk::time::{self, Clock};
use crate::talk::{Host, Services, dhcp};

/// What is to be played.
#[derive(Clone)]
pub struct Plan {
    /// The same seed gives the same hospital.
    pub seed: u64,
    /// About how many devices.
    pub devices: usize,
    /// From when to when.
    pub span: Span,
    /// What goes wrong.
    pub attacks: Vec<&'static dyn Attack>,
}

/// A hospital.
pub struct Hospital {
    /// What it was made of.
    pub plan: Plan,
    around: Around,
    draw: Draw,
}

/// What a device finds around it.
pub struct Around {
    devices: Vec<Device>,
    kinds: BTreeMap<&'static str, Vec<usize>>,
    networks: Networks,
    domain: &'static str,
    span: Span,
}

const DOMAINS: [&str; 4] = ["stmary.example", "northclinic.example", "lakeside.example", "generalhospital.example"];
/// Half of a lease.
const RENEW_S: u64 = 4 * 60 * 60;
const CLOCK_S: u64 = 1_024;
const RADIO_CLOCK: Clock = Clock { stratum: 1, reference: *b"DCFa" };

impl Around {
    /// All devices.
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// All networks.
    pub fn networks(&self) -> &[Network] {
        self.networks.all()
    }

    /// All of a kind.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &Device> {
        self.kinds.get(kind).into_iter().flatten().filter_map(|number| self.devices.get(*number))
    }

    /// The one of a kind that serves a device: always the same.
    pub fn one(&self, kind: &str, of: &Device) -> Option<&Device> {
        let list = self.kinds.get(kind)?;
        let number = list.get(of.number.checked_rem(list.len())?)?;
        self.devices.get(*number)
    }

    /// Those that are known through a device alone.
    pub fn behind(&self, gateway: &Device) -> impl Iterator<Item = &Device> {
        let number = gateway.number;
        self.devices.iter().filter(move |device| device.behind == Some(number))
    }

    /// When it is played.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Who serves everybody.
    pub fn services(&self) -> Option<Services<'static>> {
        let controller = self.all("domain_controller").next()?.station;
        let clock = self.all("time_server").next()?.station.ip;
        Some(Services { addresses: controller, names: controller, clock, domain: self.domain })
    }

    /// Somebody on the Internet: 0 to 253 (addresses that are kept for documents, RFC 5737).
    pub fn outside(&self, number: u8) -> Station {
        let ip = Ipv4Addr::new(203, 0, 113, number.saturating_add(1));
        Station { mac: [0; 6], ip, stack: LINUX, link: self.networks.outside(), hops: 12 }
    }
}

impl Hospital {
    /// Makes the hospital of a plan.
    pub fn build(plan: Plan) -> Self {
        let draw = Draw::new(plan.seed);
        let domain = draw.of("domain", 0).pick(&DOMAINS).copied().unwrap_or_default();
        let (networks, span) = (Networks::new([0; 6]), plan.span);
        let mut around = Around { devices: Vec::new(), kinds: BTreeMap::new(), networks, domain, span };
        for kind in kinds::ALL {
            for number in 0..kind.count(plan.devices) {
                let mut draw = draw.of(kind.name(), u64::try_from(number).unwrap_or(0));
                let mut device = kind.make(&mut draw, number);
                device.number = around.devices.len();
                device.behind = kind.behind().and_then(|gateway| around.one(gateway, &device)).map(|it| it.number);
                if kind.name() == "router" {
                    around.networks = Networks::new(device.station.mac);
                }
                around.add(kind.name(), device);
            }
        }
        around.open_router();
        for attack in &plan.attacks {
            if let Some(device) = attack.brings(&mut draw.of(attack.name(), 0)) {
                around.add(attack.name(), device);
            }
        }
        Self { plan, around, draw }
    }

    /// Its devices and networks.
    pub const fn around(&self) -> &Around {
        &self.around
    }

    /// Everything that is said of their own accord, with the number of the device whose routine it is.
    pub fn routines(&self) -> Vec<(usize, Routine)> {
        let mut routines = Vec::new();
        for device in &self.around.devices {
            let mut draw = self.draw.of("routines", u64::try_from(device.number).unwrap_or(0));
            if let Some(kind) = kinds::ALL.iter().find(|kind| kind.name() == device.kind) {
                let of_all = everyday(device, &self.around, &mut draw).into_iter();
                let all = of_all.chain(kind.speak(device, &self.around, &mut draw));
                routines.extend(all.map(|routine| (device.number, routine)));
            }
        }
        routines
    }

    /// What goes wrong, in the order of the plan; what lacks something that it takes is left out.
    pub fn acts(&self) -> Vec<(&'static dyn Attack, Act)> {
        let act = |attack: &&'static dyn Attack| {
            let mut draw = self.draw.of(attack.name(), 1);
            Some((*attack, attack.act(&self.around, self.plan.span, &mut draw)?))
        };
        self.plan.attacks.iter().filter_map(act).collect()
    }

    /// An attack as it goes if it begins at a moment, and the moment that its rhythms count from; `None` if the hospital lacks
    /// what it takes. It has to be in the plan if it brings a device along.
    pub fn act_at(&self, attack: &dyn Attack, at: Moment) -> Option<(Act, Moment)> {
        let mut draw = self.draw.of(attack.name(), at.0);
        // It chooses an hour of its own: everything is moved from there.
        let day = Span { days: 1, ..self.plan.span };
        let act = attack.act(&self.around, day, &mut draw)?;
        let from = Moment(day.start.0.saturating_add(at.0).saturating_sub(act.start.0));
        let end = at.after_us(act.end.0.saturating_sub(act.start.0));
        Some((Act { start: at, end, ..act }, from))
    }

    /// When it is played.
    pub const fn span(&self) -> Span {
        self.plan.span
    }
}

impl Around {
    /// Adds a device, and gives it an address unless it is known through another alone.
    fn add(&mut self, kind: &'static str, mut device: Device) {
        device.kind = kind;
        device.number = self.devices.len();
        if device.behind.is_none() {
            (device.station.link, device.station.ip) = self.networks.seat(device.zone);
        }
        self.kinds.entry(kind).or_default().push(device.number);
        self.devices.push(device);
    }

    /// The router has the first address of each network; it speaks on the one that it was given a seat on.
    fn open_router(&mut self) {
        let number = self.kinds.get("router").and_then(|list| list.first()).copied();
        if let Some(router) = number.and_then(|number| self.devices.get_mut(number)) {
            router.station.ip = router.station.link.router_ip;
        }
    }
}

/// What every device does: gets an address, and asks for the time.
fn everyday(device: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    let mut routines = Vec::new();
    let is_there = device.behind.is_none() && !device.comes_and_goes;
    let Some(services) = around.services().filter(|_| is_there) else { return routines };
    let (name, station) = (device.name.clone(), device.station);
    match device.lease {
        Some(client) => {
            let rhythm = Rhythm::every(RENEW_S, draw);
            routines.push(Routine::new(rhythm, move |tape, at, turn| {
                let host = Host { station, name: &name };
                if turn == 0 {
                    dhcp::lease(tape, at, &services, &host, station.ip, &client);
                } else {
                    dhcp::renew(tape, at, &services, &host, station.ip, &client);
                }
            }));
        }
        None => {
            routines.push(Routine::new(Rhythm::once(60, draw), move |tape, at, _| tape.arp_claim(at, &station)));
        }
    }
    let clock = around.all("time_server").next().filter(|_| device.asks_time);
    if let Some(clock) = clock {
        let server = clock.station;
        let asks = Routine::new(Rhythm::every(CLOCK_S, draw), move |tape, at, _| {
            time::ask(tape, at, &station, &server, &RADIO_CLOCK);
        });
        routines.push(asks.over(udp(device, clock, 123, "ntp")));
    }
    routines
}

/// Monday, 2 November 2026, midnight (UTC).
pub const MONDAY: Moment = Moment(1_793_577_600_000_000);
