//! The board as one page for a browser: no outside resource, readable without its script, for screen, phone and paper.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Weekday};

use super::escape::{address, base64_of_hex, html};
use super::{Board, Row, Signs, Task, Urgency, day, moment};
use crate::diagnostic::Diagnostic;
use crate::fs;
use crate::letter::wording;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// How the line begins that carries times; the rest of the page says the same whenever it is written.
const SIGNS: &str = "<p id=\"song\"";
/// Cases listed. A browser shows more only slowly; the most pressing come first.
pub const LISTED: usize = 5_000;
/// Seconds after which an open page looks for a newer one.
const REFRESH: u32 = 60;

/// The whole page.
#[must_use]
pub fn page(board: &Board, signs: &Signs) -> String {
    let mut out = String::with_capacity(16_000 + board.rows.len() * 1_200);
    head(&mut out, board);
    out.push_str("<body>\n<a class=\"skip\" href=\"#bang\">Đến bảng hồ sơ</a>\n<header>\n");
    let _ = writeln!(out, "<p class=\"unit\">{}</p>\n<h1>Bảng theo dõi hồ sơ khiếu nại</h1>", html(&board.issuer));
    let _ = writeln!(
        out,
        "<p id=\"ngay\" data-ngay=\"{}\">{}, ngày {}</p>",
        board.today,
        weekday(board.today),
        day(board.today)
    );
    let _ = writeln!(out, "{}", signs_line(signs));
    out.push_str("<p id=\"canh-bao\" role=\"alert\" hidden></p>\n</header>\n<main>\n");
    counts(&mut out, board);
    moves(&mut out, board);
    findings(&mut out, &board.findings);
    table(&mut out, board);
    let _ = writeln!(
        out,
        "</main>\n<footer>\n<p>Lịch các hạn để mở bằng chương trình lịch: <a href=\"./han-xu-ly.ics\">han-xu-ly.ics</a>. \
         Trang này do chương trình ghi; đừng sửa. Trang tự tải lại mỗi {REFRESH} giây.</p>\n</footer>"
    );
    let _ = writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>");
    out
}

/// The page without the line that carries times.
#[must_use]
pub fn without_signs(page: &str) -> String {
    page.split_inclusive('\n').filter(|line| !line.starts_with(SIGNS)).collect()
}

/// The same page with other times.
#[must_use]
pub fn with_signs(page: &str, signs: &Signs) -> String {
    let line = |old: &str| if old.starts_with(SIGNS) { format!("{}\n", signs_line(signs)) } else { old.to_owned() };
    page.split_inclusive('\n').map(line).collect()
}

fn signs_line(signs: &Signs) -> String {
    let iso = |at: DateTime<FixedOffset>| at.to_rfc3339();
    let watcher = match &signs.watcher {
        None => String::new(),
        Some(watcher) => format!(
            " data-song=\"{}\" data-trong=\"{}\"{}",
            iso(watcher.seen),
            watcher.within,
            watcher.ended.map(|ended| format!(" data-dung=\"{}\"", iso(ended))).unwrap_or_default()
        ),
    };
    format!(
        "{SIGNS} data-doi=\"{}\"{watcher}>Cập nhật lúc {}. {}</p>",
        iso(signs.changed),
        moment(signs.changed),
        html(&signs.watcher_text())
    )
}

fn head(out: &mut String, board: &Board) {
    let hash = |text: &str| base64_of_hex(&fs::sha256(text.as_bytes()));
    let title = match (board.counts.late, board.counts.soon) {
        (0, 0) => "Bảng theo dõi hồ sơ khiếu nại".to_owned(),
        (0, soon) => format!("{soon} sắp đến hạn – Bảng theo dõi hồ sơ khiếu nại"),
        (late, _) => format!("{late} trễ hạn – Bảng theo dõi hồ sơ khiếu nại"),
    };
    let _ = writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <noscript><meta http-equiv=\"refresh\" content=\"{REFRESH}\"></noscript>\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>",
        hash(STYLE),
        hash(SCRIPT)
    );
}

fn counts(out: &mut String, board: &Board) {
    let counts = &board.counts;
    out.push_str("<ul class=\"counts\" aria-label=\"Số hồ sơ\">\n");
    for (urgency, count) in [
        (Urgency::Late, counts.late),
        (Urgency::Soon, counts.soon),
        (Urgency::Faulty, counts.faulty),
        (Urgency::Waiting, counts.waiting),
        (Urgency::Open, counts.rest),
    ] {
        let (id, none) = (urgency.id(), if count == 0 { " none" } else { "" });
        let inner = format!("<b>{count}</b> {}", urgency.text());
        // Cases with errors may all stand among more pressing ones.
        let _ = if board.of(urgency).next().is_some() {
            writeln!(out, "<li class=\"{id}{none}\"><a href=\"#{id}\">{inner}</a></li>")
        } else {
            writeln!(out, "<li class=\"{id}{none}\"><span>{inner}</span></li>")
        };
    }
    let _ = writeln!(out, "</ul>\n<p class=\"sum\">{} hồ sơ đang mở; {} hồ sơ đã lưu.</p>", counts.open, counts.closed);
}

fn moves(out: &mut String, board: &Board) {
    if board.moves.is_empty() {
        return;
    }
    out.push_str(
        "<section class=\"box\" aria-labelledby=\"doi\">\n<h2 id=\"doi\">Lịch nghỉ đã đổi, các hạn sau dời ngày</h2>\n<ul>\n",
    );
    for moved in &board.moves {
        let _ = writeln!(
            out,
            "<li><b>{}</b>: {}, từ {} <span aria-hidden=\"true\">→</span> sang <b>{}</b> (thấy ngày {})</li>",
            html(&moved.code),
            html(&moved.label),
            day(moved.from),
            day(moved.to),
            day(moved.noticed)
        );
    }
    out.push_str("</ul>\n</section>\n");
}

fn findings(out: &mut String, findings: &[Diagnostic]) {
    if findings.is_empty() {
        return;
    }
    out.push_str(
        "<section class=\"box loi\" aria-labelledby=\"chung\">\n<h2 id=\"chung\">Việc của người quản trị</h2>\n<ul>\n",
    );
    for finding in findings {
        let hint = finding.hint.as_ref().map(|hint| format!("<br>{}", html(hint))).unwrap_or_default();
        let _ = writeln!(out, "<li>{} <small>({})</small>{hint}</li>", html(&finding.message), finding.code);
    }
    out.push_str("</ul>\n</section>\n");
}

fn table(out: &mut String, board: &Board) {
    if board.rows.is_empty() {
        out.push_str("<p id=\"bang\" class=\"empty\">Không có hồ sơ nào đang mở.</p>\n");
        return;
    }
    out.push_str(
        "<div id=\"cong-cu\" hidden></div>\n<table id=\"bang\">\n<caption>Hồ sơ đang mở, gấp nhất trước</caption>\n<thead>\n<tr>\
         <th scope=\"col\" data-xep=\"ma\">Hồ sơ</th><th scope=\"col\" data-xep=\"buoc\">Bước</th>\
         <th scope=\"col\">Việc tiếp theo</th><th scope=\"col\" data-xep=\"ai\">Người làm</th>\
         <th scope=\"col\" data-xep=\"han\">Hạn</th><th scope=\"col\" class=\"open\">Mở</th></tr>\n</thead>\n",
    );
    let mut left = LISTED;
    for urgency in Urgency::ALL {
        let all = board.of(urgency).count();
        if all == 0 || left == 0 {
            continue;
        }
        let elsewhere = if urgency == Urgency::Faulty { board.counts.faulty - all } else { 0 };
        let more = if elsewhere > 0 {
            format!("; {elsewhere} hồ sơ khác có lỗi nằm ở nhóm trên")
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "<tbody id=\"{0}\" class=\"{0}\">\n<tr class=\"group\"><th colspan=\"6\" scope=\"rowgroup\">{1} ({all}{more})</th></tr>",
            urgency.id(),
            urgency.text()
        );
        for case in board.of(urgency).take(left) {
            row(out, case);
        }
        left = left.saturating_sub(all);
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    if let Some(over) = board.rows.len().checked_sub(LISTED).filter(|over| *over > 0) {
        let _ = writeln!(
            out,
            "<p class=\"over\">Còn {over} hồ sơ ít gấp hơn không liệt kê ở đây; xem bằng “hoso status”.</p>"
        );
    }
}

fn row(out: &mut String, row: &Row) {
    let first = row.tasks.first();
    let who = first.map(|task| task.who.text()).unwrap_or_default();
    let step = row.step.map(|step| format!("<b>{step}</b> ")).unwrap_or_default();
    let _ = write!(
        out,
        "<tr class=\"{}\" data-ma=\"{}\" data-buoc=\"{:02}\" data-ai=\"{}\" data-han=\"{}\"{}><th scope=\"row\" data-cot=\"Hồ sơ\">",
        row.urgency.id(),
        html(&row.code),
        row.step.unwrap_or_default(),
        html(who),
        row.due().map_or_else(|| "9999".to_owned(), |due| due.to_string()),
        if row.errors > 0 { " data-loi" } else { "" }
    );
    let _ = write!(out, "<a href=\"{}\">{}</a>", address(&row.file), html(&row.code));
    if row.errors + row.warnings > 0 {
        let _ = write!(out, " {}", faults(row));
    }
    let complainant = row.complainant.as_deref().unwrap_or("(chưa ghi người khiếu nại)");
    let _ = write!(out, "<span class=\"name\">{}</span>", html(complainant));
    if let Some(summary) = &row.summary {
        let _ = write!(out, "<span class=\"what\">{}</span>", html(summary));
    }
    let _ = write!(out, "</th><td data-cot=\"Bước\">{step}{}</td><td data-cot=\"Việc tiếp theo\">", html(&row.stage));
    work(out, row);
    let _ = write!(out, "</td><td data-cot=\"Người làm\">{}</td><td data-cot=\"Hạn\" class=\"due\">", html(who));
    if let Some((task, due)) = row.pressing().and_then(|task| Some((task, task.due?))) {
        let mark = if task.late { "<b class=\"mark\">TRỄ HẠN</b> " } else { "" };
        let _ =
            write!(out, "{mark}<time datetime=\"{due}\">{}</time> <span>{}</span>", day(due), html(&task.left_text()));
    }
    out.push_str("</td><td data-cot=\"Mở\" class=\"open\">");
    links(out, row);
    out.push_str("</td></tr>\n");
}

fn faults(row: &Row) -> String {
    let text = match (row.errors, row.warnings) {
        (0, warnings) => format!("{warnings} cảnh báo"),
        (errors, 0) => format!("{errors} lỗi"),
        (errors, warnings) => format!("{errors} lỗi, {warnings} cảnh báo"),
    };
    let class = if row.errors > 0 { "fault" } else { "warning" };
    match &row.note {
        Some(note) => format!("<a class=\"{class}\" href=\"{}\">{text}</a>", address(note)),
        None => format!("<span class=\"{class}\">{text}</span>"),
    }
}

/// What is to be done, what waits, what to note.
fn work(out: &mut String, row: &Row) {
    match row.tasks.split_first() {
        Some((first, others)) => {
            let _ = write!(out, "{}", html(&first.what));
            let others: Vec<String> = others.iter().map(other).collect();
            list(out, &others);
        }
        None => {
            let said = row.error.as_deref().map(html);
            out.push_str(&said.unwrap_or_else(|| "Không còn việc: chương trình lưu hồ sơ ở lượt sau.".to_owned()));
        }
    }
    let notes = row.waiting.iter().map(|wait| wording::capitalised(wait)).chain(row.remarks.iter().cloned());
    let notes: Vec<String> = notes.map(|note| html(&note)).collect();
    list(out, &notes);
}

fn other(task: &Task) -> String {
    let due = task.due_text().map(|due| format!("; {due}")).unwrap_or_default();
    html(&format!("{} ({}{due})", task.what, task.who.text()))
}

fn list(out: &mut String, items: &[String]) {
    if !items.is_empty() {
        let _ = write!(out, "<ul><li>{}</li></ul>", items.join("</li><li>"));
    }
}

fn links(out: &mut String, row: &Row) {
    let mut items = Vec::new();
    if let Some(note) = &row.next_steps {
        items.push(format!("<a href=\"{}\">Bước tiếp theo</a>", address(note)));
    }
    if let Some(folder) = &row.folder {
        items.push(format!("<a href=\"{}/\">Thư mục</a>", address(folder)));
    }
    let letter = |letter: &super::Letter| {
        format!("<a href=\"{}\">{}</a>", address(&letter.file), html(&wording::capitalised(&letter.name)))
    };
    items.extend(row.letters.iter().map(letter));
    list(out, &items);
}

fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "Thứ Hai",
        Weekday::Tue => "Thứ Ba",
        Weekday::Wed => "Thứ Tư",
        Weekday::Thu => "Thứ Năm",
        Weekday::Fri => "Thứ Sáu",
        Weekday::Sat => "Thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    }
}
