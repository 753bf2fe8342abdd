//! What would make a device less risky: single changes, and the fewest that bring it down to a band.

use super::scales::{HostControl, PathControl, Reach, Scale, Vex, VulnerabilityControl};
use super::score::{Band, Score};
use super::subject::{Control, Exposure, Path, Presence, Share, Stage, Subject};
use super::tables::Tables;

/// Changes that are tried together with others: the strongest ones.
pub const EDITS_MAX: usize = 16;
/// Changes that a sentence names at most.
pub const EDITS_TOGETHER_MAX: usize = 3;

/// One change of a device. Places count from 0, in the order of the subject; path 0 is the one from its own network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// The maker's update is installed: it mends every finding that has one.
    Update,
    /// A weakness is mended.
    Mend(usize),
    /// A device before it blocks what uses this finding.
    VirtualPatch(usize),
    /// A path is narrowed to a step, and that is verified.
    Segment(usize, Reach),
    /// A control is put on a path, and verified.
    PathControl(usize, PathControl),
    /// A control is put on the device, and verified.
    HostControl(HostControl),
}

/// Changes that together bring a device into a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What to change.
    pub edits: Vec<Edit>,
    /// The score then.
    pub score: Score,
    /// The band then.
    pub band: Band,
    /// What that costs, in person-days, by the tables.
    pub person_days: f64,
}

impl Edit {
    /// Every change that can be made to this device.
    pub fn all(subject: &Subject) -> Vec<Self> {
        let mut edits = Vec::new();
        let mends = |vex: Option<Vex>| !matches!(vex, Some(Vex::NotAffected | Vex::Fixed));
        if subject.findings.iter().any(|finding| finding.update && mends(finding.vex)) {
            edits.push(Self::Update);
        }
        let seen = subject.weaknesses.iter().enumerate().filter(|(_, weakness)| weakness.presence == Presence::Seen);
        edits.extend(seen.map(|(at, _)| Self::Mend(at)));
        let open = subject.findings.iter().enumerate().filter(|(_, finding)| mends(finding.vex));
        edits.extend(open.map(|(at, _)| Self::VirtualPatch(at)));
        if let Exposure::Paths { home, more } = &subject.exposure {
            for (at, path) in std::iter::once(home).chain(more).enumerate() {
                edits.extend([Reach::Restricted, Reach::MicroSegment].map(|to| Self::Segment(at, to)));
                edits.extend(path.reach.and_then(control_for).map(|kind| Self::PathControl(at, kind)));
            }
        }
        if !subject.clinical.regulated {
            edits.extend(HostControl::ALL.iter().map(|kind| Self::HostControl(*kind)));
        }
        edits
    }

    /// Makes the change.
    pub fn apply(self, subject: &mut Subject) {
        match self {
            Self::Update => {
                let mended = subject.findings.iter_mut().filter(|finding| finding.update);
                mended.filter(|finding| finding.vex != Some(Vex::NotAffected)).for_each(|finding| {
                    finding.vex = Some(Vex::Fixed);
                });
            }
            Self::Mend(at) => {
                let place = subject.weaknesses.get(at).map(|weakness| weakness.place);
                let same = subject.weaknesses.iter_mut().filter(|weakness| Some(weakness.place) == place);
                same.for_each(|weakness| weakness.presence = Presence::Unknown(Share::NONE));
            }
            Self::VirtualPatch(at) => {
                let controls = subject.findings.get_mut(at).map(|finding| &mut finding.controls);
                controls.into_iter().for_each(|all| all.push(verified(VulnerabilityControl::VirtualPatch)));
            }
            Self::Segment(at, to) => path(subject, at, |path| path.segment = Some(verified(to))),
            Self::PathControl(at, kind) => path(subject, at, |path| path.controls.push(verified(kind))),
            Self::HostControl(kind) => subject.controls.push(verified(kind)),
        }
    }

    /// Person-days that it costs, by the tables.
    pub fn person_days(self, tables: &Tables) -> f64 {
        match self {
            Self::Update => tables.effort.update,
            Self::Mend(_) => tables.effort.mend,
            Self::VirtualPatch(_) => tables.effort.virtual_patch,
            Self::Segment(..) => tables.effort.segment,
            Self::PathControl(..) => tables.effort.path_control,
            Self::HostControl(_) => tables.effort.host_control,
        }
    }

    /// The change as the end of a sentence that begins with "if".
    pub fn text(self, subject: &Subject, tables: &Tables) -> String {
        let path_name = |at: usize| match &subject.exposure {
            Exposure::Paths { home, more } => {
                std::iter::once(home).chain(more).nth(at).map_or("a path", |path| &*path.name).to_owned()
            }
            Exposure::Graph { .. } => "a path".into(),
        };
        match self {
            Self::Update => "the maker's update is installed".into(),
            Self::Mend(at) => {
                let name = subject.weaknesses.get(at).map_or("a weakness", |weakness| &*weakness.name);
                format!("this is mended: {}", tables.label(name).unwrap_or(name))
            }
            Self::VirtualPatch(at) => {
                let cve = subject.findings.get(at).map_or("a vulnerability", |finding| &*finding.cve);
                format!("attacks through {cve} are blocked before it")
            }
            Self::Segment(at, Reach::MicroSegment) => {
                format!("{} is cut down to its own segment, verified", path_name(at))
            }
            Self::Segment(at, _) => format!("{} is narrowed by an access list, verified", path_name(at)),
            Self::PathControl(at, kind) => format!("{} is behind {}", path_name(at), kind.name().replace('_', " ")),
            Self::HostControl(kind) => format!("it has {}", kind.name().replace('_', " ")),
        }
    }
}

/// The control that fits a kind of path.
fn control_for(reach: Reach) -> Option<PathControl> {
    match reach {
        Reach::VendorAccess => Some(PathControl::VendorMfa),
        Reach::FlatNetwork | Reach::OpenClinical => Some(PathControl::PortAuthentication),
        Reach::Internet | Reach::InternetOutbound | Reach::Restricted | Reach::MicroSegment | Reach::Isolated => None,
    }
}

fn verified<K>(kind: K) -> Control<K> {
    Control { kind, stage: Stage::Verified, from: "what if".into() }
}

fn path(subject: &mut Subject, at: usize, change: impl FnOnce(&mut Path)) {
    if let Exposure::Paths { home, more } = &mut subject.exposure
        && let Some(path) = std::iter::once(home).chain(more).nth(at)
    {
        change(path);
    }
}

/// The fewest changes that bring the device into the band or below it, among those the ones that cost least, then those that lower
/// the risk most. `None` if it is there already, or [`EDITS_TOGETHER_MAX`] changes do not do it.
pub fn becomes(subject: &Subject, tables: &Tables, wanted: Band) -> Option<Change> {
    let now = Score::of(subject, tables);
    if now.band(tables) <= wanted {
        return None;
    }
    let alone = |edit: &Edit| changed(subject, tables, std::slice::from_ref(edit));
    let mut edits: Vec<(Edit, f64)> =
        Edit::all(subject).iter().map(|edit| (*edit, alone(edit).expected_harm)).collect();
    edits.retain(|(_, harm)| *harm < now.expected_harm);
    edits.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    let edits: Vec<Edit> = edits.into_iter().take(EDITS_MAX).map(|(edit, _)| edit).collect();
    let mut sets: Vec<Vec<Edit>> = vec![Vec::new()];
    for _ in 0..EDITS_TOGETHER_MAX {
        sets = sets.iter().flat_map(|set| with_one_more(set, &edits)).collect();
        let reached = sets.iter().filter_map(|set| {
            let score = changed(subject, tables, set);
            let (band, person_days) = (score.band(tables), set.iter().map(|edit| edit.person_days(tables)).sum());
            (band <= wanted).then(|| Change { edits: set.clone(), score, band, person_days })
        });
        let by_cost = |one: &Change, other: &Change| {
            let harm = one.score.expected_harm.total_cmp(&other.score.expected_harm);
            one.person_days.total_cmp(&other.person_days).then(harm)
        };
        if let Some(best) = reached.min_by(by_cost) {
            return Some(best);
        }
    }
    None
}

/// The set with each change that stands after its last one.
fn with_one_more<'a>(set: &'a [Edit], edits: &'a [Edit]) -> impl Iterator<Item = Vec<Edit>> + 'a {
    let from = set.last().and_then(|last| edits.iter().position(|edit| edit == last));
    let from = from.map_or(0, |at| at.saturating_add(1));
    edits.iter().skip(from).map(|edit| set.iter().chain([edit]).copied().collect())
}

fn changed(subject: &Subject, tables: &Tables, edits: &[Edit]) -> Score {
    let mut subject = subject.clone();
    edits.iter().for_each(|edit| edit.apply(&mut subject));
    Score::of(&subject, tables)
}

impl Change {
    /// "becomes medium (41) if the maker's update is installed and …".
    pub fn sentence(&self, subject: &Subject, tables: &Tables) -> String {
        let edits: Vec<String> = self.edits.iter().map(|edit| edit.text(subject, tables)).collect();
        format!("becomes {} ({:.0}) if {}", self.band.name(), self.score.display(), edits.join(" and "))
    }
}
