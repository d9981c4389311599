//! Proof of the archive: journal, presence, digests, each dossier in itself, its letters against the register.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, FixedOffset};
use rayon::prelude::*;

use super::access::Checks;
use super::ledger::{History, Ledger};
use super::{Disposal, Fact, Publication, Result, State, UNPUBLISHED, join};
use crate::diagnostic::{Diagnostic, code};
use crate::dossier::{self, Dossier};
use crate::register::{Record, Vouched};
use crate::{fs, journal};

/// What is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The archive's folder.
    pub dir: &'a Path,
    /// The archive's journal.
    pub journal: &'a Path,
    /// Folder of the journal's second copy.
    pub mirror: Option<&'a Path>,
    /// What the register says of the letters; nothing where it is not to be asked.
    pub register: Option<&'a Vouched>,
}

/// Which dossiers.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only these codes; empty: all, and what else lies in the folder.
    pub codes: Vec<String>,
    /// Of all, only a part: so many percent, those first that were checked longest ago, by these checks.
    pub sample: Option<(f64, Checks)>,
    /// Every entry for itself, also of a dossier whose bytes are those that were published.
    pub full: bool,
}

/// A dossier that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// Place in the archive's folder.
    pub path: String,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

impl Checked {
    /// Whether nothing is wrong with it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.findings.iter().any(Diagnostic::is_error)
    }
}

/// What was proved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong with journals and folder, not with one dossier.
    pub general: Vec<Diagnostic>,
    /// The dossiers looked at, by code and version.
    pub dossiers: Vec<Checked>,
    /// Versions in the archive.
    pub known: usize,
    /// Bytes read of dossiers.
    pub bytes: u64,
}

impl Report {
    /// Everything found.
    #[must_use]
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.general.iter().chain(self.dossiers.iter().flat_map(|one| &one.findings)).cloned().collect()
    }
}

/// Proves the archive, several dossiers at once: the journal's chain, dossiers missing or changed (naming the damaged entries), letters
/// that are not those of the register, zips the journal does not know. A dossier whose digest is the journal's is, to the bit, the
/// one whose every entry was proved when it was published. `progress` is called with the number of dossiers done and of all to do.
///
/// # Errors
/// When journal or folder cannot be read at all.
pub fn verify(places: &Places, scope: &Scope, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Report> {
    let (entries, mut general) = journal::verify::<Fact>(places.journal, places.mirror)?;
    let mut ledger = Ledger::default();
    for entry in entries {
        general.extend(contradiction(places.journal, entry.sequence, &ledger, &entry.fact));
        ledger.insert(entry.time, &entry.fact);
    }
    general.extend(unfinished(&ledger));
    let histories = &ledger.histories;
    general.extend(places.register.iter().flat_map(|register| register.findings.clone()));
    for code in &scope.codes {
        if ledger.kept(code).is_none_or(|history| history.versions.is_empty()) {
            let message = match ledger.histories.get(code).and_then(|history| history.destroyed.as_ref()) {
                Some((_, doom)) => format!("hồ sơ {code} đã hủy theo {}", doom.id),
                None => format!("kho lưu trữ không có hồ sơ {code}"),
            };
            let hint = "Kiểm tra lại mã hồ sơ; hoso archive list cho danh sách hồ sơ đã lưu.";
            general.push(Diagnostic::error(code::ARCHIVE_NO_SUCH_CODE, message).hint(hint));
        }
    }
    let letters = Letters::of(places.register);
    let chosen = chosen(histories, scope);
    let bytes = AtomicU64::new(0);
    let total = chosen.len();
    let check = |(code, time, publication): &(&str, DateTime<FixedOffset>, &Publication)| {
        let file = join(places.dir, &publication.path);
        let name = format!("hồ sơ {code} phiên bản {}", publication.meta.version);
        let mut findings = Vec::new();
        let (size, content) = check(&file, &name, publication, scope.full, &mut findings);
        let is_latest = matches!(histories[*code].state(), State::Closed(latest) if latest == publication.meta.version);
        letters.check(publication, *time, is_latest, content, &file, &mut findings);
        bytes.fetch_add(size, Ordering::Relaxed);
        progress(1, total);
        let Publication { meta, path, .. } = publication;
        Checked { code: (*code).to_owned(), version: meta.version, path: path.clone(), findings }
    };
    let dossiers: Vec<Checked> = chosen.par_iter().map(check).collect();
    if scope.codes.is_empty() && scope.sample.is_none() {
        let kept = histories.values().filter(|history| history.destroyed.is_none());
        let known: BTreeSet<PathBuf> =
            kept.flat_map(|history| &history.versions).map(|(_, p)| join(places.dir, &p.path)).collect();
        strangers(places.dir, &known, &ledger, &mut general)?;
    }
    let kept = histories.values().filter(|history| history.destroyed.is_none());
    let known = kept.map(|history| history.versions.len()).sum();
    Ok(Report { general, dossiers, known, bytes: bytes.into_inner() })
}

type Chosen<'a> = Vec<(&'a str, DateTime<FixedOffset>, &'a Publication)>;

fn chosen<'a>(histories: &'a BTreeMap<String, History>, scope: &Scope) -> Chosen<'a> {
    let all = histories.iter().filter(|(code, _)| scope.codes.is_empty() || scope.codes.contains(code));
    let mut all: Chosen = all
        .filter(|(_, history)| history.destroyed.is_none())
        .flat_map(|(code, history)| {
            history.versions.iter().map(move |(time, publication)| (code.as_str(), *time, publication))
        })
        .collect();
    if let Some((percent, checks)) = &scope.sample {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a count"
        )]
        let count = (all.len() as f64 * percent / 100.0).ceil() as usize;
        // Those nobody ever checked, then the longest unchecked; among equals as good as at random, and the same for everybody.
        all.sort_by_cached_key(|(code, time, publication)| {
            let last = checks.last(code, publication.meta.version, *time).map(|check| check.time);
            (last, fs::sha256(publication.sha256.as_bytes()))
        });
        all.truncate(count);
        all.sort_by_key(|(code, _, publication)| (*code, publication.meta.version));
    }
    all
}

/// What is known of the content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// It is what was published, so that its manifest can be believed.
    Published,
    /// It is another one, so that nothing in it is believed.
    Other,
    /// There is none, or it is that of another dossier.
    Foreign,
}

/// Proves one file; says how many bytes were read, and what is known of its content.
fn check(
    file: &Path,
    name: &str,
    publication: &Publication,
    full: bool,
    findings: &mut Vec<Diagnostic>,
) -> (u64, Content) {
    let place = file.display().to_string();
    let hint = "Khôi phục tệp hồ sơ này từ bản sao lưu (hoso archive repair --from BẢN_SAO).";
    let (found, size) = match fs::sha256_file(file) {
        Ok(found) => found,
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => {
            let missing = Diagnostic::error(code::DOSSIER_MISSING, format!("{name} không còn trong kho lưu trữ"));
            findings.push(missing.in_file(place).hint(hint));
            return (0, Content::Foreign);
        }
        Err(error) => {
            findings.push(Diagnostic::error(code::DOSSIER_MISSING, format!("{name}: {error}")).in_file(place));
            return (0, Content::Foreign);
        }
    };
    let is_published = found == publication.sha256;
    if is_published && !full {
        return (size, Content::Published);
    }
    let other = if is_published { None } else { another(file, publication) };
    match dossier::verify(file) {
        Ok(found) => findings.extend(found),
        Err(error) => {
            findings.push(Diagnostic::error(code::DOSSIER_MISSING, format!("{name}: {error}")).in_file(place.clone()));
        }
    }
    if is_published {
        return (size, Content::Published);
    }
    let how = match &other {
        Some(other) => format!("không nằm ở đây: tệp này là {other}"),
        None if findings.is_empty() => {
            "khác với bản đã ghi trong sổ lưu trữ, tuy tự nó không có lỗi: tệp đã bị thay bằng tệp khác".to_owned()
        }
        None => "không còn giống bản đã ghi trong sổ lưu trữ (mã băm SHA-256 không khớp)".to_owned(),
    };
    let digest = Diagnostic::error(code::DOSSIER_DIGEST, format!("{name} {how}"));
    findings.insert(0, digest.in_file(place).hint(hint));
    (size, if other.is_some() { Content::Foreign } else { Content::Other })
}

/// Which other dossier a file says it is, if it does.
fn another(file: &Path, publication: &Publication) -> Option<String> {
    let (code, version) = told(file)?;
    let is_own = code == publication.meta.code && version == publication.meta.version.to_string();
    (!is_own).then(|| format!("hồ sơ {code} phiên bản {version}"))
}

/// The letters the register vouches for, by case, and the dossiers of batches.
struct Letters<'a> {
    cases: BTreeMap<&'a str, Vec<&'a Record>>,
    batches: BTreeMap<&'a str, &'a str>,
}

impl<'a> Letters<'a> {
    fn of(register: Option<&'a Vouched>) -> Self {
        let mut cases: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        for record in register.iter().flat_map(|register| &register.records) {
            cases.entry(&record.issued.case).or_default().push(record);
        }
        let blocks = register.iter().flat_map(|register| &register.blocks);
        let batches = blocks.filter_map(|block| {
            let (_, sealed) = block.sealed.as_ref()?;
            Some((block.reserved.job.as_str(), sealed.dossier_sha256.as_str()))
        });
        Self { batches: batches.collect(), cases }
    }

    /// Compares the letters in a dossier with the register: by the manifest of the one that was published, else by their bytes, as far as they
    /// can be read.
    fn check(
        &self,
        publication: &Publication,
        published: DateTime<FixedOffset>,
        is_latest: bool,
        content: Content,
        file: &Path,
        findings: &mut Vec<Diagnostic>,
    ) {
        let code = publication.meta.code.as_str();
        let mut say = |message: String| {
            let finding = Diagnostic::error(code::DOSSIER_LETTER, message).in_file(file.display().to_string());
            findings.push(
                finding.hint("Đối chiếu với “hoso register verify”; khôi phục hồ sơ và sổ từ cùng một bản sao lưu."),
            );
        };
        if let Some(sealed) = self.batches.get(code)
            && publication.sha256 != *sealed
        {
            say(format!("hồ sơ của loạt {code} không phải bản đã niêm phong trong sổ đăng ký"));
        }
        let Some(records) = self.cases.get(code) else { return };
        let digests = match content {
            Content::Published => Dossier::open(file).and_then(|mut dossier| dossier.digests()).map(|digests| {
                let known = digests.into_iter().map(|(name, digest)| (name, Some(digest)));
                known.collect::<BTreeMap<String, Option<String>>>()
            }),
            Content::Other => Dossier::salvage(file).and_then(|mut dossier| dossier.content_digests("data/van-ban/")),
            Content::Foreign => return,
        };
        let Ok(digests) = digests else { return };
        for record in records {
            let issued = &record.issued;
            let held =
                ["van-ban", "van-ban/da-thay"].map(|folder| digests.get(&format!("data/{folder}/{}", issued.file)));
            let held: Vec<&Option<String>> = held.into_iter().flatten().collect();
            let before = record.time < published || (record.time == published && issued.job.is_none());
            // One that cannot be read was told of as damaged.
            if held.iter().any(|digest| digest.as_ref().is_none_or(|digest| *digest == issued.pdf_sha256)) {
                continue;
            }
            if !held.is_empty() {
                say(format!(
                    "văn bản số {} ({}) trong hồ sơ khác với bản gốc ghi trong sổ đăng ký",
                    issued.symbol, issued.file
                ));
            } else if is_latest && before {
                say(format!("hồ sơ thiếu văn bản số {} ({}) đã ghi trong sổ đăng ký", issued.symbol, issued.file));
            }
        }
    }
}

/// Zips in the archive that the journal does not know.
fn strangers(dir: &Path, known: &BTreeSet<PathBuf>, ledger: &Ledger, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let mut files = Vec::new();
    zips(dir, &mut files)?;
    for file in files.into_iter().filter(|file| !known.contains(file)) {
        let name = file.to_string_lossy();
        let destroyed = told(&file).and_then(|(code, _)| {
            let (_, doom) = ledger.histories.get(&code)?.destroyed.as_ref()?;
            Some(format!("hồ sơ {code} đã hủy theo {}, mà còn bản sao ở đây", doom.id))
        });
        let finding = if let Some(message) = destroyed {
            Diagnostic::error(code::DOSSIER_UNKNOWN, message)
                .hint("Xóa tệp này; xem còn bản sao ở nơi khác không, kể cả trong các bản sao lưu.")
        } else if name.contains(UNPUBLISHED) {
            Diagnostic::warning(
                code::DOSSIER_UNKNOWN,
                "hồ sơ của một lần lưu bị ngắt giữa chừng, chưa từng có hiệu lực, được để riêng",
            )
            .hint("Hồ sơ chính thức đã được lưu ở tệp bên cạnh. Xem lại rồi xóa tệp này.")
        } else if name.contains(super::repair::DAMAGED) {
            Diagnostic::warning(code::DOSSIER_UNKNOWN, "tệp hỏng được để riêng khi khôi phục hồ sơ")
                .hint("Hồ sơ đã được khôi phục ở tệp bên cạnh. Xem lại rồi xóa tệp này.")
        } else {
            Diagnostic::error(code::DOSSIER_UNKNOWN, "tệp nằm trong kho nhưng không có trong sổ lưu trữ")
                .hint("Nếu không phải hồ sơ do hoso lưu, hãy chuyển tệp ra ngoài kho lưu trữ.")
        };
        findings.push(finding.in_file(file.display().to_string()));
    }
    Ok(())
}

/// The code and the version a file says it is the dossier of.
fn told(file: &Path) -> Option<(String, String)> {
    let info = Dossier::salvage(file).and_then(|mut dossier| dossier.info()).ok()?;
    let field = |label: &str| info.iter().find(|(own, _)| own == label).map(|(_, value)| value.clone());
    Some((field(dossier::CODE_FIELD)?, field(dossier::VERSION_FIELD).unwrap_or_else(|| "1".to_owned())))
}

/// Dossiers whose destruction was cut short.
fn unfinished(ledger: &Ledger) -> Vec<Diagnostic> {
    let begun = ledger.disposals.values().filter_map(|disposal| Some((disposal, disposal.begun.as_ref()?)));
    let finding = |(disposal, code): (&Disposal, &String)| {
        let id = &disposal.proposal.id;
        Diagnostic::warning(code::DISPOSAL_UNFINISHED, format!("hồ sơ {code} hủy chưa xong (đợt hủy {id})"))
            .hint(format!("Chạy lại “hoso archive dispose carry-out {id}”: việc hủy được làm tiếp."))
    };
    begun.map(finding).collect()
}

fn contradiction(journal: &Path, sequence: u64, ledger: &Ledger, fact: &Fact) -> Option<Diagnostic> {
    let histories = &ledger.histories;
    let state = |code: &str| ledger.state(code);
    let message = match fact {
        Fact::Published(publication) => {
            let meta = &publication.meta;
            let due = ledger.next_version(&meta.code);
            (due != Some(meta.version))
                .then(|| format!("phiên bản {} của hồ sơ {} không đúng thứ tự", meta.version, meta.code))
        }
        Fact::Intended(intent) => {
            let due = ledger.next_version(&intent.code);
            (due != Some(intent.version)).then(|| {
                format!("bắt đầu lưu phiên bản {} của hồ sơ {} không đúng thứ tự", intent.version, intent.code)
            })
        }
        Fact::Abandoned(_) => None,
        Fact::Held(hold) => {
            let held = histories.get(&hold.code).is_some_and(|history| history.holds.contains_key(&hold.name));
            (held || state(&hold.code) == State::Never).then(|| {
                format!("lệnh tạm dừng hủy “{}” hồ sơ {} đặt hai lần hoặc đặt cho hồ sơ chưa lưu", hold.name, hold.code)
            })
        }
        Fact::Released(hold) => {
            let held = histories.get(&hold.code).is_some_and(|history| history.holds.contains_key(&hold.name));
            (!held).then(|| format!("bỏ lệnh tạm dừng hủy “{}” hồ sơ {} khi không có lệnh ấy", hold.name, hold.code))
        }
        Fact::Proposed(_)
        | Fact::Approved(_)
        | Fact::Refused(_)
        | Fact::Doomed(_)
        | Fact::Destroyed(_)
        | Fact::CarriedOut(_) => None,
        Fact::Reopened(reopening) => (state(&reopening.code) != State::Closed(reopening.version))
            .then(|| format!("mở lại hồ sơ {} khi hồ sơ không ở trạng thái đã lưu", reopening.code)),
    };
    let message =
        message.or_else(|| ledger.refuses(fact).map(|refusal| format!("đợt hủy không đúng thứ tự: {refusal}")));
    let finding = |message| Diagnostic::error(code::ARCHIVE_CONTRADICTION, format!("dòng {sequence}: {message}"));
    message.map(|message| finding(message).in_file(journal.display().to_string()))
}

/// Every zip below `dir`, in the order of names; symbolic links are not followed.
fn zips(dir: &Path, files: &mut Vec<PathBuf>) -> fs::Result<()> {
    let listing = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => fs::context(other, "đọc thư mục", dir)?,
    };
    let mut entries = fs::context(listing.collect::<std::io::Result<Vec<_>>>(), "đọc thư mục", dir)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = fs::context(entry.file_type(), "đọc", &path)?;
        if kind.is_dir() {
            zips(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
            || [UNPUBLISHED, super::repair::DAMAGED]
                .iter()
                .any(|mark| entry.file_name().to_string_lossy().contains(mark))
        {
            files.push(path);
        }
    }
    Ok(())
}
