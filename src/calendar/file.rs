//! Calendar files: YAML text → notice, own choice or statute, every fault with its line.

mod reader;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::statute::{Anchor, Holiday, Statute, weekday_name};
use crate::diagnostic::{Diagnostic, code};
use reader::{PeriodEntry, Reader, Written, locate, number, read, read_date};

/// The notice of one year.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    /// The year.
    pub(super) year: i32,
    /// Computed, no real notice yet.
    pub(super) provisional: bool,
    /// Days off that bind everybody.
    pub(super) off: BTreeMap<NaiveDate, String>,
    /// Swaps: (weekday off, weekly day off worked).
    pub(super) swaps: Vec<(NaiveDate, NaiveDate)>,
}

/// The company's own choice.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    /// Days the company is closed.
    pub(super) off: BTreeMap<NaiveDate, String>,
    /// Days the company works.
    pub(super) work: BTreeMap<NaiveDate, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeFile {
    nam: i32,
    #[serde(default)]
    tam_tinh: YesNo,
    ngay_nghi: Option<Vec<PeriodEntry>>,
    hoan_doi: Option<Vec<SwapEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnFile {
    ngay_nghi: Option<Vec<PeriodEntry>>,
    ngay_lam_viec: Option<Vec<PeriodEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwapEntry {
    nghi: Written,
    lam_bu: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatuteFile {
    nghi_hang_tuan: Vec<WeekdayName>,
    nghi_bu: YesNo,
    ngay_le: Vec<HolidayEntry>,
    #[serde(default)]
    am_lich: BTreeMap<i32, BTreeMap<String, Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayEntry {
    ten: String,
    moc: String,
    #[serde(default)]
    truoc: u64,
    #[serde(default)]
    sau: u64,
    #[serde(default)]
    them_lien_ke: YesNo,
    tu_nam: Option<i32>,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum YesNo {
    Co,
    #[default]
    Khong,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum WeekdayName {
    ThuHai,
    ThuBa,
    ThuTu,
    ThuNam,
    ThuSau,
    ThuBay,
    ChuNhat,
}

/// Reads the notice of `year`; errors go to `found`, and so do warnings on holidays left out.
pub(super) fn notice(
    name: &str,
    text: &str,
    year: i32,
    statute: &Statute,
    found: &mut Vec<Diagnostic>,
) -> Option<Notice> {
    let file: NoticeFile = read(name, text, found)?;
    let mut reader = Reader::new(name, text, found);
    if file.nam != year {
        let message = format!("tệp {name} ghi “nam: {}”, khác với năm {year} trong tên tệp", file.nam);
        reader.report(code::CALENDAR_YEAR, "nam", message, "sửa dòng “nam” hoặc đổi tên tệp cho khớp");
        return None;
    }
    let off = reader.periods(file.ngay_nghi.unwrap_or_default(), Some(year));
    let mut swaps = Vec::new();
    let mut swapped = BTreeSet::new();
    for swap in file.hoan_doi.unwrap_or_default() {
        let (day_off, worked) = (swap.nghi.date, swap.lam_bu.date);
        if day_off.year() != year && worked.year() != year {
            let message =
                format!("hoán đổi {} – {} không có ngày nào thuộc năm {year}", swap.nghi.text, swap.lam_bu.text);
            reader.report(code::CALENDAR_YEAR, &swap.nghi.text, message, "ghi hoán đổi này vào tệp của đúng năm");
        }
        if statute.is_weekly_off(day_off) || off.contains_key(&day_off) {
            let message = format!("ngày {} đã là ngày nghỉ, không hoán đổi được", swap.nghi.text);
            let hint = "“nghi” phải là một ngày làm việc và không ghi trong “ngay_nghi”";
            reader.report(code::CALENDAR_SWAP, &swap.nghi.text, message, hint);
        }
        if !statute.is_weekly_off(worked) || off.contains_key(&worked) {
            let message = format!(
                "ngày {} ({}) không phải là ngày nghỉ hằng tuần để làm bù",
                swap.lam_bu.text,
                weekday_name(worked)
            );
            let hint = "“lam_bu” thường là một thứ Bảy; xem lại ngày trong thông báo";
            reader.report(code::CALENDAR_SWAP, &swap.lam_bu.text, message, hint);
        }
        for written in [&swap.nghi, &swap.lam_bu] {
            if !swapped.insert(written.date) {
                let message = format!("ngày {} có trong hai lần hoán đổi", written.text);
                reader.report_last(code::CALENDAR_CONFLICT, &written.text, message, "xóa một trong hai");
            }
        }
        swaps.push((day_off, worked));
    }
    let notice = Notice { year, provisional: file.tam_tinh == YesNo::Co, off, swaps };
    for (holiday, date) in left_out(&notice, statute) {
        let message = format!("tệp {name} không ghi ngày nghỉ {} ({holiday})", date.format("%d/%m/%Y"));
        let finding = Diagnostic::warning(code::CALENDAR_HOLIDAY_MISSING, message)
            .hint("thêm ngày này vào “ngay_nghi”; nếu không, chương trình tính nó là ngày làm việc")
            .in_file(name);
        let place = locate(text, "ngay_nghi", 0).or_else(|| locate(text, "nam", 0));
        found.push(match place {
            Some(span) => finding.at(span, text),
            None => finding,
        });
    }
    Some(notice)
}

/// Holidays' own days that fall on working weekdays and that the notice does not give.
fn left_out(notice: &Notice, statute: &Statute) -> Vec<(String, NaiveDate)> {
    let mut missing: Vec<(String, NaiveDate)> = Vec::new();
    for holiday in &statute.holidays {
        let Some(date) = statute.anchor(holiday, notice.year) else { continue };
        let given = notice.off.contains_key(&date) || notice.swaps.iter().any(|(off, _)| *off == date);
        if !given && !statute.is_weekly_off(date) && !missing.iter().any(|(_, day)| *day == date) {
            missing.push((holiday.name.clone(), date));
        }
    }
    missing
}

/// Reads the company's own choice; a file of comments alone chooses nothing.
pub(super) fn own(name: &str, text: &str, found: &mut Vec<Diagnostic>) -> Option<Own> {
    let Some(file) = read::<Option<OwnFile>>(name, text, found)? else { return Some(Own::default()) };
    let mut reader = Reader::new(name, text, found);
    let off = reader.periods(file.ngay_nghi.unwrap_or_default(), None);
    let worked = file.ngay_lam_viec.unwrap_or_default();
    let written: Vec<String> =
        worked.iter().flat_map(|entry| entry.ngay.iter().chain(&entry.tu)).map(|date| date.text.clone()).collect();
    let work = reader.periods(worked, None);
    for date in work.keys().filter(|date| off.contains_key(date)) {
        let message = format!("ngày {} vừa ghi là ngày nghỉ vừa ghi là ngày làm việc", date.format("%d/%m/%Y"));
        let token = written.iter().find(|text| read_date(text.trim()) == Some(*date)).cloned().unwrap_or_default();
        reader.report_last(code::CALENDAR_CONFLICT, &token, message, "xóa ngày này ở một trong hai mục");
    }
    Some(Own { off, work })
}

/// Reads the statute.
pub(super) fn statute(name: &str, text: &str, found: &mut Vec<Diagnostic>) -> Option<Statute> {
    let file: StatuteFile = read(name, text, found)?;
    let mut reader = Reader::new(name, text, found);
    let mut weekly = [false; 7];
    for day in &file.nghi_hang_tuan {
        weekly[day.weekday().num_days_from_monday() as usize] = true;
    }
    if weekly == [true; 7] {
        let message = "cả bảy ngày trong tuần đều là ngày nghỉ hằng tuần";
        let hint = "để lại ít nhất một ngày làm việc trong “nghi_hang_tuan”";
        reader.report(code::CALENDAR_STATUTE, "nghi_hang_tuan", message.to_owned(), hint);
    }
    let columns: BTreeSet<&String> = file.am_lich.values().flat_map(BTreeMap::keys).collect();
    let mut holidays = Vec::new();
    for entry in file.ngay_le {
        let solar = entry.moc.split_once('/').and_then(|(day, month)| Some((number(month)?, number(day)?)));
        let anchor = match solar {
            // 2024 has a 29th of February.
            Some((month, day)) if NaiveDate::from_ymd_opt(2024, month, day).is_some() => Anchor::Solar(month, day),
            None if columns.contains(&entry.moc) => Anchor::Lunar(entry.moc),
            _ => {
                let message = format!("mốc “{}” của ngày lễ “{}” không dùng được", entry.moc, entry.ten);
                let hint = "viết ngày/tháng như \"02/09\", hoặc tên một cột trong bảng “am_lich”";
                reader.report(code::CALENDAR_STATUTE, &entry.moc, message, hint);
                continue;
            }
        };
        if entry.truoc > 15 || entry.sau > 15 {
            let message = format!("ngày lễ “{}” nghỉ quá 15 ngày trước hoặc sau mốc", entry.ten);
            reader.report(code::CALENDAR_STATUTE, &entry.ten, message, "sửa “truoc” và “sau”");
            continue;
        }
        holidays.push(Holiday {
            name: entry.ten,
            anchor,
            before: entry.truoc,
            after: entry.sau,
            beside: entry.them_lien_ke == YesNo::Co,
            from_year: entry.tu_nam,
        });
    }
    let mut lunar: BTreeMap<i32, BTreeMap<String, NaiveDate>> = BTreeMap::new();
    for (year, row) in file.am_lich {
        for (column, written) in row {
            if written.date.year() != year {
                let message = format!("ngày {} trong bảng âm lịch không thuộc năm {year}", written.text);
                reader.report(code::CALENDAR_YEAR, &written.text, message, "sửa ngày hoặc sửa năm của dòng");
            }
            lunar.entry(year).or_default().insert(column, written.date);
        }
    }
    Some(Statute { weekly, make_up: file.nghi_bu == YesNo::Co, holidays, lunar })
}

impl WeekdayName {
    fn weekday(self) -> Weekday {
        match self {
            Self::ThuHai => Weekday::Mon,
            Self::ThuBa => Weekday::Tue,
            Self::ThuTu => Weekday::Wed,
            Self::ThuNam => Weekday::Thu,
            Self::ThuSau => Weekday::Fri,
            Self::ThuBay => Weekday::Sat,
            Self::ChuNhat => Weekday::Sun,
        }
    }
}
