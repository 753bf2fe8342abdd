//! Arbitrary bytes through the `llmnr` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("llmnr", data));
