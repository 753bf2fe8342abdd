//! Arbitrary bytes through the `ntp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ntp", data));
