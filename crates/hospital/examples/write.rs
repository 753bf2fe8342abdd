//! Writes a hospital to a folder: `-- SEED DEVICES DAYS FOLDER`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
use std::io::Write;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let n = |i: usize| a[i].parse::<u64>().unwrap();
    let span = hospital::rhythm::Span { start: hospital::hospital::MONDAY, days: n(3) as u32 };
    let plan = hospital::hospital::Plan { seed: n(1), devices: n(2) as usize, span };
    let h = hospital::hospital::Hospital::build(plan);
    std::fs::create_dir_all(&a[4]).unwrap();
    std::fs::write(format!("{}/truth.json", a[4]), serde_json::to_vec_pretty(&hospital::truth::Truth::of(&h)).unwrap())
        .unwrap();
    let t = std::time::Instant::now();
    let mut out = std::io::BufWriter::new(std::fs::File::create(format!("{}/capture.pcapng", a[4])).unwrap());
    let mut bytes = 0usize;
    let mut frames = 0usize;
    out.write_all(&hospital::capture::head("hospital", "mirror")).unwrap();
    for (at, frame) in hospital::play::Frames::of(&h) {
        let b = hospital::capture::packet(at, &frame);
        bytes += b.len();
        frames += 1;
        out.write_all(&b).unwrap();
    }
    out.flush().unwrap();
    let s = t.elapsed().as_secs_f64();
    println!("{frames} frames {bytes} bytes {s:.2} s {:.0} MB/s", bytes as f64 / s / 1e6);
}
