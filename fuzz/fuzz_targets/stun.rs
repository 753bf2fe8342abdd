//! Arbitrary bytes through the `stun` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("stun", data));
