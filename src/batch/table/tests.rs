use super::*;

fn delimited(text: &str) -> Table {
    parse(text.into(), "csv").unwrap()
}

fn rows(table: &Table) -> Vec<(u32, Vec<&str>)> {
    let cells = |row: &'_ Row| 0..table.columns.len().max(row.len());
    table.rows.iter().map(|row| (row.number, cells(row).map(|place| row.cell(place)).collect())).collect()
}

#[test]
fn rows_are_numbered_as_in_the_sheet() {
    for end in ["\n", "\r\n"] {
        // A blank line is a row of the sheet; a cell of two lines is not.
        let text = ["a,b", "1,\"x", "y\"", "", "", "2,z", ",", "3,"].join(end);
        let table = delimited(&text);
        let cell = format!("x{end}y");
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!(rows(&table), [(2, vec!["1", cell.as_str()]), (5, vec!["2", "z"]), (7, vec!["3", ""])], "{end:?}");
    }
}

#[test]
fn the_header_tells_commas_from_semicolons() {
    assert_eq!(delimited("a;b,c;d\n1;2,5;3").columns, ["a", "b,c", "d"]);
    assert_eq!(delimited("\"a;b;c\",d\n1,2").columns, ["a;b;c", "d"]);
    assert_eq!(delimited("\n\n a , b ,,\n1,2").header, 3);
}

#[test]
fn tabs_are_told_not_guessed() {
    let problem = delimited::read("a\tb\tc\n1\t2\t3\n").unwrap_err();
    assert!(problem.message.contains("dấu Tab"), "{}", problem.message);
    assert_eq!(delimited("a\tb,c\n1,2\n").columns, ["a b", "c"]);
}

#[test]
fn open_quotes_are_found_where_they_open() {
    for (text, row) in [("a,b\n1,\"x\n2,y\n", 2), ("a\n1\n\"x\"y\n", 3), ("a,b\n\"1,2\n3,\"4\"\n", 2)] {
        assert_eq!(delimited::read(text).unwrap_err().row, row, "{text:?}");
    }
    assert_eq!(rows(&delimited("a,b\n\"x \"\"y\"\"\",5\" thép\n")), [(2, vec!["x \"y\"", "5\" thép"])]);
}

#[test]
fn lists_keep_text_as_written() {
    let yaml = parse("- ma: 0012\n  ngay: 05/11/2026\n- ngay: 1.0\n  khac: \"a: b\"\n".into(), "yaml").unwrap();
    assert_eq!(yaml.columns, ["ma", "ngay", "khac"]);
    assert_eq!(rows(&yaml), [(1, vec!["0012", "05/11/2026", ""]), (2, vec!["", "1.0", "a: b"])]);
    let json = parse("\n{\"ma\": \"0012\", \"so\": 12.5}\n{\"so\": [1]}\n{\"x\"\n".into(), "jsonl").unwrap();
    assert_eq!(rows(&json)[0], (2, vec!["0012", "12,5"]));
    let found: Vec<(u32, &str)> = json.problems.iter().map(|problem| (problem.row, problem.code.0)).collect();
    assert_eq!(found, [(3, "HS606"), (4, "HS601")]);
}
