//! A file of JSON Lines on its way back.
//!
//! Invariant: what goes anywhere but into a file without a name was compared with the hash of the original.

use std::fs::Metadata;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::bail;
use descrape::jsonl::Styles;
use descrape::log::{self, Hasher, Name};
use descrape::pack::{Format, Manner};
use descrape::undo::{Restoring, RowPart};
use descrape::read;
use descrape::write::{Staged, Staging, Tag};

use super::cause;
use super::tally::Came;

/// A file of JSON Lines, its cleaned lines and where it goes.
pub struct Begun {
    tag: Tag,
    /// The cleaned file and what the file system says of it; none for standard input.
    cleaned: Option<(PathBuf, Metadata)>,
    /// Where the original goes; none for the place of the cleaned file, or standard output.
    place: Option<PathBuf>,
    manner: Option<Manner>,
    restoring: Restoring<BufReader<Box<dyn Read + Send>>, BufWriter<Staging>>,
}

/// How the cleaned lines are packed, and the lines.
type Lines = (Option<Manner>, BufReader<Box<dyn Read + Send>>);

impl Begun {
    pub fn new(cleaned: Option<PathBuf>, place: Option<PathBuf>, usual: Styles, tag: &Tag) -> anyhow::Result<Self> {
        let opened = cleaned.map(|path| {
            let opened = read::open(&path);
            opened.map(|(file, was)| (file, (path.clone(), was))).map_err(|error| anyhow::anyhow!("{}: {}", path.display(), read::cause(&error)))
        });
        let (file, cleaned) = opened.transpose()?.unzip();
        let (manner, lines) = match file {
            Some(file) => lines(file),
            None => lines(io::stdin()),
        }
        .map_err(cause)?;
        let nowhere = std::env::temp_dir().join("descrape");
        let beside = place.as_deref().or(cleaned.as_ref().map(|(path, _)| path.as_path())).unwrap_or(&nowhere);
        let document = BufWriter::with_capacity(1 << 18, Staging::new(beside, tag).map_err(cause)?);
        Ok(Self { tag: tag.clone(), cleaned, place, manner, restoring: Restoring::new(lines, document, usual) })
    }

    pub fn row(&mut self, part: &RowPart) -> anyhow::Result<()> {
        Ok(self.restoring.row(part)?)
    }

    /// Puts the original where it goes.
    pub fn finish(self, file: &log::File, out: &mut impl Write) -> anyhow::Result<fn(Name) -> Came> {
        let document = self.restoring.finish(file)?.into_inner().map_err(|error| cause(error.into_error()))?;
        let beside = self.place.as_deref().or(self.cleaned.as_ref().map(|(path, _)| path.as_path()));
        let (original, exact) = wrapped(document, file, self.manner, beside, self.cleaned.as_ref(), &self.tag).map_err(cause)?;
        let came: fn(Name) -> Came = if exact { Came::Restored } else { Came::Repacked };
        let staged: Staged = match (&self.place, self.cleaned) {
            (Some(place), _) if place.symlink_metadata().is_ok() => {
                let sum = |file: &Staging| -> io::Result<_> { Ok(Hasher::read(&mut file.reopen()?)?.sum()) };
                return match read::sum(place).is_ok_and(|there| sum(&original).is_ok_and(|ours| ours == there)) {
                    true => Ok(Came::There),
                    false => bail!("{}: is there already and is another file", place.display()),
                };
            }
            (None, Some((_, was))) => original.finish_over(&was).map_err(cause)?,
            (None, None) => {
                io::copy(&mut original.reopen().map_err(cause)?, out)?;
                return Ok(came);
            }
            (Some(_), _) => original.finish(),
        };
        staged.commit().map_err(cause)?;
        Ok(came)
    }
}

/// Whether a file is what it was, or has the document that it had where no recipe gives the file.
pub fn is_back(path: &Path, file: &log::File) -> io::Result<bool> {
    if read::sum(path)? == file.sides.before {
        return Ok(true);
    }
    let Some(packed) = file.packed.as_ref().filter(|packed| packed.recipe.is_none()) else { return Ok(false) };
    Ok(Hasher::read(&mut read::document(path)?)?.sum() == packed.sides.before)
}

fn lines(file: impl Read + Send + 'static) -> io::Result<Lines> {
    let mut file = BufReader::with_capacity(1 << 18, file);
    let beginning = file.fill_buf()?;
    let format = Format::of(beginning);
    let manner = format.map(|format| Manner::of(beginning, format));
    let document: Box<dyn Read + Send> = match format {
        Some(format) => format.reader(file)?,
        None => Box::new(file),
    };
    Ok((manner, BufReader::with_capacity(1 << 18, document)))
}

/// The file around a document, and whether it is the very file that was.
fn wrapped(
    document: Staging,
    file: &log::File,
    manner: Option<Manner>,
    beside: Option<&Path>,
    cleaned: Option<&(PathBuf, Metadata)>,
    tag: &Tag,
) -> io::Result<(Staging, bool)> {
    let Some(packed) = &file.packed else { return Ok((document, true)) };
    let nowhere = std::env::temp_dir().join("descrape");
    let new = || Staging::new(beside.unwrap_or(&nowhere), tag);
    let want = file.sides.before;
    if let Some((path, _)) = cleaned.filter(|_| !file.sides.differ()) {
        let mut copy = new()?;
        io::copy(&mut read::open(path)?.0, &mut copy)?;
        if Hasher::read(&mut copy.reopen()?)?.sum() == want {
            return Ok((copy, true));
        }
    }
    if let Some(recipe) = &packed.recipe {
        let mut out = new()?;
        let mut plain = BufReader::new(document.reopen()?);
        // A damaged recipe may make its tool give up.
        let followed = catch_unwind(AssertUnwindSafe(|| recipe.follow(&mut plain, &mut out)));
        if matches!(followed, Ok(Ok(()))) && Hasher::read(&mut out.reopen()?)?.sum() == want {
            return Ok((out, true));
        }
    }
    let manner = manner.unwrap_or_else(|| Manner::of(&[], packed.format));
    let mut writer = manner.writer(new()?, Some(packed.sides.before.bytes))?;
    io::copy(&mut document.reopen()?, &mut writer)?;
    Ok((writer.finish()?, false))
}
