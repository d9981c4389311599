//! Issue: number → original → journal entry (the commit) → copy.

use chrono::NaiveDate;

use crate::case::{Case, LetterBlock, Withdrawal};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::form::form_name;
use crate::fs;
use crate::journal;
use crate::letter::{self, IssuedLetter, Known, LetterId, Mode, Prepared, wording};
use crate::pipeline::plan::{Pending, permitted, replaces};
use crate::pipeline::read::{self, Reading, Refusal};
use crate::pipeline::shelf::Shelf;
use crate::pipeline::snapshot::{self, Email, Snapshot};
use crate::pipeline::{Change, Failure};
use crate::pipeline::{copies, render};
use crate::procedure::Assessment;
use crate::register::{self, Issued, Register, Void, originals};
use crate::settings::NumberingBy;
use crate::workspace::Workspace;

/// The register's name of a letter.
#[must_use]
pub fn register_id(code: &str, id: &LetterId) -> String {
    format!("{code}/{}", id.stem())
}

/// What the register knows of a case's letters, for the letters that cite them.
#[must_use]
pub fn known(register: &Register, case: &Case, assessment: &Assessment) -> Known {
    let mut known = Known::default();
    for due in &assessment.letters {
        for record in register.history(&register_id(case.code.as_str(), &due.id)) {
            let letter = IssuedLetter { number_text: record.issued.symbol.clone(), date: record.issued.date };
            match &record.void {
                None => {
                    known.issued.insert(due.id.clone(), letter);
                }
                Some((_, void)) => {
                    let kind = match void.withdrawal {
                        register::Withdrawal::Voided => Withdrawal::Void,
                        register::Withdrawal::Replaced => Withdrawal::Replace,
                        register::Withdrawal::Corrected => Withdrawal::Correct,
                    };
                    known.withdrawn.insert(due.id.clone(), (letter, kind));
                }
            }
        }
    }
    known
}

/// Withdraws what is to be withdrawn and issues the letter, in one transaction under the lock. Says whether the case file was
/// still the one that was read; where it was not, nothing is done, and nothing more is to be issued from that reading.
///
/// # Errors
/// Findings when the letter cannot be right, the refusal when the disk gives or takes no file; the register then holds no new
/// number.
pub fn issue(
    workspace: &Workspace,
    shelf: &mut Shelf,
    pending: &Pending,
    reading: &Reading,
    changes: &mut Vec<Change>,
) -> Result<bool, Failure> {
    let _lock = workspace.lock()?;
    let path = workspace.case_file(&reading.code);
    match read::raw(&path) {
        Ok(now) if now.bytes == reading.bytes => {}
        // Somebody saved in the meantime: the next pass sees it as it is then.
        Ok(_) | Err(Refusal::Unfit(_)) => return Ok(false),
        Err(Refusal::System(source)) if source.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(Refusal::System(source)) => return Err(Failure::Fs(fs::Error { action: "đọc", path, source })),
    }
    let done = issue_with(workspace, shelf.register(workspace)?, pending, reading, changes);
    if done.is_ok() {
        shelf.wrote_register(workspace)
    } else {
        shelf.drop_register()
    }
    done.map(|()| true)
}

fn issue_with(
    workspace: &Workspace,
    register: &mut Register,
    pending: &Pending,
    reading: &Reading,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let id = &pending.id;
    let letter = register_id(&pending.code, id);
    let Some(block) = reading.case.letter(id) else { return Ok(()) };

    let history = register.history(&letter);
    let stays = register.current(&letter).is_some_and(|record| !replaces(block, record.issued.number));
    if !block.issue() || stays || history.len() >= permitted(block, &history) {
        return withdraw(workspace, register, block, &letter, changes);
    }
    let series = workspace.settings.series(id.kind).ok_or_else(|| {
        vec![
            Diagnostic::error(code::NO_SERIES, format!("hoso.yaml chưa khai sổ và ký hiệu cho {}.", id.kind.text()))
                .in_file(crate::workspace::SETTINGS)
                .hint("Thêm một mục cho loại văn bản này vào danh_so.so."),
        ]
    })?;
    let year = chrono::Datelike::year(&pending.date);
    let start = series.starts.iter().find(|s| i64::from(s.year.0) == i64::from(year)).map_or(1, |s| s.number.0);
    let typed = workspace.settings.numbering.by == NumberingBy::Clerk;
    let number = match block.number() {
        Some(number) if typed => number.0,
        _ => register.next_number(series.register.as_str(), year, start),
    };
    if let Some(holder) = register.find(series.register.as_str(), year, number) {
        return Err(taken(reading, id, &holder.issued));
    }

    let mut known = known(register, &reading.case, &reading.assessment);
    if let Some(old) = known.issued.remove(id) {
        // What is about to be withdrawn: the successor says so. The number itself is withdrawn only when all else is ready.
        let fact = block.replacements().iter().rfind(|r| r.number.is_some());
        known.withdrawn.insert(id.clone(), (old, fact.and_then(|r| r.kind).unwrap_or(Withdrawal::Replace)));
    }
    let today = workspace.clock.today();
    let mode = Mode::Issue { number };
    let prepared = letter::prepare(&reading.case, &reading.assessment, &workspace.settings, &known, id, mode, today)
        .map_err(|reason| vec![Diagnostic::error(code::MISSING_AT_ISSUE, reason.to_string()).in_file(&reading.file)])?;
    refuse_missing(&prepared, reading)?;
    let rendered = render::render(workspace, &prepared, Some(reading))?;
    let snapshot = Snapshot {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        letter: letter.clone(),
        number: wording::letter_number(number, series.symbol.as_str()),
        subject: prepared.subject.clone(),
        addressee: prepared.addressee.clone(),
        facts: prepared.facts.clone(),
        view: prepared.view.clone(),
        email: email_of(workspace, &prepared)?,
        forms: workspace
            .forms
            .names()
            .map(|name| snapshot::keep(workspace, name, workspace.forms.text(name)))
            .collect::<fs::Result<_>>()?,
        style: snapshot::keep(workspace, "kieu.yaml", &workspace.style_text)?,
        fonts: workspace.fonts.digest(),
        form: Some(form_name(id.kind)),
        date: prepared.date,
    };
    let snapshot_sha256 = snapshot.store(workspace)?;
    let sha256 = originals::store(&workspace.originals(), &rendered.bytes, copies::ORIGINAL)?;
    fs::step("issue: original stored");

    let file = file_name(&prepared.id, number, series.symbol.as_str(), pending.date);
    let issued = Issued {
        register: series.register.to_string(),
        year,
        number,
        symbol: wording::letter_number(number, series.symbol.as_str()),
        letter,
        kind: id.kind.text().to_owned(),
        case: pending.code.clone(),
        date: pending.date,
        signer: prepared.signer_name.clone(),
        kept_by: format!("VT, {}", workspace.settings.drafting_unit),
        copies: 1,
        pdf_sha256: sha256,
        pdf_size: rendered.bytes.len() as u64,
        pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
        snapshot_sha256,
        file,
        start,
        typed_by_clerk: typed,
        job: None,
    };
    let symbol = issued.symbol.clone();
    withdraw(workspace, register, block, &issued.letter, changes)?;
    let warnings = register.issue(workspace.clock.now(), issued)?;
    fs::step("issue: journalled");
    copies::restore(workspace, register, reading, Some(&symbol), changes)?;
    if warnings.is_empty() {
        Ok(())
    } else {
        Err(Failure::Findings(warnings.into_iter().map(|w| w.in_file(&reading.file)).collect()))
    }
}

/// The number the registry clerk typed was given before.
fn taken(reading: &Reading, id: &LetterId, holder: &Issued) -> Failure {
    let path = reading.assessment.letters.iter().find(|due| due.id == *id).map(|due| format!("{}.so", due.path));
    Failure::Findings(vec![reading.places.finding(
        code::NUMBER_REFUSED,
        Severity::Error,
        &path.unwrap_or_default(),
        format!("Số {} đã cấp cho {} ngày {}.", holder.symbol, holder.letter, holder.date.format("%d/%m/%Y")),
        "Đối chiếu sổ văn thư rồi ghi lại số này; xem các số đã cấp bằng “hoso register list”.".to_owned(),
    )])
}

fn refuse_missing(prepared: &Prepared, reading: &Reading) -> Result<(), Failure> {
    if prepared.missing.is_empty() {
        return Ok(());
    }
    let finding = |missing: &letter::Missing| {
        reading.places.finding(
            code::MISSING_AT_ISSUE,
            Severity::Error,
            &missing.path,
            format!("Chưa ban hành được {}: thiếu {}.", prepared.id.kind.text(), missing.label),
            format!("Ghi thêm {}, rồi lưu tệp.", missing.path.rsplit('.').next().unwrap_or(&missing.path)),
        )
    };
    Err(Failure::Findings(prepared.missing.iter().map(finding).collect()))
}

fn email_of(workspace: &Workspace, prepared: &Prepared) -> Result<Option<Email>, Failure> {
    let Some(to) = &prepared.email else { return Ok(None) };
    let (subject, body) = workspace.forms.email_text(prepared).map_err(|fault| vec![fault])?;
    Ok(Some(Email {
        from_name: to.from_name.clone(),
        from: to.from_address.clone(),
        to_name: to.name.clone(),
        to: to.address.clone(),
        subject,
        body,
    }))
}

/// Voids the numbers the block withdraws.
fn withdraw(
    workspace: &Workspace,
    register: &mut Register,
    block: &dyn LetterBlock,
    letter: &str,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let live: Vec<Issued> = register
        .history(letter)
        .into_iter()
        .filter(|record| record.void.is_none())
        .map(|record| record.issued.clone())
        .collect();
    for issued in live {
        let fact = block.replacements().iter().find(|r| r.number.is_some_and(|n| n.0 == issued.number));
        let Some(fact) = fact else { continue };
        let kind = fact.kind.unwrap_or(Withdrawal::Replace);
        let reason = fact.reason.as_ref().map(ToString::to_string).unwrap_or_default();
        let reason_sha256 = register::words::keep_reason(&workspace.snapshots(), letter, &reason)?;
        register.void(
            workspace.clock.now(),
            Void {
                register: issued.register.clone(),
                year: issued.year,
                number: issued.number,
                reason_sha256,
                by: block.signer().map(ToString::to_string).unwrap_or_default(),
                date: fact.date.map(|date| date.0),
                withdrawal: match kind {
                    Withdrawal::Void => register::Withdrawal::Voided,
                    Withdrawal::Replace => register::Withdrawal::Replaced,
                    Withdrawal::Correct => register::Withdrawal::Corrected,
                },
            },
        )?;
        fs::step("issue: withdrawn");
        changes.push(Change::new(issued.symbol.clone(), format!("{} văn bản", kind.text())));
    }
    Ok(())
}

/// Longest symbol in a file's name, so that the whole stays under 120 letters whatever a unit is called.
const SYMBOL: usize = 18;

/// The file name of an issued letter: ASCII, legal everywhere, in date order.
fn file_name(id: &LetterId, number: u32, symbol: &str, date: NaiveDate) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    let symbol: String = symbol.chars().take(SYMBOL).map(plain).collect();
    format!("{date}_{number:02}-{symbol}_{}.pdf", id.stem())
}

impl From<register::Error> for Failure {
    fn from(error: register::Error) -> Self {
        match error {
            register::Error::Journal(journal::Error::Io(error)) => Self::Fs(error),
            register::Error::Journal(_) => Self::State(error.to_string()),
            refused => Self::Findings(vec![
                Diagnostic::error(code::NUMBER_REFUSED, format!("Chưa cấp số được: {refused}."))
                    .hint("Xem các số đã cấp bằng “hoso register list”; nếu văn thư ghi số thì sửa mục so."),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::letter::LetterKind;

    proptest! {
        #[test]
        fn names_are_legal_on_windows_and_shares(
            kind in prop::sample::select(LetterKind::ALL.to_vec()),
            unit in prop::option::of("(\\PC){0,90}"),
            round in 0..99_u32,
            number in 1..9_999_u32,
            symbol in "(\\PC){0,60}",
        ) {
            let id = LetterId { kind, round, unit };
            let name = file_name(&id, number, &symbol, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap());
            for name in [name, format!("{}.du-thao.pdf", id.stem()), format!("{}.trinh-ky.pdf", id.stem())] {
                prop_assert!(name.len() < 120 && name.ends_with(".pdf"), "{}", name);
                prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{}", name);
            }
        }
    }
}
