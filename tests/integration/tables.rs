//! Tables as people really make them: cells a spreadsheet keeps in its own way, headers in the wrong place, no rows.

use std::path::PathBuf;

use crate::batch::{batch, csv_of, sample};
use crate::desk::{Desk, Run};
use crate::numbered::FORM;

/// Where, and what is wrong there: cell, code.
fn problems(run: &Run) -> Vec<(String, String)> {
    let found = run.json()["problems"].as_array().unwrap().clone();
    let text = |problem: &serde_json::Value, key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    found.iter().map(|problem| (text(problem, "cell"), text(problem, "code"))).collect()
}

#[test]
fn cells_a_spreadsheet_keeps_in_its_own_way() {
    let desk = Desk::new();
    let workbook = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/o-kho.xlsx");
    desk.write("bang.xlsx", &std::fs::read(workbook).unwrap());
    let run = batch(&desk, "bang.xlsx", "thu", &["--skip-bad"]).expect(1);
    // Row 2: formulas that were never worked out, also where a cell may be empty. 3: a day kept as a mere number. 4: codes kept
    // as numbers. 5 has days, times, zeros and money by their formats, 6 the same as text.
    let expected = [("C2", "HS608"), ("S2", "HS608"), ("K3", "HS606"), ("D4", "HS613"), ("F4", "HS613"), ("", "HS611")];
    assert_eq!(problems(&run), expected.map(|(cell, code)| (cell.to_owned(), code.to_owned())), "{}", run.out);
    let names: Vec<String> = desk.names("thu").into_iter().filter(|name| name.ends_with(".pdf")).collect();
    let [shown, typed] = names.as_slice() else { panic!("{names:?}") };
    assert!(shown.starts_with("000005-") && typed.starts_with("000006-"), "{names:?}");
    assert!(desk.read(&format!("thu/{shown}")) == desk.read(&format!("thu/{typed}")), "as the sheet shows it");
}

#[test]
fn tables_without_rows_or_with_no_header_of_ours() {
    let desk = Desk::new();
    let rows = sample();
    let text = |rows: &[Vec<String>], delimiter| String::from_utf8(csv_of(rows, delimiter)).unwrap();
    let heading = format!("DANH SÁCH KHÁCH HÀNG\n\n{}", text(&rows, b','));
    let lost: String = text(&rows, b',').chars().filter(|c| c.is_ascii()).collect();
    for (name, text, code, says) in [
        ("chi-tieu-de.csv", text(&rows[..1], b','), "HS601", "chưa có dòng dữ liệu"),
        ("tab.csv", text(&rows, b'\t'), "HS601", "dấu Tab"),
        ("tieu-de.csv", heading, "HS603", "DANH SÁCH KHÁCH HÀNG"),
        ("mat-dau.csv", lost, "HS603", "Không ô nào ở đây là tên cột"),
    ] {
        desk.write(name, text.as_bytes());
        for more in [&[][..], &["--skip-bad"]] {
            let run = batch(&desk, name, "thu", more).expect(1);
            let found = run.findings();
            assert_eq!(found.len(), 1, "{name}: {}", run.out);
            assert!(found[0].code == code && found[0].message.contains(says), "{name}: {}", run.out);
            assert!(!desk.exists("thu"), "{name}");
        }
    }
    let said = desk.run(&["batch", FORM, "tieu-de.csv", "--check"]).expect(1).out;
    assert!(said.contains("chưa soát được vì tên cột chưa đúng"), "{said}");
}

#[test]
fn a_value_that_does_not_fit_is_told_with_its_cell() {
    let desk = Desk::new();
    let mut rows = sample();
    rows.truncate(4);
    rows[2][2] = format!("Công ty {}", "Đại".repeat(40));
    desk.write("bang.csv", &csv_of(&rows, b','));
    let run = batch(&desk, "bang.csv", "thu", &[]).expect(1);
    assert_eq!(problems(&run), [("C3".to_owned(), "HS612".to_owned())], "{}", run.out);
    let said = desk.run(&["batch", FORM, "bang.csv", "--check"]).expect(1).out;
    assert!(said.contains("Dòng 3, cột “Tên khách hàng” (ô C3): Từ “ĐạiĐại"), "{said}");
}

#[test]
fn a_print_room_file_never_takes_the_name_of_the_table() {
    let desk = Desk::new();
    desk.write("bang.csv", &csv_of(&sample()[..3], b','));
    let before = desk.tree();
    let run = batch(&desk, "bang.csv", "thu", &["--merge", "bang.csv"]).expect(2);
    assert!(format!("{}{}", run.out, run.err).contains(".pdf"), "{}{}", run.out, run.err);
    assert!(crate::desk::differences(&before, &desk.tree()).is_empty());
}
