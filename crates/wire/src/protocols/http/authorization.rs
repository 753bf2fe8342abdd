//! The `Authorization` and `WWW-Authenticate` headers (RFC 9110 §11): which scheme, and whether the password is one
//! that everyone knows. Nothing else of them is kept.

use data_encoding::BASE64;

use crate::credentials;

/// Schemes of IANA's "HTTP Authentication Schemes" registry and NTLM. What is not listed is told as `other`: a header
/// without a scheme would be the secret itself.
static SCHEMES: &[&str] = &[
    "Basic",
    "Bearer",
    "Digest",
    "NTLM",
    "Negotiate",
    "Kerberos",
    "DPoP",
    "HOBA",
    "Mutual",
    "OAuth",
    "GNAP",
    "vapid",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "PrivateToken",
    "AWS4-HMAC-SHA256",
    "WSSE",
];

/// The longest `name:password`, encoded, that is compared with the defaults.
const BASIC_BYTES_MAX: usize = 88;

/// The scheme's name as it is registered.
pub(in crate::protocols) fn scheme(value: &[u8]) -> &'static str {
    let (name, _) = split(value);
    SCHEMES.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(name)).copied().unwrap_or("other")
}

/// The first word, and what follows it.
fn split(value: &[u8]) -> (&[u8], &[u8]) {
    let value = value.trim_ascii();
    let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t' | b',')).unwrap_or(value.len());
    let (name, rest) = value.split_at_checked(end).unwrap_or((value, &[]));
    (name, rest.trim_ascii())
}

/// Whether whoever reads along can sign in with what the header holds.
pub(in crate::protocols) fn is_readable(scheme: &str) -> bool {
    matches!(scheme, "Basic" | "Bearer")
}

/// What is known of the name and password in `Basic` credentials (RFC 7617 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::protocols) struct Basic {
    /// The pair is one that everyone can look up.
    pub(in crate::protocols) is_default: bool,
    /// There is no password.
    pub(in crate::protocols) is_empty: bool,
}

/// Looks at `Basic` credentials; they are overwritten before this returns.
pub(in crate::protocols) fn basic(value: &[u8]) -> Basic {
    let (_, encoded) = split(value);
    let mut decoded = [0_u8; BASIC_BYTES_MAX];
    if encoded.len() > BASIC_BYTES_MAX {
        return Basic::default();
    }
    let Ok(length) = BASE64.decode_len(encoded.len()) else { return Basic::default() };
    let Some(room) = decoded.get_mut(..length) else { return Basic::default() };
    let Ok(length) = BASE64.decode_mut(encoded, room) else { return Basic::default() };
    let pair = room.get(..length).unwrap_or_default();
    let found = pair.iter().position(|byte| *byte == b':').and_then(|colon| pair.split_at_checked(colon));
    let basic = found.map_or(Basic::default(), |(name, password)| {
        let password = password.get(1..).unwrap_or_default();
        Basic { is_default: credentials::is_default(name, password), is_empty: password.is_empty() && !name.is_empty() }
    });
    room.fill(0);
    basic
}

/// The realm of a challenge (RFC 9110 §11.5), without its quotes.
pub(in crate::protocols) fn realm(value: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"realm=";
    let at = value.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME))?;
    let value = value.get(at.saturating_add(NAME.len())..)?;
    match value {
        [b'"', quoted @ ..] => quoted.split(|byte| *byte == b'"').next(),
        plain => plain.split(|byte| matches!(byte, b',' | b' ')).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_without_a_scheme_gives_nothing_away() {
        assert_eq!(scheme(b"basic QWxhZGRpbjpvcGVu"), "Basic");
        assert_eq!(scheme(b"CANARY"), "other");
        assert_eq!(scheme(b""), "other");
    }

    #[test]
    fn default_passwords_are_told_and_others_are_not() {
        let of = |pair: &str| basic(format!("Basic {}", BASE64.encode(pair.as_bytes())).as_bytes());
        assert_eq!(of("admin:admin"), Basic { is_default: true, is_empty: false });
        assert_eq!(of("admin:"), Basic { is_default: true, is_empty: true });
        assert_eq!(of("admin:a long and good passphrase"), Basic::default());
        assert_eq!(of(&"x".repeat(500)), Basic::default());
        assert_eq!(basic(b"Basic %%%"), Basic::default());
        assert_eq!(basic(b"Basic"), Basic::default());
    }

    #[test]
    fn realms_are_read_with_and_without_quotes() {
        assert_eq!(realm(b"Basic realm=\"Main Unit\", charset=\"UTF-8\""), Some(b"Main Unit".as_slice()));
        assert_eq!(realm(b"Digest qop=\"auth\", Realm=pump"), Some(b"pump".as_slice()));
        assert_eq!(realm(b"NTLM"), None);
    }
}
