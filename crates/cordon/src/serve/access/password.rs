//! Passwords, kept so that whoever steals the store has to try each for a long time (Argon2id, RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::serve::random;

/// Memory in KiB, passes and lanes (OWASP Password Storage Cheat Sheet, 2024: 19 MiB, 2, 1).
const COST: (u32, u32, u32) = (19 * 1_024, 2, 1);
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// The shortest: as long as the one factor it is has to be (NIST SP 800-63B-4 §3.1.1.2).
pub const LETTERS_MIN: usize = 15;
/// The longest: longer ones would only cost time.
const LETTERS_MAX: usize = 256;

/// What is kept of a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Password {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    hash: String,
}

impl Password {
    /// Keeps a password. Takes a few hundredths of a second and 19 MiB.
    pub fn new(password: &str) -> Result<Self, Failure> {
        let salt = random::bytes::<SALT_BYTES>()?;
        let (memory_kib, passes, lanes) = COST;
        let hash = hashed(password, &salt, COST)
            .ok_or_else(|| Failure::Failed("a password could not be kept: memory is short".to_owned()))?;
        Ok(Self { memory_kib, passes, lanes, salt: BASE64.encode(&salt), hash: BASE64.encode(&hash) })
    }

    /// Whether this is the very same record: no other was chosen or given since.
    pub fn is_record(&self, other: &Self) -> bool {
        self.salt == other.salt && self.hash == other.hash
    }

    /// Whether it is this one. Takes as long as keeping it.
    pub fn is(&self, password: &str) -> bool {
        let (Ok(salt), Ok(hash)) = (BASE64.decode(self.salt.as_bytes()), BASE64.decode(self.hash.as_bytes())) else {
            return false;
        };
        let cost = (self.memory_kib, self.passes, self.lanes);
        let Some(tried) = hashed(password, &salt, cost) else { return false };
        // Every byte is looked at: how long it takes tells nothing.
        hash.len() == tried.len() && hash.iter().zip(&tried).fold(0, |all, (one, other)| all | (one ^ other)) == 0
    }
}

fn hashed(password: &str, salt: &[u8], (memory_kib, passes, lanes): (u32, u32, u32)) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).ok()?;
    let mut hash = [0; HASH_BYTES];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// What is wrong with a password for this person, if anything.
pub fn fault(password: &str, name: &str) -> Option<String> {
    let letters = password.chars().count();
    if letters < LETTERS_MIN {
        return Some(format!("The password needs {LETTERS_MIN} characters; four or five words are a good one."));
    }
    if letters > LETTERS_MAX {
        return Some(format!("The password is longer than {LETTERS_MAX} characters."));
    }
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    let easy = ["password", "passwort", "cordon", "hospital", "1234567890", "123456789", "123456", "qwerty", "letmein"];
    let mut rest = password.to_lowercase();
    for part in easy.into_iter().chain((name.len() > 2).then_some(&*name.to_lowercase())) {
        rest = rest.replace(part, "");
    }
    let is_easy = rest.chars().count() < 8;
    (different.len() < 6 || is_easy)
        .then(|| "The password is easily guessed; use words that do not belong together.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_is_it() {
        let kept = Password::new("four horses eat oats").unwrap();
        assert!(kept.is("four horses eat oats"));
        assert!(!kept.is("four horses eat oat"));
        assert!(!kept.is(""));
        let again = Password::new("four horses eat oats").unwrap();
        assert_ne!((kept.salt, kept.hash), (again.salt, again.hash));
    }

    #[test]
    fn easy_passwords_are_refused() {
        for easy in [
            "short",
            "aaaaaaaaaaaaaaaaaaaa",
            "password123456",
            "passwordpassword",
            "ada.lovelace.ada",
            "12345612345612345",
        ] {
            assert!(fault(easy, "ada.lovelace").is_some(), "{easy}");
        }
        assert_eq!(fault("four horses eat oats", "ada"), None);
        assert!(fault(&"ab cdefg".repeat(40), "ada").is_some());
    }
}
