//! A file of a dossier, shown or taken away; the whole dossier.

use std::collections::HashMap;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio_util::io::ReaderStream;

use super::dossier::{self, Absent, absent};
use super::html::{self, encoded};
use super::{Desk, Shared, Who, failed, made, seen};
use crate::archive::{Held, Publication};
use crate::letter::wording::capitalised;

/// Largest file given out by itself, in bytes: it is held in memory. A larger one comes with the whole dossier.
const LARGEST: u64 = 64 << 20;

/// Kinds of file a browser shows, by ending. All else is only taken away: what somebody attached must not run here.
const SHOWN: [(&str, &str); 11] = [
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("txt", "text/plain; charset=utf-8"),
    ("yaml", "text/plain; charset=utf-8"),
    ("json", "text/plain; charset=utf-8"),
    ("jsonl", "text/plain; charset=utf-8"),
    ("csv", "text/plain; charset=utf-8"),
    ("xml", "text/plain; charset=utf-8"),
    ("eml", "text/plain; charset=utf-8"),
];

fn kind(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    SHOWN.iter().find(|(own, _)| *own == ending).map(|(_, kind)| *kind)
}

/// Whether a browser shows a file of this name.
pub(super) fn is_shown(name: &str) -> bool {
    kind(name).is_some()
}

/// The zip of a publication, compared with the journal, which has its place as well.
pub(super) fn held(desk: &Desk, code: &str, publication: &Publication) -> Result<Held, Response> {
    let file = publication.path.split('/').fold(desk.workspace.archive().to_owned(), |dir, part| dir.join(part));
    Held::at(file, publication.clone()).map_err(|error| unreadable(code, &error))
}

/// Says that a dossier's file is missing or damaged.
pub(super) fn unreadable(code: &str, error: &dyn std::fmt::Display) -> Response {
    super::note(&format!("hồ sơ {code}: {error}"));
    html::trouble(
        StatusCode::INTERNAL_SERVER_ERROR,
        &format!("Không đọc được hồ sơ {code}."),
        "Tệp hồ sơ mất hoặc hỏng: báo người quản trị chạy hoso archive verify, rồi hoso archive repair với bản sao lưu.",
    )
}

/// Nothing is handed out of a file that is not the archived one.
fn refused(held: &Held) -> Response {
    let finding = held.finding(&held.publication.path);
    let (message, hint) = finding.map(|told| (told.message, told.hint.unwrap_or_default())).unwrap_or_default();
    super::note(&format!("{}: {message}", held.publication.path));
    let message = capitalised(&format!("{message}."));
    html::trouble(StatusCode::CONFLICT, &message, &format!("Báo người quản trị. {hint}"))
}

/// How a browser names and treats what it gets.
fn disposition(name: &str, shown: bool) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let how = if shown { "inline" } else { "attachment" };
    let value = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name));
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

pub(super) async fn entry(
    State(desk): State<Shared>,
    Extension(who): Extension<Who>,
    Path((code, version, place)): Path<(String, String, String)>,
    method: Method,
    Query(typed): Query<HashMap<String, String>>,
) -> Response {
    let (Ok(version), Ok(place)) = (version.parse(), place.parse()) else { return absent(&code, &Absent::Never) };
    let taken = typed.contains_key("tai");
    let asked = Asked { place, taken, only_head: method == Method::HEAD };
    made(desk, move |desk| one(desk, &who, &code, version, &asked)).await
}

/// Which file, and how.
struct Asked {
    place: usize,
    taken: bool,
    /// Nothing is handed out then.
    only_head: bool,
}

fn one(desk: &Desk, who: &Who, code: &str, version: u32, asked: &Asked) -> Response {
    let Asked { place, taken, only_head } = *asked;
    let held = match dossier::held(desk, code, Some(version)) {
        Ok((_, held)) if held.is_altered() => return refused(&held),
        Ok((_, held)) => held,
        Err(response) => return response,
    };
    let mut dossier = match held.open() {
        Ok(dossier) => dossier,
        Err(error) => return failed(error),
    };
    let Some(item) = dossier.entries().get(place) else { return absent(code, &Absent::Never) };
    let name = item.name.clone();
    if item.size > LARGEST {
        return html::trouble(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Tệp này quá lớn để tải riêng.",
            "Tải cả hồ sơ, rồi lấy tệp ra từ tệp zip.",
        );
    }
    let bytes = match dossier.read(&name, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => return failed(error),
    };
    let short = name.strip_prefix("data/").unwrap_or(&name);
    let remark = format!("{} {short} trên trang tra cứu", if taken { "tải" } else { "xem" });
    let remark = format!("{remark}{}", held.remark());
    if !only_head && let Err(error) = seen::dossier(desk, who, &held.publication, &remark) {
        return failed(error);
    }
    let last = short.rsplit('/').next().unwrap_or(short);
    let shown = kind(&name).filter(|_| !taken);
    let kind = HeaderValue::from_static(shown.unwrap_or("application/octet-stream"));
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, kind)], bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition(last, shown.is_some()));
    // The browser's own viewer of PDFs draws with a style of its own.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

pub(super) async fn whole(
    State(desk): State<Shared>,
    Extension(who): Extension<Who>,
    Path((code, version)): Path<(String, String)>,
    method: Method,
) -> Response {
    let Ok(version) = version.parse() else { return absent(&code, &Absent::Never) };
    let asked = desk.clone();
    let found = tokio::task::spawn_blocking(move || {
        let (_, held) = dossier::held(&asked, &code, Some(version))?;
        if held.is_altered() {
            return Err(refused(&held));
        }
        if method != Method::HEAD {
            let remark = format!("tải cả hồ sơ trên trang tra cứu{}", held.remark());
            seen::dossier(&asked, &who, &held.publication, &remark).map_err(failed)?;
        }
        Ok::<_, Response>(held)
    });
    let held = match found.await {
        Ok(Ok(held)) => held,
        Ok(Err(response)) => return response,
        Err(_) => return failed("lỗi của chương trình"),
    };
    let opened = match tokio::fs::File::open(&held.file).await {
        Ok(opened) => opened,
        Err(error) => return failed(crate::fs::reason(&error)),
    };
    let size = match opened.metadata().await {
        Ok(meta) => meta.len(),
        Err(error) => return failed(crate::fs::reason(&error)),
    };
    let name = held.publication.path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut response = Body::from_stream(ReaderStream::with_capacity(opened, 1 << 16)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_DISPOSITION, disposition(&name, false));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_run_is_shown() {
        for name in ["data/van-ban/a.PDF", "a.png", "b.jpeg", "c.txt", "d.yaml"] {
            assert!(is_shown(name), "{name}");
        }
        for name in ["a.html", "a.svg", "a.js", "a.docx", "a", "a.pdf.exe", "a.xhtml", "a.htm"] {
            assert!(!is_shown(name), "{name}");
        }
    }

    #[test]
    fn names_reach_the_browser_and_end_no_header() {
        let named = disposition("Đơn \"kiện\"\r\n.pdf", false);
        let text = named.to_str().unwrap();
        assert_eq!(
            text,
            "attachment; filename=\"__n _ki_n___.pdf\"; filename*=UTF-8''%C4%90%C6%A1n%20%22ki%E1%BB%87n%22%0D%0A.pdf"
        );
    }
}
