//! The text of `hoso.yaml` → settings, or everything that is wrong with it at once.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::users::{User, Users};
use super::{
    Authority, AuthorityKind, CalendarChoice, Issuer, LegalBasis, Numbering, NumberingBy, NumberingTime, Paths,
    RetentionRules, Series, Settings, Signer, Start, Terms, Unit,
};
use crate::case::check::{Checked, canonical, check};
use crate::case::gaps::Gaps;
use crate::case::parse::{Source, source};
use crate::case::schema::{Described, Field, Shape};
use crate::case::value::Fault;
use crate::case::{CitizenId, Date, Email, Flag, Numeral, Phone, Places, Severity as CaseSeverity, Text};
use crate::diagnostic::{Code, Diagnostic, Severity, code};
use crate::letter::LetterKind;
use crate::yaml;

/// Declares the shape of a block of settings; a key marked `!` must be there.
macro_rules! shape {
    ($name:ident { $($key:literal $(! $required:tt)? : $ty:ty, $label:literal;)* }) => {
        impl Described for $name {
            fn shape() -> Shape {
                const FIELDS: &[Field] = &[$(Field {
                    key: $key,
                    label: $label,
                    shape: <$ty as Described>::shape,
                    required: shape!(@required $($required)?),
                },)*];
                Shape::Block(FIELDS)
            }
        }
    };
    (@required) => { false };
    (@required $required:tt) => { true };
}

/// Declares the words of a choice in the settings.
macro_rules! words {
    ($name:ident, $label:literal, $($word:literal = $meaning:literal),*) => {
        impl Described for $name {
            fn shape() -> Shape {
                Shape::Choice { label: $label, words: &[$(($word, $meaning),)*] }
            }
        }
    };
}

shape! { Settings {
    "don_vi"!1: Vec<Issuer>, "Đơn vị ban hành, theo ngày";
    "nguoi_ky"!1: Vec<Signer>, "Người ký và thẩm quyền";
    "nguoi_ky_mac_dinh": Text, "Mã người ký khi hồ sơ không ghi";
    "danh_so": Numbering, "Đánh số văn bản";
    "thoi_han": Terms, "Thời hạn, ngày làm việc";
    "lich": CalendarChoice, "Lịch làm việc";
    "bao_quan": RetentionRules, "Thời hạn lưu hồ sơ";
    "can_cu": Vec<LegalBasis>, "Căn cứ ghi trong văn bản";
    "bo_phan": Vec<Unit>, "Các bộ phận xác minh";
    "don_vi_soan": Text, "Đơn vị soạn, ghi sau “Lưu: VT,”";
    "cho_yen_giay": u64, "Số giây chờ trước khi ban hành";
    "thu_nghiem": Flag, "Thư mục làm việc dùng thử";
    "phong_chu_them": Vec<Text>, "Tệp phông chữ thêm";
    "duong_dan": Paths, "Thư mục để ở nơi khác";
}}
shape! { Users {
    "nguoi_dung": Vec<User>, "Người được xem kho từ máy khác";
}}
shape! { User {
    "ten"!1: Text, "Tên đăng nhập";
    "ho_ten"!1: Text, "Họ và tên";
    "mat_khau"!1: Text, "Chuỗi băm của mật khẩu";
}}
shape! { Issuer {
    "tu_ngay"!1: Date, "Ngày bắt đầu hiệu lực";
    "ten_cong_ty"!1: Text, "Tên công ty";
    "ten_trung_tam"!1: Text, "Tên trung tâm";
    "ten_viet_tat"!1: Text, "Tên viết tắt";
    "ten_dich_vu": Text, "Tên dịch vụ, viết trong câu";
    "dia_danh"!1: Text, "Địa danh trước ngày";
    "dia_chi"!1: Text, "Địa chỉ";
    "dien_thoai"!1: Phone, "Điện thoại";
    "website": Text, "Trang web";
    "email": Email, "Email gửi thư";
}}
shape! { Signer {
    "ma"!1: Text, "Mã dùng trong hồ sơ";
    "xung_ho": Text, "Ông hoặc Bà";
    "ho_ten"!1: Text, "Họ và tên";
    "so_can_cuoc": CitizenId, "Số căn cước";
    "tham_quyen"!1: Vec<Authority>, "Thẩm quyền ký, theo ngày";
}}
shape! { Authority {
    "tu_ngay"!1: Date, "Từ ngày";
    "den_ngay": Date, "Đến ngày";
    "hinh_thuc"!1: AuthorityKind, "Hình thức ký";
    "thay_cho": Text, "Ký thay cho ai";
    "chuc_vu"!1: Text, "Chức vụ người ký";
    "so_giay_uy_quyen": Text, "Số giấy ủy quyền";
    "ngay_uy_quyen": Date, "Ngày giấy ủy quyền";
}}
shape! { Numbering {
    "thoi_diem": NumberingTime, "Cấp số lúc nào";
    "nguoi_cap": NumberingBy, "Ai cấp số";
    "so": Vec<Series>, "Dãy số của từng loại văn bản";
}}
shape! { Series {
    "loai"!1: LetterKind, "Loại văn bản";
    "so_dang_ky"!1: Text, "Sổ đăng ký";
    "ky_hieu"!1: Text, "Ký hiệu sau số";
    "bat_dau": Vec<Start>, "Số đầu tiên theo năm";
}}
shape! { Start {
    "nam"!1: Numeral, "Năm";
    "so"!1: Numeral, "Số đầu tiên";
}}
shape! { Terms {
    "xem_xet": u32, "Xem xét tiếp nhận";
    "tu_choi": u32, "Thông báo từ chối";
    "tra_loi_ngay": u32, "Trả lời khi xử lý ngay";
    "phieu_tiep_nhan": u32, "Phiếu tiếp nhận";
    "canh_bao_tiep_nhan": u32, "Cảnh báo tiếp nhận chậm";
    "chuyen_bo_phan": u32, "Chuyển bộ phận";
    "ket_qua": u32, "Kết quả xác minh";
    "ket_qua_truoc_tra_loi": u32, "Kết quả trước hạn trả lời";
    "tra_loi": u32, "Trả lời";
    "tra_loi_lai": u32, "Trả lời lại";
    "khong_phan_hoi": u32, "Không phản hồi";
}}
shape! { CalendarChoice {
    "theo_hoan_doi"!1: Flag, "Theo hoán đổi ngày làm việc";
}}
shape! { RetentionRules {
    "so_nam": Numeral, "Số năm lưu hồ sơ";
    "vinh_vien": Vec<CaseSeverity>, "Mức độ lưu vĩnh viễn";
}}
shape! { LegalBasis {
    "tu_ngay"!1: Date, "Từ ngày";
    "den_ngay": Date, "Đến ngày";
    "ten"!1: Text, "Tên căn cứ";
}}
shape! { Unit {
    "ten"!1: Text, "Tên bộ phận";
    "xung_ho": Text, "Cách xưng hô trong phiếu chuyển";
}}
shape! { Paths {
    "ho_so": Text, "Thư mục hồ sơ";
    "luu_tru": Text, "Thư mục lưu trữ";
    "trang_thai": Text, "Thư mục trạng thái";
}}
words! { AuthorityKind, "hình thức ký", "truc_tiep" = "người đứng đầu", "tm" = "TM.", "kt" = "KT.", "tl" = "TL.",
"tuq" = "TUQ.", "q" = "Q." }
words! { NumberingTime, "thời điểm cấp số", "truoc_khi_ky" = "trước khi ký", "sau_khi_ky" = "sau khi ký" }
words! { NumberingBy, "người cấp số", "chuong_trinh" = "chương trình", "van_thu" = "văn thư" }
words! { LetterKind, "loại văn bản có đánh số", "phieu_tiep_nhan" = "phiếu tiếp nhận", "tu_choi" = "thông báo từ chối",
"bien_ban" = "biên bản xử lý", "tra_loi" = "văn bản trả lời", "phieu_chuyen" = "phiếu chuyển" }

fn whole(text: &str, least: u64, most: u64) -> Result<(), Fault> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    match text.parse::<u64>() {
        Ok(number) if plain && (least..=most).contains(&number) => Ok(()),
        _ => Err(Fault {
            message: format!("“{}” không phải số từ {least} đến {most}.", text.chars().take(40).collect::<String>()),
            hint: "Ghi một số, chỉ gồm chữ số.".to_owned(),
        }),
    }
}

impl Described for u32 {
    fn shape() -> Shape {
        Shape::Scalar { label: "số ngày làm việc", example: "5", check: |text| whole(text, 1, 250) }
    }
}

impl Described for u64 {
    fn shape() -> Shape {
        Shape::Scalar { label: "số giây", example: "60", check: |text| whole(text, 0, 86_400) }
    }
}

/// Reads a file of settings against its shape.
fn read<T: Described + DeserializeOwned>(text: &str, file: &str) -> Result<(T, Places), Vec<Diagnostic>> {
    let Source { text, tree, findings: faults, .. } = source(text.as_bytes(), file, T::shape());
    let Some(tree) = tree.filter(|_| faults.is_empty()) else { return Err(faults) };
    let Checked { findings, .. } = check(&tree, T::shape(), file, &text);
    if !findings.is_empty() {
        return Err(findings);
    }
    let places = Places::of(file, &text, &tree);
    let read = yaml::read::<T>(&canonical(&tree, &Gaps::default())).map_err(|error| {
        vec![
            Diagnostic::error(code::READERS_DISAGREE, format!("Chương trình không đọc được tệp ({error})."))
                .hint("Đây là lỗi của chương trình; gửi tệp này cho người quản trị.")
                .in_file(file),
        ]
    })?;
    Ok((read, places))
}

/// Reads `nguoi-dung.yaml`.
pub(super) fn users(text: &str, file: &str) -> Result<Users, Vec<Diagnostic>> {
    let (users, places): (Users, Places) = read(text, file)?;
    let mut out = Examined { places: &places, findings: Vec::new() };
    let ids = users.users.iter().enumerate();
    out.twice(ids.map(|(i, user)| (user.id.to_string(), format!("nguoi_dung[{i}].ten"))), "tên đăng nhập");
    for (i, user) in users.users.iter().enumerate() {
        if !crate::serve::is_hash(user.password.as_str()) {
            out.report(
                code::SETTINGS_INCOMPLETE,
                &format!("nguoi_dung[{i}].mat_khau"),
                "Mật khẩu phải là chuỗi băm, không phải mật khẩu đọc được.",
                "Chạy “hoso serve --hash-password”, gõ mật khẩu, rồi chép dòng bắt đầu bằng $argon2id$ vào đây, trong dấu nháy đơn.",
            );
        }
    }
    if out.findings.is_empty() { Ok(users) } else { Err(out.findings) }
}

impl Settings {
    /// Reads the text of `hoso.yaml`; `file` is how findings name it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let (settings, places): (Self, Places) = read(text, file)?;
        let findings = settings.examine(&places);
        if findings.is_empty() { Ok(settings) } else { Err(findings) }
    }

    fn examine(&self, places: &Places) -> Vec<Diagnostic> {
        let mut out = Examined { places, findings: Vec::new() };
        self.examine_issuers(&mut out);
        self.examine_signers(&mut out);
        self.examine_numbering(&mut out);
        out.twice(
            self.units
                .iter()
                .enumerate()
                .map(|(i, unit)| (crate::letter::slug(unit.name.as_str()), format!("bo_phan[{i}].ten"))),
            "bộ phận",
        );
        for (i, basis) in self.bases.iter().enumerate() {
            out.period(&format!("can_cu[{i}]"), basis.from, basis.until);
        }
        out.findings
    }

    fn examine_issuers(&self, out: &mut Examined<'_>) {
        if self.issuers.is_empty() {
            out.report(
                code::SETTINGS_INCOMPLETE,
                "don_vi",
                "Chưa có đơn vị ban hành nào.",
                "Ghi ít nhất một mục dưới don_vi.",
            );
        }
        let rows = self.issuers.iter().enumerate();
        out.twice(rows.map(|(i, issuer)| (issuer.from.to_string(), format!("don_vi[{i}].tu_ngay"))), "ngày bắt đầu");
    }

    fn examine_signers(&self, out: &mut Examined<'_>) {
        if self.signers.is_empty() {
            out.report(
                code::SETTINGS_INCOMPLETE,
                "nguoi_ky",
                "Chưa có người ký nào.",
                "Ghi ít nhất một mục dưới nguoi_ky.",
            );
        }
        let rows = self.signers.iter().enumerate();
        out.twice(rows.map(|(i, signer)| (signer.id.to_string(), format!("nguoi_ky[{i}].ma"))), "mã người ký");
        if let Some(id) = &self.default_signer
            && self.signer(id.as_str()).is_none()
        {
            let known: Vec<&str> = self.signers.iter().map(|signer| signer.id.as_str()).collect();
            out.report(
                code::SETTINGS_VALUE,
                "nguoi_ky_mac_dinh",
                format!("Không có người ký nào mang mã “{id}”."),
                format!("Ghi một mã có trong mục nguoi_ky: {}.", known.join(", ")),
            );
        }
        for (i, signer) in self.signers.iter().enumerate() {
            for (j, authority) in signer.authority.iter().enumerate() {
                let path = format!("nguoi_ky[{i}].tham_quyen[{j}]");
                out.period(&path, authority.from, authority.until);
                let acts_for = !matches!(authority.kind, AuthorityKind::Head | AuthorityKind::Acting);
                if acts_for && authority.principal.is_none() {
                    out.report(
                        code::SETTINGS_INCOMPLETE,
                        &path,
                        format!("{} ký thay nhưng thiếu “thay_cho”.", signer.name),
                        "Thêm dòng thay_cho: chức vụ của người được ký thay, ví dụ Giám đốc.",
                    );
                }
                let paper = authority.attorney_number.is_some() && authority.attorney_date.is_some();
                if authority.kind == AuthorityKind::ByAttorney && !paper {
                    out.report(
                        code::SETTINGS_INCOMPLETE,
                        &path,
                        format!("{} ký theo ủy quyền nhưng thiếu số hoặc ngày giấy ủy quyền.", signer.name),
                        "Thêm so_giay_uy_quyen và ngay_uy_quyen.",
                    );
                }
            }
        }
    }

    fn examine_numbering(&self, out: &mut Examined<'_>) {
        for kind in LetterKind::ALL.into_iter().filter(|kind| kind.is_registered()) {
            if self.series(kind).is_none() {
                out.report(
                    code::SETTINGS_INCOMPLETE,
                    "danh_so.so",
                    format!("Chưa có dãy số cho {}.", kind.text()),
                    "Thêm một mục với loai, so_dang_ky và ky_hieu.",
                );
            }
        }
        let series = &self.numbering.series;
        out.twice(
            series.iter().enumerate().map(|(i, s)| (s.kind.text().to_owned(), format!("danh_so.so[{i}].loai"))),
            "loại văn bản",
        );
        // One register numbers on its own: two with one symbol would give the same number and symbol twice.
        let mut symbols: BTreeMap<String, usize> = BTreeMap::new();
        for (i, row) in series.iter().enumerate() {
            let first = *symbols.entry(row.symbol.as_str().to_uppercase()).or_insert(i);
            if series[first].register == row.register {
                continue;
            }
            let line = out.places.span(&format!("danh_so.so[{first}].ky_hieu")).map_or(0, |span| span.line);
            out.report(
                code::SETTINGS_TWICE,
                &format!("danh_so.so[{i}].ky_hieu"),
                format!(
                    "Sổ “{}” và sổ “{}” (dòng {line}) cùng ký hiệu “{}”: hai văn bản có thể trùng số và ký hiệu.",
                    row.register, series[first].register, row.symbol
                ),
                "Ghi ký hiệu khác, hoặc ghi cùng một so_dang_ky để hai loại lấy số chung một sổ.",
            );
        }
        for (i, row) in series.iter().enumerate() {
            let symbol = row.symbol.as_str();
            if symbol.contains(char::is_whitespace) || symbol.contains('/') {
                out.report(
                    code::SETTINGS_VALUE,
                    &format!("danh_so.so[{i}].ky_hieu"),
                    format!("Ký hiệu “{symbol}” có dấu cách hoặc dấu “/”."),
                    "Ghi ký hiệu liền nhau, các nhóm ngăn bằng dấu “-”, ví dụ TB-ECA.",
                );
            }
            let years = row.starts.iter().enumerate();
            out.twice(
                years.map(|(j, start)| (start.year.to_string(), format!("danh_so.so[{i}].bat_dau[{j}].nam"))),
                "năm",
            );
        }
    }
}

struct Examined<'a> {
    places: &'a Places,
    findings: Vec<Diagnostic>,
}

impl Examined<'_> {
    fn report(&mut self, code: Code, path: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(self.places.finding(code, Severity::Error, path, message, hint));
    }

    /// Reports every (value, path) whose value stood before.
    fn twice(&mut self, rows: impl Iterator<Item = (String, String)>, what: &str) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (value, path) in rows {
            let line = self.places.span(&path).map_or(0, |span| span.line);
            match seen.get(&value) {
                Some(first) => self.report(
                    code::SETTINGS_TWICE,
                    &path,
                    format!("Trùng {what} “{value}” với dòng {first}."),
                    "Mỗi mục phải khác nhau: sửa hoặc xóa một trong hai.",
                ),
                None => {
                    seen.insert(value, line);
                }
            }
        }
    }

    fn period(&mut self, path: &str, from: Date, until: Option<Date>) {
        if let Some(until) = until
            && until < from
        {
            self.report(
                code::SETTINGS_VALUE,
                &format!("{path}.den_ngay"),
                format!("Ngày kết thúc {until} trước ngày bắt đầu {from}."),
                "Xem lại tu_ngay và den_ngay.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::super::TEMPLATE;
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let findings = Settings::parse(text, "hoso.yaml").unwrap_err();
        findings.iter().map(|f| format!("{} {} {}", f.span.map_or(0, |s| s.line), f.code, f.message)).collect()
    }

    /// Line on which `needle` stands.
    fn line(text: &str, needle: &str) -> usize {
        text.lines().position(|line| line.contains(needle)).unwrap() + 1
    }

    #[test]
    fn the_template_is_right_and_says_what_the_source_says() {
        let settings = Settings::parse(TEMPLATE, "hoso.yaml").unwrap();
        assert_eq!(settings.terms, Terms::default());
        assert_eq!(settings.numbering, Numbering::default());
        assert_eq!(settings.retention, RetentionRules::default());
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let issuer = settings.issuer(day).unwrap();
        assert_eq!(issuer.company.as_str(), "Công ty TNHH Phát triển công nghệ Thái Sơn");
        assert_eq!(issuer.phone.as_str(), "024 3754 5222");
        assert_eq!(issuer.email, None);
        let lines = |id: &str| settings.signer(id).unwrap().authority(day).unwrap().office_lines();
        assert_eq!(lines("vu-thi-mai"), ["GIÁM ĐỐC TRUNG TÂM"]);
        assert_eq!(lines("pham-van-loc"), ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]);
        assert_eq!(lines("do-minh-tuan"), ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG CHĂM SÓC KHÁCH HÀNG"]);
        assert_eq!(settings.units.len(), 4);
        assert_eq!(settings.bases(day).count(), 1);
    }

    #[test]
    fn shapes_and_structs_have_the_same_keys() {
        fn compare(value: &Json, shape: Shape, path: &str) {
            match (value, shape) {
                (Json::Object(map), Shape::Block(fields)) => {
                    let ours: Vec<&str> = fields.iter().map(|field| field.key).collect();
                    let theirs: Vec<&str> = map.keys().map(String::as_str).collect();
                    assert_eq!(ours, theirs, "{path}");
                    for field in fields {
                        compare(&map[field.key], (field.shape)(), &format!("{path}.{}", field.key));
                    }
                }
                (Json::Array(items), Shape::List(item)) => items.iter().for_each(|value| compare(value, item(), path)),
                (Json::String(word), Shape::Choice { words, .. }) => {
                    assert!(words.iter().any(|(w, _)| w == word), "{path}")
                }
                (Json::String(_) | Json::Number(_) | Json::Null, Shape::Scalar { .. }) => {}
                (value, _) => panic!("{path}: {value}"),
            }
        }
        let with_start = TEMPLATE
            .replace("      # bat_dau:", "      bat_dau:")
            .replace("      #   - nam", "        - nam")
            .replace("      #     so:", "          so:");
        let settings = Settings::parse(&with_start, "hoso.yaml").unwrap();
        assert_eq!(settings.numbering.series[4].starts.len(), 1);
        compare(&serde_json::to_value(&settings).unwrap(), Settings::shape(), "");
    }

    #[test]
    fn faults_are_told_with_their_lines() {
        let text = TEMPLATE
            .replace("    dia_danh: Hà Nội  ", "    dia_dan: Hà Nội  ")
            .replace("xem_xet: 2 ", "xem_xet: 0 ")
            .replace("hinh_thuc: tuq", "hinh_thuc: tqu")
            .replace("  theo_hoan_doi: co", "  theo_hoan_doi: yes");
        assert_eq!(
            told(&text),
            [
                format!(
                    "{} HS013 Mục “don_vi” thiếu “dia_danh” (địa danh trước ngày).",
                    line(&text, "  - tu_ngay: 01/01/2020")
                ),
                format!("{} HS006 Trong mục “don_vi” không có khóa “dia_dan”.", line(&text, "dia_dan:")),
                format!("{} HS010 “tqu” không phải là hình thức ký.", line(&text, "tqu")),
                format!("{} HS009 “0” không phải số từ 1 đến 250.", line(&text, "xem_xet")),
                format!("{} HS009 “yes” không phải là co hay khong.", line(&text, "theo_hoan_doi")),
            ]
        );
        assert_eq!(told("don_vi:\n").len(), 2, "issuers and signers are missing");
    }

    #[test]
    fn two_registers_do_not_share_a_symbol() {
        let text = TEMPLATE.replace("ky_hieu: BB-ECA", "ky_hieu: TB-ECA");
        let lines: Vec<usize> =
            text.lines().zip(1..).filter(|(line, _)| line.contains("ky_hieu: TB-ECA")).map(|(_, n)| n).collect();
        assert_eq!(
            told(&text),
            [format!(
                "{} HS502 Sổ “bien-ban” và sổ “thong-bao” (dòng {}) cùng ký hiệu “TB-ECA”: hai văn bản có thể trùng số và ký hiệu.",
                lines[1], lines[0]
            )]
        );
        let shared = text.replace("so_dang_ky: bien-ban", "so_dang_ky: thong-bao");
        assert!(Settings::parse(&shared, "hoso.yaml").is_ok(), "two kinds in one register may");
    }

    #[test]
    fn rows_must_fit_together() {
        let text = TEMPLATE
            .replace("nguoi_ky_mac_dinh: pham-van-loc", "nguoi_ky_mac_dinh: pham-van-luc")
            .replace("    - loai: bien_ban", "    - loai: tu_choi")
            .replace("den_ngay: 31/12/2027", "den_ngay: 31/12/2025")
            .replace("        ngay_uy_quyen: 02/01/2026\n", "")
            .replace("  - ten: Phòng Pháp chế", "  - ten: Phòng Kỹ Thuật")
            .replace("ky_hieu: PTN-ECA", "ky_hieu: PTN/ECA");
        let mut told = told(&text);
        told.sort();
        let mut wanted = [
            format!("{} HS501 Không có người ký nào mang mã “pham-van-luc”.", line(&text, "nguoi_ky_mac_dinh:")),
            format!(
                "{} HS502 Trùng loại văn bản “thông báo từ chối” với dòng {}.",
                line(&text, "- loai: tu_choi") + 3,
                line(&text, "- loai: tu_choi")
            ),
            format!("{} HS503 Chưa có dãy số cho biên bản xử lý.", line(&text, "  so:  ")),
            format!("{} HS501 Ngày kết thúc 31/12/2025 trước ngày bắt đầu 02/01/2026.", line(&text, "31/12/2025")),
            format!(
                "{} HS503 Đỗ Minh Tuấn ký theo ủy quyền nhưng thiếu số hoặc ngày giấy ủy quyền.",
                line(&text, "- tu_ngay: 02/01/2026")
            ),
            format!(
                "{} HS502 Trùng bộ phận “phong-ky-thuat” với dòng {}.",
                line(&text, "Phòng Kỹ Thuật"),
                line(&text, "Phòng Kỹ thuật")
            ),
            format!("{} HS501 Ký hiệu “PTN/ECA” có dấu cách hoặc dấu “/”.", line(&text, "PTN/ECA")),
        ];
        wanted.sort();
        assert_eq!(told, wanted);
    }
}
