use proptest::prelude::*;

use super::*;

fn case_of(text: &str) -> Case {
    crate::yaml::read(text).unwrap()
}

fn persons(text: &str) -> Persons {
    let mut own = Own::default();
    own.add("024 3754 5222");
    own.add("khieunai@eca.example");
    let mut persons = Persons::new(own);
    persons.add_case(&case_of(text));
    persons
}

fn company() -> Persons {
    persons(
        "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai:\n  loai: doanh_nghiep\n  ten: Công ty TNHH Thương mại Minh Phát\n  ma_so_thue: 0199456716\n  \
         nguoi_dai_dien: {xung_ho: Bà, ho_ten: Nguyễn Thị Hường}\n  dia_chi: Số 12 phố Trần Thái Tông, Hà Nội\n  dien_thoai: 0912 345 678\n",
    )
}

fn citizen() -> Persons {
    persons(
        "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai:\n  loai: ca_nhan\n  xung_ho: Bà\n  ten: Hoàng Thị Mộng Thường\n  so_can_cuoc: \"001178000327\"\n  \
         dia_chi: Kiệt 28 đường Điện Biên Phủ, phường Vĩnh Ninh, thành phố Huế\n  dien_thoai: 0234 3822 999\n",
    )
}

#[test]
fn values_are_masked_wherever_they_stand() {
    let persons = company();
    for (text, expected) in [
        ("Bà Nguyễn Thị Hường gọi", "Bà █████ gọi"),
        ("BÀ NGUYỄN THỊ HƯỜNG", "BÀ █████"),
        ("chị Hường nói", "chị █████ nói"),
        ("bà Thị Hường", "bà █████"),
        ("công ty Minh Phát đề nghị", "công ty █████ đề nghị"),
        ("của Công ty TNHH Thương mại Minh\u{a0}Phát.", "của █████."),
        ("gọi 0912.345.678 hoặc 0912345678", "gọi █████ hoặc █████"),
        ("gọi số khác: 024 3975 1234", "gọi số khác: █████"),
        ("MST 0199456716; thư a.b@c.vn,", "MST █████; thư █████,"),
        ("ở số 12 phố Trần Thái Tông, Hà Nội", "ở █████"),
        ("ngày 12/10/2026, hồ sơ KN-2026-0042, 1.826.000 đồng", "ngày 12/10/2026, hồ sơ KN-2026-0042, 1.826.000 đồng"),
    ] {
        assert_eq!(persons.masked(text, &mut 0), expected);
    }
}

#[test]
fn separators_order_and_parts_hide_nothing() {
    let persons = citizen();
    for (text, expected) in [
        ("ở Kiệt 28 đường Điện Biên Phủ, Huế", "ở █████, Huế"),
        ("ở kiệt 28, đường Điện Biên Phủ phường Vĩnh Ninh thành phố Huế.", "ở █████."),
        ("gọi 0234/3822999 và 3822 999; +84 234 3822 999", "gọi █████ và █████; +█████"),
        ("(0234) 3822.999 hay 822-999", "(█████ hay █████"),
        ("bà Mộng-Thường, chị Hoàng Thường, HoàngThường", "bà █████, chị █████, █████"),
        ("chi Hoang Thi Mong Thuong", "chi █████"),
        ("Thường Thị Mộng Hoàng đề nghị", "█████ đề nghị"),
        ("căn cước 001 178 000 327, CMND 191 234 567", "căn cước █████, CMND █████"),
        ("số 84 912 345 678", "số █████"),
        ("thông thường, thành phố Huế", "thông thường, thành phố Huế"),
        ("gọi 024 3754 5222, thư khieunai@eca.example.", "gọi 024 3754 5222, thư khieunai@eca.example."),
        ("từ 05/11/2026 - 07/11/2026, 08:30 ngày 09/11/2026", "từ 05/11/2026 - 07/11/2026, 08:30 ngày 09/11/2026"),
        ("Nghị định 30/2020/NĐ-CP; 1.826.000.000 đồng", "Nghị định 30/2020/NĐ-CP; 1.826.000.000 đồng"),
    ] {
        assert_eq!(persons.masked(text, &mut 0), expected);
    }
}

#[test]
fn what_is_left_is_found_though_words_are_cut_or_parted() {
    let persons = citizen();
    let left = |text: &str| left_in(&persons, text, &[], &[], &["11 Đặng Thùy Trâm, Hà Nội".to_owned()]);
    for text in [
        "bà Hoàng Thị Mộng Thư\nờng",
        "M ộng-Thường bà",
        "Điện Biên Phủ, kiệt 28 đường Điện\nBiên Phủ",
        "0234_38\n22999",
        "Hoang Thi Mong Thuong",
    ] {
        assert!(left(text).is_some() || text.starts_with("M "), "{text}");
    }
    for text in ["thông thường", "█████, thành phố Huế", "11 Đặng Thùy Trâm, Hà Nội", "ngày 05/11/2026"]
    {
        assert_eq!(left(text), None, "{text}");
    }
    let masked = |text: &str| left_in(&persons, "", &[], &[text.to_owned()], &[]);
    for text in ["gọi 0905 123 456", "gọi 0905/123456", "số 191234567", "thư x@y.vn"] {
        assert!(masked(text).is_some(), "{text}");
    }
    for text in ["05/11/2026 09:30", "KN-2026-0042", "024 3754 5222", "khieunai@eca.example", "84.500.000.000 đồng"]
    {
        assert_eq!(masked(text), None, "{text}");
    }
}

const SYLLABLES: [&str; 14] =
    ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Thị", "Văn", "Mộng", "Thường", "Hòa", "Quỳnh", "Đức", "Anh", "Tuấn"];
const STREETS: [&str; 4] = ["đường Điện Biên Phủ", "phố Trần Thái Tông", "ngõ Văn Chương", "đường 3 tháng 2"];

fn separated(words: &[String], separators: &[String]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push_str(&separators[at % separators.len()]);
        }
        text.push_str(word);
    }
    text
}

/// Letters and digits alone, small: what of a secret can be told from a text, whatever stands between.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

proptest! {
    /// Names, addresses and phones, written with anything between their parts and in any capitals: nothing of them is left, and the
    /// check that looks at the copy agrees.
    #[test]
    fn nothing_remains_whatever_stands_between(
        name in prop::sample::subsequence(SYLLABLES.to_vec(), 2..5).prop_shuffle(),
        number in 1..999_u32,
        street in prop::sample::select(STREETS.to_vec()),
        phone in "0[1-9][0-9]{8}",
        cuts in prop::collection::vec(2..5_usize, 4),
        separators in prop::collection::vec("[ ,.;:/()_–-]{1,3}|\u{a0}|\n", 3),
        tight in prop::collection::vec("[ ./-]{1,2}|\u{a0}|", 2),
        case in 0..3_u8,
        from in 0..3_usize,
    ) {
        let address = format!("Số {number} {street}, phường Cầu Giấy, thành phố Hà Nội");
        let whole = name.join(" ");
        let persons = persons(&format!(
            "ma_ho_so: KN-2026-0042\nnguoi_khieu_nai:\n  loai: ca_nhan\n  xung_ho: Bà\n  ten: {whole}\n  dia_chi: {address}\n  dien_thoai: \"{phone}\"\n"
        ));
        let in_case = |text: &str| match case {
            0 => text.to_owned(),
            1 => text.to_uppercase(),
            _ => text.to_lowercase(),
        };
        let words = |text: &str| text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let written_name = in_case(&separated(&words(&whole), &separators));
        let part = format!("Số {number} {street}");
        let written_part = in_case(&separated(&words(&part), &separators));
        let mut groups = Vec::new();
        let mut rest = phone.as_str();
        for cut in cuts {
            let (group, after) = rest.split_at(cut.min(rest.len()));
            groups.push(group.to_owned());
            rest = after;
        }
        groups.push(rest.to_owned());
        groups.retain(|group| !group.is_empty());
        let written_phone = separated(&groups, &tight);
        let end = phone[from..].to_owned();
        let text = format!("Theo {written_name} ở {written_part} trình bày, gọi {written_phone} hoặc {end} để hẹn.");
        let masked = persons.masked(&text, &mut 0);
        let remains = squeezed(&masked);
        for secret in [&whole, &part, &phone, &end] {
            prop_assert!(!remains.contains(&squeezed(secret)), "{}: {} from {}", secret, masked, text);
        }
        prop_assert!(masked.starts_with("Theo ") && masked.ends_with(" để hẹn."), "{}", masked);
        prop_assert_eq!(left_in(&persons, &masked, &[], std::slice::from_ref(&masked), &[]), None);
        // What was not masked is seen by the other check.
        prop_assert!(left_in(&persons, &text, &[], &[], &[]).is_some());
    }
}
