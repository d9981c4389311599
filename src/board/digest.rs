//! The morning summary: what became late, what is due, what is wrong, who is waited for. As text and as HTML for a mail.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use super::escape::html;
use super::{Board, Row, Task, Urgency, day};
use crate::procedure::Actor;

/// One line of the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Case code; nothing for what belongs to no case.
    pub code: Option<String>,
    /// Who complains.
    pub complainant: Option<String>,
    /// What is to be done or said.
    pub what: String,
    /// Who has to act.
    pub who: Option<String>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// How long that is.
    pub left: Option<String>,
}

/// Items of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// A word for it, for programs: `newly_late`, `still_late`, `today`, `soon`, `faulty`, `waiting`, `moved`, `operator`.
    pub kind: &'static str,
    /// Heading.
    pub title: String,
    /// Its lines, the nearest date first.
    pub items: Vec<Item>,
}

/// The summary of one morning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Name of the office.
    pub issuer: String,
    /// The day.
    pub today: NaiveDate,
    /// What was due on this day or later and is past due now became late since the last summary.
    pub since: NaiveDate,
    /// Open cases.
    pub open: usize,
    /// Those that have something to say, the most pressing first.
    pub sections: Vec<Section>,
}

impl Digest {
    /// From a board; `since` is the day of the summary before, as a rule the working day before.
    #[must_use]
    pub fn new(board: &Board, since: NaiveDate) -> Self {
        let today = board.today;
        let due = |wanted: &dyn Fn(&Task, NaiveDate) -> bool| {
            let tasks = board.rows.iter().flat_map(|row| row.tasks.iter().map(move |task| (row, task)));
            let of = tasks.filter(|(_, task)| task.due.is_some_and(|due| wanted(task, due)));
            let mut items: Vec<Item> = of.map(|(row, task)| item(row, task)).collect();
            items.sort_by(|a, b| (a.due, &a.code).cmp(&(b.due, &b.code)));
            items
        };
        let ours = |task: &Task| !task.late && task.who != Actor::Complainant;
        let near = |task: &Task| task.left.is_some_and(|left| left <= super::NEAR);
        let sections = [
            (
                "newly_late",
                format!("Mới trễ hạn (hạn từ ngày {})", day(since)),
                due(&|task, due| task.late && due >= since),
            ),
            ("still_late", "Còn trễ hạn".to_owned(), due(&|task, due| task.late && due < since)),
            ("today", "Đến hạn hôm nay".to_owned(), due(&|task, due| ours(task) && due == today)),
            (
                "soon",
                "Đến hạn trong 3 ngày làm việc tới".to_owned(),
                due(&|task, due| ours(task) && due > today && near(task)),
            ),
            ("faulty", "Hồ sơ có lỗi".to_owned(), board.rows.iter().filter(|row| row.errors > 0).map(fault).collect()),
            ("waiting", "Đang chờ".to_owned(), board.rows.iter().flat_map(waits).collect()),
            ("moved", "Hạn dời ngày vì lịch nghỉ đổi".to_owned(), board.moves.iter().map(moved).collect()),
            (
                "operator",
                "Việc của người quản trị".to_owned(),
                board.findings.iter().map(|f| plain(None, &f.message)).collect(),
            ),
        ];
        let sections = sections.into_iter().filter(|(_, _, items)| !items.is_empty());
        let sections = sections.map(|(kind, title, items)| Section { kind, title, items }).collect();
        Self { issuer: board.issuer.clone(), today, since, open: board.counts.open, sections }
    }

    fn count(&self, kind: &str) -> usize {
        self.sections.iter().filter(|section| section.kind == kind).map(|section| section.items.len()).sum()
    }

    /// One line that says how the day looks; the subject of a mail.
    #[must_use]
    pub fn subject(&self) -> String {
        let parts = [
            ("newly_late", "việc mới trễ hạn"),
            ("still_late", "việc còn trễ hạn"),
            ("today", "việc đến hạn hôm nay"),
            ("soon", "việc sắp đến hạn"),
            ("faulty", "hồ sơ có lỗi"),
        ];
        let said: Vec<String> = parts
            .iter()
            .map(|(kind, text)| (self.count(kind), text))
            .filter(|(count, _)| *count > 0)
            .map(|(count, text)| format!("{count} {text}"))
            .collect();
        let said = if said.is_empty() { "không có việc gấp".to_owned() } else { said.join(", ") };
        format!("Khiếu nại ngày {}: {said}", day(self.today))
    }

    /// As plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n{}\n{} hồ sơ đang mở.\n", self.issuer, self.subject(), self.open);
        for section in &self.sections {
            let title = format!("{} ({})", section.title, section.items.len());
            let _ = write!(out, "\n{}\n{}\n", title.to_uppercase(), "-".repeat(title.chars().count()));
            for item in &section.items {
                let _ = writeln!(out, "* {}", item.head());
                let _ = writeln!(out, "  {}", item.body());
            }
        }
        out
    }

    /// As a page of HTML that mail programs show: no outside resource, styles inline.
    #[must_use]
    pub fn html(&self) -> String {
        const CELL: &str = "padding:4px 10px 4px 0;border-bottom:1px solid #d0d4da;vertical-align:top;text-align:left";
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n</head>\n\
             <body style=\"font-family:Arial,sans-serif;font-size:15px;line-height:1.4;color:#1b1f24;background:#ffffff\">\n\
             <p style=\"color:#4b5563;margin:0\">{1}</p>\n<h1 style=\"font-size:19px;margin:2px 0 6px\">{0}</h1>\n\
             <p style=\"margin:0\">{2} hồ sơ đang mở.</p>\n",
            html(&self.subject()),
            html(&self.issuer),
            self.open
        );
        for section in &self.sections {
            let color = match section.kind {
                "newly_late" | "still_late" => "#9b1c1c",
                "today" | "soon" => "#7a4a00",
                _ => "#1b1f24",
            };
            let _ = write!(
                out,
                "<h2 style=\"font-size:16px;color:{color};margin:18px 0 4px\">{} ({})</h2>\n\
                 <table role=\"presentation\" cellspacing=\"0\" style=\"border-collapse:collapse;width:100%\">\n",
                html(&section.title),
                section.items.len()
            );
            for item in &section.items {
                let _ = writeln!(
                    out,
                    "<tr><td style=\"{CELL};width:34%\"><b>{}</b></td><td style=\"{CELL}\">{}</td></tr>",
                    html(&item.head()),
                    html(&item.body())
                );
            }
            out.push_str("</table>\n");
        }
        out.push_str("</body>\n</html>\n");
        out
    }
}

impl Item {
    fn head(&self) -> String {
        let parts = [self.code.as_deref(), self.complainant.as_deref()];
        let said: Vec<&str> = parts.into_iter().flatten().collect();
        if said.is_empty() { "Chung".to_owned() } else { said.join(" – ") }
    }

    fn body(&self) -> String {
        let who = self.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        let due = self.due.map(|due| format!(" — hạn {}", day(due))).unwrap_or_default();
        let left =
            self.left.as_ref().filter(|left| !left.is_empty()).map(|left| format!(", {left}")).unwrap_or_default();
        format!("{}{who}{due}{left}", self.what)
    }
}

fn item(row: &Row, task: &Task) -> Item {
    Item {
        complainant: row.complainant.clone(),
        who: Some(task.who.text().to_owned()),
        due: task.due,
        left: Some(task.left_text()),
        ..plain(Some(&row.code), &task.what)
    }
}

fn plain(code: Option<&str>, what: &str) -> Item {
    Item { code: code.map(str::to_owned), complainant: None, what: what.to_owned(), who: None, due: None, left: None }
}

fn fault(row: &Row) -> Item {
    let note = row.note.as_ref().map(|note| format!(" Xem {note}.")).unwrap_or_default();
    let what = format!("{} lỗi: {}{note}", row.errors, row.error.as_deref().unwrap_or_default());
    Item { complainant: row.complainant.clone(), ..plain(Some(&row.code), &what) }
}

/// What waits for somebody else: said of cases where nothing is ours to do, and of letters that wait.
fn waits(row: &Row) -> Vec<Item> {
    let tasks = row.tasks.iter().filter(|task| row.urgency == Urgency::Waiting && task.who != Actor::Intake);
    let letters =
        row.waiting.iter().map(|wait| Item { complainant: row.complainant.clone(), ..plain(Some(&row.code), wait) });
    tasks.map(|task| item(row, task)).chain(letters).collect()
}

fn moved(moved: &super::Move) -> Item {
    plain(Some(&moved.code), &format!("{}: từ {} sang {}", moved.label, day(moved.from), day(moved.to)))
}
