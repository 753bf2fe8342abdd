//! How often Cordon is right where others know the truth: tests record figures, `cargo xtask scoreboard` makes one table of
//! them, and none may become worse than in the table that is committed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// The table, as it is committed.
const TABLE: &str = "docs/accuracy.md";
/// Where figures lie until the table is made.
const FIGURES: &str = "target/scoreboard";
/// What rounding may hide, in per cent.
const TOLERANCE: f64 = 0.051;

/// The columns of the table, and whether more is better.
const COLUMNS: [(&str, bool); 5] = [
    ("Right", true),
    ("Right at ≥ 0.90", true),
    ("Wrong", false),
    ("Wrong at ≥ 0.90", false),
    ("Calibration error", false),
];

/// How often something is right, of so many labelled values; what is `None` is not measured there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rightness {
    /// Labelled values.
    pub of: usize,
    /// As labelled.
    pub right: usize,
    /// As labelled, and stated as probable or confirmed.
    pub right_confident: Option<usize>,
    /// Something else is stated.
    pub wrong: Option<usize>,
    /// Something else is stated as probable or confirmed.
    pub wrong_confident: Option<usize>,
    /// How far stated confidence is from how often it is right, from 0 to 1.
    pub calibration_error: Option<f64>,
}

/// The cells of a row: how many values, and a share in per cent for each column that is measured.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    of: u64,
    shares: [Option<f64>; COLUMNS.len()],
}

/// By set and what is labelled in it.
type Rows = BTreeMap<(String, String), Row>;

fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Keeps how often something is right in a set of labelled data. Called by tests; what cannot be kept is said.
pub fn record(set: &str, what: &str, found: Rightness) {
    let Rightness { of, right, right_confident, wrong, wrong_confident, calibration_error } = found;
    // Counts of labelled values are far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let share = |part: usize| 100.0 * part as f64 / of.max(1) as f64;
    let counts = [Some(right), right_confident, wrong, wrong_confident].map(|count| count.map(share));
    let [a, b, c, d] = counts;
    let row = Row { of: of as u64, shares: [a, b, c, d, calibration_error.map(|error| error * 100.0)] };
    let name: String =
        format!("{set} {what}").chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let folder = root().join(FIGURES);
    let written =
        fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{name}.md")), line(set, what, &row)));
    if let Err(error) = written {
        eprintln!("how often {what} is right in {set} is not kept: {error}");
    }
}

/// Makes the table of what the last run of the tests recorded: writes it, or holds it against the one that is committed.
pub fn run(check: bool) -> Result<(), String> {
    let rows = recorded();
    if rows.is_empty() {
        return Err("nothing was recorded: run `cargo test --workspace` beside the reference data first".to_owned());
    }
    let text = table(&rows);
    print!("{text}");
    let path = root().join(TABLE);
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if check {
        held_against(&rows, &read(&fs::read_to_string(&path).map_err(failed)?))
    } else {
        fs::write(&path, text).map_err(failed)
    }
}

fn recorded() -> Rows {
    let files = fs::read_dir(root().join(FIGURES)).into_iter().flatten().flatten();
    files.filter_map(|file| fs::read_to_string(file.path()).ok()).flat_map(|text| read(&text)).collect()
}

const HEAD: &str = "# How often Cordon is right

Measured on labelled data that others made and on the synthetic hospital, by the tests of `./check`; written by `cargo xtask scoreboard`. `./check`
fails where a figure becomes worse than it stands here. Most of these sets were looked at while rules were written: the figures say that nothing is
broken, not how well Cordon does on a network that nobody looked at.

Right: as labelled, stated as tentative (0.60) or more. Wrong: something else is stated. A kind of device that is more general than the
labelled one is right where the label allows it, and never wrong.

";

fn table(rows: &Rows) -> String {
    let mut text = HEAD.to_owned();
    let names = COLUMNS.map(|(name, _)| name).join(" | ");
    let _ = writeln!(text, "| Set | What | Of | {names} |\n| --- | --- | ---: |{}", " ---: |".repeat(COLUMNS.len()));
    for ((set, what), row) in rows {
        text.push_str(&line(set, what, row));
    }
    text
}

fn line(set: &str, what: &str, row: &Row) -> String {
    let cells = row.shares.map(|share| share.map_or_else(|| "–".to_owned(), |share| format!("{share:.1} %")));
    format!("| {set} | {what} | {} | {} |\n", row.of, cells.join(" | "))
}

/// Reads what [`table`] wrote.
fn read(text: &str) -> Rows {
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [set, what, of, shares @ ..] = cells.as_slice() else { return None };
        let shares: [&str; COLUMNS.len()] = shares.try_into().ok()?;
        let shares = shares.map(|cell| cell.strip_suffix(" %").and_then(|share| share.parse().ok()));
        Some((((*set).to_owned(), (*what).to_owned()), Row { of: of.parse().ok()?, shares }))
    });
    rows.collect()
}

fn held_against(rows: &Rows, committed: &Rows) -> Result<(), String> {
    let mut worse = Vec::new();
    for ((set, what), before) in committed {
        let Some(now) = rows.get(&(set.clone(), what.clone())) else {
            worse.push(format!("{set}, {what}: was not measured"));
            continue;
        };
        for (((name, more_is_better), before), now) in COLUMNS.iter().zip(before.shares).zip(now.shares) {
            let Some(before) = before else { continue };
            let Some(now) = now else {
                worse.push(format!("{set}, {what}, {name}: was not measured"));
                continue;
            };
            let lost = if *more_is_better { before - now } else { now - before };
            if lost > TOLERANCE {
                worse.push(format!("{set}, {what}, {name}: {now:.1} % is worse than {before:.1} %"));
            }
        }
    }
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nmend it, or say why in the commit that brings the table of `cargo xtask scoreboard`",
        worse.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_it_was_written_and_worse_figures_are_found() {
        let key = ("a set".to_owned(), "maker".to_owned());
        let before = Row { of: 40, shares: [Some(97.5), None, Some(2.5), Some(0.0), None] };
        let rows = Rows::from([(key.clone(), before.clone())]);
        let committed = read(&table(&rows));
        assert_eq!(committed, rows);
        assert!(held_against(&rows, &committed).is_ok());
        for (column, share, name) in [(0, 95.0, "Right"), (2, 5.0, "Wrong"), (3, 2.5, "Wrong at")] {
            let mut now = rows.clone();
            now.get_mut(&key).unwrap().shares[column] = Some(share);
            assert!(held_against(&now, &committed).unwrap_err().contains(name));
            now.get_mut(&key).unwrap().shares[column] = None;
            assert!(held_against(&now, &committed).unwrap_err().contains("not measured"));
        }
        assert!(held_against(&Rows::new(), &committed).unwrap_err().contains("not measured"));
    }
}
