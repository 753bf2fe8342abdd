//! Who may do what: people, their roles, how they sign in, and for how long.

mod password;
mod people;
mod permission;
mod sessions;
mod throttle;

pub use people::{People, Person, PersonError, Proof};
pub use permission::{Access, Permission, Role};
pub use sessions::{IDLE, Sessions, Signed};
pub use throttle::{Throttle, whose};
