//! `<code>.buoc-tiep.txt`: the next steps as a note for the clerk, to be read in Notepad.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Place, Step};
use crate::case::evidence::Folder;

/// Columns of a line of prose.
const WIDTH: usize = 92;
/// Most characters of a line shown to find it by.
const SHOWN: usize = 80;
const RULE: &str = "----------------------------------------------------------------------------------------";

/// What stands above the steps.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Case code.
    pub code: &'a str,
    /// Who complains.
    pub complainant: Option<&'a str>,
    /// About what.
    pub summary: Option<&'a str>,
    /// Where it stands, with its step.
    pub stage: &'a str,
    /// Errors in the file.
    pub errors: usize,
    /// Remarks on the case.
    pub remarks: &'a [String],
    /// Folders of the case that are not there.
    pub absent: &'a [Folder],
}

/// The note of a case that could be read; `text` is its file, line ends as `\n`.
#[must_use]
pub fn note(head: &Head<'_>, steps: &[Step], text: &str) -> String {
    let mut out = format!("{}: VIỆC TIẾP THEO\n\n", head.code);
    let who = head.complainant.unwrap_or("(chưa ghi tên người khiếu nại)");
    row("Khách hàng", who, &mut out);
    if let Some(summary) = head.summary {
        row("Về việc", summary, &mut out);
    }
    row("Đang ở", head.stage, &mut out);
    if head.errors > 0 {
        out.push('\n');
        row("Trước hết", &format!("Sửa {} lỗi nêu trong tệp {}.loi.txt.", head.errors, head.code), &mut out);
    }
    let lines: Vec<&str> = text.lines().collect();
    for (at, step) in steps.iter().enumerate() {
        one(at + 1, step, head, &lines, &mut out);
    }
    if !head.remarks.is_empty() {
        out.push_str("\n\nCũng nên xem:\n");
        head.remarks.iter().for_each(|remark| wrap(remark, " - ", "   ", &mut out));
    }
    if steps.iter().any(|step| step.paste.is_some()) {
        out.push_str(
            "\n\nChép đoạn nằm giữa hai đường kẻ, dán đúng chỗ, điền những chỗ còn trống (chưa biết thì cứ để\n",
        );
        out.push_str("trống), rồi lưu. Dán xong một đoạn, lưu lại rồi hãy mở tệp này xem tiếp.\n");
    } else {
        out.push('\n');
    }
    out.push_str("\nTệp này do chương trình viết lại mỗi khi hồ sơ thay đổi; đừng ghi vào đây.\n");
    out
}

/// The note of a case whose file must be mended first.
#[must_use]
pub fn faulty(code: &str, errors: usize) -> String {
    format!(
        "{code}: VIỆC TIẾP THEO\n\nTrước hết: sửa {errors} lỗi nêu trong tệp {code}.loi.txt rồi lưu lại.\nSửa xong, việc tiếp theo của hồ sơ hiện ở đây.\n"
    )
}

fn one(number: usize, step: &Step, head: &Head<'_>, lines: &[&str], out: &mut String) {
    let code = head.code;
    out.push_str("\n\n");
    wrap(&step.what, &format!("{number}. "), "   ", out);
    out.push('\n');
    row("Người làm", &step.who, out);
    if let Some(due) = step.due {
        let late = if step.late { ", ĐÃ QUÁ HẠN" } else { "" };
        row("Hạn", &format!("{}{late}", day(due)), out);
    }
    for sentence in &step.before {
        row("Trước đó", sentence, out);
    }
    for folder in step.folders.iter().filter(|folder| head.absent.contains(folder)) {
        let (name, files) = (folder.name(), folder.files());
        row("Thư mục", &format!("Tạo thư mục {code}/{name} cạnh tệp hồ sơ (chưa có) để bỏ {files} vào."), out);
    }
    let show = |line: usize, out: &mut String| {
        let text = lines.get(line - 1).map_or("", |line| line.trim_end());
        let cut: String = text.chars().take(SHOWN).collect();
        let more = if cut.len() < text.len() { "…" } else { "" };
        let _ = writeln!(out, "{line:>6} | {cut}{more}");
    };
    if !step.at.is_empty() {
        let _ = writeln!(out, "\n   Ghi vào {code}.yaml, ở dòng:");
        step.at.iter().for_each(|line| show(*line, out));
    }
    let Some(paste) = &step.paste else { return };
    let at_end = paste.lines.first().is_some_and(|line| !line.starts_with(' '));
    match paste.place {
        Place::After(line) if at_end && line == lines.len() => {
            let _ = writeln!(out, "\n   Dán vào cuối tệp {code}.yaml, trên một dòng mới:");
        }
        Place::After(line) => {
            let _ = writeln!(out, "\n   Dán vào {code}.yaml, ngay dưới dòng {line}:");
            show(line, out);
        }
        Place::Instead(line) => {
            let _ = writeln!(out, "\n   Dán vào {code}.yaml, thay cho dòng {line}:");
            show(line, out);
        }
    }
    let _ = writeln!(out, "{RULE}");
    for line in &paste.lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(out, "{RULE}");
}

fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

fn row(label: &str, text: &str, out: &mut String) {
    wrap(text, &format!("   {label:<12}"), &" ".repeat(15), out);
}

/// `text` broken between words, its first line after `first`, the others after `rest`.
fn wrap(text: &str, first: &str, rest: &str, out: &mut String) {
    let mut line = first.to_owned();
    let mut begun = false;
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = rest.to_owned();
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(out, "{line}");
}
