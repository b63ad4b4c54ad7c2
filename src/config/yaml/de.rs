//! Reads values out of a tree, with serde.
//!
//! Invariant: an error carries the innermost node it is about.

use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_yaml::Value;

use super::marked::MARKED;
use super::{Content, NodeId, Tree};

/// A value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The node, once known.
    pub node: Option<NodeId>,
    /// What is wrong.
    pub what: String,
    /// What to do; may be empty.
    pub help: String,
}

impl ReadError {
    fn or_at(mut self, node: NodeId) -> Self {
        self.node.get_or_insert(node);
        self
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.help)
    }
}

impl std::error::Error for ReadError {}

impl Error for ReadError {
    /// What stands behind the first semicolon is the help.
    fn custom<T: Display>(message: T) -> Self {
        let message = message.to_string();
        let (what, help) = message.split_once("; ").unwrap_or((&message, ""));
        Self { node: None, what: what.to_owned(), help: help.to_owned() }
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        let expected = match expected.as_str() {
            "a sequence" => "a list",
            "a string" => "a text",
            "u32" | "usize" | "u64" => "a whole number",
            "f64" => "a number",
            "a boolean" => "true or false",
            name if name.starts_with("struct ") => "fields, as in `name: value`",
            other => other,
        };
        let help = if expected == "a list" { "; a list is written [one, two]" } else { "" };
        let found = match found {
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "fields".to_owned(),
            Unexpected::Str(text) => format!("the text `{text}`"),
            Unexpected::Unit => "nothing".to_owned(),
            Unexpected::Unsigned(number) => format!("the number {number}"),
            Unexpected::Signed(number) => format!("the number {number}"),
            Unexpected::Float(number) => format!("the number {number}"),
            Unexpected::Bool(truth) => format!("{truth}"),
            other => other.to_string(),
        };
        Self::custom(format!("expected {expected}, found {found}{help}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self { node: None, what: format!("unknown field `{field}`"), help: choice(field, "fields", expected) }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self { node: None, what: format!("unknown value `{variant}`"), help: choice(variant, "values", expected) }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { node: None, what: format!("the field `{field}` is missing"), help: String::new() }
    }
}

fn choice(name: &str, what: &str, known: &[&str]) -> String {
    match crate::config::closest(name, known.iter().copied()) {
        Some(best) => format!("did you mean `{best}`?"),
        None => format!("the {what} are: {}", known.join(", ")),
    }
}

impl Tree {
    /// Reads a value out of a node.
    pub fn read<'t, T: Deserialize<'t>>(&'t self, node: NodeId) -> Result<T, ReadError> {
        T::deserialize(Reader { tree: self, node }).map_err(|error| error.or_at(node))
    }
}

#[derive(Clone, Copy)]
struct Reader<'t> {
    tree: &'t Tree,
    node: NodeId,
}

impl<'t> Reader<'t> {
    fn is_nothing(&self) -> bool {
        self.tree.is_nothing(self.node)
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.tree.content(self.node) {
            Content::List(items) => visitor.visit_seq(Items { tree: self.tree, rest: items.iter() }),
            Content::Map(pairs) => visitor.visit_map(Pairs { tree: self.tree, rest: pairs.iter(), value: None }),
            Content::Scalar { text, value, .. } => match value {
                Value::Null => visitor.visit_unit(),
                Value::Bool(truth) => visitor.visit_bool(*truth),
                Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                    (Some(number), ..) => visitor.visit_u64(number),
                    (_, Some(number), _) => visitor.visit_i64(number),
                    (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
                },
                _ => visitor.visit_borrowed_str(text),
            },
        }
    }

    /// Where a text is wanted, `with: 2` means the text "2"; nothing at all is no text.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.tree.text(self.node) {
            Some(_) if self.is_nothing() => Err(ReadError::custom("the value is missing; write '' for an empty text")),
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.is_nothing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match name {
            MARKED => visitor.visit_seq(Mark { reader: self, given: 0 }),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// Fields have names; a list of their values is none.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.tree.content(self.node) {
            Content::List(_) => Err(ReadError::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.tree.content(self.node) {
            Content::Scalar { text, .. } => {
                visitor.visit_enum(IntoDeserializer::<ReadError>::into_deserializer(text.as_str()))
            }
            Content::Map(pairs) if pairs.len() == 1 => {
                let (key, value) = pairs[0];
                visitor.visit_enum(Variant { key, value: Reader { node: value, ..self } })
            }
            _ => Err(ReadError::custom("expected one word")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 bytes byte_buf unit unit_struct seq tuple tuple_struct
        map identifier ignored_any
    }
}

struct Items<'t> {
    tree: &'t Tree,
    rest: std::slice::Iter<'t, NodeId>,
}

impl<'t> SeqAccess<'t> for Items<'t> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some(&node) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Reader { tree: self.tree, node }).map(Some).map_err(|error| error.or_at(node))
    }
}

struct Pairs<'t> {
    tree: &'t Tree,
    rest: std::slice::Iter<'t, (NodeId, NodeId)>,
    value: Option<NodeId>,
}

impl<'t> MapAccess<'t> for Pairs<'t> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some(&(key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        // Keys are words, whatever they look like.
        let text: StrDeserializer<ReadError> = self.tree.text(key).unwrap_or_default().into_deserializer();
        seed.deserialize(text).map(Some).map_err(|error| error.or_at(key))
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let node = self.value.take().ok_or_else(|| ReadError::custom("a value is missing"))?;
        seed.deserialize(Reader { tree: self.tree, node }).map_err(|error| error.or_at(node))
    }
}

/// Gives the number of a node, then the node.
struct Mark<'t> {
    reader: Reader<'t>,
    given: u8,
}

impl<'t> SeqAccess<'t> for Mark<'t> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        self.given += 1;
        match self.given {
            1 => seed.deserialize(self.reader.node.into_deserializer()).map(Some),
            2 => seed.deserialize(self.reader).map(Some),
            _ => Ok(None),
        }
    }
}

struct Variant<'t> {
    key: NodeId,
    value: Reader<'t>,
}

impl<'t> EnumAccess<'t> for Variant<'t> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let text: StrDeserializer<ReadError> = self.value.tree.text(self.key).unwrap_or_default().into_deserializer();
        let name = seed.deserialize(text).map_err(|error| error.or_at(self.key))?;
        Ok((name, self))
    }
}

impl<'t> VariantAccess<'t> for Variant<'t> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        serde::Deserialize::deserialize(self.value)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'t>>(self, seed: S) -> Result<S::Value, ReadError> {
        seed.deserialize(self.value).map_err(|error| error.or_at(self.value.node))
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.value.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'t>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ReadError> {
        self.value.deserialize_any(visitor)
    }
}
