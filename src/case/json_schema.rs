//! The shape of a case file as a JSON Schema (draft 7), so that editors complete keys, explain them and underline mistakes.
//!
//! It is made from the same list of fields the checker walks. What a schema cannot say the checker still does: that a day is
//! in the calendar, how many digits a number without quotes had, that `~` is no content.

use serde_json::{Map, Value as Json, json};

use super::schema::{Described, Field, Shape};
use super::value::{
    CaseCode, CitizenId, Date, Email, Flag, MAX_LINE, MAX_TEXT, Numeral, Path, Phone, Serial, TaxCode, Text, Time,
};
use super::{Case, Honorific};

/// File name of the schema beside editor settings.
pub const FILE: &str = "ho-so.schema.json";

/// By this a schema is known as ours, whatever its version.
pub const MARK: &str = "Tệp này do chương trình hoso ghi";

/// The schema of a case file.
#[must_use]
pub fn schema() -> Json {
    let mut root = Map::new();
    root.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
    root.insert("$comment".into(), format!("{MARK} (phiên bản {}); đừng sửa.", env!("CARGO_PKG_VERSION")).into());
    root.insert("title".into(), "Tệp hồ sơ khiếu nại".into());
    root.insert("description".into(), "Chỉ ghi dữ kiện; hồ sơ đang ở bước nào thì chương trình tự tính.".into());
    root.extend(of_shape(Case::shape()));
    root.insert("type".into(), "object".into());
    root.insert("required".into(), json!(["ma_ho_so"]));
    Json::Object(root)
}

/// The schema as a file.
#[must_use]
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}

fn of_field(field: &Field) -> Json {
    let shape = (field.shape)();
    let mut schema = of_shape(shape);
    let mut description = field.label.to_owned();
    match shape {
        Shape::Choice { words, .. } => description.push_str(&meanings(words)),
        Shape::List(item) => {
            description.push_str(". Danh sách: mỗi mục một dòng bắt đầu bằng “- ”");
            if let Shape::Choice { words, .. } = item() {
                description.push_str(&meanings(words));
            }
        }
        Shape::Scalar { example, label, .. } if label != Text::LABEL => {
            description.push_str(&format!(". Ví dụ: {example}"));
        }
        Shape::Scalar { .. } | Shape::Block(_) => {}
    }
    schema.insert("description".into(), description.into());
    if !field.required {
        allow_nothing(&mut schema);
    }
    Json::Object(schema)
}

fn meanings(words: &[(&str, &str)]) -> String {
    let list: Vec<String> = words.iter().map(|(word, meaning)| format!("{word} ({meaning})")).collect();
    format!(". Một trong: {}", list.join(", "))
}

/// Nothing after the colon is a fact that is not there yet.
fn allow_nothing(schema: &mut Map<String, Json>) {
    for key in ["type", "enum"] {
        if let Some(Json::Array(values)) = schema.get_mut(key) {
            values.push(if key == "type" { "null".into() } else { Json::Null });
        }
    }
    if let Some(Json::Array(words)) = schema.get_mut("enumDescriptions") {
        words.push("chưa có".into());
    }
    if let Some(Json::Array(ways)) = schema.get_mut("anyOf") {
        ways.push(json!({ "type": "null" }));
    }
}

fn of_shape(shape: Shape) -> Map<String, Json> {
    let schema = match shape {
        Shape::Block(fields) => {
            let properties: Map<String, Json> =
                fields.iter().map(|field| (field.key.to_owned(), of_field(field))).collect();
            json!({ "type": ["object"], "properties": properties, "additionalProperties": false })
        }
        Shape::List(item) if matches!(item(), Shape::Block(_)) => {
            json!({ "type": ["array"], "items": of_shape(item()) })
        }
        // Of a list not filled in yet the first dash may be there.
        Shape::List(item) => {
            let filled = of_shape(item());
            let mut open = filled.clone();
            allow_nothing(&mut open);
            json!({ "type": ["array"], "items": open, "if": { "minItems": 2 }, "then": { "items": filled } })
        }
        Shape::Choice { words, .. } => {
            let (words, meanings): (Vec<&str>, Vec<&str>) = words.iter().copied().unzip();
            json!({ "enum": words, "enumDescriptions": meanings })
        }
        Shape::Scalar { label, .. } => of_scalar(label),
    };
    match schema {
        Json::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// What may be written for a value: text of this pattern, and a number where it is text all the same.
///
/// `error` is what the editor says of text that does not fit.
fn of_scalar(label: &str) -> Json {
    let text = |types: Json, pattern: String, error: &str| json!({ "type": types, "pattern": pattern, "maxLength": MAX_LINE, "patternErrorMessage": error });
    let number_too = || json!(["string", "number"]);
    match label {
        Text::LABEL => {
            let hidden = "\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{7f}-\u{9f}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{fffd}";
            json!({
                "type": ["string", "number", "boolean"],
                "pattern": format!("^[^{hidden}]*[^{hidden}\\s][^{hidden}]*$"),
                "maxLength": MAX_TEXT,
                "not": { "enum": ["null", "~", "Null", "NULL"] },
                "patternErrorMessage": "Nội dung để trống hoặc có ký tự không in được.",
            })
        }
        Date::LABEL => text(
            json!(["string"]),
            "^(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])/(199[0-9]|2[01][0-9]{2})$|^(199[0-9]|2[01][0-9]{2})-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])$".to_owned(),
            "Ghi ngày như 20/11/2026 hoặc 2026-11-20.",
        ),
        Time::LABEL => text(
            json!(["string"]),
            "^([01]?[0-9]|2[0-3]):[0-5]?[0-9]$|^([01]?[0-9]|2[0-3])h([0-5]?[0-9])?$".to_owned(),
            "Ghi giờ như 09:40 hoặc 9h40.",
        ),
        Flag::LABEL => json!({
            "anyOf": [
                { "enum": ["co", "khong"], "enumDescriptions": ["có", "không"] },
                { "type": "string", "pattern": "^[cC][oOóÓ]$|^[kK][hH][oOôÔ][nN][gG]$", "doNotSuggest": true },
            ],
            "errorMessage": "Ghi co hoặc khong.",
        }),
        Honorific::LABEL => json!({
            "anyOf": [
                { "enum": ["Ông", "Bà"] },
                { "type": "string", "pattern": "^[ôÔ][nN][gG]$|^[bB][àÀ]$", "doNotSuggest": true },
            ],
            "errorMessage": "Ghi Ông hoặc Bà.",
        }),
        Numeral::LABEL => json!({
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": 999_999,
            "pattern": "^0*[1-9][0-9]{0,5}$",
            "patternErrorMessage": "Ghi một số từ 1 trở lên, chỉ gồm chữ số.",
        }),
        CitizenId::LABEL => text(
            json!(["string", "integer"]),
            "^ *([0-9] *){12}$".to_owned(),
            "Số căn cước có 12 chữ số, ví dụ 001085012345.",
        ),
        TaxCode::LABEL => text(
            json!(["string", "integer"]),
            "^ *([0-9] *){10}(- *([0-9] *){3})?$|^ *([0-9] *){12}$".to_owned(),
            "Mã số thuế có 10 chữ số, 10 chữ số-3 chữ số, hoặc 12 chữ số.",
        ),
        Phone::LABEL => text(
            number_too(),
            "^\\+?[ .()-]*([0-9][ .()-]*){3,15}$".to_owned(),
            "Ghi số như 0912 345 678 hoặc 024 3754 5222.",
        ),
        Email::LABEL => {
            let part = "[^\\s@<>()\\[\\],;:\"\\\\]";
            let inner = "[^\\s@<>()\\[\\],;:\"\\\\.]";
            text(
                json!(["string"]),
                format!("^{part}+@{inner}({part}*{inner})?\\.{part}*{inner}$"),
                "Ghi địa chỉ như ten@congty.vn.",
            )
        }
        Serial::LABEL => text(
            number_too(),
            "^[ :-]*([0-9a-fA-F][ :-]*){4,64}$".to_owned(),
            "Số serial gồm chữ số và chữ a–f, ví dụ 5401 0000 0000 0a3f.",
        ),
        Path::LABEL => {
            let plain = "[^./\\\\:\\n\\t][^/\\\\:\\n\\t]*|\\.[^./\\\\:\\n\\t][^/\\\\:\\n\\t]*|\\.\\.[^/\\\\:\\n\\t]+";
            json!({
                "type": ["string", "number"],
                "pattern": format!("^({plain})(/({plain}))*$"),
                "maxLength": 200,
                "patternErrorMessage": "Chỉ ghi tên tệp nằm trong thư mục của hồ sơ, ví dụ don-khieu-nai.pdf.",
            })
        }
        CaseCode::LABEL => text(
            json!(["string"]),
            "^KN-[0-9]{4}-([0-9]{4}|[1-9][0-9]{4,5})$".to_owned(),
            "Mã hồ sơ có dạng KN-năm-số, ví dụ KN-2026-0042.",
        ),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::*;
    use crate::case::{gaps::Gaps, parse};
    use crate::yaml::tree::{self, Content, Node, Style};

    /// Every path of the shape that holds a value, with what it holds.
    fn leaves(shape: Shape, path: &str, out: &mut Vec<(String, Shape)>) {
        match shape {
            Shape::Block(fields) => {
                for field in fields {
                    leaves((field.shape)(), &format!("{path}/{}", field.key), out);
                }
            }
            Shape::List(item) => leaves(item(), &format!("{path}/-"), out),
            value => out.push((path.to_owned(), value)),
        }
    }

    /// The same of the schema: paths that end in a value, with its schema.
    fn schema_leaves(schema: &Json, path: &str, out: &mut Vec<(String, Json)>) {
        if let Some(properties) = schema["properties"].as_object() {
            assert_eq!(schema["additionalProperties"], false, "{path}");
            for (key, inner) in properties {
                schema_leaves(inner, &format!("{path}/{key}"), out);
            }
        } else if schema["items"].is_object() {
            schema_leaves(&schema["items"], &format!("{path}/-"), out);
        } else {
            out.push((path.to_owned(), schema.clone()));
        }
    }

    #[test]
    fn the_schema_has_exactly_the_keys_the_parser_reads() {
        let (mut read, mut described) = (Vec::new(), Vec::new());
        leaves(Case::shape(), "", &mut read);
        schema_leaves(&schema(), "", &mut described);
        let paths = |rows: Vec<String>| rows.into_iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(
            paths(read.iter().map(|(path, _)| path.clone()).collect()),
            paths(described.iter().map(|(path, _)| path.clone()).collect())
        );
        assert!(read.len() > 200, "{}", read.len());
        for ((path, shape), (_, schema)) in read.iter().zip(&described) {
            match shape {
                Shape::Choice { words, .. } => {
                    let listed = schema["enum"].as_array().unwrap();
                    assert!(words.iter().all(|(word, _)| listed.contains(&(*word).into())), "{path}");
                    assert!(words.len() == listed.iter().filter(|word| !word.is_null()).count(), "{path}");
                    assert_eq!(listed.len(), schema["enumDescriptions"].as_array().unwrap().len(), "{path}");
                }
                _ => assert!(schema.get("pattern").is_some() || schema.get("anyOf").is_some(), "{path}: {schema}"),
            }
            assert!(path.ends_with("/-") || schema["description"].as_str().is_some_and(|d| d.len() > 3), "{path}");
        }
    }

    /// Whether a tree is as the schema says; scalars as an editor reads them (YAML 1.2).
    fn fits(schema: &Json, node: &Node) -> bool {
        if let Some(ways) = schema["anyOf"].as_array() {
            return ways.iter().any(|way| fits(way, node));
        }
        let (value, kinds): (Json, &[&str]) = match &node.content {
            Content::Map(_) => (json!({}), &["object"]),
            Content::List(_) => (json!([]), &["array"]),
            Content::Scalar { text, style: Style::Plain } => match text.as_str() {
                "" | "~" | "null" | "Null" | "NULL" => (Json::Null, &["null"]),
                "true" | "false" => (json!(text == "true"), &["boolean"]),
                _ if text.bytes().all(|b| b.is_ascii_digit()) => {
                    (json!(text.parse::<u64>().unwrap_or(u64::MAX)), &["number", "integer"])
                }
                _ if text.parse::<f64>().is_ok() => (json!(text.parse::<f64>().unwrap()), &["number"]),
                _ => (json!(text), &["string"]),
            },
            Content::Scalar { text, .. } => (json!(text), &["string"]),
        };
        let allowed = match &schema["type"] {
            Json::String(one) => kinds.contains(&one.as_str()),
            Json::Array(types) => types.iter().any(|one| kinds.contains(&one.as_str().unwrap())),
            _ => true,
        };
        let listed = schema["enum"].as_array().is_none_or(|words| words.contains(&value));
        let barred = schema["not"]["enum"].as_array().is_some_and(|words| words.contains(&value));
        let range = value.as_u64().is_none_or(|n| {
            n >= schema["minimum"].as_u64().unwrap_or(0) && n <= schema["maximum"].as_u64().unwrap_or(u64::MAX)
        });
        let text = value.as_str().is_none_or(|text| {
            let pattern = schema["pattern"].as_str().is_none_or(|pattern| Regex::new(pattern).unwrap().is_match(text));
            pattern
                && text.chars().count()
                    <= schema["maxLength"].as_u64().map_or(usize::MAX, |n| usize::try_from(n).unwrap())
        });
        let below = match &node.content {
            Content::Map(entries) => {
                let required = schema["required"].as_array().into_iter().flatten();
                required.into_iter().all(|key| entries.iter().any(|entry| entry.key == *key))
                    && entries.iter().all(|entry| {
                        schema["properties"].get(&entry.key).is_some_and(|inner| fits(inner, &entry.value))
                    })
            }
            Content::List(items) => {
                let several = schema.get("then").filter(|_| items.len() > 1);
                items.iter().all(|item| fits(&several.unwrap_or(schema)["items"], item))
            }
            Content::Scalar { .. } => true,
        };
        allowed && listed && !barred && range && text && below
    }

    fn accepts(text: &str) -> bool {
        tree::parse(text).unwrap().is_some_and(|node| fits(&schema(), &node))
    }

    fn samples() -> Vec<(String, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let names = files.filter(|path| path.extension().is_some_and(|e| e == "yaml") && !path.ends_with("hoso.yaml"));
        names.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
    }

    #[test]
    fn samples_and_blank_files_fit() {
        let samples = samples();
        assert!(samples.len() >= 16);
        for (name, text) in samples {
            assert!(accepts(&text), "{name}");
        }
        let code = CaseCode::new(2026, 7);
        let blank = crate::case::template::new_case(&code, chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap());
        assert!(accepts(&blank));
    }

    #[test]
    fn numbers_without_quotes_are_text_where_text_is_meant() {
        let text = "ma_ho_so: KN-2026-0001\nnguoi_khieu_nai:\n  ten: 113\n  ma_so_thue: 0101300842\n  so_can_cuoc: 001085012345\n  dien_thoai: 0912345678\ntiep_nhan:\n  so_den: 118\n  serial_chung_thu: 54010000\n  gio: 9h\n  yeu_cau:\n    - 5\n";
        assert!(accepts(text));
        assert_eq!(parse(text.as_bytes(), "x.yaml").findings, []);
    }

    fn examples_of(label: &str) -> &'static [&'static str] {
        match label {
            l if l == Date::LABEL => &[
                "20/11/2026",
                "2026-11-20",
                "5/1/2026",
                "20-11-2026",
                "20/13/2026",
                "20/11/26",
                "0/1/2026",
                "20/11/2226",
                "2026/11/20",
            ],
            l if l == Time::LABEL => &["09:40", "9h40", "9h", "9:5", "24:00", "9:60", "940", "9h40 sáng", ":30"],
            l if l == Honorific::LABEL => &["Ông", "bà", "ÔNG", "anh", "Ong", "Ông Bà", "1"],
            l if l == Flag::LABEL => &["co", "có", "CÓ", "Không", "khong", "true", "x", "0"],
            l if l == Numeral::LABEL => &["1", "007", "999999", "0", "-1", "1.5", "1000000", "một"],
            l if l == CitizenId::LABEL => &["\"001085012345\"", "001 085 012 345", "\"1085012345\"", "00108501234a"],
            l if l == TaxCode::LABEL => {
                &["\"0100109106\"", "0100109106-001", "\"100109106\"", "0100109106-1", "01001o9106"]
            }
            l if l == Phone::LABEL => &[
                "0912 345 678",
                "+84 (24) 3754-5222",
                "0243.7545.222",
                "\"12\"",
                "0912345678 máy lẻ 5",
                "1234567890 123456",
                "84+912",
            ],
            l if l == Email::LABEL => {
                &["a@b.vn", "huong.nt@minhphat.example", "huong", "a@b", "a@b@c.vn", "a b@c.vn", "a@.vn", "a@vn."]
            }
            l if l == Serial::LABEL => &["5401 0000 0000 0a3f", "54:01:AB:ff", "xyz", "5401g", "\"123\""],
            l if l == Path::LABEL => &[
                "a.pdf",
                "anh/màn hình.png",
                "..a.pdf",
                "../a.pdf",
                "a/../../b",
                "/etc/passwd",
                "\"C:\\\\a.pdf\"",
                "a//b",
                "./a",
                "a/.",
                "a/",
            ],
            l if l == CaseCode::LABEL => {
                &["KN-2026-0042", "KN-2026-123456", "KN-26-0042", "KN-2026-42", "kn-2026-0042", "KN-2026-00053"]
            }
            _ => &["Một câu", "\"null\"", "\"~\"", "true", "\" \"", "\"a\\u200bb\""],
        }
    }

    #[test]
    fn patterns_take_what_the_parser_takes() {
        let mut seen = std::collections::BTreeSet::new();
        let mut all = Vec::new();
        leaves(Case::shape(), "", &mut all);
        for (path, shape) in all {
            let Shape::Scalar { label, check, example } = shape else { continue };
            if !seen.insert(label) {
                continue;
            }
            let schema = Json::Object(of_shape(shape));
            for text in examples_of(label).iter().copied().chain([example]) {
                let node = tree::parse(&format!("- {text}\n")).unwrap().unwrap();
                let Content::List(items) = node.content else { panic!("{text}") };
                let value = items[0].text().unwrap().to_owned();
                assert_eq!(fits(&schema, &items[0]), check(&value).is_ok(), "{path} ({label}): {text}");
            }
        }
        assert_eq!(seen.len(), 13, "every kind of value: {seen:?}");
    }

    /// Lines of the samples that begin with a key: (sample, line).
    fn keyed_lines() -> Vec<(usize, usize)> {
        let mut rows = Vec::new();
        for (sample, (_, text)) in samples().iter().enumerate() {
            let root = tree::parse(text).unwrap().unwrap();
            let mut lines = Vec::new();
            keys(&root, &mut lines);
            rows.extend(lines.into_iter().map(|line| (sample, line)));
        }
        rows
    }

    fn keys(node: &Node, out: &mut Vec<usize>) {
        match &node.content {
            Content::Map(entries) => entries.iter().for_each(|entry| {
                out.push(entry.key_span.line);
                keys(&entry.value, out);
            }),
            Content::List(items) => items.iter().for_each(|item| keys(item, out)),
            Content::Scalar { .. } => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        #[test]
        fn a_broken_key_is_refused_by_schema_and_parser(pick in any::<prop::sample::Index>(), letter in "[a-z]") {
            let rows = keyed_lines();
            let (sample, line) = rows[pick.index(rows.len())];
            let (_, text) = &samples()[sample];
            let broken: Vec<String> = text.lines().enumerate().map(|(at, row)| {
                if at + 1 != line {
                    return row.to_owned();
                }
                let (key, rest) = row.split_once(':').unwrap();
                format!("{key}{letter}:{rest}")
            }).collect();
            let broken = broken.join("\n") + "\n";
            // Some keys become others of the same block: then both must accept.
            let parsed = parse(broken.as_bytes(), "x.yaml");
            prop_assert_eq!(accepts(&broken), parsed.findings.is_empty(), "{}", line);
            let _ = Gaps::default();
        }
    }
}
