//! Letters of a batch on disk: written in groups, each group synced once; result lines say what is there; a run that was
//! cut short goes on where it stopped.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rayon::prelude::*;

use super::check::{Checked, case_code};
use super::problem::{Problem, bad_rows};
use super::table::Row;
use super::{Card, Job, Shard, render};
use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::letter::wording;
use crate::pipeline::snapshot::{Kept, Snapshot};
use crate::register::{self, originals, read_lines, result_lines};
use crate::workspace::Workspace;

/// Letters written between two syncs.
const GROUP: usize = 256;
/// Groups rendered ahead of the one being synced.
const AHEAD: usize = 1;
/// A result line; the number is there in a batch with numbers.
type Made = register::Made<Option<u32>>;

/// Name of the card of a batch.
pub const CARD: &str = "loat.json";
/// Name of the table of rows passed over.
pub const BAD_ROWS: &str = "dong-loi.csv";

/// Numbers for the letters of a batch, in the order of its rows, and what their snapshots name.
#[derive(Debug)]
pub struct Numbers<'a> {
    /// Where snapshots and originals of letters of cases go.
    pub workspace: &'a Workspace,
    /// Number of the first row.
    pub first: u32,
    /// Forms used.
    pub forms: Vec<Kept>,
    /// Style used.
    pub style: Kept,
    /// Digest of the fonts used.
    pub fonts: String,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Letters there now.
    pub letters: usize,
    /// Of these, letters that were there before.
    pub kept: usize,
    /// Pages of the letters made in this run.
    pub pages: u64,
    /// Bytes of the letters made in this run.
    pub bytes: u64,
    /// Rows whose letter could not be made after all.
    pub problems: Vec<Problem>,
}

/// Why a batch stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error(transparent)]
    Fs(#[from] fs::Error),
    /// Something that is to be shown as it is.
    #[error("{}", .0.message)]
    Finding(Box<Diagnostic>),
}

/// Where the letters of a batch go.
#[derive(Debug)]
pub struct Output<'a> {
    dir: PathBuf,
    shard: Shard,
    numbers: Option<Numbers<'a>>,
}

impl<'a> Output<'a> {
    /// Letters of `shard` go to `dir`.
    #[must_use]
    pub fn new(dir: &Path, shard: Shard) -> Self {
        Self { dir: dir.to_owned(), shard, numbers: None }
    }

    /// The same, with numbers.
    #[must_use]
    pub fn numbered(self, numbers: Numbers<'a>) -> Self {
        Self { numbers: Some(numbers), ..self }
    }

    /// The part of the batch it is for.
    pub(super) fn shard(&self) -> Shard {
        self.shard
    }

    /// The rows of the shard, among so many.
    pub(super) fn range(&self, rows: usize) -> std::ops::Range<usize> {
        self.shard.range(rows)
    }

    /// The number of the letter at this place among all rows of the batch.
    pub(super) fn number(&self, place: usize) -> Option<u32> {
        let first = self.numbers.as_ref()?.first;
        u32::try_from(place).ok().and_then(|place| first.checked_add(place))
    }

    /// The card of the batch that lies there already.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn card(&self) -> Result<Option<Card>, Error> {
        let path = self.dir.join(CARD);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&path)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            let finding = Diagnostic::error(code::BATCH_OTHER, "Tệp loat.json không đọc được.")
                .in_file(path.display().to_string());
            Error::Finding(Box::new(finding.hint("Chọn thư mục khác, hoặc xóa thư mục này rồi chạy lại.")))
        })
    }

    /// Puts the card there, unless the same lies there already.
    ///
    /// # Errors
    /// When another batch lies there.
    pub fn lay(&self, card: &Card) -> Result<(), Error> {
        fs::create_dir(&self.dir)?;
        if let Some(found) = self.card()? {
            let differing = card.differing(&found);
            if differing.is_empty() {
                return Ok(());
            }
            let message =
                format!("Thư mục {} đang giữ một loạt khác (khác {}).", self.dir.display(), differing.join(", "));
            let file = self.dir.join(CARD).display().to_string();
            let finding = Diagnostic::error(code::BATCH_OTHER, message).in_file(file);
            return Err(Error::Finding(Box::new(
                finding.hint("Chọn thư mục khác cho --out, hoặc xóa thư mục này nếu không cần nữa."),
            )));
        }
        let text = serde_json::to_string_pretty(card).unwrap_or_default() + "\n";
        Ok(fs::write(&self.dir.join(CARD), text.as_bytes())?)
    }

    /// Writes the table of rows passed over; the first shard does so for all.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn list_bad_rows(&self, problems: &[Problem]) -> Result<Option<String>, Error> {
        let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.is_error()).collect();
        if errors.is_empty() || !self.shard.is_first() {
            return Ok(None);
        }
        fs::write(&self.dir.join(BAD_ROWS), bad_rows(&errors).as_bytes())?;
        Ok(Some(BAD_ROWS.to_owned()))
    }

    /// Makes the letters of the shard that are not there yet; `done` is told how many more are there.
    ///
    /// # Errors
    /// See [`Error`]; what was written stays, and a further run goes on from there.
    pub fn make(&self, job: &Job<'_>, checked: &Checked, done: &(dyn Fn(usize) + Sync)) -> Result<Tally, Error> {
        let range = self.shard.range(checked.rows.len());
        let start = range.start;
        let rows = &checked.rows[range];
        let results = self.dir.join(self.shard.results());
        let kept = self.kept(job, rows, start, &results)?;
        self.mend(job, rows, start, &kept)?;
        done(kept.len());
        let mut made = Tally { letters: kept.len(), kept: kept.len(), ..Tally::default() };
        let (send, receive) = sync_channel::<Vec<Made>>(AHEAD);
        thread::scope(|scope| {
            let results = &results;
            let committing = scope.spawn(move || self.commit(results, &receive, done));
            for (index, group) in rows[kept.len()..].chunks(GROUP).enumerate() {
                let first = start + kept.len() + index * GROUP;
                let tried: Vec<(&Row, Result<Made, Failed>)> =
                    group.par_iter().enumerate().map(|(at, row)| (row, self.fresh(job, row, first + at))).collect();
                let mut letters = Vec::with_capacity(group.len());
                for (row, one) in tried {
                    match one {
                        Ok(letter) => {
                            made.letters += 1;
                            made.pages += u64::from(letter.pages);
                            made.bytes += letter.size;
                            letters.push(letter);
                        }
                        Err(Failed::Row(misfits)) => made.problems.extend(checked.misfits(row, misfits)),
                        Err(Failed::Disk(error)) => {
                            drop(send);
                            return committing
                                .join()
                                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                                .and(Err(error.into()));
                        }
                    }
                }
                if send.send(letters).is_err() {
                    break;
                }
            }
            drop(send);
            committing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok(made)
    }

    /// Gives each group its names, then its result lines.
    fn commit(&self, results: &Path, groups: &Receiver<Vec<Made>>, done: &(dyn Fn(usize) + Sync)) -> Result<(), Error> {
        for letters in groups.iter().filter(|letters| !letters.is_empty()) {
            let names: Vec<String> = letters.iter().map(|letter| letter.file.clone()).collect();
            fs::settle(&self.dir, &names)?;
            fs::append(results, &result_lines(&letters))?;
            done(letters.len());
        }
        Ok(())
    }

    /// Renders the row at this place among all rows and writes its letter aside.
    fn fresh(&self, job: &Job<'_>, row: &Row, place: usize) -> Result<Made, Failed> {
        let number = self.number(place);
        let rendered = render::render(job, row, number).map_err(Failed::Row)?;
        let file = render::name_of(job, row);
        fs::write_aside(&self.dir.join(&file), &rendered.bytes).map_err(Failed::Disk)?;
        let case = case_code(job.declaration, row).map(str::to_owned);
        let snapshot = match (&case, &self.numbers, number) {
            (Some(case), Some(numbers), Some(number)) => {
                Some(snapshot(job, row, case, number, numbers, &rendered.bytes).map_err(Failed::Disk)?)
            }
            _ => None,
        };
        Ok(Made {
            row: row.number,
            number,
            file,
            sha256: fs::sha256(&rendered.bytes),
            size: rendered.bytes.len() as u64,
            pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
            addressee: row.cell(job.declaration.recipient.name).to_owned(),
            subject: job.declaration.subject(|place| row.cell(place)),
            case,
            snapshot,
        })
    }

    /// Letters an earlier run finished: whole result lines that fit the rows one by one. What follows them is cut off.
    fn kept(&self, job: &Job<'_>, rows: &[Row], start: usize, results: &Path) -> Result<Vec<Made>, Error> {
        if !results.exists() {
            return Ok(Vec::new());
        }
        let bytes = fs::read(results)?;
        let (mut kept, mut length) = (Vec::new(), 0);
        for (size, letter) in read_lines(&bytes) {
            let fits = |letter: &Made| {
                rows.get(kept.len())
                    .is_some_and(|row| row.number == letter.row && render::name_of(job, row) == letter.file)
                    && letter.number == self.number(start + kept.len())
            };
            let Some(letter) = letter.filter(fits) else { break };
            kept.push(letter);
            length += size;
        }
        if length < bytes.len() {
            fs::truncate(results, length as u64)?;
        }
        Ok(kept)
    }

    /// Makes kept letters again whose file is missing or altered.
    fn mend(&self, job: &Job<'_>, rows: &[Row], start: usize, kept: &[Made]) -> Result<(), Error> {
        let is_whole = |letter: &Made| {
            fs::sha256_file(&self.dir.join(&letter.file)).is_ok_and(|(sha256, _)| sha256 == letter.sha256)
        };
        let all = rows.par_iter().zip(kept).enumerate();
        let damaged: Vec<(usize, (&Row, &Made))> = all.filter(|(_, (_, letter))| !is_whole(letter)).collect();
        for group in damaged.chunks(GROUP) {
            let again: Vec<Result<Made, Failed>> =
                group.par_iter().map(|(at, (row, _))| self.fresh(job, row, start + at)).collect();
            let mut names = Vec::with_capacity(group.len());
            for (fresh, (_, (row, letter))) in again.into_iter().zip(group) {
                match fresh {
                    Err(Failed::Disk(error)) => return Err(error.into()),
                    Ok(fresh) if fresh == **letter => names.push(fresh.file),
                    _ => {
                        let message =
                            format!("Văn bản của dòng {} làm lại ra khác bản đã ghi trong kết quả.", row.number);
                        let finding = Diagnostic::error(code::BATCH_RESULTS, message).in_file(self.shard.results());
                        return Err(Error::Finding(Box::new(finding.hint("Chọn thư mục khác rồi làm lại từ đầu."))));
                    }
                }
            }
            fs::settle(&self.dir, &names)?;
        }
        Ok(())
    }
}

/// Keeps original and snapshot of a letter that belongs to a case, as issue does.
fn snapshot(
    job: &Job<'_>,
    row: &Row,
    case: &str,
    number: u32,
    numbers: &Numbers<'_>,
    bytes: &[u8],
) -> fs::Result<String> {
    let workspace = numbers.workspace;
    originals::store(&workspace.originals(), bytes, "pdf")?;
    let snapshot = Snapshot {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        letter: format!("{case}/{}", job.form.trim_end_matches(".xml")),
        number: wording::letter_number(number, job.circular.symbol()),
        subject: job.declaration.subject(|place| row.cell(place)),
        addressee: row.cell(job.declaration.recipient.name).to_owned(),
        facts: std::collections::BTreeMap::new(),
        view: render::view(job, row, Some(number)),
        email: None,
        forms: numbers.forms.clone(),
        style: numbers.style.clone(),
        fonts: numbers.fonts.clone(),
        form: Some(job.form.clone()),
        date: Some(job.circular.date()),
    };
    snapshot.store(workspace)
}

/// Why a letter was not written aside.
enum Failed {
    /// The row does not make a right letter.
    Row(Vec<render::Misfit>),
    /// The file system refused.
    Disk(fs::Error),
}
