//! OPC UA over TCP (OPC 10000-6 §6.7 and §7.1): which controllers and building systems offer their data to whom, under which
//! name, and whether what they say is protected.
//!
//! Left out: the services' contents but for what applications say of themselves, the path of addresses, certificates, names and
//! tokens of users, and messages that are encrypted or take more than one chunk.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::reader::{Reader, Truncated};

mod service;
mod value;

use value::{string, text_of};

static VERSION: Field = Field::device("version").wireshark("opcua.transport.ver");
static ENDPOINT_HOST: Field = Field::site("endpoint_host");
static ERROR: Field = Field::device("error").wireshark("opcua.transport.error");
static SECURITY_POLICY: Field = Field::device("security_policy").form(Form::Fixed);
static SECURITY_MODE: Field = Field::device("security_mode").form(Form::Fixed);
static USER_TOKEN: Field = Field::device("user_token").form(Form::Fixed);
static SERVICE: Field = Field::device("service").wireshark("opcua.servicenodeid.numeric");
static RESULT: Field = Field::device("result");
static APPLICATION_URI: Field = Field::site("application_uri").form(Form::Token).wireshark("opcua.ApplicationUri");
static PRODUCT_URI: Field = Field::device("product_uri").form(Form::Token).wireshark("opcua.ProductUri");
static APPLICATION_NAME: Field = Field::site("application_name").form(Form::Label).wireshark("opcua.loctext.Text");
static APPLICATION_TYPE: Field = Field::device("application_type").form(Form::Fixed);

static FIELDS: &[&Field] = &[
    &VERSION,
    &ENDPOINT_HOST,
    &ERROR,
    &SECURITY_POLICY,
    &SECURITY_MODE,
    &USER_TOKEN,
    &SERVICE,
    &RESULT,
    &APPLICATION_URI,
    &PRODUCT_URI,
    &APPLICATION_NAME,
    &APPLICATION_TYPE,
];

/// Type, chunk and size before every message (OPC 10000-6 §7.1.2.2).
const HEADER_BYTES: usize = 8;
/// Larger chunks than this are passed over.
const CHUNK_BYTES_MAX: usize = 64 * 1_024;
/// The largest size of a chunk that is believed.
const SIZE_MAX: usize = 16 * 1_024 * 1_024;

/// The protocol's entry in the list.
pub static DECODER: Opcua = Opcua;

/// OPC UA.
pub struct Opcua;

impl Decoder for Opcua {
    fn name(&self) -> &'static str {
        "opcua"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[4_840])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match [probe(opening.initiator), probe(opening.responder)] {
            [Probe::No, _] | [_, Probe::No] => Probe::No,
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            [Probe::More, Probe::More] => Probe::More,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// The types of message and the least size of each (OPC 10000-6 §6.7.2 and §7.1.2).
static TYPES: &[(&[u8; 3], usize)] =
    &[(b"HEL", 32), (b"ACK", 28), (b"ERR", 16), (b"RHE", 16), (b"OPN", 32), (b"MSG", 26), (b"CLO", 26)];

/// A type, a chunk and a size that fit each other.
fn probe(bytes: &[u8]) -> Probe {
    let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else {
        let begins = |(kind, _): &(&[u8; 3], usize)| kind.starts_with(bytes.get(..3).unwrap_or(bytes));
        return if TYPES.iter().any(begins) { Probe::More } else { Probe::No };
    };
    if size_of(header).is_some() { Probe::Yes } else { Probe::No }
}

/// The size of a message whose header is right.
fn size_of(header: &[u8; HEADER_BYTES]) -> Option<usize> {
    let [a, b, c, chunk, size @ ..] = *header;
    let (_, least) = TYPES.iter().find(|(kind, _)| **kind == [a, b, c])?;
    let size = usize::try_from(u32::from_le_bytes(size)).ok()?;
    let is_chunked = matches!([a, b, c], [b'M', ..] | [b'C', ..]);
    let has_chunk = chunk == b'F' || is_chunked && matches!(chunk, b'C' | b'A');
    // An acknowledgement is always as long.
    let has_size = (*least..=SIZE_MAX).contains(&size) && (a != b'A' || size == *least);
    (has_chunk && has_size).then_some(size)
}

#[derive(Default)]
struct Connection {
    lanes: [Lane; 2],
    /// Whether the channel is neither signed nor encrypted; unknown if its beginning was not seen.
    is_open: Option<bool>,
}

/// One direction.
#[derive(Default)]
struct Lane {
    /// Bytes were missing or made no sense: the next message is looked for.
    lost: bool,
    /// The next chunk goes on with a message.
    goes_on: bool,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else { return Step::Wait(HEADER_BYTES) };
        let lane = self.lane(input.direction);
        let Some(size) = size_of(header) else {
            *lane = Lane { lost: true, goes_on: false };
            return Step::Read(bytes.len());
        };
        lane.lost = false;
        let Some(message) = bytes.get(HEADER_BYTES..size) else {
            return match size {
                ..=CHUNK_BYTES_MAX => Step::Wait(size),
                _ => Step::Skip(size.saturating_sub(bytes.len()) as u64),
            };
        };
        let [a, b, c, chunk, ..] = *header;
        let is_first = !std::mem::replace(&mut lane.goes_on, chunk == b'C');
        if is_first {
            // What cannot be read of a message ends it.
            let _ = self.message(&[a, b, c], Reader::new(message), input.direction, messages);
        }
        Step::Read(size)
    }

    fn gap(&mut self, direction: Direction) -> bool {
        *self.lane(direction) = Lane { lost: true, goes_on: false };
        true
    }
}

impl Connection {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [to_responder, to_initiator] = &mut self.lanes;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }

    fn message(
        &mut self,
        kind: &[u8; 3],
        mut reader: Reader<'_>,
        direction: Direction,
        messages: &mut Messages,
    ) -> Result<(), Truncated> {
        match kind {
            b"HEL" => {
                let version = reader.u32_le("ProtocolVersion")?;
                reader.skip(16, "buffer and message sizes")?;
                let url = string(&mut reader, "EndpointUrl")?;
                let message = messages.begin("opcua", "hello").number(&VERSION, version);
                message.bytes(&ENDPOINT_HOST, host_of(url));
            }
            b"ACK" => {
                let version = reader.u32_le("ProtocolVersion")?;
                messages.begin("opcua", "acknowledge").number(&VERSION, version);
            }
            b"ERR" => {
                let error = reader.u32_le("Error")?;
                messages.begin("opcua", "error").number(&ERROR, error);
            }
            b"OPN" => self.open(reader, direction, messages)?,
            b"MSG" => self.service(reader, messages)?,
            _ => {}
        }
        Ok(())
    }

    /// OpenSecureChannel with its asymmetric header (OPC 10000-6 §6.7.2.3).
    fn open(&mut self, mut reader: Reader<'_>, direction: Direction, messages: &mut Messages) -> Result<(), Truncated> {
        reader.skip(4, "SecureChannelId")?;
        let policy = policy_of(string(&mut reader, "SecurityPolicyUri")?);
        self.is_open = Some(policy == "none");
        let is_answer = direction == Direction::ToInitiator;
        let kind = if is_answer { "open_secure_channel_response" } else { "open_secure_channel" };
        messages.begin("opcua", kind).str(&SECURITY_POLICY, policy);
        Ok(())
    }

    /// A service over the channel (OPC 10000-6 §6.7.2.4 to §6.7.2.6), where it can be read.
    fn service(&self, mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
        if self.is_open == Some(false) {
            return Ok(());
        }
        reader.skip(16, "SecureChannelId, TokenId, SequenceNumber, RequestId")?;
        let Some(number) = value::node(&mut reader)? else { return Ok(()) };
        let Some(service) = service::of(number) else { return Ok(()) };
        let message = messages.begin("opcua", service.kind).number(&SERVICE, number).operated(service.name);
        // Whoever signs in over an open channel does all that follows over it; looking for servers is meant to be open.
        if self.is_open == Some(true) && service.name == "activate_session" && service.kind == "response" {
            message.weak(Weakness::CleartextManagement);
        }
        // A message that breaks off tells what it held so far.
        let _ = service::tell(number, reader, message);
        Ok(())
    }
}

/// The host and port of `opc.tcp://host:port/path`.
fn host_of(url: &[u8]) -> &[u8] {
    let behind = url.windows(3).position(|window| window == b"://").and_then(|at| url.get(at.saturating_add(3)..));
    text_of(behind.unwrap_or_default(), b"/?# ")
}

/// The policies that OPC UA names (OPC 10000-7 §6.6), by what stands behind `#`.
fn policy_of(uri: &[u8]) -> &'static str {
    match uri.rsplit(|byte| *byte == b'#').next().unwrap_or_default() {
        b"None" => "none",
        b"Basic128Rsa15" => "basic128_rsa15",
        b"Basic256" => "basic256",
        b"Basic256Sha256" => "basic256_sha256",
        b"Aes128_Sha256_RsaOaep" => "aes128_sha256_rsa_oaep",
        b"Aes256_Sha256_RsaPss" => "aes256_sha256_rsa_pss",
        _ => "other",
    }
}
