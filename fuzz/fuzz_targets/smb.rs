//! Arbitrary bytes through the `smb` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("smb", data));
