//! Arbitrary bytes through the `fda_classification` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("fda_classification", data));
