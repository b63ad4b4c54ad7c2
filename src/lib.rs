//! Turns scraped documents into clean UTF-8 text, with a record of every change.
//!
//! ```
//! use descrape::{Cleaner, config::RuleSet};
//!
//! let rules = "
//! version: 1
//! rules:
//!   - id: page-number-line
//!     remove: { line: '第 [0-9]+ 页' }
//! ";
//! let cleaner = Cleaner::new(RuleSet::parse("rules.yaml", rules)?.chain());
//! let cleaned = cleaner.clean("正文到此为止。\r\n第 3 页\r\n下一段开始。\r\n".as_bytes(), None)?;
//!
//! // What it says now, and what was done to get there.
//! assert_eq!(cleaned.outcome.text.current(), "正文到此为止。\n下一段开始。\n");
//! assert_eq!(cleaned.outcome.changes[0].before, "第 3 页\n");
//! assert_eq!(cleaned.outcome.changes[0].place.line, 2);
//!
//! // What the file was: enough to write the very bytes again.
//! assert_eq!(cleaned.source.encoding.to_string(), "utf-8");
//! let original = cleaned.source.encode(cleaned.outcome.text.original())?;
//! assert_eq!(original, "正文到此为止。\r\n第 3 页\r\n下一段开始。\r\n".as_bytes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod batch;
pub mod chain;
pub mod config;
pub mod cost;
pub mod cuts;
pub mod decode;
pub mod diff;
pub mod earlier;
pub mod edit;
pub mod fight;
pub mod fold;
pub mod golden;
pub mod import;
pub mod inventory;
pub mod jsonl;
pub mod layout;
pub mod lines;
pub mod log;
pub mod ordered;
pub mod pack;
pub mod place;
pub mod prefilter;
pub mod read;
pub mod reference;
pub mod rules;
pub mod script;
pub mod seam;
pub mod shard;
pub mod shield;
pub mod target;
pub mod text;
mod traits;
pub mod undo;
pub mod view;
pub mod walk;
pub mod write;

mod cleaner;
mod hex;

pub use cleaner::{CleanError, Cleaned, Cleaner};
