//! What could be chosen of each field, counted.

use analysis::knowledge::Knowledge;
use hashbrown::HashMap;
use model::Weakness;
use serde::Serialize;

use super::filter::Fit;
use super::list::rank;
use super::{DeviceRow, Filter, View};

/// Values shown of a facet; the rest is counted.
const FACET_VALUES_MAX: usize = 50;
/// What is not known.
const UNKNOWN: &str = "unknown";

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

/// Tells the values of a field.
type Values = for<'r> fn(&'r DeviceRow, &mut dyn FnMut(&'r str));

/// The fields that can be chosen from: as the filter names them, what people read, and the values of a row.
const FACETS: [(&str, &str, Values); 8] = [
    // A kind is also what it is a kind of, as the filter takes it.
    ("kind", "Kind", |row, tell| match row.kinds.as_slice() {
        [] if row.kind.value.is_none() => tell(UNKNOWN),
        kinds => kinds.iter().for_each(|kind| tell(kind)),
    }),
    ("risk", "Risk", |row, tell| tell(row.risk.map_or(UNKNOWN, |risk| risk.band.name()))),
    ("state", "Identity", |row, tell| tell(row.kind.state)),
    ("maker", "Maker", |row, tell| tell(if row.vendor.label.is_empty() { UNKNOWN } else { &row.vendor.label })),
    ("subnet", "Address range", |row, tell| row.subnets.iter().for_each(|range| tell(range))),
    ("place", "Place", |row, tell| row.place.iter().for_each(|place| tell(place))),
    ("weakness", "Weakness", |row, tell| {
        for (number, kind) in row.weak.iter().enumerate() {
            // The same over two protocols is one.
            if !row.weak.iter().take(number).any(|before| before == kind) {
                tell(kind);
            }
        }
    }),
    ("role", "Role", |row, tell| row.roles.iter().for_each(|role| tell(role))),
];

/// The values of one field of all rows, as numbers: counting them is looking at a number for each.
#[derive(Default)]
pub struct Column {
    names: Vec<String>,
    /// Where those of each row begin, and where the last end.
    begins: Vec<u32>,
    numbers: Vec<u32>,
}

/// Of every field.
pub type Columns = [Column; FACETS.len()];

impl Column {
    fn new(rows: &[DeviceRow], values: Values) -> Self {
        let mut column = Self { begins: vec![0], ..Self::default() };
        let mut known: HashMap<&str, u32> = HashMap::new();
        for row in rows {
            values(row, &mut |value| {
                let number = *known.entry(value).or_insert_with(|| {
                    column.names.push(value.to_owned());
                    column.names.len().saturating_sub(1) as u32
                });
                column.numbers.push(number);
            });
            column.begins.push(column.numbers.len() as u32);
        }
        column.numbers.shrink_to_fit();
        column
    }

    /// Those of a row.
    fn of(&self, place: usize) -> &[u32] {
        let at = |place: usize| self.begins.get(place).map(|at| *at as usize);
        let range = at(place).zip(at(place.saturating_add(1)));
        range.and_then(|(begin, end)| self.numbers.get(begin..end)).unwrap_or_default()
    }
}

impl View {
    /// The values of all fields, made when they are first asked for.
    pub(super) fn columns(&self) -> &Columns {
        self.columns.get_or_init(|| FACETS.map(|(_, _, values)| Column::new(&self.rows, values)))
    }

    /// The places of the rows that fit, and what could be chosen of each field under the filters of the others. One walk
    /// over the rows.
    pub(super) fn chosen(&self, filter: &Filter, knowledge: &Knowledge) -> (Vec<usize>, Vec<Facet>) {
        let columns = self.columns();
        let mut counts: [Vec<usize>; FACETS.len()] = std::array::from_fn(|number| {
            columns.get(number).map_or_else(Vec::new, |column| vec![0; column.names.len()])
        });
        let mut places = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let fit = filter.fit(row, self.newest);
            match fit {
                Fit::Not => continue,
                Fit::Whole => places.push(place),
                Fit::But(_) => {}
            }
            for (((id, ..), column), counts) in FACETS.iter().zip(columns).zip(&mut counts) {
                if matches!(fit, Fit::But(field) if field != *id) {
                    continue;
                }
                for number in column.of(place) {
                    if let Some(count) = counts.get_mut(*number as usize) {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
        let facets = FACETS.iter().zip(columns).zip(counts);
        let facets = facets.map(|(((id, label, _), column), counts)| facet(id, label, column, &counts, knowledge));
        (places, facets.collect())
    }
}

fn facet(id: &'static str, label: &'static str, column: &Column, counts: &[usize], knowledge: &Knowledge) -> Facet {
    let words = |value: &str| match id {
        "kind" if value == UNKNOWN => "Unknown".to_owned(),
        "kind" => super::row::label("category", value, knowledge),
        "role" => knowledge.roles().iter().find(|role| role.id == value).map_or(value, |role| &role.label).to_owned(),
        "weakness" => {
            Weakness::ALL.iter().find(|known| known.name() == value).map_or(value, |known| known.title()).to_owned()
        }
        _ => value.to_owned(),
    };
    let mut values: Vec<(&str, usize)> = column.names.iter().map(String::as_str).zip(counts.iter().copied()).collect();
    values.retain(|(_, count)| *count > 0);
    match id {
        "state" => values.sort_by_key(|(value, _)| rank(value)),
        _ => values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0))),
    }
    let more = values.len().saturating_sub(FACET_VALUES_MAX);
    values.truncate(FACET_VALUES_MAX);
    let values =
        values.into_iter().map(|(value, count)| FacetValue { value: value.to_owned(), label: words(value), count });
    Facet { id, label, values: values.collect(), more }
}
