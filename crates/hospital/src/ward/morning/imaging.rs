//! Radiology: worklist, images to the archive, a viewer, and the maker's remote service.

use super::{END, at, every};
use crate::frames::{Moment, Station, Tape};
use crate::talk::dicom::{
    self, Association, CT_IMAGE, Entity, Equipment, MR_IMAGE, STUDY_FIND, ULTRASOUND_IMAGE, VERIFICATION,
};
use crate::talk::tls::{self, Client, Visit};
use crate::ward::devices::{
    CT, MR, PACS, REMOTE_SERVICE, ULTRASOUND, ULTRASOUND_SECOND_ADDRESS, WORKLIST, WORKSTATIONS,
};

const ARCHIVE_PORT: u16 = 11_112;
const WORKLIST_PORT: u16 = 104;

const ARCHIVE: Entity<'_> = Entity { title: "DCM4CHEE", implementation: "1.2.40.0.13.1.3", version: "dcm4che-5.29.0" };
const LIST: Entity<'_> =
    Entity { title: "RISWL", implementation: "1.2.276.0.7230010.3.0.3.6.4", version: "OFFIS_DCMTK_364" };
const TOMOGRAPH: Entity<'_> =
    Entity { title: "CT1", implementation: "1.3.12.2.1107.5.9.20000101", version: "SIEMENS_S7VA44A" };
const MAGNET: Entity<'_> = Entity { title: "MR1", implementation: "1.2.840.113619.6.374", version: "GE_MR_28" };
const SOUND: Entity<'_> = Entity { title: "USCART", implementation: "1.2.840.113619.6.408", version: "LOGIQE10_R2" };
const VIEWER: Entity<'_> = Entity { title: "WEASIS", implementation: "1.2.40.0.13.1.3", version: "dcm4che-5.29.0" };

const CT_EQUIPMENT: Equipment<'_> = Equipment {
    modality: "CT",
    manufacturer: "SIEMENS",
    station: "CT1",
    model: "SOMATOM Definition AS+",
    serial: "000070",
    software: "syngo CT 2014A",
};
const MR_EQUIPMENT: Equipment<'_> = Equipment {
    modality: "MR",
    manufacturer: "GE MEDICAL SYSTEMS",
    station: "MR1",
    model: "SIGNA Artist",
    serial: "GEMR0071",
    software: "28\\LX\\MR Software release:MR28.0",
};
const ULTRASOUND_EQUIPMENT: Equipment<'_> = Equipment {
    modality: "US",
    manufacturer: "GE Healthcare Ultrasound",
    station: "US-CART",
    model: "LOGIQ E10",
    serial: "LQ000072",
    software: "R2.6.3",
};

/// Plays it.
pub fn play(tape: &mut Tape) {
    let tomograph = (CT.station(), TOMOGRAPH, CT_IMAGE, CT_EQUIPMENT);
    let magnet = (MR.station(), MAGNET, MR_IMAGE, MR_EQUIPMENT);
    for hour in [7, 8, 9, 10, 11] {
        worklist(tape, at(hour, 3, 0), &tomograph.0, &TOMOGRAPH);
        series(tape, at(hour, 24, 0), &tomograph, 8);
        worklist(tape, at(hour, 5, 0), &magnet.0, &MAGNET);
        series(tape, at(hour, 41, 0), &magnet, 5);
    }
    let sound = |station: Station| (station, SOUND, ULTRASOUND_IMAGE, ULTRASOUND_EQUIPMENT);
    series(tape, at(8, 12, 0), &sound(ULTRASOUND.station()), 3);
    series(tape, at(10, 32, 0), &sound(ULTRASOUND.station().with_address(ULTRASOUND_SECOND_ADDRESS)), 4);
    for at in every(1_700, at(7, 35, 0), END) {
        query(tape, at);
    }
    let visit =
        Visit { client: Client::Plain, name: "remote.maker.example", port: 443, certificate: None, length: 900 };
    for at in every(3_600, at(7, 30, 1), END) {
        let visit = Visit { client: Client::Modern, ..visit };
        tls::visit(tape, at, &CT.station(), &REMOTE_SERVICE, &visit);
    }
}

/// A modality asks what to do today.
fn worklist(tape: &mut Tape, at: Moment, station: &Station, entity: &Entity<'_>) {
    let to = (&WORKLIST.station(), &LIST, WORKLIST_PORT);
    let mut association = Association::open(tape, at, (station, entity), to, &[VERIFICATION, dicom::WORKLIST]);
    association.echo(1).find(3, dicom::WORKLIST, 3);
    association.release();
}

/// A modality sends some images.
fn series(
    tape: &mut Tape,
    at: Moment,
    (station, entity, class, equipment): &(Station, Entity<'_>, &str, Equipment<'_>),
    images: usize,
) {
    let to = (&PACS.station(), &ARCHIVE, ARCHIVE_PORT);
    let mut association = Association::open(tape, at, (station, entity), to, &[VERIFICATION, class]);
    association.echo(1);
    for _ in 0..images {
        association.store(3, class, equipment, 64 * 64 * 2);
    }
    association.release();
}

/// A workstation looks for a study.
fn query(tape: &mut Tape, at: Moment) {
    let [first, ..] = &WORKSTATIONS;
    let to = (&PACS.station(), &ARCHIVE, ARCHIVE_PORT);
    let mut association = Association::open(tape, at, (&first.station(), &VIEWER), to, &[STUDY_FIND]);
    association.find(1, STUDY_FIND, 2);
    association.release();
}
