//! What the elements that a data set tells about its equipment say (PS3.3 §C.7.3.1, §C.7.5.1).

use model::{Field, Messages, Subject};

/// The elements that are read, in ascending order of tag: modality, manufacturer, station name, model name, device
/// serial number, software versions.
pub(super) static WANTED: [(u32, &Field); 6] = [
    (0x0008_0060, &super::MODALITY),
    (0x0008_0070, &super::MANUFACTURER),
    (0x0008_1010, &super::STATION_NAME),
    (MODEL_NAME, &super::MODEL),
    (0x0018_1000, &super::SERIAL),
    (0x0018_1020, &super::SOFTWARE_VERSION),
];
#[cfg(not(feature = "leak"))]
const MODEL_NAME: u32 = 0x0008_1090;
/// Patient ID: what the proof that no patient comes out has to find out. See `docs/privacy.md`.
#[cfg(feature = "leak")]
const MODEL_NAME: u32 = 0x0010_0020;
const MANUFACTURER: usize = 1;
const STATION_NAME: usize = 2;
const MODEL: usize = 3;
const SERIAL: usize = 4;
/// The last of [`WANTED`].
pub(super) const SOFTWARE_VERSION: usize = 5;

/// How much of a value is kept, in bytes: long strings have 64 characters of up to 4 bytes (PS3.5 §6.2).
const VALUE_BYTES_MAX: usize = 256;
/// How many different pieces of equipment one association tells about.
const EQUIPMENT_MAX: usize = 64;

/// Who made a data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// Some equipment: the sender, or equipment whose instances it passes on.
    #[default]
    Any,
    /// The sender itself.
    Sender,
}

/// The equipment that this association told about already, as hashes.
#[derive(Default)]
pub(super) struct Told {
    whole: Vec<u64>,
    /// Manufacturer, station name and model of equipment told with a serial number.
    with_serial: Vec<u64>,
}

impl Told {
    pub(super) fn forget(&mut self) {
        self.whole.clear();
        self.with_serial.clear();
    }

    /// Whether what was found adds anything. The same equipment without its serial number would look like another.
    fn is_new(&mut self, found: &Found) -> bool {
        let names = found.hash(&[MANUFACTURER, STATION_NAME, MODEL]);
        let has_serial = !found.value(SERIAL).is_empty();
        if !has_serial && self.with_serial.contains(&names) {
            return false;
        }
        let whole = found.hash(&[0, MANUFACTURER, STATION_NAME, MODEL, SERIAL, SOFTWARE_VERSION]);
        if self.whole.len() >= EQUIPMENT_MAX || self.whole.contains(&whole) {
            return false;
        }
        self.whole.push(whole);
        if has_serial {
            self.with_serial.push(names);
        }
        true
    }
}

/// The values found in one data set.
#[derive(Default)]
pub(super) struct Found {
    origin: Origin,
    text: Vec<u8>,
    /// Start and length of each of [`WANTED`] in `text`.
    values: [(usize, usize); WANTED.len()],
}

impl Found {
    /// Forgets everything: the next data set begins.
    pub(super) fn restart(&mut self, origin: Origin) {
        self.origin = origin;
        self.text.clear();
        self.values = Default::default();
    }

    /// Adds bytes to a value. Elements ascend, so the value is the last one of `text`.
    pub(super) fn extend(&mut self, index: usize, bytes: &[u8]) {
        let Some((start, length)) = self.values.get_mut(index) else { return };
        if *length == 0 {
            *start = self.text.len();
        }
        let kept = bytes.get(..VALUE_BYTES_MAX.saturating_sub(*length)).unwrap_or(bytes);
        self.text.extend_from_slice(kept);
        *length = length.saturating_add(kept.len());
    }

    /// A value without the blanks and NULs that pad it to an even length (PS3.5 §6.2).
    fn value(&self, index: usize) -> &[u8] {
        let (start, length) = self.values.get(index).copied().unwrap_or_default();
        let mut value = self.text.get(start..start.saturating_add(length)).unwrap_or_default();
        while let [rest @ .., b' ' | 0] = value {
            value = rest;
        }
        value.trim_ascii_start()
    }

    fn hash(&self, indexes: &[usize]) -> u64 {
        // FNV-1a, 64 bits: equal texts in equal places give equal hashes.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        for index in indexes {
            self.value(*index).iter().for_each(|byte| mix(*byte));
            mix(0xff);
        }
        hash
    }

    /// Tells what was found, unless this association told it before, and forgets it.
    pub(super) fn tell(&mut self, told: &mut Told, messages: &mut Messages) {
        if self.text.is_empty() {
            return;
        }
        // The kind of image alone, which the SOP class names as well, describes no equipment; a sender's own step does.
        let describes = self.origin == Origin::Sender
            || [MANUFACTURER, STATION_NAME, MODEL, SERIAL].iter().any(|index| !self.value(*index).is_empty());
        if describes && told.is_new(self) {
            self.write(messages);
        }
        self.restart(Origin::Any);
    }

    fn write(&self, messages: &mut Messages) {
        let message = messages.begin("dicom", "equipment");
        for (index, (_, field)) in WANTED.iter().enumerate() {
            // Software versions may be several (PS3.5 §6.4).
            let separator = (index == SOFTWARE_VERSION).then_some(b'\\');
            for value in self.value(index).split(|byte| Some(*byte) == separator) {
                message.bytes(field, value);
            }
        }
        if self.origin == Origin::Any {
            // Model and manufacturer would not tell one device from the next: without an identity, the message is about
            // the sender as long as that speaks for nobody else.
            message.about(Subject::SelfOrBehind);
            let identity =
                [SERIAL, STATION_NAME].map(|index| self.value(index)).into_iter().find(|value| !value.is_empty());
            message.self_or_behind(&String::from_utf8_lossy(identity.unwrap_or_default()));
        }
    }
}
