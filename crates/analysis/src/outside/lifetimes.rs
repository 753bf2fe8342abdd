//! Whether anybody still mends the operating system of a device (endoflife.date).
//!
//! Where a name may mean several releases, all have to agree; else it is a question. Updates that are paid for do not count: nobody
//! sees whether they were bought. A system that is older than every release that is listed is over when the oldest is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Timestamp;
use model::outside::{End, Lifetime};

use super::systems::{self, Wanted};
use super::{Ask, Cited, Device, Facts, Maintenance, Notice, NoticeKind, Source, Told, Whom, day};
use crate::advisories::Makers;

/// The weakness of `knowledge/risk.toml`.
const WEAKNESS: &str = "end_of_life_system";
/// Releases that a question names.
const NAMED_MAX: usize = 4;

/// Releases by product.
struct Lifetimes(BTreeMap<String, Vec<Listed>>);

/// A release, and where it is listed.
type Listed = (Arc<Lifetime>, Cited);

pub(super) fn source(facts: &Facts, _: &Makers) -> Box<dyn Source> {
    let mut by_product: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for (lifetime, origin) in facts.lifetimes.values() {
        let cited = Cited::new(origin, format!("{}/{}", lifetime.product, lifetime.cycle));
        by_product.entry(lifetime.product.clone()).or_default().push((Arc::clone(lifetime), cited));
    }
    Box::new(Lifetimes(by_product))
}

/// What is said of one system.
struct Said<'l> {
    /// Releases that nobody mends any more, and those that somebody does.
    ended: Vec<&'l Listed>,
    maintained: Vec<&'l Listed>,
    /// Whether it is not listed, but older than all that is.
    is_older: bool,
    mended_by_others: bool,
}

impl Source for Lifetimes {
    fn tell(&self, device: &Device<'_>, _: &Makers, told: &mut Told) {
        let seen = device.profile.system.as_deref().map(|system| (system.to_owned(), None));
        let declared = told.declared.iter().map(|(system, cited)| (system.clone(), Some(cited.clone())));
        // What was seen counts before what somebody says.
        let all = seen.into_iter().chain(declared).collect::<Vec<_>>();
        let software = device.profile.version.as_deref();
        for (system, declared) in all {
            let own = software.filter(|_| declared.is_none());
            if let Some((maintenance, notice)) = self.maintenance(&system, own, declared.as_ref(), device.today) {
                told.maintenance = maintenance;
                if maintenance == Maintenance::Ended {
                    told.weaknesses.insert(WEAKNESS, format!("{} ({})", notice.text, notice.source));
                }
                told.notices.push(notice);
                return;
            }
        }
    }
}

impl Lifetimes {
    fn maintenance(
        &self,
        system: &str,
        software: Option<&str>,
        declared: Option<&Cited>,
        today: Timestamp,
    ) -> Option<(Maintenance, Notice)> {
        let said = systems::read(system, software)
            .iter()
            .map(|wanted| self.said(wanted, today))
            .collect::<Option<Vec<_>>>()?;
        // Of each system that it may be, the last release to end.
        let lasts = said.iter().filter_map(|said| said.ended.iter().max_by_key(|(lifetime, _)| on(lifetime.security)));
        let names = lasts.map(|(_, cited)| cited.entry.clone()).collect::<BTreeSet<_>>();
        let meant = names.into_iter().collect::<Vec<_>>().join(" or ");
        let ended: Vec<&Listed> = said.iter().flat_map(|said| said.ended.iter().copied()).collect();
        let maintained: Vec<_> = said.iter().flat_map(|said| said.maintained.iter().copied()).collect();
        let is_mended_by_others = said.iter().any(|said| said.mended_by_others);
        let by = declared.map_or_else(String::new, |cited| format!(", as {cited} says"));
        let is_older = if said.iter().any(|said| said.is_older) { "older than " } else { "" };
        // The last to end of what ended, the first to end of what goes on: what is true of all.
        let last = ended.iter().max_by_key(|(lifetime, _)| on(lifetime.security));
        let first = maintained.iter().min_by_key(|(lifetime, _)| on(lifetime.security).unwrap_or(Timestamp(i64::MAX)));
        let (maintenance, text, cited, asks) = match (last, first) {
            (Some((lifetime, cited)), None) if !is_mended_by_others => {
                let paid = paid_until(lifetime, today);
                let asks = paid.as_ref().map(|_| "whether the updates that are paid for were bought and are installed");
                let text = format!(
                    "{system}{by}: {is_older}{meant}, whose security updates ended{}{}",
                    written(lifetime.security),
                    paid.unwrap_or_default()
                );
                (Maintenance::Ended, text, cited, asks.map(|asks| (Whom::Hospital, asks.to_owned())))
            }
            (None, Some((lifetime, cited))) => {
                let until = match on(lifetime.security) {
                    Some(end) => format!("until {}", day(end)),
                    None => "with no end set".to_owned(),
                };
                let text = format!("{system}{by}: {}, security updates {until}", cited.entry);
                (Maintenance::Maintained, text, cited, None)
            }
            (Some((_, cited)), None) => {
                let text = format!("{system}{by}: the kernel's own project ended {meant}, a distribution may go on");
                let asks = format!("which distribution mends {system}, and in which release");
                (Maintenance::Undecided, text, cited, Some((Whom::Maker, asks)))
            }
            (Some((_, cited)), Some(_)) => {
                let names = |releases: &[&Listed]| {
                    let names: Vec<&str> =
                        releases.iter().take(NAMED_MAX).map(|(lifetime, _)| lifetime.cycle.as_str()).collect();
                    format!("{}{}", names.join(", "), if releases.len() > NAMED_MAX { " …" } else { "" })
                };
                let text = format!("{system}{by}: ended for {}, maintained for {}", names(&ended), names(&maintained));
                let asks = format!("which release and edition of {system} it is");
                (Maintenance::Undecided, text, cited, Some((Whom::Hospital, asks)))
            }
            (None, None) => return None,
        };
        let asks = asks.map(|(whom, question)| Ask { whom, question });
        let kind = NoticeKind::Maintenance { state: maintenance };
        Some((maintenance, Notice { kind, text, source: cited.clone(), asks }))
    }

    /// The releases that are meant; `None` where none is listed.
    fn said(&self, wanted: &Wanted, today: Timestamp) -> Option<Said<'_>> {
        let listed = self.0.get(wanted.product)?;
        let fitting: Vec<_> = listed.iter().filter_map(|one| Some((wanted.fits(&one.0)?, one))).collect();
        let best = fitting.iter().map(|(parts, _)| *parts).max();
        let mut meant: Vec<_> =
            fitting.into_iter().filter(|(parts, _)| Some(*parts) == best).map(|(_, one)| one).collect();
        let is_older = meant.is_empty();
        if is_older {
            // All that is listed is later: the earliest of them says most.
            let later = listed.iter().map(|one| Some((wanted.later(&one.0)?, one))).collect::<Option<Vec<_>>>()?;
            let of_line: Vec<_> = later.iter().filter(|(_, one)| wanted.is_of_line(&one.0)).cloned().collect();
            let later = if of_line.is_empty() { later } else { of_line };
            let first = later.iter().map(|(version, _)| version.clone()).min();
            meant.extend(later.into_iter().filter(|(version, _)| Some(version) == first.as_ref()).map(|(_, one)| one));
        }
        let (mut ended, mut maintained) = (Vec::new(), Vec::new());
        for one in meant {
            match one.0.security {
                End::Unknown => {}
                End::Open => maintained.push(one),
                End::Over => ended.push(one),
                End::On(end) if end <= today => ended.push(one),
                End::On(_) => maintained.push(one),
            }
        }
        // What is older than a release that goes on may be anything.
        let is_said = if is_older {
            maintained.is_empty() && !ended.is_empty()
        } else {
            !(ended.is_empty() && maintained.is_empty())
        };
        let mended_by_others = wanted.is_mended_by_others();
        is_said.then_some(Said { ended, maintained, is_older, mended_by_others })
    }
}

fn on(end: End) -> Option<Timestamp> {
    match end {
        End::On(time) => Some(time),
        End::Unknown | End::Open | End::Over => None,
    }
}

fn written(end: End) -> String {
    on(end).map_or_else(String::new, |time| format!(" on {}", day(time)))
}

/// Until when updates can be bought, if they still can.
fn paid_until(lifetime: &Lifetime, today: Timestamp) -> Option<String> {
    match lifetime.extended {
        End::On(end) if end > today => Some(format!("; those that are paid for end on {}", day(end))),
        End::Open => Some("; some can be bought".to_owned()),
        End::On(_) | End::Over | End::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use model::outside::{Fact, Origin};

    use super::super::Beside;
    use super::*;
    use crate::advisories::Profile;

    const TODAY: &str = "2026-11-23";

    fn end(day: &str) -> End {
        match day {
            "" => End::Unknown,
            "open" => End::Open,
            "over" => End::Over,
            day => End::On(Timestamp::read(day).unwrap()),
        }
    }

    /// Days of ends are those that Microsoft and the projects published.
    fn facts() -> Facts {
        let mut facts = Facts::default();
        let origin = Arc::new(Origin {
            feed: "endoflife".into(),
            file: "products.json".into(),
            sha256: String::new(),
            date: Timestamp::read("2026-11-01"),
        });
        for (product, cycle, security, extended, latest) in [
            ("windows", "5-sp3", "2014-04-08", "", "5.1.2600"),
            ("windows", "7-sp1", "2020-01-14", "2023-01-10", "6.1.7601"),
            ("windows", "8", "2016-01-12", "", "6.2.9200"),
            ("windows", "8.1", "2023-01-10", "", "6.3.9600"),
            ("windows", "10-1809-e-lts", "2029-01-09", "", "10.0.17763"),
            ("windows", "10-1809-e", "2021-05-11", "", "10.0.17763"),
            ("windows", "10-1809-w", "2020-11-10", "", "10.0.17763"),
            ("windows", "10-22h2", "2025-10-14", "2028-10-10", "10.0.19045"),
            ("windows", "11-24h2-e", "2027-10-12", "", "10.0.26100"),
            ("windows-server", "2008-r2-sp1", "2020-01-14", "", "6.1.7601"),
            ("windows-server", "2008-sp2", "2020-01-14", "", "6.0.6003"),
            ("windows-server", "2019", "2029-01-09", "", "10.0.17763"),
            ("windows-server", "2012-r2", "2023-10-10", "2026-10-13", "6.3.9600"),
            ("windows-embedded", "standard-7-sp1", "2020-10-13", "", ""),
            ("windows-embedded", "posready-7", "2021-10-12", "", ""),
            ("windows-embedded", "compact-7", "2021-04-13", "", ""),
            ("windows-embedded", "compact-2013", "2023-10-10", "", ""),
            ("linux", "4.9", "2023-01-07", "", "4.9.337"),
            ("linux", "6.12", "2028-12-31", "", "6.12.1"),
            ("ubuntu", "16.04", "2021-04-01", "2026-04-23", ""),
            ("ubuntu", "24.04", "2029-05-31", "2036-05-31", ""),
            ("debian", "9", "over", "", ""),
            ("debian", "13", "open", "", ""),
        ] {
            let lifetime = Lifetime {
                product: product.into(),
                cycle: cycle.into(),
                released: None,
                support: End::Unknown,
                security: end(security),
                extended: end(extended),
                latest: (!latest.is_empty()).then(|| latest.to_owned()),
            };
            facts.take(&origin, Fact::Lifetime(lifetime));
        }
        facts
    }

    fn told(system: &str) -> Told {
        let facts = facts();
        let beside = Beside::new(&facts, &Makers::default());
        let profile = Profile { system: Some(system.to_owned()), ..Profile::default() };
        let device = Device {
            profile: &profile,
            weaknesses: &BTreeMap::new(),
            services: &BTreeMap::new(),
            outwards: None,
            vulnerabilities: &BTreeSet::new(),
            today: Timestamp::read(TODAY).unwrap(),
        };
        beside.tell(&device, &Makers::default())
    }

    #[test]
    fn systems_that_nobody_mends_are_a_weakness_with_release_day_and_source() {
        for (system, release, ended) in [
            ("Windows XP", "windows/5-sp3", "on 2014-04-08"),
            ("Windows 7", "windows/7-sp1", "on 2020-01-14"),
            ("Windows 8", "windows/8", "on 2016-01-12"),
            ("Windows 7 / Server 2008 R2", "7-sp1", "on 2020-01-14"),
            ("Windows Vista / Server 2008", "", ""),
            ("Windows XP Embedded", "windows-embedded/posready-7", "older than"),
            ("Windows CE 6.0", "windows-embedded/compact-7", "older than"),
            ("Windows Embedded Standard 7", "windows-embedded/standard-7-sp1", "on 2020-10-13"),
            ("Windows NT 4.0", "windows/5-sp3", "older than"),
            ("Linux 2.6", "linux/4.9", "older than"),
            ("Debian 9", "debian/9", "ended"),
            ("Ubuntu 16.04.3 LTS", "ubuntu/16.04", "on 2021-04-01"),
        ] {
            let told = told(system);
            if release.is_empty() {
                // Vista is not listed here, and Windows XP was before it: nothing is said.
                assert_eq!((told.maintenance, told.notices.len()), (Maintenance::Unknown, 0), "{system}");
                continue;
            }
            assert_eq!(told.maintenance, Maintenance::Ended, "{system}: {:?}", told.notices);
            let from = &told.weaknesses["end_of_life_system"];
            assert!(from.contains(release) && from.contains(ended), "{system}: {from}");
            assert!(from.contains("endoflife") && from.contains("products.json of 2026-11-01"), "{from}");
        }
    }

    #[test]
    fn what_is_maintained_is_none() {
        for (system, until) in [
            ("Windows 10 LTSC 2019", "2029-01-09"),
            ("Windows 11", "2027-10-12"),
            ("Windows Server 2019", "2029-01-09"),
            ("Ubuntu 24.04", "2029-05-31"),
            ("Linux 6.12.3", "2028-12-31"),
            ("Debian 13", "no end"),
        ] {
            let told = told(system);
            assert_eq!((told.maintenance, told.weaknesses.len()), (Maintenance::Maintained, 0), "{system}");
            assert!(told.notices[0].text.contains(until), "{:?}", told.notices);
        }
    }

    #[test]
    fn releases_that_disagree_are_a_question() {
        for system in ["Windows 10", "Windows 10 1809 / Server 2019", "Windows 10.0.17763", "Linux 4.9"] {
            let told = told(system);
            assert_eq!((told.maintenance, told.weaknesses.len()), (Maintenance::Undecided, 0), "{system}");
            assert!(told.notices[0].asks.is_some(), "{:?}", told.notices);
        }
        assert_eq!(told("Windows 10 1809 Pro").maintenance, Maintenance::Ended);
    }

    #[test]
    fn updates_that_can_be_bought_are_told() {
        let told_ = told("Windows 10 22H2");
        assert_eq!(told_.maintenance, Maintenance::Ended);
        assert!(told_.notices[0].text.contains("paid for end on 2028-10-10"), "{:?}", told_.notices);
        assert_eq!(told_.notices[0].asks.as_ref().unwrap().whom, Whom::Hospital);
        // For these they ended too.
        assert_eq!(told("Windows Server 2012 R2").notices[0].asks, None);
    }

    #[test]
    fn what_is_not_listed_is_not_judged() {
        for system in ["Windows", "VxWorks 6.9", "Windows 12", "Debian 99", "FreeBSD 9", "Linux 5.4"] {
            assert_eq!(told(system).maintenance, Maintenance::Unknown, "{system}");
        }
    }
}
