//! The hospital as an attacker sees it: where attacks begin, networks, devices, and who reaches whom – because flows were seen or
//! because the policy lets them through.

/// Nodes that a graph may have.
pub const NODES_MAX: usize = 1_000_000;
/// Edges that a graph may have.
pub const EDGES_MAX: usize = 8_000_000;

/// A point of the graph.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// How likely an attack begins here: 1 for an entry, for a device what its detections say.
    pub begins: f64,
    /// S·host: how likely an attack succeeds that reaches it. 1 for entries and networks.
    pub susceptibility: f64,
    /// I: the harm if it is taken over. 0 for entries and networks.
    pub impact: f64,
    /// What forbids actions on it.
    pub care: Care,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The internet, an office computer that opens a mail, the maker's access, the guests' network, a memory stick.
    Entry,
    /// A network: whoever is in it may speak to whoever is in it. It makes edges few where many reach many.
    Network,
    /// A device.
    Device {
        /// Whether it sustains life: the distance to patients is the distance to these.
        sustains_life: bool,
    },
}

impl NodeKind {
    /// Whether it is a device.
    pub const fn is_device(self) -> bool {
        matches!(self, Self::Device { .. })
    }
}

/// What forbids actions on a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Care {
    /// A medical device: only updates that its maker approved.
    pub regulated: bool,
    /// A patient is connected: nothing active is done to it.
    pub patient_connected: bool,
    /// The broadcast domain that its system needs in one piece (a monitoring network).
    pub broadcast_domain: Option<u32>,
}

/// Who reaches whom.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The node that an attacker has.
    pub from: u32,
    /// The node that is reached.
    pub to: u32,
    /// How likely an attacker who has the one reaches the other on it within a year.
    pub reach: f64,
    /// What it gives.
    pub gives: Gives,
    /// How it is known.
    pub basis: Basis,
    /// The maker's disclosure says that the device needs this flow: no action may block it.
    pub required: bool,
    /// Alarms go over it.
    pub alarms: bool,
}

/// What an edge gives to who uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Contact: an attack on the device may succeed.
    Contact,
    /// The device itself: a station controls it (pump server, directory), or its password opens it.
    Control,
}

/// How an edge is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Flows were seen.
    Observed,
    /// Nobody was seen using it, but the policy lets it through.
    Permitted,
}

/// Why nodes and edges are no graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// More than can be reckoned with.
    #[error("a graph of attack paths has at most {NODES_MAX} nodes and {EDGES_MAX} edges; join devices that are alike")]
    TooLarge,
    /// A probability or impact is no number from 0 to 1.
    #[error("node {0} holds a number that is not from 0 to 1")]
    Node(usize),
    /// A probability is no number from 0 to 1, or an end is no node.
    #[error("edge {0} leads to no node, or its reach is not from 0 to 1")]
    Edge(usize),
}

/// Nodes and edges, checked.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// For each node where its edges begin in `out`; one more at the end.
    begins: Vec<usize>,
    out: Vec<Out>,
    /// For each edge its place in `out`.
    places: Vec<u32>,
}

/// An edge as its node sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Out {
    pub(super) edge: u32,
    pub(super) to: u32,
    pub(super) gives: Gives,
}

impl Graph {
    /// Checks nodes and edges.
    pub fn new(nodes: Vec<Node>, edges: Vec<Edge>) -> Result<Self, GraphError> {
        if nodes.len() > NODES_MAX || edges.len() > EDGES_MAX {
            return Err(GraphError::TooLarge);
        }
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let wrong = |node: &Node| ![node.begins, node.susceptibility, node.impact].into_iter().all(share);
        if let Some(at) = nodes.iter().position(wrong) {
            return Err(GraphError::Node(at));
        }
        let is_node = |at: u32| (at as usize) < nodes.len();
        let wrong = |edge: &Edge| !(is_node(edge.from) && is_node(edge.to) && share(edge.reach));
        if let Some(at) = edges.iter().position(wrong) {
            return Err(GraphError::Edge(at));
        }
        let mut order: Vec<u32> = (0_u32..).take(edges.len()).collect();
        let from = |edge: u32| edges.get(edge as usize).map_or(0, |edge| edge.from as usize);
        order.sort_by_key(|edge| from(*edge));
        let begins = (0..=nodes.len()).map(|node| order.partition_point(|edge| from(*edge) < node)).collect();
        let mut places = vec![0; edges.len()];
        for (place, edge) in (0_u32..).zip(&order) {
            places.get_mut(*edge as usize).into_iter().for_each(|its| *its = place);
        }
        let seen = |edge: &u32| edges.get(*edge as usize).map(|its| Out { edge: *edge, to: its.to, gives: its.gives });
        let out = order.iter().filter_map(seen).collect();
        Ok(Self { nodes, edges, begins, out, places })
    }

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges that leave a node, and the place of the first among all.
    pub(super) fn leaving(&self, node: usize) -> (usize, &[Out]) {
        let begin = self.begins.get(node).copied().unwrap_or(0);
        let end = self.begins.get(node.saturating_add(1)).copied().unwrap_or(0);
        (begin, self.out.get(begin..end).unwrap_or_default())
    }

    /// All edges in the order of the nodes that they leave.
    pub(super) fn in_order(&self) -> &[Out] {
        &self.out
    }

    /// The place of an edge in that order.
    pub(super) fn place(&self, edge: usize) -> usize {
        self.places.get(edge).map_or(usize::MAX, |place| *place as usize)
    }
}
