//! One case file → what it says, what is wrong with it, and where the case stands.

use std::collections::BTreeSet;
use std::path::Path;

use crate::case::evidence::{self, Folder};
use crate::case::parse::{Parsed, Rest};
use crate::case::places::Places;
use crate::case::value::Value;
use crate::case::{Case, CaseCode, Gaps, meaning, parse};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::fs;
use crate::history::Origin;
use crate::pipeline::scan::{self, MAX_FILE};
use crate::pipeline::twin;
use crate::procedure::{self, Assessment};
use crate::workspace::{self, CaseFolder, Workspace};

/// A case file that could be read as a case.
#[derive(Debug)]
pub struct Reading {
    /// Its code.
    pub code: CaseCode,
    /// The file as messages name it.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The facts.
    pub case: Case,
    /// Where they stand in the file.
    pub places: Places,
    /// What is wrong or remarkable.
    pub findings: Vec<Diagnostic>,
    /// Where the case stands.
    pub assessment: Assessment,
    /// Seconds the file has lain untouched; negative when its time lies ahead of this machine's clock.
    pub untouched: i64,
}

impl Reading {
    /// Whether an error bars issuing and closing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }

    /// Digests of what tells this case from others, whatever its code: who complained and when, the complaint's text, the
    /// certificate, the sender's paper. A case under another code shares some of them even after an edit.
    #[must_use]
    pub fn marks(&self) -> BTreeSet<String> {
        let Some(intake) = &self.case.intake else { return BTreeSet::new() };
        let name = self.case.complainant.as_ref().and_then(|c| c.name.as_ref()).map(ToString::to_string);
        let joined =
            |parts: [Option<String>; 2]| parts.into_iter().collect::<Option<Vec<_>>>().map(|parts| parts.join("\0"));
        let marks = [
            joined([name.clone(), intake.arrived.map(|date| date.to_string())]),
            joined([name.clone(), intake.content.as_ref().map(ToString::to_string)]),
            joined([name, intake.serial.as_ref().map(ToString::to_string)]),
        ];
        marks
            .into_iter()
            .enumerate()
            .filter_map(|(kind, mark)| Some(fs::sha256(format!("{kind}\0{}", mark?).as_bytes())))
            .collect()
    }
}

/// What came of reading a case file.
#[derive(Debug)]
pub enum Read {
    /// A case.
    Case(Box<Reading>),
    /// No case: only findings. The code is the one the file name gives.
    Faulty {
        /// Name of the file without its ending.
        stem: String,
        /// The file as messages name it.
        file: String,
        /// What is wrong.
        findings: Vec<Diagnostic>,
    },
}

impl Read {
    /// The case, if it is one.
    pub fn case(&mut self) -> Option<&mut Reading> {
        if let Self::Case(reading) = self { Some(reading) } else { None }
    }

    pub(super) fn findings_mut(&mut self) -> &mut Vec<Diagnostic> {
        match self {
            Self::Case(reading) => &mut reading.findings,
            Self::Faulty { findings, .. } => findings,
        }
    }

    /// What is wrong or remarkable.
    #[must_use]
    pub fn into_findings(self) -> Vec<Diagnostic> {
        match self {
            Self::Case(reading) => reading.findings,
            Self::Faulty { findings, .. } => findings,
        }
    }
}

/// The bytes of a case file.
#[derive(Debug)]
pub struct Raw {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Seconds the file has lain untouched; negative when its time lies ahead of this machine's clock.
    pub untouched: i64,
    /// What the system tells of the file.
    pub origin: Origin,
}

/// Why a file gave no bytes.
#[derive(Debug)]
pub enum Refusal {
    /// It is none that can be read as a case file.
    Unfit(Box<Diagnostic>),
    /// The system refused; that may pass.
    System(std::io::Error),
}

impl Refusal {
    /// What a clerk is told.
    #[must_use]
    pub fn finding(self) -> Diagnostic {
        match self {
            Self::Unfit(finding) => *finding,
            Self::System(error) => Diagnostic::error(
                code::UNREADABLE,
                format!("Không đọc được tệp: {}.", fs::reason(&error)),
            )
            .hint("Kiểm tra quyền đọc, và xem có chương trình nào đang giữ tệp này không. Chương trình sẽ tự thử lại."),
        }
    }
}

/// Reads and assesses one case file. Never fails: what is wrong becomes findings.
#[must_use]
pub fn read(workspace: &Workspace, path: &Path) -> Read {
    if let Some(finding) = by_name(path) {
        return faulty(workspace, path, finding);
    }
    match raw(path) {
        Ok(raw) => of(workspace, path, raw),
        Err(refusal) => faulty(workspace, path, refusal.finding()),
    }
}

/// A file of which only a finding is known.
#[must_use]
pub fn faulty(workspace: &Workspace, path: &Path, finding: Diagnostic) -> Read {
    let file = workspace.show(path);
    Read::Faulty { stem: stem_of(path), findings: vec![finding.in_file(&file)], file }
}

/// What a note about a file is called by: its name without the ending of case files; the whole name of others, so that a note
/// about one of two files with one code does not take the place of the other's.
fn stem_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    super::memory::stem(&name).to_owned()
}

/// What is wrong with a file by its name alone.
#[must_use]
pub fn by_name(path: &Path) -> Option<Diagnostic> {
    if let Some(finding) = twin::by_name(path) {
        return Some(finding);
    }
    let wrong = || {
        let name = path.with_extension("yaml").file_name().map(|name| name.to_string_lossy().into_owned());
        let right = twin::meant(path).map(|code| format!("{code}.yaml")).or(name).unwrap_or_default();
        Diagnostic::error(code::NAME_DIFFERS, "Tên tệp hồ sơ phải có đuôi .yaml, chữ thường.")
            .hint(format!("Đổi tên tệp thành {right}."))
    };
    path.extension().is_none_or(|ending| ending != "yaml").then(wrong)
}

/// Assesses a case file from its bytes.
#[must_use]
pub fn of(workspace: &Workspace, path: &Path, raw: Raw) -> Read {
    let Raw { bytes, untouched, .. } = raw;
    let (file, stem) = (workspace.show(path), stem_of(path));
    if let Some(link) = linked_folder(workspace, path) {
        return faulty(workspace, path, evidence::link_refused(&link));
    }
    let Parsed { case, rest, remarks, code_hint, mut findings, places } = parse::parse(&bytes, &file);
    let renamed = code_hint
        .filter(|code| code.as_str() != stem)
        .map(|code| twin::by_code(path, &code, &places).unwrap_or_else(|| name_differs(&places, &stem, &code)));
    let named = renamed.is_none();
    findings.extend(renamed);
    let sound = case.is_some();
    let Some(Rest { case, gaps }) = case.map(|case| Rest { case, gaps: Gaps::default() }).or(rest) else {
        findings.extend(remarks);
        findings.sort_by_key(|finding| (finding.span.is_none(), finding.span));
        return Read::Faulty { stem, file, findings };
    };
    let today = workspace.clock.today();
    let assessment = procedure::assess(&case, &workspace.calendar, &workspace.settings, today);
    findings.extend(meaning::examine(&case, &gaps, &places, today, &workspace.settings, &assessment));
    if named {
        let folder = CaseFolder { root: path.with_extension("") };
        findings.extend(examine_files(&folder, &case, &gaps, &places));
    }
    if !sound || !named {
        findings.sort_by_key(|finding| finding.span);
        return Read::Faulty { stem, file, findings };
    }
    Read::Case(Box::new(Reading {
        code: case.code.clone(),
        file,
        bytes,
        case,
        places,
        findings,
        assessment,
        untouched,
    }))
}

fn name_differs(places: &Places, stem: &str, code: &CaseCode) -> Diagnostic {
    // A name that is another code may be the right one; any other name is none.
    let hint = if CaseCode::parse(stem).is_ok_and(|named| named != *code) {
        "Sửa cho hai chỗ giống nhau: đổi tên tệp hoặc ghi lại ma_ho_so. Hồ sơ đã có văn bản ban hành thì giữ mã cũ."
            .to_owned()
    } else {
        format!("Đổi tên tệp thành {code}.yaml; ma_ho_so giữ nguyên.")
    };
    let message = format!("Tên tệp là “{stem}” nhưng ma_ho_so ghi “{code}”.");
    places.finding(code::NAME_DIFFERS, Severity::Error, "ma_ho_so", message, hint)
}

/// The case's folder or one of its own, where a link stands in its place: nothing is read or written through it.
fn linked_folder(workspace: &Workspace, file: &Path) -> Option<String> {
    let folder = CaseFolder { root: file.with_extension("") };
    let places = [folder.root.clone(), folder.evidence(), folder.signed(), folder.letters(), folder.drafts()];
    places.iter().find(|place| place.is_symlink()).map(|place| workspace.show(place))
}

/// The bytes of a case file.
///
/// # Errors
/// See [`Refusal`].
pub fn raw(path: &Path) -> Result<Raw, Refusal> {
    let refuse =
        |message: &str, hint: &str| Refusal::Unfit(Box::new(Diagnostic::error(code::UNREADABLE, message).hint(hint)));
    let meta = std::fs::symlink_metadata(path).map_err(Refusal::System)?;
    if meta.is_dir() {
        return Err(refuse(
            "Đây là thư mục, không phải tệp hồ sơ.",
            "Đổi tên thư mục này: bỏ đuôi .yaml. Thư mục của hồ sơ mang tên đúng mã hồ sơ.",
        ));
    }
    if !meta.is_file() {
        return Err(refuse("Đây không phải tệp thường (lối tắt hoặc tệp đặc biệt).", "Chép chính tệp hồ sơ vào đây."));
    }
    if meta.len() > MAX_FILE {
        return Err(Refusal::Unfit(Box::new(
            Diagnostic::error(
                code::FILE_TOO_LARGE,
                format!("Tệp lớn {} KB; tệp hồ sơ không quá {} KB.", meta.len() / 1024, MAX_FILE / 1024),
            )
            .hint("Để tài liệu dài thành tệp riêng trong thư mục dinh-kem, trong tệp hồ sơ chỉ ghi dữ kiện."),
        )));
    }
    let untouched = meta.modified().map_or(0, workspace::age);
    let bytes = std::fs::read(path).map_err(Refusal::System)?;
    Ok(Raw { bytes, untouched, origin: Origin::of(&meta) })
}

/// Findings on files: named but not there, there but not named (where all names can be read), links.
fn examine_files(folder: &CaseFolder, case: &Case, gaps: &Gaps, places: &Places) -> Vec<Diagnostic> {
    let named = evidence::named_files(case);
    let mut findings = Vec::new();
    for (kind, dir) in [(Folder::Attachments, folder.evidence()), (Folder::Signed, folder.signed())] {
        let present = match scan::attachments(&dir) {
            Ok(present) => present,
            Err(error) => {
                let message = format!("Chưa xem được giấy tờ của hồ sơ: {error}.");
                let hint = "Kiểm tra ổ đĩa hoặc đường mạng. Chương trình tự xem lại.";
                findings.push(Diagnostic::error(code::DISK, message).in_file(places.file()).hint(hint));
                continue;
            }
        };
        for link in present.iter().filter(|a| a.is_link) {
            findings.push(evidence::link_refused(&link.name).in_file(places.file()));
        }
        for wanted in named.iter().filter(|n| n.folder == kind) {
            if scan::named(&present, &wanted.name).is_none() {
                findings.push(evidence::missing_file(places, &wanted.path, &wanted.name, kind));
            }
        }
        let meant: Vec<_> =
            named.iter().filter(|n| n.folder == kind).filter_map(|n| scan::named(&present, &n.name)).collect();
        for unnamed in present.iter().filter(|a| gaps.is_empty() && !a.is_link && !meant.contains(a)) {
            findings.push(evidence::unnamed_file(&unnamed.name, kind).in_file(places.file()));
        }
    }
    findings
}
