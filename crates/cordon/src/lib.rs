//! The `cordon` binary as a library, so that tests and tools can call what the subcommands call.

pub mod analyze;
pub mod arguments;
pub mod clock;
pub mod failure;
pub mod feeds;
pub mod folder;
pub mod hospital;
pub mod interrupted;
pub mod knowledge;
pub mod plan;
pub mod progress;
pub mod report;
pub mod risk;
pub mod score;
#[cfg(target_os = "linux")]
pub mod sense;
#[cfg(target_os = "linux")]
pub mod serve;
pub mod terminal;
pub mod why;
pub mod words;

/// As `cordon --version` says.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure; `remedy` helps with any other.
pub fn print(text: &str, remedy: &str) -> Result<(), failure::Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(failure::Failure::printing(&error, remedy)),
        _ => Ok(()),
    }
}

/// A line on standard error; where nobody can read it, nobody can be told.
pub fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
