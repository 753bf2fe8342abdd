//! The table of agreement, and what is left to explain.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::{Alone, Outcome};
use crate::explained::{Explanation, explain};
use crate::pairings::Pairing;

/// How a field, or a protocol, fared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    pub same_frame: usize,
    pub other_frame: usize,
    pub ours_alone: usize,
    pub theirs_alone: usize,
    pub unexplained: usize,
}

impl Line {
    fn add(&mut self, other: &Self) {
        self.same_frame += other.same_frame;
        self.other_frame += other.other_frame;
        self.ours_alone += other.ours_alone;
        self.theirs_alone += other.theirs_alone;
        self.unexplained += other.unexplained;
    }

    pub const fn agreeing(&self) -> usize {
        self.same_frame + self.other_frame
    }

    pub const fn compared(&self) -> usize {
        self.agreeing() + self.ours_alone + self.theirs_alone
    }

    /// Of all values that either side has, explained or not.
    pub fn percent(&self) -> f64 {
        self.agreeing() as f64 * 100.0 / (self.compared().max(1)) as f64
    }
}

/// Everything that was compared.
#[derive(Default)]
pub struct Report {
    fields: BTreeMap<(&'static str, &'static str), Line>,
    /// What each unexplained kind of difference looks like, and how often it occurs.
    open: BTreeMap<(&'static str, &'static str, String, Alone), (usize, String)>,
    reasons: BTreeMap<&'static str, (BTreeSet<&'static str>, usize)>,
    captures: BTreeMap<&'static str, usize>,
    wrapped: BTreeMap<&'static str, usize>,
}

impl Report {
    /// Adds a capture's outcome.
    pub fn add(&mut self, pairings: &[Pairing], explanations: &[Explanation], capture: &str, outcome: &Outcome) {
        let mut protocols = BTreeSet::new();
        for (index, tally) in &outcome.tallies {
            let pairing = &pairings[*index];
            protocols.insert(pairing.protocol);
            let line = self.fields.entry((pairing.protocol, pairing.field)).or_default();
            line.same_frame += tally.same_frame;
            line.other_frame += tally.other_frame;
        }
        for difference in &outcome.differences {
            let pairing = &pairings[difference.pairing];
            let line = self.fields.entry((pairing.protocol, pairing.field)).or_default();
            match difference.alone {
                Alone::Ours => line.ours_alone += 1,
                Alone::Theirs => line.theirs_alone += 1,
            }
            if let Some(explanation) = explain(explanations, pairing, capture, difference) {
                let (protocols, count) = self.reasons.entry(explanation.reason).or_default();
                protocols.insert(pairing.protocol);
                *count += 1;
            } else {
                line.unexplained += 1;
                let key = (pairing.protocol, pairing.field, capture.to_owned(), difference.alone);
                let instead = &difference.instead;
                let example = || format!("frame {}: {:?}, the other {instead:?}", difference.frame, difference.value);
                self.open.entry(key).or_insert_with(|| (0, example())).0 += 1;
            }
        }
        for (wrapper, frames) in &outcome.wrapped {
            *self.wrapped.entry(wrapper).or_default() += frames;
        }
        for protocol in protocols {
            *self.captures.entry(protocol).or_default() += 1;
        }
    }

    /// The sum of a protocol's fields.
    pub fn protocol(&self, protocol: &str) -> Line {
        let mut sum = Line::default();
        self.fields.iter().filter(|((of, _), _)| *of == protocol).for_each(|(_, line)| sum.add(line));
        sum
    }

    /// Values of all protocols that either side has.
    pub fn compared(&self) -> usize {
        self.fields.values().map(Line::compared).sum()
    }

    /// Values of all protocols that differ for no reason given.
    pub fn unexplained(&self) -> usize {
        self.fields.values().map(|line| line.unexplained).sum()
    }

    /// Prints everything: fields, reasons, what is unexplained.
    pub fn print(&self) {
        eprintln!(
            "{:10} {:28} {:>8} {:>7} {:>7} {:>7} {:>7} {:>8}",
            "protocol", "field", "same", "moved", "ours", "theirs", "open", "percent"
        );
        let row = |protocol: &str, field: &str, line: &Line| {
            let Line { same_frame, other_frame, ours_alone, theirs_alone, unexplained } = line;
            let percent = line.percent();
            eprintln!(
                "{protocol:10} {field:28} {same_frame:8} {other_frame:7} {ours_alone:7} {theirs_alone:7} {unexplained:7} {percent:8.2}"
            );
        };
        for ((protocol, field), line) in &self.fields {
            row(protocol, field, line);
        }
        eprintln!();
        for (protocol, captures) in &self.captures {
            row(protocol, &format!("all, {captures} captures"), &self.protocol(protocol));
        }
        eprintln!("\nexplained differences:");
        for (reason, (protocols, count)) in &self.reasons {
            let protocols: Vec<&str> = protocols.iter().copied().collect();
            eprintln!("{count:7} {}: {reason}", protocols.join(", "));
        }
        eprintln!("\nframes left out, because they are inside a tunnel or link that is not read: {:?}", self.wrapped);
        for ((protocol, field, capture, alone), (count, example)) in &self.open {
            eprintln!("UNEXPLAINED {protocol} {field} {} x{count} {capture} {example}", alone.name());
        }
    }
}
