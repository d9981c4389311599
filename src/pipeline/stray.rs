//! Files in the watched folder that are meant as case files and are not read: saved with another ending, or laid into a folder.

use super::memory::Names;
use crate::diagnostic::{Diagnostic, code};
use crate::workspace::Workspace;

/// More than this are not told one by one.
const MOST: usize = 20;

/// A warning each.
pub(super) fn examine(workspace: &Workspace, names: &Names) -> Vec<Diagnostic> {
    let tell = |(name, code): &(String, crate::case::CaseCode)| {
        let own = format!("{code}.yaml");
        let (message, as_case) = match name.split_once('/') {
            Some((folder, _)) => (
                format!("Tệp hồ sơ {code} nằm trong thư mục con “{folder}” nên không được đọc."),
                "chuyển thẳng vào thư mục ho-so".to_owned(),
            ),
            None => (
                format!("Tệp “{name}” mang mã hồ sơ nhưng không có đuôi .yaml nên không được đọc."),
                format!("đổi tên thành {own} (lưu bằng Notepad thì chọn kiểu tệp “All files”)"),
            ),
        };
        let there = if names.has_file(&own) {
            format!("Đã có {own}: nếu đây là bản khác của nó thì chép những gì còn thiếu sang, rồi xóa tệp này.")
        } else {
            format!("Nếu là tệp hồ sơ: {as_case}.")
        };
        let hint = format!("{there} Nếu là giấy tờ của hồ sơ: chuyển vào thư mục {code}/dinh-kem.");
        Diagnostic::warning(code::STRAY, message).in_file(workspace.show(&workspace.cases().join(name))).hint(hint)
    };
    names.strays().iter().take(MOST).map(tell).collect()
}
