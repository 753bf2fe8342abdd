//! What becomes of a hospital while it is played: as it is in the beginning, and as it is from each night on in which
//! something changes. Whoever changes is silent for half an hour before.

use std::collections::{BTreeMap, BTreeSet};

use crate::changes::{self, Change};
use crate::draw::Draw;
use crate::frames::Moment;
use crate::hospital::Around;
use crate::kinds::{Peer, Routine};
use crate::rhythm::Span;

const DAY_S: u64 = 86_400;
/// In the night, when something changes.
const NIGHT_S: u64 = 3 * 3_600;
/// Whoever changes is silent for so long before.
const SILENT_US: u64 = 30 * 60 * 1_000_000;

/// What becomes of a hospital.
pub struct Course {
    first: Era,
    later: Vec<Era>,
    /// What is said besides, for a change.
    besides: Vec<Besides>,
    /// What changed, in order of time.
    pub events: Vec<Event>,
}

/// A time in which nothing changes.
struct Era {
    around: Around,
    /// Numbers of devices that are otherwise than before, those that are gone included.
    changed: BTreeSet<usize>,
}

/// Something that changed.
#[derive(Clone, Debug)]
pub struct Event {
    /// The change.
    pub name: &'static str,
    /// The moment from which on it is so.
    pub start: Moment,
    /// The last moment at which something is done for it.
    pub end: Moment,
    /// The numbers of the devices that it happens to.
    pub devices: Vec<usize>,
    /// In pairs: who is gone, and who took that place.
    pub replaced: Vec<(usize, usize)>,
    /// Who takes part outside.
    pub outside: Vec<std::net::Ipv4Addr>,
}

/// What makes something be said, once the number of each device is known.
struct Besides(&'static dyn Change);

/// Something that is said, by whom and from when to when.
pub struct Said {
    /// The number of the device whose routine it is.
    pub by: usize,
    /// What.
    pub routine: Routine,
    /// The first moment.
    pub from: Moment,
    /// Nothing of it is said from then on.
    pub until: Moment,
}

impl Course {
    /// A hospital's course with some changes.
    pub(crate) fn of(around: Around, changes: &[&'static dyn Change], draw: &Draw) -> Self {
        let span = around.span();
        let mut nights: BTreeMap<u32, Vec<&'static dyn Change>> = BTreeMap::new();
        for change in changes {
            for day in change.days(span).into_iter().filter(|day| *day < span.days) {
                nights.entry(day).or_default().push(*change);
            }
        }
        let first = Era { around, changed: BTreeSet::new() };
        let mut course = Self { first, later: Vec::new(), besides: Vec::new(), events: Vec::new() };
        for (day, changes) in nights {
            let at = span.start.after_s(u64::from(day).saturating_mul(DAY_S).saturating_add(NIGHT_S));
            let (mut around, mut changed) = (course.last().at(at), BTreeSet::new());
            for change in changes {
                let outcome = change.happen(&mut around, &mut draw.of(change.name(), day.into()));
                let changes::Outcome { devices, replaced } = outcome;
                if devices.is_empty() && replaced.is_empty() {
                    continue;
                }
                changed.extend(devices.iter().copied().chain(replaced.iter().flat_map(|(old, new)| [*old, *new])));
                let event = Event { name: change.name(), start: at, end: at, devices, replaced, outside: Vec::new() };
                course.events.push(event);
            }
            course.later.push(Era { around, changed });
        }
        course.besides = changes.iter().copied().map(Besides).collect();
        let mut events = Vec::new();
        for Besides(change) in &course.besides {
            let sessions = change.besides(&course, &mut draw.of(change.name(), u64::MAX));
            events.extend(sessions.into_iter().filter_map(|session| session.event));
        }
        course.events.extend(events);
        course.events.sort_by_key(|event| event.start);
        course
    }

    /// As it is in the end.
    pub fn last(&self) -> &Around {
        &self.later.last().unwrap_or(&self.first).around
    }

    /// As it is at a moment.
    pub fn at(&self, moment: Moment) -> &Around {
        let last = self.later.iter().rev().find(|era| era.around.from() <= moment);
        &last.unwrap_or(&self.first).around
    }

    /// When it is played.
    pub fn span(&self) -> Span {
        self.last().span()
    }

    /// As it is from each moment on.
    pub fn stages(&self) -> impl Iterator<Item = &Around> {
        self.eras().map(|era| &era.around)
    }

    fn eras(&self) -> impl Iterator<Item = &Era> {
        [&self.first].into_iter().chain(&self.later)
    }

    /// Everything that is said; what concerns a device that changes ends with it, and begins anew.
    pub(crate) fn routines(&self, draw: &Draw) -> Vec<Said> {
        let mut all = Vec::new();
        for (index, era) in self.eras().enumerate() {
            let later = self.later.get(index..).unwrap_or_default();
            let from = era.around.from();
            for device in era.around.present() {
                let is_new = index > 0 && era.changed.contains(&device.number);
                for routine in era.around.said_by(device, is_new, draw) {
                    let concerns = concerned(device.number, &routine);
                    let is_changed = |era: &&Era| concerns.iter().any(|number| era.changed.contains(number));
                    if index > 0 && !is_changed(&era) {
                        continue;
                    }
                    let end = era.around.span().end();
                    let until =
                        later.iter().find(is_changed).map_or(end, |next| next.around.from().before_us(SILENT_US));
                    let is_said = || {
                        let mut moments = routine.rhythm.moments_from(era.around.span(), from);
                        moments.next().is_some_and(|first| first < until)
                    };
                    if self.later.is_empty() || is_said() {
                        all.push(Said { by: device.number, routine, from, until });
                    }
                }
            }
        }
        let (start, end) = (self.last().span().start, self.last().span().end());
        for Besides(change) in &self.besides {
            let sessions = change.besides(self, &mut draw.of(change.name(), u64::MAX));
            let said = sessions.into_iter().flat_map(|session| {
                let by = session.by;
                session.routines.into_iter().map(move |routine| Said { by, routine, from: start, until: end })
            });
            all.extend(said);
        }
        all
    }
}

/// The numbers of the devices that a routine is about.
fn concerned(by: usize, routine: &Routine) -> Vec<usize> {
    let ends = routine.flows.iter().flat_map(|flow| {
        let to = if let Peer::Device(number) = flow.to { Some(number) } else { None };
        [Some(flow.from), to].into_iter().flatten()
    });
    let mut all: Vec<usize> = ends.chain([by]).collect();
    all.sort_unstable();
    all.dedup();
    all
}
