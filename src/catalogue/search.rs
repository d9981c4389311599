//! From a query and filters to the dossiers found, the likeliest first.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

use super::ledger::REGISTERED;
use super::query::Query;
use super::snippet::{self, Snippet};
use super::store::{A_DAY, Store, unpack};
use super::{Result, fold};
use crate::case::Channel;

/// From here on hits are not counted any more, but "more than" is said.
const COUNTED: usize = 1000;
/// So few are looked at one by one; of more, the index is asked for the nearest, which for names of common words takes longer than
/// to find them.
const FEW: usize = 40;

/// Which dossiers; what is absent does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Closed on this day or later.
    pub closed_from: Option<NaiveDate>,
    /// Closed on this day or before.
    pub closed_to: Option<NaiveDate>,
    /// Received on this day or later.
    pub received_from: Option<NaiveDate>,
    /// Received on this day or before.
    pub received_to: Option<NaiveDate>,
    /// Words of how the case ended, accents or not.
    pub end: Option<String>,
    /// Words of the name of a unit that investigated.
    pub unit: Option<String>,
    /// How the complaint came.
    pub channel: Option<Channel>,
    /// Words of the retention, e.g. "15 năm".
    pub retention: Option<String>,
    /// Where the dossier stands.
    pub state: Option<State>,
    /// Whether a hold must lie on it.
    pub held: bool,
}

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Closed.
    Closed,
    /// Opened again.
    Reopened,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The likeliest first, of those the latest closed first.
    Rank,
    /// The latest closed first.
    Date,
    /// Vietnamese order of the complainants' names.
    Name,
}

/// A dossier found: its latest version that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Case code, or code of a batch.
    pub code: String,
    /// Version that was found.
    pub version: u32,
    /// Whether it holds a batch and no case.
    pub is_batch: bool,
    /// Title.
    pub title: String,
    /// Name of the complainant; empty for a batch.
    pub complainant: String,
    /// The words of the title that were searched for, in bytes.
    pub title_marks: Vec<std::ops::Range<usize>>,
    /// How the case ended.
    pub end: String,
    /// How the complaint came.
    pub channel: Option<String>,
    /// Units that investigated.
    pub units: Vec<String>,
    /// Retention in words.
    pub retention: String,
    /// Day the complaint arrived.
    pub received: Option<NaiveDate>,
    /// Day it was closed.
    pub closed: Option<NaiveDate>,
    /// Numbers of the letters.
    pub letters: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// Whether the archive's journal knows this file: what it does not know, nothing proves.
    pub is_registered: bool,
    /// Names of the holds on it.
    pub holds: Vec<String>,
    /// Place below the archive's folder, parts separated by `/`.
    pub path: String,
    /// The passage that answers.
    pub snippet: Option<Snippet>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The first of them.
    pub hits: Vec<Hit>,
    /// Dossiers in all, counted up to a thousand.
    pub total: u64,
    /// Whether there are more than were counted.
    pub is_more: bool,
}

/// Conditions on `dossier d` and their values.
#[derive(Default)]
struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.sql.push(sql.replace('?', &format!("?{}", self.values.len())));
    }

    fn of(filter: &Filter) -> Self {
        let mut all = Self::default();
        // A copy laid elsewhere does not stand for the file the journal names.
        all.sql.push(
            "NOT (d.standing = 2 AND EXISTS (SELECT 1 FROM dossier r WHERE r.code = d.code AND r.standing = 0))"
                .to_owned(),
        );
        let day = |day: NaiveDate| i64::from(day.num_days_from_ce()) * A_DAY;
        if let Some(from) = filter.closed_from {
            all.add("d.id >= ?", day(from));
        }
        if let Some(to) = filter.closed_to {
            all.add("d.id < ?", day(to) + A_DAY);
        }
        if let Some(from) = filter.received_from {
            all.add("d.received >= ?", from.to_string());
        }
        if let Some(to) = filter.received_to {
            all.add("d.received <= ?", to.to_string());
        }
        for (column, words) in
            [("end_folded", &filter.end), ("units_folded", &filter.unit), ("retention_folded", &filter.retention)]
        {
            if let Some(words) = words {
                all.add(&format!("instr(d.{column}, ?) > 0"), fold::folded_text(words));
            }
        }
        if let Some(channel) = filter.channel {
            all.add("d.channel = ?", channel.word().to_owned());
        }
        match filter.state {
            Some(State::Reopened) => all.sql.push("d.code IN (SELECT code FROM reopened)".to_owned()),
            Some(State::Closed) => all.sql.push("d.code NOT IN (SELECT code FROM reopened)".to_owned()),
            None => {}
        }
        if filter.held {
            all.sql.push("d.code IN (SELECT code FROM held)".to_owned());
        }
        all
    }

    /// The rows that meet these and match `expression`: from, where, and all values.
    fn matching(&self, expression: Option<&str>) -> (String, Vec<Value>) {
        let mut values = self.values.clone();
        let mut conditions = self.sql.clone();
        let mut from = "dossier d".to_owned();
        if let Some(expression) = expression {
            values.push(Value::Text(expression.to_owned()));
            "words w CROSS JOIN dossier d ON d.id = w.rowid".clone_into(&mut from);
            conditions.insert(0, format!("words MATCH ?{}", values.len()));
            // The index skips to the days asked for by its own row numbers.
            let days: Vec<String> = self
                .sql
                .iter()
                .filter(|sql| sql.starts_with("d.id"))
                .map(|sql| sql.replace("d.id", "w.rowid"))
                .collect();
            conditions.extend(days);
        }
        let conditions = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        (format!("FROM {from} WHERE {conditions}"), values)
    }
}

pub(super) fn search(store: &Store, text: &str, filter: &Filter, sort: Sort, limit: usize) -> Result<Found> {
    let query = Query::new(text);
    if query.is_none() && !text.trim().is_empty() {
        return Ok(Found { hits: Vec::new(), total: 0, is_more: false });
    }
    let conditions = Conditions::of(filter);
    let all = listed(store, &conditions, query.as_ref().map(|query| query.all.as_str()), sort, limit.max(COUNTED + 1))?;
    let mut rows: Vec<&(i64, String)> = Vec::new();
    let mut nearer = Vec::new();
    match (&query, sort) {
        (Some(query), Sort::Rank) if all.len() <= FEW => nearer.push(by_nearness(store, query, &all)?),
        (Some(query), Sort::Rank) => {
            let mut codes: HashSet<String> = HashSet::new();
            for tier in [&query.exact_name, &query.exact, &query.name].into_iter().flatten() {
                if codes.len() < limit {
                    let tier = listed(store, &conditions, Some(tier), sort, limit)?;
                    codes.extend(tier.iter().map(|(_, code)| code.clone()));
                    nearer.push(tier);
                }
            }
        }
        _ => {}
    }
    let mut codes: HashSet<&str> = HashSet::new();
    for row in nearer.iter().flatten().chain(&all) {
        if rows.len() < limit && codes.insert(&row.1) {
            rows.push(row);
        }
    }
    let mut hits = Vec::new();
    for (id, _) in rows {
        hits.extend(hit(store, *id, query.as_ref())?);
    }
    let is_more = all.len() > COUNTED;
    Ok(Found { hits, total: all.len().min(COUNTED) as u64, is_more })
}

/// All that was found, the nearest first.
fn by_nearness(store: &Store, query: &Query, all: &[(i64, String)]) -> Result<Vec<(i64, String)>> {
    let mut names = store.connection.prepare("SELECT names FROM dossier WHERE id = ?1")?;
    let mut text = store.connection.prepare("SELECT text FROM passage WHERE id = ?1")?;
    let mut rows = Vec::new();
    for row in all {
        let held: String = names.query_row([row.0], |row| row.get(0))?;
        let mut packed: rusqlite::Result<Vec<u8>> = Ok(Vec::new());
        let nearness = query.nearness(&held, || {
            packed = text.query_row([row.0], |row| row.get(0));
            packed.as_deref().map(unpack).unwrap_or_default()
        });
        packed?;
        rows.push((nearness, row.clone()));
    }
    // Stable: the latest closed stays first among those equally near.
    rows.sort_by_key(|(nearness, _)| *nearness);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// The first `limit` rows, each code once, by its latest version: number and code.
fn listed(
    store: &Store,
    conditions: &Conditions,
    expression: Option<&str>,
    sort: Sort,
    limit: usize,
) -> Result<Vec<(i64, String)>> {
    let (from, values) = conditions.matching(expression);
    let row = if expression.is_some() { "w.rowid" } else { "d.id" };
    let order = match sort {
        Sort::Rank | Sort::Date => format!("{row} DESC"),
        Sort::Name => format!("d.name_key, {row} DESC"),
    };
    let mut statement = store.connection.prepare(&format!("SELECT d.id, d.code {from} ORDER BY {order}"))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let (mut listed, mut codes) = (Vec::new(), HashSet::new());
    while listed.len() < limit
        && let Some(row) = rows.next()?
    {
        let code: String = row.get(1)?;
        if codes.insert(code.clone()) {
            listed.push((row.get(0)?, code));
        }
    }
    Ok(listed)
}

fn hit(store: &Store, id: i64, query: Option<&Query>) -> Result<Option<Hit>> {
    let sql = "SELECT d.code, d.version, d.is_batch, d.title, d.complainant, d.end, d.channel, d.units, d.retention, d.received,
        d.closed, d.letters, d.path, p.text, r.code IS NOT NULL,
        (SELECT group_concat(name, char(10)) FROM held h WHERE h.code = d.code), d.standing
        FROM dossier d JOIN passage p ON p.id = d.id LEFT JOIN reopened r ON r.code = d.code
        WHERE d.id = ?1";
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let found = store.connection.prepare(sql)?.query_row([id], |row| {
        let title: String = row.get(3)?;
        let text: Vec<u8> = row.get(13)?;
        let marks = query.map_or(&[][..], |query| &query.marks);
        Ok(Hit {
            code: row.get(0)?,
            version: row.get(1)?,
            is_batch: row.get(2)?,
            complainant: row.get(4)?,
            title_marks: snippet::marked(&title, marks),
            end: row.get(5)?,
            channel: row.get(6)?,
            units: lines(row.get(7)?),
            retention: row.get(8)?,
            received: day(row.get(9)?),
            closed: day(Some(row.get(10)?)),
            letters: lines(row.get(11)?),
            holds: row.get::<_, Option<String>>(15)?.map(lines).unwrap_or_default(),
            path: row.get(12)?,
            is_registered: row.get::<_, i64>(16)? == REGISTERED,
            state: if row.get(14)? { State::Reopened } else { State::Closed },
            snippet: query.and_then(|query| snippet::of(&unpack(&text), &query.marks)),
            title,
        })
    });
    Ok(found.optional()?)
}
