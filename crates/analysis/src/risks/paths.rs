//! The likeliest attack paths, and the fewest edges that cut all of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::graph::{Gives, Graph, Node, NodeKind};

/// Paths that are told.
pub const PATHS_MAX: usize = 100;
/// Nodes of one path that are told.
pub const PATH_NODES_MAX: usize = 64;
/// A cut of more edges is no choke point.
pub const CUT_MAX: usize = 32;

/// One way of an attacker from where attacks begin to a device.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AttackPath {
    /// The edges, from the first to the last.
    pub edges: Vec<u32>,
    /// The device at its end.
    pub device: u32,
    /// How likely all of it works.
    pub probability: f64,
    /// The harm that it leads to: probability times impact.
    pub expected_harm: f64,
}

/// The likeliest path to each device (Dijkstra 1959, over `-ln`), those first that lead to the most harm.
pub fn top_paths(graph: &Graph, count: usize) -> Vec<AttackPath> {
    let (likely, last) = likeliest(graph, |_| true);
    let harm =
        |at: usize| likely.get(at).copied().unwrap_or(0.0) * graph.nodes().get(at).map_or(0.0, |node| node.impact);
    let mut devices: Vec<(usize, f64)> = (0..graph.nodes().len()).map(|at| (at, harm(at))).collect();
    devices.retain(|(at, harm)| *harm > 0.0 && last.get(*at).is_some_and(Option::is_some));
    devices.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    let told = devices.into_iter().take(count.min(PATHS_MAX));
    told.map(|(device, expected_harm)| AttackPath { expected_harm, ..path_to(graph, device, &likely, &last) }).collect()
}

/// The likeliest path to one device from each place where attacks begin, the likeliest first.
pub fn paths_to(graph: &Graph, device: usize) -> Vec<AttackPath> {
    let begins = |node: &Node| node.begins > 0.0;
    let beginnings = graph.nodes().iter().enumerate().filter(|(_, node)| begins(node)).take(PATHS_MAX);
    let impact = graph.nodes().get(device).map_or(0.0, |node| node.impact);
    let mut paths: Vec<AttackPath> = beginnings
        .filter_map(|(beginning, _)| {
            let (likely, last) = likeliest(graph, |node| node == beginning);
            let path = path_to(graph, device, &likely, &last);
            (!path.edges.is_empty()).then_some(AttackPath { expected_harm: impact * path.probability, ..path })
        })
        .collect();
    paths.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    paths
}

fn path_to(graph: &Graph, device: usize, likely: &[f64], last: &[Option<u32>]) -> AttackPath {
    let (mut edges, mut at) = (Vec::new(), device);
    while let Some(edge) = last.get(at).copied().flatten().filter(|_| edges.len() < PATH_NODES_MAX) {
        edges.push(edge);
        at = graph.edges().get(edge as usize).map_or(at, |edge| edge.from as usize);
    }
    edges.reverse();
    let probability = likely.get(device).copied().unwrap_or(0.0);
    AttackPath { edges, device: u32::try_from(device).unwrap_or(u32::MAX), probability, expected_harm: 0.0 }
}

/// For each node the probability of its likeliest path from a beginning that counts, and that path's last edge.
fn likeliest(graph: &Graph, counts: impl Fn(usize) -> bool) -> (Vec<f64>, Vec<Option<u32>>) {
    let begins = |(at, node): (usize, &Node)| if counts(at) { node.begins } else { 0.0 };
    let mut likely: Vec<f64> = graph.nodes().iter().enumerate().map(begins).collect();
    let mut last: Vec<Option<u32>> = vec![None; likely.len()];
    // Bits of numbers from 0 on are in the order of the numbers.
    let mut heap: BinaryHeap<(u64, Reverse<usize>)> = likely
        .iter()
        .enumerate()
        .filter(|(_, begins)| **begins > 0.0)
        .map(|(at, begins)| (begins.to_bits(), Reverse(at)))
        .collect();
    while let Some((bits, Reverse(node))) = heap.pop() {
        let probability = f64::from_bits(bits);
        if likely.get(node).is_none_or(|best| *best > probability) {
            continue;
        }
        for out in graph.leaving(node).1 {
            let Some(edge) = graph.edges().get(out.edge as usize) else { continue };
            let to = edge.to as usize;
            let falls = graph.nodes().get(to).map_or(0.0, |node| works(edge.gives, node));
            let reaches = probability * edge.reach * falls;
            if let (Some(best), Some(last)) = (likely.get_mut(to), last.get_mut(to))
                && reaches > *best
            {
                (*best, *last) = (reaches, Some(out.edge));
                heap.push((reaches.to_bits(), Reverse(to)));
            }
        }
    }
    (likely, last)
}

fn works(gives: Gives, node: &Node) -> f64 {
    match gives {
        Gives::Contact => node.susceptibility,
        Gives::Control => 1.0,
    }
}

/// The choke points: the fewest edges without which no attack that begins at an entry reaches any of the devices (a minimum cut:
/// Ford and Fulkerson 1956). `None` if it takes more than [`CUT_MAX`], or an attack begins at such a device.
pub fn choke_points(graph: &Graph, is_protected: impl Fn(usize) -> bool) -> Option<Vec<u32>> {
    let mut used = vec![false; graph.edges().len()];
    let arriving = arriving(graph);
    for _ in 0..=CUT_MAX {
        let (last, end) = unused_path(graph, &arriving, &used, &is_protected);
        let Some(mut at) = end else {
            let reached = |node: u32| last.get(node as usize).is_some_and(|last| *last != Found::Not);
            let cut =
                |(_, edge): &(u32, &super::graph::Edge)| is_way(graph, edge) && reached(edge.from) && !reached(edge.to);
            return Some((0_u32..).zip(graph.edges()).filter(cut).map(|(at, _)| at).collect());
        };
        // Each path takes its edges forth, and gives back what another took the other way.
        while let Some(Found::By(edge, forth)) = last.get(at).copied() {
            used.get_mut(edge as usize).into_iter().for_each(|used| *used = forth);
            at = graph.edges().get(edge as usize).map_or(at, |its| if forth { its.from } else { its.to } as usize);
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum Found {
    Not,
    Entry,
    By(u32, bool),
}

fn is_way(graph: &Graph, edge: &super::graph::Edge) -> bool {
    edge.reach > 0.0 && graph.nodes().get(edge.to as usize).is_some_and(|node| works(edge.gives, node) > 0.0)
}

/// The edges by where they arrive: for each node where its own begin, and the edges.
fn arriving(graph: &Graph) -> (Vec<usize>, Vec<u32>) {
    let to = |at: u32| graph.edges().get(at as usize).map_or(0, |edge| edge.to as usize);
    let mut edges: Vec<u32> = (0_u32..).take(graph.edges().len()).collect();
    edges.sort_by_key(|at| to(*at));
    ((0..=graph.nodes().len()).map(|node| edges.partition_point(|at| to(*at) < node)).collect(), edges)
}

/// A path from an entry to a protected device that uses no edge a second time, the shortest one.
fn unused_path(
    graph: &Graph,
    (begins, arriving): &(Vec<usize>, Vec<u32>),
    used: &[bool],
    is_protected: &impl Fn(usize) -> bool,
) -> (Vec<Found>, Option<usize>) {
    let is_entry = |node: &Node| node.kind == NodeKind::Entry && node.begins > 0.0;
    let mut last: Vec<Found> =
        graph.nodes().iter().map(|node| if is_entry(node) { Found::Entry } else { Found::Not }).collect();
    let mut queue: VecDeque<usize> =
        last.iter().enumerate().filter(|(_, found)| **found == Found::Entry).map(|(at, _)| at).collect();
    while let Some(node) = queue.pop_front() {
        if is_protected(node) {
            return (last, Some(node));
        }
        let forth = graph.leaving(node).1.iter().map(|out| (out.edge, true));
        let end = begins.get(node.saturating_add(1)).copied().unwrap_or(0);
        let back = arriving.get(begins.get(node).copied().unwrap_or(0)..end).unwrap_or_default();
        for (at, forth) in forth.chain(back.iter().map(|at| (*at, false))) {
            let Some(edge) = graph.edges().get(at as usize).filter(|edge| is_way(graph, edge)) else { continue };
            let to = if forth { edge.to } else { edge.from } as usize;
            let free = used.get(at as usize).is_some_and(|used| *used != forth);
            if let Some(found) = last.get_mut(to).filter(|found| free && **found == Found::Not) {
                *found = Found::By(at, forth);
                queue.push_back(to);
            }
        }
    }
    (last, None)
}
