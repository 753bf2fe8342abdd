//! Arbitrary bytes through the `intellivue` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("intellivue", data));
