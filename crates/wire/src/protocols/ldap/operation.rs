//! LDAPMessage (RFC 4511 §4.1.1): what is asked for or answered.

use crate::ber;
use crate::protocols::DecodeError;
use crate::reader::Reader;

pub(super) const ENUMERATED: u8 = 0x0a;

/// What a message asks for or answers (RFC 4511 §4.2 to §4.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    BindRequest,
    BindResponse,
    UnbindRequest,
    SearchRequest,
    SearchEntry,
    SearchDone,
    SearchReference,
    ModifyRequest,
    ModifyResponse,
    AddRequest,
    AddResponse,
    DeleteRequest,
    DeleteResponse,
    ModifyDnRequest,
    ModifyDnResponse,
    CompareRequest,
    CompareResponse,
    AbandonRequest,
    ExtendedRequest,
    ExtendedResponse,
    IntermediateResponse,
}

impl Operation {
    const fn of(tag: u8) -> Option<Self> {
        Some(match tag {
            0x60 => Self::BindRequest,
            0x61 => Self::BindResponse,
            0x42 => Self::UnbindRequest,
            0x63 => Self::SearchRequest,
            0x64 => Self::SearchEntry,
            0x65 => Self::SearchDone,
            0x73 => Self::SearchReference,
            0x66 => Self::ModifyRequest,
            0x67 => Self::ModifyResponse,
            0x68 => Self::AddRequest,
            0x69 => Self::AddResponse,
            0x4a => Self::DeleteRequest,
            0x6b => Self::DeleteResponse,
            0x6c => Self::ModifyDnRequest,
            0x6d => Self::ModifyDnResponse,
            0x6e => Self::CompareRequest,
            0x6f => Self::CompareResponse,
            0x50 => Self::AbandonRequest,
            0x77 => Self::ExtendedRequest,
            0x78 => Self::ExtendedResponse,
            0x79 => Self::IntermediateResponse,
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::BindRequest => "bind_request",
            Self::BindResponse => "bind_response",
            Self::UnbindRequest => "unbind_request",
            Self::SearchRequest => "search_request",
            Self::SearchEntry => "search_entry",
            Self::SearchDone => "search_done",
            Self::SearchReference => "search_reference",
            Self::ModifyRequest => "modify_request",
            Self::ModifyResponse => "modify_response",
            Self::AddRequest => "add_request",
            Self::AddResponse => "add_response",
            Self::DeleteRequest => "delete_request",
            Self::DeleteResponse => "delete_response",
            Self::ModifyDnRequest => "modify_dn_request",
            Self::ModifyDnResponse => "modify_dn_response",
            Self::CompareRequest => "compare_request",
            Self::CompareResponse => "compare_response",
            Self::AbandonRequest => "abandon_request",
            Self::ExtendedRequest => "extended_request",
            Self::ExtendedResponse => "extended_response",
            Self::IntermediateResponse => "intermediate_response",
        }
    }

    /// Whether it begins with an LDAPResult.
    pub(super) const fn is_result(self) -> bool {
        matches!(
            self,
            Self::BindResponse
                | Self::SearchDone
                | Self::ModifyResponse
                | Self::AddResponse
                | Self::DeleteResponse
                | Self::ModifyDnResponse
                | Self::CompareResponse
                | Self::ExtendedResponse
        )
    }
}

/// What a message is about, and the content of that.
#[derive(Clone, Copy)]
pub(super) struct Envelope<'a> {
    pub(super) operation: Operation,
    pub(super) body: Reader<'a>,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let mut message = ber::sequence(reader, "LDAPMessage")?;
        ber::integer(&mut message, "messageID")?;
        let (tag, body) = ber::element(&mut message, "protocolOp")?;
        let operation = Operation::of(tag).ok_or(UNKNOWN)?;
        Ok(Self { operation, body: Reader::new(body) })
    }
}

const UNKNOWN: DecodeError = DecodeError::Malformed { field: "protocolOp", rule: "is one of 21" };

/// How long the message is that begins there, in bytes.
pub(super) fn extent(bytes: &[u8]) -> Result<usize, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (tag, length) = ber::header(&mut reader, "LDAPMessage")?;
    if tag != ber::SEQUENCE {
        return Err(DecodeError::Malformed { field: "LDAPMessage", rule: "is a sequence" });
    }
    Ok(bytes.len().saturating_sub(reader.len()).saturating_add(length))
}

/// Whether bytes begin as a talk does: nested lengths that fit each other, a number of the message, and the first parts of
/// an operation that somebody begins with. What a server says, and what comes later in a talk, is telling with the port only.
pub(super) fn begins_a_talk(bytes: &[u8], is_hinted: bool) -> Result<bool, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (_, length) = ber::header(&mut reader, "LDAPMessage")?;
    let start = reader.len();
    let number = ber::integer(&mut reader, "messageID")?;
    let (tag, inner) = ber::header(&mut reader, "protocolOp")?;
    let Some(operation) = Operation::of(tag) else { return Ok(false) };
    // Controls may stand behind the operation.
    let before = start.saturating_sub(reader.len());
    if number < 0 || before.saturating_add(inner) > length {
        return Ok(false);
    }
    Ok(match operation {
        Operation::BindRequest => {
            matches!(ber::integer(&mut reader, "version")?, 2 | 3)
                && ber::header(&mut reader, "name")?.0 == ber::OCTET_STRING
        }
        Operation::SearchRequest => {
            ber::tagged(&mut reader, ber::OCTET_STRING, "baseObject")?;
            matches!(ber::tagged(&mut reader, ENUMERATED, "scope")?, [0..=3])
                && matches!(ber::tagged(&mut reader, ENUMERATED, "derefAliases")?, [0..=3])
        }
        Operation::ExtendedRequest => {
            ber::tagged(&mut reader, 0x80, "requestName")?.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        }
        _ if !is_hinted => false,
        Operation::SearchEntry => ber::header(&mut reader, "objectName")?.0 == ber::OCTET_STRING,
        _ if operation.is_result() => ber::tagged(&mut reader, ENUMERATED, "resultCode")?.len() == 1,
        Operation::UnbindRequest => inner == 0,
        Operation::AbandonRequest => inner <= 4,
        Operation::DeleteRequest => inner > 0,
        Operation::ModifyRequest | Operation::AddRequest | Operation::ModifyDnRequest | Operation::CompareRequest => {
            ber::header(&mut reader, "entry")?.0 == ber::OCTET_STRING
        }
        _ => false,
    })
}
