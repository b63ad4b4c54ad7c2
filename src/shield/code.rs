//! Single lines that are code.
//!
//! Invariant: a line of prose that quotes a call, a formula or a sign is not code: prose has more
//! Hanzi than code signs, and ends as sentences end.

use memchr::memmem;

use crate::script::is_cjk;

/// True for a line of code, JSON, CSS, a shell command, or a key with its value.
pub fn is_code(line: &str) -> bool {
    let bare = without_comment(line.trim());
    if bare.is_empty() {
        return false;
    }
    let ascii = bare.is_ascii();
    let prose = !ascii && bare.contains(['。', '，', '；', '！', '？']) && !bare.contains('"');
    let comment = bare.starts_with("// ") || bare.starts_with("/*") && bare.ends_with("*/");
    if is_keyed(bare) || command(bare) || comment || is_logged(bare) {
        return !prose;
    }
    let cjk = if ascii { 0 } else { bare.chars().filter(|c| is_cjk(*c)).count() };
    if prose || cjk > bare.bytes().filter(u8::is_ascii_graphic).count() {
        return false;
    }
    let statement = bare.ends_with([';', '{', '}', ',', ')', ']', '(', '[']) || bare.contains("; //");
    let called = memchr::memchr3(b'=', b'(', b'<', bare.as_bytes()).is_some();
    let keyword = keyword(bare);
    // Looked for last, as it takes longest.
    let sign = || bare.contains(IN_SIGNS) && SIGNS.iter().any(|sign| bare.contains(sign));
    keyword && (statement || bare.ends_with(':'))
        || call(bare) && statement
        || bare.starts_with(['{', '}']) && statement
        || bare.starts_with('"') && bare.contains("\":")
        || bare.starts_with("\"\"\"")
        || bare.starts_with("//") && !bare[2..].starts_with('/')
        || style(bare)
        || (keyword || statement || cjk == 0 && called) && sign()
}

/// A line without the comment at its end, where something stands before it.
fn without_comment(line: &str) -> &str {
    let at = memmem::find(line.as_bytes(), b" # ").filter(|at| !line[..*at].trim_start_matches('#').is_empty());
    at.map_or(line, |at| line[..at].trim_end())
}

const SIGNS: [&str; 14] = [" = ", "==", "!=", "=>", "->", "::", "&&", "||", "+=", "();", "\");", "/*", "*/", "</"];

/// One of these stands in each sign.
const IN_SIGNS: [char; 7] = ['=', '>', ':', '&', '|', ';', '/'];

const KEYWORDS: [&str; 34] = [
    "if ",
    "if(",
    "for ",
    "for(",
    "while ",
    "while(",
    "return ",
    "import ",
    "from ",
    "def ",
    "class ",
    "fn ",
    "let ",
    "const ",
    "var ",
    "public ",
    "private ",
    "static ",
    "void ",
    "int ",
    "char ",
    "double ",
    "float ",
    "function ",
    "function(",
    "using ",
    "package ",
    "#include",
    "#define",
    "<?php",
    "SELECT ",
    "INSERT ",
    "print(",
    "else",
];

fn keyword(line: &str) -> bool {
    KEYWORDS.iter().any(|word| line.starts_with(word))
}

/// `name.name(…`, the name of ASCII letters.
fn call(line: &str) -> bool {
    let name = line.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'!' | b':')).count();
    name > 0 && line.as_bytes().get(name) == Some(&b'(')
}

/// `selector { property: value; }`
fn style(line: &str) -> bool {
    let named = |selector: &str| selector.is_ascii() || selector.starts_with(['.', '#', '@']);
    line.split_once('{').is_some_and(|(selector, rest)| named(selector) && rest.contains(':') && rest.contains('}'))
}

/// `$ command`, `C:\> command`
fn command(line: &str) -> bool {
    let name = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '.' || c == '/');
    line.strip_prefix("$ ").is_some_and(name) || line.strip_prefix(">>> ").is_some()
}

/// A record of a program's log: `[INFO] …`, `2021-03-05 14:22:10,123 ERROR …`.
fn is_logged(line: &str) -> bool {
    const LEVELS: [&str; 8] = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL"];
    let is_level = |word: &str| LEVELS.contains(&word.trim_matches(['[', ']', ':']));
    let mut words = line.split_ascii_whitespace().take(5);
    match words.next() {
        Some(word) if word.starts_with('[') && word.ends_with(']') && is_level(word) => true,
        Some(word) if word.starts_with(|c: char| c.is_ascii_digit() || c == '[') => {
            let is_time = |word: &str| word.is_ascii() && word.matches(':').count() >= 2;
            let clock = is_time(word) || words.clone().next().is_some_and(is_time);
            clock && words.any(is_level)
        }
        _ => false,
    }
}

/// `key: value` with a key of small ASCII letters, as metadata outside front matter has it.
fn is_keyed(line: &str) -> bool {
    let Some((key, value)) = line.split_once(": ") else { return false };
    key.len() >= 2
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        && key.bytes().any(|b| b.is_ascii_lowercase())
        && !value.contains(['。', '，'])
}
