//! The message format that DNS (RFC 1035 §4), multicast DNS (RFC 6762 §18), LLMNR (RFC 4795 §2.1) and the NetBIOS name
//! service (RFC 1002 §4.2) share.

use super::name::{self, Name};
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// IPv4 address.
pub(in crate::protocols) const A: u16 = 1;
/// IPv6 address (RFC 3596).
pub(in crate::protocols) const AAAA: u16 = 28;
/// Name server.
pub(in crate::protocols) const NS: u16 = 2;
/// Canonical name.
pub(in crate::protocols) const CNAME: u16 = 5;
/// Another name: of an address, or an instance of a service.
pub(in crate::protocols) const PTR: u16 = 12;
/// Processor and operating system.
pub(in crate::protocols) const HINFO: u16 = 13;
/// Text.
pub(in crate::protocols) const TXT: u16 = 16;
/// Where a service runs (RFC 2782).
pub(in crate::protocols) const SRV: u16 = 33;

/// The length of the header.
pub(in crate::protocols) const HEADER_BYTES: usize = 12;
/// The least that a question takes: root, type, class.
const QUESTION_BYTES_MIN: usize = 5;
/// The least that a record takes: root, type, class, time to live, length.
const RECORD_BYTES_MIN: usize = 11;
/// The most entries that [`is_whole`] walks; no message of a normal size holds more.
const ENTRIES_MAX: usize = 1_024;

/// The header (RFC 1035 §4.1.1).
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Header {
    pub(in crate::protocols) flags: u16,
    pub(in crate::protocols) questions: u16,
    pub(in crate::protocols) answers: u16,
    pub(in crate::protocols) authorities: u16,
    pub(in crate::protocols) additionals: u16,
}

impl Header {
    pub(in crate::protocols) fn read(message: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(message);
        reader.skip(2, "ID")?;
        Ok(Self {
            flags: reader.u16("flags")?,
            questions: reader.u16("QDCOUNT")?,
            answers: reader.u16("ANCOUNT")?,
            authorities: reader.u16("NSCOUNT")?,
            additionals: reader.u16("ARCOUNT")?,
        })
    }

    /// Whether a message of that length has room for the entries that the header counts.
    pub(in crate::protocols) fn fits(self, length: usize) -> bool {
        usize::from(self.questions)
            .saturating_mul(QUESTION_BYTES_MIN)
            .saturating_add(self.records().saturating_mul(RECORD_BYTES_MIN))
            .saturating_add(HEADER_BYTES)
            <= length
    }

    pub(in crate::protocols) const fn is_response(self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub(in crate::protocols) const fn opcode(self) -> u16 {
        (self.flags >> 11) & 0x0f
    }

    pub(in crate::protocols) const fn response_code(self) -> u16 {
        self.flags & 0x0f
    }

    /// Records of all sections.
    fn records(self) -> usize {
        usize::from(self.answers)
            .saturating_add(usize::from(self.authorities))
            .saturating_add(usize::from(self.additionals))
    }
}

/// A question (RFC 1035 §4.1.2) without its name.
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Question {
    pub(in crate::protocols) kind: u16,
    pub(in crate::protocols) class: u16,
}

/// A resource record (RFC 1035 §4.1.3) without its owner's name.
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Record<'a> {
    pub(in crate::protocols) kind: u16,
    pub(in crate::protocols) class: u16,
    pub(in crate::protocols) data: &'a [u8],
    message: &'a [u8],
    data_at: usize,
}

impl<'a> Record<'a> {
    /// Reads the name that starts `offset` bytes into the record's data.
    pub(in crate::protocols) fn name(&self, offset: usize, into: &mut Name) -> Result<(), DecodeError> {
        if offset >= self.data.len() {
            return Err(DecodeError::Malformed { field: "RDATA", rule: "holds a domain name" });
        }
        into.read(self.message, self.data_at.saturating_add(offset)).map(|_| ())
    }

    /// The data as an IPv4 address.
    pub(in crate::protocols) fn ipv4(&self) -> Option<std::net::Ipv4Addr> {
        <[u8; 4]>::try_from(self.data).ok().map(Into::into)
    }

    /// The data as an IPv6 address.
    pub(in crate::protocols) fn ipv6(&self) -> Option<std::net::Ipv6Addr> {
        <[u8; 16]>::try_from(self.data).ok().map(Into::into)
    }

    /// The address in a record of type A or AAAA.
    pub(in crate::protocols) fn address(&self) -> Option<std::net::IpAddr> {
        match self.kind {
            A => self.ipv4().map(Into::into),
            AAAA => self.ipv6().map(Into::into),
            _ => None,
        }
    }

    /// The character strings (RFC 1035 §3.3) of the data; one that breaks off ends them.
    pub(in crate::protocols) fn strings(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut reader = Reader::new(self.data);
        std::iter::from_fn(move || {
            let length = usize::from(reader.u8("string length").ok()?);
            reader.take(length, "string").ok()
        })
    }
}

/// Reads a message's entries from the first question to the last record.
#[derive(Clone, Copy, Debug)]
pub(in crate::protocols) struct Entries<'a> {
    message: &'a [u8],
    position: usize,
}

impl<'a> Entries<'a> {
    /// Starts after the header.
    pub(in crate::protocols) const fn new(message: &'a [u8]) -> Self {
        Self { message, position: HEADER_BYTES }
    }

    pub(in crate::protocols) const fn message(&self) -> &'a [u8] {
        self.message
    }

    pub(in crate::protocols) const fn position(&self) -> usize {
        self.position
    }

    /// Goes on at another position: after a name that was read by other rules.
    pub(in crate::protocols) const fn go_on_at(&mut self, position: usize) {
        self.position = position;
    }

    /// Reads a name.
    pub(in crate::protocols) fn name(&mut self, into: &mut Name) -> Result<(), DecodeError> {
        self.position = into.read(self.message, self.position)?;
        Ok(())
    }

    /// Passes over a name.
    pub(in crate::protocols) fn skip_name(&mut self) -> Result<(), DecodeError> {
        self.position = name::skip(self.message, self.position)?;
        Ok(())
    }

    /// Reads a question, of which the name was read or passed over.
    pub(in crate::protocols) fn question(&mut self) -> Result<Question, DecodeError> {
        let mut reader = self.reader();
        let question = Question { kind: reader.u16("QTYPE")?, class: reader.u16("QCLASS")? };
        self.position = self.position.saturating_add(4);
        Ok(question)
    }

    /// Reads a record, of which the owner's name was read or passed over.
    pub(in crate::protocols) fn record(&mut self) -> Result<Record<'a>, DecodeError> {
        let mut reader = self.reader();
        let kind = reader.u16("TYPE")?;
        let class = reader.u16("CLASS")?;
        reader.skip(4, "TTL")?;
        let length = usize::from(reader.u16("RDLENGTH")?);
        let data = reader.take(length, "RDATA")?;
        let data_at = self.position.saturating_add(10);
        self.position = data_at.saturating_add(length);
        Ok(Record { kind, class, data, message: self.message, data_at })
    }

    fn reader(&self) -> Reader<'a> {
        Reader::new(self.message.get(self.position..).unwrap_or_default())
    }
}

/// Whether the class is one that is in use: Internet, CHAOS, HESIOD, none, any (RFC 6895 §3.2). Multicast DNS keeps its
/// top bit for other ends (RFC 6762 §5.4, §10.2).
pub(in crate::protocols) const fn is_class(class: u16, is_multicast: bool) -> bool {
    let class = if is_multicast { class & 0x7fff } else { class };
    matches!(class, 1 | 3 | 4 | 254 | 255)
}

/// Whether the header and the first entry make sense: enough where a port says what to expect.
pub(in crate::protocols) fn begins_well(message: &[u8], is_multicast: bool) -> bool {
    let Ok(header) = Header::read(message) else { return false };
    if !header.fits(message.len()) {
        return false;
    }
    let mut entries = Entries::new(message);
    if header.questions > 0 {
        entries.skip_name().is_ok() && entries.question().is_ok_and(|question| is_class(question.class, is_multicast))
    } else if header.answers > 0 {
        // In multicast DNS, records alone are an announcement; elsewhere, one of the later messages of a zone transfer.
        header.is_response()
            && entries.skip_name().is_ok()
            && entries.record().is_ok_and(|record| is_class(record.class, is_multicast))
    } else {
        // A refusal of something that was no question (RFC 6895 §2.2).
        header.is_response() && header.response_code() != 0 && message.len() == HEADER_BYTES
    }
}

/// Whether everything makes sense up to the last byte: enough where nothing says what to expect.
pub(in crate::protocols) fn is_whole(message: &[u8]) -> bool {
    let Ok(header) = Header::read(message) else { return false };
    // A standard query for one name; the bit that was reserved stays reserved (RFC 6895 §2).
    let fits = header.fits(message.len()) && header.records() <= ENTRIES_MAX;
    if !fits || header.opcode() != 0 || header.questions != 1 || header.flags & 0x0040 != 0 {
        return false;
    }
    if !header.is_response() && (header.response_code() != 0 || header.answers != 0) {
        return false;
    }
    // One label of 32 bytes is how the NetBIOS name service writes its names: were it whole, its own decoder had it.
    if (message.get(HEADER_BYTES), message.get(HEADER_BYTES.saturating_add(33))) == (Some(&32), Some(&0)) {
        return false;
    }
    let mut entries = Entries::new(message);
    let mut name = Name::new();
    let question = entries.name(&mut name).and_then(|()| entries.question());
    if !question.is_ok_and(|question| is_class(question.class, false)) {
        return false;
    }
    for _ in 0..header.records() {
        if entries.name(&mut name).and_then(|()| entries.record()).is_err() {
            return false;
        }
    }
    entries.position() == message.len()
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    fn query(name: &[u8]) -> Vec<u8> {
        [b"\x1a\x2b\x01\x00\0\x01\0\0\0\0\0\0".as_slice(), name, b"\0\0\x20\0\x01".as_slice()].concat()
    }

    #[test]
    fn only_what_makes_sense_to_its_last_byte_is_recognised_anywhere() {
        let whole = query(b"\x07archive\x06clinic");
        assert!(is_whole(&whole));
        assert!(!is_whole(&[whole.as_slice(), b"\0"].concat()));
        assert!(!is_whole(&whole[..whole.len() - 1]));
        // A name of the NetBIOS name service with one letter damaged.
        assert!(!is_whole(&query(b"\x20FHFDCNDBDHCACACACACACACACACACAzA")));
    }
}
