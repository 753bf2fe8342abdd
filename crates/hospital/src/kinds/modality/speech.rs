//! What a machine that makes images says: list, step, images, commitment, film, remote service.

use super::{Machine, Modality};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{Moment, Station, Tape};
use crate::hospital::Around;
use crate::kinds::pacs_archive::{self, Archives};
use crate::kinds::{Flow, Peer, Routine, dicom_printer, tcp, worklist_server};
use crate::rhythm::Rhythm;
use crate::talk::dicom::set::Search;
use crate::talk::dicom::{Association, COMMITMENT, Entity, PERFORMED_STEP, PRINT, Proposal, VERIFICATION, WORKLIST};
use crate::talk::tls::{self, Client, Visit};

/// Where a machine hears of commitments.
pub const PORT: u16 = 104;
/// Machines ask for the list again and again while somebody looks at it.
const LIST_S: u64 = 30 * 60;
/// So long after an examination began its images are sent.
const SENT_AFTER_S: u64 = 40;
/// The maker's service is told once in so many days that all is well.
const REMOTE_S: u64 = 30 * 86_400;

/// All that a machine says.
pub fn routines(me: &Device, around: &Around, draw: &mut Draw, kind: &Modality) -> Vec<Routine> {
    let Some(machine) = Machine::of(me) else { return Vec::new() };
    let mut routines = Vec::new();
    routines.extend(list(me, around, draw, &machine).filter(|_| kind.asks));
    routines.extend(studies(me, around, draw, kind, &machine));
    routines.extend(films(me, around, draw, kind, &machine));
    routines.extend(remote(me, around, draw, &machine));
    routines
}

/// It asks what there is to do.
fn list(me: &Device, around: &Around, draw: &mut Draw, machine: &Machine) -> Option<Routine> {
    let server = around.one("worklist_server", me)?;
    let (station, machine, server_station) = (me.station, machine.clone(), server.station);
    let (entity, port) = worklist_server::entity(server);
    let matches = draw.below(4);
    let asks = Routine::new(Rhythm::every(LIST_S, draw), move |tape, at, turn| {
        // A machine tests its connection when it is started.
        let services: &[&str] = if turn == 0 { &[VERIFICATION, WORKLIST] } else { &[WORKLIST] };
        let (from, to) = ((&station, &machine.entity()), (&server_station, &entity, port));
        let mut association = Association::propose(tape, at, from, to, &machine.proposal(services, at));
        if turn == 0 {
            association.echo(1);
        }
        let context = if turn == 0 { 3 } else { 1 };
        let [modality, ..] = machine.product.tags;
        let matches = u16::try_from(matches.saturating_add(turn).rem_euclid(5)).unwrap_or(0);
        association.search(context, WORKLIST, &Search::Worklist(modality, &machine.title), matches);
        association.release();
    });
    Some(asks.over(tcp(me, server, port, "dicom").doing(&["C-ECHO", "C-FIND"])))
}

/// Somebody is examined.
fn studies(me: &Device, around: &Around, draw: &mut Draw, kind: &Modality, machine: &Machine) -> Option<Routine> {
    let archives = Archives::of(around)?;
    let server = around.one("worklist_server", me)?;
    let (list_entity, list_port) = worklist_server::entity(server);
    let list_station = server.station;
    let product = machine.product;
    let rhythm = Rhythm::daily(kind.studies, kind.day, draw);
    let mut sizes = Draw::new(draw.number());
    let mut flows = Vec::new();
    for archive in archives.taking(&rhythm, around, SENT_AFTER_S) {
        if product.commits {
            flows.push(archive.hears(me, &["C-STORE", "N-ACTION"]));
            flows.push(archive.says(me, PORT, &["N-EVENT-REPORT"]));
        } else {
            flows.push(archive.hears(me, &["C-STORE"]));
        }
    }
    if product.steps {
        flows.push(tcp(me, server, list_port, "dicom").doing(&["N-CREATE", "N-SET"]));
    }
    let (station, machine) = (me.station, machine.clone());
    let examines = Routine::new(rhythm, move |tape, at, _| {
        let [least, most] = product.images;
        let images = least.saturating_add(sizes.below(most.saturating_sub(least).saturating_add(1)));
        let images = u16::try_from(images).unwrap_or(1);
        if product.steps {
            let to = (&list_station, &list_entity, list_port);
            step(tape, (at, at), (&station, &machine), to, false);
            step(tape, (at.after_s(150), at), (&station, &machine), to, true);
        }
        let Some(archive) = archives.reached(tape, at.after_s(SENT_AFTER_S), &station) else { return };
        let to = (&archive.station, &archive.entity, pacs_archive::PORT);
        let services = [VERIFICATION, product.class];
        let proposal = machine.proposal(&services, at);
        let mut association = Association::propose(tape, at.after_s(45), (&station, &machine.entity()), to, &proposal);
        for _ in 0..images {
            association.store(3, product.class, &machine.equipment(), product.pixels);
        }
        let end = association.at();
        association.release();
        if product.commits {
            let moments = (end.after_s(3), at);
            commitment(tape, moments, (&station, &machine), (&archive.station, &archive.entity), images);
        }
    });
    Some(flows.into_iter().fold(examines, Routine::over))
}

/// The list's keeper hears that an examination begins or ends.
fn step(
    tape: &mut Tape,
    (at, about): (Moment, Moment),
    (station, machine): (&Station, &Machine),
    to: (&Station, &Entity<'_>, u16),
    is_over: bool,
) {
    let proposal = machine.proposal(&[PERFORMED_STEP], about);
    let mut association = Association::propose(tape, at, (station, &machine.entity()), to, &proposal);
    let [modality, ..] = machine.product.tags;
    if is_over {
        association.end_step(1);
    } else {
        association.begin_step(1, modality, &machine.title);
    }
    association.release();
}

/// The archive is asked to keep the images, and says later, over an association of its own, that it does.
fn commitment(
    tape: &mut Tape,
    (at, about): (Moment, Moment),
    (station, machine): (&Station, &Machine),
    (archive, entity): (&Station, &Entity<'_>),
    images: u16,
) {
    let (proposal, class) = (machine.proposal(&[COMMITMENT], about), machine.product.class);
    let to = (archive, entity, pacs_archive::PORT);
    let mut association = Association::propose(tape, at, (station, &machine.entity()), to, &proposal);
    association.ask_commitment(1, class, images);
    let at = association.at().after_s(12);
    association.release();
    let back = Proposal { provides: true, window: false, ..proposal };
    let to = (station, &machine.entity(), PORT);
    let mut association = Association::propose(tape, at, (archive, entity), to, &back);
    association.commit(1, class, images);
    association.release();
}

/// Mammography and a few others still print.
fn films(me: &Device, around: &Around, draw: &mut Draw, kind: &Modality, machine: &Machine) -> Option<Routine> {
    let prints = match kind.name {
        "mammography" | "computed_radiography" => true,
        "ct_scanner" | "angiography" => draw.chance(40),
        _ => false,
    };
    let printer = around.one("dicom_printer", me).filter(|_| prints)?;
    let (station, machine, printer_station) = (me.station, machine.clone(), printer.station);
    let film = dicom_printer::film(printer);
    let flow =
        tcp(me, printer, dicom_printer::PORT, "dicom").doing(&["N-ACTION", "N-CREATE", "N-DELETE", "N-GET", "N-SET"]);
    let prints = Routine::new(Rhythm::daily(3, kind.day, draw), move |tape, at, _| {
        let entity = film.entity();
        let to = (&printer_station, &entity, dicom_printer::PORT);
        let proposal = machine.proposal(&[PRINT], at);
        let mut association = Association::propose(tape, at, (&station, &machine.entity()), to, &proposal);
        association.print(1, &film.film());
        association.release();
    });
    Some(prints.over(flow))
}

/// The maker's remote service hears once a month that all is well, and fetches what was logged.
fn remote(me: &Device, around: &Around, draw: &mut Draw, machine: &Machine) -> Option<Routine> {
    let name = Some(machine.product.remote).filter(|name| !name.is_empty())?;
    let number = u8::try_from(name.len()).unwrap_or(0);
    let outside = around.outside(number);
    let rhythm = Rhythm::every(REMOTE_S, draw);
    // Only if it comes within the days that are played.
    rhythm.moments_from(around.span(), around.from()).next()?;
    let (station, ip) = (me.station, outside.ip);
    let checks = Routine::new(rhythm, move |tape, at, _| {
        let visit = Visit { client: Client::Plain, name, port: 443, certificate: None, length: 40_000 };
        tls::visit(tape, at, &station, &outside, &visit);
    });
    let flow = Flow { to: Peer::Outside(ip), ..tcp(me, me, 443, "tls") };
    Some(checks.over(flow))
}
