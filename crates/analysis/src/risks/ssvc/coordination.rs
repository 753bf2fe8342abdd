//! What coordination centres decide about a report: whether to take it up, and whether to publish (CERT/CC, *Coordinator Triage
//! 1.0.0* and *Coordinator Publish 1.0.0*). Nothing of a device stands in them; they say how much a centre will make of an
//! advisory that a hospital has nothing but a report of.

use super::super::scales::Exploitation;

/// Supplier Involvement 1.0.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Involvement {
    /// A fix is ready.
    FixReady,
    /// The maker works on it.
    Cooperative,
    /// The maker does not.
    Uncooperative,
}

/// Public Value Added 1.0.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueAdded {
    /// Little.
    Limited,
    /// It adds to what is known.
    Ampliative,
    /// Nobody else has said it.
    Precedence,
}

/// Utility 1.0.1: what a vulnerability is worth to an attacker, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Utility {
    /// Every use is work.
    Laborious,
    /// Either quick or rewarding.
    Efficient,
    /// Both.
    SuperEffective,
}

/// What a centre knows of a report.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// It is public already.
    pub public: bool,
    /// The maker was told.
    pub supplier_contacted: bool,
    /// It is credible.
    pub credible: bool,
    /// More than one maker is concerned.
    pub many_suppliers: bool,
    /// The maker answers.
    pub supplier_active: bool,
    /// What it is worth to an attacker.
    pub utility: Utility,
    /// People may come to harm.
    pub significant_safety: bool,
}

/// Decline, Track, Coordinate 1.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triage {
    /// The centre does nothing.
    Decline,
    /// It watches.
    Track,
    /// It takes the report up.
    Coordinate,
}

/// Whether a centre publishes.
pub fn publishes(involvement: Involvement, exploitation: Exploitation, value: ValueAdded) -> bool {
    let uncooperative = involvement == Involvement::Uncooperative;
    match (value, exploitation) {
        (ValueAdded::Precedence, _) => true,
        (_, Exploitation::None) => false,
        (ValueAdded::Ampliative, Exploitation::PublicPoc) => uncooperative,
        (ValueAdded::Ampliative, Exploitation::Active | Exploitation::KnownExploited) => true,
        (ValueAdded::Limited, Exploitation::PublicPoc) => false,
        (ValueAdded::Limited, Exploitation::Active | Exploitation::KnownExploited) => uncooperative,
    }
}

/// Whether a centre takes a report up.
pub fn triage(report: Report) -> Triage {
    let Report { many_suppliers, utility, significant_safety, .. } = report;
    let sweeping = many_suppliers && utility == Utility::SuperEffective;
    if sweeping && significant_safety {
        return Triage::Coordinate;
    }
    if report.public || !report.supplier_contacted {
        return Triage::Decline;
    }
    let grave = significant_safety && (many_suppliers || utility > Utility::Laborious);
    let slight = !many_suppliers && utility == Utility::Laborious && !significant_safety;
    match (report.credible, report.supplier_active) {
        (true, false) if slight => Triage::Track,
        (true, false) => Triage::Coordinate,
        (true, true) if sweeping => Triage::Coordinate,
        (false, _) if sweeping => Triage::Track,
        _ if grave => Triage::Track,
        _ => Triage::Decline,
    }
}
