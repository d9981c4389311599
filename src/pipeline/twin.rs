//! Files that are not the one file of their case: copies made by sync tools, Explorer and editors, and files that claim the
//! code of another. They never become a second case; a finding names both.

use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use crate::case::value::Value;
use crate::case::{CaseCode, Places, parse};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::pipeline::{read, scan};

/// Words that stand in the names sync tools give to a copy when two places changed the same file.
const CONFLICT: [&str; 2] = ["conflict", "xung đột"];

/// Words that stand in the names of copies made by hand.
const COPY: [&str; 6] = ["copy", "copie", "kopie", "bản sao", "ban sao", "sao chép"];

/// What the name of a file says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// What a sync tool left of one of two versions.
    Conflict,
    /// A copy made by somebody or a program.
    Copy,
    /// The code in other letters, or with another ending.
    Spelling,
}

/// The code a file name claims without being that code's file.
fn claim(name: &str) -> Option<(CaseCode, Kind)> {
    let name: String = name.nfc().collect();
    let (stem, ending) = name.rsplit_once('.')?;
    let (before, found, after) = code_in(stem)?;
    if before.is_empty() && after.is_empty() {
        let own = stem == found.as_str() && ending == "yaml";
        return (!own).then_some((found, Kind::Spelling));
    }
    let rest = format!("{before} {after}").to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    if has(&CONFLICT) {
        Some((found, Kind::Conflict))
    } else if has(&COPY) || (before.is_empty() && is_count(&after)) {
        Some((found, Kind::Copy))
    } else {
        None
    }
}

/// The code whose file a file is by its name, but for capitals and ending.
#[must_use]
pub fn meant(path: &Path) -> Option<CaseCode> {
    let (code, kind) = claim(&path.file_name()?.to_string_lossy())?;
    (kind == Kind::Spelling).then_some(code)
}

/// What stands before the first code in `stem`, the code, and what stands behind it.
fn code_in(stem: &str) -> Option<(String, CaseCode, String)> {
    let upper: Vec<char> = stem.chars().collect();
    let is_digit = |at: usize| upper.get(at).is_some_and(char::is_ascii_digit);
    (0..upper.len()).find_map(|start| {
        if start > 0 && upper[start - 1].is_alphanumeric() {
            return None;
        }
        let length = upper[start..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '-').count();
        // "KN-2026-0001-conflict": the longest beginning that is a code and does not cut a number.
        (0..=length).rev().filter(|length| !is_digit(start + length)).find_map(|length| {
            let word: String = upper[start..start + length].iter().collect();
            let found = CaseCode::parse(&word.to_ascii_uppercase()).ok()?;
            let text = |part: &[char]| part.iter().collect::<String>();
            Some((text(&upper[..start]), found, text(&upper[start + length..])))
        })
    })
}

/// " (1)", "(2)", " 2": how systems number copies.
fn is_count(after: &str) -> bool {
    let text = after.trim();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    inner.map_or_else(|| after.starts_with(' ') && digits(text), |inner| digits(inner.trim()))
}

/// Whether the file of `code` lies in `dir`, under just this name: a file system that takes capitals for small letters would
/// show a file as its own twin.
fn is_there(dir: &Path, code: &CaseCode) -> bool {
    let name = format!("{code}.yaml");
    dir.join(&name).is_file() && scan::list_names(dir).is_ok_and(|names| names.iter().any(|other| *other == *name))
}

/// What is wrong with a file whose name alone says that it is not the file of its case.
#[must_use]
pub fn by_name(path: &Path) -> Option<Diagnostic> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let (found, kind) = claim(&name)?;
    let there = is_there(path.parent()?, &found);
    let own = format!("{found}.yaml");
    let other = if there { other_complainant(path, &path.with_file_name(&own)) } else { None };
    let finding = match (kind, there) {
        (Kind::Spelling, false) => return None,
        (Kind::Spelling, true) => Diagnostic::error(
            code::TWO_FILES,
            format!("Hai tệp “{name}” và “{own}” cùng mang mã {found}; chương trình chỉ dùng {own}."),
        )
        .hint(format!("So hai tệp, chép những gì còn thiếu vào {own}, rồi xóa “{name}” hoặc chuyển ra khỏi thư mục ho-so.")),
        (Kind::Conflict, true) => Diagnostic::error(
            code::CONFLICT_COPY,
            format!("“{name}” là bản xung đột do chương trình đồng bộ tạo ra khi hai nơi cùng sửa {own}; chương trình chỉ dùng {own}."),
        )
        .hint(format!("So hai tệp, chép những gì còn thiếu vào {own}, rồi xóa bản xung đột này.")),
        (Kind::Copy, true) => Diagnostic::error(
            code::CONFLICT_COPY,
            format!("“{name}” là bản sao của {own}; một hồ sơ chỉ có một tệp, chương trình chỉ dùng {own}."),
        )
        .hint(format!("So hai tệp, chép những gì còn thiếu vào {own}, rồi xóa bản sao này hoặc chuyển ra khỏi thư mục ho-so.")),
        (_, false) => Diagnostic::error(
            code::CONFLICT_COPY,
            format!("“{name}” mang tên của một bản sao, còn {own} thì không có trong thư mục."),
        )
        .hint(format!("Nếu đây là tệp còn lại của hồ sơ thì đổi tên thành {own}; nếu không thì chuyển ra khỏi thư mục ho-so.")),
    };
    Some(match other {
        Some(name) => finding.hint(format!(
            "Tệp này ghi người khiếu nại khác ({name}): nếu là một khiếu nại khác thì đổi tên tệp và ma_ho_so sang mã mới, như mã của tệp trống trong thư mục _moi. Nếu không: so hai tệp, chép những gì còn thiếu vào {own}, rồi xóa tệp này."
        )),
        None => finding,
    })
}

/// The complainant of the file at `path`, where the one at `own` has another: then it is hardly a copy.
#[must_use]
pub fn other_complainant(path: &Path, own: &Path) -> Option<String> {
    let name = |path: &Path| {
        let parsed = parse::parse(&read::raw(path).ok()?.bytes, "");
        let case = parsed.case.or(parsed.rest.map(|rest| rest.case))?;
        Some(case.complainant?.name?.to_string())
    };
    let (this, that) = (name(path)?, name(own)?);
    (this.to_lowercase() != that.to_lowercase()).then_some(this)
}

/// What is wrong with a file that says it is the case `claimed`, whose own file lies beside it.
#[must_use]
pub fn by_code(path: &Path, claimed: &CaseCode, places: &Places) -> Option<Diagnostic> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    is_there(path.parent()?, claimed).then(|| {
        places.finding(
            code::TWO_FILES,
            Severity::Error,
            "ma_ho_so",
            format!("Hai tệp “{name}” và “{claimed}.yaml” cùng ghi mã {claimed}; chương trình chỉ dùng {claimed}.yaml."),
            "Nếu là khiếu nại khác thì ghi lại ma_ho_so và đặt tên tệp theo mã ấy; nếu là bản sao thì xóa hoặc chuyển ra khỏi thư mục ho-so.",
        )
    })
}

/// Whether a finding says that its file is a twin.
#[must_use]
pub fn is_twin(finding: &Diagnostic) -> bool {
    [code::CONFLICT_COPY, code::TWO_FILES].contains(&finding.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "KN-2026-0001";

    #[test]
    fn names_of_copies_are_known() {
        let conflict = [
            "KN-2026-0001 (conflicted copy 2026-11-20).yaml",
            "KN-2026-0001 (May-Lan's conflicted copy 2026-11-20).yaml",
            "KN-2026-0001 (conflicted copy 2026-11-20 101500).yaml",
            "KN-2026-0001_conflict-20261120-101500.yaml",
            "KN-2026-0001.sync-conflict-20261120-101500-ABCDEFG.yaml",
            "KN-2026-0001 (SFConflict lan@ca.vn 2026-11-20-10-15-00).yaml",
            "KN-2026-0001.Conflict.yaml",
            "KN-2026-0001 [conflicted].yaml",
            "KN-2026-0001 (Case Conflict 1).yaml",
            "KN-2026-0001 (bản sao bị xung đột của Lan 2026-11-20).yaml",
        ];
        let copy = [
            "KN-2026-0001 - Copy.yaml",
            "KN-2026-0001 - Copy (2).yaml",
            "KN-2026-0001 - Sao chép.yaml",
            "KN-2026-0001 - Bản sao.YAML",
            "KN-2026-0001 (1).yaml",
            "KN-2026-0001(12).yaml",
            "KN-2026-0001 2.yaml",
            "KN-2026-0001 copy.yaml",
            "KN-2026-0001 copy 2.yaml",
            "KN-2026-0001 (another copy).yaml",
            "Copy of KN-2026-0001.yaml",
            "Bản sao của KN-2026-0001.yaml",
            "kn-2026-0001 (1).yaml",
        ];
        for (names, kind) in [(&conflict[..], Kind::Conflict), (&copy[..], Kind::Copy)] {
            for name in names {
                // As macOS gives names, too.
                for name in [(*name).to_owned(), name.nfd().collect()] {
                    let found = claim(&name).map(|(code, kind)| (code.to_string(), kind));
                    assert_eq!(found, Some((CODE.to_owned(), kind.clone())), "{name}");
                }
            }
        }
        for name in ["kn-2026-0001.yaml", "KN-2026-0001.yml", "KN-2026-0001.YAML"] {
            assert_eq!(
                claim(name).map(|(code, kind)| (code.to_string(), kind)),
                Some((CODE.to_owned(), Kind::Spelling))
            );
        }
    }

    #[test]
    fn other_names_are_left_to_what_the_file_says() {
        for name in [
            "KN-2026-0001.yaml",
            "KN-2026-00011.yaml",
            "ghi chu.yaml",
            "copy.yaml",
            "XKN-2026-0001 (1).yaml",
            "KN-2026-0001 nhap.yaml",
            "KN-2026-0001-1.yaml",
            "KN-2026-0001 (2026).yaml",
            "KN-2026-0001",
        ] {
            assert_eq!(claim(name), None, "{name}");
        }
    }

    #[test]
    fn a_finding_names_both() {
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join("KN-2026-0001 (1).yaml");
        let alone = by_name(&copy).unwrap();
        assert!(alone.message.contains("không có trong thư mục"), "{}", alone.message);
        std::fs::write(dir.path().join("KN-2026-0001.yaml"), "x").unwrap();
        let both = by_name(&copy).unwrap();
        assert!(both.message.contains("“KN-2026-0001 (1).yaml”") && both.message.contains("KN-2026-0001.yaml;"));
        assert!(is_twin(&both) && by_name(&dir.path().join("KN-2026-0001.yaml")).is_none());
    }
}
