//! How an attacker comes to a device: from where attacks begin, hop by hop.

use analysis::risks::graph::{Basis, Edge, NodeKind};
use analysis::risks::paths::AttackPath;
use serde::Serialize;

use super::Picture;
use crate::plan::{FIRST_NETWORK, Groundwork, INTERNET, OFFICE};
use crate::serve::app::App;

/// One hop of an attack.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Hop {
    /// `entry`, `network` or `device`.
    #[schema(value_type = String)]
    pub node: &'static str,
    /// What it is called.
    pub name: String,
    /// The device, if it is one.
    pub device: Option<String>,
    /// Its kind, by identifier.
    pub category: Option<String>,
    /// Its band.
    #[schema(value_type = Option<String>)]
    pub band: Option<analysis::risks::Band>,
    /// How it is reached from the hop before, in words.
    pub by: String,
    /// How likely that works; 1 for where it begins.
    pub probability: f64,
    /// `observed` where flows were seen, `permitted` where nobody said that it is closed; nothing for where it begins.
    #[schema(value_type = Option<String>)]
    pub basis: Option<&'static str>,
}

/// One way from where attacks begin to the device.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Way {
    /// How likely all of it works, if somebody begins there.
    pub probability: f64,
    /// Hop by hop.
    pub hops: Vec<Hop>,
}

/// How an attacker comes to a device, and how far from it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AttackPaths {
    /// In which share of the draws it is taken over.
    pub taken_over: Option<f64>,
    /// The likeliest way from each entry, the likeliest first.
    pub paths: Vec<Way>,
    /// Other devices that are to be expected to be taken over from it.
    pub reaches: f64,
    /// Medical ones among them.
    pub reaches_medical: f64,
}

impl Picture {
    /// The ways to a device; `None` if it was not reckoned.
    pub fn ways(&self, id: &str, app: &App) -> Option<Result<AttackPaths, String>> {
        let place = self.reckoning.place(id)?;
        Some(self.groundwork(app).map_err(str::to_owned).map(|groundwork| {
            let (reaches, reaches_medical) = groundwork.spread(place);
            AttackPaths {
                taken_over: groundwork.taken_over(place),
                paths: groundwork.paths_to(place).iter().map(|path| self.way(groundwork, path)).collect(),
                reaches,
                reaches_medical,
            }
        }))
    }

    fn way(&self, groundwork: &Groundwork, path: &AttackPath) -> Way {
        let edges = || path.edges.iter().filter_map(|edge| groundwork.built.graph.edges().get(*edge as usize));
        let first = edges().next().map(|edge| self.hop(groundwork, edge.from, None));
        let others = edges().map(|edge| self.hop(groundwork, edge.to, Some(edge)));
        Way { probability: path.probability, hops: first.into_iter().chain(others).collect() }
    }

    fn hop(&self, groundwork: &Groundwork, node: u32, through: Option<&Edge>) -> Hop {
        let built = &groundwork.built;
        let kind = built.graph.nodes().get(node as usize).map(|node| node.kind);
        let place = node.checked_sub(built.first_device).map(|place| place as usize);
        let found = place.and_then(|place| Some((place, self.reckoning.device(place)?.0)));
        let network = node.checked_sub(FIRST_NETWORK).and_then(|at| built.networks.get(at as usize));
        let name = match (node, found, network) {
            (INTERNET, ..) => "The internet".to_owned(),
            (OFFICE, ..) => "An office computer".to_owned(),
            (_, Some((_, device)), _) => device.name.clone(),
            (_, None, network) => network.cloned().unwrap_or_default(),
        };
        Hop {
            node: match kind {
                Some(NodeKind::Device { .. }) => "device",
                Some(NodeKind::Network) => "network",
                Some(NodeKind::Entry) | None => "entry",
            },
            name,
            device: found.map(|(_, device)| device.id.clone()),
            category: found.and_then(|(_, device)| device.attribute("category")).map(str::to_owned),
            band: found.and_then(|(place, _)| self.reckoning.band(place)),
            by: through.map_or_else(|| begins(node), |edge| self.words(groundwork, edge)),
            probability: through.map_or(1.0, |edge| edge.reach),
            basis: through.map(|edge| match edge.basis {
                Basis::Observed => "observed",
                Basis::Permitted => "permitted",
            }),
        }
    }

    /// How an edge is used, in words.
    fn words(&self, groundwork: &Groundwork, edge: &Edge) -> String {
        let first = groundwork.built.first_device;
        let device = |node: u32| node.checked_sub(first).map(|place| place as usize);
        let is_network = |node: u32| (FIRST_NETWORK..first).contains(&node);
        let told = |place: usize| self.reckoning.device(place).map(|(device, ..)| device);
        match (device(edge.from), device(edge.to)) {
            (Some(from), Some(to)) => match self.reckoning.inventory.links.get(&(from, to)).map(String::as_str) {
                Some("") | None => "was seen to speak with it".to_owned(),
                Some(application) => format!("was seen to speak {application} with it"),
            },
            (None, Some(to)) if edge.from == INTERNET => {
                let device = told(to);
                let (inwards, outwards) =
                    device.map_or((None, None), |device| (device.inwards.as_ref(), device.outwards.as_ref()));
                match (inwards, outwards) {
                    (Some(peer), _) => format!("was seen to be spoken to from outside: {peer}"),
                    (None, Some(peer)) => format!("was seen to speak to outside: {peer}"),
                    (None, None) => "is reached from outside".to_owned(),
                }
            }
            (None, Some(_)) => "whoever is in the network reaches it".to_owned(),
            (Some(_), None) => "it stands in this network".to_owned(),
            (None, None) if is_network(edge.from) => "devices of both networks were seen to speak".to_owned(),
            (None, None) => "such computers stand in this network".to_owned(),
        }
    }
}

fn begins(node: u32) -> String {
    match node {
        INTERNET => "anybody out there".to_owned(),
        OFFICE => "somebody opens a mail".to_owned(),
        _ => String::new(),
    }
}
