//! What a rules file starts from: presets and other files.
//!
//! Invariant: of two rules with one id the later stays, in the place of the earlier.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::closest;
use super::error::File;
use super::load::{Current, Loaded, Loader};
use super::preset::PRESETS;
use super::raw::RawRules;
use crate::decode::{Encoding, decode};

impl Loader<'_> {
    pub(super) fn extends(&mut self, current: &mut Current, raw: &RawRules) -> Loaded {
        let mut loaded = Loaded::default();
        for name in &raw.extends {
            let more = match self.base(&current.file, &name.value) {
                Ok(file) if self.open.contains(&file.name) => {
                    let chain = [&self.open[..], std::slice::from_ref(&file.name)].concat().join(" -> ");
                    let problem = ("a file cannot extend itself".to_owned(), format!("the way round is {chain}"));
                    self.at(current, name.node, problem);
                    None
                }
                Ok(file) => self.file(file),
                Err(problem) => {
                    self.at(current, name.node, problem);
                    None
                }
            };
            let Some(more) = more else {
                current.incomplete = true;
                continue;
            };
            loaded.defines.join(more.defines);
            loaded.files.extend(more.files);
            for entry in more.entries {
                match loaded.entries.iter_mut().find(|known| known.rule.id == entry.rule.id) {
                    Some(known) => *known = entry,
                    None => loaded.entries.push(entry),
                }
            }
        }
        loaded
    }

    /// The preset or file that `extends` names.
    fn base(&self, file: &File, name: &str) -> Result<File, (String, String)> {
        let is_file = name.contains(['/', '\\']) || Path::new(name).extension().is_some();
        if is_file {
            let folder = Path::new(&file.name).parent().unwrap_or(Path::new(""));
            let path = tidy(&folder.join(name));
            let help = "the path is relative to this file".to_owned();
            return self.open_file(&path).map_err(|why| (format!("cannot extend `{}`: {why}", path.display()), help));
        }
        match PRESETS.iter().find(|preset| preset.name == name) {
            Some(preset) => Ok(File { name: preset.name.to_owned(), text: preset.yaml.to_owned() }),
            None => {
                let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
                let help = match closest(name, names.iter().copied()) {
                    Some(best) => format!("did you mean `{best}`?"),
                    None => format!(
                        "the presets are: {}\na file is written with its ending, as in ./{name}.yaml",
                        names.join(", ")
                    ),
                };
                Err((format!("no preset is called `{name}`"), help))
            }
        }
    }

    pub(super) fn open_file(&self, path: &Path) -> Result<File, String> {
        let read = self.read.ok_or("files can only be extended by a file")?;
        let bytes = read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        })?;
        // A rules file is UTF-8 wherever it can be; the decoder weighs a short one as it weighs documents.
        let decoded = match std::str::from_utf8(&bytes) {
            Ok(_) => decode(bytes, Some(Encoding::Utf8)),
            Err(_) => decode(bytes, None),
        };
        let text = decoded.map_err(|error| error.to_string())?.text;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(File { name: path.display().to_string(), text })
    }
}

/// A path without `.` and, where it can be seen from the path alone, without `..`.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
