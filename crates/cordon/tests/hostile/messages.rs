//! Messages that hold a string wherever a name or a description stands.

use std::net::Ipv4Addr;

/// As much of a string as has room.
fn cut(string: &[u8], most: usize) -> &[u8] {
    &string[..string.len().min(most)]
}

fn byte(length: usize) -> u8 {
    u8::try_from(length).unwrap()
}

fn two(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_be_bytes()
}

/// A request (RFC 2131 §2) with a host name, a vendor class (RFC 2132 §3.14, §9.13) and a full name (RFC 4702 §2).
pub fn dhcp(mac: [u8; 6], ip: Ipv4Addr, string: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, 1, 6, 0, 1, 2, 3, mac[5], 0, 0, 0, 0];
    bytes.extend(ip.octets());
    bytes.extend([0; 12]);
    bytes.extend(mac);
    bytes.extend([0; 10 + 64 + 128]);
    bytes.extend([99, 130, 83, 99, 53, 1, 3]);
    let full_name = [&[0, 0, 0], cut(string, 252)].concat();
    for (code, value) in [(12, cut(string, 255)), (60, cut(string, 255)), (81, &full_name[..])] {
        bytes.extend([code, byte(value.len())]);
        bytes.extend(value);
    }
    bytes.push(255);
    bytes
}

/// One element of the Basic Encoding Rules (ITU-T X.690 §8.1).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        length @ ..128 => bytes.push(byte(length)),
        length => {
            bytes.push(0x82);
            bytes.extend(two(length));
        }
    }
    bytes.extend(content);
    bytes
}

/// An agent's answer (RFC 3416 §3): description, contact, name and place (RFC 3418), maker, model and serial number (RFC 6933).
pub fn snmp(string: &[u8]) -> Vec<u8> {
    const SYSTEM: &[u8] = &[0x2b, 6, 1, 2, 1, 1];
    const ENTITY: &[u8] = &[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1];
    let mut bindings = Vec::new();
    // A DisplayString has 255 bytes at most; of the entity's less, so that all fit into a frame.
    for (group, object, instance, most) in [
        (SYSTEM, 1, 0, 255),
        (SYSTEM, 4, 0, 255),
        (SYSTEM, 5, 0, 255),
        (SYSTEM, 6, 0, 255),
        (ENTITY, 12, 1, 64),
        (ENTITY, 13, 1, 64),
        (ENTITY, 11, 1, 32),
    ] {
        let name = element(0x06, &[group, &[object, instance]].concat());
        bindings.extend(element(0x30, &[name, element(0x04, cut(string, most))].concat()));
    }
    let unit = [&[2, 1, 7, 2, 1, 0, 2, 1, 0][..], &element(0x30, &bindings)].concat();
    element(0x30, &[&[2, 1, 1][..], &element(0x04, b"ward"), &element(0xa2, &unit)].concat())
}

/// A request for an association and its acceptance (DICOM PS3.8 §9.3.2, §9.3.3; PS3.7 §D.3.3).
pub fn dicom(string: &[u8]) -> [Vec<u8>; 2] {
    const CONTEXT: &[u8] = b"1.2.840.10008.3.1.1.1";
    const VERIFICATION: &[u8] = b"1.2.840.10008.1.1";
    const IMPLICIT: &[u8] = b"1.2.840.10008.1.2";
    let item = |kind: u8, value: &[u8]| [&[kind, 0][..], &two(value.len()), value].concat();
    // A title is made of 16 printable characters; what else is in the string is left out here.
    let mut title: Vec<u8> = string.iter().copied().filter(|letter| matches!(letter, b' '..=b'~')).collect();
    title.resize(16, b' ');
    // The version has no such rule, and begins as that of a known program does, so that it is told as evidence.
    let version = [b"dvt", cut(string, 13)].concat();
    let user = [item(0x51, &[0, 0, 0x40, 0]), item(0x52, b"1.2.3.4"), item(0x55, &version)].concat();
    let unit = |kind: u8, context: &[u8]| {
        let fixed = [&[0, 1, 0, 0][..], &title, &title, &[0; 32]].concat();
        let items = [item(0x10, CONTEXT), context.to_vec(), item(0x50, &user)].concat();
        let length = u32::try_from(fixed.len() + items.len()).unwrap().to_be_bytes();
        [&[kind, 0][..], &length, &fixed, &items].concat()
    };
    let asked = [&[1, 0, 0, 0][..], &item(0x30, VERIFICATION), &item(0x40, IMPLICIT)].concat();
    let accepted = [&[1, 0, 0, 0][..], &item(0x40, IMPLICIT)].concat();
    [unit(1, &item(0x20, &asked)), unit(2, &item(0x21, &accepted))]
}

/// A request for a page, and an answer that describes a device (UPnP Device Architecture 2.0 §2.3). Line ends in the string
/// are sent as they are: they begin further headers, as they would on the wire.
pub fn http(string: &[u8]) -> [Vec<u8>; 2] {
    let line =
        |name: &str, value: &[u8], after: &str| [name.as_bytes(), b": ", value, after.as_bytes(), b"\r\n"].concat();
    // Rules know what stands beside the string: so the whole value is told as evidence.
    let asked = [
        b"GET / HTTP/1.1\r\n".to_vec(),
        [b"User-Agent: CUPS/2.4 ", string, b"\r\n"].concat(),
        line("Host", string, ""),
        b"\r\n".to_vec(),
    ];
    let text = escaped(string);
    let names = ["friendlyName", "manufacturer", "modelName", "serialNumber"]
        .map(|name| [b"<", name.as_bytes(), b">", &text[..], b"</", name.as_bytes(), b">"].concat());
    let device = [b"<device>", &names.concat()[..], b"</device>"].concat();
    let body =
        [b"<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\">", &device[..], b"</root>"].concat();
    let answered = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n".to_vec(),
        line("Content-Length", body.len().to_string().as_bytes(), ""),
        line("Server", string, " NetScaler"),
        b"\r\n".to_vec(),
        body,
    ];
    [asked.concat(), answered.concat()]
}

/// The five letters of XML that mean something (XML 1.0 §4.6) as entities; all others as they are.
fn escaped(string: &[u8]) -> Vec<u8> {
    let letter = |byte: &u8| match byte {
        b'<' => b"&lt;".to_vec(),
        b'>' => b"&gt;".to_vec(),
        b'&' => b"&amp;".to_vec(),
        b'"' => b"&quot;".to_vec(),
        b'\'' => b"&apos;".to_vec(),
        byte => vec![*byte],
    };
    string.iter().flat_map(letter).collect()
}

pub fn plain_request() -> Vec<u8> {
    b"GET /description.xml HTTP/1.1\r\nHost: 10.66.6.1\r\n\r\n".to_vec()
}

pub fn plain_answer() -> Vec<u8> {
    b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()
}

/// An announcement (RFC 6762 §8.3) of a service (RFC 6763 §4, §6): its instance, where it runs, what it is, and who holds the
/// host's name.
pub fn mdns(ip: Ipv4Addr, string: &[u8]) -> Vec<u8> {
    let label = |text: &[u8]| [&[byte(cut(text, 63).len())][..], cut(text, 63)].concat();
    let name = |labels: &[&[u8]]| [labels.iter().flat_map(|text| label(text)).collect(), vec![0]].concat();
    let service: [&[u8]; 3] = [b"_http", b"_tcp", b"local"];
    let instance = name(&[string, service[0], service[1], service[2]]);
    let host = name(&[string, b"local"]);
    let record =
        |owner: &[u8], kind: u8, data: &[u8]| [owner, &[0, kind, 0, 1, 0, 0, 0, 120], &two(data.len()), data].concat();
    let text = |key: &str| {
        let pair = [key.as_bytes(), b"=", string].concat();
        [&[byte(cut(&pair, 255).len())][..], cut(&pair, 255)].concat()
    };
    let texts = [text("manufacturer"), text("model"), text("AET"), text("serial")].concat();
    let records = [
        record(&name(&service), 12, &instance),
        record(&instance, 33, &[&[0, 0, 0, 0, 0, 80][..], &host].concat()),
        record(&instance, 16, &texts),
        record(&host, 1, &ip.octets()),
    ];
    [&[0, 0, 0x84, 0, 0, 0, 0, byte(records.len()), 0, 0, 0, 0][..], &records.concat()].concat()
}

/// An announcement (IEEE 802.1AB §8.5) with the inventory of LLDP-MED (ANSI/TIA-1057 §10.2.6).
pub fn lldp(mac: [u8; 6], ip: Ipv4Addr, string: &[u8]) -> Vec<u8> {
    let value = |kind: usize, content: &[u8]| [&two(kind << 9 | content.len())[..], content].concat();
    let names = cut(string, 255);
    // Addresses of families 1 (IPv4) and 16 (a name; IANA, Address Family Numbers), of an interface that is not known.
    let address = |family: u8, text: &[u8]| [&[byte(text.len() + 1), family][..], text, &[1, 0, 0, 0, 0, 0]].concat();
    let inventory = |subtype: u8| value(127, &[&[0, 0x12, 0xbb, subtype][..], cut(string, 32)].concat());
    [
        value(1, &[&[4][..], &mac].concat()),
        value(2, &[&[5][..], cut(string, 255)].concat()),
        value(3, &[0, 120]),
        value(4, names),
        value(5, names),
        value(6, names),
        value(7, &[0, 0x80, 0, 0x80]),
        value(8, &address(1, &ip.octets())),
        value(8, &address(16, cut(string, 31))),
        value(127, &[0, 0x12, 0xbb, 1, 0, 0x21, 3]),
        inventory(5),
        inventory(7),
        inventory(8),
        inventory(9),
        inventory(10),
        inventory(11),
        value(0, &[]),
    ]
    .concat()
}

/// An announcement of an address (RFC 5227 §2.3).
pub fn announced(mac: [u8; 6], ip: Ipv4Addr) -> Vec<u8> {
    [&[0, 1, 8, 0, 6, 4, 0, 1][..], &mac, &ip.octets(), &[0; 6], &ip.octets()].concat()
}
