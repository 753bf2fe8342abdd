//! Arbitrary bytes through the `nbns` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("nbns", data));
