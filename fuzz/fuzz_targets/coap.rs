//! Arbitrary bytes through the `coap` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("coap", data));
