//! One dossier: what it is, its events, letters and files.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{self, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};

use super::html::{self, day, encoded, escape, moment, size};
use super::{Desk, Shared, Who, download, failed, made, seen};
use crate::archive::{Held, Hold, Keep, Listing, Publication, Standing, State};
use crate::catalogue::Catalogue;
use crate::dossier::{Dossier, Item};
use crate::letter::wording::capitalised;

/// Largest list of events read, in bytes.
const LARGEST: u64 = 64 << 20;
const EVENTS: &str = "data/su-kien.jsonl";
/// Folders of a dossier, in the order they are shown, and what they are called.
const FOLDERS: [(&str, &str); 6] = [
    ("van-ban/", "Văn bản đã ban hành"),
    ("da-ky/", "Bản đã ký"),
    ("dinh-kem/", "Tài liệu đính kèm"),
    ("", "Hồ sơ"),
    ("lich-su/", "Lịch sử tệp hồ sơ"),
    ("quy-dinh/", "Quy định áp dụng"),
];

/// What the journal says of a dossier.
pub(super) struct Told {
    publication: Publication,
    published: DateTime<FixedOffset>,
    versions: Vec<(u32, DateTime<FixedOffset>)>,
    is_open: bool,
    holds: Vec<(DateTime<FixedOffset>, Hold)>,
    keep: Option<Keep>,
}

impl Told {
    fn unregistered(held: &Held) -> Self {
        Self {
            publication: held.publication.clone(),
            published: DateTime::default(),
            versions: Vec::new(),
            is_open: false,
            holds: Vec::new(),
            keep: None,
        }
    }
}

/// Why a dossier is not shown.
pub(super) enum Absent {
    /// There is none of that code, or no such version.
    Never,
    /// It is destroyed.
    Destroyed(DateTime<FixedOffset>, String),
}

/// A version of a dossier by its code; the latest where none is asked for.
fn find(listing: &Listing, code: &str, version: Option<u32>) -> Result<Told, Absent> {
    if let Some((time, doom, _)) = listing.tombstone(code) {
        return Err(Absent::Destroyed(time, doom.id.clone()));
    }
    let wanted = |one: &&Publication| version.is_none_or(|version| one.meta.version == version);
    let publication = listing.versions(code).rev().find(wanted).ok_or(Absent::Never)?.clone();
    let versions = listing.dated(code);
    let published = versions.iter().find(|(number, _)| *number == publication.meta.version).map(|(_, time)| *time);
    Ok(Told {
        published: published.unwrap_or_default(),
        versions,
        is_open: matches!(listing.state(code), State::Reopened(_)),
        holds: listing.holds(code).map(|(time, hold)| (time, hold.clone())).collect(),
        keep: listing.keep(code),
        publication,
    })
}

/// A dossier the journal does not know, as it lies in the archive.
fn unregistered(desk: &Desk, code: &str, version: Option<u32>) -> Result<Option<Held>, Response> {
    let ask = |catalogue: &mut Catalogue| catalogue.unregistered(code, version);
    let (path, _) = Catalogue::ask(&desk.workspace, &|_, _| {}, ask).map_err(failed)?;
    let Some(path) = path else { return Ok(None) };
    let held = Held::unregistered(desk.workspace.archive(), &path, code);
    held.map(Some).map_err(|error| download::unreadable(code, &error))
}

/// A version of a dossier with its file, compared with the journal; the latest where none is asked for.
pub(super) fn held(desk: &Desk, code: &str, version: Option<u32>) -> Result<(Told, Held), Response> {
    let (told, is_known) = match desk.archive(|listing| (find(listing, code, version), listing.state(code))) {
        Ok((told, state)) => (told, state != State::Never),
        Err(error) => return Err(failed(error)),
    };
    match told {
        Ok(told) => {
            let held = download::held(desk, code, &told.publication)?;
            Ok((told, held))
        }
        Err(Absent::Never) if !is_known => {
            let held = unregistered(desk, code, version)?.ok_or_else(|| absent(code, &Absent::Never))?;
            Ok((Told::unregistered(&held), held))
        }
        Err(why) => Err(absent(code, &why)),
    }
}

pub(super) fn absent(code: &str, why: &Absent) -> Response {
    match why {
        Absent::Never => html::trouble(
            StatusCode::NOT_FOUND,
            &format!("Kho lưu trữ không có hồ sơ {code}, hoặc không có phiên bản ấy."),
            "Tìm lại theo tên hay số văn bản.",
        ),
        Absent::Destroyed(time, disposal) => html::trouble(
            StatusCode::GONE,
            &format!("Hồ sơ {code} đã hủy ngày {} theo {disposal}.", day(time.date_naive())),
            "Biên bản hủy có mã băm của từng tệp: hoso archive dispose certificate.",
        ),
    }
}

pub(super) async fn page(
    extract::State(desk): extract::State<Shared>,
    Extension(who): Extension<Who>,
    Path(code): Path<String>,
    Query(typed): Query<HashMap<String, String>>,
) -> Response {
    let version = match typed.get("v").map(|version| version.parse()) {
        Some(Ok(version)) => Some(version),
        Some(Err(_)) => return absent(&code, &Absent::Never),
        None => None,
    };
    made(desk, move |desk| shown(desk, &who, &code, version)).await
}

fn shown(desk: &Desk, who: &Who, code: &str, version: Option<u32>) -> Response {
    let (told, held) = match held(desk, code, version) {
        Ok(found) => found,
        Err(response) => return response,
    };
    let read = || {
        let mut dossier = held.open()?;
        let is_there = |dossier: &Dossier, name: &str| dossier.entries().iter().any(|item| item.name == name);
        // Of a file that is not the archived one, as much is shown as can be read.
        let info = match dossier.info() {
            Err(_) if held.is_altered() => Vec::new(),
            info => info?,
        };
        let events = match is_there(&dossier, EVENTS).then(|| dossier.read(EVENTS, LARGEST)) {
            None => Vec::new(),
            Some(Err(_)) if held.is_altered() => Vec::new(),
            Some(events) => events?,
        };
        Ok::<_, crate::dossier::Error>((dossier, info, events))
    };
    let (dossier, info, events) = match read() {
        Ok(read) => read,
        Err(error) => return download::unreadable(code, &error),
    };
    let meta = &told.publication.meta;
    let check = match desk.checks(|checks| checks.last(code, meta.version, told.published)) {
        Ok(check) => check,
        Err(error) => return failed(error),
    };
    let remark = format!("xem trên trang tra cứu{}", held.remark());
    if let Err(error) = seen::dossier(desk, who, &held.publication, &remark) {
        return failed(error);
    }
    let title = info.iter().find(|(label, _)| label == "External-Description").map_or("", |(_, value)| value.as_str());
    let mut body = format!("<p>{}</p>\n", escape(title));
    if let Some(finding) = held.finding(&held.publication.path) {
        body.push_str(&format!(
            "<div class=\"wrong\" role=\"alert\"><p><b>{}</b></p>\n<p>{}</p></div>\n",
            escape(&capitalised(&format!("{}.", finding.message))),
            escape(finding.hint.as_deref().unwrap_or_default())
        ));
    }
    if told.is_open {
        body.push_str("<p><span class=\"tag\">đang mở lại</span></p>\n");
    }
    for (since, hold) in &told.holds {
        body.push_str(&format!(
            "<p class=\"hold\"><span class=\"tag hold\">tạm dừng hủy</span> “{}” từ {}: {} ({})</p>\n",
            escape(&hold.name),
            day(since.date_naive()),
            escape(&hold.reason),
            escape(&hold.by)
        ));
    }
    let check = check.map_or_else(
        || {
            let since = if held.standing == Standing::Unregistered { "" } else { " kể từ khi lưu" };
            format!("Chưa kiểm tra lần nào{since}")
        },
        |check| {
            let (class, outcome) = if check.sound { ("good", "nguyên vẹn") } else { ("bad", "KHÔNG KHỚP") };
            let by = if check.by.is_empty() { String::new() } else { format!(" ({})", escape(&check.by)) };
            format!("<b class=\"{class}\">{outcome}</b>, {}{by}", moment(check.time))
        },
    );
    let keep = match told.keep {
        Some(Keep::Until(last)) => format!("{}, đến hết {}", escape(&meta.retention), day(last)),
        _ => escape(&meta.retention),
    };
    let whole = if held.is_altered() {
        "không tải được: tệp không phải bản đã lưu".to_owned()
    } else {
        let address = format!("/ho-so/{}/{}/zip", encoded(code), meta.version);
        format!("<a href=\"{address}\">Tải {}.zip</a> ({})", escape(code), size(held.publication.size))
    };
    let recorded = escape(&held.publication.sha256);
    let digest = match &held.standing {
        Standing::Archived => format!("{recorded} <b class=\"good\">đúng như sổ lưu trữ ghi</b>"),
        Standing::Altered(found) => {
            format!("{} <b class=\"bad\">KHÔNG PHẢI BẢN ĐÃ LƯU</b>; sổ lưu trữ ghi {recorded}", escape(found))
        }
        Standing::Unregistered => format!("{recorded} <b class=\"bad\">không có trong sổ lưu trữ</b>"),
    };
    body.push_str(&format!(
        "<dl>\n<dt>Kết thúc</dt><dd>{}</dd>\n<dt>Tài liệu</dt><dd>từ {} đến {}; {} văn bản, {} trang</dd>\n\
         <dt>Lưu ngày</dt><dd>{} (phiên bản {})</dd>\n<dt>Bảo quản</dt><dd>{keep}</dd>\n\
         <dt>Kiểm tra lần cuối</dt><dd>{check}</dd>\n<dt>SHA-256 của tệp hồ sơ</dt><dd>{digest}</dd>\n\
         <dt>Cả hồ sơ</dt><dd>{whole}</dd>\n</dl>\n",
        escape(&meta.end),
        day(meta.from),
        day(meta.to),
        meta.letters,
        meta.pages,
        day(meta.closed),
        meta.version,
    ));
    if told.versions.len() > 1 {
        body.push_str("<h2>Các phiên bản</h2>\n<ul>\n");
        for (number, time) in &told.versions {
            let here = if *number == meta.version { " aria-current=\"true\"" } else { "" };
            body.push_str(&format!(
                "<li><a href=\"/ho-so/{}?v={number}\"{here}>Phiên bản {number}</a>, lưu lúc {}</li>\n",
                encoded(code),
                moment(*time)
            ));
        }
        body.push_str("</ul>\n");
    }
    body.push_str(&files(code, meta.version, dossier.entries(), !held.is_altered()));
    body.push_str(&happened(&events));
    html::page(StatusCode::OK, &format!("Hồ sơ {code}"), Some(who), &body)
}

/// The files, folder by folder; what proves the dossier and what nobody reads stands last, folded. Without ways to them where none is
/// given out.
fn files(code: &str, version: u32, entries: &[Item], are_given: bool) -> String {
    let place = |item: &Item| {
        let below = item.name.strip_prefix("data/")?;
        let known = FOLDERS.iter().position(|(folder, _)| !folder.is_empty() && below.starts_with(folder));
        known.or_else(|| (!below.contains('/')).then_some(3))
    };
    let mut out = String::new();
    let row = |index: usize, item: &Item, folder: &str| {
        let name = item.name.strip_prefix("data/").unwrap_or(&item.name);
        let address = format!("/ho-so/{}/{version}/tep/{index}", encoded(code));
        let short = escape(name.strip_prefix(folder).unwrap_or(name));
        let view = if are_given && download::is_shown(&item.name) {
            format!("<a href=\"{address}\">{short}</a>")
        } else {
            short
        };
        let take = if are_given {
            format!("<a href=\"{address}?tai=1\" aria-label=\"Tải {}\">Tải về</a>", escape(name))
        } else {
            String::new()
        };
        let bytes = size(item.size);
        format!("<tr><td>{view}</td><td class=\"number\">{bytes}</td><td class=\"no-print\">{take}</td></tr>\n")
    };
    let table = |rows: &str| {
        format!(
            "<div class=\"scroll\"><table class=\"files\">\n<thead><tr><th scope=\"col\">Tệp</th><th scope=\"col\" class=\"number\">Kích thước</th><th scope=\"col\" class=\"no-print\">Tải</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
        )
    };
    for (number, (folder, heading)) in FOLDERS.iter().enumerate() {
        let of = entries.iter().enumerate().filter(|(_, item)| place(item) == Some(number));
        let rows: String = of.map(|(index, item)| row(index, item, folder)).collect();
        if !rows.is_empty() {
            out.push_str(&format!("<h2>{heading}</h2>\n{}", table(&rows)));
        }
    }
    let rest = entries.iter().enumerate().filter(|(_, item)| place(item).is_none());
    let rows: String = rest.map(|(index, item)| row(index, item, "")).collect();
    if !rows.is_empty() {
        out.push_str(&format!(
            "<h2>Tệp kỹ thuật</h2>\n<details><summary>Căn cứ lập văn bản, cấu hình, danh mục</summary>\n{}</details>\n",
            table(&rows)
        ));
    }
    out
}

fn happened(events: &[u8]) -> String {
    let text = String::from_utf8_lossy(events);
    let rows: String = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .map(|event| {
            let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
            let time = text("eventDateTime");
            let time = DateTime::parse_from_rfc3339(&time).map_or_else(
                |_| time.parse().map_or_else(|_| time.clone(), day),
                |time| time.format("%d/%m/%Y %H:%M").to_string(),
            );
            format!(
                "<tr><td class=\"when\">{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&time),
                escape(&text("eventDetail")),
                escape(&text("linkingAgentIdentifier"))
            )
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<h2>Sự kiện</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Lúc</th><th scope=\"col\">Việc</th><th scope=\"col\">Người</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}
