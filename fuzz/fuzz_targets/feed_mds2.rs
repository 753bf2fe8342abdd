//! Arbitrary bytes through the `mds2` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("mds2", data));
