//! Who talks to whom: devices in groups, and what goes on between the groups.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::filter::exactly;
use super::{DeviceRow, Filter, View};
use crate::knowledge::Known;

/// Links told; those with fewer flows are counted.
const LINKS_MAX: usize = 400;
/// Services told of one link.
const SERVICES_MAX: usize = 6;
/// What is not inside.
const ELSEWHERE: [&str; 3] = ["external", "group", "silent"];

/// What devices are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What they are for.
    #[default]
    Zone,
    /// What they are.
    Kind,
    /// The range of addresses they lie in.
    Subnet,
    /// Care unit or place.
    Place,
}

impl Group {
    /// Everything that devices can be grouped by.
    pub const ALL: [Self; 4] = [Self::Zone, Self::Kind, Self::Subnet, Self::Place];
}

/// The map.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapData {
    /// The groups, care first.
    pub groups: Vec<MapGroup>,
    /// What goes on between them, the most flows first.
    pub links: Vec<MapLink>,
    /// Links that are not told.
    pub links_more: usize,
    /// Addresses outside that are talked with.
    pub outside: usize,
}

/// Devices that stand together.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapGroup {
    /// Identifier.
    pub id: String,
    /// What people read.
    pub label: String,
    /// `care`, `servers` or `others`.
    #[schema(value_type = String)]
    pub column: &'static str,
    /// The filter that lists them.
    pub filter: String,
    /// The devices, those with most weaknesses first.
    pub devices: Vec<MapDevice>,
}

/// A device on the map.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapDevice {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How sure what it is is.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// How many weaknesses it showed.
    pub weak: usize,
    /// Whether claims contradict each other.
    pub conflict: bool,
}

/// What goes on between two groups.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapLink {
    /// Who opens the connections: a group, `external`, `group` (many at once) or `silent` (never answers).
    pub from: String,
    /// Who is asked.
    pub to: String,
    /// Devices that open them.
    pub devices: usize,
    /// Flows.
    pub flows: usize,
    /// Connections.
    pub connections: u64,
    /// Bytes both ways.
    pub bytes: u64,
    /// What is asked for, the most flows first.
    pub services: Vec<MapService>,
    /// Services that are not told.
    pub services_more: usize,
}

/// What is asked for.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapService {
    /// The application protocol, if recognised.
    #[schema(value_type = Option<String>)]
    pub application: Option<&'static str>,
    /// The port.
    pub port: Option<u16>,
    /// Flows.
    pub flows: usize,
}

#[derive(Default)]
struct Link {
    devices: BTreeSet<u32>,
    flows: usize,
    connections: u64,
    bytes: u64,
    services: BTreeMap<(Option<&'static str>, Option<u16>), usize>,
}

/// Identifier, words, column and filter of a row's group.
struct Place {
    id: String,
    label: String,
    column: &'static str,
    filter: String,
}

/// A value for a filter, quoted where it has to be.
pub(super) fn quoted(value: &str) -> String {
    let is_plain =
        !value.is_empty() && value.chars().all(|letter| letter.is_alphanumeric() || "._-/:~".contains(letter));
    if is_plain { value.to_owned() } else { format!("\"{}\"", value.replace('"', "")) }
}

fn column(row: &DeviceRow) -> &'static str {
    let is = |kind: &str| row.kinds.iter().any(|known| known == kind);
    if is("medical_device") {
        "care"
    } else if is("medical_system") || is("server") || is("network_device") || is("storage") {
        "servers"
    } else {
        "others"
    }
}

fn place(row: &DeviceRow, group: Group, known: &Known) -> Place {
    let category = |id: &str| known.knowledge.categories().get(id).map_or(id, |kind| &kind.label).to_owned();
    let unknown = |label: &str, filter: &str| Place {
        id: "unknown".to_owned(),
        label: label.to_owned(),
        column: "others",
        filter: filter.to_owned(),
    };
    let kind =
        |id: &str| Place { id: id.to_owned(), label: category(id), column: column(row), filter: format!("kind:{id}") };
    match group {
        Group::Kind => row.kind.value.as_deref().map_or_else(
            || unknown("Unknown", "kind:unknown"),
            |id| Place { filter: exactly(id, &known.knowledge), ..kind(id) },
        ),
        Group::Zone => {
            // Medical devices by what they do, all others by the most general kind.
            let most_general = row.kinds.last().map(String::as_str);
            let zone = match most_general {
                Some("medical_device") => {
                    let below = row.kinds.len().checked_sub(2).and_then(|place| row.kinds.get(place));
                    below.map(String::as_str).or(most_general)
                }
                other => other,
            };
            zone.map_or_else(|| unknown("Unknown", "kind:unknown"), kind)
        }
        Group::Subnet => row.subnet.as_deref().map_or_else(
            || unknown("No address", "address:unknown"),
            |range| Place {
                id: range.to_owned(),
                label: range.to_owned(),
                column: column(row),
                filter: format!("subnet:{range}"),
            },
        ),
        Group::Place => row.place.as_deref().map_or_else(
            || unknown("Place not known", "place:unknown"),
            |place| Place {
                id: place.to_owned(),
                label: place.to_owned(),
                column: column(row),
                filter: format!("place:{}", quoted(place)),
            },
        ),
    }
}

impl View {
    /// The map of the devices that fit, as JSON; that of all is made once.
    pub fn map_json(&self, group: Group, filter: &Filter, known: &Known) -> String {
        let json = || serde_json::to_string(&self.map(group, filter, known)).unwrap_or_default();
        let number = Group::ALL.iter().position(|known| *known == group);
        match number.and_then(|number| self.maps.get(number)).filter(|_| filter.is_empty()) {
            Some(map) => map.get_or_init(json).clone(),
            None => json(),
        }
    }

    /// The map of the devices that fit.
    fn map(&self, group: Group, filter: &Filter, known: &Known) -> MapData {
        let mut groups: BTreeMap<String, (MapGroup, [usize; 3])> = BTreeMap::new();
        let mut group_of: Vec<Option<String>> = vec![None; self.rows.len()];
        for (row, group_of) in self.rows.iter().zip(&mut group_of).filter(|(row, _)| filter.fits(row, self.newest)) {
            let Place { id, label, column, filter } = place(row, group, known);
            *group_of = Some(id.clone());
            let begin = || (MapGroup { id: id.clone(), label, column, filter, devices: Vec::new() }, [0; 3]);
            let (found, columns) = groups.entry(id.clone()).or_insert_with(begin);
            let number = ["care", "servers", "others"].iter().position(|known| *known == column).unwrap_or(2);
            if let Some(count) = columns.get_mut(number) {
                *count = count.saturating_add(1);
            }
            found.devices.push(MapDevice {
                id: row.id.clone(),
                name: row.name.clone(),
                state: row.kind.state,
                weak: row.weaknesses,
                conflict: row.conflicts > 0,
            });
        }
        let mut links: BTreeMap<(&str, &str), Link> = BTreeMap::new();
        let mut outside: BTreeSet<&str> = BTreeSet::new();
        let end = |owner: u32| match self.place_of_end(owner) {
            Some(place) => group_of.get(place)?.as_deref(),
            None => {
                let name = self.name_of_end(owner);
                ELSEWHERE.into_iter().find(|kind| name.split(':').next() == Some(kind))
            }
        };
        for flow in self.flows.briefs() {
            let (from_owner, to_owner) = flow.ends;
            let (Some(from), Some(to)) = (end(from_owner), end(to_owner)) else { continue };
            let names = [from_owner, to_owner].map(|owner| self.name_of_end(owner));
            outside.extend(names.into_iter().filter(|id| id.starts_with("external:")));
            let link = links.entry((from, to)).or_default();
            link.devices.insert(from_owner);
            link.flows = link.flows.saturating_add(1);
            link.connections = link.connections.saturating_add(flow.connections);
            link.bytes = link.bytes.saturating_add(flow.bytes_sent).saturating_add(flow.bytes_received);
            let service = link.services.entry((flow.application, flow.port)).or_default();
            *service = service.saturating_add(1);
        }
        let mut links: Vec<MapLink> = links.into_iter().map(|((from, to), link)| map_link(from, to, link)).collect();
        links.sort_by_key(|link| std::cmp::Reverse((link.flows, link.connections)));
        let links_more = links.len().saturating_sub(LINKS_MAX);
        links.truncate(LINKS_MAX);
        let order = |column: &str| ["care", "servers", "others"].iter().position(|known| *known == column);
        let mut groups: Vec<MapGroup> = groups.into_values().map(|(group, columns)| settled(group, columns)).collect();
        groups.sort_by_key(|group| {
            (order(group.column), group.id == "unknown", std::cmp::Reverse(group.devices.len()), group.id.clone())
        });
        MapData { groups, links, links_more, outside: outside.len() }
    }
}

/// A group of several columns stands where most of its devices do.
fn settled(mut group: MapGroup, columns: [usize; 3]) -> MapGroup {
    let most = columns.iter().enumerate().max_by_key(|(place, count)| (**count, std::cmp::Reverse(*place)));
    group.column =
        most.and_then(|(place, _)| ["care", "servers", "others"].get(place).copied()).unwrap_or(group.column);
    group.devices.sort_by(|one, other| {
        (other.conflict, other.weak).cmp(&(one.conflict, one.weak)).then_with(|| one.id.cmp(&other.id))
    });
    group
}

fn map_link(from: &str, to: &str, link: Link) -> MapLink {
    let mut services: Vec<MapService> =
        link.services.into_iter().map(|((application, port), flows)| MapService { application, port, flows }).collect();
    services.sort_by_key(|service| std::cmp::Reverse(service.flows));
    let services_more = services.len().saturating_sub(SERVICES_MAX);
    services.truncate(SERVICES_MAX);
    MapLink {
        from: from.to_owned(),
        to: to.to_owned(),
        devices: link.devices.len(),
        flows: link.flows,
        connections: link.connections,
        bytes: link.bytes,
        services,
        services_more,
    }
}
