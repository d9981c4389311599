//! `hoso archive find` and `reindex`.

use std::ops::Range;
use std::sync::Once;

use serde::Serialize;

use crate::catalogue::{Catalogue, Filter, Found, Hit, Hits, Refreshed, Sort, State, Stray, Tombstone};
use crate::cli::{ArchiveFind, FindSort, FindState};
use crate::command::progress::Progress;
use crate::command::{Context, Error, Outcome, sheet};
use crate::diagnostic::{Diagnostic, code};
use crate::workspace::Folders;

/// JSON of `hoso archive find`.
#[derive(Serialize)]
struct Listed<'a> {
    total: u64,
    more: bool,
    hits: Vec<Row<'a>>,
    destroyed: Vec<Stone>,
    findings: Vec<Diagnostic>,
}

/// What is left of a dossier that is destroyed.
#[derive(Serialize)]
struct Stone {
    code: String,
    disposal: String,
    destroyed: String,
}

/// A dossier found, as JSON and as a line of CSV.
#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    version: u32,
    complainant: &'a str,
    title: &'a str,
    end: &'a str,
    channel: Option<&'a str>,
    units: Vec<&'a str>,
    retention: &'a str,
    received: Option<String>,
    closed: Option<String>,
    letters: Vec<&'a str>,
    state: &'static str,
    registered: bool,
    holds: Vec<&'a str>,
    file: String,
    snippet: Option<&'a str>,
}

const HEADINGS: [&str; 16] = [
    "Mã hồ sơ",
    "Phiên bản",
    "Người khiếu nại",
    "Tiêu đề",
    "Kết thúc",
    "Hình thức",
    "Bộ phận xác minh",
    "Thời hạn bảo quản",
    "Ngày đến",
    "Ngày lưu",
    "Văn bản",
    "Tình trạng",
    "Tạm dừng hủy",
    "Tệp",
    "Trích đoạn",
    "Sổ lưu trữ",
];

fn row<'a>(folders: &Folders, hit: &'a Hit) -> Row<'a> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    Row {
        code: &hit.code,
        version: hit.version,
        complainant: &hit.complainant,
        title: &hit.title,
        end: &hit.end,
        channel: hit.channel.as_deref(),
        units: hit.units.iter().map(String::as_str).collect(),
        retention: &hit.retention,
        received: day(hit.received),
        closed: day(hit.closed),
        letters: hit.letters.iter().map(String::as_str).collect(),
        state: match hit.state {
            State::Closed => "da_luu",
            State::Reopened => "mo_lai",
        },
        registered: hit.is_registered,
        holds: hit.holds.iter().map(String::as_str).collect(),
        file: folders.show(&folders.archive().join(&hit.path)),
        snippet: hit.snippet.as_ref().map(|snippet| snippet.text.as_str()),
    }
}

pub(super) fn run(context: &Context, args: &ArchiveFind) -> Result<Outcome, Error> {
    let text = args.words.join(" ");
    if let Some((charset, meant)) = crate::encoding::mistyped(&text) {
        return Err(Error::Plain(
            format!("Lời tìm gõ theo bảng mã cũ {}, không phải Unicode.", charset.name()),
            format!("Chuyển bộ gõ sang Unicode rồi gõ lại; ý bạn có phải là “{meant}”?"),
        ));
    }
    let folders = context.folders()?;
    let filter = Filter {
        closed_from: args.from,
        closed_to: args.to,
        received_from: args.received_from,
        received_to: args.received_to,
        end: args.end.clone(),
        unit: args.unit.clone(),
        channel: args.channel,
        retention: args.class.clone(),
        state: args.state.and_then(|state| match state {
            FindState::Closed => Some(State::Closed),
            FindState::Reopened => Some(State::Reopened),
            FindState::Held | FindState::Destroyed => None,
        }),
        held: args.state == Some(FindState::Held),
    };
    let sort = match args.sort {
        FindSort::Rank => Sort::Rank,
        FindSort::Date => Sort::Date,
        FindSort::Name => Sort::Name,
    };
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let only_destroyed = args.state == Some(FindState::Destroyed);
    let ask = |catalogue: &mut Catalogue| {
        let found = if only_destroyed {
            Hits { hits: Vec::new(), total: 0, is_more: false }
        } else {
            catalogue.search(&text, &filter, sort, limit)?
        };
        let asked = only_destroyed || (filter == Filter::default() && !text.trim().is_empty());
        let stones = if asked { catalogue.tombstones(&text)? } else { Vec::new() };
        let is_empty = found.hits.is_empty() && catalogue.is_empty()?;
        Ok((found, stones, is_empty))
    };
    let progress = Progress::new("hồ sơ", context.global.json);
    let ((found, stones, is_empty), refreshed) =
        with_progress(&progress, |progress| Catalogue::ask(&folders, progress, ask))?;
    let findings = told(&folders, &refreshed);
    if context.global.json {
        let hits = found.hits.iter().map(|hit| row(&folders, hit)).collect();
        let stone = |stone: &Tombstone| Stone {
            code: stone.code.clone(),
            disposal: stone.disposal.clone(),
            destroyed: stone.at.to_rfc3339(),
        };
        let destroyed = stones.iter().map(stone).collect();
        context.json(&Listed { total: found.total, more: found.is_more, hits, destroyed, findings })?;
        return Ok(Outcome::Fine);
    }
    tell(context, &refreshed, &findings);
    if args.csv {
        csv(&folders, &found)?;
    } else {
        let mut blocks: Vec<String> = stones.iter().map(|stone| gone(context, stone)).collect();
        if !found.hits.is_empty() || stones.is_empty() {
            blocks.insert(0, drawn(context, &folders, &found, is_empty && !only_destroyed));
        }
        context.say(&blocks.join("\n\n"))?;
    }
    Ok(Outcome::Fine)
}

pub(super) fn reindex(context: &Context) -> Result<Outcome, Error> {
    /// JSON of `hoso archive reindex`.
    #[derive(Serialize)]
    struct Reindexed {
        dossiers: u64,
        seconds: f64,
        findings: Vec<Diagnostic>,
    }
    let folders = context.folders()?;
    let progress = Progress::new("hồ sơ", context.global.json);
    let (catalogue, refreshed) = with_progress(&progress, |progress| Catalogue::rebuild(&folders, progress))?;
    let dossiers = catalogue.count()?;
    let findings = told(&folders, &refreshed);
    let has_errors = findings.iter().any(Diagnostic::is_error);
    if context.global.json {
        context.json(&Reindexed { dossiers, seconds: progress.seconds(), findings })?;
        return Ok(Outcome::of(has_errors));
    }
    if !findings.is_empty() {
        context.say(&context.draw(&findings))?;
    }
    context.say(&format!("Đã lập chỉ mục {dossiers} hồ sơ (tính cả các phiên bản cũ)."))?;
    Ok(Outcome::of(has_errors))
}

fn with_progress<T>(
    progress: &Progress,
    bring: impl FnOnce(crate::catalogue::Progress) -> crate::catalogue::Result<T>,
) -> Result<T, Error> {
    let started = Once::new();
    let brought = bring(&|more, all| {
        started.call_once(|| progress.start(all));
        progress.add(more);
    });
    progress.finish();
    Ok(brought?)
}

/// What the index lacks because it cannot be read, and what lies in the archive beside the files its journal names.
fn told(folders: &Folders, refreshed: &Refreshed) -> Vec<Diagnostic> {
    let place = |path: &str| folders.show(&folders.archive().join(path));
    let unread = |(path, why): &(String, String)| {
        Diagnostic::error(code::DOSSIER_NOT_INDEXED, format!("không tra cứu được hồ sơ này: {why}"))
            .in_file(place(path))
            .hint("Chạy “hoso archive verify” để xem chỗ hỏng, rồi khôi phục tệp từ bản sao lưu.")
    };
    let stray = |Stray { path, code, registered }: &Stray| {
        let message = format!("tệp ghi là hồ sơ {code}, nhưng sổ lưu trữ ghi hồ sơ ấy ở {}", place(registered));
        Diagnostic::warning(code::DOSSIER_UNKNOWN, message)
            .in_file(place(path))
            .hint("Bản sao thì chuyển ra ngoài kho lưu trữ; tệp bị chuyển chỗ thì đưa về chỗ cũ.")
    };
    let remains = |(path, code): &(String, String)| {
        Diagnostic::warning(code::DOSSIER_UNKNOWN, format!("hồ sơ {code} đã hủy, còn bản sao ở {}: xóa", place(path)))
            .in_file(place(path))
            .hint("Xóa tệp này. Nội dung của nó không được đưa vào chỉ mục tra cứu.")
    };
    let unread = refreshed.unread.iter().map(unread);
    unread.chain(refreshed.strays.iter().map(stray)).chain(refreshed.remains.iter().map(remains)).collect()
}

fn tell(context: &Context, refreshed: &Refreshed, findings: &[Diagnostic]) {
    use std::io::Write;
    let mut stderr = std::io::stderr().lock();
    let why = match refreshed.rebuilt {
        Some(Found::Broken) => Some("Chỉ mục tra cứu bị hỏng hoặc của bản hoso khác: đã lập lại từ các hồ sơ."),
        Some(Found::Missing) if refreshed.added > 0 => Some("Chưa có chỉ mục tra cứu: đã lập từ các hồ sơ."),
        _ => None,
    };
    if let Some(why) = why {
        let _ = writeln!(stderr, "{why}");
    }
    if !findings.is_empty() {
        let _ = writeln!(stderr, "{}", context.draw(findings));
    }
}

fn csv(folders: &Folders, found: &Hits) -> Result<(), Error> {
    let day = |day: Option<chrono::NaiveDate>| day.map(sheet::day).unwrap_or_default();
    let cells = |hit: &Hit| {
        let row = row(folders, hit);
        vec![
            row.code.to_owned(),
            row.version.to_string(),
            row.complainant.to_owned(),
            row.title.to_owned(),
            row.end.to_owned(),
            row.channel.unwrap_or_default().to_owned(),
            row.units.join("; "),
            row.retention.to_owned(),
            day(hit.received),
            day(hit.closed),
            row.letters.join("; "),
            row.state.to_owned(),
            row.holds.join("; "),
            row.file.clone(),
            row.snippet.unwrap_or_default().to_owned(),
            if row.registered { "có" } else { UNREGISTERED }.to_owned(),
        ]
    };
    sheet::csv(&HEADINGS, found.hits.iter().map(cells))
}

/// Letters shown of one dossier; a batch has thousands.
const LETTERS: usize = 6;
/// Of a file the archive's journal does not know.
const UNREGISTERED: &str = "không có trong sổ lưu trữ, không chứng minh được";

fn drawn(context: &Context, folders: &Folders, found: &Hits, is_empty: bool) -> String {
    if found.hits.is_empty() {
        return if is_empty {
            "Kho lưu trữ chưa có hồ sơ nào.".to_owned()
        } else {
            "Không tìm thấy hồ sơ nào.\nThử bớt từ, gõ một phần tên (nguyen huong), hoặc chữ đầu của từ kèm dấu sao (huo*); xem lại các điều kiện lọc."
                .to_owned()
        };
    }
    let count = match (found.is_more, found.total) {
        (true, total) => format!("hơn {total}"),
        (false, total) => total.to_string(),
    };
    let shown = if u64::try_from(found.hits.len()).is_ok_and(|shown| shown < found.total) {
        format!("; dưới đây là {} hồ sơ đầu (xem thêm: --limit)", found.hits.len())
    } else {
        String::new()
    };
    let hits: Vec<String> = found.hits.iter().map(|hit| one(context, folders, hit)).collect();
    format!("Tìm thấy {count} hồ sơ{shown}.\n\n{}", hits.join("\n\n"))
}

fn gone(context: &Context, stone: &Tombstone) -> String {
    format!(
        "{} — đã hủy ngày {} theo {}\n  Xem mã băm: hoso archive dispose certificate {}",
        context.bold(&stone.code),
        stone.at.format("%d/%m/%Y"),
        stone.disposal,
        stone.disposal
    )
}

fn one(context: &Context, folders: &Folders, hit: &Hit) -> String {
    let version = if hit.version > 1 { format!(" (phiên bản {})", hit.version) } else { String::new() };
    let state = if hit.state == State::Reopened { " — đang mở lại" } else { "" };
    let held =
        if hit.holds.is_empty() { String::new() } else { format!(" — tạm dừng hủy: {}", hit.holds.join(", ")) };
    let unknown = if hit.is_registered { String::new() } else { format!(" — {}", context.red(UNREGISTERED)) };
    let mut lines = vec![format!("{}{version}{state}{held}{unknown}", context.bold(&hit.code))];
    lines.push(format!("  {}", marked(context, &hit.title, &hit.title_marks)));
    if let Some(snippet) = hit.snippet.as_ref().filter(|snippet| snippet.text != hit.title) {
        lines.push(format!("  “{}”", marked(context, &snippet.text, &snippet.marks)));
    }
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.format("%d/%m/%Y").to_string());
    let channel = hit.channel.as_deref().and_then(|word| crate::case::Channel::ALL.iter().find(|c| c.word() == word));
    let facts: Vec<String> = [
        Some(hit.end.clone()).filter(|end| !end.is_empty()).map(|end| format!("kết thúc: {end}")),
        day(hit.received).map(|day| {
            format!("đến ngày {day}{}", channel.map(|channel| format!(" ({})", channel.text())).unwrap_or_default())
        }),
        day(hit.closed).map(|day| format!("lưu ngày {day}")),
        Some(hit.retention.clone())
            .filter(|text| !text.is_empty())
            .map(|text| format!("bảo quản: {}", text.to_lowercase())),
        (!hit.units.is_empty()).then(|| format!("xác minh: {}", hit.units.join(", "))),
    ]
    .into_iter()
    .flatten()
    .collect();
    lines.push(format!("  {}", crate::letter::wording::capitalised(&facts.join("; "))));
    if !hit.letters.is_empty() {
        let more = if hit.letters.len() > LETTERS {
            format!(" … ({} văn bản)", hit.letters.len())
        } else {
            String::new()
        };
        let first: Vec<&str> = hit.letters.iter().take(LETTERS).map(String::as_str).collect();
        lines.push(format!("  Văn bản: {}{more}", first.join(", ")));
    }
    lines.push(format!("  {}", folders.show(&folders.archive().join(&hit.path))));
    lines.join("\n")
}

fn marked(context: &Context, text: &str, marks: &[Range<usize>]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mark in marks {
        out.push_str(&text[at..mark.start]);
        out.push_str(&context.bold(&text[mark.clone()]));
        at = mark.end;
    }
    out.push_str(&text[at..]);
    out
}
