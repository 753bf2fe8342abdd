//! BACnet over IP (ANSI/ASHRAE 135, annex J; annex U for IPv6): building automation.
//!
//! Tells who reads and who writes what kind of object, and what a device says of itself in I-Am and in the properties
//! of its device object. A device behind a router is told apart by its network and station. Left out: the values of
//! all other objects, files, text messages, and Secure Connect (which is TLS). Passwords are noticed, never read.

use model::{Field, Form, Message, Messages, Subject};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};

mod application;
mod network;
mod service;
mod tag;

use network::{Content, Datagram};

static NETWORK: Field = Field::device("network");
static SOURCE_NETWORK: Field = Field::device("source_network").wireshark("bacnet.snet");
static SOURCE_STATION: Field = Field::device("source_station");
static RESPONSE: Field = Field::device("response");
static DEVICE_INSTANCE: Field = Field::device("device_instance");
static VENDOR_ID: Field = Field::device("vendor_id").wireshark("bacapp.vendor_identifier");
static MAX_APDU: Field = Field::device("max_apdu");
static OBJECT_TYPE: Field = Field::device("object_type").form(Form::Fixed).wireshark("bacapp.objectType");
static OBJECT_INSTANCE: Field = Field::device("object_instance").wireshark("bacapp.instance_number");
static PROPERTY: Field = Field::device("property").form(Form::Fixed).wireshark("bacapp.property_identifier");
static OBJECT_NAME: Field = Field::site("object_name").form(Form::Label).wireshark("bacapp.object_name");
static VENDOR_NAME: Field = Field::device("vendor_name");
static MODEL_NAME: Field = Field::device("model_name");
static SERIAL_NUMBER: Field = Field::device("serial_number").form(Form::Serial);
static FIRMWARE_REVISION: Field = Field::device("firmware_revision");
static APPLICATION_SOFTWARE_VERSION: Field = Field::device("application_software_version");
static LOCATION: Field = Field::site("location").form(Form::Label);
static DESCRIPTION: Field = Field::site("description").form(Form::Label);
static ERROR_CLASS: Field = Field::device("error_class").form(Form::Fixed).wireshark("bacapp.error_class");
static ERROR_CODE: Field = Field::device("error_code").form(Form::Fixed).wireshark("bacapp.error_code");
static REASON: Field = Field::device("reason").form(Form::Fixed);

static FIELDS: &[&Field] = &[
    &NETWORK,
    &SOURCE_NETWORK,
    &SOURCE_STATION,
    &RESPONSE,
    &DEVICE_INSTANCE,
    &VENDOR_ID,
    &MAX_APDU,
    &OBJECT_TYPE,
    &OBJECT_INSTANCE,
    &PROPERTY,
    &OBJECT_NAME,
    &VENDOR_NAME,
    &MODEL_NAME,
    &SERIAL_NUMBER,
    &FIRMWARE_REVISION,
    &APPLICATION_SOFTWARE_VERSION,
    &LOCATION,
    &DESCRIPTION,
    &ERROR_CLASS,
    &ERROR_CODE,
    &REASON,
];

/// The protocol's entry in the list.
pub static DECODER: Bacnet = Bacnet;

/// BACnet over IP.
pub struct Bacnet;

impl Decoder for Bacnet {
    fn name(&self) -> &'static str {
        "bacnet"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // BAC0 hexadecimal; installations with several networks go on from there (annex J.1.2).
        &[Carrier::Datagram(&[47_808, 47_809, 47_810])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let whole = opening.first().filter(|bytes| opening.hinted || network::length_holds(bytes));
        let Some(Ok(datagram)) = whole.map(network::read) else { return Probe::No };
        let telling = match datagram.content {
            // The link layer's own functions are little more than a type and a length.
            Content::Link(_) => opening.hinted,
            Content::Network(kind, _) => opening.hinted && network::message_name(kind).is_some(),
            Content::Application(unit) => application::unit(unit).is_ok(),
        };
        if telling { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let datagram = network::read(input.bytes)?;
    match datagram.content {
        Content::Link(name) => {
            begin(name, &datagram, messages).operated(name);
        }
        Content::Network(kind, mut body) => {
            let name = network::message_name(kind)
                .ok_or(DecodeError::Malformed { field: "Message Type", rule: "is one that is assigned" })?;
            let message = begin(name, &datagram, messages);
            message.operated(name);
            if kind == I_AM_ROUTER_TO_NETWORK {
                // A list that is cut short tells what it held so far.
                let _ = application::networks(&mut body, message);
            }
        }
        Content::Application(unit) => {
            let unit = application::unit(unit)?;
            let message = begin(unit.kind, &datagram, messages);
            message.operated(unit.operation.unwrap_or_default());
            application::describe(&unit, message);
        }
    }
    Ok(())
}

/// Network layer message type (clause 6.2.4).
const I_AM_ROUTER_TO_NETWORK: u8 = 0x01;

/// Begins a message about whoever speaks: a station behind the sender, the origin of a broadcast that was passed on,
/// or the sender.
fn begin<'a>(kind: &'static str, datagram: &Datagram<'_>, messages: &'a mut Messages) -> &'a mut Message {
    let message = messages.begin("bacnet", kind);
    match (&datagram.source, datagram.origin) {
        (Some(station), _) => {
            message.number(&SOURCE_NETWORK, station.network).hex(&SOURCE_STATION, station.address);
            message.behind(station.identity().as_str())
        }
        (None, Some(origin)) => message.about(Subject::Address(origin)),
        (None, None) => message,
    }
}
