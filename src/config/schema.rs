//! The JSON Schema of rules files, by which editors complete and check them.
//!
//! Invariant: made from the shapes that are read, so that the two cannot differ; what it says beyond them is what the
//! compiler of rules checks: the version, and one action a rule.

use serde_json::{Map, Value, json};

use super::raw::RawRules;
use crate::rules::KINDS;

/// The JSON Schema of a rules file (draft 2020-12).
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(RawRules).to_value();
    tidy(&mut schema);
    schema["title"] = "descrape rules".into();
    if let Some(version) = schema.pointer_mut("/properties/version") {
        *version = json!({ "const": 1, "description": version["description"] });
    }
    let one: Vec<Value> = KINDS.iter().map(|kind| json!({ "required": [kind.name] })).collect();
    if let Some(rule) = schema.pointer_mut("/$defs/Rule") {
        rule["oneOf"] = one.into();
        rule["required"] = json!(["id"]);
    }
    for holder in ["Rule", "Override"] {
        for kind in KINDS {
            if let Some(body) = schema.pointer_mut(&format!("/$defs/{holder}/properties/{}", kind.name)) {
                body["description"] = summary(&(kind.schema)().to_value()).into();
            }
        }
    }
    schema
}

/// The first paragraph of a description, in one line.
pub fn summary(schema: &Value) -> String {
    let about = schema["description"].as_str().unwrap_or_default();
    about.split("\n\n").next().unwrap_or_default().replace('\n', " ")
}

/// Takes out what only says that a field may be left out, and joins the lines of descriptions.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(tidy);
            without_null(fields);
            if fields.get("default").is_some_and(Value::is_null) {
                fields.remove("default");
            }
            if let Some(Value::String(about)) = fields.get_mut("description") {
                let paragraphs: Vec<String> = about.split("\n\n").map(|lines| lines.replace('\n', " ")).collect();
                *about = paragraphs.join("\n\n");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn without_null(fields: &mut Map<String, Value>) {
    let null = json!({ "type": "null" });
    if let Some(Value::Array(choices)) = fields.get_mut("anyOf") {
        choices.retain(|choice| *choice != null);
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            fields.remove("anyOf");
            fields.extend(only);
        }
    }
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            fields.insert("type".to_owned(), only);
        }
    }
}
