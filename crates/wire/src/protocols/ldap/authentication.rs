//! How somebody signs in (RFC 4511 §4.2). Names and passwords are looked at and forgotten.

use model::{Messages, Weakness};

use super::operation::Operation;
use super::{AUTHENTICATION, MECHANISM, VERSION, operated};
use crate::ber;
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// Mechanisms by name: IANA's registry of SASL mechanisms. Others are `other`.
static MECHANISMS: &[&str] = &[
    "ANONYMOUS",
    "CRAM-MD5",
    "DIGEST-MD5",
    "EAP-AES128",
    "EXTERNAL",
    "GS2-KRB5",
    "GSS-SPNEGO",
    "GSSAPI",
    "LOGIN",
    "NTLM",
    "OAUTHBEARER",
    "OTP",
    "PLAIN",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-512-PLUS",
    "SECURID",
    "SKEY",
];
/// Those that carry the password itself.
static READABLE: &[&str] = &["PLAIN", "LOGIN"];

/// BindRequest.
pub(super) fn request(mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let version = ber::integer(&mut body, "version")?;
    let name = ber::tagged(&mut body, ber::OCTET_STRING, "name")?;
    let (tag, content) = ber::element(&mut body, "authentication")?;
    let mut credentials = Reader::new(content);
    let mechanism = match tag {
        0xa3 => ber::tagged(&mut credentials, ber::OCTET_STRING, "mechanism")?,
        _ => &[],
    };
    let message = operated(Operation::BindRequest, messages);
    message.number(&VERSION, u64::try_from(version).unwrap_or_default());
    match tag {
        // RFC 4513 §5.1: without a name anonymous, without a password unauthenticated.
        0x80 if content.is_empty() => {
            message.str(&AUTHENTICATION, if name.is_empty() { "anonymous" } else { "unauthenticated" });
        }
        0x80 => {
            message.str(&AUTHENTICATION, "simple").weak(Weakness::CleartextCredentials);
        }
        0xa3 => {
            let known = MECHANISMS.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(mechanism));
            let known = known.unwrap_or(&"other");
            message.str(&AUTHENTICATION, "sasl").str(&MECHANISM, known);
            if READABLE.contains(known) && !credentials.is_empty() {
                message.weak(Weakness::CleartextCredentials);
            }
        }
        // [MS-ADTS] §5.1.1.1.3: NTLM in three steps (sicily).
        0x89..=0x8b | 0xa9..=0xab => {
            message.str(&AUTHENTICATION, "sicily");
        }
        _ => {
            message.str(&AUTHENTICATION, "other");
        }
    }
    Ok(())
}
