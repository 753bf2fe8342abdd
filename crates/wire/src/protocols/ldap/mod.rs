//! Lightweight Directory Access Protocol version 3 (RFC 4511) by TCP, and by UDP as controllers of Windows domains answer it
//! ([MS-ADTS] §3.1.1.3.1.1, §6.3.3).
//!
//! Tells which operations are asked for and how they end, how somebody signs in, and what a directory says of itself in its
//! root (RFC 4512 §5.1) and to stations that look for their controller. Left out: names of entries, which are those of
//! people, what is searched for, what is found, passwords and texts. After StartTLS was granted (RFC 4511 §4.14) the `tls`
//! decoder reads on; nothing is read behind a security layer of SASL.

use model::{Field, Form, Messages};

use super::{Carrier, DecodeError, Decoder, Direction, Input, Opening, Probe, Session, Stateless, Step, named};
use crate::ber;
use crate::reader::Reader;

mod authentication;
mod netlogon;
mod operation;
mod root;

use operation::{Envelope, Operation};

/// The longest message that is read; of longer ones, and of entries found, the operation alone.
const MESSAGE_BYTES_MAX: usize = 64 * 1_024;
/// No message is longer: servers take 10 MB at most ([MS-ADTS] §3.1.1.3.4.6, MaxReceiveBuffer).
const MESSAGE_BYTES_BELIEVED: usize = 16 * 1_024 * 1_024;
/// So many messages of one datagram are read: an entry and the end of the search.
const MESSAGES_MAX: usize = 8;
/// What asks for TLS (RFC 4511 §4.14.1).
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

static VERSION: Field = Field::device("version").wireshark("ldap.version");
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed).wireshark("ldap.authentication");
static MECHANISM: Field = Field::device("mechanism").form(Form::Fixed).wireshark("ldap.mechanism");
static RESULT_CODE: Field = Field::device("result_code").wireshark("ldap.resultCode");
static EXTENDED_OPERATION: Field =
    Field::device("extended_operation").form(Form::ObjectIdentifier).wireshark("ldap.requestName ldap.responseName");
static NAMING_CONTEXT: Field = Field::site("naming_context");
static SERVER_NAME: Field = Field::site("server_name").wireshark("mscldap.hostname");
static FUNCTIONAL_LEVEL: Field = Field::device("functional_level");
static VENDOR_NAME: Field = Field::device("vendor_name");
static VENDOR_VERSION: Field = Field::device("vendor_version");
static FOREST: Field = Field::site("forest").wireshark("mscldap.forest");
static DOMAIN: Field = Field::site("domain").wireshark("mscldap.domain");
static NETBIOS_DOMAIN: Field = Field::site("netbios_domain").wireshark("mscldap.nb_domain");
static NETBIOS_NAME: Field = Field::site("netbios_name").wireshark("mscldap.nb_hostname");
static SITE: Field = Field::site("site").wireshark("mscldap.sitename");
static CLIENT_SITE: Field = Field::site("client_site").wireshark("mscldap.clientsitename");
static CONTROLLER_FLAGS: Field = Field::device("controller_flags").wireshark("mscldap.netlogon.flags");
static CLIENT_NAME: Field = Field::site("client_name");

static FIELDS: &[&Field] = &[
    &VERSION,
    &AUTHENTICATION,
    &MECHANISM,
    &RESULT_CODE,
    &EXTENDED_OPERATION,
    &NAMING_CONTEXT,
    &SERVER_NAME,
    &FUNCTIONAL_LEVEL,
    &VENDOR_NAME,
    &VENDOR_VERSION,
    &FOREST,
    &DOMAIN,
    &NETBIOS_DOMAIN,
    &NETBIOS_NAME,
    &SITE,
    &CLIENT_SITE,
    &CONTROLLER_FLAGS,
    &CLIENT_NAME,
];

/// The protocol's entry in the list.
pub static DECODER: Ldap = Ldap;

/// Lightweight Directory Access Protocol.
pub struct Ldap;

impl Decoder for Ldap {
    fn name(&self) -> &'static str {
        "ldap"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[389, 3_268]), Carrier::Datagram(&[389])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.first() {
            Some(bytes @ [ber::SEQUENCE, ..]) => match operation::begins_a_talk(bytes, opening.hinted) {
                Ok(true) => Probe::Yes,
                Ok(false) | Err(DecodeError::Malformed { .. }) => Probe::No,
                Err(DecodeError::Truncated(_)) => Probe::More,
            },
            _ => Probe::No,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Stream(_) => Box::<Connection>::default(),
            _ => Box::new(Stateless(datagram)),
        }
    }
}

fn datagram(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(input.bytes);
    for _ in 0..MESSAGES_MAX {
        if reader.is_empty() {
            break;
        }
        let envelope = Envelope::read(&mut reader)?;
        tell(&envelope, messages)?;
    }
    Ok(())
}

/// Tells of one message, where it says anything.
fn tell(envelope: &Envelope<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let Envelope { operation, mut body } = *envelope;
    match operation {
        Operation::BindRequest => return authentication::request(body, messages),
        Operation::SearchRequest => return netlogon::request(body, messages),
        Operation::SearchEntry => return root::entry(body, messages),
        Operation::ExtendedRequest => {
            let name = Reader::new(ber::tagged(&mut body, 0x80, "requestName")?);
            operated(operation, messages).bytes(&EXTENDED_OPERATION, name.rest());
        }
        _ if operation.is_result() => {
            let code = result_code(&mut body)?;
            let message = messages.begin("ldap", operation.name());
            message.number(&RESULT_CODE, code);
            if operation == Operation::ExtendedResponse {
                message.bytes(&EXTENDED_OPERATION, response_name(body));
            }
        }
        Operation::SearchReference | Operation::IntermediateResponse => {}
        _ => {
            operated(operation, messages);
        }
    }
    Ok(())
}

/// Begins the message of a request.
fn operated(operation: Operation, messages: &mut Messages) -> &mut model::Message {
    let message = messages.begin("ldap", operation.name());
    message.operated(operation.name().trim_end_matches("_request"))
}

/// LDAPResult (RFC 4511 §4.1.9). Names of entries and texts behind the code are passed over.
fn result_code(body: &mut Reader<'_>) -> Result<u64, DecodeError> {
    let code = ber::tagged(body, operation::ENUMERATED, "resultCode")?;
    match code {
        [code] => Ok(u64::from(*code)),
        [high, low] => Ok(u64::from(u16::from_be_bytes([*high, *low]))),
        _ => Err(DecodeError::Malformed { field: "resultCode", rule: "is a number of two bytes at most" }),
    }
}

/// `responseName` of an ExtendedResponse (RFC 4511 §4.12), empty if it has none.
fn response_name(mut body: Reader<'_>) -> &[u8] {
    while let Ok((tag, content)) = ber::element(&mut body, "ExtendedResponse") {
        if tag == 0x8a {
            return content;
        }
    }
    &[]
}

/// One connection.
#[derive(Default)]
struct Connection {
    /// StartTLS was asked for, and not answered yet.
    asked_for_tls: bool,
    /// Reads on once the connection is encrypted.
    tls: Option<Box<dyn Session>>,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        if let Some(tls) = &mut self.tls {
            return tls.push(input, messages);
        }
        let whole = match operation::extent(input.bytes) {
            Ok(whole) if whole <= MESSAGE_BYTES_BELIEVED => whole,
            Err(DecodeError::Truncated(_)) => return Step::Wait(input.bytes.len().saturating_add(1)),
            // A security layer of SASL (RFC 4422 §3.7), or nothing that can be read.
            Ok(_) | Err(DecodeError::Malformed { .. }) => return Step::Done,
        };
        let Some(bytes) = input.bytes.get(..whole) else {
            let left = whole.saturating_sub(input.bytes.len());
            return if whole <= MESSAGE_BYTES_MAX { Step::Wait(whole) } else { Step::Skip(left as u64) };
        };
        if let Ok(envelope) = Envelope::read(&mut Reader::new(bytes)) {
            // What cannot be read is not begun, and the next message stands behind it all the same.
            let _ = tell(&envelope, messages);
            self.follow(&envelope, input.direction);
        }
        Step::Read(whole)
    }

    fn gap(&mut self, direction: Direction) -> bool {
        self.tls.as_mut().is_some_and(|tls| tls.gap(direction))
    }
}

impl Connection {
    /// Whether TLS begins behind this message.
    fn follow(&mut self, envelope: &Envelope<'_>, direction: Direction) {
        let mut body = envelope.body;
        match (envelope.operation, direction) {
            (Operation::ExtendedRequest, Direction::ToResponder) => {
                let name = ber::tagged(&mut body, 0x80, "requestName");
                self.asked_for_tls = name.is_ok_and(|name| name == START_TLS.as_bytes());
            }
            (Operation::ExtendedResponse, Direction::ToInitiator) => {
                let is_granted = std::mem::take(&mut self.asked_for_tls) && result_code(&mut body) == Ok(0);
                self.tls = named("tls").filter(|_| is_granted).map(|tls| tls.session(Carrier::Stream(&[])));
            }
            _ => {}
        }
    }
}
