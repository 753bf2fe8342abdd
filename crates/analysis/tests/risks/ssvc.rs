//! Our rules beside every row of the tables that CERT/CC and CISA publish.

use std::path::PathBuf;

use analysis::risks::ssvc::coordination::{Involvement, Report, Triage, Utility, ValueAdded, publishes, triage};
use analysis::risks::ssvc::{
    Action, Disagreement, HumanImpact, MissionImpact, Opinion, SafetyImpact, Timeline, WellBeing, coordinator,
    human_impact, remediation,
};
use analysis::risks::{Band, Exploitation, Reach, Severity};

use super::{device, finding, repository, tables};

/// The rows of a table without its head and their number; `None` if it is not there.
fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let folder = std::env::var_os("CORDON_SHARED_DATA").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| repository().join("../shared/data"));
    let text = std::fs::read_to_string(folder.join("ssvc").join(name));
    let Ok(text) = text else {
        eprintln!("SKIPPED: ssvc/{name} is not there");
        return None;
    };
    let row = |line: &str| line.split(',').skip(1).map(|cell| cell.trim().to_owned()).collect();
    Some(text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(row).collect())
}

/// Every row must agree, and there must be so many.
fn all_agree(name: &str, count: usize, decide: impl Fn(&[&str]) -> &'static str) {
    let Some(rows) = rows(name) else { return };
    let decides = |row: &&Vec<String>| {
        let (last, cells) = row.split_last().unwrap();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        decide(&cells) == last
    };
    let agreeing = rows.iter().filter(decides).count();
    println!("{name}: {agreeing} of {}", rows.len());
    assert_eq!((agreeing, rows.len()), (count, count), "{name}");
}

fn exploitation(cell: &str) -> Exploitation {
    match cell {
        "none" => Exploitation::None,
        "public poc" => Exploitation::PublicPoc,
        "active" => Exploitation::Active,
        other => panic!("{other}"),
    }
}

#[test]
fn coordinators_of_cisa() {
    all_agree("ssvc_cisa_coordinator_2_0_3.csv", 36, |cells| {
        let well_being = match cells[3] {
            "low" => WellBeing::Low,
            "medium" => WellBeing::Medium,
            _ => WellBeing::High,
        };
        match coordinator(exploitation(cells[0]), cells[1] == "yes", cells[2] == "total", well_being) {
            Action::Track => "track",
            Action::TrackClosely => "track*",
            Action::Attend => "attend",
            Action::Act => "act",
        }
    });
}

#[test]
fn directive_26_04() {
    all_agree("ssvc_cisa_bod_26_04_1_0_0.csv", 16, |cells| {
        match remediation(cells[0] == "yes", cells[1] == "yes", cells[2] == "yes", cells[3] == "total") {
            Timeline::OnUpgrade => "fix on system upgrade",
            Timeline::Days60 => "60 days",
            Timeline::Days14 => "14 days",
            Timeline::Days3 => "3 days",
            Timeline::Days3WithForensics => "3 days & forensic investigation",
        }
    });
}

#[test]
fn impact_on_people() {
    all_agree("ssvc_human_impact_1_0_0.csv", 16, |cells| {
        let safety = match cells[0] {
            "negligible" => SafetyImpact::Negligible,
            "marginal" => SafetyImpact::Marginal,
            "critical" => SafetyImpact::Critical,
            _ => SafetyImpact::Catastrophic,
        };
        let mission = match cells[1] {
            "degraded" => MissionImpact::Degraded,
            "mef support crippled" => MissionImpact::SupportCrippled,
            "mef failure" => MissionImpact::EssentialFailure,
            _ => MissionImpact::MissionFailure,
        };
        match human_impact(safety, mission) {
            HumanImpact::Low => "low",
            HumanImpact::Medium => "medium",
            HumanImpact::High => "high",
            HumanImpact::VeryHigh => "very high",
        }
    });
}

#[test]
fn coordination_centres_that_publish() {
    all_agree("ssvc_coordinator_publish_decision_table_1_0_0.csv", 27, |cells| {
        let involvement = match cells[0] {
            "fix ready" => Involvement::FixReady,
            "cooperative" => Involvement::Cooperative,
            _ => Involvement::Uncooperative,
        };
        let value = match cells[2] {
            "limited" => ValueAdded::Limited,
            "ampliative" => ValueAdded::Ampliative,
            _ => ValueAdded::Precedence,
        };
        if publishes(involvement, exploitation(cells[1]), value) { "publish" } else { "do not publish" }
    });
}

#[test]
fn coordination_centres_that_take_reports_up() {
    all_agree("ssvc_coordinator_triage_1_0_0.csv", 192, |cells| {
        let report = Report {
            public: cells[0] == "yes",
            supplier_contacted: cells[1] == "yes",
            credible: cells[2] == "credible",
            many_suppliers: cells[3] == "multiple",
            supplier_active: cells[4] == "active",
            utility: match cells[5] {
                "laborious" => Utility::Laborious,
                "efficient" => Utility::Efficient,
                _ => Utility::SuperEffective,
            },
            significant_safety: cells[6] == "significant",
        };
        match triage(report) {
            Triage::Decline => "decline",
            Triage::Track => "track",
            Triage::Coordinate => "coordinate",
        }
    });
}

#[test]
fn who_sustains_life_has_the_highest_well_being_impact() {
    let tables = &tables();
    let mut ventilator = device(Reach::MicroSegment, Severity::Catastrophic, 1.0, 0);
    ventilator.findings.push(finding("CVE-2020-0001"));
    ventilator.findings[0].exploitation = Some(Exploitation::KnownExploited);
    let opinion = Opinion::of(&ventilator, Band::Medium, tables);
    assert_eq!((opinion.well_being, opinion.action), (WellBeing::High, Action::Act));
    assert_eq!(opinion.timeline, Some(Timeline::Days3WithForensics));
    assert_eq!(opinion.disagreement, Some(Disagreement::SsvcMoreUrgent), "SSVC sees no segment");
    assert_eq!(Opinion::of(&ventilator, Band::Critical, tables).disagreement, None);
    ventilator.findings.clear();
    let opinion = Opinion::of(&ventilator, Band::High, tables);
    assert_eq!((opinion.action, opinion.timeline), (Action::Track, None));
    assert_eq!(opinion.disagreement, Some(Disagreement::ScoreMoreUrgent), "SSVC sees no weakness");
    let mut printer = device(Reach::FlatNetwork, Severity::Negligible, 1.0, 0);
    printer.findings.push(finding("CVE-2020-0002"));
    assert_eq!(Opinion::of(&printer, Band::Low, tables).well_being, WellBeing::Low);
}
