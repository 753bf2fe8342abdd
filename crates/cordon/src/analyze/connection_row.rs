//! A line of `connections.jsonl`. Written by hand: these lines are most of what an analysis of a large capture writes.

use std::net::IpAddr;

use model::observation::{Side, Traffic};
use model::{Connection, Timestamp};

/// Appends the row without its end, which names the devices: see [`end`].
///
/// `capture` is JSON, quotes and all.
pub fn begin(line: &mut Vec<u8>, connection: &Connection, community_id: &str, capture: &str) {
    put(line, "{\"community_id\":\"", community_id);
    time(line, "\",\"start\":\"", connection.start);
    time(line, "\",\"end\":\"", connection.end);
    side(line, "\",\"initiator\":", &connection.initiator);
    side(line, ",\"responder\":", &connection.responder);
    number(line, ",\"ip_protocol\":", u64::from(connection.ip_protocol));
    optional(line, ",\"vlan\":", connection.vlan);
    traffic(line, ",\"sent\":", connection.sent);
    traffic(line, ",\"received\":", connection.received);
    put(line, ",\"state\":\"", connection.state.name());
    put(line, "\",\"oriented\":", if connection.oriented { "true" } else { "false" });
    match connection.application {
        "" => put(line, ",\"application\":", "null"),
        name => {
            put(line, ",\"application\":\"", name);
            put(line, "\"", "");
        }
    }
    put(line, ",\"capture\":", capture);
    number(line, ",\"frame\":", connection.first_frame.number);
}

/// Appends the identifiers of the devices at both ends, which hold nothing that JSON escapes.
pub fn end(line: &mut Vec<u8>, initiator: &str, responder: &str) {
    put(line, ",\"initiator_device\":\"", initiator);
    put(line, "\",\"responder_device\":\"", responder);
    put(line, "\"}\n", "");
}

fn put(line: &mut Vec<u8>, name: &str, value: &str) {
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(value.as_bytes());
}

fn number(line: &mut Vec<u8>, name: &str, number: u64) {
    put(line, name, itoa::Buffer::new().format(number));
}

fn optional(line: &mut Vec<u8>, name: &str, value: Option<u16>) {
    match value {
        Some(value) => number(line, name, u64::from(value)),
        None => put(line, name, "null"),
    }
}

fn time(line: &mut Vec<u8>, name: &str, time: Timestamp) {
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(&time.text());
}

fn traffic(line: &mut Vec<u8>, name: &str, traffic: Traffic) {
    put(line, name, "{");
    number(line, "\"packets\":", traffic.packets);
    number(line, ",\"bytes\":", traffic.bytes);
    put(line, "}", "");
}

fn side(line: &mut Vec<u8>, name: &str, side: &Side) {
    put(line, name, "{\"mac\":");
    match side.mac {
        Some(mac) => {
            line.push(b'"');
            line.extend_from_slice(&mac.text());
            line.push(b'"');
        }
        None => put(line, "null", ""),
    }
    put(line, ",\"ip\":", "");
    match side.ip {
        Some(ip) => address(line, ip),
        None => put(line, "null", ""),
    }
    optional(line, ",\"port\":", side.port);
    put(line, "}", "");
}

fn address(line: &mut Vec<u8>, ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => {
            let mut before = "\"";
            for octet in ip.octets() {
                number(line, before, u64::from(octet));
                before = ".";
            }
            put(line, "\"", "");
        }
        IpAddr::V6(ip) => put(line, "\"", &format!("{ip}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::observation::{ConnectionState, FrameRef, Part};

    #[test]
    fn the_row_is_the_json_that_it_should_be() {
        let side = |ip: &str, port| Side {
            mac: Some("00:09:fb:1a:2b:3c".parse().unwrap()),
            ip: Some(ip.parse().unwrap()),
            port,
        };
        let mut connection = Connection {
            id: 1,
            start: Timestamp(1_795_334_700_000_001_000),
            hours: Vec::new(),
            end: Timestamp(1_795_334_701_000_000_000),
            first_frame: FrameRef { capture: 0, number: 7 },
            initiator: side("10.20.0.255", Some(50_000)),
            responder: side("fe80::1", Some(104)),
            ip_protocol: 6,
            vlan: Some(12),
            sent: Traffic { packets: 3, bytes: 1_000 },
            received: Traffic { packets: 0, bytes: 0 },
            part: Part::Whole,
            state: ConnectionState::Closed,
            application: "dicom",
            oriented: true,
        };
        let row = |connection: &Connection| -> serde_json::Value {
            let mut line = Vec::new();
            begin(&mut line, connection, "1:abc=", "\"a \\\"b\\\".pcap\"");
            end(&mut line, "mac-0009fb1a2b3c", "external:fe80::1");
            assert!(line.ends_with(b"}\n"));
            serde_json::from_slice(&line).unwrap()
        };
        let mut expected = serde_json::json!({
            "community_id": "1:abc=",
            "start": connection.start,
            "end": connection.end,
            "initiator": connection.initiator,
            "responder": connection.responder,
            "ip_protocol": 6,
            "vlan": 12,
            "sent": connection.sent,
            "received": connection.received,
            "state": "closed",
            "oriented": true,
            "application": "dicom",
            "capture": "a \"b\".pcap",
            "frame": 7,
            "initiator_device": "mac-0009fb1a2b3c",
            "responder_device": "external:fe80::1",
        });
        assert_eq!(row(&connection), expected);
        connection.application = "";
        connection.vlan = None;
        connection.initiator = Side::default();
        for name in ["application", "vlan"] {
            expected[name] = serde_json::Value::Null;
        }
        expected["initiator"] = serde_json::json!({"mac": null, "ip": null, "port": null});
        assert_eq!(row(&connection), expected);
    }
}
