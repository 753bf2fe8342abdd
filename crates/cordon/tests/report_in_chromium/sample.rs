//! Invented hospitals for the report: rows with the names and the arithmetic of the real files, nothing of a real network.

use serde_json::{Map, Value, json};

/// One kind of device in the invented hospital.
struct Kind {
    category: &'static str,
    share: usize,
    maker: &'static str,
    model: &'static str,
    prefix: &'static str,
    card: &'static str,
    name: &'static str,
    application: &'static str,
    port: u16,
    server: &'static str,
    weak: &'static [&'static str],
}

const fn kind(
    [category, maker, model]: [&'static str; 3],
    share: usize,
    [prefix, card, name]: [&'static str; 3],
    (application, port, server): (&'static str, u16, &'static str),
    weak: &'static [&'static str],
) -> Kind {
    Kind { category, share, maker, model, prefix, card, name, application, port, server, weak }
}

const KINDS: &[Kind] = &[
    kind(
        ["infusion_pump", "Example Infusion", "Flow 100"],
        12,
        ["02:00:01", "Example Radios", "pump"],
        ("http", 80, "server"),
        &["default_credentials", "cleartext_management"],
    ),
    kind(
        ["patient_monitor", "Example Monitoring", "View 8"],
        11,
        ["02:00:02", "Example Monitoring", "mon"],
        ("hl7", 2575, "engine"),
        &["cleartext_medical"],
    ),
    kind(
        ["ventilator", "Example Breath", "Air 5"],
        5,
        ["02:00:03", "Example Breath", "vent"],
        ("hl7", 2575, "engine"),
        &[],
    ),
    kind(
        ["ct_scanner", "Example Imaging", "Slice 64"],
        3,
        ["02:00:04", "Example Imaging", "ct"],
        ("dicom", 104, "pacs"),
        &["cleartext_medical", "smb_version_1", "rdp_without_authentication"],
    ),
    kind(
        ["ultrasound", "Example Imaging", "Echo 7"],
        4,
        ["02:00:04", "Example Imaging", "us"],
        ("dicom", 104, "pacs"),
        &["cleartext_medical"],
    ),
    kind(
        ["blood_gas_analyzer", "Example Lab", "Gas 90"],
        4,
        ["02:00:05", "Example Lab", "bga"],
        ("poct1a", 3001, "engine"),
        &["cleartext_medical"],
    ),
    kind(
        ["pacs_archive", "Example Archive", "Store 12"],
        1,
        ["02:00:06", "Example Virtual", "pacs"],
        ("dns", 53, "dc"),
        &["obsolete_tls"],
    ),
    kind(
        ["interface_engine", "Example Bridge", "Bridge 4"],
        1,
        ["02:00:06", "Example Virtual", "engine"],
        ("dns", 53, "dc"),
        &[],
    ),
    kind(
        ["server", "Example Server", "Rack 1"],
        2,
        ["02:00:06", "Example Virtual", "server"],
        ("dns", 53, "dc"),
        &["self_signed_certificate"],
    ),
    kind(
        ["virtual_machine", "Example Server", "Rack 2"],
        1,
        ["02:00:06", "Example Virtual", "dc"],
        ("ntp", 123, "dc"),
        &[],
    ),
    kind(
        ["workstation", "Example Desk", "Tower 3"],
        9,
        ["02:00:07", "Example Desk", "ws"],
        ("smb", 445, "server"),
        &["smb_unsigned"],
    ),
    kind(
        ["printer", "Example Print", "Page 2"],
        3,
        ["02:00:08", "Example Print", "prn"],
        ("dns", 53, "dc"),
        &["snmp_default_community"],
    ),
    kind(
        ["switch", "Example Net", "Port 48"],
        2,
        ["02:00:09", "Example Net", "sw"],
        ("ntp", 123, "dc"),
        &["snmp_cleartext"],
    ),
    kind(
        ["building_controller", "Example House", "Heat 6"],
        2,
        ["02:00:0a", "Example House", "bms"],
        ("bacnet", 47808, "server"),
        &["unauthenticated_control"],
    ),
    kind(["", "", ""], 2, ["02:00:0b", "", "?"], ("tls", 443, "server"), &[]),
];

const CATEGORIES: &[(&str, &str, bool, Option<&str>)] = &[
    ("medical_device", "Medical device", true, None),
    ("therapy_device", "Therapy device", true, Some("medical_device")),
    ("infusion_pump", "Infusion pump", true, Some("therapy_device")),
    ("ventilator", "Ventilator", true, Some("therapy_device")),
    ("patient_monitoring", "Patient monitoring", true, Some("medical_device")),
    ("patient_monitor", "Patient monitor", true, Some("patient_monitoring")),
    ("central_station", "Central station", true, Some("patient_monitoring")),
    ("imaging_modality", "Imaging device", true, Some("medical_device")),
    ("ct_scanner", "CT scanner", true, Some("imaging_modality")),
    ("ultrasound", "Ultrasound", true, Some("imaging_modality")),
    ("laboratory_device", "Laboratory device", true, Some("medical_device")),
    ("blood_gas_analyzer", "Blood gas analyser", true, Some("laboratory_device")),
    ("medical_system", "Medical system", true, None),
    ("pacs_archive", "Image archive", true, Some("medical_system")),
    ("interface_engine", "Interface engine", true, Some("medical_system")),
    ("computer", "Computer", false, None),
    ("workstation", "Workstation", false, Some("computer")),
    ("server", "Server", false, Some("computer")),
    ("virtual_machine", "Virtual machine", false, Some("server")),
    ("office_device", "Office device", false, None),
    ("printer", "Printer", false, Some("office_device")),
    ("network_device", "Network device", false, None),
    ("switch", "Switch", false, Some("network_device")),
    ("building_system", "Building system", false, None),
    ("building_controller", "Building controller", false, Some("building_system")),
];

/// Names that somebody could give a device to harm whoever reads the report.
pub fn hostile_names(address: &str) -> Vec<String> {
    vec![
        format!("<img src=\"http://{address}/img\" onerror=\"window.pwned=1\">"),
        "</script><script>window.pwned=1</script>".to_owned(),
        "<!-- <script>".to_owned(),
        "\u{202e}gnp.exe\u{202c}\u{2066}\u{200f}pump".to_owned(),
        "W".repeat(10_000),
        "__proto__".to_owned(),
        "constructor".to_owned(),
        format!("javascript:fetch('http://{address}/js')"),
        "=HYPERLINK(\"http://x\")".to_owned(),
        "line one\r\nline two\u{0}\u{7}\u{1b}[2J".to_owned(),
        "\u{2028}separators\u{2029}".to_owned(),
        "&lt;b&gt;&amp;".to_owned(),
        "مضخة التسريب 12".to_owned(),
        "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".repeat(40),
        "'; DROP TABLE devices; --".to_owned(),
        format!("url(http://{address}/css)"),
    ]
}

/// A small generator of pseudo-random numbers (Numerical Recipes' linear congruence); the same hospital every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

fn stamp(minute: usize) -> String {
    format!("2026-11-{:02}T{:02}:{:02}:07.250000Z", 20 + minute / 1440, minute / 60 % 24, minute % 60)
}

fn evidence(rule: &str, family: &str, db: f64, field: &str, value: &str, frame: usize) -> Value {
    json!({
        "rule": rule, "family": family, "weight_db": db, "counted_db": db, "field": field, "value": value,
        "capture": "ward.pcapng", "frame": frame, "count": 1 + frame % 400, "first": stamp(frame % 2000),
        "last": stamp(2000 + frame % 2000), "source": "an invented guide of the maker",
    })
}

/// Adds the evidence up as the analysis does: prior and pieces, rivals against each other and against "not known" at 0 dB.
fn attribute(value: &str, prior: f64, pieces: Vec<Value>, rivals: &[(&str, f64)]) -> Value {
    let odds = |db: f64| 10_f64.powf(db / 10.0);
    let counted: f64 = pieces.iter().map(|piece| piece["counted_db"].as_f64().unwrap()).sum();
    let score = prior + counted;
    let all = 1.0 + odds(score) + rivals.iter().map(|(_, db)| odds(*db)).sum::<f64>();
    let confidence = odds(score) / all;
    let rivals: Vec<Value> = rivals
        .iter()
        .map(|(value, db)| {
            let pieces = vec![evidence("name.guess", "name", db - prior, "dhcp.hostname", "guess", 77)];
            json!({"value": value, "confidence": odds(*db) / all, "score_db": db, "evidence": pieces})
        })
        .collect();
    let own = |confidence: f64| json!({"value": value, "confidence": confidence, "score_db": score, "evidence": pieces.clone()});
    if confidence < 0.6 {
        let mut candidates = vec![own(confidence)];
        candidates.extend(rivals);
        return json!({"value": null, "confidence": 1.0 / all, "state": "unknown", "prior_db": prior, "score_db": score,
            "unknown": 1.0 / all, "rivals": candidates, "evidence": []});
    }
    let state = if confidence >= 0.9 { "probable" } else { "tentative" };
    json!({"value": value, "confidence": confidence, "state": state, "prior_db": prior, "score_db": score,
        "unknown": 1.0 / all, "rivals": rivals, "evidence": pieces})
}

fn attributes(kind: &Kind, name: &str, index: usize) -> Map<String, Value> {
    let mut all = Map::new();
    let frame = 100 + index * 7;
    if kind.category.is_empty() {
        let guess = vec![evidence("tls.client", "tls", 12.0, "tls.ja4", "t13d1516h2", frame)];
        all.insert("category".to_owned(), attribute("workstation", -14.0, guess, &[("printer", -4.0)]));
        return all;
    }
    // Every seventh device says less of itself, and every twenty-third almost nothing.
    let strength = if index % 23 == 22 {
        9.0
    } else if index % 7 == 6 {
        18.0
    } else {
        31.0
    };
    let says = |what: &str, db: f64| {
        vec![
            evidence(&format!("example.{}.{what}", kind.name), "medical_self", db, "dicom.model", kind.model, frame),
            evidence("mac.prefix", "l2", 5.0, "mac.prefix", kind.prefix, frame + 1),
            evidence("name.odd", "name", -3.0, "dhcp.hostname", name, frame + 2),
        ]
    };
    let rivals: &[(&str, f64)] = if index % 5 == 4 { &[("central_station", 3.0)] } else { &[] };
    all.insert("category".to_owned(), attribute(kind.category, -14.0, says("kind", strength), rivals));
    all.insert("vendor".to_owned(), attribute(kind.maker, -12.0, says("maker", strength), &[]));
    all.insert("model".to_owned(), attribute(kind.model, -10.0, says("model", strength - 4.0), &[]));
    if index.is_multiple_of(3) {
        all.insert("serial".to_owned(), attribute(&format!("SN{index:05}"), -5.0, says("serial", 25.0), &[]));
    }
    let names = attribute(name, -3.0, vec![evidence("dhcp.hostname", "name", 15.0, "dhcp.hostname", name, frame)], &[]);
    all.insert("hostname".to_owned(), json!({"values": [names]}));
    all
}

fn device(kind: &Kind, index: usize, name: &str) -> Value {
    let mac = format!("{}:{:02x}:{:02x}:{:02x}", kind.prefix, index >> 16 & 255, index >> 8 & 255, index & 255);
    let ip = format!("10.{}.{}.{}", 20 + index / 60_000, index / 200 % 250, 2 + index % 200);
    let address = json!({"ip": ip, "first": stamp(index % 900), "last": stamp(3000 + index % 900), "bound": !index.is_multiple_of(4)});
    let interface = json!({"mac": mac, "local": kind.category.is_empty(), "vlans": [204],
        "organisation": (!kind.card.is_empty()).then_some(kind.card), "addresses": [address]});
    json!({"id": format!("mac-{}", mac.replace(':', "")), "name": name, "gateway": false, "behind": null, "interfaces": [interface],
        "attributes": attributes(kind, name, index), "roles": [], "conflicts": [], "first": stamp(index % 900),
        "last": stamp(3000 + index % 900), "bytes_sent": 0, "bytes_received": 0, "peers": 0})
}

/// Device names by position: the hostile ones first, if there are any.
fn name_of(kind: &Kind, index: usize, hostile: &[String]) -> String {
    match hostile.get(index) {
        Some(name) => name.clone(),
        None if kind.category.is_empty() => String::new(),
        None => format!("{}-ward-{index:04}", kind.name),
    }
}

/// A hospital of so many devices, at least four flows for each hundred and more for all, as the report's data.
pub fn hospital(count: usize, hostile: &[String]) -> Value {
    let mut dice = Dice(7);
    let total: usize = KINDS.iter().map(|kind| kind.share).sum();
    let kind_at = |index: usize| {
        let mut place = index * 7 % total;
        KINDS
            .iter()
            .find(|kind| {
                let here = place < kind.share;
                place = place.saturating_sub(kind.share);
                here
            })
            .unwrap()
    };
    let kinds: Vec<&Kind> = (0..count).map(kind_at).collect();
    let mut devices: Vec<Value> =
        kinds.iter().enumerate().map(|(index, kind)| device(kind, index, &name_of(kind, index, hostile))).collect();
    let ids: Vec<String> = devices.iter().map(|device| device["id"].as_str().unwrap().to_owned()).collect();
    let server = |name: &str| kinds.iter().position(|kind| kind.name == name);
    let mut flows = Vec::new();
    let mut weaknesses = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        let peer = server(kind.server).filter(|peer| *peer != index);
        if let Some(peer) = peer {
            flows.push(flow(&ids[index], &ids[peer], kind.application, kind.port, "east_west", &mut dice));
        }
        if let Some(names) = server("dc").filter(|peer| *peer != index) {
            flows.push(flow(&ids[index], &ids[names], "dns", 53, "east_west", &mut dice));
        }
        match index % 20 {
            3 => flows.push(flow(&ids[index], "external:198.51.100.7", "tls", 443, "external", &mut dice)),
            8 => flows.push(flow(&ids[index], "group:224.0.0.251", "mdns", 5353, "group", &mut dice)),
            13 => {
                flows.push(flow(&ids[index], &format!("silent:10.99.0.{}", index % 250), "", 445, "silent", &mut dice))
            }
            _ => {}
        }
        for (number, weak) in kind.weak.iter().enumerate().filter(|(number, _)| (index + number) % 3 != 0) {
            weaknesses.push(json!({"device": ids[index], "kind": weak, "protocol": kind.application,
                "peer": peer.map(|peer| ids[peer].clone()), "count": 1 + index % 90, "first": stamp(index % 900),
                "last": stamp(2000 + index % 900), "capture": "ward.pcapng", "frame": 500 + index * 3 + number}));
        }
    }
    finish(&mut devices, &flows);
    let mut data = frame();
    data["devices"] = Value::Array(devices);
    data["flows"] = Value::Array(flows);
    data["weaknesses"] = Value::Array(weaknesses);
    data
}

fn flow(from: &str, to: &str, application: &str, port: u16, scope: &str, dice: &mut Dice) -> Value {
    let sent = 400 + dice.below(9_000_000);
    let connections = 1 + dice.below(900);
    let protocol = if [53, 123, 5353, 47808].contains(&port) { 17 } else { 6 };
    json!({"from": from, "to": to, "service": {"ip_protocol": protocol, "port": port},
        "application": (!application.is_empty()).then_some(application),
        "operations": if application == "dicom" { json!({"C-STORE": 12, "C-ECHO": 1}) } else { json!({}) },
        "connections": connections, "answered": if scope == "silent" { 0 } else { connections }, "bytes_sent": sent,
        "bytes_received": sent / 3, "first": stamp(dice.below(900)), "last": stamp(3000 + dice.below(900)),
        "days": ["2026-11-20", "2026-11-22"], "hours_of_week": [8, 9, 10, 33, 100 + dice.below(60)], "scope": scope,
        "capture": "ward.pcapng", "frame": 1 + dice.below(90_000)})
}

/// Sums of the flows, a gateway, a device behind another, a role and a conflict.
fn finish(devices: &mut [Value], flows: &[Value]) {
    let mut sums: std::collections::BTreeMap<&str, (u64, u64, u64)> = std::collections::BTreeMap::new();
    for flow in flows {
        let (sent, received) = (flow["bytes_sent"].as_u64().unwrap(), flow["bytes_received"].as_u64().unwrap());
        for (end, sent, received) in [("from", sent, received), ("to", received, sent)] {
            let sum = sums.entry(flow[end].as_str().unwrap()).or_default();
            *sum = (sum.0 + sent, sum.1 + received, sum.2 + 1);
        }
    }
    for device in devices.iter_mut() {
        let (sent, received, peers) = sums.get(device["id"].as_str().unwrap()).copied().unwrap_or_default();
        (device["bytes_sent"], device["bytes_received"], device["peers"]) =
            (json!(sent), json!(received), json!(peers));
    }
    let Some(position) =
        devices.iter().position(|device| device["attributes"]["category"]["value"] == "interface_engine")
    else {
        return;
    };
    devices[position]["gateway"] = json!(true);
    devices[position]["roles"] = json!([{"role": "interface_engine", "rule": "role.engine", "field": "flow.application hl7",
        "capture": "ward.pcapng", "frame": 12, "count": 40}]);
    devices[position]["conflicts"] = json!([{"attribute": "vendor", "text": "Maker: strong evidence for two",
        "values": ["Example Bridge", "Example Other"]}]);
    let mut behind = devices[0].clone();
    let parent = devices[position]["id"].clone();
    (behind["id"], behind["name"]) = (json!(format!("{}~unit-7", parent.as_str().unwrap())), json!("bed-7"));
    (behind["behind"], behind["interfaces"], behind["peers"]) = (parent, json!([]), json!(0));
    let last = devices.len() - 1;
    devices[last] = behind;
}

/// Manifest and labels.
fn frame() -> Value {
    let categories: Map<String, Value> = CATEGORIES
        .iter()
        .map(|(id, label, medical, parent)| {
            ((*id).to_owned(), json!({"label": label, "medical": medical, "parent": parent}))
        })
        .collect();
    json!({
        "manifest": {"cordon": "0.1.0", "first": stamp(0), "last": stamp(3999),
            "captures": [
                {"name": "ward.pcapng", "format": "pcapng", "sha256": "9f".repeat(32), "frames": 90_400, "bytes": 81_264_640,
                    "first": stamp(0), "last": stamp(3999), "notes": ["cut short at frame 90,400; everything before it was read"]},
                {"name": "radiology.pcap.zst", "format": "pcap", "sha256": "51".repeat(32), "frames": 40_211, "bytes": 31_002_001,
                    "first": stamp(5), "last": stamp(3990), "notes": []}],
            "counters": {"frames": 130_611, "bytes": 112_266_641, "messages": 8_812, "flow_keys_turned_away": 0},
            "knowledge": {"rules": 412, "prefixes": 52_085, "sha256": "c0".repeat(32)}},
        "labels": {"categories": categories,
            "attributes": {"category": "Category", "vendor": "Maker", "model": "Model", "serial": "Serial number", "hostname": "Host name"},
            "weaknesses": {"cleartext_medical": "medical data crosses the network readable", "default_credentials": "a default password is in use"},
            "roles": {"interface_engine": "Interface engine"},
            "families": {"medical_self": "what it says of itself", "l2": "its network card", "name": "its name", "tls": "how it encrypts"}},
        "devices": [], "flows": [], "weaknesses": [], "cut": {"devices": 0, "flows": 0}
    })
}
