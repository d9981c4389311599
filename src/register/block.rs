//! Blocks of numbers: a batch reserves them all at once, and each becomes a letter or is given up with a reason.

use chrono::{DateTime, Datelike, FixedOffset};

use super::book::Row;
use super::{Dropped, Error, Index, Issued, Made, Record, Reserved, Sealed, Void, Words};
use crate::letter::wording;

/// A block of numbers kept for a batch, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// When it was reserved.
    pub time: DateTime<FixedOffset>,
    /// As reserved.
    pub reserved: Reserved,
    /// When and how it was finished.
    pub sealed: Option<(DateTime<FixedOffset>, Sealed)>,
    /// Numbers given up.
    pub dropped: Vec<(DateTime<FixedOffset>, Dropped)>,
    /// Letters withdrawn after it was finished, but for those that belong to a case: these are records.
    pub voids: Vec<(DateTime<FixedOffset>, Void)>,
}

impl Block {
    pub(super) fn new(time: DateTime<FixedOffset>, reserved: Reserved) -> Self {
        Self { time, reserved, sealed: None, dropped: Vec::new(), voids: Vec::new() }
    }

    fn ranges(&self) -> impl Iterator<Item = (u32, u32)> {
        self.dropped.iter().flat_map(|(_, dropped)| dropped.ranges.iter().copied())
    }

    /// How many numbers were given up.
    #[must_use]
    pub fn dropped_count(&self) -> u32 {
        self.ranges().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether this number was given up.
    #[must_use]
    pub fn is_dropped(&self, number: u32) -> bool {
        self.ranges().any(|(first, last)| (first..=last).contains(&number))
    }

    /// When and how the letter of this number was withdrawn, if it was.
    #[must_use]
    pub fn void(&self, number: u32) -> Option<&(DateTime<FixedOffset>, Void)> {
        self.voids.iter().find(|(_, void)| void.number == number)
    }

    /// Whether nothing more is to come: finished, or all numbers given up.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.sealed.is_some() || self.dropped_count() == self.reserved.count
    }

    /// Numbers that are neither in `made` nor given up, as rising ranges.
    #[must_use]
    pub fn open_ranges(&self, made: &[Made]) -> Vec<(u32, u32)> {
        let made: std::collections::HashSet<u32> = made.iter().map(|made| made.number).collect();
        let open = (self.reserved.first..=self.reserved.last())
            .filter(|number| !made.contains(number) && !self.is_dropped(*number));
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in open {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        ranges
    }

    /// A letter of the batch as the register has those of cases.
    #[must_use]
    pub fn issued(&self, made: &Made) -> Issued {
        let reserved = &self.reserved;
        let case = made.case.clone().unwrap_or_default();
        let job = reserved.job.to_lowercase();
        Issued {
            register: reserved.register.clone(),
            year: reserved.year,
            number: made.number,
            symbol: wording::letter_number(made.number, &reserved.symbol),
            letter: format!("{case}/{job}-{:06}", made.row),
            kind: reserved.kind.clone(),
            case,
            date: reserved.date,
            signer: reserved.signer.clone(),
            kept_by: reserved.kept_by.clone(),
            copies: 1,
            pdf_sha256: made.sha256.clone(),
            pdf_size: made.size,
            pages: made.pages,
            snapshot_sha256: made.snapshot.clone().unwrap_or_default(),
            file: self.file_in_case(made),
            start: reserved.start,
            typed_by_clerk: false,
            job: Some(reserved.job.clone()),
        }
    }

    /// The same with what became of it.
    #[must_use]
    pub fn record(&self, made: &Made) -> Record {
        let void = self.void(made.number).cloned();
        Record { issued: self.issued(made), time: self.sealed.as_ref().map_or(self.time, |(time, _)| *time), void }
    }

    /// Name of the copy in a case's folder of letters, like those of letters issued one by one.
    fn file_in_case(&self, made: &Made) -> String {
        let symbol: String =
            self.reserved.symbol.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
        let Reserved { date, form, .. } = &self.reserved;
        format!("{date}_{:02}-{symbol}_{form}.pdf", made.number)
    }

    /// Rows of the book: each letter in `made`, each gap, or the whole block while it is not finished; by first number.
    pub(super) fn rows(
        &self,
        made: &[Made],
        mut words: impl FnMut(&Record, Option<&Made>) -> Words,
    ) -> Vec<(u32, Row)> {
        let reserved = &self.reserved;
        let mut row = |one: &Made| {
            let record = self.record(one);
            let words = words(&record, Some(one));
            (one.number, Row::of_batch(&record, &words, &reserved.job))
        };
        let mut rows: Vec<(u32, Row)> = made.iter().map(&mut row).collect();
        for (time, dropped) in &self.dropped {
            for range in &dropped.ranges {
                let remark = format!(
                    "Bỏ số ngày {}: {}. Loạt {}",
                    time.format("%d/%m/%Y"),
                    dropped.reason.trim_end_matches('.'),
                    reserved.job
                );
                rows.push((range.0, Row::of_range(reserved, *range, remark)));
            }
        }
        // Of a finished batch without a list, the list was lost, or destroyed with the batch's dossier.
        if self.sealed.is_none() || made.is_empty() {
            let how = if self.sealed.is_none() { "chưa niêm phong" } else { "danh sách văn bản không còn" };
            for range in self.open_ranges(&[]) {
                let remark = format!("Loạt {}, {how}", reserved.job);
                rows.push((range.0, Row::of_range(reserved, range, remark)));
            }
        }
        rows
    }
}

impl Index {
    pub(super) fn blocks_of(&self, register: &str, year: i32) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.reserved.register == register && block.reserved.year == year)
    }

    pub(super) fn block_with(&self, register: &str, year: i32, number: u32) -> Option<usize> {
        let holds = |block: &Block| {
            let reserved = &block.reserved;
            reserved.register == register && reserved.year == year && reserved.holds(number)
        };
        self.blocks.iter().position(holds)
    }

    /// A letter of a finished batch can be withdrawn like any other.
    pub(super) fn check_void_of_batch(&self, register: &str, year: i32, number: u32) -> Result<(), Error> {
        let block = self.block_with(register, year, number).map(|at| &self.blocks[at]);
        let (register, none) = (register.to_owned(), block.is_none_or(|b| b.sealed.is_none() || b.is_dropped(number)));
        if none {
            return Err(Error::NoSuchNumber { register, year, number });
        }
        if block.is_some_and(|block| block.void(number).is_some()) {
            return Err(Error::AlreadyVoided { register, year, number });
        }
        Ok(())
    }

    fn open_block(&self, job: &str) -> Result<&Block, Error> {
        let block = self.blocks.iter().find(|block| block.reserved.job == job);
        let block = block.ok_or_else(|| Error::NoSuchJob(job.to_owned()))?;
        if block.sealed.is_some() {
            return Err(Error::JobState { job: job.to_owned(), how: "đã niêm phong" });
        }
        Ok(block)
    }

    pub(super) fn check_reserved(&self, reserved: &Reserved) -> Result<(), Error> {
        let Reserved { job, register, year, date, first, count, start, .. } = reserved;
        if self.blocks.iter().any(|block| block.reserved.job == *job) {
            return Err(Error::JobState { job: job.clone(), how: "đã có trong sổ" });
        }
        if *first == 0 || *count == 0 || first.checked_add(*count).is_none() {
            return Err(Error::Zero);
        }
        if date.year() != *year {
            return Err(Error::WrongYear { date: *date, year: *year });
        }
        let next = self.next_number(register, *year, *start);
        if *first != next {
            return Err(Error::NotNext { number: *first, next });
        }
        Ok(())
    }

    pub(super) fn check_sealed(&self, sealed: &Sealed) -> Result<(), Error> {
        let block = self.open_block(&sealed.job)?;
        let foreign = sealed
            .of_cases
            .iter()
            .any(|made| made.case.is_none() || !block.reserved.holds(made.number) || block.is_dropped(made.number));
        if foreign || sealed.made.checked_add(block.dropped_count()) != Some(block.reserved.count) {
            let how = "chưa đủ: còn số chưa có văn bản và chưa bỏ";
            return Err(Error::JobState { job: sealed.job.clone(), how });
        }
        Ok(())
    }

    pub(super) fn check_dropped(&self, dropped: &Dropped) -> Result<(), Error> {
        let block = self.open_block(&dropped.job)?;
        let mut before = 0;
        for (first, last) in dropped.ranges.iter().copied() {
            let fits = first > before && first <= last && block.reserved.holds(first) && block.reserved.holds(last);
            if !fits || block.ranges().any(|(from, to)| from <= last && first <= to) {
                return Err(Error::Range { job: dropped.job.clone(), first, last });
            }
            before = last;
        }
        Ok(())
    }

    /// Takes a finished batch in; its letters that belong to cases become records like others.
    pub(super) fn seal(&mut self, time: DateTime<FixedOffset>, sealed: Sealed) {
        let Some(at) = self.blocks.iter().position(|block| block.reserved.job == sealed.job) else { return };
        let issued: Vec<Issued> = sealed.of_cases.iter().map(|made| self.blocks[at].issued(made)).collect();
        self.blocks[at].sealed = Some((time, sealed));
        issued.into_iter().for_each(|issued| self.enter(time, issued));
    }
}

/// The number of a batch in its year, `LOAT-2026-0001` → (2026, 1).
#[must_use]
pub fn job_number(job: &str) -> Option<(i32, u32)> {
    let (year, number) = job.strip_prefix("LOAT-")?.split_once('-')?;
    let digits = |text: &str| text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year) && digits(number)).then_some((year.parse().ok()?, number.parse().ok()?))
}
