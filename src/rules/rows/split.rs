//! The entries of a row, and which of them are known.
//!
//! Invariant: a [`Row`] holds no entry that is longer than allowed or has a mark of a sentence in it, unless it is known.

use crate::script::{is_blank, is_cjk, is_hangul};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Known, and worth so much.
    Known(u32),
    /// A label that is worth so much once its value follows.
    Label(u32),
    /// A number, a date, a value: it says nothing.
    Nothing,
    /// Any other short words.
    Unknown,
}

/// A line that is a row of short entries.
#[derive(Debug)]
pub struct Row<'l> {
    entries: Vec<(&'l str, Found)>,
    /// Whether its entries are words of a writing with blanks between words, and nothing else parts them: it may be a
    /// sentence.
    pub is_spaced: bool,
    /// Whether each entry stands in brackets of its own, as buttons do.
    are_buttons: bool,
}

/// The fewest entries of a row that holds one that is not known.
const FEWEST: usize = 3;

/// The longest label before a colon that is not known, and the longest value behind a colon, in Hanzi.
const LABEL: usize = 6;
const VALUE: usize = 24;

/// The most words of an entry.
const WORDS: usize = 5;

/// What parts the words of an entry, or entries that are words.
const WEAK: &str = "/／·・";

/// Marks that only sentences and titles have.
const STOPS: &str = "。！；，、“”‘’「」『』《》〈〉";

impl<'l> Row<'l> {
    /// False where a look at the marks of a line tells that it is no row.
    pub fn may_be(line: &str) -> bool {
        let (mut bars, mut parts, mut sentence) = (false, false, false);
        let (mut before, mut last) = (' ', ' ');
        let mut aside = false;
        for c in line.chars() {
            aside = c == '（' || aside && c != '）';
            bars |= is_bar(c) || is_blank(last) && WEAK.contains(c);
            parts |= is_blank(c) || WEAK.contains(c);
            sentence |= is_blank(c) && matches!(last, '.' | ',' | ';' | '?' | '!') && before.is_alphabetic();
            if STOPS.contains(c) && !(aside && matches!(c, '，' | '、')) {
                return false;
            }
            (before, last) = (last, c);
        }
        (bars || parts && !sentence) && !matches!(last, '.' | ',' | ';')
    }

    /// Splits a line into entries; `None` where it is no row. `worth` tells what an entry is worth, 0 for one that says
    /// nothing; `longest` is how wide one may be that is not known, in Hanzi.
    pub fn of(line: &'l str, longest: usize, worth: impl Fn(&str) -> Option<u32>) -> Option<Self> {
        let mut row = Self { entries: vec![], is_spaced: false, are_buttons: false };
        let mut parts = 0;
        for stretch in stretches(line) {
            let words = words(stretch);
            // Where blanks alone part the entries, most words of a row are known.
            let unknown = if stretch.len() == line.len() { words.len() / 2 } else { words.len() };
            row.read(stretch, &words, unknown, &worth)?;
            parts += 1;
        }
        let fits = |(entry, found): &(&str, Found)| *found != Found::Unknown || is_short(entry, longest);
        let row = Self { is_spaced: parts < 2 && row.is_mostly_spaced(), are_buttons: are_buttons(line, parts), ..row };
        let known = row.known().count();
        let enough = row.entries.len() >= FEWEST || known > 1 && known == row.count();
        (enough && known > 0 && row.entries.iter().all(fits)).then_some(row)
    }

    /// The entries of a stretch between two bars; `None` where more than so many words are not known.
    fn read(&mut self, stretch: &'l str, words: &[&'l str], mut unknown: usize, worth: &impl Fn(&str) -> Option<u32>) -> Option<()> {
        let found = |entry: &str| match bare(entry).find_map(worth) {
            Some(0) => Some(Found::Nothing),
            Some(worth) => Some(Found::Known(worth)),
            None if !entry.chars().any(char::is_alphabetic) => Some(Found::Nothing),
            None => None,
        };
        let mut at = 0;
        while at < words.len() {
            let known = (1..=WORDS.min(words.len() - at)).rev().find_map(|count| {
                let entry = between(stretch, words[at], words[at + count - 1]);
                let label = || label(entry).filter(|_| ends_label(&words[at..at + count]));
                Some((entry, count, label().and_then(|label| labelled(label, worth)).or_else(|| found(entry))?))
            });
            if known.is_none() {
                unknown = unknown.checked_sub(1)?;
            }
            let (entry, count, found) = known.unwrap_or((words[at], 1, Found::Unknown));
            self.push(stretch, (entry, found), at > 0);
            at += count;
        }
        Some(())
    }

    /// One more entry. It is the value of a label before it, or goes on with unknown words before it.
    fn push(&mut self, stretch: &'l str, (entry, found): (&'l str, Found), goes_on: bool) {
        let Some((last, before)) = self.entries.last_mut() else { return self.entries.push((entry, found)) };
        match *before {
            Found::Label(worth) if matches!(found, Found::Unknown | Found::Nothing) && is_short(entry, VALUE) => {
                *before = Found::Known(worth);
                self.entries.push((entry, Found::Nothing));
            }
            Found::Label(_) => {
                *before = Found::Nothing;
                self.entries.push((entry, found));
            }
            Found::Unknown if found == Found::Unknown && goes_on && is_one(stretch, last, entry) => {
                *last = between(stretch, last, entry);
            }
            _ => self.entries.push((entry, found)),
        }
    }

    fn is_mostly_spaced(&self) -> bool {
        self.entries.iter().filter(|(entry, _)| entry.chars().any(is_letter_of_word)).count() * 2 > self.entries.len()
    }

    /// The known entries that are worth something, each once.
    pub fn known(&self) -> impl Iterator<Item = (&'l str, u32)> + '_ {
        let first = |at: usize| !self.entries[..at].iter().any(|(entry, _)| without_count(entry) == without_count(self.entries[at].0));
        self.entries.iter().enumerate().filter_map(move |(at, (entry, found))| match found {
            Found::Known(worth) if first(at) => Some((*entry, *worth)),
            _ => None,
        })
    }

    /// How many entries say something, known or not.
    pub fn count(&self) -> usize {
        self.entries.iter().filter(|(_, found)| *found == Found::Unknown).count() + self.known().count()
    }

    /// What the known entries are worth, and their brackets.
    pub fn worth(&self) -> u32 {
        self.known().map(|(_, worth)| worth).sum::<u32>() + u32::from(self.are_buttons)
    }
}

/// A mark that parts entries: a bar, a bracket, an arrow, a bullet, a wide blank.
fn is_bar(c: char) -> bool {
    "\t\u{3000}|｜│丨┃┊¦[]【】〔〕()（）>＞»›→←<＜«‹•●○■□◆◇▲△▼▶►▪▸★☆※".contains(c)
}

/// The stretches of a line between bars; two blanks are one, and so is a point between blanks.
fn stretches(line: &str) -> impl Iterator<Item = &str> {
    line.split(is_bar).flat_map(|stretch| stretch.split("  ")).flat_map(|stretch| stretch.split(" · ")).map(|s| s.trim_matches(is_blank)).filter(|s| !s.is_empty())
}

/// True for three and more entries, each between brackets, and nothing outside of them.
fn are_buttons(line: &str, entries: usize) -> bool {
    let brackets = line.split(['【', '[', '〔']).skip(1).all(|piece| piece.trim_end().ends_with(['】', ']', '〕']));
    entries >= FEWEST && line.starts_with(['【', '[', '〔']) && brackets && line.split(['【', '[', '〔']).count() == entries + 1
}

/// The words of a stretch. What parts them may part entries as well.
fn words(stretch: &str) -> Vec<&str> {
    stretch.split(|c| is_blank(c) || WEAK.contains(c)).filter(|word| !word.is_empty()).collect()
}

/// From the first byte of one piece of a stretch to the last of another.
fn between<'l>(stretch: &'l str, first: &str, last: &str) -> &'l str {
    let start = first.as_ptr() as usize - stretch.as_ptr() as usize;
    let end = last.as_ptr() as usize - stretch.as_ptr() as usize + last.len();
    &stretch[start..end]
}

/// A label with its colon, and the value behind it.
fn label(entry: &str) -> Option<(&str, &str)> {
    let (at, colon) = entry.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    Some(entry.split_at(at + colon.len_utf8()))
}

/// What a label with its value is; one that is known without its colon needs no value.
fn labelled((label, value): (&str, &str), worth: &impl Fn(&str) -> Option<u32>) -> Option<Found> {
    let bare = bare(label).next().and_then(worth);
    match (worth(label.trim_start_matches(|c: char| !c.is_alphanumeric())).max(bare)?, value.is_empty()) {
        // A date or a time.
        (0, _) => None,
        (worth, true) if bare.is_none() => Some(Found::Label(worth)),
        (worth, _) => is_short(value, VALUE).then_some(Found::Known(worth)),
    }
}

/// True where the last of these words is the first that has a colon.
fn ends_label(words: &[&str]) -> bool {
    !words[..words.len() - 1].iter().any(|word| word.contains([':', '：']))
}

/// An entry without the marks round it, and then without the count behind it.
fn bare(entry: &str) -> impl Iterator<Item = &str> {
    let word = entry.trim_matches(|c: char| !c.is_alphanumeric());
    let short = without_count(word);
    let has_count = short.len() < word.len() && !word[short.len()..].contains([':', '：']);
    [word, short].into_iter().take(if has_count { 2 } else { 1 }).filter(|word| !word.is_empty())
}

fn without_count(entry: &str) -> &str {
    entry.trim_end_matches(|c: char| c.is_numeric() || !c.is_alphanumeric())
}

/// True where two pieces of a stretch are one entry: words of a writing with blanks between words are, and so are those
/// of a name that a point parts.
fn is_one(stretch: &str, entry: &str, next: &str) -> bool {
    let both = between(stretch, entry, next);
    let mark = &both[entry.len()..both.len() - next.len()];
    let ends = [entry.chars().next_back(), next.chars().next()];
    mark.contains(['·', '・']) || mark.chars().all(is_blank) && ends.iter().flatten().all(|c| is_letter_of_word(*c))
}

/// A letter of a writing with blanks between words.
fn is_letter_of_word(c: char) -> bool {
    c.is_alphabetic() && (!is_cjk(c) || is_hangul(c))
}

/// True for an entry without a mark of a sentence that is as wide as at most so many Hanzi, each of which is as wide as
/// two letters; behind a short label and a colon stands a value.
fn is_short(entry: &str, longest: usize) -> bool {
    let (label, value) = entry.split_once([':', '：']).unwrap_or((entry, ""));
    let longest = if value.is_empty() { longest } else { LABEL };
    let is_wide = |text: &str, longest| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() > longest * 2;
    !entry.contains(['?', '？', '!', ';', '"']) && !entry.ends_with('.') && !is_wide(label, longest) && !is_wide(value, VALUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(entry: &str) -> Option<u32> {
        match entry {
            "登录" | "打印" | "浏览" | "审核:" | "审核：" | "sign in" => Some(2),
            "新闻" | "评论" | "home" => Some(1),
            "昨天" => Some(0),
            _ => None,
        }
    }

    #[test]
    fn entries_are_told_apart_and_known_without_their_marks() {
        for (line, known, count) in [
            ("新闻 | 掌上某城 | 登录", &[("新闻", 1), ("登录", 2)][..], 3),
            ("【打印】【我来纠错】[登录]", &[("打印", 2), ("登录", 2)], 3),
            ("新闻 体育  登录", &[("新闻", 1), ("登录", 2)], 3),
            ("评论(12) 评论(3) 打印 某某", &[("评论", 1), ("打印", 2)], 3),
            ("浏览：12　昨天　供图：某某馆", &[("浏览：12", 2)], 2),
            ("审核：李梅　打印　登录", &[("审核：李梅", 2), ("打印", 2), ("登录", 2)], 3),
            ("审核： 李梅　打印　登录", &[("审核：", 2), ("打印", 2), ("登录", 2)], 3),
            ("审核：　打印　登录", &[("打印", 2), ("登录", 2)], 2),
            ("home | the river bank | sign in", &[("home", 1), ("sign in", 2)], 3),
            ("打印 登录", &[("打印", 2), ("登录", 2)], 2),
        ] {
            let row = Row::may_be(line).then(|| Row::of(line, 8, worth)).flatten().expect(line);
            assert_eq!((&row.known().collect::<Vec<_>>()[..], row.count()), (known, count), "{line}");
        }
    }

    #[test]
    fn words_with_nothing_but_blanks_between_them_may_be_a_sentence() {
        assert!(Row::of("home is where you sign in", 8, worth).is_some_and(|row| row.is_spaced));
        assert!(Row::of("home | you | sign in", 8, worth).is_some_and(|row| !row.is_spaced));
        assert!(Row::of("新闻 体育 登录", 8, worth).is_some_and(|row| !row.is_spaced));
    }

    #[test]
    fn a_line_with_more_than_short_entries_is_no_row() {
        for line in [
            "登录，然后打印",
            "登录。 打印",
            "打印 某某",
            "打印 | 一个很长很长的条目在这里 | 登录",
            "打印 | 问什么？ | 登录",
            "He went home, then he had to sign in",
            "春 夏 秋 冬",
            "登录",
        ] {
            assert!(!Row::may_be(line) || Row::of(line, 8, worth).is_none(), "{line}");
        }
    }
}
