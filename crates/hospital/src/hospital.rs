//! A hospital: its devices, its networks, and who serves them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::attacks::{Act, Attack};
use crate::changes::Change;
use crate::course::{Course, Said};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Moment, Station};
use crate::kinds::{self, Routine, udp};
use crate::place::{Network, Networks, SITES_MAX, Zone};
use crate::rhythm::{Rhythm, Span};
use crate::talk::time::{self, Clock};
use crate::talk::{Host, Services, dhcp, ndp};

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

/// What makes a hospital less simple; nothing of it by default.
#[derive(Clone, Default)]
pub struct Variety {
    /// What changes while it is played.
    pub changes: Vec<&'static dyn Change>,
    /// Further sites, each behind a router of its own, three at most.
    pub further_sites: usize,
    /// Computers, telephones and tablets speak IPv6 too.
    pub ipv6: bool,
}

/// A hospital.
pub struct Hospital {
    /// What it was made of.
    pub plan: Plan,
    course: Course,
    draw: Draw,
}

/// What a device finds around it, from one moment on.
#[derive(Clone)]
pub struct Around {
    devices: Vec<Device>,
    /// Numbers of devices that are gone.
    gone: BTreeSet<usize>,
    kinds: BTreeMap<&'static str, Vec<usize>>,
    networks: Networks,
    domain: &'static str,
    span: Span,
    from: Moment,
    further_sites: usize,
    ipv6: bool,
}

const DOMAINS: [&str; 4] = ["stmary.example", "northclinic.example", "lakeside.example", "generalhospital.example"];
/// Half of a lease.
const RENEW_S: u64 = 4 * 60 * 60;
const CLOCK_S: u64 = 1_024;
const RADIO_CLOCK: Clock = Clock { stratum: 1, reference: *b"DCFa" };

impl Around {
    /// All devices, those that are gone included.
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// All that are there.
    pub fn present(&self) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(|device| !self.gone.contains(&device.number))
    }

    /// From when on it is so.
    pub const fn from(&self) -> Moment {
        self.from
    }

    /// Whether it speaks IPv6 too.
    pub fn speaks_ipv6(&self, device: &Device) -> bool {
        self.ipv6 && device.behind.is_none() && device.station.stack.modern
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
        let number = list.get(of.seat.checked_rem(list.len())?)?;
        self.devices.get(*number)
    }

    /// Those that are known through a device alone.
    pub fn behind(&self, gateway: &Device) -> impl Iterator<Item = &Device> {
        let number = gateway.number;
        self.present().filter(move |device| device.behind == Some(number))
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
        Self::varied(plan, &Variety::default())
    }

    /// Makes the hospital of a plan, less simple.
    pub fn varied(plan: Plan, variety: &Variety) -> Self {
        let draw = Draw::new(plan.seed);
        let around = Around::build(&plan, variety, &draw);
        let course = Course::of(around, &variety.changes, &draw);
        Self { plan, course, draw }
    }

    /// Its devices and networks, as they are in the end.
    pub fn around(&self) -> &Around {
        self.course.last()
    }

    /// What becomes of it.
    pub const fn course(&self) -> &Course {
        &self.course
    }

    /// Everything that is said of their own accord.
    pub fn routines(&self) -> Vec<Said> {
        self.course.routines(&self.draw)
    }

    /// What goes wrong, in the order of the plan; what lacks something that it takes is left out.
    pub fn acts(&self) -> Vec<(&'static dyn Attack, Act)> {
        let act = |attack: &&'static dyn Attack| {
            let mut draw = self.draw.of(attack.name(), 1);
            Some((*attack, attack.act(self.around(), self.plan.span, &mut draw)?))
        };
        self.plan.attacks.iter().filter_map(act).collect()
    }

    /// An attack as it goes if it begins at a moment, and the moment that its rhythms count from; `None` if the hospital lacks
    /// what it takes. It has to be in the plan if it brings a device along.
    pub fn act_at(&self, attack: &dyn Attack, at: Moment) -> Option<(Act, Moment)> {
        let mut draw = self.draw.of(attack.name(), at.0);
        // It chooses an hour of its own: everything is moved from there.
        let day = Span { days: 1, ..self.plan.span };
        let act = attack.act(self.around(), day, &mut draw)?;
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
    /// As it is in the beginning.
    fn build(plan: &Plan, variety: &Variety, draw: &Draw) -> Self {
        let domain = draw.of("domain", 0).pick(&DOMAINS).copied().unwrap_or_default();
        let mut around = Self {
            devices: Vec::new(),
            gone: BTreeSet::new(),
            kinds: BTreeMap::new(),
            networks: Networks::new(Vec::new()),
            domain,
            span: plan.span,
            from: plan.span.start,
            further_sites: variety.further_sites.min(SITES_MAX.saturating_sub(1)),
            ipv6: variety.ipv6,
        };
        for kind in kinds::ALL {
            let is_router = kind.name() == "router";
            let further = if is_router { around.further_sites } else { 0 };
            let made = (0..kind.count(plan.devices).saturating_add(further)).map(|number| {
                let mut draw = draw.of(kind.name(), u64::try_from(number).unwrap_or(0));
                (number, kind.make(&mut draw, number))
            });
            let made: Vec<(usize, Device)> = made.collect();
            if is_router {
                around.networks = Networks::new(made.iter().map(|(_, router)| router.station.mac).collect());
            }
            for (number, mut device) in made {
                device.number = around.devices.len();
                device.seat = device.number;
                device.behind = kind.behind().and_then(|gateway| around.one(gateway, &device)).map(|it| it.number);
                device.site = around.site(&device, is_router, number);
                around.add(kind.name(), device);
            }
        }
        around.open_routers();
        for attack in &plan.attacks {
            if let Some(device) = attack.brings(&mut draw.of(attack.name(), 0)) {
                around.add(attack.name(), device);
            }
        }
        around
    }

    /// Servers stand in the middle; of the others of a kind as many at each further site as are half of those in the middle.
    fn site(&self, device: &Device, is_router: bool, number: usize) -> usize {
        if is_router {
            return number;
        }
        if self.further_sites == 0 || matches!(device.zone, Zone::Servers | Zone::Management) {
            return 0;
        }
        number.rem_euclid(self.further_sites.saturating_add(2)).saturating_sub(1)
    }

    /// Adds a device, and gives it an address unless it is known through another alone.
    fn add(&mut self, kind: &'static str, mut device: Device) -> usize {
        device.kind = kind;
        device.number = self.devices.len();
        device.seat = device.number;
        if device.behind.is_none() {
            (device.station.link, device.station.ip) = self.networks.seat(device.zone, device.site);
        }
        let number = device.number;
        self.kinds.entry(kind).or_default().push(number);
        self.devices.push(device);
        number
    }

    /// A router has the first address of each network of its site; it speaks on the one that it was given a seat on.
    fn open_routers(&mut self) {
        for number in self.kinds.get("router").cloned().unwrap_or_default() {
            if let Some(router) = self.devices.get_mut(number) {
                router.station.ip = router.station.link.router_ip;
            }
        }
    }

    /// The same at a later moment.
    pub(crate) fn at(&self, from: Moment) -> Self {
        Self { from, ..self.clone() }
    }

    /// A device changes.
    pub(crate) fn device_mut(&mut self, number: usize) -> Option<&mut Device> {
        self.devices.get_mut(number)
    }

    /// A device moves to a network of another zone.
    pub(crate) fn move_to(&mut self, number: usize, zone: Zone) {
        let Some(site) = self.devices.get(number).map(|device| device.site) else { return };
        let (link, ip) = self.networks.seat(zone, site);
        if let Some(device) = self.devices.get_mut(number) {
            (device.zone, device.station.link, device.station.ip) = (zone, link, ip);
        }
    }

    /// A device appears that was not there before; tells its number.
    pub(crate) fn appear(&mut self, kind: &'static str, device: Device) -> usize {
        self.add(kind, device)
    }

    /// Another device takes the place, the name and the address of one that goes; tells its number.
    pub(crate) fn replace(&mut self, old: usize, new: Device) -> Option<usize> {
        let place = self.devices.get(old)?.clone();
        let number = self.devices.len();
        for list in self.kinds.values_mut() {
            for slot in list.iter_mut().filter(|slot| **slot == old) {
                *slot = number;
            }
        }
        let mut station = new.station;
        (station.link, station.ip) = (place.station.link, place.station.ip);
        let Device { kind, seat, site, name, zone, spot, behind, .. } = place;
        self.devices.push(Device { number, seat, site, kind, name, zone, spot, behind, station, ..new });
        self.gone.insert(old);
        Some(number)
    }

    /// What a device says of its own accord from this moment on; what it says in the beginning of its time, says whoever
    /// is new or elsewhere.
    pub(crate) fn said_by(&self, device: &Device, is_new: bool, draw: &Draw) -> Vec<Routine> {
        let seat = u64::try_from(device.seat).unwrap_or(0);
        let mut routines = Vec::new();
        let mut own = draw.of("routines", seat);
        if let Some(kind) = kinds::ALL.iter().find(|kind| kind.name() == device.kind) {
            routines = everyday(device, self, is_new, &mut own);
            routines.extend(kind.speak(device, self, &mut own));
            if self.speaks_ipv6(device) {
                routines.extend(ndp::routines(device, self, &mut draw.of("ipv6", seat)));
            }
        }
        routines
    }
}

/// What every device does: gets an address, and asks for the time.
fn everyday(device: &Device, around: &Around, is_new: bool, draw: &mut Draw) -> Vec<Routine> {
    let mut routines = Vec::new();
    let is_there = device.behind.is_none() && !device.comes_and_goes;
    let Some(services) = around.services().filter(|_| is_there) else { return routines };
    let (name, station) = (device.name.clone(), device.station);
    match device.lease {
        Some(client) => {
            let rhythm = match Rhythm::every(RENEW_S, draw) {
                // Whoever is new asks at once.
                Rhythm::Every { seconds, .. } if is_new => {
                    Rhythm::Every { seconds, first_us: around.from.0.saturating_sub(around.span.start.0) }
                }
                usual => usual,
            };
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
