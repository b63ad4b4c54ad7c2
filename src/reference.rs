//! The reference of rules files, for people: Markdown made from the doc comments of the shapes.
//!
//! Invariant: whatever a rules file may hold stands here, because both are made from one list.

use std::fmt::Write;

use serde_json::Value;

use crate::config::{PRESETS, Preset, RuleSet, schema};
use crate::rules::{Example, KINDS, Registered};

const HEAD: &str = "\
# Rules files

<!-- Made from the doc comments in src/; `UPDATE=1 cargo test --test generated` writes it anew. -->

A rules file says what is to be cleaned away. It is YAML:

```yaml
# yaml-language-server: $schema=./rules.schema.json
version: 1
extends: [default]                  # start from the rules of the program
rules:
  - id: share-bar                   # the unwanted thing
    about: 独占一行的分享条，例如「分享到：微信 微博」
    where: { part: tail, lines: 8 } # only in the last eight lines
    remove:                         # the action: exactly one a rule
      line: '分享到[:：].*'
    tests:
      - in: \"正文。\\n分享到：微信 微博\\n\"
        out: \"正文。\\n\"
      - keep: 他把照片分享到：朋友圈。
```

Rules run in the order in which they stand, each over the whole document, and each sees what the ones before it left.
Write patterns in single quotes: there a backslash is a backslash. A pattern is a regular expression of the Rust
`regex` crate (<https://docs.rs/regex/#syntax>): no look-around, no back-references, and so never slow. `^` and `$` stand
for the ends of a line. A pattern that could match nothing at all is refused.

`descrape clean -r FILE` runs a rules file, `descrape test -r FILE` its tests, `descrape rules -r FILE` lists its chain,
and `descrape explain NAME` shows a part of this page.
";

/// The whole reference.
pub fn markdown() -> String {
    let schema = schema();
    let mut out = HEAD.to_owned();
    out.push_str("\n## The file\n\n");
    fields(&mut out, &schema, &schema["properties"], &schema["required"], |_| true);
    out.push_str("\n## A rule\n\n");
    let rule = &schema["$defs"]["Rule"];
    fields(&mut out, &schema, &rule["properties"], &rule["required"], |name| !is_kind(name));
    for (title, def) in [("where", "Where"), ("when", "When"), ("limit", "Limit"), ("tests", "Test")] {
        let def = &schema["$defs"][def];
        let _ = write!(out, "\n### `{title}`\n\n{}\n\n", about(def));
        fields(&mut out, &schema, &def["properties"], &def["required"], |_| true);
    }
    out.push_str("\n## Actions\n\nExactly one of these stands in a rule.\n\n| action | |\n| --- | --- |\n");
    for kind in KINDS {
        let name = kind.name;
        let _ = writeln!(out, "| [`{name}`](#{name}) | {} |", crate::config::summary(&(kind.schema)().to_value()));
    }
    for kind in KINDS {
        let _ = write!(out, "\n{}", of_kind(&schema, kind));
    }
    out.push_str("\n## Presets\n\nRules that come with the program, for `extends`. They can be mixed.\n");
    for preset in PRESETS {
        let _ = write!(out, "\n{}", of_preset(preset));
    }
    out
}

/// The part of the reference about one kind of rule.
pub fn kind(name: &str) -> Option<String> {
    KINDS.iter().find(|kind| kind.name == name).map(|kind| of_kind(&schema(), kind))
}

/// The part of the reference about one preset.
pub fn preset(name: &str) -> Option<String> {
    PRESETS.iter().find(|preset| preset.name == name).map(of_preset)
}

fn of_kind(schema: &Value, kind: &Registered) -> String {
    let own = (kind.schema)().to_value();
    // The name of its shape among all shapes: the reference of the field.
    let path = schema["$defs"]["Rule"]["properties"][kind.name]["$ref"].as_str().unwrap_or_default();
    let def = path.strip_prefix('#').and_then(|path| schema.pointer(path)).unwrap_or(&own);
    let mut out = format!("### `{}`\n\n{}\n", kind.name, about(def));
    if def["properties"].as_object().is_some_and(|fields| !fields.is_empty()) {
        out.push('\n');
        fields(&mut out, schema, &def["properties"], &def["required"], |_| true);
    }
    for example in (kind.examples)() {
        show(&mut out, example);
    }
    out
}

fn show(out: &mut String, example: &Example) {
    let _ = write!(out, "\n{}:\n\n", example.title.trim_end_matches('.'));
    block(out, "yaml", example.rule);
    out.push('\n');
    block(out, "text", &plain(example.input));
    if example.input == example.output {
        out.push_str("\nstays as it is.\n");
    } else {
        out.push_str("\nbecomes\n\n");
        block(out, "text", &plain(example.output));
    }
}

/// A block of code, between fences longer than any in it.
fn block(out: &mut String, language: &str, text: &str) {
    let fence = if text.contains("```") { "````" } else { "```" };
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    let _ = write!(out, "{fence}{language}\n{text}{end}{fence}\n");
}

fn of_preset(preset: &Preset) -> String {
    let about = preset.about();
    let mut out = format!("### `{}`\n\n{about}\n\n| rule | | |\n| --- | --- | --- |\n", preset.name);
    let set = RuleSet::parse(preset.name, preset.yaml).expect("the presets are tested");
    for rule in set.rules() {
        let (id, safety) = (&rule.id, rule.safety.word());
        let _ = writeln!(out, "| `{id}` | {safety} | {} |", cell(&rule.about));
    }
    out
}

/// One line for each field.
fn fields(out: &mut String, schema: &Value, fields: &Value, required: &Value, wanted: impl Fn(&str) -> bool) {
    out.push_str("| field | value | |\n| --- | --- | --- |\n");
    for (name, field) in fields.as_object().into_iter().flatten().filter(|(name, _)| wanted(name)) {
        let must = required.as_array().is_some_and(|names| names.iter().any(|known| known == name));
        let must = if must { "**must stand there.** " } else { "" };
        let _ = writeln!(out, "| `{name}` | {} | {must}{} |", cell(&value(schema, field)), cell(&about(field)));
    }
}

fn about(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

/// What may be written for a field.
fn value(schema: &Value, field: &Value) -> String {
    if let Some(path) = field["$ref"].as_str() {
        let def = path.strip_prefix('#').and_then(|path| schema.pointer(path)).unwrap_or(&Value::Null);
        return match (&def["oneOf"], &def["properties"]) {
            (Value::Array(_), Value::Null) => value(schema, def),
            (_, Value::Object(fields)) if path.ends_with("/Rule") || path.ends_with("/Override") => {
                let _ = fields;
                "rule".to_owned()
            }
            (_, Value::Object(fields)) => {
                let names: Vec<_> = fields.keys().map(|name| format!("`{name}`")).collect();
                format!("fields: {}", names.join(", "))
            }
            _ => value(schema, def),
        };
    }
    if let Value::Array(choices) = &field["oneOf"] {
        let words: Vec<_> = choices.iter().map(|choice| word(schema, choice)).collect();
        return words.join(" or ");
    }
    if let Value::Array(choices) = &field["anyOf"] {
        return choices.iter().map(|choice| value(schema, choice)).collect::<Vec<_>>().join(" or ");
    }
    if let Value::Array(words) = &field["enum"] {
        return words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    }
    match field["type"].as_str() {
        _ if !field["const"].is_null() => word(schema, field),
        Some("string") if field["format"] == "regex" => "pattern".to_owned(),
        Some("string") => "text".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("array") => format!("list of: {}", value(schema, &field["items"])),
        Some("object") => match &field["additionalProperties"] {
            Value::Object(_) => format!("by name: {}", value(schema, &field["additionalProperties"])),
            _ => "fields".to_owned(),
        },
        _ => String::new(),
    }
}

fn word(schema: &Value, choice: &Value) -> String {
    match (&choice["const"], choice["description"].as_str()) {
        (Value::String(word), Some(about)) => format!("`{word}`: {}", lower(about.trim_end_matches('.'))),
        (Value::String(word), None) => format!("`{word}`"),
        (Value::Number(number), _) => format!("`{number}`"),
        _ => value(schema, choice),
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("\n\n", "<br>").replace('\n', " ")
}

/// A text with its invisible characters spelled out.
fn plain(text: &str) -> String {
    let seen = |c: char| c == '\n' || !(c.is_control() || c.is_whitespace() && c != ' ' || is_invisible(c));
    let shown: String =
        text.chars().map(|c| if seen(c) { c.to_string() } else { format!("‹U+{:04X}›", c as u32) }).collect();
    if shown.ends_with('\n') || shown.is_empty() { shown } else { shown + "\n" }
}

/// Format characters and others without a shape (Unicode, general category Cf, and the variation selectors).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
}

fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|kind| kind.name == name)
}
