//! What a rule sees of a text: the text, the part it may work in, and facts shared by all rules.
//!
//! Invariant: the facts of one text are computed at most once, when the first rule asks for
//! them. When an edit changes the text they are dropped, but for what is known of lines that the
//! edit does not touch.

use std::cell::OnceCell;
use std::ops::Range;

use crate::cuts::Cuts;
use crate::edit::EditSet;
use crate::fold::Shadow;
use crate::inventory::Inventory;
use crate::layout::{Layout, Look};
use crate::lines::Lines;
use crate::prefilter::Places;
use crate::script::{Script, Tally};
use crate::shield::Shields;

/// Facts about one state of a text.
#[derive(Debug, Default)]
pub struct Facts {
    lines: OnceCell<Lines>,
    script: OnceCell<Script>,
    shields: OnceCell<Shields>,
    layout: OnceCell<Layout>,
    cuts: OnceCell<Cuts>,
}

impl Facts {
    /// The facts of `text`, which the edits of a rule made of the text that these are the facts of, as far as they still
    /// hold.
    pub fn after(&self, edits: &EditSet, text: &str) -> Self {
        let changed: usize = edits.into_iter().map(|edit| edit.at.len() + edit.with.len()).sum();
        // A text that has lost or gained more than this may be in another writing.
        let script = if changed * 64 < text.len() { self.script.clone() } else { OnceCell::new() };
        let lines = OnceCell::new();
        if let Some(known) = self.lines.get() {
            lines.get_or_init(|| known.after(edits, text));
        }
        Self { script, lines, ..Self::default() }
    }
}

/// What finds a fact.
type Finder = fn(&View);

/// The facts that rules share, by name; each may ask for those before it.
pub(crate) const SHARED: [(&str, Finder); 5] = [
    ("lines", |view| _ = view.lines()),
    ("shields", |view| _ = view.shields()),
    ("layout", |view| _ = view.layout()),
    ("cuts", |view| _ = view.cuts()),
    ("disguises", |view| view.shadows(false).for_each(drop)),
];

/// A text as one rule sees it.
#[derive(Debug, Clone)]
pub struct View<'t> {
    text: &'t str,
    facts: &'t Facts,
    region: Range<usize>,
    led: Led<'t>,
}

/// Where in a text a rule has something to do; nothing of it is known by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Led<'t> {
    /// Byte offsets, in order, one of which lies in every line in which the rule has something to do.
    pub leads: Option<&'t [u32]>,
    /// For each of the signs of the kind, where it can be.
    pub signs: Option<&'t [Places]>,
}

impl<'t> View<'t> {
    /// The whole of a text.
    pub fn new(text: &'t str, facts: &'t Facts) -> Self {
        Self { text, facts, region: 0..text.len(), led: Led::default() }
    }

    /// The same text with another region: a byte range on character boundaries.
    pub fn within(&self, region: Range<usize>) -> Self {
        Self { region, ..self.clone() }
    }

    /// The same view for a rule of which so much is known.
    pub fn led_by(self, led: Led<'t>) -> Self {
        Self { led, ..self }
    }

    /// For each of the signs of the kind, where in the text it can be; `None` where that is not known.
    pub fn signs(&self) -> Option<&'t [Places]> {
        self.led.signs
    }

    /// Byte offsets in the region one of which lies in every line in which there is something to do; `None` where that is
    /// not known.
    pub fn leads(&self) -> Option<&'t [u32]> {
        let within = |leads: &'t [u32]| {
            let from = leads.partition_point(|lead| (*lead as usize) < self.region.start);
            let to = leads.partition_point(|lead| (*lead as usize) < self.region.end);
            &leads[from..to.max(from)]
        };
        self.led.leads.map(within)
    }

    /// The letters of a line of the text, or of another part of it.
    pub fn letters(&self, part: &Range<usize>) -> Tally {
        self.known_lines().letters(part).unwrap_or_else(|| Tally::of(&self.text[part.clone()]))
    }

    /// The lines that lie in the region as a whole and have blanks between two Hanzi or kana.
    pub fn spaced_lines(&self) -> impl Iterator<Item = &'t Range<usize>> + 't {
        self.lines_that_look(Look::is_spaced)
    }

    /// The lines that lie in the region as a whole and can hold so many letters or what looks like them, Hanzi, kana and
    /// Hangul aside.
    pub fn lines_that_spell(&self, letters: u32) -> impl Iterator<Item = &'t Range<usize>> + 't {
        self.lines_that_look(move |look| look.may_spell(letters))
    }

    /// The lines that lie in the region as a whole and hold so many signs that may part the letters of a word.
    pub fn lines_that_spread(&self, signs: u32) -> impl Iterator<Item = &'t Range<usize>> + 't {
        self.lines_that_look(move |look| look.may_spread(signs))
    }

    fn lines_that_look(&self, so: impl Fn(&Look) -> bool + 't) -> impl Iterator<Item = &'t Range<usize>> + 't {
        let region = self.region.clone();
        let inside = move |line: &&Range<usize>| region.start <= line.start && line.end <= region.end;
        self.known_lines().looks().filter(move |(_, look)| so(look)).map(|(line, _)| line).filter(inside)
    }

    /// The lines of the region in which there can be something to do.
    pub fn lines_to_see(&self) -> Box<dyn Iterator<Item = &'t Range<usize>> + 't> {
        let lines = self.lines_in_region();
        let Some(leads) = self.leads() else { return Box::new(lines.iter()) };
        let (mut from, mut leads) = (0, leads.iter());
        Box::new(std::iter::from_fn(move || {
            let lead = leads.find(|lead| lines.get(from).is_some_and(|line| line.start <= **lead as usize))?;
            let line = from + lines[from..].partition_point(|line| line.end < *lead as usize);
            from = line + 1;
            lines.get(line)
        }))
    }

    /// The whole text; look outside the region for context, never for something to change.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The byte range that the rule may change. Edits outside are dropped.
    pub fn region(&self) -> Range<usize> {
        self.region.clone()
    }

    /// Byte ranges of all lines of the text, without their line ends. A text that ends in a line
    /// end has no empty line after it.
    pub fn lines(&self) -> &'t [Range<usize>] {
        self.known_lines().ranges()
    }

    fn known_lines(&self) -> &'t Lines {
        self.facts.lines.get_or_init(|| Lines::of(self.text))
    }

    /// The lines that lie in the region as a whole.
    pub fn lines_in_region(&self) -> &'t [Range<usize>] {
        let lines = self.lines();
        let from = lines.partition_point(|line| line.start < self.region.start);
        let to = lines.partition_point(|line| line.end <= self.region.end);
        &lines[from..to.max(from)]
    }

    /// What punctuation and wording rules must leave alone.
    pub fn shields(&self) -> &'t Shields {
        self.facts.shields.get_or_init(|| Shields::find(self.text, self.known_lines(), self.inventory()))
    }

    /// The writing the text is mostly in.
    pub fn script(&self) -> Script {
        *self.facts.script.get_or_init(|| self.known_lines().script())
    }

    /// The lines of the text that can hold a disguise, or all of them, each without its disguises.
    pub fn shadows(&self, all: bool) -> impl Iterator<Item = (&'t Range<usize>, &'t Shadow)> + 't {
        self.known_lines().shadows(self.text, all)
    }

    /// The characters the text holds.
    pub fn inventory(&self) -> &'t Inventory {
        self.known_lines().inventory()
    }

    /// What each line is and whether the text was wrapped at one width.
    pub fn layout(&self) -> &'t Layout {
        self.facts.layout.get_or_init(|| Layout::of(self.text, self.known_lines(), self.shields()))
    }

    /// Where a text that was not wrapped may have been cut in mid-sentence.
    pub fn cuts(&self) -> &'t Cuts {
        self.facts.cuts.get_or_init(|| Cuts::in_sentences(&View::new(self.text, self.facts)))
    }
}

/// The range of a line together with its line end, where it has one.
pub fn with_line_end(text: &str, line: &Range<usize>) -> Range<usize> {
    line.start..(line.end + usize::from(text.as_bytes().get(line.end) == Some(&b'\n')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_whole_lines_only() {
        let (text, facts) = ("ab\ncd\nef", Facts::default());
        let view = View::new(text, &facts);
        assert_eq!(view.within(0..5).lines_in_region(), [0..2, 3..5]);
        assert_eq!(view.within(1..8).lines_in_region(), [3..5, 6..8]);
        assert!(view.within(4..5).lines_in_region().is_empty());
    }
}
