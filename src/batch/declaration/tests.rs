use super::*;
use crate::form::FormSet;

const GOOD: &str = "ten: giấy mời
tieu_de: Mời {ho_ten}
trich_yeu: Mời họp
so_dang_ky: thong-bao
nguoi_nhan: { ten: ho_ten }
khoa: [ho_ten]
cot:
  - { ten: ho_ten, nhan: Họ tên, bat_buoc: co, dai_nhat: 40 }
  - { ten: loi_moi, loai: doan }
";

/// Lines and messages of what is wrong with the declaration after a replacement.
fn faults(old: &str, new: &str) -> Vec<(usize, String)> {
    assert!(GOOD.contains(old));
    let faults = Declaration::parse("x.cot.yaml", &GOOD.replacen(old, new, 1)).unwrap_err();
    faults.into_iter().map(|fault| (fault.span.unwrap().line, fault.message)).collect()
}

#[test]
fn a_declaration_is_read() {
    let read = Declaration::parse("x.cot.yaml", GOOD).unwrap();
    let names: Vec<&str> = read.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["ho_ten", "loi_moi", CASE_CODE]);
    assert_eq!((read.columns[0].longest, read.columns[0].required, read.columns[1].required), (40, true, false));
    assert_eq!(read.title(|_| "Đỗ Thị Bà"), "Mời Đỗ Thị Bà");
    assert_eq!((read.recipient.name, read.recipient.address, read.key.as_slice()), (0, None, [0].as_slice()));
    assert_eq!(Declaration::parse("x", &GOOD.replace('\n', "\r\n")).as_ref(), Ok(&read));
    assert!(FormSet::builtin().declaration("thong-bao-su-co").is_some());
}

#[test]
fn every_fault_has_its_line() {
    for (old, new, line, word) in [
        ("{ho_ten}", "{ho_tem}", 2, "ho_tem"),
        ("{ho_ten}", "{ho_ten", 2, "{"),
        ("{ho_ten}", "{loi_moi}", 2, "có thể trống"),
        ("trich_yeu", "trich_yeuu", 3, "trich_yeuu"),
        ("khoa: [ho_ten]", "khoa: ho_ten", 6, "danh sách"),
        ("khoa: [ho_ten]", "khoa: [ten]", 6, "“ten”"),
        ("loai: doan", "loai: van", 9, "“van”"),
        ("dai_nhat: 40", "dai_nhat: 0", 8, "“0”"),
        ("ten: loi_moi", "ten: Lời mời", 9, "Lời mời"),
        ("ten: loi_moi", "ten: email", 9, "email"),
        ("ten: loi_moi", "ten: ma_ho_so", 9, "ma_ho_so"),
        ("ten: loi_moi", "ten: a, nhan: ho ten", 9, "hai lần"),
        ("bat_buoc: co", "bat_buoc: khong", 2, "có thể trống"),
    ] {
        let found = faults(old, new);
        assert!(found.iter().any(|(at, message)| *at == line && message.contains(word)), "{new}: {found:?}");
    }
    assert!(faults("ten: giấy mời", "").iter().any(|(_, message)| message.contains("“ten”")));
    assert!(Declaration::parse("x", "").is_err() && Declaration::parse("x", "a: [").is_err());
}

#[test]
fn columns_are_known_however_they_are_typed() {
    assert!(same("Mã số thuế", "MA_SO_THUE") && same("Số  serial", "so-serial"));
    assert!(!same("Mã số thuế", "Mã số"));
    assert_eq!(nearest("ma so thue cty", ["Mã số thuế", "Địa chỉ"].into_iter()), Some("Mã số thuế"));
    assert_eq!(nearest("màu sắc", ["Mã số thuế", "Địa chỉ"].into_iter()), None);
}
