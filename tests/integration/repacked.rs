//! Dossiers another program has packed again: what they hold is compared all the same.

use std::io::Write as _;

use hoso::dossier::{self, Contents, Dossier, Source};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::desk::{Desk, Finding};
use crate::handed_out::{LETTER, forge};
use crate::samples::{REJECTED, REJECTED_ZIP as ZIP, closed};

/// Packs the dossier as other programs do: another order, times of today, folders of their own; one entry may be another one.
fn repack(desk: &Desk, method: CompressionMethod, changed: Option<(&str, &[u8])>) {
    let mut dossier = Dossier::open(&desk.path(ZIP)).unwrap();
    let names: Vec<String> = dossier.entries().iter().rev().map(|item| item.name.clone()).collect();
    let entries: Vec<(String, Vec<u8>)> =
        names.into_iter().map(|name| (name.clone(), dossier.read(&name, 1 << 24).unwrap())).collect();
    let time = DateTime::from_date_and_time(2026, 11, 20, 9, 30, 0).unwrap();
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(time);
    let mut zip = ZipWriter::new(std::fs::File::create(desk.path(ZIP)).unwrap());
    zip.add_directory("data/van-ban", options).unwrap();
    for (name, bytes) in &entries {
        zip.start_file(name.as_str(), options).unwrap();
        let other = changed.filter(|(own, _)| own == name).map(|(_, bytes)| bytes);
        zip.write_all(other.unwrap_or(bytes)).unwrap();
    }
    zip.finish().unwrap();
}

fn told(desk: &Desk) -> Vec<Finding> {
    desk.run(&["--json", "archive", "verify", REJECTED]).expect(1).findings()
}

fn codes(told: &[Finding]) -> Vec<&str> {
    told.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn a_dossier_packed_again_is_no_damaged_one() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let desk = closed();
        repack(&desk, method, None);
        let found = told(&desk);
        assert_eq!(codes(&found), ["HS406", "HS400"], "{found:#?}");
        assert!(found[1].message.contains("một chương trình khác đã đóng gói lại"), "{found:#?}");
        desk.run(&["archive", "extract", REJECTED, "--to", "ra"]).expect(1);
        desk.run(&["archive", "extract", REJECTED, "--to", "ra", "--unproved"]).expect(0);
        assert!(desk.exists(&format!("ra/data/{LETTER}")));
    }
}

#[test]
fn a_letter_swapped_in_a_dossier_packed_again_is_named() {
    let desk = closed();
    forge(&desk);
    repack(&desk, CompressionMethod::Stored, None);
    let found = told(&desk);
    assert_eq!(codes(&found), ["HS406", "HS400", "HS412"], "{found:#?}");
    assert!(found[2].message.contains("01/TB-ECA"), "{found:#?}");
    // Without the manifests, these name it as well.
    let desk = closed();
    let name = format!("data/{LETTER}");
    repack(&desk, CompressionMethod::Deflated, Some((&name, b"%PDF-1.7 another")));
    let found = told(&desk);
    let of =
        |code: &str| found.iter().filter(|one| one.code == code).map(|one| one.message.as_str()).collect::<Vec<_>>();
    assert!(of("HS401").len() == 1 && of("HS401")[0].contains(LETTER), "{found:#?}");
    assert!(of("HS412").len() == 1 && of("HS412")[0].contains("01/TB-ECA"), "{found:#?}");
}

#[test]
fn another_dossier_under_this_name_is_named() {
    let desk = closed();
    let mut other = Contents::new("KN-2026-0099", 2);
    other.add("KN-2026-0099.yaml", Source::Bytes(b"ma_ho_so: KN-2026-0099\n".to_vec()));
    dossier::write(&desk.path(ZIP), &other).unwrap();
    let found = told(&desk);
    assert_eq!(codes(&found), ["HS406"], "{found:#?}");
    assert!(found[0].message.contains("tệp này là hồ sơ KN-2026-0099 phiên bản 2"), "{found:#?}");
}
