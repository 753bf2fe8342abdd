//! Controls on the device as a whole.

use super::{Cause, Factor, Part};
use crate::risks::scales::Scale;
use crate::risks::score::Numbers;
use crate::risks::subject::{Stage, Subject};

pub(super) struct HostControls;

impl Factor for HostControls {
    fn id(&self) -> &'static str {
        "host_control"
    }

    fn part(&self) -> Part {
        Part::Host
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        for kind in crate::risks::HostControl::ALL {
            let works = |control: &&_| matches!(control, crate::risks::Control { kind: its, stage: Stage::Verified, .. } if its == kind);
            if let Some(control) = subject.controls.iter().find(works) {
                tell(Cause { name: kind.name(), from: &control.from, value: numbers.of(*kind) });
            }
        }
    }
}
