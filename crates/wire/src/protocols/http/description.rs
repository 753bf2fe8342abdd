//! A device description (UPnP Device Architecture 2.0 §2.3): who made the root device and what it calls itself.
//!
//! Embedded devices are left out: they are parts of the root device, not devices on the network.

use model::{Field, Message, Messages};

use super::{
    DEVICE_TYPE, FRIENDLY_NAME, MANUFACTURER, MODEL_DESCRIPTION, MODEL_NAME, MODEL_NUMBER, SERIAL_NUMBER, UDN,
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

/// Begins a message for the description. Returns whether it is one.
pub(super) fn read(document: &[u8], messages: &mut Messages) -> bool {
    let mut xml = Xml::new(document);
    match xml.read() {
        Some(Node::Open(tag)) if tag.local_name() == b"root" => {}
        _ => return false,
    }
    let message = messages.begin("http", "description");
    let is_told = device(&mut xml, message);
    if !is_told {
        messages.discard_last();
    }
    is_told
}

/// Adds the leaves of the first `device` below the root. Returns whether there was any.
fn device(xml: &mut Xml<'_>, message: &mut Message) -> bool {
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
    message.fields().next().is_some()
}
