//! Why the index could not be used, and whether it is its own fault.

use rusqlite::ErrorCode;

use crate::fs;
use crate::journal;

/// Why the index could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] fs::Error),
    /// The archive's journal cannot be read.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// SQLite refused, or gave what is none of ours.
    #[error("chỉ mục tra cứu {}", said(.0))]
    Index(#[from] rusqlite::Error),
    /// The index is broken.
    #[error("chỉ mục tra cứu bị hỏng")]
    Broken,
}

/// Result with [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// A read past the end of the file (`SQLITE_IOERR_SHORT_READ`), and a file system that is damaged (`SQLITE_IOERR_CORRUPTFS`): to the
/// index both are damage.
const SHORT_READ: [std::ffi::c_int; 2] = [522, 8458];

/// What the system says; nothing where the index itself is at fault.
fn of_the_system(error: &rusqlite::Error) -> Option<&'static str> {
    let rusqlite::Error::SqliteFailure(failure, _) = error else { return None };
    Some(match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => "đang bận vì một lệnh khác",
        ErrorCode::DiskFull => "không ghi được: ổ đĩa đầy",
        ErrorCode::ReadOnly => "không ghi được: tệp chỉ cho đọc",
        ErrorCode::PermissionDenied | ErrorCode::CannotOpen => "không mở được: không có quyền, hoặc thư mục không còn",
        ErrorCode::OutOfMemory => "không dùng được: máy hết bộ nhớ",
        ErrorCode::OperationInterrupted | ErrorCode::OperationAborted => "bị ngắt giữa chừng",
        ErrorCode::FileLockingProtocolFailed | ErrorCode::NoLargeFileSupport => "không dùng được trên ổ đĩa này",
        ErrorCode::SystemIoFailure if !SHORT_READ.contains(&failure.extended_code) => {
            "không đọc hay ghi được: ổ đĩa báo lỗi"
        }
        _ => return None,
    })
}

fn said(error: &rusqlite::Error) -> &'static str {
    of_the_system(error).unwrap_or("bị hỏng")
}

impl Error {
    /// Whether the index itself is at fault, so that it must be made anew: whatever is not the system's. Damage shows as anything, from a
    /// page that is none to a text that is no UTF-8.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Index(error) => of_the_system(error).is_none(),
            Self::Broken => true,
            Self::Io(_) | Self::Journal(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: std::ffi::c_int) -> Error {
        Error::Index(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some("in English".to_owned())))
    }

    #[test]
    fn what_is_not_the_systems_is_damage_and_all_is_told_in_vietnamese() {
        for code in [5, 6, 13, 8, 3, 14, 10, 266, 7, 15] {
            assert!(!failure(code).is_damage(), "{code}");
        }
        let utf8 = String::from_utf8(vec![0xff]).unwrap_err().utf8_error();
        let decoding = Error::Index(rusqlite::Error::Utf8Error(0, utf8));
        for error in [failure(11), failure(26), failure(1), failure(522), decoding, Error::Broken] {
            assert!(error.is_damage() && error.to_string() == "chỉ mục tra cứu bị hỏng", "{error}");
        }
        assert!(!failure(5).to_string().contains("English"));
    }
}
