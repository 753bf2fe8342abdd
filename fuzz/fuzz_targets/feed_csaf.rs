//! Arbitrary bytes through the `csaf` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("csaf", data));
