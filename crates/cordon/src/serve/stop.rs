//! The end of the platform, and what wakes those who wait.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Set once; whoever waits is woken.
#[derive(Default)]
pub struct Stop {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_set: bool,
    /// Counts what there is to do.
    calls: u64,
}

impl Stop {
    /// Ends everything.
    pub fn set(&self) {
        self.lock().is_set = true;
        self.changed.notify_all();
    }

    /// Whether everything is to end.
    pub fn is_set(&self) -> bool {
        self.lock().is_set
    }

    /// There is something to do.
    pub fn wake(&self) {
        let mut state = self.lock();
        state.calls = state.calls.wrapping_add(1);
        drop(state);
        self.changed.notify_all();
    }

    /// Waits so long, or until everything is to end; says whether it is.
    pub fn wait(&self, time: Duration) -> bool {
        let end = Instant::now().checked_add(time);
        let mut state = self.lock();
        while !state.is_set {
            let Some(left) = end.and_then(|end| end.checked_duration_since(Instant::now())) else { break };
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_set
    }

    /// Waits until there is something to do since `seen`, at most so long; gives what to wait from next.
    pub fn wait_for_work(&self, seen: u64, time: Duration) -> u64 {
        let end = Instant::now().checked_add(time);
        let mut state = self.lock();
        while !state.is_set && state.calls == seen {
            let Some(left) = end.and_then(|end| end.checked_duration_since(Instant::now())) else { break };
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.calls
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
