//! A table of recipients becomes letters: whatever the table is written in, in shards or whole, killed or not.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::desk::{Desk, Run, differences};
use crate::samples;

const FORM: &str = "thong-bao-su-co";

/// The sample table: headers and rows.
pub(crate) fn sample() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(samples::folder().join("loat/thong-bao-su-co.csv")).unwrap();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Rows as CSV.
pub(crate) fn csv_of(rows: &[Vec<String>], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// Rows as JSON objects without their empty cells.
fn objects(rows: &[Vec<String>]) -> Vec<Value> {
    let object = |row: &Vec<String>| {
        let filled = rows[0].iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        filled.map(|(header, cell)| (header.clone(), Value::String(cell.clone()))).collect::<serde_json::Map<_, _>>()
    };
    rows[1..].iter().map(|row| Value::Object(object(row))).collect()
}

pub(crate) fn batch(desk: &Desk, data: &str, out: &str, more: &[&str]) -> Run {
    let out = desk.path(out);
    let data = desk.path(data);
    desk.run(&[&["--json", "batch", FORM, data.to_str().unwrap(), "--out", out.to_str().unwrap()], more].concat())
}

/// The letters in a folder by name without their row.
fn letters(desk: &Desk, out: &str) -> BTreeMap<String, Vec<u8>> {
    let names = desk.names(out).into_iter().filter(|name| name.ends_with(".pdf"));
    names.map(|name| (name[7..].to_owned(), desk.read(&format!("{out}/{name}")))).collect()
}

/// A workspace with a table of `copies` times the sample's rows, every customer code its own.
fn desk_with(copies: usize) -> Desk {
    let rows = sample();
    let mut many = vec![rows[0].clone()];
    for copy in 0..copies {
        many.extend(rows[1..].iter().map(|row| {
            let mut row = row.clone();
            row[0] = format!("{}-{copy:02}", row[0]);
            row
        }));
    }
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&many, b','));
    desk
}

#[test]
fn the_same_table_gives_the_same_letters_in_every_format() {
    let desk = Desk::new();
    let rows = sample();
    desk.write("phay.csv", &csv_of(&rows, b','));
    desk.write("cham-phay.csv", &csv_of(&rows, b';'));
    desk.write("bom.csv", &[b"\xEF\xBB\xBF".as_slice(), &csv_of(&rows, b';')].concat());
    // Names of columns without accents, as the form calls them, rows parted by blank lines and CRLF.
    let mut plain = rows.clone();
    plain[0][2] = "TEN KHACH HANG".to_owned();
    plain[0][3] = "ma_so_thue".to_owned();
    let text = String::from_utf8(csv_of(&plain, b',')).unwrap().replace('\n', "\r\n");
    desk.write("tran.csv", text.as_bytes());
    let objects = objects(&rows);
    let lines: Vec<String> = objects.iter().map(Value::to_string).collect();
    desk.write("bang.jsonl", lines.join("\n").as_bytes());
    // Every JSON object on one line is a YAML flow block.
    desk.write("bang.yaml", lines.iter().map(|line| format!("- {line}\n")).collect::<String>().as_bytes());
    let workbook = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/thong-bao-su-co.xlsx");
    desk.write("bang.xlsx", &std::fs::read(workbook).unwrap());

    let first = batch(&desk, "phay.csv", "phay", &[]).expect(0);
    assert_eq!((first.json()["letters"].as_u64(), first.json()["problems"].as_array().unwrap().len()), (Some(20), 0));
    let expected = letters(&desk, "phay");
    assert_eq!(expected.len(), 20);
    for data in ["cham-phay.csv", "bom.csv", "tran.csv", "bang.jsonl", "bang.yaml", "bang.xlsx"] {
        batch(&desk, data, data.split_once('.').unwrap().1, &[]).expect(0);
        let out = data.split_once('.').unwrap().1;
        assert!(letters(&desk, out) == expected, "{data}");
        std::fs::remove_dir_all(desk.path(out)).unwrap();
    }
}

#[test]
fn seven_bad_rows_of_seven_kinds_are_seven_problems_and_nothing_is_written() {
    let mut rows = sample();
    let place = |header: &str| rows[0].iter().position(|cell| cell == header).unwrap();
    // Row as the sheet counts, column, what stands there, code.
    let bad = [
        (3, "Tên khách hàng", "", "HS605"),
        (5, "Ngày bắt đầu", "31/11/2026", "HS606"),
        (7, "Mã số thuế", "01013", "HS606"),
        (9, "Thư điện tử", "null", "HS608"),
        (11, "Xưng hô", "Ông Giám đốc", "HS607"),
        (13, "Địa chỉ", "Số 王 phố Huế", "HS609"),
        (15, "Nguyên nhân", "lỗi thiết\u{200b} bị", "HS608"),
    ];
    let places: Vec<usize> = bad.iter().map(|(_, header, ..)| place(header)).collect();
    for ((row, _, text, _), place) in bad.iter().zip(places) {
        rows[row - 1][place] = (*text).to_owned();
    }
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&rows, b','));
    let before = desk.tree();
    let run = batch(&desk, "bang.csv", "thu", &[]).expect(1);
    let report = run.json();
    let found: Vec<(u64, &str, &str)> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            let text = |key: &str| problem[key].as_str().unwrap();
            (problem["row"].as_u64().unwrap(), text("column"), text("code"))
        })
        .collect();
    let expected: Vec<(u64, &str, &str)> =
        bad.iter().map(|(row, column, _, code)| (*row as u64, *column, *code)).collect();
    assert_eq!(found, expected, "{}", run.out);
    assert_eq!(differences(&before, &desk.tree()), Vec::<String>::new(), "nothing is written");

    let told = desk.run(&["batch", FORM, "bang.csv", "--check"]).expect(1);
    assert!(told.out.contains("Dòng 7, cột “Mã số thuế” (ô D7): “01013” không phải mã số thuế."), "{}", told.out);

    let run = batch(&desk, "bang.csv", "thu", &["--skip-bad"]).expect(1);
    assert_eq!(run.json()["letters"], 13);
    assert_eq!(letters(&desk, "thu").len(), 13);
    let list = String::from_utf8(desk.read("thu/dong-loi.csv")).unwrap();
    assert!(list.starts_with('\u{feff}') && list.lines().count() == 8, "{list}");
    assert!(list.contains("7,Mã số thuế,D7,HS606,"), "{list}");
}

#[test]
fn columns_are_checked_before_rows() {
    let mut rows = sample();
    rows[0][2] = "Tên khách hnàg".to_owned();
    rows[0][3] = "Mã khách hàng".to_owned();
    rows[0][19] = "Màu sắc".to_owned();
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&rows, b','));
    let run = batch(&desk, "bang.csv", "thu", &["--skip-bad"]).expect(1);
    let codes: Vec<String> = run.findings().into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["HS602", "HS604", "HS602", "HS603"], "{}", run.out);
    assert!(run.findings()[0].hint.contains("“Tên khách hàng”"), "{}", run.out);
    assert!(!desk.exists("thu"));
}

#[test]
fn tables_that_are_no_tables() {
    let desk = Desk::new();
    let text = String::from_utf8(csv_of(&sample(), b',')).unwrap();
    let open = text.replacen("KH-001187", "\"KH-001187", 1);
    for (name, bytes, code) in [
        ("mo.csv", open.as_bytes(), "HS601"),
        ("rong.csv", b"".as_slice(), "HS601"),
        ("cu.csv", b"T\xEAn".as_slice(), "HS002"),
        ("gia.xlsx", b"PK no workbook".as_slice(), "HS601"),
        ("khoi.yaml", b"a: b".as_slice(), "HS601"),
        ("sai.jsonl", b"{\"a\": }\n[1]".as_slice(), "HS601"),
        ("bang.xls", b"x".as_slice(), "HS601"),
    ] {
        desk.write(name, bytes);
        let run = batch(&desk, name, "thu", &[]).expect(1);
        assert_eq!(run.findings()[0].code, code, "{name}: {}", run.out);
        assert!(!desk.exists("thu"), "{name}");
    }
}

#[test]
fn all_shards_together_are_the_whole() {
    let desk = desk_with(2);
    batch(&desk, "bang.csv", "ca", &[]).expect(0);
    for index in [5, 16, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] {
        batch(&desk, "bang.csv", "phan", &["--jobs", "1", "--shard", &format!("{index}/16")]).expect(0);
    }
    let results: Vec<u8> =
        (1..=16).flat_map(|index| desk.read(&format!("phan/ket-qua-{index:02}-of-16.jsonl"))).collect();
    assert_eq!(String::from_utf8(results), String::from_utf8(desk.read("ca/ket-qua.jsonl")));
    assert_eq!(letters(&desk, "ca").len(), 20, "two customers of one name have one slug");
    for name in desk.names("ca").iter().filter(|name| !name.starts_with("ket-qua")) {
        assert!(desk.read(&format!("ca/{name}")) == desk.read(&format!("phan/{name}")), "{name}");
    }
    assert_eq!(desk.names("phan").len(), 40 + 16 + 1);
}

#[test]
fn a_batch_killed_anywhere_is_finished_by_the_next_run() {
    let desk = Desk::new();
    let rows = sample();
    desk.write("bang.csv", &csv_of(&rows[..7], b','));
    batch(&desk, "bang.csv", "dung", &[]).expect(0);
    let expected = desk.tree();
    let mut steps = 0;
    loop {
        let killed = desk.copy();
        std::fs::remove_dir_all(killed.path("dung")).unwrap();
        let args = ["--jobs", "1", "batch", FORM, "bang.csv", "--out", "dung"];
        let run = Run::of(killed.command(&args).env("HOSO_KILL_AT", (steps + 1).to_string()));
        if run.code() == Some(0) {
            break;
        }
        assert_eq!(run.code(), None, "{}", run.err);
        steps += 1;
        // A torn last line, as a power cut leaves it.
        let results = killed.path("dung/ket-qua.jsonl");
        if let Ok(whole) = std::fs::read(&results) {
            std::fs::write(&results, &whole[..whole.len() - 20]).unwrap();
        }
        let again = batch(&killed, "bang.csv", "dung", &[]).expect(0);
        assert_eq!(again.json()["letters"], 6);
        assert_eq!(differences(&expected, &killed.tree()), Vec::<String>::new(), "killed at {steps}");
    }
    assert_eq!(steps, 2 + 1 + 6 + 1, "card, group, its names, its lines");
}

#[test]
fn a_finished_batch_is_kept_a_damaged_letter_made_again_another_batch_refused() {
    let desk = desk_with(1);
    batch(&desk, "bang.csv", "thu", &[]).expect(0);
    let whole = desk.tree();
    let names = desk.names("thu");
    desk.write(&format!("thu/{}", names[3]), b"half a let");
    desk.remove(&format!("thu/{}", names[5]));
    let out = desk.path("thu").to_string_lossy().into_owned();
    // On another day it is still the batch of the first.
    let again =
        Run::of(&mut desk.command_on("2026-12-24", &["--json", "batch", FORM, "bang.csv", "--out", &out])).expect(0);
    assert_eq!((again.json()["letters"].as_u64(), again.json()["kept"].as_u64()), (Some(20), Some(20)));
    assert_eq!(differences(&whole, &desk.tree()), Vec::<String>::new());
    let other = batch(&desk, "bang.csv", "thu", &["--for-signature"]).expect(1);
    assert_eq!(other.of_code("HS621").len(), 1, "{}", other.out);
    let signed = batch(&desk, "bang.csv", "ky", &["--for-signature"]).expect(0);
    assert_eq!(signed.json()["letters"], 20);
    assert!(letters(&desk, "ky") != letters(&desk, "thu"));
}

#[test]
fn letters_depend_on_their_row_alone() {
    let desk = Desk::new();
    let rows = sample();
    desk.write("bang.csv", &csv_of(&rows, b','));
    desk.write("mot.csv", &csv_of(&[rows[0].clone(), rows[9].clone()], b','));
    batch(&desk, "bang.csv", "ca", &[]).expect(0);
    batch(&desk, "mot.csv", "mot", &["--jobs", "1"]).expect(0);
    let (all, one) = (letters(&desk, "ca"), letters(&desk, "mot"));
    assert_eq!(one.len(), 1);
    assert!(one.iter().all(|(name, bytes)| all.get(name) == Some(bytes)));
}

#[test]
fn a_batch_form_of_ones_own_is_checked_when_loaded() {
    let desk = Desk::new();
    let form =
        "{% extends \"goc.xml\" %}{% block noi_dung %}<p>{{ loi_moi }} {{ dien_thoai }}</p>{% endblock noi_dung %}";
    let declared = "ten: giấy mời\ntieu_de: Mời {ho_ten}\ntrich_yeu: Mời họp\nso_dang_ky: thong-bao\n\
                    nguoi_nhan: { ten: ho_ten }\ncot:\n  - { ten: ho_ten, nhan: Họ tên, bat_buoc: co }\n  - { ten: loi_moi, bat_buoc: co }\n";
    desk.write("forms/giay-moi.xml", form.as_bytes());
    desk.write("forms/giay-moi.cot.yaml", declared.as_bytes());
    desk.write("moi.csv", "họ tên,Giấy\nĐỗ Thị Bà,Kính mời\n".as_bytes());
    let args = ["--json", "batch", "giay-moi", "moi.csv", "--out", "moi"];
    assert_eq!(desk.run(&args).expect(1).of_code("HS602").len(), 1);
    desk.write("moi.csv", "họ tên,Lời mời\nĐỗ Thị Bà,Kính mời\n".as_bytes());
    desk.run(&args).expect(0);
    assert!(desk.exists("moi/000002-do-thi-ba.pdf"));
    desk.write("forms/giay-moi.xml", form.replace("loi_moi", "loi_moii").as_bytes());
    assert_eq!(desk.run(&args).expect(1).of_code("HS222").len(), 1);
    desk.write("forms/giay-moi.xml", form.as_bytes());
    desk.write(
        "forms/giay-moi.cot.yaml",
        declared.replace("ten: loi_moi", "ten: dien_thoai").replacen("bat_buoc: co", "bat_buoc: uh", 1).as_bytes(),
    );
    let faults = desk.run(&args).expect(1).of_code("HS620");
    assert!(faults.iter().map(|fault| fault.line).eq([7, 8]), "{faults:#?}");
}

#[test]
fn merged_files_hold_every_letter_in_order_whole_or_in_volumes() {
    let desk = desk_with(1);
    let whole = desk.path("in.pdf").to_string_lossy().into_owned();
    let run = batch(&desk, "bang.csv", "thu", &["--merge", &whole]).expect(0);
    let merged = &run.json()["merged"];
    assert_eq!((merged[0]["letters"].as_u64(), merged.as_array().map(Vec::len)), (Some(20), Some(1)));
    let file = lopdf::Document::load_mem(&desk.read("in.pdf")).unwrap();
    assert_eq!(file.get_pages().len() as u64, merged[0]["pages"].as_u64().unwrap());
    let volumes = desk.path("tap.pdf").to_string_lossy().into_owned();
    let run = batch(&desk, "bang.csv", "thu", &["--merge", &volumes, "--volume", "8"]).expect(0);
    let counts: Vec<u64> =
        run.json()["merged"].as_array().unwrap().iter().map(|one| one["letters"].as_u64().unwrap()).collect();
    assert_eq!(counts, [8, 8, 4]);
    let names: Vec<String> = desk.names(".").into_iter().filter(|name| name.starts_with("tap")).collect();
    assert_eq!(names, ["tap-001.pdf", "tap-002.pdf", "tap-003.pdf"]);
    // A bookmark for each letter, in the order of the rows; it is the title of the letter by itself.
    let open = |name: &str| lopdf::Document::load_mem(&desk.read(name)).unwrap();
    let alone: Vec<String> = desk
        .names("thu")
        .iter()
        .filter(|name| name.ends_with(".pdf"))
        .map(|name| {
            let letter = open(&format!("thu/{name}"));
            let information = letter.trailer.get(b"Info").unwrap().as_reference().unwrap();
            text_string(letter.get_dictionary(information).unwrap(), b"Title")
        })
        .collect();
    assert_eq!(alone.len(), 20);
    assert_eq!(bookmarks(&file), alone);
    assert_eq!(names.iter().flat_map(|name| bookmarks(&open(name))).collect::<Vec<_>>(), alone);
}

fn text_string(dictionary: &lopdf::Dictionary, key: &[u8]) -> String {
    let bytes = dictionary.get(key).unwrap().as_str().unwrap();
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(units) => {
            let units: Vec<u16> = units.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Titles of the bookmarks, each of which leads to a page of its own.
pub(crate) fn bookmarks(file: &lopdf::Document) -> Vec<String> {
    let follow = |dictionary: &lopdf::Dictionary, key: &[u8]| {
        dictionary.get(key).ok().map(|id| file.get_dictionary(id.as_reference().unwrap()).unwrap())
    };
    let outline = follow(file.catalog().unwrap(), b"Outlines").unwrap();
    let (mut titles, mut pages) = (Vec::new(), std::collections::BTreeSet::new());
    let mut next = follow(outline, b"First");
    while let Some(item) = next {
        titles.push(text_string(item, b"Title"));
        let target = item.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        assert!(pages.insert(target) && file.get_pages().values().any(|page| *page == target));
        next = follow(item, b"Next");
    }
    titles
}

#[test]
fn letters_never_land_among_the_cases() {
    let desk = desk_with(1);
    for out in ["ho-so", "ho-so/loat", "archive/x/y", ".hoso", "forms"] {
        let run = batch(&desk, "bang.csv", out, &[]).expect(1);
        assert!(run.json()["error"].as_str().unwrap().starts_with("Không ghi văn bản hàng loạt vào"), "{}", run.out);
    }
}
