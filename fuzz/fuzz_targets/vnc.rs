//! Arbitrary bytes through the `vnc` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("vnc", data));
