//! Arbitrary bytes through the `spdx` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("spdx", data));
