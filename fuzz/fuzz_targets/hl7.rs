//! Arbitrary bytes through the `hl7` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("hl7", data));
