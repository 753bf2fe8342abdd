//! Arbitrary bytes through the `carescape` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("carescape", data));
