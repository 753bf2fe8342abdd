//! The X.224 connection request and confirm with the negotiation of security (MS-RDPBCGR §2.2.1.1 and §2.2.1.2).

use super::super::{DecodeError, Probe};
use crate::reader::Reader;
use crate::stack_text::StackText;

/// PROTOCOL_RDP: standard security, RC4 with a key that the server's certificate of 1996 design protects.
pub(super) const STANDARD: u32 = 0;
/// PROTOCOL_SSL: TLS without network level authentication.
pub(super) const TLS: u32 = 1;

/// The protocols and their bits (MS-RDPBCGR §2.2.1.1.1), by the names of the specification.
static PROTOCOLS: &[(u32, &str)] = &[(1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex"), (16, "rdsaad")];

/// TYPE_RDP_NEG_REQ, TYPE_RDP_NEG_RSP, TYPE_RDP_NEG_FAILURE.
const NEGOTIATION_REQUEST: u8 = 1;
const NEGOTIATION_RESPONSE: u8 = 2;
const NEGOTIATION_FAILURE: u8 = 3;
/// The negotiation structures are all so long, and say so.
const NEGOTIATION_BYTES: u16 = 8;
/// X.224 class 0 codes, high nibble (ITU-T X.224 §13.3 and §13.4).
const CONNECTION_REQUEST: u8 = 0xe0;
const CONNECTION_CONFIRM: u8 = 0xd0;
/// How far the end of a cookie or routing token is looked for.
const COOKIE_BYTES_MAX: usize = 512;

/// What a client asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Bits of [`PROTOCOLS`]; none is standard security.
    pub(super) protocols: u32,
}

/// What a server answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Confirm {
    /// One of [`PROTOCOLS`], or standard security.
    Selected(u32),
    /// Why not (MS-RDPBCGR §2.2.1.2.2).
    Failure(u32),
}

/// Reads the fixed part of an X.224 unit of that code.
fn fixed_part<'a>(packet: &'a [u8], code: u8) -> Result<Reader<'a>, DecodeError> {
    let mut reader = Reader::new(packet);
    let mut unit = {
        let length = usize::from(reader.u8("LI")?);
        reader.part(length, "X.224 unit")?
    };
    if unit.u8("code")? & 0xf0 != code {
        return Err(DecodeError::Malformed { field: "X.224 code", rule: "a request asks, a confirm answers" });
    }
    unit.skip(5, "DST-REF, SRC-REF, CLASS")?;
    Ok(unit)
}

/// Reads a connection request (MS-RDPBCGR §2.2.1.1).
pub(super) fn request(packet: &[u8]) -> Result<Request, DecodeError> {
    let mut reader = fixed_part(packet, CONNECTION_REQUEST)?;
    if reader.peek().is_some_and(|byte| byte != NEGOTIATION_REQUEST) {
        // A cookie or routing token, up to CR LF: it can hold a user's name and is passed over.
        let searched = reader.rest().get(..COOKIE_BYTES_MAX).unwrap_or(reader.rest());
        let length = searched.windows(2).position(|pair| pair == b"\r\n").map_or(reader.len(), |p| p.saturating_add(2));
        reader.skip(length, "cookie")?;
    }
    if reader.is_empty() {
        return Ok(Request { protocols: STANDARD });
    }
    let protocols = structure(&mut reader, NEGOTIATION_REQUEST)?;
    Ok(Request { protocols })
}

/// Reads a connection confirm (MS-RDPBCGR §2.2.1.2). A server without negotiation speaks standard security.
pub(super) fn confirm(packet: &[u8]) -> Result<Confirm, DecodeError> {
    let mut reader = fixed_part(packet, CONNECTION_CONFIRM)?;
    match reader.peek() {
        None => Ok(Confirm::Selected(STANDARD)),
        Some(NEGOTIATION_FAILURE) => structure(&mut reader, NEGOTIATION_FAILURE).map(Confirm::Failure),
        Some(_) => structure(&mut reader, NEGOTIATION_RESPONSE).map(Confirm::Selected),
    }
}

/// A negotiation structure: type, flags, length and one number.
fn structure(reader: &mut Reader<'_>, kind: u8) -> Result<u32, DecodeError> {
    if reader.u8("type")? != kind {
        return Err(DecodeError::Malformed { field: "type", rule: "request 1, response 2, failure 3" });
    }
    reader.skip(1, "flags")?;
    if reader.u16_le("length")? != NEGOTIATION_BYTES {
        return Err(DecodeError::Malformed { field: "length", rule: "is 8" });
    }
    Ok(reader.u32_le("requestedProtocols, selectedProtocol, failureCode")?)
}

/// The protocols' names, separated by commas; unknown bits have none.
pub(super) fn protocol_names(protocols: u32) -> StackText {
    let mut text = StackText::new();
    if protocols == STANDARD {
        text.push_str("rdp");
        return text;
    }
    for (bit, name) in PROTOCOLS {
        if protocols & bit != 0 {
            if !text.as_str().is_empty() {
                text.push(',');
            }
            text.push_str(name);
        }
    }
    text
}

/// Whether the client's first bytes are a connection request of this protocol. Other protocols share TPKT and X.224
/// (S7, MMS, H.323), so it needs a cookie, a negotiation, or, with nothing in it, the port.
pub(super) fn probe(bytes: &[u8], hinted: bool) -> Probe {
    let mut reader = Reader::new(bytes);
    let Ok(version) = reader.u8("version") else { return Probe::More };
    if version != 3 {
        return Probe::No;
    }
    let (Ok(_), Ok(total)) = (reader.u8("reserved"), reader.u16("length")) else { return Probe::More };
    let Ok(length) = reader.u8("LI") else { return Probe::More };
    if u16::from(length).saturating_add(5) != total || length < 6 {
        return Probe::No;
    }
    let Ok(fixed) = reader.array::<6>("code … CLASS") else { return Probe::More };
    let [CONNECTION_REQUEST, 0, 0, _, _, 0] = fixed else { return Probe::No };
    let rest = reader.rest();
    if length == 6 {
        return if hinted { Probe::Yes } else { Probe::No };
    }
    let begins = |want: &[u8]| rest.iter().zip(want).all(|(got, want)| got == want);
    for want in [&b"Cookie: mst"[..], &[NEGOTIATION_REQUEST][..], &b"tsv://"[..]] {
        if begins(want) && rest.len() >= want.len() {
            return if total >= 13 { Probe::Yes } else { Probe::No };
        } else if begins(want) {
            return Probe::More;
        }
    }
    // Load balancers choose their own form of routing token.
    if hinted { Probe::Yes } else { Probe::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_of_another_protocol_over_x224_is_not_this_one() {
        // S7 communication: three parameters of ISO 8073.
        let s7 = b"\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02";
        assert_eq!(probe(s7, false), Probe::No);
        assert_eq!(probe(&s7[..9], false), Probe::More);
    }

    #[test]
    fn a_bare_request_asks_for_standard_security() {
        let bare = b"\x06\xe0\x00\x00\x00\x01\x00";
        assert_eq!(request(bare), Ok(Request { protocols: STANDARD }));
        assert_eq!(protocol_names(11).as_str(), "ssl,hybrid,hybrid_ex");
    }
}
