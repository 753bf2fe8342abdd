//! Arbitrary bytes through the `ssdp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ssdp", data));
