//! The first page: searching the archive.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use super::html::{self, day, encoded, escape, marked};
use super::{Desk, Shared, Who, failed, made, seen};
use crate::case::Channel;
use crate::catalogue::{Catalogue, Filter, Hit, Hits, Refreshed, Sort, State as Standing, Stray, Tombstone};
use crate::letter::wording::capitalised;

/// Dossiers on a page.
const ON_A_PAGE: usize = 20;
/// Pages that can be asked for: what lies behind is found by a better query.
const PAGES: usize = 50;
/// Letters named of one dossier; a batch has thousands.
const LETTERS: usize = 6;

/// Fields of the form, with what stands before them.
const LABELS: [(&str, &str); 10] = [
    ("tu", "Lưu từ ngày"),
    ("den", "Lưu đến hết ngày"),
    ("nhan_tu", "Tiếp nhận từ ngày"),
    ("nhan_den", "Tiếp nhận đến hết ngày"),
    ("ket_thuc", "Cách kết thúc"),
    ("bo_phan", "Bộ phận xác minh"),
    ("hinh_thuc", "Hình thức khiếu nại"),
    ("thoi_han", "Thời hạn bảo quản"),
    ("tinh_trang", "Tình trạng"),
    ("xep", "Thứ tự"),
];

fn label(name: &str) -> &str {
    LABELS.iter().find(|(own, _)| *own == name).map_or(name, |(_, label)| label)
}

/// Dossiers in what state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Closed,
    Reopened,
    Held,
    Gone,
}

const STATES: [(&str, Asks); 4] =
    [("da-luu", Asks::Closed), ("mo-lai", Asks::Reopened), ("tam-dung-huy", Asks::Held), ("da-huy", Asks::Gone)];

/// What the form asks for.
struct Wanted {
    filter: Filter,
    sort: Sort,
    only_gone: bool,
}

/// What was typed into the form.
#[derive(Debug, Default, Clone)]
struct Asked {
    typed: HashMap<String, String>,
    page: usize,
}

impl Asked {
    fn new(typed: HashMap<String, String>) -> Self {
        let page = typed.get("trang").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, PAGES);
        Self { typed, page }
    }

    fn text(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", |text| text.trim())
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn is_blank(&self) -> bool {
        self.typed.iter().all(|(name, value)| name == "xep" || name == "trang" || value.trim().is_empty())
    }

    fn day(&self, name: &str, wrong: &mut Vec<String>) -> Option<NaiveDate> {
        let (text, read) = (self.text(name), html::typed_day(self.text(name)));
        if read.is_none() && !text.is_empty() {
            wrong.push(html::no_day(label(name), text));
        }
        read
    }

    /// One of several words; nothing where none is asked for.
    fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)], wrong: &mut Vec<String>) -> Option<T> {
        let text = self.text(name);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() && !text.is_empty() {
            wrong.push(format!("Ô “{}”: không có lựa chọn “{text}”; chọn lại trong danh sách.", label(name)));
        }
        found
    }

    /// What the form asks for, and a sentence on each value it cannot have.
    fn wanted(&self) -> (Wanted, Vec<String>) {
        let mut wrong = Vec::new();
        let channels: Vec<(&str, Channel)> = Channel::ALL.iter().map(|channel| (channel.word(), *channel)).collect();
        let state = self.one_of("tinh_trang", &STATES, &mut wrong);
        let filter = Filter {
            closed_from: self.day("tu", &mut wrong),
            closed_to: self.day("den", &mut wrong),
            received_from: self.day("nhan_tu", &mut wrong),
            received_to: self.day("nhan_den", &mut wrong),
            end: self.some("ket_thuc"),
            unit: self.some("bo_phan"),
            channel: self.one_of("hinh_thuc", &channels, &mut wrong),
            retention: self.some("thoi_han"),
            state: match state {
                Some(Asks::Closed) => Some(Standing::Closed),
                Some(Asks::Reopened) => Some(Standing::Reopened),
                _ => None,
            },
            held: state == Some(Asks::Held),
        };
        let sorts = [("ngay", Sort::Date), ("ten", Sort::Name)];
        let sort = self.one_of("xep", &sorts, &mut wrong).unwrap_or(Sort::Rank);
        let page = self.text("trang");
        if !page.is_empty() && page.parse::<usize>().is_err() {
            wrong.push(format!("“{page}” không phải số trang."));
        }
        (Wanted { filter, sort, only_gone: state == Some(Asks::Gone) }, wrong)
    }

    /// The words asked for and the filters, for the log.
    fn said(&self) -> String {
        let mut filters: Vec<String> = self
            .typed
            .iter()
            .filter(|(name, value)| *name != "q" && *name != "xep" && *name != "trang" && !value.trim().is_empty())
            .map(|(name, value)| format!("{name}={}", value.trim()))
            .collect();
        filters.sort();
        let filters = if filters.is_empty() { String::new() } else { format!(" ({})", filters.join("; ")) };
        let page = if self.page > 1 { format!(", trang {}", self.page) } else { String::new() };
        format!("“{}”{filters}{page}", self.text("q"))
    }

    /// The address of another page of the same search.
    fn address(&self, page: usize) -> String {
        let mut pairs: Vec<(&String, &String)> =
            self.typed.iter().filter(|(name, value)| *name != "trang" && !value.trim().is_empty()).collect();
        pairs.sort();
        let pairs: Vec<String> =
            pairs.into_iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        format!("/?{}&trang={page}", pairs.join("&"))
    }
}

pub(super) async fn page(
    State(desk): State<Shared>,
    Extension(who): Extension<Who>,
    Query(typed): Query<HashMap<String, String>>,
) -> Response {
    made(desk, move |desk| searched(desk, &who, &Asked::new(typed))).await
}

fn searched(desk: &Desk, who: &Who, asked: &Asked) -> Response {
    let mut body = form(asked);
    if asked.is_blank() {
        body.push_str("<p class=\"hint\">Gõ có dấu hay không dấu đều được; gõ có dấu thì hồ sơ đúng dấu đứng trước. “…” là nguyên cụm, huo* là chữ đầu của từ.</p>\n");
        return html::page(StatusCode::OK, "Tra cứu", Some(who), &body);
    }
    let text = asked.text("q");
    let (Wanted { filter, sort, only_gone }, mut wrong) = asked.wanted();
    if let Some((charset, meant)) = crate::encoding::mistyped(text) {
        wrong.push(format!("Lời tìm gõ theo bảng mã cũ {}; ý bạn có phải là “{meant}”?", charset.name()));
    }
    if !wrong.is_empty() {
        return html::page(StatusCode::BAD_REQUEST, "Tra cứu", Some(who), &(body + &html::wrong(&wrong)));
    }
    let find = |catalogue: &mut Catalogue| {
        let gone = if only_gone || filter == Filter::default() { catalogue.tombstones(text)? } else { Vec::new() };
        let found = if only_gone {
            Hits { hits: Vec::new(), total: 0, is_more: false }
        } else {
            catalogue.search(text, &filter, sort, asked.page * ON_A_PAGE)?
        };
        Ok((found, if text.is_empty() && !only_gone { Vec::new() } else { gone }))
    };
    match Catalogue::ask(&desk.workspace, &|_, _| {}, find) {
        Ok(((found, gone), refreshed)) => {
            let stones = gone.iter().filter(|_| asked.page == 1).map(|stone| stone.code.as_str());
            let shown = found.hits.iter().skip((asked.page - 1) * ON_A_PAGE).map(|hit| hit.code.as_str());
            let codes: Vec<&str> = stones.chain(shown).collect();
            let all = asked.page == 1 && found.total <= ON_A_PAGE as u64 && !found.is_more;
            if let Err(error) = seen::search(desk, who, &asked.said(), &codes, all) {
                return failed(error);
            }
            body.push_str(&results(asked, &found, &gone));
            body.push_str(&elsewhere(&refreshed, &found));
            html::page(StatusCode::OK, "Tra cứu", Some(who), &body)
        }
        Err(error) => failed(error),
    }
}

fn form(asked: &Asked) -> String {
    let value = |name: &str| escape(asked.text(name));
    let input = |name: &str, kind: &str, hint: &str| {
        format!(
            "<label>{}<input name=\"{name}\" type=\"{kind}\" value=\"{}\" placeholder=\"{hint}\"></label>\n",
            label(name),
            value(name)
        )
    };
    let choice = |name: &str, words: &[(&str, &str)]| {
        let options: String = words
            .iter()
            .map(|(word, meaning)| {
                let chosen = if asked.text(name) == *word { " selected" } else { "" };
                format!("<option value=\"{word}\"{chosen}>{}</option>", escape(meaning))
            })
            .collect();
        format!("<label>{}<select name=\"{name}\">{options}</select></label>\n", label(name))
    };
    let mut channels = vec![("", "bất kỳ")];
    channels.extend(Channel::ALL.iter().map(|channel| (channel.word(), channel.text())));
    let filtered = ["tu", "den", "nhan_tu", "nhan_den", "ket_thuc", "bo_phan", "hinh_thuc", "thoi_han", "tinh_trang"]
        .iter()
        .any(|name| !asked.text(name).is_empty());
    format!(
        "<form method=\"get\" action=\"/\" class=\"search\" role=\"search\">\n<div class=\"words\">\n\
         <label>Tên, mã hồ sơ, số văn bản, điện thoại, mã số thuế, serial, lời trong văn bản\
         <input type=\"search\" name=\"q\" value=\"{}\" autofocus></label>\n<button>Tìm</button>\n</div>\n\
         <details{}>\n<summary>Điều kiện lọc và thứ tự</summary>\n<div class=\"filters\">\n{}{}{}{}{}{}{}{}{}{}</div>\n</details>\n</form>\n",
        value("q"),
        if filtered { " open" } else { "" },
        input("tu", "date", ""),
        input("den", "date", ""),
        input("nhan_tu", "date", ""),
        input("nhan_den", "date", ""),
        input("ket_thuc", "text", "đồng ý, từ chối…"),
        input("bo_phan", "text", ""),
        choice("hinh_thuc", &channels),
        input("thoi_han", "text", "15 năm"),
        choice(
            "tinh_trang",
            &[
                ("", "bất kỳ"),
                ("da-luu", "đã lưu"),
                ("mo-lai", "đang mở lại"),
                ("tam-dung-huy", "tạm dừng hủy"),
                ("da-huy", "đã hủy")
            ]
        ),
        choice("xep", &[("", "hợp lời tìm nhất"), ("ngay", "lưu sau đứng trước"), ("ten", "theo tên người khiếu nại")]),
    )
}

fn results(asked: &Asked, found: &Hits, gone: &[Tombstone]) -> String {
    let mut out = String::new();
    let from = (asked.page - 1) * ON_A_PAGE;
    if found.hits.len() <= from && gone.is_empty() {
        return "<p class=\"count\" role=\"status\">Không tìm thấy hồ sơ nào. Thử bớt từ, gõ một phần tên (nguyen huong), hoặc chữ đầu của từ kèm dấu sao (huo*); xem lại các điều kiện lọc.</p>\n".to_owned();
    }
    let total = if found.is_more { format!("hơn {}", found.total) } else { found.total.to_string() };
    if found.total > 0 {
        let last = found.hits.len();
        let shown =
            if found.total > ON_A_PAGE as u64 { format!(", từ {} đến {last}", from + 1) } else { String::new() };
        out.push_str(&format!("<p class=\"count\" role=\"status\">Tìm thấy {total} hồ sơ{shown}.</p>\n"));
    }
    out.push_str("<ol class=\"hits\">\n");
    for stone in gone.iter().filter(|_| asked.page == 1) {
        out.push_str(&format!(
            "<li class=\"gone\"><h2><b class=\"code\">{}</b> đã hủy ngày {} theo {}</h2></li>\n",
            escape(&stone.code),
            day(stone.at.date_naive()),
            escape(&stone.disposal)
        ));
    }
    found.hits.iter().skip(from).for_each(|hit| out.push_str(&one(hit)));
    out.push_str("</ol>\n");
    let is_last = u64::try_from(found.hits.len()).is_ok_and(|shown| shown >= found.total) && !found.is_more;
    out.push_str("<p class=\"pages\">");
    if asked.page > 1 {
        out.push_str(&format!("<a href=\"{}\" rel=\"prev\">Trang trước</a>", escape(&asked.address(asked.page - 1))));
    }
    if !is_last && asked.page < PAGES {
        out.push_str(&format!("<a href=\"{}\" rel=\"next\">Trang sau</a>", escape(&asked.address(asked.page + 1))));
    }
    out.push_str("</p>\n");
    out
}

/// What lies in the archive beside the files its journal names: copies of what was found, and of what is destroyed.
fn elsewhere(refreshed: &Refreshed, found: &Hits) -> String {
    let of_hit = |stray: &&Stray| found.hits.iter().any(|hit| hit.code == stray.code);
    let strays = refreshed.strays.iter().filter(of_hit).map(|Stray { path, code, registered }| {
        format!("Tệp {path} cũng ghi là hồ sơ {code}, nhưng sổ lưu trữ ghi hồ sơ ấy ở {registered}.")
    });
    let remains =
        refreshed.remains.iter().map(|(path, code)| format!("Hồ sơ {code} đã hủy, còn bản sao ở {path}: xóa."));
    let told = strays.chain(remains).map(|line| format!("<p class=\"wrong\">{}</p>\n", escape(&line)));
    told.collect()
}

fn one(hit: &Hit) -> String {
    let version = if hit.version > 1 { format!(" (phiên bản {})", hit.version) } else { String::new() };
    let mut tags = String::new();
    if hit.state == Standing::Reopened {
        tags.push_str(" <span class=\"tag\">đang mở lại</span>");
    }
    if !hit.is_registered {
        tags.push_str(" <span class=\"tag bad\">không có trong sổ lưu trữ, không chứng minh được</span>");
    }
    if !hit.holds.is_empty() {
        tags.push_str(" <span class=\"tag hold\">tạm dừng hủy</span>");
    }
    let snippet = hit.snippet.as_ref().filter(|snippet| snippet.text != hit.title);
    let snippet =
        snippet.map(|snippet| format!("<p>“{}”</p>\n", marked(&snippet.text, &snippet.marks))).unwrap_or_default();
    let mut facts = Vec::new();
    if !hit.end.is_empty() {
        facts.push(format!("kết thúc: {}", hit.end));
    }
    facts.extend(hit.received.map(|on| format!("đến ngày {}", day(on))));
    facts.extend(hit.closed.map(|on| format!("lưu ngày {}", day(on))));
    if !hit.letters.is_empty() {
        let more = if hit.letters.len() > LETTERS {
            format!(" và {} văn bản khác", hit.letters.len() - LETTERS)
        } else {
            String::new()
        };
        let named: Vec<&str> = hit.letters.iter().take(LETTERS).map(String::as_str).collect();
        facts.push(format!("văn bản: {}{more}", named.join(", ")));
    }
    format!(
        "<li><h2><a href=\"/ho-so/{}?v={}\">{}</a>{version} {}{tags}</h2>\n{snippet}<p class=\"hint\">{}</p></li>\n",
        encoded(&hit.code),
        hit.version,
        escape(&hit.code),
        marked(&hit.title, &hit.title_marks),
        escape(&capitalised(&facts.join("; ")))
    )
}
