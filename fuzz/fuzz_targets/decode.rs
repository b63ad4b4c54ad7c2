//! Bytes -> text -> the very bytes, detected and in every encoding that a user can name.

#![no_main]

use descrape::decode::{Encoding, decode, detect};
use libfuzzer_sys::fuzz_target;

/// One of each way to decode.
const NAMED: &[&str] =
    &["utf-8", "utf-16le", "utf-32be", "gb18030", "big5", "shift_jis", "iso-2022-jp", "hz", "koi8-r"];

fuzz_target!(|bytes: &[u8]| {
    let named = Encoding::for_label(NAMED[bytes.len() % NAMED.len()]).expect("a known label");
    for encoding in [None, Some(named)] {
        let Ok(decoded) = decode(bytes, encoding) else { continue };
        assert!(!decoded.text.contains('\r'));
        assert!(decoded.source.encode(&decoded.text).as_deref() == Ok(bytes), "{:?}", decoded.source);
    }
    if let Ok(decoded) = decode(bytes, None) {
        let guess = detect(bytes).expect("what decodes is text");
        assert_eq!(guess.encoding, decoded.source.encoding);
    }
});
