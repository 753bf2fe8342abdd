//! What is known of one device, as far as its risk depends on it. Every control stands where it acts and nowhere else: a virtual
//! patch in a [`Finding`], a second factor or a segment in a [`Path`], detection on the device in [`Subject::controls`].

use std::sync::Arc;

use super::scales::{
    AttackComplexity, AttackVector, Exploitation, HostControl, Location, MatchTier, PathControl, PrivilegesRequired,
    Reach, Severity, UserInteraction, Vex, VulnerabilityControl,
};

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// Nothing of it.
    pub const NONE: Self = Self(0.0);
    /// All of it.
    pub const ALL: Self = Self(1.0);

    /// `None` for what is no number from 0 to 1.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// One device.
#[derive(Clone, Debug)]
pub struct Subject {
    /// A number of its own, the same in every run: what is not known of two devices is drawn apart.
    pub device: u64,
    /// Vulnerabilities that may be in it.
    pub findings: Vec<Finding>,
    /// Weaknesses that were seen, or that nobody could look for.
    pub weaknesses: Vec<WeaknessSeen>,
    /// How an attacker comes to it.
    pub exposure: Exposure,
    /// What acts on the device as a whole.
    pub controls: Vec<Control<HostControl>>,
    /// What was detected and may be an attack that succeeded.
    pub incidents: Vec<Incident>,
    /// What the device is for.
    pub clinical: Clinical,
}

/// A vulnerability that may be in a device.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its name, as in `CVE-2017-0144`.
    pub cve: Arc<str>,
    /// What is known of attacks; `KnownExploited` if CISA's catalogue has it.
    pub exploitation: Option<Exploitation>,
    /// FIRST's EPSS: the probability of exploitation within 30 days.
    pub epss: Option<Share>,
    /// From where it can be used.
    pub attack_vector: Option<AttackVector>,
    /// Which privileges it asks for.
    pub privileges_required: Option<PrivilegesRequired>,
    /// Whether somebody else must take part.
    pub user_interaction: Option<UserInteraction>,
    /// How much must fall into place.
    pub attack_complexity: Option<AttackComplexity>,
    /// How sure it is that this device is meant.
    pub matched: MatchTier,
    /// What the maker or a coordinator says; no word counts as affected.
    pub vex: Option<Vex>,
    /// Whether it gives the attacker everything (SSVC Technical Impact `total`); unknown counts as everything.
    pub total_impact: Option<bool>,
    /// Whether it can be used on many devices without a person (SSVC Automatable); unknown is told from the vector.
    pub automatable: Option<bool>,
    /// Whether the maker has an update that mends it.
    pub update: bool,
    /// What acts on this vulnerability.
    pub controls: Vec<Control<VulnerabilityControl>>,
    /// The advisory and the rule that matched it.
    pub from: Arc<str>,
}

impl Finding {
    /// A finding of which nothing but its name and how sure the match is are known.
    pub fn new(cve: &str, matched: MatchTier, from: &str) -> Self {
        Self {
            cve: cve.into(),
            exploitation: None,
            epss: None,
            attack_vector: None,
            privileges_required: None,
            user_interaction: None,
            attack_complexity: None,
            matched,
            vex: None,
            total_impact: None,
            automatable: None,
            update: false,
            controls: Vec::new(),
            from: from.into(),
        }
    }
}

/// A weakness of a device; made by [`Tables::seen`](super::Tables::seen) and [`Tables::unseen`](super::Tables::unseen).
#[derive(Clone, Debug)]
pub struct WeaknessSeen {
    /// Its name, as in `smb_version_1`.
    pub name: Arc<str>,
    /// Where its number stands.
    pub(super) place: usize,
    /// Whether it is there.
    pub presence: Presence,
    /// What it was seen in.
    pub from: Arc<str>,
}

/// Whether a weakness is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Presence {
    /// It was seen.
    Seen,
    /// Nobody could look; such devices have it this often.
    Unknown(Share),
}

/// How an attacker comes to a device.
#[derive(Clone, Debug)]
pub enum Exposure {
    /// By these paths. There is always the network it stands in, known or not: no device is out of reach because nobody looked.
    Paths {
        /// From the network it stands in.
        home: Path,
        /// By other ways.
        more: Vec<Path>,
    },
    /// As the graph of the hospital says ([`percolate`](super::percolate)).
    Graph {
        /// How likely an attacker reaches it.
        contacted: Share,
        /// How likely a station that controls it, or whose password opens it, is taken over: that needs no vulnerability.
        controlled: Share,
        /// Whether the internet reaches it directly.
        public: bool,
        /// Which run said so.
        from: Arc<str>,
    },
}

/// A way by which an attacker comes.
#[derive(Clone, Debug)]
pub struct Path {
    /// What kind of path it is; `None` if nobody knows.
    pub reach: Option<Reach>,
    /// A segment that is to narrow it, down to the step it narrows it to.
    pub segment: Option<Control<Reach>>,
    /// What acts on this path.
    pub controls: Vec<Control<PathControl>>,
    /// A network, an access, a flow, in words.
    pub name: Arc<str>,
    /// What showed it.
    pub from: Arc<str>,
}

impl Path {
    /// A path without controls.
    pub fn new(reach: Option<Reach>, name: &str, from: &str) -> Self {
        Self { reach, segment: None, controls: Vec::new(), name: name.into(), from: from.into() }
    }
}

/// A control, and whether it is known to work.
#[derive(Clone, Debug)]
pub struct Control<K> {
    /// Which one.
    pub kind: K,
    /// Only what was verified counts.
    pub stage: Stage,
    /// Who or what says so.
    pub from: Arc<str>,
}

/// How far a control has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Somebody means to have it, or says that it is there. It counts for nothing.
    Planned,
    /// It was seen to work: a policy was compiled, replayed without losing a required flow, and denies were counted.
    Verified,
}

/// A detection.
#[derive(Clone, Debug)]
pub struct Incident {
    /// How likely the device is taken over.
    pub probability: Share,
    /// The alert.
    pub from: Arc<str>,
}

/// What a device is for.
#[derive(Clone, Debug)]
pub struct Clinical {
    /// How badly a patient may come to harm; `None` if nobody knows what the device is.
    pub severity: Option<Severity>,
    /// Whether it sustains life (FDA's flag of its product code, or its kind).
    pub sustains_life: bool,
    /// Whether it is a medical device: nothing is installed on it, and no update but the maker's.
    pub regulated: bool,
    /// How much care stands still without it.
    pub mission: Mission,
    /// Records of patients that can be reached through it; `None` if nobody knows.
    pub records: Option<u64>,
    /// What the severity is from.
    pub from: Arc<str>,
}

/// How much care stands still without a device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mission {
    /// Somebody said how much can be replaced, and how well care goes on without it.
    Stated {
        /// Spare capacity, from none to all.
        spare: Share,
        /// How well the workaround works.
        workaround: Share,
    },
    /// Only where it stands is known, or not even that.
    Located(Option<Location>),
}
