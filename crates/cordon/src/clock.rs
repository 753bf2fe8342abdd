//! The time of day. Everything that measures a duration uses a clock that cannot be set instead.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// What the machine's clock says; it may be set, forwards and backwards.
pub fn now() -> Timestamp {
    // The one place of the platform that asks what time it is.
    #[allow(clippy::disallowed_methods)]
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
