//! `cordon plan`: what to do about risk, ranked under a budget of person-days.

mod actions;
mod graph;

use analysis::risks::action::{Admitted, Refusal};
use analysis::risks::plan::{PlanStep, plan};
use analysis::risks::{PERCOLATIONS, percolate};
use serde_json::{Value, json};

use crate::arguments::{Plan, PlanFormat};
use crate::failure::Failure;
use crate::feeds::Shelf;
use crate::folder;
use crate::knowledge;
use crate::risk::{self, Assessor, Inventory, Model, SEED};
use crate::terminal::{Column, Terminal, table};
use crate::words::{count, printable};
use actions::Proposal;

/// What helps where nothing can be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// Draws by which actions are ranked.
const DRAWS: usize = 2_048;
/// Columns of the reasons below the table.
const REASON_LETTERS_MAX: usize = 400;

/// A plan under a budget.
struct Told<'a> {
    steps: Vec<PlanStep>,
    proposals: &'a [Proposal],
    inventory: &'a Inventory,
    expected_harm: f64,
    refused: Vec<(&'a Proposal, Refusal)>,
}

/// Runs the command.
pub fn run(arguments: &Plan) -> Result<(), Failure> {
    let folder = folder::results(arguments.flows.as_deref(), arguments.data.as_deref())?;
    let data = folder::data(arguments.data.as_deref())?;
    let known = knowledge::load(&[], None)?;
    let model = Model::load(&known)?;
    let inventory = risk::read(&folder)?;
    let outside = Shelf::open(&data)?.outside()?;
    let assessor = Assessor::new(&known, &model.tables, &model.criticality, &outside, risk::makers()?);
    let assessed = assessor.assess(&inventory.devices);
    let categories = known.knowledge.categories();
    let is_office = |device: usize| {
        let kind = inventory.devices.get(device).and_then(|device| device.attributes.get("category"));
        kind.is_some_and(|kind| ["computer", "workstation"].iter().any(|office| categories.is_a(kind, office)))
    };
    let built = graph::build(&inventory, &assessed, &model.tables, is_office)
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let proposals = actions::propose(&inventory, &assessed, &built, &model.tables);
    let (mut admitted, mut places, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (place, proposal) in proposals.iter().enumerate() {
        match Admitted::new(&proposal.action, &built.graph) {
            Ok(action) => {
                admitted.push(action);
                places.push(place);
            }
            Err(refusal) => refused.push((proposal, refusal)),
        }
    }
    let mut steps = Vec::new();
    // What stands still too long in all is left out, and the rest ranked again.
    loop {
        let ranked = plan(&built.graph, &admitted, arguments.days, SEED, DRAWS);
        let mut hours = 0.0;
        let over = ranked.steps.iter().position(|step| {
            hours += admitted.get(step.action).map_or(0.0, |action| action.action().downtime_hours);
            arguments.downtime.is_some_and(|most| hours > most)
        });
        let Some(place) = over.and_then(|over| ranked.steps.get(over)).map(|step| step.action) else {
            steps.extend(
                ranked
                    .steps
                    .into_iter()
                    .filter_map(|step| Some(PlanStep { action: *places.get(step.action)?, ..step })),
            );
            break;
        };
        admitted.remove(place);
        places.remove(place);
    }
    let expected_harm = percolate(&built.graph, SEED, PERCOLATIONS).expected_harm;
    let told = Told { steps, proposals: &proposals, inventory: &inventory, expected_harm, refused };
    let text = match arguments.format {
        PlanFormat::Table => told.page(arguments.days),
        PlanFormat::Json => told.json()?,
        PlanFormat::Csv => told.csv(),
    };
    crate::print(&text, PRINTING)
}

impl Told<'_> {
    fn chosen(&self) -> impl Iterator<Item = (&PlanStep, &Proposal)> {
        self.steps.iter().filter_map(|step| Some((step, self.proposals.get(step.action)?)))
    }

    fn devices(&self, proposal: &Proposal) -> Vec<&str> {
        proposal.devices.iter().filter_map(|place| Some(self.inventory.devices.get(*place)?.id.as_str())).collect()
    }

    fn page(&self, days: f64) -> String {
        if self.steps.is_empty() {
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
        if !self.refused.is_empty() {
            text += &format!(
                "\n{} not proposed, for care depends on what would change:\n",
                count(self.refused.len() as u64, "action was", "actions were")
            );
            for (proposal, refusal) in self.refused.iter().take(3) {
                text += &format!("  {}: {refusal}\n", printable(&proposal.action.name));
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
        let plan = json!({ "expected_harm": self.expected_harm, "steps": steps });
        let text = serde_json::to_string_pretty(&plan).map_err(|error| Failure::Failed(error.to_string()))?;
        Ok(format!("{text}\n"))
    }

    /// Work orders: one line each, for a system of maintenance.
    fn csv(&self) -> String {
        let mut text = "order,kind,action,why,devices,person_days,downtime_hours,risk_left\n".to_owned();
        for (number, (step, proposal)) in self.chosen().enumerate() {
            let cells = [
                format!("{}", number.saturating_add(1)),
                proposal.kind.to_owned(),
                proposal.action.name.clone(),
                proposal.why.clone(),
                self.devices(proposal).join(" "),
                format!("{:.2}", proposal.action.person_days),
                format!("{:.1}", proposal.action.downtime_hours),
                format!("{:.4}", step.residual),
            ];
            text += &cells.map(|cell| cell_of(&cell)).join(",");
            text.push('\n');
        }
        text
    }
}

/// A cell: in quotation marks, and never a formula for a spreadsheet.
fn cell_of(text: &str) -> String {
    let text = printable(text);
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}
