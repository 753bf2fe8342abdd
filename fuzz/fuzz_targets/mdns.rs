//! Arbitrary bytes through the `mdns` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("mdns", data));
