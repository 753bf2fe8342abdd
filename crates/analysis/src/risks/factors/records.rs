//! Records of patients that can be reached through the device.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::Subject;
use crate::risks::tables::RECORDS_UNKNOWN;

pub(super) struct Records;

impl Factor for Records {
    fn id(&self) -> &'static str {
        "records"
    }

    fn part(&self) -> Part {
        Part::Impact
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        let tables = numbers.tables();
        let (reached, from) = match subject.clinical.records {
            Some(records) => (tables.records_reached(records), "counted records"),
            None => (numbers.missing(RECORDS_UNKNOWN), "nobody counted the records"),
        };
        tell(Cause { name: "records of patients", from, value: tables.records * reached });
    }
}
