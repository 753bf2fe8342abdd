//! From observations to devices: what each one is, how sure that is, and why.
//!
//! Pure: no clock, no I/O. The rules that tell devices apart are data under `knowledge/`, read by [`knowledge`].

pub mod knowledge;
