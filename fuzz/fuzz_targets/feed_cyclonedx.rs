//! Arbitrary bytes through the `cyclonedx` feed.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| feeds::exercise("cyclonedx", data));
