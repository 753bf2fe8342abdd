//! Lists of devices: filtered, sorted, in pages, with counts of what else could be chosen.

use std::cmp::Reverse;
use std::net::IpAddr;
use std::sync::OnceLock;

use analysis::knowledge::Knowledge;
use model::Timestamp;
use serde::Serialize;

use super::facet::Facet;
use super::{DeviceRow, Filter, View};

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

/// How rows are ordered: fields by weight, each up or down.
#[derive(Clone, Debug)]
pub struct Sort(Vec<(Key, bool)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    Risk,
    Bytes,
    Medical,
}

/// The names of the fields that can be sorted by.
const KEYS: [(&str, Key); 14] = [
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
    ("risk", Key::Risk),
    ("bytes", Key::Bytes),
    ("medical", Key::Medical),
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
}

/// The place of every row by one field; rows that are equal in it have the same. Made when it is first asked for.
pub type Ranks = [OnceLock<Vec<u32>>; KEYS.len()];

/// What two rows are compared by. What is not known stands behind what is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Text(bool, String),
    Number(u64),
    Reckoned(Option<u64>),
    Sure(u8, Reverse<u64>),
    Address(bool, Option<IpAddr>),
    Time(Option<Timestamp>),
}

/// Of what is unknown.
const UNKNOWN_RANK: u8 = 3;

/// How sure a state is, surest first.
pub(super) fn rank(state: &str) -> u8 {
    match state {
        "confirmed" => 0,
        "probable" => 1,
        "tentative" => 2,
        _ => UNKNOWN_RANK,
    }
}

impl Worth {
    fn is_known(&self) -> bool {
        !matches!(
            self,
            Self::Text(true, _)
                | Self::Address(true, _)
                | Self::Time(None)
                | Self::Reckoned(None)
                | Self::Sure(UNKNOWN_RANK, _)
        )
    }
}

impl Key {
    fn worth(self, row: &DeviceRow) -> Worth {
        let text = |text: &str| Worth::Text(text.is_empty(), text.to_lowercase());
        match self {
            Self::Name => text(&row.name),
            Self::Kind => text(&row.kind.label),
            Self::State => Worth::Sure(rank(row.kind.state), Reverse((row.kind.confidence * 1e6) as u64)),
            Self::Maker => text(&row.vendor.label),
            Self::Model => text(&row.model.label),
            Self::Address => Worth::Address(row.ips.is_empty(), row.ips.first().copied()),
            Self::Place => text(row.place.as_deref().unwrap_or_default()),
            Self::Last => Worth::Time(row.last),
            Self::First => Worth::Time(row.first),
            Self::Peers => Worth::Number(row.peers as u64),
            Self::Weak => Worth::Number(row.weaknesses as u64),
            // Thousandths tell scores apart; what is not reckoned stands behind.
            Self::Risk => Worth::Reckoned(row.risk.map(|risk| (risk.score * 1e3) as u64)),
            Self::Bytes => Worth::Number(row.bytes),
            // Those that serve patients first.
            Self::Medical => Worth::Number(u64::from(!row.medical)),
        }
    }
}

/// Puts the first `most` in order, and what comes after them behind them.
fn sort_first<K: Ord>(places: &mut [usize], most: usize, key: impl Fn(&usize) -> K + Copy) {
    let first = match most.checked_sub(1).filter(|last| *last < places.len()) {
        Some(last) => places.select_nth_unstable_by_key(last, key).0,
        None => places,
    };
    first.sort_unstable_by_key(key);
}

impl View {
    /// The places of the rows that fit, in order.
    pub fn select(&self, filter: &Filter, sort: &Sort) -> Vec<usize> {
        let fits = |(place, row): (usize, &DeviceRow)| filter.fits(row, self.newest).then_some(place);
        let mut places: Vec<usize> = self.rows.iter().enumerate().filter_map(fits).collect();
        self.put_in_order(&mut places, sort, usize::MAX);
        places
    }

    /// Puts the first `most` places in order; those behind them are in none.
    fn put_in_order(&self, places: &mut [usize], sort: &Sort, most: usize) {
        let ranks: Vec<(&[u32], bool)> = sort.0.iter().map(|(key, down)| (self.ranks(*key), *down)).collect();
        let rank = |(ranks, down): &(&[u32], bool), place: usize| {
            let rank = ranks.get(place).copied().unwrap_or(u32::MAX);
            // What is not known stands behind what is, whichever way.
            match (rank, *down) {
                (u32::MAX, _) => u32::MAX,
                (rank, true) => u32::MAX.saturating_sub(1).saturating_sub(rank),
                (rank, false) => rank,
            }
        };
        // Rows are kept in the order of their identifiers: places decide between equals.
        match ranks.as_slice() {
            [] => {}
            [first] => sort_first(places, most, |place| (rank(first, *place), *place)),
            [first, second] => sort_first(places, most, |place| (rank(first, *place), rank(second, *place), *place)),
            all => {
                sort_first(places, most, |place| (all.iter().map(|one| rank(one, *place)).collect::<Vec<_>>(), *place));
            }
        }
    }

    fn ranks(&self, key: Key) -> &[u32] {
        let number = KEYS.iter().position(|(_, known)| *known == key).unwrap_or_default();
        let Some(ranks) = self.ranks.get(number) else { return &[] };
        ranks.get_or_init(|| {
            let mut worth: Vec<(Worth, u32)> = self.rows.iter().map(|row| key.worth(row)).zip(0..).collect();
            worth.sort_unstable();
            let mut ranks = vec![0; worth.len()];
            let (mut rank, mut before) = (0_u32, None);
            for (worth, place) in &worth {
                if before.is_some_and(|before| before != worth) {
                    rank = rank.saturating_add(1);
                }
                before = Some(worth);
                if let Some(own) = ranks.get_mut(*place as usize) {
                    *own = if worth.is_known() { rank } else { u32::MAX };
                }
            }
            ranks
        })
    }

    /// Makes what the view before was asked for, so that nobody has to wait for it.
    pub fn warm(&self, before: &Self) {
        for ((_, key), _) in KEYS.iter().zip(&before.ranks).filter(|(_, ranks)| ranks.get().is_some()) {
            self.ranks(*key);
        }
        if before.columns.get().is_some() {
            self.columns();
        }
    }

    /// A page of the devices that fit.
    pub fn list(&self, filter: &Filter, sort: &Sort, from: usize, limit: usize, knowledge: &Knowledge) -> DeviceList {
        let (mut places, facets) = self.chosen(filter, knowledge);
        self.put_in_order(&mut places, sort, from.saturating_add(limit));
        let items: Vec<DeviceRow> =
            places.iter().skip(from).take(limit).filter_map(|place| self.rows.get(*place)).cloned().collect();
        let end = from.saturating_add(items.len());
        DeviceList {
            next: (end < places.len() && !items.is_empty()).then(|| end.to_string()),
            items,
            total: places.len(),
            all: self.rows.len(),
            facets,
            version: self.version,
            as_of: self.newest,
            problem: filter.problem.clone(),
        }
    }
}

/// What stands in a cell of an export.
type Cell = fn(&DeviceRow) -> String;

/// Columns of an export, by name.
const COLUMNS: [(&str, Cell); 22] = [
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
    ("risk", |row| row.risk.map_or(String::new(), |risk| format!("{:.1}", risk.score))),
    ("risk_band", |row| row.risk.map_or(String::new(), |risk| risk.band.name().to_owned())),
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

/// Begins a formula (OWASP, CSV Injection); the wide ones are taken for the narrow ones where Chinese or Japanese is written.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];

/// A cell; what would be a formula is kept one as text by an apostrophe, also behind what another spreadsheet takes for the
/// beginning of a cell (where a comma is the decimal sign, a semicolon separates). No control character goes out.
pub fn cell(out: &mut String, value: &str) {
    let mut clean = String::with_capacity(value.len());
    let mut begins = true;
    for letter in value.chars() {
        let letter = if crate::words::is_unprintable(letter) { ' ' } else { letter };
        if begins && FORMULA.contains(&letter) {
            clean.push('\'');
        }
        clean.push(letter);
        begins = matches!(letter, ',' | ';') || (begins && (letter == '"' || letter.is_whitespace()));
    }
    if clean.contains([',', '"', ';', '\'']) || clean != clean.trim() {
        out.push('"');
        out.push_str(&clean.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&clean);
    }
}
