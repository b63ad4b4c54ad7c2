//! YAML as a tree in which every value knows where it stands.
//!
//! Invariant: every node has a byte range of the file, so that whatever is wrong with a value, while it is read or
//! long after, can be shown at its place.

mod de;
mod marked;
mod tree;

pub use de::ReadError;
pub use marked::{Later, Marked};
pub use tree::{Content, NodeId, SyntaxError, Tree};
