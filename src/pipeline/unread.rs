//! Cases known by their code alone: destroyed, or not to be read now. Books and reports leave out none of them.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::close;
use super::{Failure, open_codes};
use crate::archive::{Archive, Stretch};
use crate::case::value::Value;
use crate::case::{Case, CaseCode};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::Dossier;
use crate::register::{Period, Register};
use crate::workspace::Workspace;

/// Why nothing but its code and what the journals say is known of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It was destroyed by this disposal.
    Destroyed(String),
    /// Its dossier is missing or damaged: where it should lie, and what is wrong.
    Dossier(String, String),
    /// Its file in the folder has a fault.
    Faulty,
    /// There is neither a file nor a dossier.
    Missing,
}

/// Such a case, with what the archive's journal still says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its code.
    pub code: String,
    /// Why it is not read.
    pub why: Why,
    /// When it was open; empty where nobody knows any more.
    pub stretches: Vec<Stretch>,
    /// When its dossier was closed, if it was.
    pub closed: Option<NaiveDate>,
    /// The day of its first letter, or of its closing: it came no later.
    pub no_later: Option<NaiveDate>,
}

/// Where a case belongs whose day is, or is not, known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// Into the book of the period.
    Here,
    /// Perhaps: its day is not known, and its code is of a year the period has a part of.
    Perhaps,
    /// Not into it.
    Elsewhere,
}

/// Whether a case that came on `day` belongs into the book of the period. One whose day is not known, but that it was `no_later` than
/// another, stands in that of its code's year, and in no shorter one.
#[must_use]
pub fn belongs(period: Option<Period>, day: Option<NaiveDate>, no_later: Option<NaiveDate>, code: &str) -> Belongs {
    let Some(period) = period else { return Belongs::Here };
    if let Some(day) = day {
        return if period.holds(day) { Belongs::Here } else { Belongs::Elsewhere };
    }
    let Ok((year, _)) = CaseCode::parse(code).map(|code| code.parts()) else { return Belongs::Perhaps };
    let whole = Period::year(year);
    if period.holds(whole.first) && period.holds(whole.last) {
        Belongs::Here
    } else if (period.first.year()..=period.last.year()).contains(&year)
        && no_later.is_none_or(|day| period.first <= day)
    {
        Belongs::Perhaps
    } else {
        Belongs::Elsewhere
    }
}

impl Unread {
    /// The day it came.
    #[must_use]
    pub fn arrived(&self) -> Option<NaiveDate> {
        self.stretches.first().map(|first| first.from)
    }

    /// What a book says in place of what only the case tells.
    #[must_use]
    pub fn state(&self) -> String {
        match &self.why {
            Why::Destroyed(disposal) => format!("hồ sơ đã hủy theo {disposal}"),
            Why::Dossier(..) => "không đọc được hồ sơ lưu".to_owned(),
            Why::Faulty => "tệp có lỗi, chưa đọc được".to_owned(),
            Why::Missing => "không thấy tệp hồ sơ".to_owned(),
        }
    }

    /// Whether it was destroyed, as it should be: then there is nothing to be mended.
    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        matches!(self.why, Why::Destroyed(_))
    }

    /// Whether something of it may belong into the days of a report.
    #[must_use]
    pub fn touches(&self, period: Period) -> bool {
        let year = CaseCode::parse(&self.code).ok().map(|code| code.parts().0);
        let came =
            self.arrived().map_or_else(|| year.is_none_or(|year| year <= period.last.year()), |day| day <= period.last);
        let over = self.stretches.last().map(|last| last.ended).or(self.closed.filter(|_| self.is_shut()));
        came && over.is_none_or(|over| over >= period.first)
    }

    /// Whether its dossier is closed for good or until it is opened again.
    fn is_shut(&self) -> bool {
        matches!(self.why, Why::Destroyed(_) | Why::Dossier(..))
    }

    /// What somebody has to mend; nothing where it was destroyed.
    #[must_use]
    pub fn finding(&self) -> Option<Diagnostic> {
        let code = &self.code;
        let (message, hint, file) = match &self.why {
            Why::Destroyed(_) => return None,
            Why::Dossier(file, fault) => (
                format!("Không đọc được hồ sơ lưu {code}: {fault}. Những cột chỉ hồ sơ biết còn để trống."),
                "Chạy “hoso archive verify” để xem chỗ hỏng, lấy lại tệp bằng “hoso archive repair --from BẢN_SAO”, rồi lập lại.".to_owned(),
                Some(file.clone()),
            ),
            Why::Faulty => (
                format!("Tệp hồ sơ {code} có lỗi, chưa đọc được. Những cột chỉ hồ sơ biết còn để trống."),
                format!("Xem chỗ sai bằng “hoso check {code}”, sửa tệp, rồi lập lại."),
                Some(format!("{code}.yaml")),
            ),
            Why::Missing => (
                format!("Sổ đăng ký có văn bản của hồ sơ {code}, mà không thấy tệp hồ sơ. Những cột chỉ hồ sơ biết còn để trống."),
                format!("Lấy lại tệp bằng “hoso history restore {code} BẢN” hoặc từ bản sao lưu, rồi lập lại."),
                None,
            ),
        };
        let finding = Diagnostic::warning(code::KNOWN_BY_CODE_ALONE, message).hint(hint);
        Some(match file {
            Some(file) => finding.in_file(file),
            None => finding,
        })
    }
}

/// Every case that is known and not among those that were read, by code.
///
/// # Errors
/// When the archive's journal cannot be read.
pub fn unread(workspace: &Workspace, register: &Register, cases: &[Case]) -> Result<Vec<Unread>, Failure> {
    let archive = {
        let _lock = workspace.lock()?;
        close::open_archive(workspace)?
    };
    let read: BTreeSet<&str> = cases.iter().map(|case| case.code.as_str()).collect();
    let present = open_codes(workspace);
    let kept = archive.states().filter(|(code, state)| close::is_closed(*state) && CaseCode::parse(code).is_ok());
    let mut codes: BTreeSet<String> = kept.map(|(code, _)| code.to_owned()).collect();
    codes.extend(register.records().iter().map(|record| record.issued.case.clone()));
    codes.extend(present.iter().cloned());
    let of = |code: String| {
        let tombstone = archive.tombstone(&code);
        let latest = archive.latest(&code).or_else(|| tombstone.as_ref()?.2.last().copied());
        let is_closed = close::is_closed(archive.state(&code));
        let why = match tombstone.as_ref() {
            Some((_, doom, _)) => Why::Destroyed(doom.id.clone()),
            None if present.contains(&code) => Why::Faulty,
            None if is_closed => fault(workspace, &archive, &code),
            None => Why::Missing,
        };
        // What was closed once and opened again may have gone on since.
        let told = latest.filter(|_| is_closed);
        let letters = register.of_case(&code).map(|record| record.issued.date);
        Unread {
            no_later: letters.chain(latest.map(|one| one.meta.closed)).min(),
            why,
            stretches: told.map(|one| one.meta.stretches.clone()).unwrap_or_default(),
            closed: told.map(|one| one.meta.closed),
            code,
        }
    };
    Ok(codes.into_iter().filter(|code| !read.contains(code.as_str())).map(of).collect())
}

/// What keeps a dossier from being read.
fn fault(workspace: &Workspace, archive: &Archive, code: &str) -> Why {
    let Some(publication) = archive.latest(code) else { return Why::Missing };
    let file = archive.file(publication);
    let fault = match Dossier::open(&file) {
        Err(error) => error.to_string(),
        Ok(_) => "tệp hồ sơ bên trong không đọc được".to_owned(),
    };
    Why::Dossier(workspace.show(&file), fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::End;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    /// Exactly one month, one quarter and one year have a case whose day is known; one year and no month any other.
    #[test]
    fn a_case_stands_in_one_book_of_a_kind() {
        let months = |year: i32| (1..=12).map(move |month| Period::month(day(year, month, 1)));
        let count = |known: Option<NaiveDate>, wanted: Belongs| {
            let books = (2025..=2028).flat_map(months);
            books.filter(|book| belongs(Some(*book), known, None, "KN-2026-0021") == wanted).count()
        };
        assert_eq!(
            (count(Some(day(2027, 1, 2)), Belongs::Here), count(Some(day(2027, 1, 2)), Belongs::Perhaps)),
            (1, 0)
        );
        assert_eq!((count(None, Belongs::Here), count(None, Belongs::Perhaps)), (0, 12));
        let letter = Some(day(2026, 8, 14));
        let perhaps =
            months(2026).filter(|book| belongs(Some(*book), None, letter, "KN-2026-0021") == Belongs::Perhaps);
        assert_eq!(perhaps.count(), 8, "it came no later than its first letter");
        let years: Vec<Belongs> =
            (2025..=2027).map(|year| belongs(Some(Period::year(year)), None, None, "KN-2026-0021")).collect();
        assert_eq!(years, [Belongs::Elsewhere, Belongs::Here, Belongs::Elsewhere]);
        assert_eq!(belongs(None, None, None, "KN-2026-0021"), Belongs::Here);
    }

    #[test]
    fn a_report_asks_only_for_cases_that_were_open_in_its_days() {
        let stretch = Stretch { from: day(2026, 8, 13), ended: day(2026, 9, 15), end: End::Agreed };
        let known = |stretches: Vec<Stretch>| Unread {
            code: "KN-2026-0021".to_owned(),
            why: Why::Destroyed("HUY-2042-0001".to_owned()),
            stretches,
            closed: Some(day(2026, 9, 17)),
            no_later: Some(day(2026, 8, 14)),
        };
        let months = |case: &Unread| {
            let months = Period::year(2026).months();
            months.iter().filter(|month| case.touches(**month)).map(|month| month.first.month()).collect::<Vec<_>>()
        };
        assert_eq!(months(&known(vec![stretch])), [8, 9]);
        assert_eq!(months(&known(Vec::new())), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(!known(Vec::new()).touches(Period::year(2042)));
    }
}
