//! The people who may sign in.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::password::{self, Password};
use super::permission::Role;
use crate::clock;
use crate::failure::Failure;
use crate::serve::keeper::{Keeper, Kept};
use crate::serve::random;

const KIND: &str = "person";
/// Letters of a name.
const NAME_LETTERS_MAX: usize = 64;
/// People; a hospital's largest department is smaller.
const PEOPLE_MAX: usize = 10_000;
/// Browsers that a person signed in from before, which guessing elsewhere does not slow down.
const BROWSERS_MAX: usize = 16;

/// A person, as others see them.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Person {
    /// By which they sign in.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// Whether they are shut out.
    pub disabled: bool,
    /// Since when they are known, RFC 3339.
    pub created: String,
    /// When they last signed in, RFC 3339.
    pub last_seen: Option<String>,
    /// Whether they have to choose a password before anything else.
    pub must_change: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    person: Person,
    password: Password,
    #[serde(default)]
    browsers: Vec<String>,
}

/// Why a person could not be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// What was asked for cannot be.
    #[error("{0}")]
    Wrong(String),
    /// It does not go together with what is.
    #[error("{0}")]
    Conflict(String),
    /// Nobody is called so.
    #[error("Nobody is called {0}.")]
    Unknown(String),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Why somebody was not let in. Which of the two is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal;

/// The password with which somebody proved who they are, as it was kept then.
pub struct Proof(Password);

/// Everybody, in memory and in the store.
pub struct People {
    keeper: Keeper,
    /// One change at a time: the store is written before the memory, and nobody who reads waits for it.
    changing: Mutex<()>,
    records: RwLock<BTreeMap<String, Record>>,
    /// What is tried when nobody is called so: it takes as long.
    nobody: Password,
}

impl People {
    /// Those that the store knows.
    pub fn load(keeper: Keeper) -> Result<Self, PersonError> {
        let records = RwLock::new(keeper.load(KIND)?);
        Ok(Self { keeper, changing: Mutex::default(), records, nobody: Password::new(&random::secret()?)? })
    }

    /// Whether nobody is known yet.
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// Everybody, by name.
    pub fn all(&self) -> Vec<Person> {
        self.read().values().map(|record| record.person.clone()).collect()
    }

    /// The person of that name.
    pub fn get(&self, name: &str) -> Option<Person> {
        self.read().get(&key(name)).map(|record| record.person.clone())
    }

    /// Adds a person with a password that they chose themselves (the first one) or have to change.
    pub fn add(&self, name: &str, role: Role, password: &str, is_first: bool, by: &str) -> Result<Person, PersonError> {
        let name = name.trim();
        let is_fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '@' | ' ' | '\'');
        if name.is_empty() || name.chars().count() > NAME_LETTERS_MAX || !name.chars().all(is_fine) {
            return Err(PersonError::Wrong(format!(
                "A name has 1 to {NAME_LETTERS_MAX} letters, digits, blanks or any of . - _ @ '."
            )));
        }
        if let Some(fault) = password::fault(password, name) {
            return Err(PersonError::Wrong(fault));
        }
        let password = Password::new(password)?;
        let person = Person {
            name: name.to_owned(),
            role,
            disabled: false,
            created: clock::now().to_string(),
            last_seen: None,
            must_change: !is_first,
        };
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_known, count) = {
            let records = self.read();
            (records.contains_key(&key(name)), records.len())
        };
        if is_known {
            return Err(PersonError::Conflict(format!("{name} is known already.")));
        }
        if count >= PEOPLE_MAX {
            return Err(PersonError::Conflict(format!("There are {PEOPLE_MAX} people already.")));
        }
        if is_first && count > 0 {
            return Err(PersonError::Conflict("Somebody has signed in first already.".to_owned()));
        }
        let record = Record { person: person.clone(), password, browsers: Vec::new() };
        let text = format!("let {name} in as {}", role.label());
        self.keeper.keep(&[Kept::put(KIND, &key(name), &record)], by, &text)?;
        self.insert(key(name), record);
        Ok(person)
    }

    /// Changes a role, or shuts a person out or lets them in again. The last administrator stays.
    pub fn change(
        &self,
        name: &str,
        role: Option<Role>,
        disabled: Option<bool>,
        by: &str,
    ) -> Result<Person, PersonError> {
        self.update(name, by, |records, record| {
            let person = &mut record.person;
            let was = person.clone();
            person.role = role.unwrap_or(person.role);
            person.disabled = disabled.unwrap_or(person.disabled);
            let runs = |person: &Person| person.role == Role::Administrator && !person.disabled;
            let others = records.iter().any(|(other, record)| *other != key(name) && runs(&record.person));
            if runs(&was) && !runs(person) && !others {
                return Err(PersonError::Conflict(
                    "Somebody has to run Cordon: this is the last administrator.".to_owned(),
                ));
            }
            let state = if person.disabled { ", shut out" } else { "" };
            Ok(format!("made {} {}{state}", person.name, person.role.label()))
        })
    }

    /// Gives a person a new password that they have to change.
    pub fn reset(&self, name: &str, by: &str) -> Result<(Person, String), PersonError> {
        let secret = random::secret()?;
        let password = Password::new(&secret)?;
        let person = self.update(name, by, |_, record| {
            (record.password, record.person.must_change) = (password, true);
            record.browsers.clear();
            Ok(format!("gave {} a new secret", record.person.name))
        })?;
        Ok((person, secret))
    }

    /// Takes the place of a person's password.
    pub fn choose(&self, name: &str, old: &str, new: &str) -> Result<(), PersonError> {
        let Ok((_, proof)) = self.proves(name, old) else {
            return Err(PersonError::Wrong("The old password is not right.".to_owned()));
        };
        if let Some(fault) = password::fault(new, name) {
            return Err(PersonError::Wrong(fault));
        }
        if new == old {
            return Err(PersonError::Wrong("The new password is the old one.".to_owned()));
        }
        let password = Password::new(new)?;
        self.update(name, name, |_, record| {
            if !record.password.is_record(&proof.0) {
                return Err(PersonError::Conflict(
                    "The password was changed in this moment: sign in again.".to_owned(),
                ));
            }
            (record.password, record.person.must_change) = (password, false);
            Ok("chose a new password".to_owned())
        })?;
        Ok(())
    }

    /// Whether the person of that name has this password and is not shut out. Takes as long whether or not they are known.
    pub fn proves(&self, name: &str, password: &str) -> Result<(Person, Proof), Refusal> {
        let record = self.read().get(&key(name)).cloned();
        let is_right = record.as_ref().map_or(&self.nobody, |record| &record.password).is(password);
        match record {
            Some(record) if is_right && !record.person.disabled => Ok((record.person, Proof(record.password))),
            _ => Err(Refusal),
        }
    }

    /// Whether the person signed in from the browser that holds this token before.
    pub fn knows_browser(&self, name: &str, token: &str) -> bool {
        let digest = HEXLOWER.encode(&random::digest(token));
        self.read().get(&key(name)).is_some_and(|record| record.browsers.contains(&digest))
    }

    /// A person signed in: from then on this browser is known. Refused if they were shut out or got another password since
    /// they proved who they are.
    pub fn signed_in(&self, name: &str, token: &str, proof: Option<&Proof>) -> Result<(), PersonError> {
        let digest = HEXLOWER.encode(&random::digest(token));
        let kept = self.update(name, name, |_, record| {
            if record.person.disabled || proof.is_some_and(|proof| !record.password.is_record(&proof.0)) {
                return Err(PersonError::Wrong("The password was changed in this moment: sign in again.".to_owned()));
            }
            record.person.last_seen = Some(clock::now().to_string());
            record.browsers.retain(|known| *known != digest);
            record.browsers.insert(0, digest);
            record.browsers.truncate(BROWSERS_MAX);
            Ok("signed in".to_owned())
        });
        match kept {
            // Whoever has to make room on a full disk has to get in.
            Err(PersonError::Store(error)) if error.is_passing() => {
                crate::say(&format!("cordon: {name} signed in, and it could not be noted: {error}"));
                Ok(())
            }
            kept => kept.map(|_| ()),
        }
    }

    fn update(
        &self,
        name: &str,
        by: &str,
        work: impl FnOnce(&BTreeMap<String, Record>, &mut Record) -> Result<String, PersonError>,
    ) -> Result<Person, PersonError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(name);
        let (record, text) = {
            let records = self.read();
            let mut record = records.get(&key).cloned().ok_or_else(|| PersonError::Unknown(name.to_owned()))?;
            let text = work(&records, &mut record)?;
            (record, text)
        };
        self.keeper.keep(&[Kept::put(KIND, &key, &record)], by, &text)?;
        let person = record.person.clone();
        self.insert(key, record);
        Ok(person)
    }

    fn insert(&self, key: String, record: Record) {
        self.records.write().unwrap_or_else(PoisonError::into_inner).insert(key, record);
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<String, Record>> {
        self.records.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names that differ in case or blanks around them are one.
fn key(name: &str) -> String {
    name.trim().to_lowercase()
}
