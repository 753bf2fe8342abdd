//! Messages of the Common Industrial Protocol (The CIP Networks Library, volume 1 §2-4): services of objects.

use std::collections::VecDeque;
use std::fmt::Write as _;

use model::{Message, Messages, Weakness};

use super::identity::{self, Identity};
use super::{ATTRIBUTE, CLASS, GENERAL_STATUS, INSTANCE, SERVICE};
use crate::line::Line;
use crate::reader::{Reader, Truncated};

/// Set in the service of an answer.
const ANSWER: u8 = 0x80;
/// The classes that are looked into (volume 1 §5-1).
const IDENTITY: u32 = 0x01;
const CONNECTION_MANAGER: u32 = 0x06;
/// Services of the Connection Manager (volume 1 §3-5.5).
const UNCONNECTED_SEND: u8 = 0x52;

const GET_ATTRIBUTES_ALL: u8 = 0x01;
const GET_ATTRIBUTE_LIST: u8 = 0x03;
const GET_ATTRIBUTE_SINGLE: u8 = 0x0e;

/// Requests without an answer that are kept.
const REQUESTS_MAX: usize = 16;
/// Attributes of one list that are read.
const ATTRIBUTES_MAX: u16 = 16;

/// What was asked for and is not answered yet.
#[derive(Default)]
pub(super) struct Requests(VecDeque<(u64, Request)>);

impl Requests {
    fn keep(&mut self, key: u64, request: Request) {
        if self.0.len() >= REQUESTS_MAX {
            self.0.pop_front();
        }
        self.0.push_back((key, request));
    }

    /// The latest request of that key and service.
    fn take(&mut self, key: u64, service: u8) -> Option<Request> {
        let place = self.0.iter().rposition(|(of, request)| *of == key && request.service == service)?;
        self.0.remove(place).map(|(_, request)| request)
    }
}

/// What a request asks, and of whom.
#[derive(Clone, Copy, Default)]
struct Request {
    service: u8,
    class: Option<u32>,
    instance: Option<u32>,
    attribute: Option<u32>,
    /// Names a tag.
    is_symbolic: bool,
    /// Goes on to another module, through the one that is asked.
    is_routed: bool,
}

/// One message: a request or an answer.
pub(super) fn message(
    requests: &mut Requests,
    key: u64,
    mut reader: Reader<'_>,
    messages: &mut Messages,
) -> Result<(), Truncated> {
    let service = reader.u8("Service")?;
    if service & ANSWER != 0 {
        let request = requests.take(key, service & !ANSWER);
        return answer(service & !ANSWER, request, reader, messages);
    }
    let mut request = request(service, &mut reader)?;
    if request.service == UNCONNECTED_SEND && request.class == Some(CONNECTION_MANAGER) {
        reader.skip(2, "Priority/Time_tick, Time-out_ticks")?;
        let length = usize::from(reader.u16_le("Message Request Size")?);
        let mut inner = reader.part(length, "Message Request")?;
        let service = inner.u8("Service")?;
        request = Request { is_routed: true, ..self::request(service, &mut inner)? };
    }
    let message = messages.begin("enip", "request");
    message.number(&SERVICE, request.service);
    tell_path(&request, message);
    message.operated(operation(&request));
    requests.keep(key, request);
    Ok(())
}

fn tell_path(request: &Request, message: &mut Message) {
    for (field, value) in [(&CLASS, request.class), (&INSTANCE, request.instance), (&ATTRIBUTE, request.attribute)] {
        if let Some(value) = value {
            message.number(field, value);
        }
    }
}

/// Service and path (volume 1 §2-4.1, appendix C-1.4).
fn request(service: u8, reader: &mut Reader<'_>) -> Result<Request, Truncated> {
    let words = usize::from(reader.u8("Request_Path_Size")?);
    let mut path = reader.part(words.saturating_mul(2), "Request_Path")?;
    let mut request = Request { service, ..Request::default() };
    // What cannot be read of a path names nothing.
    while let Ok(segment) = path.u8("segment") {
        let place = match segment & 0xfc {
            0x20 => &mut request.class,
            0x24 => &mut request.instance,
            0x30 => &mut request.attribute,
            _ => {
                request.is_symbolic = segment == 0x91;
                break;
            }
        };
        *place = Some(match segment & 3 {
            0 => path.u8("segment value")?.into(),
            1 => {
                path.skip(1, "pad")?;
                path.u16_le("segment value")?.into()
            }
            2 => {
                path.skip(1, "pad")?;
                path.u32_le("segment value")?
            }
            _ => break,
        });
    }
    Ok(request)
}

/// An answer (volume 1 §2-4.2).
fn answer(
    service: u8,
    request: Option<Request>,
    mut reader: Reader<'_>,
    messages: &mut Messages,
) -> Result<(), Truncated> {
    reader.skip(1, "reserved")?;
    let status = reader.u8("General Status")?;
    let words = usize::from(reader.u8("Size of Additional Status")?);
    reader.skip(words.saturating_mul(2), "Additional Status")?;
    let asked = request.unwrap_or(Request { service, ..Request::default() });
    let is_identity = status == 0 && asked.class == Some(IDENTITY) && asked.instance == Some(1);
    let message = messages.begin("enip", if is_identity { "identity" } else { "response" });
    message.number(&SERVICE, service);
    tell_path(&asked, message);
    message.number(&GENERAL_STATUS, status);
    // Without its request, an answer does not say what a service of a class means.
    if request.is_some() {
        message.operated(operation(&asked));
        if status == 0 && is_write(&asked) {
            message.weak(Weakness::UnauthenticatedControl);
        }
    }
    if is_identity {
        let _ = identify(&asked, reader, message);
    }
    Ok(())
}

/// What an answer says of the Identity object. A module behind the one that answers is told apart by its serial number.
fn identify(asked: &Request, mut reader: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match asked.service {
        GET_ATTRIBUTES_ALL => {
            let object = Identity::read(&mut reader)?;
            object.tell(message);
            let mut line = Line::new();
            if asked.is_routed && write!(line, "{:08x}", object.serial).is_ok() {
                message.behind(std::str::from_utf8(line.as_bytes()).unwrap_or_default());
            }
        }
        // One attribute does not say which module it is of.
        _ if asked.is_routed => {}
        GET_ATTRIBUTE_SINGLE => {
            let number = asked.attribute.and_then(|number| u16::try_from(number).ok()).unwrap_or(0);
            identity::attribute(number, &mut reader, message)?;
        }
        GET_ATTRIBUTE_LIST => {
            for _ in 0..reader.u16_le("Number of attributes")?.min(ATTRIBUTES_MAX) {
                let number = reader.u16_le("Attribute ID")?;
                if reader.u16_le("Attribute status")? != 0 {
                    continue;
                }
                if identity::attribute(number, &mut reader, message)?.is_none() {
                    break;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// The services that change what a device does or holds.
fn is_write(request: &Request) -> bool {
    matches!(
        operation(request),
        "set_attributes_all"
            | "set_attribute_list"
            | "set_attribute_single"
            | "reset"
            | "start"
            | "stop"
            | "create"
            | "delete"
            | "apply_attributes"
            | "restore"
            | "write_tag"
            | "write_tag_fragmented"
            | "read_modify_write_tag"
    )
}

/// The services' names: those of all objects (volume 1 appendix A), of the Connection Manager (§3-5.5), and of tags (Rockwell
/// Automation publication 1756-PM020).
fn operation(request: &Request) -> &'static str {
    let of_connections = request.class == Some(CONNECTION_MANAGER);
    let of_tags = request.is_symbolic || matches!(request.class, Some(0x6b | 0x6c));
    match request.service {
        GET_ATTRIBUTES_ALL => "get_attributes_all",
        0x02 => "set_attributes_all",
        GET_ATTRIBUTE_LIST => "get_attribute_list",
        0x04 => "set_attribute_list",
        0x05 => "reset",
        0x06 => "start",
        0x07 => "stop",
        0x08 => "create",
        0x09 => "delete",
        0x0a => "multiple_service_packet",
        0x0d => "apply_attributes",
        GET_ATTRIBUTE_SINGLE => "get_attribute_single",
        0x10 => "set_attribute_single",
        0x11 => "find_next_object_instance",
        0x15 => "restore",
        0x16 => "save",
        0x18 => "get_member",
        0x19 => "set_member",
        0x4e if of_connections => "forward_close",
        UNCONNECTED_SEND if of_connections => "unconnected_send",
        0x54 if of_connections => "forward_open",
        0x5b if of_connections => "large_forward_open",
        0x4b if request.class == Some(0x67) => "execute_pccc",
        0x4c if of_tags => "read_tag",
        0x4d if of_tags => "write_tag",
        0x4e if of_tags => "read_modify_write_tag",
        0x52 if of_tags => "read_tag_fragmented",
        0x53 if of_tags => "write_tag_fragmented",
        0x55 if of_tags => "get_instance_attribute_list",
        _ => "other",
    }
}
