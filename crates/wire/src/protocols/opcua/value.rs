//! Values in OPC UA's binary encoding (OPC 10000-6 §5.2).

use crate::reader::{Reader, Truncated};

/// String or ByteString (§5.2.2.4 and §5.2.2.7): a length, -1 for none, then so many bytes.
pub(super) fn string<'a>(reader: &mut Reader<'a>, field: &'static str) -> Result<&'a [u8], Truncated> {
    match usize::try_from(reader.u32_le(field)?) {
        Ok(length) if length < u32::MAX as usize => reader.take(length, field),
        _ => Ok(&[]),
    }
}

/// How many elements an array has (§5.2.5), -1 for none; no more than `most`.
pub(super) fn count(reader: &mut Reader<'_>, most: u32, field: &'static str) -> Result<u32, Truncated> {
    let count = reader.u32_le(field)?;
    Ok(if count == u32::MAX { 0 } else { count.min(most) })
}

/// NodeId (§5.2.2.9); the number where it is one of OPC UA's own.
pub(super) fn node(reader: &mut Reader<'_>) -> Result<Option<u32>, Truncated> {
    Ok(match reader.u8("NodeId encoding")? {
        0 => Some(reader.u8("Identifier")?.into()),
        1 => {
            let namespace = reader.u8("Namespace")?;
            Some(reader.u16_le("Identifier")?.into()).filter(|_| namespace == 0)
        }
        2 => {
            let namespace = reader.u16_le("Namespace")?;
            Some(reader.u32_le("Identifier")?).filter(|_| namespace == 0)
        }
        3 | 5 => {
            reader.skip(2, "Namespace")?;
            string(reader, "Identifier")?;
            None
        }
        4 => {
            reader.skip(18, "Namespace, Identifier")?;
            None
        }
        _ => return Err(Truncated { field: "NodeId encoding", needed: 0, available: 0 }),
    })
}

/// LocalizedText (§5.2.2.14): the text.
pub(super) fn localized_text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Truncated> {
    let mask = reader.u8("LocalizedText encoding")?;
    if mask & 1 != 0 {
        string(reader, "Locale")?;
    }
    if mask & 2 != 0 { string(reader, "Text") } else { Ok(&[]) }
}

/// ExtensionObject (§5.2.2.15), passed over.
pub(super) fn extension(reader: &mut Reader<'_>) -> Result<(), Truncated> {
    node(reader)?;
    if reader.u8("ExtensionObject encoding")? != 0 {
        string(reader, "Body")?;
    }
    Ok(())
}

/// What stands before the first of these bytes.
pub(super) fn text_of<'a>(bytes: &'a [u8], ends: &[u8]) -> &'a [u8] {
    bytes.split(|byte| ends.contains(byte)).next().unwrap_or_default()
}
