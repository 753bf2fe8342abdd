//! The application layer (ANSI/ASHRAE 135 clause 20.1): which service, and what a device says of itself in it.

use model::{Message, Weakness};

use super::super::DecodeError;
use super::tag::{self, Object, Tag};
use super::{
    APPLICATION_SOFTWARE_VERSION, DESCRIPTION, DEVICE_INSTANCE, ERROR_CLASS, ERROR_CODE, FIRMWARE_REVISION, LOCATION,
    MAX_APDU, MODEL_NAME, OBJECT_INSTANCE, OBJECT_NAME, OBJECT_TYPE, PROPERTY, REASON, RESPONSE, SERIAL_NUMBER,
    VENDOR_ID, VENDOR_NAME, service,
};
use crate::reader::{Reader, Truncated};

/// So many objects of one message are told.
const OBJECTS_MAX: usize = 16;
/// So many properties of one message are told.
const PROPERTIES_MAX: usize = 64;
/// SEG in the first byte of a request or an answer (clause 20.1.2.1).
const SEGMENTED: u8 = 0x08;

/// A unit's header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    form: Form,
    /// The message's kind.
    pub(super) kind: &'static str,
    /// The service's name, where the unit names one.
    pub(super) operation: Option<&'static str>,
    body: Reader<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Request(u8),
    Unconfirmed(u8),
    Answer(u8),
    Error(u8),
    Refusal(u8),
    /// A later segment, or the confirmation of one: its content begins anywhere.
    Segment,
}

/// Reads the header of a unit (clause 20.1.2 to 20.1.9).
pub(super) fn unit<'a>(mut reader: Reader<'a>) -> Result<Unit<'a>, DecodeError> {
    let first = reader.u8("PDU Type")?;
    let kind = first >> 4;
    let segmented = matches!(kind, 0 | 3) && first & SEGMENTED != 0;
    // What each type leaves reserved is zero (clause 20.1.2 to 20.1.9).
    let reserved = [0x01, 0x0f, 0x0f, 0x03, 0x0c, 0x0f, 0x0f, 0x0e].get(usize::from(kind)).copied().unwrap_or(0x0f);
    if first & reserved != 0 {
        return Err(DecodeError::Malformed { field: "PDU Type", rule: "has its reserved bits clear" });
    }
    match kind {
        0 => reader.skip(2, "max-segments, max-APDU, invoke ID")?,
        1 => {}
        2..=7 => reader.skip(1, "invoke ID")?,
        _ => return Err(DecodeError::Malformed { field: "PDU Type", rule: "is 0 to 7" }),
    }
    let sequence = if segmented { Some(reader.array::<2>("sequence number, window size")?) } else { None };
    let named = |choice, name: Option<&'static str>| {
        let name = name.ok_or(DecodeError::Malformed { field: "service choice", rule: "is a known service" })?;
        Ok::<_, DecodeError>((choice, name))
    };
    let (form, kind, operation) = match kind {
        4 => {
            reader.skip(2, "sequence number, window size")?;
            (Form::Segment, "segment_ack", None)
        }
        6 => (Form::Refusal(reader.u8("reject reason")?), "reject", None),
        7 => (Form::Refusal(reader.u8("abort reason")?), "abort", None),
        1 => {
            let choice = reader.u8("service choice")?;
            let (choice, name) = named(choice, service::unconfirmed(choice))?;
            (Form::Unconfirmed(choice), name, Some(name))
        }
        kind => {
            let choice = reader.u8("service choice")?;
            let (choice, name) = named(choice, service::confirmed(choice))?;
            match kind {
                0 => (Form::Request(choice), name, Some(name)),
                5 => (Form::Error(choice), "error", Some(name)),
                _ => (Form::Answer(choice), name, Some(name)),
            }
        }
    };
    let later = sequence.is_some_and(|[number, _]| number != 0);
    Ok(Unit { form: if later { Form::Segment } else { form }, kind, operation, body: reader })
}

/// Tells what a unit says. A body that breaks a rule, or goes on in a further segment, tells what it held so far.
pub(super) fn describe(unit: &Unit<'_>, message: &mut Message) {
    let mut body = unit.body;
    match unit.form {
        Form::Request(_) => message.flag(&RESPONSE, false),
        Form::Answer(_) | Form::Error(_) | Form::Refusal(_) => message.flag(&RESPONSE, true),
        Form::Unconfirmed(_) | Form::Segment => message,
    };
    if let Form::Answer(choice) = unit.form
        && service::controls(choice)
    {
        message.weak(Weakness::UnauthenticatedControl);
    }
    let _ = match unit.form {
        Form::Request(choice) => request(choice, &mut body, message),
        Form::Unconfirmed(choice) => unconfirmed(choice, &mut body, message),
        Form::Answer(service::READ_PROPERTY) => read_property_answer(&mut body, message),
        Form::Answer(service::READ_PROPERTY_MULTIPLE) => read_property_multiple_answer(&mut body, message),
        Form::Error(choice) => error(choice, &mut body, message),
        Form::Refusal(reason) => {
            message.number(&REASON, reason);
            Ok(())
        }
        Form::Answer(_) | Form::Segment => Ok(()),
    };
}

/// What a client asks for: which objects and properties, never the values it writes.
fn request(choice: u8, body: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    match choice {
        // ReadProperty-Request, WriteProperty-Request (clause 15.5 and 15.9).
        service::READ_PROPERTY | service::WRITE_PROPERTY => {
            tell_object(tag::context(body, 0, "objectIdentifier")?, message);
            tell_property(tag::context(body, 1, "propertyIdentifier")?, message);
        }
        // ReadPropertyMultiple-Request (clause 15.7).
        service::READ_PROPERTY_MULTIPLE => {
            for _ in 0..OBJECTS_MAX {
                if body.is_empty() {
                    break;
                }
                tell_object(tag::context(body, 0, "objectIdentifier")?, message);
                tag::open(body, 1, "listOfPropertyReferences")?;
                for _ in 0..PROPERTIES_MAX {
                    match tag::next(body, "propertyIdentifier")? {
                        Tag::Context(0, property) => tell_property(property, message),
                        Tag::Context(1, _) => {}
                        _ => break,
                    }
                }
            }
        }
        // DeviceCommunicationControl-Request and ReinitializeDevice-Request (clause 16.1 and 16.4): a password is
        // noticed, not read.
        service::DEVICE_COMMUNICATION_CONTROL => {
            tag::optional(body, 0, "timeDuration");
            tag::context(body, 1, "enable-disable")?;
            password(body, 2, message);
        }
        service::REINITIALIZE_DEVICE => {
            tag::context(body, 0, "reinitializedStateOfDevice")?;
            password(body, 1, message);
        }
        _ => {}
    }
    Ok(())
}

fn password(body: &mut Reader<'_>, number: u8, message: &mut Message) {
    // A character set, and one character at least.
    if tag::optional(body, number, "password").is_some_and(|password| password.len() > 1) {
        message.weak(Weakness::CleartextCredentials);
    }
}

fn unconfirmed(choice: u8, body: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    match choice {
        // I-Am-Request (clause 16.10).
        service::I_AM => {
            let device = tag::application(body, tag::OBJECT_IDENTIFIER, "iAmDeviceIdentifier")?;
            let max_apdu = tag::application(body, tag::UNSIGNED, "maxAPDULengthAccepted")?;
            tag::application(body, tag::ENUMERATED, "segmentationSupported")?;
            let vendor = tag::application(body, tag::UNSIGNED, "vendorID")?;
            tell_device(device, message);
            number(&MAX_APDU, max_apdu, message);
            number(&VENDOR_ID, vendor, message);
        }
        // I-Have-Request (clause 16.9).
        service::I_HAVE => {
            tell_device(tag::application(body, tag::OBJECT_IDENTIFIER, "deviceIdentifier")?, message);
            tell_object(tag::application(body, tag::OBJECT_IDENTIFIER, "objectIdentifier")?, message);
            let name = tag::application(body, tag::CHARACTER_STRING, "objectName")?;
            if let Some(name) = tag::text(name) {
                message.str(&OBJECT_NAME, name.as_str());
            }
        }
        // COVNotification-Request and EventNotification-Request (clause 13.7 and 13.9): who notifies, of which object.
        service::UNCONFIRMED_COV_NOTIFICATION | service::UNCONFIRMED_EVENT_NOTIFICATION => {
            tag::context(body, 0, "subscriberProcessIdentifier")?;
            tell_device(tag::context(body, 1, "initiatingDeviceIdentifier")?, message);
            tell_object(tag::context(body, 2, "monitoredObjectIdentifier")?, message);
        }
        // Who-Am-I-Request (addendum 135-2020cc): a device without a number asks for one.
        service::WHO_AM_I => {
            number(&VENDOR_ID, tag::application(body, tag::UNSIGNED, "vendorID")?, message);
            for field in [&MODEL_NAME, &SERIAL_NUMBER] {
                if let Some(text) = tag::text(tag::application(body, tag::CHARACTER_STRING, "modelName, serialNumber")?)
                {
                    message.str(field, text.as_str());
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// ReadProperty-ACK (clause 15.5.1.2).
fn read_property_answer(body: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    let object = tag::context(body, 0, "objectIdentifier")?;
    let property = tag::context(body, 1, "propertyIdentifier")?;
    tag::optional(body, 2, "propertyArrayIndex");
    tell_object(object, message);
    tell_property(property, message);
    tag::open(body, 3, "propertyValue")?;
    if Object::read(object).is_some_and(Object::is_device) {
        tell_device(object, message);
        tell_value(property, tag::next(body, "propertyValue")?, message);
    }
    Ok(())
}

/// ReadPropertyMultiple-ACK (clause 15.7.1.2): for each object a list of properties, each with a value or an error.
fn read_property_multiple_answer(body: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    for _ in 0..OBJECTS_MAX {
        if body.is_empty() {
            break;
        }
        let object = tag::context(body, 0, "objectIdentifier")?;
        tag::open(body, 1, "listOfResults")?;
        tell_object(object, message);
        let of_device = Object::read(object).is_some_and(Object::is_device);
        if of_device {
            tell_device(object, message);
        }
        for _ in 0..PROPERTIES_MAX {
            let property = match tag::next(body, "propertyIdentifier")? {
                Tag::Context(2, property) => property,
                _ => break,
            };
            tag::optional(body, 3, "propertyArrayIndex");
            tell_property(property, message);
            match tag::next(body, "propertyValue, propertyAccessError")? {
                Tag::Opening(4) if of_device => {
                    let mut value = *body;
                    tell_value(property, tag::next(&mut value, "propertyValue")?, message);
                }
                Tag::Opening(4 | 5) => {}
                _ => return Err(DecodeError::Malformed { field: "propertyValue", rule: "is a value or an error" }),
            }
            tag::close(body, "propertyValue, propertyAccessError")?;
        }
    }
    Ok(())
}

/// Error (clause 20.1.7): a class and a code, for some services inside a constructed value.
fn error(choice: u8, body: &mut Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    // Lists, creation, writing many and private transfer say more than that (clause 21, BACnet-Error).
    if matches!(choice, 8 | 9 | 10 | 16 | 18) {
        tag::open(body, 0, "errorType")?;
    }
    let class = tag::application(body, tag::ENUMERATED, "error-class")?;
    let code = tag::application(body, tag::ENUMERATED, "error-code")?;
    number(&ERROR_CLASS, class, message);
    number(&ERROR_CODE, code, message);
    Ok(())
}

/// Network numbers that a router leads to (clause 6.4.2).
pub(super) fn networks(body: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    for _ in 0..OBJECTS_MAX {
        if body.is_empty() {
            break;
        }
        message.number(&super::NETWORK, body.u16("network number")?);
    }
    Ok(())
}

fn tell_object(content: &[u8], message: &mut Message) {
    if let Some(object) = Object::read(content) {
        message.number(&OBJECT_TYPE, object.kind).number(&OBJECT_INSTANCE, object.instance);
    }
}

fn tell_device(content: &[u8], message: &mut Message) {
    if let Some(instance) = Object::read(content).and_then(Object::device_instance) {
        message.number(&DEVICE_INSTANCE, instance);
    }
}

fn tell_property(content: &[u8], message: &mut Message) {
    number(&PROPERTY, content, message);
}

fn number(field: &'static model::Field, content: &[u8], message: &mut Message) {
    if let Some(value) = tag::unsigned(content) {
        message.number(field, value);
    }
}

/// The value of one property of the device object (clause 12.11; numbers: clause 21, BACnetPropertyIdentifier).
fn tell_value(property: &[u8], value: Tag<'_>, message: &mut Message) {
    let Some(property) = tag::unsigned(property) else { return };
    match (property, value) {
        (62, Tag::Application(tag::UNSIGNED, content)) => number(&MAX_APDU, content, message),
        (120, Tag::Application(tag::UNSIGNED, content)) => number(&VENDOR_ID, content, message),
        (_, Tag::Application(tag::CHARACTER_STRING, content)) => {
            let field = match property {
                12 => &APPLICATION_SOFTWARE_VERSION,
                28 => &DESCRIPTION,
                44 => &FIRMWARE_REVISION,
                58 => &LOCATION,
                70 => &MODEL_NAME,
                77 => &OBJECT_NAME,
                121 => &VENDOR_NAME,
                372 => &SERIAL_NUMBER,
                _ => return,
            };
            if let Some(text) = tag::text(content) {
                message.str(field, text.as_str());
            }
        }
        _ => {}
    }
}
