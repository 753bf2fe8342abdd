//! Arbitrary bytes through the `vrrp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("vrrp", data));
