//! Proof of the register: chain, head, numbering, digests of originals, snapshots and copies.

use std::path::{Path, PathBuf};

use super::{Error, Fact, Index, Issued, Record, originals};
use crate::diagnostic::{Code, Diagnostic, Span, code};
use crate::{fs, journal};

pub(crate) mod batch;

/// Where what the register vouches for lies.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The register's journal.
    pub journal: &'a Path,
    /// Folder of the journal's second copy.
    pub mirror: Option<&'a Path>,
    /// Folder of the issued originals (`<sha256>.pdf`).
    pub originals: &'a Path,
    /// Folder of the snapshots (`<sha256>.json`).
    pub snapshots: &'a Path,
    /// Folder of the batches that have numbers.
    pub jobs: &'a Path,
}

/// Everything that does not fit: chain and head of the journal, gaps and twins per register and year, digests of originals,
/// snapshots and copies, batches. `copy` says where a letter's copy should lie, or `None` where none is kept any more;
/// `dossier` where the dossier of a finished batch lies; `destroyed` whether everything of a case or a batch was destroyed when its
/// time was over, so that only its numbers are left.
///
/// # Errors
/// When the journal cannot be read at all.
pub fn verify(
    places: &Places,
    copy: impl Fn(&Record) -> Option<PathBuf>,
    dossier: impl Fn(&str) -> Option<PathBuf>,
    destroyed: impl Fn(&str) -> bool,
) -> Result<Vec<Diagnostic>, Error> {
    let (index, mut findings) = read(places.journal, places.mirror)?;
    for record in index.records.iter().filter(|record| !destroyed(&record.issued.case)) {
        check_files(record, places, copy(record), &mut findings);
    }
    for block in index.blocks.iter().filter(|block| !destroyed(&block.reserved.job)) {
        batch::check(block, &places.jobs.join(&block.reserved.job), dossier(&block.reserved.job), &mut findings);
    }
    Ok(findings)
}

/// What the register vouches for, and everything wrong with its journal: chain, head, second copy, numbering.
fn read(path: &Path, mirror: Option<&Path>) -> Result<(Index, Vec<Diagnostic>), Error> {
    let (entries, mut findings) = journal::verify::<Fact>(path, mirror)?;
    // With lines missing, every later number would look wrong as well; the missing lines are the finding.
    let intact = !findings.iter().any(Diagnostic::is_error);
    let mut index = Index::default();
    for entry in entries {
        if let Err(error) = index.check(&entry.fact) {
            if intact || matches!(error, Error::NumberTaken { .. }) {
                findings.push(contradiction(path, entry.sequence, &entry.fact, &error));
            }
            if matches!(error, Error::NumberTaken { .. }) {
                continue;
            }
        }
        if let Fact::Issued(issued) = &entry.fact {
            findings.extend(index.date_order(issued));
        }
        index.insert(entry.time, entry.fact);
    }
    Ok((index, findings))
}

/// What the register vouches for.
#[derive(Debug)]
pub struct Vouched {
    /// Letters of cases, in the order of issue.
    pub records: Vec<Record>,
    /// Batches.
    pub blocks: Vec<super::Block>,
    /// Everything wrong with the journal.
    pub findings: Vec<Diagnostic>,
}

/// Reads what the register vouches for, without looking at a file it names.
///
/// # Errors
/// When the journal cannot be read at all.
pub fn vouched(path: &Path, mirror: Option<&Path>) -> Result<Vouched, Error> {
    let (index, findings) = read(path, mirror)?;
    Ok(Vouched { records: index.records, blocks: index.blocks, findings })
}

fn contradiction(journal: &Path, sequence: u64, fact: &Fact, error: &Error) -> Diagnostic {
    let (code, message) = match (error, fact) {
        (Error::NotNext { number, next }, Fact::Issued(issued)) => {
            let Issued { register, year, .. } = issued.as_ref();
            let missing = match number.checked_sub(1) {
                Some(last) if last > *next => format!("thiếu các số từ {next} đến {last}"),
                Some(last) if last == *next => format!("thiếu số {next}"),
                _ => format!("số kế tiếp lẽ ra là {next}"),
            };
            (code::NUMBER_GAP, format!("sổ \"{register}\" năm {year} cấp số {number} không liên tục: {missing}"))
        }
        (Error::NumberTaken { .. }, Fact::Issued(issued)) => {
            (code::NUMBER_TWIN, format!("{error}, lại cấp cho {}", issued.letter))
        }
        (Error::NotNext { number, next }, Fact::Reserved(reserved)) => {
            (code::NUMBER_GAP, format!("loạt {} dự trữ từ số {number}, số kế tiếp lẽ ra là {next}", reserved.job))
        }
        _ => (code::REGISTER_CONTRADICTION, error.to_string()),
    };
    let mut finding = Diagnostic::error(code, format!("dòng {sequence}: {message}"))
        .in_file(journal.display().to_string())
        .hint("Sổ có thể đã bị thay bằng bản khác. Đối chiếu với bản thứ hai trong thư mục lưu trữ và bản sao lưu.");
    finding.span = Some(Span { line: usize::try_from(sequence).unwrap_or(usize::MAX), column: 1, length: 0 });
    finding
}

fn check_files(record: &Record, places: &Places, copy: Option<PathBuf>, findings: &mut Vec<Diagnostic>) {
    let issued = &record.issued;
    let mut check = |path: &Path, sha256: &str, size: Option<u64>, code: Code, what: &str, hint: &str| {
        let trouble = match fs::sha256_file(path) {
            Ok((found, _)) if found != sha256 => Some("đã bị thay đổi (mã băm không khớp)".to_owned()),
            Ok((_, found)) if size.is_some_and(|size| size != found) => Some("có kích thước không khớp sổ".to_owned()),
            Ok(_) => None,
            Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => Some("không còn".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(trouble) = trouble {
            let message = format!("{what} của văn bản số {} ({}) {trouble}", issued.symbol, issued.letter);
            findings.push(Diagnostic::error(code, message).in_file(path.display().to_string()).hint(hint));
        }
    };
    let original = originals::path(places.originals, &issued.pdf_sha256, "pdf");
    check(
        &original,
        &issued.pdf_sha256,
        Some(issued.pdf_size),
        code::ORIGINAL_DAMAGED,
        "bản gốc",
        "Khôi phục tệp từ bản sao lưu, hoặc từ hồ sơ đã lưu trữ.",
    );
    check(
        &originals::path(places.snapshots, &issued.snapshot_sha256, "json"),
        &issued.snapshot_sha256,
        None,
        code::SNAPSHOT_DAMAGED,
        "căn cứ lập",
        "Khôi phục tệp từ bản sao lưu, hoặc từ hồ sơ đã lưu trữ.",
    );
    if let Some((_, void)) = &record.void {
        check(
            &originals::path(places.snapshots, &void.reason_sha256, "json"),
            &void.reason_sha256,
            None,
            code::SNAPSHOT_DAMAGED,
            "lý do rút",
            "Khôi phục tệp từ bản sao lưu.",
        );
    }
    // A letter of a batch comes into its case's folder with the pass after the sealing.
    if let Some(awaited) = copy.as_ref().filter(|copy| issued.job.is_some() && !copy.exists()) {
        let message = format!("bản ban hành của văn bản số {} chưa chép vào hồ sơ {}", issued.symbol, issued.case);
        let finding = Diagnostic::warning(code::COPY_DAMAGED, message).in_file(awaited.display().to_string());
        findings.push(finding.hint("Chạy hoso build: bản trong thư mục hồ sơ được lấy từ bản gốc."));
        return;
    }
    // Read and judged only when it is not simply the original.
    let whole = |copy: &PathBuf| fs::sha256_file(copy).is_ok_and(|(sha256, _)| sha256 == issued.pdf_sha256);
    let signed = |copy: &PathBuf| fs::read(copy).is_ok_and(|bytes| issued.is_signed(&bytes));
    if let Some(copy) = copy.filter(|copy| !whole(copy) && !signed(copy)) {
        let hint = "Chạy hoso build: bản trong thư mục hồ sơ được lấy lại từ bản gốc.";
        check(&copy, &issued.pdf_sha256, None, code::COPY_DAMAGED, "bản ban hành", hint);
    }
}
