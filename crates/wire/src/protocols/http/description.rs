//! Descriptions of devices in XML: who made the device and what it calls itself (UPnP Device Architecture 2.0 §2.3, and
//! what SOAP services answer to the same question).
//!
//! Embedded devices are left out: they are parts of the root device, not devices on the network.

use model::{Field, Message, Messages};

use super::{
    DEVICE_TYPE, FIRMWARE_VERSION, FRIENDLY_NAME, MANUFACTURER, MODEL_DESCRIPTION, MODEL_NAME, MODEL_NUMBER,
    SERIAL_NUMBER, UDN,
};
use crate::xml::{LEAF_BYTES_MAX, Node, Xml};

/// The elements of `device` that are told.
static LEAVES: [(&[u8], &Field); 8] = [
    (b"deviceType", &DEVICE_TYPE),
    (b"friendlyName", &FRIENDLY_NAME),
    (b"manufacturer", &MANUFACTURER),
    (b"modelName", &MODEL_NAME),
    (b"modelNumber", &MODEL_NUMBER),
    (b"modelDescription", &MODEL_DESCRIPTION),
    (b"serialNumber", &SERIAL_NUMBER),
    (b"UDN", &UDN),
];

/// The depth of `root/device` and of its leaves.
const DEVICE_DEPTH: usize = 2;
const LEAF_DEPTH: usize = 3;

/// An element's name, and the elements within it that are told as fields.
type Answer = (&'static [u8], &'static [(&'static [u8], &'static Field)]);

/// Answers in SOAP that hold the same: ONVIF's (Device Management Service Specification,
/// `GetDeviceInformation`, cameras) and the Home Network Administration Protocol's (`GetDeviceSettings`,
/// routers and household devices).
static ANSWERS: [Answer; 2] = [
    (
        b"GetDeviceInformationResponse",
        &[
            (b"Manufacturer", &MANUFACTURER),
            (b"Model", &MODEL_NAME),
            (b"FirmwareVersion", &FIRMWARE_VERSION),
            (b"SerialNumber", &SERIAL_NUMBER),
        ],
    ),
    (
        b"GetDeviceSettingsResponse",
        &[
            (b"DeviceName", &FRIENDLY_NAME),
            (b"VendorName", &MANUFACTURER),
            (b"ModelDescription", &MODEL_DESCRIPTION),
            (b"ModelName", &MODEL_NAME),
            (b"FirmwareVersion", &FIRMWARE_VERSION),
        ],
    ),
];

/// Begins a message for the description. Returns whether it is one.
pub(super) fn read(document: &[u8], messages: &mut Messages) -> bool {
    let mut xml = Xml::new(document);
    let is_upnp = match xml.read() {
        Some(Node::Open(tag)) if tag.local_name() == b"root" => true,
        Some(Node::Open(tag)) if tag.local_name() == b"Envelope" => false,
        _ => return false,
    };
    let message = messages.begin("http", "description");
    if is_upnp {
        device(&mut xml, message);
    } else {
        answer(&mut xml, message);
    }
    let is_told = message.fields().next().is_some();
    if !is_told {
        messages.discard_last();
    }
    is_told
}

/// Adds the leaves of the first answer that is known.
fn answer(xml: &mut Xml<'_>, message: &mut Message) {
    let mut leaves: &[(&[u8], &'static Field)] = &[];
    // Below the answer.
    let mut depth = 0_usize;
    let mut leaf: Option<&'static Field> = None;
    while let Some(node) = xml.read() {
        match node {
            Node::Open(tag) if leaves.is_empty() => {
                let known = ANSWERS.iter().find(|(name, _)| *name == tag.local_name());
                leaves = known.map_or(&[], |(_, leaves)| leaves);
            }
            Node::Open(tag) => {
                depth = depth.saturating_add(1);
                let known = if depth == 1 { leaves.iter().find(|(name, _)| *name == tag.local_name()) } else { None };
                leaf = known.map(|(_, field)| *field);
            }
            Node::Close if leaves.is_empty() => {}
            Node::Close if depth == 0 => break,
            Node::Close => {
                if let Some(field) = leaf.take() {
                    message.bytes(field, xml.text());
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
}

/// Adds the leaves of the first `device` below the root.
fn device(xml: &mut Xml<'_>, message: &mut Message) {
    let (mut depth, mut in_device) = (1_usize, false);
    let mut leaf: Option<&'static Field> = None;
    while let Some(node) = xml.read() {
        match node {
            Node::Open(tag) => {
                depth = depth.saturating_add(1);
                let name = tag.local_name();
                if depth == DEVICE_DEPTH {
                    in_device = name == b"device";
                } else if depth == LEAF_DEPTH && in_device {
                    leaf = LEAVES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
                }
            }
            Node::Close => {
                if depth == LEAF_DEPTH
                    && let Some(field) = leaf.take()
                    && xml.text().len() < LEAF_BYTES_MAX
                {
                    message.bytes(field, xml.text());
                }
                // The root device is the first.
                if depth == DEVICE_DEPTH && in_device {
                    break;
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
}
