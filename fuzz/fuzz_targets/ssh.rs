//! Arbitrary bytes through the `ssh` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ssh", data));
