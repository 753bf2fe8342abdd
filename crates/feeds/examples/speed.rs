//! How fast feeds are read, on one core: real advisories and CVE records, over and over.
//!
//! `cargo run --release -p feeds --example speed -- FOLDER 200000`, where `FOLDER` has `feed-csaf-icsma` and `feed-vulnrichment`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::arithmetic_side_effects, clippy::cast_precision_loss)]

use std::path::{Path, PathBuf};
use std::time::Instant;

fn documents(folder: &Path) -> Vec<Vec<u8>> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::<PathBuf>::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn measure(what: &str, documents: &[Vec<u8>], count: usize) {
    let (mut facts, mut bytes) = (0, 0);
    let begin = Instant::now();
    for document in documents.iter().cycle().take(count) {
        facts += feeds::read(what, document).unwrap().facts().count();
        bytes += document.len();
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{count} {what}: {seconds:.2} s, {:.0}/s, {:.0} MB/s, {facts} facts",
        count as f64 / seconds,
        bytes as f64 / seconds / 1e6
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(200_000);
    measure("advisories", &documents(&folder.join("feed-csaf-icsma")), 144);
    measure("CVE records", &documents(&folder.join("feed-vulnrichment")), count);
}
