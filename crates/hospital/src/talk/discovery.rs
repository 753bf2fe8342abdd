//! WS-Discovery: SDC devices (IEEE 11073-20702) and an ONVIF camera say hello and answer probes; what SDC devices are,
//! they tell by a metadata exchange (DPWS 1.1 §5).

use std::net::Ipv4Addr;

use crate::bytes::noise;
use crate::frames::{Moment, Station, Tape};
use crate::talk::web;
use crate::tcp::Talk;

const GROUP: (Ipv4Addr, u16) = (Ipv4Addr::new(239, 255, 255, 250), 3702);

/// What is announced.
pub struct Announcement<'a> {
    /// Last part of the endpoint's UUID.
    pub endpoint: u64,
    /// Qualified names of the types, prefixes as in [`NAMESPACES`].
    pub types: &'a str,
    /// Scopes, as they stand in the document.
    pub scopes: &'a str,
    /// Where to ask for more.
    pub address: String,
    /// Whether WS-Discovery is the standard's (2009) or the draft that ONVIF names (2005).
    pub is_standard: bool,
}

/// The maker and model of an SDC device.
pub struct Model<'a> {
    /// `ThisModel/Manufacturer`.
    pub manufacturer: &'a str,
    /// `ThisModel/ModelName`.
    pub name: &'a str,
    /// `ThisDevice/FriendlyName`.
    pub friendly: &'a str,
    /// `ThisDevice/FirmwareVersion`.
    pub firmware: &'a str,
    /// `ThisDevice/SerialNumber`.
    pub serial: &'a str,
}

/// Prefixes that the types use.
const NAMESPACES: &str = "xmlns:dpws=\"http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01\" \
    xmlns:mdpws=\"http://standards.ieee.org/downloads/11073/11073-20702-2016\" \
    xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\"";

/// A device joins.
pub fn hello(tape: &mut Tape, at: Moment, from: &Station, what: &Announcement<'_>) {
    let body = format!("<d:Hello>{}</d:Hello>", description(what));
    tape.udp_to_group(at, (from, GROUP.1), GROUP, envelope(what.is_standard, "Hello", at, &body).as_bytes());
}

/// Somebody looks for devices of some types; those that fit answer.
pub fn probe(tape: &mut Tape, at: Moment, from: &Station, types: &str, matches: &[(&Station, &Announcement<'_>)]) {
    let is_standard = matches.iter().all(|(_, what)| what.is_standard);
    let port = tape.port(from);
    let question = format!("<d:Probe><d:Types>{types}</d:Types></d:Probe>");
    tape.udp_to_group(at, (from, port), GROUP, envelope(is_standard, "Probe", at, &question).as_bytes());
    for (index, (station, what)) in (1_u64..).zip(matches) {
        let at = at.after_ms(index.saturating_mul(90));
        let answer = format!("<d:ProbeMatches><d:ProbeMatch>{}</d:ProbeMatch></d:ProbeMatches>", description(what));
        let text = envelope(is_standard, "ProbeMatches", at, &answer);
        tape.udp(at, (station, GROUP.1), (from, port), text.as_bytes());
    }
}

/// Asks an SDC device for its metadata over HTTP.
pub fn metadata(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    to: &Station,
    port: u16,
    endpoint: u64,
    model: &Model<'_>,
) {
    let section = |dialect: &str, body: String| {
        format!(
            "<m:MetadataSection Dialect=\"http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01/{dialect}\"><dpws:{dialect}>{body}\
             </dpws:{dialect}></m:MetadataSection>"
        )
    };
    let Model { manufacturer, name, friendly, firmware, serial } = model;
    let this_model = section(
        "ThisModel",
        format!("<dpws:Manufacturer>{manufacturer}</dpws:Manufacturer><dpws:ModelName>{name}</dpws:ModelName>"),
    );
    let this_device = section(
        "ThisDevice",
        format!(
            "<dpws:FriendlyName>{friendly}</dpws:FriendlyName><dpws:FirmwareVersion>{firmware}</dpws:FirmwareVersion>\
             <dpws:SerialNumber>{serial}</dpws:SerialNumber>"
        ),
    );
    let head = |action: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
             xmlns:a=\"http://www.w3.org/2005/08/addressing\" xmlns:m=\"http://schemas.xmlsoap.org/ws/2004/09/mex\" \
             {NAMESPACES}><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/{action}</a:Action></s:Header>"
        )
    };
    let question = format!("{}<s:Body/></s:Envelope>", head("Get"));
    let answer = format!(
        "{}<s:Body><m:Metadata>{this_model}{this_device}</m:Metadata></s:Body></s:Envelope>",
        head("GetResponse")
    );
    let kind = "application/soap+xml; charset=utf-8";
    let mut talk = Talk::open(tape, at, from, to, port);
    let path = format!("/{}", uuid(endpoint));
    talk.say(web::request("POST", &path, &to.ip.to_string(), &[("Content-Type", kind)], &question));
    talk.wait_ms(12).answer(web::response("200 OK", &[("Content-Type", kind)], &answer));
    talk.close();
}

fn description(what: &Announcement<'_>) -> String {
    format!(
        "<a:EndpointReference><a:Address>urn:uuid:{}</a:Address></a:EndpointReference><d:Types>{}</d:Types>\
         <d:Scopes>{}</d:Scopes><d:XAddrs>{}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>",
        uuid(what.endpoint),
        what.types,
        what.scopes,
        what.address
    )
}

fn envelope(is_standard: bool, action: &str, at: Moment, body: &str) -> String {
    let (discovery, addressing) = match is_standard {
        true => ("http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01", "http://www.w3.org/2005/08/addressing"),
        false => {
            ("http://schemas.xmlsoap.org/ws/2005/04/discovery", "http://schemas.xmlsoap.org/ws/2004/08/addressing")
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:a=\"{addressing}\" xmlns:d=\"{discovery}\" {NAMESPACES}><s:Header><a:Action>{discovery}/{action}</a:Action>\
         <a:MessageID>urn:uuid:{}</a:MessageID></s:Header><s:Body>{body}</s:Body></s:Envelope>",
        uuid(at.0)
    )
}

/// A UUID of random form that is the same in every run.
pub fn uuid(seed: u64) -> String {
    let mut digits: Vec<char> =
        noise(seed, 16).iter().flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>()).collect();
    for (place, digit) in [(12, '4'), (16, 'a')] {
        if let Some(known) = digits.get_mut(place) {
            *known = digit;
        }
    }
    let mut text = String::new();
    for (place, digit) in digits.into_iter().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
