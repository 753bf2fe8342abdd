//! Arbitrary bytes through the `s7comm` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("s7comm", data));
