//! Replace rules of Legado (阅读), which readers of web novels share as JSON.
//!
//! Invariant: the rules stand in the order in which Legado runs them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Imported, java};
use crate::config::RuleSet;

/// A file that holds no replace rules.
#[derive(Debug, thiserror::Error)]
pub enum LegadoError {
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON of another shape.
    #[error(
        "it is no list of replace rules\n  help: export them in Legado as 替换净化; a rule has a `pattern`, or `regex` in old files"
    )]
    Shape,
}

/// One rule, from the fields of the present format and those of Legado 2.x.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Rule {
    #[serde(alias = "replaceSummary")]
    name: String,
    group: Option<String>,
    #[serde(alias = "regex")]
    pattern: String,
    replacement: String,
    #[serde(alias = "useTo")]
    scope: Option<String>,
    #[serde(rename = "excludeScope")]
    exclude_scope: Option<String>,
    #[serde(rename = "scopeTitle")]
    title: bool,
    #[serde(rename = "scopeContent")]
    content: bool,
    #[serde(rename = "isEnabled", alias = "enable")]
    enabled: bool,
    #[serde(rename = "isRegex")]
    regex: bool,
    #[serde(alias = "sortOrder", alias = "serialNumber")]
    order: f64,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            name: String::new(),
            group: None,
            pattern: String::new(),
            replacement: String::new(),
            scope: None,
            exclude_scope: None,
            title: false,
            content: true,
            enabled: true,
            regex: true,
            order: 0.0,
        }
    }
}

/// Translates a file. `name` is what its comment calls it.
pub fn import(name: &str, json: &str) -> Result<Imported, LegadoError> {
    let value: Value = serde_json::from_str(json.trim_start_matches('\u{feff}'))?;
    let objects = match value {
        Value::Array(items) => items,
        Value::Object(item) => vec![Value::Object(item)],
        _ => return Err(LegadoError::Shape),
    };
    let mut rules = Vec::new();
    for object in objects {
        let Value::Object(fields) = object else { return Err(LegadoError::Shape) };
        rules.push(read(fields)?);
    }
    // Stable: rules of one rank run in the order of the file.
    rules.sort_by(|a, b| a.order.total_cmp(&b.order));
    let mut imported =
        Imported { yaml: String::new(), total: rules.len(), imported: 0, left_out: Vec::new(), changed: Vec::new() };
    let (mut list, mut off) = (String::new(), Vec::new());
    for (number, rule) in (1..).zip(&rules) {
        let id = format!("legado-{number}");
        match rule.translate(&id, &mut imported.changed) {
            Ok(yaml) => {
                imported.imported += 1;
                list.push_str(&yaml);
                if !rule.enabled {
                    off.push(id);
                }
            }
            Err(why) => {
                let comment =
                    format!("\n  # {id} {}: left out: {why}\n  #   {}\n", line(&rule.name), line(&rule.pattern));
                list.push_str(&comment);
                imported.left_out.push((rule.name.clone(), why));
            }
        }
    }
    imported.yaml = format!(
        "# Made from the Legado rules {}: {} of {} could be translated.\n\
         # Legado runs its rules on one chapter, with all lines trimmed; these run on whole documents.\n\
         # Every rule is risky: it runs with --risky, or when --only names it. Look at what it does (`descrape clean --diff`)\n\
         # before you take `safety: risky` away. Where Legado names a book, `when` looks for it in the path of a document; a\n\
         # name that is that of a book source never stands there, so take `when` away in that case.\n\
         version: 1\n",
        line(name),
        imported.imported,
        imported.total,
    );
    if !off.is_empty() {
        let ids = off.join(", ");
        imported.yaml.push_str(&format!("\n# Switched off in Legado.\ndisable: [{ids}]\n"));
    }
    imported.yaml.push_str(if imported.imported > 0 { "\nrules:\n" } else { "\nrules: []\n" });
    imported.yaml.push_str(&list);
    Ok(imported)
}

/// Numbers may be written as text in files that were edited by hand, and null stands for nothing.
fn read(mut fields: Map<String, Value>) -> Result<Rule, LegadoError> {
    if !fields.contains_key("pattern") && !fields.contains_key("regex") {
        return Err(LegadoError::Shape);
    }
    fields.retain(|_, value| !value.is_null());
    for name in ["order", "sortOrder", "serialNumber"] {
        if let Some(Value::String(text)) = fields.get(name) {
            let number = text.trim().parse::<f64>().unwrap_or_default();
            fields.insert(name.to_owned(), number.into());
        }
    }
    Ok(serde_json::from_value(Value::Object(fields))?)
}

impl Rule {
    /// The rule as YAML, or why it cannot be one.
    fn translate(&self, id: &str, changed: &mut Vec<(String, String)>) -> Result<String, String> {
        if self.pattern.is_empty() {
            return Err("it has no pattern".to_owned());
        }
        if !self.content {
            return Err("it is for chapter titles only".to_owned());
        }
        if self.regex && self.replacement.starts_with("@js:") {
            return Err("its replacement is a script".to_owned());
        }
        let (pattern, slow) = match self.regex {
            false => (java::quote(&self.pattern), false),
            true if ends_in_bar(&self.pattern) => {
                return Err("its pattern ends in |, which Legado refuses as well".to_owned());
            }
            true => java::translate(&self.pattern).map(|done| (done.pattern, done.slow))?,
        };
        let with = match self.regex {
            false => self.replacement.replace('$', "$$"),
            true => java::replacement(&self.replacement, groups(&self.pattern)),
        };
        let mut notes = Vec::new();
        let mut head = format!("\n  - id: {id}\n    about: {}\n", quoted(&line(&self.name)));
        let tags = self.group.as_deref().unwrap_or_default().split([',', '，', ';', '|']).map(str::trim);
        let tags: Vec<String> = tags.filter(|tag| !tag.is_empty()).map(quoted).collect();
        if !tags.is_empty() {
            head.push_str(&format!("    tags: [{}]\n", tags.join(", ")));
        }
        head.push_str("    safety: risky\n");
        head.push_str(&self.scope(&mut notes));
        let mut why = String::new();
        let kinds: &[&str] = if slow { &["look_around"] } else { &["replace", "look_around"] };
        for kind in kinds {
            let body = format!("    {kind}:\n      match: {}\n      with: {}\n", quoted(&pattern), quoted(&with));
            match RuleSet::parse(id, &format!("version: 1\nrules:{head}{body}")) {
                Ok(_) => {
                    let comments: String = notes.iter().map(|note| format!("    # {note}\n")).collect();
                    changed.extend(notes.into_iter().map(|note| (self.name.clone(), note)));
                    return Ok(format!("{head}{comments}{body}"));
                }
                Err(error) => {
                    let what = error.mistakes().first().map(|mistake| mistake.what().to_owned()).unwrap_or_default();
                    why = what.split_once(": ").map_or(what.clone(), |(_, what)| what.to_owned());
                }
            }
        }
        Err(why)
    }

    /// Books are told by the path of the document; sources cannot be told.
    fn scope(&self, notes: &mut Vec<String>) -> String {
        let list = |text: &Option<String>| -> Vec<String> {
            let items = text.as_deref().unwrap_or_default().split([';', '；', ',', '，', '\n']).map(str::trim);
            items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let exclude = list(&self.exclude_scope);
        if !exclude.is_empty() {
            notes.push(format!("In Legado not for: {}. Here for these as well.", line(&exclude.join(", "))));
        }
        let scope = list(&self.scope);
        let (sources, books): (Vec<String>, Vec<String>) = scope.into_iter().partition(|item| item.contains("://"));
        if books.is_empty() {
            if !sources.is_empty() {
                notes.push(format!("In Legado only for {}; here for all documents.", line(&sources.join(", "))));
            }
            return String::new();
        }
        if !sources.is_empty() {
            notes.push(format!("In Legado also for {}; a source cannot be told here.", line(&sources.join(", "))));
        }
        let glob = |book: &String| {
            let plain: String = book.chars().map(|c| if "*?[]{}\\!/".contains(c) { '?' } else { c }).collect();
            [quoted(&format!("*{plain}*")), quoted(&format!("*{plain}*/**"))].join(", ")
        };
        let globs: Vec<String> = books.iter().map(glob).collect();
        format!("    when: {{ path: [{}] }}\n", globs.join(", "))
    }
}

fn ends_in_bar(pattern: &str) -> bool {
    let before = pattern.trim_end_matches('|');
    before.len() < pattern.len() && before.chars().rev().take_while(|c| *c == '\\').count() % 2 == 0
}

/// How many groups an expression has, the whole match counted as one: brackets that open one, roughly; used only to
/// tell how many digits of a replacement belong to the number of a group.
fn groups(pattern: &str) -> usize {
    let mut chars = pattern.chars().peekable();
    let mut count = 1;
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '(' if chars.peek() != Some(&'?') => count += 1,
            _ => {}
        }
    }
    count
}

/// A text in one line of a comment.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{feff}' { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// A YAML scalar.
fn quoted(text: &str) -> String {
    match text.chars().any(|c| c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')) {
        // JSON escapes are escapes of YAML in double quotes too.
        true => {
            let json = Value::from(text).to_string();
            let escape = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{2028}' | '\u{2029}');
            json.chars().map(|c| if escape(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect()
        }
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

#[cfg(test)]
#[path = "legado_tests.rs"]
mod tests;
