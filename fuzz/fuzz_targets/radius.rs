//! Arbitrary bytes through the `radius` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("radius", data));
