//! The commented case file that `hoso new` writes.
//!
//! Every key and its comment come from the shape of [`Case`], so the file cannot drift from what is read. What the first
//! step needs stands ready to be filled in; later steps are commented out, with examples only in
//! the comments, so that no example ever gets into a letter.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::schema::{Described, Field, Shape};
use super::{Case, CaseCode, Date};

/// What a clerk reads before a block, beside its label.
const GUIDE: &[(&str, &str)] = &[
    ("nguoi_khieu_nai", "BƯỚC 1. Ai khiếu nại. Điền được đến đâu ghi đến đó; khóa nào chưa có thì để trống."),
    ("thay_doi", "Khi khách đổi địa chỉ, tên…: thêm một mục có ngày, không sửa thông tin cũ ở trên."),
    ("tiep_nhan", "BƯỚC 1–2. Khiếu nại đến ngày nào, bằng cách nào, về việc gì. Mỗi yêu cầu ghi một dòng “- ”."),
    ("xem_xet_tiep_nhan", "BƯỚC 3. Có thuộc dịch vụ của Trung tâm không; có xử lý được ngay không."),
    ("tu_choi", "BƯỚC 3, khi không thuộc phạm vi. Lý do từ chối ghi ở xem_xet_tiep_nhan.ly_do_tu_choi."),
    (
        "xu_ly_ngay",
        "BƯỚC 4, khi xử lý được ngay: khách đến trực tiếp thì ghi bien_ban, hình thức khác thì ghi tra_loi.",
    ),
    (
        "phieu_tiep_nhan",
        "BƯỚC 5, khi không xử lý được ngay. Hạn trả lời 20 ngày làm việc tính từ ngày ghi trên phiếu này.",
    ),
    ("phan_loai", "BƯỚC 6. Nhóm và mức độ."),
    ("giai_quyet", "BƯỚC 6–10. Mỗi lần giải quyết một mục; khách không đồng ý thì thêm mục lần sau."),
    ("rut_khieu_nai", "Khi khách rút khiếu nại (phải có văn bản)."),
    ("luu_ho_so", "BƯỚC 9. Ghi khi vụ việc đã kết thúc và đủ giấy tờ: chương trình đóng và lưu hồ sơ."),
    ("khieu_nai_lai", "Khi khách khiếu nại lại sau khi đã kết thúc: mở lần giải quyết tiếp theo."),
    ("bo_sung", "Khi chỉ có thêm giấy tờ cho hồ sơ đã lưu, không mở lần giải quyết."),
];

/// Column of the comments.
const COMMENT: usize = 34;

/// Blocks that stand ready to be filled in; the rest is commented out.
const OPEN: &[&str] = &["nguoi_khieu_nai", "tiep_nhan"];

/// Keys whose texts often take several lines.
const LONG: &[&str] = &["noi_dung", "ket_luan", "ket_qua_xac_minh", "y_kien_khach_hang", "y_kien_trung_tam"];

/// Examples that say more than the one of the value's type, by label where a key means several things.
const EXAMPLES: &[(&str, &str)] = &[
    ("Tên tài liệu", "Đơn khiếu nại"),
    ("Tệp ghi âm cuộc gọi", "ghi-am.mp3"),
    ("Tệp giấy ủy quyền trong dinh-kem", "giay-uy-quyen.pdf"),
    ("Tên tệp trong thư mục da-ky của hồ sơ", "phieu-tiep-nhan-da-ky.pdf"),
    ("Tệp chứng minh đã gửi hoặc đã nhận, trong dinh-kem", "bao-phat.pdf"),
    ("ten", "Công ty TNHH Minh Phát"),
    ("ho_ten", "Nguyễn Thị Hường"),
    ("chuc_vu", "Giám đốc"),
    ("dia_chi", "Số 12 ngõ 45 phố Trần Thái Tông, phường Cầu Giấy, thành phố Hà Nội"),
    ("nguoi_ky", "pham-van-loc"),
    ("noi_nhan", "Phòng Kỹ thuật"),
    ("bo_phan", "Phòng Kỹ thuật"),
    ("noi_dung_xac_minh", "Ai đã ra lệnh thu hồi, từ tài khoản nào?"),
    ("yeu_cau", "Làm rõ nguyên nhân thu hồi chứng thư"),
    ("lan", "1"),
    ("nhom", "thu_hoi_chung_thu"),
    ("dich_vu", "Chữ ký số doanh nghiệp (USB token)"),
    ("tom_tat", "Chứng thư chữ ký số bị thu hồi khi chưa hết hạn"),
    ("so_van_ban", "05/CV-MP"),
    ("so_ky_hieu", "05/CV-MP"),
    ("so_giay_uy_quyen", "01/2026/GUQ"),
    ("so_den", "118"),
    ("so_van_don", "EB123456789VN"),
    ("ly_do_tu_choi", "Chứng thư do nhà cung cấp khác cấp"),
];

/// Where an editor finds the schema, from beside the case files.
const MODELINE: &str = "# yaml-language-server: $schema=.vscode/ho-so.schema.json";

/// The file of a new case: parses as it stands, holds the code and the day it was made.
#[must_use]
pub fn new_case(code: &CaseCode, today: NaiveDate) -> String {
    let today = Date(today);
    write_case(code, &format!("# Hồ sơ khiếu nại {code}, lập ngày {today}.\n"), Some(today))
}

/// A blank file that stands ready in the folder of new files: as [`new_case`], without a day.
#[must_use]
pub fn blank(code: &CaseCode) -> String {
    let head = format!(
        "# Hồ sơ khiếu nại {code}.\n\
         # Còn nằm trong thư mục _moi thì tệp này chưa phải là hồ sơ: chuyển (cắt, dán) lên thư mục ho-so rồi mới ghi.\n"
    );
    write_case(code, &head, None)
}

/// A case file as it is written to disk: UTF-8 with its mark and CRLF, so that every Notepad shows it and saves it as UTF-8 again.
#[must_use]
pub fn bytes(text: &str) -> Vec<u8> {
    format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes()
}

fn write_case(code: &CaseCode, head: &str, today: Option<Date>) -> String {
    let Shape::Block(fields) = Case::shape() else { return String::new() };
    let mut out = format!(
        "{MODELINE}\n{head}\
         #\n\
         # Cách ghi:\n\
         #  - Viết “khóa: giá trị”, sau dấu hai chấm có một dấu cách. Thụt dòng bằng dấu cách, không dùng phím Tab.\n\
         #  - Chữ sau dấu # là ghi chú. Muốn dùng một dòng mẫu, xóa “# ” ở đầu dòng đó (cả các dòng mục cha) rồi ghi nội dung sau dấu hai chấm.\n\
         #  - Ngày ghi 20/11/2026; giờ ghi 09:40; có hay không ghi co hoặc khong.\n\
         #  - Câu có dấu hai chấm, hoặc bắt đầu bằng dấu [ {{ * & ! % @, thì đặt trong ngoặc kép: \"Lỗi: không ký được\".\n\
         #  - Chưa biết thì để trống. Chỉ ghi dữ kiện; hồ sơ đang ở bước nào thì chương trình tự tính.\n\
         #  - Tài liệu để trong thư mục {code}/dinh-kem, bản đã ký để trong {code}/da-ky (chưa có thì tạo); ở đây chỉ ghi tên tệp.\n\
         #  - Có lỗi thì xem tệp {code}.loi.txt, việc tiếp theo thì xem {code}.buoc-tiep.txt, nằm cạnh tệp này.\n\n\
         ma_ho_so: {code}\n"
    );
    for field in fields.iter().filter(|field| field.key != "ma_ho_so") {
        let _ = write!(out, "\n# {}\n", "-".repeat(76));
        let _ = writeln!(out, "# {}", field.label);
        if let Some((_, guide)) = GUIDE.iter().find(|(key, _)| *key == field.key) {
            let _ = writeln!(out, "# {guide}");
        }
        let mut block = String::new();
        if OPEN.contains(&field.key) {
            open_block(field, today, &mut block);
            out.push_str(&block);
        } else {
            write_field(field, 0, "", &mut block);
            for line in block.lines() {
                let _ = writeln!(out, "# {line}");
            }
        }
    }
    out
}

/// A block whose plain values are empty and whose parts are commented out.
fn open_block(field: &Field, today: Option<Date>, out: &mut String) {
    let _ = writeln!(out, "{}:", field.key);
    let Shape::Block(fields) = (field.shape)() else { return };
    for inner in fields {
        if holds_blocks(inner) {
            let mut block = String::new();
            write_field(inner, 0, "", &mut block);
            for line in block.lines() {
                let _ = writeln!(out, "  # {line}");
            }
        } else if let Some(today) = today.filter(|_| inner.key == "ngay_ghi_nhan") {
            let _ = writeln!(out, "{:<COMMENT$} # {}", format!("  {}: {today}", inner.key), inner.label);
        } else {
            write_field(inner, 2, "", out);
        }
    }
}

fn holds_blocks(field: &Field) -> bool {
    match (field.shape)() {
        Shape::List(item) => matches!(item(), Shape::Block(_)),
        shape => matches!(shape, Shape::Block(_)),
    }
}

/// A field and all below it, without values, so that a block put in use but not filled in says nothing.
///
/// `lead` replaces the end of the first line's indent (`- ` of a list item).
fn write_field(field: &Field, indent: usize, lead: &str, out: &mut String) {
    let pad = format!("{}{lead}", " ".repeat(indent - lead.len()));
    let line = format!("{pad}{}:", field.key);
    let _ = writeln!(out, "{line:<COMMENT$} # {}{}", field.label, words(field));
    match (field.shape)() {
        Shape::Block(fields) => fields.iter().for_each(|inner| write_field(inner, indent + 2, "", out)),
        Shape::List(item) => match item() {
            Shape::Block(fields) => {
                for (index, inner) in fields.iter().enumerate() {
                    write_field(inner, indent + 4, if index == 0 { "- " } else { "" }, out);
                }
            }
            _ => {
                let _ = writeln!(out, "{}", first_dash(field, indent + 2));
            }
        },
        Shape::Scalar { .. } | Shape::Choice { .. } => {}
    }
}

/// The first line of a list of values, to be filled in: a dash, and an example beside it.
pub(crate) fn first_dash(field: &Field, indent: usize) -> String {
    format!("{:<COMMENT$} # ví dụ: {}", format!("{}- ", " ".repeat(indent)), example(field))
}

/// An example value of a field, safe without quotes.
fn example(field: &Field) -> String {
    let shape = match (field.shape)() {
        Shape::List(item) => item(),
        other => other,
    };
    match shape {
        Shape::Choice { words, .. } => words.first().map_or_else(String::new, |(word, _)| (*word).to_owned()),
        Shape::Scalar { example, check, .. } => EXAMPLES
            .iter()
            .find(|(name, text)| (*name == field.label || *name == field.key) && check(text).is_ok())
            .map_or(example, |(_, text)| text)
            .to_owned(),
        Shape::List(_) | Shape::Block(_) => String::new(),
    }
}

/// The words a choice allows, or an example.
pub(crate) fn words(field: &Field) -> String {
    match (field.shape)() {
        Shape::Choice { words, .. } => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!(": {}", words.join(" | "))
        }
        Shape::Scalar { label, .. } if label == super::Flag::LABEL => ": co | khong".to_owned(),
        Shape::Scalar { label, .. } if label == super::Honorific::LABEL => ": Ông | Bà".to_owned(),
        Shape::List(item) if !matches!(item(), Shape::Block(_)) => "; mỗi mục một dòng “- ”".to_owned(),
        Shape::Scalar { label, .. } if label != super::Text::LABEL => format!(" (ví dụ: {})", example(field)),
        Shape::Scalar { .. } if EXAMPLES.iter().any(|(name, _)| *name == field.label || *name == field.key) => {
            format!(" (ví dụ: {})", example(field))
        }
        Shape::Scalar { .. } if LONG.contains(&field.key) => {
            " (nhiều dòng: ghi dấu | rồi xuống dòng, thụt vào)".to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::value::Value;
    use super::*;
    use crate::settings::{Settings, TEMPLATE};

    fn fresh() -> String {
        new_case(&CaseCode::parse("KN-2026-0007").unwrap(), NaiveDate::from_ymd_opt(2026, 11, 20).unwrap())
    }

    #[test]
    fn a_new_file_parses_as_it_stands_and_means_nothing_wrong() {
        let text = fresh();
        let parsed = parse(text.as_bytes(), "x.yaml");
        assert_eq!(parsed.findings, []);
        let case = parsed.case.unwrap();
        assert_eq!(case.code.as_str(), "KN-2026-0007");
        assert_eq!(case.intake.as_ref().unwrap().entered.unwrap().to_string(), "20/11/2026");
        assert_eq!((case.complainant.as_ref(), case.slip.as_ref(), case.rounds.len()), (None, None, 0));
        let settings = Settings::parse(TEMPLATE, "hoso.yaml").unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let calendar = crate::calendar::Calendar::builtin(crate::calendar::Swaps::Follow);
        let assessment = crate::procedure::assess(&case, &calendar, &settings, today);
        assert_eq!(
            super::super::examine(&case, &crate::case::Gaps::default(), &parsed.places, today, &settings, &assessment),
            []
        );
    }

    /// Every path of the shape, with `[]` for lists.
    fn paths(shape: Shape, path: &str, out: &mut Vec<String>) {
        match shape {
            Shape::Block(fields) => {
                for field in fields {
                    let dot = if path.is_empty() { "" } else { "." };
                    paths((field.shape)(), &format!("{path}{dot}{}", field.key), out);
                }
            }
            Shape::List(item) => paths(item(), &format!("{path}[0]"), out),
            _ => out.push(path.to_owned()),
        }
    }

    /// Every line put in use: comment marks off where a key follows; with `fill`, its example as value.
    fn in_use(text: &str, fill: bool) -> String {
        let mut out = String::new();
        for line in text.lines() {
            let bare = line.trim_start();
            let open = bare.strip_prefix("# ").unwrap_or(bare);
            let (code, comment) = open.split_once(" # ").unwrap_or((open, ""));
            if code.trim() == "-" {
                let lead = " ".repeat(line.len() - bare.len() + open.len() - open.trim_start().len());
                let item = if fill { comment.trim_start_matches("ví dụ: ") } else { "" };
                out += &format!("{lead}- {item}\n");
                continue;
            }
            let key = code.trim().trim_start_matches("- ");
            let keyed = key.ends_with(':') && key.chars().all(|c| c.is_ascii_lowercase() || "_:".contains(c));
            if !keyed {
                out += &format!("{line}\n");
                continue;
            }
            let indent = line.len() - bare.len();
            let line = format!("{}{}", " ".repeat(indent), code.trim_end());
            let value = match comment.rsplit_once("(ví dụ: ") {
                Some((_, example)) => example.trim_end_matches(')').to_owned(),
                None => match comment.split_once(" | ") {
                    Some((words, _)) => words.rsplit(": ").next().unwrap().to_owned(),
                    None => "chữ".to_owned(),
                },
            };
            let opens_list = comment.ends_with("mỗi mục một dòng “- ”");
            out += &if fill && !opens_list { format!("{line} {value}\n") } else { format!("{line}\n") };
        }
        out
    }

    /// Keys that open a block or list of blocks get no value.
    fn openers(shape: Shape, out: &mut Vec<&'static str>) {
        match shape {
            Shape::Block(fields) => {
                for field in fields {
                    if holds_blocks(field) {
                        out.push(field.key);
                    }
                    openers((field.shape)(), out);
                }
            }
            Shape::List(item) => openers(item(), out),
            _ => {}
        }
    }

    #[test]
    fn everything_put_in_use_but_not_filled_in_says_nothing() {
        let text = in_use(&fresh(), false);
        let parsed = parse(text.as_bytes(), "x.yaml");
        assert_eq!(parsed.findings, []);
        assert_eq!(parsed.case, parse(fresh().as_bytes(), "x.yaml").case);
    }

    #[test]
    fn everything_filled_in_with_its_examples_parses_and_holds_every_field() {
        let mut opening = Vec::new();
        openers(Case::shape(), &mut opening);
        let text: String = in_use(&fresh(), true)
            .lines()
            .map(|line| {
                let opens = line.strip_suffix(": chữ").filter(|l| opening.contains(&l.trim_start_matches([' ', '-'])));
                // Some keys open a block in one place and hold a value in another.
                format!("{}\n", opens.map_or(line.to_owned(), |key| format!("{key}:")))
            })
            .collect();
        let parsed = parse(text.as_bytes(), "x.yaml");
        assert_eq!(parsed.findings, [], "{text}");
        let mut wanted = Vec::new();
        paths(Case::shape(), "", &mut wanted);
        assert!(wanted.len() > 200, "{}", wanted.len());
        for path in wanted {
            assert!(parsed.places.has(&path), "{path} is not in the template");
        }
        let facts = serde_json::to_string(&parsed.case).unwrap();
        assert!(facts.contains("Nguyễn Thị Hường") && facts.contains("\"ban_hanh\":\"co\""));
    }

    #[test]
    fn lines_are_not_too_long_to_read() {
        for line in fresh().lines() {
            assert!(line.chars().count() <= 150, "{line}");
        }
    }
}
