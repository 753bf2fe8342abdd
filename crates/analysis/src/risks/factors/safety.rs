//! Harm to patients (ISO 14971). It comes first: nothing averages it away.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::Subject;

pub(super) struct Safety;

impl Factor for Safety {
    fn id(&self) -> &'static str {
        "safety"
    }

    fn part(&self) -> Part {
        Part::Impact
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        let value = numbers.known(subject.clinical.severity);
        tell(Cause { name: "harm to patients", from: &subject.clinical.from, value });
    }
}
