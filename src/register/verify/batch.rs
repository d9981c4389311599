//! Proof of a batch: every number of its block is a letter, given up, or still open; every letter is what its line says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, code};
use crate::dossier::Dossier;
use crate::fs;
use crate::register::{Block, Made, parse_results, read_lines};

/// Name of the result list of a batch.
pub(crate) const RESULTS: &str = "ket-qua.jsonl";
/// Folder of the letters of a batch in its dossier.
pub(crate) const LETTERS: &str = "van-ban";

/// Adds what does not fit in the batch of `block`, whose folder is `dir`.
pub(super) fn check(block: &Block, dir: &Path, dossier: Option<PathBuf>, findings: &mut Vec<Diagnostic>) {
    match &block.sealed {
        Some((_, sealed)) => {
            let found = finished(block, &sealed.results_sha256, sealed.made, &sealed.dossier_sha256, dir, dossier);
            findings.extend(found);
        }
        None if block.is_done() => {}
        None => findings.extend(pending(block, dir)),
    }
}

fn damaged(block: &Block, place: &Path, what: &str) -> Diagnostic {
    Diagnostic::error(code::BATCH_DAMAGED, format!("loạt {}: {what}", block.reserved.job))
        .in_file(place.display().to_string())
        .hint("Khôi phục tệp từ bản sao lưu, hoặc từ hồ sơ lưu của loạt.")
}

fn finished(
    block: &Block,
    results_sha256: &str,
    count: u32,
    dossier_sha256: &str,
    dir: &Path,
    dossier: Option<PathBuf>,
) -> Vec<Diagnostic> {
    let list = dir.join(RESULTS);
    let Ok(bytes) = fs::read(&list) else { return vec![damaged(block, &list, "không còn danh sách kết quả")] };
    if fs::sha256(&bytes) != results_sha256 {
        return vec![damaged(block, &list, "danh sách kết quả đã bị thay đổi (mã băm không khớp)")];
    }
    let Some(made) = parse_results(&bytes) else {
        return vec![damaged(block, &list, "danh sách kết quả không đọc được")];
    };
    let mut findings: Vec<Diagnostic> =
        contradictions(block, &made).map(|what| damaged(block, &list, &what)).into_iter().collect();
    if !block.open_ranges(&made).is_empty() || u32::try_from(made.len()) != Ok(count) {
        findings.push(damaged(block, &list, "danh sách kết quả không đủ các số của loạt"));
    }
    let Some(place) = dossier else {
        findings.push(damaged(block, &list, "kho lưu trữ không có hồ sơ của loạt"));
        return findings;
    };
    if !fs::sha256_file(&place).is_ok_and(|(sha256, _)| sha256 == dossier_sha256) {
        findings.push(damaged(block, &place, "hồ sơ lưu của loạt thiếu hoặc đã bị thay đổi"));
        return findings;
    }
    let held = Dossier::open(&place).and_then(|mut dossier| dossier.digests()).unwrap_or_default();
    let wrong = made.iter().find(|one| held.get(&format!("data/{LETTERS}/{}", one.file)) != Some(&one.sha256));
    findings.extend(wrong.map(|one| damaged(block, &place, &format!("hồ sơ lưu không có đúng văn bản {}", one.file))));
    findings
}

fn pending(block: &Block, dir: &Path) -> Vec<Diagnostic> {
    let made = so_far(dir);
    let mut findings = Vec::new();
    findings.extend(contradictions(block, &made).map(|what| damaged(block, dir, &what)));
    for one in &made {
        let path = dir.join(&one.file);
        if !fs::sha256_file(&path).is_ok_and(|(sha256, size)| sha256 == one.sha256 && size == one.size) {
            findings.push(damaged(block, &path, "văn bản thiếu hoặc đã bị thay đổi"));
        }
    }
    let open: u32 = block.open_ranges(&made).iter().map(|(first, last)| last - first + 1).sum();
    let message = format!(
        "loạt {} (số {} đến {}) chưa niêm phong: đã làm {} văn bản, còn {open} số chưa có văn bản",
        block.reserved.job,
        block.reserved.first,
        block.reserved.last(),
        made.len()
    );
    let hint = "Chạy lại lệnh batch --issue với cùng dữ liệu cho xong, rồi niêm phong bằng hoso batch seal; hoặc bỏ bằng hoso batch abandon.";
    findings.push(Diagnostic::warning(code::BATCH_PENDING, message).in_file(dir.display().to_string()).hint(hint));
    findings
}

/// A number twice, outside the block, or given up.
fn contradictions(block: &Block, made: &[Made]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let wrong = made
        .iter()
        .find(|one| !block.reserved.holds(one.number) || block.is_dropped(one.number) || !seen.insert(one.number))?;
    Some(format!("số {} của dòng {} không thuộc loạt, đã bỏ, hoặc có hai lần", wrong.number, wrong.row))
}

/// Letters that all result lists in `dir` tell of, by number; lines that were torn are left out.
pub(crate) fn so_far(dir: &Path) -> Vec<Made> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let is_list = |name: &str| name.starts_with("ket-qua") && name.ends_with(".jsonl");
    let lists = entries.filter(|entry| is_list(&entry.file_name().to_string_lossy())).map(|entry| entry.path());
    let mut made: Vec<Made> = lists
        .filter_map(|path| std::fs::read(path).ok())
        .flat_map(|bytes| read_lines(&bytes).filter_map(|(_, made)| made).collect::<Vec<Made>>())
        .collect();
    made.sort_by_key(|one| one.number);
    made.dedup();
    made
}
