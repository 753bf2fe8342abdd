//! Arbitrary bytes through the `telnet` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("telnet", data));
