//! A device in full, and the reason for each thing that is said of it.

mod reason;
mod shape;

use std::sync::Arc;

use analysis::inventory::{self, Attribute, Device, Evidence, One};
use analysis::knowledge::Knowledge;
use model::Weakness;

use super::View;
use super::row::label;
use crate::knowledge::Known;
use reason::{change, family_label, sentence};
use shape::{
    AddressView, AttributeView, ConflictView, EvidenceView, FlowView, InterfaceView, OneView, RivalView, RoleView,
    SaidView, WeaknessView,
};

pub use reason::Why;
pub use shape::{DeviceDetail, Peer};

/// Flows shown of one device.
const FLOWS_MAX: usize = 500;
/// Devices shown that are known through one.
const FRONTS_MAX: usize = 500;

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
