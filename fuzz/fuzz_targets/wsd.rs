//! Arbitrary bytes through the `wsd` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("wsd", data));
