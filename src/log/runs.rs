//! Line numbers as a log has them: those that follow one another as `[first, last]`.
//!
//! Invariant: reading takes no more memory than the count it is given, whatever is written.

use serde::{Deserialize, Serialize};

/// Some lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Run {
    /// One.
    One(u32),
    /// Each from the first to the last.
    Through([u32; 2]),
}

/// So many lines in a row are written as their ends: fewer take no more room one by one.
const SHORTEST: usize = 3;

/// Puts lines that follow one another together.
pub fn fold(lines: impl IntoIterator<Item = u32>) -> Vec<Run> {
    let lines: Vec<u32> = lines.into_iter().collect();
    let runs = lines.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    runs.flat_map(|run| match run {
        [first, .., last] if run.len() >= SHORTEST => vec![Run::Through([*first, *last])],
        _ => run.iter().copied().map(Run::One).collect(),
    })
    .collect()
}

/// The lines one by one; `None` where they are not so many.
pub fn unfold(runs: &[Run], count: usize) -> Option<Vec<u32>> {
    let mut lines = Vec::with_capacity(count);
    for run in runs {
        let (first, last) = match *run {
            Run::One(line) => (line, line),
            Run::Through([first, last]) => (first, last),
        };
        if (last.checked_sub(first)? as usize) >= count - lines.len() {
            return None;
        }
        lines.extend(first..=last);
    }
    (lines.len() == count).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back() {
        for (lines, written) in [
            (&[][..], "[]"),
            (&[7], "[7]"),
            (&[1, 2, 4, 4, 4], "[1,2,4,4,4]"),
            (&[1, 2, 3], "[[1,3]]"),
            (&[9, 3, 4, 5, 6, 6, 7], "[9,[3,6],6,7]"),
            (&[u32::MAX - 1, u32::MAX, 0], "[4294967294,4294967295,0]"),
        ] {
            let runs = fold(lines.iter().copied());
            assert_eq!(serde_json::to_string(&runs).unwrap(), written);
            let runs: Vec<Run> = serde_json::from_str(written).unwrap();
            assert_eq!(unfold(&runs, lines.len()).as_deref(), Some(lines));
        }
    }

    #[test]
    fn no_more_lines_than_were_promised() {
        for written in ["[]", "[1]", "[[1,3]]", "[[2,1],1]", "[[0,4294967295]]", "[1,2,[1,4000000000]]"] {
            let runs: Vec<Run> = serde_json::from_str(written).unwrap();
            assert_eq!(unfold(&runs, 2), None, "{written}");
        }
    }
}
