//! The promises of the edit model, on random texts and random chains of edits.

use descrape::edit::Edits;
use descrape::text::Text;
use proptest::prelude::*;

/// One random edit: start and length as shares of the text, and what to put there.
type Cut = (f64, f64, String);

fn texts() -> impl Strategy<Value = String> {
    "[ab，。 \n中文字é😀]{0,60}"
}

fn chains() -> impl Strategy<Value = Vec<Vec<Cut>>> {
    let cut = (0.0..1.0f64, 0.0..0.3f64, "[xy，\n页]{0,3}");
    prop::collection::vec(prop::collection::vec(cut, 0..6), 1..8)
}

/// The nearest character boundary at or before a share of the text.
fn boundary(text: &str, share: f64) -> usize {
    let mut at = (text.len() as f64 * share) as usize;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn open(text: &str, cuts: &[Cut]) -> Edits {
    let mut edits = Edits::default();
    for (start, share, with) in cuts {
        let from = boundary(text, *start);
        let to = boundary(text, (start + share).min(1.0)).max(from);
        edits.replace(from..to, with.clone());
    }
    edits
}

/// The original as the segments tell it: kept pieces from the current text, the rest by position.
fn restored(text: &Text) -> String {
    text.segments()
        .map(|seg| if seg.kept { &text.current()[seg.current] } else { &text.original()[seg.original] })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_cover_both_texts_and_give_the_original_back(original in texts(), chain in chains()) {
        let mut text = Text::new(original.clone()).unwrap();
        for cuts in &chain {
            let edits = open(text.current(), cuts).seal(text.current(), |_| true).0;
            text.apply(&edits).unwrap();

            let (mut source, mut current, mut kind) = (0, 0, None);
            for seg in text.segments() {
                prop_assert_eq!(seg.original.start, source);
                prop_assert_eq!(seg.current.start, current);
                prop_assert_ne!(kind, Some(seg.kept), "neighbours of one kind are one segment");
                if seg.kept {
                    prop_assert_eq!(&text.original()[seg.original.clone()], &text.current()[seg.current.clone()]);
                }
                (source, current, kind) = (seg.original.end, seg.current.end, Some(seg.kept));
            }
            prop_assert_eq!(source, text.original().len());
            prop_assert_eq!(current, text.current().len());
            prop_assert_eq!(&restored(&text), &original);
        }
    }

    #[test]
    fn kept_characters_lead_to_equal_characters(original in texts(), chain in chains()) {
        let mut text = Text::new(original).unwrap();
        for cuts in &chain {
            let edits = open(text.current(), cuts).seal(text.current(), |_| true).0;
            text.apply(&edits).unwrap();
        }
        let kept: Vec<_> = text.segments().filter(|seg| seg.kept).map(|seg| seg.current).collect();
        for (at, c) in text.current().char_indices() {
            let back = text.to_original(at..at + c.len_utf8());
            if kept.iter().any(|range| range.contains(&at)) {
                prop_assert_eq!(&text.original()[back], c.to_string());
            }
        }
    }

    #[test]
    fn edits_undone_from_the_last_step_to_the_first_give_every_text_back(original in texts(), chain in chains()) {
        let mut text = Text::new(original).unwrap();
        let mut seen = Vec::new();
        for cuts in &chain {
            let before = text.current().to_owned();
            let edits = open(&before, cuts).seal(&before, |_| true).0;
            text.apply(&edits).unwrap();
            seen.push((before, edits));
        }
        let mut current = text.current().to_owned();
        for (before, edits) in seen.iter().rev() {
            let mut back = String::new();
            let (mut from, mut drift) = (0, 0isize);
            for edit in edits {
                let at = edit.at.start.checked_add_signed(drift).unwrap();
                back.push_str(&current[from..at]);
                back.push_str(&before[edit.at.clone()]);
                from = at + edit.with.len();
                drift += edit.with.len() as isize - edit.at.len() as isize;
            }
            back.push_str(&current[from..]);
            prop_assert_eq!(&back, before);
            current = back;
        }
    }
}
