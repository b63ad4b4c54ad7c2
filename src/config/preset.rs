//! The rules that come with the program.
//!
//! Invariant: every preset is a rules file that extends no file.

/// Rules that come with the program, by the name that `extends` has for them.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// The name.
    pub name: &'static str,
    /// The rules file.
    pub yaml: &'static str,
}

impl Preset {
    /// What it is for: the comment at the head of the file.
    pub fn about(&self) -> String {
        let lines = self.yaml.lines().map_while(|line| line.strip_prefix('#'));
        let lines = lines.map(str::trim).filter(|line| !line.starts_with("yaml-language-server"));
        lines.collect::<Vec<_>>().join(" ")
    }
}

/// The default chain, as text.
pub const DEFAULT_RULES: &str = include_str!("../../rules.yaml");

/// All presets, the default chain first.
pub const PRESETS: &[Preset] = &[
    Preset { name: "default", yaml: DEFAULT_RULES },
    Preset { name: "web-novel", yaml: include_str!("../../presets/web-novel.yaml") },
    Preset { name: "government-site", yaml: include_str!("../../presets/government-site.yaml") },
    Preset { name: "news-portal", yaml: include_str!("../../presets/news-portal.yaml") },
    Preset { name: "pdf-text", yaml: include_str!("../../presets/pdf-text.yaml") },
    Preset { name: "terminal-output", yaml: include_str!("../../presets/terminal-output.yaml") },
    Preset { name: "japanese", yaml: include_str!("../../presets/japanese.yaml") },
];
