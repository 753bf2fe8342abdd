//! The image archive, and its standby, to which it passes every study on. On the second day the archive is away for some
//! hours: machines find nobody there and send to the standby instead, workstations ask it.

use super::modality::Machine;
use super::{Flow, Kind, Peer, Routine, modality, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Moment, Station, Tape, WINDOWS};
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::dicom::{Association, EXPLICIT_LITTLE, Entity, IMPLICIT_LITTLE, Proposal, VERIFICATION};
use crate::tcp::{Outcome, Talk};

/// Where both listen.
pub const PORT: u16 = 11_112;

/// Vendor as the traffic tells it, implementation class UID and version name, title, what is told.
///
/// dcm4chee-arc shows its library's numbers (dcm4che, `Implementation.java`); INFINITT and Sectra their own arcs, IMPAX
/// that of Mitra, who wrote it before Agfa bought them.
type Product = (&'static str, &'static str, [&'static str; 2], &'static str, &'static [&'static str]);
const PRODUCTS: [Product; 4] = [
    ("", "dcm4chee-arc", ["1.2.40.0.13.1.3", "dcm4che-5.33.1"], "DCM4CHEE", &["category"]),
    ("", "INFINITT PACS", ["1.2.410.200010.99.3.5", "INFINITT_3.5"], "INFINITT", &["category"]),
    ("Sectra", "Sectra PACS", ["1.2.752.24.3.3.25.11", "SECTRA_IDS7"], "SECTRA_IS", &["category", "vendor"]),
    ("Agfa HealthCare", "IMPAX", ["1.2.124.113532.3500.11", "IMPAX_6.6"], "IMPAX_SCP", &["category", "vendor"]),
];
const SERVICES_BACK: [&str; 1] = [VERIFICATION];
const HOUR_S: u64 = 3_600;
const DAY_S: u64 = 24 * HOUR_S;
/// So long the archive is away.
const AWAY_S: u64 = 5 * HOUR_S;

/// The image archive.
pub struct PacsArchive;
/// The one that stands in for it.
pub struct PacsStandby;

/// How an archive opens and accepts associations.
pub fn entity(archive: &Device) -> Entity<'static> {
    let (_, _, [implementation, version], title, _) = PRODUCTS.get(archive.product).copied().unwrap_or_default();
    let title = if archive.kind == "pacs_standby" { "ARCHIVE2" } else { title };
    Entity { title, implementation, version }
}

/// From when to when the archive is away; `None` if one day alone is played.
fn away(archive: &Device, around: &Around) -> Option<(Moment, Moment)> {
    let span = around.span();
    let [.., last] = archive.station.mac;
    let hour = u64::from(last).rem_euclid(6).saturating_add(8);
    let start = span.start.after_s(DAY_S.saturating_add(hour.saturating_mul(HOUR_S)));
    (span.days > 1).then_some((start, start.after_s(AWAY_S)))
}

/// An archive as others find it.
#[derive(Clone)]
pub struct Archive {
    number: usize,
    /// Where it is.
    pub station: Station,
    /// How it speaks.
    pub entity: Entity<'static>,
}

/// Both archives, and when the first is away.
#[derive(Clone)]
pub struct Archives {
    first: Archive,
    second: Option<Archive>,
    away: Option<(Moment, Moment)>,
}

impl Archives {
    /// Those of a hospital.
    pub fn of(around: &Around) -> Option<Self> {
        let of = |device: &Device| Archive { number: device.number, station: device.station, entity: entity(device) };
        let first = around.all("pacs_archive").next()?;
        let second = around.all("pacs_standby").next().map(of);
        Some(Self { first: of(first), second, away: away(first, around) })
    }

    fn is_away(&self, at: Moment) -> bool {
        self.away.is_some_and(|(start, end)| start <= at && at < end)
    }

    /// Who takes images now. While the archive is away it is tried in vain first.
    pub fn reached(&self, tape: &mut Tape, at: Moment, from: &Station) -> Option<&Archive> {
        if !self.is_away(at) {
            return Some(&self.first);
        }
        // Its machine is off for the first hour; then it answers, and the service is not there yet.
        let is_off = self.away.is_some_and(|(start, _)| at < start.after_s(HOUR_S));
        let outcome = if is_off { Outcome::Silence } else { Outcome::Refused };
        Talk::attempt(tape, at, from, &self.first.station, PORT, outcome);
        self.second.as_ref()
    }

    /// The one that has the studies of earlier years.
    pub const fn old(&self) -> Option<&Archive> {
        self.second.as_ref()
    }

    /// Those that take images of whoever sends some so many seconds after each moment of a rhythm.
    pub fn taking(&self, rhythm: &Rhythm, around: &Around, later_s: u64) -> Vec<&Archive> {
        let (away, here): (Vec<_>, Vec<_>) = rhythm
            .moments_from(around.span(), around.from())
            .map(|at| at.after_s(later_s))
            .partition(|at| self.is_away(*at));
        let first = (!here.is_empty()).then_some(&self.first);
        first.into_iter().chain(self.second.as_ref().filter(|_| !away.is_empty())).collect()
    }

    /// Both.
    fn both(&self) -> impl Iterator<Item = &Archive> {
        std::iter::once(&self.first).chain(self.second.as_ref())
    }

    /// Flows of a workstation: it asks one or the other, and images come back.
    pub fn flows_of_reading(&self, me: &Device, port: u16) -> Vec<Flow> {
        let flows = self
            .both()
            .flat_map(|archive| [archive.hears(me, &["C-FIND", "C-MOVE"]), archive.says(me, port, &["C-STORE"])]);
        flows.collect()
    }
}

impl Archive {
    /// What somebody says to it.
    pub fn hears(&self, me: &Device, operations: &'static [&'static str]) -> Flow {
        Flow { to: Peer::Device(self.number), ..tcp(me, me, PORT, "dicom").doing(operations) }
    }

    /// What it says to somebody.
    pub fn says(&self, me: &Device, port: u16, operations: &'static [&'static str]) -> Flow {
        Flow { from: self.number, ..tcp(me, me, port, "dicom").doing(operations) }
    }
}

fn made(draw: &mut Draw, name: &str, product: usize, bed: u64) -> Device {
    let (vendor, family, _, _, told) = PRODUCTS.get(product).copied().unwrap_or_default();
    let stack = if product < 2 { LINUX } else { WINDOWS };
    // A virtual machine: the maker of its network card is VMware.
    let mut device = Device::new(name, draw.mac([0x00, 0x50, 0x56]), stack, Zone::Servers)
        .is("pacs_archive", vendor, told)
        .named(family, "", "")
        .does(&["image_provider", "pacs"])
        .shows(&["cleartext_medical"])
        .at(Spot { building: 1, floor: 0, unit: "IT", bed })
        .on_time();
    device.product = product;
    device
}

impl Kind for PacsArchive {
    fn name(&self) -> &'static str {
        "pacs_archive"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        let product = draw.index(PRODUCTS.len());
        made(draw, "pacs1", product, 5)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let machines: Vec<Machine> = modality::all(around).into_iter().filter_map(Machine::of).collect();
        let (Some(archives), Some(standby)) = (Archives::of(around), around.one("pacs_standby", me)) else {
            return Vec::new();
        };
        let (station, from, to_station, to) = (me.station, entity(me), standby.station, entity(standby));
        let mut which = Draw::new(draw.number());
        let copies = Routine::new(Rhythm::daily(40, CLINIC, draw), move |tape, at, _| {
            let Some(machine) = which.pick(&machines).filter(|_| !archives.is_away(at)) else { return };
            let product = machine.product;
            let services = [product.class];
            let proposal = Proposal {
                services: &services,
                syntaxes: &[EXPLICIT_LITTLE, IMPLICIT_LITTLE],
                pdu_bytes: 16_384,
                window: false,
                provides: false,
                root: product.root,
                about: at,
            };
            // The images tell of the machine that made them, not of whoever passes them on.
            let mut association =
                Association::propose(tape, at, (&station, &from), (&to_station, &to, PORT), &proposal);
            for _ in 0..which.below(4).saturating_add(1) {
                association.store(1, product.class, &machine.equipment(), product.pixels);
            }
            association.release();
        });
        vec![copies.over(tcp(me, standby, PORT, "dicom").doing(&["C-STORE"]))]
    }
}

impl Kind for PacsStandby {
    fn name(&self) -> &'static str {
        "pacs_standby"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        // The same product as the archive's is not needed: hospitals keep the old one when they buy another.
        let product = draw.index(PRODUCTS.len());
        made(draw, "pacs2", product, 6)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(archive) = around.one("pacs_archive", me) else { return Vec::new() };
        let Some(archives) = Archives::of(around) else { return Vec::new() };
        let (station, from, to_station, to) = (me.station, entity(me), archive.station, entity(archive));
        // It looks every few minutes whether the archive is there.
        let looks = Routine::new(Rhythm::every(300, draw), move |tape, at, _| {
            if archives.is_away(at) {
                Talk::attempt(tape, at, &station, &to_station, PORT, Outcome::Refused);
                return;
            }
            let mut association =
                Association::open(tape, at, (&station, &from), (&to_station, &to, PORT), &SERVICES_BACK);
            association.echo(1);
            association.release();
        });
        vec![looks.over(tcp(me, archive, PORT, "dicom").doing(&["C-ECHO"]))]
    }
}
