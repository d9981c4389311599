//! What a clerk without a terminal reads and finds in the folder: the note on mistakes, blank files, next steps, editor files.

use crate::desk::{Desk, Run, hoso, scratch};
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0102";

fn note_of(desk: &Desk, name: &str) -> String {
    let text = String::from_utf8(desk.read(name)).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("Notepad's mark");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "line ends of Notepad");
    text.replace("\r\n", "\n")
}

/// Six mistakes people make who do not know YAML.
const SIX: &str = "\
ma_ho_so: KN-2026-0102

nguoi_khieu_nai:
  loai: doanh_nghiep
  ten:Công ty TNHH Minh Phát
  dien_thoi: 0912 345 678
\temail: huong@minhphat.example

tiep_nhan:
  ngay_den: 31/02/2026
  hinh_thuc: email
  tom_tat: Báo lỗi: không tìm thấy chứng thư
  yeu_cau:
    - Làm rõ nguyên nhân
    Khôi phục dịch vụ
";

#[test]
fn the_note_of_a_file_with_six_mistakes() {
    let desk = Desk::new();
    desk.save(CODE, SIX);
    let run = desk.build().expect(1);
    let codes: Vec<(String, u64)> = run.findings().into_iter().map(|finding| (finding.code, finding.line)).collect();
    let expected = [("HS021", 5), ("HS006", 6), ("HS020", 7), ("HS009", 10), ("HS025", 12), ("HS024", 15)];
    assert_eq!(codes, expected.map(|(code, line)| (code.to_owned(), line)));
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("note-six-mistakes", note_of(&desk, "ho-so/KN-2026-0102.loi.txt"));
    });
    // The same in JSON: places, excerpts, what may have been meant.
    let json = run.json();
    let findings = json["cases"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 6);
    assert_eq!(findings[1]["suggestions"][0], "dien_thoai");
    assert_eq!(findings[1]["excerpt"], "  dien_thoi: 0912 345 678");
    assert_eq!(findings[4]["suggestions"][0], "\"Báo lỗi: không tìm thấy chứng thư\"");
    let checked = desk.run(&["--json", "check"]).expect(1).json();
    assert_eq!(checked["errors"], 6);
    assert_eq!(checked["findings"], json["cases"][0]["findings"]);

    // What to do next waits until the file is right.
    let next = note_of(&desk, "ho-so/KN-2026-0102.buoc-tiep.txt");
    assert!(next.contains("sửa 6 lỗi nêu trong tệp KN-2026-0102.loi.txt"), "{next}");

    let right = SIX
        .replace("ten:Công", "ten: Công")
        .replace("dien_thoi", "dien_thoai")
        .replace('\t', "  ")
        .replace("31/02", "28/02")
        .replace("Báo lỗi: không tìm thấy chứng thư", "\"Báo lỗi: không tìm thấy chứng thư\"")
        .replace("    Khôi", "    - Khôi");
    desk.save(CODE, &right);
    let run = desk.build().expect(0);
    assert_eq!(run.findings(), [], "{}", run.out);
    assert!(!desk.exists("ho-so/KN-2026-0102.loi.txt"));
    let next = note_of(&desk, "ho-so/KN-2026-0102.buoc-tiep.txt");
    assert!(next.contains("xem_xet_tiep_nhan:") && !next.contains("loi.txt"), "{next}");
}

#[test]
fn files_of_every_unicode_notepad_work() {
    let text = slip(CODE, 4, ISSUE, "").replace('\n', "\r\n");
    let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(order)).collect()
    };
    for bytes in [
        text.clone().into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        utf16(u16::to_le_bytes, [0xFF, 0xFE]),
        utf16(u16::to_be_bytes, [0xFE, 0xFF]),
    ] {
        let desk = Desk::new();
        desk.write("ho-so/KN-2026-0102.yaml", &bytes);
        let run = desk.build().expect(0);
        assert_eq!(run.findings(), [], "{}", run.out);
        assert_eq!(desk.numbers().len(), 1);
    }
}

#[test]
fn old_code_pages_are_refused_by_name() {
    let head = b"ma_ho_so: KN-2026-0102\r\nnguoi_khieu_nai:\r\n  ten: ".to_vec();
    // "Nguyễn Thị Hường, phố Trần Thái Tông" by `iconv -t TCVN-5712` and `iconv -t CP1258`, and by hand from VNI's table.
    for (name, written) in [
        ("TCVN3 (ABC)", &b"Nguy\xd4n Th\xde H\xad\xeang, ph\xe8 Tr\xc7n Th\xb8i T\xabng\r\n"[..]),
        ("Windows-1258", b"Nguy\xea\xden Thi\xf2 H\xfd\xf5\xccng, ph\xf4\xec Tr\xe2\xccn Th\xe1i T\xf4ng\r\n"),
        ("VNI Windows", b"Nguye\xe3n Th\xf2 H\xf6\xf4\xf8ng, pho\xe1 Tra\xe0n Tha\xf9i To\xe2ng\r\n"),
    ] {
        let desk = Desk::new();
        desk.write("ho-so/KN-2026-0102.yaml", &[head.as_slice(), written].concat());
        let run = desk.build().expect(1);
        let finding = &run.of_code("HS002")[0];
        assert_eq!(finding.line, 3);
        assert!(finding.message.contains(name), "{}", finding.message);
        assert!(finding.message.contains("“ten: Nguyễn Thị Hường, phố Trần Thái Tông”"), "{}", finding.message);
        assert!(finding.hint.contains("Encoding") && finding.hint.contains("UTF-8"), "{}", finding.hint);
        let note = note_of(&desk, "ho-so/KN-2026-0102.loi.txt");
        assert!(note.contains(name) && note.contains("Cách sửa"), "{note}");
        assert!(run.findings().len() == 1, "{}", run.out);
    }
}

#[test]
fn codes_are_explained() {
    let dir = scratch();
    let told = |args: &[&str]| Run::of(hoso(dir.path()).args(args));
    let page = told(&["explain-code", "hs012"]).expect(0);
    for part in ["HS012  Ghi null hoặc ~", "Nghĩa là:", "Sai:\n    tiep_nhan:\n      so_den: null", "Đúng:", "Cần làm:"]
    {
        assert!(page.out.contains(part), "{part}: {}", page.out);
    }
    assert_eq!(told(&["--json", "explain-code", "12"]).expect(0).json()["code"], "HS012");
    let unknown = told(&["explain-code", "HS119"]).expect(1);
    assert!(unknown.err.contains("Không có mã lỗi “HS119”") && unknown.err.contains("HS118"), "{}", unknown.err);
    let all = told(&["explain-code"]).expect(0).out;
    assert!(all.contains("HS001") && all.contains("HS623"), "{all}");
    assert!(told(&["--json", "explain-code"]).expect(0).json().as_array().unwrap().len() > 100);
}

#[test]
fn the_next_blank_file_stands_ready() {
    let desk = Desk::new();
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0001.yaml"]);
    let blank = note_of(&desk, "ho-so/_moi/KN-2026-0001.yaml");
    assert!(blank.starts_with("# yaml-language-server: $schema=.vscode/ho-so.schema.json\n"), "{blank}");
    assert!(blank.contains("\nma_ho_so: KN-2026-0001\n"));
    let again = desk.build().expect(0).json();
    assert_eq!(again["changes"].as_array().unwrap().len(), 0, "{again}");
    assert_eq!(again["cases"].as_array().unwrap().len(), 0, "a blank is no case");
    assert_eq!(desk.run(&["--json", "check"]).expect(0).json()["files"], 0);

    // Moved up, its code is taken and the next one appears.
    let up = |code: &str| {
        std::fs::rename(desk.path(&format!("ho-so/_moi/{code}.yaml")), desk.path(&format!("ho-so/{code}.yaml")))
            .unwrap();
    };
    up("KN-2026-0001");
    let run = desk.build().expect(0);
    assert_eq!(run.findings(), [], "{}", run.out);
    assert_eq!(run.json()["cases"][0]["code"], "KN-2026-0001");
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0002.yaml"]);

    // Copied instead of moved: the blank is replaced all the same.
    std::fs::copy(desk.path("ho-so/_moi/KN-2026-0002.yaml"), desk.path("ho-so/KN-2026-0002.yaml")).unwrap();
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0003.yaml"]);

    // Another year, another count; what nobody wrote into goes.
    Run::of(&mut desk.command_on("2027-01-02", &["build"])).expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2027-0001.yaml"]);
    desk.build().expect(0);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0003.yaml"]);

    // A code taken at the terminal is not offered a second time.
    assert_eq!(desk.run(&["--json", "new"]).expect(0).json()["code"], "KN-2026-0003");
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0004.yaml"]);
}

#[test]
fn a_blank_somebody_wrote_into_is_kept_and_told_of() {
    let desk = Desk::new();
    desk.build().expect(0);
    let mut text = desk.read("ho-so/_moi/KN-2026-0001.yaml");
    text.extend_from_slice("\r\ntiep_nhan_them: có chữ\r\n".as_bytes());
    desk.write("ho-so/_moi/KN-2026-0001.yaml", &text);
    for _ in 0..2 {
        let run = desk.build().expect(0);
        assert_eq!(run.of_code("HS029").len(), 1, "{}", run.out);
        assert_eq!(desk.read("ho-so/_moi/KN-2026-0001.yaml"), text);
        assert_eq!(
            desk.names("ho-so/_moi"),
            ["KN-2026-0001.loi.txt", "KN-2026-0001.yaml", "KN-2026-0002.yaml"],
            "nobody else gets its code"
        );
    }
    let note = note_of(&desk, "ho-so/_moi/KN-2026-0001.loi.txt");
    assert!(note.contains("lên thư mục ho-so"), "{note}");
    // A year later it is still there.
    Run::of(&mut desk.command_on("2027-01-02", &["build"])).expect(0);
    assert_eq!(desk.read("ho-so/_moi/KN-2026-0001.yaml"), text);

    std::fs::rename(desk.path("ho-so/_moi/KN-2026-0001.yaml"), desk.path("ho-so/KN-2026-0001.yaml")).unwrap();
    desk.build().expect(1);
    assert_eq!(desk.names("ho-so/_moi"), ["KN-2026-0002.yaml"], "the note went with it");
    assert!(desk.exists("ho-so/KN-2026-0001.loi.txt"), "now it is a case, with its mistake");
}

/// The blocks of a note on next steps: line (none: the end), whether instead of it, lines to paste.
fn blocks(note: &str) -> Vec<(Option<usize>, bool, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut open: Option<Vec<String>> = None;
    let mut before = String::new();
    for line in note.lines() {
        if line.starts_with("------") {
            match open.take() {
                None => open = Some(Vec::new()),
                Some(lines) => {
                    let (_, place) = before.rsplit_once("Dán vào ").expect("where to paste");
                    let line = if place.starts_with("cuối tệp") {
                        None
                    } else {
                        let (_, number) = place.split_once("dòng ").expect("a line");
                        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
                        Some(digits.parse().unwrap())
                    };
                    blocks.push((line, place.contains("thay cho"), lines));
                    before.clear();
                }
            }
        } else if let Some(lines) = &mut open {
            lines.push(line.to_owned());
        } else {
            before.push(' ');
            before.push_str(line.trim());
        }
    }
    blocks
}

#[test]
fn what_the_notes_say_to_paste_can_be_pasted() {
    let dir = scratch();
    Run::of(hoso(dir.path()).args(["demo", "co-so"])).expect(0);
    let folder = dir.path().join("co-so/ho-so");
    let notes = || -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter_map(|path| {
                let name = path.file_name()?.to_str()?.strip_suffix(".buoc-tiep.txt")?.to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                Some((name, text.trim_start_matches('\u{feff}').replace("\r\n", "\n")))
            })
            .collect();
        notes.sort();
        notes
    };
    let cases = notes();
    let open = std::fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".yaml"));
    assert_eq!(cases.len(), open.count(), "a note beside each open case");
    assert!(cases.len() >= 11);
    // The first block of every case, then the first block of what that leads to, and so on.
    for round in 0..3 {
        let mut pasted = 0;
        for (code, note) in notes() {
            let Some((line, instead, lines)) = blocks(&note).into_iter().next() else { continue };
            let path = folder.join(format!("{code}.yaml"));
            let text = std::fs::read_to_string(&path).unwrap();
            let mut file: Vec<String> = text.lines().map(str::to_owned).collect();
            let line = line.unwrap_or(file.len());
            let from = if instead { line - 1 } else { line };
            file.splice(from..line, lines);
            std::fs::write(&path, file.join("\n") + "\n").unwrap();
            pasted += 1;
        }
        assert!(pasted >= if round == 0 { 8 } else { 1 }, "{pasted} in round {round}");
        let run = Run::of(hoso(dir.path()).args(["-C", "co-so", "--today", "2026-11-20", "--json", "build"]));
        let errors: Vec<_> = run.findings().into_iter().filter(|finding| finding.severity == "error").collect();
        assert_eq!(errors, [], "round {round}");
    }
}

#[test]
fn a_note_on_next_steps_goes_with_its_case_and_never_over_anothers_file() {
    let desk = Desk::new();
    desk.write("ho-so/KN-2026-0103.buoc-tiep.txt", b"cua toi");
    desk.save("KN-2026-0103", &slip("KN-2026-0103", 4, "", ""));
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    assert_eq!(desk.read("ho-so/KN-2026-0103.buoc-tiep.txt"), b"cua toi");
    let note = note_of(&desk, "ho-so/KN-2026-0102.buoc-tiep.txt");
    assert!(note.contains("ban_hanh: co"), "{note}");
    desk.remove("ho-so/KN-2026-0102.yaml");
    desk.remove("ho-so/KN-2026-0103.yaml");
    desk.build().expect(0);
    assert!(!desk.exists("ho-so/KN-2026-0102.buoc-tiep.txt"));
    assert_eq!(desk.read("ho-so/KN-2026-0103.buoc-tiep.txt"), b"cua toi");
}

#[test]
fn a_new_workspace_has_what_an_editor_needs() {
    let dir = scratch();
    Run::of(hoso(dir.path()).args(["--today", "2026-11-20", "init", "co-so"])).expect(0);
    let cases = dir.path().join("co-so/ho-so");
    let schema = std::fs::read_to_string(cases.join(".vscode/ho-so.schema.json")).unwrap();
    let printed = Run::of(hoso(dir.path()).arg("schema")).expect(0);
    assert_eq!(printed.out.trim(), schema.trim());
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["properties"]["tiep_nhan"]["properties"]["hinh_thuc"]["enum"][0], "van_ban");
    let settings = std::fs::read_to_string(cases.join(".vscode/settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    assert_eq!(settings["[yaml]"]["editor.tabSize"], 2);
    assert!(cases.join("_moi/KN-2026-0001.yaml").exists(), "the first blank");
    assert!(cases.join("_moi/.vscode/ho-so.schema.json").exists());

    // A schema of another version is brought up to date, one that is not ours stays.
    let old = printed.out.replacen("khi là cá nhân", "phiên bản cũ", 1);
    std::fs::write(cases.join(".vscode/ho-so.schema.json"), &old).unwrap();
    std::fs::write(cases.join("_moi/.vscode/ho-so.schema.json"), "{}").unwrap();
    Run::of(hoso(dir.path()).args(["-C", "co-so", "--today", "2026-11-20", "build"])).expect(0);
    assert_eq!(std::fs::read_to_string(cases.join(".vscode/ho-so.schema.json")).unwrap().trim(), printed.out.trim());
    assert_eq!(std::fs::read_to_string(cases.join("_moi/.vscode/ho-so.schema.json")).unwrap(), "{}");
}
