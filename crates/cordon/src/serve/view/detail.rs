//! A device in full, and the reason for each thing that is said of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::inventory::{self, Attribute, Device, Evidence, One};
use analysis::knowledge::{Family, Knowledge};
use model::{Timestamp, Weakness};
use serde::Serialize;

use super::row::label;
use super::{DeviceRow, View};
use crate::knowledge::Known;
use crate::serve::corrections::CorrectionRow;
use crate::serve::twin::Change;

/// Flows shown of one device.
const FLOWS_MAX: usize = 500;
/// Devices shown that are known through one.
const FRONTS_MAX: usize = 500;

/// A device in full.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DeviceDetail {
    /// As in lists.
    pub row: DeviceRow,
    /// Network cards and addresses.
    pub interfaces: Vec<InterfaceView>,
    /// What is known, in the order to show; what is not known too.
    pub attributes: Vec<AttributeView>,
    /// What it does for others.
    pub roles: Vec<RoleView>,
    /// Claims that cannot hold together.
    pub conflicts: Vec<ConflictView>,
    /// What makes it easy to attack.
    pub weaknesses: Vec<WeaknessView>,
    /// Whom it talks with, the busiest first.
    pub flows: Vec<FlowView>,
    /// How many flows there are.
    pub flows_total: usize,
    /// What it is known through.
    pub behind: Option<Peer>,
    /// What is known through it.
    pub fronts: Vec<Peer>,
    /// What people said of it.
    pub corrections: Vec<CorrectionRow>,
    /// What changed, the newest first.
    pub changes: Vec<Change>,
}

/// A network card.
#[derive(Serialize, utoipa::ToSchema)]
pub struct InterfaceView {
    /// Hardware address; none if it is behind a router.
    pub mac: Option<String>,
    /// Whether the hardware address was made up locally.
    pub local: bool,
    /// Whom it was assigned to.
    pub organisation: Option<String>,
    /// VLANs it was seen in.
    pub vlans: Vec<u16>,
    /// Its addresses.
    pub addresses: Vec<AddressView>,
}

/// An address.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AddressView {
    /// The address.
    pub ip: String,
    /// First seen.
    #[schema(value_type = String)]
    pub first: Timestamp,
    /// Last seen.
    #[schema(value_type = String)]
    pub last: Timestamp,
    /// Whether ARP, NDP or DHCP tied it to the card.
    pub bound: bool,
}

/// An attribute and its values.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AttributeView {
    /// Identifier.
    pub id: String,
    /// What people read.
    pub label: String,
    /// `identity`, `clinical` or `network`.
    #[schema(value_type = String)]
    pub group: &'static str,
    /// What is said; nothing if it is unknown.
    pub values: Vec<OneView>,
}

/// A value and why.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OneView {
    /// The value; none if nothing reached tentative.
    pub value: Option<String>,
    /// What people read.
    pub label: String,
    /// `confirmed`, `probable`, `tentative` or `unknown`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// Probability.
    pub confidence: f64,
    /// Before any evidence, in decibans.
    pub prior_db: f64,
    /// Together, in decibans.
    pub score_db: f64,
    /// Probability that it is none of the values named.
    pub unknown: f64,
    /// What else it could be.
    pub rivals: Vec<RivalView>,
    /// What speaks for it and against it, strongest first.
    pub evidence: Vec<EvidenceView>,
}

/// What else it could be.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RivalView {
    /// The value.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Probability.
    pub confidence: f64,
    /// Together, in decibans.
    pub score_db: f64,
}

/// One rule that spoke.
#[derive(Serialize, utoipa::ToSchema)]
pub struct EvidenceView {
    /// The rule.
    pub rule: String,
    /// Its family.
    #[schema(value_type = String)]
    pub family: &'static str,
    /// What people read of the family.
    #[schema(value_type = String)]
    pub family_label: &'static str,
    /// By itself, in decibans.
    pub weight_db: f64,
    /// What it added, in decibans.
    pub counted_db: f64,
    /// The field that decided.
    pub field: String,
    /// What it said.
    pub value: String,
    /// Further fields.
    pub also: Vec<SaidView>,
    /// The capture of the first occasion.
    pub capture: String,
    /// The frame of the first occasion.
    pub frame: u64,
    /// Occasions.
    pub count: u64,
    /// First occasion.
    #[schema(value_type = String)]
    pub first: Timestamp,
    /// Last occasion.
    #[schema(value_type = String)]
    pub last: Timestamp,
    /// Where the rule was learnt.
    pub source: String,
}

/// A field and what it said.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SaidView {
    /// The field.
    pub field: String,
    /// What it said.
    pub value: String,
}

/// What a device does for others.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// Identifier.
    pub role: String,
    /// What people read.
    pub label: String,
    /// The rule that told.
    pub rule: String,
    /// The field that decided, and what it said.
    pub field: String,
    /// The capture of the first occasion.
    pub capture: String,
    /// The frame of the first occasion.
    pub frame: u64,
    /// Occasions.
    pub count: u64,
}

/// Claims that cannot hold together.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ConflictView {
    /// The attribute, or `address`.
    pub attribute: String,
    /// In words.
    pub text: String,
    /// The claims.
    pub values: Vec<String>,
}

/// Something that makes a device easy to attack.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WeaknessView {
    /// Identifier.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// In words.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// Over which protocol.
    #[schema(value_type = String)]
    pub protocol: &'static str,
    /// Towards whom first.
    pub peer: Option<Peer>,
    /// Occasions.
    pub count: u64,
    /// First occasion.
    #[schema(value_type = String)]
    pub first: Timestamp,
    /// Last occasion.
    #[schema(value_type = String)]
    pub last: Timestamp,
    /// The capture of the first occasion.
    pub capture: String,
    /// The frame of the first occasion.
    pub frame: u64,
}

/// Somebody at the other end.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Peer {
    /// A device's identifier, or `external:…`, `group:…`, `silent:…`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is, in words; empty if that is unknown.
    pub kind: String,
    /// Whether it is a device that has a page.
    pub is_device: bool,
    /// `east_west`, `external`, `group` or `silent`.
    #[schema(value_type = String)]
    pub scope: &'static str,
}

/// Whom a device talks with, for what, how often.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FlowView {
    /// `out` if the device opens the connections, else `in`.
    #[schema(value_type = String)]
    pub direction: &'static str,
    /// The other end.
    pub peer: Peer,
    /// The application protocol, if recognised.
    #[schema(value_type = Option<String>)]
    pub application: Option<&'static str>,
    /// IP protocol number.
    pub ip_protocol: u8,
    /// The responder's port.
    pub port: Option<u16>,
    /// How often each operation was seen.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub operations: BTreeMap<Arc<str>, u64>,
    /// Connections.
    pub connections: u64,
    /// Connections that were answered.
    pub answered: u64,
    /// Bytes towards the responder.
    pub bytes_sent: u64,
    /// Bytes back.
    pub bytes_received: u64,
    /// First packet.
    #[schema(value_type = String)]
    pub first: Timestamp,
    /// Last packet.
    #[schema(value_type = String)]
    pub last: Timestamp,
    /// Days with traffic.
    pub days: usize,
    /// Hours of the week with traffic (UTC): 0 is Monday 00:00.
    pub hours_of_week: Vec<u8>,
}

/// The reason for one statement, in words.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Why {
    /// One or two plain sentences.
    pub sentence: String,
    /// What `cordon why` prints.
    pub text: String,
    /// What would change it.
    pub change: String,
}

/// Which attributes stand together.
fn group(attribute: &str) -> &'static str {
    match attribute {
        "location" | "asset_tag" | "ae_title" | "hl7_application" => "clinical",
        "hostname" | "os" | "component" => "network",
        _ => "identity",
    }
}

impl View {
    /// A device in full, but for what people said and what changed.
    pub fn detail(&self, id: &str, known: &Known) -> Option<DeviceDetail> {
        let place = self.place(id)?;
        let (row, device) = (self.rows.get(place)?, self.devices.get(place)?);
        let knowledge = &known.knowledge;
        let attributes = knowledge.attributes().iter().map(|attribute| AttributeView {
            id: attribute.id.clone(),
            label: attribute.label.clone(),
            group: group(&attribute.id),
            values: ones(&device, &attribute.id).iter().map(|one| one_view(&attribute.id, one, knowledge)).collect(),
        });
        let role_label =
            |id: &str| knowledge.roles().iter().find(|role| role.id == id).map_or(id, |role| &role.label).to_owned();
        let flows = self.flows_of.of(place);
        let mut flow_views: Vec<FlowView> = flows.iter().filter_map(|flow| self.flow_view(id, *flow)).collect();
        flow_views.sort_by_key(|flow| std::cmp::Reverse((flow.connections, flow.bytes_sent)));
        flow_views.truncate(FLOWS_MAX);
        let fronts = self.fronts.get(id).map_or(&[][..], Vec::as_slice).iter().take(FRONTS_MAX);
        Some(DeviceDetail {
            row: row.clone(),
            interfaces: device.interfaces.iter().map(interface_view).collect(),
            attributes: attributes.collect(),
            roles: device
                .roles
                .iter()
                .map(|role| RoleView {
                    role: role.role.clone(),
                    label: role_label(&role.role),
                    rule: role.rule.clone(),
                    field: role.field.clone(),
                    capture: role.capture.to_string(),
                    frame: role.frame,
                    count: role.count,
                })
                .collect(),
            conflicts: device
                .conflicts
                .iter()
                .map(|conflict| ConflictView {
                    attribute: conflict.attribute.clone(),
                    text: conflict.text.clone(),
                    values: conflict.values.clone(),
                })
                .collect(),
            weaknesses: self.weaknesses_of(id).iter().map(|row| self.weakness_view(row)).collect(),
            flows_total: flows.len(),
            flows: flow_views,
            behind: device.behind.as_deref().map(|parent| self.peer(parent)),
            fronts: fronts.filter_map(|number| self.rows.get(*number as usize)).map(|row| self.peer(&row.id)).collect(),
            corrections: Vec::new(),
            changes: Vec::new(),
        })
    }

    /// Somebody at the other end, by identifier.
    pub fn peer(&self, id: &str) -> Peer {
        let (scope, bare) = match id.split_once(':') {
            Some(("external", rest)) => ("external", rest),
            Some(("group", rest)) => ("group", rest),
            Some(("silent", rest)) => ("silent", rest),
            _ => ("east_west", id),
        };
        match self.row(id) {
            Some(row) => {
                Peer { id: id.to_owned(), name: row.name.clone(), kind: row.kind.label.clone(), is_device: true, scope }
            }
            None => Peer { id: id.to_owned(), name: bare.to_owned(), kind: String::new(), is_device: false, scope },
        }
    }

    fn flow_view(&self, id: &str, number: u32) -> Option<FlowView> {
        let flow = self.flow(number)?;
        let is_out = &*flow.from == id;
        let other = if is_out { &flow.to } else { &flow.from };
        Some(FlowView {
            direction: if is_out { "out" } else { "in" },
            peer: Peer { scope: flow.scope, ..self.peer(other) },
            application: flow.application,
            ip_protocol: flow.service.ip_protocol,
            port: flow.service.port,
            operations: flow.operations,
            connections: flow.connections,
            answered: flow.answered,
            bytes_sent: flow.bytes_sent,
            bytes_received: flow.bytes_received,
            first: flow.first,
            last: flow.last,
            days: flow.days.len(),
            hours_of_week: flow.hours_of_week.iter().collect(),
        })
    }

    fn weakness_view(&self, row: &inventory::WeaknessRow) -> WeaknessView {
        WeaknessView {
            kind: Weakness::name(row.kind),
            title: row.kind.title(),
            protocol: row.protocol,
            peer: row.peer.as_deref().map(|peer| self.peer(peer)),
            count: row.count,
            first: row.first,
            last: row.last,
            capture: row.capture.to_string(),
            frame: row.frame,
        }
    }

    /// Why an attribute of a device is what it is; `None` if there is no such device or attribute.
    pub fn why(&self, id: &str, attribute: &str, known: &Known) -> Option<Why> {
        let device = self.device(id)?;
        known.knowledge.attributes().get(attribute)?;
        let ones = ones(&device, attribute);
        let text = crate::why::of_attribute(&device, attribute, known);
        Some(Why { sentence: sentence(attribute, ones, known), change: change(ones), text })
    }
}

fn interface_view(interface: &inventory::Interface) -> InterfaceView {
    InterfaceView {
        mac: interface.mac.map(|mac| mac.to_string()),
        local: interface.local,
        organisation: interface.organisation.clone(),
        vlans: interface.vlans.clone(),
        addresses: interface
            .addresses
            .iter()
            .map(|each| AddressView { ip: each.ip.to_string(), first: each.first, last: each.last, bound: each.bound })
            .collect(),
    }
}

fn ones<'a>(device: &'a Device, attribute: &str) -> &'a [One] {
    match device.attributes.get(attribute) {
        Some(Attribute::One(one)) => std::slice::from_ref(one),
        Some(Attribute::Many { values }) => values,
        None => &[],
    }
}

fn one_view(attribute: &str, one: &One, knowledge: &Knowledge) -> OneView {
    let rivals = one.rivals.iter().map(|rival| RivalView {
        value: rival.value.clone(),
        label: label(attribute, &rival.value, knowledge),
        confidence: rival.confidence,
        score_db: rival.score_db,
    });
    OneView {
        value: one.value.clone(),
        label: one.value.as_deref().map(|value| label(attribute, value, knowledge)).unwrap_or_default(),
        state: one.state,
        confidence: one.confidence,
        prior_db: one.prior_db,
        score_db: one.score_db,
        unknown: one.unknown,
        rivals: rivals.collect(),
        evidence: one.evidence.iter().map(evidence_view).collect(),
    }
}

/// What people read of a family of evidence.
fn family_label(name: &str) -> &'static str {
    let known = Family::ALL.iter().find(|family| family.name() == name);
    known.map_or("what a person said", |family| family.title())
}

fn evidence_view(piece: &Evidence) -> EvidenceView {
    let said = |(field, value): &(Arc<str>, Arc<str>)| SaidView { field: field.to_string(), value: value.to_string() };
    EvidenceView {
        rule: piece.rule.to_string(),
        family: piece.family,
        family_label: family_label(piece.family),
        weight_db: piece.weight_db,
        counted_db: piece.counted_db,
        field: piece.field.to_string(),
        value: piece.value.to_string(),
        also: piece.also.0.iter().map(said).collect(),
        capture: piece.capture.to_string(),
        frame: piece.frame,
        count: piece.count,
        first: piece.first,
        last: piece.last,
        source: piece.source.to_string(),
    }
}

/// One or two plain sentences.
fn sentence(attribute: &str, ones: &[One], known: &Known) -> String {
    let Some(one) = ones.first() else {
        return "Nothing that was seen speaks of this.".to_owned();
    };
    let Some(strongest) = one.evidence.iter().find(|piece| piece.counted_db > 0.0) else {
        return "Something speaks of this, but nothing strongly enough to say it.".to_owned();
    };
    if strongest.family == crate::serve::corrections::FAMILY {
        return format!("{} said so: {}.", strongest.field, strongest.value.trim_end_matches('.'));
    }
    let times = match strongest.count {
        1 => "once".to_owned(),
        count => format!("{} times", crate::words::thousands(count)),
    };
    let value = one.value.as_deref().map(|value| label(attribute, value, &known.knowledge));
    let what =
        value.map_or_else(|| "Not enough is known to say it".to_owned(), |value| format!("It is taken for “{value}”"));
    let families: std::collections::BTreeSet<&str> = one.evidence.iter().map(|piece| piece.family).collect();
    let against = one.evidence.iter().filter(|piece| piece.counted_db < 0.0).count();
    let against = match against {
        0 => String::new(),
        1 => "; one piece of evidence speaks against it".to_owned(),
        count => format!("; {count} pieces of evidence speak against it"),
    };
    let kinds = match families.len() {
        1 => "one kind of evidence".to_owned(),
        count => format!("{count} kinds of evidence that know nothing of each other"),
    };
    format!(
        "{what} above all by {}: {} said “{}”, {times}. It rests on {kinds}{against}.",
        family_label(strongest.family),
        strongest.field,
        strongest.value
    )
}

/// What would change it.
fn change(ones: &[One]) -> String {
    let Some(one) = ones.first() else {
        return "Traffic of the device that says more, or a person who reads its label.".to_owned();
    };
    match one.state {
        "confirmed" => "Only the person who said so, or another, taking it back.".to_owned(),
        "probable" => {
            "A person who reads its label confirms it; evidence of another maker or kind puts it in question."
                .to_owned()
        }
        "tentative" => {
            let odds = |confidence: f64| 10.0 * (confidence / (1.0 - confidence)).log10();
            let missing = (odds(0.90) - odds(one.confidence)).max(0.1);
            format!(
                "It becomes probable with {missing:.1} decibans more: one further source that is independent of those here. \
                 A person who reads its label can confirm it now."
            )
        }
        _ => "Traffic of the device that says more, or a person who reads its label.".to_owned(),
    }
}
