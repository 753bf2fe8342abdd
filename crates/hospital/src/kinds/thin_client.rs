//! Thin clients at nurses' desks: IGEL, HP, Wyse. They work on terminal servers by Remote Desktop.

use super::habits::{Site, by_share};
use super::{Kind, Routine, of_thousand, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::tls::Client;
use crate::talk::{dhcp, names, rdp};

/// Maker, model, prefix (IGEL's is that of its daughter BCOM), beginning of its name, how it leases, share.
type Model = (&'static str, &'static str, [u8; 3], &'static str, dhcp::Client, u64);
const MODELS: [Model; 3] = [
    ("IGEL", "UD3", [0x00, 0xe0, 0xc5], "ITC", LINUX_CLIENT, 45),
    ("HP", "t640", [0x84, 0x2a, 0xfd], "HP", LINUX_CLIENT, 30),
    ("Wyse", "3040", [0x00, 0x80, 0x64], "WT", WYSE, 25),
];
/// The client of the Internet Systems Consortium as Debian and its children set it up.
const LINUX_CLIENT: dhcp::Client = dhcp::Client {
    vendor_class: "",
    parameters: &[1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42],
    full_name: false,
};
const WYSE: dhcp::Client = dhcp::Client {
    vendor_class: "wyse-1000",
    parameters: &[1, 3, 6, 12, 15, 28, 42, 161, 162, 184, 185, 186, 187, 188, 192],
    full_name: false,
};

/// Thin clients.
pub struct ThinClient;

impl Kind for ThinClient {
    fn name(&self) -> &'static str {
        "thin_client"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 28)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.5));
        let Some((vendor, model, prefix, start, client, _)) = MODELS.get(product).copied() else {
            return Device::new("", [0; 6], LINUX, Zone::Clinical);
        };
        let mac = draw.mac(prefix);
        let letters = super::habits::mac_letters(mac, 6);
        let told: &[&str] = match vendor {
            "Wyse" => &["category", "vendor"],
            "HP" => &["vendor"],
            _ => &[],
        };
        let mut device = Device::new(format!("{start}{letters}"), mac, LINUX, Zone::Clinical)
            .is("thin_client", vendor, told)
            .named("", model, "")
            .at(spot)
            .leases(client);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.one("terminal_server", me) else { return Vec::new() };
        desktop(me, server, around, Rhythm::daily(10, WARD, draw)).into_iter().collect()
    }
}

/// A session on a Windows host, which shows the certificate that it made for itself.
pub fn desktop(me: &Device, host: &Device, around: &Around, rhythm: Rhythm) -> Option<Routine> {
    let services = around.services()?;
    let controller = around.all("domain_controller").next()?;
    let (station, to, names) = (me.station, host.station, services.names);
    let name = format!("{}.{}", host.name, services.domain);
    let mut site = Site::device(host, ["", "", &name], false, Client::Plain);
    site.length = 12_000;
    let session = Routine::new(rhythm, move |tape, at, _| {
        names::lookup(tape, at.before_us(900), &station, &names, &name, Some(to.ip));
        site.with_visit(|visit| rdp::session(tape, at, &station, &to, visit));
    });
    Some(session.over(tcp(me, host, rdp::PORT, "rdp")).over(udp(me, controller, 53, "dns")))
}
