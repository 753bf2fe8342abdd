//! Arbitrary bytes through the `nvd` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("nvd", data));
