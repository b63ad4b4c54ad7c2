//! Makes what came out of tests the expectation, in the rules file.
//!
//! Invariant: nothing of the file changes but the tests in question: comments and layout stay; and the file that comes
//! out says of every test what it was to say, or there is an error.

use std::ops::Range;

use super::Case;
use crate::config::yaml::{Content, NodeId, Tree};

/// The rules file `yaml` with the results of `cases` as expectations. The error says why it cannot be.
pub fn accept(yaml: &str, cases: &[&Case]) -> Result<String, String> {
    let tree = Tree::parse(yaml).map_err(|error| error.what)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for case in cases {
        let test =
            find(&tree, case).ok_or_else(|| format!("{} #{} does not stand in the file", case.rule, case.number))?;
        edits.extend(rewrite(yaml, &tree, test, case));
    }
    edits.sort_by_key(|(at, _)| at.start);
    let mut out = String::with_capacity(yaml.len());
    let mut from = 0;
    for (at, text) in edits {
        out.push_str(yaml.get(from..at.start).ok_or("two tests stand in one place")?);
        out.push_str(&text);
        from = at.end;
    }
    out.push_str(&yaml[from..]);
    match check(&out, cases) {
        true => Ok(out),
        false => Err("its layout is too unusual to be rewritten; change the test by hand".to_owned()),
    }
}

/// The node of a test.
fn find(tree: &Tree, case: &Case) -> Option<NodeId> {
    let items = |node: NodeId| match tree.content(node) {
        Content::List(items) => items.as_slice(),
        _ => &[],
    };
    let (_, rules) = tree.entry(tree.root(), "rules")?;
    let called = |rule: &&NodeId| tree.entry(**rule, "id").and_then(|(_, id)| tree.text(id)) == Some(&case.rule);
    let rule = items(rules).iter().find(called)?;
    let (_, tests) = tree.entry(*rule, "tests")?;
    items(tests).get(case.number - 1).copied()
}

/// Whether the new text says what it is to say.
fn check(yaml: &str, cases: &[&Case]) -> bool {
    let Ok(tree) = Tree::parse(yaml) else { return false };
    cases.iter().all(|case| {
        let text =
            |name| find(&tree, case).and_then(|test| tree.entry(test, name)).and_then(|(_, text)| tree.text(text));
        match case.got == case.before {
            true => text("keep") == Some(&case.got) && text("in").is_none() && text("out").is_none(),
            false => text("in") == Some(&case.before) && text("out") == Some(&case.got) && text("keep").is_none(),
        }
    })
}

fn rewrite(yaml: &str, tree: &Tree, test: NodeId, case: &Case) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let flow = yaml[tree.at(test)].starts_with('{');
    let column = |at: usize| yaml[..at].chars().rev().take_while(|c| *c != '\n').count();
    match (tree.entry(test, "keep"), tree.entry(test, "in"), tree.entry(test, "out")) {
        // It was to stay, and did not.
        (Some((key, value)), _, _) => {
            edits.push((tree.at(key), "in".to_owned()));
            let end = tree.at(value).end;
            let indent = " ".repeat(column(tree.at(key).start));
            let out = scalar(&case.got, flow, indent.len());
            let out = if flow { format!(", out:{out}") } else { format!("\n{indent}out:{out}") };
            edits.push((end..end, out));
        }
        // It was to change, and stays.
        (None, Some((key, _)), Some((out, value))) if case.got == case.before => {
            edits.push((tree.at(key), "keep".to_owned()));
            let (start, end) = (tree.at(out).start, tree.at(value).end);
            let before = yaml[..start].trim_end_matches([' ', '\n', ',']);
            // The first field of a test stands behind its dash; what follows takes its place.
            let first = before.ends_with(['-', '{']);
            edits.push(match first {
                true => (
                    start..end + (yaml[end..].len() - yaml[end..].trim_start_matches([' ', '\n', ',']).len()),
                    String::new(),
                ),
                false => (before.len()..end, String::new()),
            });
        }
        (None, _, Some((key, value))) => {
            let indent = column(tree.at(key).start);
            edits.push((tree.at(key).end..tree.at(value).end, format!(":{}", scalar(&case.got, flow, indent))));
        }
        _ => {}
    }
    edits
}

/// A text as the value of a field that stands at this column, with the blank before it: several lines as a block where
/// that can be, one line in quotes.
fn scalar(text: &str, flow: bool, indent: usize) -> String {
    let odd = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{85}');
    let lines = text.matches('\n').count();
    // A block that begins or ends with a blank line needs more than `|`.
    let block = lines > 1 && text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with([' ', '\n']);
    if block && !flow && !text.contains(odd) {
        let indent = " ".repeat(indent + 2);
        let shown: Vec<String> =
            text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }).collect();
        return format!(" |\n{}", shown.join("\n"));
    }
    if text.contains(odd) || text.contains('\n') {
        let json = serde_json::Value::from(text).to_string();
        let escaped = json.chars().map(|c| if odd(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() });
        return format!(" {}", escaped.collect::<String>());
    }
    format!(" '{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(number: usize, before: &str, got: &str) -> Case {
        let rule: std::sync::Arc<str> = "a".into();
        Case { origin: rule.clone(), rule, elsewhere: false, number, before: before.into(), got: got.into() }
    }

    #[test]
    fn only_the_tests_in_question_change() {
        let yaml = "version: 1 # 版本
rules:
  # 说明
  - id: a
    remove: { match: 'x' }   # 注
    tests:
      - in: ax   # 甲
        out: a   # 乙
      - keep: 文x
      # 丙
      - in: |
          一x

          二x
        out: |
          一
          二x

      - { in: xb, out: c }
      - out: 'never'
        in: 'q'
  - id: b
    remove: { match: 'y' }
    tests: [{ keep: x }]
";
        let cases = [
            case(1, "ax", "a'"),
            case(2, "文x", "文\n"),
            case(3, "一x\n\n二x\n", "一\n\n二\n"),
            case(4, "xb", "b"),
            case(5, "q", "q"),
        ];
        let expected = "version: 1 # 版本
rules:
  # 说明
  - id: a
    remove: { match: 'x' }   # 注
    tests:
      - in: ax   # 甲
        out: 'a'''   # 乙
      - in: 文x
        out: \"文\\n\"
      # 丙
      - in: |
          一x

          二x
        out: |
          一

          二

      - { in: xb, out: 'b' }
      - keep: 'q'
  - id: b
    remove: { match: 'y' }
    tests: [{ keep: x }]
";
        assert_eq!(accept(yaml, &cases.iter().collect::<Vec<_>>()).unwrap(), expected);
    }

    #[test]
    fn a_change_that_does_not_come_becomes_a_keep() {
        let yaml = "rules:\n- id: a\n  tests:\n  - in: x\n    out: y\n  - {in: x, out: y}\n";
        let cases = [case(1, "x", "x"), case(2, "x", "x")];
        let expected = "rules:\n- id: a\n  tests:\n  - keep: x\n  - {keep: x}\n";
        assert_eq!(accept(yaml, &cases.iter().collect::<Vec<_>>()).unwrap(), expected);
    }

    #[test]
    fn a_test_that_is_not_there_is_an_error() {
        assert!(accept("rules: []\n", &[&case(1, "x", "y")]).is_err());
    }
}
