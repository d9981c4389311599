use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::diagnostic::{Code, code};

fn sample(dir: &Path) -> Contents {
    let mut contents = Contents::new("KN-2026-0042", 2);
    contents.info.push(("Source-Organization".into(), "Công ty E-CA".into()));
    contents.info.push(("Bagging-Date".into(), "2026-11-20".into()));
    let yaml = "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai: Nguyễn Thị Hường\n".repeat(40);
    contents.add("KN-2026-0042.yaml", Source::Bytes(yaml.into_bytes()));
    let pdf = dir.join("x.pdf");
    std::fs::write(&pdf, [b"%PDF-1.7\n".as_slice(), &[7; 700], b"\n%%EOF\n"].concat()).unwrap();
    contents.add("van-ban/trả-lời-lần-1.pdf", Source::File(pdf));
    contents.add("dinh-kem/Ảnh chụp màn hình (lỗi ký số).png", Source::Bytes((0..=255).collect()));
    contents.add("su-kien.jsonl", Source::Bytes("{\"su_kien\":\"tiếp nhận\"}\n".repeat(100).into_bytes()));
    contents.add("dinh-kem/rỗng.txt", Source::Bytes(Vec::new()));
    contents
}

fn written() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("KN-2026-0042.zip");
    write(&path, &sample(dir.path())).unwrap();
    (dir, path)
}

fn codes(path: &Path) -> Vec<Code> {
    verify(path).unwrap().iter().map(|f| f.code).collect()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()).into()
}

/// Each entry's name with the bytes of its header and data, and of its line in the directory, read here from the directory
/// by the zip specification.
fn regions(bytes: &[u8]) -> Vec<(String, std::ops::Range<usize>, std::ops::Range<usize>)> {
    let end = bytes.len() - 22;
    let (mut at, mut regions) = (u32_at(bytes, end + 16) as usize, Vec::new());
    while at < end {
        let length = u16_at(bytes, at + 28);
        let name = String::from_utf8(bytes[at + 46..at + 46 + length].to_vec()).unwrap();
        let local = u32_at(bytes, at + 42) as usize;
        let data_end = local + 30 + length + u32_at(bytes, at + 20) as usize;
        regions.push((name, local..data_end, at..at + 46 + length));
        at += 46 + length;
    }
    regions
}

#[test]
fn same_contents_same_bytes_and_nothing_wrong() {
    let (dir, path) = written();
    let again = dir.path().join("lai.zip");
    let published = write(&again, &sample(dir.path())).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes == std::fs::read(&again).unwrap());
    assert_eq!(published, Published { sha256: fs::sha256(&bytes), size: bytes.len() as u64, entries: 10 });
    assert_eq!(verify(&path).unwrap(), []);
    // The compressed bytes are covered in full: header, data and directory follow each other without a gap.
    let regions = regions(&bytes);
    assert!(regions.windows(2).all(|pair| pair[0].1.end == pair[1].1.start && pair[0].0 < pair[1].0));
}

#[test]
fn what_was_put_in_comes_out() {
    let (dir, path) = written();
    let mut dossier = Dossier::open(&path).unwrap();
    let names: Vec<_> = dossier.entries().iter().map(|item| item.name.clone()).collect();
    assert_eq!(
        names,
        [
            "bag-info.txt",
            "bagit.txt",
            "data/KN-2026-0042.yaml",
            "data/dinh-kem/rỗng.txt",
            "data/dinh-kem/Ảnh chụp màn hình (lỗi ký số).png",
            "data/su-kien.jsonl",
            "data/van-ban/trả-lời-lần-1.pdf",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "zip-sha256.txt",
        ]
    );
    let image = dossier.read("data/dinh-kem/Ảnh chụp màn hình (lỗi ký số).png", 1000).unwrap();
    assert_eq!(image, (0..=255).collect::<Vec<u8>>());
    assert!(matches!(dossier.read("data/su-kien.jsonl", 100), Err(Error::EntryTooLarge(_))));
    assert!(matches!(dossier.read("data/khong-co", 100), Err(Error::NoSuchEntry(_))));
    let info = dossier.info().unwrap();
    let field = |label: &str| info.iter().find(|(l, _)| l == label).map(|(_, value)| value.as_str());
    assert_eq!(field("Source-Organization"), Some("Công ty E-CA"));
    assert_eq!(field("External-Identifier"), Some("KN-2026-0042"));
    let yaml = "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai: Nguyễn Thị Hường\n".len() * 40;
    let lines = "{\"su_kien\":\"tiếp nhận\"}\n".len() * 100;
    assert_eq!(field("Payload-Oxum"), Some(format!("{}.5", yaml + lines + 716 + 256).as_str()));
    let out = dir.path().join("ra");
    assert_eq!(dossier.extract(&out).unwrap(), 10);
    assert_eq!(std::fs::read(out.join("data/dinh-kem/rỗng.txt")).unwrap(), b"");
    assert_eq!(std::fs::read_to_string(out.join("bagit.txt")).unwrap(), BAGIT);
    assert!(matches!(dossier.extract(&out), Err(Error::NotEmpty(_))));
}

/// `unzip`, Python's `zipfile` and, where it is installed, PyPI `bagit` judge the same dossier.
#[test]
fn independent_programs_agree() {
    let (dir, path) = written();
    let run = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).env("LC_ALL", "C.UTF-8").current_dir(dir.path()).output();
        output.ok().map(|output| (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
    };
    let file = path.to_str().unwrap();
    if let Some((fine, message)) = run("unzip", &["-tqq", file]) {
        assert!(fine, "{message}");
        assert!(run("unzip", &["-q", file, "-d", "mo"]).is_some_and(|(fine, _)| fine));
        if run("python3", &["-c", "import bagit"]).is_some_and(|(fine, _)| fine) {
            let check = "import bagit; bagit.Bag('mo').validate()";
            let (fine, message) = run("python3", &["-c", check]).unwrap();
            assert!(fine, "{message}");
        }
    }
    let check = "import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)";
    if let Some((fine, message)) = run("python3", &["-c", check, file]) {
        assert!(fine, "{message}");
    }
}

#[test]
fn a_bit_flipped_in_any_byte_is_found_and_the_entry_named() {
    let (dir, path) = written();
    let good = std::fs::read(&path).unwrap();
    let regions = regions(&good);
    let damaged = dir.path().join("hong.zip");
    for at in 0..good.len() {
        // One bit a byte, another at each offset: all eight would take a minute.
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&damaged, &bytes).unwrap();
        let findings = verify(&damaged).unwrap();
        assert!(!findings.is_empty(), "a flipped bit at {at} was not found");
        if let Some((name, ..)) = regions.iter().find(|(_, body, line)| body.contains(&at) || line.contains(&at)) {
            let text: String = findings.iter().map(|f| f.message.as_str()).collect();
            // A name hit in the directory is told beside the true one.
            assert!(text.contains(&format!("\"{name}\"")), "offset {at} in {name}: {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_flipped_bit_anywhere_is_found(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        thread_local!(static DOSSIER: (TempDir, PathBuf) = written());
        DOSSIER.with(|(dir, path)| {
            let mut bytes = std::fs::read(path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let damaged = dir.path().join("hong.zip");
            std::fs::write(&damaged, &bytes).unwrap();
            prop_assert!(!verify(&damaged).unwrap().is_empty(), "offset {at} bit {bit}");
            Ok(())
        })?;
    }

    #[test]
    fn a_safe_name_is_always_accepted(path in "\\PC{0,60}(/[^a-z]{0,40}){0,3}") {
        prop_assert_eq!(check_name(&safe_name(&path)), Ok(()));
    }

    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("x.zip");
        std::fs::write(&path, [b"PK\x03\x04".as_slice(), &bytes].concat()).unwrap();
        prop_assert!(!verify(&path).unwrap().is_empty());
    }
}

#[test]
fn cut_and_lengthened_files_are_found() {
    let (dir, path) = written();
    let good = std::fs::read(&path).unwrap();
    let damaged = dir.path().join("hong.zip");
    for length in (0..good.len()).step_by(37).chain([good.len() - 1]) {
        std::fs::write(&damaged, &good[..length]).unwrap();
        let found = codes(&damaged);
        assert!(!found.is_empty(), "cut to {length}");
        assert!(length < 100 || found.contains(&code::DOSSIER_TRUNCATED), "cut to {length}: {found:?}");
    }
    std::fs::write(&damaged, [good.as_slice(), b"x"].concat()).unwrap();
    assert_eq!(codes(&damaged), [code::DOSSIER_STRUCTURE]);
    std::fs::write(&damaged, [b"x", good.as_slice()].concat()).unwrap();
    assert!(!codes(&damaged).is_empty());
    std::fs::write(&damaged, b"").unwrap();
    assert_eq!(codes(&damaged), [code::DOSSIER_STRUCTURE]);
    assert!(verify(&dir.path().join("khong-co.zip")).is_err());
}

/// A zip written by other hands, entry by entry.
fn foreign(path: &Path, entries: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .system(zip::System::Unix)
            .unix_permissions(0o644);
        zip.start_file(*name, options).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn names_that_lead_out_bombs_and_bags_with_missing_or_foreign_files_are_refused() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("la.zip");
    for name in
        ["../ngoai.txt", "/etc/passwd", "data/../../x", "data\\x", "C:/x", "data/a//b", "data/con.txt", "la.txt"]
    {
        foreign(&path, &[(name, b"x")]);
        assert!(codes(&path).contains(&code::DOSSIER_ENTRY_NAME), "{name}");
        assert!(matches!(Dossier::open(&path), Err(Error::Damaged { .. })), "{name}");
    }
    foreign(&path, &[("data/A.txt", b"x"), ("data/a.txt", b"x")]);
    assert!(codes(&path).contains(&code::DOSSIER_ENTRY_NAME));
    foreign(&path, &[("data/bom.txt", &vec![0; usize::try_from(MAX_DEFLATED).unwrap() + 1])]);
    assert_eq!(codes(&path), [code::DOSSIER_TOO_LARGE]);
    foreign(&path, &[("data/bom-nho.txt", &vec![0; 2 << 20])]);
    assert_eq!(codes(&path), [code::DOSSIER_TOO_LARGE], "by its ratio");
    assert!(matches!(Dossier::open(&path), Err(Error::Damaged { .. })));
    foreign(&path, &[("data/a.txt", b"x")]);
    let findings = verify(&path).unwrap();
    let missing = findings.iter().filter(|f| f.message.starts_with("hồ sơ thiếu tệp")).count();
    assert_eq!(missing, 5);
}

/// Entries exchanged with all checksums of the zip made right: only the manifests betray it.
#[test]
fn an_entry_replaced_by_a_zip_tool_is_named() {
    let (dir, path) = written();
    let mut dossier = Dossier::open(&path).unwrap();
    let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for item in dossier.entries().to_vec() {
        entries.insert(item.name.clone(), dossier.read(&item.name, 1 << 20).unwrap());
    }
    let all = |entries: &BTreeMap<String, Vec<u8>>| {
        let list: Vec<_> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let forged = dir.path().join("gia.zip");
        foreign(&forged, &list);
        verify(&forged).unwrap().into_iter().map(|f| f.message).collect::<Vec<_>>().join("\n")
    };
    let good = entries.clone();
    entries.insert("data/van-ban/trả-lời-lần-1.pdf".into(), b"%PDF-1.7 khac".to_vec());
    assert!(all(&entries).contains("mục \"data/van-ban/trả-lời-lần-1.pdf\" bị hỏng: mã băm không khớp"));
    entries = good.clone();
    entries.insert("data/thêm.txt".into(), b"x".to_vec());
    assert!(all(&entries).contains("mục \"data/thêm.txt\" không được ghi trong tệp manifest-sha256.txt"));
    entries = good;
    entries.remove("data/su-kien.jsonl");
    assert!(all(&entries).contains("ghi \"data/su-kien.jsonl\" nhưng hồ sơ không có mục này"));
}

#[test]
fn names_are_made_safe_and_unique() {
    let mut contents = Contents::new("KN-2026-0001", 1);
    let empty = || Source::Bytes(Vec::new());
    let decomposed = "dinh-kem/giấy tờ.pdf";
    for (wanted, expected) in [
        ("dinh-kem/giảm 50%.png", "dinh-kem/giảm 50_.png"),
        ("dinh-kem/giảm 50_.png", "dinh-kem/giảm 50_ (2).png"),
        ("dinh-kem/GIẢM 50_.PNG", "dinh-kem/GIẢM 50_ (3).PNG"),
        (decomposed, "dinh-kem/giấy tờ.pdf"),
        ("../../etc/passwd", "__/__/etc/passwd"),
        ("dinh-kem/a:b?.txt", "dinh-kem/a_b_.txt"),
        ("dinh-kem/xuống\ndòng.txt", "dinh-kem/xuống_dòng.txt"),
        ("dinh-kem/con.txt", "dinh-kem/_con.txt"),
        ("dinh-kem/cuối. ", "dinh-kem/cuối"),
    ] {
        assert_eq!(contents.add(wanted, empty()), expected);
    }
    assert_eq!(contents.files().len(), 9);
}

/// What readers refuse as a bomb is not written as one: evidence may be a log of one line.
#[test]
fn what_would_swell_beyond_measure_is_stored() {
    let dir = TempDir::new().unwrap();
    let (path, log) = (dir.path().join("a.zip"), dir.path().join("nhat-ky.txt"));
    let lines = b"0".repeat(3 << 20);
    std::fs::write(&log, &lines).unwrap();
    let mut contents = Contents::new("KN-2026-0001", 1);
    contents.add("dinh-kem/nhat-ky.txt", Source::File(log));
    contents.add("dinh-kem/nhat-ky-2.txt", Source::Bytes(lines.clone()));
    let published = write(&path, &contents).unwrap();
    assert!(published.size > 6 << 20);
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(Dossier::open(&path).unwrap().read("data/dinh-kem/nhat-ky.txt", 4 << 20).unwrap(), lines);
}

#[test]
fn a_missing_source_is_an_error_that_names_it() {
    let dir = TempDir::new().unwrap();
    let mut contents = Contents::new("KN-2026-0001", 1);
    contents.add("a.pdf", Source::File(dir.path().join("khong-co.pdf")));
    let error = write(&dir.path().join("a.zip"), &contents).unwrap_err();
    assert!(error.to_string().contains("khong-co.pdf"), "{error}");
}
