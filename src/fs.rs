//! File-system steps that survive a kill: errors name their path, writes go aside, are synced, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) mod disturb;

pub use disturb::step;

mod place;
mod stamp;
mod volume;

pub use place::Place;
pub use stamp::Stamp;
pub use volume::Volume;

/// An I/O error that names its path and what was being done.
#[derive(Debug, thiserror::Error)]
#[error("không {} {}: {}", could(action), shown(path).display(), reason(source))]
pub struct Error {
    /// What was tried, in Vietnamese, e.g. "đọc".
    pub action: &'static str,
    /// The path it was tried on.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// The system's reason in Vietnamese; its own words, in brackets, only where the kind is not known. What a library of ours
/// said stays as it is.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    if error.get_ref().is_some() {
        return error.to_string();
    }
    let known = match error.kind() {
        Kind::NotFound => "không có tệp hoặc thư mục này",
        Kind::PermissionDenied => "không có quyền truy cập",
        Kind::AlreadyExists => "tên này đã có",
        Kind::IsADirectory => "đây là thư mục, không phải tệp",
        Kind::NotADirectory => "một phần của đường dẫn không phải thư mục",
        Kind::DirectoryNotEmpty => "thư mục không rỗng",
        Kind::StorageFull => "ổ đĩa hết chỗ",
        Kind::QuotaExceeded => "đã dùng hết dung lượng được cấp",
        Kind::FileTooLarge => "tệp quá lớn",
        Kind::ReadOnlyFilesystem => "ổ đĩa chỉ cho đọc",
        Kind::ResourceBusy | Kind::ExecutableFileBusy => "tệp đang được chương trình khác dùng",
        Kind::InvalidFilename => "tên tệp không hợp lệ hoặc quá dài",
        Kind::CrossesDevices => "hai thư mục nằm trên hai ổ đĩa khác nhau",
        Kind::TooManyLinks => "quá nhiều liên kết",
        Kind::StaleNetworkFileHandle | Kind::NetworkDown | Kind::NetworkUnreachable | Kind::HostUnreachable => {
            "mất kết nối với ổ đĩa mạng"
        }
        Kind::TimedOut => "chờ quá lâu không thấy trả lời",
        Kind::UnexpectedEof => "tệp bị cụt",
        Kind::WriteZero => "ghi chưa hết dữ liệu",
        Kind::BrokenPipe => "chương trình nhận dữ liệu đã dừng",
        Kind::Interrupted => "việc bị ngắt giữa chừng",
        Kind::InvalidData => "dữ liệu không đúng dạng",
        Kind::Unsupported => "hệ thống không hỗ trợ việc này",
        Kind::OutOfMemory => "hết bộ nhớ",
        // EIO has no kind.
        _ if cfg!(unix) && error.raw_os_error() == Some(5) => "ổ đĩa hoặc đường mạng bị lỗi đọc ghi",
        // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION have no kind.
        _ if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) => "tệp đang được chương trình khác dùng",
        _ => return format!("hệ thống báo lỗi ({error})"),
    };
    known.to_owned()
}

impl Error {
    /// Whether somebody has the file open, so that it cannot be replaced now.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        is_busy(&self.source)
    }
}

/// Whether the system refused because somebody has the file open: Windows says so by its codes 32 and 33, and by 5 when a file
/// is renamed over an open one; shares of Windows say "busy".
fn is_busy(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy)
        || (cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33)))
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

pub(crate) fn context<T>(result: io::Result<T>, action: &'static str, path: &Path) -> Result<T> {
    result.map_err(|source| Error { action, path: path.to_owned(), source })
}

/// What kept a folder below `dir` from being listed.
pub(crate) fn unlisted(dir: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(dir).to_owned();
    // Without a reason of the system, links go round in a circle.
    let source = error.into_io_error().unwrap_or_else(|| io::ErrorKind::InvalidData.into());
    Error { action: "đọc thư mục", path, source }
}

/// Does something that changes the disk, unless a test has it refused.
pub(crate) fn attempt<T>(action: &'static str, path: &Path, work: impl FnOnce() -> io::Result<T>) -> Result<T> {
    context(disturb::ask(action, path).and_then(|()| work()), action, path)
}

/// Writes all of `bytes`; where a test lets the disk be full, the first half of them, as a disk does.
fn put(file: &mut File, bytes: &[u8], action: &'static str, path: &Path) -> Result<()> {
    if let Err(refusal) = disturb::ask(action, path) {
        if refusal.kind() == io::ErrorKind::StorageFull {
            context(file.write_all(&bytes[..bytes.len() / 2]), action, path)?;
        }
        return context(Err(refusal), action, path);
    }
    context(file.write_all(bytes), action, path)
}

/// Creates a folder and those above it.
///
/// # Errors
/// When the system refuses.
pub fn create_dir(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    match attempt("tạo thư mục", path, || fs::create_dir_all(path)) {
        // A disk that fails may say that a folder is there and not what it is: then its own error is worth telling.
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {
            if context(fs::metadata(path), "tạo thư mục", path)?.is_dir() { Ok(()) } else { Err(error) }
        }
        other => other,
    }
}

/// Reads a whole file.
///
/// # Errors
/// When the system refuses.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    context(fs::read(path), "đọc", path)
}

/// The bytes of a file; nothing where no file is there. What the system does not give now is not what is not there: who takes it
/// for that, takes a file of a clerk's for one of ours, or writes over it.
///
/// # Errors
/// When the system refuses.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match fs::read(path) {
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | IsADirectory) => Ok(None),
        read => context(read, "đọc", path).map(Some),
    }
}

/// Makes a rename or a new entry in `dir` durable. Where folders cannot be synced (Windows) this does nothing.
///
/// # Errors
/// When the system refuses.
pub fn sync_dir(dir: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        attempt("ghi thư mục xuống đĩa", dir, || File::open(dir).and_then(|d| d.sync_all()))
    }
    #[cfg(not(unix))]
    {
        let _ = dir;
        Ok(())
    }
}

/// What tells a file or folder from another one under its name: device and inode, else the time of its creation.
#[must_use]
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    let meta = fs::metadata(path).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((meta.dev(), meta.ino()))
    }
    #[cfg(not(unix))]
    {
        Some((0, Stamp::of(&meta).id))
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name a file has while it is being written aside.
#[must_use]
pub fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    parent(path).join(format!(".{name}.hoso-tmp"))
}

/// A path as it is told: a file that is being written goes by the name it is to have.
fn shown(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(|name| name.to_str()).filter(|name| is_aside(name));
    name.map_or_else(
        || path.to_owned(),
        |name| path.with_file_name(name.trim_start_matches('.').trim_end_matches(".hoso-tmp")),
    )
}

/// Whether a file name is one [`aside`] gives: left behind by a kill, safe to remove.
#[must_use]
pub fn is_aside(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".hoso-tmp")
}

/// Writes `bytes` aside, syncs, renames over `path`, syncs the folder. Creates missing folders.
///
/// # Errors
/// When the system refuses; `path` then still holds what it held.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    create_dir(parent(path))?;
    let aside = aside(path);
    let done = lay(&aside, bytes).and_then(|()| rename(&aside, path));
    if done.is_err() {
        // A full disk keeps what it took of it.
        let _ = fs::remove_file(&aside);
    }
    done
}

fn lay(aside: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = attempt("tạo", aside, || File::create(aside))?;
    put(&mut file, bytes, "ghi", aside)?;
    attempt("ghi xuống đĩa", aside, || file.sync_all())?;
    drop(file);
    step("write: aside synced");
    Ok(())
}

/// Writes `bytes` aside, where they stay until [`settle`] gives them their name. Not synced yet.
///
/// # Errors
/// When the system refuses.
pub fn write_aside(path: &Path, bytes: &[u8]) -> Result<()> {
    let aside = aside(path);
    attempt("ghi", &aside, || fs::write(&aside, bytes))
}

/// Makes files written aside durable, all of one folder with one sync where the system can, and gives them their names.
///
/// # Errors
/// When the system refuses; each file then has its old or its new content, whole.
pub fn settle(dir: &Path, names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let asides: Vec<PathBuf> = names.iter().map(|name| aside(&dir.join(name))).collect();
    attempt("ghi xuống đĩa", dir, || Ok(()))?;
    sync_together(dir, &asides)?;
    step("group synced");
    for (name, aside) in names.iter().zip(&asides) {
        attempt("đổi tên", aside, || fs::rename(aside, dir.join(name)))?;
        step("renamed one of a group");
    }
    sync_dir(dir)
}

#[cfg(target_os = "linux")]
fn sync_together(dir: &Path, files: &[PathBuf]) -> Result<()> {
    let folder = context(File::open(dir), "mở", dir)?;
    if rustix::fs::syncfs(folder).is_ok() {
        return Ok(());
    }
    sync_each(files)
}

#[cfg(not(target_os = "linux"))]
fn sync_together(_dir: &Path, files: &[PathBuf]) -> Result<()> {
    sync_each(files)
}

fn sync_each(files: &[PathBuf]) -> Result<()> {
    let sync = |path: &Path| OpenOptions::new().append(true).open(path).and_then(|file| file.sync_all());
    files.iter().try_for_each(|path| context(sync(path), "ghi xuống đĩa", path))
}

/// Cuts a file to its first `length` bytes and syncs it.
///
/// # Errors
/// When the system refuses.
pub fn truncate(path: &Path, length: u64) -> Result<()> {
    let file = context(OpenOptions::new().write(true).open(path), "mở", path)?;
    attempt("cắt", path, || file.set_len(length).and_then(|()| file.sync_all()))
}

/// Like [`write()`], but leaves the file alone when it already holds exactly `bytes`. Returns whether it wrote.
///
/// # Errors
/// When the system refuses.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    write(path, bytes)?;
    Ok(true)
}

/// Renames and syncs the folders concerned.
///
/// # Errors
/// When the system refuses.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    attempt("đổi tên", from, || fs::rename(from, to))?;
    sync_dir(parent(to))?;
    if parent(from) != parent(to) {
        sync_dir(parent(from))?;
    }
    step("renamed");
    Ok(())
}

/// Removes a file; that it is already gone is fine.
///
/// # Errors
/// When the system refuses.
pub fn remove_file(path: &Path) -> Result<()> {
    if is_gone(path) {
        return Ok(());
    }
    match attempt("xóa", path, || fs::remove_file(path)) {
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => Ok(()),
        other => {
            other?;
            step("removed file");
            sync_dir(parent(path))
        }
    }
}

/// Removes a folder and all in it; that it is already gone is fine.
///
/// # Errors
/// When the system refuses.
pub fn remove_dir(path: &Path) -> Result<()> {
    if is_gone(path) {
        return Ok(());
    }
    match attempt("xóa thư mục", path, || fs::remove_dir_all(path)) {
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => Ok(()),
        other => {
            other?;
            step("removed folder");
            sync_dir(parent(path))
        }
    }
}

fn is_gone(path: &Path) -> bool {
    path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// “đọc” → “đọc được”, “tạo thư mục” → “tạo được thư mục”.
fn could(action: &str) -> String {
    match action.split_once(' ') {
        Some((verb, what)) => format!("{verb} được {what}"),
        None => format!("{action} được"),
    }
}

/// Appends one line and syncs. The file is created when missing.
///
/// # Errors
/// When the system refuses.
pub fn append_line(path: &Path, line: &str) -> Result<()> {
    append(path, format!("{line}\n").as_bytes())
}

/// Appends whole lines and syncs. The file is created when missing.
///
/// # Errors
/// When the system refuses.
pub fn append(path: &Path, lines: &[u8]) -> Result<()> {
    create_dir(parent(path))?;
    let new = !path.exists();
    let mut file = attempt("mở", path, || OpenOptions::new().create(true).append(true).open(path))?;
    let before = context(file.metadata(), "đọc", path)?.len();
    if let Err(error) = put(&mut file, lines, "ghi", path) {
        // What a full disk took of the lines is cut off again; where even that fails, the next opening mends it.
        let _ = file.set_len(before);
        return Err(error);
    }
    attempt("ghi xuống đĩa", path, || file.sync_all())?;
    if new {
        sync_dir(parent(path))?;
    }
    step("appended line");
    Ok(())
}

/// SHA-256 of `bytes` in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// SHA-256 of the first bytes of `bytes`, for each of the `lengths`, which rise; lengths beyond its end are left out.
#[must_use]
pub fn sha256_of_beginnings(bytes: &[u8], lengths: &[usize]) -> Vec<(usize, String)> {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    let (mut digest, mut at, mut found) = (Sha256::new(), 0, Vec::new());
    for length in lengths {
        let Some(piece) = bytes.get(at..*length) else { continue };
        digest.update(piece);
        at = *length;
        let hex = digest.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        found.push((at, hex));
    }
    found
}

/// SHA-256 in lower-case hex and size in bytes of a file, read in pieces.
///
/// # Errors
/// When the system refuses.
pub fn sha256_file(path: &Path) -> Result<(String, u64)> {
    let file = context(File::open(path), "mở", path)?;
    context(sha256_reader(file, |_| Ok(())), "đọc", path)
}

/// Reads to the end and returns SHA-256 in lower-case hex and size in bytes; each piece is also given to `each`.
///
/// # Errors
/// Those of the reader and of `each`.
pub fn sha256_reader(
    mut reader: impl io::Read,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(String, u64)> {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    let (mut digest, mut size, mut piece) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = match reader.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        each(&piece[..read])?;
        size += read as u64;
    }
    let hex = digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok((hex, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link to itself is there and can be asked nothing: so is a folder of a disk that fails.
    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_looked_at_is_told_by_what_the_disk_says() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("a");
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let error = create_dir(&path).unwrap_err();
        assert_ne!(error.source.kind(), io::ErrorKind::AlreadyExists, "{error}");
        std::fs::write(dir.path().join("b"), b"").unwrap();
        let error = create_dir(&dir.path().join("b")).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::AlreadyExists, "{error}");
    }

    #[test]
    fn reasons_are_told_in_vietnamese() {
        let dir = tempfile::tempdir().unwrap();
        let said = read(&dir.path().join("nope")).unwrap_err().to_string();
        assert!(said.ends_with(": không có tệp hoặc thư mục này"), "{said}");
        if cfg!(target_os = "linux") {
            assert_eq!(reason(&read(dir.path()).unwrap_err().source), "đây là thư mục, không phải tệp");
            assert_eq!(reason(&io::Error::from_raw_os_error(28)), "ổ đĩa hết chỗ");
            assert!(reason(&io::Error::from_raw_os_error(71)).starts_with("hệ thống báo lỗi ("));
        }
        assert_eq!(reason(&io::Error::other("số băm sai")), "số băm sai");
    }

    #[test]
    fn a_file_somebody_has_open_is_told_from_one_that_may_not_be_written() {
        assert!(is_busy(&io::Error::from(io::ErrorKind::ResourceBusy)));
        assert!(!is_busy(&io::Error::from(io::ErrorKind::StorageFull)));
        if cfg!(target_os = "linux") {
            // EBUSY, ETXTBSY; EACCES.
            assert!(is_busy(&io::Error::from_raw_os_error(16)) && is_busy(&io::Error::from_raw_os_error(26)));
            assert!(!is_busy(&io::Error::from_raw_os_error(13)));
        }
    }
}
