//! Arbitrary bytes through the `kev` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("kev", data));
