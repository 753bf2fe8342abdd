//! Visitors' telephones and tablets make up a new hardware address each day (IEEE 802c): the same person's telephone is
//! another device for the network, with the address that another had the day before.

use super::{Change, Outcome, handed_on};
use crate::device::Device;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::rhythm::Span;

/// Telephones that are another device each day.
pub struct RandomAddresses;

impl Change for RandomAddresses {
    fn name(&self) -> &'static str {
        "random_addresses"
    }

    fn days(&self, span: Span) -> Vec<u32> {
        (1..span.days).collect()
    }

    fn happen(&self, around: &mut Around, draw: &mut Draw) -> Outcome {
        let phones: Vec<Device> =
            around.all("guest").filter(|device| device.truth.category == "mobile_device").cloned().collect();
        let addresses = handed_on(around, phones.iter().map(|phone| phone.number));
        let mut replaced = Vec::new();
        for mut phone in phones {
            let old = phone.number;
            let [a, b, c, d, e, f, ..] = draw.number().to_be_bytes();
            // Locally administered, not a group.
            phone.station.mac = [a & 0xfc | 2, b, c, d, e, f];
            let Some(number) = around.replace(old, phone) else { continue };
            let ip = addresses.get(&old).copied();
            if let Some((device, ip)) = around.device_mut(number).zip(ip) {
                device.station.ip = ip;
            }
            replaced.push((old, number));
        }
        Outcome { replaced, ..Outcome::default() }
    }
}
