//! Slips that YAML takes for something else or answers with a riddle, told in plain words.
//!
//! Invariant: nothing inside a block of text (`|`) or a quoted text is ever called a slip.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use regex::Regex;
use saphyr_parser::ScalarStyle;

use super::error::{File, Mistake};
use super::raw::RawRules;
use super::yaml::{Content, SyntaxError, Tree};

/// Fields that hold text of the user's own, in which anything may stand.
const TEXTS: [&str; 5] = ["about", "in", "out", "keep", "with"];

/// How many lines before the place of a syntax error the slip behind it may stand: a plain text goes on over
/// several lines before the parser stumbles.
const REACH: usize = 3;

/// A field at the start of a line, a dash before it, and what stands behind its name.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s]*(?:-[ \t]+)?(?P<name>[a-z_]+)(?P<colon>：|:[\u{a0}\u{3000}]|:[^\s:/])").expect("tested")
});

/// The slips in a file that YAML can read.
pub fn find(file: &Arc<File>, tree: &Tree) -> Vec<Mistake> {
    let mut slips = Vec::new();
    let mut free: BTreeSet<u32> = BTreeSet::new();
    for (_, content) in tree.nodes() {
        if let Content::Map(pairs) = content {
            let texts = pairs.iter().filter(|(key, _)| tree.text(*key).is_some_and(|key| TEXTS.contains(&key)));
            free.extend(texts.map(|(_, value)| *value));
        }
    }
    for (node, (at, content)) in (0..).zip(tree.nodes()) {
        let Content::Scalar { text, style: ScalarStyle::Plain, .. } = content else { continue };
        if let Some(wide) = text.chars().next().filter(|c| is_wide_blank(*c)) {
            slips.push(indentation(file, at.start, wide));
        } else if !free.contains(&node) {
            if let Some(quote) = curly(text) {
                slips.push(
                    Mistake::new(file, at.clone(), format!("{quote} are part of the text, not quotes round it"))
                        .help("YAML knows ' and \" as quotes; to match curly quotes, put all of it into single quotes"),
                );
            } else {
                slips.extend(colon(file, at));
            }
        }
    }
    slips
}

/// A syntax error, and the slip that is behind it where one can be seen nearby.
pub fn explain(file: &Arc<File>, error: &SyntaxError) -> Mistake {
    let text = &file.text;
    if error.what.contains("escape") {
        return escape(file, error.at.start);
    }
    let start = text[..error.at.start].rmatch_indices('\n').nth(REACH).map_or(0, |(at, _)| at + 1);
    let end = text[error.at.end..].match_indices('\n').nth(1).map_or(text.len(), |(at, _)| error.at.end + at);
    let tab = "in front of the line, and YAML indents by spaces";
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        if let Some((offset, c)) = line[..blank].char_indices().find(|(_, c)| *c == '\t' || is_wide_blank(*c)) {
            return match c {
                '\t' => Mistake::new(file, at + offset..at + offset + 1, format!("a tab stands {tab}"))
                    .help("put two spaces for the tab"),
                wide => indentation(file, at + offset, wide),
            };
        }
        if let Some(slip) = colon(file, &(at..at + line.len())) {
            return slip;
        }
        at += line.len();
    }
    let help = match error.what.as_str() {
        what if what.contains("mapping values are not allowed") => {
            "a text with `: ` in it has to be quoted, and fields of one rule have to stand below each other"
        }
        what if what.contains("unexpected end of stream") => "a quote or bracket is not closed",
        _ => "",
    };
    Mistake::new(file, error.at.clone(), &error.what).help(&error.help).help(help)
}

fn is_wide_blank(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{a0}')
}

fn name_of(wide: char) -> &'static str {
    if wide == '\u{3000}' { "a full-width space (U+3000)" } else { "a no-break space (U+00A0)" }
}

fn indentation(file: &Arc<File>, at: usize, wide: char) -> Mistake {
    let length: usize = file.text[at..].chars().take_while(|c| is_wide_blank(*c)).map(char::len_utf8).sum();
    let what = format!("{} stands in front of the line, and YAML indents by plain spaces", name_of(wide));
    Mistake::new(file, at..at + length, what).help("put two plain spaces for it")
}

/// A field whose colon is none.
fn colon(file: &Arc<File>, at: &Range<usize>) -> Option<Mistake> {
    let mut start = at.start;
    for line in file.text[at.clone()].split_inclusive('\n') {
        if let Some(found) = FIELD.captures(line).filter(|found| is_field(&found["name"])) {
            let colon = &found["colon"];
            let from = start + found.name("colon").map_or(0, |colon| colon.start());
            let name = &found["name"];
            let (length, what) = match colon.chars().nth(1) {
                None => (colon.len(), format!("a full-width colon stands behind `{name}`")),
                Some(wide) if is_wide_blank(wide) => {
                    (colon.len(), format!("{} stands behind `{name}:`", name_of(wide)))
                }
                Some(_) => (1, format!("a space is missing behind `{name}:`")),
            };
            let help = format!("YAML needs a plain colon and a plain space: `{name}: ...`");
            return Some(Mistake::new(file, from..from + length, what).help(help));
        }
        start += line.len();
    }
    None
}

/// The names of all fields there are, from the schema.
fn is_field(name: &str) -> bool {
    static FIELDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let mut names = BTreeSet::new();
        collect(schemars::schema_for!(RawRules).as_value(), &mut names);
        names
    });
    FIELDS.contains(name)
}

fn collect(schema: &serde_json::Value, names: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(fields) => {
            if let Some(serde_json::Value::Object(properties)) = fields.get("properties") {
                names.extend(properties.keys().cloned());
            }
            fields.values().for_each(|value| collect(value, names));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

/// The curly quotes round a text.
fn curly(text: &str) -> Option<&'static str> {
    let pair = |open: [char; 2]| text.starts_with(open) && text.ends_with(open) && text.chars().count() > 1;
    match () {
        () if pair(['“', '”']) => Some("“ ”"),
        () if pair(['‘', '’']) => Some("‘ ’"),
        () => None,
    }
}

/// A backslash in double quotes that YAML takes for an escape of its own.
fn escape(file: &Arc<File>, from: usize) -> Mistake {
    // The parser stops at the quote that opens the text; the escapes of YAML 1.2 are those of chapter 5.7.
    static UNKNOWN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"^(?s:(?:[^\\"]|\\[0abt\tnvfre "/\\N_LPxuU\n])*)(\\.)"#).expect("tested"));
    let tail = file.text[from..].strip_prefix('"').unwrap_or(&file.text[from..]);
    let at = from + (file.text[from..].len() - tail.len());
    let found = UNKNOWN.captures(tail).and_then(|found| found.get(1));
    let (range, what) = match found {
        Some(escape) => (
            at + escape.start()..at + escape.end(),
            format!("in double quotes `{}` would be an escape of YAML, and there is no such", escape.as_str()),
        ),
        None => (from..from, "this is no escape that YAML knows".to_owned()),
    };
    Mistake::new(file, range, what).help("write patterns in single quotes, in which a backslash is a backslash")
}
