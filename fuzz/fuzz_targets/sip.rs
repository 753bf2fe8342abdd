//! Arbitrary bytes through the `sip` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("sip", data));
