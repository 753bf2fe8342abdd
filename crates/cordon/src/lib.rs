//! Cordon itself: the parts that people see.

pub mod report;
