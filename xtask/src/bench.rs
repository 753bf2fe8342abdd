//! `cordon analyze` beside its peers, interleaved in one run; processor time is what is compared.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Done, root};

/// What is measured: name, program, arguments; `{}` is the capture, `{out}` a scratch folder.
const PROGRAMS: &[(&str, &str, &[&str])] = &[
    ("cordon", "target/release/cordon", &["analyze", "{}", "--out", "{out}"]),
    ("ndpiReader", "ndpiReader", &["-q", "-i", "{}"]),
    ("tshark", "tshark", &["-n", "-q", "-z", "conv,ip", "-r", "{}"]),
];
/// Parts of the benchmark capture, as its builder wants them: folder and replicas.
const PARTS: &[(&str, u32)] = &[
    ("../data/pcap-ndpi", 6),
    ("../data/pcap-suricata-verify", 4),
    ("../data/pcap-zeek", 4),
    ("../data/pcap-medical", 200),
    ("../data/pcap-iot-labelled", 2),
];

/// One run: processor seconds and peak memory in MiB.
type Figure = (f64, f64);

/// Measures and prints a table.
pub fn run(captures: Vec<PathBuf>, runs: usize) -> Done {
    let built = Command::new("cargo").args(["build", "--release", "--package", "cordon"]).current_dir(root()).status();
    if !built.is_ok_and(|status| status.success()) {
        return Err("cargo build failed".to_owned());
    }
    let captures = if captures.is_empty() { vec![build(1)?, build(2)?] } else { captures };
    for capture in &captures {
        let present: Vec<_> = PROGRAMS.iter().filter(|(_, program, _)| is_there(program)).collect();
        let mut figures: Vec<Vec<Figure>> = vec![Vec::new(); present.len()];
        for _ in 0..runs.max(1) {
            for ((_, program, arguments), figures) in present.iter().zip(&mut figures) {
                figures.push(measure(program, arguments, capture)?);
            }
        }
        let medians: Vec<Figure> = figures.into_iter().map(median).collect();
        let own = medians.first().map_or(f64::NAN, |(seconds, _)| *seconds);
        println!("\n{} (median of {} interleaved runs)", capture.display(), runs.max(1));
        println!("{:12} {:>10} {:>10} {:>16}", "program", "cpu s", "RSS MiB", "cordon needs");
        for ((name, ..), (seconds, memory)) in present.iter().zip(medians) {
            println!("{name:12} {seconds:>10.2} {memory:>10.0} {:>14.2} x", own / seconds);
        }
    }
    Ok(())
}

fn is_there(program: &str) -> bool {
    root().join(program).is_file()
        || std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Builds the benchmark capture with a share of the replicas, the same bytes every time.
fn build(share: u32) -> Result<PathBuf, String> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = folder.join(format!("replayed-{share}.pcap"));
    let tools = root().join("../shared/bench");
    if path.is_file() {
        return Ok(path);
    }
    let parts = PARTS.iter().map(|(part, replicas)| format!("{part}:{}", replicas.div_euclid(share)));
    let done = Command::new("python3").arg("build_capture.py").arg(&path).args(parts).current_dir(&tools).status();
    match done {
        Ok(status) if status.success() => Ok(path),
        _ => Err(format!("{}: cannot build the benchmark capture; name captures instead", tools.display())),
    }
}

/// Runs a program under GNU time, which counts the processor time of the whole process tree.
fn measure(program: &str, arguments: &[&str], capture: &Path) -> Result<Figure, String> {
    let out = root().join("target/bench/out");
    let _ = std::fs::remove_dir_all(&out);
    let own = root().join(program);
    let program = if own.is_file() { own } else { PathBuf::from(program) };
    let arguments = arguments.iter().map(|argument| match *argument {
        "{}" => capture.as_os_str().to_owned(),
        "{out}" => out.as_os_str().to_owned(),
        plain => plain.into(),
    });
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M"]).arg(&program).args(arguments).stdout(Stdio::null());
    let output = command.output().map_err(|error| format!("/usr/bin/time: {error}; install GNU time"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let numbers: Vec<f64> =
        text.lines().last().unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect();
    match numbers.as_slice() {
        [user, system, kibibytes] if output.status.success() => Ok((user + system, kibibytes / 1024.0)),
        _ => Err(format!("{}: {}", program.display(), text.trim())),
    }
}

fn median(mut figures: Vec<Figure>) -> Figure {
    figures.sort_by(|a, b| a.0.total_cmp(&b.0));
    figures.get(figures.len().div_euclid(2)).copied().unwrap_or((f64::NAN, f64::NAN))
}
