//! Batches with numbers: reserve → letters, by any number of processes → seal; what was not made is given up with a reason.
//!
//! The register's journal is the truth: numbers are kept in one entry before any letter is made, and the letters are issued
//! by one entry when all of them are there and archived. Between the two, everything lies in `.hoso/loat/<batch>/`.

use std::path::{Path, PathBuf};

use chrono::Datelike;

use super::check::case_code;
use super::declaration::{CASE_CODE, ENDING};
use super::output::{CARD, Numbers};
use super::{Checked, Job, Problem};
use crate::diagnostic::{Diagnostic, code};
use crate::fs;
use crate::journal::Lock;
use crate::pipeline::{self, Failure, close, snapshot};
use crate::register::verify::batch::{RESULTS, so_far};
use crate::register::{Block, Dropped, Made, Register, Reserved, job_number, parse_results};
use crate::settings::NumberingBy;
use crate::workspace::Workspace;

mod seal;

pub use seal::{Archived, seal};

/// Beginning of the name of the data file among the files of a batch.
pub(crate) const DATA: &str = "du-lieu.";
/// Folder of the forms.
pub(crate) const FORMS: &str = "bieu-mau/";
/// The style.
pub(crate) const STYLE: &str = "bieu-mau/kieu.yaml";
/// The settings.
pub(crate) const SETTINGS: &str = "cau-hinh/hoso.yaml";
/// Most letters of one batch: what one dossier holds.
pub const MOST_LETTERS: usize = 60_000;

fn refused(message: impl Into<String>, hint: &str) -> Failure {
    Failure::Findings(vec![Diagnostic::error(code::BATCH_OTHER, message).hint(hint)])
}

fn open(workspace: &Workspace) -> Result<Register, Failure> {
    Ok(Register::open(&workspace.register(), Some(&workspace.mirror()))?.0)
}

/// All blocks of numbers kept for batches, oldest first.
///
/// # Errors
/// When the journal cannot be read.
pub fn blocks(workspace: &Workspace) -> Result<Vec<Block>, Failure> {
    let _lock = workspace.lock()?;
    Ok(open(workspace)?.blocks().to_vec())
}

/// The batch of this form and data that has numbers and is not finished.
///
/// # Errors
/// When the journal cannot be read, or the same data was issued before, or numbers of it were given up.
pub fn pending(workspace: &Workspace, form: &str, data: &str) -> Result<Option<Reserved>, Failure> {
    let _lock = workspace.lock()?;
    find(&open(workspace)?, form, data)
}

fn find(register: &Register, form: &str, data: &str) -> Result<Option<Reserved>, Failure> {
    let same = |block: &&Block| block.reserved.form == form && block.reserved.data_sha256 == data;
    let Some(block) = register.blocks().iter().rev().find(same) else { return Ok(None) };
    let job = &block.reserved.job;
    if block.sealed.is_some() {
        let hint = "Mỗi bảng dữ liệu chỉ ban hành một lần. Cần gửi thêm thì lập bảng mới chỉ có các dòng cần gửi.";
        return Err(refused(format!("Bảng này đã ban hành trong loạt {job}."), hint));
    }
    if block.is_done() {
        return Ok(None);
    }
    if !block.dropped.is_empty() {
        let hint =
            format!("Niêm phong phần đã làm bằng “hoso batch seal {job}”, rồi lập bảng mới cho các dòng còn lại.");
        return Err(refused(format!("Loạt {job} đã bỏ các số chưa làm."), &hint));
    }
    Ok(Some(block.reserved.clone()))
}

/// Numbers of a batch and the folder its letters go to. While it lives, the batch can be neither sealed nor abandoned.
#[derive(Debug)]
pub struct Ticket {
    /// The block of numbers.
    pub reserved: Reserved,
    /// The folder.
    pub dir: PathBuf,
    _shared: Lock,
}

/// The lock that those who make letters of a batch share, and who seals or abandons it has alone.
fn lock_of(workspace: &Workspace, job: &str) -> PathBuf {
    workspace.jobs_folder().join(format!("{job}.khoa"))
}

/// The lock of a batch, taken alone.
///
/// # Errors
/// When somebody is at work on it.
pub(crate) fn alone(workspace: &Workspace, job: &str) -> Result<Lock, Failure> {
    Lock::alone(&lock_of(workspace, job))?.ok_or_else(|| {
        refused(format!("Loạt {job} đang được làm ở một tiến trình khác."), "Chờ tiến trình ấy xong rồi chạy lại.")
    })
}

/// Reserves numbers for the rows of a checked table, or finds those reserved before, and lays out the batch's folder.
///
/// # Errors
/// When the numbers are the clerk's to give, the table changed since, or the system refuses.
pub fn reserve(
    workspace: &Workspace,
    job: &Job<'_>,
    checked: &Checked,
    data: &Path,
    digest: &str,
) -> Result<Ticket, Failure> {
    let reserved = {
        let _lock = workspace.lock()?;
        block_for(workspace, job, checked, digest)?
    };
    fs::step("batch: reserved");
    let shared = Lock::share(&lock_of(workspace, &reserved.job))?
        .ok_or_else(|| refused(format!("Loạt {} đang được niêm phong hoặc bỏ.", reserved.job), ""))?;
    let dir = workspace.job_folder(&reserved.job);
    // Of two processes that begin together one lays out.
    let _lock = workspace.lock()?;
    lay_out(workspace, &dir, &reserved, data)?;
    Ok(Ticket { reserved, dir, _shared: shared })
}

fn block_for(workspace: &Workspace, job: &Job<'_>, checked: &Checked, digest: &str) -> Result<Reserved, Failure> {
    let mut register = open(workspace)?;
    let (form, circular) = (job.form.trim_end_matches(".xml"), job.circular());
    let count = u32::try_from(checked.rows.len()).unwrap_or(u32::MAX);
    if let Some(found) = find(&register, form, digest)? {
        if found.count != count || found.date != circular.date() || found.signer != circular.signer_name() {
            let hint = "Chạy lại với đúng các lựa chọn lần đầu (--skip-bad, --date, --signer), hoặc bỏ loạt này bằng “hoso batch abandon”.";
            let message = format!(
                "Loạt {} đã dự trữ {} số cho bảng này, ngày {}, người ký {}; lần này khác.",
                found.job,
                found.count,
                found.date.format("%d/%m/%Y"),
                found.signer
            );
            return Err(refused(message, hint));
        }
        return Ok(found);
    }
    if workspace.settings.numbering.by == NumberingBy::Clerk {
        let hint = "Ban hành hàng loạt cần chương trình cấp số (danh_so.nguoi_cap: chuong_trinh).";
        return Err(refused("Số do văn thư cấp, chương trình không dự trữ được.", hint));
    }
    if count == 0 || checked.rows.len() > MOST_LETTERS {
        let message = format!("Một loạt ban hành có từ 1 đến {MOST_LETTERS} văn bản; bảng này cho {count}.");
        return Err(refused(message, "Chia bảng thành nhiều tệp."));
    }
    let year = circular.date().year();
    let series = workspace.settings.numbering.series.iter().find(|s| s.register.as_str() == circular.register());
    let starts = series.map(|series| series.starts.as_slice()).unwrap_or_default();
    let start = starts.iter().find(|s| i64::from(s.year.0) == i64::from(year)).map_or(1, |s| s.number.0);
    let now = workspace.clock.now();
    let numbers = register.blocks().iter().filter_map(|block| job_number(&block.reserved.job));
    let last = numbers.filter(|(own, _)| *own == now.year()).map(|(_, number)| number).max().unwrap_or(0);
    let reserved = Reserved {
        job: format!("LOAT-{:04}-{:04}", now.year(), last + 1),
        form: form.to_owned(),
        data_sha256: digest.to_owned(),
        register: circular.register().to_owned(),
        year,
        date: circular.date(),
        symbol: circular.symbol().to_owned(),
        kind: job.declaration().kind.clone(),
        signer: circular.signer_name().to_owned(),
        kept_by: format!("VT, {}", workspace.settings.drafting_unit),
        first: register.next_number(circular.register(), year, start),
        count,
        start,
    };
    register.reserve(now, reserved.clone())?;
    Ok(reserved)
}

/// Puts data, forms, declaration, style and settings into the batch's folder, once.
fn lay_out(workspace: &Workspace, dir: &Path, reserved: &Reserved, data: &Path) -> Result<(), Failure> {
    let bytes = fs::read(data)?;
    if fs::sha256(&bytes) != reserved.data_sha256 {
        return Err(refused("Bảng dữ liệu vừa bị sửa trong lúc đang làm.", "Chạy lại."));
    }
    let ending = data.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let once = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        if path.exists() { Ok(()) } else { fs::write(&path, bytes) }
    };
    once(&format!("{DATA}{ending}"), &bytes)?;
    for name in workspace.forms.names() {
        once(&format!("{FORMS}{name}"), workspace.forms.text(name).as_bytes())?;
    }
    let form = &reserved.form;
    once(&format!("{FORMS}{form}{ENDING}"), workspace.forms.declared(form).as_bytes())?;
    once(STYLE, workspace.style_text.as_bytes())?;
    once(SETTINGS, workspace.settings_text.as_bytes())?;
    Ok(())
}

impl Ticket {
    /// The numbers for [`super::Output::numbered`], with what snapshots of letters of cases name.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn numbers<'a>(&self, workspace: &'a Workspace) -> Result<Numbers<'a>, Failure> {
        let _lock = workspace.lock()?;
        let names = workspace.forms.names();
        let forms = names.map(|name| snapshot::keep(workspace, name, workspace.forms.text(name)));
        Ok(Numbers {
            workspace,
            first: self.reserved.first,
            forms: forms.collect::<fs::Result<_>>()?,
            style: snapshot::keep(workspace, "kieu.yaml", &workspace.style_text)?,
            fonts: workspace.fonts.digest(),
        })
    }
}

/// Letters of a batch that are there: of a finished one its result list, proved by its digest; else what was made so far.
#[must_use]
pub fn results(workspace: &Workspace, block: &Block) -> Vec<Made> {
    let dir = workspace.job_folder(&block.reserved.job);
    let Some((_, sealed)) = &block.sealed else { return so_far(&dir) };
    let bytes = fs::read(&dir.join(RESULTS)).ok().filter(|bytes| fs::sha256(bytes) == sealed.results_sha256);
    bytes.and_then(|bytes| parse_results(&bytes)).unwrap_or_default()
}

/// Refuses rows whose case is closed or not there.
///
/// # Errors
/// When a journal cannot be read.
pub fn check_cases(workspace: &Workspace, job: &Job<'_>, checked: &mut Checked) -> Result<(), Failure> {
    let (open, closed) = (pipeline::open_codes(workspace), close::closed_codes(workspace)?);
    let problem = |row: &super::Row| {
        let case = case_code(job.declaration, row)?;
        let (message, hint) = if closed.contains(case) {
            (
                format!("Hồ sơ {case} đã lưu, không nhận thêm văn bản."),
                format!("Mở lại trước bằng “hoso archive reopen {case}”, hoặc bỏ mã này."),
            )
        } else if !open.contains(case) {
            (format!("Không có hồ sơ {case} trong thư mục hồ sơ."), "Sửa ma_ho_so, hoặc để trống.".to_owned())
        } else {
            return None;
        };
        let problem = Problem::error(row.number, code::BATCH_CASE, message, hint);
        Some(match job.declaration.place(CASE_CODE) {
            Some(place) => checked.in_column(problem, place),
            None => problem,
        })
    };
    let problems = checked.rows.iter().filter_map(problem).collect();
    checked.refuse(problems);
    Ok(())
}

/// Gives up the numbers of a batch that have no letter; returns them as ranges.
///
/// # Errors
/// When there is no such batch, it is finished or being made, or none of its numbers is open.
pub fn abandon(workspace: &Workspace, job: &str, reason: &str, by: &str) -> Result<Vec<(u32, u32)>, Failure> {
    let _alone = alone(workspace, job)?;
    let _lock = workspace.lock()?;
    let mut register = open(workspace)?;
    let block = known(&register, job)?.clone();
    if block.sealed.is_some() {
        return Err(refused(format!("Loạt {job} đã niêm phong."), "Muốn rút một văn bản thì hủy số của nó."));
    }
    let made = so_far(&workspace.job_folder(job));
    let ranges = block.open_ranges(&made);
    if ranges.is_empty() {
        let hint = format!("Niêm phong bằng “hoso batch seal {job}”.");
        return Err(refused(format!("Loạt {job} không còn số nào chưa có văn bản."), &hint));
    }
    let dropped = Dropped { job: job.to_owned(), ranges: ranges.clone(), reason: reason.to_owned(), by: by.to_owned() };
    register.drop_numbers(workspace.clock.now(), dropped)?;
    fs::step("batch: abandoned");
    Ok(ranges)
}

fn known<'a>(register: &'a Register, job: &str) -> Result<&'a Block, Failure> {
    register
        .block(job)
        .ok_or_else(|| refused(format!("Sổ không có loạt {job}."), "Xem các loạt bằng “hoso batch list”."))
}

/// Whether a name in a batch's folder is of a file we made beside its letters.
fn is_own(name: &str) -> bool {
    fs::is_aside(name) || name == CARD || (name.starts_with("ket-qua-") && name.ends_with(".jsonl"))
}
