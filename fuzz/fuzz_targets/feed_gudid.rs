//! Arbitrary bytes through the `gudid` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("gudid", data));
