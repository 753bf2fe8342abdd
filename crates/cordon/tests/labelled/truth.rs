//! What the labels say, what Cordon said, and whether the two agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;
use xtask::scoreboard::{self, Rightness};

/// The attributes that labels speak of.
pub const JUDGED: [&str; 6] = ["category", "vendor", "family", "model", "serial", "asset_tag"];

/// One truth table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(default)]
    pub case: Vec<Case>,
    /// Right statements that there were when the table was last measured, less a little: fewer is a step back.
    /// `vendor` counts what is probable, `vendor_shown` what is tentative as well, `vendor_within` and `vendor_within_shown` the
    /// same where the label only says within what it has to be (`kind+`).
    #[serde(default)]
    pub floor: BTreeMap<String, usize>,
    /// The same where each capture is analysed alone.
    #[serde(default)]
    pub floor_single: BTreeMap<String, usize>,
}

/// A capture, a folder of captures, or a message, and the devices in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Below the reference data; for messages a folder stands for each of its files.
    pub data: String,
    #[serde(default)]
    pub device: Vec<Truth>,
}

/// What may be said of a device. An attribute that is left out is not labelled; an empty list allows nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Hardware or network address; left out for the sender of a message.
    pub at: Option<String>,
    /// Whether it speaks of what is behind that address.
    #[serde(default)]
    pub behind: bool,
    pub category: Option<Vec<String>>,
    pub vendor: Option<Vec<String>>,
    pub family: Option<Vec<String>>,
    pub model: Option<Vec<String>>,
    pub serial: Option<Vec<String>>,
    pub asset_tag: Option<Vec<String>>,
}

impl Truth {
    fn accepted(&self, attribute: &str) -> Option<&[String]> {
        let list = match attribute {
            "category" => &self.category,
            "vendor" => &self.vendor,
            "family" => &self.family,
            "model" => &self.model,
            "asset_tag" => &self.asset_tag,
            _ => &self.serial,
        };
        list.as_deref()
    }
}

/// The parents of the kinds of device.
pub struct Categories(BTreeMap<String, Option<String>>);

impl Categories {
    pub fn load() -> Self {
        #[derive(Deserialize)]
        struct File {
            category: Vec<Category>,
        }
        #[derive(Deserialize)]
        struct Category {
            id: String,
            parent: Option<String>,
        }
        let text = include_str!("../../../../knowledge/categories.toml");
        let file: File = toml::from_str(text).unwrap();
        Self(file.category.into_iter().map(|category| (category.id, category.parent)).collect())
    }

    /// Whether `low` is `high` or a kind of it.
    fn is_a(&self, low: &str, high: &str) -> bool {
        let mut at = Some(low);
        while let Some(category) = at {
            if category == high {
                return true;
            }
            let parent = self.0.get(category).unwrap_or_else(|| panic!("no category {category}"));
            at = parent.as_deref();
        }
        false
    }

    /// Whoever says "smart device" of a smart plug is right; `kind+` accepts every kind of it as well.
    fn accepts(&self, accepted: &str, said: &str) -> bool {
        match accepted.strip_suffix('+') {
            Some(accepted) => self.is_a(said, accepted) || self.is_a(accepted, said),
            None => self.is_a(accepted, said),
        }
    }
}

/// Letters and digits alone: `HF-LPB 100` and `hf_lpb100` are one model.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    labelled: usize,
    right: usize,
    right_tentative: usize,
    wrong_tentative: usize,
    wrong: usize,
    within: usize,
    within_tentative: usize,
}

/// Everything that was compared.
pub struct Judge {
    categories: Categories,
    counts: BTreeMap<&'static str, Count>,
    pub rows: BTreeSet<String>,
    pub wrong: BTreeSet<String>,
}

impl Judge {
    pub fn new() -> Self {
        Self { categories: Categories::load(), counts: BTreeMap::new(), rows: BTreeSet::new(), wrong: BTreeSet::new() }
    }

    /// Compares the device at the address of `truth`, and whatever is behind it, with the labels.
    ///
    /// What stands behind an address is held to `behind`, or to the truth of the sender where there is none. An attribute
    /// counts as said if the device or what is behind it says it.
    pub fn device(&mut self, name: &str, devices: &[Value], at: &str, truth: &Truth, behind: Option<&Truth>) {
        let hosts: Vec<&Value> = devices.iter().filter(|device| is_at(device, at)).collect();
        let ids: Vec<&str> = hosts.iter().filter_map(|host| host["id"].as_str()).collect();
        let children = devices.iter().filter(|device| device["behind"].as_str().is_some_and(|id| ids.contains(&id)));
        let children: Vec<&Value> = children.collect();
        match behind {
            Some(behind) => {
                self.attributes(name, &hosts, truth);
                self.attributes(&format!("{name} (behind)"), &children, behind);
            }
            None => self.attributes(name, &[hosts, children].concat(), truth),
        }
    }

    fn attributes(&mut self, name: &str, devices: &[&Value], truth: &Truth) {
        for attribute in JUDGED {
            let Some(accepted) = truth.accepted(attribute) else { continue };
            let mut best = 0;
            for (value, state, confidence) in devices.iter().flat_map(|device| said(device, attribute)) {
                let right = accepted.iter().any(|accepted| match attribute {
                    "category" => self.categories.accepts(accepted, value),
                    _ => plain(accepted) == plain(value),
                });
                let held = matches!(state, "probable" | "confirmed");
                let verdict = match (right, held) {
                    (true, true) => "right",
                    (true, false) => "right, tentative",
                    (false, true) => "WRONG",
                    (false, false) => "wrong, tentative",
                };
                let row = format!(
                    "{name:<34} {attribute:<9} {value:<30} {state:<10} {confidence:.2}  {:<40} {verdict}",
                    accepted.join(" | ")
                );
                let count = self.counts.entry(attribute).or_default();
                match (right, held) {
                    (true, true) => best = 2,
                    (true, false) => best = best.max(1),
                    (false, true) => {
                        count.wrong += 1;
                        self.wrong.insert(row.clone());
                    }
                    (false, false) => count.wrong_tentative += 1,
                }
                self.rows.insert(row);
            }
            let count = self.counts.entry(attribute).or_default();
            // What names a kind and all below it says what may be told of somebody, not what has to be.
            if accepted.iter().all(|accepted| attribute == "category" && accepted.ends_with('+')) {
                count.within += usize::from(best == 2);
                count.within_tentative += usize::from(best == 1);
                continue;
            }
            count.labelled += 1;
            count.right += usize::from(best == 2);
            count.right_tentative += usize::from(best == 1);
            if best == 0 {
                self.rows.insert(format!(
                    "{name:<34} {attribute:<9} {:<47} {:<40} not said",
                    "-",
                    accepted.join(" | ")
                ));
            }
        }
    }

    /// Prints the table and the counts; what is probable and contradicts its label fails, as does less than the floor.
    pub fn conclude(&self, title: &str, floor: &BTreeMap<String, usize>) {
        let mut text = format!("\n== {title}\n");
        for row in &self.rows {
            writeln!(text, "{row}").unwrap();
        }
        writeln!(text, "{:<10} labelled  right  tentative  wrong  wrong-tentative  accuracy  coverage", "").unwrap();
        let mut low = Vec::new();
        for (attribute, count) in &self.counts {
            let said = count.right + count.wrong;
            writeln!(
                text,
                "{attribute:<10} {:>8} {:>6} {:>10} {:>6} {:>16} {:>8}% {:>8}%",
                count.labelled,
                count.right,
                count.right_tentative,
                count.wrong,
                count.wrong_tentative,
                (100 * count.right).checked_div(said).unwrap_or(100),
                (100 * count.right).checked_div(count.labelled).unwrap_or(100),
            )
            .unwrap();
            if count.labelled > 0 {
                let found = Rightness {
                    of: count.labelled,
                    right: count.right + count.right_tentative,
                    right_confident: Some(count.right),
                    wrong: Some(count.wrong + count.wrong_tentative),
                    wrong_confident: Some(count.wrong),
                    calibration_error: None,
                };
                scoreboard::record(title, attribute, found);
            }
            if count.within + count.within_tentative > 0 {
                writeln!(
                    text,
                    "{attribute:<10} within its label {:>3} right {:>3} tentative",
                    count.within, count.within_tentative
                )
                .unwrap();
            }
            let floors = [
                (String::new(), count.right),
                ("_shown".to_owned(), count.right + count.right_tentative),
                ("_within".to_owned(), count.within),
                ("_within_shown".to_owned(), count.within + count.within_tentative),
            ];
            for (suffix, right) in floors {
                let key = format!("{attribute}{suffix}");
                if let Some(floor) = floor.get(&key).filter(|floor| right < **floor) {
                    low.push(format!("{key}: {right} right, floor {floor}"));
                }
            }
        }
        println!("{text}");
        let wrong: Vec<&str> = self.wrong.iter().map(String::as_str).collect();
        assert!(wrong.is_empty(), "{title}: probable, and not what the label says:\n{}", wrong.join("\n"));
        assert!(low.is_empty(), "{title}: {low:?}");
    }
}

fn is_at(device: &Value, at: &str) -> bool {
    device["interfaces"].as_array().unwrap().iter().any(|interface| {
        interface["mac"].as_str() == Some(at)
            || interface["addresses"].as_array().unwrap().iter().any(|address| address["ip"].as_str() == Some(at))
    })
}

/// The values of an attribute that are shown: what is unknown says nothing.
fn said<'a>(device: &'a Value, attribute: &str) -> Vec<(&'a str, &'a str, f64)> {
    let found = &device["attributes"][attribute];
    let one = std::slice::from_ref(found);
    let values = found["values"].as_array().map_or(one, Vec::as_slice);
    let shown = values.iter().filter_map(|value| {
        Some((value["value"].as_str()?, value["state"].as_str()?, value["confidence"].as_f64().unwrap_or(0.0)))
    });
    shown.filter(|(_, state, _)| *state != "unknown").collect()
}
