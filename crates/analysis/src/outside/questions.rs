//! What the questions of the MDS2 mean here: claims that traffic may contradict, weaknesses that makers own up to, and what can be done
//! to a device. NEMA/MITA HN 1-2019 (`TXCF-2`) and HIMSS/NEMA HN 1-2013 (`18-2`).

use model::outside::{Answer, Disclosure, Edition};

use super::Permitted;

/// Answers that have to be given together, by edition; an edition without such a question has none.
pub(super) struct Answers {
    of_2019: &'static [Wanted],
    of_2013: &'static [Wanted],
}

/// A question, and whether it is answered with yes or with no.
type Wanted = (&'static str, bool);

/// Something that traffic may show not to be so.
pub(super) struct Claim {
    pub(super) answers: Answers,
    /// What is claimed.
    pub(super) claim: &'static str,
    /// What shows otherwise.
    pub(super) shown: &'static [Shown],
}

/// Something that is seen in traffic.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    /// A weakness, by its name.
    Weakness(&'static str),
    /// It answers on a port.
    Port(u16, &'static str),
    /// It speaks to somebody beyond the hospital.
    Outwards,
    /// It is on the network at all.
    Network,
}

/// A weakness that a maker owns up to.
pub(super) struct Owned {
    /// Its name in `knowledge/risk.toml`.
    pub(super) weakness: &'static str,
    pub(super) answers: Answers,
}

/// A weakness that was seen, and what the maker says can be done about it.
pub(super) struct Remedy {
    pub(super) weakness: &'static str,
    pub(super) answers: Answers,
    pub(super) remedy: &'static str,
}

const CLEARTEXT: Shown = Shown::Weakness("cleartext_medical");

pub(super) static CLAIMS: &[Claim] = &[
    Claim {
        answers: Answers { of_2019: &[("TXCF-2", true)], of_2013: &[("18-2", true)] },
        claim: "data of patients is encrypted before it is sent",
        shown: &[CLEARTEXT],
    },
    Claim {
        answers: Answers { of_2019: &[("TXCF-1", true)], of_2013: &[("18-1", true)] },
        claim: "data of patients leaves by a dedicated cable only",
        shown: &[CLEARTEXT],
    },
    Claim {
        answers: Answers { of_2019: &[("MPII-1", false)], of_2013: &[("A", false)] },
        claim: "it shows, sends and keeps no data of patients",
        shown: &[CLEARTEXT],
    },
    Claim {
        answers: Answers {
            of_2019: &[("MPII-1", true), ("MPII-3.5", false), ("MPII-3.6", false)],
            of_2013: &[("A", true), ("D.5", false), ("D.6", false)],
        },
        claim: "data of patients crosses no network",
        shown: &[CLEARTEXT],
    },
    Claim {
        answers: Answers { of_2019: &[("CONN-1.2.1", false), ("CONN-1.1.1", false)], of_2013: &[] },
        claim: "it has neither Ethernet nor Wi-Fi",
        shown: &[Shown::Network],
    },
    Claim {
        answers: Answers { of_2019: &[("CONN-4", false)], of_2013: &[] },
        claim: "it cannot speak to systems beyond the hospital",
        shown: &[Shown::Outwards],
    },
    Claim {
        answers: Answers { of_2019: &[("RMOT-1", false)], of_2013: &[("20-1", false)] },
        claim: "it permits no remote service",
        shown: &[
            Shown::Weakness("rdp_without_authentication"),
            Shown::Port(22, "SSH"),
            Shown::Port(23, "Telnet"),
            Shown::Port(3_389, "Remote Desktop"),
            Shown::Port(5_900, "VNC"),
        ],
    },
    Claim {
        answers: Answers { of_2019: &[("SAHD-9", true)], of_2013: &[("15-8", true)] },
        claim: "services that it does not need, as Telnet and FTP, are off",
        shown: &[Shown::Weakness("cleartext_management"), Shown::Port(21, "FTP"), Shown::Port(23, "Telnet")],
    },
    Claim {
        answers: Answers { of_2019: &[("AUTH-1", true)], of_2013: &[("3-1", true)] },
        claim: "nobody gets in without signing in",
        shown: &[Shown::Weakness("anonymous_access")],
    },
    Claim {
        answers: Answers { of_2019: &[("SAHD-6", true)], of_2013: &[("15-5", true)] },
        claim: "accounts that it does not need are off when it is delivered",
        shown: &[Shown::Weakness("default_credentials")],
    },
    Claim {
        answers: Answers { of_2019: &[("NAUT-1", true)], of_2013: &[("11-1", true)] },
        claim: "who sends and who receives know each other",
        shown: &[Shown::Weakness("unauthenticated_control")],
    },
];

pub(super) static OWNED: &[Owned] = &[
    // Who has no passwords answers that not all can be changed, too.
    Owned {
        weakness: "hardcoded_credentials",
        answers: Answers {
            of_2019: &[("PAUT-5", false), ("PAUT-14", true)],
            of_2013: &[("12-4", false), ("12-1", true)],
        },
    },
    Owned {
        weakness: "no_endpoint_detection",
        answers: Answers {
            of_2019: &[("MLDP-1", true), ("MLDP-2", false), ("MLDP-4", false), ("MLDP-5", false)],
            of_2013: &[("10-1", false)],
        },
    },
    Owned {
        weakness: "unsigned_update",
        answers: Answers { of_2019: &[("SAHD-3.2", false)], of_2013: &[("15-2", false)] },
    },
    Owned {
        weakness: "removable_media",
        answers: Answers { of_2019: &[("CONN-1.2.3", true)], of_2013: &[("D.3", true)] },
    },
    Owned { weakness: NO_BILL, answers: Answers { of_2019: &[("SBOM-1", false)], of_2013: &[("14-2", false)] } },
];

/// Nobody knows which software is in it: not so where a list was found elsewhere.
pub(super) const NO_BILL: &str = "no_bill_of_materials";

pub(super) static REMEDIES: &[Remedy] = &[
    Remedy {
        weakness: "cleartext_medical",
        answers: Answers { of_2019: &[("TXCF-2.1", true)], of_2013: &[] },
        remedy: "encryption can be configured by the customer",
    },
    Remedy {
        weakness: "cleartext_medical",
        answers: Answers { of_2019: &[("TXCF-5", true)], of_2013: &[] },
        remedy: "secure transmission (DICOM, HL7, IEEE 11073) is supported",
    },
    Remedy {
        weakness: "default_credentials",
        answers: Answers { of_2019: &[("PAUT-5", true)], of_2013: &[("12-4", true)] },
        remedy: "the passwords can be changed",
    },
];

/// What can be done, and the questions that say so.
pub(super) static PERMITTED: &[(Permitted, &str, &str)] = &[
    (Permitted::Patching, "", "5-1"),
    (Permitted::PatchingByOwner, "CSUP-2.1", ""),
    (Permitted::PatchingByMakerOnly, "CSUP-2.2", ""),
    (Permitted::PatchesOfOthers, "CSUP-2.4", ""),
    (Permitted::RemotePatching, "CSUP-2.3", "5-1.1"),
    (Permitted::AntiMalware, "MLDP-2", "10-1"),
    (Permitted::AntiMalwareByOwner, "MLDP-2.3", "10-2"),
    (Permitted::AllowListing, "MLDP-4", ""),
    (Permitted::ChangingPasswords, "PAUT-5", "12-4"),
    (Permitted::ConfiguringEncryption, "TXCF-2.1", ""),
    (Permitted::RemoteService, "RMOT-1", "20-1"),
];

/// Questions whose notes name ports.
pub(super) const PORTS: [&str; 6] = ["CONN-2", "NAUT-2.1", "SAHD-8", "15-3", "15-7", "18-3"];
/// Questions whose answers or notes name operating systems.
pub(super) const SYSTEMS: [&str; 2] = ["CSUP-2", "14-1"];

impl Answers {
    /// The answers, if all are as wanted.
    pub(super) fn given<'d>(&self, disclosure: &'d Disclosure) -> Option<Vec<&'d Answer>> {
        let wanted = match disclosure.edition {
            Edition::Hn1Of2019 => self.of_2019,
            Edition::Hn1Of2013 => self.of_2013,
        };
        let given = wanted.iter().map(|(question, yes)| {
            let answer = answer(disclosure, question)?;
            (is_yes(answer) == Some(*yes)).then_some(answer)
        });
        given.collect::<Option<Vec<_>>>().filter(|given| !given.is_empty())
    }
}

pub(super) fn answer<'d>(disclosure: &'d Disclosure, question: &str) -> Option<&'d Answer> {
    disclosure.answers.iter().find(|answer| answer.question == question)
}

/// Yes or no; `None` for `N/A`, `See Note` and whatever else.
pub(super) fn is_yes(answer: &Answer) -> Option<bool> {
    match answer.answer.trim().trim_end_matches(['.', ',', '*']).to_lowercase().as_str() {
        "yes" | "y" => Some(true),
        "no" | "n" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::outside::Fact;

    use super::*;

    /// Every question that is asked for, of HN 1-2019.
    fn of_2019() -> Vec<&'static str> {
        let answers = CLAIMS.iter().map(|claim| &claim.answers).chain(OWNED.iter().map(|owned| &owned.answers));
        let answers = answers.chain(REMEDIES.iter().map(|remedy| &remedy.answers));
        let questions = answers.flat_map(|answers| answers.of_2019).map(|(question, _)| *question);
        let permitted = PERMITTED.iter().map(|(_, question, _)| *question).filter(|question| !question.is_empty());
        let noted = PORTS.into_iter().chain(SYSTEMS).filter(|question| question.starts_with(char::is_alphabetic));
        questions.chain(permitted).chain(noted).collect()
    }

    #[test]
    #[allow(clippy::disallowed_methods, clippy::print_stdout)]
    fn the_form_of_2019_has_every_question() {
        let Some(data) = xtask::reference::data() else { return };
        let path = data.join("mds2/LM-Tech-Solutions+parseMDS2/Example-MDS2-Worksheet.xlsx");
        let document = feeds::read("Example-MDS2-Worksheet.xlsx", &std::fs::read(path).unwrap()).unwrap();
        let Some(Fact::Disclosure(form)) = document.facts().next().map(|fact| fact.fact) else { panic!() };
        let questions = of_2019();
        let missing: Vec<&str> =
            questions.iter().copied().filter(|question| answer(&form, question).is_none()).collect();
        assert_eq!(missing, [] as [&str; 0]);
        println!("MDS2: all {} questions that are used are in the form of 2019", questions.len());
    }
}
