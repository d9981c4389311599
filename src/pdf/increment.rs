//! Whether what was appended to a PDF is digital signatures and nothing else.
//!
//! Judged is the structure: which objects each appended revision writes, and what they change. Whether a signature is
//! valid, and whose it is, is for the program that checks signatures.

use lopdf::{Dictionary, Document};
use serde::Serialize;

mod equality;
mod field;
mod judge;
mod reader;
mod revision;
#[cfg(test)]
pub(crate) mod tests;

use judge::Judge;

/// A digital signature as the file describes it; not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Name of the field.
    pub field: String,
    /// Kind of signature, e.g. `adbe.pkcs7.detached`, `ETSI.RFC3161` for a time stamp.
    pub kind: String,
    /// Time the signer states, as the PDF has it (`D:20261120…`).
    pub time: Option<String>,
    /// Page it is shown on, from 1; `None` when it is not shown.
    pub page: Option<u32>,
}

/// What was done beyond adding signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Alteration {
    /// Not the form of an update.
    #[error("có {0} byte thêm vào cuối tệp, không phải một lần cập nhật PDF đúng chuẩn")]
    NotAnUpdate(usize),
    /// Nothing signed.
    #[error("có phần cập nhật thêm vào cuối tệp nhưng không có chữ ký số nào")]
    NoSignature,
    /// What a page shows.
    #[error("phần cập nhật thay nội dung trang {0}")]
    PageContent(u32),
    /// Something else of a page.
    #[error("phần cập nhật thay trang {0} (ngoài ô chữ ký)")]
    Page(u32),
    /// An annotation that is no signature.
    #[error("phần cập nhật thêm hoặc bớt chú thích không phải ô chữ ký ở trang {0}")]
    Annotation(u32),
    /// A signature shown over too much of a page.
    #[error("ô chữ ký che quá nhiều phần trang {0}")]
    Covers(u32),
    /// A font.
    #[error("phần cập nhật thay phông chữ")]
    Font,
    /// An entry of the catalog.
    #[error("phần cập nhật thay mục {0} của tệp PDF")]
    Catalog(String),
    /// The form.
    #[error("phần cập nhật thêm biểu mẫu không phải ô chữ ký")]
    Form,
    /// The document's own description.
    #[error("phần cập nhật thay thông tin mô tả văn bản (tên, tác giả, chủ đề)")]
    Description,
    /// A signature changed later.
    #[error("phần cập nhật sau sửa lại chữ ký đã có trước")]
    EarlierSignature,
    /// A signature that does not cover its revision.
    #[error("chữ ký số trong ô “{0}” không bao trùm hết tệp lúc ký, hoặc chưa có giá trị")]
    Range(String),
    /// A field shown but not signed.
    #[error("ô “{0}” hiển thị trên trang nhưng không được ký")]
    Unsigned(String),
    /// Something that acts.
    #[error("ô chữ ký có kèm hành động tự chạy")]
    Action,
    /// Anything else.
    #[error("phần cập nhật thay đối tượng {0} của văn bản")]
    Object(u32),
    /// The trailer.
    #[error("phần cập nhật đổi gốc của tệp PDF hoặc mã hóa tệp")]
    Trailer,
}

/// Everything wrong, or the signatures added to `original` in `bytes`, which begin with it.
///
/// # Errors
/// What was done beyond adding signatures; at least one.
pub fn signatures(original: &[u8], bytes: &[u8]) -> Result<Vec<Signature>, Vec<Alteration>> {
    let stray = || vec![Alteration::NotAnUpdate(bytes.len().saturating_sub(original.len()))];
    if !bytes.starts_with(original) {
        return Err(stray());
    }
    let base = Document::load_mem(original).map_err(|_| stray())?;
    let revisions = revision::read(bytes, original.len()).ok_or_else(stray)?;
    let mut judge = Judge::new(&base, bytes).ok_or_else(stray)?;
    for revision in &revisions {
        judge.revision(revision);
    }
    judge.verdict()
}

fn name<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get(key).ok()?.as_name().ok()
}

pub(super) fn text(dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    let bytes = dictionary.get(key).ok()?.as_str().ok()?;
    let Some(wide) = bytes.strip_prefix(&[0xfe, 0xff]) else {
        return Some(String::from_utf8_lossy(bytes).into_owned());
    };
    let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}
