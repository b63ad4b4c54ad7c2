//! Addresses and names of files: URLs, IRIs, e-mail addresses, paths; and entities.
//!
//! Invariant: an address ends at a blank or at a mark that is as wide as a Hanzi; Hanzi belong to
//! it only after a delimiter of its own, so that a sentence that goes on behind it stays free.

use std::ops::Range;

use super::{Found, ShieldSet};
use crate::script::{is_cjk, is_closing, is_han, is_opening, is_stop};

/// Adds what is guarded in one line and not guarded yet.
pub fn find(text: &str, line: &Range<usize>, found: &mut Found) {
    let bytes = &text.as_bytes()[line.clone()];
    let mut free = line.start;
    for at in memchr::memchr3_iter(b':', b'.', b'@', bytes).map(|at| line.start + at) {
        if at < free || found.holds(at) {
            continue;
        }
        let guard = match text.as_bytes()[at] {
            b':' => scheme(text, line, free, at).or_else(|| drive(text, line, free, at)),
            b'.' => domain(text, line, free, at).or_else(|| file(text, line, free, at)),
            _ => mail(text, line, free, at),
        };
        if let Some((range, what)) = guard {
            free = range.end;
            found.add(range, what);
        }
    }
    for at in memchr::memchr2_iter(b'/', b'\\', bytes).map(|at| line.start + at) {
        if found.holds(at) {
            continue;
        }
        if let Some(range) = path(text, line, at) {
            found.add(range, ShieldSet::PATH);
        }
    }
    for at in memchr::memchr_iter(b'&', bytes).map(|at| line.start + at) {
        let name =
            text[at + 1..line.end].bytes().take(10).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        if name > 1 && text[at + 1 + name..line.end].starts_with(';') {
            found.add(at..at + name + 2, ShieldSet::ENTITY);
        }
    }
}

type Guard = Option<(Range<usize>, ShieldSet)>;

/// `scheme://…` around the colon at `at`, and `mailto:…`.
fn scheme(text: &str, line: &Range<usize>, free: usize, at: usize) -> Guard {
    let rest = &text[at + 1..line.end];
    let name =
        text[free..at].bytes().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-')).count();
    if name < 2 || !rest.starts_with("//") {
        return None;
    }
    let end = at + 1 + tail(rest);
    (end > at + 3).then_some((at - name..end, ShieldSet::ADDRESS))
}

/// How far an address goes on from the start of `rest`.
fn tail(rest: &str) -> usize {
    let mut end = 0;
    let mut last = '\0';
    let mut depth = 0i32;
    let further = std::cell::LazyCell::new(|| last_part(rest));
    let goes_on = |at: usize| further.is_some_and(|further| at <= further);
    // What a query asks for may be in two parts: `?词=天气:北京`.
    let in_query = |at: usize| rest[..at].split_once('?').is_some_and(|(_, query)| query.contains('='));
    for (at, c) in rest.char_indices() {
        let delimiter = |c: char| matches!(c, '/' | '?' | '=' | '&' | '#' | '-' | '_' | '%' | '.' | '+' | '~');
        let belongs = match c {
            _ if c.is_whitespace() || is_stop(c) || is_closing(c) || is_opening(c) => false,
            '&' if ends_at_entity(&rest[at..]) => false,
            '<' | '>' | '"' | '`' | '|' | '{' | '}' | '[' | ']' | '…' | '—' => false,
            '(' => {
                depth += 1;
                true
            }
            ')' => {
                depth -= 1;
                depth >= 0
            }
            _ if is_cjk(c) && matches!(last, ',' | ';' | ':') => {
                goes_on(at) || last == ':' && (in_query(at) || is_title(rest, at))
            }
            _ if is_cjk(c) => is_cjk(last) || delimiter(last) && (at > 2 || rest.starts_with(['#', '?'])),
            // After Hanzi only what takes an address further does; a mark left as it is does less harm than an
            // address that is broken.
            ',' | ';' | '!' | '\'' | '*' | ':' if is_cjk(last) => {
                let named = rest.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
                named || goes_on(at) || c == ':' && (in_query(at) || is_title(rest, at + 1))
            }
            _ => c.is_ascii_graphic() || c.is_alphanumeric(),
        };
        if !belongs {
            break;
        }
        // Marks at its end belong to the sentence.
        if !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '(' | '*') {
            end = at + c.len_utf8();
        }
        last = c;
    }
    end
}

/// True where a page of a wiki is named: after the last slash a word, the colon before `name`, and Hanzi to a blank or a
/// `#`. Behind a sentence that goes on there would be a mark.
fn is_title(rest: &str, name: usize) -> bool {
    /// No title or name of its kind is longer, in characters.
    const LONGEST: usize = 20;
    let space =
        rest[..name - 1].chars().rev().take(LONGEST).take_while(|c| is_han(*c)).map(char::len_utf8).sum::<usize>();
    let title: usize = rest[name..].chars().take(LONGEST).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    rest[..name - 1 - space].ends_with('/') && title > 0 && rest[name + title..].starts_with([' ', '#'])
}

/// Where the parts of a query or of a path come for the last time before the address can end.
fn last_part(rest: &str) -> Option<usize> {
    let ends = |c: char| c.is_whitespace() || is_stop(c) || is_closing(c) || is_opening(c);
    rest[..rest.find(ends).unwrap_or(rest.len())].rfind(['&', '=', '/'])
}

/// True where an entity that stands for a mark of the sentence begins `rest`. `&amp;` joins the
/// fields of a query.
fn ends_at_entity(rest: &str) -> bool {
    ["&quot;", "&lt;", "&gt;", "&nbsp;", "&ldquo;", "&rdquo;", "&lsquo;", "&rsquo;", "&#"]
        .iter()
        .any(|name| rest.starts_with(name))
}

/// The longest name of a host, in bytes (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 255;

fn is_host(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')
}

/// `www.example.com/…`, `example.com`: the dot at `at` is its first.
fn domain(text: &str, line: &Range<usize>, free: usize, at: usize) -> Guard {
    let bytes = text.as_bytes();
    let label = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
    let start = at - bytes[free..at].iter().rev().take_while(|b| label(b)).count();
    let host = at + bytes[at..line.end].iter().take(LONGEST_HOST).take_while(|b| is_host(b)).count();
    let name = text[start..host].trim_end_matches(['.', '-']);
    let (_, top) = name.rsplit_once('.')?;
    let www = name.len() > 4 && name[..4].eq_ignore_ascii_case("www.");
    let known = start < at && TOP_LEVEL.contains(&top.to_ascii_lowercase().as_str());
    if !(www || known) || name.split('.').any(str::is_empty) {
        return None;
    }
    let end = start + name.len();
    let more = if bytes.get(end) == Some(&b'/') { tail(&text[end..line.end]) } else { 0 };
    Some((start..end + more, ShieldSet::ADDRESS))
}

/// Top-level domains that scraped Chinese texts name (IANA root zone; those that are not words of
/// code or file extensions).
const TOP_LEVEL: [&str; 34] = [
    "com", "cn", "net", "org", "gov", "edu", "tw", "hk", "jp", "kr", "io", "me", "cc", "info", "biz", "top", "xyz",
    "vip", "club", "site", "la", "co", "tv", "us", "uk", "de", "fr", "ru", "dev", "app", "fm", "so", "asia", "mobi",
];

/// `name@host` around the at sign.
fn mail(text: &str, line: &Range<usize>, free: usize, at: usize) -> Guard {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
    let start = at - bytes[free..at].iter().rev().take_while(|b| local(b)).count();
    let host = bytes[at + 1..line.end].iter().take_while(|b| is_host(b)).count();
    let host = text[at + 1..at + 1 + host].trim_end_matches(['.', '-']);
    (start < at && host.contains('.')).then_some((start..at + 1 + host.len(), ShieldSet::ADDRESS))
}

/// `C:\folder\file` around the colon at `at`.
fn drive(text: &str, line: &Range<usize>, free: usize, at: usize) -> Guard {
    let bytes = text.as_bytes();
    let letter = at > free && bytes[at - 1].is_ascii_alphabetic();
    let alone = letter && (at - 1 == line.start || !bytes[at - 2].is_ascii_alphanumeric());
    if !alone || !text[at + 1..line.end].starts_with('\\') {
        return None;
    }
    let end = at + 1 + steps(&text[at + 1..line.end]);
    Some((at - 1..end, ShieldSet::PATH))
}

/// How far a path goes on: to a blank or a mark as wide as a Hanzi.
fn steps(rest: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace() || is_stop(c) || is_closing(c) || is_opening(c) || matches!(c, '"' | '<' | '>' | '|' | '`')
    };
    let whole = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let entity = memchr::memchr_iter(b'&', whole.as_bytes()).find(|at| ends_at_entity(&whole[*at..]));
    let whole = &whole[..entity.unwrap_or(whole.len())];
    if whole.ends_with("/..") { whole.len() } else { whole.trim_end_matches([',', ';', '.', ':', '!', '?', ')']).len() }
}

/// A Unix path or a share: `/usr/bin`, `~/a`, `./a`, `../..`, `\\host\share`.
fn path(text: &str, line: &Range<usize>, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if at > line.start && bytes[at - 1] == bytes[at] {
        return None;
    }
    let dots = bytes[line.start..at].iter().rev().take_while(|b| matches!(b, b'.' | b'~')).count();
    let start = at - dots;
    let before = text[line.start..start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() && c.is_ascii() || matches!(c, '/' | '\\' | ')' | '%' | '<')) {
        return None;
    }
    let rest = &text[at..line.end];
    let named = rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | '-'));
    // How far it goes is only asked where it is one: the next slash asks again.
    if !named || before.is_some_and(is_han) {
        return None;
    }
    let len = steps(rest);
    let steps = &rest[1..len.max(1)];
    // What is left of `/.` is no name.
    let named = !steps.is_empty();
    let sure = named && (dots > 0 || steps.contains(['/', '\\']));
    // `是/否/其他` and dates such as `2003/5/1` have a letter or a digit before the first slash.
    sure.then_some(start..at + len)
}

/// `name.ext`, the dot at `at`: the name may hold Hanzi and brackets. A fragment or query behind
/// it belongs to it.
fn file(text: &str, line: &Range<usize>, free: usize, at: usize) -> Guard {
    let ext = text[at + 1..line.end].bytes().take_while(u8::is_ascii_alphanumeric).count();
    let end = at + 1 + ext;
    if !(1..=5).contains(&ext) || !EXTENSIONS.contains(&text[at + 1..end].to_ascii_lowercase().as_str()) {
        return None;
    }
    let mut start = at;
    let mut depth = 0i32;
    for (step, c) in text[free..at].char_indices().rev().take(60) {
        depth += match c {
            ')' | '）' | ']' => 1,
            '(' | '（' | '[' => -1,
            _ => 0,
        };
        let inside = depth > 0 && matches!(c, ' ' | ',' | '，' | '、');
        let belongs = c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '~' | '/' | '\\' | '—' | '·');
        let bracket = matches!(c, '(' | ')' | '（' | '）' | '[' | ']');
        if depth < 0 || !(belongs || bracket || inside) {
            break;
        }
        start = free + step;
    }
    let more = if text[end..line.end].starts_with(['#', '?']) { tail(&text[end..line.end]) } else { 0 };
    // The bracket that a sentence opened before the name is not part of it.
    (start < at).then_some((start..end + more, ShieldSet::PATH))
}

const EXTENSIONS: [&str; 56] = [
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "txt", "md", "rtf", "wps", "csv", "tsv", "json", "xml", "yaml",
    "yml", "toml", "ini", "html", "htm", "shtml", "php", "asp", "aspx", "jsp", "css", "js", "ts", "jsx", "tsx", "vue",
    "py", "rs", "go", "c", "h", "cpp", "java", "sh", "bat", "exe", "jpg", "jpeg", "png", "gif", "svg", "bmp", "mp3",
    "mp4", "avi", "zip", "rar", "7z", "gz", "epub",
];
