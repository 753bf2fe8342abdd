//! Arbitrary bytes through the `ldap` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ldap", data));
