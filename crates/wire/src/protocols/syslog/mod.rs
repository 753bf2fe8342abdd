//! Syslog, old (RFC 3164) and new (RFC 5424), in datagrams (RFC 5426) and streams (RFC 6587).
//!
//! Reads the header alone: facility, severity, the sender's name and the program's. The text is never read, as it may
//! hold anything. A device that writes no proper header gives no names either, since its text would be taken for them.

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};

mod header;
mod stream;

static FACILITY: Field = Field::device("facility").wireshark("syslog.facility");
static SEVERITY: Field = Field::device("severity").wireshark("syslog.level");
static VERSION: Field = Field::device("version").wireshark("syslog.version");
static HOSTNAME: Field = Field::site("hostname").wireshark("syslog.hostname");
static APPLICATION: Field = Field::device("application").form(Form::Token).wireshark("syslog.appname");

static FIELDS: &[&Field] = &[&FACILITY, &SEVERITY, &VERSION, &HOSTNAME, &APPLICATION];

/// The protocol's entry in the list.
pub static DECODER: Syslog = Syslog;

/// Syslog.
pub struct Syslog;

impl Decoder for Syslog {
    fn name(&self) -> &'static str {
        "syslog"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[514]), Carrier::Stream(&[514, 601])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        // The priority is little to go by: without the port, a whole header is asked for.
        stream::probe(opening.initiator, opening.responder, opening.hinted)
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Stream(_) => Box::new(stream::Lines::default()),
            _ => Box::new(Stateless(decode)),
        }
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    header::decode(input.bytes, messages)
}
