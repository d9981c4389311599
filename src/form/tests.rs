use super::*;
use crate::diagnostic::Severity;
use crate::letter::Mode;
use crate::letter::tests::{id, make};

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
    // What a start leaves out for the built-in forms: every name, every case.
    assert_eq!(set.check(&LetterKind::ALL, set.batch_names()), []);
    assert_eq!(set.overridden(), []);
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
        assert_eq!(fault.file.as_deref(), Some(format!("forms/{form}").as_str()));
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
    assert_eq!((faults[0].file.as_deref(), faults[0].span.unwrap().line), (Some("forms/bia-ho-so.xml"), 2));
    assert_eq!(faults[1].file.as_deref(), Some("forms/phieu-chuyen.xml"));
}

#[test]
fn faults_of_different_kinds_and_forms_are_told_in_one_round() {
    let change = |form: &str, from: &str, to: &str| {
        let text = BUILTIN.iter().find(|(name, _)| *name == form).unwrap().1;
        assert!(text.contains(from), "{form}");
        (form.to_owned(), text.replacen(from, to, 1))
    };
    let overrides = [
        change("bia-ho-so.xml", "{{ phien_ban }}", "{{ phien_ban }"),
        change("phieu-chuyen.xml", "{{ quy_phong }}", "{{ quy_phong | hoa }}"),
        change("phieu-tiep-nhan.xml", "goc.xml", "gocc.xml"),
        change("thong-bao-tu-choi.xml", "{{ ma_ho_so }}", "{{ ma_hoso }}"),
        change("van-ban-tra-loi.xml", "<p>", "<p><b>"),
    ];
    let faults = FormSet::load(&overrides).unwrap_err();
    let mut found: Vec<(&str, &str)> =
        faults.iter().map(|fault| (fault.file.as_deref().unwrap(), fault.code.0)).collect();
    found.sort_unstable();
    found.dedup();
    let expected = [
        ("forms/bia-ho-so.xml", code::FORM_SYNTAX.0),
        ("forms/phieu-chuyen.xml", code::FORM_FILTER.0),
        ("forms/phieu-tiep-nhan.xml", code::FORM_MISSING.0),
        ("forms/thong-bao-tu-choi.xml", code::FORM_NAME.0),
        ("forms/van-ban-tra-loi.xml", code::MARKUP.0),
    ];
    assert_eq!(found, expected, "{faults:#?}");
    assert!(faults.iter().all(|fault| fault.span.is_some()), "{faults:#?}");
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

/// The finding for a form changed in one place, with its file, line, column and what is marked there.
fn told(form: &str, from: &str, to: &str) -> (String, usize, usize, String, String) {
    let original = FormSet::builtin().text(form).to_owned();
    assert!(original.contains(from), "{form}: {from}");
    let faults = override_one(form, |text| text.replacen(from, to, 1));
    let fault = one(&faults);
    let span = fault.span.unwrap_or_else(|| panic!("{fault:#?}"));
    let line = fault.excerpt.as_deref().unwrap_or_default();
    let marked = line.chars().skip(span.column - 1).take(span.length).collect();
    (fault.file.clone().unwrap(), span.line, span.column, marked, fault.message.clone())
}

/// Line and column of `words` in the built-in form.
fn place_of(form: &str, words: &str) -> (usize, usize) {
    let text = FormSet::builtin().text(form).to_owned();
    let (line, column) = text.lines().enumerate().find_map(|(line, text)| Some((line, text.find(words)?))).unwrap();
    (line + 1, text.lines().nth(line).unwrap()[..column].chars().count() + 1)
}

#[test]
fn an_unknown_variable_an_unclosed_tag_a_missing_include_each_with_its_place() {
    let slip = "phieu-tiep-nhan.xml";
    let (file, line, column, marked, message) = told(slip, "{{ ngay_hen }}", "{{ ngay_hn }}");
    let (at, begin) = place_of(slip, "{{ ngay_hen }}");
    assert_eq!((file.as_str(), line, column, marked.as_str()), ("forms/phieu-tiep-nhan.xml", at, begin + 3, "ngay_hn"));
    assert_eq!(message, "Không có tên “ngay_hn” trong văn bản này.");

    let (file, line, column, marked, message) = told(slip, "{{ ngay_hen }}", "{{ ngay_hen }");
    assert_eq!((file.as_str(), line, column, marked.as_str()), ("forms/phieu-tiep-nhan.xml", at, begin, "{{"));
    assert_eq!(message, "Dấu {{ mở ở đây mà không có dấu }} đóng lại.");

    let (file, line, column, marked, message) = told("goc.xml", "<header>", "{% include \"dau.xml\" %}<header>");
    let (at, begin) = place_of("goc.xml", "<header>");
    assert_eq!((file.as_str(), line, column), ("forms/goc.xml", at, begin + 11), "{marked}");
    assert_eq!(message, "Mẫu này gọi mẫu “dau.xml” không có.");

    // A part without its end is told where it begins.
    let (_, line, column, marked, message) = told(slip, "{% endblock ten_loai %}", "");
    let (at, begin) = place_of(slip, "{% block ten_loai %}");
    assert_eq!((line, column, marked.as_str()), (at, begin, "{% block ten_loai %}"));
    assert_eq!(message, "Phần {% block %} mở ở đây mà không được đóng lại.");
    let (file, line, column, ..) = told("phieu-chuyen.xml", "extends \"goc.xml\"", "extends \"khung.xml\"");
    assert_eq!(file, "forms/phieu-chuyen.xml");
    let (at, begin) = place_of("phieu-chuyen.xml", "\"goc.xml\"");
    assert_eq!((line, column), (at, begin));
}

#[test]
fn faults_of_the_markup_are_told_where_they_stand_in_the_form() {
    // An element inside a loop, after printed values of other lengths, in a form that another one extends.
    let slip = "phieu-tiep-nhan.xml";
    let (at, begin) = place_of(slip, "<li>{{ tl.mo_ta }}");
    let (file, line, column, _, message) = told(slip, "<li>{{ tl.mo_ta }}", "<lii>{{ tl.mo_ta }}");
    // Where its end does not fit, after the value of another length.
    let ends = begin + "<lii>{{ tl.mo_ta }}{% if loop.last %}.{% else %};{% endif %}".chars().count();
    assert_eq!((file.as_str(), line, column), ("forms/phieu-tiep-nhan.xml", at, ends), "{message}");
    let (_, line, column, marked, message) = told(slip, "<li>{{ tl.mo_ta }}", "<li><b>{{ tl.mo_ta }}");
    assert_eq!((line, column), (at, begin + 4), "{marked}: {message}");
    let (_, line, column, _, message) = told(slip, "<p>Khi cần", "<p mau=\"do\">Khi cần");
    let (at, begin) = place_of(slip, "<p>Khi cần");
    assert_eq!((line, column), (at, begin + 3), "{message}");
    assert!(message.contains("“mau”"), "{message}");
    let (file, line, column, _, message) = told("goc.xml", "<signer>", "<signer><b>");
    let (at, begin) = place_of("goc.xml", "<signer>");
    assert_eq!((file.as_str(), line, column), ("forms/goc.xml", at, begin + 8), "{message}");
    // A value where the markup wants one of its own words.
    let (_, line, column, _, message) = told(slip, "<p>Khi cần", "<p align=\"{{ quy_khach }}\">Khi cần");
    let (at, begin) = place_of(slip, "<p>Khi cần");
    assert_eq!((line, column), (at, begin + 3), "{message}");
}

#[test]
fn a_value_that_may_be_absent_must_be_tested_before_it_is_printed() {
    for (form, from, to, name) in [
        ("phieu-tiep-nhan.xml", "{% if so_den %} (số đến {{ so_den }}){% endif %}", " {{ so_den }}", "so_den"),
        ("phieu-tiep-nhan.xml", "{{ tl.mo_ta }}", "{{ tl.so_trang }}", "so_trang"),
        (
            "van-ban-tra-loi.xml",
            "{% if muc.yeu_cau %}{{ muc.yeu_cau }}: {% endif %}<b>",
            "{{ muc.yeu_cau }} <b>",
            "yeu_cau",
        ),
        // Only inside the branch of an answer that is "yes".
        (
            "bien-ban-xu-ly.xml",
            "{% if ly_do_khong_ky %} với lý do: {{ ly_do_khong_ky }}{% endif %}",
            " {{ ly_do_khong_ky }}",
            "ly_do_khong_ky",
        ),
        // Another value is tested.
        (
            "phieu-tiep-nhan.xml",
            "{% if so_den %} (số đến {{ so_den }}){% endif %}",
            "{% if email %}{{ so_den }}{% endif %}",
            "so_den",
        ),
        ("thu-tra-loi.txt", "{%- if email %}\nEmail: {{ email }}\n{%- endif %}", "\nEmail: {{ email }}", "email"),
        ("phieu-tiep-nhan.xml", "{{ ngay_hen }}", "{{ so_den | upper }}", "so_den"),
    ] {
        let faults = override_one(form, |text| text.replacen(from, to, 1));
        let fault = faults.first().unwrap_or_else(|| panic!("{form}: {to}"));
        assert_eq!(fault.code, code::FORM_ABSENT, "{faults:#?}");
        assert!(fault.message.contains(&format!("{name}”")), "{fault:#?}");
        let (span, line) = (fault.span.unwrap(), fault.excerpt.as_deref().unwrap());
        assert!(line.chars().skip(span.column - 1).collect::<String>().starts_with(name), "{fault:#?}");
        assert!(faults.iter().all(|other| other.span == fault.span), "{faults:#?}");
    }
    let fine = override_one("phieu-tiep-nhan.xml", |text| {
        text.replacen(
            "{{ ngay_hen }}",
            "{{ so_den | default(value=\"…\") }}{% if so_den is defined %}{{ so_den }}{% endif %}",
            1,
        )
    });
    assert_eq!(fine, []);
}

#[test]
fn names_are_looked_for_below_their_own_parent() {
    for (form, from, to, said) in [
        (
            "phieu-tiep-nhan.xml",
            "{% if nguoi_khieu_nai.email %}",
            "{% if nguoi_khieu_nai.so_trang %}",
            "Không có tên “so_trang” trong “nguoi_khieu_nai”.",
        ),
        ("bien-ban-xu-ly.xml", "{% if muc.yeu_cau %}", "{% if muc.mo_ta %}", "Không có tên “mo_ta” trong “muc”."),
        (
            "phieu-tiep-nhan.xml",
            "{{ tl.mo_ta }}",
            "{{ tai_lieu.mo_ta }}",
            "“tai_lieu” là danh sách, không lấy thẳng “mo_ta” được.",
        ),
        ("phieu-tiep-nhan.xml", "{{ ngay_hen }}", "{{ ngay_hen.ngay }}", "“ngay_hen” không có phần nào tên “ngay”."),
    ] {
        let faults = override_one(form, |text| text.replacen(from, to, 1));
        assert_eq!(faults[0].message, said);
        assert_eq!(faults[0].code, code::FORM_NAME);
    }
}

#[test]
fn what_does_not_fit_names_form_block_and_text() {
    let (style, fonts) = (crate::layout::Style::builtin(), crate::font::FontSet::builtin());
    let set = |from: &str, to: &str| {
        let text = FormSet::builtin().text("bien-ban-xu-ly.xml").replacen(from, to, 1);
        FormSet::load(&[("bien-ban-xu-ly.xml".to_owned(), text)]).unwrap()
    };
    let found = |set: &FormSet| trial::findings(set, &[LetterKind::HandlingRecord], &[], &style, &fonts);
    let builtin = FormSet::builtin();
    let batches: Vec<&str> = builtin.batch_names().collect();
    assert_eq!(trial::findings(&builtin, &LetterKind::ALL, &batches, &style, &fonts), []);

    let word = "Nghiêng".repeat(6);
    let wide = set("Nội dung khiếu nại nêu tại mục 2", &word);
    let wide = found(&wide);
    assert_eq!((one(&wide).code, one(&wide).severity), (code::TOO_WIDE, Severity::Error));
    let (at, _) = place_of("bien-ban-xu-ly.xml", "Nội dung khiếu nại nêu tại mục 2");
    assert_eq!(one(&wide).span.unwrap().line, at);
    assert!(one(&wide).message.contains("biên bản xử lý") && one(&wide).message.contains("bảng, cột 2"), "{wide:#?}");

    let foreign = set("Mã hồ sơ:", "{% if false %}王{% endif %}Mã hồ sơ:");
    let foreign = found(&foreign);
    assert_eq!(one(&foreign).code, code::MISSING_GLYPH, "in a branch nobody takes: {foreign:#?}");
    let styled = set("<p>Mã hồ sơ", "<p style=\"la\">Mã hồ sơ");
    assert_eq!(one(&found(&styled)).code, code::UNKNOWN_STYLE);
}

#[test]
fn faults_of_syntax_are_told_in_vietnamese() {
    let slip = "phieu-tiep-nhan.xml";
    for (from, to, marked, said) in [
        ("{% if thay_the %}", "{% iff thay_the %}", "iff", "Không có thẻ {% … %} này"),
        (
            "{% endblock ten_loai %}",
            "{% endblock ten_lai %}",
            "ten_lai",
            "Thẻ mở ghi tên “ten_loai”, thẻ đóng lại ghi “ten_lai”.",
        ),
        ("{% endblock ten_loai %}", "{% endblock ten_loai %}chữ", "", "phần này nằm ngoài"),
        ("loop.last", "loop.cuoi", "cuoi", "loop chỉ có index"),
        ("{% block noi_dung %}", "{% block ten_loai %}", "ten_loai", "Khối “ten_loai” viết hai lần."),
        ("{{ ngay_hen }}", "{{ ngay_hen ngay_den }}", "ngay_den", "chỗ này cần"),
    ] {
        let (_, _, _, shown, message) = told(slip, from, to);
        assert!(message.contains(said), "{to}: {message}");
        assert!(shown.contains(marked), "{to}: {shown}");
    }
}

#[test]
fn marks_change_nothing_of_what_is_filled_in() {
    let set = FormSet::builtin();
    let marked = origin::Marked::of(&set.inner.texts);
    let mut tera = engine();
    tera.add_raw_templates(marked.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap();
    for kind in LetterKind::ALL {
        let view = trial::example(kind);
        for form in forms_of(kind) {
            let filled = set.render(&form, &view).unwrap();
            let at = filled.len() - 3;
            assert!(set.origin(&form, &view, &filled, at).is_some(), "{form}");
        }
    }
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
