//! Transport Layer Security (RFC 8446 for 1.3, RFC 5246 for 1.2, RFC 4346 and 2246 before, RFC 6101 for SSL 3.0), up
//! to where encryption begins: the hellos of both sides and the certificates that are sent readable (up to 1.2).
//! A client hello in the form of SSL 2.0 (RFC 5246 appendix E.2) is read too.
//!
//! Fingerprints of the client are JA3 (as Salesforce published it) and JA4 (the FoxIO specification's `JA4`, which is
//! under a BSD licence; none of its siblings is computed). Hellos over QUIC are told as those over TCP. Left out: DTLS, everything
//! encrypted, all but the first certificate of a chain, and what names the person in a client's certificate.

use model::{Field, Form, Messages};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};

mod certificate;
mod fingerprint;
mod hello;
mod session;
mod suites;
mod version;

pub(super) use session::tell_hellos;

static VERSION: Field = Field::device("version").form(Form::Fixed).wireshark("tls.handshake.version");
static SERVER_NAME: Field = Field::site("server_name").wireshark("tls.handshake.extensions_server_name");
static ALPN: Field = Field::device("alpn").form(Form::Token).wireshark("tls.handshake.extensions_alpn_str");
static JA3: Field = Field::device("ja3").form(Form::Fixed).wireshark("tls.handshake.ja3");
static JA4: Field = Field::device("ja4").form(Form::Fixed).wireshark("tls.handshake.ja4");
static CIPHER_COUNT: Field = Field::device("cipher_count");
static CIPHER: Field = Field::device("cipher").form(Form::Fixed).wireshark("tls.handshake.ciphersuite");
static SUBJECT_CN: Field = Field::site("subject_cn").form(Form::Label);
static SUBJECT_O: Field = Field::device("subject_o").form(Form::Label);
static SUBJECT_OU: Field = Field::device("subject_ou").form(Form::Label);
static SUBJECT_C: Field = Field::device("subject_c");
static ISSUER_CN: Field = Field::device("issuer_cn").form(Form::Label);
static ISSUER_O: Field = Field::device("issuer_o").form(Form::Label);
static SAN: Field = Field::site("san").wireshark("x509ce.dNSName x509ce.IPAddress.ipv4 x509ce.IPAddress.ipv6");
static SERIAL: Field = Field::device("serial").form(Form::Fixed).wireshark("x509af.serialNumber");
static NOT_BEFORE: Field = Field::device("not_before").form(Form::Fixed);
static NOT_AFTER: Field = Field::device("not_after").form(Form::Fixed);
static KEY_ALGORITHM: Field = Field::device("key_algorithm").form(Form::Fixed);
static KEY_BITS: Field = Field::device("key_bits");
static SIGNATURE_ALGORITHM: Field = Field::device("signature_algorithm").form(Form::Fixed);
static SELF_SIGNED: Field = Field::device("self_signed");

static FIELDS: &[&Field] = &[
    &VERSION,
    &SERVER_NAME,
    &ALPN,
    &JA3,
    &JA4,
    &CIPHER_COUNT,
    &CIPHER,
    &SUBJECT_CN,
    &SUBJECT_O,
    &SUBJECT_OU,
    &SUBJECT_C,
    &ISSUER_CN,
    &ISSUER_O,
    &SAN,
    &SERIAL,
    &NOT_BEFORE,
    &NOT_AFTER,
    &KEY_ALGORITHM,
    &KEY_BITS,
    &SIGNATURE_ALGORITHM,
    &SELF_SIGNED,
];

/// The first byte of a record that belongs to a handshake (RFC 8446 §5.1).
pub const HANDSHAKE: u8 = 0x16;
/// So many bytes tell whether a client hello begins: a record's head, a message's, and the version in it.
pub const OPENING_BYTES: usize = 11;

/// Whether bytes begin with the record of a client hello: what speaks another protocol may go on like that.
pub fn is_client_hello(bytes: &[u8]) -> bool {
    matches!(bytes, [HANDSHAKE, 3, 0..=4, _, _, 1, 0, _, _, 3, 0..=4, ..])
}

/// Reads what a client says through a proxy, up to the answer: that comes from a server elsewhere, and would tell things of
/// the proxy that are not its own.
pub fn through_a_proxy() -> Box<dyn Session> {
    Box::<ThroughProxy>::default()
}

#[derive(Default)]
struct ThroughProxy(session::Connection);

impl Session for ThroughProxy {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        match input.direction {
            Direction::ToResponder => self.0.push(input, messages),
            Direction::ToInitiator => Step::Done,
        }
    }
}

/// The protocol's entry in the list.
pub static DECODER: Tls = Tls;

/// Transport Layer Security.
pub struct Tls;

impl Decoder for Tls {
    fn name(&self) -> &'static str {
        "tls"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // HTTPS, and what else speaks TLS from the first byte: DICOM (2762), syslog, LDAP, mail, FTP, MQTT, SIP, DNS.
        &[Carrier::Stream(&[443, 465, 636, 853, 989, 990, 992, 993, 995, 2_762, 5_061, 6_514, 8_443, 8_883])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let sides = [opening.initiator, opening.responder].map(|bytes| session::probe(bytes, opening.hinted));
        match sides {
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            // Whatever comes back, the side that was to begin began with something else.
            [Probe::No, _] if !opening.initiator.is_empty() => Probe::No,
            [Probe::More, _] | [_, Probe::More] => Probe::More,
            [Probe::No, Probe::No] => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<session::Connection>::default()
    }
}
