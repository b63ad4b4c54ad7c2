#![forbid(unsafe_code)]
pub mod decode;
