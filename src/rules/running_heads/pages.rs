//! Page numbers that count on from page to page.
//!
//! Invariant: the lines of a series are alike but for their numbers, and one of the numbers grows
//! by one or two from each line to the next.

use std::collections::{BTreeSet, HashMap};

use super::Finder;
use crate::layout::{Class, End, Layout};

/// What a number line says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It says that it counts pages: `Page 3`, `第 3 页`, `3 / 10`.
    Page,
    /// Dashes or dots stand around it: `- 3 -`.
    Framed,
    /// A number and nothing else, or a number with a title.
    Other,
}

impl Form {
    fn of(shape: &str) -> Self {
        let bare: String = shape.chars().filter(|c| !c.is_whitespace()).collect();
        let lower = bare.to_lowercase();
        let said = ["第#页", "第#頁", "page#", "#ページ", "#페이지", "#/#", "#of#", "p.#", "#页", "#頁"];
        let short = bare.chars().count() <= 16;
        if said.iter().any(|said| lower.contains(said) && (short || lower.trim_end_matches(']').ends_with(said))) {
            return Form::Page;
        }
        let frame = bare.trim_matches(|c: char| "-–—―─·•~～*[]()（）【】〔〕<>|".contains(c));
        if frame == "#" && bare != "#" { Form::Framed } else { Form::Other }
    }
}

/// The fewest lines of a page.
pub(super) const PAGE: usize = 12;
/// The fewest pages of a series that needs no other sign.
const SERIES: usize = 5;

/// Lines of one shape: their indices and their numbers.
type Series = Vec<(usize, Vec<u32>)>;

impl Finder {
    /// The lines that are page numbers.
    pub(super) fn numbers(&self, text: &str, layout: &Layout) -> BTreeSet<usize> {
        let mut shapes: HashMap<String, Series> = HashMap::new();
        for (index, line) in layout.lines.iter().enumerate() {
            let out = matches!(line.class, Class::Blank | Class::Code | Class::Markup);
            let out = out || text[line.at.clone()].starts_with('|');
            if out || line.columns > self.width || line.chars == 0 {
                continue;
            }
            if let Some((shape, numbers)) = shape(&text[line.at.clone()]) {
                shapes.entry(shape).or_default().push((index, numbers));
            }
        }
        let mut heads = BTreeSet::new();
        for (shape, series) in &shapes {
            for run in runs(series) {
                if self.is_paging(text, layout, Form::of(shape), run) {
                    heads.extend(run.iter().map(|(line, _)| *line));
                }
            }
        }
        heads
    }

    fn is_paging(&self, text: &str, layout: &Layout, form: Form, run: &[(usize, Vec<u32>)]) -> bool {
        let lines: Vec<usize> = run.iter().map(|(line, _)| *line).collect();
        let cut = lines.iter().filter(|&&line| cuts(layout, line)).count();
        if lines.len() == 1 {
            // A document of two pages: the one number has to part a line of full width from the rest.
            let bare = text[layout.lines[lines[0]].at.clone()].chars().all(|c| c.is_ascii_digit());
            return parts_wrap(text, layout, lines[0]) && (bare || form != Form::Other && isolated(layout, lines[0]));
        }
        // A long series at page distance that says it counts pages needs no other sign.
        let far = lines.windows(2).filter(|two| two[1] - two[0] >= PAGE).count();
        let next = run.windows(2).filter(|two| two[0].1.iter().zip(&two[1].1).any(|(a, b)| a + 1 == *b)).count();
        if form == Form::Page && lines.len() >= SERIES && far * 10 >= lines.len() * 8 && next * 10 >= lines.len() * 8 {
            return true;
        }
        let enough = if form == Form::Other { self.pages } else { self.pages - 1 };
        let share = if form == Form::Other { 5 } else { 3 };
        let near = lines.windows(2).filter(|two| two[1] - two[0] < 5).count();
        let paired = lines.len() >= enough || cut == lines.len() && lines.iter().all(|&line| parts_wrap(text, layout, line));
        paired && cut * 10 >= lines.len() * share && near * 4 <= lines.len()
    }
}

/// The line with `#` for every number, and the numbers; `None` where there is none that a page
/// could have.
fn shape(line: &str) -> Option<(String, Vec<u32>)> {
    if !line.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (mut shape, mut numbers) = (String::with_capacity(line.len()), Vec::new());
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        shape.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        numbers.push(rest[..len].parse().ok().filter(|&number| number < 10_000)?);
        shape.push('#');
        rest = &rest[len..];
    }
    shape.push_str(rest);
    Some((shape, numbers))
}

/// Cuts a series where its numbers stop counting on.
fn runs(series: &Series) -> impl Iterator<Item = &[(usize, Vec<u32>)]> {
    // The first number that changes is the one that counts.
    let counts = |two: &(usize, Vec<u32>), next: &(usize, Vec<u32>)| {
        let changed = two.1.iter().zip(&next.1).find(|(a, b)| a != b);
        changed.is_some_and(|(a, b)| *b > *a && *b - *a <= 2)
    };
    series.chunk_by(counts)
}

/// True where the block around a line stands in mid-sentence.
pub(super) fn cuts(layout: &Layout, line: usize) -> bool {
    // Another line of the head may stand on either side.
    let far = |line: usize| !layout.lines[line].is_text() || layout.lines[line].columns < 30 && !layout.lines[line].end.is_final();
    let full = |line: &usize| !layout.lines[*line].is_blank();
    let mut before = (0..line).rev().filter(full).take(3).skip_while(|&line| far(line));
    let mut after = (line + 1..layout.lines.len()).filter(full).take(3);
    let cut = before.next().is_some_and(|line| {
        let line = &layout.lines[line];
        let prose = line.full || line.is_long() && line.stops + line.commas > 0;
        prose && line.is_text() && matches!(line.end, End::Bare | End::Comma | End::Open | End::Hyphen)
    });
    cut && after.any(|line| layout.lines[line].is_text())
}

/// True where blank lines stand on both sides, another short line in between allowed.
fn isolated(layout: &Layout, line: usize) -> bool {
    let blank = |at: Option<usize>| at.and_then(|at| layout.lines.get(at)).is_none_or(|line| line.is_blank());
    blank(line.checked_sub(1)) && (blank(Some(line + 1)) || blank(Some(line + 2)))
        || blank(line.checked_sub(2)) && blank(Some(line + 1))
}

/// True where the line before is as long as the width of the text and ends in mid-sentence.
fn parts_wrap(text: &str, layout: &Layout, line: usize) -> bool {
    let full = |line: &usize| !layout.lines[*line].is_blank();
    let Some(before) = (0..line).rev().find(full) else { return false };
    let before = &layout.lines[before];
    let mut after = (line + 1..layout.lines.len()).filter(full).take(2).map(|line| &layout.lines[line]);
    let open = before.is_text() && !before.end.is_final();
    open && after.any(|next| next.is_text() && layout.fits(text, before, next))
}
