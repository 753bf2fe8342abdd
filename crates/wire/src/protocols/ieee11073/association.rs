//! Association (20601 §7.3, annex A.8): who asks, and what is agreed.

use model::{Message, Messages};

use super::{DEV_CONFIG_ID, RESULT, ROLE, SYSTEM_ID};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// `data-proto-id-20601`.
pub(super) const PROTOCOL: u16 = 20_601;
/// How many protocols of a request are looked at.
const PROTOCOLS_MAX: u16 = 16;

/// An association request: the first protocol that is 20601.
pub(super) fn request(body: &[u8], messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(body);
    reader.skip(4, "assoc-version")?;
    let count = reader.u16("data-proto-list.count")?.min(PROTOCOLS_MAX);
    reader.skip(2, "data-proto-list.length")?;
    for _ in 0..count {
        let protocol = reader.u16("data-proto-id")?;
        let length = reader.u16("data-proto-info.length")?;
        let information = reader.part(usize::from(length), "data-proto-info")?;
        if protocol == PROTOCOL {
            let information = Information::read(information)?;
            information.tell(messages.begin("ieee11073", "association_request").operated("association"));
            break;
        }
    }
    Ok(())
}

/// The answer: a result, and what was chosen.
pub(super) fn response(body: &[u8], messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(body);
    let result = match reader.u16("result")? {
        0 => "accepted",
        1 => "rejected_permanent",
        2 => "rejected_transient",
        3 => "accepted_unknown_config",
        4 => "rejected_no_common_protocol",
        5 => "rejected_no_common_parameter",
        6 => "rejected_unknown",
        7 => "rejected_unauthorized",
        8 => "rejected_unsupported_assoc_version",
        _ => "other",
    };
    let protocol = reader.u16("data-proto-id")?;
    let length = reader.u16("data-proto-info.length")?;
    let information = Information::read(reader.part(usize::from(length), "data-proto-info")?);
    let message = messages.begin("ieee11073", "association_response");
    message.str(&RESULT, result).operated("association");
    if let Some(information) = information.ok().filter(|_| protocol == PROTOCOL) {
        information.tell(message);
    }
    Ok(())
}

/// `PhdAssociationInformation`, as far as it is told.
struct Information<'a> {
    system_type: u32,
    system_id: &'a [u8],
    dev_config_id: u16,
}

impl<'a> Information<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, Truncated> {
        reader.skip(14, "protocol-version to functional-units")?;
        let system_type = reader.u32("system-type")?;
        let length = reader.u16("system-id.length")?;
        let system_id = reader.take(usize::from(length), "system-id")?;
        Ok(Self { system_type, system_id, dev_config_id: reader.u16("dev-config-id")? })
    }

    fn tell(&self, message: &mut Message) {
        const MANAGER: u32 = 0x8000_0000;
        const AGENT: u32 = 0x0080_0000;
        let is_agent = self.system_type == AGENT;
        message.str(
            &ROLE,
            match self.system_type {
                MANAGER => "manager",
                AGENT => "agent",
                _ => "",
            },
        );
        tell_system_id(self.system_id, message);
        if is_agent {
            message.number(&DEV_CONFIG_ID, self.dev_config_id);
        }
    }
}

/// An EUI-64; what is longer or shorter is none. One gateway may speak for several agents.
pub(super) fn tell_system_id(identifier: &[u8], message: &mut Message) {
    if let Ok(identifier) = <&[u8; 8]>::try_from(identifier) {
        let mut text = StackText::new();
        text.push_hex(identifier);
        message.str(&SYSTEM_ID, text.as_str()).self_or_behind(text.as_str());
    }
}
