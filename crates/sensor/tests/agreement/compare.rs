//! Holds two readings of a capture against each other, value by value.

use std::collections::BTreeMap;

use crate::normal::normal;
use crate::ours::{Reading, Row};
use crate::pairings::Pairing;
use crate::theirs::Dissection;

/// Who alone has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alone {
    Ours,
    Theirs,
}

/// A value that one side has and the other has not.
#[derive(Clone, Debug)]
pub struct Difference {
    pub pairing: usize,
    pub frame: u64,
    pub alone: Alone,
    pub value: String,
    /// What the other side has instead, in the same frame.
    pub instead: Vec<String>,
}

/// How one pairing fared in one capture.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Values in the same frame.
    pub same_frame: usize,
    /// Values of TCP that Wireshark ties to another frame of the capture: retransmissions and reordered segments.
    pub other_frame: usize,
}

/// One capture's outcome.
#[derive(Default)]
pub struct Outcome {
    pub tallies: BTreeMap<usize, Tally>,
    pub differences: Vec<Difference>,
    /// Frames that are left out, by the tunnel or link around what they hold.
    pub wrapped: BTreeMap<&'static str, usize>,
}

type Values = BTreeMap<u64, Vec<String>>;

/// Compares all pairings; repeated values of one frame count once.
pub fn compare(pairings: &[Pairing], ours: &Reading, theirs: &Dissection) -> Outcome {
    let mut outcome = Outcome { wrapped: theirs.wrapped.clone(), ..Outcome::default() };
    let mut rows: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in &ours.rows {
        rows.entry((row.protocol, row.field)).or_default().push(row);
    }
    for (index, pairing) in pairings.iter().enumerate() {
        let (mut left, mut right, mut elsewhere) = (Values::new(), Values::new(), Values::new());
        for row in pairing.also.iter().flat_map(|field| rows.get(&(pairing.protocol, *field)).into_iter().flatten()) {
            once(elsewhere.entry(row.frame).or_default(), normal(&row.value));
        }
        let mut over_tcp: BTreeMap<u64, bool> = BTreeMap::new();
        for row in rows.get(&(pairing.protocol, pairing.field)).into_iter().flatten() {
            let texts: Vec<&str> = match pairing.list {
                Some(separator) => row.value.split(separator).collect(),
                None => vec![&row.value],
            };
            let concerns = |text: &&str| pairing.only.is_empty() || pairing.only.iter().any(|(_, name)| name == text);
            for text in texts.into_iter().filter(concerns).map(normal).filter(|text| !text.is_empty()) {
                once(left.entry(row.frame).or_default(), text);
            }
            over_tcp.insert(row.frame, row.over_tcp);
        }
        for frame in theirs.frames(pairing) {
            let known = elsewhere.get(&frame.number).map_or(&[][..], Vec::as_slice);
            let held = left.get(&frame.number).map_or(&[][..], Vec::as_slice);
            let values = theirs.values(frame, pairing).into_iter().filter(|value| !value.is_empty());
            let values =
                values.filter_map(|value| if held.contains(&value) { Some(value) } else { told(pairing, value) });
            for value in values.filter(|value| held.contains(value) || !known.contains(value)) {
                once(right.entry(frame.number).or_default(), value);
                over_tcp.insert(frame.number, frame.over_tcp);
            }
        }
        one(index, pairing, &left, &right, &over_tcp, &mut outcome);
    }
    outcome
}

/// What may be told of the value: forms (see `docs/privacy.md`) mask or withhold some of what Wireshark shows.
fn told(pairing: &Pairing, value: String) -> Option<String> {
    // Numbers and addresses have no form.
    if value.chars().all(|letter| letter.is_ascii_hexdigit() || letter.is_ascii_punctuation()) {
        return Some(value);
    }
    let decoder = wire::protocols::named(pairing.protocol)?;
    let Some(field) = decoder.fields().iter().find(|field| field.name == pairing.field) else { return Some(value) };
    let mut messages = model::Messages::new();
    let message = messages.begin(pairing.protocol, "");
    message.str(field, &value);
    message.text(field.name).map(normal)
}

fn one(
    index: usize,
    pairing: &Pairing,
    left: &Values,
    right: &Values,
    over_tcp: &BTreeMap<u64, bool>,
    outcome: &mut Outcome,
) {
    let mut tally = Tally::default();
    let none = Vec::new();
    let (mut only_ours, mut only_theirs) = (Vec::new(), Vec::new());
    for (frame, is_tcp) in over_tcp {
        let (ours, theirs) = (left.get(frame).unwrap_or(&none), right.get(frame).unwrap_or(&none));
        tally.same_frame += ours.iter().filter(|value| theirs.contains(value)).count();
        let alone = |values: &[String], others: &[String], alone| -> Vec<(bool, Difference)> {
            let mut missing = values.iter().filter(|value| !others.contains(value));
            let mut instead = others.iter().filter(|value| !values.contains(value)).cloned();
            let instead: Vec<String> = instead.by_ref().collect();
            let difference = |value: &String| Difference {
                pairing: index,
                frame: *frame,
                alone,
                value: value.clone(),
                instead: instead.clone(),
            };
            missing.by_ref().map(|value| (*is_tcp, difference(value))).collect()
        };
        only_ours.extend(alone(ours, theirs, Alone::Ours));
        only_theirs.extend(alone(theirs, ours, Alone::Theirs));
    }
    // The same value in another segment: whoever reassembles otherwise ties it to another frame.
    only_ours.retain(|(is_tcp, difference)| {
        let twin = only_theirs
            .iter()
            .position(|(their_tcp, theirs)| *is_tcp && *their_tcp && theirs.value == difference.value);
        if let Some(twin) = twin {
            only_theirs.remove(twin);
            tally.other_frame += 1;
        }
        twin.is_none()
    });
    only_theirs.retain(|_| pairing.whole);
    outcome.differences.extend(only_ours.into_iter().chain(only_theirs).map(|(_, difference)| difference));
    if tally.same_frame + tally.other_frame > 0 {
        outcome.tallies.insert(index, tally);
    }
}

fn once(values: &mut Vec<String>, value: String) {
    if !values.contains(&value) {
        values.push(value);
    }
}
