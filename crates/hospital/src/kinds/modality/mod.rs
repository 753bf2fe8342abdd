//! Machines that make images. What they are is told by each kind's own table, what they do is the same for all: they ask
//! for the day's list, report what they begin and end, store images, and have the archive confirm that it keeps them.

mod speech;

use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{Moment, Stack};
use crate::hospital::Around;
use crate::kinds::{Kind, Routine, angiography, computed_radiography, ct_scanner, mammography, mri_scanner};
use crate::kinds::{of_thousand, radiography, slide_scanner, ultrasound};
use crate::place::{Spot, Zone};
use crate::rhythm::Day;
use crate::talk::dhcp;
use crate::talk::dicom::{EXPLICIT_LITTLE, Entity, Equipment, IMPLICIT_LITTLE, Proposal};

/// What images tell of the machine that made them.
pub const IN_IMAGES: &[&str] = &["category", "vendor", "model", "serial", "software"];
/// The same without a version: some fill that field with what no version is, or leave it empty.
pub const IN_IMAGES_NO_SOFTWARE: &[&str] = &["category", "vendor", "model", "serial"];

/// The most common syntaxes.
pub const BOTH: &[&str] = &[EXPLICIT_LITTLE, IMPLICIT_LITTLE];
/// What everybody must know, and nothing else.
pub const IMPLICIT: &[&str] = &[IMPLICIT_LITTLE];
/// GE offers big endian still.
pub const WITH_BIG: &[&str] = &[EXPLICIT_LITTLE, "1.2.840.10008.1.2.2", IMPLICIT_LITTLE];
/// Lossless and baseline JPEG, then the others.
pub const WITH_JPEG: &[&str] = &["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.50", EXPLICIT_LITTLE, IMPLICIT_LITTLE];

/// A maker's machine.
pub struct Product {
    /// Of a hundred of its kind so many are this one.
    pub share: u64,
    /// The maker as Cordon spells it, the family, and the model as it is sold.
    pub names: [&'static str; 3],
    /// Version of its software.
    pub software: &'static str,
    /// What of this the traffic tells.
    pub told: &'static [&'static str],
    /// First half of its hardware address: often that of whoever made the computer in it.
    pub prefix: [u8; 3],
    /// Its system.
    pub stack: Stack,
    /// How it asks for an address, if it does.
    pub lease: Option<dhcp::Client>,
    /// Modality, manufacturer, model, software as its images say.
    pub tags: [&'static str; 4],
    /// What its serial numbers begin with, and how many digits follow.
    pub serial: (&'static str, usize),
    /// Implementation class UID and version name, with which it opens associations.
    pub implementation: [&'static str; 2],
    /// Its application title: `#` stands for its number, `$` for its serial number.
    pub title: &'static str,
    /// Its name in the network, in the same way.
    pub host: &'static str,
    /// What the UIDs begin with that it makes.
    pub root: &'static str,
    /// Kind of image; bytes of each, and how many a study has.
    pub class: &'static str,
    /// Bytes of the pixels of one image.
    pub pixels: usize,
    /// At least and at most so many in a study.
    pub images: [u64; 2],
    /// Transfer syntaxes that it offers.
    pub syntaxes: &'static [&'static str],
    /// The most bytes that it takes at once.
    pub pdu_bytes: u32,
    /// Reports steps that are performed; asks the archive to commit to storage.
    pub steps: bool,
    /// Asks the archive to commit to storage.
    pub commits: bool,
    /// The maker's remote service, by name; empty where nobody pays for it.
    pub remote: &'static str,
}

/// A kind of machine.
pub struct Modality {
    /// Its name, which is its category too.
    pub name: &'static str,
    /// So many of a thousand devices.
    pub share: usize,
    /// Studies on a working day.
    pub studies: u64,
    /// When.
    pub day: Day,
    /// Where they stand.
    pub unit: &'static str,
    /// On which network.
    pub zone: Zone,
    /// Asks for the day's list.
    pub asks: bool,
    /// Who makes them.
    pub products: &'static [Product],
}

/// All kinds of machines.
static ALL: [&Modality; 8] = [
    &ct_scanner::KIND,
    &mri_scanner::KIND,
    &ultrasound::KIND,
    &radiography::KIND,
    &computed_radiography::KIND,
    &mammography::KIND,
    &angiography::KIND,
    &slide_scanner::KIND,
];

/// What a machine is; `None` for whatever makes no images.
pub fn product(device: &Device) -> Option<&'static Product> {
    ALL.iter().find(|kind| kind.name == device.kind)?.products.get(device.product)
}

/// Whether its application title is the same for the next machine of its kind: nothing of its serial number is in it.
pub fn keeps_title(device: &Device) -> bool {
    product(device).is_some_and(|product| !product.title.contains('$'))
}

/// All machines of a hospital.
pub fn all(around: &Around) -> Vec<&Device> {
    ALL.iter().flat_map(|kind| around.all(kind.name)).collect()
}

/// One by its place among so many shares of a hundred.
pub fn by_share<T>(draw: &mut Draw, list: &[T], share: impl Fn(&T) -> u64) -> usize {
    let mut rest = draw.below(list.iter().map(&share).sum());
    list.iter()
        .position(|product| {
            let here = rest < share(product);
            rest = rest.saturating_sub(share(product));
            here
        })
        .unwrap_or(0)
}

/// What a machine says of itself, with texts of its own.
#[derive(Clone)]
pub struct Machine {
    /// Its table.
    pub product: &'static Product,
    /// Its application title.
    pub title: String,
    /// Its name.
    pub station: String,
    /// Its serial number.
    pub serial: String,
}

impl Machine {
    /// A device, if it makes images.
    pub fn of(device: &Device) -> Option<Self> {
        let product = product(device)?;
        let (serial, station) = (device.truth.serial.clone(), device.name.clone());
        let title = filled(product.title, device.spot.bed, &serial);
        Some(Self { product, title, station, serial })
    }

    /// As it opens associations.
    pub fn entity(&self) -> Entity<'_> {
        let [implementation, version] = self.product.implementation;
        Entity { title: &self.title, implementation, version }
    }

    /// As its images say.
    pub fn equipment(&self) -> Equipment<'_> {
        let [modality, manufacturer, model, software] = self.product.tags;
        Equipment { modality, manufacturer, station: &self.station, model, serial: &self.serial, software }
    }

    /// What it proposes for some services, about the study that began at a moment.
    pub fn proposal<'a>(&self, services: &'a [&'a str], about: Moment) -> Proposal<'a> {
        let Product { syntaxes, pdu_bytes, root, .. } = *self.product;
        Proposal { services, syntaxes, pdu_bytes, window: self.product.prefers_window(), provides: false, root, about }
    }
}

impl Product {
    /// GE's stack says that it does one operation at a time.
    fn prefers_window(&self) -> bool {
        self.root.starts_with("1.2.840.113619")
    }
}

fn filled(pattern: &str, number: u64, serial: &str) -> String {
    pattern.replace('#', &number.to_string()).replace('$', serial)
}

impl Kind for Modality {
    fn name(&self) -> &'static str {
        self.name
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, self.share)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let index = by_share(draw, self.products, |product| product.share);
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(1);
        let spot = Spot { building: 1, floor: 0, unit: self.unit, bed };
        let Some(product) = self.products.get(index) else {
            return Device::new("", [0; 6], crate::frames::LINUX, self.zone);
        };
        let (start, digits) = product.serial;
        let serial = format!("{start}{}", draw.digits(digits));
        let [vendor, family, model] = product.names;
        let mut device =
            Device::new(filled(product.host, bed, &serial), draw.mac(product.prefix), product.stack, self.zone)
                .is(self.name, vendor, product.told)
                .named(family, model, product.software)
                .serial(serial)
                .shows(&["cleartext_medical"])
                .at(spot);
        if self.asks {
            device = device.does(&["modality"]);
        }
        device.lease = product.lease;
        device.asks_time = true;
        device.product = index;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        speech::routines(me, around, draw, self)
    }
}
