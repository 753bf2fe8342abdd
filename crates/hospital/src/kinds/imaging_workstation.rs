//! Workstations on which images are read: they look for studies in the archive and have them sent to themselves.

use super::modality::{Machine, by_share};
use super::pacs_archive::{self, Archives};
use super::{Kind, Routine, modality, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{APPLE, LINUX, Stack, WINDOWS};
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::dhcp;
use crate::talk::dicom::set::Search;
use crate::talk::dicom::{Association, EXPLICIT_LITTLE, Entity, IMPLICIT_LITTLE, Proposal, STUDY_FIND, STUDY_MOVE};

/// A viewer.
struct Product {
    share: u64,
    names: [&'static str; 2],
    implementation: [&'static str; 2],
    title: &'static str,
    host: &'static str,
    prefix: [u8; 3],
    stack: Stack,
    port: u16,
    told: &'static [&'static str],
}

/// Weasis and RadiAnt show a library's or their own arc, the makers' workstations theirs. OsiriX writes OFFIS' arc with a
/// digit changed.
const PRODUCTS: [Product; 5] = [
    Product {
        share: 30,
        names: ["", "Weasis"],
        implementation: ["1.2.40.0.13.1.3", "dcm4che-5.29.0"],
        title: "WEASIS_#",
        host: "rad-ws#",
        prefix: [0x3c, 0x52, 0x82],
        stack: WINDOWS,
        port: 11_113,
        told: &["category"],
    },
    Product {
        share: 25,
        names: ["GE HealthCare", "Advantage Workstation"],
        implementation: ["1.2.840.113619.6.144", "AW4_2_06_02_EXT"],
        title: "AW#",
        host: "aw#",
        prefix: [0x64, 0x51, 0x06],
        stack: LINUX,
        port: 4_006,
        told: &["category", "vendor"],
    },
    Product {
        share: 25,
        names: ["Siemens Healthineers", "syngo.via"],
        implementation: ["1.3.12.2.1107.5.99.3.20080101", "SIEMENS_SWFVB30"],
        title: "SYNGOVIA#",
        host: "via#",
        prefix: [0xd4, 0xbe, 0xd9],
        stack: WINDOWS,
        port: 104,
        told: &["category", "vendor"],
    },
    Product {
        share: 10,
        names: ["", "OsiriX"],
        implementation: ["1.2.276.0.7238010.5.0.3.5.4", "OSIRIX"],
        title: "OSIRIX",
        host: "iMac-#",
        prefix: [0xa8, 0x20, 0x66],
        stack: APPLE,
        port: 11_112,
        told: &["category"],
    },
    Product {
        share: 10,
        names: ["", "RadiAnt DICOM Viewer"],
        implementation: ["1.2.826.0.1.3680043.8.1055.1", "RADIANT"],
        title: "RADIANT#",
        host: "PC-RAD-#",
        prefix: [0x8c, 0xec, 0x4b],
        stack: WINDOWS,
        port: 11_112,
        told: &["category"],
    },
];

/// Workstations on which images are read.
pub struct ImagingWorkstation;

impl Kind for ImagingWorkstation {
    fn name(&self) -> &'static str {
        "imaging_workstation"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 8)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let index = by_share(draw, &PRODUCTS, |product| product.share);
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(1);
        let Some(product) = PRODUCTS.get(index) else { return Device::new("", [0; 6], WINDOWS, Zone::Imaging) };
        let [vendor, family] = product.names;
        let name = product.host.replace('#', &bed.to_string());
        let mut device = Device::new(name, draw.mac(product.prefix), product.stack, Zone::Imaging)
            .is("imaging_workstation", vendor, product.told)
            .named(family, "", "")
            .does(&["image_viewer"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "RAD", bed })
            .on_time();
        device.lease = (product.stack == WINDOWS).then_some(dhcp::WINDOWS);
        device.product = index;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(product), Some(archives)) = (PRODUCTS.get(me.product), Archives::of(around)) else {
            return Vec::new();
        };
        let machines: Vec<Machine> = modality::all(around).into_iter().filter_map(Machine::of).collect();
        let title = product.title.replace('#', &me.spot.bed.to_string());
        let flows = archives.flows_of_reading(me, product.port);
        let (station, port, [implementation, version]) = (me.station, product.port, product.implementation);
        let mut which = Draw::new(draw.number());
        let reads = Routine::new(Rhythm::daily(14, CLINIC, draw), move |tape, at, turn| {
            let Some(machine) = which.pick(&machines) else { return };
            // What somebody had years ago is in the old archive; each workstation asks for that first of all.
            let old = archives.old().filter(|_| turn == 0 || which.chance(15));
            let Some(archive) = old.or_else(|| archives.reached(tape, at, &station)) else { return };
            let entity = Entity { title: &title, implementation, version };
            let services = [STUDY_FIND, STUDY_MOVE];
            let (syntaxes, root) = (&[EXPLICIT_LITTLE, IMPLICIT_LITTLE][..], machine.product.root);
            let about = at;
            let proposal = Proposal {
                services: &services,
                syntaxes,
                pdu_bytes: 16_384,
                window: false,
                provides: false,
                root,
                about,
            };
            let to = (&archive.station, &archive.entity, pacs_archive::PORT);
            let mut association = Association::propose(tape, at.after_s(10), (&station, &entity), to, &proposal);
            let matches = u16::try_from(which.below(6)).unwrap_or(0).saturating_add(1);
            association.search(1, STUDY_FIND, &Search::Studies, matches);
            let waiting = association.ask_for(3, &title);
            let images = u16::try_from(which.below(4)).unwrap_or(0).saturating_add(1);
            let class = [machine.product.class];
            let from = (&archive.station, &archive.entity);
            let sent = Proposal { services: &class, ..proposal };
            let begin = waiting.at().after_ms(400);
            let mut association = Association::propose(tape, begin, from, (&station, &entity, port), &sent);
            for _ in 0..images {
                association.store(1, machine.product.class, &machine.equipment(), machine.product.pixels);
            }
            let end = association.at();
            association.release();
            waiting.done(tape, end.after_ms(20), images);
        });
        vec![flows.into_iter().fold(reads, Routine::over)]
    }
}
