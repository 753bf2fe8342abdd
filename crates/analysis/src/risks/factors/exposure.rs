//! Exposure: the paths by which an attacker reaches the device, each narrowed by its segment and by its own controls.

use super::{Cause, Factor, Part, left_by};
use crate::risks::score::Numbers;
use crate::risks::subject::{Exposure, Path, Stage, Subject};

pub(super) struct Paths;

impl Factor for Paths {
    fn id(&self) -> &'static str {
        "path"
    }

    fn part(&self) -> Part {
        Part::Exposure
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        match &subject.exposure {
            Exposure::Paths { home, more } => {
                for path in std::iter::once(home).chain(more) {
                    tell(Cause { name: &path.name, from: &path.from, value: reach(path, numbers) });
                }
            }
            Exposure::Graph { contacted, from, .. } => {
                tell(Cause { name: "attack paths", from, value: contacted.value() });
            }
        }
    }
}

/// A segment changes what kind of path it is; it is credited there and not a second time as a control.
fn reach(path: &Path, numbers: &Numbers<'_>) -> f64 {
    let open = numbers.known(path.reach);
    let segment = path.segment.as_ref().filter(|segment| segment.stage == Stage::Verified);
    segment.map_or(open, |segment| open.min(numbers.of(segment.kind))) * left_by(&path.controls, numbers)
}
