//! Proof of the archive: journal, presence, digests, and each dossier in itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Fact, History, Result, State, UNPUBLISHED, insert, join};
use crate::diagnostic::{Diagnostic, code};
use crate::{dossier, fs, journal};

/// Everything that does not fit in the archive `dir`, or in the versions of one dossier: the journal's chain, dossiers missing
/// or changed (naming the damaged entries), zips the journal does not know.
///
/// # Errors
/// When journal or folder cannot be read at all.
pub fn verify(dir: &Path, journal: &Path, mirror: Option<&Path>, only: Option<&str>) -> Result<Vec<Diagnostic>> {
    let (entries, mut findings) = journal::verify::<Fact>(journal, mirror)?;
    let mut histories = std::collections::BTreeMap::new();
    for entry in entries {
        findings.extend(contradiction(journal, entry.sequence, &histories, &entry.fact));
        insert(&mut histories, entry.time, &entry.fact);
    }
    if let Some(code) = only
        && histories.get(code).is_none_or(|history: &History| history.versions.is_empty())
    {
        let message = format!("kho lưu trữ không có hồ sơ {code}");
        let hint = "Kiểm tra lại mã hồ sơ; hoso archive list cho danh sách hồ sơ đã lưu.";
        findings.push(Diagnostic::error(code::ARCHIVE_NO_SUCH_CODE, message).hint(hint));
    }
    let mut known = BTreeSet::new();
    for (code, history) in &histories {
        for (_, publication) in &history.versions {
            let file = join(dir, &publication.path);
            if only.is_none_or(|only| only == code) {
                let name = format!("hồ sơ {code} phiên bản {}", publication.meta.version);
                findings.extend(check(&file, &name, &publication.sha256));
            }
            known.insert(file);
        }
    }
    if only.is_none() {
        let mut files = Vec::new();
        zips(dir, &mut files)?;
        for file in files.into_iter().filter(|file| !known.contains(file)) {
            if file.to_string_lossy().contains(UNPUBLISHED) {
                let message = "hồ sơ của một lần lưu bị ngắt giữa chừng, chưa từng có hiệu lực, được để riêng";
                let hint = "Hồ sơ chính thức đã được lưu ở tệp bên cạnh. Xem lại rồi xóa tệp này.";
                findings.push(
                    Diagnostic::warning(code::DOSSIER_UNKNOWN, message).in_file(file.display().to_string()).hint(hint),
                );
                continue;
            }
            let message = "tệp nằm trong kho nhưng không có trong sổ lưu trữ";
            findings.push(
                Diagnostic::error(code::DOSSIER_UNKNOWN, message)
                    .in_file(file.display().to_string())
                    .hint("Nếu không phải hồ sơ do hoso lưu, hãy chuyển tệp ra ngoài kho lưu trữ."),
            );
        }
    }
    Ok(findings)
}

fn check(file: &Path, name: &str, sha256: &str) -> Vec<Diagnostic> {
    let place = file.display().to_string();
    let hint = "Khôi phục tệp hồ sơ này từ bản sao lưu.";
    let found = match fs::sha256_file(file) {
        Ok((found, _)) => found,
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => {
            let missing = Diagnostic::error(code::DOSSIER_MISSING, format!("{name} không còn trong kho lưu trữ"));
            return vec![missing.in_file(place).hint(hint)];
        }
        Err(error) => return vec![Diagnostic::error(code::DOSSIER_MISSING, format!("{name}: {error}")).in_file(place)],
    };
    let mut findings = match dossier::verify(file) {
        Ok(findings) => findings,
        Err(error) => vec![Diagnostic::error(code::DOSSIER_MISSING, format!("{name}: {error}")).in_file(place.clone())],
    };
    if found != sha256 {
        let how = if findings.is_empty() {
            "khác với bản đã ghi trong sổ lưu trữ, tuy tự nó không có lỗi: tệp đã bị thay bằng tệp khác"
        } else {
            "không còn giống bản đã ghi trong sổ lưu trữ (mã băm SHA-256 không khớp)"
        };
        let digest = Diagnostic::error(code::DOSSIER_DIGEST, format!("{name} {how}"));
        findings.insert(0, digest.in_file(place).hint(hint));
    }
    findings
}

fn contradiction(
    journal: &Path,
    sequence: u64,
    histories: &std::collections::BTreeMap<String, History>,
    fact: &Fact,
) -> Option<Diagnostic> {
    let state = |code: &str| histories.get(code).map_or(State::Never, History::state);
    let message = match fact {
        Fact::Published(publication) => {
            let meta = &publication.meta;
            let due = histories.get(&meta.code).map_or(Some(1), History::next_version);
            (due != Some(meta.version))
                .then(|| format!("phiên bản {} của hồ sơ {} không đúng thứ tự", meta.version, meta.code))
        }
        Fact::Intended(intent) => {
            let due = histories.get(&intent.code).map_or(Some(1), History::next_version);
            (due != Some(intent.version)).then(|| {
                format!("bắt đầu lưu phiên bản {} của hồ sơ {} không đúng thứ tự", intent.version, intent.code)
            })
        }
        Fact::Abandoned(_) => None,
        Fact::Reopened(reopening) => (state(&reopening.code) != State::Closed(reopening.version))
            .then(|| format!("mở lại hồ sơ {} khi hồ sơ không ở trạng thái đã lưu", reopening.code)),
    };
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
            || entry.file_name().to_string_lossy().contains(UNPUBLISHED)
        {
            files.push(path);
        }
    }
    Ok(())
}
