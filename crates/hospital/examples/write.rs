//! Writes a hospital to a folder and says how quickly: `-- SEED DEVICES DAYS FOLDER`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, clippy::cast_precision_loss)]

use std::fs::{self, File};
use std::io::Write;
use std::time::Instant;

use hospital::capture;
use hospital::hospital::{Hospital, MONDAY, Plan};
use hospital::play::Frames;
use hospital::rhythm::Span;
use hospital::truth::Truth;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |place: usize| arguments[place].parse::<u32>().unwrap();
    let span = Span { start: MONDAY, days: number(3) };
    let hospital =
        Hospital::build(Plan { seed: number(1).into(), devices: number(2) as usize, span, attacks: Vec::new() });
    let folder = &arguments[4];
    fs::create_dir_all(folder).unwrap();
    let truth = serde_json::to_vec_pretty(&Truth::of(&hospital)).unwrap();
    fs::write(format!("{folder}/truth.json"), truth).unwrap();

    let begun = Instant::now();
    let mut out = File::create(format!("{folder}/capture.pcapng")).unwrap();
    let (mut block, mut bytes, mut frames) = (Vec::new(), 0_usize, 0_usize);
    out.write_all(&capture::head("hospital", "mirror")).unwrap();
    for (at, frame) in Frames::of(&hospital) {
        capture::add(&mut block, at, &frame);
        frames = frames.saturating_add(1);
        if block.len() >= 1 << 20 {
            bytes = bytes.saturating_add(block.len());
            out.write_all(&block).unwrap();
            block.clear();
        }
    }
    out.write_all(&block).unwrap();
    bytes = bytes.saturating_add(block.len());
    let seconds = begun.elapsed().as_secs_f64();
    println!("{frames} frames, {bytes} bytes, {seconds:.2} s, {:.0} MB/s", bytes as f64 / seconds / 1e6);
}
