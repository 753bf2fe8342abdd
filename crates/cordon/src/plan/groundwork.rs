//! What a plan is made from: the graph of attack paths, and everything that could be done about it.

use analysis::risks::action::{Admitted, Refusal};
use analysis::risks::paths::{AttackPath, paths_to};
use analysis::risks::plan::{PlanStep, applied, plan};
use analysis::risks::{PERCOLATIONS, PERCOLATIONS_WHAT_IF, Percolation, percolate, percolate_from};

use super::actions::{self, Proposal};
use super::graph::{self, Built};
use crate::failure::Failure;
use crate::knowledge::Known;
use crate::risk::{Reckoning, SEED};

/// Draws by which actions are ranked.
const DRAWS: usize = 2_048;
/// Steps beyond the budget that are told.
const BEYOND_MAX: usize = 5;

/// The graph of attack paths, and what could be done.
pub struct Groundwork {
    /// The graph, and where its parts lie.
    pub built: Built,
    /// What could be done.
    pub proposals: Vec<Proposal>,
    /// What an attacker takes over as things are.
    pub percolation: Percolation,
}

/// What to do first.
pub struct Ranked {
    /// Steps within the budget; places among the proposals.
    pub steps: Vec<PlanStep>,
    /// What would come next.
    pub beyond: Vec<PlanStep>,
    /// What must not be done, by its place, and why.
    pub refused: Vec<(usize, Refusal)>,
}

impl Groundwork {
    /// Builds the graph and thinks of everything that could be done.
    pub fn new(reckoning: &Reckoning<'_>, known: &Known) -> Result<Self, Failure> {
        let categories = known.knowledge.categories();
        let (inventory, assessed) = (&reckoning.inventory, &reckoning.assessed);
        let is_office = |device: usize| {
            let kind = inventory.devices.get(device).and_then(|device| device.attribute("category"));
            kind.is_some_and(|kind| ["computer", "workstation"].iter().any(|office| categories.is_a(kind, office)))
        };
        let tables = &reckoning.model.tables;
        let built = graph::build(inventory, assessed, tables, is_office);
        let built = built.map_err(|error| Failure::Failed(error.to_string()))?;
        let proposals = actions::propose(inventory, assessed, &built, tables);
        let percolation = percolate(&built.graph, SEED, PERCOLATIONS);
        Ok(Self { built, proposals, percolation })
    }

    /// Ranks what could be done under a budget of person-days, and of hours in which devices stand still.
    pub fn ranked(&self, days: f64, downtime: Option<f64>) -> Ranked {
        let (mut admitted, mut places, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (place, proposal) in self.proposals.iter().enumerate() {
            match Admitted::new(&proposal.action, &self.built.graph) {
                Ok(action) => {
                    admitted.push(action);
                    places.push(place);
                }
                Err(refusal) => refused.push((place, refusal)),
            }
        }
        let named = |places: &[usize], step: PlanStep| Some(PlanStep { action: *places.get(step.action)?, ..step });
        // What stands still too long in all is left out, and the rest ranked again.
        let steps: Vec<PlanStep> = loop {
            let ranked = plan(&self.built.graph, &admitted, days, SEED, DRAWS);
            let mut hours = 0.0;
            let over = ranked.steps.iter().find(|step| {
                hours += admitted.get(step.action).map_or(0.0, |action| action.action().downtime_hours);
                downtime.is_some_and(|most| hours > most)
            });
            let Some(over) = over.map(|step| step.action) else {
                break ranked.steps.into_iter().filter_map(|step| named(&places, step)).collect();
            };
            admitted.remove(over);
            places.remove(over);
        };
        let beyond = self.beyond(&steps);
        Ranked { steps, beyond, refused }
    }

    /// What would come after these steps if there were no budget.
    fn beyond(&self, steps: &[PlanStep]) -> Vec<PlanStep> {
        let done: Vec<usize> = steps.iter().map(|step| step.action).collect();
        let actions: Vec<_> = done.iter().filter_map(|at| Some(&self.proposals.get(*at)?.action)).collect();
        let graph = applied(&self.built.graph, &actions);
        let (mut admitted, mut places) = (Vec::new(), Vec::new());
        for (place, proposal) in self.proposals.iter().enumerate().filter(|(place, _)| !done.contains(place)) {
            if let Ok(action) = Admitted::new(&proposal.action, &graph) {
                admitted.push(action);
                places.push(place);
            }
        }
        let (spent, left) = steps.last().map_or((0.0, 1.0), |step| (step.person_days, step.residual));
        let ranked = plan(&graph, &admitted, f64::MAX, SEED, DRAWS);
        let steps = ranked.steps.into_iter().take(BEYOND_MAX).filter_map(|step| {
            let (person_days, residual) = (step.person_days + spent, step.residual * left);
            Some(PlanStep { action: *places.get(step.action)?, person_days, residual, ..step })
        });
        steps.collect()
    }

    /// The node of the device at a place.
    fn node(&self, device: usize) -> usize {
        (self.built.first_device as usize).saturating_add(device)
    }

    /// How likely the device at a place is taken over.
    pub fn taken_over(&self, device: usize) -> Option<f64> {
        self.percolation.compromised.get(self.node(device)).copied()
    }

    /// The likeliest ways to the device at a place, one from each entry.
    pub fn paths_to(&self, device: usize) -> Vec<AttackPath> {
        paths_to(&self.built.graph, self.node(device))
    }

    /// How many other devices are to be expected to be taken over by who has the device at a place, and how many of them are medical.
    pub fn spread(&self, device: usize) -> (f64, f64) {
        let node = self.node(device);
        let percolation = percolate_from(&self.built.graph, node, SEED, PERCOLATIONS_WHAT_IF);
        let others = self.built.graph.nodes().iter().zip(&percolation.compromised).enumerate();
        let mut sums = (0.0, 0.0);
        for (_, (other, likely)) in others.filter(|(at, (other, _))| *at != node && other.kind.is_device()) {
            sums.0 += likely;
            sums.1 += if other.care.regulated { *likely } else { 0.0 };
        }
        sums
    }
}
