//! The client's first data: MCS connect-initial with a GCC conference create request (MS-RDPBCGR §2.2.1.3).

use model::Messages;

use super::super::DecodeError;
use super::{CLIENT_BUILD, CLIENT_NAME, KEYBOARD_LAYOUT, VERSION};
use crate::reader::Reader;
use crate::stack_text::StackText;

/// The key that stands before the client's settings (T.124 §8.7, H.221 non-standard key).
const KEY: &[u8] = b"Duca";
/// The key stands at byte 93 or so, behind domain parameters of varying length.
const SEARCH_BYTES_MAX: usize = 512;
/// CS_CORE (MS-RDPBCGR §2.2.1.3.2).
const CORE: u16 = 0xc001;
/// Eight kinds of blocks are defined.
const BLOCKS_MAX: usize = 16;

/// Tells what the client says of itself, if the packet is a connect-initial.
pub(super) fn decode(packet: &[u8], messages: &mut Messages) {
    // A packet that is none is not begun: there is nothing to undo.
    let _ = connect_initial(packet, messages);
}

fn connect_initial(packet: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(packet);
    // X.224 data (LI 2, code 0xF0, end of unit), then BER [APPLICATION 101] (T.125 §7, Connect-Initial).
    if reader.array("X.224 data, Connect-Initial")? != [2, 0xf0, 0x80, 0x7f, 0x65] {
        return Err(DecodeError::Malformed { field: "Connect-Initial", rule: "opens the conference" });
    }
    let body = reader.rest();
    let searched = body.get(..SEARCH_BYTES_MAX).unwrap_or(body);
    let key = searched.windows(KEY.len()).position(|window| window == KEY);
    let key = key.ok_or(DecodeError::Malformed { field: "h221NonStandard", rule: "is \"Duca\"" })?;
    reader.skip(key.saturating_add(KEY.len()), "user data")?;
    // A length in packed encoding: one byte, or two with the highest bit set (X.691 §11.9).
    if reader.u8("length")? & 0x80 != 0 {
        reader.skip(1, "length")?;
    }
    for _ in 0..BLOCKS_MAX {
        let kind = reader.u16_le("type")?;
        let length = usize::from(reader.u16_le("length")?);
        let block = reader.part(length.saturating_sub(4), "block")?;
        if kind == CORE {
            return core(block, messages);
        }
    }
    Ok(())
}

/// TS_UD_CS_CORE (MS-RDPBCGR §2.2.1.3.2).
fn core(mut block: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let version = block.u32_le("version")?;
    block.skip(8, "desktopWidth, desktopHeight, colorDepth, SASSequence")?;
    let keyboard_layout = block.u32_le("keyboardLayout")?;
    let client_build = block.u32_le("clientBuild")?;
    let client_name = block.take(32, "clientName")?;

    let mut version_text = StackText::new();
    version_text.push_number(version >> 16).push('.').push_number(version & 0xffff);
    let message = messages.begin("rdp", "client_data");
    message.str(&VERSION, version_text.as_str());
    message.number(&KEYBOARD_LAYOUT, keyboard_layout).number(&CLIENT_BUILD, client_build);
    message.str(&CLIENT_NAME, StackText::from_utf16_le(client_name).as_str());
    Ok(())
}
