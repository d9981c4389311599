//! Proving dossiers, restoring them, looking into them.

use std::io::Write as _;

use hoso::dossier::Dossier;

use crate::desk::{Desk, Run};
use crate::samples::{REJECTED, REJECTED_ZIP as ZIP, closed, lay_evidence, rejected_open, sample};

const LETTER: &str = "van-ban/2026-09-10_01-TB-ECA_thong-bao-tu-choi.pdf";

/// Names and bytes, in the order of the zip.
type Entries = Vec<(String, Vec<u8>)>;

fn verify(desk: &Desk, args: &[&str]) -> Run {
    desk.run(&[&["--json", "archive", "verify"], args].concat())
}

/// Entries of the dossier in the archive, in their order.
fn entries(desk: &Desk) -> Entries {
    let mut dossier = Dossier::open(&desk.path(ZIP)).unwrap();
    let names: Vec<String> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    names.into_iter().map(|name| (name.clone(), dossier.read(&name, 1 << 24).unwrap())).collect()
}

/// Another zip of these entries, as a zip tool would write it.
fn zipped(desk: &Desk, entries: &[(String, Vec<u8>)], options: zip::write::SimpleFileOptions) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(desk.path(ZIP)).unwrap());
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn plain() -> zip::write::SimpleFileOptions {
    zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
}

/// What is told of the dossier, each finding's code and message.
fn told(desk: &Desk, args: &[&str]) -> Vec<(String, String)> {
    verify(desk, args).expect(1).findings().into_iter().map(|finding| (finding.code, finding.message)).collect()
}

fn names(told: &[(String, String)], code: &str, part: &str) -> bool {
    told.iter().any(|(own, message)| own == code && message.contains(part))
}

fn says(told: &[(String, String)], part: &str) -> bool {
    told.iter().any(|(_, message)| message.contains(part))
}

#[test]
fn a_report_says_what_was_checked_and_the_log_who_checked() {
    let desk = closed();
    let run = verify(&desk, &["--by", "Lê Thị Thu"]).expect(0).json();
    assert_eq!((&run["intact"], &run["checked"], &run["known"]), (&true.into(), &1.into(), &1.into()));
    assert_eq!(run["dossiers"][0]["file"], ZIP);
    assert_eq!(run["bytes"].as_u64(), Some(desk.read(ZIP).len() as u64));
    let shown = desk.run(&["--json", "archive", "show", REJECTED]).expect(0).json();
    assert_eq!((&shown["last_verified"]["by"], &shown["last_verified"]["sound"]), (&"Lê Thị Thu".into(), &true.into()));
    let mut bytes = desk.read(ZIP);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    desk.write(ZIP, &bytes);
    verify(&desk, &[REJECTED, "--by", "An"]).expect(1);
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    let lines: Vec<Vec<&str>> = log.lines().map(|line| line.split('\t').skip(1).collect()).collect();
    assert_eq!(lines[0], ["kiem_tra", "*", "nguyên vẹn", "Lê Thị Thu"]);
    assert_eq!(lines[2], ["kiem_tra", REJECTED, "không khớp", "An"]);
    let listed = desk.run(&["archive", "list"]).expect(0).out;
    assert!(listed.contains("(An): KHÔNG KHỚP"), "{listed}");
    for wrong in [&["--sample", "0"][..], &["--sample", "101%"], &["--sample", "x"], &["--sample", "5", REJECTED]] {
        desk.run(&[&["archive", "verify"], wrong].concat()).expect(2);
    }
    let run = verify(&desk, &["--sample", "50%"]).expect(1).json();
    assert_eq!((&run["checked"], &run["sample"]), (&1.into(), &50.0.into()));
}

/// Everything the zip's own checksums do not tell: each is found, and the entry named.
#[test]
fn dossiers_damaged_by_people_and_tools_are_named() {
    let desk = closed();
    let good = entries(&desk);
    let sound = desk.read(ZIP);
    let letter = format!("data/{LETTER}");
    let change = |work: &dyn Fn(&mut Entries)| {
        let mut entries = good.clone();
        work(&mut entries);
        zipped(&desk, &entries, plain());
        told(&desk, &[])
    };
    let place = |entries: &[(String, Vec<u8>)], name: &str| entries.iter().position(|(own, _)| own == name).unwrap();

    let found = change(&|entries| drop(entries.remove(place(entries, &letter))));
    assert!(says(&found, &letter), "missing: {found:#?}");
    let found = change(&|entries| entries.insert(place(entries, &letter), ("data/thêm vào.txt".into(), b"x".to_vec())));
    assert!(says(&found, "data/thêm vào.txt"), "added: {found:#?}");
    let found = change(&|entries| {
        let at = place(entries, &letter);
        entries[at].0 = letter.replace("tu-choi", "chap-nhan");
    });
    assert!(says(&found, "chap-nhan.pdf"), "renamed: {found:#?}");
    assert!(says(&found, "tu-choi.pdf"), "renamed: {found:#?}");
    let found = change(&|entries| {
        let at = place(entries, &letter);
        entries[at].1[100] ^= 1;
    });
    assert!(says(&found, &format!("\"{letter}\" bị hỏng")), "altered: {found:#?}");
    let names_bad = ["../ngoai.txt", "/etc/passwd", "data/../../x", "C:/x", "data/a\\b"];
    for bad in names_bad {
        let found = change(&|entries| entries.push((bad.into(), b"x".to_vec())));
        let shown = bad.escape_debug().to_string();
        assert!(says(&found, &shown), "{bad}: {found:#?}");
        let run = desk.run(&["archive", "extract", REJECTED, "--to", "ra"]).expect(1);
        assert!(!desk.exists("ra") && !desk.exists("../ngoai.txt"), "{bad}: {}", run.err);
    }

    // Another program's ways: data that follow, 64-bit sizes, encryption.
    zipped(&desk, &good, plain().large_file(true));
    assert!(!told(&desk, &[]).is_empty(), "64-bit extensions");
    let mut bytes = sound.clone();
    let flag = bytes.windows(4).position(|part| part == [0x50, 0x4b, 3, 4]).unwrap() + 6;
    bytes[flag] |= 1;
    desk.write(ZIP, &bytes);
    assert!(says(&told(&desk, &[]), "bag-info.txt"), "encrypted: {:#?}", told(&desk, &[]));
    desk.run(&["archive", "extract", REJECTED, "--to", "ra"]).expect(1);

    // Beyond 4 GiB; the file has holes and takes no room.
    desk.write(ZIP, &sound);
    let file = std::fs::File::options().write(true).open(desk.path(ZIP)).unwrap();
    file.set_len(u64::from(u32::MAX) + 10).unwrap();
    drop(file);
    let found = told(&desk, &[]);
    assert!(says(&found, "lớn hơn"), "{found:#?}");
    desk.write(ZIP, &sound);
    verify(&desk, &["--full"]).expect(0);
}

/// Letter and both manifests exchanged, the archive's journal as well: what is left is the register.
#[test]
fn a_letter_swapped_for_another_valid_one_is_found_by_the_register() {
    let desk = closed();
    let other = closed_with_another_letter();
    let (mine, theirs) = (desk.read(ZIP), other.read(ZIP));
    assert_ne!(mine, theirs);
    desk.write(ZIP, &theirs);
    for name in [
        ".hoso/luu-tru.jsonl",
        ".hoso/luu-tru.jsonl.dau",
        "archive/nhat-ky/luu-tru.jsonl",
        "archive/nhat-ky/luu-tru.jsonl.dau",
    ] {
        desk.write(name, &other.read(name));
    }
    let found = told(&desk, &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(names(&found, "HS412", "01/TB-ECA"), "{found:#?}");
}

fn closed_with_another_letter() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    let other = |text: String| text.replace("Lương Thị Kim Oanh", "Lương Thị Kim Anh");
    desk.save(REJECTED, &other(rejected_open()));
    desk.build().expect(0);
    desk.save(REJECTED, &other(sample(REJECTED)));
    desk.build().expect(0);
    desk
}

#[test]
fn a_damaged_dossier_is_restored_from_a_copy_as_an_officer_would() {
    let desk = closed();
    let good = desk.read(ZIP);
    desk.write("ban-sao/2026/KN-2026-0027.zip", &good);
    let run = desk.run(&["archive", "repair", "--from", "khong-co"]).expect(1);
    assert!(run.err.contains("Không có thư mục"), "{}", run.err);
    desk.run(&["archive", "repair", "--from", "ban-sao", "KN-2026-0999"]).expect(1);
    assert!(desk.run(&["archive", "repair", "--from", "ban-sao"]).expect(0).out.contains("không hồ sơ nào cần"));
    desk.write(ZIP, &good[..good.len() / 3]);
    verify(&desk, &[]).expect(1);
    let run = desk.run(&["--json", "archive", "repair", "--from", "ban-sao", "--by", "Thu"]).expect(0).json();
    assert_eq!(run["repaired"][0]["set_aside"], format!("{ZIP}.hong-1"));
    assert_eq!(desk.read(ZIP), good);
    verify(&desk, &[]).expect(0);
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.contains(&format!("khoi_phuc\t{REJECTED}\tlấy nguyên tệp từ bản sao\tThu")), "{log}");
    desk.write(ZIP, b"x");
    desk.write("ban-sao/2026/KN-2026-0027.zip", b"y");
    let run = desk.run(&["--json", "archive", "repair", "--from", "ban-sao"]).expect(1);
    assert_eq!(run.of_code("HS413").len(), 1);
    assert_eq!(desk.read(ZIP), b"x");
}

#[test]
fn a_dossier_is_shown_and_single_files_are_taken_out() {
    let desk = closed();
    let run = desk.run(&["archive", "show", REJECTED]).expect(0);
    for part in [
        "Lương Thị Kim Oanh",
        "Chưa kiểm tra lần nào",
        "Ban hành thông báo từ chối số 01/TB-ECA",
        LETTER,
        "KN-2026-0027.yaml",
    ] {
        assert!(run.out.to_lowercase().contains(&part.to_lowercase()), "{part}: {}", run.out);
    }
    let shown = desk.run(&["--json", "archive", "show", REJECTED]).expect(0).json();
    assert_eq!(shown["versions"].as_array().unwrap().len(), 1);
    assert!(shown["events"].as_array().unwrap().iter().any(|event| event["eventType"] == "ingestion"));
    desk.run(&["archive", "show", "KN-2026-0999"]).expect(1);

    desk.run(&["archive", "extract", REJECTED, LETTER, "KN-2026-0027.yaml", "--to", "ra", "--by", "Thu"]).expect(0);
    assert_eq!(desk.read("ra/KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
    assert!(desk.read(&format!("ra/{LETTER}")).starts_with(b"%PDF"));
    let run = desk.run(&["archive", "extract", REJECTED, "KN-2026-0027.yaml", "--to", "ra"]).expect(1);
    assert!(run.err.contains("đã có") && run.err.contains("--overwrite"), "{}", run.err);
    desk.write("ra/KN-2026-0027.yaml", b"mine");
    desk.run(&["archive", "extract", REJECTED, "data/KN-2026-0027.yaml", "--to", "ra", "--overwrite"]).expect(0);
    assert_eq!(desk.read("ra/KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
    let run =
        desk.run(&["archive", "extract", REJECTED, "KN-2026-0027.yaml", "khong-co.pdf", "--to", "khac"]).expect(1);
    assert!(run.err.contains("khong-co.pdf") && !desk.exists("khac"), "nothing is written: {}", run.err);
    for out in ["../x", "/etc/passwd", "data/../x"] {
        desk.run(&["archive", "extract", REJECTED, out, "--to", "khac"]).expect(1);
    }
    desk.run(&["archive", "extract", REJECTED, "--to", "khac", "--overwrite"]).expect(2);
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.contains(&format!("khai_thac\t{REJECTED}\t{LETTER}, KN-2026-0027.yaml: ra ra\tThu")), "{log}");
    assert!(log.contains(&format!("khai_thac\t{REJECTED}\txem\t")), "{log}");
}

/// A link where a file is to be overwritten is replaced, not followed.
#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_not_followed() {
    let desk = closed();
    desk.write("quan-trong.txt", b"keep");
    std::fs::create_dir_all(desk.path("ra")).unwrap();
    std::os::unix::fs::symlink(desk.path("quan-trong.txt"), desk.path("ra/KN-2026-0027.yaml")).unwrap();
    desk.run(&["archive", "extract", REJECTED, "KN-2026-0027.yaml", "--to", "ra", "--overwrite"]).expect(0);
    assert_eq!(desk.read("quan-trong.txt"), b"keep");
    assert_eq!(desk.read("ra/KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
}

#[test]
fn what_is_due_and_what_is_held() {
    let desk = closed();
    let out = desk.run(&["archive", "due"]).expect(0).out;
    assert!(out.contains("chưa có hồ sơ nào"), "{out}");
    // Ended in 2026, kept fifteen years from 1 January 2027.
    assert_eq!(
        desk.run(&["--json", "archive", "due", "--as-of", "31/12/2041"]).expect(0).json()["due"],
        serde_json::json!([])
    );
    let due = desk.run(&["--json", "archive", "due", "--as-of", "2042-01-01"]).expect(0).json();
    assert_eq!((&due["due"][0]["code"], &due["due"][0]["kept_until"]), (&REJECTED.into(), &"2041-12-31".into()));
    let why = ["--reason", "Tòa án yêu cầu", "--by", "Lê Thị Thu"];
    let hold =
        |verb: &str, name: &str| desk.run(&[&["archive", "hold", verb, REJECTED, "--name", name], &why[..]].concat());
    hold("set", "vụ án 12/2031").expect(0);
    hold("set", "thanh tra").expect(0);
    let run = hold("set", "thanh tra").expect(1);
    assert!(run.err.contains("thanh tra") && run.err.contains("tên khác"), "{}", run.err);
    let out = desk.run(&["archive", "due", "--as-of", "2042-01-01"]).expect(0).out;
    assert!(out.contains("ĐANG TẠM DỪNG HỦY: thanh tra, vụ án 12/2031"), "{out}");
    let csv = desk.run(&["archive", "due", "--as-of", "2042-01-01", "--csv"]).expect(0).out;
    assert!(csv.lines().nth(1).unwrap().ends_with("thanh tra; vụ án 12/2031"), "{csv}");
    assert!(csv.starts_with("\u{feff}STT,") && csv.contains(",31/12/2041,"), "{csv}");
    let found = desk.run(&["--json", "archive", "find", "--state", "tam-dung-huy"]).expect(0).json();
    assert_eq!(found["hits"][0]["holds"], serde_json::json!(["thanh tra", "vụ án 12/2031"]));
    let listed = desk.run(&["--json", "archive", "hold", "list"]).expect(0).json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["by"]), (2, &"Lê Thị Thu".into()));
    hold("release", "thanh tra").expect(0);
    hold("release", "thanh tra").expect(1);
    assert!(hold("release", "vụ án 12/2031").expect(0).out.contains("không còn lệnh tạm dừng hủy nào"));
    assert_eq!(desk.run(&["--json", "archive", "find", "--state", "tam-dung-huy"]).expect(0).json()["total"], 0);
    verify(&desk, &[]).expect(0);
    desk.run(&["archive", "hold", "set", REJECTED, "--name", " ", "--reason", "x", "--by", "y"]).expect(2);
    desk.run(&["archive", "hold", "set", "KN-2026-0999", "--name", "a", "--reason", "x", "--by", "y"]).expect(1);
}

/// One PDF of the whole dossier; another reader's word on its validity is the conformance script's.
#[test]
fn a_dossier_is_exported_as_one_pdf() {
    use lopdf::{Document, Object};
    let desk = closed();
    desk.run(&["archive", "export", REJECTED, "--format", "pdf", "--to", "a.pdf"]).expect(0);
    desk.run(&["archive", "export", REJECTED, "--format", "pdf", "--to", "b.pdf"]).expect(0);
    assert_eq!(desk.read("a.pdf"), desk.read("b.pdf"));
    desk.run(&["archive", "export", REJECTED, "--format", "pdf", "--to", "a.pdf"]).expect(1);
    let document = Document::load_mem(&desk.read("a.pdf")).unwrap();
    let catalog = document.catalog().unwrap();
    let follow = |object: &Object| document.dereference(object).unwrap().1.as_dict().unwrap().clone();
    let words = |object: &Object| {
        let units: Vec<u16> =
            object.as_str().unwrap()[2..].chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
        String::from_utf16(&units).unwrap()
    };
    let (mut marks, outline) = (Vec::new(), follow(catalog.get(b"Outlines").unwrap()));
    let mut next = outline.get(b"First").ok().cloned();
    while let Some(mark) = next {
        let mark = follow(&mark);
        marks.push(words(mark.get(b"Title").unwrap()));
        next = mark.get(b"Next").ok().cloned();
    }
    // In the order of time, as the case file has them.
    let expected = [
        "Bìa hồ sơ",
        "Mục lục văn bản",
        "18/05/2026 – Hợp đồng cung cấp dịch vụ chữ ký số NAM HẢI CA (NH-26051877)",
        "04/09/2026 – Đơn khiếu nại",
        "10/09/2026 – Thông báo từ chối: Từ chối tiếp nhận khiếu nại của Bà Lương Thị Kim Oanh (01/TB-ECA)",
        "Các tệp khác của hồ sơ",
    ];
    assert_eq!(marks, expected);
    let names = follow(follow(catalog.get(b"Names").unwrap()).get(b"EmbeddedFiles").unwrap());
    let pairs = names.get(b"Names").unwrap().as_array().unwrap().clone();
    let mut dossier = Dossier::open(&desk.path(ZIP)).unwrap();
    let mut seen = Vec::new();
    for pair in pairs.chunks(2) {
        let name = words(&pair[0]);
        let file = follow(&pair[1]);
        let stream = file.get(b"EF").unwrap().as_dict().unwrap().get(b"F").unwrap();
        let stream = document.dereference(stream).unwrap().1.as_stream().unwrap();
        let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        assert_eq!(
            bytes,
            dossier
                .read(
                    &format!(
                        "data/{}",
                        name.replacen(
                            '_',
                            "/",
                            usize::from(name.starts_with("di") || name.starts_with("da-") || name.starts_with("va"))
                        )
                    ),
                    1 << 24
                )
                .unwrap(),
            "{name}"
        );
        seen.push(name);
    }
    assert!(
        seen.contains(&"dinh-kem_don-khieu-nai.pdf".to_owned()) && seen.contains(&"KN-2026-0027.yaml".to_owned()),
        "{seen:?}"
    );
}

#[test]
fn a_dossier_is_exported_as_xml() {
    let desk = closed();
    desk.run(&["archive", "export", REJECTED, "--to", "ra.xml", "--by", "Thu"]).expect(0);
    let text = String::from_utf8(desk.read("ra.xml")).unwrap();
    let tree = roxmltree::Document::parse(&text).unwrap();
    let codes: Vec<_> =
        tree.descendants().filter(|node| node.has_tag_name("CodeNotation")).filter_map(|n| n.text()).collect();
    assert!(codes.contains(&"TB-ECA"), "{text}");
    let run = desk.run(&["archive", "export", REJECTED, "--to", "ra.xml"]).expect(1);
    assert!(run.err.contains("ra.xml đã có"), "{}", run.err);
    desk.run(&["archive", "export", REJECTED, "--format", "aip", "--to", "goi"]).expect(0);
    let mets = String::from_utf8(desk.read("goi/METS.xml")).unwrap();
    let mets = roxmltree::Document::parse(&mets).unwrap();
    let files = mets.descendants().filter(|node| node.has_tag_name(("http://www.loc.gov/METS/", "file"))).count();
    let held = entries(&desk).iter().filter(|(name, _)| name.starts_with("data/")).count();
    assert_eq!((files, held > 10), (held, true));
    assert_eq!(desk.read("goi/representations/rep1/data/KN-2026-0027.yaml"), sample(REJECTED).into_bytes());
    let run = desk.run(&["archive", "export", REJECTED, "--format", "aip", "--to", "goi"]).expect(1);
    assert!(run.err.contains("đã có dữ liệu"), "{}", run.err);
    desk.run(&["archive", "export", REJECTED, "--format", "doc"]).expect(2);
    desk.run(&["archive", "export", "KN-2026-0999"]).expect(1);
    let log = String::from_utf8(desk.read(".hoso/truy-cap.jsonl")).unwrap();
    assert!(log.contains("xuất XML ra ra.xml\tThu"), "{log}");
}

#[test]
fn the_list_of_dossiers_of_a_year_is_handed_over() {
    let desk = closed();
    let csv = desk.run(&["archive", "list", "--handover", "2026", "--csv"]).expect(0).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert!(csv.starts_with("\u{feff}Số TT,") && rows[0].get(4) == Some("10/09/2026"), "{csv}");
    assert_eq!((rows[0].get(0), rows[0].get(1), rows[0].get(5)), (Some("1"), Some(REJECTED), Some("15 năm")));
    let args = ["--json", "archive", "list", "--handover", "2026", "--pdf", "ml.pdf", "--by", "Vũ Thị Mai"];
    let made = desk.run(&args).expect(0).json();
    assert_eq!((&made["file"], &made["dossiers"][0]["code"]), (&"ml.pdf".into(), &REJECTED.into()));
    assert!(desk.read("ml.pdf").starts_with(b"%PDF"));
    let run = desk.run(&args).expect(1);
    assert!(run.out.contains("ml.pdf đã có"), "nothing is overwritten unasked: {}", run.out);
    // Opened again, it is in no list; of another year there is none.
    assert_eq!(
        desk.run(&["--json", "archive", "list", "--handover", "2025"]).expect(0).json()["dossiers"],
        serde_json::json!([])
    );
    desk.run(&["archive", "reopen", REJECTED, "--reason", "x", "--by", "y"]).expect(0);
    assert_eq!(
        desk.run(&["--json", "archive", "list", "--handover", "2026"]).expect(0).json()["dossiers"],
        serde_json::json!([])
    );
    for wrong in [&["--pdf", "a.pdf"][..], &["--handover", "26"], &["--handover", "2026", "--pdf", "a.txt"]] {
        desk.run(&[&["archive", "list"], wrong].concat()).expect(2);
    }
}

/// One letter issued on 20 November; its case closed the same day.
#[test]
fn the_books_are_closed_at_the_end_of_a_month() {
    let desk = closed();
    let at = |today: &str, args: &[&str]| {
        Run::of(&mut desk.command_on(today, &[&["--json", "register", "minutes"], args].concat()))
    };
    let stated =
        at("2026-12-01", &["--month", "11/2026", "--pdf", "chot-so.pdf", "--by", "Vũ Thị Mai"]).expect(0).json();
    let own = |stated: &serde_json::Value| {
        stated["registers"].as_array().unwrap().iter().find(|book| book["register"] == "thong-bao").unwrap().clone()
    };
    let book = own(&stated);
    assert_eq!(
        (&book["title"], &book["first"], &book["count"], &book["last"]),
        (&"Thông báo".into(), &1.into(), &1.into(), &1.into())
    );
    assert_eq!(stated["registers"].as_array().unwrap().len(), 5, "all registers, used or not: {stated}");
    assert_eq!(stated["archived"], 1);
    for (journal, file) in stated["journals"].as_array().unwrap().iter().zip(["so-dang-ky", "luu-tru"]) {
        let head: serde_json::Value = serde_json::from_slice(&desk.read(&format!(".hoso/{file}.jsonl.dau"))).unwrap();
        assert_eq!((&journal["lines"], &journal["sha256"]), (&head["so_dong"], &head["bam"]), "{file}");
    }
    assert!(desk.read("chot-so.pdf").starts_with(b"%PDF"));
    at("2026-12-01", &["--month", "11/2026", "--pdf", "chot-so.pdf"]).expect(1);
    // Nothing was done in October, and in December only what is withdrawn then.
    let october = at("2026-12-01", &["--month", "2026-10"]).expect(0).json();
    assert_eq!((&own(&october)["last"], &october["journals"][0]["lines"]), (&0.into(), &0.into()));
    // A month without an entry states the last number all the same.
    let text =
        Run::of(&mut desk.command_on("2026-12-01", &["register", "minutes", "--month", "12/2026"])).expect(0).out;
    assert!(text.contains("Sổ Thông báo năm 2026: không phát sinh trong tháng; số cuối: 1\n"), "{text}");
    assert!(text.contains("Sổ Công văn năm 2026: không phát sinh trong tháng; số cuối: chưa cấp\n"), "{text}");
    let reopen = ["archive", "reopen", REJECTED, "--reason", "sai tên", "--by", "Đỗ Minh Tuấn"];
    Run::of(&mut desk.command_on("2026-12-02", &reopen)).expect(0);
    let void = ["register", "void", "01/TB-ECA", "--year", "2026", "--reason", "sai tên", "--by", "Đỗ Minh Tuấn"];
    Run::of(&mut desk.command_on("2026-12-02", &void)).expect(0);
    let december = at("2026-12-02", &["--month", "12/2026"]).expect(0).json();
    let book = own(&december);
    assert_eq!(
        (&book["first"], &book["count"], &book["withdrawn"], &book["last"]),
        (&serde_json::Value::Null, &0.into(), &1.into(), &1.into())
    );
    assert_eq!(
        at("2026-12-02", &["--month", "11/2026"]).expect(0).json()["registers"],
        stated["registers"],
        "what was closed stays"
    );
    at("2026-12-02", &["--month", "01/2027"]).expect(1);
    at("2026-12-02", &["--month", "2026"]).expect(2);
}

/// A batch takes its numbers at once; what it gives up again is withdrawn.
#[test]
fn numbers_of_batches_are_in_the_minutes() {
    let desk = crate::numbered::desk(5, None);
    crate::numbered::issue(&desk, &["--shard", "1/2"]).expect(0);
    desk.run(&["batch", "abandon", crate::numbered::JOB, "--reason", "gửi nhầm", "--by", "Đỗ Minh Tuấn"]).expect(0);
    let stated = desk.run(&["--json", "register", "minutes", "--month", "11/2026"]).expect(0).json();
    let books = stated["registers"].as_array().unwrap();
    let book = books.iter().find(|book| book["count"] != 0).unwrap();
    let dropped = book["withdrawn"].as_u64().unwrap();
    assert_eq!((&book["first"], &book["count"], &book["last"]), (&1.into(), &5.into(), &5.into()));
    assert!((2..=3).contains(&dropped), "the other half of five: {dropped}");
}
