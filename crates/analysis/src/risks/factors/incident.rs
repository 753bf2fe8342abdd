//! Detections that may be attacks which succeeded.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::Subject;

pub(super) struct Incidents;

impl Factor for Incidents {
    fn id(&self) -> &'static str {
        "incident"
    }

    fn part(&self) -> Part {
        Part::Incident
    }

    fn causes<'s>(&self, subject: &'s Subject, _: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        for incident in &subject.incidents {
            tell(Cause { name: "detection", from: &incident.from, value: incident.probability.value() });
        }
    }
}
