//! A model hospital of thirteen nodes: attack paths, what to do first, and what must not be done. Its numbers are made up; what is
//! tested is the mechanism: cheap cuts in the network come first and take most away, replacing and upgrading last.

use analysis::risks::action::{Action, Admitted, Approval, DualRun, Effect, Measure, Refusal};
use analysis::risks::criticality::Person;
use analysis::risks::graph::{Basis, Care, Edge, Gives, Graph, GraphError, Node, NodeKind};
use analysis::risks::paths::{choke_points, top_paths};
use analysis::risks::plan::{Method, Plan, applied, plan};
use analysis::risks::{Reach, Score, Severity, blast_radius, distance_to_patient, percolate};

use super::{device, more, share, tables};

const SEED: u64 = 20;
const DRAWS: usize = 4_096;

pub(super) fn entry() -> Node {
    Node { kind: NodeKind::Entry, begins: 1.0, susceptibility: 1.0, impact: 0.0, care: Care::default() }
}

fn node(susceptibility: f64, impact: f64) -> Node {
    let kind = NodeKind::Device { sustains_life: false };
    Node { kind, begins: 0.0, susceptibility, impact, care: Care::default() }
}

pub(super) fn edge(from: u32, to: u32, reach: f64) -> Edge {
    Edge { from, to, reach, gives: Gives::Contact, basis: Basis::Permitted, required: false, alarms: false }
}

const INTERNET: u32 = 0;
const VENDOR: u32 = 1;
const MAIL: u32 = 2;
const OFFICE: u32 = 3;
const PRINTER: u32 = 4;
const DIRECTORY: u32 = 5;
const ARCHIVE: u32 = 6;
const WORKLIST: u32 = 7;
const CT: [u32; 2] = [8, 9];
const PUMP_SERVER: u32 = 10;
const PUMPS: [u32; 2] = [11, 12];

struct Hospital {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Hospital {
    fn new() -> Self {
        let pump = || Node {
            kind: NodeKind::Device { sustains_life: true },
            care: Care { regulated: true, ..Care::default() },
            ..node(0.35, 0.89)
        };
        let ct = || Node { care: Care { regulated: true, ..Care::default() }, ..node(0.75, 0.86) };
        let nodes = vec![
            entry(),
            entry(),
            entry(),
            node(0.5, 0.05),
            node(0.4, 0.05),
            node(0.12, 0.3),
            node(0.9, 0.81),
            node(0.3, 0.5),
            ct(),
            ct(),
            node(0.2, 0.3),
            pump(),
            pump(),
        ];
        let mut edges = vec![
            edge(INTERNET, ARCHIVE, 1.0),
            edge(MAIL, OFFICE, 0.7),
            edge(OFFICE, PRINTER, 0.7),
            edge(OFFICE, DIRECTORY, 0.7),
            edge(OFFICE, ARCHIVE, 0.15),
            edge(ARCHIVE, WORKLIST, 0.45),
            Edge { gives: Gives::Control, ..edge(DIRECTORY, PUMP_SERVER, 0.9) },
            Edge { gives: Gives::Control, ..edge(DIRECTORY, ARCHIVE, 0.9) },
        ];
        for ct in CT {
            edges.extend([
                edge(OFFICE, ct, 0.7),
                edge(PRINTER, ct, 0.45),
                edge(VENDOR, ct, 0.22),
                edge(ct, ARCHIVE, 0.45),
            ]);
            edges.push(Edge { basis: Basis::Observed, required: true, ..edge(ARCHIVE, ct, 0.45) });
        }
        for pump in PUMPS {
            edges.extend([
                edge(OFFICE, pump, 0.3),
                edge(PRINTER, pump, 0.2),
                edge(CT[0], pump, 0.25),
                edge(CT[1], pump, 0.25),
            ]);
            edges.push(Edge { required: true, ..edge(PUMP_SERVER, pump, 0.7) });
        }
        Self { nodes, edges }
    }

    fn graph(&self) -> Graph {
        Graph::new(self.nodes.clone(), self.edges.clone()).unwrap()
    }

    /// The edges from any of these to any of those, brought down to that reach.
    fn effects(&self, from: &[u32], to: &[u32], reach: f64) -> Vec<Effect> {
        let meant = |edge: &Edge| from.contains(&edge.from) && to.contains(&edge.to);
        let edges = (0..).zip(&self.edges).filter(|(_, edge)| meant(edge));
        edges.map(|(edge, _)| Effect::Edge { edge, reach }).collect()
    }

    fn actions(&self) -> Vec<Action> {
        let hardened = |nodes: &[u32], susceptibility| {
            nodes.iter().map(|node| Effect::Node { node: *node, susceptibility }).collect::<Vec<_>>()
        };
        let approved = || Measure::Patch(Approval::new("service bulletin"));
        let mut segment = self.effects(&[ARCHIVE], &CT, 0.05);
        segment.extend(self.effects(&CT, &[ARCHIVE], 0.05));
        segment.extend(self.effects(&[OFFICE, PRINTER, DIRECTORY], &CT, 0.0));
        vec![
            action("pump fleet firmware", approved(), hardened(&PUMPS, 0.10), 60.0),
            action("archive off the internet", Measure::Configure, self.effects(&[INTERNET], &[ARCHIVE], 0.0), 1.0),
            action("replace the CTs", Measure::Replace, hardened(&CT, 0.55), 40.0),
            action("block SMB from offices", Measure::Segment(None), self.effects(&[OFFICE], &CT, 0.1), 1.0),
            action("tiers in the directory", Measure::Configure, hardened(&[DIRECTORY], 0.03), 25.0),
            action("second factor for the maker", Measure::VendorAccess, self.effects(&[VENDOR], &CT, 0.10), 2.0),
            action("segment the CTs", Measure::Segment(None), segment, 3.0),
            action(
                "deny all to the pumps",
                Measure::Segment(None),
                self.effects(&[OFFICE, PRINTER, CT[0], CT[1]], &PUMPS, 0.0),
                2.0,
            ),
            action("patch the archive", Measure::Patch(None), hardened(&[ARCHIVE], 0.4), 2.0),
        ]
    }
}

pub(super) fn action(name: &str, measure: Measure, effects: Vec<Effect>, person_days: f64) -> Action {
    Action { name: name.into(), measure, effects, person_days, downtime_hours: 0.0, clinical_risk: 0.0, active: false }
}

fn planned(graph: &Graph, actions: &[Action], budget: f64) -> Plan {
    let admitted: Vec<Admitted<'_>> = actions.iter().map(|action| Admitted::new(action, graph).unwrap()).collect();
    plan(graph, &admitted, budget, SEED, DRAWS)
}

#[test]
fn cheap_cuts_come_first_and_take_most_away() {
    let hospital = Hospital::new();
    let (graph, actions) = (hospital.graph(), hospital.actions());
    let plan = planned(&graph, &actions, 1_000.0);
    for step in &plan.steps {
        let name = &actions[step.action].name;
        println!("{name:30} {:5.0} d {:5.1} %  {:.4}", step.person_days, 100.0 * step.residual, step.value);
    }
    let names: Vec<&str> = plan.steps.iter().map(|step| actions[step.action].name.as_str()).collect();
    let expected = [
        "archive off the internet",
        "block SMB from offices",
        "second factor for the maker",
        "segment the CTs",
        "deny all to the pumps",
        "patch the archive",
        "tiers in the directory",
        "replace the CTs",
        "pump fleet firmware",
    ];
    assert_eq!(names, expected);
    let days: Vec<f64> = plan.steps.iter().map(|step| step.person_days).collect();
    assert_eq!(days, [1.0, 2.0, 4.0, 7.0, 9.0, 11.0, 36.0, 76.0, 136.0]);
    let (quick, all) = (plan.steps[5].residual, plan.steps[8].residual);
    assert!(quick < 0.25, "11 days take most away: {quick}");
    assert!(quick - all < 0.08, "125 more days take little: {quick} {all}");
    assert!(plan.steps.windows(2).all(|two| two[1].expected_harm <= two[0].expected_harm));
    assert_eq!(plan.method, Method::Thorough);
}

#[test]
fn a_denied_network_does_as_much_as_a_fleet_of_upgrades_for_less() {
    let hospital = Hospital::new();
    let (graph, actions) = (hospital.graph(), hospital.actions());
    let alone = |name: &str| {
        let one: Vec<Action> = actions.iter().filter(|action| action.name == name).cloned().collect();
        planned(&graph, &one, 1_000.0).steps.remove(0)
    };
    let (firmware, denied) = (alone("pump fleet firmware"), alone("deny all to the pumps"));
    println!("firmware {:.3}, denied {:.3}", 1.0 - firmware.residual, 1.0 - denied.residual);
    assert!(denied.residual < firmware.residual + 0.03 && denied.value > 10.0 * firmware.value);
}

#[test]
fn the_best_choice_under_a_budget_is_no_worse_than_the_greedy_one() {
    let hospital = Hospital::new();
    let (graph, actions) = (hospital.graph(), hospital.actions());
    for budget in [0.0, 3.0, 5.0, 8.0, 30.0] {
        let plan = planned(&graph, &actions, budget);
        let best = plan.best.unwrap();
        let greedy = plan.steps.last().map_or(plan.expected_harm, |step| step.expected_harm);
        assert!(best.expected_harm <= greedy + 1e-12);
        let cost: f64 = best.actions.iter().map(|at| actions[*at].person_days).sum();
        assert!(cost <= budget, "{cost} {budget}");
        // No single exchange within the budget is better: every subset is.
        let mut tried = f64::INFINITY;
        for set in 0_u32..1 << actions.len() {
            let chosen: Vec<&Action> =
                (0..actions.len()).filter(|at| set >> at & 1 == 1).map(|at| &actions[at]).collect();
            if budget <= 5.0 && chosen.iter().map(|action| action.person_days).sum::<f64>() <= budget {
                tried = tried.min(percolate(&applied(&graph, &chosen), SEED, DRAWS).expected_harm);
            }
        }
        assert!(budget > 5.0 || (tried - best.expected_harm).abs() < 1e-9, "{tried} {}", best.expected_harm);
    }
}

#[test]
fn a_lower_number_never_makes_any_node_worse() {
    let hospital = Hospital::new();
    let graph = hospital.graph();
    let before = percolate(&graph, SEED, 640);
    assert_eq!(before, percolate(&graph, SEED, 640), "the same seed, the same numbers");
    for action in hospital.actions() {
        let after = percolate(&applied(&graph, &[&action]), SEED, 640);
        let worse = before.compromised.iter().zip(&after.compromised).any(|(before, after)| after > before);
        assert!(!worse && after.expected_harm < before.expected_harm, "{}", action.name);
    }
}

/// Without any graph a device and its paths are a star: the formula of the score and the percolation must say the same.
#[test]
fn a_star_gives_the_same_as_the_formula() {
    let tables = tables();
    let mut subject = device(Reach::FlatNetwork, Severity::Critical, 0.4, 125);
    subject.weaknesses = vec![tables.seen("hardcoded_credentials", "test").unwrap()];
    more(&mut subject).push(analysis::risks::Path::new(Some(Reach::VendorAccess), "the maker's access", "test"));
    let score = Score::of(&subject, &tables);
    let star = Graph::new(
        vec![entry(), entry(), Node { begins: 0.2, ..node(score.susceptibility, score.impact) }],
        vec![edge(0, 2, 0.70), edge(1, 2, 0.40)],
    );
    subject.incidents.push(analysis::risks::Incident { probability: share(0.2), from: "test".into() });
    let score = Score::of(&subject, &tables);
    let drawn = percolate(&star.unwrap(), SEED, 200_000);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.004, "{found} {expected}");
    near(drawn.contacted[2], score.exposure);
    near(drawn.compromised[2], score.likelihood);
    near(drawn.expected_harm, score.expected_harm);
}

#[test]
fn chains_loops_and_control_come_out_as_computed_by_hand() {
    // 0 → 1 → 2 ⇄ 3, and 1 controls 4, which withstands every attack.
    let nodes = vec![entry(), node(0.5, 0.0), node(0.4, 1.0), node(0.3, 1.0), node(0.0, 1.0)];
    let control = Edge { gives: Gives::Control, ..edge(1, 4, 0.8) };
    let edges = vec![edge(0, 1, 0.6), edge(1, 2, 1.0), edge(2, 3, 1.0), edge(3, 2, 1.0), control];
    let graph = Graph::new(nodes, edges).unwrap();
    let found = percolate(&graph, SEED, 200_000);
    for (node, expected) in [(0, 1.0), (1, 0.3), (2, 0.12), (3, 0.036), (4, 0.24)] {
        assert!((found.compromised[node] - expected).abs() < 0.004, "{node}: {} {expected}", found.compromised[node]);
    }
    assert!((found.controlled[4] - 0.24).abs() < 0.004 && found.contacted[4] == 0.0);
    assert!((found.expected_harm - 0.396).abs() < 0.01);
    assert!((blast_radius(&graph, 1, SEED, 200_000) - (0.4 + 0.12 + 0.8)).abs() < 0.01);
}

#[test]
fn the_likeliest_paths_and_the_fewest_cuts_are_told() {
    let hospital = Hospital::new();
    let graph = hospital.graph();
    let paths = top_paths(&graph, 5);
    assert_eq!(paths[0].device, ARCHIVE, "the archive stands on the internet");
    assert!((paths[0].probability - 0.9).abs() < 1e-9 && paths[0].edges == [0]);
    assert!(paths.windows(2).all(|two| two[0].expected_harm >= two[1].expected_harm));
    let to_pump = top_paths(&graph, 100).into_iter().find(|path| path.device == PUMPS[0]).unwrap();
    let ends = |at: &u32| (graph.edges()[*at as usize].from, graph.edges()[*at as usize].to);
    assert_eq!(ends(to_pump.edges.first().unwrap()).1 == ARCHIVE, ends(to_pump.edges.first().unwrap()).0 == INTERNET);
    assert_eq!(ends(to_pump.edges.last().unwrap()).1, PUMPS[0]);
    // Entries to pumps: through the archive, through the offices, through the maker's access to each CT.
    let cut = choke_points(&graph, |node| PUMPS.contains(&(node as u32))).unwrap();
    let mut cut: Vec<(u32, u32)> = cut.iter().map(ends).collect();
    cut.sort_unstable();
    assert_eq!(cut, [(INTERNET, ARCHIVE), (VENDOR, CT[0]), (VENDOR, CT[1]), (MAIL, OFFICE)]);
    let without = [0, 1].map(|edge| Effect::Edge { edge, reach: 0.0 }).to_vec();
    let mut without = action("cut", Measure::Segment(None), without, 1.0);
    without.effects.extend(hospital.effects(&[VENDOR], &CT, 0.0));
    let rest = applied(&graph, &[&without]);
    assert_eq!(choke_points(&rest, |node| PUMPS.contains(&(node as u32))), Some(Vec::new()));
    assert_eq!(percolate(&rest, SEED, 640).expected_harm, 0.0);
    assert_eq!(choke_points(&graph, |node| node == 0), None, "nothing cuts an entry from itself");
}

#[test]
fn distance_to_patients_grows_with_what_is_done() {
    let hospital = Hospital::new();
    let graph = hospital.graph();
    let mail = distance_to_patient(&graph, MAIL as usize, SEED, DRAWS);
    let internet = distance_to_patient(&graph, INTERNET as usize, SEED, DRAWS);
    // Mail: the office computer, then a pump. Internet: the archive, a CT, then a pump, at the least.
    assert!(mail.hops.unwrap() >= 2.0 && internet.hops.unwrap() >= 3.0, "{mail:?} {internet:?}");
    assert!(mail.hops < internet.hops);
    let denied = hospital.actions().into_iter().find(|action| action.name == "deny all to the pumps").unwrap();
    let after = applied(&graph, &[&denied]);
    let further = distance_to_patient(&after, MAIL as usize, SEED, DRAWS);
    assert!(further.reached < mail.reached && further.hops > mail.hops, "{mail:?} {further:?}");
    let none = distance_to_patient(&after, VENDOR as usize, SEED, DRAWS);
    assert!(none.reached <= distance_to_patient(&graph, VENDOR as usize, SEED, DRAWS).reached);
    // A network between two devices is no hop.
    let network = Node { kind: NodeKind::Network, ..node(1.0, 0.0) };
    let patient = Node { kind: NodeKind::Device { sustains_life: true }, ..node(1.0, 1.0) };
    let graph = Graph::new(
        vec![entry(), network.clone(), network, patient],
        vec![edge(0, 1, 1.0), edge(1, 2, 1.0), edge(2, 3, 0.5)],
    );
    let near = distance_to_patient(&graph.unwrap(), 0, SEED, 20_000);
    assert!(near.hops == Some(1.0) && (near.reached - 0.5).abs() < 0.02, "{near:?}");
}

#[test]
fn what_care_depends_on_is_never_traded() {
    let mut hospital = Hospital::new();
    let graph = hospital.graph();
    let refused = |graph: &Graph, action: &Action| Admitted::new(action, graph).unwrap_err();
    let patch = |approval| {
        action("patch", Measure::Patch(approval), vec![Effect::Node { node: PUMPS[0], susceptibility: 0.1 }], 1.0)
    };
    assert_eq!(refused(&graph, &patch(None)), Refusal::NotApproved(PUMPS[0]));
    assert!(Approval::new(" ").is_none() && Admitted::new(&patch(Approval::new("bulletin 7")), &graph).is_ok());
    let images = hospital.effects(&[ARCHIVE], &CT[..1], 0.0);
    let Effect::Edge { edge: required, .. } = images[0] else { panic!("an edge") };
    assert_eq!(refused(&graph, &action("cut", Measure::Segment(None), images, 1.0)), Refusal::RequiredFlow(required));
    let narrowed = hospital.effects(&[ARCHIVE], &CT[..1], 0.05);
    assert!(Admitted::new(&action("narrow", Measure::Segment(None), narrowed, 1.0), &graph).is_ok());
    let alarm = 1;
    hospital.edges[alarm].alarms = true;
    let cut = |measure| action("cut", measure, vec![Effect::Edge { edge: alarm as u32, reach: 0.1 }], 1.0);
    let graph = hospital.graph();
    assert_eq!(refused(&graph, &cut(Measure::Segment(None))), Refusal::AlarmPath(alarm as u32));
    let person = || Person::new("biomedical engineer").unwrap();
    assert!(DualRun::new(13, person(), 30).is_none() && DualRun::new(14, person(), 0).is_none());
    assert!(Admitted::new(&cut(Measure::Segment(DualRun::new(14, person(), 30))), &graph).is_ok());
    for pump in PUMPS {
        hospital.nodes[pump as usize].care.broadcast_domain = Some(3);
        hospital.nodes[pump as usize].care.patient_connected = true;
    }
    hospital.edges.push(edge(PUMPS[0], PUMPS[1], 0.7));
    let inside = hospital.edges.len() as u32 - 1;
    let graph = hospital.graph();
    let segment = action("split", Measure::Segment(None), vec![Effect::Edge { edge: inside, reach: 0.1 }], 1.0);
    assert_eq!(refused(&graph, &segment), Refusal::InsideBroadcastDomain(inside));
    let active = Action { active: true, ..patch(Approval::new("bulletin 7")) };
    assert_eq!(refused(&graph, &active), Refusal::PatientConnected(PUMPS[0]));
    let owner = Measure::Accept { owner: person(), expires: model::Timestamp::of_hour(0) };
    let accept = action("accept", owner, vec![Effect::Edge { edge: 0, reach: 0.0 }], 0.0);
    assert_eq!(refused(&graph, &accept), Refusal::AcceptanceChangesNothing);
    let nowhere = action("nowhere", Measure::Replace, vec![Effect::Node { node: 99, susceptibility: 0.0 }], 1.0);
    assert_eq!(refused(&graph, &nowhere), Refusal::Malformed);
    assert_eq!(refused(&graph, &Action { person_days: f64::NAN, ..cut(Measure::Replace) }), Refusal::Malformed);
    assert_eq!(Graph::new(vec![entry()], vec![edge(0, 1, 0.5)]).unwrap_err(), GraphError::Edge(0));
    assert_eq!(Graph::new(vec![node(1.5, 0.0)], vec![]).unwrap_err(), GraphError::Node(0));
}

#[test]
fn what_helps_only_together_is_found_by_the_best_choice() {
    // Two ways to a device: closing one alone helps nothing, closing both helps fully. A third action helps a little.
    let nodes = vec![entry(), node(1.0, 1.0), node(1.0, 0.02)];
    let graph = Graph::new(nodes, vec![edge(0, 1, 1.0), edge(0, 1, 1.0), edge(0, 2, 1.0)]).unwrap();
    let cut = |edge| action("cut", Measure::Segment(None), vec![Effect::Edge { edge, reach: 0.0 }], 1.0);
    let plan = planned(&graph, &[cut(0), cut(1), cut(2)], 2.0);
    assert_eq!(plan.steps.len(), 1, "the greedy order sees the small help only");
    assert_eq!(plan.best.unwrap().actions, [0, 1]);
}
