//! Where the books stand at the end of a month: what the closing minutes (biên bản chốt sổ) state.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset};

use super::Fact;
use crate::journal::Entry;

/// How a register stood, and what was done in it in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Register id.
    pub register: String,
    /// Year of its numbers.
    pub year: i32,
    /// First and last number given in the period.
    pub given: Option<(u32, u32)>,
    /// Numbers given in the period.
    pub count: u32,
    /// Numbers withdrawn or given up in the period, whenever they were given.
    pub withdrawn: u32,
    /// Last number ever given in that year; 0 where none was.
    pub last: u32,
}

impl Standing {
    /// What the register is called: by its id in the settings, where that is a usual one.
    #[must_use]
    pub fn title(&self) -> &str {
        match self.register.as_str() {
            "phieu-tiep-nhan" => "Phiếu tiếp nhận",
            "thong-bao" => "Thông báo",
            "bien-ban" => "Biên bản",
            "cong-van" => "Công văn",
            "phieu-chuyen" => "Phiếu chuyển",
            "van-ban" | "van-ban-di" => "Văn bản đi",
            own => own,
        }
    }

    /// Whether nothing was entered in the period.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.given.is_none() && self.withdrawn == 0
    }

    /// The last number in words.
    #[must_use]
    pub fn last_text(&self) -> String {
        if self.last == 0 { "chưa cấp".to_owned() } else { self.last.to_string() }
    }
}

/// How each register stood at `until`, with what was entered from `from` on, by register and year: those `kept` and those of the
/// year of `from`, whether anything was entered in the period or not, and of other years those with an entry in it. By the time of
/// the entries, as the chain has them.
#[must_use]
pub fn standings(
    entries: &[Entry<Fact>],
    kept: &[String],
    from: DateTime<FixedOffset>,
    until: DateTime<FixedOffset>,
) -> Vec<Standing> {
    let empty = |register: &str, year: i32| Standing {
        register: register.to_owned(),
        year,
        given: None,
        count: 0,
        withdrawn: 0,
        last: 0,
    };
    let year = from.year();
    let mut books: BTreeMap<(String, i32), Standing> =
        kept.iter().map(|register| ((register.clone(), year), empty(register, year))).collect();
    let mut touched = Vec::new();
    // Batches give up numbers under their own name.
    let mut jobs: BTreeMap<&str, (String, i32)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.time < until) {
        let within = entry.time >= from;
        let key = match &entry.fact {
            Fact::Issued(issued) => (issued.register.clone(), issued.year),
            Fact::Reserved(reserved) => {
                jobs.insert(&reserved.job, (reserved.register.clone(), reserved.year));
                (reserved.register.clone(), reserved.year)
            }
            Fact::Void(void) => (void.register.clone(), void.year),
            Fact::Dropped(dropped) => match jobs.get(dropped.job.as_str()) {
                Some(key) => key.clone(),
                None => continue,
            },
            Fact::Sealed(_) => continue,
        };
        let book = books.entry(key.clone()).or_insert_with(|| empty(&key.0, key.1));
        let (numbers, withdrawn) = match &entry.fact {
            Fact::Issued(issued) => (Some((issued.number, issued.number)), 0),
            Fact::Reserved(reserved) => (Some((reserved.first, reserved.last())), 0),
            Fact::Void(_) => (None, 1),
            Fact::Dropped(dropped) => {
                (None, dropped.ranges.iter().map(|(first, last)| last.saturating_add(1).saturating_sub(*first)).sum())
            }
            Fact::Sealed(_) => (None, 0),
        };
        if let Some((_, last)) = numbers {
            book.last = book.last.max(last);
        }
        if within {
            touched.push(key);
            book.withdrawn += withdrawn;
            if let Some((first, last)) = numbers {
                book.count += last.saturating_add(1).saturating_sub(first);
                book.given = Some(book.given.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
            }
        }
    }
    books.into_iter().filter(|(key, _)| key.1 == year || touched.contains(key)).map(|(_, book)| book).collect()
}
