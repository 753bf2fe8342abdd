//! Arbitrary bytes through the `rtsp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("rtsp", data));
