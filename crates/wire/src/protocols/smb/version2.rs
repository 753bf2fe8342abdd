//! SMB 2 and 3 (MS-SMB2): negotiation and session setup.

use model::{Messages, Weakness};

use super::operation::Operation;
use super::session::{Connection, Unit};
use super::{DIALECT, GUEST, RESPONSE, SERVER_GUID, SIGNING_REQUIRED, SMB_VERSION, STATUS, ntlm};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// The header is so long (MS-SMB2 §2.2.1).
pub(super) const HEADER_BYTES: usize = 64;
/// A client offers at most so many dialects; five are defined.
const DIALECTS_MAX: usize = 16;

/// SMB2_FLAGS_SERVER_TO_REDIR (MS-SMB2 §2.2.1.2).
const FLAG_RESPONSE: u32 = 0x1;
/// SMB2_FLAGS_ASYNC_COMMAND: an interim answer, never signed.
const FLAG_ASYNC: u32 = 0x2;
/// SMB2_FLAGS_SIGNED.
const FLAG_SIGNED: u32 = 0x8;
/// SMB2_NEGOTIATE_SIGNING_ENABLED and SMB2_NEGOTIATE_SIGNING_REQUIRED (MS-SMB2 §2.2.4).
const SIGNING_ENABLED_BIT: u16 = 0x1;
const SIGNING_REQUIRED_BIT: u16 = 0x2;
/// SMB2_SESSION_FLAG_IS_GUEST and SMB2_SESSION_FLAG_IS_NULL (MS-SMB2 §2.2.6).
const SESSION_IS_GUEST: u16 = 0x1;
const SESSION_IS_NULL: u16 = 0x2;

/// Reads the header at the front (MS-SMB2 §2.2.1).
pub(super) fn unit(bytes: &[u8]) -> Option<Unit<'_>> {
    let mut reader = Reader::new(bytes.get(..HEADER_BYTES)?);
    reader.skip(8, "ProtocolId, StructureSize, CreditCharge").ok()?;
    let status = reader.u32_le("Status").ok()?;
    let command = reader.u16_le("Command").ok()?;
    reader.skip(2, "CreditRequest").ok()?;
    let flags = reader.u32_le("Flags").ok()?;
    Some(Unit {
        bytes,
        operation: Operation::of_version2(command)?,
        response: flags & FLAG_RESPONSE != 0,
        success: status == 0 && flags & FLAG_ASYNC == 0,
        signed: flags & FLAG_SIGNED != 0,
    })
}

/// Where the next message of a compound begins, counted from this header; zero in the last one (MS-SMB2 §2.2.1.2).
pub(super) fn next_command(bytes: &[u8]) -> u32 {
    bytes.get(20..24).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// SMB2 NEGOTIATE (MS-SMB2 §2.2.3 and §2.2.4).
pub(super) fn negotiate(
    connection: &mut Connection,
    unit: &Unit<'_>,
    messages: &mut Messages,
) -> Result<(), Truncated> {
    let mut reader = Reader::new(unit.bytes.get(HEADER_BYTES..).unwrap_or_default());
    if !unit.response {
        reader.skip(2, "StructureSize")?;
        let count = usize::from(reader.u16_le("DialectCount")?).min(DIALECTS_MAX);
        let security_mode = reader.u16_le("SecurityMode")?;
        reader.skip(30, "Reserved, Capabilities, ClientGuid, ClientStartTime")?;
        let mut dialects = reader.part(count.saturating_mul(2), "Dialects")?;
        let message = messages.begin("smb", "negotiate");
        message.flag(&RESPONSE, false);
        message.flag(&SIGNING_REQUIRED, security_mode & SIGNING_REQUIRED_BIT != 0);
        while let Ok(dialect) = dialects.u16_le("Dialect") {
            message.str(&DIALECT, dialect_name(dialect).as_str());
        }
        message.operated("negotiate");
        return Ok(());
    }
    if !unit.success {
        return Ok(());
    }
    reader.skip(2, "StructureSize")?;
    let security_mode = reader.u16_le("SecurityMode")?;
    let dialect = reader.u16_le("DialectRevision")?;
    reader.skip(2, "NegotiateContextCount")?;
    let guid: [u8; 16] = reader.array("ServerGuid")?;
    let required = security_mode & SIGNING_REQUIRED_BIT != 0;
    connection.signing_required = Some(required);

    let message = messages.begin("smb", "negotiate");
    message.flag(&RESPONSE, true);
    message.number(&SMB_VERSION, if dialect >= 0x0300 { 3_u32 } else { 2 });
    message.flag(&SIGNING_REQUIRED, required);
    message.str(&DIALECT, dialect_name(dialect).as_str());
    message.str(&SERVER_GUID, guid_text(guid).as_str());
    message.operated("negotiate");
    if security_mode & (SIGNING_REQUIRED_BIT | SIGNING_ENABLED_BIT) == 0 {
        message.weak(Weakness::SmbUnsigned);
        connection.signing_is_judged();
    }
    Ok(())
}

/// SMB2 SESSION_SETUP (MS-SMB2 §2.2.5 and §2.2.6).
pub(super) fn session_setup(unit: &Unit<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(unit.bytes.get(HEADER_BYTES..).unwrap_or_default());
    reader.skip(2, "StructureSize")?;
    let session_flags = if unit.response {
        Some(reader.u16_le("SessionFlags")?)
    } else {
        reader.skip(10, "Flags, SecurityMode, Capabilities, Channel")?;
        None
    };
    let start = usize::from(reader.u16_le("SecurityBufferOffset")?);
    let length = usize::from(reader.u16_le("SecurityBufferLength")?);
    let blob = unit.bytes.get(start..start.saturating_add(length)).unwrap_or_default();

    let message = messages.begin("smb", "session_setup");
    message.flag(&RESPONSE, unit.response).operated("session_setup");
    if let Some(flags) = session_flags {
        message.number(&STATUS, status(unit.bytes));
        if unit.success && flags & SESSION_IS_GUEST != 0 {
            message.flag(&GUEST, true);
        }
        if unit.success && flags & (SESSION_IS_GUEST | SESSION_IS_NULL) != 0 {
            message.weak(Weakness::AnonymousAccess);
        }
    }
    ntlm::decode(blob, messages);
    Ok(())
}

fn status(bytes: &[u8]) -> u32 {
    bytes.get(8..12).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// A dialect as people write it, `3.1.1`; `2.???` is the wildcard with which an SMB 1 negotiation is answered
/// (MS-SMB2 §2.2.4).
fn dialect_name(dialect: u16) -> StackText {
    let mut text = StackText::new();
    if dialect == 0x02ff {
        text.push_str("2.???");
        return text;
    }
    let [major, minor] = dialect.to_be_bytes();
    text.push_number(major).push('.').push_number(minor >> 4);
    if minor & 15 != 0 {
        text.push('.').push_number(minor & 15);
    }
    text
}

/// A GUID in its usual form (MS-DTYP §2.3.4.3): the first three groups are little-endian numbers.
pub(super) fn guid_text(guid: [u8; 16]) -> StackText {
    let [a0, a1, a2, a3, b0, b1, c0, c1, d0, d1, node @ ..] = guid;
    let mut text = StackText::new();
    text.push_hex(&[a3, a2, a1, a0]).push('-').push_hex(&[b1, b0]).push('-').push_hex(&[c1, c0]).push('-');
    text.push_hex(&[d0, d1]).push('-').push_hex(&node);
    text
}
