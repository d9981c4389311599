//! Copies of issued letters in the case's folder, and what has become of the facts they were made from.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity, code};
use crate::fs;
use crate::letter::{self, Mode, wording};
use crate::pipeline::issue::{known, register_id};
use crate::pipeline::plan::replaces;
use crate::pipeline::read::Reading;
use crate::pipeline::snapshot::Snapshot;
use crate::pipeline::{Change, Failure};
use crate::procedure::LetterDue;
use crate::register::{Issued, Record, Register, originals};
use crate::workspace::Workspace;

/// Ending of originals.
pub(crate) const ORIGINAL: &str = "pdf";

/// Puts every issued letter of the case where it belongs: copies from the originals, never rendered again; withdrawn ones
/// into their own folder; the email beside an answer that goes by email. `fresh` is the number given just now.
///
/// # Errors
/// Findings when an original is missing or damaged.
pub fn restore(
    workspace: &Workspace,
    register: &Register,
    reading: &Reading,
    fresh: Option<&str>,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let folder = workspace.folder(&reading.code);
    for record in register.of_case(reading.code.as_str()) {
        let issued = &record.issued;
        let (home, other) = if record.void.is_some() {
            (folder.withdrawn(), folder.letters())
        } else {
            (folder.letters(), folder.withdrawn())
        };
        let path = home.join(&issued.file);
        let present = fs::read_if_there(&path)?;
        let intact = present.as_ref().is_some_and(|bytes| fs::sha256(bytes) == issued.pdf_sha256);
        if !intact && !issued.may_be_signed(present.as_deref().unwrap_or_default()) {
            let bytes = original(workspace, issued)?;
            fs::write(&path, &bytes)?;
            fs::step("issue: copied");
            let what = match (&present, &record.void) {
                (Some(_), _) => "khôi phục văn bản bị hỏng, số",
                (None, Some(_)) => "chuyển riêng văn bản đã rút, số",
                (None, None) if fresh == Some(issued.symbol.as_str()) => "ban hành số",
                (None, None) => "lấy lại văn bản bị mất, số",
            };
            changes.push(Change::new(workspace.show(&path), format!("{what} {}", issued.symbol)));
        }
        remove_if(&other.join(&issued.file), |bytes| fs::sha256(bytes) == issued.pdf_sha256)?;
        let Some(email) = Snapshot::load(workspace, &issued.snapshot_sha256).and_then(|snapshot| snapshot.email) else {
            continue;
        };
        let name = PathBuf::from(&issued.file).with_extension("eml");
        let bytes = email.compose(&issued.file, &original(workspace, issued)?, record.time);
        if record.void.is_none() && !home.join(&name).exists() {
            fs::write(&home.join(&name), &bytes)?;
            changes.push(Change::new(workspace.show(&home.join(&name)), "thư điện tử để gửi".to_owned()));
        }
        if record.void.is_some() {
            remove_if(&other.join(&name), |old| old == bytes)?;
        }
    }
    Ok(())
}

/// The original of an issued letter, proved by its digest.
pub(crate) fn original(workspace: &Workspace, issued: &Issued) -> Result<Vec<u8>, Failure> {
    originals::load(&workspace.originals(), &issued.pdf_sha256, ORIGINAL).map_err(|error| {
        Failure::Findings(vec![
            Diagnostic::error(
                code::ORIGINAL_LOST,
                format!("Bản gốc của văn bản số {} không dùng được: {error}.", issued.symbol),
            )
            .hint("Lấy lại thư mục .hoso từ bản sao lưu; dùng “hoso register verify” để xem chỗ hỏng."),
        ])
    })
}

/// Removes a file whose bytes are ours.
fn remove_if(path: &Path, ours: impl Fn(&[u8]) -> bool) -> fs::Result<()> {
    if fs::read_if_there(path)?.is_some_and(|bytes| ours(&bytes)) { fs::remove_file(path) } else { Ok(()) }
}

/// Warnings about facts that an issued letter used and that are different now.
#[must_use]
pub fn changed_facts(workspace: &Workspace, register: &Register, reading: &Reading) -> Vec<Diagnostic> {
    let known = known(register, &reading.case, &reading.assessment);
    let today = workspace.clock.today();
    let mut findings = Vec::new();
    for due in &reading.assessment.letters {
        let Some(Record { issued, .. }) = register.current(&register_id(reading.code.as_str(), &due.id)) else {
            continue;
        };
        // It is about to be withdrawn: what it says no longer matters.
        if reading.case.letter(&due.id).is_some_and(|block| replaces(block, issued.number)) {
            continue;
        }
        findings.extend(block_differs(reading, due, issued));
        let mode = Mode::Issue { number: issued.number };
        let now =
            letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, &due.id, mode, today);
        let (Some(snapshot), Ok(now)) = (Snapshot::load(workspace, &issued.snapshot_sha256), now) else { continue };
        for (path, then, now) in snapshot.changed_facts(&now.facts) {
            let show = |text: &str| {
                if text.is_empty() { "(không có)".to_owned() } else { format!("“{}”", shorten(text)) }
            };
            findings.push(reading.places.finding(
                code::CHANGED_AFTER_ISSUE,
                Severity::Warning,
                &path,
                format!(
                    "{} số {} đã ban hành ghi {}; nay tệp ghi {}.",
                    wording::capitalised(due.id.kind.text()),
                    issued.symbol,
                    show(&then),
                    show(&now)
                ),
                "Văn bản đã ban hành không đổi. Ghi lại như cũ; nếu văn bản sai thì thay bằng mục thay_the; nếu khách hàng đổi thông tin thì ghi vào thay_doi.".to_owned(),
            ));
        }
    }
    for Record { issued, .. } in register.of_case(reading.code.as_str()).filter(|record| record.void.is_none()) {
        // A letter of a batch has no block.
        if issued.job.is_some() {
            continue;
        }
        let known =
            reading.assessment.letters.iter().any(|due| register_id(reading.code.as_str(), &due.id) == issued.letter);
        if !known {
            findings.push(
                Diagnostic::warning(
                    code::ISSUED_BLOCK_GONE,
                    format!(
                        "{} số {} đã ban hành nhưng phần của nó không còn trong tệp.",
                        wording::capitalised(&issued.kind),
                        issued.symbol
                    ),
                )
                .in_file(&reading.file)
                .hint("Ghi lại phần này như cũ (bản chụp lúc ban hành còn trong sổ)."),
            );
        }
    }
    findings
}

/// Warnings about an issued letter's block that no longer says it is issued, or names another number.
fn block_differs(reading: &Reading, due: &LetterDue, issued: &Issued) -> Vec<Diagnostic> {
    let Some(block) = reading.case.letter(&due.id) else { return Vec::new() };
    let finding = |key: &str, message: String, hint: &str| {
        let path = format!("{}.{key}", due.path);
        reading.places.finding(code::CHANGED_AFTER_ISSUE, Severity::Warning, &path, message, hint.to_owned())
    };
    let letter = wording::capitalised(due.id.kind.text());
    let mut findings = Vec::new();
    if !block.issue() {
        let message = format!("{letter} số {} đã ban hành nhưng tệp không còn ghi ban_hanh: co.", issued.symbol);
        findings.push(finding("ban_hanh", message, "Ghi lại ban_hanh: co. Muốn rút văn bản thì ghi mục thay_the."));
    }
    if let Some(number) = block.number().filter(|number| number.0 != issued.number) {
        let message = format!("{letter} đã ban hành với số {}; tệp ghi số {}.", issued.symbol, number.0);
        findings.push(finding("so", message, "Ghi lại số đã cấp. Muốn đổi số thì ghi mục thay_the với số cũ."));
    }
    findings
}

fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 { line.chars().take(59).chain(['…']).collect() } else { line }
}
