//! The process that holds a card: it opens the ring, gives up every privilege, and hands frames on unread.

use std::io::Write;
use std::time::Duration;

use sensor::live::{Card, Options};

use super::{confine, pipe};
use crate::failure::Failure;

/// How long it waits for frames before it tells the accounting.
const PATIENCE: Duration = Duration::from_millis(200);

/// Listens until it is ended, or nobody reads.
pub fn run(name: &str) -> Result<(), Failure> {
    let mut card = Card::open(name, &Options::default()).map_err(|error| Failure::Wrong(error.to_string()))?;
    confine::to(confine::CARD)?;
    let mut out = std::io::stdout().lock();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        // A card that is down may come back: that nothing comes is what the accounting shows.
        let _ = card.frames(PATIENCE, &mut |frame| pipe::put_frame(&mut bytes, frame));
        let accounting = card.accounting().map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
        pipe::put_accounting(&mut bytes, accounting);
        if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
            return Ok(());
        }
    }
}
