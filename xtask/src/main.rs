//! Generators and measurements: `cargo xtask --help`.

mod bench;
mod fuzz;
mod prefixes;
mod protocols;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a task gives: nothing, or one line that says what went wrong.
type Done = Result<(), String>;

/// Generators and measurements of the project.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write docs/protocols.md from the decoders' own lists of fields
    Protocols,
    /// Make knowledge/prefixes.tsv.zst from the IEEE's lists
    Prefixes {
        /// oui.csv, mam.csv, oui36.csv, iab.csv
        #[arg(required = true)]
        lists: Vec<PathBuf>,
    },
    /// Write the capture of a small made-up hospital ward (pcapng), the same bytes every time
    Demo {
        /// The file
        capture: PathBuf,
    },
    /// Make docs/accuracy.md of what the tests recorded
    Scoreboard {
        /// Write nothing; fail where a figure is worse than the table that is committed
        #[arg(long)]
        check: bool,
    },
    /// Measure `cordon analyze` beside ndpiReader and tshark
    Bench {
        /// Captures; without any, the benchmark capture is built in target/bench
        captures: Vec<PathBuf>,
        /// Interleaved runs of each program
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
    /// Run the fuzz targets, each beginning with its golden messages and fuzz/corpus, which is written anew
    #[command(
        after_help = "Example: nice cargo xtask fuzz --minutes 30\n         cargo xtask fuzz --minutes 2 dicom hl7"
    )]
    Fuzz {
        /// For all targets together
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        /// Targets, as in `dicom`; without any, all
        protocols: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Protocols => protocols::write(),
        Task::Prefixes { lists } => prefixes::write(&lists),
        Task::Demo { capture } => demo(&capture),
        Task::Scoreboard { check } => xtask::scoreboard::run(check),
        Task::Bench { captures, runs } => bench::run(captures, runs),
        Task::Fuzz { minutes, protocols } => fuzz::run(minutes, &protocols),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn demo(capture: &Path) -> Done {
    let folder = capture.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    let done = made.and_then(|()| std::fs::write(capture, hospital::ward::capture()));
    done.map_err(|error| format!("{}: {error}", capture.display()))
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
