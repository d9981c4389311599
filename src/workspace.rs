//! Folders, settings, today: the only owner of folder names and of the clock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};

use crate::batch::declaration::ENDING;
use crate::calendar::{self, Calendar, Swaps};
use crate::case::{CaseCode, Flag};
use crate::diagnostic::{Diagnostic, code};
use crate::encoding;
use crate::font::FontSet;
use crate::form::{self, FormSet};
use crate::fs;
use crate::journal::Lock;
use crate::layout::Style;
use crate::settings::Settings;

pub mod editor;

/// Name of the settings file; a folder that holds one is a workspace.
pub const SETTINGS: &str = "hoso.yaml";

/// Folder of blank case files, beside the case files.
const BLANKS: &str = "_moi";

/// Why a workspace could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No settings file in the folder.
    #[error("{} không phải thư mục làm việc: không có tệp {SETTINGS}", .0.display())]
    NotAWorkspace(PathBuf),
    /// Settings, calendar, forms or style hold faults.
    #[error("cấu hình có lỗi")]
    Faulty(Vec<Diagnostic>),
    /// The file system refused.
    #[error(transparent)]
    Fs(#[from] fs::Error),
    /// A step that cannot be taken back was to be taken for a made-up day.
    #[error(
        "ngày đang dùng là ngày giả định (--today hoặc SOURCE_DATE_EPOCH), còn thư mục làm việc này dùng thật: hủy hồ sơ hay đặt, bỏ lệnh tạm dừng hủy theo ngày giả định có thể làm mất hồ sơ chưa hết hạn, và nhật ký ghi sai ngày mãi mãi"
    )]
    MadeUpDay,
    /// `SOURCE_DATE_EPOCH` is not a number of seconds.
    #[error("SOURCE_DATE_EPOCH phải là số giây, không phải “{0}”")]
    Epoch(String),
}

/// Time zone of the office: +07:00, whatever the system's.
#[must_use]
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap_or_else(|| unreachable!("+07:00 is a valid offset"))
}

/// Where the time comes from: `--today` before `SOURCE_DATE_EPOCH` before the system's clock.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// A fixed moment.
    Fixed(DateTime<FixedOffset>),
    /// The system's clock.
    System,
}

impl Clock {
    /// Chooses the clock.
    ///
    /// # Errors
    /// [`Error::Epoch`].
    pub fn new(today: Option<NaiveDate>) -> Result<Self, Error> {
        if let Some(today) = today {
            return Ok(Self::on(today));
        }
        match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(text) => {
                let at = text.trim().parse().ok().and_then(|seconds| zone().timestamp_opt(seconds, 0).single());
                at.map(Self::Fixed).ok_or(Error::Epoch(text))
            }
            Err(_) => Ok(Self::System),
        }
    }

    /// Eight in the morning of `today`.
    #[must_use]
    pub fn on(today: NaiveDate) -> Self {
        let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
        zone().from_local_datetime(&today.and_time(eight)).single().map_or(Self::System, Self::Fixed)
    }

    /// Now, in the office's zone, whole seconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the clock")]
    pub fn now(self) -> DateTime<FixedOffset> {
        use chrono::SubsecRound;
        match self {
            Self::Fixed(at) => at,
            Self::System => Utc::now().trunc_subsecs(0).with_timezone(&zone()),
        }
    }

    /// When a file was saved, in the office's zone, whole seconds. Where the clock is fixed, so is this: no time of the file
    /// system shows then.
    #[must_use]
    pub fn saved(self, modified: Option<SystemTime>) -> DateTime<FixedOffset> {
        use chrono::Datelike;
        let seconds = modified.filter(|_| matches!(self, Self::System)).map(|modified| {
            let since = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
            modified.duration_since(SystemTime::UNIX_EPOCH).map_or_else(|before| -since(before.duration()), since)
        });
        let at = seconds.and_then(|seconds| zone().timestamp_opt(seconds, 0).single());
        // A disk may claim any year; what cannot be written as a date is no time.
        at.filter(|at| (1..=9999).contains(&at.year())).unwrap_or_else(|| self.now())
    }

    /// Today, in the office's zone.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// Seconds since a file was last changed, by the system's clock; negative when that lies ahead.
#[must_use]
pub fn age(modified: SystemTime) -> i64 {
    let seconds = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    match machine_time().duration_since(modified) {
        Ok(past) => seconds(past),
        Err(ahead) => -seconds(ahead.duration()),
    }
}

/// This machine's clock: what the times of files are compared with, whatever day a command is run for.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the clock")]
pub fn machine_time() -> SystemTime {
    SystemTime::now()
}

/// The same in whole seconds since 1970.
#[must_use]
pub fn seconds_now() -> i64 {
    let since = machine_time().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Stamps of the files a workspace is loaded from: settings, calendar, forms, style, further fonts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    stamps: BTreeMap<PathBuf, fs::Stamp>,
    /// Some changed so short a while ago that another change could hide behind the same stamp.
    fresh: bool,
}

impl Sources {
    /// As they are now.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let now = machine_time();
        let below = ["lich", "forms"].into_iter().flat_map(|name| walkdir::WalkDir::new(root.join(name)).min_depth(1));
        let files = below.filter_map(Result::ok).map(walkdir::DirEntry::into_path).chain([root.join(SETTINGS)]);
        let stamps: BTreeMap<PathBuf, fs::Stamp> = files
            .filter_map(|path| Some((fs::Stamp::of(&std::fs::metadata(&path).ok()?), path)))
            .map(|(stamp, path)| (path, stamp))
            .collect();
        let fresh = stamps.values().any(|stamp| stamp.is_fresh(now));
        Self { stamps, fresh }
    }

    /// Whether what was loaded when they were like this still holds.
    #[must_use]
    pub fn holds(&self, now: &Self) -> bool {
        !self.fresh && self.stamps == now.stamps
    }
}

/// The folders of a workspace, and where everything lies in them. What only looks something up needs no more, and no forms, faces and
/// calendar loaded.
#[derive(Debug, Clone)]
pub struct Folders {
    root: PathBuf,
    cases: PathBuf,
    archive: PathBuf,
    state: PathBuf,
}

/// One workspace: its folders, settings and what is loaded from them.
#[derive(Debug)]
pub struct Workspace {
    folders: Folders,
    /// Settings.
    pub settings: Settings,
    /// Text of the settings file, for dossiers and snapshots.
    pub settings_text: String,
    /// Working days.
    pub calendar: Calendar,
    /// Forms, built in and overridden.
    pub forms: FormSet,
    /// Style of letters.
    pub style: Style,
    /// Text of the style, for snapshots.
    pub style_text: String,
    /// Faces.
    pub fonts: FontSet,
    /// The clock.
    pub clock: Clock,
    /// How many things are done at once.
    pub jobs: usize,
    digest: String,
    share: Option<fs::Place>,
}

impl std::ops::Deref for Workspace {
    type Target = Folders;

    fn deref(&self) -> &Folders {
        &self.folders
    }
}

impl Workspace {
    /// Opens the workspace in `root`.
    ///
    /// # Errors
    /// See [`Error`]; all faults of settings, calendar, style and forms come together.
    pub fn open(root: &Path, clock: Clock, jobs: usize) -> Result<Self, Error> {
        let (settings, settings_text) = read_settings(root)?;
        let mut faults = Vec::new();
        let mut keep = |found: Vec<Diagnostic>| faults.extend(found);

        let calendar =
            Calendar::load(&texts_in(&root.join("lich"), "yaml")?, attitude(&settings)).map_err(&mut keep).ok();

        let forms_dir = root.join("forms");
        let mut overrides = texts_in(&forms_dir, "xml")?;
        overrides.extend(texts_in(&forms_dir, "txt")?);
        overrides.extend(texts_in(&forms_dir, "yaml")?.into_iter().filter(|(name, _)| name.ends_with(ENDING)));
        let forms = FormSet::load(&overrides);
        let forms = forms.map_err(&mut keep).ok();

        let style_path = forms_dir.join("kieu.yaml");
        let style_text = if style_path.is_file() {
            read_text(&style_path, "forms/kieu.yaml").map_err(|fault| Error::Faulty(vec![*fault]))?
        } else {
            Style::builtin_text().to_owned()
        };
        let style = Style::parse(&style_text)
            .map_err(|error| keep(vec![Diagnostic::error(code::STYLE, error.to_string()).in_file("forms/kieu.yaml")]))
            .ok();

        let mut extra = Vec::new();
        for name in &settings.extra_fonts {
            extra.push(fs::read(&forms_dir.join(name.as_str()))?);
        }
        let fonts = FontSet::builtin()
            .with_extra(extra)
            .map_err(|error| keep(vec![Diagnostic::error(code::FONT, error.to_string()).in_file(SETTINGS)]))
            .ok();

        let folders = Folders::of(root, &settings);
        faults.extend(state_on_network(&folders.state));
        if let (Some(forms), Some(style), Some(fonts)) = (&forms, &style, &fonts) {
            faults.extend(form::trial::at_load(forms, style, fonts));
        }
        match (calendar, forms, style, fonts) {
            (Some(calendar), Some(forms), Some(style), Some(fonts)) if faults.is_empty() => Ok(Self {
                digest: digest(&[&settings_text, &calendar.digest(), &forms.digest(), &style_text, &fonts.digest()]),
                share: fs::Place::of(&folders.cases),
                folders,
                settings,
                settings_text,
                calendar,
                forms,
                style,
                style_text,
                fonts,
                clock,
                jobs,
            }),
            _ => Err(Error::Faulty(faults)),
        }
    }

    /// The calendar of the workspace in `root`, with the attitude to swaps given or that of its settings.
    ///
    /// # Errors
    /// When settings or calendar files hold faults or cannot be read.
    pub fn calendar_of(root: &Path, swaps: Option<Swaps>) -> Result<Calendar, Error> {
        let text = read_text(&root.join(SETTINGS), SETTINGS).map_err(|fault| Error::Faulty(vec![*fault]))?;
        let settings = Settings::parse(&text, SETTINGS).map_err(Error::Faulty)?;
        Calendar::load(&texts_in(&root.join("lich"), "yaml")?, swaps.unwrap_or_else(|| attitude(&settings)))
            .map_err(Error::Faulty)
    }

    /// Whether now is now: asked before steps that destroy, or say how long nothing is destroyed. A trial workspace may do these for any
    /// day.
    ///
    /// # Errors
    /// [`Error::MadeUpDay`].
    pub fn today_is_today(&self) -> Result<(), Error> {
        match (self.clock, self.settings.trial) {
            (Clock::Fixed(_), Flag::No) => Err(Error::MadeUpDay),
            (Clock::System, _) | (_, Flag::Yes) => Ok(()),
        }
    }

    /// Whether the watched folder is still the one that was there when the workspace was opened. A share that went away leaves
    /// an empty folder behind; what is done there must not be taken as done.
    ///
    /// # Errors
    /// When it is another, or none.
    pub fn still_there(&self) -> fs::Result<()> {
        if self.share.is_some() && fs::Place::of(&self.cases) == self.share {
            return Ok(());
        }
        let source = std::io::ErrorKind::StaleNetworkFileHandle.into();
        Err(fs::Error { action: "thấy", path: self.cases.clone(), source })
    }

    /// Creates the folders and files of a new workspace; what is there already stays. Returns what was made.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn create(root: &Path) -> fs::Result<Vec<PathBuf>> {
        let mut made = Vec::new();
        for name in ["ho-so", "archive", "lich", "forms", "quy-dinh", ".hoso"] {
            fs::create_dir(&root.join(name))?;
        }
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        files.insert(SETTINGS.to_owned(), crate::settings::TEMPLATE.to_owned());
        files.insert(
            "quy-dinh/quy-trinh-khieu-nai.txt".to_owned(),
            include_str!("../forms/quy-trinh-khieu-nai.txt").to_owned(),
        );
        for year in calendar::BUILTIN_YEARS {
            files.insert(format!("lich/{year}.yaml"), calendar::template(year));
        }
        for (name, text) in files {
            let path = root.join(name);
            if !path.exists() {
                fs::write(&path, text.as_bytes())?;
                made.push(path);
            }
        }
        let own = std::fs::read_to_string(root.join(SETTINGS)).ok();
        let own = own.and_then(|text| Settings::parse(&text, SETTINGS).ok()).and_then(|own| own.paths.cases);
        let cases = root.join(own.as_ref().map_or("ho-so", |own| own.as_str()));
        made.extend(editor::lay(&cases, &cases.join(BLANKS))?);
        Ok(made)
    }

    /// A digest of all that letters depend on beside the case: settings, calendar, forms, style, fonts, program version.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl Folders {
    /// The folders of the workspace in `root`, as its settings name them.
    ///
    /// # Errors
    /// When it is no workspace, or its settings hold faults.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let folders = Self::of(root, &read_settings(root)?.0);
        match state_on_network(&folders.state) {
            None => Ok(folders),
            Some(fault) => Err(Error::Faulty(vec![fault])),
        }
    }

    fn of(root: &Path, settings: &Settings) -> Self {
        let folder =
            |own: &Option<crate::case::Text>, name: &str| root.join(own.as_ref().map_or(name, |own| own.as_str()));
        Self {
            cases: folder(&settings.paths.cases, "ho-so"),
            archive: folder(&settings.paths.archive, "archive"),
            state: folder(&settings.paths.state, ".hoso"),
            root: root.to_owned(),
        }
    }

    /// The workspace itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The watched folder.
    #[must_use]
    pub fn cases(&self) -> &Path {
        &self.cases
    }

    /// The archive.
    #[must_use]
    pub fn archive(&self) -> &Path {
        &self.archive
    }

    /// Journals, originals and whatever else is ours alone.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The case file of a code.
    #[must_use]
    pub fn case_file(&self, code: &CaseCode) -> PathBuf {
        self.cases.join(format!("{code}.yaml"))
    }

    /// The folder of a case.
    #[must_use]
    pub fn folder(&self, code: &CaseCode) -> CaseFolder {
        CaseFolder { root: self.cases.join(code.as_str()) }
    }

    /// The note about what is wrong with a case file.
    #[must_use]
    pub fn note(&self, code: &str) -> PathBuf {
        self.cases.join(format!("{code}.loi.txt"))
    }

    /// The note about what to do next in a case.
    #[must_use]
    pub fn next_steps(&self, code: &str) -> PathBuf {
        self.cases.join(format!("{code}.buoc-tiep.txt"))
    }

    /// The blank case file of a code.
    #[must_use]
    pub fn blank(&self, code: &CaseCode) -> PathBuf {
        self.blanks().join(format!("{code}.yaml"))
    }

    /// What we wrote into the folder of blanks.
    #[must_use]
    pub fn blanks_written(&self) -> PathBuf {
        self.state.join("to-moi.json")
    }

    /// Blank case files that stand ready.
    #[must_use]
    pub fn blanks(&self) -> PathBuf {
        self.cases.join(BLANKS)
    }

    /// Where cases lie while they are being closed: on the same file system as the watched folder.
    #[must_use]
    pub fn closing(&self) -> PathBuf {
        self.cases.join(".dang-dong")
    }

    /// Where a file goes that came back unchanged after its case was closed.
    #[must_use]
    pub fn set_aside(&self) -> PathBuf {
        self.cases.join("_da-luu")
    }

    /// Journal of the register.
    #[must_use]
    pub fn register(&self) -> PathBuf {
        self.state.join("so-dang-ky.jsonl")
    }

    /// Journal of the archive.
    #[must_use]
    pub fn archive_journal(&self) -> PathBuf {
        self.state.join("luu-tru.jsonl")
    }

    /// Where both journals are mirrored.
    #[must_use]
    pub fn mirror(&self) -> PathBuf {
        self.archive.join("nhat-ky")
    }

    /// Originals of issued letters, by digest.
    #[must_use]
    pub fn originals(&self) -> PathBuf {
        self.state.join("goc")
    }

    /// Snapshots issued letters were made from, by digest.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.state.join("ban-chup")
    }

    /// What was rendered for a case and from what.
    #[must_use]
    pub fn render_state(&self, code: &str) -> PathBuf {
        self.state.join("trang-thai").join(format!("{code}.json"))
    }

    /// The versions kept of a case file, by its name without ending.
    #[must_use]
    pub fn history(&self, name: &str) -> PathBuf {
        self.histories().join(name)
    }

    /// The folder of the versions kept of all case files.
    #[must_use]
    pub fn histories(&self) -> PathBuf {
        self.state.join("lich-su")
    }

    /// Where a version of a case file is laid for a clerk to take over: a name that is nobody's case file.
    #[must_use]
    pub fn history_copy(&self, name: &str, version: u32) -> PathBuf {
        self.cases.join(format!("{name}.ban-{version}.txt"))
    }

    /// Cases whose file is gone before a letter was issued.
    #[must_use]
    pub fn lost(&self) -> PathBuf {
        self.state.join("mat-tep.json")
    }

    /// The folder of render states.
    #[must_use]
    pub fn render_states(&self) -> PathBuf {
        self.state.join("trang-thai")
    }

    /// The board of the desk, for a browser.
    #[must_use]
    pub fn board_page(&self) -> PathBuf {
        self.cases.join("bang-theo-doi.html")
    }

    /// All running terms, for a calendar program.
    #[must_use]
    pub fn board_calendar(&self) -> PathBuf {
        self.cases.join("han-xu-ly.ics")
    }

    /// When the board's files last changed, and what is shown beside them.
    #[must_use]
    pub fn board_state(&self) -> PathBuf {
        self.state.join("bang-theo-doi.json")
    }

    /// What the watcher has seen.
    #[must_use]
    pub fn memory(&self) -> PathBuf {
        self.state.join("da-xem")
    }

    /// The plain access log.
    #[must_use]
    pub fn access_log(&self) -> PathBuf {
        self.state.join("truy-cap.jsonl")
    }

    /// The archive's index: a cache.
    #[must_use]
    pub fn catalogue(&self) -> PathBuf {
        self.state.join("tra-cuu.sqlite")
    }

    /// Takes the lock of whoever brings the archive's index up to date; waits for whoever holds it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn catalogue_lock(&self) -> fs::Result<Lock> {
        Lock::acquire(&self.catalogue_lock_file())
    }

    /// The file of that lock.
    #[must_use]
    pub fn catalogue_lock_file(&self) -> PathBuf {
        self.state.join("khoa-tra-cuu")
    }

    /// Batches that have numbers, one folder each.
    #[must_use]
    pub fn jobs_folder(&self) -> PathBuf {
        self.state.join("loat")
    }

    /// The folder of a batch that has numbers.
    #[must_use]
    pub fn job_folder(&self, job: &str) -> PathBuf {
        self.jobs_folder().join(job)
    }

    /// Rules in force (procedure, powers of attorney) that go into every dossier.
    #[must_use]
    pub fn rules(&self) -> PathBuf {
        self.root.join("quy-dinh")
    }

    /// Takes the lock of a transaction; waits for whoever holds it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn lock(&self) -> fs::Result<Lock> {
        Lock::acquire(&self.state.join("khoa"))
    }

    /// Takes the lock of a whole pass over the folder, before any transaction of it; waits for whoever holds it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn pass_lock(&self) -> fs::Result<Lock> {
        Lock::acquire(&self.state.join("khoa-luot"))
    }

    /// The lock that bars a second watcher.
    #[must_use]
    pub fn watcher_lock(&self) -> PathBuf {
        self.state.join("khoa-theo-doi")
    }

    /// A path as messages show it: relative to the workspace where it lies inside, with forward slashes.
    #[must_use]
    pub fn show(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

/// The folder beside a case file.
#[derive(Debug, Clone)]
pub struct CaseFolder {
    /// The folder itself.
    pub root: PathBuf,
}

impl CaseFolder {
    /// Evidence put there by staff.
    #[must_use]
    pub fn evidence(&self) -> PathBuf {
        self.root.join("dinh-kem")
    }

    /// Drafts.
    #[must_use]
    pub fn drafts(&self) -> PathBuf {
        self.root.join("du-thao")
    }

    /// Issued letters.
    #[must_use]
    pub fn letters(&self) -> PathBuf {
        self.root.join("van-ban")
    }

    /// Letters whose number was withdrawn.
    #[must_use]
    pub fn withdrawn(&self) -> PathBuf {
        self.letters().join("da-thay")
    }

    /// Signed copies.
    #[must_use]
    pub fn signed(&self) -> PathBuf {
        self.root.join("da-ky")
    }
}

fn digest(parts: &[&str]) -> String {
    fs::sha256([&[env!("CARGO_PKG_VERSION")], parts].concat().join("\0").as_bytes())
}

/// Journals on a volume of another machine can be lost: locks and syncs are not to be relied on there.
fn state_on_network(state: &Path) -> Option<Diagnostic> {
    let volume = fs::Volume::of(state).name()?;
    let message =
        format!("Thư mục trạng thái {} nằm trên ổ {volume}; sổ đăng ký và khóa ở đó không an toàn.", state.display());
    let hint = "Ghi vào hoso.yaml, mục duong_dan: trang_thai: /var/lib/hoso (một thư mục trên đĩa của chính máy này), và chép nguyên thư mục trạng thái cũ sang đó. Thư mục ho-so thì được nằm trên ổ mạng.";
    Some(Diagnostic::error(code::STATE_ON_NETWORK, message).in_file(SETTINGS).hint(hint))
}

/// The settings of the workspace in `root`, with their text.
fn read_settings(root: &Path) -> Result<(Settings, String), Error> {
    let path = root.join(SETTINGS);
    if !path.is_file() {
        return Err(Error::NotAWorkspace(root.to_owned()));
    }
    let text = read_text(&path, SETTINGS).map_err(|fault| Error::Faulty(vec![*fault]))?;
    let settings = Settings::parse(&text, SETTINGS).map_err(Error::Faulty)?;
    Ok((settings, text))
}

fn attitude(settings: &Settings) -> Swaps {
    if settings.calendar.follow_swaps == Flag::Yes { Swaps::Follow } else { Swaps::Ignore }
}

fn read_text(path: &Path, name: &str) -> Result<String, Box<Diagnostic>> {
    let bytes = fs::read(path)
        .map_err(|error| Box::new(Diagnostic::error(code::UNREADABLE, error.to_string()).in_file(name)))?;
    encoding::decode(&bytes).map_err(|refused| {
        let finding = Diagnostic::error(code::NOT_UTF8, refused.message).in_file(name).hint(refused.hint);
        Box::new(match refused.span {
            Some(span) => finding.at(span, &refused.text),
            None => finding,
        })
    })
}

/// Texts of the files with this ending directly in `dir`, by name; nothing when there is no such folder.
fn texts_in(dir: &Path, ending: &str) -> Result<Vec<(String, String)>, Error> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut texts = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).min_depth(1).max_depth(1).into_iter().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_file()
            && !name.starts_with('.')
            && Path::new(&name).extension().is_some_and(|e| e == ending)
        {
            texts.insert(name.clone(), read_text(entry.path(), &name).map_err(|fault| Error::Faulty(vec![*fault]))?);
        }
    }
    Ok(texts.into_iter().collect())
}
