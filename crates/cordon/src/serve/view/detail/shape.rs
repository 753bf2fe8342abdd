//! What is told of a device, as it is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Timestamp;
use serde::Serialize;

use crate::serve::corrections::CorrectionRow;
use crate::serve::twin::Change;
use crate::serve::view::DeviceRow;

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
