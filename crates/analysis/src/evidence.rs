//! What speaks for what: evidence kept with its origin, and how it adds up.
//!
//! Additive log-odds in decibans (10·log10 of odds). For each attribute and each value:
//! prior + Σ over families of clamp(strongest + damping · rest, ±cap), then a softmax over the rival values and an
//! explicit `unknown` at 0. Families add, rules within a family are damped: they often read the same thing twice.

use std::collections::BTreeMap;

use model::Timestamp;
use model::observation::FrameRef;

use crate::knowledge::{Attribute, AttributeKind, Family, Rule, Weights};

/// Pieces of evidence kept for one entity; further ones are counted only.
pub const EVIDENCE_MAX: usize = 256;

/// One rule that spoke for (or against) one value, with its first occasion.
#[derive(Clone, Debug)]
pub struct Evidence<'k> {
    /// The rule.
    pub rule: &'k Rule,
    /// Weight in decibans.
    pub weight_db: f32,
    /// The field that decided, as in `dicom.calling_ae`.
    pub field: String,
    /// What the field said.
    pub field_value: String,
    /// Where it was first seen.
    pub frame: FrameRef,
    /// When it was first seen.
    pub first: Timestamp,
    /// When it was last seen.
    pub last: Timestamp,
    /// How often it was seen.
    pub count: u64,
}

/// A piece of evidence and what it speaks for.
#[derive(Clone, Debug)]
pub struct Piece<'k> {
    /// The attribute, as in `vendor`.
    pub attribute: &'k Attribute,
    /// The value that it speaks for or against.
    pub value: String,
    /// Why.
    pub evidence: Evidence<'k>,
}

/// The evidence for each value of one attribute.
pub type Values<'a, 'k> = BTreeMap<&'a str, Vec<&'a Evidence<'k>>>;

/// All evidence about one entity.
#[derive(Clone, Debug, Default)]
pub struct Ledger<'k> {
    pieces: Vec<Piece<'k>>,
    /// Pieces that did not fit.
    pub turned_away: u64,
}

impl<'k> Ledger<'k> {
    /// Adds a piece of evidence, or one more occasion of a known one. Gives its place for [`again`](Self::again);
    /// `None` if it did not fit.
    pub fn add(&mut self, attribute: &'k Attribute, value: &str, evidence: Evidence<'k>) -> Option<usize> {
        let is_it = |piece: &Piece<'_>| {
            std::ptr::eq(piece.evidence.rule, evidence.rule)
                && std::ptr::eq(piece.attribute, attribute)
                && piece.value == value
        };
        if let Some(place) = self.pieces.iter().position(is_it) {
            if let Some(known) = self.pieces.get_mut(place) {
                known.evidence.merge(evidence);
            }
            return Some(place);
        }
        if self.pieces.len() >= EVIDENCE_MAX {
            self.turned_away = self.turned_away.saturating_add(1);
            return None;
        }
        self.pieces.push(Piece { attribute, value: value.to_owned(), evidence });
        Some(self.pieces.len().saturating_sub(1))
    }

    /// The piece at that place was seen once more.
    pub fn again(&mut self, place: usize, time: Timestamp) {
        if let Some(piece) = self.pieces.get_mut(place) {
            piece.evidence.count = piece.evidence.count.saturating_add(1);
            piece.evidence.last = piece.evidence.last.max(time);
        }
    }

    /// Takes over another entity's evidence: they turned out to be one device.
    pub fn absorb(&mut self, other: Self) {
        for piece in other.pieces {
            self.add(piece.attribute, &piece.value, piece.evidence);
        }
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
    }

    /// The values of an attribute and what speaks for them.
    pub fn values(&self, attribute: &Attribute) -> Values<'_, 'k> {
        let mut values = Values::new();
        for piece in self.pieces.iter().filter(|piece| std::ptr::eq(piece.attribute, attribute)) {
            values.entry(&piece.value).or_default().push(&piece.evidence);
        }
        values
    }

    /// Whether there is no evidence at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl Evidence<'_> {
    fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.last = self.last.max(other.last);
        if other.first < self.first {
            self.first = other.first;
            self.frame = other.frame;
            self.field_value = other.field_value;
        }
    }
}

/// A value's score and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored<'a> {
    /// The value.
    pub value: &'a str,
    /// Prior and families together, in decibans.
    pub score_db: f32,
    /// Probability: after the softmax over rivals, or of the value by itself for an attribute that is a list.
    pub confidence: f64,
    /// What each family added, in decibans, after damping and cap.
    pub families: BTreeMap<Family, f32>,
}

/// Scores the values of an attribute, best first; ties in order of value.
pub fn score<'a>(attribute: &Attribute, values: &Values<'a, '_>, weights: &Weights) -> Vec<Scored<'a>> {
    let mut scored: Vec<Scored<'a>> =
        values.iter().map(|(value, pieces)| score_value(value, pieces, attribute.prior_db, weights)).collect();
    let rivals = match attribute.kind {
        AttributeKind::Exclusive => scored.iter().map(|rival| odds(rival.score_db)).sum(),
        AttributeKind::List => 0.0,
    };
    for each in &mut scored {
        let all = match attribute.kind {
            AttributeKind::Exclusive => rivals,
            AttributeKind::List => odds(each.score_db),
        };
        // The explicit `unknown` stands at 0 dB: odds of one.
        each.confidence = odds(each.score_db) / (1.0 + all);
    }
    scored.sort_by(|a, b| b.score_db.total_cmp(&a.score_db).then_with(|| a.value.cmp(b.value)));
    scored
}

fn odds(decibans: f32) -> f64 {
    10_f64.powf(f64::from(decibans) / 10.0)
}

fn score_value<'a>(value: &'a str, pieces: &[&Evidence<'_>], prior_db: f32, weights: &Weights) -> Scored<'a> {
    let mut families: BTreeMap<Family, f32> = BTreeMap::new();
    for piece in pieces {
        let family = piece.rule.family;
        if families.contains_key(&family) {
            continue;
        }
        let of_family = || pieces.iter().filter(|piece| piece.rule.family == family).map(|piece| piece.weight_db);
        let for_it = damped(of_family().filter(|weight| *weight > 0.0), weights.damping);
        let against = damped(of_family().filter(|weight| *weight < 0.0).map(f32::abs), weights.damping);
        let cap = weights.cap(family);
        families.insert(family, (for_it - against).clamp(-cap, cap));
    }
    let score_db = prior_db + families.values().sum::<f32>();
    Scored { value, score_db, confidence: 0.0, families }
}

/// The strongest in full, the rest damped.
fn damped(weights: impl Iterator<Item = f32>, damping: f32) -> f32 {
    let (strongest, sum) =
        weights.fold((0.0_f32, 0.0), |(strongest, sum), weight| (strongest.max(weight), sum + weight));
    strongest + damping * (sum - strongest)
}
