//! What the tasks make, as a library, so that tests can use it.

pub mod demo;
pub mod reference;
