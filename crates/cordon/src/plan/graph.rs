//! The graph of attack paths of an inventory: entries, networks, devices, and who reaches whom on them.
//!
//! What nobody said about firewalls is taken as open: whoever is in a network reaches all in it, and networks between which anybody was
//! answered reach each other. A plan narrows that; it never assumes that it is narrow already.

use std::collections::{BTreeMap, BTreeSet};

use analysis::risks::graph::{Basis, Care, Edge, Gives, Graph, GraphError, Node, NodeKind};
use analysis::risks::{Exposure, Numbers, Reach, Score, Tables};

use crate::risk::{Assessed, Inventory, network};

/// Applications over which alarms of patients go.
const ALARMS: [&str; 4] = ["hl7", "intellivue", "carescape", "wsd"];

/// The node of the internet.
pub const INTERNET: u32 = 0;
/// The node of an office computer on which somebody opens a mail.
pub const OFFICE: u32 = 1;
/// The node of the first network.
pub const FIRST_NETWORK: u32 = 2;

/// The graph, and where its parts lie.
pub struct Built {
    /// The graph.
    pub graph: Graph,
    /// Networks, in the order of their nodes, which follow the entries.
    pub networks: Vec<String>,
    /// The node of the first device; the others follow in their order.
    pub first_device: u32,
    /// Edges from a network to a device in it, by network.
    pub into: BTreeMap<String, Vec<(u32, usize)>>,
    /// Edges from the internet to devices, by device: who was spoken to, and who speaks to it.
    pub from_internet: BTreeMap<usize, u32>,
    /// The same for devices that speak to the internet.
    pub to_internet: BTreeMap<usize, u32>,
}

/// Builds the graph. `is_office` says of a device whether people read mail on it.
pub fn build(
    inventory: &Inventory,
    assessed: &[Assessed],
    tables: &Tables,
    is_office: impl Fn(usize) -> bool,
) -> Result<Built, GraphError> {
    let numbers = Numbers::expected(tables);
    let reach = |reach: Reach| numbers.of(reach);
    let entry = || Node { kind: NodeKind::Entry, begins: 1.0, susceptibility: 1.0, impact: 0.0, care: Care::default() };
    let mut nodes = vec![entry(), entry()];
    let networks: BTreeSet<String> =
        inventory.devices.iter().flat_map(|device| device.addresses.iter().map(network)).collect();
    let places: BTreeMap<&String, u32> = networks.iter().zip(FIRST_NETWORK..).collect();
    let within = || Node { kind: NodeKind::Network, ..entry() };
    nodes.extend(networks.iter().map(|_| Node { begins: 0.0, ..within() }));
    let first_device = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    for one in assessed {
        let score = Score::of(&one.subject, tables);
        let clinical = &one.subject.clinical;
        nodes.push(Node {
            kind: NodeKind::Device { sustains_life: clinical.sustains_life },
            begins: 0.0,
            susceptibility: (score.susceptibility * score.host).clamp(0.0, 1.0),
            impact: score.impact.clamp(0.0, 1.0),
            care: Care { regulated: clinical.regulated, ..Care::default() },
        });
    }
    let node = |device: usize| first_device.saturating_add(u32::try_from(device).unwrap_or(u32::MAX));
    let plain =
        |from, to, reach, basis| Edge { from, to, reach, gives: Gives::Contact, basis, required: false, alarms: false };
    let mut edges = Vec::new();
    let mut into: BTreeMap<String, Vec<(u32, usize)>> = BTreeMap::new();
    let (mut from_internet, mut to_internet) = (BTreeMap::new(), BTreeMap::new());
    let mut offices = BTreeSet::new();
    let next = |edges: &Vec<Edge>| u32::try_from(edges.len()).unwrap_or(u32::MAX);
    for (place, (device, one)) in inventory.devices.iter().zip(assessed).enumerate() {
        let home = match &one.subject.exposure {
            Exposure::Paths { home, .. } => home.reach,
            Exposure::Graph { .. } => None,
        };
        let own: BTreeSet<String> = device.addresses.iter().map(network).collect();
        for name in &own {
            let Some(at) = places.get(name) else { continue };
            edges.push(plain(node(place), *at, 1.0, Basis::Permitted));
            into.entry(name.clone()).or_default().push((next(&edges), place));
            edges.push(plain(
                *at,
                node(place),
                home.map_or_else(|| numbers.known::<Reach>(None), reach),
                Basis::Permitted,
            ));
            if is_office(place) && offices.insert(*at) {
                edges.push(plain(OFFICE, *at, reach(Reach::FlatNetwork), Basis::Permitted));
            }
        }
        if device.inwards.is_some() {
            from_internet.insert(place, next(&edges));
            edges.push(plain(INTERNET, node(place), reach(Reach::Internet), Basis::Observed));
        }
        if device.outwards.is_some() {
            to_internet.insert(place, next(&edges));
            edges.push(plain(INTERNET, node(place), reach(Reach::InternetOutbound), Basis::Observed));
        }
    }
    let mut joined = BTreeSet::new();
    for ((from, to), application) in &inventory.links {
        let home =
            |device: usize| inventory.devices.get(device).and_then(|device| device.addresses.first()).map(network);
        let alarms = ALARMS.contains(&application.as_str());
        let edge = plain(node(*from), node(*to), reach(Reach::Restricted), Basis::Observed);
        edges.push(Edge { required: alarms || application == "dicom", alarms, ..edge });
        if let (Some(one), Some(other)) = (home(*from), home(*to))
            && one != other
            && joined.insert((one.clone(), other.clone()))
            && let (Some(one), Some(other)) = (places.get(&one), places.get(&other))
        {
            edges.push(plain(*one, *other, reach(Reach::FlatNetwork), Basis::Permitted));
        }
    }
    let graph = Graph::new(nodes, edges)?;
    let networks = networks.iter().cloned().collect();
    Ok(Built { graph, networks, first_device, into, from_internet, to_internet })
}
