//! `cordon analyze`: captures in; inventory, flows, weaknesses and a report out.

mod events;
mod manifest;
mod recorder;
mod report_data;
mod table;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analysis::Analysis;
use analysis::inventory::Inventory;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use model::observation::FrameRef;
use sensor::Sensor;
use sensor::capture::{CaptureFile, OpenError};

use crate::arguments::{Analyze, Format};
use crate::failure::Failure;
use crate::folder::{self, DEVICES, MANIFEST, NewFolder};
use crate::knowledge::{self, Known};
use manifest::{Capture, Manifest};
use recorder::Recorder;
use report_data::{DEVICES_MAX, FLOWS_MAX, Rows, Shown};
use serde::Serialize;

/// Frames between two looks at the clock.
const PROGRESS_FRAMES: u64 = 8_192;
/// Work shorter than this shows no progress.
const PROGRESS_AFTER: Duration = Duration::from_secs(1);

/// Runs the command.
pub fn run(arguments: &Analyze) -> Result<(), Failure> {
    let target = folder::results(arguments.out.as_deref(), arguments.data.as_deref())?;
    // Everything that can be refused is refused before the long work begins.
    let inputs = open(&arguments.captures)?;
    let known = knowledge::load(&arguments.prefixes, arguments.fingerprints.as_deref())?;
    let results = NewFolder::begin(&target)?;
    refuse_inputs_within(&inputs, results.target())?;
    let (inventory, manifest) = analyze(inputs, &known, &results, arguments)?;
    write(&results, &inventory, &manifest, &known)?;
    let stands = results.publish()?;
    print(arguments, &inventory, &manifest, &known, &stands)?;
    // The process ends here: taking a large inventory apart piece by piece would only cost time.
    std::mem::forget(inventory);
    Ok(())
}

/// A capture that is open, and what to call it.
struct Input {
    name: String,
    path: PathBuf,
    file: CaptureFile,
}

fn open(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs: Vec<Input> = Vec::new();
    for path in paths {
        let file = CaptureFile::open(path).map_err(|error| match error {
            OpenError::Io { .. } => Failure::Wrong(format!("{error}: cannot read the capture")),
            OpenError::NotACapture { .. } => Failure::Wrong(error.to_string()),
        })?;
        let own = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let same = inputs.iter().filter(|input| input.path.file_name() == path.file_name()).count();
        // Results do not depend on where the captures lie, so they are told apart by name and order alone.
        let name = if same == 0 { own.into_owned() } else { format!("{own} ({})", same.saturating_add(1)) };
        inputs.push(Input { name, path: path.clone(), file });
    }
    Ok(inputs)
}

/// A capture in the folder of results would be taken for one of them.
fn refuse_inputs_within(inputs: &[Input], target: &Path) -> Result<(), Failure> {
    let within = inputs.iter().find(|input| input.path.canonicalize().is_ok_and(|path| path.starts_with(target)));
    match within {
        Some(input) => Err(Failure::Wrong(format!(
            "{}: the capture lies in the folder of results {}: name another folder with --out",
            input.path.display(),
            target.display()
        ))),
        None => Ok(()),
    }
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
    sensor.finish(&mut recorder);
    progress.bar.finish_and_clear();
    let inventory = recorder.finish(results, &names)?;
    let manifest = Manifest::new(captures, &sensor.counters(), &inventory, known, &arguments.inside);
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

/// A bar on a terminal, once the work takes long enough to be worth one.
struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    fn new(bytes: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        let template = "{bar:32} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now() }
    }

    fn at(&self, position: u64) {
        if self.bar.is_hidden() && self.begun.elapsed() > PROGRESS_AFTER && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        self.bar.set_position(position);
    }
}

fn write(results: &NewFolder, inventory: &Inventory, manifest: &Manifest, known: &Known) -> Result<(), Failure> {
    let shown = Shown {
        devices: rows(results, DEVICES, &inventory.devices, DEVICES_MAX)?,
        flows: rows(results, "flows.jsonl", &inventory.flows, FLOWS_MAX)?,
        weaknesses: rows(results, "weaknesses.jsonl", &inventory.weaknesses, usize::MAX)?,
    };
    let mut page = results.create("report.html")?;
    report_data::write(&shown, manifest, &known.knowledge, &mut |text| page.write(text.as_bytes()))?;
    page.finish()?;
    let mut file = results.create(MANIFEST)?;
    let text = serde_json::to_string_pretty(manifest).map_err(|error| Failure::Failed(error.to_string()))?;
    file.write(text.as_bytes())?;
    file.write(b"\n")?;
    file.finish()?;
    Ok(())
}

/// Writes rows as lines; gives the first of them again for the report, so that each is put into words once.
fn rows(results: &NewFolder, name: &str, rows: &[impl Serialize], shown_max: usize) -> Result<Rows, Failure> {
    let mut file = results.create(name)?;
    let mut shown = Rows { json: String::new(), left_out: rows.len().saturating_sub(shown_max) };
    for (place, row) in rows.iter().enumerate() {
        let line = serde_json::to_string(row).map_err(|error| Failure::Failed(error.to_string()))?;
        file.write(line.as_bytes())?;
        file.write(b"\n")?;
        if place < shown_max {
            if place > 0 {
                shown.json.push(',');
            }
            shown.json.push_str(&line);
        }
    }
    file.finish()?;
    Ok(shown)
}

fn print(
    arguments: &Analyze,
    inventory: &Inventory,
    manifest: &Manifest,
    known: &Known,
    stands: &Path,
) -> Result<(), Failure> {
    let text = match arguments.format {
        Format::Table => table::text(inventory, manifest, &known.knowledge, arguments.all, stands),
        Format::Json => {
            let value = serde_json::json!({ "manifest": manifest, "devices": inventory.devices });
            let mut text = serde_json::to_string_pretty(&value).map_err(|error| Failure::Failed(error.to_string()))?;
            text.push('\n');
            text
        }
    };
    crate::print(&text)
}
