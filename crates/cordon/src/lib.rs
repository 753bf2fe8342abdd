//! The `cordon` binary as a library, so that tests and tools can call what the subcommands call.

pub mod analyze;
pub mod arguments;
pub mod failure;
pub mod folder;
pub mod knowledge;
pub mod report;
pub mod why;
pub mod words;

/// As `cordon --version` says.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), failure::Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(failure::Failure::writing(std::path::Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}
