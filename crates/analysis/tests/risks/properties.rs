//! What must hold for every device, on random ones and under random draws of the tables.

use analysis::risks::{
    AttackComplexity, AttackVector, Control, Draws, Exploitation, Exposure, Finding, HostControl, Incident, Location,
    MatchTier, Mission, Numbers, Path, PathControl, Presence, PrivilegesRequired, Reach, Scale, Score, Severity, Share,
    Stage, Subject, Tables, UserInteraction, Vex, VulnerabilityControl, WeaknessSeen,
};

use super::{device, home, more, share, tables};

/// Random devices, each of which every property is tried on.
const CASES: u32 = 100_000;
/// Sums in another order differ by this much.
const ROUNDING: f64 = 1e-12;

/// A xorshift generator (Marsaglia 2003): the same devices in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 16) % end as u64) as usize
    }

    fn share(&mut self) -> Share {
        match self.below(8) {
            0 => Share::NONE,
            1 => Share::ALL,
            _ => share((self.next() >> 11) as f64 / (1_u64 << 53) as f64),
        }
    }

    fn of<S: Scale>(&mut self) -> S {
        S::ALL[self.below(S::ALL.len())]
    }

    fn maybe<S: Scale>(&mut self) -> Option<S> {
        let place = self.below(S::ALL.len() + 1);
        S::ALL.get(place).copied()
    }

    fn control<S: Scale>(&mut self) -> Control<S> {
        let stage = if self.below(2) == 0 { Stage::Planned } else { Stage::Verified };
        Control { kind: self.of(), stage, from: NOTHING.with(std::sync::Arc::clone) }
    }

    fn controls<S: Scale>(&mut self) -> Vec<Control<S>> {
        (0..self.below(3)).map(|_| self.control()).collect()
    }

    fn finding(&mut self) -> Finding {
        let nothing = || NOTHING.with(std::sync::Arc::clone);
        Finding {
            cve: nothing(),
            exploitation: self.maybe::<Exploitation>(),
            epss: (self.below(3) > 0).then(|| self.share()),
            attack_vector: self.maybe::<AttackVector>(),
            privileges_required: self.maybe::<PrivilegesRequired>(),
            user_interaction: self.maybe::<UserInteraction>(),
            attack_complexity: self.maybe::<AttackComplexity>(),
            matched: self.of::<MatchTier>(),
            vex: self.maybe::<Vex>(),
            total_impact: None,
            automatable: None,
            update: false,
            controls: self.controls::<VulnerabilityControl>(),
            from: nothing(),
        }
    }

    fn weakness(&mut self, known: &[WeaknessSeen]) -> WeaknessSeen {
        let mut weakness = known[self.below(known.len())].clone();
        if self.below(3) == 0 {
            weakness.presence = Presence::Unknown(self.share());
        }
        weakness
    }

    fn path(&mut self) -> Path {
        let nothing = || NOTHING.with(std::sync::Arc::clone);
        let segment = (self.below(2) == 0).then(|| self.control::<Reach>());
        let (reach, controls) = (self.maybe(), self.controls::<PathControl>());
        Path { reach, segment, controls, name: nothing(), from: nothing() }
    }

    fn incident(&mut self) -> Incident {
        Incident { probability: self.share(), from: NOTHING.with(std::sync::Arc::clone) }
    }

    fn subject(&mut self, known: &[WeaknessSeen]) -> Subject {
        let mut subject = device(Reach::Isolated, Severity::Minor, 0.0, 0);
        subject.device = self.next();
        subject.findings = (0..self.below(4)).map(|_| self.finding()).collect();
        subject.weaknesses = (0..self.below(4)).map(|_| self.weakness(known)).collect();
        let more = (0..self.below(3)).map(|_| self.path()).collect();
        subject.exposure = Exposure::Paths { home: self.path(), more };
        subject.controls = self.controls::<HostControl>();
        subject.incidents = (0..self.below(2)).map(|_| self.incident()).collect();
        subject.clinical.severity = self.maybe();
        subject.clinical.mission = match self.below(2) {
            0 => Mission::Stated { spare: self.share(), workaround: self.share() },
            _ => Mission::Located(self.maybe::<Location>()),
        };
        subject.clinical.records = (self.below(2) == 0).then(|| self.next() >> self.below(64));
        subject
    }
}

thread_local! {
    static NOTHING: std::sync::Arc<str> = "".into();
}

fn known(tables: &Tables) -> Vec<WeaknessSeen> {
    tables.weaknesses().iter().map(|weakness| tables.seen(&weakness.id, "").unwrap()).collect()
}

/// Runs the property on every random device: it is given the device, how to score it, and chance.
fn hold(seed: u64, property: impl Fn(Subject, f64, &dyn Fn(&Subject) -> Score, &mut Chance)) {
    let tables = tables();
    let (known, draws) = (known(&tables), Draws::new(&tables, seed, 64));
    let mut chance = Chance(seed);
    for case in 0..CASES {
        let subject = chance.subject(&known);
        // Every second device by the tables themselves, the others by what the tables may be.
        let draw = (case % 2 == 1).then(|| chance.below(64));
        let score = |subject: &Subject| match draw {
            None => Score::of(subject, &tables),
            Some(draw) => Score::with(subject, &Numbers::drawn(&tables, &draws, draw, subject.device)),
        };
        let before = score(&subject).expected_harm;
        property(subject, before, &score, &mut chance);
    }
}

fn never_lower(before: f64, after: f64, what: &str, subject: &Subject) {
    assert!(after >= before - ROUNDING, "{what} lowers {before} to {after}: {subject:#?}");
}

fn never_higher(before: f64, after: f64, what: &str, subject: &Subject) {
    assert!(after <= before + ROUNDING, "{what} raises {before} to {after}: {subject:#?}");
}

#[test]
fn scores_are_bounded_and_more_severity_is_no_less_impact() {
    hold(1, |subject, before, score, _| {
        let parts = score(&subject);
        let shares = [parts.susceptibility, parts.exposure, parts.host, parts.incident, parts.likelihood, parts.impact];
        assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{parts:?}");
        assert!((0.0..=1.0).contains(&before) && (0.0..=100.0).contains(&parts.display()));
        let mut harmless = subject.clone();
        harmless.clinical.severity = Some(Severity::Negligible);
        let severer = subject.clinical.severity.is_none() || parts.impact >= score(&harmless).impact - ROUNDING;
        assert!(severer, "a severer device harms less: {subject:#?}");
    });
}

#[test]
fn a_vulnerability_never_lowers() {
    hold(2, |mut subject, before, score, chance| {
        let at = chance.below(subject.findings.len() + 1);
        subject.findings.insert(at, chance.finding());
        never_lower(before, score(&subject).expected_harm, "a vulnerability", &subject);
    });
}

#[test]
fn a_weakness_never_lowers() {
    let known = known(&tables());
    hold(3, |mut subject, before, score, chance| {
        subject.weaknesses.push(chance.weakness(&known));
        never_lower(before, score(&subject).expected_harm, "a weakness", &subject);
    });
}

#[test]
fn a_path_never_lowers() {
    hold(4, |mut subject, before, score, chance| {
        more(&mut subject).push(chance.path());
        never_lower(before, score(&subject).expected_harm, "a path", &subject);
    });
}

#[test]
fn a_control_never_raises() {
    hold(5, |mut subject, before, score, chance| {
        let segmented = home(&mut subject).segment.is_some();
        match chance.below(4) {
            0 if !subject.findings.is_empty() => subject.findings[0].controls.push(chance.control()),
            1 => home(&mut subject).controls.push(chance.control()),
            2 if !segmented => home(&mut subject).segment = Some(chance.control()),
            _ => subject.controls.push(chance.control()),
        }
        never_higher(before, score(&subject).expected_harm, "a control", &subject);
    });
}

#[test]
fn a_better_match_never_lowers() {
    hold(6, |mut subject, before, score, chance| {
        let Some(finding) = subject.findings.first_mut() else { return };
        let better = chance.of::<MatchTier>();
        finding.matched = finding.matched.min(better);
        never_lower(before, score(&subject).expected_harm, "a better match", &subject);
        let confirmed = score(&subject).expected_harm;
        subject.findings[0].matched = MatchTier::Exact;
        never_lower(confirmed, score(&subject).expected_harm, "a confirmed match", &subject);
    });
}

#[test]
fn not_affected_never_raises() {
    hold(7, |mut subject, before, score, chance| {
        let Some(finding) = subject.findings.first_mut() else { return };
        finding.vex = Some(if chance.below(2) == 0 { Vex::NotAffected } else { Vex::Fixed });
        never_higher(before, score(&subject).expected_harm, "VEX not_affected", &subject);
    });
}

#[test]
fn an_incident_never_lowers() {
    hold(8, |mut subject, before, score, chance| {
        subject.incidents.push(chance.incident());
        never_lower(before, score(&subject).expected_harm, "an incident", &subject);
    });
}
