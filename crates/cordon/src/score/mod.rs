//! `cordon score`: how often an analysis is right where the truth is known, and how sure it is of what is wrong.

pub mod tally;
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::arguments::{Format, Score};
use crate::failure::Failure;
use crate::folder::{DEVICES, FLOWS, WEAKNESSES};
use crate::knowledge;
use crate::terminal::{Column, Terminal, table};
use crate::words::printable;
use analysis::knowledge::Knowledge;
use tally::{Figures, Tally, Verdict, share};
use truth::{Seen, Truth, asserted, text};

/// The attribute whose values are kinds of each other.
const CATEGORY: &str = "category";
/// The attributes that are scored.
const ATTRIBUTES: [&str; 7] = ["category", "vendor", "family", "model", "serial", "asset_tag", "software"];

/// What an analysis is worth.
#[derive(Debug, Serialize)]
pub struct Scores {
    /// By attribute.
    pub attributes: BTreeMap<&'static str, Figures>,
    /// Devices of the truth that were found, of all; and devices that were told although there are none.
    pub devices: Found,
    /// Roles told, of those played; and told although not played.
    pub roles: Found,
    /// Weaknesses told, of those shown; and told although not shown.
    pub weaknesses: Found,
    /// Flows told with their application, of those that were.
    pub flows: Found,
    /// Operations told, of those that were.
    pub operations: Found,
}

/// How many of what there is were found.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Found {
    /// Found of all, a share of 1.
    pub recall: f64,
    /// So of those told, a share of 1.
    pub precision: f64,
    /// How many there are.
    pub n: usize,
}

/// Runs the command.
pub fn run(arguments: &Score) -> Result<(), Failure> {
    let truth = Truth::read(&arguments.truth)?;
    let known = knowledge::load(&[], None)?;
    let rows = |name: &str| rows(&arguments.folder.join(name));
    let seen = Seen::new(rows(DEVICES)?);
    let (flows, weaknesses) = (rows(FLOWS)?, rows(WEAKNESSES)?);
    let mut remarks = Vec::new();
    let scores = score(&truth, &seen, &flows, &weaknesses, &known.knowledge, &mut remarks);
    let mut said = match arguments.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&scores).map_err(|error| Failure::Failed(error.to_string()))?;
            format!("{text}\n")
        }
        Format::Table => as_table(&scores),
    };
    if arguments.wrong && arguments.format == Format::Table {
        said.push('\n');
        said.extend(remarks.iter().map(|remark| format!("{}\n", printable(remark))));
    }
    crate::print(&said, "print to a terminal, or to a disk with free space")
}

/// Holds what was seen against the truth; what is wrong or missing is remarked on.
fn score(
    truth: &Truth,
    seen: &Seen,
    flows: &[Value],
    weaknesses: &[Value],
    knowledge: &Knowledge,
    remarks: &mut Vec<String>,
) -> Scores {
    let matched = seen.matched(truth);
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let (mut roles, mut weak) = (Sets::default(), Sets::default());
    let mut weaknesses_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in weaknesses {
        weaknesses_of.entry(text(row, "device")).or_default().insert(text(row, "kind").to_owned());
    }
    for device in &truth.devices {
        let row = matched.get(&device.number).and_then(|id| seen.rows().get(id));
        if row.is_none() {
            remarks.push(format!("{}: not found", device.name));
        }
        for attribute in ATTRIBUTES {
            let Some(value) = device.is.get(attribute).filter(|_| device.told.iter().any(|told| told == attribute))
            else {
                continue;
            };
            let said = row.and_then(|row| asserted(row, attribute));
            let verdict = judged(knowledge, attribute, value, said.map(|(value, _)| value));
            tallies.entry(attribute).or_default().add(value, said, verdict);
            if verdict != Verdict::Right {
                let (said, confidence) = said.unwrap_or(("nothing", 0.0));
                remarks.push(format!("{}: {attribute} is {value}, told {said} ({confidence:.2})", device.name));
            }
        }
        let Some(row) = row else { continue };
        let of_row = row.get("roles").and_then(Value::as_array).into_iter().flatten();
        let told: BTreeSet<String> = of_row.map(|role| text(role, "role").to_owned()).collect();
        roles.add(&device.name, "role", device.roles.iter().cloned().collect(), told, remarks);
        let told = weaknesses_of.get(text(row, "id")).cloned().unwrap_or_default();
        weak.add(&device.name, "weakness", device.weaknesses.iter().cloned().collect(), told, remarks);
    }
    let (flows, operations) = score_flows(truth, &matched, flows, remarks);
    let found: BTreeSet<&String> = matched.values().collect();
    Scores {
        attributes: tallies.into_iter().filter_map(|(name, tally)| Some((name, tally.figures()?))).collect(),
        devices: Found {
            recall: share(matched.len(), truth.devices.len()),
            precision: share(found.len(), seen.rows().len()),
            n: truth.devices.len(),
        },
        roles: roles.found(),
        weaknesses: weak.found(),
        flows,
        operations,
    }
}

/// Whether what is asserted is so.
fn judged(knowledge: &Knowledge, attribute: &str, truth: &str, said: Option<&str>) -> Verdict {
    let Some(said) = said else { return Verdict::Silent };
    let is_kind_of = |kind: &str, general: &str| {
        let mut ancestry = knowledge.categories().ancestry(kind);
        attribute == CATEGORY && ancestry.any(|category| category.id == general)
    };
    match () {
        () if said == truth || is_kind_of(said, truth) => Verdict::Right,
        () if is_kind_of(truth, said) => Verdict::General,
        () => Verdict::Wrong,
    }
}

/// Every flow of the truth is looked for between the devices that were seen.
fn score_flows(
    truth: &Truth,
    matched: &BTreeMap<usize, String>,
    rows: &[Value],
    remarks: &mut Vec<String>,
) -> (Found, Found) {
    let mut told: BTreeMap<(String, String, u64, u64), Vec<&Value>> = BTreeMap::new();
    for row in rows {
        let number = |name: &str| row.get("service").and_then(|it| it.get(name)).and_then(Value::as_u64).unwrap_or(0);
        let key = (text(row, "from").to_owned(), text(row, "to").to_owned(), number("ip_protocol"), number("port"));
        told.entry(key).or_default().push(row);
    }
    let (mut flows, mut operations) = (Sets::default(), Sets::default());
    let name = |number: usize| truth.devices.get(number).map_or_else(String::new, |device| device.name.clone());
    for flow in &truth.flows {
        let outside = flow.outside.as_ref().map(|ip| format!("external:{ip}"));
        let to = flow.to.and_then(|number| matched.get(&number).cloned()).or(outside);
        let (Some(from), Some(to)) = (matched.get(&flow.from), to) else { continue };
        let rows = told.get(&(from.clone(), to.clone(), flow.ip_protocol.into(), flow.port.into()));
        let rows = rows.map(Vec::as_slice).unwrap_or_default();
        let label = format!("{} to {}", name(flow.from), flow.to.map_or(to.clone(), name));
        // One half of a conversation that nobody recognised does not make the other half wrong.
        let named = rows.iter().map(|row| row.get("application").and_then(Value::as_str));
        let mut applications: BTreeSet<String> = named.clone().flatten().map(str::to_owned).collect();
        if applications.is_empty() && !rows.is_empty() {
            applications.insert("none".to_owned());
        }
        let application = if flow.application.is_empty() { "none" } else { &flow.application };
        flows.add(&label, "application", BTreeSet::from([application.to_owned()]), applications, remarks);
        let of_row = |row: &&Value| row.get("operations").and_then(Value::as_object).cloned().unwrap_or_default();
        let said: BTreeSet<String> =
            rows.iter().flat_map(|row| of_row(row).into_iter().map(|(name, _)| name)).collect();
        let done: BTreeSet<String> = flow.operations.iter().cloned().collect();
        // Which further operations there are (answers, for one) the truth does not tell.
        operations.add(&label, "operation", done.clone(), said.intersection(&done).cloned().collect(), remarks);
    }
    (flows.found(), operations.found())
}

/// Counts over sets: what is, what is told, and both.
#[derive(Default)]
struct Sets {
    is: usize,
    told: usize,
    both: usize,
}

impl Sets {
    fn add(&mut self, of: &str, what: &str, is: BTreeSet<String>, told: BTreeSet<String>, remarks: &mut Vec<String>) {
        self.is = self.is.saturating_add(is.len());
        self.told = self.told.saturating_add(told.len());
        self.both = self.both.saturating_add(is.intersection(&told).count());
        remarks.extend(is.difference(&told).map(|missing| format!("{of}: {what} {missing} is not told")));
        remarks.extend(told.difference(&is).map(|extra| format!("{of}: {what} {extra} is told, but is not")));
    }

    fn found(&self) -> Found {
        Found { recall: share(self.both, self.is), precision: share(self.both, self.told), n: self.is }
    }
}

fn as_table(scores: &Scores) -> String {
    let terminal = Terminal::of_output();
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let columns = [
        Column::text("Attribute", 9, 12, 0),
        Column::number("Labelled", 0),
        Column::number("Right", 0),
        Column::number("Asserted", 0),
        Column::number("Wrong", 0),
        Column::number("Wrong ≥ 0.90", 0),
        Column::number("Macro F1", 2),
        Column::number("Calibration error", 1),
    ];
    let rows: Vec<Vec<String>> = ATTRIBUTES
        .iter()
        .filter_map(|name| Some((name, scores.attributes.get(name)?)))
        .map(|(name, figures)| {
            vec![
                (*name).to_owned(),
                figures.n.to_string(),
                percent(figures.accuracy),
                percent(figures.coverage),
                percent(figures.wrong),
                percent(figures.wrong_confident),
                format!("{:.3}", figures.macro_f1),
                format!("{:.3}", figures.calibration_error),
            ]
        })
        .collect();
    let attributes = table(terminal, &columns, &rows, None);
    let columns = [
        Column::text("", 10, 12, 0),
        Column::number("There are", 0),
        Column::number("Found", 0),
        Column::number("So, of those told", 0),
    ];
    let sets = [
        ("devices", scores.devices),
        ("roles", scores.roles),
        ("weaknesses", scores.weaknesses),
        ("flows", scores.flows),
        ("operations", scores.operations),
    ];
    let rows: Vec<Vec<String>> = sets
        .iter()
        .map(|(name, found)| {
            vec![(*name).to_owned(), found.n.to_string(), percent(found.recall), percent(found.precision)]
        })
        .collect();
    format!("{attributes}\n{}", table(terminal, &columns, &rows, None))
}

/// Lines of JSON.
fn rows(path: &Path) -> Result<Vec<Value>, Failure> {
    let file = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let mut rows = Vec::new();
    for (number, line) in (1_u32..).zip(file.lines()) {
        let row = serde_json::from_str(line);
        rows.push(row.map_err(|error| Failure::Wrong(format!("{}:{number}: {error}", path.display())))?);
    }
    Ok(rows)
}
