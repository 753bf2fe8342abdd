//! `cargo xtask fuzz`: every fuzz target for its share of the time, beginning with the golden messages and with what earlier
//! runs found worth keeping, which is written back small enough to be committed.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wire::protocols::{ALL, Carrier, Direction, named, pieces, seed};

use crate::{Done, root};

#[path = "../../crates/wire/src/protocols/golden.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a golden that cannot be read is mended"
)]
#[allow(dead_code, reason = "seeds need no port")]
mod golden;

/// Targets that are no protocol: nothing of theirs is committed.
const OTHERS: [&str; 15] = [
    "state",
    "transcript",
    "feed_csaf",
    "feed_cve",
    "feed_cyclonedx",
    "feed_endoflife",
    "feed_epss",
    "feed_fda_classification",
    "feed_fda_recall",
    "feed_gudid",
    "feed_kev",
    "feed_mds2",
    "feed_nvd",
    "feed_openvex",
    "feed_spdx",
];
/// What is committed of each corpus, in bytes; all together stay below a megabyte.
const KEPT_BYTES_MAX: usize = 16_000;
/// In so many files.
const KEPT_FILES_MAX: usize = 48;
/// One input may take so many seconds, and so much memory in MiB.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=1024"];

/// What became of one target.
struct Outcome {
    target: &'static str,
    executions: String,
    coverage: String,
    kept: (usize, usize),
    finding: Option<PathBuf>,
}

/// Runs the targets named, or all, for so many minutes together.
pub fn run(minutes: u64, chosen: &[String]) -> Done {
    let all = || ALL.iter().map(|decoder| decoder.name()).chain(OTHERS);
    if let Some(unknown) = chosen.iter().find(|name| all().all(|target| target != name.as_str())) {
        return Err(format!("{unknown}: no such target; those in fuzz/fuzz_targets are"));
    }
    let mut targets: Vec<&'static str> =
        all().filter(|target| chosen.is_empty() || chosen.iter().any(|name| name == target)).collect();
    targets.sort_unstable();
    cargo_fuzz(&["build"])?;
    let seconds = minutes.saturating_mul(60).checked_div(targets.len() as u64).unwrap_or_default().max(1);
    let mut outcomes = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if std::io::stderr().is_terminal() {
            eprint!("\r\x1b[K{target} ({} of {}), {seconds} s", index.saturating_add(1), targets.len());
            let _ = std::io::stderr().flush();
        }
        outcomes.push(target_for(target, seconds)?);
    }
    if std::io::stderr().is_terminal() {
        eprintln!("\r\x1b[K");
    }
    print_table(&outcomes, seconds);
    let findings: Vec<_> =
        outcomes.iter().filter_map(|outcome| Some((outcome.target, outcome.finding.as_ref()?))).collect();
    for (target, file) in &findings {
        explain(target, file);
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("{} targets failed", findings.len())) }
}

/// Fuzzes one, makes its corpus small and keeps the best of it.
fn target_for(target: &'static str, seconds: u64) -> Result<Outcome, String> {
    let work = root().join("target/fuzz").join(target);
    let committed = root().join("fuzz/corpus").join(target);
    let failed = |error: std::io::Error| format!("{}: {error}", work.display());
    std::fs::create_dir_all(&work).map_err(failed)?;
    for file in files(&committed) {
        std::fs::copy(&file, work.join(file.file_name().unwrap_or_default())).map_err(failed)?;
    }
    if let Some(decoder) = named(target) {
        let folder = root().join("crates/wire/src/protocols").join(target).join("golden");
        for golden in golden::all_in(&folder, Carrier::Stream(&[])) {
            let name = golden.path.file_stem().unwrap_or_default();
            std::fs::write(work.join(name), seed(&golden.pieces)).map_err(failed)?;
        }
        debug_assert_eq!(decoder.name(), target);
    }
    if let Some(feed) = target.strip_prefix("feed_") {
        let goldens = files(&root().join("crates/feeds/src").join(feed).join("golden"));
        for golden in goldens.iter().filter(|path| path.extension().is_some_and(|ending| ending != "snap")) {
            std::fs::copy(golden, work.join(golden.file_name().unwrap_or_default())).map_err(failed)?;
        }
    }
    let corpus = work.to_string_lossy().into_owned();
    let time = format!("-max_total_time={seconds}");
    let said = cargo_fuzz(&["run", target, &corpus, "--", &time, "-print_final_stats=1", LIMITS[0], LIMITS[1]]);
    let (said, finding) = match said {
        Ok(said) => (said, None),
        Err(said) => {
            let written = said.lines().find_map(|line| line.split_once("Test unit written to "));
            let finding = written.map(|(_, path)| root().join("fuzz").join(path.trim()));
            (said.clone(), Some(finding.ok_or(said)?))
        }
    };
    let after = |word: &str| {
        let rest = said.rsplit_once(word).map_or("", |(_, rest)| rest);
        rest.split_whitespace().next().unwrap_or("?").to_owned()
    };
    let (executions, coverage) = (after("stat::number_of_executed_units:"), after(" cov: "));
    let mut kept = (0, 0);
    if finding.is_none() {
        cargo_fuzz(&["cmin", target, &corpus, "--", LIMITS[0], LIMITS[1]])?;
        if !OTHERS.contains(&target) {
            kept = keep(&work, &committed).map_err(failed)?;
        }
    }
    Ok(Outcome { target, executions, coverage, kept, finding })
}

/// Keeps every so manieth input in order of length, as many as the limits let; gives files and bytes. Their names are hashes
/// of what they hold: libFuzzer's.
fn keep(work: &Path, committed: &Path) -> std::io::Result<(usize, usize)> {
    let mut inputs = Vec::new();
    for file in files(work) {
        inputs.push((std::fs::read(&file)?, file));
    }
    inputs.sort_by_key(|(bytes, file)| (bytes.len(), file.clone()));
    let size = |stride: usize| -> (usize, usize) {
        let kept = inputs.iter().step_by(stride);
        (kept.clone().count(), kept.map(|(bytes, _)| bytes.len()).sum())
    };
    let fits = |stride: &usize| size(*stride).0 <= KEPT_FILES_MAX && size(*stride).1 <= KEPT_BYTES_MAX;
    let stride = (1..=inputs.len()).find(fits).unwrap_or(1);
    if committed.is_dir() {
        std::fs::remove_dir_all(committed)?;
    }
    std::fs::create_dir_all(committed)?;
    for (bytes, file) in inputs.iter().step_by(stride) {
        std::fs::write(committed.join(file.file_name().unwrap_or_default()), bytes)?;
    }
    Ok(size(stride))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

/// Runs `cargo fuzz`; gives all that it said, as an error if it failed. A stable toolchain has to be told that it may.
fn cargo_fuzz(arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("cargo");
    command.arg("fuzz").args(arguments).current_dir(root()).env("RUSTC_BOOTSTRAP", "1").stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("cargo: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("no such command") {
        return Err("there is no cargo fuzz: cargo install cargo-fuzz --locked".to_owned());
    }
    if output.status.success() { Ok(said) } else { Err(said) }
}

fn print_table(outcomes: &[Outcome], seconds: u64) {
    println!(
        "{seconds} s each\n{:12} {:>12} {:>9} {:>6} {:>7}  finding",
        "target", "executions", "coverage", "files", "bytes"
    );
    for Outcome { target, executions, coverage, kept: (files, bytes), finding } in outcomes {
        let finding = finding.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        println!("{target:12} {executions:>12} {coverage:>9} {files:>6} {bytes:>7}  {finding}");
    }
}

/// Says how a finding is seen again, and which golden holds it for ever.
fn explain(target: &str, file: &Path) {
    println!("\n{target} fails on {}", file.display());
    println!("  again:      RUSTC_BOOTSTRAP=1 cargo fuzz run {target} {}", file.display());
    println!("  smaller:    RUSTC_BOOTSTRAP=1 cargo fuzz tmin {target} {}", file.display());
    if OTHERS.contains(&target) {
        return;
    }
    println!(
        "  the golden: crates/wire/src/protocols/{target}/golden/WHAT_IT_SHOWS.hex holding the following, with its carrier"
    );
    println!("              (`! stream PORT`) on the first line, then UPDATE_GOLDEN=1 cargo test -p wire golden\n");
    let mut text = String::new();
    for (direction, bytes) in pieces(&std::fs::read(file).unwrap_or_default()) {
        text.push_str(if direction == Direction::ToResponder { ">\n" } else { "<\n" });
        for row in bytes.chunks(16) {
            for byte in row {
                let _ = write!(text, "{byte:02x} ");
            }
            text.push('\n');
        }
    }
    println!("{text}");
}
