//! What can be done about attack paths, and what must not: an [`Admitted`] action is the only one that can be planned, and
//! only [`Admitted::new`] makes one. Nothing that care depends on is traded for security.

use model::Timestamp;

use super::criticality::Person;
use super::graph::{Edge, Graph, Node};

/// Days that a change of an alarm path runs beside the old way before it counts.
pub const DUAL_RUN_DAYS_MIN: u32 = 14;
/// Nodes and edges that one action may change.
pub const EFFECTS_MAX: usize = 1_000_000;

/// Something that could be done.
#[derive(Clone, Debug)]
pub struct Action {
    /// What people call it, as in `deny office to pumps`.
    pub name: String,
    /// What kind of work it is.
    pub measure: Measure,
    /// What it changes, once it is verified.
    pub effects: Vec<Effect>,
    /// The work, in person-days.
    pub person_days: f64,
    /// Hours in which devices stand still.
    pub downtime_hours: f64,
    /// How likely care is disturbed, 0 to 1.
    pub clinical_risk: f64,
    /// Whether something is done to the device itself, rather than to the network around it.
    pub active: bool,
}

/// A kind of work.
#[derive(Clone, Debug)]
pub enum Measure {
    /// An update.
    Patch(Option<Approval>),
    /// A setting: Telnet off, another password.
    Configure,
    /// A segment or an access list.
    Segment(Option<DualRun>),
    /// What uses a vulnerability is blocked before the device.
    VirtualPatch,
    /// The maker's remote access is controlled.
    VendorAccess,
    /// Ports ask who is there.
    AdmissionControl,
    /// Another device.
    Replace,
    /// Nothing, and somebody answers for it until a day. It changes no risk, so no plan picks it.
    Accept {
        /// Who answers for it.
        owner: Person,
        /// Until when.
        expires: Timestamp,
    },
}

/// The maker's approval of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval(String);

impl Approval {
    /// The document that says so; `None` if there is none.
    pub fn new(document: &str) -> Option<Self> {
        let document = document.trim();
        (!document.is_empty()).then(|| Self(document.to_owned()))
    }
}

/// That a change of an alarm path was watched beside the old way for long enough, that a biomedical engineer signed it, and that a
/// timer undoes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DualRun {
    days: u32,
    signed_by: Person,
    rollback_minutes: u32,
}

impl DualRun {
    /// `None` unless it ran for [`DUAL_RUN_DAYS_MIN`] days and there is a timer.
    pub fn new(days: u32, signed_by: Person, rollback_minutes: u32) -> Option<Self> {
        (days >= DUAL_RUN_DAYS_MIN && rollback_minutes > 0).then_some(Self { days, signed_by, rollback_minutes })
    }
}

/// What an action changes. A number that is higher than the one before changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// A device withstands better.
    Node {
        /// Which one.
        node: u32,
        /// S·host then.
        susceptibility: f64,
    },
    /// An edge is used less easily; at 0 it is blocked.
    Edge {
        /// Which one.
        edge: u32,
        /// Its reach then.
        reach: f64,
    },
}

/// Why an action must not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A number is none, or a node or edge is not there.
    #[error("it names no node or edge of this graph, too many, or a number out of its range")]
    Malformed,
    /// The device is regulated and its maker has not approved the update.
    #[error("node {0} is a regulated device: only updates that its maker approved may be installed")]
    NotApproved(u32),
    /// The manufacturer's disclosure requires the flow.
    #[error("edge {0} carries a flow that the manufacturer's disclosure requires: it may not be blocked")]
    RequiredFlow(u32),
    /// The system needs its broadcast domain in one piece.
    #[error("edge {0} lies inside a broadcast domain that must stay in one piece: segment around it")]
    InsideBroadcastDomain(u32),
    /// Alarms go over the edge.
    #[error(
        "edge {0} carries alarms: it needs a dual run of {DUAL_RUN_DAYS_MIN} days, a signature and a rollback timer"
    )]
    AlarmPath(u32),
    /// A patient is connected.
    #[error("a patient is connected to node {0}: nothing active may be done to it now")]
    PatientConnected(u32),
    /// Accepting a risk does not lower it.
    #[error("accepting a risk changes nothing")]
    AcceptanceChangesNothing,
}

/// An action that breaks none of the constraints.
#[derive(Clone, Copy, Debug)]
pub struct Admitted<'a>(&'a Action);

impl<'a> Admitted<'a> {
    /// Holds the action against the constraints.
    pub fn new(action: &'a Action, graph: &Graph) -> Result<Self, Refusal> {
        let costs = [action.person_days, action.downtime_hours];
        let fine =
            costs.iter().all(|cost| cost.is_finite() && *cost >= 0.0) && (0.0..=1.0).contains(&action.clinical_risk);
        if !fine || action.effects.len() > EFFECTS_MAX {
            return Err(Refusal::Malformed);
        }
        if matches!(action.measure, Measure::Accept { .. }) && !action.effects.is_empty() {
            return Err(Refusal::AcceptanceChangesNothing);
        }
        for effect in &action.effects {
            match *effect {
                Effect::Node { node, susceptibility } => {
                    let its = graph.nodes().get(node as usize).filter(|_| (0.0..=1.0).contains(&susceptibility));
                    on_node(action, node, its.ok_or(Refusal::Malformed)?)?;
                }
                Effect::Edge { edge, reach } => {
                    let its = graph.edges().get(edge as usize).filter(|_| (0.0..=1.0).contains(&reach));
                    on_edge(action, graph, (edge, its.ok_or(Refusal::Malformed)?), reach)?;
                }
            }
        }
        Ok(Self(action))
    }

    /// The action.
    pub const fn action(self) -> &'a Action {
        self.0
    }

    /// What it costs, in person-days: the work, hours of standstill and the risk for care weighed in.
    pub fn cost(self) -> f64 {
        let Action { person_days, downtime_hours, clinical_risk, .. } = self.0;
        (person_days + DAYS_PER_DOWNTIME_HOUR * downtime_hours + DAYS_PER_CLINICAL_RISK * clinical_risk).max(COST_MIN)
    }
}

/// Person-days that an hour of standstill counts for. Our choice.
const DAYS_PER_DOWNTIME_HOUR: f64 = 0.05;
/// Person-days that a certain disturbance of care counts for. Our choice.
const DAYS_PER_CLINICAL_RISK: f64 = 10.0;
/// Nothing costs nothing: five minutes.
const COST_MIN: f64 = 0.01;

fn on_node(action: &Action, at: u32, node: &Node) -> Result<(), Refusal> {
    if node.care.regulated && matches!(action.measure, Measure::Patch(None)) {
        return Err(Refusal::NotApproved(at));
    }
    if node.care.patient_connected && action.active {
        return Err(Refusal::PatientConnected(at));
    }
    Ok(())
}

fn on_edge(action: &Action, graph: &Graph, (at, edge): (u32, &Edge), reach: f64) -> Result<(), Refusal> {
    if edge.required && reach <= 0.0 {
        return Err(Refusal::RequiredFlow(at));
    }
    let domain = |node: u32| graph.nodes().get(node as usize).and_then(|node| node.care.broadcast_domain);
    let segments = matches!(action.measure, Measure::Segment(_));
    if segments && domain(edge.from).is_some() && domain(edge.from) == domain(edge.to) {
        return Err(Refusal::InsideBroadcastDomain(at));
    }
    if edge.alarms && !matches!(action.measure, Measure::Segment(Some(_))) {
        return Err(Refusal::AlarmPath(at));
    }
    let patient = [edge.from, edge.to]
        .into_iter()
        .find(|node| graph.nodes().get(*node as usize).is_some_and(|node| node.care.patient_connected));
    match patient.filter(|_| action.active) {
        Some(node) => Err(Refusal::PatientConnected(node)),
        None => Ok(()),
    }
}
