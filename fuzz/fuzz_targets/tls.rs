//! Arbitrary bytes through the `tls` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("tls", data));
