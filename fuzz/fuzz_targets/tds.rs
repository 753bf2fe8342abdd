//! Arbitrary bytes through the `tds` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("tds", data));
