//! Arbitrary bytes through the `bacnet` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("bacnet", data));
