//! Arbitrary bytes through the `modbus` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("modbus", data));
