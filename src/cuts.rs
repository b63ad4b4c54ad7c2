//! Where a text may have been cut into lines, and how sure that is.
//!
//! Invariant: told by the text alone, alike for all rules that join lines; what a rule makes of it is the rule's.

mod evidence;
mod verdict;

use crate::view::View;
pub use evidence::Joint;

/// The places that may be cuts, in order.
#[derive(Debug)]
pub struct Cuts {
    /// Which lines they part.
    pub joints: Vec<Joint>,
    /// How sure each is a cut, 0 to 1.
    pub sure: Vec<f64>,
}

impl Cuts {
    /// Line ends in mid-sentence of a text that was not wrapped, and blank lines.
    pub fn in_sentences(view: &View) -> Self {
        let joints = evidence::unfinished(view.layout());
        let sure = verdict::of_cuts(view, &joints);
        Self { joints, sure }
    }

    /// Line ends at the width of a wrapped text.
    pub fn of_wraps(view: &View) -> Self {
        let joints = evidence::wrapped(view.text(), view.layout());
        let sure = verdict::of_wraps(view, &joints);
        Self { joints, sure }
    }
}
