//! Arbitrary bytes through the `endoflife` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("endoflife", data));
