//! The hellos (RFC 8446 §4.1.2, §4.1.3; RFC 5246 §7.4.1; RFC 5246 appendix E.2 and RFC 6101 appendix E for SSL 2.0).

use model::{Messages, Weakness};

use super::{ALPN, CIPHER, CIPHER_COUNT, JA3, JA4, SERVER_NAME, VERSION, fingerprint, suites, version};
use crate::protocols::DecodeError;
use crate::reader::{Reader, Truncated};

/// `server_name` (RFC 6066 §3).
pub(super) const EXTENSION_SERVER_NAME: u16 = 0;
/// `supported_groups`, before `elliptic_curves` (RFC 8422 §5.1.1).
const EXTENSION_GROUPS: u16 = 10;
/// `ec_point_formats` (RFC 8422 §5.1.2).
const EXTENSION_POINT_FORMATS: u16 = 11;
/// `signature_algorithms` (RFC 8446 §4.2.3).
const EXTENSION_SIGNATURE_ALGORITHMS: u16 = 13;
/// `application_layer_protocol_negotiation` (RFC 7301 §3.1).
pub(super) const EXTENSION_ALPN: u16 = 16;
/// `supported_versions` (RFC 8446 §4.2.1).
const EXTENSION_VERSIONS: u16 = 43;
/// How many protocols of one hello are told.
const PROTOCOLS_MAX: usize = 16;

/// Pairs of bytes as numbers; an odd byte at the end is none.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    })
}

/// The extensions of a hello, in their order; ends at the first that is cut.
#[derive(Clone, Copy, Default)]
struct Extensions<'a>(&'a [u8]);

impl<'a> Extensions<'a> {
    /// What follows the fixed part of a hello; a hello without extensions ends there.
    fn read(reader: &mut Reader<'a>) -> Self {
        let Ok(length) = reader.u16("extensions.length") else { return Self::default() };
        Self(reader.take_up_to(usize::from(length)))
    }

    fn iter(self) -> impl Iterator<Item = (u16, &'a [u8])> {
        let mut reader = Reader::new(self.0);
        std::iter::from_fn(move || {
            let kind = reader.u16("extension_type").ok()?;
            let length = reader.u16("extension_data.length").ok()?;
            Some((kind, reader.take(usize::from(length), "extension_data").ok()?))
        })
    }

    fn find(self, wanted: u16) -> &'a [u8] {
        self.iter().find(|(kind, _)| *kind == wanted).map_or(&[], |(_, data)| data)
    }

    /// A list of numbers behind its length in two bytes.
    fn list(self, wanted: u16) -> &'a [u8] {
        let mut reader = Reader::new(self.find(wanted));
        reader.u16("list.length").map_or(&[], |length| reader.take_up_to(usize::from(length)))
    }

    /// The protocols of ALPN, each behind its length in one byte.
    fn alpn(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::new(self.list(EXTENSION_ALPN));
        std::iter::from_fn(move || {
            let length = reader.u8("ProtocolName.length").ok()?;
            reader.take(usize::from(length), "ProtocolName").ok()
        })
    }
}

/// What carries a hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HelloCarrier {
    /// Records, in a stream.
    Tcp,
    /// Frames of QUIC (RFC 9001 §4).
    Quic,
}

/// A `ClientHello`.
pub(super) struct ClientHello<'a> {
    pub(super) legacy_version: u16,
    cipher_suites: &'a [u8],
    extensions: Extensions<'a>,
}

impl<'a> ClientHello<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Truncated> {
        let mut reader = Reader::new(body);
        let legacy_version = reader.u16("legacy_version")?;
        reader.skip(32, "random")?;
        let session = reader.u8("legacy_session_id.length")?;
        reader.skip(usize::from(session), "legacy_session_id")?;
        let suites = reader.u16("cipher_suites.length")?;
        let cipher_suites = reader.take(usize::from(suites), "cipher_suites")?;
        let methods = reader.u8("legacy_compression_methods.length")?;
        reader.skip(usize::from(methods), "legacy_compression_methods")?;
        Ok(Self { legacy_version, cipher_suites, extensions: Extensions::read(&mut reader) })
    }

    pub(super) fn ciphers(&self) -> impl Iterator<Item = u16> {
        numbers(self.cipher_suites)
    }

    pub(super) fn extensions(&self) -> impl Iterator<Item = (u16, &'a [u8])> {
        self.extensions.iter()
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = u16> {
        numbers(self.extensions.list(EXTENSION_GROUPS))
    }

    pub(super) fn point_formats(&self) -> impl Iterator<Item = u8> {
        let mut reader = Reader::new(self.extensions.find(EXTENSION_POINT_FORMATS));
        let length = reader.u8("ec_point_format_list.length").unwrap_or(0);
        reader.take_up_to(usize::from(length)).iter().copied()
    }

    pub(super) fn signature_algorithms(&self) -> impl Iterator<Item = u16> {
        numbers(self.extensions.list(EXTENSION_SIGNATURE_ALGORITHMS))
    }

    pub(super) fn alpn(&self) -> impl Iterator<Item = &'a [u8]> {
        self.extensions.alpn()
    }

    /// The highest version offered (RFC 8446 §4.2.1: the extension's, where there is one).
    pub(super) fn version(&self) -> u16 {
        let mut reader = Reader::new(self.extensions.find(EXTENSION_VERSIONS));
        let length = reader.u8("versions.length").unwrap_or(0);
        let versions = numbers(reader.take_up_to(usize::from(length)));
        versions.filter(|version| !version::is_grease(*version)).max().unwrap_or(self.legacy_version)
    }

    /// The host name asked for (RFC 6066 §3, `name_type` 0).
    fn server_name(&self) -> Option<&'a [u8]> {
        let mut reader = Reader::new(self.extensions.list(EXTENSION_SERVER_NAME));
        loop {
            let kind = reader.u8("name_type").ok()?;
            let length = reader.u16("HostName.length").ok()?;
            let name = reader.take(usize::from(length), "HostName").ok()?;
            if kind == 0 {
                return Some(name);
            }
        }
    }

    pub(super) fn tell(&self, carrier: HelloCarrier, messages: &mut Messages) {
        let message = messages.begin("tls", "client_hello");
        message.str(&VERSION, version::name(self.version()).unwrap_or_default());
        message.bytes(&SERVER_NAME, self.server_name().unwrap_or_default());
        for protocol in self.alpn().take(PROTOCOLS_MAX) {
            message.bytes(&ALPN, protocol);
        }
        message.hex(&JA3, &fingerprint::ja3(self)).bytes(&JA4, &fingerprint::ja4(self, carrier));
        let count = self.ciphers().filter(|cipher| !version::is_grease(*cipher)).count();
        message.number(&CIPHER_COUNT, count as u64);
    }
}

/// A `ServerHello`.
pub(super) struct ServerHello {
    version: u16,
    /// Asks for another client hello instead of answering (RFC 8446 §4.1.4).
    is_retry: bool,
}

impl ServerHello {
    /// Begins the message.
    pub(super) fn read(body: &[u8], messages: &mut Messages) -> Result<Self, Truncated> {
        let mut reader = Reader::new(body);
        let legacy_version = reader.u16("legacy_version")?;
        let random: [u8; 32] = reader.array("random")?;
        let (cipher, extensions) = if matches!(legacy_version, version::TLS13 | 0x7f00..=0x7f15) {
            // Drafts of TLS 1.3 up to 21 leave the session and the compression out. Those before 16 have its number where
            // the final version has that of 1.2.
            (reader.u16("cipher_suite")?, Extensions::read(&mut reader))
        } else {
            let session = reader.u8("legacy_session_id_echo.length")?;
            reader.skip(usize::from(session), "legacy_session_id_echo")?;
            let cipher = reader.u16("cipher_suite")?;
            reader.skip(1, "legacy_compression_method")?;
            (cipher, Extensions::read(&mut reader))
        };
        let chosen = numbers(extensions.find(EXTENSION_VERSIONS)).next();
        let version = chosen.unwrap_or(legacy_version);
        tell_server_hello(version, Some(cipher), extensions.alpn().next(), messages);
        Ok(Self { version, is_retry: random == RETRY })
    }

    /// Whether everything after it is encrypted.
    pub(super) const fn begins_encryption(&self) -> bool {
        version::is_13(self.version) && !self.is_retry
    }

    pub(super) const fn is_retry(&self) -> bool {
        self.is_retry
    }
}

/// The random of a HelloRetryRequest: SHA-256 of that word (RFC 8446 §4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
    0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

fn tell_server_hello(version: u16, cipher: Option<u16>, alpn: Option<&[u8]>, messages: &mut Messages) {
    let message = messages.begin("tls", "server_hello");
    message.str(&VERSION, version::name(version).unwrap_or_default());
    if let Some(cipher) = cipher {
        message.hex(&CIPHER, &cipher.to_be_bytes());
        if suites::is_weak(cipher) {
            message.weak(Weakness::WeakCipher);
        }
    }
    message.bytes(&ALPN, alpn.unwrap_or_default());
    if version < version::TLS12 {
        message.weak(Weakness::ObsoleteTls);
    }
}

/// The length of an SSL 2.0 record without padding, from its first two bytes.
pub(super) const fn ssl2_length(first: u8, second: u8) -> usize {
    u16::from_be_bytes([first & 0x7f, second]) as usize
}

/// A hello in the form of SSL 2.0, after the record's length: a client's offers 2.0 or, in the old form, something
/// newer; a server's agrees on 2.0. Returns which one of them it was.
pub(super) fn ssl2(record: &[u8], messages: &mut Messages) -> Result<Ssl2Hello, DecodeError> {
    let mut reader = Reader::new(record);
    match reader.u8("msg_type")? {
        1 => {
            let version = reader.u16("version")?;
            let suites = reader.u16("cipher_spec_length")?;
            reader.skip(4, "session_id_length, challenge_length")?;
            reader.skip(usize::from(suites), "cipher_specs")?;
            let Some(name) = version::name(version) else {
                return Err(DecodeError::Malformed { field: "version", rule: "a version that exists" });
            };
            let message = messages.begin("tls", "client_hello");
            message.str(&VERSION, name).number(&CIPHER_COUNT, suites / 3);
            Ok(if version == version::SSL2 { Ssl2Hello::Old } else { Ssl2Hello::Newer })
        }
        4 => {
            reader.skip(2, "session_id_hit, certificate_type")?;
            if reader.u16("server_version")? != version::SSL2 {
                return Err(DecodeError::Malformed { field: "server_version", rule: "SSL 2.0" });
            }
            tell_server_hello(version::SSL2, None, None, messages);
            Ok(Ssl2Hello::Old)
        }
        _ => Err(DecodeError::Malformed { field: "msg_type", rule: "CLIENT-HELLO or SERVER-HELLO" }),
    }
}

/// What a hello in the form of SSL 2.0 leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ssl2Hello {
    /// More of SSL 2.0.
    Old,
    /// Records of SSL 3.0 or TLS.
    Newer,
}
