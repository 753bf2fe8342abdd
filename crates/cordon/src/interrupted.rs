//! Ctrl-C, SIGTERM and a closed terminal: what was in the making goes, one line says so, and the exit code is that of a
//! shell (128 and the number of the signal).

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What must not stay if the program is stopped now.
pub struct Unfinished {
    /// The folder in the making.
    pub folder: PathBuf,
    /// Folders that were made to hold it, innermost first. They stay if something else lies in them by now.
    pub parents: Vec<PathBuf>,
}

impl Unfinished {
    /// Removes it. More than one try: another thread may just be making a file there.
    pub fn remove(&self) {
        const TRIES_MAX: usize = 5;
        for _ in 0..TRIES_MAX {
            if std::fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists() {
                break;
            }
        }
        for parent in &self.parents {
            // A folder that something else lies in by now is no longer ours.
            let _ = std::fs::remove_dir(parent);
        }
    }
}

static UNFINISHED: Mutex<Vec<Unfinished>> = Mutex::new(Vec::new());

/// Keeps an interruption waiting while results are put in their place, and the other way round: whoever asks while the
/// program is being stopped does not go on.
pub fn hold() -> MutexGuard<'static, Vec<Unfinished>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interruption cleans up. Signals that whoever started us had us ignore (`nohup`) stay ignored.
#[cfg(unix)]
pub fn watch() -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| {
        let bit = u32::try_from(signal.saturating_sub(1)).ok().and_then(|place| 1_u64.checked_shl(place));
        bit.is_none_or(|bit| ignored & bit == 0)
    });
    let mut signals = signal_hook::iterator::Signals::new(wanted)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stop(signal);
        }
    })?;
    Ok(())
}

/// Elsewhere the system ends the program, and the next run sweeps.
#[cfg(not(unix))]
pub fn watch() -> std::io::Result<()> {
    Ok(())
}

/// The signals that are ignored, as bits, where the system tells (proc(5), `SigIgn`).
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(unix)]
fn stop(signal: i32) -> ! {
    let unfinished = hold();
    unfinished.iter().for_each(Unfinished::remove);
    let how_far = if unfinished.is_empty() { "" } else { "; nothing was written" };
    // A progress bar may stand in this line.
    let line_begin = if std::io::IsTerminal::is_terminal(&std::io::stderr()) { "\r\u{1b}[K" } else { "" };
    crate::say(&format!("{line_begin}cordon: interrupted{how_far}"));
    std::process::exit(128_i32.saturating_add(signal))
}
