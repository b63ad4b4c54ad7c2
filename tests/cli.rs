//! The command line, case by case: every file in `tests/cmd` is run and what it prints compared.
//!
//! A case is one file; with a folder `NAME.in` beside it the case runs there, and with `NAME.out` in a copy of it that
//! must look like `NAME.out` afterwards. `TRYCMD=overwrite cargo test --test cli` writes down what came out.

#[test]
fn the_command_line_does_what_the_cases_say() {
    trycmd::TestCases::new()
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml")
        .case("README.md")
        .case("docs/first-rule.md");
}
