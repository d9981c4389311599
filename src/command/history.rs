//! `hoso history …`: the versions kept of a case file.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::{Context, Error, Outcome};
use crate::cli::{History as Asked, HistoryRestore};
use crate::dossier::Dossier;
use crate::history::compare::{self, Fate, Line};
use crate::history::{self, History, Version};
use crate::pipeline::Failure;
use crate::pipeline::close;
use crate::workspace::Workspace;

impl From<history::Error> for Error {
    fn from(error: history::Error) -> Self {
        match error {
            history::Error::Io(error) => error.into(),
            other => Self::Plain(
                crate::letter::wording::capitalised(&format!("{other}.")),
                "Lấy lại .hoso từ bản sao lưu nếu cần bản ấy; các bản khác vẫn dùng được.".to_owned(),
            ),
        }
    }
}

/// The history of a case file, with its dossier behind it where the case was archived; never an empty one.
fn open(workspace: &Workspace, name: &str) -> Result<History, Error> {
    let history = History::open(workspace, name, dossier(workspace, name)?)?;
    if history.versions().is_empty() {
        return Err(Error::Plain(
            format!("Chưa giữ bản nào của hồ sơ {name}."),
            "Mỗi lần tệp hồ sơ được đọc trong một lượt (hoso build, hoso watch), bản đã lưu được giữ lại. Xem lại mã hồ sơ."
                .to_owned(),
        ));
    }
    Ok(history)
}

fn dossier(workspace: &Workspace, name: &str) -> Result<Option<Dossier>, Error> {
    // Opening the archive takes a lock, which is a file: not where nothing was ever archived.
    if !workspace.archive_journal().exists() {
        return Ok(None);
    }
    let _lock = workspace.lock()?;
    let archive = close::open_archive(workspace)?;
    let latest = archive.latest(name).map(|publication| Dossier::open(&archive.file(publication)));
    latest.transpose().map_err(|error| Failure::from(error).into())
}

fn version(history: &History, name: &str, number: u32) -> Result<Version, Error> {
    history.version(number).ok_or_else(|| {
        let of = |version: Option<&Version>| version.map_or(0, |version| version.number);
        let (first, last) = (of(history.versions().first()), of(history.versions().last()));
        Error::Plain(
            format!("Không có bản {number} của hồ sơ {name}; có các bản từ {first} đến {last}."),
            format!("Xem các bản bằng “hoso history {name}”."),
        )
    })
}

pub(super) fn run(context: &Context, args: &Asked) -> Result<Outcome, Error> {
    match (&args.command, &args.case, args.compare.as_slice()) {
        (Some(crate::cli::HistoryCommand::Restore(args)), _, _) => restore(context, args),
        (None, Some(case), []) => list(context, case),
        (None, Some(case), numbers) => differ(context, case, numbers),
        (None, None, _) => Ok(Outcome::Fine),
    }
}

/// JSON of `hoso history`.
#[derive(Serialize)]
struct Listed<'a> {
    case: &'a str,
    versions: Vec<Shown<'a>>,
    unreadable: usize,
}

/// A version in the JSON of `hoso history`.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    saved: DateTime<FixedOffset>,
    kept: DateTime<FixedOffset>,
    size: u64,
    sha256: &'a str,
    owner: Option<&'a str>,
    same_as: Option<u32>,
    intact: bool,
}

impl<'a> Shown<'a> {
    fn new(version: &'a Version, same_as: Option<u32>, intact: bool) -> Self {
        let Version { number, saved, kept, size, sha256, owner, .. } = version;
        let (saved, kept, size, owner) = (*saved, *kept, *size, owner.as_deref());
        Self { version: *number, saved, kept, size, sha256, owner, same_as, intact }
    }
}

fn list(context: &Context, case: &str) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let mut history = open(&workspace, case)?;
    let versions = history.versions().to_vec();
    let mut shown = Vec::new();
    for (index, version) in versions.iter().enumerate() {
        let intact = match history.content(version) {
            Ok(_) => true,
            Err(history::Error::Lost(_)) => false,
            Err(error) => return Err(error.into()),
        };
        let same = versions[..index].iter().find(|earlier| earlier.sha256 == version.sha256);
        shown.push(Shown::new(version, same.map(|same| same.number), intact));
    }
    let unreadable = history.unreadable();
    let damaged = unreadable > 0 || shown.iter().any(|version| !version.intact);
    if context.global.json {
        context.json(&Listed { case, versions: shown, unreadable })?;
        return Ok(Outcome::of(damaged));
    }
    let mut lines = vec![context.bold(&format!("Các bản của hồ sơ {case}:"))];
    lines.extend(shown.iter().map(|version| row(context, version)));
    if unreadable > 0 {
        lines.push(context.red(&format!("{unreadable} dòng của danh sách không đọc được nữa.")));
    }
    let [.., before, last] = versions.as_slice() else {
        context.say(&lines.join("\n"))?;
        return Ok(Outcome::of(damaged));
    };
    lines.push(format!("So hai bản: hoso history {case} --compare {} {}", before.number, last.number));
    lines.push(format!("Lấy lại một bản: hoso history restore {case} {}", before.number));
    context.say(&lines.join("\n"))?;
    Ok(Outcome::of(damaged))
}

fn row(context: &Context, version: &Shown<'_>) -> String {
    let mut line = format!("  bản {:>3}  lưu {}", version.version, when(version.saved));
    let _ = write!(line, "  {:>7} byte", version.size);
    if let Some(owner) = version.owner {
        let _ = write!(line, "  chủ tệp {owner}");
    }
    if let Some(same) = version.same_as {
        let _ = write!(line, "  giống bản {same}");
    }
    if !version.intact {
        let _ = write!(line, "  {}", context.red("nội dung đã mất hoặc bị hỏng"));
    }
    line
}

fn when(time: DateTime<FixedOffset>) -> String {
    time.format("%H:%M:%S ngày %d/%m/%Y").to_string()
}

/// JSON of `hoso history --compare`.
#[derive(Serialize)]
struct Compared<'a> {
    case: &'a str,
    from: u32,
    to: u32,
    /// The same bytes.
    identical: bool,
    groups: Vec<Vec<Line>>,
}

fn differ(context: &Context, case: &str, numbers: &[u32]) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let mut history = open(&workspace, case)?;
    let last = history.versions().last().map_or(1, |version| version.number);
    let from = version(&history, case, numbers.first().copied().unwrap_or(last))?;
    let to = version(&history, case, numbers.get(1).copied().unwrap_or(last))?;
    let (old, new) = (history.content(&from)?, history.content(&to)?);
    let groups = compare::compare(&compare::text(&old), &compare::text(&new));
    let identical = old == new;
    if context.global.json {
        context.json(&Compared { case, from: from.number, to: to.number, identical, groups })?;
        return Ok(Outcome::Fine);
    }
    let named = |version: &Version| format!("bản {} (lưu {})", version.number, when(version.saved));
    let mut lines = vec![context.bold(&format!("{case}: {} so với {}", named(&from), named(&to)))];
    if groups.is_empty() {
        let said = if identical {
            "Hai bản giống hệt nhau."
        } else {
            "Từng dòng giống nhau; chỉ khác cách ghi chữ hay dấu xuống dòng."
        };
        lines.push(said.to_owned());
        context.say(&lines.join("\n"))?;
        return Ok(Outcome::Fine);
    }
    lines.push(format!(
        "Dấu - là dòng chỉ có ở bản {}, dấu + là dòng chỉ có ở bản {}; số là số dòng.",
        from.number, to.number
    ));
    for group in &groups {
        lines.push(String::new());
        lines.extend(group.iter().map(|line| match line.fate {
            Fate::Same => format!("  {:>4}  {}", line.number, line.text),
            Fate::Removed => context.red(&format!("- {:>4}  {}", line.number, line.text)),
            Fate::Added => context.bold(&format!("+ {:>4}  {}", line.number, line.text)),
        }));
    }
    let count = |fate: Fate| groups.iter().flatten().filter(|line| line.fate == fate).count();
    lines.push(String::new());
    lines.push(format!("{} dòng bớt, {} dòng thêm.", count(Fate::Removed), count(Fate::Added)));
    context.say(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}

/// JSON of `hoso history restore`.
#[derive(Serialize)]
struct Restored<'a> {
    case: &'a str,
    version: u32,
    file: String,
    newly: bool,
}

fn restore(context: &Context, args: &HistoryRestore) -> Result<Outcome, Error> {
    let workspace = context.workspace()?;
    let case = args.case.as_str();
    let mut history = open(&workspace, case)?;
    let version = version(&history, case, args.version)?;
    let bytes = history.content(&version)?;
    if !workspace.cases().is_dir() {
        return Err(Error::Plain(
            format!("Không thấy thư mục hồ sơ {}.", workspace.show(workspace.cases())),
            "Kiểm tra ổ mạng đã nối chưa rồi chạy lại.".to_owned(),
        ));
    }
    let (path, newly) = history::lay_copy(&workspace, case, version.number, &bytes)?;
    let file = workspace.show(&path);
    if context.global.json {
        context.json(&Restored { case, version: version.number, file, newly })?;
        return Ok(Outcome::Fine);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let said = if newly { "Đã chép bản" } else { "Đã có sẵn bản" };
    context.say(&format!(
        "{said} {} (lưu {}) ở {file}. Tệp {case}.yaml không bị đụng đến.\n\
         Việc cần làm: mở {name} và {case}.yaml cạnh nhau, chép phần còn cần sang {case}.yaml rồi lưu. Muốn lấy nguyên bản này: chép \
         toàn bộ nội dung sang {case}.yaml (chưa có tệp ấy thì đổi tên tệp chép thành {case}.yaml). Xong thì xóa {name}.",
        version.number,
        when(version.saved),
    ))?;
    Ok(Outcome::Fine)
}
