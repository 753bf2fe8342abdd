//! Arbitrary bytes through the `ipp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ipp", data));
