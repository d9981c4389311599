//! Files the case file names, and findings on files: named and missing, there and unnamed, symbolic links.

use serde_json::Value as Json;

use super::schema::{Described, Shape};
use super::{Case, Path, Places};
use crate::diagnostic::{Diagnostic, Severity, code};

/// A folder of the case in which staff put files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Folder {
    /// `dinh-kem/`: evidence and proofs.
    Attachments,
    /// `da-ky/`: signed copies of letters.
    Signed,
}

impl Folder {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attachments => "dinh-kem",
            Self::Signed => "da-ky",
        }
    }

    /// What lies in it.
    #[must_use]
    pub fn files(self) -> &'static str {
        match self {
            Self::Attachments => "tài liệu, bằng chứng gửi",
            Self::Signed => "bản đã ký",
        }
    }
}

/// A file the case file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Where it is named, e.g. `tiep_nhan.tai_lieu[0].tep`.
    pub path: String,
    /// The folder it must lie in.
    pub folder: Folder,
    /// Its name, with `/` where it lies in a folder below.
    pub name: String,
}

/// Every file `case` names, in the order of the shape.
#[must_use]
pub fn named_files(case: &Case) -> Vec<NamedFile> {
    let mut files = Vec::new();
    if let Ok(facts) = serde_json::to_value(case) {
        collect(&facts, Case::shape(), "", &mut files);
    }
    files
}

fn collect(facts: &Json, shape: Shape, path: &str, files: &mut Vec<NamedFile>) {
    match (facts, shape) {
        (Json::Object(map), Shape::Block(fields)) => {
            for field in fields {
                if let Some(value) = map.get(field.key) {
                    let dot = if path.is_empty() { "" } else { "." };
                    collect(value, (field.shape)(), &format!("{path}{dot}{}", field.key), files);
                }
            }
        }
        (Json::Array(items), Shape::List(item)) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, item(), &format!("{path}[{index}]"), files);
            }
        }
        (Json::String(name), Shape::Scalar { label, .. }) if label == Path::LABEL => {
            let folder = if path.ends_with(".ban_ky.tep") { Folder::Signed } else { Folder::Attachments };
            files.push(NamedFile { path: path.to_owned(), folder, name: name.clone() });
        }
        _ => {}
    }
}

/// A file that is named at `path` but is not in its folder: a warning, since it may still be put there.
#[must_use]
pub fn missing_file(places: &Places, path: &str, name: &str, folder: Folder) -> Diagnostic {
    places.finding(
        code::MISSING_FILE,
        Severity::Warning,
        path,
        format!("Không thấy tệp “{name}” trong thư mục {} của hồ sơ.", folder.name()),
        "Chép tệp vào đó (chưa có thư mục thì tạo, trong thư mục mang mã hồ sơ), hoặc sửa tên cho đúng, cả dấu tiếng Việt và phần đuôi.",
    )
}

/// A file that lies in a folder of the case without being named: a warning, it is archived all the same.
#[must_use]
pub fn unnamed_file(name: &str, folder: Folder) -> Diagnostic {
    Diagnostic::warning(
        code::UNNAMED_FILE,
        format!("Tệp “{name}” nằm trong thư mục {} nhưng không mục nào của hồ sơ nhắc đến.", folder.name()),
    )
    .hint(match folder {
        Folder::Attachments => {
            "Ghi tệp vào mục tai_lieu thích hợp, hoặc xóa nếu để nhầm; khi lưu hồ sơ tệp vẫn được lưu."
        }
        Folder::Signed => "Ghi tệp vào mục ban_ky của văn bản, hoặc xóa nếu để nhầm; khi lưu hồ sơ tệp vẫn được lưu.",
    })
}

/// A symbolic link in a folder of the case: refused, because what it shows can change unseen.
#[must_use]
pub fn link_refused(name: &str) -> Diagnostic {
    Diagnostic::error(code::SYMLINK, format!("“{name}” là lối tắt (symlink), không phải tệp thật."))
        .hint("Xóa lối tắt và chép chính tệp đó vào thư mục.")
}
