//! What a pattern compiles to: one of two ways to look for it.
//!
//! Invariant: both ways find the leftmost match, and of those that begin there the one that the pattern names first.
//!
//! The engine of the regex crate, `meta`, reads a text forwards for the end of a match and backwards for its start. What it
//! needs for the way back is two thirds of its memory, since a class of Hanzi is many more states when its bytes are read
//! from the last, and each thread that looks takes room for all of them. Most heavy patterns are only asked whether a
//! line matches, and few lines do; so they have a lazy DFA for the way forward alone, and where a start is asked for, it is
//! looked for from the same side.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::nfa::thompson::{self, NFA, State, Transition, WhichCaptures};
use regex_automata::util::prefilter::Prefilter;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Hir, Look};

use super::shared::Shared;
use super::weight;

/// A compiled pattern.
#[derive(Debug)]
pub(super) enum Engine {
    /// For all that is light.
    Meta { regex: meta::Regex, caches: Shared<meta::Cache> },
    /// For what is heavy.
    Forward(Box<Forward>),
}

#[derive(Debug)]
pub(super) struct Forward {
    dfa: DFA,
    caches: Shared<dfa::Cache>,
    /// The shortest match and the longest, in bytes.
    least: usize,
    most: usize,
    /// With which bytes a match can begin; told when a start is asked for first.
    first_bytes: OnceLock<[bool; 256]>,
}

/// The most bytes for the states that a lazy DFA keeps; the default of the regex crate. With half of it cleaning takes
/// longer, and with twice as much no less time.
const CACHE: usize = 2 << 20;

/// A pattern of about so many bytes is heavy where it has to match from the start, and one of twice as many where it may
/// match anywhere: the lists of words that are found all the time weigh less.
const HEAVY: usize = 100_000;

impl Engine {
    /// Compiles an expression the way that suits it.
    pub(super) fn new(expression: &Hir) -> Self {
        let heavy = weight(expression) >= if is_anchored(expression) { HEAVY } else { 2 * HEAVY };
        let forward = if heavy { Forward::new(expression) } else { None };
        forward.map_or_else(|| Self::meta(expression), |forward| Self::Forward(Box::new(forward)))
    }

    fn meta(expression: &Hir) -> Self {
        Self::Meta { regex: grouped(expression), caches: Shared::default() }
    }

    /// True where the pattern matches somewhere in a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Meta { regex, caches } => caches
                .with(|| regex.create_cache(), |cache| regex.search_half_with(cache, &Input::new(text).earliest(true)))
                .is_some(),
            Self::Forward(forward) => forward.end(&Input::new(text).earliest(true)).is_some(),
        }
    }

    /// The first match at or behind a byte offset.
    pub(super) fn find_at(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let input = Input::new(text).range(at..);
        match self {
            Self::Meta { regex, caches } => caches
                .with(|| regex.create_cache(), |cache| regex.search_with(cache, &input))
                .map(|found| found.range()),
            Self::Forward(forward) => {
                let end = forward.end(&input)?;
                Some(forward.start(text, at..end)..end)
            }
        }
    }
}

/// The engine of the regex crate, which can tell groups.
pub(super) fn grouped(expression: &Hir) -> meta::Regex {
    let config = meta::Config::new().hybrid_cache_capacity(CACHE).nfa_size_limit(None);
    meta::Builder::new()
        .configure(config)
        .build_from_hir(expression)
        .expect("its syntax is checked, and so is its size")
}

impl Forward {
    /// `None` where the engine cannot tell what the pattern asks for: a lazy DFA knows no words but those of ASCII.
    fn new(expression: &Hir) -> Option<Self> {
        let properties = expression.properties();
        if properties.look_set().contains_word_unicode() {
            return None;
        }
        let config = thompson::Config::new().nfa_size_limit(None).which_captures(WhichCaptures::Implicit);
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(expression).ok()?;
        let prefilter = Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, expression);
        let prefilter = prefilter.filter(|prefilter| prefilter.is_fast() && !is_anchored(expression));
        let config = dfa::Config::new()
            .cache_capacity(CACHE)
            .skip_cache_capacity_check(true)
            .specialize_start_states(prefilter.is_some())
            .prefilter(prefilter);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let (least, most) = (properties.minimum_len().unwrap_or(0), properties.maximum_len().unwrap_or(usize::MAX));
        Some(Self { dfa, caches: Shared::default(), least, most, first_bytes: OnceLock::new() })
    }

    /// Where the first match ends.
    fn end(&self, input: &Input) -> Option<usize> {
        if input.get_span().len() < self.least {
            return None;
        }
        let search = |cache: &mut dfa::Cache| self.dfa.try_search_fwd(cache, input);
        let found = self.caches.with(|| self.dfa.create_cache(), search);
        found.expect("no byte and no look-around ends the search early").map(|found| found.offset())
    }

    /// Where the match begins that ends with this range and is the first in it.
    fn start(&self, text: &str, within: Range<usize>) -> usize {
        let first = within.start.max(within.end.saturating_sub(self.most));
        let mut steps = STEPS * (within.end - first) + STEPS;
        let try_each = |cache: &mut dfa::Cache| {
            let first_bytes = self.first_bytes.get_or_init(|| first_bytes(self.dfa.get_nfa()));
            let can_begin = |start: &usize| first_bytes[text.as_bytes()[*start] as usize];
            (first..within.end).filter(can_begin).find_map(|start| {
                match self.begins(cache, text, start..within.end, &mut steps) {
                    Ok(false) => None,
                    Ok(true) => Some((start, true)),
                    Err(Spent) => Some((start, false)),
                }
            })
        };
        let found = "what ends there begins somewhere";
        match self.caches.with(|| self.dfa.create_cache(), try_each).expect(found) {
            (start, true) => start,
            (start, false) => {
                let simulation =
                    PikeVM::new_from_nfa(self.dfa.get_nfa().clone()).expect("it keeps its implicit groups");
                let input = Input::new(text).range(start..within.end);
                simulation.find(&mut simulation.create_cache(), input).expect(found).start()
            }
        }
    }

    /// True where a match begins with this range and ends in it.
    fn begins(
        &self,
        cache: &mut dfa::Cache,
        text: &str,
        range: Range<usize>,
        steps: &mut usize,
    ) -> Result<bool, Spent> {
        let input = Input::new(text).range(range.clone()).anchored(Anchored::Yes);
        let mut state = self.dfa.start_state_forward(cache, &input).map_err(|_| Spent)?;
        // A lazy DFA tells a match one byte behind its end.
        for at in range.start..=range.end {
            *steps = steps.checked_sub(1).ok_or(Spent)?;
            let next = match text.as_bytes().get(at) {
                Some(byte) => self.dfa.next_state(cache, state, *byte),
                None => self.dfa.next_eoi_state(cache, state),
            };
            state = next.map_err(|_| Spent)?;
            if state.is_tagged() && (state.is_match() || state.is_dead()) {
                return Ok(state.is_match());
            }
        }
        Ok(false)
    }
}

/// True where a match begins at the start of the text and nowhere else.
fn is_anchored(expression: &Hir) -> bool {
    expression.properties().look_set_prefix().contains(Look::Start)
}

/// With which bytes a match can begin. Matches are not empty, and begin where a character does.
fn first_bytes(nfa: &NFA) -> [bool; 256] {
    let mut first = [false; 256];
    let (mut seen, mut open) = (vec![false; nfa.states().len()], vec![nfa.start_anchored()]);
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.as_usize()], true) {
            continue;
        }
        let bytes = |trans: &Transition| trans.start as usize..=trans.end as usize;
        match nfa.state(id) {
            State::ByteRange { trans } => first[bytes(trans)].fill(true),
            State::Sparse(sparse) => sparse.transitions.iter().for_each(|trans| first[bytes(trans)].fill(true)),
            State::Dense(dense) => (0..=u8::MAX).for_each(|b| first[b as usize] |= dense.matches_byte(b).is_some()),
            State::Look { next, .. } | State::Capture { next, .. } => open.push(*next),
            State::Union { alternates } => open.extend(alternates.iter()),
            State::BinaryUnion { alt1, alt2 } => open.extend([alt1, alt2]),
            State::Fail | State::Match { .. } => {}
        }
    }
    first
}

/// Each start is tried in turn, and most fail with the first character. In a text that is made for it they would not, so
/// there are no more steps than these for each byte.
const STEPS: usize = 32;

/// No more steps are left.
struct Spent;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_ways_find_the_same(
            pattern in r"(\[甲乙\]|\[\^丙\]|甲|乙+?|[a丙]\*|(\^|\\z|\\A|\$)?乙|\(甲\|甲乙\)|(甲|b){0,2}\||\\p\{Han\}\{1,3\}){1,5}",
            text in "(甲{0,600})?[甲乙丙ab\n]{0,12}",
        ) {
            let Ok(expression) = regex_syntax::ParserBuilder::new().multi_line(true).build().parse(&pattern) else {
                return Ok(());
            };
            prop_assume!(expression.properties().minimum_len().is_some_and(|least| least > 0));
            let (light, heavy) = (Engine::meta(&expression), Forward::new(&expression).unwrap());
            let heavy = Engine::Forward(Box::new(heavy));
            prop_assert_eq!(light.is_match(&text), heavy.is_match(&text));
            for (at, _) in text.char_indices() {
                prop_assert_eq!(light.find_at(&text, at), heavy.find_at(&text, at), "{} in {:?} from {}", pattern, text, at);
            }
        }
    }
}
