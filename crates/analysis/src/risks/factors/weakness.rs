//! Weaknesses: how the device is set up, whether or not a vulnerability is known.

use super::{Cause, Factor, Part};
use crate::risks::score::Numbers;
use crate::risks::subject::{Presence, Subject};

pub(super) struct Weaknesses;

impl Factor for Weaknesses {
    fn id(&self) -> &'static str {
        "weakness"
    }

    fn part(&self) -> Part {
        Part::Susceptibility
    }

    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>)) {
        // A weakness that was told twice is one weakness: the surer word counts.
        for (at, first) in subject.weaknesses.iter().enumerate() {
            let mut before = subject.weaknesses.iter().take(at);
            if before.any(|weakness| weakness.place == first.place) {
                continue;
            }
            let (mut surest, mut there) = (first, 0.0);
            for weakness in subject.weaknesses.iter().skip(at).filter(|weakness| weakness.place == first.place) {
                let so_often = match weakness.presence {
                    Presence::Seen => 1.0,
                    Presence::Unknown(share) => numbers.presence(weakness.place, share),
                };
                if so_often > there {
                    (surest, there) = (weakness, so_often);
                }
            }
            tell(Cause { name: &surest.name, from: &surest.from, value: there * numbers.at(first.place) });
        }
    }
}
