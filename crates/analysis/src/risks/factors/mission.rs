//! Care that stands still: what spare capacity and workarounds do not replace.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::{Mission, Subject};

pub(super) struct Care;

impl Factor for Care {
    fn id(&self) -> &'static str {
        "mission"
    }

    fn part(&self) -> Part {
        Part::Impact
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        let (lost, from) = match subject.clinical.mission {
            Mission::Stated { spare, workaround } => (1.0 - spare.value() * workaround.value(), "stated redundancy"),
            Mission::Located(Some(location)) => (numbers.of(location), "location"),
            Mission::Located(None) => (numbers.known(None::<crate::risks::Location>), "nobody said where it stands"),
        };
        tell(Cause { name: "care that stands still", from, value: numbers.tables().mission * lost });
    }
}
