//! Arbitrary bytes through the `quic` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("quic", data));
