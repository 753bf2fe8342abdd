//! What the tasks make, as a library, so that tests can use it.

#[cfg(target_os = "linux")]
pub mod cable;
pub mod reference;
pub mod scoreboard;
