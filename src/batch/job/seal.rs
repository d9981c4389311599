//! Sealing: result list → dossier in the archive → entry in the register (the commit) → letters removed from `.hoso`.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::{alone, is_own, known, open, refused};
use crate::archive::{Intent, Meta, State};
use crate::dossier::{self, Contents, Dossier, Source};
use crate::fs;
use crate::letter::wording;
use crate::pipeline::close::open_archive;
use crate::pipeline::{Failure, scan};
use crate::register::verify::batch::{LETTERS, RESULTS, so_far};
use crate::register::{Block, Made, Sealed, result_lines};
use crate::workspace::Workspace;

/// A sealed batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Letters.
    pub letters: usize,
    /// The dossier, as messages name it.
    pub dossier: String,
    /// Cases that letters of the batch belong to as well.
    pub cases: BTreeSet<String>,
}

/// Seals a batch; goes on where an earlier run was cut short.
///
/// # Errors
/// When a number has neither letter nor reason, a letter is damaged, or the system refuses.
pub fn seal(workspace: &Workspace, job: &str) -> Result<Archived, Failure> {
    let _alone = alone(workspace, job)?;
    let dir = workspace.job_folder(job);
    let block = {
        let _lock = workspace.lock()?;
        known(&open(workspace)?, job)?.clone()
    };
    let made = so_far(&dir);
    if block.sealed.is_none() {
        examine(&block, &dir, &made)?;
        finish(workspace, &block, &dir, &made)?;
    }
    let archive = {
        let _lock = workspace.lock()?;
        open_archive(workspace)?
    };
    let Some(publication) = archive.latest(job) else {
        return Err(refused(format!("Kho lưu trữ không có hồ sơ của loạt {job}."), "Lấy lại từ bản sao lưu."));
    };
    let dossier = archive.file(publication);
    clear(&dir, &dossier)?;
    Ok(Archived {
        letters: made.len(),
        dossier: workspace.show(&dossier),
        cases: made.into_iter().filter_map(|one| one.case).collect(),
    })
}

fn examine(block: &Block, dir: &Path, made: &[Made]) -> Result<(), Failure> {
    let job = &block.reserved.job;
    let open = block.open_ranges(made);
    if let Some((first, last)) = open.first() {
        let hint = format!(
            "Chạy lại “hoso batch … --issue” với cùng dữ liệu cho xong, hoặc bỏ các số này bằng “hoso batch abandon {job}”."
        );
        return Err(refused(format!("Loạt {job} còn số chưa có văn bản, như số {first} đến {last}."), &hint));
    }
    if u32::try_from(made.len()).ok().and_then(|made| made.checked_add(block.dropped_count()))
        != Some(block.reserved.count)
    {
        return Err(refused(
            format!("Danh sách kết quả của loạt {job} mâu thuẫn với sổ."),
            "Chạy “hoso register verify”.",
        ));
    }
    if made.is_empty() {
        return Err(refused(
            format!("Loạt {job} không có văn bản nào."),
            "Các số của loạt đã bỏ hết, không cần niêm phong.",
        ));
    }
    let whole = |one: &&Made| {
        let found = fs::sha256_file(&dir.join(&one.file));
        !found.is_ok_and(|(sha256, size)| sha256 == one.sha256 && size == one.size)
    };
    // After a kill behind the archive's entry the letters may be gone; the dossier holds them.
    match made.iter().find(whole) {
        Some(one) if dir.join(&one.file).exists() || !dir.join(RESULTS).exists() => Err(refused(
            format!("Văn bản {} của loạt {job} thiếu hoặc đã bị sửa.", one.file),
            "Chạy lại “hoso batch … --issue” với cùng dữ liệu: văn bản được làm lại.",
        )),
        _ => Ok(()),
    }
}

fn finish(workspace: &Workspace, block: &Block, dir: &Path, made: &[Made]) -> Result<(), Failure> {
    let job = &block.reserved.job;
    let results = result_lines(made);
    fs::write_if_changed(&dir.join(RESULTS), &results)?;
    let results_sha256 = fs::sha256(&results);
    let begun = {
        let _lock = workspace.lock()?;
        let mut archive = open_archive(workspace)?;
        if matches!(archive.state(job), State::Never) {
            let intent = Intent { code: job.clone(), version: 1, case_sha256: results_sha256.clone() };
            archive.intend(intent, workspace.clock.now())?;
            fs::step("batch: intended");
        }
        let time = archive.intent(job).map(|(time, _)| time);
        match time {
            Some(time) => {
                let (contents, meta) = gather(workspace, block, dir, made, results, time)?;
                Some((archive.staging(&meta)?, meta, contents, time))
            }
            None => None,
        }
    };
    // Published before a kill: only the entry is missing.
    let Some((staged, meta, contents, time)) = begun else { return enter(workspace, block, made, results_sha256) };
    // The long work: nobody waits for it.
    dossier::write(&staged, &contents)?;
    fs::step("batch: dossier staged");
    {
        let _lock = workspace.lock()?;
        open_archive(workspace)?.publish(&staged, meta, time)?;
        fs::step("batch: published");
    }
    enter(workspace, block, made, results_sha256)
}

/// The register's entry: from here on the letters are issued.
fn enter(workspace: &Workspace, block: &Block, made: &[Made], results_sha256: String) -> Result<(), Failure> {
    let job = &block.reserved.job;
    let _lock = workspace.lock()?;
    let archive = open_archive(workspace)?;
    let Some(publication) = archive.latest(job) else {
        return Err(refused(format!("Kho lưu trữ không có hồ sơ của loạt {job}."), "Lấy lại từ bản sao lưu."));
    };
    let sealed = Sealed {
        job: job.clone(),
        results_sha256,
        made: u32::try_from(made.len()).unwrap_or(u32::MAX),
        dossier_sha256: publication.sha256.clone(),
        of_cases: made.iter().filter(|one| one.case.is_some()).cloned().map(Made::wordless).collect(),
    };
    open(workspace)?.seal(workspace.clock.now(), sealed)?;
    fs::step("batch: sealed");
    Ok(())
}

fn gather(
    workspace: &Workspace,
    block: &Block,
    dir: &Path,
    made: &[Made],
    results: Vec<u8>,
    time: DateTime<FixedOffset>,
) -> Result<(Contents, Meta), Failure> {
    let reserved = &block.reserved;
    let job = &reserved.job;
    let mut contents = Contents::new(job.clone(), 1);
    contents.add(RESULTS, Source::Bytes(results));
    contents.add("muc-luc.csv", Source::Bytes(list(block, made).map_err(|error| Failure::State(error.to_string()))?));
    contents.add("su-kien.jsonl", Source::Bytes(events(block, time)));
    let files: BTreeSet<&str> = made.iter().map(|one| one.file.as_str()).collect();
    for found in scan::attachments(dir)? {
        if files.contains(found.name.as_str()) {
            contents.add(&format!("{LETTERS}/{}", found.name), Source::File(found.path));
        } else if !is_list(&found.name) && !found.is_link {
            contents.add(&found.name, Source::File(found.path));
        }
    }
    let issuer = workspace.settings.issuer(reserved.date);
    let title =
        format!("Loạt {}: {} văn bản, số {} đến {}", reserved.kind, made.len(), reserved.first, reserved.last());
    let years = workspace.settings.retention.years.0;
    let retention = format!("{years} năm");
    let mut info = |label: &str, value: String| contents.info.push((label.to_owned(), value));
    if let Some(issuer) = issuer {
        info("Source-Organization", issuer.company.to_string());
        info("Internal-Sender-Identifier", issuer.centre.to_string());
    }
    info("External-Description", title);
    info("Bagging-Date", time.date_naive().to_string());
    info("Hoso-Retention", retention.clone());
    let last = time.year().checked_add_unsigned(years).and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
    let meta = Meta {
        code: job.clone(),
        version: 1,
        end: "đã ban hành hàng loạt".to_owned(),
        closed: time.date_naive(),
        from: reserved.date.min(time.date_naive()),
        to: reserved.date.min(time.date_naive()),
        retention,
        keep_until: last,
        letters: u32::try_from(made.len()).unwrap_or(u32::MAX),
        pages: made.iter().map(|one| one.pages).sum(),
        stretches: Vec::new(),
    };
    Ok((contents, meta))
}

/// Result lists of shards; the whole list replaces them.
fn is_list(name: &str) -> bool {
    name == RESULTS || (name.starts_with("ket-qua-") && name.ends_with(".jsonl"))
}

/// The letters as a list a person can read.
fn list(block: &Block, made: &[Made]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "STT",
        "Số, ký hiệu",
        "Ngày",
        "Tên loại, trích yếu",
        "Nơi nhận",
        "Số trang",
        "Hồ sơ",
        "Tệp",
    ])?;
    let reserved = &block.reserved;
    for (index, one) in made.iter().enumerate() {
        writer.write_record([
            (index + 1).to_string(),
            wording::letter_number(one.number, &reserved.symbol),
            reserved.date.to_string(),
            format!("{}: {}", wording::capitalised(&reserved.kind), one.subject),
            one.addressee.clone(),
            one.pages.to_string(),
            one.case.clone().unwrap_or_default(),
            format!("{LETTERS}/{}", one.file),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// What happened to the batch, one JSON object a line, in PREMIS terms.
fn events(block: &Block, time: DateTime<FixedOffset>) -> Vec<u8> {
    let reserved = &block.reserved;
    let mut events = vec![(
        block.time,
        "reservation",
        format!("Dự trữ số {} đến {} cho loạt {}", reserved.first, reserved.last(), reserved.job),
        reserved.signer.clone(),
    )];
    for (at, dropped) in &block.dropped {
        let ranges: Vec<String> = dropped.ranges.iter().map(|(first, last)| format!("{first}–{last}")).collect();
        events.push((
            *at,
            "withdrawal",
            format!("Bỏ các số {}: {}", ranges.join(", "), dropped.reason),
            dropped.by.clone(),
        ));
    }
    events.push((time, "ingestion", format!("Niêm phong và lưu loạt {}", reserved.job), String::new()));
    events.into_iter().enumerate().fold(Vec::new(), |mut lines, (index, (at, kind, detail, agent))| {
        let event = serde_json::json!({
            "eventIdentifier": format!("{}/{}", reserved.job, index + 1),
            "eventType": kind,
            "eventDateTime": at.to_rfc3339(),
            "eventDetail": detail,
            "linkingAgentIdentifier": agent,
        });
        lines.extend(serde_json::to_vec(&event).unwrap_or_default());
        lines.push(b'\n');
        lines
    })
}

/// Removes what the dossier holds, byte for byte; the result list stays.
fn clear(dir: &Path, dossier: &Path) -> Result<(), Failure> {
    let kept = Dossier::open(dossier)?.payload_digests()?;
    for found in scan::everything(dir)? {
        let last = found.name.rsplit('/').next().unwrap_or_default();
        if found.is_link || found.name == RESULTS {
            continue;
        }
        if is_own(last) || kept.contains(&fs::sha256_file(&found.path)?.0) {
            // Each by itself: a folder of tens of thousands is not synced for each.
            fs::context(std::fs::remove_file(&found.path), "xóa", &found.path)?;
        }
    }
    for name in ["bieu-mau", "cau-hinh"] {
        // A folder with something left in it stays.
        let _ = std::fs::remove_dir(dir.join(name));
    }
    fs::step("batch: cleared");
    Ok(fs::sync_dir(dir)?)
}
