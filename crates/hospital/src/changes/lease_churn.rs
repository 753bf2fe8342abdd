//! Leases are short: each night addresses go round among those of a network who ask for theirs. A device has another
//! address than the day before, which another device had then.

use super::{Change, Outcome, handed_on};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::rhythm::Span;

/// Who is on Wi-Fi, and asks again after each night.
const KINDS: [&str; 3] = ["wireless_pump", "mobile_device", "barcode_reader"];

/// Addresses that go from device to device.
pub struct LeaseChurn;

impl Change for LeaseChurn {
    fn name(&self) -> &'static str {
        "lease_churn"
    }

    fn days(&self, span: Span) -> Vec<u32> {
        (u32::from(span.days > 1)..span.days).collect()
    }

    fn happen(&self, around: &mut Around, _: &mut Draw) -> Outcome {
        let asking = KINDS.iter().flat_map(|kind| around.all(kind)).filter(|device| device.lease.is_some());
        let addresses = handed_on(around, asking.map(|device| device.number));
        for (number, ip) in &addresses {
            if let Some(device) = around.device_mut(*number) {
                device.station.ip = *ip;
            }
        }
        Outcome { devices: addresses.into_keys().collect(), ..Outcome::default() }
    }
}
