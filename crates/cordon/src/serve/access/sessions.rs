//! Who is signed in. Held in memory: a restart signs everybody out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::Timestamp;

use crate::clock;
use crate::failure::Failure;
use crate::serve::random;

/// Signed out when nothing was asked for so long (NIST SP 800-63B §4.2.3).
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// Signed out however busy.
pub const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);
/// Sessions of one person; the oldest ends.
const PER_PERSON_MAX: usize = 16;
/// Sessions of all.
const SESSIONS_MAX: usize = 10_000;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// By their name, as the people know it.
    pub name: String,
    /// When they signed in.
    pub since: Timestamp,
    /// Tells the session from others.
    pub key: [u8; 32],
}

struct Session {
    signed: Signed,
    begun: Instant,
    used: Instant,
}

impl Session {
    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.used) > IDLE || now.duration_since(self.begun) > LONGEST
    }
}

/// All sessions.
#[derive(Default)]
pub struct Sessions(Mutex<BTreeMap<[u8; 32], Session>>);

impl Sessions {
    /// Signs somebody in; gives the token that the browser keeps.
    pub fn begin(&self, name: &str) -> Result<(String, Signed), Failure> {
        let token = random::secret()?;
        let key = random::digest(&token);
        let signed = Signed { name: name.to_owned(), since: clock::now(), key };
        let now = Instant::now();
        let mut sessions = self.lock();
        sessions.retain(|_, session| !session.is_over(now));
        while sessions.values().filter(|session| session.signed.name == name).count() >= PER_PERSON_MAX
            || sessions.len() >= SESSIONS_MAX
        {
            let own = sessions.iter().filter(|(_, session)| session.signed.name == name);
            let oldest = own.min_by_key(|(_, session)| session.used).map(|(key, _)| *key);
            let any = || sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key);
            let Some(oldest) = oldest.or_else(any) else { break };
            sessions.remove(&oldest);
        }
        sessions.insert(key, Session { signed: signed.clone(), begun: now, used: now });
        Ok((token, signed))
    }

    /// Whose token it is, if they are still signed in; counts as use.
    pub fn of(&self, token: &str) -> Option<Signed> {
        let now = Instant::now();
        let mut sessions = self.lock();
        let key = random::digest(token);
        if sessions.get(&key)?.is_over(now) {
            sessions.remove(&key);
            return None;
        }
        let session = sessions.get_mut(&key)?;
        session.used = now;
        Some(session.signed.clone())
    }

    /// Whether the session still stands; does not count as use.
    pub fn stands(&self, key: &[u8; 32]) -> bool {
        self.lock().get(key).is_some_and(|session| !session.is_over(Instant::now()))
    }

    /// Signs out.
    pub fn end(&self, key: &[u8; 32]) {
        self.lock().remove(key);
    }

    /// Signs a person out everywhere, by the name as the people know it, but for one session if it is named.
    pub fn end_all(&self, name: &str, but: Option<&[u8; 32]>) {
        self.lock().retain(|key, session| session.signed.name != name || Some(key) == but);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
