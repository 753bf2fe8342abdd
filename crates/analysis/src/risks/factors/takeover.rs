//! Being taken over through a station that controls the device, or whose password opens it: no vulnerability is needed.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::{Exposure, Subject};

pub(super) struct Takeover;

impl Factor for Takeover {
    fn id(&self) -> &'static str {
        "takeover"
    }

    fn part(&self) -> Part {
        Part::Incident
    }

    fn causes<'s>(&self, subject: &'s Subject, _: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        if let Exposure::Graph { controlled, from, .. } = &subject.exposure {
            tell(Cause { name: "control by another station", from, value: controlled.value() });
        }
    }
}
