//! The names of shares that clients connect to (MS-SMB2 §2.2.9; MS-CIFS §2.2.4.55). A share may be called after a person: told
//! are those that Windows makes itself, and those called after what stores in them.

use model::Messages;

use super::operation::Operation;
use super::session::Unit;
use super::version2::HEADER_BYTES;
use super::{SHARE, version1};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// Shares that Windows and Samba make themselves (MS-SRVS §2.2.2.4, and their documentation).
static MADE: &[&str] = &["ADMIN$", "FAX$", "IPC$", "NETLOGON", "PRINT$", "SYSVOL"];

/// What devices of a hospital store in, and what they are called.
static WORDS: &[&str] = &[
    "archive", "backup", "cr", "ct", "data", "dicom", "dr", "ecg", "eeg", "endo", "export", "hl7", "images", "import",
    "lab", "lis", "log", "logs", "mg", "mr", "mri", "nm", "out", "pacs", "pet", "print", "ris", "scan", "scans",
    "service", "share", "spect", "temp", "update", "updates", "us", "usb", "worklist", "xa", "xray",
];

/// The share that a request names, where it may be told. `path` as in `\\\\SERVER\\SHARE`.
fn told(path: &str) -> Option<&str> {
    let name = path.rsplit('\\').next().filter(|name| !name.is_empty())?;
    let is_drive = matches!(name.as_bytes(), [b'A'..=b'Z' | b'a'..=b'z', b'$']);
    let is_made = || MADE.iter().any(|made| made.eq_ignore_ascii_case(name));
    let stem = name.strip_suffix('$').unwrap_or(name);
    let is_word = |part: &str| {
        let word = part.trim_end_matches(|digit: char| digit.is_ascii_digit());
        // Numbers that count what is alike.
        part.len().saturating_sub(word.len()) <= 2 && WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    (is_drive || is_made() || stem.split(['-', '_']).all(is_word)).then_some(name)
}

/// A request of version 2 and 3 to connect to a share.
pub(super) fn version2(unit: &Unit<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let mut reader = Reader::new(unit.bytes);
    reader.skip(HEADER_BYTES, "header")?;
    reader.skip(4, "StructureSize, Flags")?;
    let (offset, length) = (reader.u16_le("PathOffset")?, reader.u16_le("PathLength")?);
    let mut path = Reader::new(unit.bytes);
    path.skip(usize::from(offset), "PathOffset")?;
    tell(StackText::from_utf16_le(path.take(usize::from(length), "Path")?).as_str(), messages);
    Ok(())
}

/// A request of version 1.
pub(super) fn version1(unit: &Unit<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    tell(version1::tree_path(unit)?.as_str(), messages);
    Ok(())
}

fn tell(path: &str, messages: &mut Messages) {
    let name = Operation::TreeConnect.name();
    let message = messages.begin("smb", name);
    message.str(&SHARE, told(path).unwrap_or_default()).operated(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_called_after_things_are_told() {
        for (path, share) in [
            ("\\\\FS1\\IPC$", "IPC$"),
            ("\\\\FS1\\c$", "c$"),
            ("\\\\fs1.example.org\\SysVol", "SysVol"),
            ("\\\\FS1\\CT2_Images", "CT2_Images"),
            ("\\\\FS1\\dicom-export$", "dicom-export$"),
        ] {
            assert_eq!(told(path), Some(share));
        }
        for path in
            ["", "\\\\FS1\\", "\\\\FS1\\Canary$", "\\\\FS1\\scan_canary", "\\\\FS1\\CT4711", "\\\\FS1\\CANARY^ANNA"]
        {
            assert_eq!(told(path), None, "{path}");
        }
    }
}
