//! Forms as somebody changes them: checked, shown, shown again while they are edited.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::samples::slip;

const CODE: &str = "KN-2026-0101";
const LONGEST: Duration = Duration::from_secs(30);

/// A built-in form.
fn form(name: &str) -> String {
    std::fs::read_to_string(format!("{}/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A workspace with one changed form.
fn changed(name: &str, from: &str, to: &str) -> Desk {
    let desk = Desk::new();
    let text = form(name);
    assert!(text.contains(from));
    desk.write(&format!("forms/{name}"), text.replacen(from, to, 1).as_bytes());
    desk
}

#[test]
fn the_built_in_forms_are_right() {
    let desk = Desk::new();
    let run = desk.run(&["--json", "form", "check"]).expect(0);
    assert_eq!(run.json()["forms"].as_array().map(Vec::len), Some(21));
    assert_eq!(run.findings(), []);
    assert_eq!(desk.run(&["form", "check"]).expect(0).out, "21 biểu mẫu, không có lỗi.\n");
}

#[test]
fn an_unknown_variable_an_unclosed_tag_a_missing_include() {
    for (from, to, code, said) in [
        ("{{ ngay_hen }}", "{{ ngay_hn }}", "HS222", "Không có tên “ngay_hn” trong văn bản này."),
        ("{{ ngay_hen }}", "{{ ngay_hen }", "HS221", "Dấu {{ mở ở đây mà không có dấu }} đóng lại."),
        ("{{ ngay_hen }}", "{% include \"hen.xml\" %}", "HS224", "Mẫu này gọi mẫu “hen.xml” không có."),
    ] {
        let desk = changed("phieu-tiep-nhan.xml", from, to);
        let text = form("phieu-tiep-nhan.xml");
        let line = text.lines().position(|line| line.contains(from)).unwrap() + 1;
        let run = desk.run(&["--json", "form", "check"]).expect(1);
        let found = run.findings();
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].code.as_str(), found[0].message.as_str()), (code, said));
        assert_eq!((found[0].file.as_str(), found[0].line), ("forms/phieu-tiep-nhan.xml", line as u64));
        let shown = desk.run(&["form", "check"]).expect(1).out;
        assert!(shown.contains(&format!("forms/phieu-tiep-nhan.xml:{line}:")), "{shown}");
        // No letter is made with such a form.
        desk.save(CODE, &slip(CODE, 4, "", ""));
        desk.run(&["build"]).expect(1);
    }
}

#[test]
fn a_style_outside_the_decree_is_a_warning() {
    let desk = Desk::new();
    desk.write("forms/kieu.yaml", form("kieu.yaml").replacen("trai: 30,", "trai: 25,", 1).as_bytes());
    let run = desk.run(&["--json", "form", "check"]).expect(0);
    let found = run.findings();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].code.as_str(), found[0].severity.as_str()), ("HS209", "warning"));
    assert!(found[0].message.contains("từ 30 đến 35 mm"), "{found:#?}");
    let run = desk.run(&["check"]).expect(0);
    assert!(run.err.contains("HS209"), "{}", run.err);
}

#[test]
fn a_form_is_shown_with_examples_or_with_a_case() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    let before = desk.tree();
    desk.run(&["form", "preview", "phieu-tiep-nhan.xml", "--out", "a.pdf"]).expect(0);
    let run = desk.run(&["--json", "form", "preview", "phieu-tiep-nhan", "--case", CODE, "--out", "b.pdf"]).expect(0);
    assert_eq!(run.json()["pages"], 1);
    assert!(desk.read("a.pdf").starts_with(b"%PDF-") && desk.read("b.pdf").starts_with(b"%PDF-"));
    assert_ne!(desk.read("a.pdf"), desk.read("b.pdf"));
    desk.remove("a.pdf");
    desk.remove("b.pdf");
    let after = desk.tree();
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(new.iter().all(|name| name.starts_with(".hoso/")), "{new:?}");

    let run = desk.run(&["--json", "form", "preview", "thong-bao-su-co", "--out", "a.pdf"]).expect(0);
    assert!(run.json()["pages"] == 1 && desk.read("a.pdf").starts_with(b"%PDF-"), "{}", run.out);
    let run = desk.run(&["form", "preview", "thong-bao-su-co", "--case", CODE]).expect(1);
    assert!(run.err.contains("mẫu hàng loạt"), "{}", run.err);
    let run = desk.run(&["form", "preview", "phieu"]).expect(1);
    assert!(run.err.contains("phieu-tiep-nhan, "), "{}", run.err);
    let run = desk.run(&["form", "preview", "van-ban-tra-loi", "--case", CODE]).expect(1);
    assert!(run.err.contains("văn bản trả lời"), "{}", run.err);
}

#[test]
fn a_batch_form_is_tried_to_its_pages() {
    let desk = Desk::new();
    let text = form("thong-bao-su-co.xml");
    desk.write("forms/thong-bao-su-co.xml", text.replacen("<p>", "<p>漢 ", 1).as_bytes());
    for args in [&["--json", "form", "check"][..], &["--json", "form", "preview", "thong-bao-su-co", "--out", "a.pdf"]]
    {
        let run = desk.run(args).expect(1);
        let found = run.findings();
        assert!(found.iter().any(|f| f.file == "forms/thong-bao-su-co.xml" && f.message.contains('漢')), "{}", run.out);
    }
    assert!(!desk.exists("a.pdf"));
}

#[test]
#[cfg(unix)]
fn a_watched_form_is_shown_again_after_errors_too() {
    let desk = Desk::new();
    desk.write("forms/phieu-chuyen.xml", form("phieu-chuyen.xml").as_bytes());
    let log = std::fs::File::create(desk.path("log")).unwrap();
    let mut child = desk
        .command(&["--json", "form", "preview", "phieu-chuyen", "--out", "a.pdf", "--watch"])
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = |count: usize| {
        let start = Instant::now();
        loop {
            let lines: Vec<String> = String::from_utf8(desk.read("log")).unwrap().lines().map(str::to_owned).collect();
            if lines.len() >= count {
                return lines[count - 1].clone();
            }
            assert!(start.elapsed() < LONGEST, "waited in vain for line {count}: {lines:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    assert!(said(1).contains("\"findings\":[]"));
    let first = desk.read("a.pdf");
    desk.write(
        "forms/phieu-chuyen.xml",
        form("phieu-chuyen.xml").replacen("{{ quy_phong }}", "{{ quy_phog }}", 1).as_bytes(),
    );
    let broken = said(2);
    desk.write(
        "forms/phieu-chuyen.xml",
        form("phieu-chuyen.xml").replacen("<kind>PHIẾU CHUYỂN", "<kind>PHIẾU GỬI", 1).as_bytes(),
    );
    let mended = said(3);
    let ended = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(ended.success() && child.wait().unwrap().success());
    assert!(broken.contains("“quy_phog”") && broken.contains("HS222"), "{broken}");
    assert!(mended.contains("\"findings\":[]"), "{mended}");
    assert_ne!(desk.read("a.pdf"), first);
}
