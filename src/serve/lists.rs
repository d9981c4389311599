//! What is due, what is held, what was checked.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::html::{self, day, encoded, escape, moment};
use super::{Shared, Who, failed, made, seen};
use crate::archive::access::{Check, Checks};

/// Rows of a list; more is for the command line.
const MOST: usize = 1000;

fn link(code: &str) -> String {
    format!("<a class=\"code\" href=\"/ho-so/{}\">{}</a>", encoded(code), escape(code))
}

fn table(headings: &[&str], rows: &[String], caption: &str) -> String {
    let headings: String = headings.iter().map(|heading| format!("<th scope=\"col\">{heading}</th>")).collect();
    format!(
        "<div class=\"scroll\"><table>\n<caption>{caption}</caption>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n",
        rows.concat()
    )
}

pub(super) async fn due(
    State(desk): State<Shared>,
    Extension(who): Extension<Who>,
    Query(typed): Query<HashMap<String, String>>,
) -> Response {
    made(desk, move |desk| {
        let typed = typed.get("ngay").map_or("", |text| text.trim());
        let read = html::typed_day(typed);
        if read.is_none() && !typed.is_empty() {
            let wrong = html::wrong(&[html::no_day("Tính đến ngày", typed)]);
            return html::page(StatusCode::BAD_REQUEST, "Hết thời hạn", Some(&who), &(due_form(typed) + &wrong));
        }
        let as_of = read.unwrap_or_else(|| desk.workspace.clock.today());
        let found = desk.archive(|listing| {
            let due = listing.due(as_of);
            let rows: Vec<String> = due
                .iter()
                .take(MOST)
                .map(|one| {
                    let meta = &one.latest.meta;
                    let holds: Vec<&str> = one.holds.iter().map(|(_, hold)| hold.name.as_str()).collect();
                    let held = if holds.is_empty() {
                        String::new()
                    } else {
                        format!("<span class=\"tag hold\">tạm dừng hủy</span> {}", escape(&holds.join(", ")))
                    };
                    format!(
                        "<tr><td>{}</td><td>{}</td><td class=\"when\">{}</td><td>{}</td><td class=\"when\">{}</td><td>{held}</td></tr>\n",
                        link(&meta.code),
                        escape(&meta.end),
                        day(meta.closed),
                        escape(&meta.retention),
                        day(one.kept_until)
                    )
                })
                .collect();
            (due.len(), rows)
        });
        let (count, rows) = match found {
            Ok(found) => found,
            Err(error) => return failed(error),
        };
        if let Err(error) = seen::list(desk, &who, &format!("Hết thời hạn, tính đến ngày {}", day(as_of))) {
            return failed(error);
        }
        let mut body = due_form(&as_of.to_string());
        if count == 0 {
            body.push_str(&format!("<p class=\"count\">Đến ngày {}, chưa có hồ sơ nào hết thời hạn bảo quản.</p>\n", day(as_of)));
        } else {
            let caption = format!("{count} hồ sơ hết thời hạn bảo quản đến ngày {}", day(as_of));
            let headings = ["Hồ sơ", "Kết thúc", "Lưu ngày", "Thời hạn", "Bảo quản đến hết", "Tạm dừng hủy"];
            body.push_str(&table(&headings, &rows, &caption));
            body.push_str(&rest(count));
        }
        body.push_str("<p class=\"hint\">Không hồ sơ nào bị hủy chỉ vì hết hạn. Hủy đi theo từng bước bằng lệnh hoso archive dispose.</p>\n");
        html::page(StatusCode::OK, "Hết thời hạn", Some(&who), &body)
    })
    .await
}

fn due_form(typed: &str) -> String {
    format!(
        "<form method=\"get\" action=\"/den-han\" class=\"search\"><div class=\"words\"><label>Tính đến ngày\
         <input type=\"date\" name=\"ngay\" value=\"{}\"></label> <button>Xem</button></div></form>\n",
        escape(typed)
    )
}

fn rest(count: usize) -> String {
    if count <= MOST {
        return String::new();
    }
    format!("<p class=\"hint\">Chỉ hiện {MOST} hồ sơ đầu; xem hết bằng lệnh hoso archive.</p>\n")
}

pub(super) async fn holds(State(desk): State<Shared>, Extension(who): Extension<Who>) -> Response {
    made(desk, move |desk| {
        let found = desk.archive(|listing| {
            let row = |(since, hold): (chrono::DateTime<chrono::FixedOffset>, &crate::archive::Hold)| {
                format!(
                    "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"when\">{}</td></tr>\n",
                    link(&hold.code),
                    escape(&hold.name),
                    escape(&hold.reason),
                    escape(&hold.by),
                    day(since.date_naive())
                )
            };
            (listing.all_holds().count(), listing.all_holds().take(MOST).map(row).collect::<Vec<String>>())
        });
        let (count, rows) = match found {
            Ok(found) => found,
            Err(error) => return failed(error),
        };
        if let Err(error) = seen::list(desk, &who, "Tạm dừng hủy") {
            return failed(error);
        }
        let body = if count == 0 {
            "<p class=\"count\">Không có lệnh tạm dừng hủy nào đang có hiệu lực.</p>\n".to_owned()
        } else {
            let caption = format!("{count} lệnh tạm dừng hủy đang có hiệu lực");
            table(&["Hồ sơ", "Tên lệnh", "Lý do", "Người quyết định", "Từ ngày"], &rows, &caption) + &rest(count)
        };
        html::page(StatusCode::OK, "Tạm dừng hủy", Some(&who), &body)
    })
    .await
}

pub(super) async fn checks(State(desk): State<Shared>, Extension(who): Extension<Who>) -> Response {
    made(desk, move |desk| {
        let checks = match desk.checks(Checks::clone) {
            Ok(checks) => checks,
            Err(error) => return failed(error),
        };
        if let Err(error) = seen::list(desk, &who, "Kiểm tra") {
            return failed(error);
        }
        let found = desk.archive(|listing| {
            let (mut all, mut never, mut damaged) = (0_usize, 0_usize, Vec::new());
            for (time, one) in listing.list() {
                all += 1;
                match checks.last(&one.meta.code, one.meta.version, time) {
                    None => never += 1,
                    Some(check) if !check.sound => damaged.push((one.meta.code.clone(), one.meta.version, check)),
                    Some(_) => {}
                }
            }
            (all, never, damaged)
        });
        let (all, never, damaged) = match found {
            Ok(found) => found,
            Err(error) => return failed(error),
        };
        let by = |check: &Check| if check.by.is_empty() { String::new() } else { format!(" ({})", escape(&check.by)) };
        let whole = checks.last_whole().map_or_else(
            || "chưa lần nào".to_owned(),
            |check| {
                let (class, outcome) = if check.sound { ("good", "nguyên vẹn") } else { ("bad", "có chỗ không khớp") };
                format!("{}{}: <b class=\"{class}\">{outcome}</b>", moment(check.time), by(check))
            },
        );
        let mut body = format!(
            "<dl>\n<dt>Kiểm tra cả kho lần cuối</dt><dd>{whole}</dd>\n<dt>Phiên bản hồ sơ trong kho</dt><dd>{all}</dd>\n\
             <dt>Chưa kiểm tra lần nào</dt><dd>{never}</dd>\n<dt>Lần kiểm tra cuối không khớp</dt><dd>{}</dd>\n</dl>\n",
            damaged.len()
        );
        if !damaged.is_empty() {
            let row = |(code, version, check): &(String, u32, Check)| {
                format!("<tr><td>{}</td><td>{version}</td><td class=\"bad\">{}{}</td></tr>\n", link(code), moment(check.time), by(check))
            };
            let rows: Vec<String> = damaged.iter().take(MOST).map(row).collect();
            body.push_str("<h2>Hồ sơ không khớp</h2>\n");
            body.push_str(&table(&["Hồ sơ", "Phiên bản", "Kiểm tra lúc"], &rows, "Khôi phục bằng lệnh hoso archive repair với một bản sao của kho"));
            body.push_str(&rest(damaged.len()));
        }
        body.push_str("<p class=\"hint\">Trang này chỉ cho xem kết quả đã ghi. Kiểm tra bằng lệnh hoso archive verify.</p>\n");
        html::page(StatusCode::OK, "Kiểm tra", Some(&who), &body)
    })
    .await
}
