//! Intervals, ranks and sums: the same for the same seed, wider where less is known.

use analysis::risks::{Draws, Fleet, Interval, Mission, Reach, Score, Severity, Subject, interval};

use super::{device, finding, home, knowledge, tables};

const SEED: u64 = 7;

fn ward(count: u64) -> Vec<Subject> {
    let tables = tables();
    let names = ["smb_version_1", "default_credentials", "cleartext_medical"];
    let subject = |number: u64| {
        let mut subject = device(Reach::OpenClinical, Severity::Critical, 0.5, 100);
        subject.device = number;
        subject.weaknesses.push(tables.seen(names[number as usize % 3], "test").unwrap());
        subject
    };
    (0..count).map(subject).collect()
}

fn width(interval: Interval) -> f64 {
    interval.high - interval.low
}

#[test]
fn the_same_seed_gives_the_same_intervals() {
    let (tables, ward) = (tables(), ward(30));
    let fleet = |seed| Fleet::new(&ward, &tables, &Draws::new(&tables, seed, 200));
    let standings = |fleet: &Fleet| (0..30).map(|at| fleet.standing(at).unwrap()).collect::<Vec<_>>();
    assert_eq!(standings(&fleet(SEED)), standings(&fleet(SEED)));
    assert_ne!(standings(&fleet(SEED)), standings(&fleet(SEED + 1)));
    for (subject, standing) in ward.iter().zip(standings(&fleet(SEED))) {
        let score = Score::of(subject, &tables).display();
        assert!(standing.score.low < score && score < standing.score.high, "{score} {standing:?}");
        assert!(standing.score.low <= standing.score.median && standing.score.median <= standing.score.high);
        assert!((1.0..=30.0).contains(&standing.rank.low) && standing.rank.low <= standing.rank.high);
    }
    assert_eq!(fleet(SEED).standing(30), None);
}

#[test]
fn default_passwords_rank_before_readable_data_in_every_draw_of_ten() {
    let (tables, ward) = (tables(), ward(30));
    let fleet = Fleet::new(&ward, &tables, &Draws::new(&tables, SEED, 200));
    let rank = |at| fleet.standing(at).unwrap().rank;
    assert!(rank(1).high < rank(2).low, "{:?} {:?}", rank(1), rank(2));
    assert_eq!(rank(1), rank(4), "devices that are alike share their rank");
}

#[test]
fn what_is_missing_widens_and_never_zeroes() {
    let (tables, knowledge) = (tables(), knowledge());
    let draws = Draws::new(&tables, SEED, 400);
    let width = |subject: &Subject| width(interval(subject, &tables, &draws));
    let mut known = device(Reach::OpenClinical, Severity::Serious, 0.6, 1_000);
    known.weaknesses.push(tables.seen("unauthenticated_protocol", "test").unwrap());
    let changed = |change: &dyn Fn(&mut Subject)| {
        let mut subject = known.clone();
        change(&mut subject);
        assert!(Score::of(&subject, &tables).display() > 1.0, "unknown is not zero");
        subject
    };
    let unknown_reach = changed(&|subject| home(subject).reach = None);
    assert!(width(&unknown_reach) > width(&known));
    let minor = changed(&|subject| subject.clinical.severity = Some(Severity::Minor));
    let unknown_severity = changed(&|subject| subject.clinical.severity = None);
    assert!(width(&unknown_severity) > width(&minor), "its expected severity is about minor");
    let unknown_mission = changed(&|subject| subject.clinical.mission = Mission::Located(None));
    assert!(width(&unknown_mission) > width(&known));
    let unseen = tables.unseen("end_of_life_system", Some("ct_scanner"), knowledge.categories()).unwrap();
    let unknown_system = changed(&|subject| subject.weaknesses.push(unseen.clone()));
    assert!(width(&unknown_system) > width(&known));
    assert!(Score::of(&unknown_system, &tables).display() > Score::of(&known, &tables).display());
    let printer = tables.unseen("end_of_life_system", Some("printer"), knowledge.categories()).unwrap();
    assert!(printer.presence != unseen.presence, "the prior is that of the category");
    assert!(tables.unseen("smb_version_1", None, knowledge.categories()).is_none());
    let mut seen = known.clone();
    seen.weaknesses.push(tables.seen("end_of_life_system", "test").unwrap());
    assert!(Score::of(&seen, &tables).display() > Score::of(&unknown_system, &tables).display());
    let (mut with, mut without) = (known.clone(), known.clone());
    with.findings = vec![finding("CVE-2020-1"); 3];
    without.findings = with.findings.clone();
    without
        .findings
        .iter_mut()
        .for_each(|finding| (finding.epss, finding.exploitation, finding.attack_vector) = (None, None, None));
    assert!(width(&without) > width(&with));
}

#[test]
fn sums_have_intervals_of_their_own() {
    let (tables, ward) = (tables(), ward(30));
    let fleet = Fleet::new(&ward, &tables, &Draws::new(&tables, SEED, 200));
    let sums = fleet.rolled_up(|at| (at < 20).then_some(if at < 10 { "north" } else { "south" }));
    assert_eq!(sums.keys().copied().collect::<Vec<_>>(), ["north", "south"]);
    let north: f64 = ward.iter().take(10).map(|subject| Score::of(subject, &tables).expected_harm).sum();
    let sum = sums["north"].expected_harm;
    assert!(sums["north"].devices == 10 && sum.low < north && north < sum.high, "{north} {sum:?}");
    let all = fleet.rolled_up(|_| Some(()));
    assert_eq!(all[&()].devices, 30);
}

#[test]
fn what_if_ranks_a_change_among_the_others() {
    let (tables, ward) = (tables(), ward(30));
    let draws = Draws::new(&tables, SEED, 200);
    let fleet = Fleet::new(&ward, &tables, &draws);
    let same = fleet.what_if(4, &ward[4], &tables, &draws).unwrap();
    assert_eq!(Some(same), fleet.standing(4));
    let mut mended = ward[4].clone();
    mended.weaknesses.clear();
    let mended = fleet.what_if(4, &mended, &tables, &draws).unwrap();
    assert_eq!((mended.score.high, mended.rank.low), (0.0, 30.0));
}
