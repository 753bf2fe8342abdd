//! Arbitrary bytes through the `lldp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("lldp", data));
