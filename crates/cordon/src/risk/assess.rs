//! From an inventory and what others say to the subjects of risk: which vulnerabilities a device may have, which weaknesses it
//! showed, how an attacker comes to it, and what it is for.

mod beside;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use analysis::advisories::{Library, Makers, Profile, Question, Tier, Verdict};
use analysis::outside::{Beside, Told};
use analysis::risks::criticality::Criticality;
use analysis::risks::{
    AttackComplexity, AttackVector, Exploitation, Exposure, Finding, MatchTier, Path, PrivilegesRequired, Reach, Share,
    Subject, Tables, UserInteraction, Vex,
};
use model::Timestamp;
use model::advisory::{Advisory, RemedyKind, Vulnerability};

use crate::feeds::Outside;
use crate::knowledge::Known;

/// Devices of known kind in a network from which on it is judged by them.
const NEIGHBOURS_MIN: usize = 3;
/// A network in which so few devices in a hundred are no medical ones is one of medical devices.
const OTHERS_PERCENT_MAX: usize = 20;

/// What is known of a device, as far as its risk depends on it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Attributes of which a value is stated, by name.
    pub attributes: BTreeMap<String, String>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Weaknesses it showed, with where.
    pub weaknesses: BTreeMap<String, String>,
    /// Ports on which it answered, with what and whom.
    pub services: BTreeMap<u16, String>,
    /// Who beyond the hospital it spoke to, if it did, and with which service.
    pub outwards: Option<String>,
    /// Who beyond the hospital spoke to it and was answered.
    pub inwards: Option<String>,
}

impl Seen {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Which model or family it is, if it tells.
    pub fn model(&self) -> Option<&str> {
        self.attribute("model").or_else(|| self.attribute("family"))
    }

    fn profile(&self) -> Profile {
        let text = |name: &str| self.attribute(name).map(str::to_owned);
        let model = match (self.attribute("family"), self.attribute("model")) {
            // `MX450` of the family IntelliVue is the IntelliVue MX450.
            (Some(family), Some(model)) if !model.to_lowercase().contains(&family.to_lowercase()) => {
                Some(format!("{family} {model}"))
            }
            (_, Some(model)) => Some(model.to_owned()),
            (family, None) => family.map(str::to_owned),
        };
        Profile {
            vendor: text("vendor"),
            model,
            version: text("software").or_else(|| text("firmware")),
            serial: text("serial"),
            system: text("os"),
            ..Profile::default()
        }
    }
}

/// One vulnerability that may be in a device, with what to tell people of it.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The advisory's identifier.
    pub advisory: String,
    /// Its title.
    pub title: String,
    /// Where to read it.
    pub url: Option<String>,
    /// The number of the vulnerability.
    pub cve: String,
    /// What is said.
    pub verdict: Verdict,
    /// How sure the product is the device.
    pub tier: Tier,
    /// The statement, as it is written.
    pub statement: String,
    /// The vector that counts, if one was published.
    pub vector: Option<String>,
    /// What the maker or the coordinator says that helps.
    pub remedies: Vec<(RemedyKind, String)>,
}

/// A device's subject of risk, and what it is made of.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// What the score is reckoned from.
    pub subject: Subject,
    /// Vulnerabilities, the surest first.
    pub matched: Vec<Matched>,
    /// What would have to be known, and how many findings wait for it.
    pub questions: BTreeMap<Question, usize>,
    /// Vulnerabilities and weaknesses that somebody answers for.
    pub accepted: BTreeSet<String>,
    /// What others say beside advisories: notices, parts, what the maker permits.
    pub told: Told,
}

/// What would have to be known for verdicts, and how many of them wait for it.
pub fn asked_of<'a>(matched: impl IntoIterator<Item = &'a Matched>) -> BTreeMap<Question, usize> {
    let mut questions = BTreeMap::new();
    for one in matched {
        let Verdict::Undetermined(asked) = &one.verdict else { continue };
        for question in asked {
            let count: &mut usize = questions.entry(question.clone()).or_default();
            *count = count.saturating_add(1);
        }
    }
    questions
}

/// Assesses devices.
pub struct Assessor<'k> {
    known: &'k Known,
    tables: &'k Tables,
    criticality: &'k Criticality,
    outside: &'k Outside,
    advisories: Arc<Vec<Advisory>>,
    library: Library,
    beside: Beside,
    today: Timestamp,
}

impl<'k> Assessor<'k> {
    /// Reads all statements of the advisories.
    pub fn new(
        known: &'k Known,
        tables: &'k Tables,
        criticality: &'k Criticality,
        outside: &'k Outside,
        makers: Makers,
    ) -> Self {
        let advisories: Vec<Advisory> = outside.advisories.iter().map(|(advisory, _)| advisory.clone()).collect();
        let library = Library::new(&advisories, makers);
        let beside = Beside::new(&outside.beside, library.makers());
        let advisories = Arc::new(advisories);
        Self { known, tables, criticality, outside, advisories, library, beside, today: crate::clock::now() }
    }

    /// The advisories that it judges by.
    pub fn advisories(&self) -> &Arc<Vec<Advisory>> {
        &self.advisories
    }

    /// The subjects of all devices, in their order.
    pub fn assess(&self, devices: &[Seen]) -> Vec<Assessed> {
        let networks = Networks::new(devices, self.known);
        devices.iter().enumerate().map(|(number, device)| self.one(number as u64, device, &networks)).collect()
    }

    fn one(&self, number: u64, device: &Seen, networks: &Networks) -> Assessed {
        let matched = self.matched(device);
        let questions = asked_of(&matched);
        let told = self.told(device, &matched);
        let subject = Subject {
            device: number,
            findings: matched.iter().map(|one| self.finding(one)).collect(),
            weaknesses: self.weaknesses(device, &told),
            exposure: networks.exposure(device),
            controls: Vec::new(),
            incidents: Vec::new(),
            clinical: self.clinical(device, &told),
        };
        Assessed { subject, matched, questions, accepted: BTreeSet::new(), told }
    }

    /// What advisories say of a device: of each vulnerability whose word counts most.
    fn matched(&self, device: &Seen) -> Vec<Matched> {
        let findings = self.library.findings(&device.profile());
        let vulnerability = |finding: &analysis::advisories::Finding| {
            let advisory = self.advisories.get(finding.advisory)?;
            Some((advisory, advisory.vulnerabilities.get(finding.vulnerability)?))
        };
        let id = |finding: &analysis::advisories::Finding| {
            let (advisory, vulnerability) = vulnerability(finding)?;
            Some(vulnerability.cve.clone().unwrap_or_else(|| format!("{} {}", advisory.id, finding.vulnerability)))
        };
        let standing = self.library.standing(&findings, id);
        let mut matched: Vec<Matched> = standing
            .into_iter()
            .filter_map(|(cve, finding)| {
                let (advisory, vulnerability) = vulnerability(finding)?;
                let statement = advisory.statements.iter().find(|statement| statement.id == finding.statement);
                let is_for = |statements: &[String]| statements.is_empty() || statements.contains(&finding.statement);
                let remedies = vulnerability.remedies.iter().filter(|remedy| is_for(&remedy.statements));
                Some(Matched {
                    advisory: advisory.id.clone(),
                    title: advisory.title.clone(),
                    url: advisory.url.clone(),
                    cve,
                    verdict: finding.verdict.clone(),
                    tier: finding.tier,
                    statement: statement.map_or_else(String::new, |statement| statement.text.clone()),
                    vector: vector(vulnerability, &finding.statement),
                    remedies: remedies.map(|remedy| (remedy.kind, remedy.text.clone())).collect(),
                })
            })
            .collect();
        matched.sort_by_key(|one| (rank(&one.verdict), one.tier));
        matched
    }

    fn finding(&self, matched: &Matched) -> Finding {
        let tier = match (&matched.verdict, matched.tier) {
            (Verdict::Undetermined(_), Tier::Possible) => MatchTier::Inferred,
            (Verdict::Undetermined(_), _) | (_, Tier::Likely | Tier::Possible) => MatchTier::Possible,
            (_, Tier::Decided) => MatchTier::Decided,
        };
        let mut finding = Finding::new(&matched.cve, tier, &format!("{}: {}", matched.advisory, matched.statement));
        let metric = |name: &str| {
            let parts = matched.vector.as_deref()?.split('/');
            parts.filter_map(|part| part.split_once(':')).find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        finding.attack_vector = metric("AV").and_then(|value| match value {
            "N" => Some(AttackVector::Network),
            "A" => Some(AttackVector::Adjacent),
            "L" => Some(AttackVector::Local),
            "P" => Some(AttackVector::Physical),
            _ => None,
        });
        finding.privileges_required = metric("PR").and_then(|value| match value {
            "N" => Some(PrivilegesRequired::None),
            "L" => Some(PrivilegesRequired::Low),
            "H" => Some(PrivilegesRequired::High),
            _ => None,
        });
        finding.user_interaction = metric("UI").map(|value| match value {
            "N" => UserInteraction::None,
            _ => UserInteraction::Required,
        });
        finding.attack_complexity = metric("AC").map(|value| match value {
            "H" => AttackComplexity::High,
            _ => AttackComplexity::Low,
        });
        finding.epss = self.outside.predictions.get(&matched.cve).and_then(|one| Share::new(one.probability));
        let decisions =
            self.outside.records.get(&matched.cve).into_iter().flatten().flat_map(|record| &record.decisions);
        for decision in decisions {
            let exploitation = decision.exploitation.as_deref().and_then(|word| match word {
                "active" => Some(Exploitation::Active),
                "poc" => Some(Exploitation::PublicPoc),
                "none" => Some(Exploitation::None),
                _ => None,
            });
            finding.exploitation = exploitation.or(finding.exploitation);
            finding.automatable = decision.automatable.as_deref().map(|word| word == "yes").or(finding.automatable);
            finding.total_impact =
                decision.technical_impact.as_deref().map(|word| word == "total").or(finding.total_impact);
        }
        if self.outside.exploited.contains_key(&matched.cve) {
            finding.exploitation = Some(Exploitation::KnownExploited);
        }
        finding.vex = match matched.verdict {
            Verdict::Affected => Some(Vex::Affected),
            Verdict::NotAffected => Some(Vex::NotAffected),
            Verdict::Undetermined(_) => None,
        };
        let has_fix = matched.remedies.iter().any(|(kind, _)| *kind == RemedyKind::VendorFix);
        finding.update = has_fix && matched.verdict == Verdict::Affected;
        finding
    }
}

/// The surest first.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Affected => 0,
        Verdict::Undetermined(_) => 1,
        Verdict::NotAffected => 2,
    }
}

/// The vector that counts for a statement: version 4 before 3, 3 before 2.
fn vector(vulnerability: &Vulnerability, statement: &str) -> Option<String> {
    let is_for = |statements: &[String]| statements.is_empty() || statements.iter().any(|known| known == statement);
    let version = |vector: &str| match vector.get(..7) {
        Some("CVSS:4.") => 3,
        Some("CVSS:3.") => 2,
        _ => 1,
    };
    let fitting = vulnerability.scores.iter().filter(|score| is_for(&score.statements));
    fitting.max_by_key(|score| version(&score.vector)).map(|score| score.vector.clone())
}

/// Who stands in which network: the first three bytes of an IPv4 address, the first eight of an IPv6 address.
struct Networks {
    /// Devices of known kind, and medical ones among them.
    kinds: BTreeMap<String, (usize, usize)>,
}

impl Networks {
    fn new(devices: &[Seen], known: &Known) -> Self {
        let categories = known.knowledge.categories();
        let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for device in devices {
            let Some(category) = device.attribute("category") else { continue };
            let is_medical = ["medical_device", "medical_system"].iter().any(|kind| categories.is_a(category, kind));
            let networks: BTreeSet<String> = device.addresses.iter().map(network).collect();
            for network in networks {
                let (all, medical) = kinds.entry(network).or_default();
                *all = all.saturating_add(1);
                *medical = medical.saturating_add(usize::from(is_medical));
            }
        }
        Self { kinds }
    }

    fn exposure(&self, device: &Seen) -> Exposure {
        let mut more = Vec::new();
        if let Some(peer) = &device.inwards {
            more.push(Path::new(Some(Reach::Internet), "from the internet", peer));
        }
        if let Some(peer) = &device.outwards {
            more.push(Path::new(Some(Reach::InternetOutbound), "to the internet", peer));
        }
        Exposure::Paths { home: self.home(device), more }
    }

    /// The network a device stands in: open to all kinds of devices, or to medical ones.
    fn home(&self, device: &Seen) -> Path {
        let networks = device.addresses.iter().map(network);
        let judged = networks.filter_map(|network| {
            let (all, medical) = self.kinds.get(&network).copied()?;
            (all >= NEIGHBOURS_MIN).then_some((network, all, medical))
        });
        let Some((network, all, medical)) =
            judged.min_by_key(|(_, all, medical)| medical.saturating_mul(100).checked_div(*all))
        else {
            return Path::new(None, "its own network", "too few devices there are known");
        };
        let others = all.saturating_sub(medical);
        let is_medical = others.saturating_mul(100) <= all.saturating_mul(OTHERS_PERCENT_MAX);
        let reach = if is_medical { Reach::OpenClinical } else { Reach::FlatNetwork };
        let from = format!("{others} of {all} devices of known kind there are no medical ones");
        Path::new(Some(reach), &format!("the network {network}"), &from)
    }
}

/// The network that an address is taken to be in, for nobody tells its mask: the first three bytes of IPv4, the first eight of IPv6.
pub fn network(address: &IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
