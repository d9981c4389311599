//! The list of names a form may use, for those who write forms.

use std::collections::BTreeSet;

use crate::letter::{LetterKind, variables};

use super::form_name;

/// Names of every letter with their meaning, as Markdown in Vietnamese (`docs/bieu-mau.md`).
#[must_use]
pub fn guide() -> String {
    let names = |kind| variables(kind).into_iter().collect::<BTreeSet<(String, &str)>>();
    let common: BTreeSet<(String, &str)> = LetterKind::ALL
        .into_iter()
        .filter(|kind| kind.is_registered())
        .map(names)
        .reduce(|all, one| all.intersection(&one).cloned().collect())
        .unwrap_or_default();
    let mut text = "# Tên dùng được trong biểu mẫu\n\n\
        Biểu mẫu nằm trong thư mục `forms`; tệp cùng tên đặt ở đó thay mẫu có sẵn. Tên `a.b` là phần `b` của `a`; khi `a` là danh \
        sách thì viết vòng `for` rồi lấy `b` của từng mục. Giá trị có thể trống thì kiểm tra bằng `if` trước khi in. \
        Trang này do chương trình lập ra từ mã nguồn.\n\n## Chung cho các văn bản dùng mẫu gốc (`goc.xml`)\n\n"
        .to_owned();
    let table = |text: &mut String, rows: &mut dyn Iterator<Item = (String, &'static str)>| {
        text.push_str("| tên | ý nghĩa |\n|---|---|\n");
        for (name, label) in rows {
            text.push_str(&format!("| `{name}` | {label} |\n"));
        }
    };
    let mut shared = variables(LetterKind::ReceiptSlip).into_iter().filter(|row| common.contains(row));
    table(&mut text, &mut shared);
    for kind in LetterKind::ALL {
        let mail = if kind == LetterKind::Answer { ", `thu-tra-loi.txt`" } else { "" };
        text.push_str(&format!(
            "\n## {} (`{}`{mail})\n\n",
            crate::letter::wording::capitalised(kind.text()),
            form_name(kind)
        ));
        let plain = matches!(kind, LetterKind::Cover | LetterKind::DocumentList);
        table(&mut text, &mut variables(kind).into_iter().filter(|row| plain || !common.contains(row)));
    }
    text
}
