//! Arbitrary bytes through the `poct1a` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("poct1a", data));
