//! Arbitrary bytes through the `dhcp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("dhcp", data));
