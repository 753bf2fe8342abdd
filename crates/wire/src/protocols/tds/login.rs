//! LOGIN7 ([MS-TDS] §2.2.6.4) and LOGINACK (§2.2.7.14).

use model::{Messages, Weakness};

use super::prelogin::version_text;
use super::{APPLICATION, CLIENT_NAME, DATABASE, INTEGRATED, LIBRARY, PROGRAM, SERVER_NAME, TDS_VERSION, VERSION};
use crate::program_name;
use crate::protocols::DecodeError;
use crate::reader::Reader;
use crate::stack_text::StackText;

/// Databases that every server has.
static DATABASES: &[&str] = &["master", "model", "msdb", "tempdb"];
/// How many tokens of the answer are passed over before the one that is told.
const TOKENS_MAX: usize = 64;

/// The name of a protocol's version ([MS-TDS] §2.2.7.14, TDSVersion), by its highest byte.
pub(super) const fn version_name(version: u32) -> Option<&'static str> {
    match version >> 24 {
        0x70 => Some("7.0"),
        0x71 => Some("7.1"),
        0x72 => Some("7.2"),
        0x73 => Some("7.3"),
        0x74 => Some("7.4"),
        _ => None,
    }
}

/// A sign-in that crosses readable: passwords are only turned about in it.
pub(super) fn tell(payload: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(payload);
    reader.skip(4, "Length")?;
    let version = reader.u32_le("TDSVersion")?;
    reader.skip(17, "PacketSize to OptionFlags1")?;
    let is_integrated = reader.u8("OptionFlags2")? & 0x80 != 0;
    reader.skip(10, "TypeFlags to ClientLCID")?;
    let mut text = || -> Result<StackText, DecodeError> {
        let (offset, length) = (reader.u16_le("ib")?, reader.u16_le("cch")?);
        let mut data = Reader::new(payload);
        data.skip(usize::from(offset), "ib")?;
        Ok(StackText::from_utf16_le(data.take(usize::from(length).saturating_mul(2), "text")?))
    };
    let client = text()?;
    let _user = text()?;
    let has_password = !text()?.as_str().is_empty();
    let (application, server) = (text()?, text()?);
    let _extension = text();
    let (library, _language, database) = (text()?, text()?, text()?);

    let message = messages.begin("tds", "login");
    message.str(&TDS_VERSION, version_name(version).unwrap_or_default()).str(&CLIENT_NAME, client.as_str());
    message.bytes(&APPLICATION, program_name::told(application.as_str()).as_bytes());
    message.str(&SERVER_NAME, server.as_str());
    message.bytes(&LIBRARY, program_name::told(library.as_str()).as_bytes());
    let database = DATABASES.iter().find(|known| known.eq_ignore_ascii_case(database.as_str()));
    message.str(&DATABASE, database.copied().unwrap_or_default());
    message.flag(&INTEGRATED, is_integrated).operated("login");
    if has_password && !is_integrated {
        message.weak(Weakness::CleartextCredentials);
    }
    Ok(())
}

const ERROR: u8 = 0xaa;
const INFO: u8 = 0xab;
const LOGINACK: u8 = 0xad;
const ENVCHANGE: u8 = 0xe3;
const SSPI: u8 = 0xed;

/// What answers a sign-in. Texts of errors and changes of settings are passed over.
pub(super) fn tell_answer(payload: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(payload);
    for _ in 0..TOKENS_MAX {
        let token = reader.u8("token")?;
        if !matches!(token, ERROR | INFO | LOGINACK | ENVCHANGE | SSPI) {
            break;
        }
        let length = reader.u16_le("Length")?;
        let mut data = reader.part(usize::from(length), "token data")?;
        if token == LOGINACK {
            data.skip(1, "Interface")?;
            let version = data.u32("TDSVersion")?;
            let name_length = data.u8("ProgName length")?;
            let name = StackText::from_utf16_le(data.take(usize::from(name_length).saturating_mul(2), "ProgName")?);
            let number = (data.u8("MajorVer")?, data.u8("MinorVer")?, data.u16("BuildNum")?);
            let message = messages.begin("tds", "login_acknowledgement");
            message.str(&TDS_VERSION, version_name(version).unwrap_or_default());
            message.bytes(&PROGRAM, program_name::told(name.as_str()).as_bytes());
            message.str(&VERSION, version_text(number).as_str()).weak(Weakness::CleartextDatabase);
            break;
        }
    }
    Ok(())
}
