//! Regular expressions as Java and Android read them, written as this program reads them.
//!
//! Invariant: what is written means the same, or the translation fails with a reason; invisible characters come out as
//! escapes.

/// What a translated expression needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The expression.
    pub pattern: String,
    /// True where it looks around, refers back or must not give back what it matched.
    pub slow: bool,
}

/// Horizontal white space: what Java's `\h` stands for.
const HORIZONTAL: &str = r" \t\u{a0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}";
/// Vertical white space: what Java's `\v` stands for.
const VERTICAL: &str = r"\n\x0b\x0c\r\u{85}\u{2028}\u{2029}";
/// The end of a text as `$` finds it in Java: before a last line end as well.
const END: &str = r"(?=\n?\z)";

struct Reader<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    out: String,
    slow: bool,
    /// How many classes are open.
    classes: usize,
    /// True once `(?m)` was read: `^` and `$` stand for the ends of lines.
    lines: bool,
}

/// Translates an expression; the error says why it cannot be.
pub fn translate(pattern: &str) -> Result<Translated, String> {
    let mut reader =
        Reader { rest: pattern.chars().peekable(), out: String::new(), slow: false, classes: 0, lines: false };
    while let Some(c) = reader.rest.next() {
        reader.next(c)?;
    }
    Ok(Translated { pattern: reader.out, slow: reader.slow })
}

impl Reader<'_> {
    fn next(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => return self.escape(),
            '[' => {
                self.classes += 1;
                self.out.push('[');
                if self.rest.next_if_eq(&'^').is_some() {
                    self.out.push('^');
                }
                // A bracket right behind the opening one stands for itself.
                if self.rest.next_if_eq(&']').is_some() {
                    self.out.push_str(r"\]");
                }
            }
            ']' if self.classes > 0 => {
                self.classes -= 1;
                self.out.push(']');
            }
            ']' => self.out.push_str(r"\]"),
            // Of these, two in a row are operators of classes here and are not in Java.
            '~' | '-' if self.classes > 0 && (c == '~' || self.out.ends_with(['-', '['])) => {
                self.out.push('\\');
                self.out.push(c);
            }
            _ if self.classes > 0 => self.literal(c),
            '^' if !self.lines => self.out.push_str(r"\A"),
            '$' if !self.lines => {
                self.slow = true;
                self.out.push_str(END);
            }
            '(' => self.group(),
            '*' | '+' | '?' | '}' => {
                self.out.push(c);
                // A plus behind a quantifier means that what was matched is not given back.
                if self.rest.next_if_eq(&'+').is_some() {
                    self.slow = true;
                    self.out.push('+');
                }
            }
            // Two would begin a definition.
            '{' if self.rest.peek() == Some(&'{') => self.out.push_str(r"\{"),
            c => self.literal(c),
        }
        Ok(())
    }

    fn group(&mut self) {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return;
        }
        self.out.push('?');
        let ahead: String = self.rest.clone().take_while(|c| !matches!(c, ')' | ':')).collect();
        match ahead.chars().next() {
            Some('=' | '!' | '>') => self.slow = true,
            Some('<') => self.slow |= matches!(ahead.chars().nth(1), Some('=' | '!')),
            Some('a'..='z' | 'A'..='Z' | '-') => {
                // Flags: u, U and d choose what Unicode and line ends are, which is fixed here.
                self.lines |= ahead.split('-').next().is_some_and(|on| on.contains('m'));
                for _ in ahead.chars() {
                    self.rest.next();
                }
                let flags: String = ahead.chars().filter(|c| !matches!(c, 'u' | 'U' | 'd')).collect();
                self.out.push_str(flags.trim_end_matches('-'));
                // `(?)` is nothing.
                if self.out.ends_with("(?") && self.rest.peek() == Some(&')') {
                    self.out.push(':');
                }
            }
            _ => {}
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(c) = self.rest.next() else { return Err("it ends in a backslash".to_owned()) };
        let class = self.classes > 0;
        match c {
            'h' if class => self.out.push_str(HORIZONTAL),
            'h' => self.out.push_str(&format!("[{HORIZONTAL}]")),
            'H' if !class => self.out.push_str(&format!("[^{HORIZONTAL}]")),
            'v' if class => self.out.push_str(VERTICAL),
            'v' => self.out.push_str(&format!("[{VERTICAL}]")),
            'V' if !class => self.out.push_str(&format!("[^{VERTICAL}]")),
            'R' if !class => self.out.push_str(&format!(r"(?:\r\n|[{VERTICAL}])")),
            'Z' => {
                self.slow = true;
                self.out.push_str(END);
            }
            'e' => self.out.push_str(r"\x1b"),
            'u' => self.code(4)?,
            'x' if self.rest.peek() == Some(&'{') => self.out.push_str(r"\x"),
            'x' => self.code(2)?,
            'Q' => {
                while let Some(c) = self.rest.next() {
                    if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                        break;
                    }
                    self.out.push_str(&literally(c));
                }
            }
            'p' | 'P' => self.property(c),
            '1'..='9' if !class => {
                self.slow = true;
                self.out.push('\\');
                self.out.push(c);
            }
            'k' => {
                self.slow = true;
                self.out.push_str(r"\k");
            }
            'b' | 'B' | 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'n' | 'r' | 't' | 'f' | 'a' | 'A' | 'z' => {
                self.out.push('\\');
                self.out.push(c);
            }
            c if c.is_ascii_alphanumeric() => return Err(format!(r"`\{c}` has no equivalent")),
            c => self.out.push_str(&literally(c)),
        }
        Ok(())
    }

    fn code(&mut self, digits: usize) -> Result<(), String> {
        let code: String = self.rest.by_ref().take(digits).collect();
        match u32::from_str_radix(&code, 16).ok().filter(|_| code.len() == digits) {
            Some(code) if char::from_u32(code).is_none() => Err(format!("U+{code:04X} is half a character")),
            Some(code) => {
                self.out.push_str(&format!(r"\x{{{code:x}}}"));
                Ok(())
            }
            None => Err(format!("`{code}` is no code point")),
        }
    }

    /// Java writes scripts as `IsHan` and some classes in its own way.
    fn property(&mut self, letter: char) {
        self.out.push('\\');
        self.out.push(letter);
        if self.rest.next_if_eq(&'{').is_some() {
            let name: String = self.rest.by_ref().take_while(|c| *c != '}').collect();
            let name = match name.as_str() {
                "Punct" => "P",
                "Alpha" => "Alphabetic",
                "Digit" => "Nd",
                "Space" => "White_Space",
                name => name.strip_prefix("Is").unwrap_or(name),
            };
            self.out.push_str(&format!("{{{name}}}"));
        }
    }

    fn literal(&mut self, c: char) {
        match c {
            c if c.is_control() || is_invisible(c) => self.out.push_str(&format!(r"\x{{{:x}}}", c as u32)),
            c => self.out.push(c),
        }
    }
}

/// A character that stands for itself wherever it is put.
fn literally(c: char) -> String {
    match c {
        // A bracket may only be escaped where it would mean something.
        '<' | '>' => c.to_string(),
        c if c.is_ascii_punctuation() => format!(r"\{c}"),
        c if c.is_control() || is_invisible(c) => format!(r"\x{{{:x}}}", c as u32),
        c => c.to_string(),
    }
}

/// A text that stands for itself, as an expression.
pub fn quote(text: &str) -> String {
    text.chars().map(literally).collect()
}

/// A Java replacement: `$1` repeats a group, a backslash takes its meaning from the next character.
pub fn replacement(with: &str, groups: usize) -> String {
    let mut out = String::new();
    let mut rest = with.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('$') | None => out.push_str("$$"),
                Some(c) => out.push(c),
            },
            '$' if rest.peek() == Some(&'{') => out.push('$'),
            '$' => {
                // As many digits as still name a group.
                let mut number = String::new();
                while let Some(digit) = rest.peek().filter(|c| c.is_ascii_digit()) {
                    let longer = format!("{number}{digit}");
                    if !number.is_empty() && longer.parse::<usize>().is_ok_and(|group| group >= groups) {
                        break;
                    }
                    number = longer;
                    rest.next();
                }
                match number.is_empty() {
                    true => out.push_str("$$"),
                    false => out.push_str(&format!("${{{number}}}")),
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Characters that cannot be seen in a file (format characters, wide and no-break spaces, private use).
fn is_invisible(c: char) -> bool {
    c.is_whitespace() && c != ' '
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_the_same() {
        for (java, ours, slow) in [
            (r"第.*页", r"第.*页", false),
            (r"^本章.*", r"\A本章.*", false),
            (r"(?m)^本章.*$", r"(?m)^本章.*$", false),
            (r"完$", r"完(?=\n?\z)", true),
            (r"(?<=春)\h+", &format!("(?<=春)[{HORIZONTAL}]+"), true),
            (r"[\h，]", &format!("[{HORIZONTAL}，]"), false),
            (r"[\u4E00-\u9FA5]", r"[\x{4e00}-\x{9fa5}]", false),
            (r"\“\/\*\、", r"“\/\*、", false),
            (r"[~～]+[a--]", r"[\~～]+[a-\-]", false),
            (r"(a)\1", r"(a)\1", true),
            (r"a++b", r"a++b", true),
            (r"a]{{2}", r"a\]\{{2}", false),
            (r"\Q(1)\E.", r"\(1\).", false),
            (r"\p{IsHan}\p{Punct}", r"\p{Han}\p{P}", false),
            ("\u{200b}\u{3000}", r"\x{200b}\x{3000}", false),
            (r"(?u)(?iu)字", r"(?:)(?i)字", false),
        ] {
            assert_eq!(translate(java), Ok(Translated { pattern: ours.to_owned(), slow }), "{java}");
        }
        assert!(translate(r"\Gx").is_err() && translate(r"\uD83D").is_err());
    }

    #[test]
    fn replacements_mean_the_same() {
        for (java, groups, ours) in [
            ("$1文", 2, "${1}文"),
            ("$12", 2, "${1}2"),
            ("$12", 13, "${12}"),
            (r"\$1\\", 2, r"$$1\"),
            ("${名}5$", 2, "${名}5$$"),
            ("a$", 1, "a$$"),
        ] {
            assert_eq!(replacement(java, groups), ours, "{java}");
        }
    }
}
