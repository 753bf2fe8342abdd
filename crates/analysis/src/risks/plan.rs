//! Which actions first: the one that takes most expected harm away for its cost, again and again, each time against what is left.
//! For few actions also the best choice under a budget.

use super::action::{Action, Admitted, Effect};
use super::bits::{Bits, LANES, WIDTH};
use super::graph::Graph;
use super::percolation::{Reached, Word, drawn, words};

/// Actions that are ranked together.
pub const ACTIONS_MAX: usize = 1_000;
/// Actions of which the best choice is looked for.
pub const EXACT_ACTIONS_MAX: usize = 15;
/// Bytes that the draws of a plan may take: where the graph is large, fewer draws are made.
const SAMPLE_BYTES_MAX: usize = 512 << 20;
/// Nodes and edges, each in 64 draws, that a ranking may look at before it trusts what it found out in the round before: seconds.
const RANKING_WORK_MAX: usize = 400_000_000;
/// Nodes and edges, each in 64 draws, that a lazy ranking is to look at: ten seconds. Where the graph is larger, fewer draws are made.
const PLAN_WORK_MAX: usize = 1_000_000_000;
/// How often a lazy ranking tries an action, on average.
const TRIALS: usize = 5;
/// Nodes and edges, each in 64 draws, that looking for the best choice may look at.
const EXACT_WORK_MAX: usize = 400_000_000;
/// What takes less of the harm away is no help but chance.
const GAIN_MIN: f64 = 1e-9;

/// Actions in their order.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Plan {
    /// Expected harm before anything is done.
    pub expected_harm: f64,
    /// What to do, the first thing first.
    pub steps: Vec<PlanStep>,
    /// The best choice under the budget; `None` if there are too many actions or too large a graph to try.
    pub best: Option<Best>,
    /// Draws that were made.
    pub draws: usize,
    /// How the order was found.
    pub method: Method,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct PlanStep {
    /// The action, by its place in what was handed in.
    pub action: usize,
    /// Person-days up to here.
    pub person_days: f64,
    /// Expected harm that this step takes away, for each person-day that it costs.
    pub value: f64,
    /// Expected harm after it.
    pub expected_harm: f64,
    /// What is left of the harm before anything was done, 0 to 1.
    pub residual: f64,
}

/// The actions that leave the least harm under the budget.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Best {
    /// The actions, by their places.
    pub actions: Vec<usize>,
    /// Expected harm after all of them.
    pub expected_harm: f64,
}

/// How an order was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every action was tried again after each step.
    Thorough,
    /// Only the most promising were: two that help only together may come late.
    Lazy,
}

/// Ranks actions under a budget of person-days, in so many draws. Actions that help nothing are left out.
pub fn plan(graph: &Graph, actions: &[Admitted<'_>], budget_days: f64, seed: u64, draws: usize) -> Plan {
    let actions = actions.get(..ACTIONS_MAX.min(actions.len())).unwrap_or_default();
    let one = things(graph).saturating_mul(LANES).saturating_mul(actions.len()).saturating_mul(TRIALS);
    let affordable = PLAN_WORK_MAX.checked_div(one).unwrap_or(usize::MAX).max(1);
    let mut trial = Trial::new(graph, seed, draws.min(affordable.saturating_mul(WIDTH)));
    let whole = trial.harm();
    let work = trial.work().saturating_mul(actions.len()).saturating_mul(actions.len()) / 2;
    let method = if work <= RANKING_WORK_MAX { Method::Thorough } else { Method::Lazy };
    let steps = greedy(&mut trial, actions, budget_days, method);
    let draws = trial.draws;
    let best = (actions.len() <= EXACT_ACTIONS_MAX)
        .then(|| {
            let chosen = steps.iter().map(|step| step.action).collect();
            let known = Best { actions: chosen, expected_harm: trial.harm() };
            Search::new(Trial::new(graph, seed, draws), actions, known).best(budget_days)
        })
        .flatten();
    Plan { expected_harm: whole, steps, best, draws, method }
}

/// The graph after the actions.
pub fn applied(graph: &Graph, actions: &[&Action]) -> Graph {
    let (mut nodes, mut edges) = (graph.nodes().to_vec(), graph.edges().to_vec());
    for effect in actions.iter().flat_map(|action| &action.effects) {
        match *effect {
            Effect::Node { node, susceptibility } => {
                let node = nodes.get_mut(node as usize);
                node.into_iter().for_each(|node| node.susceptibility = node.susceptibility.min(susceptibility));
            }
            Effect::Edge { edge, reach } => {
                let edge = edges.get_mut(edge as usize);
                edge.into_iter().for_each(|edge| edge.reach = edge.reach.min(reach));
            }
        }
    }
    // Numbers only became smaller, and what a caller of `Effect` wrote that is no number was never less.
    Graph::new(nodes, edges).unwrap_or_else(|_| graph.clone())
}

fn greedy(trial: &mut Trial<'_>, actions: &[Admitted<'_>], budget_days: f64, method: Method) -> Vec<PlanStep> {
    let whole = trial.harm();
    let (mut steps, mut spent) = (Vec::new(), 0.0);
    // What each action is worth as far as is known, and whether that is of this round.
    let mut left: Vec<(usize, f64, bool)> = (0..actions.len()).map(|at| (at, f64::INFINITY, false)).collect();
    loop {
        left.retain(|(at, ..)| actions.get(*at).is_some_and(|it| spent + it.action().person_days <= budget_days));
        left.iter_mut().for_each(|(.., fresh)| *fresh = false);
        let before = trial.harm();
        let pick = loop {
            let by_value = |one: &&mut (usize, f64, bool), other: &&mut (usize, f64, bool)| {
                one.1.total_cmp(&other.1).then(other.0.cmp(&one.0))
            };
            let stale = |entry: &&mut (usize, f64, bool)| method == Method::Thorough && !entry.2;
            let next = match left.iter_mut().find(stale) {
                None => left.iter_mut().max_by(by_value),
                stale => stale,
            };
            let Some((at, value, fresh)) = next else { break None };
            if *fresh {
                break Some((*at, *value));
            }
            let Some(action) = actions.get(*at) else { break None };
            (*value, *fresh) = ((before - trial.after(action.action())) / action.cost(), true);
        };
        let Some((at, value)) = pick.filter(|(_, value)| *value > GAIN_MIN * whole) else { return steps };
        let Some(action) = actions.get(at) else { return steps };
        trial.apply(action.action());
        left.retain(|(other, ..)| *other != at);
        spent += action.action().person_days;
        let expected_harm = trial.harm();
        let residual = expected_harm / whole;
        steps.push(PlanStep { action: at, person_days: spent, value, expected_harm, residual });
    }
}

/// Branch and bound: what all remaining actions together could not better is not looked at.
struct Search<'a> {
    trial: Trial<'a>,
    actions: &'a [Admitted<'a>],
    chosen: Vec<usize>,
    best: Best,
    evaluations_left: usize,
}

impl<'a> Search<'a> {
    fn new(trial: Trial<'a>, actions: &'a [Admitted<'a>], known: Best) -> Self {
        let evaluations_left = EXACT_WORK_MAX.checked_div(trial.work()).unwrap_or(0);
        Self { trial, actions, chosen: Vec::new(), best: known, evaluations_left }
    }

    fn best(mut self, budget_days: f64) -> Option<Best> {
        self.from(0, budget_days)?;
        self.best.actions.sort_unstable();
        Some(self.best)
    }

    /// `None` once too much was tried.
    fn from(&mut self, at: usize, budget_days: f64) -> Option<()> {
        self.evaluations_left = self.evaluations_left.checked_sub(2)?;
        let harm = self.trial.harm();
        if harm < self.best.expected_harm {
            self.best = Best { actions: self.chosen.clone(), expected_harm: harm };
        }
        let rest = self.actions.get(at..).unwrap_or_default();
        let Some(next) = rest.first() else { return Some(()) };
        let affordable = |action: &&Admitted<'_>| action.action().person_days <= budget_days;
        let mark = self.trial.undo.len();
        rest.iter().filter(affordable).for_each(|action| self.trial.apply(action.action()));
        let at_best = self.trial.harm();
        self.trial.back_to(mark);
        if at_best >= self.best.expected_harm {
            return Some(());
        }
        let following = at.saturating_add(1);
        if affordable(&next) {
            self.trial.apply(next.action());
            self.chosen.push(at);
            self.from(following, budget_days - next.action().person_days)?;
            self.chosen.pop();
            self.trial.back_to(mark);
        }
        self.from(following, budget_days)
    }
}

/// Nodes and edges.
fn things(graph: &Graph) -> usize {
    graph.nodes().len().saturating_add(graph.edges().len())
}

/// The same draws, before and after changes.
struct Trial<'a> {
    graph: &'a Graph,
    seed: u64,
    draws: usize,
    words: Vec<(Bits, Word)>,
    /// The least that effects made of a node or edge.
    node: Vec<f64>,
    edge: Vec<f64>,
    /// What is taken over in each word, and its harm, as things stand; `None` where a change made it stale.
    walked: Vec<Option<Walked>>,
    undo: Vec<Undo>,
    reached: Reached,
}

struct Walked {
    taken: Vec<Bits>,
    harm: f64,
}

/// What an effect replaced: its number, and its draws in each word.
struct Undo {
    effect: Effect,
    draws: Vec<Bits>,
}

impl<'a> Trial<'a> {
    fn new(graph: &'a Graph, seed: u64, draws: usize) -> Self {
        let size =
            graph.nodes().len().saturating_mul(3).saturating_add(graph.edges().len()).saturating_mul(size_of::<Bits>());
        let words_max = SAMPLE_BYTES_MAX.checked_div(size).unwrap_or(usize::MAX).max(1);
        let words: Vec<(Bits, Word)> =
            words(draws).take(words_max).map(|(at, mask)| (mask, drawn(graph, seed, at))).collect();
        let draws = words.iter().map(|(mask, _)| mask.count() as usize).sum();
        let node = graph.nodes().iter().map(|node| node.susceptibility).collect();
        let edge = graph.edges().iter().map(|edge| edge.reach).collect();
        let walked = words.iter().map(|_| None).collect();
        Self { graph, seed, draws, words, node, edge, walked, undo: Vec::new(), reached: Reached::default() }
    }

    /// Nodes and edges, each in 64 draws, that one reckoning looks at.
    fn work(&self) -> usize {
        things(self.graph).saturating_mul(self.words.len()).saturating_mul(LANES).max(1)
    }

    /// The expected harm as things stand.
    fn harm(&mut self) -> f64 {
        let mut sum = 0.0;
        for ((mask, word), walked) in self.words.iter().zip(&mut self.walked) {
            let walked = walked.get_or_insert_with(|| {
                self.reached.walk(self.graph, word);
                Walked { taken: self.reached.taken.clone(), harm: self.reached.harm(self.graph, *mask) }
            });
            sum += walked.harm;
        }
        sum / self.draws.max(1) as f64
    }

    /// The expected harm after an action that is not taken. Words in which it changes nothing are not walked again.
    fn after(&mut self, action: &Action) -> f64 {
        let before = self.harm();
        let mark = self.undo.len();
        let mut kept: Vec<Option<Walked>> = std::iter::repeat_with(|| None).take(self.words.len()).collect();
        for effect in &action.effects {
            self.set(*effect, &mut kept);
        }
        let mut harm = before * self.draws as f64;
        for (((mask, word), kept), walked) in self.words.iter().zip(&mut kept).zip(&mut self.walked) {
            if let Some(before) = kept.take() {
                self.reached.walk(self.graph, word);
                harm += self.reached.harm(self.graph, *mask) - before.harm;
                *walked = Some(before);
            }
        }
        self.restore(mark);
        harm / self.draws.max(1) as f64
    }

    fn apply(&mut self, action: &Action) {
        let mut dropped: Vec<Option<Walked>> = std::iter::repeat_with(|| None).take(self.words.len()).collect();
        for effect in &action.effects {
            self.set(*effect, &mut dropped);
        }
    }

    /// Makes a change. What was walked and no longer holds is moved out.
    fn set(&mut self, effect: Effect, moved: &mut [Option<Walked>]) {
        let (place, from) = match effect {
            Effect::Node { node, .. } => (node as usize, node as usize),
            Effect::Edge { edge, .. } => {
                let from = self.graph.edges().get(edge as usize).map_or(0, |edge| edge.from as usize);
                (edge as usize, from)
            }
        };
        let current = match effect {
            Effect::Node { .. } => self.node.get_mut(place),
            Effect::Edge { .. } => self.edge.get_mut(place),
        };
        let (Effect::Node { susceptibility: wanted, .. } | Effect::Edge { reach: wanted, .. }) = effect;
        let Some(current) = current.filter(|current| wanted < **current) else { return };
        let before = match effect {
            Effect::Node { node, .. } => Effect::Node { node, susceptibility: *current },
            Effect::Edge { edge, .. } => Effect::Edge { edge, reach: *current },
        };
        *current = wanted;
        let mut draws = Vec::with_capacity(self.words.len());
        for (at, ((_, word), (walked, moved))) in
            self.words.iter_mut().zip(self.walked.iter_mut().zip(moved)).enumerate()
        {
            let (bits, now): (Option<&mut Bits>, Bits) = match effect {
                Effect::Node { .. } => (word.falls.get_mut(place), Word::falling(self.seed, at, place, wanted)),
                Effect::Edge { .. } => {
                    (word.open.get_mut(self.graph.place(place)), Word::opening(self.seed, at, place, wanted))
                }
            };
            let Some(bits) = bits else { continue };
            let lost = bits.without(now);
            let mattered = |walked: &Walked| walked.taken.get(from).is_some_and(|taken| taken.and(lost).any());
            if walked.as_ref().is_some_and(mattered) {
                *moved = walked.take();
            }
            draws.push(std::mem::replace(bits, now));
        }
        self.undo.push(Undo { effect: before, draws });
    }

    /// Takes changes back, the last one first, and walks again where need be.
    fn back_to(&mut self, mark: usize) {
        self.restore(mark);
        self.walked.iter_mut().for_each(|walked| *walked = None);
    }

    fn restore(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let Some(Undo { effect, draws }) = self.undo.pop() else { return };
            let (place, number, value) = match effect {
                Effect::Node { node, susceptibility } => {
                    (node as usize, self.node.get_mut(node as usize), susceptibility)
                }
                Effect::Edge { edge, reach } => (edge as usize, self.edge.get_mut(edge as usize), reach),
            };
            number.into_iter().for_each(|number| *number = value);
            for ((_, word), before) in self.words.iter_mut().zip(draws) {
                let bits = match effect {
                    Effect::Node { .. } => word.falls.get_mut(place),
                    Effect::Edge { .. } => word.open.get_mut(self.graph.place(place)),
                };
                bits.into_iter().for_each(|bits| *bits = before);
            }
        }
    }
}
