//! Arbitrary bytes through the `ndp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ndp", data));
