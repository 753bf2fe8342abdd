//! Arbitrary bytes through the `epss` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("epss", data));
