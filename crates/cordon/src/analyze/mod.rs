//! `cordon analyze`: captures in; inventory, flows, weaknesses and a report out.

mod connection_row;
mod events;
mod inputs;
mod manifest;
mod order;
mod recorder;
mod report_data;
mod spool;
mod table;

use std::path::Path;

use analysis::Analysis;
use analysis::inventory::Inventory;
use model::observation::FrameRef;
use sensor::Sensor;

use crate::arguments::{Analyze, Format};
use crate::failure::{Failure, said};
use crate::folder::{self, DEVICES, FLOWS, MANIFEST, NewFolder, WEAKNESSES};
use crate::interrupted;
use crate::knowledge::{self, Known};
use crate::progress::Progress;
use inputs::{Input, open, refuse_inputs_within};
use manifest::{Capture, Manifest};
use order::Order;
use recorder::Recorder;
use report_data::{Cut, DEVICES_MAX, FLOWS_MAX, Page};
use serde::Serialize;

/// Frames between two looks at the clock.
const PROGRESS_FRAMES: u64 = 8_192;

/// Runs the command.
pub fn run(arguments: &Analyze) -> Result<(), Failure> {
    let target = folder::results(arguments.out.as_deref(), arguments.data.as_deref())?;
    // Everything that can be refused is refused before the long work begins.
    let inputs = open(&arguments.captures)?;
    let known = knowledge::load(&arguments.prefixes, arguments.fingerprints.as_deref())?;
    interrupted::watch().map_err(|error| Failure::Failed(format!("cannot wait for signals: {}", said(&error))))?;
    let results = NewFolder::begin(&target, folder::ANALYSIS)?;
    refuse_inputs_within(&inputs, results.target())?;
    let (inventory, manifest) = analyze(inputs, &known, &results, arguments)?;
    let order = Order::new(&inventory, &known.knowledge);
    write(&results, &manifest, &known, &order)?;
    let stands = results.publish()?;
    print(arguments, &manifest, &known, &order, &stands)?;
    drop(order);
    // The process ends here: taking a large inventory apart piece by piece would only cost time.
    std::mem::forget((inventory, known));
    Ok(())
}

fn analyze(
    inputs: Vec<Input>,
    known: &Known,
    results: &NewFolder,
    arguments: &Analyze,
) -> Result<(Inventory, Manifest), Failure> {
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let analysis = Analysis::new(&known.knowledge, &known.prefixes).with_inside(&arguments.inside);
    let mut recorder = Recorder::begin(analysis, &names, results, arguments.events)?;
    let mut sensor = Sensor::default();
    let progress = Progress::new(inputs.iter().map(|input| input.file.size()).sum());
    let mut captures = Vec::new();
    let mut done = 0;
    for (index, input) in inputs.into_iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let size = input.file.size();
        captures.push(read(input, index, &mut sensor, &mut recorder, &|position| {
            progress.at(position.saturating_add(done));
        })?);
        done = done.saturating_add(size);
    }
    refuse_unreadable(&captures)?;
    sensor.finish(&mut recorder);
    progress.end();
    // Only its counters are needed on: what it holds makes room for what is concluded.
    let counters = sensor.counters();
    drop(sensor);
    let inventory = recorder.finish(results, &names)?;
    let manifest = Manifest::new(captures, &counters, &inventory, known, &arguments.inside);
    Ok((inventory, manifest))
}

/// Reads one capture to its end, or to where it is damaged.
fn read(
    mut input: Input,
    index: u32,
    sensor: &mut Sensor,
    recorder: &mut Recorder<'_>,
    progress: &dyn Fn(u64),
) -> Result<Capture, Failure> {
    let mut number = 0_u64;
    let mut span = None;
    while let Some(frame) = input.file.next_frame() {
        number = number.saturating_add(1);
        let (first, last) = span.unwrap_or((frame.time, frame.time));
        span = Some((first.min(frame.time), last.max(frame.time)));
        sensor.frame(&frame, FrameRef { capture: index, number }, recorder);
        recorder.check()?;
        if number.is_multiple_of(PROGRESS_FRAMES) {
            progress(input.file.position());
        }
    }
    let summary = input.file.finish().map_err(|error| Failure::reading(&input.path, &error))?;
    Ok(Capture::new(input.name, number, span, summary))
}

/// Damaged captures of which not one frame could be read give no results.
fn refuse_unreadable(captures: &[Capture]) -> Result<(), Failure> {
    let is_empty = captures.iter().all(|capture| capture.frames == 0);
    match captures.iter().find_map(|capture| capture.notes.first().map(|note| (&capture.name, note))) {
        Some((name, note)) if is_empty => {
            let note = note.trim_end_matches("; everything before it was read");
            Err(Failure::Wrong(format!("{name}: holds no frame that can be read; {note}; capture or copy it again")))
        }
        _ => Ok(()),
    }
}

fn write(results: &NewFolder, manifest: &Manifest, known: &Known, order: &Order<'_>) -> Result<(), Failure> {
    let inventory = order.inventory;
    // Where the page cannot hold all, it holds the devices that matter most, and what they talk.
    let (devices, flows) = (order.first_devices(DEVICES_MAX), order.flows_of_first(FLOWS_MAX));
    let left_out = |all: usize, chosen: &Option<Vec<bool>>| {
        chosen.as_ref().map_or(0, |chosen| all.saturating_sub(chosen.iter().filter(|is_shown| **is_shown).count()))
    };
    let cut =
        Cut { devices: left_out(inventory.devices.len(), &devices), flows: left_out(inventory.flows.len(), &flows) };
    let mut page = Page::begin(results, manifest, &known.knowledge, &cut)?;
    rows(results, DEVICES, &inventory.devices, &mut page, devices)?;
    rows(results, FLOWS, &inventory.flows, &mut page, flows)?;
    rows(results, WEAKNESSES, &inventory.weaknesses, &mut page, None)?;
    page.finish()?;
    let mut file = results.create(MANIFEST)?;
    let text = serde_json::to_string_pretty(manifest).map_err(|error| Failure::Failed(error.to_string()))?;
    file.write(text.as_bytes())?;
    file.write(b"\n")?;
    file.finish()?;
    Ok(())
}

/// Writes rows as lines, and those that are chosen into the page as well: each is put into words once.
fn rows(
    results: &NewFolder,
    name: &str,
    rows: &[impl Serialize],
    page: &mut Page,
    chosen: Option<Vec<bool>>,
) -> Result<(), Failure> {
    let mut file = results.create(name)?;
    page.list(name.trim_end_matches(".jsonl"))?;
    let mut line = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        line.clear();
        serde_json::to_writer(&mut line, row).map_err(|error| Failure::Failed(error.to_string()))?;
        if chosen.as_ref().is_none_or(|chosen| chosen.get(place) == Some(&true)) {
            page.row(std::str::from_utf8(&line).map_err(|error| Failure::Failed(error.to_string()))?)?;
        }
        line.push(b'\n');
        file.write(&line)?;
    }
    file.finish()?;
    page.end_list()
}

fn print(
    arguments: &Analyze,
    manifest: &Manifest,
    known: &Known,
    order: &Order<'_>,
    stands: &Path,
) -> Result<(), Failure> {
    let text = match arguments.format {
        Format::Table => table::text(order, manifest, &known.knowledge, arguments.all, stands),
        Format::Json => {
            let value = serde_json::json!({ "manifest": manifest, "devices": order.inventory.devices });
            let mut text = serde_json::to_string_pretty(&value).map_err(|error| Failure::Failed(error.to_string()))?;
            text.push('\n');
            text
        }
    };
    crate::print(&text, &format!("the results are complete in {}", stands.display()))
}
