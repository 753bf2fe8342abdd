//! NetBIOS datagrams (RFC 1002 §4.4) with what computers announce of themselves in them (MS-BRWS).
//!
//! The comment of an announcement is free text and is never read; other mailslots are named by their sender alone.

use model::Messages;

use super::super::{DecodeError, Input};
use super::netbios::{self, Name};
use super::{CALLED_NAME, CALLING_NAME, OS_VERSION, PRIMARY_DOMAIN, SERVER_NAME, SERVER_TYPE};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// MSG_TYPE: direct to one, direct to a group, broadcast (RFC 1002 §4.4.1).
const DIRECT_UNIQUE: u8 = 0x10;
const BROADCAST: u8 = 0x12;
/// What stands before the names: type, flags, identifier, source, length, offset.
const HEADER_BYTES: usize = 14;
/// The mailslot of announcements (MS-BRWS §2.1).
const BROWSE: &[u8] = b"\\MAILSLOT\\BROWSE\0";

/// Whether bytes are a datagram: its length is that of the payload, and its source is a name in first-level encoding.
pub(super) fn is_datagram(bytes: &[u8]) -> bool {
    let Some([kind, flags, .., high, low, 0, 0]) = bytes.first_chunk::<HEADER_BYTES>() else { return false };
    let names = bytes.get(HEADER_BYTES..).unwrap_or_default();
    (DIRECT_UNIQUE..=BROADCAST).contains(kind)
        && flags & 0xf0 == 0
        && usize::from(u16::from_be_bytes([*high, *low])) == names.len()
        && names.len() >= 33
        && netbios::is_name(names)
}

pub(super) fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    if !is_datagram(input.bytes) {
        return Err(DecodeError::Malformed { field: "MSG_TYPE", rule: "opens a datagram with a name" });
    }
    let mut reader = Reader::new(input.bytes);
    reader.skip(HEADER_BYTES, "header")?;
    let source = netbios::name(&mut reader)?;
    let destination = netbios::name(&mut reader)?;
    if let Ok(Some(announcement)) = announcement(reader.rest()) {
        return tell(announcement, &destination, messages);
    }
    let message = messages.begin("smb", "datagram");
    source.tell(&CALLING_NAME, message);
    destination.tell(&CALLED_NAME, message);
    message.operated("datagram");
    Ok(())
}

/// What a write to the mailslot of announcements holds (MS-BRWS §2.1, MS-CIFS §2.2.4.33.1); `None` for other contents.
fn announcement(bytes: &[u8]) -> Result<Option<Reader<'_>>, Truncated> {
    let mut reader = Reader::new(bytes);
    // SMB_COM_TRANSACTION with 17 words.
    let head: [u8; 5] = reader.array("Protocol, Command")?;
    reader.skip(27, "header")?;
    if head != *b"\xffSMB\x25" || reader.u8("WordCount")? != 17 {
        return Ok(None);
    }
    reader.skip(22, "TotalParameterCount … ParameterOffset")?;
    let length = usize::from(reader.u16_le("DataCount")?);
    let offset = usize::from(reader.u16_le("DataOffset")?);
    reader.skip(8, "SetupCount, Setup")?;
    reader.skip(2, "ByteCount")?;
    if !reader.rest().get(..BROWSE.len()).is_some_and(|name| name.eq_ignore_ascii_case(BROWSE)) {
        return Ok(None);
    }
    Ok(bytes.get(offset..offset.saturating_add(length)).map(Reader::new))
}

/// HostAnnouncement, LocalMasterAnnouncement and DomainAnnouncement (MS-BRWS §2.2.1, §2.2.6, §2.2.7).
fn tell(mut frame: Reader<'_>, destination: &Name, messages: &mut Messages) -> Result<(), DecodeError> {
    let kind = match frame.u8("Command")? {
        0x01 => "host_announcement",
        0x0c => "domain_announcement",
        0x0f => "local_master_announcement",
        _ => {
            messages.begin("smb", "browser").operated("browser");
            return Ok(());
        }
    };
    frame.skip(5, "UpdateCount, Periodicity")?;
    let name: [u8; 16] = frame.array("ServerName, MachineGroup")?;
    let version: [u8; 2] = frame.array("OSVersionMajor, OSVersionMinor")?;
    let server_type = frame.u32_le("ServerType")?;
    frame.skip(4, "BrowserVersion, Signature")?;

    let message = messages.begin("smb", kind);
    message.operated(kind);
    if kind == "domain_announcement" {
        // The name is the group's, and the computer's stands where others write their comment. The version is that of
        // the browser service.
        message.bytes(&PRIMARY_DOMAIN, until_nul(&name));
        message.bytes(&SERVER_NAME, until_nul(frame.take_up_to(name.len())));
        return Ok(());
    }
    let [major, minor] = version;
    let mut text = StackText::new();
    text.push_number(major).push('.').push_number(minor);
    message.bytes(&SERVER_NAME, until_nul(&name)).str(&OS_VERSION, text.as_str());
    message.number(&SERVER_TYPE, server_type);
    // Announcements go to the group of the announcer (MS-BRWS §2.1.1.1).
    destination.tell(&PRIMARY_DOMAIN, message);
    Ok(())
}

fn until_nul(name: &[u8]) -> &[u8] {
    let length = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    name.get(..length).unwrap_or(name)
}
