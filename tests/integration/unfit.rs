//! Values that cannot be printed: told once for each value, at its line, with the letters concerned.

use crate::desk::{Desk, Finding, Run};
use crate::samples::{ISSUE, slip};

const CODE: &str = "KN-2026-0101";

const TRANSFER: &str = "
giai_quyet:
  - lan: 1
    chuyen_bo_phan:
      - bo_phan: Phòng Kỹ thuật
        ngay: 05/11/2026
        nguoi_ky: do-minh-tuan
        noi_dung_xac_minh:
          - Ai đã ra lệnh thu hồi?
";

/// Line of the first line of `text` that holds `words`.
fn line(text: &str, words: &str) -> u64 {
    1 + text.lines().position(|line| line.contains(words)).unwrap() as u64
}

#[track_caller]
fn only(run: &Run, code: &str) -> Finding {
    let found = run.of_code(code);
    assert_eq!(found.len(), 1, "{}", run.out);
    found[0].clone()
}

#[test]
fn a_letter_no_font_has_is_told_once_for_each_value() {
    let desk = Desk::new();
    // Twice in the name, and the name stands in three letters.
    let text = slip(CODE, 4, ISSUE, TRANSFER).replace("Nguyễn Thị Hường", "Nguyễn 王 王 ⿰");
    desk.save(CODE, &text);
    let run = desk.build().expect(1);
    let found = only(&run, "HS205");
    assert_eq!((found.line, found.file.as_str()), (line(&text, "Nguyễn 王"), "ho-so/KN-2026-0101.yaml"));
    assert_eq!(
        found.message,
        "phiếu tiếp nhận, phiếu chuyển lần 1 (Phòng Kỹ thuật), phiếu kết quả xác minh lần 1 (Phòng Kỹ thuật): Phông chữ không \
         có ký tự “王” (U+738B), “⿰” (U+2FF0) trong “Nguyễn 王 王 ⿰”."
    );
    assert!(desk.numbers().is_empty(), "nothing is issued");
    assert!(desk.names(&format!("ho-so/{CODE}/du-thao")).is_empty(), "and no draft made of it");
    // The same before anything is made.
    assert_eq!(only(&desk.run(&["--json", "check"]).expect(1), "HS205"), found);

    // Two values: two findings, each at its line.
    let both = text.replace("Không ký được tờ khai", "Không ký 王 được tờ khai");
    desk.save(CODE, &both);
    let lines: Vec<u64> = desk.build().expect(1).of_code("HS205").iter().map(|found| found.line).collect();
    assert_eq!(lines, [line(&both, "Nguyễn 王"), line(&both, "Không ký 王")]);

    // Where only some letters print the value the others are made.
    let some = slip(CODE, 4, "", TRANSFER).replace("Ai đã ra lệnh", "Ai 王 đã ra lệnh");
    desk.save(CODE, &some);
    let found = only(&desk.build().expect(1), "HS205");
    assert_eq!(found.line, line(&some, "Ai 王"));
    assert!(!found.message.starts_with("phiếu tiếp nhận"), "{}", found.message);
    assert!(desk.exists(&format!("ho-so/{CODE}/du-thao/phieu-tiep-nhan.du-thao.pdf")));

    desk.save(CODE, &slip(CODE, 4, "", TRANSFER));
    assert!(desk.build().expect(0).of_code("HS205").is_empty());
}

#[test]
fn a_word_that_does_not_fit_is_told_once_at_its_line() {
    let desk = Desk::new();
    // The form begins it with a small letter and puts a full stop behind it.
    let word = "Đạiđiện".repeat(20);
    let text = slip(CODE, 4, "", TRANSFER).replace("Không ký được tờ khai thuế từ ngày 30/10/2026", &word);
    desk.save(CODE, &text);
    let run = desk.build().expect(1);
    let found = only(&run, "HS206");
    assert_eq!(found.line, line(&text, &word));
    assert!(found.message.contains("phiếu tiếp nhận (") && found.message.contains("phiếu chuyển lần 1"), "{}", run.out);
}

#[test]
fn what_the_settings_say_is_told_at_their_line() {
    let desk = Desk::with_settings(|text| text.replace("Phạm Văn Lộc", "Phạm Văn 王"));
    let settings = String::from_utf8(desk.read("hoso.yaml")).unwrap();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    let found = only(&desk.build().expect(1), "HS205");
    assert_eq!((found.file.as_str(), found.line), ("hoso.yaml", line(&settings, "Phạm Văn 王")));
}
