//! What a document says its encoding is. Pages lie about it, so this is a hint and no more.
//!
//! Invariant: only the first kilobytes are read, as a browser would, and nothing but a known label counts.

use memchr::memmem;

use super::encoding::Encoding;

/// How far browsers look for a declaration (WHATWG: 1024 bytes), and some, as many pages put it later.
const PROLOGUE: usize = 4096;

/// The encoding named in `<meta charset=...>`, `<meta ... content="...; charset=...">`, `<?xml encoding=...?>` or
/// `@charset "..."`.
pub(super) fn declared(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(PROLOGUE)];
    let starts_as_xml = head.starts_with(b"<?xml");
    let keys: [(&[u8], bool); 2] = [(b"charset", true), (b"encoding", starts_as_xml)];
    keys.iter().filter(|(_, applies)| *applies).find_map(|(key, _)| {
        memmem::find_iter(head, key).find_map(|at| Encoding::for_label(&value(&head[at + key.len()..])?))
    })
}

/// The word after an equals sign or a space, and perhaps a quotation mark.
fn value(bytes: &[u8]) -> Option<String> {
    let between = |byte: &u8| matches!(byte, b' ' | b'=' | b'"' | b'\'');
    let start = bytes.iter().take(8).position(|byte| !between(byte)).filter(|start| *start > 0)?;
    let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
    let label: Vec<u8> = bytes[start..].iter().take(40).take_while(word).copied().collect();
    String::from_utf8(label).ok()
}
