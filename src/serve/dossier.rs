//! One dossier: what it is, its events, letters and files.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};

use super::html::{self, day, encoded, escape, moment, size};
use super::{Desk, Shared, Who, download, failed, made, seen};
use crate::archive::{Hold, Keep, Listing, Publication, State as Standing};
use crate::dossier::{Dossier, Item};

/// Largest list of events read, in bytes.
const LARGEST: u64 = 64 << 20;
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
    pub(super) publication: Publication,
    published: DateTime<FixedOffset>,
    versions: Vec<(u32, DateTime<FixedOffset>)>,
    is_open: bool,
    holds: Vec<(DateTime<FixedOffset>, Hold)>,
    keep: Option<Keep>,
}

/// Why a dossier is not shown.
pub(super) enum Absent {
    /// There is none of that code, or no such version.
    Never,
    /// It is destroyed.
    Destroyed(DateTime<FixedOffset>, String),
}

/// A version of a dossier by its code; the latest where none is asked for.
pub(super) fn find(listing: &Listing, code: &str, version: Option<u32>) -> Result<Told, Absent> {
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
        is_open: matches!(listing.state(code), Standing::Reopened(_)),
        holds: listing.holds(code).map(|(time, hold)| (time, hold.clone())).collect(),
        keep: listing.keep(code),
        publication,
    })
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
    State(desk): State<Shared>,
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
    let told = match desk.archive(|listing| find(listing, code, version)) {
        Ok(Ok(told)) => told,
        Ok(Err(why)) => return absent(code, &why),
        Err(error) => return failed(error),
    };
    let file = download::file(desk, &told.publication);
    let read = || {
        let mut dossier = Dossier::open(&file)?;
        let info = dossier.info()?;
        let is_there = dossier.entries().iter().any(|item| item.name == "data/su-kien.jsonl");
        let events = if is_there { dossier.read("data/su-kien.jsonl", LARGEST)? } else { Vec::new() };
        Ok::<_, crate::dossier::Error>((dossier, info, events))
    };
    let (dossier, info, events) = match read() {
        Ok(read) => read,
        Err(error) => {
            super::note(&format!("hồ sơ {code}: {error}"));
            return html::trouble(
                StatusCode::INTERNAL_SERVER_ERROR,
                &format!("Không đọc được hồ sơ {code}."),
                "Tệp hồ sơ mất hoặc hỏng: báo người quản trị chạy hoso archive verify, rồi hoso archive repair với bản sao lưu.",
            );
        }
    };
    let meta = &told.publication.meta;
    let check = match desk.checks(|checks| checks.last(code, meta.version, told.published)) {
        Ok(check) => check,
        Err(error) => return failed(error),
    };
    if let Err(error) = seen::dossier(desk, who, &told.publication, "xem trên trang tra cứu") {
        return failed(error);
    }
    let title = info.iter().find(|(label, _)| label == "External-Description").map_or("", |(_, value)| value.as_str());
    let mut body = format!("<p>{}</p>\n", escape(title));
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
        || "Chưa kiểm tra lần nào kể từ khi lưu".to_owned(),
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
    let whole = format!("/ho-so/{}/{}/zip", encoded(code), meta.version);
    body.push_str(&format!(
        "<dl>\n<dt>Kết thúc</dt><dd>{}</dd>\n<dt>Tài liệu</dt><dd>từ {} đến {}; {} văn bản, {} trang</dd>\n\
         <dt>Lưu ngày</dt><dd>{} (phiên bản {})</dd>\n<dt>Bảo quản</dt><dd>{keep}</dd>\n\
         <dt>Kiểm tra lần cuối</dt><dd>{check}</dd>\n<dt>SHA-256 của tệp hồ sơ</dt><dd>{}</dd>\n\
         <dt>Cả hồ sơ</dt><dd><a href=\"{whole}\">Tải {}.zip</a> ({})</dd>\n</dl>\n",
        escape(&meta.end),
        day(meta.from),
        day(meta.to),
        meta.letters,
        meta.pages,
        day(meta.closed),
        meta.version,
        escape(&told.publication.sha256),
        escape(code),
        size(told.publication.size),
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
    body.push_str(&files(code, meta.version, dossier.entries()));
    body.push_str(&happened(&events));
    html::page(StatusCode::OK, &format!("Hồ sơ {code}"), Some(who), &body)
}

/// The files, folder by folder; what proves the dossier and what nobody reads stands last, folded.
fn files(code: &str, version: u32, entries: &[Item]) -> String {
    let place = |item: &Item| {
        let below = item.name.strip_prefix("data/")?;
        let known = FOLDERS.iter().position(|(folder, _)| !folder.is_empty() && below.starts_with(folder));
        known.or_else(|| (!below.contains('/')).then_some(3))
    };
    let mut out = String::new();
    let row = |index: usize, item: &Item, folder: &str| {
        let name = item.name.strip_prefix("data/").unwrap_or(&item.name);
        let address = format!("/ho-so/{}/{version}/tep/{index}", encoded(code));
        let view = if download::is_shown(&item.name) {
            format!("<a href=\"{address}\">{}</a>", escape(name.strip_prefix(folder).unwrap_or(name)))
        } else {
            escape(name.strip_prefix(folder).unwrap_or(name))
        };
        format!(
            "<tr><td>{view}</td><td class=\"number\">{}</td><td class=\"no-print\"><a href=\"{address}?tai=1\" aria-label=\"Tải {}\">Tải về</a></td></tr>\n",
            size(item.size),
            escape(name)
        )
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
