//! Arbitrary bytes through the `dhcpv6` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("dhcpv6", data));
