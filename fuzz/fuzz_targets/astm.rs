//! Arbitrary bytes through the `astm` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("astm", data));
