//! What happens on the ward from half past six until noon.

pub mod bedside;
pub mod building;
pub mod imaging;
pub mod messages;
pub mod network;
pub mod office;
pub mod trouble;

use crate::frames::Moment;

/// Midnight before Monday, 16 November 2026 (UTC), in seconds since 1970.
const MIDNIGHT: u64 = 1_794_787_200;

/// A time of that day.
pub const fn at(hour: u64, minute: u64, second: u64) -> Moment {
    let seconds = hour.saturating_mul(3_600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    Moment(MIDNIGHT.saturating_add(seconds).saturating_mul(1_000_000))
}

/// When the recording begins and ends.
const BEGIN: Moment = at(6, 30, 0);
const END: Moment = at(12, 0, 0);

/// Moments from one to another, every so many seconds.
fn every(seconds: u64, from: Moment, until: Moment) -> impl Iterator<Item = Moment> {
    std::iter::successors(Some(from), move |at| Some(at.after_s(seconds))).take_while(move |at| *at < until)
}
