//! Attack paths by percolation: in each draw every edge is open or not and every device withstands or not; what an attacker reaches
//! from the entries is taken over. Loops need no care, and dependence between paths comes out by itself.
//!
//! Many draws are one word, a draw a bit. Whether something happens in a draw is a comparison of its probability with a number that
//! depends on the seed, on the thing and on the draw alone (common random numbers): a lower probability opens a subset of the
//! draws, so that a change for the better never makes any draw worse, and differences are not blurred by chance.

use super::bits::{Bits, WIDTH};
use super::draws::mixed;
use super::graph::{Gives, Graph, NodeKind};

/// Draws of a full reckoning.
pub const PERCOLATIONS: usize = 30_000;
/// Draws that answer a person who asks what a change would do: well under 200 ms for ten thousand devices.
pub const PERCOLATIONS_WHAT_IF: usize = 512;
/// Draws that one reckoning may have.
pub const PERCOLATIONS_MAX: usize = 1_000_000;
/// Rounds of a walk from an entry to a patient.
const HOPS_MAX: u32 = 64;

/// What an attacker takes over.
#[derive(Clone, Debug, PartialEq)]
pub struct Percolation {
    /// How many draws there were.
    pub draws: usize,
    /// For each node how likely it is taken over.
    pub compromised: Vec<f64>,
    /// For each node how likely an attacker is in contact with it.
    pub contacted: Vec<f64>,
    /// For each node how likely a station that controls it is taken over, and uses it.
    pub controlled: Vec<f64>,
    /// The sum of impact times how likely, over all devices.
    pub expected_harm: f64,
}

/// How far an entry is from patients.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Distance {
    /// In how many draws an attacker who begins there takes over any device that sustains life.
    pub reached: f64,
    /// Devices that are taken over on the way, that one included, on average where it is reached; `None` if it never is.
    pub hops: Option<f64>,
}

/// What happens in the draws of a word.
#[derive(Clone, Debug)]
pub(super) struct Word {
    begins: Vec<Bits>,
    pub(super) falls: Vec<Bits>,
    /// In the graph's order of edges.
    pub(super) open: Vec<Bits>,
}

/// What was reached in the draws of a word.
#[derive(Debug, Default)]
pub(super) struct Reached {
    pub(super) taken: Vec<Bits>,
    contacted: Vec<Bits>,
    controlled: Vec<Bits>,
    news: Vec<Bits>,
    queue: Vec<u32>,
    next: Vec<u32>,
}

/// Where the numbers of nodes, edges and beginnings come from: three streams that share nothing.
#[derive(Clone, Copy)]
enum Stream {
    Begins = 1,
    Falls = 2,
    Opens = 3,
}

impl Word {
    fn new(graph: &Graph, seed: u64, word: usize) -> Self {
        let draw = |stream: Stream, at: usize, probability: f64| Bits::below(probability, key(seed, word, stream, at));
        let nodes = || graph.nodes().iter().enumerate();
        Self {
            begins: nodes().map(|(at, node)| draw(Stream::Begins, at, node.begins)).collect(),
            falls: nodes().map(|(at, node)| draw(Stream::Falls, at, node.susceptibility)).collect(),
            open: graph
                .in_order()
                .iter()
                .map(|out| out.edge as usize)
                .map(|at| draw(Stream::Opens, at, graph.edges().get(at).map_or(0.0, |edge| edge.reach)))
                .collect(),
        }
    }

    /// The draws in which a node of that susceptibility falls.
    pub(super) fn falling(seed: u64, word: usize, node: usize, susceptibility: f64) -> Bits {
        Bits::below(susceptibility, key(seed, word, Stream::Falls, node))
    }

    /// The draws in which an edge of that reach is open.
    pub(super) fn opening(seed: u64, word: usize, edge: usize, reach: f64) -> Bits {
        Bits::below(reach, key(seed, word, Stream::Opens, edge))
    }
}

impl Reached {
    /// Walks from where attacks begin.
    pub(super) fn walk(&mut self, graph: &Graph, word: &Word) {
        self.clear(graph);
        for (node, begins) in word.begins.iter().enumerate().filter(|(_, begins)| begins.any()) {
            self.take(node, *begins);
        }
        while !self.next.is_empty() {
            std::mem::swap(&mut self.queue, &mut self.next);
            self.round(graph, word);
        }
    }

    fn clear(&mut self, graph: &Graph) {
        for list in [&mut self.taken, &mut self.contacted, &mut self.controlled, &mut self.news] {
            list.clear();
            list.resize(graph.nodes().len(), Bits::NONE);
        }
        self.queue.clear();
        self.next.clear();
    }

    fn take(&mut self, node: usize, draws: Bits) {
        let (Some(taken), Some(news)) = (self.taken.get_mut(node), self.news.get_mut(node)) else { return };
        let gained = draws.without(*taken);
        if gained.any() {
            *taken = taken.or(gained);
            if !news.any() {
                self.next.push(u32::try_from(node).unwrap_or(u32::MAX));
            }
            *news = news.or(gained);
        }
    }

    /// Everything that those in the queue reach directly; who is reached waits for the next round.
    fn round(&mut self, graph: &Graph, word: &Word) {
        let queue = std::mem::take(&mut self.queue);
        for node in &queue {
            let node = *node as usize;
            let draws = self.news.get_mut(node).map_or(Bits::NONE, |news| std::mem::replace(news, Bits::NONE));
            let (begin, leaving) = graph.leaving(node);
            for (out, open) in leaving.iter().zip(word.open.get(begin..).unwrap_or_default()) {
                let (to, through) = (out.to as usize, draws.and(*open));
                if !through.any() {
                    continue;
                }
                let (touched, falls) = match out.gives {
                    Gives::Control => (&mut self.controlled, Bits::ALL),
                    Gives::Contact => (&mut self.contacted, word.falls.get(to).copied().unwrap_or(Bits::NONE)),
                };
                touched.get_mut(to).into_iter().for_each(|draws| *draws = draws.or(through));
                self.take(to, through.and(falls));
            }
        }
        self.queue = queue;
        self.queue.clear();
    }

    /// The harm of the draws in the mask.
    pub(super) fn harm(&self, graph: &Graph, mask: Bits) -> f64 {
        let harm = |(taken, node): (&Bits, &super::graph::Node)| node.impact * f64::from(taken.and(mask).count());
        self.taken.iter().zip(graph.nodes()).map(harm).sum()
    }
}

/// The draws of a reckoning: words, and which of their draws count.
pub(super) fn words(draws: usize) -> impl Iterator<Item = (usize, Bits)> {
    let draws = draws.clamp(1, PERCOLATIONS_MAX);
    let mask = move |word: usize| Bits::first(draws.saturating_sub(word.saturating_mul(WIDTH)));
    (0..draws.div_ceil(WIDTH)).map(move |word| (word, mask(word)))
}

/// One word of draws of the graph as it is.
pub(super) fn drawn(graph: &Graph, seed: u64, word: usize) -> Word {
    Word::new(graph, seed, word)
}

/// Reckons what an attacker takes over, in so many draws: at least one, at most [`PERCOLATIONS_MAX`].
pub fn percolate(graph: &Graph, seed: u64, draws: usize) -> Percolation {
    percolate_through(graph, draws, |word| drawn(graph, seed, word))
}

/// Reckons what an attacker takes over who has one node, and begins nowhere else.
pub fn percolate_from(graph: &Graph, node: usize, seed: u64, draws: usize) -> Percolation {
    percolate_through(graph, draws, |word| beginning_at(graph, node, seed, word))
}

fn percolate_through(graph: &Graph, draws: usize, word: impl Fn(usize) -> Word) -> Percolation {
    let nodes = graph.nodes().len();
    let (mut taken, mut contacted, mut controlled) = (vec![0_u64; nodes], vec![0_u64; nodes], vec![0_u64; nodes]);
    let (mut reached, mut harm, mut count) = (Reached::default(), 0.0, 0_u64);
    for (at, mask) in words(draws) {
        reached.walk(graph, &word(at));
        harm += reached.harm(graph, mask);
        count = count.saturating_add(u64::from(mask.count()));
        for (sums, bits) in
            [(&mut taken, &reached.taken), (&mut contacted, &reached.contacted), (&mut controlled, &reached.controlled)]
        {
            for (sum, bits) in sums.iter_mut().zip(bits) {
                *sum = sum.saturating_add(u64::from(bits.and(mask).count()));
            }
        }
    }
    let shares = |sums: Vec<u64>| sums.into_iter().map(|sum| sum as f64 / count as f64).collect();
    Percolation {
        draws: count as usize,
        compromised: shares(taken),
        contacted: shares(contacted),
        controlled: shares(controlled),
        expected_harm: harm / count as f64,
    }
}

/// The blast radius of a node: the expected harm to all others if it is taken over, and nothing else is.
pub fn blast_radius(graph: &Graph, node: usize, seed: u64, draws: usize) -> f64 {
    let own = graph.nodes().get(node).map_or(0.0, |node| node.impact);
    (percolate_from(graph, node, seed, draws).expected_harm - own).max(0.0)
}

fn beginning_at(graph: &Graph, node: usize, seed: u64, at: usize) -> Word {
    let mut word = drawn(graph, seed, at);
    word.begins.iter_mut().for_each(|begins| *begins = Bits::NONE);
    word.begins.get_mut(node).into_iter().for_each(|begins| *begins = Bits::ALL);
    word
}

/// How far patients are from a node: from an entry to any device that sustains life.
pub fn distance_to_patient(graph: &Graph, entry: usize, seed: u64, draws: usize) -> Distance {
    let (mut reached, mut hops, mut hits, mut count) = (Reached::default(), 0_u64, 0_u64, 0_u64);
    for (at, mask) in words(draws) {
        let word = beginning_at(graph, entry, seed, at);
        reached.clear(graph);
        reached.take(entry, Bits::ALL);
        let (mut arrived, mut hop) = (Bits::NONE, 0_u32);
        while !reached.next.is_empty() && hop <= HOPS_MAX {
            let now = reached.arrived(graph).and(mask).without(arrived);
            arrived = arrived.or(now);
            hits = hits.saturating_add(u64::from(now.count()));
            hops = hops.saturating_add(u64::from(now.count()).saturating_mul(u64::from(hop)));
            reached.hop(graph, &word);
            hop = hop.saturating_add(1);
        }
        count = count.saturating_add(u64::from(mask.count()));
    }
    Distance { reached: hits as f64 / count as f64, hops: (hits > 0).then(|| hops as f64 / hits as f64) }
}

impl Reached {
    /// The draws in which a device that sustains life is among those just taken.
    fn arrived(&self, graph: &Graph) -> Bits {
        let sustains = |node: &u32| {
            let kind = graph.nodes().get(*node as usize).map(|node| node.kind);
            kind == Some(NodeKind::Device { sustains_life: true })
        };
        let newly = |node: &u32| self.news.get(*node as usize).copied().unwrap_or(Bits::NONE);
        self.next.iter().filter(|node| sustains(node)).map(newly).fold(Bits::NONE, Bits::or)
    }

    /// One device further: networks on the way are no hop.
    fn hop(&mut self, graph: &Graph, word: &Word) {
        let mut devices = Vec::new();
        while !self.next.is_empty() {
            std::mem::swap(&mut self.queue, &mut self.next);
            self.round(graph, word);
            let is_network =
                |node: &u32| graph.nodes().get(*node as usize).is_some_and(|node| node.kind == NodeKind::Network);
            let (networks, others): (Vec<u32>, Vec<u32>) = self.next.iter().partition(|node| is_network(node));
            devices.extend(others);
            self.next = networks;
        }
        devices.sort_unstable();
        devices.dedup();
        self.next = devices;
    }
}

/// The key of a thing in the draws of a word.
fn key(seed: u64, word: usize, stream: Stream, at: usize) -> u64 {
    let thing = (at as u64) << 2 | stream as u64;
    mixed(mixed(seed ^ mixed(word as u64)) ^ thing.rotate_left(20))
}
