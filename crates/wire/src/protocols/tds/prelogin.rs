//! PRELOGIN and its answer ([MS-TDS] §2.2.6.5): a table of options, their data behind it.

use model::{Messages, Weakness};

use super::{ENCRYPTION, VERSION};
use crate::protocols::DecodeError;
use crate::reader::Reader;
use crate::stack_text::StackText;

/// Takes six bytes: major, minor, build, sub-build.
const OPTION_VERSION: u8 = 0;
const OPTION_ENCRYPTION: u8 = 1;
const TERMINATOR: u8 = 0xff;
/// How many options are read; nine are defined.
const OPTIONS_MAX: usize = 32;

/// Whether a payload begins with the option that must come first.
pub(super) fn is_prelogin(payload: &[u8]) -> bool {
    match payload {
        [OPTION_VERSION, high, low, 0, 6, ..] => {
            let offset = usize::from(u16::from_be_bytes([*high, *low]));
            (6..=OPTIONS_MAX.saturating_mul(5)).contains(&offset)
        }
        _ => false,
    }
}

/// Tells the message of a client or, where `from_server`, the answer.
pub(super) fn tell(payload: &[u8], from_server: bool, messages: &mut Messages) -> Result<(), DecodeError> {
    let (mut version, mut encryption) = (None, None);
    let mut table = Reader::new(payload);
    for _ in 0..OPTIONS_MAX {
        let token = table.u8("PL_OPTION_TOKEN")?;
        if token == TERMINATOR {
            break;
        }
        let (offset, length) = (table.u16("PL_OFFSET")?, table.u16("PL_OPTION_LENGTH")?);
        let mut data = Reader::new(payload);
        data.skip(usize::from(offset), "PL_OFFSET")?;
        let mut data = data.part(usize::from(length), "PL_OPTION_DATA")?;
        match token {
            OPTION_VERSION => version = Some((data.u8("MAJOR")?, data.u8("MINOR")?, data.u16("BUILD")?)),
            OPTION_ENCRYPTION => encryption = Some(data.u8("ENCRYPTION")?),
            _ => {}
        }
    }
    let message = messages.begin("tds", if from_server { "prelogin_response" } else { "prelogin" });
    if let Some(version) = version.filter(|version| *version != (0, 0, 0)) {
        message.str(&VERSION, version_text(version).as_str());
    }
    let (name, is_weak) = match encryption {
        // Of a server's: the sign-in is encrypted, and nothing after it.
        Some(0) => ("off", true),
        Some(2) => ("not_supported", true),
        Some(1) => ("on", false),
        Some(3) => ("required", false),
        _ => ("", false),
    };
    message.str(&ENCRYPTION, name).operated("prelogin");
    if is_weak && from_server {
        message.weak(Weakness::CleartextDatabase);
    }
    Ok(())
}

/// As Microsoft writes it: `15.0.4316`.
pub(super) fn version_text((major, minor, build): (u8, u8, u16)) -> StackText {
    let mut text = StackText::new();
    text.push_number(major).push('.').push_number(minor).push('.').push_number(build);
    text
}
