//! The list of names a form may use, for those who write forms.

use std::collections::BTreeSet;

use crate::letter::{LetterKind, Shape, shape};

use super::form_name;

/// A name, what it holds, what it means.
type Row = (String, &'static str, &'static str);

fn rows(shape: &Shape, before: &str) -> Vec<Row> {
    let mut all = Vec::new();
    for field in shape.fields() {
        let name = format!("{before}{}", field.name);
        let kind = match &field.shape {
            Shape::Text(_) => "chữ",
            Shape::Flag => "có hay không",
            Shape::List(_) => "danh sách",
            Shape::Maybe(_) => "chữ, có thể không có",
            Shape::Block(_) => "nhóm",
        };
        let below = rows(&field.shape, &format!("{name}."));
        all.push((name, kind, field.label));
        all.extend(below);
    }
    all
}

/// Names of every letter with their meaning, as Markdown in Vietnamese (`docs/bieu-mau.md`).
#[must_use]
pub fn guide() -> String {
    let names = |kind| rows(&shape(kind), "").into_iter().collect::<BTreeSet<Row>>();
    let common: BTreeSet<Row> = LetterKind::ALL
        .into_iter()
        .filter(|kind| kind.is_registered())
        .map(names)
        .reduce(|all, one| all.intersection(&one).cloned().collect())
        .unwrap_or_default();
    let mut text = "# Tên dùng được trong biểu mẫu\n\n\
        Biểu mẫu nằm trong thư mục `forms`; tệp cùng tên đặt ở đó thay mẫu có sẵn. Tên `a.b` là phần `b` của `a`; khi `a` là danh \
        sách thì viết vòng `for` rồi lấy `b` của từng mục. Giá trị ghi “có thể không có” thì \
        kiểm tra bằng `if` trước khi in: `{% if a.b %}{{ a.b }}{% endif %}`; danh sách có thể trống. Sửa biểu mẫu xong thì chạy \
        `hoso form check`; `hoso form preview BIỂU_MẪU --watch` in lại mỗi lần lưu. Trang này do chương trình lập ra từ mã nguồn.\n\n## Chung cho các văn bản dùng mẫu gốc (`goc.xml`)\n\n"
        .to_owned();
    let table = |text: &mut String, rows: &mut dyn Iterator<Item = Row>| {
        text.push_str("| tên | là | ý nghĩa |\n|---|---|---|\n");
        for (name, kind, label) in rows {
            text.push_str(&format!("| `{name}` | {kind} | {label} |\n"));
        }
    };
    let mut shared = rows(&shape(LetterKind::ReceiptSlip), "").into_iter().filter(|row| common.contains(row));
    table(&mut text, &mut shared);
    for kind in LetterKind::ALL {
        let mail = if kind == LetterKind::Answer { ", `thu-tra-loi.txt`" } else { "" };
        text.push_str(&format!(
            "\n## {} (`{}`{mail})\n\n",
            crate::letter::wording::capitalised(kind.text()),
            form_name(kind)
        ));
        let plain = kind.is_of_archive();
        table(&mut text, &mut rows(&shape(kind), "").into_iter().filter(|row| plain || !common.contains(row)));
    }
    text
}
