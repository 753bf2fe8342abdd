//! SSH algorithms that standards advise against (RFC 8758, RFC 9142; RFC 8332 for SHA-1 in host keys). A server is
//! weak where all that it offers of a kind is: then whatever a client picks is.

/// Weak key exchange methods (RFC 9142 §4, "SHOULD NOT").
static KEY_EXCHANGE: &[&[u8]] =
    &[b"diffie-hellman-group1-sha1", b"diffie-hellman-group-exchange-sha1", b"rsa1024-sha1"];
/// Names in that list that are no methods but signals.
static SIGNALS: &[&[u8]] =
    &[b"ext-info-s", b"ext-info-c", b"kex-strict-s-v00@openssh.com", b"kex-strict-c-v00@openssh.com"];
/// Host keys with DSA, or with signatures over SHA-1.
static HOST_KEY: &[&[u8]] = &[
    b"ssh-dss",
    b"ssh-rsa",
    b"ssh-dss-cert-v01@openssh.com",
    b"ssh-rsa-cert-v01@openssh.com",
    b"ssh-rsa-cert-v00@openssh.com",
];
/// No encryption, RC4 (RFC 8758), and ciphers of 64-bit blocks or 56-bit keys.
static ENCRYPTION: &[&[u8]] = &[
    b"none",
    b"arcfour",
    b"arcfour128",
    b"arcfour256",
    b"des-cbc",
    b"des-cbc@ssh.com",
    b"3des-cbc",
    b"3des-ctr",
    b"blowfish-cbc",
    b"blowfish-ctr",
    b"cast128-cbc",
    b"cast128-ctr",
    b"idea-cbc",
    b"idea-ctr",
];
/// No integrity, MD5, or a tag that is cut short.
static MAC: &[&[u8]] = &[
    b"none",
    b"hmac-md5",
    b"hmac-md5-96",
    b"hmac-sha1-96",
    b"hmac-md5-etm@openssh.com",
    b"hmac-md5-96-etm@openssh.com",
    b"hmac-sha1-96-etm@openssh.com",
    b"umac-64@openssh.com",
    b"umac-64-etm@openssh.com",
];

/// Whether nothing but weak names is on the list. An empty list says nothing.
fn only_weak(list: &[u8], weak: &[&[u8]]) -> bool {
    !list.is_empty() && list.split(|byte| *byte == b',').all(|name| weak.contains(&name))
}

pub(super) fn key_exchange(list: &[u8]) -> bool {
    let mut methods = list.split(|byte| *byte == b',').filter(|name| !name.is_empty() && !SIGNALS.contains(name));
    methods
        .next()
        .is_some_and(|first| KEY_EXCHANGE.contains(&first) && methods.all(|name| KEY_EXCHANGE.contains(&name)))
}

pub(super) fn host_key(list: &[u8]) -> bool {
    only_weak(list, HOST_KEY)
}

pub(super) fn encryption(list: &[u8]) -> bool {
    only_weak(list, ENCRYPTION)
}

pub(super) fn mac(list: &[u8]) -> bool {
    only_weak(list, MAC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_good_algorithm_is_enough() {
        assert!(key_exchange(b"diffie-hellman-group1-sha1,ext-info-s"));
        assert!(!key_exchange(b"diffie-hellman-group1-sha1,curve25519-sha256"));
        assert!(!key_exchange(b"ext-info-s"));
        assert!(!key_exchange(b""));
        assert!(host_key(b"ssh-rsa,ssh-dss") && !host_key(b"ssh-rsa,rsa-sha2-256"));
        assert!(encryption(b"3des-cbc,arcfour") && !encryption(b"aes128-cbc"));
        assert!(mac(b"hmac-md5") && !mac(b"") && !mac(b"hmac-md5,hmac-sha1"));
    }
}
