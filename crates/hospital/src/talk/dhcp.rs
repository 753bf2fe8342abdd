//! DHCP (RFC 2131, RFC 2132): how devices get their addresses, each asking in its system's own way.

use std::net::Ipv4Addr;

use super::{Host, Services};
use crate::bytes::{Bytes, noise};
use crate::frames::{Link, Moment, NETWORK, Station, Tape};

const SERVER_PORT: u16 = 67;
const CLIENT_PORT: u16 = 68;
const EVERYBODY: Ipv4Addr = Ipv4Addr::BROADCAST;
const LEASE_SECONDS: u32 = 8 * 60 * 60;
/// The shortest message that old relays pass on (RFC 1542 §2.1).
const MESSAGE_BYTES_MIN: usize = 300;

const DISCOVER: u8 = 1;
const OFFER: u8 = 2;
const REQUEST: u8 = 3;
const ACKNOWLEDGE: u8 = 5;
const RELEASE: u8 = 7;

/// How a system's client asks.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Option 60.
    pub vendor_class: &'static str,
    /// Option 55.
    pub parameters: &'static [u8],
    /// Option 81: Windows tells its full name.
    pub full_name: bool,
}

/// Windows 10 and 11.
pub const WINDOWS: Client = Client {
    vendor_class: "MSFT 5.0",
    parameters: &[1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
    full_name: true,
};
/// iOS: no vendor class.
pub const IOS: Client =
    Client { vendor_class: "", parameters: &[1, 121, 3, 6, 15, 108, 114, 119, 252], full_name: false };
/// A Snom telephone.
pub const SNOM: Client =
    Client { vendor_class: "snomD785", parameters: &[1, 2, 3, 6, 15, 42, 43, 66, 67, 120], full_name: false };
/// An Axis camera.
pub const AXIS: Client = Client {
    vendor_class: "AXIS,Network Camera,M3106-L Mk II,9.80.1",
    parameters: &[1, 3, 6, 12, 15, 28, 42, 119],
    full_name: false,
};
/// An HP printer.
pub const PRINTER: Client = Client {
    vendor_class: "Hewlett-Packard JetDirect",
    parameters: &[6, 3, 1, 15, 66, 67, 13, 44, 12, 81, 252],
    full_name: false,
};
/// An Aruba access point.
pub const ARUBA: Client = Client { vendor_class: "ArubaAP", parameters: &[1, 3, 6, 15, 43, 60], full_name: false };

/// Discover, offer, request, acknowledge; then the client claims its address. A server on another link is reached
/// through the router.
pub fn lease(
    tape: &mut Tape,
    at: Moment,
    net: &Services<'_>,
    device: &Host<'_>,
    ip: Ipv4Addr,
    client: &Client,
) -> Station {
    let server = net.addresses;
    let nobody = device.station.with_address(Ipv4Addr::UNSPECIFIED);
    let holder = device.station.with_address(ip);
    let id = transaction(device, ip);
    let wanted = |kind| {
        let options = start(kind).option(61, &[&[1], device.station.mac.as_slice()].concat());
        match kind {
            DISCOVER => options,
            _ => options.option(50, &ip.octets()).option(54, &server.ip.octets()),
        }
    };
    let discover = message(
        1,
        id,
        device,
        Ipv4Addr::UNSPECIFIED,
        Ipv4Addr::UNSPECIFIED,
        named(wanted(DISCOVER), net, device, client),
    );
    let offer = message(2, id, device, Ipv4Addr::UNSPECIFIED, ip, granted(OFFER, net, &holder));
    let request = message(
        1,
        id,
        device,
        Ipv4Addr::UNSPECIFIED,
        Ipv4Addr::UNSPECIFIED,
        named(wanted(REQUEST), net, device, client),
    );
    let acknowledge = message(2, id, device, Ipv4Addr::UNSPECIFIED, ip, granted(ACKNOWLEDGE, net, &holder));
    for (at, question, answer) in [(at, discover, offer), (at.after_ms(4), request, acknowledge)] {
        tape.udp_to_group(at, (&nobody, CLIENT_PORT), (EVERYBODY, SERVER_PORT), &question);
        // The client cannot answer for its address yet: the answer goes to everybody.
        if server.link == holder.link {
            tape.udp_to_group(at.after_ms(2), (&server, SERVER_PORT), (EVERYBODY, CLIENT_PORT), &answer);
        } else {
            relay(tape, at, &server, &holder, (&question, &answer));
        }
    }
    tape.arp_claim(at.after_ms(12), &holder);
    holder
}

/// The router of the client's link passes on what the client says to everybody, and the answer (RFC 1542 §4, §5.4).
fn relay(tape: &mut Tape, at: Moment, server: &Station, holder: &Station, (question, answer): (&[u8], &[u8])) {
    let link = holder.link;
    let router = Station { mac: link.router, ip: link.router_ip, stack: NETWORK, link, hops: 0 };
    // On the server's link it is the router as well, by the address of the client's.
    let beyond = Station { link: Link { rank: 0, ..link }, ..router };
    let [question, answer] = [question, answer].map(|message| relayed(message, router.ip));
    let asked = message_passed_once(&question);
    tape.udp(at.after_us(300), (&beyond, SERVER_PORT), (server, SERVER_PORT), &asked);
    tape.udp(at.after_us(1_700), (server, SERVER_PORT), (&beyond, SERVER_PORT), &answer);
    tape.udp_to_group(at.after_ms(2), (&router, SERVER_PORT), (EVERYBODY, CLIENT_PORT), &answer);
}

/// A message with the relay's address in it (RFC 2131 §2: `giaddr`).
fn relayed(message: &[u8], router: Ipv4Addr) -> Vec<u8> {
    let (start, rest) = message.split_at_checked(24).unwrap_or((message, &[]));
    [start, &router.octets(), rest.get(4..).unwrap_or_default()].concat()
}

/// A message that one relay has passed on (RFC 2131 §2: `hops`).
fn message_passed_once(message: &[u8]) -> Vec<u8> {
    let (start, rest) = message.split_at_checked(3).unwrap_or((message, &[]));
    [start, &[1], rest.get(1..).unwrap_or_default()].concat()
}

/// Half of the lease is over: the client asks its server alone.
pub fn renew(tape: &mut Tape, at: Moment, net: &Services<'_>, device: &Host<'_>, ip: Ipv4Addr, client: &Client) {
    let server = net.addresses;
    let holder = device.station.with_address(ip);
    let id = transaction(device, ip).wrapping_add(1);
    let options =
        named(start(REQUEST).option(61, &[&[1], device.station.mac.as_slice()].concat()), net, device, client);
    let request = message(1, id, device, ip, Ipv4Addr::UNSPECIFIED, options);
    let acknowledge = message(2, id, device, ip, ip, granted(ACKNOWLEDGE, net, &holder));
    tape.udp(at, (&holder, CLIENT_PORT), (&server, SERVER_PORT), &request);
    tape.udp(at.after_ms(2), (&server, SERVER_PORT), (&holder, CLIENT_PORT), &acknowledge);
}

/// The client gives its address back.
pub fn release(tape: &mut Tape, at: Moment, net: &Services<'_>, device: &Host<'_>, ip: Ipv4Addr) {
    let server = net.addresses;
    let holder = device.station.with_address(ip);
    let options =
        start(RELEASE).option(54, &server.ip.octets()).option(61, &[&[1], device.station.mac.as_slice()].concat());
    let release = message(1, transaction(device, ip).wrapping_add(2), device, ip, Ipv4Addr::UNSPECIFIED, options);
    tape.udp(at, (&holder, CLIENT_PORT), (&server, SERVER_PORT), &release);
}

/// Options in the making.
struct Options(Bytes);

fn start(kind: u8) -> Options {
    Options(Bytes::new().u32(0x6382_5363)).option(53, &[kind])
}

impl Options {
    fn option(self, code: u8, value: &[u8]) -> Self {
        Self(self.0.u8(code).counted8(value))
    }
}

/// What a client says of itself and asks for.
fn named(options: Options, net: &Services<'_>, device: &Host<'_>, client: &Client) -> Options {
    let mut options = options.option(12, device.name.as_bytes());
    if client.full_name {
        let name = format!("{}.{}", device.name, net.domain);
        options = options.option(81, Bytes::new().raw([0, 0, 0]).text(&name).as_ref());
    }
    if !client.vendor_class.is_empty() {
        options = options.option(60, client.vendor_class.as_bytes());
    }
    options.option(55, client.parameters)
}

/// What the server grants.
fn granted(kind: u8, net: &Services<'_>, holder: &Station) -> Options {
    start(kind)
        .option(58, &LEASE_SECONDS.div_euclid(2).to_be_bytes())
        .option(51, &LEASE_SECONDS.to_be_bytes())
        .option(54, &net.addresses.ip.octets())
        .option(1, &holder.link.mask().octets())
        .option(3, &holder.link.router_ip.octets())
        .option(6, &net.names.ip.octets())
        .option(42, &net.clock.octets())
        .option(15, net.domain.as_bytes())
}

fn message(
    operation: u8,
    id: u32,
    device: &Host<'_>,
    client_ip: Ipv4Addr,
    your_ip: Ipv4Addr,
    options: Options,
) -> Vec<u8> {
    let message = Bytes::new().raw([operation, 1, 6, 0]).u32(id).raw([0; 4]);
    let message = message.raw(client_ip.octets()).raw(your_ip.octets()).zeros(4).zeros(4);
    let message = message.raw(device.station.mac).zeros(10).zeros(64).zeros(128).raw(options.0).u8(255);
    let missing = MESSAGE_BYTES_MIN.saturating_sub(message.len());
    message.zeros(missing).as_ref().to_vec()
}

fn transaction(device: &Host<'_>, ip: Ipv4Addr) -> u32 {
    let [.., a, b] = device.station.mac;
    noise(u64::from(u32::from(ip)), 2).iter().chain(&[a, b]).fold(0, |id, byte| id << 8 | u32::from(*byte))
}
