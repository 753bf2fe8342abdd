//! Arbitrary bytes through the `smtp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("smtp", data));
