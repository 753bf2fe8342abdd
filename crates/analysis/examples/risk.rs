//! What risk costs in a large hospital: `cargo run --release -p analysis --example risk -- 10000` makes up so many devices, scores,
//! ranks and explains them, percolates attack paths and plans what to do, and prints times and memory.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::path::Path as File;
use std::time::Instant;

use analysis::knowledge::{Knowledge, Notation};
use analysis::risks::action::{Action, Admitted, Effect, Measure};
use analysis::risks::explain::Explanation;
use analysis::risks::graph::{Basis, Care, Edge, Gives, Graph, Node, NodeKind};
use analysis::risks::paths::{choke_points, top_paths};
use analysis::risks::plan::{applied, plan};
use analysis::risks::{
    AttackVector, Band, Clinical, DRAWS, Draws, Exploitation, Exposure, Finding, Fleet, MatchTier, Mission,
    PERCOLATIONS, PERCOLATIONS_WHAT_IF, Path, Reach, Score, Severity, Share, Subject, Tables, blast_radius,
    distance_to_patient, percolate, what_if,
};

const SEED: u64 = 1;
/// Devices of one network.
const NETWORK: usize = 200;
/// Flows of one device to others.
const FLOWS: usize = 10;
/// Draws that actions are ranked by.
const PLAN_DRAWS: usize = 2_048;
const ENTRIES: usize = 3;

fn main() {
    let count: usize = std::env::args().nth(1).map_or(10_000, |count| count.parse().unwrap());
    let tables = tables();
    let whole = Instant::now();
    let subjects: Vec<Subject> = timed("make devices", || (0..count).map(|at| subject(at, &tables)).collect());
    let findings: usize = subjects.iter().map(|subject| subject.findings.len()).sum();
    println!("{:24} {findings} findings", "");
    let scores: Vec<Score> = timed("score", || subjects.iter().map(|subject| Score::of(subject, &tables)).collect());
    let bands = [Band::Low, Band::Medium, Band::High, Band::Critical];
    let of = |band: &Band| scores.iter().filter(|score| score.band(&tables) == *band).count();
    println!("{:24} low to critical: {:?}", "", bands.iter().map(of).collect::<Vec<_>>());
    timed("explain all", || {
        subjects.iter().map(|subject| Explanation::of(subject, &tables).causes.len()).sum::<usize>()
    });
    let draws = timed("draws", || Draws::new(&tables, SEED, DRAWS));
    let fleet = timed("intervals and ranks", || Fleet::new(&subjects, &tables, &draws));
    timed("standings", || (0..count).filter_map(|at| fleet.standing(at)).count());
    let sums = timed("sums by network", || fleet.rolled_up(|at| Some(at / NETWORK)));
    println!("{:24} {} networks", "", sums.len());
    let mut changed = subjects[count / 2].clone();
    changed.findings.clear();
    timed("what if one device", || fleet.what_if(count / 2, &changed, &tables, &draws));
    let riskiest = (0..count).max_by(|one, other| scores[*one].expected_harm.total_cmp(&scores[*other].expected_harm));
    let riskiest = &subjects[riskiest.unwrap()];
    let change = timed("what would make it low", || what_if::becomes(riskiest, &tables, Band::Medium));
    println!("{:24} {}", "", change.map_or("not with three changes".into(), |it| it.sentence(riskiest, &tables)));
    let graph = timed("graph", || graph(&subjects, &scores));
    println!("{:24} {} nodes, {} edges", "", graph.nodes().len(), graph.edges().len());
    let before = timed("percolate", || percolate(&graph, SEED, PERCOLATIONS));
    let taken: f64 = before.compromised.iter().skip(first_device(count)).sum();
    println!("{:24} {:.0} devices taken over on average, expected harm {:.1}", "", taken, before.expected_harm);
    timed("what if on attack paths", || percolate(&graph, SEED, PERCOLATIONS_WHAT_IF));
    timed("likeliest paths", || top_paths(&graph, 100));
    let pump = first_device(count) + 1;
    timed("choke points", || choke_points(&graph, |node| node == pump));
    timed("blast radius", || blast_radius(&graph, pump, SEED, PLAN_DRAWS));
    let distance = timed("distance to patient", || distance_to_patient(&graph, 1, SEED, PLAN_DRAWS));
    println!("{:24} {distance:?}", "");
    let actions = actions(&graph, count);
    let admitted: Vec<Admitted<'_>> = actions.iter().map(|action| Admitted::new(action, &graph).unwrap()).collect();
    let plan = timed("plan", || plan(&graph, &admitted, 100.0, SEED, PLAN_DRAWS));
    println!(
        "{:24} {} actions, {} steps, {:?}, {} draws",
        "",
        actions.len(),
        plan.steps.len(),
        plan.method,
        plan.draws
    );
    let chosen: Vec<&Action> = plan.steps.iter().map(|step| &actions[step.action]).collect();
    let after = timed("percolate after", || percolate(&applied(&graph, &chosen), SEED, PERCOLATIONS));
    println!("{:24} {:.1} % of the harm is left", "", 100.0 * after.expected_harm / before.expected_harm);
    println!("{:24} {:8.3} s", "all", whole.elapsed().as_secs_f64());
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let result = work();
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<u64>().ok());
    println!("{what:24} {seconds:8.3} s  peak {} MiB", peak.unwrap_or(0) / 1_024);
    result
}

fn tables() -> Tables {
    let root = File::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge");
    let text = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let names =
        ["attributes.toml", "categories.toml", "corroborations.toml", "roles.toml", "vendors.toml", "weights.toml"];
    let files: Vec<(&str, String)> = names.iter().map(|name| (*name, text(name))).collect();
    let knowledge = Knowledge::load(files.iter().map(|(name, text)| (*name, text.as_str())), Notation::Toml).unwrap();
    Tables::load(&text("risk.toml"), Notation::Toml, knowledge.categories()).unwrap()
}

/// A number below `end` that looks random.
fn chance(at: usize, what: usize, end: usize) -> usize {
    let mixed = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (what as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ mixed >> 32) % end as u64) as usize
}

fn subject(at: usize, tables: &Tables) -> Subject {
    let finding = |number: usize| Finding {
        exploitation: Some([Exploitation::None, Exploitation::None, Exploitation::PublicPoc][chance(at, number, 3)]),
        epss: Share::new(chance(at, number + 100, 100) as f64 / 5_000.0),
        attack_vector: [Some(AttackVector::Network), Some(AttackVector::Local), None][chance(at, number + 200, 3)],
        update: chance(at, number + 300, 2) == 0,
        ..Finding::new(&format!("CVE-{at}-{number}"), MatchTier::Possible, "made up")
    };
    let weaknesses = tables.weaknesses().iter().enumerate();
    let weaknesses = weaknesses.filter(|(number, _)| chance(at, number + 400, 10) == 0);
    let reach = [Reach::FlatNetwork, Reach::OpenClinical, Reach::Restricted][at / NETWORK % 3];
    Subject {
        device: at as u64,
        findings: (0..chance(at, 1, 12)).map(finding).collect(),
        weaknesses: weaknesses.filter_map(|(_, weakness)| tables.seen(&weakness.id, "made up")).collect(),
        exposure: Exposure::Paths { home: Path::new(Some(reach), "its network", "made up"), more: Vec::new() },
        controls: Vec::new(),
        incidents: Vec::new(),
        clinical: Clinical {
            severity: [Some(Severity::Serious), Some(Severity::Critical), Some(Severity::Minor), None]
                [chance(at, 2, 4)],
            sustains_life: chance(at, 3, 20) == 0,
            regulated: true,
            mission: Mission::Located(None),
            records: None,
            from: "made up".into(),
        },
    }
}

fn networks(count: usize) -> usize {
    count.div_ceil(NETWORK)
}

fn first_device(count: usize) -> usize {
    ENTRIES + networks(count)
}

/// Each device in its network, ten flows of each, every network open to its neighbours; three entries.
fn graph(subjects: &[Subject], scores: &[Score]) -> Graph {
    let (networks, first) = (networks(subjects.len()), first_device(subjects.len()));
    let node =
        |kind, begins, susceptibility, impact| Node { kind, begins, susceptibility, impact, care: Care::default() };
    let mut nodes = vec![node(NodeKind::Entry, 1.0, 1.0, 0.0); ENTRIES];
    nodes.extend(vec![node(NodeKind::Network, 0.0, 1.0, 0.0); networks]);
    nodes.extend(subjects.iter().zip(scores).map(|(subject, score)| {
        let kind = NodeKind::Device { sustains_life: subject.clinical.sustains_life };
        node(kind, 0.0, score.susceptibility * score.host, score.impact)
    }));
    let edge = |from: usize, to: usize, reach, basis| {
        let (from, to, gives) = (from as u32, to as u32, Gives::Contact);
        Edge { from, to, reach, gives, basis, required: false, alarms: false }
    };
    let mut edges: Vec<Edge> =
        (0..ENTRIES).map(|entry| edge(entry, ENTRIES + entry % networks, 0.7, Basis::Permitted)).collect();
    for network in 0..networks {
        for step in [1, 7] {
            edges.push(edge(ENTRIES + network, ENTRIES + (network + step) % networks, 0.5, Basis::Permitted));
        }
    }
    for at in 0..subjects.len() {
        let network = ENTRIES + at / NETWORK;
        edges.push(edge(first + at, network, 1.0, Basis::Permitted));
        edges.push(edge(network, first + at, [0.7, 0.45, 0.15][at / NETWORK % 3], Basis::Permitted));
        let peer = |flow: usize| first + chance(at, 600 + flow, subjects.len());
        edges.extend((0..FLOWS).map(|flow| edge(first + at, peer(flow), 0.2, Basis::Observed)));
    }
    Graph::new(nodes, edges).unwrap()
}

/// Each network segmented, and updates of some hundred devices each.
fn actions(graph: &Graph, count: usize) -> Vec<Action> {
    let first = first_device(count);
    let action = |name: String, measure, effects, person_days| Action {
        name,
        measure,
        effects,
        person_days,
        downtime_hours: 1.0,
        clinical_risk: 0.0,
        active: false,
    };
    let mut actions = Vec::new();
    for network in ENTRIES..ENTRIES + networks(count).min(50) {
        let into =
            (0..).zip(graph.edges()).filter(|(_, edge)| edge.to as usize == network || edge.from as usize == network);
        let effects = into.map(|(edge, its)| Effect::Edge { edge, reach: 0.15 * its.reach }).collect();
        actions.push(action(format!("segment network {network}"), Measure::Segment(None), effects, 3.0));
    }
    for model in 0..50 {
        let devices = (first..first + count).filter(|device| chance(*device, 900, 50) == model);
        let effects = devices.map(|node| Effect::Node { node: node as u32, susceptibility: 0.05 }).collect();
        actions.push(action(format!("update model {model}"), Measure::Configure, effects, 10.0));
    }
    actions
}
