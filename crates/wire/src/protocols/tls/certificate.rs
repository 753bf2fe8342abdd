//! The `Certificate` message up to TLS 1.2 (RFC 5246 §7.4.2) and the first X.509 certificate in it (RFC 5280).
//!
//! A client's certificate may be a person's (a health professional's card): of it, neither the common name nor the
//! unit is told unless it may also serve as a server, and of its alternative names only hosts and addresses.

use std::net::IpAddr;

use model::{Field, Message, Messages, Timestamp, Weakness};
use x509_parser::certificate::{X509Certificate, X509CertificateParser};
use x509_parser::extensions::{ExtendedKeyUsage, GeneralName, SubjectAlternativeName};
use x509_parser::nom::Parser as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::AttributeTypeAndValue;

use super::{
    ISSUER_CN, ISSUER_O, KEY_ALGORITHM, KEY_BITS, NOT_AFTER, NOT_BEFORE, SAN, SELF_SIGNED, SERIAL, SIGNATURE_ALGORITHM,
    SUBJECT_C, SUBJECT_CN, SUBJECT_O, SUBJECT_OU,
};
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// How many alternative names are told.
const NAMES_MAX: usize = 32;
/// RSA keys below that are weak (NIST SP 800-131A).
const RSA_BITS_MIN: u64 = 2_048;

/// Begins a message for the first certificate of the list.
pub(super) fn read(body: &[u8], by_server: bool, now: Timestamp, messages: &mut Messages) -> Result<(), DecodeError> {
    let mut reader = Reader::new(body);
    let list = reader.u24("certificate_list.length")?;
    let mut list = reader.part(list as usize, "certificate_list")?;
    let length = list.u24("ASN.1Cert.length")?;
    let der = list.take(length as usize, "ASN.1Cert")?;
    // Extensions are parsed one by one, only those that are wanted.
    let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
    let Ok((_, certificate)) = parser.parse(der) else {
        return Err(DecodeError::Malformed { field: "ASN.1Cert", rule: "an X.509 certificate" });
    };
    tell(&certificate, by_server, now, messages.begin("tls", "certificate"));
    Ok(())
}

fn tell(certificate: &X509Certificate<'_>, by_server: bool, now: Timestamp, message: &mut Message) {
    let subject = certificate.subject();
    let issuer = certificate.issuer();
    let is_host = by_server || may_serve(certificate);
    if is_host {
        name(message, &SUBJECT_CN, subject.iter_common_name().next());
    }
    name(message, &SUBJECT_O, subject.iter_organization().next());
    if is_host {
        name(message, &SUBJECT_OU, subject.iter_organizational_unit().next());
    }
    name(message, &SUBJECT_C, subject.iter_country().next());
    // Whether the key in it made the signature takes cryptography to say; a certificate that names itself as its
    // issuer has no other that vouches for it.
    let self_signed = subject.as_raw() == issuer.as_raw();
    if is_host || !self_signed {
        name(message, &ISSUER_CN, issuer.iter_common_name().next());
    }
    name(message, &ISSUER_O, issuer.iter_organization().next());
    alternative_names(certificate, message);
    let serial = certificate.raw_serial();
    message.hex(&SERIAL, serial.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(serial));
    let validity = certificate.validity();
    date(message, &NOT_BEFORE, validity.not_before);
    date(message, &NOT_AFTER, validity.not_after);

    let rsa_bits = key(certificate, message);
    let hash_is_broken = signature(certificate, message);
    message.flag(&SELF_SIGNED, self_signed);
    if !by_server {
        return;
    }
    if self_signed {
        message.weak(Weakness::SelfSignedCertificate);
    }
    let now = now.seconds();
    // A capture without times says nothing about what was valid.
    if now > 0 && (now < validity.not_before.timestamp() || now > validity.not_after.timestamp()) {
        message.weak(Weakness::ExpiredCertificate);
    }
    if hash_is_broken || rsa_bits.is_some_and(|bits| bits < RSA_BITS_MIN) {
        message.weak(Weakness::WeakCertificate);
    }
}

/// Whether it is good for a server too (`id-kp-serverAuth`, RFC 5280 §4.2.1.12): then it is a device's, not a person's.
fn may_serve(certificate: &X509Certificate<'_>) -> bool {
    let wanted = x509_parser::oid_registry::OID_X509_EXT_EXTENDED_KEY_USAGE;
    let usage = certificate.iter_extensions().find(|extension| extension.oid == wanted);
    usage
        .and_then(|extension| ExtendedKeyUsage::from_der(extension.value).ok())
        .is_some_and(|(_, usage)| usage.server_auth)
}

/// One part of a distinguished name.
fn name(message: &mut Message, field: &'static Field, attribute: Option<&AttributeTypeAndValue<'_>>) {
    /// `BMPString`, in UCS-2 (X.690 §8.23.7).
    const BMP_STRING: u32 = 30;
    let Some(attribute) = attribute else { return };
    let bytes = attribute.as_slice();
    if attribute.attr_value().tag().0 == BMP_STRING {
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        });
        let text: String = char::decode_utf16(units.take(256)).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
        message.str(field, &text);
    } else {
        message.bytes(field, bytes);
    }
}

/// `dNSName` and `iPAddress` of the alternative names (RFC 5280 §4.2.1.6); never mail addresses or directory names.
fn alternative_names(certificate: &X509Certificate<'_>, message: &mut Message) {
    let wanted = x509_parser::oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME;
    let extension = certificate.iter_extensions().find(|extension| extension.oid == wanted);
    let Some(Ok((_, names))) = extension.map(|extension| SubjectAlternativeName::from_der(extension.value)) else {
        return;
    };
    for name in names.general_names.iter().take(NAMES_MAX) {
        match name {
            GeneralName::DNSName(host) => {
                message.str(&SAN, host);
            }
            GeneralName::IPAddress(bytes) => {
                let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
                let v6 = <[u8; 16]>::try_from(*bytes).map(IpAddr::from);
                if let Ok(ip) = v4.or(v6) {
                    message.ip(&SAN, ip);
                }
            }
            _ => {}
        }
    }
}

/// A moment as `2026-01-02T03:04:05Z`.
fn date(message: &mut Message, field: &'static Field, time: ASN1Time) {
    let time = time.to_datetime();
    let parts: [(u32, usize, u8); 6] = [
        (time.year().unsigned_abs(), 4, b'-'),
        (u32::from(u8::from(time.month())), 2, b'-'),
        (u32::from(time.day()), 2, b'T'),
        (u32::from(time.hour()), 2, b':'),
        (u32::from(time.minute()), 2, b':'),
        (u32::from(time.second()), 2, b'Z'),
    ];
    let mut text = [b'0'; 20];
    let mut rest = text.as_mut_slice();
    for (value, width, after) in parts {
        let Some((place, behind)) = rest.split_at_mut_checked(width.saturating_add(1)) else { return };
        let Some((last, digits)) = place.split_last_mut() else { return };
        *last = after;
        let mut value = value;
        for digit in digits.iter_mut().rev() {
            *digit = b'0'.saturating_add((value % 10) as u8);
            value /= 10;
        }
        rest = behind;
    }
    message.bytes(field, &text);
}

/// The public key's kind and length. Returns the length if it is an RSA key.
fn key(certificate: &X509Certificate<'_>, message: &mut Message) -> Option<u64> {
    let info = certificate.public_key();
    let Ok(key) = info.parsed() else { return None };
    match key {
        PublicKey::RSA(rsa) => {
            let bits = bits(rsa.modulus);
            message.str(&KEY_ALGORITHM, "RSA").number(&KEY_BITS, bits);
            Some(bits)
        }
        PublicKey::EC(point) => {
            message.str(&KEY_ALGORITHM, "EC").number(&KEY_BITS, point.key_size() as u64);
            None
        }
        PublicKey::DSA(y) => {
            message.str(&KEY_ALGORITHM, "DSA").number(&KEY_BITS, bits(y));
            None
        }
        PublicKey::GostR3410(_) | PublicKey::GostR3410_2012(_) => {
            message.str(&KEY_ALGORITHM, "GOST");
            None
        }
        PublicKey::Unknown(_) => {
            let oid = info.algorithm.algorithm.as_bytes();
            let known = [(OID_ED25519, "Ed25519"), (OID_ED448, "Ed448")];
            let name = known.iter().find(|(bytes, _)| *bytes == oid).map_or("other", |(_, name)| name);
            message.str(&KEY_ALGORITHM, name);
            None
        }
    }
}

/// Bits of a number without its leading zeros.
fn bits(number: &[u8]) -> u64 {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let Some([first, rest @ ..]) = number.get(zeros..) else { return 0 };
    (rest.len() as u64).saturating_mul(8).saturating_add(u64::from(8_u32.saturating_sub(first.leading_zeros())))
}

/// 1.3.101.112 and 1.3.101.113 (RFC 8410).
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const OID_ED448: &[u8] = &[0x2b, 0x65, 0x71];

/// Signature algorithms by their encoded object identifier, and whether their hash is broken (MD5, SHA-1).
static SIGNATURES: &[(&[u8], &str, bool)] = &[
    // 1.2.840.113549.1.1.x (RFC 8017)
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02], "md2WithRSAEncryption", true),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], "md5WithRSAEncryption", true),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], "sha1WithRSAEncryption", true),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "rsassaPss", false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], "sha256WithRSAEncryption", false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c], "sha384WithRSAEncryption", false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d], "sha512WithRSAEncryption", false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e], "sha224WithRSAEncryption", false),
    // 1.3.14.3.2.x (OIW)
    (&[0x2b, 0x0e, 0x03, 0x02, 0x03], "md5WithRSA", true),
    (&[0x2b, 0x0e, 0x03, 0x02, 0x1d], "sha1WithRSA", true),
    // 1.2.840.10040.4.3 and 2.16.840.1.101.3.4.3.2 (RFC 5758)
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03], "dsaWithSHA1", true),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02], "dsaWithSHA256", false),
    // 1.2.840.10045.4.x (RFC 5758)
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], "ecdsaWithSHA1", true),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01], "ecdsaWithSHA224", false),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], "ecdsaWithSHA256", false),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03], "ecdsaWithSHA384", false),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04], "ecdsaWithSHA512", false),
    (OID_ED25519, "Ed25519", false),
    (OID_ED448, "Ed448", false),
];

/// The signature's algorithm. Returns whether its hash is broken.
fn signature(certificate: &X509Certificate<'_>, message: &mut Message) -> bool {
    let oid = &certificate.signature_algorithm.algorithm;
    let known = SIGNATURES.iter().find(|(bytes, _, _)| *bytes == oid.as_bytes());
    let (name, is_broken) = known.map_or(("other", false), |(_, name, is_broken)| (*name, *is_broken));
    message.str(&SIGNATURE_ALGORITHM, name);
    is_broken
}
