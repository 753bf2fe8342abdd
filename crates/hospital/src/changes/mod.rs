//! What changes in a hospital over days and weeks without anybody's ill will, one file for each change. One more change is
//! one more file and one more line in [`ALL`].

mod firmware_update;
mod lease_churn;
mod month_end;
mod moved_device;
mod new_service;
mod random_addresses;
mod replaced_device;
mod vendor_visit;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::course::{Course, Event};
use crate::draw::Draw;
use crate::frames::Moment;
use crate::hospital::Around;
use crate::kinds::Routine;
use crate::rhythm::Span;

/// Every change.
pub static ALL: &[&dyn Change] = &[
    &firmware_update::FirmwareUpdate,
    &lease_churn::LeaseChurn,
    &month_end::MonthEnd,
    &moved_device::MovedDevice,
    &new_service::NewService,
    &random_addresses::RandomAddresses,
    &replaced_device::ReplacedDevice,
    &vendor_visit::VendorVisit,
];

/// A change.
pub trait Change: Sync {
    /// Its name, as `--change` takes it.
    fn name(&self) -> &'static str;

    /// The days, from 0 on, in whose night devices change.
    fn days(&self, _span: Span) -> Vec<u32> {
        Vec::new()
    }

    /// Devices change; in a hospital that lacks what it takes, none.
    fn happen(&self, _around: &mut Around, _draw: &mut Draw) -> Outcome {
        Outcome::default()
    }

    /// What is said besides.
    fn besides(&self, _course: &Course, _draw: &mut Draw) -> Vec<Session> {
        Vec::new()
    }
}

/// Whom a night changed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Numbers of devices that are otherwise, or new.
    pub devices: Vec<usize>,
    /// Who is gone, and who took that place.
    pub replaced: Vec<(usize, usize)>,
}

/// What is said for a change.
pub struct Session {
    /// The number of the device that says it.
    pub by: usize,
    /// What the truth tells of it, unless that is told already.
    pub event: Option<Event>,
    /// What is said.
    pub routines: Vec<Routine>,
}

/// The change of a name.
pub fn find(name: &str) -> Option<&'static dyn Change> {
    ALL.iter().copied().find(|change| change.name() == name)
}

/// The day in the middle.
const fn middle(span: Span) -> u32 {
    span.days.div_euclid(2)
}

/// A moment of a day.
fn on(span: Span, day: u32, second: u64) -> Moment {
    span.start.after_s(u64::from(day).saturating_mul(86_400).saturating_add(second))
}

/// Of each network the addresses go round among some of its devices: each has that of another, by number of the device.
fn handed_on(around: &Around, numbers: impl Iterator<Item = usize>) -> BTreeMap<usize, Ipv4Addr> {
    let mut networks: BTreeMap<u16, Vec<(usize, Ipv4Addr)>> = BTreeMap::new();
    for device in numbers.filter_map(|number| around.devices().get(number)) {
        networks.entry(device.station.link.vlan).or_default().push((device.number, device.station.ip));
    }
    let rounds = networks.into_values().filter(|list| list.len() > 1);
    rounds
        .flat_map(|list| {
            let next: Vec<Ipv4Addr> = list.iter().cycle().skip(1).take(list.len()).map(|(_, ip)| *ip).collect();
            list.into_iter().map(|(number, _)| number).zip(next)
        })
        .collect()
}
