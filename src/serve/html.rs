//! The frame of every page, and text into HTML: nothing reaches a page but through [`escape`].

use std::ops::Range;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset, NaiveDate};

use super::Who;
pub(super) use crate::board::escaped as escape;
pub(super) use crate::letter::wording::size;

const STYLE: &str = include_str!("page.css");

/// The places a page leads to.
const PLACES: [(&str, &str); 4] =
    [("/", "Tra cứu"), ("/den-han", "Hết thời hạn"), ("/tam-dung-huy", "Tạm dừng hủy"), ("/kiem-tra", "Kiểm tra")];

pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "private, max-age=3600")], STYLE).into_response()
}

/// A whole page; without somebody who asks, one without ways on.
pub(super) fn page(status: StatusCode, title: &str, who: Option<&Who>, body: &str) -> Response {
    let mut nav = String::new();
    if let Some(who) = who {
        nav.push_str("<nav aria-label=\"Các trang\">\n<ul>\n");
        for (address, name) in PLACES {
            let here = if name == title { " aria-current=\"page\"" } else { "" };
            nav.push_str(&format!("<li><a href=\"{address}\"{here}>{name}</a></li>\n"));
        }
        nav.push_str("</ul>\n");
        if who.session.is_some() {
            nav.push_str(&format!(
                "<form method=\"post\" action=\"/dang-xuat\"><span>{}</span> <button>Đăng xuất</button></form>\n",
                escape(&who.name)
            ));
        }
        nav.push_str("</nav>\n");
    }
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Kho lưu trữ hồ sơ khiếu nại</title>\n<link rel=\"stylesheet\" href=\"/kieu.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#noi-dung\">Đến nội dung</a>\n<header>\n<p class=\"unit\">Kho lưu trữ hồ sơ khiếu nại</p>\n{nav}</header>\n\
         <main id=\"noi-dung\">\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        title = escape(title)
    );
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (status, kind, text).into_response()
}

/// A day as a browser sends it, or as people write it.
pub(super) fn typed_day(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

/// What is said of something typed into a field that takes a day.
pub(super) fn no_day(field: &str, typed: &str) -> String {
    format!("Ô “{field}”: “{typed}” không phải một ngày; ghi như 31/12/2026.")
}

/// What is wrong with what was asked, each a paragraph.
pub(super) fn wrong(sentences: &[String]) -> String {
    sentences.iter().map(|one| format!("<p class=\"wrong\" role=\"alert\">{}</p>\n", escape(one))).collect()
}

/// A page that says what is wrong and what to do.
pub(super) fn trouble(status: StatusCode, what: &str, hint: &str) -> Response {
    let body = format!("<p>{}</p>\n<p>{}</p>\n<p><a href=\"/\">Trang tra cứu</a></p>\n", escape(what), escape(hint));
    page(status, status_title(status), None, &body)
}

fn status_title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Không tìm thấy",
        StatusCode::INTERNAL_SERVER_ERROR | StatusCode::SERVICE_UNAVAILABLE => "Có lỗi",
        _ => "Không thực hiện được",
    }
}

/// Text with the words found set off; ranges are bytes of the text.
pub(super) fn marked(text: &str, marks: &[Range<usize>]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mark in marks {
        let (Some(before), Some(word)) = (text.get(at..mark.start), text.get(mark.clone())) else { continue };
        out.push_str(&format!("{}<mark>{}</mark>", escape(before), escape(word)));
        at = mark.end;
    }
    out.push_str(&escape(text.get(at..).unwrap_or_default()));
    out
}

/// A value in an address: everything but unreserved characters encoded (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

pub(super) fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

pub(super) fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%H:%M ngày %d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_set_off_and_nothing_gets_out_of_its_quotes() {
        let text = "<b> Hường & \"Hương\"";
        let at = text.find("Hường").unwrap();
        let marked = marked(text, std::slice::from_ref(&(at..at + "Hường".len())));
        assert_eq!(marked, "&lt;b&gt; <mark>Hường</mark> &amp; &quot;Hương&quot;");
        assert_eq!(super::marked("ab", &[1..9, 5..7]), "ab", "ranges that do not fit are passed over");
        assert_eq!(encoded("a b/ề"), "a%20b%2F%E1%BB%81");
    }
}
