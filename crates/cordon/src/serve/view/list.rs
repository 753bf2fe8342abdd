//! Lists of devices: filtered, sorted, in pages, with counts of what else could be chosen.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use analysis::knowledge::Knowledge;
use model::Weakness;
use serde::Serialize;

use super::{DeviceRow, Filter, View};

/// Values shown of a facet; the rest is counted.
const FACET_VALUES_MAX: usize = 50;

/// A page of devices.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceList {
    /// The rows.
    pub items: Vec<DeviceRow>,
    /// Devices that fit the filter.
    pub total: usize,
    /// All devices.
    pub all: usize,
    /// Ask for what follows with this.
    pub next: Option<String>,
    /// What could be chosen.
    pub facets: Vec<Facet>,
    /// The conclusion that this is from.
    pub version: u64,
    /// The newest moment that anything was seen.
    #[schema(value_type = Option<String>)]
    pub as_of: Option<model::Timestamp>,
    /// What of the filter could not be read, in words.
    pub problem: Option<String>,
}

/// What could be chosen of one field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Facet {
    /// The field of the filter.
    #[schema(value_type = String)]
    pub id: &'static str,
    /// What people read.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Values with counts under the other fields' filters, the most frequent first.
    pub values: Vec<FacetValue>,
    /// Values that are not shown.
    pub more: usize,
}

/// A value that could be chosen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FacetValue {
    /// As the filter takes it.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Devices.
    pub count: usize,
}

/// How rows are ordered: fields by weight, each up or down.
#[derive(Clone, Debug)]
pub struct Sort(Vec<(Key, bool)>);

#[derive(Clone, Copy, Debug)]
enum Key {
    Name,
    Kind,
    State,
    Maker,
    Model,
    Address,
    Place,
    Last,
    First,
    Peers,
    Weak,
    Bytes,
}

/// The names of the fields that can be sorted by.
const KEYS: [(&str, Key); 12] = [
    ("name", Key::Name),
    ("kind", Key::Kind),
    ("state", Key::State),
    ("maker", Key::Maker),
    ("model", Key::Model),
    ("address", Key::Address),
    ("place", Key::Place),
    ("last", Key::Last),
    ("first", Key::First),
    ("peers", Key::Peers),
    ("weak", Key::Weak),
    ("bytes", Key::Bytes),
];

impl Sort {
    /// Reads `-last,name`.
    pub fn new(text: &str) -> Result<Self, String> {
        let fields = text.split(',').map(str::trim).filter(|field| !field.is_empty());
        let read = fields.map(|field| {
            let (down, name) = field.strip_prefix('-').map_or((false, field), |name| (true, name));
            let key = KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
            key.map(|key| (key, down)).ok_or_else(|| {
                let known: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
                format!("Nothing can be sorted by {name}; one of: {}.", known.join(", "))
            })
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    fn compare(&self, one: &DeviceRow, other: &DeviceRow) -> Ordering {
        for (key, down) in &self.0 {
            let order = key.compare(one, other);
            let order = if *down { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        one.id.cmp(&other.id)
    }
}

/// How sure a state is, surest first.
fn rank(state: &str) -> u8 {
    match state {
        "confirmed" => 0,
        "probable" => 1,
        "tentative" => 2,
        _ => 3,
    }
}

impl Key {
    fn compare(self, one: &DeviceRow, other: &DeviceRow) -> Ordering {
        // What is not known stands behind what is.
        let text = |one: &str, other: &str| {
            one.is_empty().cmp(&other.is_empty()).then_with(|| one.to_lowercase().cmp(&other.to_lowercase()))
        };
        let maybe = |one: &Option<String>, other: &Option<String>| {
            text(one.as_deref().unwrap_or_default(), other.as_deref().unwrap_or_default())
        };
        match self {
            Self::Name => text(&one.name, &other.name),
            Self::Kind => text(&one.kind.label, &other.kind.label),
            Self::State => {
                let sure = |row: &DeviceRow| rank(row.kind.state);
                sure(one).cmp(&sure(other)).then(other.kind.confidence.total_cmp(&one.kind.confidence))
            }
            Self::Maker => text(&one.vendor.label, &other.vendor.label),
            Self::Model => text(&one.model.label, &other.model.label),
            Self::Address => {
                let none = |row: &DeviceRow| row.ips.is_empty();
                none(one).cmp(&none(other)).then_with(|| one.ips.first().cmp(&other.ips.first()))
            }
            Self::Place => maybe(&one.place, &other.place),
            Self::Last => one.last.cmp(&other.last),
            Self::First => one.first.cmp(&other.first),
            Self::Peers => one.peers.cmp(&other.peers),
            Self::Weak => one.weaknesses.cmp(&other.weaknesses),
            Self::Bytes => one.bytes.cmp(&other.bytes),
        }
    }
}

impl View {
    /// The places of the rows that fit, in order.
    pub fn select(&self, filter: &Filter, sort: &Sort) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.rows.len())
            .filter(|place| self.rows.get(*place).is_some_and(|row| filter.fits(row, self.newest)))
            .collect();
        let row = |place: &usize| self.rows.get(*place);
        places.sort_by(|one, other| match (row(one), row(other)) {
            (Some(one), Some(other)) => sort.compare(one, other),
            _ => Ordering::Equal,
        });
        places
    }

    /// A page of the devices that fit.
    pub fn list(&self, filter: &Filter, sort: &Sort, from: usize, limit: usize, knowledge: &Knowledge) -> DeviceList {
        let places = self.select(filter, sort);
        let items: Vec<DeviceRow> =
            places.iter().skip(from).take(limit).filter_map(|place| self.rows.get(*place)).cloned().collect();
        let end = from.saturating_add(items.len());
        DeviceList {
            next: (end < places.len() && !items.is_empty()).then(|| end.to_string()),
            items,
            total: places.len(),
            all: self.rows.len(),
            facets: self.facets(filter, knowledge),
            version: self.version,
            as_of: self.newest,
            problem: filter.problem.clone(),
        }
    }

    fn facets(&self, filter: &Filter, knowledge: &Knowledge) -> Vec<Facet> {
        type Values = fn(&DeviceRow) -> Vec<(String, String)>;
        let role =
            |id: &str| knowledge.roles().iter().find(|role| role.id == id).map_or(id, |role| &role.label).to_owned();
        let weakness = |id: &str| {
            Weakness::ALL.iter().find(|known| known.name() == id).map_or(id, |known| known.title()).to_owned()
        };
        let fields: [(&'static str, &'static str, Values); 7] = [
            ("kind", "Kind", |row| match &row.kind.value {
                Some(value) => vec![(value.clone(), row.kind.label.clone())],
                None => vec![("unknown".to_owned(), "Unknown".to_owned())],
            }),
            ("state", "Identity", |row| vec![(row.kind.state.to_owned(), row.kind.state.to_owned())]),
            ("maker", "Maker", |row| {
                let label = if row.vendor.label.is_empty() { "unknown" } else { &row.vendor.label };
                vec![(label.to_owned(), label.to_owned())]
            }),
            ("subnet", "Address range", |row| row.subnet.iter().map(|range| (range.clone(), range.clone())).collect()),
            ("place", "Place", |row| row.place.iter().map(|place| (place.clone(), place.clone())).collect()),
            ("weakness", "Weakness", |row| {
                row.weak.iter().map(|kind| ((*kind).to_owned(), (*kind).to_owned())).collect()
            }),
            ("role", "Role", |row| row.roles.iter().map(|role| (role.clone(), role.clone())).collect()),
        ];
        let facet = |(id, label, values): (&'static str, &'static str, Values)| {
            let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
            for row in self.rows.iter().filter(|row| filter.fits_but(row, self.newest, id)) {
                let mut found = values(row);
                found.sort_unstable();
                found.dedup();
                for value in found {
                    let count = counts.entry(value).or_default();
                    *count = count.saturating_add(1);
                }
            }
            let mut values: Vec<FacetValue> = counts
                .into_iter()
                .map(|((value, label), count)| FacetValue {
                    label: match id {
                        "role" => role(&value),
                        "weakness" => weakness(&value),
                        _ => label,
                    },
                    value,
                    count,
                })
                .collect();
            match id {
                "state" => values.sort_by_key(|value| rank(&value.value)),
                _ => values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.label.cmp(&other.label))),
            }
            let more = values.len().saturating_sub(FACET_VALUES_MAX);
            values.truncate(FACET_VALUES_MAX);
            Facet { id, label, values, more }
        };
        fields.into_iter().map(facet).collect()
    }
}

/// What stands in a cell of an export.
type Cell = fn(&DeviceRow) -> String;

/// Columns of an export, by name.
const COLUMNS: [(&str, Cell); 20] = [
    ("id", |row| row.id.clone()),
    ("name", |row| row.name.clone()),
    ("kind", |row| row.kind.label.clone()),
    ("kind_state", |row| row.kind.state.to_owned()),
    ("kind_confidence", |row| crate::words::probability(row.kind.confidence)),
    ("maker", |row| row.vendor.label.clone()),
    ("maker_state", |row| row.vendor.state.to_owned()),
    ("family", |row| row.family.label.clone()),
    ("model", |row| row.model.label.clone()),
    ("model_state", |row| row.model.state.to_owned()),
    ("software", |row| row.software.label.clone()),
    ("hostname", |row| row.hostname.clone().unwrap_or_default()),
    ("address", |row| row.address.clone().unwrap_or_default()),
    ("mac", |row| row.mac.clone().unwrap_or_default()),
    ("vlans", |row| row.vlans.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    ("place", |row| row.place.clone().unwrap_or_default()),
    ("weaknesses", |row| row.weaknesses.to_string()),
    ("peers", |row| row.peers.to_string()),
    ("first_seen", |row| row.first.map(|time| time.to_string()).unwrap_or_default()),
    ("last_seen", |row| row.last.map(|time| time.to_string()).unwrap_or_default()),
];

/// Rows as CSV (RFC 4180), so that no spreadsheet takes a name for a formula.
pub fn export_csv<'a>(rows: impl Iterator<Item = &'a DeviceRow>) -> String {
    let mut text = COLUMNS.map(|(name, _)| name).join(",");
    text.push_str("\r\n");
    for row in rows {
        for (place, (_, value)) in COLUMNS.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            cell(&mut text, &value(row));
        }
        text.push_str("\r\n");
    }
    text
}

/// A cell; what would be a formula is kept one as text by an apostrophe (OWASP, CSV Injection), and no control character
/// goes out.
fn cell(out: &mut String, value: &str) {
    let clean: String =
        value.chars().map(|letter| if crate::words::is_unprintable(letter) { ' ' } else { letter }).collect();
    let is_formula = clean.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    let clean = if is_formula { format!("'{clean}") } else { clean };
    if clean.contains([',', '"', ';', '\'']) || clean != clean.trim() {
        out.push('"');
        out.push_str(&clean.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&clean);
    }
}
