//! The platform, from captures to answers, without its listener.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "serve/abuse.rs"]
mod abuse;
#[path = "serve/access.rs"]
mod access;
#[path = "advisory/mod.rs"]
mod advisory;
#[path = "hostile/mod.rs"]
mod attack;
#[path = "serve/capacity.rs"]
mod capacity;
#[path = "hostile/checks.rs"]
mod checks;
#[path = "serve/client.rs"]
mod client;
#[path = "serve/disk.rs"]
mod disk;
#[path = "serve/drill.rs"]
mod drill;
#[path = "serve/guess.rs"]
mod guess;
#[path = "serve/hostile.rs"]
mod hostile;
#[path = "serve/live.rs"]
mod live;
#[path = "serve/quiet.rs"]
mod quiet;
#[path = "serve/risk.rs"]
mod risk;
#[path = "serve/said.rs"]
mod said;
#[path = "serve/twin.rs"]
mod twin;
#[path = "serve/walk.rs"]
mod walk;
