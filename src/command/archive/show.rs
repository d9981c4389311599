//! `hoso archive show`.

use serde::Serialize;

use super::{held, judged, note_retrieval, open, unreadable};
use crate::archive::access::{Check, Checks};
use crate::archive::{Publication, Standing, State};
use crate::cli::ArchiveShow;
use crate::command::{Context, Error, Outcome, warn};
use crate::diagnostic::Diagnostic;
use crate::dossier::Item;
use crate::letter::wording;

/// Largest list of events or documents read, in bytes.
const LARGEST: u64 = 64 << 20;

/// JSON of `hoso archive show`.
#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    state: &'static str,
    #[serde(flatten)]
    publication: &'a Publication,
    published: String,
    versions: Vec<Version<'a>>,
    last_verified: Option<Verified>,
    holds: Vec<&'a str>,
    info: Vec<(String, String)>,
    documents: Vec<Vec<String>>,
    events: Vec<serde_json::Value>,
    entries: Vec<Entry<'a>>,
    findings: &'a [Diagnostic],
}

#[derive(Serialize)]
struct Version<'a> {
    version: u32,
    published: String,
    file: String,
    sha256: &'a str,
    bytes: u64,
}

/// The last fixity check, as JSON.
#[derive(Serialize)]
pub(super) struct Verified {
    time: String,
    sound: bool,
    by: String,
}

impl Verified {
    pub(super) fn of(check: &Check) -> Self {
        Self { time: check.time.to_rfc3339(), sound: check.sound, by: check.by.clone() }
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    bytes: u64,
}

pub(super) fn run(context: &Context, args: &ArchiveShow) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let archive = open(&workspace)?;
    let code = args.code.as_str();
    let held = held(&workspace, &archive, code, args.revision)?;
    let publication = &held.publication;
    let findings = judged(&workspace, &held, true)?;
    let of_dossier = |error: crate::dossier::Error| unreadable(&error);
    let mut dossier = held.open().map_err(of_dossier)?;
    // Of a file that is not the archived one, as much is shown as can be read.
    let as_far_as_read = |read: crate::dossier::Result<Vec<u8>>| match read {
        Err(_) if held.is_altered() => Ok(Vec::new()),
        other => other.map_err(of_dossier),
    };
    let info = match dossier.info() {
        Err(_) if held.is_altered() => Vec::new(),
        other => other.map_err(of_dossier)?,
    };
    let mut text = |name: &str| {
        let is_there = dossier.entries().iter().any(|item| item.name == name);
        let bytes = if is_there { as_far_as_read(dossier.read(name, LARGEST))? } else { Vec::new() };
        Ok::<_, Error>(String::from_utf8_lossy(&bytes).into_owned())
    };
    let (events, documents) = (text("data/su-kien.jsonl")?, text("data/muc-luc.csv")?);
    let events: Vec<serde_json::Value> = events.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(documents.as_bytes());
    let documents: Vec<Vec<String>> =
        reader.records().filter_map(Result::ok).map(|row| row.iter().map(str::to_owned).collect()).collect();
    let title = info.iter().find(|(label, _)| label == "External-Description").map_or("", |(_, value)| value);
    let history: Vec<_> = archive.list().filter(|(_, one)| one.meta.code == code).collect();
    let published =
        |of: &Publication| history.iter().find(|(_, one)| *one == of).map(|(time, _)| *time).unwrap_or_default();
    let checks = Checks::read(&workspace.access_log())?;
    let last = checks.last(code, publication.meta.version, published(publication));
    note_retrieval(&workspace, &held, "xem", args.by.as_deref())?;
    let is_open = matches!(archive.state(code), State::Reopened(_));
    if context.global.json {
        let versions = history.iter().map(|(time, one)| Version {
            version: one.meta.version,
            published: time.to_rfc3339(),
            file: workspace.show(&archive.file(one)),
            sha256: &one.sha256,
            bytes: one.size,
        });
        context.json(&Shown {
            title,
            state: if is_open { "mo_lai" } else { "da_luu" },
            publication,
            published: published(publication).to_rfc3339(),
            versions: versions.collect(),
            last_verified: last.as_ref().map(Verified::of),
            holds: archive.holds(code).map(|(_, hold)| hold.name.as_str()).collect(),
            documents,
            events,
            entries: dossier.entries().iter().map(|item| Entry { name: &item.name, bytes: item.size }).collect(),
            info: info.clone(),
            findings: &findings,
        })?;
        return Ok(Outcome::of(held.is_altered()));
    }
    let meta = &publication.meta;
    let day = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
    let mut lines = vec![format!(
        "{} (phiên bản {}){}",
        context.bold(code),
        meta.version,
        if is_open { " — đang mở lại" } else { "" }
    )];
    lines.push(format!("  {title}"));
    lines.push(format!(
        "  Kết thúc: {}; tài liệu từ {} đến {}; lưu ngày {}",
        meta.end,
        day(meta.from),
        day(meta.to),
        day(meta.closed)
    ));
    let until = meta.keep_until.map(|last| format!(", đến hết {}", day(last))).unwrap_or_default();
    lines.push(format!("  Bảo quản: {}{until}; {} văn bản, {} trang", meta.retention, meta.letters, meta.pages));
    lines.push(format!("  {}", workspace.show(&held.file)));
    lines.push(match &held.standing {
        Standing::Archived => format!("  SHA-256 {}, đúng như sổ lưu trữ ghi", publication.sha256),
        Standing::Altered(found) => format!(
            "  SHA-256 {found}\n  {}",
            context.red(&format!("KHÔNG PHẢI BẢN ĐÃ LƯU: sổ lưu trữ ghi SHA-256 {}", publication.sha256))
        ),
        Standing::Unregistered => {
            format!(
                "  SHA-256 {}\n  {}",
                publication.sha256,
                context.red("KHÔNG CÓ TRONG SỔ LƯU TRỮ, không chứng minh được")
            )
        }
    });
    lines.push(format!("  {}", checked(last.as_ref())));
    for (time, hold) in archive.holds(code) {
        let since = time.format("%d/%m/%Y");
        lines.push(format!("  Tạm dừng hủy từ {since}: “{}” ({}; {})", hold.name, hold.reason, hold.by));
    }
    if history.len() > 1 {
        lines.push(String::new());
        lines.push("Các phiên bản".to_owned());
        for (time, one) in &history {
            let file = workspace.show(&archive.file(one));
            lines.push(format!("  {}  lưu lúc {}  {file}", one.meta.version, time.format("%H:%M ngày %d/%m/%Y")));
        }
    }
    lines.push(String::new());
    lines.push("Sự kiện".to_owned());
    lines.extend(events.iter().map(event));
    lines.push(String::new());
    lines.push("Các tệp (lấy ra bằng “hoso archive extract”)".to_owned());
    let (shown, technical): (Vec<&Item>, Vec<&Item>) =
        dossier.entries().iter().partition(|item| context.global.verbose > 0 || !is_technical(&item.name));
    lines.extend(shown.into_iter().map(entry));
    if !technical.is_empty() {
        lines.push(format!(
            "  và {} tệp kỹ thuật: căn cứ lập văn bản, cấu hình, danh mục (xem hết: thêm -v)",
            technical.len()
        ));
    }
    warn(findings);
    context.say(&lines.join("\n"))?;
    Ok(Outcome::of(held.is_altered()))
}

/// When the dossier was last checked, in words.
pub(super) fn checked(last: Option<&Check>) -> String {
    let Some(Check { time, sound, by }) = last else {
        return "Chưa kiểm tra lần nào kể từ khi lưu".to_owned();
    };
    let by = if by.is_empty() { String::new() } else { format!(" ({by})") };
    let outcome = if *sound { "nguyên vẹn" } else { "KHÔNG KHỚP" };
    format!("Kiểm tra lần cuối: {}{by}: {outcome}", time.format("%H:%M ngày %d/%m/%Y"))
}

/// What proves the dossier, and what nobody reads.
fn is_technical(name: &str) -> bool {
    let below = name.strip_prefix("data/");
    below.is_none_or(|below| below.starts_with("ban-chup/") || below.starts_with("cau-hinh/"))
}

fn event(event: &serde_json::Value) -> String {
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    let time = text("eventDateTime");
    let time = chrono::DateTime::parse_from_rfc3339(time).map_or_else(
        |_| time.parse().map_or_else(|_| time.to_owned(), |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string()),
        |time| time.format("%d/%m/%Y %H:%M").to_string(),
    );
    let agent = text("linkingAgentIdentifier");
    let by = if agent.is_empty() { String::new() } else { format!(" ({agent})") };
    format!("  {time:<16}  {}{by}", text("eventDetail"))
}

fn entry(item: &Item) -> String {
    let size = wording::size(item.size);
    format!("  {size:>9}  {}", item.name.strip_prefix("data/").unwrap_or(&item.name))
}
