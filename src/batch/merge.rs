//! The letters of a batch as files for the print room: many letters in one file, faces once, a bookmark for each.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::check::Checked;
use super::output::{Error, Output};
use super::table::Row;
use super::{Job, render};
use crate::diagnostic::{Diagnostic, code};
use crate::document::Document;
use crate::fs;
use crate::layout::Layout;
use crate::pdf::{self, Letter, Metadata};
use crate::pipeline::render::at_midnight;

/// One file for the print room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Where it was written.
    pub file: PathBuf,
    /// Letters in it.
    pub letters: usize,
    /// Pages.
    pub pages: usize,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Writes the letters of the output's shard, at most `most` to a file, in the order of the rows: one file under the name
/// given, several with `-001`, `-002`, … before the ending; a shard's files name the shard. Letters are laid out again, so no
/// more than two volumes are in memory.
///
/// # Errors
/// When a file cannot be written or would not be valid.
pub fn merge(
    job: &Job<'_>,
    checked: &Checked,
    output: &Output<'_>,
    file: &Path,
    most: usize,
) -> Result<Vec<Volume>, Error> {
    let range = output.range(checked.rows.len());
    let start = range.start;
    let most = most.max(1);
    let groups: Vec<&[Row]> = checked.rows[range].chunks(most).collect();
    let count = groups.len();
    // A row that makes no right letter was told of when its letter was made.
    let lay_out = |index: usize| -> Vec<(Document, Layout)> {
        let rows = groups.get(index).copied().unwrap_or_default();
        let first = start + index * most;
        let numbered = rows.par_iter().enumerate();
        numbered.filter_map(|(at, row)| render::lay_out(job, row, output.number(first + at)).ok()).collect()
    };
    let mut volumes = Vec::with_capacity(count);
    let mut letters = lay_out(0);
    for index in 0..count {
        let file = named(file, &output.shard().suffix(), (count > 1).then_some(index + 1));
        // Writing a volume is the work of one thread; the others lay out the next meanwhile.
        let (written, next) = rayon::join(|| volume(job, &letters, file, (index + 1, count)), || lay_out(index + 1));
        volumes.push(written?);
        letters = next;
    }
    Ok(volumes)
}

fn volume(
    job: &Job<'_>,
    letters: &[(Document, Layout)],
    file: PathBuf,
    (index, count): (usize, usize),
) -> Result<Volume, Error> {
    let sheets: Vec<Letter<'_>> =
        letters.iter().map(|(document, layout)| Letter { layout, title: &document.title }).collect();
    let kind = &job.declaration.kind;
    let metadata = Metadata {
        title: format!("Tập in {index}/{count}: {} {kind}", letters.len()),
        author: letters.first().map(|(document, _)| document.author.clone()).unwrap_or_default(),
        subject: String::new(),
        created: at_midnight(Some(job.circular.date())),
        producer: pdf::PRODUCER.to_owned(),
    };
    let bytes = pdf::merge(&sheets, job.means.fonts, &metadata).map_err(|error| {
        let message = format!("Không tạo được tập in {index}/{count}: {error}");
        Error::Finding(Box::new(Diagnostic::error(code::EXPORT, message)))
    })?;
    fs::write(&file, &bytes)?;
    let pages = letters.iter().map(|(_, layout)| layout.pages.len()).sum();
    Ok(Volume { file, letters: letters.len(), pages, bytes: bytes.len() as u64 })
}

/// `in.pdf` → `in-03-of-16-001.pdf`.
fn named(file: &Path, shard: &str, volume: Option<usize>) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().map_or_else(|| "pdf".into(), |ending| ending.to_string_lossy());
    let volume = volume.map(|volume| format!("-{volume:03}")).unwrap_or_default();
    file.with_file_name(format!("{stem}{shard}{volume}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shard_and_volume_stand_before_the_ending() {
        assert_eq!(named(Path::new("a/in.pdf"), "", None), Path::new("a/in.pdf"));
        assert_eq!(named(Path::new("a/in.pdf"), "", Some(7)), Path::new("a/in-007.pdf"));
        assert_eq!(named(Path::new("in"), "-03-of-16", Some(12)), Path::new("in-03-of-16-012.pdf"));
    }
}
