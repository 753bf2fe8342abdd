//! Values that another tool reads in a capture, each beside ours: counted by what they are, and explained where they
//! differ.

use std::collections::{BTreeMap, BTreeSet};

use xtask::scoreboard::{self, Rightness};

/// One value of another tool.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compared {
    /// What is counted together, as in `tls`.
    pub what: String,
    /// The test or the capture.
    pub place: String,
    /// The other tool's name of the value.
    pub key: String,
    /// The value, as it compares.
    pub theirs: String,
    /// All that we have in its place.
    pub ours: Vec<String>,
}

impl Compared {
    fn agrees(&self) -> bool {
        self.ours.contains(&self.theirs)
    }
}

/// What one test or capture gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub compared: Vec<Compared>,
    /// What is not compared, and why.
    pub left_out: BTreeMap<String, usize>,
}

impl Outcome {
    pub fn leave_out(&mut self, why: &str) {
        *self.left_out.entry(why.to_owned()).or_default() += 1;
    }
}

/// One line each: part of the place (`*` for all), the key (`*` for all, `x*` for a beginning), their value (the
/// same), the reason.
pub struct Explained(&'static str);

impl Explained {
    pub const fn new(table: &'static str) -> Self {
        Self(table)
    }

    fn reason(&self, value: &Compared) -> Option<&'static str> {
        let fits = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
            Some(start) => text.starts_with(start),
            None => pattern == text,
        };
        let lines = self.0.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| line.split('\t').collect::<Vec<&str>>()).find_map(|columns| {
            let [place, key, theirs, reason] = columns[..] else { panic!("four columns: {columns:?}") };
            let fits =
                (place == "*" || value.place.contains(place)) && fits(key, &value.key) && fits(theirs, &value.theirs);
            fits.then_some(reason)
        })
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    agreeing: usize,
    differing: usize,
}

/// All outcomes together.
pub struct Report {
    /// The name on the scoreboard.
    set: &'static str,
    explained: Explained,
    tallies: BTreeMap<String, Tally>,
    places: BTreeSet<String>,
    reasons: BTreeMap<&'static str, usize>,
    left_out: BTreeMap<String, usize>,
    open: Vec<Compared>,
}

impl Report {
    pub fn new(set: &'static str, explained: Explained) -> Self {
        Self {
            set,
            explained,
            tallies: BTreeMap::new(),
            places: BTreeSet::new(),
            reasons: BTreeMap::new(),
            left_out: BTreeMap::new(),
            open: Vec::new(),
        }
    }

    pub fn add(&mut self, outcome: Outcome) {
        for value in outcome.compared {
            let tally = self.tallies.entry(value.what.clone()).or_default();
            self.places.insert(value.place.clone());
            if value.agrees() {
                tally.agreeing += 1;
                continue;
            }
            tally.differing += 1;
            match self.explained.reason(&value) {
                Some(reason) => *self.reasons.entry(reason).or_default() += 1,
                None => self.open.push(value),
            }
        }
        for (why, count) in outcome.left_out {
            *self.left_out.entry(why).or_default() += count;
        }
    }

    pub fn print(&self) {
        eprintln!(
            "{}: {} places\n{:12} {:>9} {:>9} {:>8}",
            self.set,
            self.places.len(),
            "what",
            "compared",
            "differ",
            "share"
        );
        for (what, Tally { agreeing, differing }) in &self.tallies {
            let compared = agreeing + differing;
            let share = *agreeing as f64 * 100.0 / compared as f64;
            eprintln!("{what:12} {compared:9} {differing:9} {share:7.2}%");
        }
        eprintln!("\nexplained differences:");
        for (reason, count) in &self.reasons {
            eprintln!("{count:7} {reason}");
        }
        eprintln!("\nnot compared:");
        for (why, count) in &self.left_out {
            eprintln!("{count:7} {why}");
        }
        for Compared { place, key, theirs, ours, .. } in &self.open {
            eprintln!("UNEXPLAINED {place}\t{key}\t{theirs}\tours {ours:?}");
        }
    }

    /// Keeps the figures, and holds the share of values that agree, in hundredths, and that the rest is explained.
    pub fn check(&self, share_min: usize) {
        let (mut agreeing, mut compared) = (0, 0);
        for (what, tally) in &self.tallies {
            let of = tally.agreeing + tally.differing;
            let found = Rightness { of, right: tally.agreeing, ..Rightness::default() };
            scoreboard::record(self.set, what, found);
            agreeing += tally.agreeing;
            compared += of;
        }
        eprintln!("{}: {agreeing} of {compared} values agree", self.set);
        assert!(compared > 0 && agreeing * 100 >= compared * share_min, "{agreeing} of {compared}");
        assert!(self.open.is_empty(), "{} values differ without an explanation: {:#?}", self.open.len(), self.open);
    }
}
