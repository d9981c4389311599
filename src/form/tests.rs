use super::*;
use crate::letter::tests::{id, make};
use crate::letter::{LetterId, Mode};

fn override_one(name: &str, change: impl Fn(&str) -> String) -> Vec<Diagnostic> {
    let text = change(FormSet::builtin().text(name));
    FormSet::load(&[(name.to_owned(), text)]).err().unwrap_or_default()
}

fn one(faults: &[Diagnostic]) -> &Diagnostic {
    assert_eq!(faults.len(), 1, "{faults:#?}");
    &faults[0]
}

#[test]
fn builtin_forms_load() {
    if let Err(faults) = FormSet::load(&[]) {
        panic!("{faults:#?}");
    }
    let set = FormSet::builtin();
    assert_eq!(set.names().count(), BUILTIN.len());
    assert!(LetterKind::ALL.iter().all(|kind| !set.text(&form_name(*kind)).is_empty()));
    assert_eq!(set.text("nothing.xml"), "");
}

#[test]
fn a_misspelt_name_is_found_wherever_it_stands() {
    // Printed, tested in an `if`, below a loop, below another name, in the base form: Tera alone would miss the second.
    for (form, right, wrong) in [
        ("phieu-tiep-nhan.xml", "{{ ngay_hen }}", "ngay_henn"),
        ("phieu-tiep-nhan.xml", "{% if giao_truc_tiep %}", "giao_truc_tip"),
        ("bien-ban-xu-ly.xml", "{% if muc.yeu_cau %}", "yeu_caau"),
        ("phieu-tiep-nhan.xml", "{% if nguoi_khieu_nai.email %}", "emial"),
        ("goc.xml", "{% if kinh_gui_dia_chi %}", "kinh_gui_diachi"),
        ("van-ban-tra-loi.xml", "{% elif lan_sau %}", "lan_sauu"),
        ("thu-tra-loi.txt", "{{ so_ky_hieu }}", "so_kyhieu"),
        ("bia-ho-so.xml", "{{ phien_ban }}", "phienban"),
    ] {
        let old = right.trim_matches(['{', '}', '%', ' ']).rsplit([' ', '.']).next().unwrap();
        let faults = override_one(form, |text| text.replacen(right, &right.replace(old, wrong), 1));
        let fault = &faults[0];
        assert!(faults.iter().all(|f| f.span == fault.span), "{faults:#?}");
        assert_eq!(fault.code, code::FORM_NAME, "{faults:#?}");
        assert_eq!(fault.file.as_deref(), Some(form));
        assert!(fault.message.contains(wrong), "{fault:#?}");
        let (span, excerpt) = (fault.span.unwrap(), fault.excerpt.as_deref().unwrap());
        let marked: String = excerpt.chars().skip(span.column - 1).take(span.length).collect();
        assert_eq!(marked, wrong, "{fault:#?}");
        assert!(fault.hint.as_deref().unwrap().contains(old), "{fault:#?}");
    }
}

#[test]
fn faults_of_syntax_are_all_reported_with_their_place() {
    let faults = FormSet::load(&[
        ("phieu-chuyen.xml".to_owned(), "{% extends \"goc.xml\" %}\n{% block so %}\n{{ ma_ho_so }\n".to_owned()),
        ("bia-ho-so.xml".to_owned(), "<van-ban>\n{% if %}</van-ban>".to_owned()),
    ])
    .unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert!(faults.iter().all(|fault| fault.code == code::FORM_SYNTAX && fault.span.is_some()));
    assert_eq!((faults[0].file.as_deref(), faults[0].span.unwrap().line), (Some("bia-ho-so.xml"), 2));
    assert_eq!(faults[1].file.as_deref(), Some("phieu-chuyen.xml"));
}

#[test]
fn unknown_filter_parent_and_include() {
    let filter = override_one("phieu-chuyen.xml", |text| text.replace("{{ quy_phong }}", "{{ quy_phong | hoa }}"));
    assert_eq!(one(&filter).code, code::FORM_FILTER);
    assert!(one(&filter).message.contains("“hoa”") && one(&filter).span.is_some());
    let parent = override_one("phieu-chuyen.xml", |text| text.replace("goc.xml", "gocc.xml"));
    assert_eq!(one(&parent).code, code::FORM_MISSING);
    assert!(one(&parent).message.contains("gocc.xml"));
    let include = override_one("goc.xml", |text| text.replace("<header>", "{% include \"dau.xml\" %}<header>"));
    assert_eq!(one(&include).code, code::FORM_MISSING, "{include:#?}");
    assert!(one(&include).message.contains("dau.xml"), "{include:#?}");
    let block = override_one("phieu-chuyen.xml", |text| text.replace("block ten_loai", "block ten_loi"));
    assert_eq!(one(&block).code, code::FORM_SYNTAX, "{block:#?}");
}

#[test]
fn an_override_takes_the_place_of_the_built_in_form() {
    let set = FormSet::load(&[(
        "phieu-chuyen.xml".to_owned(),
        "\u{feff}<van-ban title=\"{{ tieu_de }}\"><p>{{ bo_phan | safe }}</p></van-ban>".to_owned(),
    )])
    .unwrap();
    assert_ne!(set.digest(), FormSet::builtin().digest());
    assert_eq!(set.digest().len(), 64);
    let text = "{ma_ho_so: KN-2026-0001, giai_quyet: [{chuyen_bo_phan: [{bo_phan: '<A> & B'}]}]}";
    let letter = make(text, &id(LetterKind::Transfer, 1, Some("<A> & B")), Mode::Draft);
    let markup = set.fill(&letter).unwrap();
    assert!(markup.ends_with("<p>&lt;A&gt; &amp; B</p></van-ban>"), "`safe` opens no door for data: {markup}");
}

#[test]
fn mail() {
    let again = include_str!("../letter/fixtures/again.yaml");
    let letter = make(again, &id(LetterKind::Answer, 1, None), Mode::Issue { number: 12 });
    let (subject, body) = FormSet::builtin().email_text(&letter).unwrap();
    assert_eq!(subject, "Trả lời khiếu nại, hồ sơ KN-2026-0042");
    assert_eq!(
        body,
        "Kính gửi: Bà Nguyễn Thị Hường, Giám đốc Công ty TNHH Thương mại Dịch vụ Minh Phát\n\n\
         Trung tâm chứng thực chữ ký số công cộng E-CA xin gửi Quý Công ty Văn bản số 12/ECA-CSKH trả lời khiếu nại về \
         việc chứng thư chữ ký số bị thu hồi khi chưa hết hạn. Văn bản ở tệp PDF đính kèm thư này.\n\n\
         Khi cần trao đổi hoặc có ý kiến về nội dung trả lời, xin nêu mã hồ sơ KN-2026-0042 khi trả lời thư này, hoặc gọi \
         điện thoại 024 3754 5222.\n\n\
         Trân trọng,\n\n\
         Trung tâm chứng thực chữ ký số công cộng E-CA\n\
         Công ty TNHH Phát triển công nghệ Thái Sơn\n\
         Địa chỉ: 11 Đặng Thùy Trâm, Phường Cổ Nhuế 1, Quận Bắc Từ Liêm, TP. Hà Nội\n\
         Điện thoại: 024 3754 5222\n\
         Email: cskh@eca.example\n\
         Website: www.thaison.vn\n"
    );
    let draft = make(again, &id(LetterKind::Answer, 1, None), Mode::Draft);
    assert!(FormSet::builtin().email_text(&draft).unwrap().1.contains("Văn bản số …/ECA-CSKH"));
}

#[test]
fn the_scanner_sees_names_not_words() {
    let names = names::scan("a {# b #} {{ c.d }}\n{% if e and \"f g\" %}h{% endif %}");
    let found: Vec<(&str, Vec<&str>)> = names
        .iter()
        .map(|name| (name.root.as_str(), name.fields.iter().map(|(field, _)| field.as_str()).collect()))
        .collect();
    assert_eq!(found, [("c", vec!["d"]), ("e", vec![]), ("and", vec![])]);
    assert_eq!((names[1].span.line, names[1].span.column), (2, 7));
    assert_eq!(LetterId::of(LetterKind::Cover).stem(), "bia-ho-so");
}

/// The guide in `docs` is what the views declare. After a change of a view: `HOSO_BLESS=1 cargo test --lib form`.
#[test]
fn the_guide_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bieu-mau.md");
    if std::env::var_os("HOSO_BLESS").is_some() {
        std::fs::write(path, guide::guide()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), guide::guide());
}
