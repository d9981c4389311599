//! Versions of case files: kept, listed, compared, given back; into the dossier at closing and back at reopening.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::desk::{Desk, Run};
use crate::samples::{ISSUE, REJECTED, closed, lay_evidence, rejected_open, sample, slip};

const CODE: &str = "KN-2026-0101";

/// Number of the version, the one it equals, whether its bytes are there.
fn versions(desk: &Desk, code: &str) -> Vec<(u64, Option<u64>, bool)> {
    let told = desk.run(&["--json", "history", code]).expect(0).json();
    let row = |row: &Value| (row["version"].as_u64().unwrap(), row["same_as"].as_u64(), row["intact"] == true);
    told["versions"].as_array().unwrap().iter().map(row).collect()
}

fn restored(desk: &Desk, code: &str, version: &str) -> (String, bool) {
    let told = desk.run(&["--json", "history", "restore", code, version]).expect(0).json();
    (told["file"].as_str().unwrap().to_owned(), told["newly"] == true)
}

/// A file inside a dossier.
fn archived(desk: &Desk, zip: &str, name: &str) -> Vec<u8> {
    let file = std::fs::File::open(desk.path(zip)).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn names(desk: &Desk, zip: &str) -> Vec<String> {
    let file = std::fs::File::open(desk.path(zip)).unwrap();
    let archive = zip::ZipArchive::new(file).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    names.filter(|name| name.contains("lich-su")).collect()
}

#[test]
fn nobodys_edit_is_lost() {
    let desk = Desk::new();
    let (lan, minh) = (slip(CODE, 4, "", ""), slip(CODE, 5, "", ""));
    desk.save(CODE, &lan);
    desk.build().expect(0);
    desk.save(CODE, &minh);
    desk.build().expect(0);
    let broken = "ma_ho_so: [\n";
    desk.save(CODE, broken);
    desk.build().expect(1);
    desk.save(CODE, &lan);
    desk.build().expect(0);
    desk.build().expect(0);
    let told = versions(&desk, CODE);
    assert_eq!(told, [(1, None, true), (2, None, true), (3, None, true), (4, Some(1), true)]);
    let objects = desk.names(&format!(".hoso/lich-su/{CODE}"));
    assert_eq!(objects.iter().filter(|name| name.ends_with(".gz")).count(), 3, "{objects:?}");

    let list = desk.run(&["history", CODE]).expect(0).out;
    assert!(list.contains("bản   2  lưu 08:00:00 ngày 20/11/2026") && list.contains("giống bản 1"), "{list}");
    let compared = desk.run(&["history", CODE, "--compare", "1", "2"]).expect(0).out;
    let told: Vec<&str> = compared.lines().filter(|line| line.starts_with(['-', '+'])).collect();
    let line = lan.lines().position(|line| line.contains("04/11/2026")).unwrap() + 1;
    assert_eq!(told, [format!("- {line:>4}    ngay: 04/11/2026"), format!("+ {line:>4}    ngay: 05/11/2026")]);
    assert!(compared.contains("1 dòng bớt, 1 dòng thêm."), "{compared}");
    let same = desk.run(&["history", CODE, "--compare", "1"]).expect(0).out;
    assert!(same.contains("Hai bản giống hệt nhau."), "{same}");
    let json = desk.run(&["--json", "history", CODE, "--compare", "1", "2"]).expect(0).json();
    assert_eq!(
        (json["from"].as_u64(), json["to"].as_u64(), &json["identical"]),
        (Some(1), Some(2), &Value::Bool(false))
    );

    // Laid beside the case file, taken for nothing, and never over anything.
    let before = desk.tree();
    assert_eq!(restored(&desk, CODE, "2"), (format!("ho-so/{CODE}.ban-2.txt"), true));
    assert_eq!(desk.read(&format!("ho-so/{CODE}.ban-2.txt")), minh.as_bytes());
    assert_eq!(restored(&desk, CODE, "2"), (format!("ho-so/{CODE}.ban-2.txt"), false));
    desk.write(&format!("ho-so/{CODE}.ban-2.txt"), b"mine");
    assert_eq!(restored(&desk, CODE, "2"), (format!("ho-so/{CODE}.ban-2 (2).txt"), true));
    let report = desk.build().expect(0).json();
    assert_eq!(report["changes"].as_array().unwrap().len(), 0, "{report}");
    assert_eq!(report["cases"].as_array().unwrap().len(), 1);
    desk.remove(&format!("ho-so/{CODE}.ban-2.txt"));
    desk.remove(&format!("ho-so/{CODE}.ban-2 (2).txt"));
    assert_eq!(crate::desk::differences(&before, &desk.tree()), Vec::<String>::new());

    let said = desk.run(&["history", "restore", CODE, "3"]).expect(0).out;
    assert!(said.contains("Việc cần làm") && said.contains(&format!("{CODE}.ban-3.txt")), "{said}");
    let none = desk.run(&["history", "restore", CODE, "9"]).expect(1).err;
    assert!(none.contains("Không có bản 9") && none.contains("từ 1 đến 4"), "{none}");
}

#[test]
fn a_file_that_was_deleted_comes_back_from_its_history() {
    let desk = Desk::new();
    let text = slip(CODE, 4, "", "");
    desk.save(CODE, &text);
    desk.build().expect(0);
    desk.remove(&format!("ho-so/{CODE}.yaml"));
    desk.build().expect(0);
    let (file, _) = restored(&desk, &format!("{CODE}.yaml"), "1");
    assert_eq!(desk.read(&file), text.as_bytes());
}

#[test]
fn what_is_no_case_has_a_history_by_its_file_name() {
    let desk = Desk::new();
    desk.write("ho-so/ghi chú (1).yaml", "ma_ho_so: x\n".as_bytes());
    desk.build().expect(1);
    assert_eq!(versions(&desk, "ghi chú (1)"), [(1, None, true)]);
    let unknown = desk.run(&["history", "KN-2026-0999"]).expect(1).err;
    assert!(unknown.contains("Chưa giữ bản nào của hồ sơ KN-2026-0999."), "{unknown}");
    desk.run(&["history", "../hoso"]).expect(2);
    desk.run(&["history", CODE, "--compare", "1", "2", "3"]).expect(2);
}

#[test]
fn looking_keeps_nothing() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    for args in [["check"].as_slice(), &["status"], &["digest"]] {
        desk.run(args).expect(0);
    }
    assert!(!desk.exists(".hoso/lich-su"));
}

#[test]
fn without_state_the_history_starts_anew() {
    let desk = Desk::new();
    desk.save(CODE, &slip(CODE, 4, "", ""));
    desk.build().expect(0);
    std::fs::remove_dir_all(desk.path(".hoso")).unwrap();
    desk.save(CODE, &slip(CODE, 5, "", ""));
    desk.build().expect(0);
    assert_eq!(versions(&desk, CODE), [(1, None, true)]);
}

#[test]
fn into_the_dossier_and_back() {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    // Of staff, and nothing to do with ours but the name of its folder.
    desk.write(&format!("ho-so/{REJECTED}/lich-su/anh.jpg"), b"photograph");
    let open = rejected_open();
    desk.save(REJECTED, &open);
    desk.build().expect(0);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    let zip = format!("archive/2026/{REJECTED}.zip");
    let list = archived(&desk, &zip, "data/lich-su/danh-sach.jsonl");
    assert_eq!(list.iter().filter(|byte| **byte == b'\n').count(), 2);
    assert_eq!(archived(&desk, &zip, "data/lich-su/ban-1.yaml"), open.as_bytes());
    assert_eq!(archived(&desk, &zip, "data/lich-su/ban-2.yaml"), sample(REJECTED).as_bytes());
    assert!(!desk.exists(&format!(".hoso/lich-su/{REJECTED}")), "it lies in the dossier");
    desk.run(&["archive", "verify"]).expect(0);

    // Closed, it is read from the dossier.
    let closed = desk.tree();
    assert_eq!(versions(&desk, REJECTED).len(), 2);
    let compared = desk.run(&["history", REJECTED, "--compare", "1", "2"]).expect(0).out;
    assert!(compared.contains("luu_ho_so:"), "{compared}");
    assert_eq!(crate::desk::differences(&closed, &desk.tree()), Vec::<String>::new());

    let reopen = ["archive", "reopen", REJECTED, "--reason", "thêm giấy tờ", "--by", "Đỗ Minh Tuấn"];
    desk.run(&reopen).expect(0);
    assert_eq!(desk.read(&format!(".hoso/lich-su/{REJECTED}/danh-sach.jsonl")), list);
    assert_eq!(desk.read(&format!("ho-so/{REJECTED}/lich-su/anh.jpg")), b"photograph");
    assert_eq!(desk.names(&format!("ho-so/{REJECTED}/lich-su")), ["anh.jpg"], "ours is not laid among the papers");
    desk.build().expect(0);
    let text = sample(REJECTED).replace("  ngay: 22/09/2026", "  ngay: 20/10/2026");
    desk.save(REJECTED, &format!("{text}\nbo_sung:\n  - ngay: 19/10/2026\n    noi_dung: Phiếu gửi hoàn hợp đồng\n"));
    desk.build().expect(0);
    let second = format!("archive/2026/{REJECTED}-v2.zip");
    let on = archived(&desk, &second, "data/lich-su/danh-sach.jsonl");
    assert!(on.starts_with(&list));
    assert_eq!(on.iter().filter(|byte| **byte == b'\n').count(), 3, "numbered on");
    let mut parts = names(&desk, &second);
    parts.sort();
    let own = ["anh.jpg", "ban-1.yaml", "ban-2.yaml", "ban-3.yaml", "danh-sach.jsonl"];
    assert_eq!(parts, own.map(|name| format!("data/lich-su/{name}")));
    assert!(!desk.exists(&format!(".hoso/lich-su/{REJECTED}")));
}

#[test]
fn a_file_of_a_closed_case_is_kept_behind_its_history() {
    let desk = closed();
    // Changed, but nothing new: it is refused, and still somebody's edit.
    let edited = sample(REJECTED).replace("nguoi_tiep_nhan:", "nguoi_tiep_nhan: # sửa\n   ");
    desk.save(REJECTED, &edited);
    desk.build().expect(1);
    assert_eq!(versions(&desk, REJECTED).iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 3]);
    let (file, _) = restored(&desk, REJECTED, "3");
    assert_eq!(desk.read(&file), edited.as_bytes());
    desk.remove(&format!("ho-so/{REJECTED}.yaml"));
    desk.run(&["archive", "reopen", REJECTED, "--reason", "xem lại", "--by", "Đỗ Minh Tuấn"]).expect(0);
    desk.build().expect(0);
    let told = versions(&desk, REJECTED);
    assert_eq!(told, [(1, None, true), (2, None, true), (3, None, true), (4, Some(2), true)]);
}

#[test]
fn an_object_lost_before_closing_does_not_bar_it() {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    let folder = format!(".hoso/lich-su/{REJECTED}");
    let object = desk.names(&folder).into_iter().find(|name| name.ends_with(".gz")).unwrap();
    desk.remove(&format!("{folder}/{object}"));
    desk.save(REJECTED, &sample(REJECTED));
    let report = desk.build().expect(0).out;
    assert!(report.contains("bản 1 của tệp hồ sơ đã hỏng"), "{report}");
    let told = desk.run(&["--json", "history", REJECTED]).expect(1).json();
    assert_eq!((&told["versions"][0]["intact"], &told["versions"][1]["intact"]), (&false.into(), &true.into()));
}

/// By the system's clock: the time of saving is the file's, and the owner is told when it is not the program's account.
#[test]
fn time_and_owner_are_those_of_the_file() {
    let desk = Desk::new();
    desk.save_aged(CODE, &slip(CODE, 4, ISSUE, ""), std::time::Duration::from_secs(86_400 * 3));
    let file = desk.path(&format!("ho-so/{CODE}.yaml"));
    let another = give_away(&file);
    let mut build = crate::desk::hoso(desk.root());
    Run::of(build.args(["--json", "build"]));
    let told = desk.run(&["--json", "history", CODE]).expect(0).json();
    let saved = told["versions"][0]["saved"].as_str().unwrap();
    let modified = std::fs::metadata(&file).unwrap().modified().unwrap();
    let seconds = modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let saved = chrono::DateTime::parse_from_rfc3339(saved).unwrap();
    assert_eq!((saved.timestamp(), saved.offset().local_minus_utc()), (i64::try_from(seconds).unwrap(), 7 * 3600));
    let owner = if another { Value::from("daemon") } else { Value::Null };
    assert_eq!(told["versions"][0]["owner"], owner, "{told}");
}

/// Gives the file to `daemon`, which every Unix has under number 1; only root may.
#[cfg(target_os = "linux")]
fn give_away(file: &Path) -> bool {
    std::os::unix::fs::chown(file, Some(1), None).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn give_away(_: &Path) -> bool {
    false
}
