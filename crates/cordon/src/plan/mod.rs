//! `cordon plan`: what to do about risk, ranked under a budget of person-days.

mod actions;
mod graph;
mod groundwork;

use analysis::risks::plan::PlanStep;
use serde_json::{Value, json};

use crate::arguments::{Plan, PlanFormat};
use crate::failure::Failure;
use crate::folder;
use crate::knowledge;
use crate::risk::{self, Inventory, Model};
use crate::terminal::{Column, Terminal, table};
use crate::words::{count, printable};

pub use actions::Proposal;
pub use graph::{FIRST_NETWORK, INTERNET, OFFICE};
pub use groundwork::{Groundwork, Ranked};

/// What helps where nothing can be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// Columns of the reasons below the table.
const REASON_LETTERS_MAX: usize = 400;
/// Refused actions below the table.
const REFUSED_SHOWN: usize = 3;

/// A plan under a budget, for people.
struct Told<'a> {
    ranked: Ranked,
    groundwork: &'a Groundwork,
    inventory: &'a Inventory,
}

/// Runs the command.
pub fn run(arguments: &Plan) -> Result<(), Failure> {
    let folder = folder::results(arguments.flows.as_deref(), arguments.data.as_deref())?;
    let data = folder::data(arguments.data.as_deref())?;
    let known = knowledge::load(&[], None)?;
    let model = Model::load(&known)?;
    let reckoning = risk::of_folder(&known, &model, &folder, &data)?;
    let groundwork = Groundwork::new(&reckoning, &known)?;
    let ranked = groundwork.ranked(arguments.days, arguments.downtime);
    let told = Told { ranked, groundwork: &groundwork, inventory: &reckoning.inventory };
    let text = match arguments.format {
        PlanFormat::Table => told.page(arguments.days),
        PlanFormat::Json => told.json()?,
        PlanFormat::Csv => told.csv(),
    };
    crate::print(&text, PRINTING)
}

impl Told<'_> {
    fn chosen(&self) -> impl Iterator<Item = (&PlanStep, &Proposal)> {
        self.ranked.steps.iter().filter_map(|step| Some((step, self.groundwork.proposals.get(step.action)?)))
    }

    fn devices(&self, proposal: &Proposal) -> Vec<&str> {
        proposal.devices.iter().filter_map(|place| Some(self.inventory.devices.get(*place)?.id.as_str())).collect()
    }

    fn page(&self, days: f64) -> String {
        if self.ranked.steps.is_empty() {
            return format!("Nothing within {days} person-days lowers the risk that is known.\n");
        }
        let cells: Vec<Vec<String>> = self
            .chosen()
            .enumerate()
            .map(|(number, (step, proposal))| {
                vec![
                    format!("{}", number.saturating_add(1)),
                    printable(&proposal.action.name),
                    format!("{:.1}", proposal.action.person_days),
                    format!("{:.1}", step.person_days),
                    format!("{:.0}", proposal.action.downtime_hours),
                    format!("{:.0} %", 100.0 * step.residual),
                ]
            })
            .collect();
        let columns = [
            Column::number("", 0),
            Column::text("What to do", 30, 110, 0),
            Column::number("Days", 0),
            Column::number("In all", 2),
            Column::number("Hours down", 3),
            Column::number("Risk left", 0),
        ];
        let mut text = table(Terminal::of_output(), &columns, &cells, None);
        text += "\nWhy\n";
        for (number, (_, proposal)) in self.chosen().enumerate() {
            let why: String = printable(&proposal.why).chars().take(REASON_LETTERS_MAX).collect();
            if !why.is_empty() {
                text += &format!("  {} {why}\n", number.saturating_add(1));
            }
        }
        let refused = &self.ranked.refused;
        if !refused.is_empty() {
            text += &format!(
                "\n{} not proposed, for care depends on what would change:\n",
                count(refused.len() as u64, "action was", "actions were")
            );
            for (place, refusal) in refused.iter().take(REFUSED_SHOWN) {
                let name = self.groundwork.proposals.get(*place).map_or("", |proposal| &proposal.action.name);
                text += &format!("  {}: {refusal}\n", printable(name));
            }
        }
        text += "\nWhat nobody said about firewalls is taken as open; a segment counts here as if it were verified.\n";
        text
    }

    fn json(&self) -> Result<String, Failure> {
        let steps: Vec<Value> = self
            .chosen()
            .map(|(step, proposal)| {
                json!({
                    "action": proposal.action.name,
                    "kind": proposal.kind,
                    "why": proposal.why,
                    "devices": self.devices(proposal),
                    "person_days": proposal.action.person_days,
                    "person_days_in_all": step.person_days,
                    "downtime_hours": proposal.action.downtime_hours,
                    "expected_harm": step.expected_harm,
                    "residual": step.residual,
                })
            })
            .collect();
        let plan = json!({ "expected_harm": self.groundwork.percolation.expected_harm, "steps": steps });
        let text = serde_json::to_string_pretty(&plan).map_err(|error| Failure::Failed(error.to_string()))?;
        Ok(format!("{text}\n"))
    }

    fn csv(&self) -> String {
        work_orders(self.groundwork, &self.ranked, self.inventory)
    }
}

/// Work orders as CSV (RFC 4180): one line each, for a system of maintenance.
pub fn work_orders(groundwork: &Groundwork, ranked: &Ranked, inventory: &Inventory) -> String {
    let mut text = "order,kind,who,action,why,devices,person_days,downtime_hours,risk_left\n".to_owned();
    for (number, step) in ranked.steps.iter().enumerate() {
        let Some(proposal) = groundwork.proposals.get(step.action) else { continue };
        let devices = proposal.devices.iter().filter_map(|place| Some(inventory.devices.get(*place)?.id.as_str()));
        let cells = [
            format!("{}", number.saturating_add(1)),
            proposal.kind.to_owned(),
            proposal.who.to_owned(),
            proposal.action.name.clone(),
            proposal.why.clone(),
            devices.collect::<Vec<_>>().join(" "),
            format!("{:.2}", proposal.action.person_days),
            format!("{:.1}", proposal.action.downtime_hours),
            format!("{:.4}", step.residual),
        ];
        text += &cells.map(|cell| cell_of(&cell)).join(",");
        text.push('\n');
    }
    text
}

/// A cell: in quotation marks, and never a formula for a spreadsheet.
fn cell_of(text: &str) -> String {
    let text = printable(text);
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}
