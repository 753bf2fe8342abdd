//! Arbitrary bytes through the `kerberos` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("kerberos", data));
