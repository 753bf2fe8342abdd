//! The risk of a device: how likely it is taken over, times how much harm that does, patients first.
//!
//! ```text
//! p_v = max(1 - (1 - EPSS)^12 capped, floor[exploitation]) · AV · PR · UI · AC · match · VEX · Π vulnerability controls
//! S   = 1 - Π (1 - p_v) · Π (1 - w_weakness)                 susceptibility, if it is reached
//! R   = 1 - Π_path (1 - reach · Π path controls)             exposure; from the graph of attack paths where there is one
//! L   = 1 - (1 - S · R · Π host controls) · Π (1 - p_incident)
//! I   = 1 - (1 - severity) · (1 - 0.6 · mission) · (1 - 0.4 · records)
//! E   = L · I        score = 100 · √E
//! ```
//! Sources of its parts: ISO 14971 (harm before everything else), FIRST's EPSS, CISA's catalogue of known exploited
//! vulnerabilities, CVSS 3.1 (what an attack asks for), OpenVEX and CSAF, SSVC ([`ssvc`], shown beside the band). All numbers
//! stand in `knowledge/risk.toml`. A product needs no floors and promoters: what is exploitable but harmless stays below what
//! can hurt. Each control is credited once, where it acts, and only when verified. By construction a further vulnerability,
//! weakness, path or incident never lowers a score and a further control never raises it.
//!
//! It leaves out: how vulnerabilities are matched to devices, and what a policy permits; both are told to it.

pub mod action;
mod bits;
pub mod criticality;
mod draws;
pub mod explain;
pub mod factors;
pub mod graph;
pub mod paths;
mod percolation;
pub mod plan;
mod scales;
mod score;
pub mod ssvc;
mod subject;
mod tables;
mod uncertainty;
pub mod what_if;

pub use draws::{DRAWS, DRAWS_MAX, Draws};
pub use percolation::{
    Distance, PERCOLATIONS, PERCOLATIONS_MAX, PERCOLATIONS_WHAT_IF, Percolation, blast_radius, distance_to_patient,
    percolate, percolate_from,
};
pub use scales::{
    AttackComplexity, AttackVector, Exploitation, HostControl, Location, MatchTier, PathControl, PrivilegesRequired,
    Reach, Scale, Severity, UserInteraction, Vex, VulnerabilityControl,
};
pub use score::{Band, Numbers, Score};
pub use subject::{
    Clinical, Control, Exposure, Finding, Incident, Mission, Path, Presence, Share, Stage, Subject, WeaknessSeen,
};
pub use tables::{Prior, Tables, WEAKNESSES_MAX, WeaknessKind};
pub use uncertainty::{DEVICES_MAX, Fleet, Interval, Rollup, Standing, interval};
