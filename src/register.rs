//! The letter register: which number was given to which letter, and what became of it.
//!
//! Numbers run per register and year from 1 January to 31 December (Decree 30/2020, Article 15). The journal entry is the
//! commit of an issue: the original is stored before it, the copy in the case's folder made after it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use crate::diagnostic::{Diagnostic, code};
use crate::journal::{self, Entry, Head, Journal};

mod block;
mod book;
mod entry;
mod made;
mod minutes;
pub mod originals;
mod period;
pub(crate) mod verify;
pub mod words;

pub use block::{Block, job_number};
pub use book::{Delivery, HEADINGS, Row};
pub use entry::{Dropped, Fact, Issued, Reserved, Sealed, Void, Withdrawal};
pub use made::{Made, parse_results, read_lines, result_lines};
pub use minutes::{Standing, standings};
pub use period::Period;
pub use verify::{Places, Vouched, verify, vouched};
pub use words::Words;

/// Why the register could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The journal is damaged or cannot be written.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The number is taken in its register and year.
    #[error("số {number} năm {year} của sổ \"{register}\" đã cấp cho {holder}")]
    NumberTaken {
        /// Register id.
        register: String,
        /// Year.
        year: i32,
        /// The number.
        number: u32,
        /// Id of the letter that has it.
        holder: String,
    },
    /// The number given by the program is not the next one.
    #[error("số {number} không phải số kế tiếp của sổ (số kế tiếp là {next})")]
    NotNext {
        /// The number offered.
        number: u32,
        /// The number due.
        next: u32,
    },
    /// The letter has a number that was not voided.
    #[error("văn bản {letter} đã ban hành với số {symbol}; muốn ban hành lại phải thay thế hoặc hủy số cũ trước")]
    AlreadyIssued {
        /// Letter id.
        letter: String,
        /// Its number and symbol.
        symbol: String,
    },
    /// The letter's date lies in another year than the register's.
    #[error("ngày văn bản {date} không thuộc năm {year} của sổ")]
    WrongYear {
        /// Date of the letter.
        date: NaiveDate,
        /// Year of the register.
        year: i32,
    },
    /// There is no such number.
    #[error("sổ \"{register}\" năm {year} không có số {number}")]
    NoSuchNumber {
        /// Register id.
        register: String,
        /// Year.
        year: i32,
        /// The number.
        number: u32,
    },
    /// The number was voided before.
    #[error("số {number} năm {year} của sổ \"{register}\" đã hủy trước đó")]
    AlreadyVoided {
        /// Register id.
        register: String,
        /// Year.
        year: i32,
        /// The number.
        number: u32,
    },
    /// A number is at least 1.
    #[error("số văn bản phải từ 1 trở lên")]
    Zero,
    /// There is no such batch.
    #[error("sổ không có loạt {0}")]
    NoSuchJob(String),
    /// The batch is there already, or finished already.
    #[error("loạt {job} {how}")]
    JobState {
        /// Batch.
        job: String,
        /// What it is, in Vietnamese.
        how: &'static str,
    },
    /// Numbers given up that are not the batch's, are letters, or were given up before.
    #[error("loạt {job} không bỏ được các số từ {first} đến {last}")]
    Range {
        /// Batch.
        job: String,
        /// First number.
        first: u32,
        /// Last number.
        last: u32,
    },
}

/// A number of the register with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The letter as issued.
    pub issued: Issued,
    /// When it was issued.
    pub time: DateTime<FixedOffset>,
    /// When and how it was withdrawn, if it was.
    pub void: Option<(DateTime<FixedOffset>, Void)>,
}

/// The numbers as the journal gives them, indexed.
#[derive(Debug, Default)]
struct Index {
    records: Vec<Record>,
    numbers: HashMap<(String, i32), BTreeMap<u32, usize>>,
    letters: HashMap<String, Vec<usize>>,
    cases: HashMap<String, Vec<usize>>,
    blocks: Vec<Block>,
}

impl Index {
    fn series(&self, register: &str, year: i32) -> Option<&BTreeMap<u32, usize>> {
        self.numbers.get(&(register.to_owned(), year))
    }

    fn position(&self, register: &str, year: i32, number: u32) -> Option<usize> {
        self.series(register, year)?.get(&number).copied()
    }

    fn next_number(&self, register: &str, year: i32, start: u32) -> u32 {
        let last = self.series(register, year).and_then(|series| series.last_key_value()).map_or(0, |(n, _)| *n);
        let reserved = self.blocks_of(register, year).map(|block| block.reserved.last()).max().unwrap_or(0);
        last.max(reserved).max(start.saturating_sub(1)).saturating_add(1)
    }

    /// Checks a new entry against all before it.
    fn check(&self, fact: &Fact) -> Result<(), Error> {
        match fact {
            Fact::Issued(issued) => {
                let Issued { register, year, number, letter, .. } = issued.as_ref();
                if *number == 0 {
                    return Err(Error::Zero);
                }
                if issued.date.year() != *year {
                    return Err(Error::WrongYear { date: issued.date, year: *year });
                }
                if let Some(at) = self.position(register, *year, *number) {
                    let holder = self.records[at].issued.letter.clone();
                    return Err(Error::NumberTaken {
                        register: register.clone(),
                        year: *year,
                        number: *number,
                        holder,
                    });
                }
                if let Some(current) = self.current(letter) {
                    let symbol = current.issued.symbol.clone();
                    return Err(Error::AlreadyIssued { letter: letter.clone(), symbol });
                }
                if let Some(block) = self.blocks_of(register, *year).find(|block| block.reserved.holds(*number)) {
                    let holder = block.reserved.job.clone();
                    return Err(Error::NumberTaken {
                        register: register.clone(),
                        year: *year,
                        number: *number,
                        holder,
                    });
                }
                let next = self.next_number(register, *year, issued.start);
                if !issued.typed_by_clerk && *number != next {
                    return Err(Error::NotNext { number: *number, next });
                }
                Ok(())
            }
            Fact::Void(Void { register, year, number, .. }) => match self.position(register, *year, *number) {
                None => self.check_void_of_batch(register, *year, *number),
                Some(at) if self.records[at].void.is_some() => {
                    Err(Error::AlreadyVoided { register: register.clone(), year: *year, number: *number })
                }
                Some(_) => Ok(()),
            },
            Fact::Reserved(reserved) => self.check_reserved(reserved),
            Fact::Sealed(sealed) => self.check_sealed(sealed),
            Fact::Dropped(dropped) => self.check_dropped(dropped),
        }
    }

    fn insert(&mut self, time: DateTime<FixedOffset>, fact: Fact) {
        match fact {
            Fact::Issued(issued) => self.enter(time, *issued),
            Fact::Reserved(reserved) => self.blocks.push(Block::new(time, *reserved)),
            Fact::Sealed(sealed) => self.seal(time, *sealed),
            Fact::Dropped(dropped) => {
                if let Some(block) = self.blocks.iter_mut().find(|block| block.reserved.job == dropped.job) {
                    block.dropped.push((time, dropped));
                }
            }
            Fact::Void(void) => {
                if let Some(at) = self.position(&void.register, void.year, void.number) {
                    self.records[at].void = Some((time, void));
                } else if let Some(block) = self.block_with(&void.register, void.year, void.number) {
                    self.blocks[block].voids.push((time, void));
                }
            }
        }
    }

    fn enter(&mut self, time: DateTime<FixedOffset>, issued: Issued) {
        let at = self.records.len();
        self.numbers.entry((issued.register.clone(), issued.year)).or_default().insert(issued.number, at);
        self.letters.entry(issued.letter.clone()).or_default().push(at);
        self.cases.entry(issued.case.clone()).or_default().push(at);
        self.records.push(Record { issued, time, void: None });
    }

    fn current(&self, letter: &str) -> Option<&Record> {
        let at = self.letters.get(letter)?;
        at.iter().rev().map(|at| &self.records[*at]).find(|record| record.void.is_none())
    }

    /// Dates run with the numbers; a letter dated before its predecessor deserves a look.
    fn date_order(&self, issued: &Issued) -> Option<Diagnostic> {
        let series = self.series(&issued.register, issued.year)?;
        let at = |(_, at): (&u32, &usize)| &self.records[*at].issued;
        let before = series.range(..issued.number).next_back().map(at);
        let after = series.range(issued.number + 1..).next().map(at);
        let (this, date) = (&issued.symbol, issued.date.format("%d/%m/%Y"));
        let message = if let Some(before) = before.filter(|before| before.date > issued.date) {
            let other = before.date.format("%d/%m/%Y");
            format!(
                "văn bản số {this} ghi ngày {date}, sớm hơn văn bản số {} ngày {other} đứng trước nó",
                before.symbol
            )
        } else {
            let after = after.filter(|after| after.date < issued.date)?;
            let other = after.date.format("%d/%m/%Y");
            format!("văn bản số {this} ghi ngày {date}, muộn hơn văn bản số {} ngày {other} đứng sau nó", after.symbol)
        };
        Some(
            Diagnostic::warning(code::NUMBER_DATE_ORDER, message)
                .hint("Số và ngày văn bản nên cùng thứ tự; hãy kiểm tra lại ngày ghi trên văn bản."),
        )
    }
}

/// The letter register, open. The caller holds the lock.
#[derive(Debug)]
pub struct Register {
    journal: Journal<Fact>,
    index: Index,
}

impl Register {
    /// Opens the register's journal at `path` with its second copy in the folder `mirror`; the findings returned are
    /// warnings of the journal (see [`Journal::open`]).
    ///
    /// # Errors
    /// When the journal is damaged, contradicts itself, or cannot be read.
    pub fn open(path: &Path, mirror: Option<&Path>) -> Result<(Self, Vec<Diagnostic>), Error> {
        let (journal, findings) = Journal::open(path, mirror)?;
        let mut index = Index::default();
        for Entry { time, fact, .. } in journal.entries() {
            let fact: &Fact = fact;
            index.check(fact)?;
            index.insert(*time, fact.clone());
        }
        Ok((Self { journal, index }, findings))
    }

    /// The next number: one above the highest ever given in that register and year (voided ones too), at least `start`.
    #[must_use]
    pub fn next_number(&self, register: &str, year: i32, start: u32) -> u32 {
        self.index.next_number(register, year, start)
    }

    /// Enters an issued letter; when this returns, the letter is issued. The original must be stored before.
    /// The findings returned are warnings (date earlier than that of the number before).
    ///
    /// # Errors
    /// When the number is taken, not the next one (unless typed), the letter is issued already, or the journal cannot be
    /// written.
    pub fn issue(&mut self, time: DateTime<FixedOffset>, issued: Issued) -> Result<Vec<Diagnostic>, Error> {
        let warning = self.index.date_order(&issued);
        self.append(time, Fact::Issued(Box::new(issued)))?;
        Ok(warning.into_iter().chain(self.journal.mirror_trouble().cloned()).collect())
    }

    /// Withdraws a number.
    ///
    /// # Errors
    /// When there is no such number, it was withdrawn before, or the journal cannot be written.
    pub fn void(&mut self, time: DateTime<FixedOffset>, void: Void) -> Result<(), Error> {
        self.append(time, Fact::Void(void))
    }

    /// Keeps a block of numbers for a batch, in one entry.
    ///
    /// # Errors
    /// When the block does not begin with the next number, the batch is known, or the journal cannot be written.
    pub fn reserve(&mut self, time: DateTime<FixedOffset>, reserved: Reserved) -> Result<(), Error> {
        self.append(time, Fact::Reserved(Box::new(reserved)))
    }

    /// Enters a finished batch; when this returns, its letters are issued.
    ///
    /// # Errors
    /// When letters and numbers given up do not make up the block, or the journal cannot be written.
    pub fn seal(&mut self, time: DateTime<FixedOffset>, sealed: Sealed) -> Result<(), Error> {
        self.append(time, Fact::Sealed(Box::new(sealed)))
    }

    /// Gives up numbers of a batch that no letter was made for.
    ///
    /// # Errors
    /// When they are not numbers of it that are still open, or the journal cannot be written.
    pub fn drop_numbers(&mut self, time: DateTime<FixedOffset>, dropped: Dropped) -> Result<(), Error> {
        self.append(time, Fact::Dropped(dropped))
    }

    /// Every block of numbers kept for a batch, oldest first.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.index.blocks
    }

    /// The block of a batch.
    #[must_use]
    pub fn block(&self, job: &str) -> Option<&Block> {
        self.index.blocks.iter().find(|block| block.reserved.job == job)
    }

    fn append(&mut self, time: DateTime<FixedOffset>, fact: Fact) -> Result<(), Error> {
        self.index.check(&fact)?;
        self.journal.append(time, fact.clone())?;
        self.index.insert(time, fact);
        Ok(())
    }

    /// The letter as it now stands issued, if it does.
    #[must_use]
    pub fn current(&self, letter: &str) -> Option<&Record> {
        self.index.current(letter)
    }

    /// Every number the letter ever had, oldest first.
    #[must_use]
    pub fn history(&self, letter: &str) -> Vec<&Record> {
        let at = self.index.letters.get(letter).map(Vec::as_slice).unwrap_or_default();
        at.iter().map(|at| &self.index.records[*at]).collect()
    }

    /// Every letter ever issued in a case, in the order of issue.
    pub fn of_case(&self, case: &str) -> impl Iterator<Item = &Record> {
        let at = self.index.cases.get(case).map(Vec::as_slice).unwrap_or_default();
        at.iter().map(|at| &self.index.records[*at])
    }

    /// Every case a letter was ever issued in, with how many were, in no order.
    pub fn cases(&self) -> impl Iterator<Item = (&str, usize)> {
        self.index.cases.iter().map(|(case, at)| (case.as_str(), at.len()))
    }

    /// All numbers in the order of issue.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.index.records
    }

    /// The number, whether withdrawn or not.
    #[must_use]
    pub fn find(&self, register: &str, year: i32, number: u32) -> Option<&Record> {
        self.index.position(register, year, number).map(|at| &self.index.records[at])
    }

    /// Number of lines and hash of the last: what a signed closing of the book states.
    #[must_use]
    pub fn head(&self) -> &Head {
        self.journal.head()
    }

    /// The rows of the book of outgoing documents, by register, year and number; `words` gives what is said in words of a letter
    /// (of a batch: with its line), `delivery` tells of the sending, `results` gives the result list of a finished batch. Numbers
    /// kept for a batch that is not finished make one row.
    pub fn rows(
        &self,
        mut words: impl FnMut(&Record, Option<&Made>) -> Words,
        mut delivery: impl FnMut(&Record) -> Delivery,
        mut results: impl FnMut(&Block) -> Vec<Made>,
    ) -> Vec<Row> {
        let mut rows: Vec<((&str, i32, u32), Row)> = Vec::new();
        for record in &self.index.records {
            let Issued { register, year, number, .. } = &record.issued;
            rows.push(((register, *year, *number), Row::new(record, &words(record, None), delivery(record))));
        }
        for block in &self.index.blocks {
            let Reserved { register, year, .. } = &block.reserved;
            let made = if block.sealed.is_some() { results(block) } else { Vec::new() };
            for (number, row) in block.rows(&made, &mut words) {
                let known = self.index.position(register, *year, number).is_some();
                rows.extend((!known).then_some(((register.as_str(), *year, number), row)));
            }
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests;
