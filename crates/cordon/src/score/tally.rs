//! How often an attribute is right, and whether stated confidence is worth what it says.

use std::collections::BTreeMap;

use serde::Serialize;

/// Stated as `probable` from here on.
const CONFIDENT: f64 = 0.90;
/// Bins of confidence.
const BINS: usize = 10;

/// What was found out about one labelled value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is asserted.
    Silent,
    /// What is asserted is so.
    Right,
    /// What is asserted is so, but says less than is known: a kind of which the true one is a kind.
    General,
    /// What is asserted is not so.
    Wrong,
}

/// Counts over the labelled values of one attribute.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    n: usize,
    right: usize,
    general: usize,
    wrong: usize,
    wrong_confident: usize,
    bins: [Bin; BINS],
    classes: BTreeMap<String, Class>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    count: usize,
    right: usize,
    confidence: f64,
}

/// Of one value: how often it is so, asserted, and both.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    labelled: usize,
    asserted: usize,
    right: usize,
}

/// The figures of one attribute. Shares are of 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Labelled values that are asserted exactly, of all.
    pub accuracy: f64,
    /// Mean over the labelled values of the harmonic mean of precision and recall.
    pub macro_f1: f64,
    /// Labelled values of which something is asserted, of all.
    pub coverage: f64,
    /// Something wrong is asserted, of all.
    pub wrong: f64,
    /// Something wrong is asserted as probable or confirmed, of all.
    pub wrong_confident: f64,
    /// Expected calibration error over what is asserted, in ten bins of equal width (Naeini, Cooper and Hauskrecht 2015).
    pub calibration_error: f64,
    /// Labelled values.
    pub n: usize,
}

impl Tally {
    /// One labelled value: what is so, and what is asserted of it with which confidence.
    pub fn add(&mut self, truth: &str, asserted: Option<(&str, f64)>, verdict: Verdict) {
        self.n = self.n.saturating_add(1);
        let class = self.classes.entry(truth.to_owned()).or_default();
        class.labelled = class.labelled.saturating_add(1);
        let Some((value, confidence)) = asserted else { return };
        let is_right = verdict == Verdict::Right;
        // What says less or more than the label counts for the label's own value.
        let named = if is_right { truth } else { value };
        let class = self.classes.entry(named.to_owned()).or_default();
        class.asserted = class.asserted.saturating_add(1);
        class.right = class.right.saturating_add(usize::from(is_right));
        match verdict {
            Verdict::Right => self.right = self.right.saturating_add(1),
            Verdict::General => self.general = self.general.saturating_add(1),
            Verdict::Wrong => {
                self.wrong = self.wrong.saturating_add(1);
                self.wrong_confident = self.wrong_confident.saturating_add(usize::from(confidence >= CONFIDENT));
            }
            Verdict::Silent => {}
        }
        if let Some(bin) = self.bins.get_mut(bin_of(confidence)) {
            bin.count = bin.count.saturating_add(1);
            // A kind that says less is no wrong answer.
            bin.right = bin.right.saturating_add(usize::from(verdict != Verdict::Wrong));
            bin.confidence += confidence;
        }
    }

    /// The figures; `None` where nothing is labelled.
    pub fn figures(&self) -> Option<Figures> {
        if self.n == 0 {
            return None;
        }
        let asserted: usize = self.bins.iter().map(|bin| bin.count).sum();
        let gap = |bin: &Bin| (count(bin.right) - bin.confidence).abs();
        let calibration: f64 = self.bins.iter().map(gap).sum();
        let labelled: Vec<f64> = self.classes.values().filter(|class| class.labelled > 0).map(Class::f1).collect();
        let of_all = |part: usize| share(part, self.n);
        Some(Figures {
            accuracy: of_all(self.right),
            macro_f1: labelled.iter().sum::<f64>() / count(labelled.len()).max(1.0),
            coverage: of_all(asserted),
            wrong: of_all(self.wrong),
            wrong_confident: of_all(self.wrong_confident),
            calibration_error: calibration / count(asserted).max(1.0),
            n: self.n,
        })
    }
}

impl Class {
    fn f1(&self) -> f64 {
        2.0 * count(self.right) / (count(self.labelled) + count(self.asserted)).max(1.0)
    }
}

/// A part of all; 0 of nothing.
pub fn share(part: usize, all: usize) -> f64 {
    count(part) / count(all).max(1.0)
}

// Counts of devices are far below 2^52.
#[allow(clippy::cast_precision_loss)]
fn count(count: usize) -> f64 {
    count as f64
}

// A confidence lies between 0 and 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn bin_of(confidence: f64) -> usize {
    ((confidence * 10.0) as usize).min(BINS.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_counted_by_hand() {
        let mut tally = Tally::default();
        assert_eq!(tally.figures(), None);
        tally.add("pump", Some(("pump", 0.95)), Verdict::Right);
        tally.add("pump", Some(("monitor", 0.91)), Verdict::Wrong);
        tally.add("monitor", Some(("medical_device", 0.65)), Verdict::General);
        tally.add("monitor", None, Verdict::Silent);
        let figures = tally.figures().unwrap();
        assert_eq!(figures.n, 4);
        assert_eq!(
            [figures.accuracy, figures.coverage, figures.wrong, figures.wrong_confident],
            [0.25, 0.75, 0.25, 0.25]
        );
        // Pump: asserted once, labelled twice, right once. Monitor: asserted once, labelled twice, never right.
        assert!((figures.macro_f1 - (2.0 / 3.0 + 0.0) / 2.0).abs() < 1e-12);
        // Bin of 0.9: two, one right, confidences 1.86. Bin of 0.6: one, not wrong, 0.65.
        assert!((figures.calibration_error - (0.86 + 0.35) / 3.0).abs() < 1e-12);
    }
}
