//! What the maker declares of a device's security (MDS2), held against what was seen of it.
//!
//! A disclosure is of a device if its manufacturer and model are the device's, and its release where both are known; one of another
//! release says nothing of this one. What was seen and is declared otherwise is a question to the maker: perhaps a setting, perhaps another
//! device, perhaps a mistake.

use std::sync::Arc;

use model::Weakness;
use model::outside::{Disclosure, Edition};

use super::named::{Agreement, Index, has_version};
use super::questions::{self, CLAIMS, NO_BILL, OWNED, PERMITTED, REMEDIES, Shown, answer, is_yes};
use super::{Ask, Cited, Device, Facts, Notice, NoticeKind, Permission, Source, Told, Whom, short, systems};
use crate::advisories::Makers;

/// The weakness of `knowledge/risk.toml` that a port is that nobody declared.
const UNDECLARED: &str = "undeclared_service";
/// Ports from here on are given to whoever asks (RFC 6335 §6): what answers there may be the other half of something declared.
const DYNAMIC_PORTS: u16 = 49_152;
/// Ports that a range may hold.
const RANGE_MAX: u16 = 1_000;
/// Words of a list that names only some.
const PARTIAL: [&str; 4] = ["e.g", "such as", "for example", "including"];

struct Disclosures(Index<(Arc<Disclosure>, Cited)>);

pub(super) fn source(facts: &Facts, makers: &Makers) -> Box<dyn Source> {
    let disclosures = facts.disclosures.values().map(|(disclosure, origin)| {
        let cited = Cited::new(origin, disclosure.document.clone());
        (disclosure.manufacturer.as_str(), disclosure.model.clone(), (Arc::clone(disclosure), cited))
    });
    Box::new(Disclosures(Index::new(disclosures, makers)))
}

impl Source for Disclosures {
    fn tell(&self, device: &Device<'_>, makers: &Makers, told: &mut Told) {
        let fitting = self.0.of(device.profile, makers).into_iter();
        let same = fitting.filter(|(agreement, _)| *agreement == Agreement::Same).map(|(_, one)| one);
        let rated = same.map(|one| (has_version(one.0.release.as_deref(), device.profile), one.0.released, one));
        // That of the very release first, else the newest that may be; of another release only to say so.
        let best = rated.max_by_key(|(is_release, released, _)| {
            let rank = match is_release {
                Some(true) => 2,
                None => 1,
                Some(false) => 0,
            };
            (rank, *released)
        });
        match best {
            Some((Some(false), _, one)) => told.notices.push(other_release(device, one)),
            Some((_, _, (disclosure, cited))) => Declared { disclosure, cited }.tell(device, told),
            None => {}
        }
    }
}

fn other_release(device: &Device<'_>, (disclosure, cited): &(Arc<Disclosure>, Cited)) -> Notice {
    let version = device.profile.version.as_deref().unwrap_or_default();
    let text = format!("the maker's disclosure is of release {}", disclosure.release.as_deref().unwrap_or_default());
    let question = format!("the disclosure (MDS2) of {} in release {version}", disclosure.model);
    Notice {
        kind: NoticeKind::OtherRelease,
        text,
        source: cited.clone(),
        asks: Some(Ask { whom: Whom::Maker, question }),
    }
}

/// The disclosure of a device.
struct Declared<'d> {
    disclosure: &'d Disclosure,
    cited: &'d Cited,
}

impl Declared<'_> {
    fn tell(&self, device: &Device<'_>, told: &mut Told) {
        self.contradictions(device, told);
        self.undeclared(device, told);
        for owned in OWNED {
            let is_known_otherwise = owned.weakness == NO_BILL && !told.parts.is_empty();
            if let Some(given) = owned.answers.given(self.disclosure).filter(|_| !is_known_otherwise) {
                told.weaknesses.insert(owned.weakness, format!("declared by the maker: {}", self.cite(&given)));
            }
        }
        for remedy in REMEDIES.iter().filter(|remedy| device.weaknesses.contains_key(remedy.weakness)) {
            if let Some(given) = remedy.answers.given(self.disclosure) {
                told.notices.push(Notice {
                    kind: NoticeKind::Remedy,
                    text: format!("{}: the maker declares that {}", title(remedy.weakness), remedy.remedy),
                    source: self.cite(&given),
                    asks: None,
                });
            }
        }
        self.permissions(told);
        for question in questions::SYSTEMS {
            let Some(answer) = answer(self.disclosure, question) else { continue };
            let texts = [Some(answer.answer.as_str()), answer.note.as_deref()].into_iter().flatten();
            let cited = self.cite(&[answer]);
            told.declared.extend(texts.filter_map(systems::declared).map(|system| (system, cited.clone())));
        }
    }

    fn contradictions(&self, device: &Device<'_>, told: &mut Told) {
        for claim in CLAIMS {
            let Some(given) = claim.answers.given(self.disclosure) else { continue };
            let seen: Vec<(String, String)> = claim.shown.iter().filter_map(|shown| seen(*shown, device)).collect();
            if seen.is_empty() {
                continue;
            }
            let join = |parts: Vec<String>| parts.join("; ");
            let what = join(seen.iter().map(|(what, _)| what.clone()).collect());
            let whence = join(seen.iter().map(|(what, whence)| format!("{what} ({whence})")).collect());
            let source = self.cite(&given);
            let question = format!(
                "{}: your {} says at {} that {}; seen was: {what}. Which holds, and what has to be set?",
                self.name(),
                self.document(),
                source.entry,
                claim.claim
            );
            told.notices.push(Notice {
                kind: NoticeKind::Contradiction,
                text: format!("the maker declares that {}; seen was: {whence}", claim.claim),
                source,
                asks: Some(Ask { whom: Whom::Maker, question }),
            });
        }
    }

    /// Ports on which the device answers and that the maker's list does not have, where there is a list.
    fn undeclared(&self, device: &Device<'_>, told: &mut Told) {
        let listing: Vec<_> = questions::PORTS
            .iter()
            .filter_map(|question| {
                let answer = answer(self.disclosure, question)?;
                Some((answer, ports(&format!("{} {}", answer.answer, answer.note.as_deref()?))?))
            })
            .collect();
        if listing.is_empty() {
            return;
        }
        let is_listed =
            |port: u16| listing.iter().flat_map(|(_, ports)| ports).any(|(from, to)| (*from..=*to).contains(&port));
        let source = self.cite(&listing.iter().map(|(answer, _)| *answer).collect::<Vec<_>>());
        let undeclared = device.services.iter().filter(|(port, _)| **port < DYNAMIC_PORTS && !is_listed(**port));
        let (ports, seen): (Vec<String>, Vec<String>) =
            undeclared.map(|(port, whence)| (format!("port {port}"), format!("port {port} ({whence})"))).unzip();
        if ports.is_empty() {
            return;
        }
        let text = short(&format!("it answers on what the maker does not list: {}", seen.join(", ")));
        let question = short(&format!("{}: what answers on {}, and does care need it?", self.name(), ports.join(", ")));
        told.weaknesses.insert(UNDECLARED, format!("{text}; {source}"));
        told.notices.push(Notice {
            kind: NoticeKind::UndeclaredService,
            text,
            source,
            asks: Some(Ask { whom: Whom::Maker, question }),
        });
    }

    fn permissions(&self, told: &mut Told) {
        for (of, of_2019, of_2013) in PERMITTED {
            let question = match self.disclosure.edition {
                Edition::Hn1Of2019 => of_2019,
                Edition::Hn1Of2013 => of_2013,
            };
            let Some(answer) = answer(self.disclosure, question) else { continue };
            let Some(holds) = is_yes(answer) else { continue };
            let note = answer.note.as_deref().map(short);
            told.permissions.push(Permission { of: *of, holds, note, source: self.cite(&[answer]) });
        }
    }

    /// The answers, each with its cell.
    fn cite(&self, answers: &[&model::outside::Answer]) -> Cited {
        let entries = answers.iter().map(|answer| format!("{} {} ({})", answer.question, answer.answer, answer.cell));
        self.cited.at(format!("{}, {}", self.cited.entry, entries.collect::<Vec<_>>().join(", ")))
    }

    fn name(&self) -> String {
        let release = self.disclosure.release.as_deref().unwrap_or_default();
        format!("{} {} {release}", self.disclosure.manufacturer, self.disclosure.model).trim().to_owned()
    }

    fn document(&self) -> &'static str {
        match self.disclosure.edition {
            Edition::Hn1Of2019 => "MDS2 (HN 1-2019)",
            Edition::Hn1Of2013 => "MDS2 (HN 1-2013)",
        }
    }
}

/// What was seen, and where; `None` if it was not.
fn seen(shown: Shown, device: &Device<'_>) -> Option<(String, String)> {
    match shown {
        Shown::Weakness(name) => Some((title(name).to_owned(), device.weaknesses.get(name)?.clone())),
        Shown::Port(port, name) => {
            Some((format!("it answers on port {port} ({name})"), device.services.get(&port)?.clone()))
        }
        Shown::Outwards => Some(("it speaks to somebody beyond the hospital".to_owned(), device.outwards?.to_owned())),
        Shown::Network => {
            let (port, whence) = device.services.first_key_value()?;
            Some((format!("it answers on port {port}"), whence.clone()))
        }
    }
}

/// What people read of a weakness that decoders see.
fn title(name: &str) -> &str {
    Weakness::ALL.iter().find(|weakness| weakness.name() == name).map_or(name, |weakness| weakness.title())
}

/// The ports that a note lists, from and to; `None` if it is no list of ports.
fn ports(note: &str) -> Option<Vec<(u16, u16)>> {
    let lower = note.to_lowercase();
    let is_about_ports = ["port", "tcp", "udp"].iter().any(|word| lower.contains(word));
    if !is_about_ports || PARTIAL.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-');
    let parts = lower.split(|letter: char| !is_part(letter));
    let ports = parts.filter_map(|part| {
        let part = part.trim_matches('.');
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to): (u16, u16) = (from.parse().ok()?, to.parse().ok()?);
                (to.checked_sub(from)? <= RANGE_MAX).then_some((from, to))
            }
            None => part.parse().ok().map(|port| (port, port)),
        }
    });
    let ports: Vec<(u16, u16)> = ports.filter(|(from, _)| *from > 0).collect();
    (!ports.is_empty()).then_some(ports)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::Timestamp;
    use model::outside::{Answer, Fact, Origin};

    use super::super::{Beside, Maintenance, Permitted};
    use super::*;
    use crate::advisories::Profile;

    fn disclosure(edition: Edition, release: Option<&str>, answers: &[(&str, &str, &str)]) -> Disclosure {
        let answers = answers.iter().enumerate().map(|(row, (question, answer, note))| Answer {
            question: (*question).into(),
            answer: (*answer).into(),
            note: (!note.is_empty()).then(|| (*note).to_owned()),
            cell: format!("form!C{row}"),
        });
        Disclosure {
            edition,
            manufacturer: "Example Medical".into(),
            model: "Pump 8".into(),
            release: release.map(str::to_owned),
            document: format!("EX-{}", release.unwrap_or("8")),
            released: Timestamp::read("2026-01-02"),
            answers: answers.collect(),
        }
    }

    const SEEN: [&str; 4] = ["cleartext_medical", "cleartext_management", "default_credentials", "anonymous_access"];

    fn told_of(disclosures: Vec<Disclosure>, profile: &Profile, seen: &[&str], ports: &[u16]) -> Told {
        let mut facts = Facts::default();
        let (feed, file) = ("mds2".to_owned(), "pump8.xlsx".to_owned());
        let origin = Arc::new(Origin { feed, file, sha256: String::new(), date: Timestamp::read("2026-01-02") });
        for disclosure in disclosures {
            facts.take(&origin, Fact::Disclosure(Box::new(disclosure)));
        }
        let weaknesses = seen.iter().map(|name| ((*name).to_owned(), "ward.pcapng, frame 7".to_owned())).collect();
        let device = Device {
            profile,
            weaknesses: &weaknesses,
            services: &ports.iter().map(|port| (*port, "answered 10.0.0.7".to_owned())).collect(),
            outwards: Some("tls to update.example"),
            vulnerabilities: &BTreeSet::new(),
            today: Timestamp(0),
        };
        Beside::new(&facts, &Makers::default()).tell(&device, &Makers::default())
    }

    fn profile(version: Option<&str>) -> Profile {
        Profile {
            vendor: Some("Example Medical Inc.".into()),
            model: Some("Pump 8".into()),
            version: version.map(str::to_owned),
            ..Profile::default()
        }
    }

    fn contradictions(edition: Edition, question: &str, answer: &str, ports: &[u16]) -> Vec<Notice> {
        let told = told_of(vec![disclosure(edition, None, &[(question, answer, "")])], &profile(None), &SEEN, ports);
        told.notices.into_iter().filter(|notice| notice.kind == NoticeKind::Contradiction).collect()
    }

    #[test]
    fn what_was_seen_and_is_declared_otherwise_is_asked() {
        for (edition, question, claimed, opposite) in [
            (Edition::Hn1Of2019, "TXCF-2", "Yes", "No"),
            (Edition::Hn1Of2019, "TXCF-1", "Yes", "No"),
            (Edition::Hn1Of2019, "MPII-1", "No", "Yes"),
            (Edition::Hn1Of2019, "CONN-4", "No", "Yes"),
            (Edition::Hn1Of2019, "RMOT-1", "No", "Yes"),
            (Edition::Hn1Of2019, "SAHD-9", "Yes", "No"),
            (Edition::Hn1Of2019, "AUTH-1", "Yes", "No"),
            (Edition::Hn1Of2019, "SAHD-6", "Yes", "No"),
            (Edition::Hn1Of2013, "18-2", "Yes", "No"),
            (Edition::Hn1Of2013, "18-1", "Yes", "No"),
            (Edition::Hn1Of2013, "A", "No", "Yes"),
            (Edition::Hn1Of2013, "20-1", "No", "Yes"),
            (Edition::Hn1Of2013, "15-8", "Yes", "No"),
            (Edition::Hn1Of2013, "3-1", "Yes", "No"),
            (Edition::Hn1Of2013, "15-5", "Yes", "No"),
        ] {
            let told = contradictions(edition, question, claimed, &[23, 3_389]);
            let [notice] = &told[..] else { panic!("{question}: {told:?}") };
            assert_eq!(notice.source.entry, format!("EX-8, {question} {claimed} (form!C0)"));
            let ask = notice.asks.as_ref().unwrap();
            assert_eq!(ask.whom, Whom::Maker);
            assert!(ask.question.contains("Example Medical Pump 8: your MDS2"), "{}", ask.question);
            assert!(!ask.question.contains("pcapng"), "where it was seen stays in the house: {}", ask.question);
            for other in [opposite, "N/A", "See Note"] {
                assert!(contradictions(edition, question, other, &[23, 3_389]).is_empty(), "{question} {other}");
            }
        }
        let told =
            told_of(vec![disclosure(Edition::Hn1Of2019, None, &[("TXCF-2", "Yes", "")])], &profile(None), &[], &[]);
        assert!(told.notices.is_empty(), "nothing was seen");
        // The numbers of one edition mean nothing in the other.
        assert!(contradictions(Edition::Hn1Of2019, "18-2", "Yes", &[]).is_empty());
    }

    #[test]
    fn only_all_answers_together_are_a_claim() {
        let of = |answers: &[(&str, &str, &str)]| {
            let told = told_of(vec![disclosure(Edition::Hn1Of2019, None, answers)], &profile(None), &[], &[104]);
            told.notices.len()
        };
        assert_eq!(of(&[("CONN-1.2.1", "No", ""), ("CONN-1.1.1", "No", "")]), 1);
        assert_eq!(of(&[("CONN-1.2.1", "No", ""), ("CONN-1.1.1", "Yes", "")]), 0);
        assert_eq!(of(&[("CONN-1.2.1", "No", "")]), 0);
    }

    #[test]
    fn ports_that_the_list_does_not_have_are_a_weakness() {
        let of = |note: &str, ports: &[u16]| {
            let answers = [("CONN-2", "Yes", note)];
            told_of(vec![disclosure(Edition::Hn1Of2019, None, &answers)], &profile(None), &[], ports)
        };
        let list = "Note 3: TCP 104 (DICOM), 443/tcp, ports 5000-5010, UDP 161";
        let told = of(list, &[104, 161, 443, 5_005, 8_080, 50_000]);
        let from = &told.weaknesses["undeclared_service"];
        assert!(from.contains("port 8080 (answered 10.0.0.7)") && from.contains("CONN-2"), "{from}");
        assert!(!from.contains("5005") && !from.contains("50000") && !from.contains("104 "), "{from}");
        assert!(of(list, &[104, 443]).weaknesses.is_empty());
        for no_list in ["", "See the manual, page 12", "TCP ports, e.g. 104", "Ports: see annex"] {
            assert!(of(no_list, &[8_080]).weaknesses.is_empty(), "{no_list}");
        }
    }

    #[test]
    fn what_the_maker_owns_up_to_is_a_weakness() {
        let weaknesses = |edition, answers: &[(&str, &str, &str)]| -> Vec<&'static str> {
            told_of(vec![disclosure(edition, None, answers)], &profile(None), &[], &[]).weaknesses.into_keys().collect()
        };
        let of_2019 = [
            ("PAUT-5", "No", ""),
            ("PAUT-14", "Yes", ""),
            ("MLDP-1", "Yes", ""),
            ("MLDP-2", "No", ""),
            ("MLDP-4", "No", ""),
            ("MLDP-5", "No", ""),
            ("SAHD-3.2", "No", ""),
            ("CONN-1.2.3", "Yes", ""),
            ("SBOM-1", "No", ""),
        ];
        let all = [
            "hardcoded_credentials",
            "no_bill_of_materials",
            "no_endpoint_detection",
            "removable_media",
            "unsigned_update",
        ];
        assert_eq!(weaknesses(Edition::Hn1Of2019, &of_2019), all);
        let of_2013 = [
            ("12-4", "No", ""),
            ("12-1", "Yes", ""),
            ("10-1", "No", ""),
            ("15-2", "No", ""),
            ("D.3", "Yes", ""),
            ("14-2", "No", ""),
        ];
        assert_eq!(weaknesses(Edition::Hn1Of2013, &of_2013), all);
        // Who keeps no passwords has none that cannot be changed.
        assert!(weaknesses(Edition::Hn1Of2019, &[("PAUT-5", "No", ""), ("PAUT-14", "No", "")]).is_empty());
    }

    #[test]
    fn what_can_be_done_is_told_with_the_answer() {
        let answers =
            [("CSUP-2.1", "Yes", "See manual"), ("CSUP-2.2", "No", ""), ("MLDP-2", "N/A", ""), ("PAUT-5", "Yes", "")];
        let told = told_of(
            vec![disclosure(Edition::Hn1Of2019, None, &answers)],
            &profile(None),
            &["default_credentials"],
            &[],
        );
        let permitted: Vec<_> = told.permissions.iter().map(|one| (one.of, one.holds, one.note.as_deref())).collect();
        assert_eq!(
            permitted,
            [
                (Permitted::PatchingByOwner, true, Some("See manual")),
                (Permitted::PatchingByMakerOnly, false, None),
                (Permitted::ChangingPasswords, true, None),
            ]
        );
        let [notice] = &told.notices[..] else { panic!("{told:?}") };
        assert_eq!((&notice.kind, &notice.asks), (&NoticeKind::Remedy, &None));
        assert!(notice.text.contains("a default password is in use") && notice.text.contains("can be changed"));
    }

    #[test]
    fn the_disclosure_of_the_release_counts() {
        let answers = [("RMOT-1", "No", "")];
        let of = |releases: &[Option<&str>], version| {
            let all = releases.iter().map(|release| disclosure(Edition::Hn1Of2019, *release, &answers)).collect();
            told_of(all, &profile(version), &[], &[23]).notices
        };
        let kinds = |releases: &[Option<&str>], version| -> Vec<NoticeKind> {
            of(releases, version).into_iter().map(|notice| notice.kind).collect()
        };
        assert_eq!(kinds(&[Some("7.1")], Some("7.1")), [NoticeKind::Contradiction]);
        assert_eq!(kinds(&[Some("7.1")], None), [NoticeKind::Contradiction]);
        assert_eq!(kinds(&[None], Some("7.1")), [NoticeKind::Contradiction]);
        assert_eq!(kinds(&[Some("7.1")], Some("7.2")), [NoticeKind::OtherRelease]);
        let both = of(&[Some("7.2"), Some("7.1"), Some("7.3")], Some("7.1"));
        assert!(both[0].source.entry.starts_with("EX-7.1"), "{both:?}");
        // Another maker's, or another model's, is none.
        let mut other = profile(None);
        other.model = Some("Pump 9".into());
        assert!(told_of(vec![disclosure(Edition::Hn1Of2019, None, &answers)], &other, &[], &[23]).notices.is_empty());
        other = profile(None);
        other.vendor = Some("Another".into());
        assert!(told_of(vec![disclosure(Edition::Hn1Of2019, None, &answers)], &other, &[], &[23]).notices.is_empty());
    }

    #[test]
    fn systems_are_read_from_notes() {
        for (note, system) in [
            ("Windows 10 IoT Enterprise LTSC 2019", "windows 10 iot enterprise ltsc 2019"),
            ("Note 4: It runs Windows XP Embedded, hardened.", "windows xp embedded hardened"),
            ("Red Hat Enterprise Linux 7.9", "red hat enterprise linux 7.9"),
            ("Embedded Linux 2.6.32", "linux 2.6.32"),
        ] {
            assert_eq!(systems::declared(note).as_deref(), Some(system));
        }
        for note in [
            "Yes",
            "Windows updates are approved within 7 days",
            "Linux based, 3 partitions",
            "proprietary",
            "VxWorks 6.9",
        ] {
            assert_eq!(systems::declared(note), None, "{note}");
        }
        let answers = [("14-1", "See Note", "Windows 7")];
        let told = told_of(vec![disclosure(Edition::Hn1Of2013, None, &answers)], &profile(None), &[], &[]);
        assert_eq!(told.maintenance, Maintenance::Unknown, "no lifetimes are known here");
        assert_eq!(told.declared.len(), 1);
    }
}
