//! Arbitrary bytes through the `openvex` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("openvex", data));
