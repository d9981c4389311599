//! `letter verify`: what any PDF is, by the register, by a dossier alone, and after what people do to files.

use serde_json::Value;

use crate::desk::{Desk, Run, hoso};
use crate::samples::{ISSUE, REJECTED, lay_evidence, sample, slip};
use crate::signing::{Parts, Update, find};

const CODE: &str = "KN-2026-0101";
const SLIP: &str = "ho-so/KN-2026-0101/van-ban/2026-11-04_01-PTN-ECA_phieu-tiep-nhan.pdf";
const SMALL: &str = "300 100 500 160";

fn issued() -> (Desk, Vec<u8>) {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, ISSUE, ""));
    desk.save("KN-2026-0102", &slip("KN-2026-0102", 5, ISSUE, ""));
    desk.build().expect(0);
    let letter = desk.read(SLIP);
    (desk, letter)
}

fn judge(desk: &Desk, bytes: &[u8], code: i32) -> Value {
    desk.write("xem.pdf", bytes);
    desk.run(&["--json", "letter", "verify", "xem.pdf"]).expect(code).json()
}

fn differences(told: &Value) -> String {
    told["differences"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_issued_letter() {
    let (desk, letter) = issued();
    let told = judge(&desk, &letter, 0);
    assert_eq!(told["verdict"], "original");
    assert_eq!(told["letter"]["number"], "01/PTN-ECA");
    assert_eq!(told["letter"]["case"], CODE);
    assert_eq!(told["letter"]["date"], "2026-11-04");
    assert_eq!(told["letter"]["in_force"], true);
    let said = desk.run(&["letter", "verify", "xem.pdf"]).expect(0).out;
    assert!(said.contains("Đúng bản đã ban hành, số 01/PTN-ECA năm 2026.") && said.contains("Còn hiệu lực"), "{said}");

    desk.run(&["register", "void", "01/PTN-ECA", "--year", "2026", "--reason", "ghi sai tên", "--by", "Đỗ Minh Tuấn"])
        .expect(0);
    let told = judge(&desk, &letter, 0);
    assert_eq!(told["verdict"], "original");
    assert_eq!(told["letter"]["in_force"], false);
    assert_eq!(told["letter"]["withdrawn"], "hủy số ngày 20/11/2026: ghi sai tên");
}

#[test]
fn signed_copies() {
    let (desk, letter) = issued();
    let once = Update::signature(&letter, "ChuKy1", SMALL, "").append(&letter);
    let told = judge(&desk, &once, 0);
    assert_eq!((&told["verdict"], told["signatures"].as_array().unwrap().len()), (&Value::from("signed"), 1));
    let field = Parts::of(&letter).free;
    let twice = Update::signature(&once, "ChuKy2", "50 100 200 160", &format!("{field} 0 R")).append(&once);
    let told = judge(&desk, &twice, 0);
    assert_eq!((&told["verdict"], told["signatures"].as_array().unwrap().len()), (&Value::from("signed"), 2));
    let said = desk.run(&["letter", "verify", "xem.pdf"]).expect(0).out;
    assert!(
        said.contains("có thêm chữ ký số") && said.contains("ChuKy2") && said.contains("08:00 ngày 20/11/2026"),
        "{said}"
    );

    // In place of the copy: accepted by the register, left alone by a pass.
    desk.write(SLIP, &once);
    desk.run(&["register", "verify"]).expect(0);
    desk.build().expect(0);
    assert_eq!(desk.read(SLIP), once);
    // Signed and changed: told, and still not overwritten.
    let mut evil = Update::signature(&letter, "ChuKy1", SMALL, "");
    evil.objects.push((Parts::of(&letter).content, "<</Length 5>>\nstream\nq 1 Q\nendstream".to_owned()));
    let evil = evil.append(&letter);
    desk.write(SLIP, &evil);
    let run = desk.run(&["--json", "register", "verify"]).expect(1);
    assert_eq!(run.of_code("HS322").len(), 1, "{}", run.out);
    desk.build().expect(0);
    assert_eq!(desk.read(SLIP), evil);
    let told = judge(&desk, &evil, 1);
    assert_eq!(told["verdict"], "altered");
    assert!(differences(&told).contains("thay nội dung trang 1"), "{told}");
}

#[test]
fn altered_letters() {
    let (desk, letter) = issued();
    let other = desk.read("ho-so/KN-2026-0102/van-ban/2026-11-05_02-PTN-ECA_phieu-tiep-nhan.pdf");
    assert_ne!(letter, other);
    let mut flipped = letter.clone();
    flipped[5000] ^= 1;
    let mut producer = letter.clone();
    let at = find(&producer, b"<pdf:Producer>hoso");
    producer[at + 14] = b'H';
    let behind = [&letter[..], b"\n%%%"].concat();
    for (bytes, says) in [
        (&flipped[..], "1 byte khác bản gốc, chỗ đầu tiên là byte thứ 5001"),
        (&producer, "1 byte khác"),
        (&letter[..letter.len() - 1], "bị cắt ngắn"),
        (&letter[..letter.len() / 2], "bị cắt ngắn"),
        (&behind, "có 4 byte thêm vào cuối tệp"),
    ] {
        let told = judge(&desk, bytes, 1);
        assert_eq!(told["verdict"], "altered", "{says}: {told}");
        assert_eq!(told["letter"]["number"], "01/PTN-ECA", "{says}");
        assert!(differences(&told).contains(says), "{says}: {told}");
    }
    let said = desk.run(&["letter", "verify", "xem.pdf"]).expect(1).out;
    assert!(said.contains("Đã bị sửa"), "{said}");
}

#[test]
fn files_nobody_knows() {
    let (desk, _) = issued();
    for (bytes, says) in
        [(&b""[..], "rỗng"), (b"xin chao", "không phải PDF"), (b"%PDF-1.7\n%%EOF\n", "không có văn bản")]
    {
        let told = judge(&desk, bytes, 2);
        assert_eq!((&told["verdict"], &told["letter"]), (&Value::from("unknown"), &Value::Null), "{told}");
        assert!(differences(&told).contains(says), "{told}");
    }
    desk.run(&["letter", "verify", "khong-co.pdf"]).expect(2);
    desk.run(&["letter", "verify", "xem.pdf", "--dossier", "khong-co.zip"]).expect(2);
    // A draft is no issued letter, though it tells of the same case.
    desk.save("KN-2026-0103", &slip("KN-2026-0103", 6, "", ""));
    desk.build().expect(0);
    let draft = desk.read("ho-so/KN-2026-0103/du-thao/phieu-tiep-nhan.du-thao.pdf");
    assert_ne!(judge(&desk, &draft, 2)["verdict"], "original");
}

fn closed() -> (Desk, Vec<u8>) {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    let stored: Vec<String> = desk.names(".hoso/goc");
    assert!(desk.exists(&format!("archive/2026/{REJECTED}.zip")));
    let letter = desk.read(&format!(".hoso/goc/{}", stored[0]));
    (desk, letter)
}

#[test]
fn a_case_closed_years_ago() {
    let (desk, letter) = closed();
    for name in desk.names(".hoso/goc") {
        desk.remove(&format!(".hoso/goc/{name}"));
    }
    assert_eq!(judge(&desk, &letter, 0)["verdict"], "original");
    // The original now comes from the dossier.
    let mut flipped = letter.clone();
    flipped[5000] ^= 1;
    assert_eq!(judge(&desk, &flipped, 1)["verdict"], "altered");
    let told = desk.run(&["--json", "letter", "verify", "xem.pdf", "--rerender"]).expect(1).json();
    assert_eq!(told["rerender"]["result"], "same", "{told}");

    // The dossier alone, with no workspace.
    let alone = crate::desk::scratch();
    let zip = alone.path().join("ho-so.zip");
    std::fs::copy(desk.path(&format!("archive/2026/{REJECTED}.zip")), &zip).unwrap();
    let verify = |bytes: &[u8], code: i32| {
        std::fs::write(alone.path().join("xem.pdf"), bytes).unwrap();
        let run = Run::of(hoso(alone.path()).args([
            "--json",
            "letter",
            "verify",
            "xem.pdf",
            "--rerender",
            "--dossier",
            "ho-so.zip",
        ]));
        run.expect(code).json()
    };
    let told = verify(&letter, 0);
    assert_eq!(
        (&told["verdict"], &told["letter"]["case"]),
        (&Value::from("original"), &Value::from(REJECTED)),
        "{told}"
    );
    assert_eq!(told["letter"]["number"], judge(&desk, &letter, 0)["letter"]["number"]);
    assert_eq!(told["rerender"]["result"], "same", "{told}");
    let signed = Update::signature(&letter, "ChuKy1", SMALL, "").append(&letter);
    assert_eq!(verify(&signed, 0)["verdict"], "signed");
    assert_eq!(verify(&flipped, 1)["verdict"], "altered");
    assert_eq!(verify(b"%PDF-1.7", 2)["verdict"], "unknown");
    // A damaged dossier proves nothing.
    let mut bytes = std::fs::read(&zip).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&zip, bytes).unwrap();
    Run::of(hoso(alone.path()).args(["letter", "verify", "xem.pdf", "--dossier", "ho-so.zip"])).expect(2);
}

#[test]
fn a_letter_of_another_program_version() {
    let (desk, letter) = issued();
    let before = desk.run(&["--json", "letter", "verify", SLIP, "--rerender"]).expect(0).json();
    assert_eq!(before["rerender"]["result"], "same");
    // As if an earlier version had issued it: snapshot and register say so.
    let journal = String::from_utf8(desk.read(".hoso/so-dang-ky.jsonl")).unwrap();
    let first = journal.lines().next().unwrap();
    let entry: Value = serde_json::from_str(first).unwrap();
    let old = entry["muc"]["bam_can_cu"].as_str().unwrap();
    let snapshot = String::from_utf8(desk.read(&format!(".hoso/ban-chup/{old}.json"))).unwrap();
    let this = format!("\"program\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let mut earlier: Value = serde_json::from_str(&snapshot.replace(&this, "\"program\": \"0.0.9\"")).unwrap();
    // The earliest snapshots did not have these.
    earlier.as_object_mut().unwrap().remove("form");
    earlier.as_object_mut().unwrap().remove("date");
    let bytes = serde_json::to_vec_pretty(&earlier).unwrap();
    let digest = {
        use sha2::{Digest, Sha256};
        Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    desk.write(&format!(".hoso/ban-chup/{digest}.json"), &bytes);
    desk.write(".hoso/so-dang-ky.jsonl", format!("{}\n", first.replace(old, &digest)).as_bytes());
    for name in
        [".hoso/so-dang-ky.jsonl.dau", "archive/nhat-ky/so-dang-ky.jsonl", "archive/nhat-ky/so-dang-ky.jsonl.dau"]
    {
        desk.remove(name);
    }
    let told = desk.run(&["--json", "letter", "verify", SLIP, "--rerender"]).expect(0).json();
    assert_eq!(
        (&told["rerender"]["result"], &told["rerender"]["made_by"]),
        (&Value::from("other_program"), &Value::from("0.0.9")),
        "{told}"
    );
    let said = desk.run(&["letter", "verify", SLIP, "--rerender"]).expect(0).out;
    assert!(said.contains("Không lập lại để so") && said.contains("0.0.9"), "{said}");
    assert!(!letter.is_empty());
}

/// What the codes of a font stand for, by its map to Unicode (ISO 32000-1, 9.10.3).
fn letters_of(map: &str) -> std::collections::BTreeMap<u16, String> {
    let mut letters = std::collections::BTreeMap::new();
    let (mut ranges, mut within) = (false, false);
    for line in map.lines() {
        (ranges, within) = match line {
            _ if line.ends_with("beginbfchar") => (false, true),
            _ if line.ends_with("beginbfrange") => (true, true),
            _ if line.starts_with("end") => (ranges, false),
            _ => (ranges, within),
        };
        let parts: Vec<&str> = line.split(['<', '>']).filter(|part| !part.trim().is_empty()).collect();
        let number = |text: &str| u16::from_str_radix(text, 16);
        match (within, ranges, &parts[..]) {
            (true, false, [code, letter]) => {
                if let (Ok(code), Ok(letter)) = (number(code), number(letter)) {
                    letters.insert(code, String::from_utf16_lossy(&[letter]));
                }
            }
            (true, true, [first, last, letter]) => {
                if let (Ok(first), Ok(last), Ok(letter)) = (number(first), number(last), number(letter)) {
                    letters
                        .extend((first..=last).map(|code| (code, String::from_utf16_lossy(&[letter + code - first]))));
                }
            }
            _ => {}
        }
    }
    letters
}

/// The words of a PDF in the order they are drawn, a space between pieces that stand apart.
pub(crate) fn words_of(bytes: &[u8]) -> String {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let mut words = String::new();
    for page in file.get_pages().into_values() {
        let fonts = file.get_page_fonts(page).unwrap();
        let mut letters = std::collections::BTreeMap::new();
        for operation in file.get_and_decode_page_content(page).unwrap().operations {
            let mut show = |object: &lopdf::Object| {
                if let lopdf::Object::String(codes, _) = object {
                    let codes = codes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                    words.extend(codes.map(|code| letters.get(&code).cloned().unwrap_or_else(|| "?".to_owned())));
                }
            };
            match operation.operator.as_str() {
                "Tf" => {
                    let font = fonts[operation.operands[0].as_name().unwrap()];
                    let map = file.get_object(font.get(b"ToUnicode").unwrap().as_reference().unwrap()).unwrap();
                    let map = map.as_stream().unwrap().decompressed_content().unwrap();
                    letters = letters_of(&String::from_utf8_lossy(&map));
                }
                "Tj" => operation.operands.iter().for_each(&mut show),
                "TJ" => operation.operands[0].as_array().unwrap().iter().for_each(&mut show),
                "ET" => words.push(' '),
                _ => {}
            }
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sample of the tests is made up: name, id, address and phone below are those of its file.
#[test]
fn a_copy_for_third_parties_holds_no_personal_value() {
    let desk = crate::desk::Desk::new();
    let code = "KN-2026-0101";
    let text = crate::samples::slip(code, 4, crate::samples::ISSUE, "");
    // In free text as well, in other words and spaces than in its own place.
    let line = text.lines().find(|line| line.trim_start().starts_with("tom_tat:")).unwrap();
    let told = format!("{line}; bà Hường (0916.000.327, huong@an.example, căn cước 001178000327) đề nghị gọi lại");
    desk.save(code, &text.replacen(line, &told, 1));
    desk.build().expect(0);
    let issued = words_of(&desk.read("ho-so/KN-2026-0101/van-ban/2026-11-04_01-PTN-ECA_phieu-tiep-nhan.pdf"));
    let secrets = ["Nguyễn Thị Hường", "Hường", "001178000327", "0916", "Trần Thái Tông", "huong@an.example"];
    for secret in secrets {
        assert!(issued.contains(secret), "{secret} is in the letter itself: {issued}");
    }
    let redact = ["letter", "redact", "01/PTN-ECA", "--year", "2026", "--out", "che.pdf", "--by", "Vũ Thị Mai"];
    desk.run(&redact).expect(0);
    let bytes = desk.read("che.pdf");
    let copy = words_of(&bytes);
    assert!(copy.contains("BẢN ĐÃ CHE THÔNG TIN CÁ NHÂN, không có giá trị thay bản gốc"), "{copy}");
    assert!(copy.contains("█████") && copy.contains("01/PTN-ECA"), "{copy}");
    let raw = String::from_utf8_lossy(&bytes).into_owned();
    for secret in secrets {
        let upper = secret.to_uppercase();
        assert!(!copy.contains(secret) && !copy.contains(&upper) && !raw.contains(secret), "{secret}: {copy}");
    }
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    let noted = log.lines().filter(|line| line.contains("khai_thac\tKN-2026-0101\tbản che của văn bản 01/PTN-ECA"));
    assert_eq!(noted.filter(|line| line.ends_with("Vũ Thị Mai")).count(), 1, "{log}");
    // Not registered, not taken for the letter, not written over, the same bytes again.
    assert_eq!(desk.run(&["--json", "register", "list"]).expect(0).json().as_array().map(Vec::len), Some(1));
    desk.run(&["letter", "verify", "che.pdf"]).expect(2);
    desk.run(&redact).expect(1);
    desk.remove("che.pdf");
    desk.run(&redact).expect(0);
    assert!(desk.read("che.pdf") == bytes);
    desk.run(&["letter", "redact", "09/PTN-ECA", "--year", "2026", "--out", "khac.pdf"]).expect(1);
    desk.run(&["letter", "redact", "01/PTN-ECA", "--year", "2026", "--out", "khac.txt"]).expect(2);
    // Without the case file nobody knows what is personal.
    desk.save(code, "ma_ho_so: KN-2026-0101\nla: [");
    desk.run(&["letter", "redact", "01/PTN-ECA", "--year", "2026", "--out", "khac.pdf"]).expect(1);
    assert!(!desk.exists("khac.pdf"));
}

/// What the complaint's text says of her in other spellings than its own places do.
#[test]
fn a_copy_for_third_parties_holds_no_other_spelling_either() {
    let desk = crate::desk::Desk::new();
    let code = "KN-2026-0101";
    let text = crate::samples::slip(code, 4, crate::samples::ISSUE, "")
        .replace("Nguyễn Thị Hường", "Hoàng Thị Mộng Thường")
        .replace(
            "Số 12 ngõ 45 phố Trần Thái Tông, phường Cầu Giấy, thành phố Hà Nội",
            "Kiệt 28 đường Điện Biên Phủ, phường Vĩnh Ninh, thành phố Huế",
        )
        .replace("0916 000 327", "0234 3822 999");
    let line = text.lines().find(|line| line.trim_start().starts_with("tom_tat:")).unwrap();
    let told = format!(
        "{line}; Kiệt 28 đường Điện Biên Phủ, Huế; gọi 0234/3822999 và 3822 999; bà Mộng-Thường, chị Hoàng Thường; con gái 0905/111222; tổng đài 024 3754 5222"
    );
    desk.save(code, &text.replacen(line, &told, 1));
    desk.build().expect(0);
    let issued = words_of(&desk.read("ho-so/KN-2026-0101/van-ban/2026-11-04_01-PTN-ECA_phieu-tiep-nhan.pdf"));
    let secrets = ["Điện Biên Phủ", "3822999", "3822 999", "Mộng", "Thường", "Hoàng", "0905"];
    for secret in secrets {
        assert!(issued.contains(secret), "{secret} is in the letter itself: {issued}");
    }
    desk.run(&["letter", "redact", "01/PTN-ECA", "--year", "2026", "--out", "che.pdf", "--by", "Vũ Thị Mai"]).expect(0);
    let copy = words_of(&desk.read("che.pdf"));
    for secret in secrets {
        // The receiving officer of the sample is called Hoàng as well.
        assert!(!copy.replace("Hoàng Thu Trang", "").contains(secret), "{secret}: {copy}");
    }
    assert!(copy.contains("tổng đài 024 3754 5222"), "{copy}");
}
