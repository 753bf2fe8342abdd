//! ZIP files: the directory at their end, members that are stored or deflated (PKWARE APPNOTE 6.3, section 4).

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::{MEMBERS_MAX, RATIO_FROM_BYTES, RATIO_MAX};
use crate::Defect;

/// End of central directory record (section 4.3.16), 22 bytes and a comment of at most 64 KiB.
const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 0xffff;
/// Zip64 end of central directory locator (section 4.3.15) and record (section 4.3.14).
const END_64_LOCATOR: &[u8] = b"PK\x06\x07";
const END_64_LOCATOR_BYTES: usize = 20;
const END_64: &[u8] = b"PK\x06\x06";
/// Central directory header (section 4.3.12) and local file header (section 4.3.7).
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// The extra field with sizes that need more than 32 bits (section 4.5.3).
const EXTRA_64: u16 = 1;
const NAME_BYTES_MAX: usize = 1_024;

/// A ZIP file whose directory was read.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    is_encrypted: bool,
    method: u16,
    crc: u32,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Defect> {
        let (start, count) =
            directory(bytes).ok_or_else(|| Defect::whole("ZIP: no directory at its end, it was cut"))?;
        if count > u64::try_from(MEMBERS_MAX).unwrap_or(u64::MAX) {
            return Err(Defect::whole(format!("ZIP: more than {MEMBERS_MAX} files")));
        }
        let mut rest = from(bytes, start).unwrap_or_default();
        let mut entries = Vec::new();
        for index in 0..count {
            let (entry, after) =
                entry(rest).ok_or_else(|| Defect::whole(format!("ZIP: entry {index} of the directory is broken")))?;
            entries.push(entry);
            rest = after;
        }
        Ok(Self { bytes, entries })
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn name(&self, index: usize) -> &str {
        self.entries.get(index).map_or("", |entry| &entry.name)
    }

    /// Which member has a name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name == name)
    }

    /// The bytes of a member; none for a folder.
    pub(crate) fn member(&self, index: usize, limit: usize) -> Result<Vec<u8>, Defect> {
        let wrong = |why: &str| Defect::whole(format!("ZIP: {why}"));
        let entry = self.entries.get(index).ok_or_else(|| wrong("no such member"))?;
        if entry.is_encrypted {
            return Err(wrong("is encrypted"));
        }
        let packed = self.packed(entry).ok_or_else(|| wrong("does not lie where the directory says"))?;
        let limit = packed.len().saturating_mul(RATIO_MAX).max(RATIO_FROM_BYTES).min(limit);
        let size = usize::try_from(entry.unpacked).ok().filter(|size| *size <= limit);
        let size = size.ok_or_else(|| wrong(&format!("has more than {limit} bytes")))?;
        let unpacked = match entry.method {
            0 => packed.to_vec(),
            8 => {
                let mut unpacked = Vec::new();
                let most = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
                let read = DeflateDecoder::new(packed).take(most).read_to_end(&mut unpacked);
                read.map_err(|error| wrong(&format!("cannot be unpacked: {error}")))?;
                unpacked
            }
            method => return Err(wrong(&format!("is packed by method {method}, only 0 and 8 are known"))),
        };
        let mut crc = flate2::Crc::new();
        crc.update(&unpacked);
        if unpacked.len() != size || crc.sum() != entry.crc {
            return Err(wrong("is damaged: its length or checksum is another"));
        }
        Ok(unpacked)
    }

    fn packed(&self, entry: &Entry) -> Option<&'a [u8]> {
        let header = from(self.bytes, entry.offset)?.strip_prefix(LOCAL)?;
        let names = usize::from(u16_at(header, 22)?).checked_add(usize::from(u16_at(header, 24)?))?;
        let data = header.get(LOCAL_BYTES.checked_sub(LOCAL.len())?.checked_add(names)?..)?;
        data.get(..usize::try_from(entry.packed).ok()?)
    }
}

/// Where the directory begins and how many entries it has.
fn directory(bytes: &[u8]) -> Option<(u64, u64)> {
    let first = bytes.len().saturating_sub(END_BYTES.saturating_add(COMMENT_BYTES_MAX));
    let place = (first..=bytes.len().checked_sub(END_BYTES)?).rev().find(|place| is_end(bytes, *place))?;
    let end = bytes.get(place..)?;
    let (count, start) = (u16_at(end, 10)?, u32_at(end, 16)?);
    if count != u16::MAX && start != u32::MAX {
        return Some((u64::from(start), u64::from(count)));
    }
    let locator = bytes.get(place.checked_sub(END_64_LOCATOR_BYTES)?..place)?.strip_prefix(END_64_LOCATOR)?;
    let record = from(bytes, u64_at(locator, 4)?)?.strip_prefix(END_64)?;
    Some((u64_at(record, 44)?, u64_at(record, 28)?))
}

/// Whether the record at the end stands here: its comment must reach to the end of the file.
fn is_end(bytes: &[u8], place: usize) -> bool {
    let Some(end) = bytes.get(place..).filter(|end| end.starts_with(END)) else { return false };
    u16_at(end, 20).is_some_and(|comment| end.len() == END_BYTES.saturating_add(usize::from(comment)))
}

fn entry(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let header = bytes.strip_prefix(ENTRY)?;
    let lengths = [u16_at(header, 24)?, u16_at(header, 26)?, u16_at(header, 28)?].map(usize::from);
    let [name_bytes, extra_bytes, comment_bytes] = lengths;
    let (name, rest) = header.get(42..)?.split_at_checked(name_bytes)?;
    let (extra, rest) = rest.split_at_checked(extra_bytes)?;
    let mut entry = Entry {
        name: String::from_utf8_lossy(name.get(..NAME_BYTES_MAX).unwrap_or(name)).into_owned(),
        is_encrypted: u16_at(header, 4)? & 1 == 1,
        method: u16_at(header, 6)?,
        crc: u32_at(header, 12)?,
        packed: u64::from(u32_at(header, 16)?),
        unpacked: u64::from(u32_at(header, 20)?),
        offset: u64::from(u32_at(header, 38)?),
    };
    let mut wide = wide_fields(extra).unwrap_or_default();
    for field in [&mut entry.unpacked, &mut entry.packed, &mut entry.offset] {
        if *field == u64::from(u32::MAX) {
            *field = u64_at(wide, 0)?;
            wide = wide.get(8..)?;
        }
    }
    Some((entry, rest.get(comment_bytes..)?))
}

/// The values of the extra field for those that do not fit into 32 bits, in the order of section 4.5.3.
fn wide_fields(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let (kind, size) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let (field, rest) = extra.get(4..)?.split_at_checked(size)?;
        if kind == EXTRA_64 {
            return Some(field);
        }
        extra = rest;
    }
}

fn from(bytes: &[u8], offset: u64) -> Option<&[u8]> {
    bytes.get(usize::try_from(offset).ok()?..)
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}
