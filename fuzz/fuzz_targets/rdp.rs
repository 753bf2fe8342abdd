//! Arbitrary bytes through the `rdp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("rdp", data));
