//! The equipment that one message names.
//!
//! An observation names its equipment in OBX-18, or stands under a medical device system in the containment tree of
//! OBX-4 (IHE PCD TF-2 §B.7); what is said of the same equipment in several segments is told in one message. Where no
//! observation names the kind of device system, the request that they answer may (OBR-4, IHE PCD TF-2 §B.6).

use model::{Field, MacAddr, Messages};

use super::delimiters::Delimiters;
use super::record::{Span, Texts, is_empty, part, tell_parts};

/// The most equipment that one message tells about.
const EQUIPMENT_MAX: usize = 16;
/// The most details of all equipment of one message.
const DETAILS_MAX: usize = 128;
/// The most software versions of one piece of equipment.
const VERSIONS_MAX: usize = 16;
/// The most repetitions of an identifier that are told: from a module up to the cluster it belongs to.
const REPETITIONS_MAX: usize = 8;
/// The most kinds of observation that are told of one piece of equipment: enough to see what kind of device observes.
const OBSERVED_MAX: usize = 16;
/// Of all devices of a message together.
const OBSERVED_ALL_MAX: usize = 256;

/// What the sender says of itself in the message header.
pub(super) struct Sender<'a> {
    /// The second component of MSH-3.
    pub(super) universal_id: &'a [u8],
    pub(super) mac: Option<MacAddr>,
}

impl Sender<'_> {
    fn is_named(&self, id: &[u8]) -> bool {
        !is_empty(id) && id == self.universal_id
    }
}

/// What the segment at hand says about equipment.
#[derive(Default)]
pub(super) struct Row {
    texts: Texts,
    id: Span,
    /// The number of the medical device system in the containment tree.
    system: Option<u32>,
    attribute: Option<&'static Field>,
    value: Span,
    device_type: Span,
    observed: Span,
    serial: Span,
    udi: Span,
}

impl Row {
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        let Self { texts: _, id, system, attribute, value, device_type, observed, serial, udi } = self;
        *system = None;
        *attribute = None;
        for span in [id, value, device_type, observed, serial, udi] {
            *span = Span::default();
        }
    }

    pub(super) const fn attribute(&self) -> Option<&'static Field> {
        self.attribute
    }

    pub(super) fn set_id(&mut self, value: &[u8]) {
        self.id = self.texts.keep(value);
    }

    /// Takes an observation's sub-identifier: `1.2.3.4`, the numbers of device system, virtual device, channel and
    /// metric; that of a device system itself may be its number alone. Other forms (`1/1`, `2101`) name no system.
    pub(super) fn set_containment(&mut self, value: &[u8]) {
        let numbers = value.split(|byte| *byte == b'.');
        let is_long = numbers.clone().count() >= 4;
        let is_path = (is_long || (numbers.clone().count() == 1 && !is_empty(self.texts.text(self.device_type))))
            && numbers.clone().all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit));
        let system = numbers.clone().next().and_then(|number| std::str::from_utf8(number).ok()?.parse().ok());
        self.system = if is_path { system } else { None };
    }

    pub(super) const fn set_attribute(&mut self, attribute: Option<&'static Field>) {
        self.attribute = attribute;
    }

    pub(super) fn set_value(&mut self, value: &[u8]) {
        self.value = self.texts.keep(value);
    }

    pub(super) fn set_device_type(&mut self, value: &[u8]) {
        self.device_type = self.texts.keep(value);
    }

    /// Takes the reference identifier of what is observed.
    pub(super) fn set_observed(&mut self, value: &[u8]) {
        self.observed = self.texts.keep(value);
    }

    pub(super) fn set_serial(&mut self, value: &[u8]) {
        self.serial = self.texts.keep(value);
    }

    /// Takes the device identifier of a UDI (PRT-16); where PRT-10 names nothing, it is the equipment's name as well.
    pub(super) fn set_udi(&mut self, value: &[u8], delimiters: &Delimiters) {
        let udi = part(value, delimiters.component, 0);
        self.udi = self.texts.keep(udi);
        if let Some(serial) = udi_serial(udi) {
            self.set_serial(serial);
        }
        if is_empty(self.texts.text(self.id)) {
            self.set_id(value);
        }
    }
}

/// The serial number in a UDI of the usual issuing agency: application identifier 21 (GS1 General Specifications §3.5.2).
fn udi_serial(udi: &[u8]) -> Option<&[u8]> {
    const SERIAL: &[u8] = b"(21)";
    let at = udi.windows(SERIAL.len()).position(|window| window == SERIAL)?;
    udi.get(at.saturating_add(SERIAL.len())..)?.split(|byte| *byte == b'(').next()
}

/// One piece of equipment.
#[derive(Clone, Copy, Debug)]
struct Equipment {
    id: Span,
    system: Option<u32>,
    /// Under which request of the message it was met first.
    request: u32,
}

/// All equipment of one message.
#[derive(Default)]
pub(super) struct Roster {
    texts: Texts,
    equipment: Vec<Equipment>,
    /// Which equipment, which field, which value.
    details: Vec<(usize, &'static Field, Span)>,
    /// How many of them name observations.
    observed: usize,
    /// The number of the request at hand, and the requests that name a kind of device system, with that.
    request: u32,
    requested: Vec<(u32, Span)>,
    delimiters: Delimiters,
}

/// A piece of equipment, read.
struct Description<'a> {
    /// What tells it from others.
    identity: &'a [u8],
    /// Whether that tells one device from the next, or describes what kind it is.
    is_told_apart: bool,
    /// Whether it goes by the sender's own identifier.
    is_sender: bool,
    namespace: &'a [u8],
    universal: &'a [u8],
    universal_type: &'a [u8],
    mac: Option<MacAddr>,
    manufacturer: &'a [u8],
    model: &'a [u8],
    serial: &'a [u8],
    device_type: &'a [u8],
}

impl Roster {
    pub(super) fn clear(&mut self, delimiters: Delimiters) {
        self.texts.clear();
        self.equipment.clear();
        self.details.clear();
        self.request = 0;
        self.requested.clear();
        self.delimiters = delimiters;
    }

    /// The observations of another request follow (OBR).
    pub(super) fn begin_request(&mut self, row: &Row) {
        self.request = self.request.saturating_add(1);
        let device_type = row.texts.text(row.device_type);
        if !is_empty(device_type) && self.requested.len() < EQUIPMENT_MAX {
            let device_type = self.texts.keep(device_type);
            self.requested.push((self.request, device_type));
        }
    }

    /// Files what a segment said.
    pub(super) fn file(&mut self, row: &Row) {
        let text = |span| row.texts.text(span);
        let says = |span| !is_empty(text(span));
        if !says(row.id) && !says(row.value) && !says(row.device_type) && !says(row.serial) {
            // What is observed makes no equipment, yet that of some that is known already.
            if says(row.observed) && row.system.is_some() {
                let known = self.equipment.iter().position(|equipment| equipment.system == row.system);
                known.into_iter().for_each(|index| self.observe(index, text(row.observed)));
            }
            return;
        }
        let Some(index) = self.find_or_add(text(row.id), row.system) else { return };
        self.detail(index, &super::DEVICE_TYPE, text(row.device_type));
        self.detail(index, &super::SERIAL, text(row.serial));
        self.detail(index, &super::UDI, text(row.udi));
        match row.attribute {
            Some(field) if std::ptr::eq(field, &raw const super::SOFTWARE_VERSION) => {
                let repetition = self.delimiters.repetition;
                text(row.value)
                    .split(|byte| *byte == repetition)
                    .for_each(|version| self.detail(index, field, version));
            }
            Some(field) => self.detail(index, field, text(row.value)),
            None => self.observe(index, text(row.observed)),
        }
    }

    /// Notes a kind of observation.
    fn observe(&mut self, index: usize, name: &[u8]) {
        if is_empty(name) || self.observed >= OBSERVED_ALL_MAX || self.texts.is_half_full() {
            return;
        }
        let of_it = |(of, field, _): &&(usize, &'static Field, Span)| {
            *of == index && std::ptr::eq(*field, &raw const super::OBSERVATION_NAME)
        };
        let mut known = 0_usize;
        for (_, _, span) in self.details.iter().filter(of_it) {
            known = known.saturating_add(1);
            if known >= OBSERVED_MAX || self.texts.text(*span) == name {
                return;
            }
        }
        let span = self.texts.keep(name);
        self.observed = self.observed.saturating_add(1);
        self.details.push((index, &super::OBSERVATION_NAME, span));
    }

    /// The equipment of that name, or of that device system; a new one if there is room.
    fn find_or_add(&mut self, id: &[u8], system: Option<u32>) -> Option<usize> {
        let named = |equipment: &Equipment| !is_empty(self.texts.text(equipment.id));
        let found = if is_empty(id) {
            self.equipment
                .iter()
                .position(|equipment| equipment.system == system && (system.is_some() || !named(equipment)))
                // An attribute that stands alone is that of the only equipment.
                .or((system.is_none() && self.equipment.len() == 1).then_some(0))
        } else {
            self.equipment.iter().position(|equipment| self.texts.text(equipment.id) == id).or_else(|| {
                self.equipment
                    .iter()
                    .position(|other| other.system.is_some() && other.system == system && !named(other))
            })
        };
        if let Some(equipment) = found.and_then(|index| self.equipment.get_mut(index)) {
            if !is_empty(id) && self.texts.text(equipment.id) != id {
                equipment.id = self.texts.keep(id);
            }
            equipment.system = equipment.system.or(system);
            return found;
        }
        if self.equipment.len() >= EQUIPMENT_MAX {
            return None;
        }
        let id = self.texts.keep(id);
        self.equipment.push(Equipment { id, system, request: self.request });
        self.equipment.len().checked_sub(1)
    }

    /// Notes a detail: the first value of each field stands, software versions may be several.
    fn detail(&mut self, index: usize, field: &'static Field, value: &[u8]) {
        // Names of observations have a budget of their own: many of them leave room for what tells devices apart.
        if is_empty(value) || self.details.len().saturating_sub(self.observed) >= DETAILS_MAX {
            return;
        }
        let several = std::ptr::eq(field, &raw const super::SOFTWARE_VERSION);
        let mut same = 0_usize;
        for (_, _, span) in self.details.iter().filter(|(of, known, _)| *of == index && std::ptr::eq(*known, field)) {
            same = same.saturating_add(1);
            if !several || same >= VERSIONS_MAX || self.texts.text(*span) == value {
                return;
            }
        }
        let span = self.texts.keep(value);
        self.details.push((index, field, span));
    }

    /// How many pieces of equipment are told of.
    pub(super) fn count(&self, sender: &Sender<'_>) -> u32 {
        let told = (0..).zip(&self.equipment).filter(|(index, it)| self.describe(*index, it, sender).is_some());
        u32::try_from(told.count()).unwrap_or(u32::MAX)
    }

    /// Tells each piece of equipment.
    pub(super) fn tell(&self, sender: &Sender<'_>, messages: &mut Messages) {
        for (index, equipment) in self.equipment.iter().enumerate() {
            if let Some(described) = self.describe(index, equipment, sender) {
                self.tell_one(index, equipment, &described, messages);
            }
        }
    }

    /// What a piece of equipment is; `None` if nothing tells it from others.
    fn describe(&self, index: usize, equipment: &Equipment, sender: &Sender<'_>) -> Option<Description<'_>> {
        let id = self.texts.text(equipment.id);
        let known = |field: &'static Field| {
            let detail = self.details.iter().find(|(of, known, _)| *of == index && std::ptr::eq(*known, field));
            detail.map_or(&b""[..], |(_, _, span)| self.texts.text(*span))
        };
        let Delimiters { component, repetition, .. } = self.delimiters;
        let repetitions = || id.split(move |byte| *byte == repetition);
        // The lowest level stands first (HL7 v2.5 §7.4.2.18).
        let first = repetitions().next().unwrap_or_default();
        let [entity, namespace, universal, universal_type] = [0, 1, 2, 3].map(|at| part(first, component, at));
        let pair = ModelAndSerial::read(repetitions(), component);
        let or = |one: &'static Field, other| if is_empty(known(one)) { other } else { known(one) };
        let pair_serial = if is_empty(pair.serial) { pair.other } else { pair.serial };
        let (manufacturer, model, serial) = (
            or(&super::MANUFACTURER, pair.manufacturer),
            or(&super::MODEL, pair.model),
            or(&super::SERIAL, pair_serial),
        );
        let system_id = known(&super::SYSTEM_ID);
        if is_index(id) && !self.details.iter().any(|(of, _, _)| *of == index) {
            return None;
        }
        let own_name = if pair.manufacturer.is_empty() && !is_unknown(entity) { entity } else { b"" };
        let is_sender = sender.is_named(universal) || sender.is_named(entity);
        // Where a gateway puts its own identifier behind each device's, that is not the device's address.
        let universal_mac = if is_sender && !is_empty(entity) { &b""[..] } else { universal };
        let mac = [system_id, entity, universal_mac].into_iter().find_map(MacAddr::named_in);
        // What names its hardware address tells who on the network it is. What stands behind another name may be an
        // identifier of whoever gave that name.
        let by_mac = [system_id, entity].into_iter().find(|id| MacAddr::named_in(id).is_some()).unwrap_or_default();
        let identity = says([by_mac, system_id, serial, own_name, universal, known(&super::UDI)]);
        let is_told_apart = identity.is_some();
        // Model, maker and namespace do not tell one device from the next; they still describe a sender of one device.
        let identity = identity.or(says([model, manufacturer, namespace]))?;
        Some(Description {
            identity,
            is_told_apart,
            is_sender: is_sender || (mac.is_some() && mac == sender.mac),
            namespace,
            universal,
            universal_type,
            mac,
            manufacturer,
            model,
            serial,
            device_type: says([known(&super::DEVICE_TYPE), self.requested_of(equipment)]).unwrap_or_default(),
        })
    }

    /// The kind of device system that the equipment's request names, if all that it asks for is of this equipment.
    fn requested_of(&self, equipment: &Equipment) -> &[u8] {
        let is_alone = self.equipment.iter().filter(|other| other.request == equipment.request).count() == 1;
        let requested = self.requested.iter().find(|(request, _)| is_alone && *request == equipment.request);
        requested.map_or(b"", |(_, device_type)| self.texts.text(*device_type))
    }

    fn tell_one(&self, index: usize, equipment: &Equipment, described: &Description<'_>, messages: &mut Messages) {
        let id = self.texts.text(equipment.id);
        let repetition = self.delimiters.repetition;
        let message = messages.begin("hl7", "equipment");
        for repetition in id.split(|byte| *byte == repetition).take(REPETITIONS_MAX) {
            tell_parts(message, &super::EQUIPMENT_ID, repetition, &self.delimiters);
        }
        message.bytes(&super::EQUIPMENT_NAMESPACE, described.namespace);
        message.bytes(&super::EQUIPMENT_UNIVERSAL_ID, described.universal);
        message.bytes(&super::EQUIPMENT_UNIVERSAL_ID_TYPE, described.universal_type);
        if let Some(mac) = described.mac {
            message.mac(&super::EQUIPMENT_MAC, mac);
        }
        message.bytes(&super::MANUFACTURER, described.manufacturer);
        message.bytes(&super::MODEL, described.model);
        message.bytes(&super::SERIAL, described.serial);
        message.bytes(&super::DEVICE_TYPE, described.device_type);
        let told: [*const Field; 4] = [
            &raw const super::MANUFACTURER,
            &raw const super::MODEL,
            &raw const super::SERIAL,
            &raw const super::DEVICE_TYPE,
        ];
        for (_, field, span) in self.details.iter().filter(|(of, _, _)| *of == index) {
            if !told.contains(&std::ptr::from_ref(*field)) {
                message.bytes(field, self.texts.text(*span));
            }
        }
        let identity = String::from_utf8_lossy(described.identity);
        // Attributes that stand without any identifier are the instrument's that speaks, or the instruments'.
        let is_bare = is_empty(id) && equipment.system.is_none();
        if !described.is_told_apart || is_bare || described.is_sender {
            message.self_or_behind(&identity)
        } else {
            message.behind(&identity)
        };
    }
}

/// The first of some values that is one.
fn says<const N: usize>(values: [&[u8]; N]) -> Option<&[u8]> {
    values.into_iter().find(|value| !is_empty(value))
}

/// Whether a placeholder stands for a value.
fn is_unknown(value: &[u8]) -> bool {
    value.eq_ignore_ascii_case(b"unknown")
}

/// Whether an identifier only counts results or samples, as some analysers have it do: a few bare digits.
fn is_index(id: &[u8]) -> bool {
    id.len() <= 4 && id.iter().all(u8::is_ascii_digit)
}

/// The form that IHE LAW gives the identifier: model and manufacturer, then serial number and manufacturer, then others
/// (IHE PaLM TF-2b §C.6).
#[derive(Default)]
struct ModelAndSerial<'a> {
    manufacturer: &'a [u8],
    model: &'a [u8],
    serial: &'a [u8],
    /// The first part of a third repetition that is no placeholder.
    other: &'a [u8],
}

impl<'a> ModelAndSerial<'a> {
    fn read(mut repetitions: impl Iterator<Item = &'a [u8]>, component: u8) -> Self {
        let (Some(first), Some(second)) = (repetitions.next(), repetitions.next()) else { return Self::default() };
        let manufacturer = part(first, component, 1);
        if is_empty(manufacturer) || part(second, component, 1) != manufacturer {
            return Self::default();
        }
        let told = |value: &'a [u8]| if is_unknown(value) { &b""[..] } else { value };
        let other = repetitions.next().unwrap_or_default();
        // Some put a name for the kind of number first and the number second.
        let other = [part(other, component, 1), part(other, component, 0)].into_iter().find(|value| !is_empty(value));
        Self {
            manufacturer,
            model: told(part(first, component, 0)),
            serial: told(part(second, component, 0)),
            other: told(other.unwrap_or_default()),
        }
    }
}
