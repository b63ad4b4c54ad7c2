//! Lines that make a search begin anew at every mark, each to the end of the line.

use std::time::{Duration, Instant};

use descrape::Cleaner;
use descrape::config::RuleSet;

/// Far more than a pass over such a line takes, far less than a pass for each of its marks.
const LONGEST: Duration = Duration::from_secs(10);

#[test]
fn long_lines_of_one_mark_take_one_pass() {
    let cleaner = Cleaner::new(RuleSet::builtin().chain());
    let mark = |begin: &str, mark: &str, count: usize| format!("{begin}{}字\n", mark.repeat(count));
    for text in [
        mark("字", ".", 40_000),
        mark("他走了以后", "a.", 40_000),
        mark("字", "*/", 40_000),
        mark("字", "字/a", 20_000),
        mark("http://a/", ",字", 20_000),
        mark("字", "](", 40_000),
        mark("字", "[^", 40_000),
        mark("字", "\n```a", 20_000),
        mark("字", "<!--", 20_000),
        mark("字", "<script>", 20_000),
        mark("字x", "<br>", 20_000),
        mark(&"a".repeat(100_000), "\u{8}", 100_000),
    ] {
        let began = Instant::now();
        cleaner.clean(text.as_bytes(), None).unwrap();
        let took = began.elapsed();
        assert!(took < LONGEST, "{took:?}: {}", text.chars().take(20).collect::<String>());
    }
}
