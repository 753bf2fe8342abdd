//! Arbitrary bytes through the `lpd` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("lpd", data));
