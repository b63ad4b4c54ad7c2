//! Rule kinds: each turns a view of a text into edits.
//!
//! Invariant: a kind sees only the text and what its rule says, and returns edits; it reads no
//! file, keeps no state between texts and does not know which rules run beside it.
//!
//! A new kind is one file here and one line in the [`kinds!`] list below: parsing, schema,
//! reference and the tests of its examples all read that list.

mod defines;
mod named;
pub mod needs;
pub mod pattern;
pub mod source;
mod worded;

use std::fmt::Debug;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::config::yaml::Marked;
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;
pub use defines::Defines;
pub use needs::Needs;
pub use pattern::Pattern;
pub use source::{PatternError, PatternFault, Source};

/// A compiled rule body.
pub trait Kind: Debug + Send + Sync {
    /// Pushes what should change in the region of `view`.
    fn edits(&self, view: &View, out: &mut Edits);

    /// What a text must hold for this rule to do or note anything.
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    /// What each of the things needs that the kind puts together, where it wants to be told their places.
    fn signs(&self) -> Vec<Needs> {
        vec![]
    }

    /// Why it removes this piece of a text, in a few words for people; `None` where the rule says it all.
    fn why(&self, _removed: &str) -> Option<String> {
        None
    }

    /// False for a kind that may find more to do in what it did itself, such as putting `aa` for
    /// every `a`: it sees a text once, where the others are asked until they find nothing more.
    fn settles(&self) -> bool {
        true
    }

    /// What the edits of this kind must not touch.
    fn shields(&self) -> ShieldSet {
        ShieldSet::ALL
    }
}

/// What a kind looks like in a rules file. Its doc comment is its reference.
pub trait Shape: DeserializeOwned + JsonSchema {
    /// Checks what is written and compiles it.
    fn compile(self, defines: &Defines) -> Result<Box<dyn Kind>, Fault>;

    /// Uses of the kind: shown in the reference and run as tests.
    fn examples() -> &'static [Example];
}

/// A use of a kind, with what it does to a text.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// One sentence.
    pub title: &'static str,
    /// The body of the rule, as YAML.
    pub rule: &'static str,
    /// A text before the rule.
    pub input: &'static str,
    /// The same text after it; equal to `input` where the rule must keep it.
    pub output: &'static str,
}

/// Why the body of a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A pattern is at fault.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// Fields are missing or do not go together.
    #[error("{what}; {help}")]
    Fields {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
}

impl Fault {
    pub(crate) fn fields(what: impl Into<String>, help: impl Into<String>) -> Self {
        Fault::Fields { what: what.into(), help: help.into() }
    }
}

/// A kind as the registry knows it.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// The key that names the kind in a rules file.
    pub name: &'static str,
    /// Its uses.
    pub examples: fn() -> &'static [Example],
    /// The JSON Schema of its body, description included.
    pub schema: fn() -> schemars::Schema,
}

macro_rules! kinds {
    ($($name:ident :: $Shape:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// Every kind there is, in the order of the list.
        pub const KINDS: &[Registered] = &[$(Registered {
            name: stringify!($name),
            examples: <$name::$Shape as Shape>::examples,
            schema: || schemars::schema_for!($name::$Shape),
        }),*];

        /// One rule as a rules file has it. Exactly one of the keys that name a kind must stand there.
        #[derive(Debug, Deserialize, JsonSchema)]
        #[schemars(rename = "Rule")]
        #[serde(deny_unknown_fields)]
        pub struct RawRule {
            /// Kebab-case noun of the unwanted thing; it stands in logs, so it should not change.
            #[schemars(required)]
            pub id: Option<String>,
            /// What the rule does, in one sentence of any language.
            pub about: Option<String>,
            /// Names of groups the rule belongs to.
            pub tags: Option<Vec<String>>,
            /// Whether the rule runs by itself.
            pub safety: Option<crate::config::Safety>,
            /// Where in a document the rule may change something.
            pub r#where: Option<crate::config::Where>,
            /// For which documents the rule runs.
            pub when: Option<crate::config::When>,
            /// When the rule holds back.
            pub limit: Option<crate::config::Limit>,
            /// Id of the rule to run right before. Without it the rule runs where it stands in the list.
            pub before: Option<Marked<String>>,
            /// Id of the rule to run right after.
            pub after: Option<Marked<String>>,
            /// Texts that show what the rule does and what it must keep.
            pub tests: Option<Vec<Marked<crate::config::RawTest>>>,
            $(
                /// The body of a rule of this kind.
                pub $name: Option<$name::$Shape>,)*
        }

        impl RawRule {
            /// The names of the kinds that the rule holds a body for.
            pub fn kinds(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$name.is_some() { names.push(stringify!($name)); })*
                names
            }

            /// Takes the body out and compiles it; `None` where the rule holds none.
            pub fn compile(&mut self, defines: &Defines) -> Option<Result<Box<dyn Kind>, Fault>> {
                $(if let Some(shape) = self.$name.take() { return Some(Shape::compile(shape, defines)); })*
                None
            }
        }
    };
}

kinds! {
    blank_lines::BlankLines,
    cut::Cut,
    entities::Entities,
    join_lines::JoinLines,
    made_of::MadeOf,
    map::Map,
    markup::Markup,
    mojibake::Mojibake,
    punctuation::Punctuation,
    remove::Remove,
    repeats::Repeats,
    replace::Replace,
    look_around::LookAround,
    rows::Rows,
    running_heads::RunningHeads,
    spaces::Spaces,
    split_headings::SplitHeadings,
    unicode::Unicode,
    weigh::Weigh,
    width::Width,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RuleSet;

    fn rule(example: &Example) -> RuleSet {
        let body: String = example.rule.lines().map(|line| format!("    {line}\n")).collect();
        RuleSet::parse("example", &format!("version: 1\nrules:\n  - id: example\n{body}"))
            .unwrap_or_else(|error| panic!("{}: {error}", example.title))
    }

    #[test]
    fn every_example_does_what_it_shows() {
        for kind in KINDS {
            for example in (kind.examples)() {
                let outcome = rule(example).chain().clean_text(example.input.to_owned()).unwrap();
                assert_eq!(outcome.text.current(), example.output, "{}: {}", kind.name, example.title);
            }
        }
    }

    #[test]
    fn every_kind_is_documented() {
        for kind in KINDS {
            let schema = (kind.schema)();
            let about = schema.get("description").and_then(|text| text.as_str()).unwrap_or_default();
            let first = about.lines().next().unwrap_or_default();
            assert!(first.ends_with('.'), "{}: the first line of its doc comment is one sentence", kind.name);
            let examples = (kind.examples)();
            assert!(examples.iter().any(|e| e.input != e.output), "{}: an example that changes something", kind.name);
            assert!(examples.iter().any(|e| e.input == e.output), "{}: an example of what it keeps", kind.name);
            assert!(kind.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}: snake case", kind.name);
        }
    }
}
