//! Whether every match of an expression holds a word, or could be a letter or a mark that stands in any line.
//!
//! Invariant: told by the expression alone; which literals a text is searched for by has no part in it.

use regex_syntax::hir::{Class, Hir, HirKind};

/// True where every match holds two letters or digits, with nothing between them that could be one of many characters.
pub fn is_worded(expression: &Hir) -> bool {
    Letters::of(expression).best > 1
}

/// How many letters and digits the strings have that an expression matches.
struct Letters {
    /// The fewest that one has, where all characters of all of them are known.
    known: Option<usize>,
    /// The fewest in the best stretch of known characters.
    best: usize,
}

impl Letters {
    fn of(hir: &Hir) -> Self {
        let Self { known, best } = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self { known: Some(0), best: 0 },
            HirKind::Literal(literal) => {
                let letters = String::from_utf8_lossy(&literal.0).chars().filter(|c| c.is_alphanumeric()).count();
                Self { known: Some(letters), best: 0 }
            }
            HirKind::Class(class) => Self { known: in_class(class), best: 0 },
            HirKind::Capture(capture) => return Self::of(&capture.sub),
            HirKind::Concat(parts) => Self::in_sequence(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => {
                let parts: Vec<Self> = parts.iter().map(Self::of).collect();
                let known = parts.iter().map(|part| part.known).min().flatten();
                Self { known, best: parts.iter().map(|part| part.best).min().unwrap_or(0) }
            }
            HirKind::Repetition(repetition) => {
                let once = Self::of(&repetition.sub);
                let few = repetition.max.is_some_and(|max| max <= 4);
                let known = once.known.filter(|_| few).map(|letters| letters * repetition.min as usize);
                Self { known, best: if repetition.min > 0 { once.best } else { 0 } }
            }
        };
        Self { known, best: best.max(known.unwrap_or(0)) }
    }

    fn in_sequence(parts: impl Iterator<Item = Self>) -> Self {
        let (mut all, mut stretch, mut best) = (Some(0), 0, 0);
        for part in parts {
            all = all.zip(part.known).map(|(all, known)| all + known);
            stretch = part.known.map_or(0, |known| stretch + known);
            best = best.max(stretch).max(part.best);
        }
        Self { known: all, best }
    }
}

/// Whether a class of few characters is one of letters; of many, nothing is known.
fn in_class(class: &Class) -> Option<usize> {
    const FEW: usize = 12;
    let Class::Unicode(class) = class else { return None };
    if class.ranges().len() > FEW {
        return None;
    }
    let count: usize = class.ranges().iter().map(|range| range.len()).sum();
    let mut chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    (count <= FEW).then(|| usize::from(chars.all(char::is_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_single_letters_and_marks() {
        for (pattern, worded) in [
            ("编辑|来源", true),
            ("[责責]任", true),
            ("[编編][辑輯]", true),
            ("编辑|※", false),
            ("阅", false),
            (r"阅\s*读", false),
            (r"\d{4}-\d\d", false),
            (r"\p{Han}{2}", false),
            ("(?:阅读)?量", false),
            ("(?:阅读)?数量", true),
            ("阅{2}", true),
        ] {
            assert_eq!(is_worded(&regex_syntax::parse(pattern).unwrap()), worded, "{pattern}");
        }
    }
}
