//! Arbitrary bytes through the `cdp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("cdp", data));
