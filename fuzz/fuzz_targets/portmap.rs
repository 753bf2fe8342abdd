//! Arbitrary bytes through the `portmap` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("portmap", data));
