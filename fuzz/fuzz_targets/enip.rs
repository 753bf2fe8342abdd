//! Arbitrary bytes through the `enip` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("enip", data));
