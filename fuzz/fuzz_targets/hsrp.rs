//! Arbitrary bytes through the `hsrp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("hsrp", data));
