//! Protocol versions by number.

/// SSL 2.0 (RFC 6101 appendix E).
pub(super) const SSL2: u16 = 0x0002;
/// TLS 1.2 (RFC 5246), below which a version is obsolete (RFC 8996).
pub(super) const TLS12: u16 = 0x0303;
/// TLS 1.3 (RFC 8446).
pub(super) const TLS13: u16 = 0x0304;

/// The name that people use; `None` for a number that no version has.
pub(super) const fn name(version: u16) -> Option<&'static str> {
    match version {
        SSL2 => Some("SSL 2.0"),
        0x0300 => Some("SSL 3.0"),
        0x0301 => Some("TLS 1.0"),
        0x0302 => Some("TLS 1.1"),
        TLS12 => Some("TLS 1.2"),
        _ if is_13(version) => Some("TLS 1.3"),
        _ => None,
    }
}

/// Whether a number is TLS 1.3's or one of its drafts' (RFC 8446 draft versions 7f xx; Facebook's fb xx).
pub(super) const fn is_13(version: u16) -> bool {
    matches!(version, TLS13 | 0x7f00..=0x7fff | 0xfb00..=0xfbff)
}

/// Whether a number is reserved to keep receivers tolerant (GREASE, RFC 8701 §2): 0a0a, 1a1a … fafa.
pub(super) const fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && high & 0x0f == 0x0a
}
