//! Files out of what packs them: gzip (RFC 1952), Zstandard (RFC 8878) and ZIP (PKWARE APPNOTE), within limits.
//!
//! One document is in memory at a time. A ZIP file that is a workbook of Office Open XML is a document itself.

mod zip;

use std::io::Read;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::{Defect, FeedError};

pub(crate) use zip::Archive;

/// Bytes of one document. A year of the National Vulnerability Database has some 200 MB.
pub const MEMBER_BYTES_MAX: usize = 512 << 20;
/// Bytes of all documents of a file. The CVE List has some 3 GB.
pub const TOTAL_BYTES_MAX: usize = 8 << 30;
/// Documents of a file. The CVE List has some 400,000.
pub const MEMBERS_MAX: usize = 1_000_000;
/// How often what packs may be within what packs: the CVE List is a ZIP file in a ZIP file.
pub const DEPTH_MAX: usize = 3;
/// How many times larger a document may be than it was packed, where it is larger than [`RATIO_FROM_BYTES`].
pub const RATIO_MAX: usize = 200;
/// Small documents may be packed as tightly as they like.
const RATIO_FROM_BYTES: usize = 1 << 20;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTANDARD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZIP: &[u8] = b"PK\x03\x04";
const ZIP_EMPTY: &[u8] = b"PK\x05\x06";

/// What is called with each file and its bytes.
type Visit<'a> = dyn FnMut(&str, &[u8]) -> Result<(), FeedError> + 'a;

/// Whether the bytes are a workbook of Office Open XML.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) && Archive::open(bytes).is_ok_and(|archive| archive.position("xl/workbook.xml").is_some())
}

/// Calls `visit` with every document in a file, however it is packed.
pub(crate) fn each(name: &str, bytes: &[u8], visit: &mut Visit<'_>) -> Result<(), FeedError> {
    let mut left = Left { bytes: TOTAL_BYTES_MAX, members: MEMBERS_MAX };
    descend(name, bytes, 0, &mut left, visit)
}

/// What may still come.
struct Left {
    bytes: usize,
    members: usize,
}

impl Left {
    fn spend(&mut self, bytes: usize) -> Result<(), Defect> {
        self.bytes =
            self.bytes.checked_sub(bytes).ok_or_else(|| too_large("all documents together", TOTAL_BYTES_MAX))?;
        self.members =
            self.members.checked_sub(1).ok_or_else(|| Defect::whole(format!("more than {MEMBERS_MAX} files")))?;
        Ok(())
    }
}

fn descend(name: &str, bytes: &[u8], depth: usize, left: &mut Left, visit: &mut Visit<'_>) -> Result<(), FeedError> {
    let refuse = |defect| FeedError { file: name.to_owned(), feed: None, defect };
    let is_zip = bytes.starts_with(ZIP) || bytes.starts_with(ZIP_EMPTY);
    if depth >= DEPTH_MAX && (is_zip || bytes.starts_with(GZIP) || bytes.starts_with(ZSTANDARD)) {
        return Err(refuse(Defect::whole(format!("packed more than {DEPTH_MAX} times"))));
    }
    let below = depth.saturating_add(1);
    if is_zip && !is_workbook(bytes) {
        let archive = Archive::open(bytes).map_err(refuse)?;
        for index in 0..archive.len() {
            let file = format!("{name}!{}", archive.name(index));
            let refuse = |defect| FeedError { file: file.clone(), feed: None, defect };
            let member = archive.member(index, MEMBER_BYTES_MAX).map_err(refuse)?;
            left.spend(member.len()).map_err(refuse)?;
            if !member.is_empty() {
                descend(&file, &member, below, left, visit)?;
            }
        }
        return Ok(());
    }
    if bytes.starts_with(GZIP) {
        let unpacked = bounded(MultiGzDecoder::new(bytes), bytes.len()).map_err(refuse)?;
        left.spend(unpacked.len()).map_err(refuse)?;
        return descend(name, &unpacked, below, left, visit);
    }
    if bytes.starts_with(ZSTANDARD) {
        let mut rest = bytes;
        let decoder =
            StreamingDecoder::new(&mut rest).map_err(|error| refuse(Defect::whole(format!("Zstandard: {error}"))))?;
        let unpacked = bounded(decoder, bytes.len()).map_err(refuse)?;
        left.spend(unpacked.len()).map_err(refuse)?;
        return descend(name, &unpacked, below, left, visit);
    }
    if bytes.len() > MEMBER_BYTES_MAX {
        return Err(refuse(too_large("the document", MEMBER_BYTES_MAX)));
    }
    visit(name, bytes)
}

/// Everything that a decoder gives, if that is not too much for what it was given.
fn bounded(decoder: impl Read, packed: usize) -> Result<Vec<u8>, Defect> {
    let limit = packed.saturating_mul(RATIO_MAX).clamp(RATIO_FROM_BYTES, MEMBER_BYTES_MAX);
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| Defect::whole(format!("cannot be unpacked: {error}")))?;
    if bytes.len() > limit {
        return Err(too_large("what is packed in it", limit));
    }
    Ok(bytes)
}

fn too_large(what: &str, limit: usize) -> Defect {
    Defect::whole(format!("{what} has more than {limit} bytes"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, FeedError> {
        let mut all = Vec::new();
        each("file", bytes, &mut |name, bytes| {
            all.push((name.to_owned(), bytes.to_owned()));
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let plain = br#"{"a": 1}"#.to_vec();
        assert_eq!(unpack(&plain).unwrap(), [("file".to_owned(), plain.clone())]);
        assert_eq!(unpack(&gzip(&gzip(&plain))).unwrap(), [("file".to_owned(), plain.clone())]);
        // `zstd` of the same bytes: a frame with one raw block (RFC 8878 section 3.1.1).
        let mut zstandard = [ZSTANDARD, &[0x20, 8, 0x41, 0, 0]].concat();
        zstandard.extend(&plain);
        assert_eq!(unpack(&zstandard).unwrap(), [("file".to_owned(), plain)]);
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = gzip(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 100_000);
        assert!(unpack(&bomb).unwrap_err().to_string().contains("has more than"));
        let nested = (0..=DEPTH_MAX).fold(b"{}".to_vec(), |bytes, _| gzip(&bytes));
        assert!(unpack(&nested).unwrap_err().to_string().contains("packed more than 3 times"));
        let cut = gzip(b"some words to pack");
        assert!(unpack(&cut[..cut.len() - 3]).unwrap_err().to_string().contains("cannot be unpacked"));
    }
}
