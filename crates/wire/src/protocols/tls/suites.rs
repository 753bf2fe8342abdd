//! Cipher suites that protect nothing, by their number in IANA's "TLS Cipher Suites" registry.

/// Whether a suite has no encryption (`NULL`), no authentication (`anon`), or export, DES or RC4 encryption.
pub(super) const fn is_weak(suite: u16) -> bool {
    is_null(suite) || is_anonymous(suite) || is_broken(suite)
}

/// `…_WITH_NULL_…`, and the integrity-only suites of RFC 9150.
const fn is_null(suite: u16) -> bool {
    matches!(
        suite,
        0x0000..=0x0002
            | 0x001c
            | 0x002c..=0x002e
            | 0x003b
            | 0x0082..=0x0083
            | 0x00b0..=0x00b1
            | 0x00b4..=0x00b5
            | 0x00b8..=0x00b9
            | 0xc001
            | 0xc006
            | 0xc00b
            | 0xc010
            | 0xc015
            | 0xc039..=0xc03b
            | 0xc0b4..=0xc0b5
    )
}

/// `TLS_DH_anon_…` and `TLS_ECDH_anon_…`.
const fn is_anonymous(suite: u16) -> bool {
    matches!(
        suite,
        0x0017..=0x001b
            | 0x0034
            | 0x003a
            | 0x0046
            | 0x006c..=0x006d
            | 0x0089
            | 0x009b
            | 0x00a6..=0x00a7
            | 0x00bf
            | 0x00c5
            | 0xc015..=0xc019
            | 0xc046..=0xc047
            | 0xc05a..=0xc05b
            | 0xc084..=0xc085
    )
}

/// `…_EXPORT…`, `…_WITH_DES_CBC_…` and `…_WITH_RC4_…`.
const fn is_broken(suite: u16) -> bool {
    matches!(
        suite,
        0x0003..=0x0006
            | 0x0008..=0x0009
            | 0x000b..=0x000c
            | 0x000e..=0x000f
            | 0x0011..=0x0012
            | 0x0014..=0x0015
            | 0x001e
            | 0x0020
            | 0x0022
            | 0x0024
            | 0x0026..=0x002b
            | 0x0060..=0x0066
            | 0x008a
            | 0x008e
            | 0x0092
            | 0xc002
            | 0xc007
            | 0xc00c
            | 0xc011
            | 0xc016
            | 0xc033
            | 0xfefe
            | 0xffe1
    )
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn suites_are_weak_by_what_they_leave_out() {
        // TLS_RSA_WITH_NULL_MD5, TLS_RSA_WITH_RC4_128_SHA, TLS_DH_anon_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_DES_CBC_SHA
        assert!([0x0001, 0x0005, 0x00a6, 0x0009].iter().all(|suite| is_weak(*suite)));
        // TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA, TLS_AES_128_GCM_SHA256, ECDHE_RSA_AES_128_GCM
        assert!([0x000a, 0x002f, 0x1301, 0xc02f].iter().all(|suite| !is_weak(*suite)));
    }
}
