//! Arbitrary bytes through the `cve` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("cve", data));
