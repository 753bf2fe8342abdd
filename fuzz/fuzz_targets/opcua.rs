//! Arbitrary bytes through the `opcua` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("opcua", data));
