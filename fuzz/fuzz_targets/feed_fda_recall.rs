//! Arbitrary bytes through the `fda_recall` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("fda_recall", data));
