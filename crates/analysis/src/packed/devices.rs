//! Devices, kept small.

use std::sync::Arc;

use model::bytes::{Cursor, Malformed, put_ip, put_number, put_text};
use model::{MacAddr, Timestamp};

use super::writing::{
    Pieces, Table, decimal, list, maybe_text, put_decimal, put_list, put_maybe_text, put_time, text, time,
};
use crate::inventory::{Address, Also, Attribute, Conflict, Device, Evidence, Interface, One, Rival, Role};

const HAS_MAC: u8 = 1;
const IS_LOCAL: u8 = 2;
const IS_GATEWAY: u8 = 1;
const HAS_SPAN: u8 = 2;
const IS_LIST: u8 = 1;

/// Devices in order of identifier.
#[derive(Debug, Default)]
pub struct PackedDevices {
    pieces: Pieces,
    tables: Tables,
}

/// What repeats from device to device.
#[derive(Debug, Default)]
struct Tables {
    /// Rules, fields, captures, sources, makers of cards, names of attributes and roles.
    texts: Table<Arc<str>>,
    /// States and families.
    words: Table<&'static str>,
}

impl PackedDevices {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a device.
    pub fn push(&mut self, device: &Device) {
        let Self { pieces, tables } = self;
        pieces.push(|out| tables.put_device(out, device));
    }

    /// Puts a device in the place of another.
    pub fn replace(&mut self, place: usize, device: &Device) {
        let Self { pieces, tables } = self;
        pieces.replace(place, |out| tables.put_device(out, device));
    }

    /// No more will be added.
    pub fn shrink(&mut self) {
        self.pieces.shrink();
    }

    /// A device by its place.
    pub fn get(&self, place: usize) -> Option<Device> {
        self.tables.device(&mut self.pieces.get(place)?).ok()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Device> {
        (0..self.len()).filter_map(|place| self.get(place))
    }
}

impl Tables {
    fn put_device(&mut self, out: &mut Vec<u8>, device: &Device) {
        put_text(out, &device.id);
        put_text(out, &device.name);
        let span = device.first.zip(device.last);
        let base = span.map_or(Timestamp(0), |(first, _)| first);
        out.push(if device.gateway { IS_GATEWAY } else { 0 } | if span.is_some() { HAS_SPAN } else { 0 });
        if let Some((first, last)) = span {
            put_time(out, first, Timestamp(0));
            put_time(out, last, first);
        }
        put_maybe_text(out, device.behind.as_deref());
        put_list(out, &device.interfaces, |out, interface| self.put_interface(out, interface, base));
        put_number(out, device.attributes.len() as u64);
        for (name, attribute) in &device.attributes {
            self.texts.put_text(out, name);
            match attribute {
                Attribute::One(one) => {
                    out.push(0);
                    self.put_one(out, one, base);
                }
                Attribute::Many { values } => {
                    out.push(IS_LIST);
                    put_list(out, values, |out, one| self.put_one(out, one, base));
                }
            }
        }
        put_list(out, &device.roles, |out, role| self.put_role(out, role));
        put_list(out, &device.conflicts, |out, conflict| {
            self.texts.put_text(out, &conflict.attribute);
            put_text(out, &conflict.text);
            put_list(out, &conflict.values, |out, value| put_text(out, value));
        });
        put_number(out, device.bytes_sent);
        put_number(out, device.bytes_received);
        put_number(out, device.peers as u64);
        put_number(out, device.evidence_turned_away);
    }

    fn device(&self, cursor: &mut Cursor<'_>) -> Result<Device, Malformed> {
        let (id, name) = (text(cursor)?.to_owned(), text(cursor)?.to_owned());
        let flags = cursor.byte()?;
        let span = if flags & HAS_SPAN == 0 {
            None
        } else {
            let first = time(cursor, Timestamp(0))?;
            Some((first, time(cursor, first)?))
        };
        let base = span.map_or(Timestamp(0), |(first, _)| first);
        Ok(Device {
            id,
            name,
            gateway: flags & IS_GATEWAY != 0,
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            behind: maybe_text(cursor)?,
            interfaces: list(cursor, |cursor| self.interface(cursor, base))?,
            attributes: list(cursor, |cursor| Ok((self.word(cursor)?, self.attribute(cursor, base)?)))?
                .into_iter()
                .collect(),
            roles: list(cursor, |cursor| self.role(cursor))?,
            conflicts: list(cursor, |cursor| {
                Ok(Conflict {
                    attribute: self.word(cursor)?,
                    text: text(cursor)?.to_owned(),
                    values: list(cursor, |cursor| Ok(text(cursor)?.to_owned()))?,
                })
            })?,
            bytes_sent: cursor.number()?,
            bytes_received: cursor.number()?,
            peers: cursor.small()?,
            evidence_turned_away: cursor.number()?,
        })
    }

    fn word(&self, cursor: &mut Cursor<'_>) -> Result<String, Malformed> {
        self.texts.get(cursor).map(|word| (*word).to_owned())
    }

    fn put_interface(&mut self, out: &mut Vec<u8>, interface: &Interface, base: Timestamp) {
        let has_mac = if interface.mac.is_some() { HAS_MAC } else { 0 };
        out.push(has_mac | if interface.local { IS_LOCAL } else { 0 });
        if let Some(MacAddr(mac)) = interface.mac {
            out.extend_from_slice(&mac);
        }
        self.texts.put_text(out, interface.organisation.as_deref().unwrap_or_default());
        put_list(out, &interface.vlans, |out, vlan| put_number(out, (*vlan).into()));
        put_list(out, &interface.addresses, |out, address| {
            put_ip(out, address.ip);
            put_time(out, address.first, base);
            put_time(out, address.last, address.first);
            out.push(u8::from(address.bound));
        });
    }

    fn interface(&self, cursor: &mut Cursor<'_>, base: Timestamp) -> Result<Interface, Malformed> {
        let flags = cursor.byte()?;
        Ok(Interface {
            mac: if flags & HAS_MAC == 0 { None } else { Some(cursor.mac()?) },
            local: flags & IS_LOCAL != 0,
            organisation: Some(self.word(cursor)?).filter(|name| !name.is_empty()),
            vlans: list(cursor, Cursor::small)?,
            addresses: list(cursor, |cursor| {
                let ip = cursor.ip()?;
                let first = time(cursor, base)?;
                Ok(Address { ip, first, last: time(cursor, first)?, bound: cursor.byte()? != 0 })
            })?,
        })
    }

    fn attribute(&self, cursor: &mut Cursor<'_>, base: Timestamp) -> Result<Attribute, Malformed> {
        Ok(match cursor.byte()? {
            IS_LIST => Attribute::Many { values: list(cursor, |cursor| self.one(cursor, base))? },
            _ => Attribute::One(self.one(cursor, base)?),
        })
    }

    fn put_one(&mut self, out: &mut Vec<u8>, one: &One, base: Timestamp) {
        put_maybe_text(out, one.value.as_deref());
        put_decimal(out, one.confidence);
        self.words.put(out, &one.state);
        put_decimal(out, one.prior_db);
        put_decimal(out, one.score_db);
        put_decimal(out, one.unknown);
        put_list(out, &one.rivals, |out, rival| {
            put_text(out, &rival.value);
            put_decimal(out, rival.confidence);
            put_decimal(out, rival.score_db);
            put_list(out, &rival.evidence, |out, piece| self.put_evidence(out, piece, base));
        });
        put_list(out, &one.evidence, |out, piece| self.put_evidence(out, piece, base));
    }

    fn one(&self, cursor: &mut Cursor<'_>, base: Timestamp) -> Result<One, Malformed> {
        Ok(One {
            value: maybe_text(cursor)?,
            confidence: decimal(cursor)?,
            state: self.words.get(cursor)?,
            prior_db: decimal(cursor)?,
            score_db: decimal(cursor)?,
            unknown: decimal(cursor)?,
            rivals: list(cursor, |cursor| {
                Ok(Rival {
                    value: text(cursor)?.to_owned(),
                    confidence: decimal(cursor)?,
                    score_db: decimal(cursor)?,
                    evidence: list(cursor, |cursor| self.evidence(cursor, base))?,
                })
            })?,
            evidence: list(cursor, |cursor| self.evidence(cursor, base))?,
        })
    }

    fn put_evidence(&mut self, out: &mut Vec<u8>, piece: &Evidence, base: Timestamp) {
        self.texts.put(out, &piece.rule);
        self.words.put(out, &piece.family);
        put_decimal(out, piece.weight_db);
        put_decimal(out, piece.counted_db);
        self.texts.put(out, &piece.field);
        put_text(out, &piece.value);
        put_list(out, &piece.also.0, |out, (field, value)| {
            self.texts.put(out, field);
            put_text(out, value);
        });
        self.texts.put(out, &piece.capture);
        put_number(out, piece.frame);
        put_number(out, piece.count);
        put_time(out, piece.first, base);
        put_time(out, piece.last, piece.first);
        self.texts.put(out, &piece.source);
    }

    fn evidence(&self, cursor: &mut Cursor<'_>, base: Timestamp) -> Result<Evidence, Malformed> {
        let (rule, family) = (self.texts.get(cursor)?, self.words.get(cursor)?);
        let (weight_db, counted_db) = (decimal(cursor)?, decimal(cursor)?);
        let (field, value) = (self.texts.get(cursor)?, text(cursor)?.into());
        let also = list(cursor, |cursor| Ok((self.texts.get(cursor)?, text(cursor)?.into())))?;
        let (capture, frame, count) = (self.texts.get(cursor)?, cursor.number()?, cursor.number()?);
        let first = time(cursor, base)?;
        let last = time(cursor, first)?;
        let source = self.texts.get(cursor)?;
        let also = Also(also.into());
        Ok(Evidence {
            rule,
            family,
            weight_db,
            counted_db,
            field,
            value,
            also,
            capture,
            frame,
            count,
            first,
            last,
            source,
        })
    }

    fn put_role(&mut self, out: &mut Vec<u8>, role: &Role) {
        self.texts.put_text(out, &role.role);
        self.texts.put_text(out, &role.rule);
        put_text(out, &role.field);
        self.texts.put(out, &role.capture);
        put_number(out, role.frame);
        put_number(out, role.count);
    }

    fn role(&self, cursor: &mut Cursor<'_>) -> Result<Role, Malformed> {
        Ok(Role {
            role: self.word(cursor)?,
            rule: self.word(cursor)?,
            field: text(cursor)?.to_owned(),
            capture: self.texts.get(cursor)?,
            frame: cursor.number()?,
            count: cursor.number()?,
        })
    }
}
