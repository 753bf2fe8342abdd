//! Arbitrary bytes through the `dicom` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("dicom", data));
