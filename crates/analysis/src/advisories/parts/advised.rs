//! What advisories say of parts: of products that are built into devices, and of packages by their URLs.

use std::collections::{BTreeMap, BTreeSet};

use model::advisory::{Advisory, PublisherKind, Status};

use super::super::Verdict;
use super::super::library::{Finding, Library};
use super::super::makers::Makers;
use super::super::names::Fit;
use super::super::predicate::{Profile, Question};
use super::super::written::Purl;
use super::cpe::{Attribute, Cpe};
use super::held::upstream;
use super::part::{Part, is_packaged};
use super::tier;

/// What is said of packages by their URLs alone.
#[derive(Debug, Default)]
pub struct Packages {
    /// By the package without its version.
    by_package: BTreeMap<String, Vec<Said>>,
}

#[derive(Debug)]
struct Said {
    advisory: usize,
    statement: String,
    version: Option<String>,
    /// The houses of whoever publishes, and whether it is a maker.
    publisher: Vec<String>,
    is_makers: bool,
    /// By the place of the vulnerability where the package stands.
    states: Vec<(usize, Status)>,
}

impl Packages {
    /// Takes what an advisory says of packages, and tells which of its statements that were.
    pub fn read<'a>(&mut self, place: usize, advisory: &'a Advisory, makers: &Makers) -> BTreeSet<&'a str> {
        let of_packages =
            advisory.statements.iter().filter(|statement| statement.relation.is_none()).filter_map(|statement| {
                let purl = statement.identifiers.purls.first().filter(|_| statement.vendor.is_none())?;
                let (package, version) = package(purl)?;
                Some((statement.id.as_str(), package, version.or_else(|| statement.version.clone())))
            });
        let of_packages: Vec<_> = of_packages.collect();
        let mut states: BTreeMap<&str, Vec<(usize, Status)>> = BTreeMap::new();
        for (number, vulnerability) in advisory.vulnerabilities.iter().enumerate() {
            for state in &vulnerability.states {
                states.entry(&state.statement).or_default().push((number, state.status));
            }
        }
        let mut taken = BTreeSet::new();
        for (id, package, version) in of_packages {
            let states = states.get(id).cloned().unwrap_or_default();
            let said = Said {
                advisory: place,
                statement: id.to_owned(),
                version,
                publisher: makers.names_of(&advisory.publisher.name),
                is_makers: advisory.publisher.kind == PublisherKind::Vendor,
                states,
            };
            self.by_package.entry(package).or_default().push(said);
            taken.insert(id);
        }
        taken
    }
}

/// A package without its version and qualifiers, and its version; `None` for products that their makers sell.
fn package(purl: &str) -> Option<(String, Option<String>)> {
    let read = Purl::read(purl).filter(|purl| !purl.is_of_a_maker)?;
    let path = purl.split(['?', '#']).next()?;
    let path = path.rsplit_once('@').filter(|_| read.version.is_some()).map_or(path, |(path, _)| path);
    Some((path.to_lowercase(), read.version))
}

impl Library {
    /// What advisories say of a part of a device. What its maker says of the device as a whole counts more.
    pub fn part_findings(&self, part: &Part, device: &Profile) -> Vec<Finding> {
        let mut findings = self.package_findings(part, device);
        let cpe = part.cpes.first().and_then(|cpe| Cpe::read(cpe));
        let text = |attribute: Option<&Attribute>| match attribute {
            Some(Attribute::Text(text)) => Some(text.replace('_', " ")),
            _ => None,
        };
        let vendor = part.vendor.clone().or_else(|| text(cpe.as_ref().map(|cpe| &cpe.vendor)));
        let own = part.version.as_deref().map(upstream);
        let profile = Profile {
            model: Some(part.name.clone()),
            version: own.map(|(version, _)| version.to_owned()),
            vendor,
            ..Profile::default()
        };
        let may_be_mended = is_packaged(part) || own.is_some_and(|(_, is_built_by_others)| is_built_by_others);
        let Some(mut naming) = self.naming(&profile) else { return findings };
        if profile.vendor.is_none() {
            // Without its maker only the very name tells a part.
            naming.retain(|fit| *fit == Fit::Exact);
        }
        for mut finding in self.said(&naming, &profile) {
            finding.verdict = match finding.verdict {
                Verdict::Undetermined(questions) => {
                    Verdict::Undetermined(questions.into_iter().map(|question| of_part(question, part)).collect())
                }
                Verdict::Affected if may_be_mended => {
                    let question = format!("{} is not mended by who built it", part.name);
                    Verdict::Undetermined(BTreeSet::from([Question::Statement(question)]))
                }
                decided => decided,
            };
            finding.tier = finding.tier.max(tier(&finding.verdict, part.known_by));
            findings.push(finding);
        }
        findings.sort_by_key(|finding| (finding.advisory, finding.vulnerability));
        findings
    }

    fn package_findings(&self, part: &Part, device: &Profile) -> Vec<Finding> {
        let own = part.purl.as_deref().and_then(package);
        let houses = |name: Option<&str>| name.map(|name| self.makers().names_of(name)).unwrap_or_default();
        let maker = houses(device.vendor.as_deref());
        let packager = houses(part.purl.as_deref().and_then(Purl::read).and_then(|purl| purl.namespace).as_deref());
        let Some((package, version)) = own else { return Vec::new() };
        let mut findings = Vec::new();
        for said in self.packages().by_package.get(&package).into_iter().flatten() {
            // Versions of distributions have orders of their own: only the same is the same.
            if said.version.is_some() && said.version != version {
                continue;
            }
            // That a package does no harm is true of the product that it is in; who makes the package says it of all.
            let clears = said.is_makers && self.makers().agree(&said.publisher, &maker)
                || self.makers().agree(&said.publisher, &packager);
            for (vulnerability, status) in &said.states {
                let verdict = match status {
                    Status::Affected => Verdict::Affected,
                    Status::NotAffected | Status::Fixed if clears => Verdict::NotAffected,
                    Status::NotAffected | Status::Fixed => continue,
                    Status::UnderInvestigation => {
                        let question = "the publisher still investigates".to_owned();
                        Verdict::Undetermined(BTreeSet::from([Question::Statement(question)]))
                    }
                    Status::FirstAffected | Status::LastAffected | Status::FirstFixed | Status::Recommended => continue,
                };
                findings.push(Finding {
                    advisory: said.advisory,
                    vulnerability: *vulnerability,
                    statement: said.statement.clone(),
                    tier: tier(&verdict, part.known_by),
                    verdict,
                    authority: self.authority_of_others(said.advisory),
                });
            }
        }
        findings
    }
}

/// A question about a product, asked about a part.
fn of_part(question: Question, part: &Part) -> Question {
    match question {
        Question::Version => Question::Module(part.name.clone()),
        Question::Model => Question::Statement(format!("its {} is the one that is meant", part.name)),
        other => other,
    }
}
