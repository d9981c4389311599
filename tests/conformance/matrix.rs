//! Makes the PDFs that outside programs judge: every form in every state, filled shortly and at length, with the longest
//! names, with 1 and 80 rows, with every letter in every face. Usage: matrix DIR
//!
//! Beside each `<form>_<filling>_<state>.pdf` lies `….xml`, the filled form, from which `text.py` knows what the PDF must say.
//! To judge more files: put further pairs into DIR, or let [`main`] write them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset};
use hoso::document;
use hoso::font::FontSet;
use hoso::form::FormSet;
use hoso::layout::{Style, lay_out};
use hoso::letter::{LetterKind, Shape, Size, shape, wording};
use hoso::pdf::{self, Metadata};
use rayon::prelude::*;
use serde_json::{Map, Value};

/// How a form is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filling {
    Bare,
    Usual,
    Long,
    Pages,
    Names,
    Rows(usize),
    Letters,
    Signs,
    /// Only this answer is "yes".
    Branch(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Draft,
    ForSignature,
    Issued,
}

const STATES: [State; 3] = [State::Draft, State::ForSignature, State::Issued];

const PERSON: &str = "Công Tằng Tôn Nữ Hoàng Ngọc Quỳnh Thương Nguyễn Trần";
const BODY: &str = "Công ty Trách nhiệm hữu hạn Một thành viên Đầu tư Xây dựng và Thương mại Dịch vụ Kỹ thuật Công nghệ cao \
    Nghiêng Nghiêng Hưng Thịnh Phát Chi nhánh Thành phố Hồ Chí Minh";
const PLACE: &str = "Số 1234/56/78B đường Nguyễn Thị Minh Khai nối dài, khu phố 17, ấp Bình Trưng Đông, phường Tăng Nhơn Phú, \
    thành phố Thủ Đức, Thành phố Hồ Chí Minh, Việt Nam";
const QUOTES: &str = "“ngoặc kép” ‘ngoặc đơn’ «ngoặc Pháp» 1.500.000 ₫, 20 €, ≤ 5 %, – … § 37 °C ½ № & < >";

/// Every Vietnamese letter with every tone, small and large.
fn letters() -> String {
    let mut all = String::new();
    let rows = [
        "aàáãảạ",
        "ăằắẵẳặ",
        "âầấẫẩậ",
        "bcdđ",
        "eèéẽẻẹ",
        "êềếễểệ",
        "ghiìíĩỉị",
        "klmn",
        "oòóõỏọ",
        "ôồốỗổộ",
        "ơờớỡởợ",
        "pqrst",
        "uùúũủụ",
        "ưừứữửự",
        "vx",
        "yỳýỹỷỵ",
    ];
    for row in rows {
        all.push_str(&format!("{row} {} ", row.to_uppercase()));
    }
    all.trim_end().to_owned()
}

/// Texts of a header or title, which nobody makes as long as a page.
fn is_title(name: &str) -> bool {
    ["ten", "tieu_de", "trich_yeu", "chu_de", "ve_viec"].iter().any(|title| name.starts_with(title))
}

/// A text of a form, by its name and example. Codes, numbers and dates stay.
fn text(name: &str, example: &str, filling: Filling) -> String {
    let plain = !example.contains(|letter: char| letter.is_ascii_digit() || letter == '@');
    let prose = plain && example.split(' ').count() >= 3;
    let upper = name.ends_with("_hoa");
    let grown = match filling {
        Filling::Long if prose => [example; 3].join(" "),
        Filling::Pages if prose && example.chars().count() >= 40 && !is_title(name) => [example; 10].join(" "),
        Filling::Names if name.contains("dia_chi") => PLACE.to_owned(),
        Filling::Names if name.contains("nguoi_ky") || name.contains("nguoi_lap") || name.contains("nguoi_luu") => {
            PERSON.to_owned()
        }
        Filling::Names if prose && example.chars().count() < 60 => BODY.to_owned(),
        Filling::Letters if prose => letters(),
        Filling::Signs if prose => format!("{example} {QUOTES}"),
        _ => example.to_owned(),
    };
    if upper { grown.to_uppercase() } else { grown }
}

fn value(name: &str, shape: &Shape, filling: Filling, index: usize) -> Option<Value> {
    Some(match shape {
        Shape::Text(examples) => {
            let examples: Vec<&str> = examples.split('|').map(str::trim).collect();
            Value::String(text(name, examples.get(index % examples.len())?, filling))
        }
        Shape::Flag => Value::Bool(match filling {
            Filling::Branch(only) => name == only,
            _ => filling != Filling::Bare,
        }),
        Shape::Maybe(inner) => value(name, inner, filling, index)?,
        Shape::List(item) => {
            let count = match (filling, &**item) {
                // What is signed and sent has few lines.
                _ if matches!(name, "noi_nhan" | "chuc_vu_ky") => 2,
                (Filling::Rows(rows), Shape::Block(_)) => rows,
                (Filling::Rows(_), _) => 1,
                _ => 3,
            };
            Value::Array((0..count).filter_map(|index| value(name, item, filling, index)).collect())
        }
        Shape::Block(fields) => {
            let mut map = Map::new();
            for field in fields {
                let counted = (field.name == "thu_tu").then(|| Value::String((index + 1).to_string()));
                if let Some(value) = counted.or_else(|| value(&field.name, &field.shape, filling, index)) {
                    map.insert(field.name.to_string(), value);
                }
            }
            Value::Object(map)
        }
    })
}

/// A form with what may be filled in.
struct Subject {
    /// File name without ending.
    stem: String,
    shape: Shape,
    /// Whether its letters are drafts before they are issued.
    has_states: bool,
}

impl Subject {
    /// Every form, those of batches last.
    fn all(forms: &FormSet) -> Vec<Self> {
        let letters = LetterKind::ALL.into_iter().map(|kind| Self {
            stem: kind.stem().to_owned(),
            shape: shape(kind),
            has_states: !kind.is_of_archive(),
        });
        let batches = forms.batch_names().filter_map(|name| {
            Some(Self { stem: name.to_owned(), shape: forms.declaration(name)?.shape(), has_states: true })
        });
        letters.chain(batches).collect()
    }
}

/// The view of a form, filled and in a state.
fn view(shape: &Shape, filling: Filling, state: State) -> Option<Value> {
    let mut view = if filling == Filling::Bare { shape.sample(Size::Smallest)? } else { value("", shape, filling, 0)? };
    let map = view.as_object_mut()?;
    if map.contains_key("du_thao") {
        map.insert("du_thao".to_owned(), Value::Bool(state == State::Draft));
        if state != State::Issued {
            map.insert("so_ky_hieu".to_owned(), Value::String(format!("{}/ECA-CSKH", wording::blank())));
        }
        if state == State::ForSignature {
            let day = format!("Hà Nội, ngày {0} tháng {0} năm 2026", wording::blank());
            map.insert("dia_danh_ngay".to_owned(), Value::String(day));
        }
        if state == State::Draft {
            map.insert("nguoi_ky".to_owned(), Value::String(wording::missing("người ký")));
        }
    }
    Some(view)
}

fn fillings(shape: &Shape) -> Vec<Filling> {
    let mut all = vec![
        Filling::Bare,
        Filling::Usual,
        Filling::Long,
        Filling::Pages,
        Filling::Names,
        Filling::Letters,
        Filling::Signs,
    ];
    let rows = |shape: &Shape| matches!(shape, Shape::List(item) if matches!(**item, Shape::Block(_)));
    if shape.fields().iter().any(|field| rows(&field.shape)) {
        all.extend([Filling::Rows(1), Filling::Rows(80)]);
    }
    let flags = shape.fields().iter().filter(|field| field.shape == Shape::Flag && field.name != "du_thao");
    all.extend(flags.filter_map(|field| match field.name {
        Cow::Borrowed(name) => Some(Filling::Branch(name)),
        Cow::Owned(_) => None,
    }));
    all
}

/// What is needed to make a PDF of markup.
struct Press {
    style: Style,
    fonts: FontSet,
    created: DateTime<FixedOffset>,
}

impl Press {
    /// Writes markup and PDF; says how many pages.
    fn write(&self, dir: &Path, name: &str, markup: &str) -> Result<usize, String> {
        let fault = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let document = document::parse(markup).map_err(|error| fault(&error))?;
        let layout = lay_out(&document, &self.style, &self.fonts)
            .map_err(|faults| faults.iter().map(|error| fault(error)).collect::<Vec<_>>().join("\n"))?;
        layout.check_structure().map_err(|error| fault(&error))?;
        let bytes =
            pdf::export(&layout, &self.fonts, &Metadata::of(&document, self.created)).map_err(|error| fault(&error))?;
        let path = |ending: &str| -> PathBuf { dir.join(format!("{name}.{ending}")) };
        std::fs::write(path("xml"), markup).map_err(|error| fault(&error))?;
        std::fs::write(path("pdf"), bytes).map_err(|error| fault(&error))?;
        Ok(layout.pages.len())
    }
}

fn name(stem: &str, filling: Filling, state: State) -> String {
    let filling = match filling {
        Filling::Bare => "ngan".to_owned(),
        Filling::Usual => "thuong".to_owned(),
        Filling::Long => "dai".to_owned(),
        Filling::Pages => "nhieu-trang".to_owned(),
        Filling::Names => "ten-dai".to_owned(),
        Filling::Rows(rows) => format!("{rows}-hang"),
        Filling::Letters => "chu-cai".to_owned(),
        Filling::Signs => "dau".to_owned(),
        Filling::Branch(flag) => flag.replace('_', "-"),
    };
    let state = match state {
        State::Draft => "du-thao",
        State::ForSignature => "trinh-ky",
        State::Issued => "ban-hanh",
    };
    format!("{stem}_{filling}_{state}")
}

fn run(dir: &Path, markup: &Path) -> Result<(usize, usize), String> {
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    let created = DateTime::parse_from_rfc3339("2026-03-05T09:00:00+07:00").map_err(|error| error.to_string())?;
    let press = Press { style: Style::builtin(), fonts: FontSet::builtin(), created };
    let forms = FormSet::builtin();
    let mut jobs: Vec<(String, String)> = Vec::new();
    for Subject { stem, shape, has_states } in Subject::all(&forms) {
        for filling in fillings(&shape) {
            for state in STATES.into_iter().filter(|state| has_states || *state == State::Issued) {
                let view = view(&shape, filling, state).ok_or_else(|| format!("{stem}: no sample"))?;
                let filled =
                    forms.fill_with(&format!("{stem}.xml"), &view).map_err(|finding| format!("{finding:#?}"))?;
                jobs.push((name(&stem, filling, state), filled));
            }
        }
    }
    // Markup no form of today uses: other tables, columns, appendices, urgency, all four faces.
    for entry in std::fs::read_dir(markup).map_err(|error| error.to_string())?.filter_map(Result::ok) {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        jobs.push((format!("markup_{stem}"), std::fs::read_to_string(&path).map_err(|error| error.to_string())?));
    }
    let made: Vec<Result<usize, String>> =
        jobs.par_iter().map(|(name, markup)| press.write(dir, name, markup)).collect();
    let faults: Vec<&String> = made.iter().filter_map(|made| made.as_ref().err()).collect();
    if faults.is_empty() {
        Ok((made.len(), made.iter().flatten().sum()))
    } else {
        Err(faults.into_iter().cloned().collect::<Vec<_>>().join("\n"))
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(dir), None) = (args.next(), args.next()) else {
        eprintln!("usage: matrix DIR");
        return ExitCode::from(2);
    };
    match run(Path::new(&dir), &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markup")) {
        Ok((files, pages)) => {
            println!("matrix: {files} files, {pages} pages");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("matrix: {fault}");
            ExitCode::FAILURE
        }
    }
}
