//! What our own reading of a capture says, as rows to compare.

use std::collections::BTreeSet;
use std::path::Path;

use model::observation::FrameRef;
use model::{Connection, Observation, Value};
use sensor::capture::CaptureFile;
use sensor::{Observer, Sensor};
use wire::protocols::{ALL, Carrier, Decoder};

/// The pseudo-field that holds a message's kind.
pub const KIND: &str = "(kind)";
/// The pseudo-field that holds the operation that was asked for.
pub const OPERATION: &str = "(operation)";

/// One value of one field.
#[derive(Clone, Debug)]
pub struct Row {
    pub protocol: &'static str,
    pub field: &'static str,
    pub frame: u64,
    pub over_tcp: bool,
    pub value: String,
}

/// A capture as we read it.
#[derive(Default)]
pub struct Reading {
    pub rows: Vec<Row>,
    pub connections: Vec<Connection>,
}

impl Reading {
    /// The protocols that showed.
    pub fn protocols(&self) -> BTreeSet<&'static str> {
        self.rows.iter().map(|row| row.protocol).collect()
    }

    /// Rules as in `tcp.port==5000,hl7`, for what we recognise: Wireshark goes by the port.
    pub fn decode_as(&self) -> Vec<String> {
        let rule = |connection: &Connection| {
            let dissector = match connection.application {
                "dicom" | "hl7" | "dns" | "snmp" | "http" | "tls" | "ssh" | "ftp" | "telnet" | "radius" | "ntp"
                | "coap" | "kerberos" | "ldap" | "mqtt" | "rtsp" | "sip" | "smtp" | "quic" | "tds" | "pgsql" => {
                    connection.application
                }
                "syslog" => "syslog",
                "modbus" if connection.ip_protocol == 17 => "mbudp",
                "modbus" => "mbtcp",
                "smb" if connection.ip_protocol == 6 => "nbss",
                "rdp" => "tpkt",
                "bacnet" => "bvlc",
                "enip" => "enip",
                "opcua" => "opcua",
                "s7comm" => "tpkt",
                "vnc" => "vnc",
                _ => return None,
            };
            let port = connection.responder.port?;
            let over_tcp = connection.ip_protocol == 6;
            // Not on a port of another protocol: that one's connections would be read wrongly.
            let is_taken =
                |decoder: &&dyn Decoder| decoder.name() != connection.application && hints(*decoder, port, over_tcp);
            let is_taken = ALL.iter().any(is_taken);
            let transport = if over_tcp { "tcp" } else { "udp" };
            (!is_taken).then(|| format!("{transport}.port=={port},{dissector}"))
        };
        let rules: BTreeSet<String> = self.connections.iter().filter_map(rule).collect();
        rules.into_iter().collect()
    }

    fn row(&mut self, protocol: &'static str, field: &'static str, frame: u64, over_tcp: bool, value: String) {
        self.rows.push(Row { protocol, field, frame, over_tcp, value });
    }
}

impl Observer for Reading {
    fn observe(&mut self, observation: Observation<'_>) {
        match observation {
            Observation::Message { frame, ip_protocol, message, .. } => {
                let (protocol, over_tcp) = (message.protocol(), ip_protocol == 6);
                self.row(protocol, KIND, frame.number, over_tcp, message.kind().to_owned());
                if let Some(operation) = message.operation() {
                    self.row(protocol, OPERATION, frame.number, over_tcp, operation.to_owned());
                }
                for (field, value) in message.fields() {
                    self.row(protocol, field.name, frame.number, over_tcp, written(value));
                }
            }
            Observation::Connection(connection) => self.connections.push(connection.clone()),
            Observation::Sighting { .. } => {}
        }
    }
}

fn written(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => u8::from(flag).to_string(),
        Value::Mac(mac) => mac.to_string(),
        Value::Ip(ip) => ip.to_string(),
    }
}

/// Reads a capture; nothing if it is none.
pub fn read(path: &Path) -> Reading {
    let mut reading = Reading::default();
    let Ok(mut file) = CaptureFile::open(path) else { return reading };
    let (mut sensor, mut number) = (Sensor::default(), 0);
    while let Some(frame) = file.next_frame() {
        number += 1;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut reading);
    }
    sensor.finish(&mut reading);
    reading
}

/// Whether a port is among a decoder's hints.
fn hints(decoder: &dyn Decoder, port: u16, over_tcp: bool) -> bool {
    decoder.carriers().iter().any(|carrier| match carrier {
        Carrier::Stream(ports) => over_tcp && ports.contains(&port),
        Carrier::Datagram(ports) => !over_tcp && ports.contains(&port),
        _ => false,
    })
}
