//! Letters of a batch on disk: written in groups, each group synced once; result lines say what is there; a run that was
//! cut short goes on where it stopped.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::check::{Checked, case_code};
use super::problem::Problem;
use super::table::Row;
use super::{Card, Job, faulty, render};
use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::letter::wording;
use crate::pipeline::snapshot::{Kept, Snapshot};
use crate::register::originals;

/// Letters written between two syncs.
const GROUP: usize = 256;
/// Groups rendered ahead of the one being synced.
const AHEAD: usize = 1;
/// Name of the card of a batch.
pub const CARD: &str = "loat.json";
/// Name of the table of rows passed over.
pub const BAD_ROWS: &str = "dong-loi.csv";

/// A fixed part of a batch: shard `index` (from 1) of `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { index: 1, count: 1 };
    /// Most shards.
    pub const MOST: usize = 10_000;

    /// Reads "3/16".
    ///
    /// # Errors
    /// A Vietnamese sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').map(|(index, count)| (index.parse(), count.parse()));
        match parts {
            Some((Ok(index), Ok(count))) if (1..=Self::MOST).contains(&count) && (1..=count).contains(&index) => {
                Ok(Self { index, count })
            }
            _ => Err("Ghi phần thứ mấy trên tổng số phần, ví dụ 3/16.".to_owned()),
        }
    }

    /// Its rows among `rows`: blocks that follow one another and differ in size by one at most.
    #[must_use]
    pub fn range(self, rows: usize) -> Range<usize> {
        (self.index - 1) * rows / self.count..self.index * rows / self.count
    }

    /// Name of its result file.
    #[must_use]
    pub fn results(self) -> String {
        if self == Self::WHOLE {
            return "ket-qua.jsonl".to_owned();
        }
        let width = self.count.to_string().len();
        format!("ket-qua-{:0width$}-of-{}.jsonl", self.index, self.count)
    }
}

/// One result line: a letter that is there. With its number it is a [`crate::register::Made`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Row of the table.
    pub row: u32,
    /// Number, once it has one.
    pub number: Option<u32>,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Pages.
    pub pages: usize,
    /// To whom it goes.
    pub addressee: String,
    /// Subject (trích yếu).
    pub subject: String,
    /// The case it belongs to as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// SHA-256 of its snapshot, where it has a number and belongs to a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
}

/// Numbers for the letters of a batch, in the order of its rows, and what their snapshots name.
#[derive(Debug)]
pub struct Numbers {
    /// Number of the first row.
    pub first: u32,
    /// Forms used.
    pub forms: Vec<Kept>,
    /// Style used.
    pub style: Kept,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Letters there now.
    pub letters: usize,
    /// Of these, letters that were there before.
    pub kept: usize,
    /// Pages of the letters made in this run.
    pub pages: usize,
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
pub struct Output {
    dir: PathBuf,
    shard: Shard,
    numbers: Option<Numbers>,
}

impl Output {
    /// Letters of `shard` go to `dir`.
    #[must_use]
    pub fn new(dir: &Path, shard: Shard) -> Self {
        Self { dir: dir.to_owned(), shard, numbers: None }
    }

    /// The same, with numbers.
    #[must_use]
    pub fn numbered(self, numbers: Numbers) -> Self {
        Self { numbers: Some(numbers), ..self }
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
            let finding = Diagnostic::error(code::BATCH_OTHER, "Tệp loat.json không đọc được.").in_file(CARD);
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
            let finding = Diagnostic::error(code::BATCH_OTHER, message).in_file(CARD);
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
        if errors.is_empty() || self.shard.index != 1 {
            return Ok(None);
        }
        fs::write(&self.dir.join(BAD_ROWS), bad_rows(&errors).as_bytes())?;
        Ok(Some(BAD_ROWS.to_owned()))
    }

    /// Makes the letters of the shard that are not there yet; `done` is told how many more are there.
    ///
    /// # Errors
    /// See [`Error`]; what was written stays, and a further run goes on from there.
    pub fn make(&self, job: &Job<'_>, checked: &Checked, done: &(dyn Fn(usize) + Sync)) -> Result<Made, Error> {
        let range = self.shard.range(checked.rows.len());
        let start = range.start;
        let rows = &checked.rows[range];
        let results = self.dir.join(self.shard.results());
        let kept = self.kept(job, rows, start, &results)?;
        self.mend(job, rows, start, &kept)?;
        done(kept.len());
        let mut made = Made { letters: kept.len(), kept: kept.len(), ..Made::default() };
        let (send, receive) = sync_channel::<Vec<Letter>>(AHEAD);
        thread::scope(|scope| {
            let results = &results;
            let committing = scope.spawn(move || self.commit(results, &receive, done));
            for (index, group) in rows[kept.len()..].chunks(GROUP).enumerate() {
                let first = start + kept.len() + index * GROUP;
                let tried: Vec<Result<Fresh, Failed>> =
                    group.par_iter().enumerate().map(|(at, row)| self.fresh(job, row, first + at)).collect();
                let mut letters = Vec::with_capacity(group.len());
                for one in tried {
                    match one {
                        Ok(fresh) => {
                            made.letters += 1;
                            made.pages += fresh.letter.pages;
                            made.bytes += fresh.letter.size;
                            letters.push(fresh.letter);
                        }
                        Err(Failed::Row(problem)) => made.problems.push(*problem),
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
    fn commit(
        &self,
        results: &Path,
        groups: &Receiver<Vec<Letter>>,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<(), Error> {
        for letters in groups.iter().filter(|letters| !letters.is_empty()) {
            let names: Vec<String> = letters.iter().map(|letter| letter.file.clone()).collect();
            fs::settle(&self.dir, &names)?;
            let lines: Vec<String> =
                letters.iter().map(|letter| serde_json::to_string(letter).unwrap_or_default()).collect();
            fs::append_line(results, &lines.join("\n"))?;
            done(letters.len());
        }
        Ok(())
    }

    /// Renders the row at this place among all rows and writes its letter aside.
    fn fresh(&self, job: &Job<'_>, row: &Row, place: usize) -> Result<Fresh, Failed> {
        let number = self.number(place);
        let rendered = render(job, row, number).map_err(|faults| Failed::Row(Box::new(faulty(row, &faults))))?;
        let file = render::name_of(job, row);
        fs::write_aside(&self.dir.join(&file), &rendered.bytes).map_err(Failed::Disk)?;
        let case = case_code(job.declaration, row).map(str::to_owned);
        let snapshot = match (&case, &self.numbers, number) {
            (Some(case), Some(numbers), Some(number)) => {
                Some(snapshot(job, row, case, number, numbers, &rendered.bytes).map_err(Failed::Disk)?)
            }
            _ => None,
        };
        let letter = Letter {
            row: row.number,
            number,
            file,
            sha256: fs::sha256(&rendered.bytes),
            size: rendered.bytes.len() as u64,
            pages: rendered.pages,
            addressee: row.cell(job.declaration.recipient.name).to_owned(),
            subject: job.declaration.subject(|place| row.cell(place)),
            case,
            snapshot,
        };
        Ok(Fresh { letter })
    }

    /// Letters an earlier run finished: whole result lines that fit the rows one by one. What follows them is cut off.
    fn kept(&self, job: &Job<'_>, rows: &[Row], start: usize, results: &Path) -> Result<Vec<Letter>, Error> {
        if !results.exists() {
            return Ok(Vec::new());
        }
        let bytes = fs::read(results)?;
        let (mut kept, mut length) = (Vec::new(), 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
            let letter = serde_json::from_slice::<Letter>(line).ok();
            let fits = |letter: &Letter| {
                rows.get(kept.len())
                    .is_some_and(|row| row.number == letter.row && render::name_of(job, row) == letter.file)
                    && letter.number == self.number(start + kept.len())
            };
            let Some(letter) = letter.filter(fits) else { break };
            kept.push(letter);
            length += line.len();
        }
        if length < bytes.len() {
            fs::truncate(results, length as u64)?;
        }
        Ok(kept)
    }

    /// Makes kept letters again whose file is missing or altered.
    fn mend(&self, job: &Job<'_>, rows: &[Row], start: usize, kept: &[Letter]) -> Result<(), Error> {
        let is_whole = |letter: &Letter| {
            fs::sha256_file(&self.dir.join(&letter.file)).is_ok_and(|(sha256, _)| sha256 == letter.sha256)
        };
        let all = rows.par_iter().zip(kept).enumerate();
        let damaged: Vec<(usize, (&Row, &Letter))> = all.filter(|(_, (_, letter))| !is_whole(letter)).collect();
        for group in damaged.chunks(GROUP) {
            let again: Vec<Result<Fresh, Failed>> =
                group.par_iter().map(|(at, (row, _))| self.fresh(job, row, start + at)).collect();
            let mut names = Vec::with_capacity(group.len());
            for (fresh, (_, (row, letter))) in again.into_iter().zip(group) {
                match fresh {
                    Err(Failed::Disk(error)) => return Err(error.into()),
                    Ok(fresh) if fresh.letter == **letter => names.push(fresh.letter.file),
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

/// A letter written aside.
struct Fresh {
    letter: Letter,
}

/// Keeps original and snapshot of a letter that belongs to a case, as issue does.
fn snapshot(job: &Job<'_>, row: &Row, case: &str, number: u32, numbers: &Numbers, bytes: &[u8]) -> fs::Result<String> {
    let workspace = job.workspace;
    originals::store(&workspace.originals(), bytes, "pdf")?;
    let snapshot = Snapshot {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        letter: format!("{case}/{}", job.form.trim_end_matches(".xml")),
        number: wording::letter_number(number, job.circular.symbol()),
        facts: std::collections::BTreeMap::new(),
        view: render::view(job, row, Some(number)),
        email: None,
        forms: numbers.forms.clone(),
        style: numbers.style.clone(),
        fonts: workspace.fonts.digest(),
        form: Some(job.form.clone()),
        date: Some(job.circular.date()),
    };
    snapshot.store(workspace)
}

/// Why a letter was not written aside.
enum Failed {
    /// The row does not make a right letter.
    Row(Box<Problem>),
    /// The file system refused.
    Disk(fs::Error),
}

impl Card {
    /// In what it differs from another, in Vietnamese.
    fn differing(&self, other: &Self) -> Vec<&'static str> {
        [
            (self.form == other.form, "biểu mẫu"),
            (self.data == other.data, "dữ liệu"),
            (self.rows == other.rows && self.letters == other.letters, "số dòng được làm"),
            (self.date == other.date, "ngày văn bản"),
            (self.state == other.state, "tình trạng"),
            (self.signer == other.signer, "người ký"),
            (self.workspace == other.workspace, "cấu hình, biểu mẫu hoặc phiên bản chương trình"),
        ]
        .into_iter()
        .filter(|(same, _)| !same)
        .map(|(_, what)| what)
        .collect()
    }
}

/// Rows passed over as CSV that Excel opens as it is.
fn bad_rows(problems: &[&Problem]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(["dong", "cot", "o", "ma", "van_de", "cach_sua"]);
    for problem in problems {
        let _ = writer.write_record([
            problem.row.to_string().as_str(),
            problem.column.as_deref().unwrap_or_default(),
            problem.cell.as_deref().unwrap_or_default(),
            problem.code.0,
            problem.message.as_str(),
            problem.hint.as_str(),
        ]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_blocks_that_make_up_the_whole() {
        for (rows, count) in [(0, 3), (1, 16), (15, 16), (16, 16), (17, 16), (10_000, 16), (100, 7)] {
            let ranges: Vec<Range<usize>> = (1..=count).map(|index| Shard { index, count }.range(rows)).collect();
            assert_eq!((ranges[0].start, ranges[count - 1].end), (0, rows));
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
            let sizes = ranges.iter().map(ExactSizeIterator::len);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1, "{rows} rows, {count} shards");
        }
    }

    #[test]
    fn shards_are_read_and_named() {
        assert_eq!(Shard::parse("3/16").map(Shard::results), Ok("ket-qua-03-of-16.jsonl".to_owned()));
        assert_eq!(Shard::parse("1/1").map(Shard::results), Ok("ket-qua.jsonl".to_owned()));
        for text in ["0/16", "17/16", "3", "3/0", "a/b", "-1/2", "1/2/3", "1/99999"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
