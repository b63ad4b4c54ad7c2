//! `unicode`: characters that are written wrongly or should not be there at all.
//!
//! Invariant: what is read stays the same. A character that is shown is only ever replaced by its
//! canonical equivalent or by the ideograph that Unicode names as its equal; compatibility forms
//! (NFKC) are never touched.

mod c1;
mod compose;
mod control;
mod invisible;
mod line_end;
mod lost;
mod radical;
mod radical_table;
mod terminal;

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Defines, Example, Fault, Kind, Shape};
use crate::edit::Edits;
use crate::shield::ShieldSet;
use crate::view::View;
pub(super) use c1::WINDOWS_1252;

/// Repair characters: a list of the repairs to make.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Unicode(Vec<Repair>);

/// One repair of the kind `unicode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Line and paragraph separators (U+2028, U+2029), next line (U+0085) and form feeds become
    /// line ends. A form feed alone on a line goes with its line.
    LineEnds,
    /// Terminal colours and cursor moves (ESC sequences) go.
    AnsiEscapes,
    /// Bold and underlined text of line printers: a letter, a backspace, the letter again.
    Overstrikes,
    /// Control characters (C0 but tab and line end, and DEL) go.
    Controls,
    /// Characters of windows-1252 that were read as C1 controls: U+0085 in Latin text is an
    /// ellipsis, U+0093 a quote. Undecoded UTF-8 is left for re-decoding.
    C1,
    /// Zero-width spaces and joiners, byte order marks inside a text and soft hyphens go, but for
    /// joiners in emoji and in writings that join letters.
    ZeroWidth,
    /// Bidirectional controls go from lines without a right-to-left letter.
    Bidi,
    /// Text is composed (NFC).
    Nfc,
    /// Kangxi and other CJK radicals become the ideographs that UCD's EquivalentUnifiedIdeograph
    /// names.
    Radicals,
    /// Private-use characters of GB 18030 tables older than 2022 become what they stand for. The
    /// same code points mean something else in other fonts, so this is off by default.
    Gb18030PrivateUse,
    /// Replacement characters (U+FFFD) and private-use characters are pointed at and stay.
    Lost,
}

impl Shape for Unicode {
    fn compile(self, _: &Defines) -> Result<Box<dyn Kind>, Fault> {
        match self.0.is_empty() {
            true => Err(Fault::fields("unicode has nothing to repair", "write a list such as [zero_width, bidi]")),
            false => Ok(Box::new(self)),
        }
    }

    fn examples() -> &'static [Example] {
        &[
            Example {
                title: "A zero-width space inside a word",
                rule: "unicode: [zero_width]",
                input: "人\u{200b}民\u{feff}共和\u{ad}国\n",
                output: "人民共和国\n",
            },
            Example {
                title: "Joiners in emoji and in Persian stay",
                rule: "unicode: [zero_width]",
                input: "👩\u{200d}👧 می\u{200c}خواهم\n",
                output: "👩\u{200d}👧 می\u{200c}خواهم\n",
            },
            Example {
                title: "A radical in the place of an ideograph",
                rule: "unicode: [radicals, nfc]",
                input: "\u{2f00}\u{2f8b}之\u{2eeb}，\u{f914}\n",
                output: "一艸之斉，\u{6a02}\n",
            },
            Example {
                title: "Compatibility forms are not touched",
                rule: "unicode: [radicals, nfc]",
                input: "㈠、①、㎡、½、ﬁ\n",
                output: "㈠、①、㎡、½、ﬁ\n",
            },
        ]
    }
}

impl Kind for Unicode {
    fn edits(&self, view: &View, out: &mut Edits) {
        for repair in &self.0 {
            match repair {
                Repair::LineEnds => line_end::edits(view, out),
                Repair::AnsiEscapes => terminal::escapes(view, out),
                Repair::Overstrikes => terminal::overstrikes(view, out),
                Repair::Controls => control::edits(view, out),
                Repair::C1 => c1::edits(view, out),
                Repair::ZeroWidth => invisible::zero_width(view, out),
                Repair::Bidi => invisible::bidi(view, out),
                Repair::Nfc => compose::edits(view, out),
                Repair::Radicals => radical::edits(view, out),
                Repair::Gb18030PrivateUse => lost::gb18030(view, out),
                Repair::Lost => lost::notes(view, out),
            }
        }
    }

    fn shields(&self) -> ShieldSet {
        // Nobody writes an invisible character into code on purpose; a decomposed letter or a
        // radical may be what the code is about.
        let shown = |repair: &Repair| matches!(repair, Repair::Nfc | Repair::Radicals | Repair::Gb18030PrivateUse);
        if self.0.iter().any(shown) { ShieldSet::CODE } else { ShieldSet::NONE }
    }
}

/// The characters of the region of `view` that `wanted` names, with their byte offsets. They lie in
/// `ranges`; nothing is looked at where the text has none of those.
fn spots<'v>(
    view: &View<'v>,
    ranges: &[RangeInclusive<char>],
    wanted: impl Fn(char) -> bool + 'v,
) -> impl Iterator<Item = (usize, char)> + 'v {
    let present = ranges.iter().any(|range| view.inventory().has_in(range.clone()));
    let (text, region) = (view.text(), if present { view.region() } else { 0..0 });
    let mut begins = [false; 256];
    for range in ranges {
        let [first, last] = [range.start(), range.end()].map(|c| c.encode_utf8(&mut [0; 4]).as_bytes()[0]);
        begins[usize::from(first)..=usize::from(last)].fill(true);
    }
    let mut at = region.start;
    std::iter::from_fn(move || {
        loop {
            while !begins[usize::from(*text.as_bytes()[..region.end].get(at)?)] {
                // From U+4000 to U+9FFF, most of a Chinese text.
                at += if matches!(text.as_bytes()[at], 0xe4..=0xe9) { 3 } else { 1 };
            }
            let c = text[at..].chars().next()?;
            let spot = at;
            at += c.len_utf8();
            if wanted(c) {
                return Some((spot, c));
            }
        }
    })
}
