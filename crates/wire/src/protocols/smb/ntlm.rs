//! NTLM messages (MS-NLMP §2.2.1), raw or inside SPNEGO: the version and the names that both stations tell.
//!
//! The user name, the challenge and the responses are never read.

use model::{Messages, Weakness};

use super::{
    DNS_COMPUTER, DNS_DOMAIN, DNS_TREE, DOMAIN, MESSAGE_TYPE, NB_COMPUTER, NB_DOMAIN, OS_VERSION, TARGET_NAME,
    WORKSTATION,
};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

const SIGNATURE: &[u8] = b"NTLMSSP\0";
/// The message stands within the first bytes of a SPNEGO token; a longer token is a Kerberos ticket.
const SEARCH_BYTES_MAX: usize = 2_048;
/// MS-NLMP defines ten kinds of pairs, each used at most once.
const PAIRS_MAX: usize = 16;

/// NTLMSSP_NEGOTIATE_UNICODE (MS-NLMP §2.2.2.5).
const UNICODE: u32 = 0x0000_0001;
/// NTLMSSP_NEGOTIATE_VERSION: the VERSION structure is filled.
const VERSION: u32 = 0x0200_0000;
/// NTLMv1 responses have this length, with and without extended session security; those of NTLMv2 are longer
/// (MS-NLMP §2.2.2.6 and §2.2.2.8).
pub(super) const NTLM1_RESPONSE_BYTES: u16 = 24;

/// Where the VERSION structure of each message ends (MS-NLMP §2.2.1).
const NEGOTIATE_VERSION_END: u32 = 40;
const CHALLENGE_VERSION_END: u32 = 56;
const AUTHENTICATE_VERSION_END: u32 = 72;

/// Where a variable part stands (MS-NLMP §2.2.1, the `Fields` structures).
#[derive(Clone, Copy)]
struct Part {
    length: u16,
    offset: u32,
}

impl Part {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let length = reader.u16_le("Len")?;
        reader.skip(2, "MaxLen")?;
        Ok(Self { length, offset: reader.u32_le("BufferOffset")? })
    }

    fn of<'a>(&self, message: &'a [u8]) -> &'a [u8] {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        message.get(start..start.saturating_add(usize::from(self.length))).unwrap_or_default()
    }

    fn text(&self, message: &[u8], flags: u32) -> StackText {
        let bytes = self.of(message);
        // OEM text is in the station's own code page; only its ASCII part reads the same everywhere.
        if flags & UNICODE == 0 { StackText::from_latin1(bytes) } else { StackText::from_utf16_le(bytes) }
    }
}

/// Looks for an NTLM message in a security blob and tells what it says.
pub(super) fn decode(blob: &[u8], messages: &mut Messages) {
    let searched = blob.get(..SEARCH_BYTES_MAX).unwrap_or(blob);
    let Some(start) = searched.windows(SIGNATURE.len()).position(|window| window == SIGNATURE) else { return };
    let message = blob.get(start..).unwrap_or_default();
    let mut reader = Reader::new(message);
    // A message that ends early is not begun: there is nothing to undo.
    let _ =
        reader.skip(SIGNATURE.len(), "Signature").and_then(|()| reader.u32_le("MessageType")).and_then(
            |kind| match kind {
                1 => negotiate(reader, messages),
                2 => challenge(message, reader, messages),
                3 => authenticate(message, reader, messages),
                _ => Ok(()),
            },
        );
}

/// NEGOTIATE_MESSAGE (MS-NLMP §2.2.1.1). Its OEM names are left out: those of the third message are better.
fn negotiate(mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let flags = reader.u32_le("NegotiateFlags")?;
    // Old clients end here.
    let names = Part::read(&mut reader).and_then(|domain| Ok([domain, Part::read(&mut reader)?]));
    let version = names.ok().and_then(|names| version(flags, &names, NEGOTIATE_VERSION_END, &mut reader));
    let message = messages.begin("smb", "ntlmssp");
    message.number(&MESSAGE_TYPE, 1_u32);
    if let Some(version) = version {
        message.str(&OS_VERSION, version.as_str());
    }
    Ok(())
}

/// CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2): the server's names.
fn challenge(bytes: &[u8], mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let target_name = Part::read(&mut reader)?;
    let flags = reader.u32_le("NegotiateFlags")?;
    reader.skip(16, "ServerChallenge, Reserved")?;
    // Old servers end here.
    let target_info = Part::read(&mut reader).unwrap_or(Part { length: 0, offset: 0 });
    let version = version(flags, &[target_name, target_info], CHALLENGE_VERSION_END, &mut reader);

    let message = messages.begin("smb", "ntlmssp");
    message.number(&MESSAGE_TYPE, 2_u32);
    message.str(&TARGET_NAME, target_name.text(bytes, flags).as_str());
    if let Some(version) = version {
        message.str(&OS_VERSION, version.as_str());
    }
    // AV_PAIR (MS-NLMP §2.2.2.1): always Unicode.
    let mut pairs = Reader::new(target_info.of(bytes));
    for _ in 0..PAIRS_MAX {
        let (Ok(kind), Ok(length)) = (pairs.u16_le("AvId"), pairs.u16_le("AvLen")) else { break };
        let Ok(value) = pairs.take(usize::from(length), "Value") else { break };
        let field = match kind {
            0 => break,
            1 => &NB_COMPUTER,
            2 => &NB_DOMAIN,
            3 => &DNS_COMPUTER,
            4 => &DNS_DOMAIN,
            5 => &DNS_TREE,
            _ => continue,
        };
        message.str(field, StackText::from_utf16_le(value).as_str());
    }
    Ok(())
}

/// AUTHENTICATE_MESSAGE (MS-NLMP §2.2.1.3): the client's names, without its user's.
fn authenticate(bytes: &[u8], mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let lan_manager = Part::read(&mut reader)?;
    let response = Part::read(&mut reader)?;
    let domain = Part::read(&mut reader)?;
    // Where it stands, not what it says.
    let user = Part::read(&mut reader)?;
    let workstation = Part::read(&mut reader)?;
    // Clients older than Windows NT 4 SP4 end here, and speak OEM text.
    let flags = reader.skip(8, "EncryptedRandomSessionKeyFields").and_then(|()| reader.u32_le("NegotiateFlags"));
    let flags = flags.unwrap_or(0);
    let parts = [lan_manager, response, domain, user, workstation];
    let version = version(flags, &parts, AUTHENTICATE_VERSION_END, &mut reader);

    let message = messages.begin("smb", "ntlmssp");
    message.number(&MESSAGE_TYPE, 3_u32);
    message.str(&DOMAIN, domain.text(bytes, flags).as_str());
    message.str(&WORKSTATION, workstation.text(bytes, flags).as_str());
    if let Some(version) = version {
        message.str(&OS_VERSION, version.as_str());
    }
    if response.length == NTLM1_RESPONSE_BYTES {
        message.weak(Weakness::NtlmVersion1);
    }
    Ok(())
}

/// VERSION (MS-NLMP §2.2.2.10) as Windows writes it, `10.0.17763`. Old clients set its flag without knowing it, and let
/// the variable parts begin in its place.
fn version(flags: u32, parts: &[Part], end: u32, reader: &mut Reader<'_>) -> Option<StackText> {
    let (major, minor) = (reader.u8("ProductMajorVersion").ok()?, reader.u8("ProductMinorVersion").ok()?);
    let build = reader.u16_le("ProductBuild").ok()?;
    let is_overwritten = parts.iter().any(|part| part.length > 0 && part.offset < end);
    if flags & VERSION == 0 || is_overwritten || (major, minor, build) == (0, 0, 0) {
        return None;
    }
    let mut text = StackText::new();
    text.push_number(major).push('.').push_number(minor).push('.').push_number(build);
    Some(text)
}
