//! Arbitrary bytes through the `mqtt` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("mqtt", data));
