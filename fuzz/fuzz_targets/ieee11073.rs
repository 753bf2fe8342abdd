//! Arbitrary bytes through the `ieee11073` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("ieee11073", data));
