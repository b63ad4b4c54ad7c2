use crate::config::RuleSet;

fn run(body: &str, text: &str) -> String {
    let yaml = format!("version: 1\nrules:\n  - id: example\n    join_lines: {body}\n");
    let outcome = RuleSet::parse("test", &yaml).unwrap().chain().clean_text(text.to_owned()).unwrap();
    outcome.text.into_current()
}

#[test]
fn a_confidence_that_makes_no_sense_is_refused() {
    let yaml = "version: 1\nrules:\n  - id: example\n    join_lines: { cut: wrap, confidence: 20 }\n";
    assert!(RuleSet::parse("test", yaml).unwrap_err().to_string().contains("from 50 to 100"));
}

#[test]
fn hyphens_go_or_stay_as_the_text_has_the_word() {
    for (before, after) in [
        ("A well-known man. He is a well-\nknown liar.\n", "A well-known man. He is a well-known liar.\n"),
        ("No information here; there is no informa-\ntion at all.\n", "No information here; there is no information at all.\n"),
        ("Nobody knows this unheard-\nof thing.\n", "Nobody knows this unheard-\nof thing.\n"),
    ] {
        assert_eq!(run("{ cut: hyphen }", before), after);
    }
}

#[test]
fn a_hyphen_at_the_end_of_a_wrapped_line_keeps_its_word() {
    let before = "The old man tied the boat to the willow and looked back at the\nwater once more before he took his two fish and walked up to West-\nHam village. The clouds were red with the setting sun, and the\nchildren were still running along the dykes, for none of them would\nbe the first to go home.\n";
    let after = run("{ cut: wrap }", before);
    assert!(after.contains("up to West-Ham village"), "{after}");
}
