//! `hoso form check` and `hoso form preview`: for those who change forms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::{Context, Error, Outcome, explain, register};
use crate::batch::declaration::ENDING as DECLARATION;
use crate::cli::FormPreview;
use crate::diagnostic::Diagnostic;
use crate::form::{FormSet, trial};
use crate::layout::lay_out;
use crate::letter::{self, LetterId, LetterKind, Mode, Prepared};
use crate::pipeline::read::{self, Read, Reading};
use crate::pipeline::{issue, render, unfit};
use crate::watch::{Folder, Wake};
use crate::workspace::Workspace;
use crate::{case::CaseCode, fs, pdf};

/// How long a preview waits before it looks at the files again by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long the files must lie still before they are read.
const STILL: Duration = Duration::from_millis(100);

/// JSON of `hoso form check`.
#[derive(Serialize)]
struct Checked {
    forms: Vec<String>,
    errors: usize,
    warnings: usize,
    findings: Vec<Diagnostic>,
}

/// JSON of `hoso form preview`: of each rendering where it watches.
#[derive(Serialize)]
struct Previewed {
    form: String,
    case: Option<String>,
    file: Option<PathBuf>,
    pages: usize,
    findings: Vec<Diagnostic>,
}

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let (forms, findings) = match context.workspace() {
        Ok(workspace) => {
            let mut findings = workspace.forms.unused().to_vec();
            findings.extend(workspace.style.departures(&workspace.style_text));
            let batches: Vec<&str> = workspace.forms.batch_names().collect();
            findings.extend(trial::findings(
                &workspace.forms,
                &LetterKind::ALL,
                &batches,
                &workspace.style,
                &workspace.fonts,
            ));
            (workspace.forms.names().map(str::to_owned).collect(), findings)
        }
        // What keeps the forms from being loaded is what the check is for.
        Err(Error::Findings(findings)) => (Vec::new(), findings),
        Err(other) => return Err(other),
    };
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    if context.global.json {
        context.json(&Checked { forms, errors, warnings, findings })?;
        return Ok(Outcome::of(errors > 0));
    }
    if !findings.is_empty() {
        context.say(&context.draw(&findings))?;
    }
    context.say(&match (forms.len(), errors, warnings) {
        (0, ..) => format!("Chưa nạp được biểu mẫu: {errors} lỗi, {warnings} cảnh báo. Sửa xong rồi soát lại."),
        (forms, 0, 0) => format!("{forms} biểu mẫu, không có lỗi."),
        (forms, ..) => format!("{forms} biểu mẫu: {errors} lỗi, {warnings} cảnh báo."),
    })?;
    Ok(Outcome::of(errors > 0))
}

pub(super) fn preview(context: &Context, args: &FormPreview) -> Result<Outcome, Error> {
    let target = target_of(&context.directory(), &args.form)?;
    if let (Target::Batch(name), Some(_)) = (&target, &args.case) {
        let message = format!("{name} là mẫu hàng loạt, không lấy dữ liệu của một hồ sơ.");
        return Err(Error::Plain(message, "Bỏ --case để xem với dữ liệu ví dụ.".to_owned()));
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.xem-thu.pdf", target.stem())));
    if !args.watch {
        let previewed = once(context, args, &target, &out)?;
        let faulty = previewed.findings.iter().any(Diagnostic::is_error);
        show(context, &previewed)?;
        return Ok(Outcome::of(faulty));
    }
    let root = context.directory();
    let mut folder = Folder::open_forms(&root.join("forms"))
        .map_err(|error| Error::Plain(format!("{error}."), "Thử chạy lại.".to_owned()))?;
    if !context.global.json {
        context.say(&format!("Theo dõi {}. Dừng bằng Ctrl-C.", root.join("forms").display()))?;
    }
    let case = args.case.as_ref().and_then(|code| Some(context.workspace().ok()?.case_file(code)));
    let mut seen = None;
    loop {
        folder.listen();
        let mut now = state(&root, case.as_deref());
        if seen.as_ref() != Some(&now) {
            // An editor empties a file before it fills it.
            while seen.is_some() && {
                std::thread::sleep(STILL);
                let later = state(&root, case.as_deref());
                std::mem::replace(&mut now, later.clone()) != later
            } {}
            seen = Some(now);
            match once(context, args, &target, &out) {
                Ok(previewed) => show(context, &previewed)?,
                Err(Error::Output(error)) => return Err(Error::Output(error)),
                Err(error) => super::report(&error, context.global.json),
            }
        }
        if folder.wait(LOOK_AGAIN) == Wake::Stop {
            return Ok(Outcome::Fine);
        }
    }
}

/// What a form makes.
enum Target {
    Letter(LetterKind),
    /// The letters of a batch, by the form's name without ending.
    Batch(String),
}

impl Target {
    fn stem(&self) -> &str {
        match self {
            Self::Letter(kind) => kind.stem(),
            Self::Batch(name) => name,
        }
    }
}

/// What a form is for: its name with or without folder and ending.
fn target_of(root: &Path, form: &str) -> Result<Target, Error> {
    let name = Path::new(form).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(".xml").unwrap_or(&name);
    if let Some(kind) = LetterKind::ALL.into_iter().find(|kind| kind.stem() == stem) {
        return Ok(Target::Letter(kind));
    }
    let builtin = FormSet::builtin();
    let declared = || !stem.is_empty() && root.join("forms").join(format!("{stem}{DECLARATION}")).is_file();
    if builtin.declaration(stem).is_some() || declared() {
        return Ok(Target::Batch(stem.to_owned()));
    }
    Err({
        let letters = LetterKind::ALL.iter().map(|kind| kind.stem());
        let known: Vec<&str> = letters.chain(builtin.batch_names()).collect();
        let message = match name.as_str() {
            "goc" | "goc.xml" => "goc.xml là khung chung, không tự thành văn bản.".to_owned(),
            "thu-tra-loi" | "thu-tra-loi.txt" => "thu-tra-loi.txt là thư điện tử, không in ra trang.".to_owned(),
            _ => format!("Không có biểu mẫu “{form}”."),
        };
        Error::Plain(message, format!("Xem thử được: {}.", known.join(", ")))
    })
}

/// Renders the form once; what is wrong with it is told, not returned as an error.
fn once(context: &Context, args: &FormPreview, target: &Target, out: &Path) -> Result<Previewed, Error> {
    let case = args.case.as_ref().map(ToString::to_string);
    let form = format!("{}.xml", target.stem());
    let mut previewed = Previewed { form, case, file: None, pages: 0, findings: Vec::new() };
    let workspace = match context.workspace() {
        Ok(workspace) => workspace,
        Err(Error::Findings(findings)) => return Ok(Previewed { findings, ..previewed }),
        Err(other) => return Err(other),
    };
    let kind = match target {
        Target::Letter(kind) => *kind,
        Target::Batch(name) => return batch_once(&workspace, name, previewed, out),
    };
    previewed.findings = trial::findings(&workspace.forms, &[kind], &[], &workspace.style, &workspace.fonts);
    let (prepared, reading) = match &args.case {
        Some(code) => {
            let (prepared, reading) = of_case(&workspace, code, kind)?;
            (prepared, Some(reading))
        }
        None => (example(kind), None),
    };
    match render::render(&workspace, &prepared, reading.as_deref()) {
        Ok(rendered) => {
            fs::write(out, &rendered.bytes)?;
            previewed.pages = rendered.pages;
            previewed.file = Some(out.to_owned());
        }
        Err(unfit) => previewed.findings.extend(unfit::findings(unfit)),
    }
    Ok(previewed)
}

/// A letter of a batch, filled with examples.
fn batch_once(workspace: &Workspace, name: &str, mut previewed: Previewed, out: &Path) -> Result<Previewed, Error> {
    let Workspace { forms, style, fonts, .. } = workspace;
    previewed.findings = trial::findings(forms, &[], &[name], style, fonts);
    let view = trial::batch_example(forms, name).unwrap_or_default();
    // What goes wrong below was found above, with its place.
    let Ok(document) = forms.document_of(&previewed.form, &view) else { return Ok(previewed) };
    let Ok(layout) = lay_out(&document, style, fonts) else { return Ok(previewed) };
    let metadata = pdf::Metadata::of(&document, render::at_midnight(None));
    if let Ok(bytes) = pdf::export(&layout, fonts, &metadata) {
        fs::write(out, &bytes)?;
        previewed.pages = layout.pages.len();
        previewed.file = Some(out.to_owned());
    }
    Ok(previewed)
}

/// A draft filled with examples.
fn example(kind: LetterKind) -> Prepared {
    let view = trial::example(kind);
    let title = view.get("tieu_de").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Prepared {
        id: LetterId::of(kind),
        mode: Mode::Draft,
        view,
        facts: BTreeMap::new(),
        missing: Vec::new(),
        subject: title.clone(),
        title,
        addressee: String::new(),
        signer_name: String::new(),
        date: None,
        number_text: None,
        email: None,
    }
}

/// A draft of the last letter of this kind in a case.
fn of_case(workspace: &Workspace, code: &CaseCode, kind: LetterKind) -> Result<(Prepared, Box<Reading>), Error> {
    let path = workspace.case_file(code);
    if !path.exists() {
        return Err(explain::no_case(workspace, code)?);
    }
    let reading = match read::read(workspace, &path) {
        Read::Case(reading) => reading,
        Read::Faulty { findings, .. } => return Err(Error::Findings(findings)),
    };
    let known = issue::known(&register::open(workspace)?, &reading.case, &reading.assessment);
    let due = reading.assessment.letters.iter().rev().find(|due| due.id.kind == kind);
    let id = due.map_or_else(|| LetterId::of(kind), |due| due.id.clone());
    let today = workspace.clock.today();
    letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, &id, Mode::Draft, today)
        .map(|prepared| (prepared, reading))
        .map_err(|why| Error::Plain(why.to_string(), "Bỏ --case để xem với dữ liệu ví dụ.".to_owned()))
}

/// Size and time of every file a preview depends on.
fn state(root: &Path, case: Option<&Path>) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root.join("forms"))
        .max_depth(1)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.push(root.join(crate::workspace::SETTINGS));
    files.extend(case.map(Path::to_owned));
    let look = |path: PathBuf| {
        let meta = path.metadata().ok()?;
        Some((path, (meta.len(), meta.modified().ok())))
    };
    files.into_iter().filter_map(look).collect()
}

fn show(context: &Context, previewed: &Previewed) -> Result<(), Error> {
    if context.global.json {
        return context.json_line(previewed);
    }
    if !previewed.findings.is_empty() {
        context.say(&context.draw(&previewed.findings))?;
    }
    context.say(&match &previewed.file {
        Some(file) => format!("Đã ghi {} ({} trang).", file.display(), previewed.pages),
        None => "Chưa ghi được bản xem thử; sửa các lỗi trên rồi lưu lại.".to_owned(),
    })
}
