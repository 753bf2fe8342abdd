//! Arbitrary bytes through the `dns` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("dns", data));
