//! Values that know the node they were read from.
//!
//! Invariant: a value that was read from a tree has its node; one from elsewhere has none.

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::{NodeId, ReadError, Tree};

/// The name by which a newtype asks for the number of its node.
pub(super) const MARKED: &str = "descrape::Marked";

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub struct Marked<T> {
    /// The node it was read from; none where it was not read from a tree.
    pub node: Option<NodeId>,
    /// The value.
    pub value: T,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Marked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(MARKED, MarkedVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Marked<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

struct MarkedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MarkedVisitor<T> {
    type Value = Marked<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Ok(Marked { node: None, value: T::deserialize(deserializer)? })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let node = parts.next_element()?;
        let value = parts.next_element()?.ok_or_else(|| Error::custom("a value is missing"))?;
        Ok(Marked { node, value })
    }
}

/// A value that is read later, so that its mistakes do not hide those of its neighbours.
#[derive(Debug, Clone, Copy)]
pub struct Later<T> {
    node: NodeId,
    value: PhantomData<T>,
}

impl<T: for<'de> Deserialize<'de>> Later<T> {
    /// The node it will be read from.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// Reads it out of the tree it came from.
    pub fn read(&self, tree: &Tree) -> Result<T, ReadError> {
        tree.read(self.node)
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let marked = Marked::<serde::de::IgnoredAny>::deserialize(deserializer)?;
        let node = marked.node.ok_or_else(|| Error::custom("this value can be read from a rules file only"))?;
        Ok(Self { node, value: PhantomData })
    }
}

impl<T: JsonSchema> JsonSchema for Later<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
