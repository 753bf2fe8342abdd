//! Arbitrary bytes through the `ftp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ftp", data));
