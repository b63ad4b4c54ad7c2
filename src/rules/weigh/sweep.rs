//! Where in each piece of a text words of each class can be, of what is known of the whole text.
//!
//! Invariant: a piece begins no earlier than the one before.

use std::ops::Range;

use crate::prefilter::Places;

/// Byte offsets in a piece of a text; `None` where words can be anywhere.
pub(super) type Here<'p> = Option<&'p [u32]>;

/// Places by class, and how far they are gone through.
#[derive(Debug)]
pub(super) struct Sweep<'p> {
    signs: &'p [Places],
    from: Vec<usize>,
    here: Vec<Here<'p>>,
}

impl<'p> Sweep<'p> {
    pub(super) fn over(signs: &'p [Places]) -> Self {
        Self { signs, from: vec![0; signs.len()], here: vec![None; signs.len()] }
    }

    /// Goes on to a piece, a byte range of the text that begins no earlier than the one before.
    pub(super) fn to(&mut self, piece: &Range<usize>) {
        for ((places, from), here) in self.signs.iter().zip(&mut self.from).zip(&mut self.here) {
            let Some(places) = places else { continue };
            *from += until(&places[*from..], piece.start);
            *here = Some(&places[*from..*from + until(&places[*from..], piece.end)]);
        }
    }

    /// Where words of each class can be in the piece.
    pub(super) fn here(&self) -> &[Here<'p>] {
        &self.here
    }
}

/// How many of these places lie before `end`. Most often the answer is near.
fn until(places: &[u32], end: usize) -> usize {
    let before = |place: &u32| (*place as usize) < end;
    let (mut from, mut step) = (0, 1);
    while places.get(from + step - 1).is_some_and(before) {
        from += step;
        step *= 2;
    }
    from + places[from..places.len().min(from + step - 1)].partition_point(before)
}
