//! Fingerprints of a client hello. The same client program gives the same ones, whatever it connects to.

use md5::Md5;
use sha2::{Digest, Sha256};

use super::hello::{ClientHello, EXTENSION_ALPN, EXTENSION_SERVER_NAME, HelloCarrier};
use super::version::is_grease;

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// What JA4 writes in the place of a hash of nothing.
const HASH_OF_NOTHING: &[u8; 12] = b"000000000000";

/// Adds a number in decimal digits to a hash.
fn add_decimal(hash: &mut Md5, number: u16) {
    let mut digits = [b'0'; 5];
    let mut rest = number;
    let mut used = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.saturating_add((rest % 10) as u8);
        rest /= 10;
        used = used.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    hash.update(digits.get(digits.len().saturating_sub(used)..).unwrap_or_default());
}

/// Adds numbers as `4-5-10`.
fn add_list(hash: &mut Md5, numbers: impl Iterator<Item = u16>) {
    for (index, number) in numbers.filter(|number| !is_grease(*number)).enumerate() {
        if index > 0 {
            hash.update(b"-");
        }
        add_decimal(hash, number);
    }
}

/// JA3 (J. Althouse and others, Salesforce 2017): MD5 over `version,ciphers,extensions,groups,point formats`.
pub(super) fn ja3(hello: &ClientHello<'_>) -> [u8; 16] {
    let mut hash = Md5::new();
    add_decimal(&mut hash, hello.legacy_version);
    hash.update(b",");
    add_list(&mut hash, hello.ciphers());
    hash.update(b",");
    add_list(&mut hash, hello.extensions().map(|(kind, _)| kind));
    hash.update(b",");
    add_list(&mut hash, hello.groups());
    hash.update(b",");
    add_list(&mut hash, hello.point_formats().map(u16::from));
    hash.finalize().into()
}

fn digit(value: u8) -> u8 {
    DIGITS.get(usize::from(value & 15)).copied().unwrap_or(b'0')
}

/// A number in four hexadecimal digits.
fn hexadecimal(number: u16) -> [u8; 4] {
    let [high, low] = number.to_be_bytes();
    [digit(high >> 4), digit(high), digit(low >> 4), digit(low)]
}

/// Adds numbers as `002f,0035`.
fn add_hexadecimal(hash: &mut Sha256, numbers: impl Iterator<Item = u16>) {
    for (index, number) in numbers.enumerate() {
        if index > 0 {
            hash.update(b",");
        }
        hash.update(hexadecimal(number));
    }
}

/// The first twelve hexadecimal digits.
fn shortened(hash: Sha256) -> [u8; 12] {
    let digest: [u8; 32] = hash.finalize().into();
    let mut text = [b'0'; 12];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
        if let [high, low] = pair {
            (*high, *low) = (digit(byte >> 4), digit(byte));
        }
    }
    text
}

/// A count in two digits; everything above 99 is 99.
fn two_digits(count: usize) -> [u8; 2] {
    let count = count.min(99) as u8;
    [digit(count / 10), digit(count % 10)]
}

/// JA4 (FoxIO, technical specification of `JA4`): `t13d1516h2_8daaf6152771_b186095e22b6`. The first letter is that of what
/// carries TLS.
pub(super) fn ja4(hello: &ClientHello<'_>, carrier: HelloCarrier) -> [u8; 36] {
    let mut ciphers: Vec<u16> = hello.ciphers().filter(|cipher| !is_grease(*cipher)).collect();
    let mut extensions: Vec<u16> = hello.extensions().map(|(kind, _)| kind).filter(|kind| !is_grease(*kind)).collect();
    let letter = match carrier {
        HelloCarrier::Tcp => b't',
        HelloCarrier::Quic => b'q',
    };
    let version = match hello.version() {
        0x0304 => b"13",
        0x0303 => b"12",
        0x0302 => b"11",
        0x0301 => b"10",
        0x0300 => b"s3",
        0x0002 => b"s2",
        _ => b"00",
    };
    let to_name = if extensions.contains(&EXTENSION_SERVER_NAME) { b'd' } else { b'i' };
    let cipher_count = two_digits(ciphers.len());
    let extension_count = two_digits(extensions.len());
    let alpn = protocol_letters(hello.alpn().next());

    ciphers.sort_unstable();
    let cipher_hash = if ciphers.is_empty() {
        *HASH_OF_NOTHING
    } else {
        let mut hash = Sha256::new();
        add_hexadecimal(&mut hash, ciphers.iter().copied());
        shortened(hash)
    };
    // The count holds them, the hash does not: it is the same for a name and an address, for one protocol and another.
    extensions.retain(|kind| *kind != EXTENSION_SERVER_NAME && *kind != EXTENSION_ALPN);
    extensions.sort_unstable();
    let extension_hash = if extensions.is_empty() {
        *HASH_OF_NOTHING
    } else {
        let mut hash = Sha256::new();
        add_hexadecimal(&mut hash, extensions.iter().copied());
        let mut signatures = hello.signature_algorithms().filter(|algorithm| !is_grease(*algorithm)).peekable();
        if signatures.peek().is_some() {
            hash.update(b"_");
            add_hexadecimal(&mut hash, signatures);
        }
        shortened(hash)
    };

    let mut text = [b'_'; 36];
    let parts: [&[u8]; 9] =
        [&[letter], version, &[to_name], &cipher_count, &extension_count, &alpn, b"_", &cipher_hash, b"_"];
    let mut places = text.iter_mut();
    for byte in parts.iter().copied().flatten().chain(&extension_hash) {
        if let Some(place) = places.next() {
            *place = *byte;
        }
    }
    text
}

/// The first and last letter of the first protocol offered; of its hexadecimal digits if either is no letter or digit.
fn protocol_letters(protocol: Option<&[u8]>) -> [u8; 2] {
    let Some(([first, ..], [.., last])) = protocol.map(|name| (name, name)) else { return *b"00" };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        [*first, *last]
    } else {
        [digit(first >> 4), digit(*last)]
    }
}
