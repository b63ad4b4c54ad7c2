//! What terminals and line printers leave in a text.
//!
//! Invariant: the letters that a reader would have seen stay, once each.

use crate::edit::Edits;
use crate::view::View;

const ESCAPE: char = '\u{1b}';
const BACKSPACE: char = '\u{8}';

/// Pushes the removal of escape sequences (ECMA-48: CSI, OSC, and two-character ones).
pub fn escapes(view: &View, out: &mut Edits) {
    let text = view.text();
    let mut done = 0;
    for (at, _) in super::spots(view, &[ESCAPE..=ESCAPE], |c| c == ESCAPE) {
        if at >= done
            && let Some(len) = sequence(&text.as_bytes()[at + 1..])
        {
            done = at + 1 + len;
            out.remove(at..done);
        }
    }
}

/// The length of the sequence whose ESC stands before `rest`.
fn sequence(rest: &[u8]) -> Option<usize> {
    let run = |from: usize, class: fn(u8) -> bool| from + rest[from..].iter().take_while(|b| class(**b)).count();
    match rest.first()? {
        b'[' => {
            let end = run(run(1, |b| (0x30..0x40).contains(&b)), |b| (0x20..0x30).contains(&b));
            (0x40..0x7f).contains(rest.get(end)?).then_some(end + 1)
        }
        b']' => {
            let end = run(1, |b| b != 7 && b != 0x1b && b != b'\n');
            match rest.get(end..)? {
                [7, ..] => Some(end + 1),
                [0x1b, b'\\', ..] => Some(end + 2),
                _ => None,
            }
        }
        b'(' | b')' | b'#' | b'%' => rest.get(1).filter(|b| b.is_ascii_graphic()).map(|_| 2),
        b'7' | b'8' | b'=' | b'>' | b'c' | b'D' | b'E' | b'H' | b'M' | b'N' | b'O' | b'Z' => Some(1),
        _ => None,
    }
}

/// Pushes the removal of the first of two letters printed one over the other: the same letter
/// twice (bold) or an underscore and a letter (underlined). A wide letter takes one or two
/// backspaces.
pub fn overstrikes(view: &View, out: &mut Edits) {
    let text = view.text();
    let (mut done, mut seen) = (0, 0);
    for (at, _) in super::spots(view, &[BACKSPACE..=BACKSPACE], |c| c == BACKSPACE) {
        // A run is looked at once, from its first backspace.
        if at < done.max(seen) {
            continue;
        }
        let run = text[at..].bytes().take_while(|b| *b == BACKSPACE as u8).count();
        let end = at + run;
        seen = end;
        let (Some(old), Some(new)) = (text[..at].chars().next_back(), text[end..].chars().next()) else { continue };
        let underscores = text[done..at].bytes().rev().take_while(|b| *b == b'_').count();
        if old == new && run <= 2 {
            out.remove(at - old.len_utf8()..end);
            done = end;
        } else if old == '_' && underscores >= run && run <= 2 && !new.is_whitespace() {
            out.remove(at - run..end);
            done = end;
        } else if new == '_' && run <= 2 && !old.is_whitespace() {
            let over = text[end..].bytes().take(run).take_while(|b| *b == b'_').count();
            out.remove(at..end + over);
            done = end + over;
        }
    }
}
