//! The style file: sizes, spacing and rules as data (Decree 30/2020, App. I).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::Color;
use crate::diagnostic::Span;
use crate::document::Align;

const BUILTIN: &str = include_str!("../../forms/kieu.yaml");
const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// Single line spacing of Times, in ems.
pub(super) const SINGLE_SPACING: f64 = 1.15;

/// Styles every file must have, one for each component.
const NEEDED: [&str; 28] = [
    "body",
    "nation",
    "motto",
    "parent-body",
    "issuing-body",
    "number",
    "place-date",
    "letter-subject",
    "urgency",
    "kind",
    "subject",
    "addressee",
    "addressees",
    "basis",
    "heading-1",
    "heading-2",
    "heading-3",
    "cell",
    "cell-head",
    "field-label",
    "field-value",
    "rules",
    "office",
    "signer-note",
    "signer-name",
    "recipients-label",
    "recipients-entry",
    "foot",
];
const NEEDED_TOO: [&str; 3] = ["appendix-title", "appendix-note", "page-number"];

/// Why a style file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StyleError {
    /// What is wrong, for a clerk.
    pub message: String,
    /// Where, when known.
    pub span: Option<Span>,
}

/// The look of letters.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Style {
    #[serde(rename = "trang")]
    pub(super) page: PageStyle,
    #[serde(rename = "dau_van_ban")]
    pub(super) header: HeaderStyle,
    /// Thickness of rules, in points.
    #[serde(rename = "net")]
    pub(super) rule: f64,
    #[serde(rename = "bang")]
    pub(super) table: TableStyle,
    #[serde(rename = "danh_sach")]
    pub(super) list: ListStyle,
    #[serde(rename = "ky")]
    pub(super) signature: SignatureStyle,
    /// How far a letter may be tightened when that saves a page; never where the file does not say.
    #[serde(rename = "thu_gon", default)]
    tight: Option<TightStyle>,
    #[serde(rename = "dau_chim")]
    pub(super) watermark: WatermarkStyle,
    #[serde(rename = "kieu")]
    styles: BTreeMap<String, TextStyle>,
    /// The same tightened by a quarter, a half, three quarters and as far as it goes.
    #[serde(skip)]
    quarters: Arc<[Style]>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageStyle {
    #[serde(rename = "rong")]
    pub(super) width: f64,
    #[serde(rename = "cao")]
    pub(super) height: f64,
    #[serde(rename = "le")]
    pub(super) margins: Margins,
    #[serde(rename = "so_trang")]
    pub(super) number: f64,
    #[serde(rename = "chan_trang")]
    pub(super) foot: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Margins {
    #[serde(rename = "tren")]
    pub(super) top: f64,
    #[serde(rename = "duoi")]
    pub(super) bottom: f64,
    #[serde(rename = "trai")]
    pub(super) left: f64,
    #[serde(rename = "phai")]
    pub(super) right: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderStyle {
    #[serde(rename = "trai")]
    pub(super) left: f64,
    #[serde(rename = "phai")]
    pub(super) right: f64,
    #[serde(rename = "cach_hang")]
    pub(super) row_gap: f64,
    #[serde(rename = "cach_duoi")]
    pub(super) after: f64,
    #[serde(rename = "ke_nua")]
    pub(super) half_rule: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableStyle {
    #[serde(rename = "dem_ngang")]
    pub(super) padding_x: f64,
    #[serde(rename = "dem_doc")]
    pub(super) padding_y: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListStyle {
    #[serde(rename = "nhan")]
    label: f64,
    #[serde(rename = "chu")]
    text: f64,
    #[serde(rename = "nhan_o")]
    cell_label: f64,
    #[serde(rename = "chu_o")]
    cell_text: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureStyle {
    #[serde(rename = "cho_ky")]
    pub(super) room: f64,
    /// Room where a seal is laid over the signature: as much as `room` before anything was tightened.
    #[serde(skip)]
    pub(super) sealed: f64,
    #[serde(rename = "cach_tren")]
    pub(super) before: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TightStyle {
    /// Share of the leading that stays; single spacing at least.
    #[serde(rename = "dong")]
    leading: f64,
    /// Share that stays of the room above headings, around the header and above the signature.
    #[serde(rename = "khoang")]
    space: f64,
    /// Room for signatures side by side, in points; the one that ends a letter keeps its room.
    #[serde(rename = "cho_ky")]
    room: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatermarkStyle {
    #[serde(rename = "co")]
    pub(super) size: f64,
    #[serde(rename = "goc")]
    pub(super) angle: f64,
    #[serde(rename = "mau")]
    pub(super) grey: f32,
}

/// The look of one component; lengths in points.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextStyle {
    #[serde(rename = "co")]
    pub(super) size: f64,
    #[serde(rename = "dong")]
    pub(super) leading: f64,
    #[serde(rename = "tren", default)]
    pub(super) before: f64,
    #[serde(rename = "duoi", default)]
    pub(super) after: f64,
    #[serde(rename = "can")]
    pub(super) align: Align,
    #[serde(rename = "thut", default)]
    pub(super) indent: f64,
    #[serde(rename = "dam", default)]
    pub(super) bold: bool,
    #[serde(rename = "nghieng", default)]
    pub(super) italic: bool,
    #[serde(rename = "hoa", default)]
    pub(super) upper: bool,
    #[serde(rename = "mau", default)]
    pub(super) color: Color,
}

impl TextStyle {
    /// First-line indent in points.
    pub(super) fn indent(&self) -> f64 {
        self.indent * POINTS_PER_MM
    }
}

impl Style {
    /// Reads a style file.
    ///
    /// # Errors
    /// An unknown or missing key, a missing style, a length out of range.
    pub fn parse(yaml: &str) -> Result<Self, StyleError> {
        let mut style: Self = crate::yaml::read(yaml).map_err(|error| fault(yaml, &error))?;
        style.check().map_err(|message| StyleError { message, span: None })?;
        style.signature.sealed = style.signature.room;
        style.quarters = [0.25, 0.5, 0.75, 1.0].into_iter().filter_map(|share| style.tightened(share)).collect();
        Ok(style)
    }

    /// The built-in style.
    ///
    /// # Panics
    /// Never: the built-in file is read by a test.
    #[must_use]
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("the built-in style file is right")
    }

    /// Text of the built-in style file.
    #[must_use]
    pub fn builtin_text() -> &'static str {
        BUILTIN
    }

    fn check(&self) -> Result<(), String> {
        if let Some(name) = NEEDED.iter().chain(&NEEDED_TOO).find(|name| !self.styles.contains_key(**name)) {
            return Err(format!("Tệp kiểu thiếu kiểu “{name}”."));
        }
        let within = |what: &str, value: f64, min: f64, max: f64| {
            if value.is_finite() && (min..=max).contains(&value) {
                Ok(())
            } else {
                Err(format!("Tệp kiểu: {what} là {value}, cần từ {min} đến {max}."))
            }
        };
        let page = &self.page;
        within("bề rộng trang (mm)", page.width, 100.0, 500.0)?;
        within("chiều cao trang (mm)", page.height, 100.0, 500.0)?;
        for margin in [page.margins.top, page.margins.bottom, page.margins.left, page.margins.right] {
            within("lề (mm)", margin, 5.0, 40.0)?;
        }
        within("vị trí số trang (mm)", page.number, 5.0, page.margins.top)?;
        within("vị trí địa chỉ cuối trang (mm)", page.foot, 3.0, 30.0)?;
        within("cột trái đầu văn bản", self.header.left, 10.0, 90.0)?;
        within("cột phải đầu văn bản", self.header.right, 10.0, 90.0)?;
        within("khoảng cách trong đầu văn bản", self.header.row_gap, 0.0, 60.0)?;
        within("khoảng cách dưới đầu văn bản", self.header.after, 0.0, 100.0)?;
        within("độ dài đường kẻ ngắn", self.header.half_rule, 1.0 / 3.0, 0.5)?;
        within("bề dày đường kẻ", self.rule, 0.1, 3.0)?;
        within("khoảng đệm ngang của ô", self.table.padding_x, 0.0, 20.0)?;
        within("khoảng đệm dọc của ô", self.table.padding_y, 0.0, 20.0)?;
        within("chỗ ký", self.signature.room, 10.0, 200.0)?;
        within("khoảng trên phần ký", self.signature.before, 0.0, 100.0)?;
        if let Some(tight) = &self.tight {
            within("cách dòng khi thu gọn", tight.leading, 0.5, 1.0)?;
            within("khoảng cách khi thu gọn", tight.space, 0.0, 1.0)?;
            within("chỗ ký khi thu gọn", tight.room, 10.0, 200.0)?;
        }
        within("cỡ chữ chìm", self.watermark.size, 20.0, 200.0)?;
        within("góc chữ chìm", self.watermark.angle, 0.0, 90.0)?;
        within("màu chữ chìm", f64::from(self.watermark.grey), 0.5, 1.0)?;
        for (label, text) in [(self.list.label, self.list.text), (self.list.cell_label, self.list.cell_text)] {
            within("vị trí nhãn danh sách (mm)", label, 0.0, 30.0)?;
            within("vị trí chữ danh sách (mm)", text, label, 50.0)?;
        }
        for (name, text) in &self.styles {
            within(&format!("cỡ chữ của “{name}”"), text.size, 6.0, 72.0)?;
            within(&format!("cách dòng của “{name}”"), text.leading, text.size, 3.0 * text.size)?;
            within(&format!("khoảng trên của “{name}”"), text.before, 0.0, 100.0)?;
            within(&format!("khoảng dưới của “{name}”"), text.after, 0.0, 100.0)?;
            within(&format!("thụt đầu dòng của “{name}” (mm)"), text.indent, 0.0, 30.0)?;
            for part in text.color {
                within(&format!("màu của “{name}”"), f64::from(part), 0.0, 1.0)?;
            }
        }
        Ok(())
    }

    /// The style `share` of the way (0 to 1) to its tightest, which the decree still allows: lines single-spaced at least
    /// (App. I, 6c), no less room between paragraphs. `None` where the file allows none.
    fn tightened(&self, share: f64) -> Option<Self> {
        let tight = self.tight.as_ref()?;
        let between = |from: f64, to: f64| from + (to - from) * share;
        let mut style = self.clone();
        let space = between(1.0, tight.space);
        for (name, text) in &mut style.styles {
            text.before *= space;
            // Lines to write on keep their height.
            if name != "rules" {
                let single = (SINGLE_SPACING * text.size).min(text.leading);
                text.leading = between(text.leading, (text.leading * tight.leading).max(single));
            }
        }
        style.header.row_gap *= space;
        style.header.after *= space;
        style.signature.before *= space;
        style.signature.room = between(style.signature.room, tight.room.min(style.signature.room));
        Some(style)
    }

    /// This style with its pages lying on their long side; the margins stay, as the decree names them by edge, not by orientation.
    pub(super) fn turned(&self) -> Self {
        let mut style = self.clone();
        (style.page.width, style.page.height) =
            (self.page.height.max(self.page.width), self.page.height.min(self.page.width));
        style.quarters = self.quarters.iter().map(Self::turned).collect();
        style
    }

    /// This style tightened by a quarter of what the file allows, by a half, three quarters and all of it; empty where the file
    /// allows none.
    pub(super) fn quarters(&self) -> &[Self] {
        &self.quarters
    }

    /// Width of the page in points.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.page.width * POINTS_PER_MM
    }

    /// Height of the page in points.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.page.height * POINTS_PER_MM
    }

    /// Top of the text area in points.
    pub(super) fn top(&self) -> f64 {
        self.page.margins.top * POINTS_PER_MM
    }

    /// Bottom of the text area, from the top of the page, in points.
    pub(super) fn bottom(&self) -> f64 {
        (self.page.height - self.page.margins.bottom) * POINTS_PER_MM
    }

    /// Left end of lines in points.
    pub(super) fn left(&self) -> f64 {
        self.page.margins.left * POINTS_PER_MM
    }

    /// Width of lines in points.
    pub(super) fn measure(&self) -> f64 {
        (self.page.width - self.page.margins.left - self.page.margins.right) * POINTS_PER_MM
    }

    /// Baseline of the page number, from the top of the page, in points.
    pub(super) fn number_baseline(&self) -> f64 {
        self.page.number * POINTS_PER_MM
    }

    /// Bottom of the address line, from the top of the page, in points.
    pub(super) fn foot_bottom(&self) -> f64 {
        (self.page.height - self.page.foot) * POINTS_PER_MM
    }

    /// Where labels and texts of a list begin, in points.
    pub(super) fn list_indents(&self, narrow: bool) -> (f64, f64) {
        let list = &self.list;
        let (label, text) = if narrow { (list.cell_label, list.cell_text) } else { (list.label, list.text) };
        (label * POINTS_PER_MM, text * POINTS_PER_MM)
    }

    /// A style by name.
    pub(super) fn find(&self, name: &str) -> Option<&TextStyle> {
        self.styles.get(name)
    }

    /// A style every file has.
    pub(super) fn text(&self, name: &str) -> &TextStyle {
        &self.styles[name]
    }
}

/// The parser's fault in Vietnamese, with its line.
fn fault(yaml: &str, error: &crate::yaml::Error) -> StyleError {
    let (what, span) = match crate::yaml::tree::parse(yaml) {
        Err(fault) => (format!("{} {}", fault.message, fault.hint), Some(fault.span)),
        Ok(_) => (format!("{}.", in_vietnamese(&error.message)), error.span),
    };
    let line = span.map(|span| format!(", dòng {}", span.line)).unwrap_or_default();
    StyleError { message: format!("Tệp kiểu sai{line}: {what}"), span }
}

/// What `serde` says of a value, e.g. "trang.rong: invalid type: string "a", expected f64 at line 5 column 9".
fn in_vietnamese(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let kinds = ["unknown field ", "missing field ", "duplicate field ", "unknown variant ", "invalid "];
    let Some(start) = kinds.iter().filter_map(|kind| message.find(kind)).min() else {
        return if message.contains("EOF") {
            "tệp trống".to_owned()
        } else {
            "không đọc được tệp".to_owned()
        };
    };
    let (path, rest) = (message[..start].trim_end_matches(": "), &message[start..]);
    let name = rest.split('`').nth(1).unwrap_or_default();
    let known = rest.split_once("expected ").map(|(_, expected)| expected).unwrap_or_default();
    let words: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let within = if path.is_empty() { String::new() } else { format!("trong mục “{path}” ") };
    let value = if path.is_empty() { "cả tệp".to_owned() } else { format!("“{path}”") };
    let wanted = || match known.trim() {
        expected if expected.contains("f64") || expected.contains("f32") || expected.contains("float") => "một số",
        expected if expected.contains("boolean") => "true hoặc false",
        expected if expected.contains("struct") || expected.contains("map") => "một mục gồm nhiều khóa",
        expected if expected.contains("array") || expected.contains("sequence") => "ba số trong ngoặc vuông",
        _ => "giá trị khác",
    };
    match rest {
        _ if rest.starts_with("unknown field") => {
            format!("{within}không có khóa “{name}”; dùng được: {}", words.join(", "))
        }
        _ if rest.starts_with("missing field") => format!("{within}thiếu khóa “{name}”"),
        _ if rest.starts_with("duplicate field") => format!("{within}khóa “{name}” ghi hai lần"),
        _ if rest.starts_with("unknown variant") => {
            format!("{value} không nhận giá trị “{name}”; dùng được: {}", words.join(", "))
        }
        _ => format!("giá trị của {value} không đúng kiểu, cần {}", wanted()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_style_keeps_to_the_decree() {
        let style = Style::builtin();
        let margins = &style.page.margins;
        // Decree 30/2020, App. I, 1–3: margins, and sizes of the components.
        assert!((20.0..=25.0).contains(&margins.top) && (20.0..=25.0).contains(&margins.bottom));
        assert!((30.0..=35.0).contains(&margins.left) && (15.0..=20.0).contains(&margins.right));
        for (name, sizes, bold, italic) in [
            ("nation", 12.0..=13.0, true, false),
            ("motto", 13.0..=14.0, true, false),
            ("parent-body", 12.0..=13.0, false, false),
            ("issuing-body", 12.0..=13.0, true, false),
            ("number", 13.0..=13.0, false, false),
            ("place-date", 13.0..=14.0, false, true),
            ("kind", 13.0..=14.0, true, false),
            ("subject", 13.0..=14.0, true, false),
            ("letter-subject", 12.0..=13.0, false, false),
            ("basis", 13.0..=14.0, false, true),
            ("body", 13.0..=14.0, false, false),
            ("office", 13.0..=14.0, true, false),
            ("signer-name", 13.0..=14.0, true, false),
            ("recipients-label", 12.0..=12.0, true, true),
            ("recipients-entry", 11.0..=11.0, false, false),
            ("foot", 11.0..=12.0, false, false),
            ("page-number", 13.0..=14.0, false, false),
        ] {
            let text = style.text(name);
            assert!(sizes.contains(&text.size) && text.bold == bold && text.italic == italic, "{name}");
        }
        let body = style.text("body");
        assert!(body.align == Align::Justify && body.after >= 6.0 && [10.0, 12.7].contains(&body.indent));
        assert!((1.0..=1.5).contains(&(body.leading / (1.15 * body.size))));
    }

    #[test]
    fn wrong_style_files_are_refused() {
        let changed = |from: &str, to: &str| {
            assert!(BUILTIN.contains(from), "{from}");
            Style::parse(&BUILTIN.replacen(from, to, 1)).unwrap_err()
        };
        assert!(changed("rong: 210", "rong: 210\n  mau: xanh").span.is_some());
        assert!(changed("  motto: ", "  motta: ").message.contains("motto"));
        assert!(changed("trai: 30", "trai: 300").message.contains("300"));
        assert!(changed("net: 0.6", "net: .nan").message.contains("NaN"));
        assert!(Style::parse("").is_err());
    }

    #[test]
    fn faults_are_told_in_vietnamese_with_their_line() {
        for (from, to, said) in [
            (
                "rong: 210",
                "rong: 210\n  mau: xanh",
                "dòng 6: trong mục “trang” không có khóa “mau”; dùng được: rong, cao",
            ),
            ("rong: 210", "rong: rong", "dòng 5: giá trị của “trang.rong” không đúng kiểu, cần một số."),
            ("rong: 210", "", "trong mục “trang” thiếu khóa “rong”."),
            ("can: justify", "can: justif", "“kieu.body.can” không nhận giá trị “justif”; dùng được: left, center"),
            ("net: 0.6", "net: 0.6\nnet: 0.5", "khóa “net” ghi hai lần."),
            ("dam: true", "dam: co", "“kieu.nation.dam” không đúng kiểu, cần true hoặc false."),
            ("mau: [0.80, 0.0, 0.0]", "mau: xanh", "“kieu.urgency.mau” không đúng kiểu, cần ba số trong ngoặc vuông."),
            ("rong: 210", "rong: \"210", "dòng 5: Dấu ngoặc kép mở ở đây không được đóng lại."),
            (BUILTIN, "", "thiếu khóa “trang”"),
            (BUILTIN, "- a", "cần một mục gồm nhiều khóa"),
        ] {
            assert!(BUILTIN.contains(from), "{from}");
            let message = Style::parse(&BUILTIN.replacen(from, to, 1)).unwrap_err().message;
            assert!(message.contains(said), "{message}");
            for english in ["line", "expected", "field", "invalid", "unknown"] {
                assert!(!message.contains(english), "{message}");
            }
        }
    }
}
