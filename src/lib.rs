//! Turns scraped documents into clean UTF-8 text, with a record of every change.

#![forbid(unsafe_code)]

pub mod chain;
pub mod config;
pub mod decode;
pub mod edit;
pub mod layout;
pub mod place;
pub mod rules;
pub mod script;
pub mod shield;
pub mod text;
pub mod view;
