//! What the facts of a case file mean together: order of dates, facts that exclude or need each other, numbers that must
//! match. A fact that is merely not there yet is never a finding.

mod dates;
mod facts;
#[cfg(test)]
mod faulty;
mod lists;
mod people;

use chrono::NaiveDate;

pub(super) use people::of_values;

pub use super::evidence::{Folder, NamedFile, link_refused, missing_file, named_files, unnamed_file};
use super::{Case, Date, Gaps, LetterBlock, Places};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::procedure::Assessment;
use crate::settings::Settings;

/// Every finding on the meaning of `case`, in the order of the file. Nothing is concluded from the absence of what lies in
/// `gaps`: that has been reported already.
#[must_use]
pub fn examine(
    case: &Case,
    gaps: &Gaps,
    places: &Places,
    today: NaiveDate,
    settings: &Settings,
    assessment: &Assessment,
) -> Vec<Diagnostic> {
    let mut examiner = Examiner { case, gaps, places, today: Date(today), settings, assessment, findings: Vec::new() };
    examiner.dates();
    examiner.facts();
    examiner.lists();
    examiner.people();
    let mut findings = examiner.findings;
    findings.sort_by_key(|finding| finding.span);
    findings
}

struct Examiner<'a> {
    case: &'a Case,
    gaps: &'a Gaps,
    places: &'a Places,
    today: Date,
    settings: &'a Settings,
    assessment: &'a Assessment,
    findings: Vec<Diagnostic>,
}

impl Examiner<'_> {
    fn report(
        &mut self,
        severity: Severity,
        code: Code,
        path: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let said = |sentence: String| crate::procedure::in_words(self.case, &sentence);
        let (message, hint) = (said(message.into()), said(hint.into()));
        self.findings.push(self.places.finding(code, severity, path, message, hint));
    }

    fn error(&mut self, code: Code, path: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.report(Severity::Error, code, path, message, hint);
    }

    fn warn(&mut self, code: Code, path: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.report(Severity::Warning, code, path, message, hint);
    }

    /// Whether nothing follows from the absence of what one of these paths may hold.
    fn lost(&self, paths: &[&str]) -> bool {
        paths.iter().any(|path| self.gaps.lost(path))
    }

    /// Whether a letter's block is without withdrawn numbers, and surely so.
    fn never_replaced(&self, path: &str, block: &dyn LetterBlock) -> bool {
        block.replacements().is_empty() && !self.lost(&[&format!("{path}.thay_the")])
    }

    /// Whether the complaint may have been brought again after its end.
    fn brought_again(&self) -> bool {
        !self.case.reopenings.is_empty() || self.lost(&["khieu_nai_lai"])
    }

    /// Number of the first round, where enough can be read to know it.
    fn first_round(&self) -> Option<u32> {
        let counted = ["xu_ly_ngay.bien_ban", "xu_ly_ngay.tra_loi", "tu_choi.thay_the", "khieu_nai_lai"];
        let settled = self.case.settled.as_ref().is_some_and(|s| s.record.is_some() || s.answer.is_some());
        (settled || !self.lost(&counted)).then(|| self.case.first_round())
    }

    /// Line of a path, for messages that name another place.
    fn line(&self, path: &str) -> usize {
        self.places.span(path).map_or(0, |span| span.line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::calendar::{Calendar, Swaps};
    use crate::settings::TEMPLATE;

    fn examined(case: &Case, places: &Places, today: NaiveDate, settings: &Settings) -> Vec<Diagnostic> {
        let calendar = Calendar::builtin(Swaps::Follow);
        let assessment = crate::procedure::assess(case, &calendar, settings, today);
        examine(case, &Gaps::default(), places, today, settings, &assessment)
    }

    /// Findings on `text` as of 20/11/2026: line, `!` for errors or `?`, code, message.
    fn told(text: &str) -> Vec<String> {
        let parsed = parse(text.as_bytes(), "x.yaml");
        assert_eq!(parsed.findings, [], "{text}");
        let settings = Settings::parse(TEMPLATE, "hoso.yaml").unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        examined(&parsed.case.unwrap(), &parsed.places, today, &settings)
            .into_iter()
            .map(|f| {
                let mark = if f.is_error() { '!' } else { '?' };
                format!("{}{mark} {} {}", f.span.map_or(0, |s| s.line), f.code, f.message)
            })
            .collect()
    }

    fn codes(text: &str) -> Vec<String> {
        let cut = |told: &String| told.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ");
        told(&format!("ma_ho_so: KN-2026-0001\n{text}")).iter().map(cut).collect()
    }

    const EXAMPLE: &str = include_str!("../../tests/data/KN-2026-0042.yaml");

    #[test]
    fn the_example_means_something() {
        // 0109876543: 0·31+1·29+0·23+9·19+8·17+7·13+6·7+5·5+4·3 = 506 = 46·11, so the last digit would have to be 10.
        assert_eq!(told(EXAMPLE), ["9? HS112 Mã số thuế 0109876543 có chữ số kiểm tra không khớp."]);
    }

    #[test]
    fn every_half_of_the_example_is_a_normal_state() {
        let lines: Vec<&str> = EXAMPLE.lines().collect();
        for end in 1..=lines.len() {
            let text = lines[..end].join("\n") + "\n";
            let parsed = parse(text.as_bytes(), "x.yaml");
            let Some(case) = parsed.case else { continue };
            let settings = Settings::parse(TEMPLATE, "hoso.yaml").unwrap();
            let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
            let findings = examined(&case, &parsed.places, today, &settings);
            let errors: Vec<_> = findings.iter().filter(|f| f.is_error()).collect();
            assert!(errors.is_empty(), "up to line {end}: {errors:#?}");
        }
    }

    #[test]
    fn the_sample_cases_are_right_and_both_readings_of_them_equal() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let settings = std::fs::read_to_string(folder.join("hoso.yaml")).unwrap();
        let settings = Settings::parse(&settings, "hoso.yaml").unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with("KN-") || !name.ends_with(".yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let parsed = parse(text.as_bytes(), &name);
            assert_eq!(parsed.findings, [], "{name}");
            let case = parsed.case.unwrap();
            assert_eq!(crate::yaml::read::<Case>(&text).unwrap(), case, "{name}");
            let errors: Vec<_> =
                examined(&case, &parsed.places, today, &settings).into_iter().filter(Diagnostic::is_error).collect();
            assert_eq!(errors, [], "{name}");
            count += 1;
        }
        assert!(count >= 12, "{count} sample cases");
    }

    #[test]
    fn dates_out_of_order() {
        let swap = |from: &str, to: &str| {
            told(&EXAMPLE.replacen(from, to, 1)).into_iter().filter(|t| t.contains('!')).collect::<Vec<_>>()
        };
        assert_eq!(
            swap("ngay_ghi_nhan: 12/10/2026", "ngay_ghi_nhan: 11/10/2026"),
            ["20! HS101 Ngày ghi nhận (11/10/2026) trước ngày khiếu nại đến (12/10/2026, dòng 19)."]
        );
        assert_eq!(
            swap("ngay: 14/10/2026", "ngay: 12/10/2026"),
            ["65! HS101 Ngày chuyển bộ phận (12/10/2026) trước ngày phiếu tiếp nhận (13/10/2026, dòng 48)."]
        );
        assert_eq!(
            swap("ngay: 21/10/2026", "ngay: 31/10/2026"),
            ["77! HS101 Ngày văn bản trả lời (30/10/2026) trước ngày báo kết quả (31/10/2026, dòng 71)."]
        );
        assert_eq!(
            swap("ngay_nhan: 30/10/2026", "ngay_nhan: 29/10/2026"),
            ["95! HS101 Ngày người nhận nhận được (29/10/2026) trước ngày gửi (30/10/2026, dòng 92)."]
        );
        assert_eq!(
            swap("ngay: 06/11/2026", "ngay: 29/10/2026"),
            ["97! HS101 Ngày khách hàng phản hồi (29/10/2026) trước ngày văn bản trả lời (30/10/2026, dòng 77)."]
        );
        assert_eq!(
            swap("ngay: 09/11/2026", "ngay: 05/11/2026"),
            ["105! HS101 Ngày chuyển bộ phận (05/11/2026) trước ngày khách hàng phản hồi (06/11/2026, dòng 97)."]
        );
        assert_eq!(codes("xu_ly_ngay:\n  bien_ban:\n    gio_bat_dau: 10:00\n    gio_ket_thuc: 9h30\n"), ["5! HS101"]);
        assert_eq!(codes("phieu_tiep_nhan:\n  ngay: 10/11/2026\n  ngay_hen: 09/11/2026\n"), ["4! HS101"]);
    }

    #[test]
    fn an_appointed_day_may_only_bring_the_term_forward() {
        // 20 working days from Tuesday 13/10/2026: four weeks without a holiday, Tuesday 10/11/2026.
        let slip = |appointed: &str| {
            let facts = "tiep_nhan:\n  ngay_den: 12/10/2026\nxem_xet_tiep_nhan:\n  thuoc_pham_vi: co\n  xu_ly_ngay_duoc: khong\n";
            told(&format!(
                "ma_ho_so: KN-2026-0001\n{facts}phieu_tiep_nhan:\n  ngay: 13/10/2026\n  ngay_hen: {appointed}\n"
            ))
        };
        assert_eq!(slip("10/11/2026"), [""; 0]);
        assert_eq!(slip("02/11/2026"), [""; 0]);
        assert_eq!(
            slip("11/11/2026"),
            [
                "9! HS118 Ngày hẹn trả lời (11/11/2026) muộn hơn hạn trả lời 10/11/2026 (20 ngày làm việc kể từ ngày viết phiếu tiếp nhận 13/10/2026)."
            ]
        );
        // After a rejection the answer given again is promised: 20 working days from Monday 12/10/2026, 09/11/2026.
        let again = |appointed: &str| {
            let rejected = "tu_choi:\n  ngay: 06/10/2026\n  ban_hanh: co\n  gui:\n    - ngay: 06/10/2026\n";
            codes(&format!(
                "xem_xet_tiep_nhan:\n  thuoc_pham_vi: khong\n  ly_do_tu_choi:\n    - Không phải E-CA\n{rejected}khieu_nai_lai:\n  - ngay: 12/10/2026\nphieu_tiep_nhan:\n  ngay: 13/10/2026\n  ngay_hen: {appointed}\n"
            ))
        };
        assert_eq!(again("09/11/2026"), [""; 0]);
        assert_eq!(again("10/11/2026"), ["15! HS118"]);
    }

    #[test]
    fn withdrawn_numbers_fit_the_days_and_the_sendings() {
        // Lines: slip 6, its day 7, replacements from 9, sendings after them.
        let slip = |replaced: &str, sent: &str| {
            told(&format!(
                "ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den: 12/10/2026\nxem_xet_tiep_nhan:\n  ngay: 13/10/2026\nphieu_tiep_nhan:\n  ngay: 16/10/2026\n  ban_hanh: co\n  nguoi_ky: pham-van-loc\n  thay_the:\n{replaced}{sent}"
            ))
        };
        let row = |number: u32, day: &str, kind: &str| {
            format!("    - so: {number}\n      ngay: {day}\n      hinh_thuc: {kind}\n      ly_do: Ghi nhầm\n")
        };
        let sent = "  gui:\n    - ngay: 14/10/2026\n";
        assert_eq!(slip(&row(1, "15/10/2026", "thay_the"), sent), [""; 0]);
        assert_eq!(
            slip(&row(1, "15/10/2026", "huy_so"), sent),
            ["13? HS117 Hủy số của phiếu tiếp nhận đã gửi ngày 14/10/2026 (dòng 16)."]
        );
        assert_eq!(slip(&row(1, "14/10/2026", "huy_so"), sent), [""; 0], "sent with its new number the same day");
        assert_eq!(
            slip(&(row(1, "15/10/2026", "thay_the") + &row(2, "16/10/2026", "huy_so")), sent),
            [""; 0],
            "what was sent bore the first number"
        );
        assert_eq!(
            slip(&row(1, "12/10/2026", "thay_the"), ""),
            ["12! HS101 Ngày thay thế (12/10/2026) trước ngày xem xét tiếp nhận (13/10/2026, dòng 5)."]
        );
        assert_eq!(
            slip(&row(1, "21/11/2026", "thay_the"), ""),
            ["12! HS102 Ngày thay thế (21/11/2026) ở sau hôm nay (20/11/2026)."]
        );
        let answer = |day: &str| {
            let slip = "phieu_tiep_nhan:\n  ngay: 14/10/2026\ngiai_quyet:\n  - lan: 1\n";
            let unit = "    chuyen_bo_phan:\n      - bo_phan: Phòng Kỹ thuật\n        ngay: 15/10/2026\n        ket_qua:\n          ngay: 21/10/2026\n";
            told(&format!(
                "ma_ho_so: KN-2026-0001\n{slip}{unit}    tra_loi:\n      thay_the:\n        - so: 3\n          ngay: {day}\n"
            ))
        };
        assert_eq!(answer("20/10/2026"), [""; 0], "the unit was asked again after the first answer was withdrawn");
        assert_eq!(
            answer("13/10/2026"),
            ["14! HS101 Ngày thay thế (13/10/2026) trước ngày phiếu tiếp nhận (14/10/2026, dòng 3)."]
        );
    }

    #[test]
    fn the_future_is_not_a_fact() {
        assert_eq!(
            told("ma_ho_so: KN-2026-0001\ntiep_nhan:\n  ngay_den: 21/11/2026\n"),
            ["3! HS102 Ngày khiếu nại đến (21/11/2026) ở sau hôm nay (20/11/2026)."]
        );
        let slip = "phieu_tiep_nhan:\n  ngay: 23/11/2026\n  trinh_ky: co\n";
        assert_eq!(codes(slip), [""; 0], "a draft may be dated ahead");
        assert_eq!(codes(&format!("{slip}  ban_hanh: co\n")), ["3! HS102"]);
    }

    #[test]
    fn facts_that_exclude_each_other() {
        let out = "xem_xet_tiep_nhan:\n  thuoc_pham_vi: khong\n  ly_do_tu_choi:\n    - Không phải E-CA\n";
        let rejected = format!("{out}tu_choi:\n  ngay: 10/11/2026\n  ban_hanh: co\n");
        assert_eq!(codes(&rejected), [""; 0]);
        assert_eq!(codes(&format!("{rejected}phieu_tiep_nhan:\n  ngay: 10/11/2026\n")), ["9! HS103"]);
        assert_eq!(
            codes(&format!(
                "{rejected}  thay_the:\n    - so: 1\n      hinh_thuc: huy_so\nphieu_tiep_nhan:\n  ngay: 10/11/2026\n"
            )),
            ["12! HS103"],
            "still out of scope, though the number is withdrawn"
        );
        assert_eq!(codes(&format!("{out}phieu_tiep_nhan:\n  ngay: 10/11/2026\n")), ["6! HS103"]);
        assert_eq!(codes("xem_xet_tiep_nhan:\n  thuoc_pham_vi: co\ntu_choi:\n  ngay: 10/11/2026\n"), ["4! HS103"]);
        assert_eq!(codes("tu_choi:\n  ban_hanh: co\n"), ["3! HS105"]);
        let at_once = "xem_xet_tiep_nhan:\n  thuoc_pham_vi: co\n  xu_ly_ngay_duoc: co\n";
        let round = "giai_quyet:\n  - lan: 2\n";
        assert_eq!(codes(&format!("{at_once}phieu_tiep_nhan:\n  ngay: 10/11/2026\n")), ["5! HS103"]);
        let record = |agrees: &str| format!("{at_once}xu_ly_ngay:\n  bien_ban:\n    dong_y: {agrees}\n{round}");
        assert_eq!(codes(&record("khong")), [""; 0]);
        assert_eq!(codes(&record("co")), ["8! HS103", "9! HS103"]);
        assert_eq!(codes(&format!("{}khieu_nai_lai:\n  - ngay: 10/11/2026\n", record("co"))), [""; 0]);
        assert_eq!(codes("xu_ly_ngay:\n  bien_ban:\n    dia_diem: a\n  tra_loi:\n    ket_luan: b\n"), ["5! HS103"]);
    }

    #[test]
    fn facts_that_need_an_earlier_one() {
        let round = |inner: &str| format!("giai_quyet:\n  - lan: 1\n{inner}");
        assert_eq!(
            codes(&round(
                "    chuyen_bo_phan:\n      - bo_phan: Phòng Kỹ thuật\n        ket_qua:\n          nguoi_xac_minh: A\n"
            )),
            ["6! HS104"]
        );
        assert_eq!(codes(&round("    tra_loi:\n      ban_hanh: co\n")), ["5! HS104"]);
        assert_eq!(codes(&round("    phan_hoi:\n      dong_y: co\n")), ["4! HS104"]);
        assert_eq!(codes(&round("  - lan: 2\n")), ["4! HS104"]);
        assert_eq!(
            codes("phieu_tiep_nhan:\n  gui:\n    - ngay: 10/11/2026\n  ban_ky:\n    tep: a.pdf\n"),
            ["3! HS104", "5! HS104"]
        );
    }

    #[test]
    fn numbers_must_match() {
        let intake = "tiep_nhan:\n  yeu_cau:\n    - Một\n    - Hai\n";
        let answer = |rows: &str| {
            codes(&format!("{intake}xu_ly_ngay:\n  tra_loi:\n    ban_hanh: co\n    tung_yeu_cau:\n{rows}"))
        };
        let row = |n: u32| format!("      - yeu_cau: {n}\n        ket_qua: mot_phan\n");
        assert_eq!(answer(&(row(1) + &row(2))), [""; 0]);
        assert_eq!(answer(&row(1)), ["9! HS106"]);
        assert_eq!(answer(&(row(1) + &row(3))), ["9! HS106", "12! HS106"]);
        assert_eq!(answer(&(row(1) + &row(2) + &row(2))), ["14! HS106"]);
        let passed = "giai_quyet:\n  - lan: 1\n    chuyen_bo_phan:\n      - bo_phan: Phòng kĩ thuật\n        ngay: 10/11/2026\n        noi_dung_xac_minh:\n          - Ai?\n        ket_qua:\n          tung_cau_hoi:\n            - cau_hoi: 2\n";
        assert_eq!(codes(passed), ["5? HS110", "11! HS107"]);
        assert_eq!(
            codes(&format!("{passed}      - bo_phan: PHÒNG KĨ THUẬT\n")),
            ["5? HS110", "11! HS107", "12! HS109", "12? HS110"]
        );
        assert_eq!(codes("giai_quyet:\n  - lan: 2\n"), ["3! HS108"]);
    }

    #[test]
    fn signers_need_authority_on_the_day() {
        let slip = |rest: &str| codes(&format!("phieu_tiep_nhan:\n  ngay: 10/11/2025\n{rest}"));
        assert_eq!(slip("  nguoi_ky: pham-van-loc\n  trinh_ky: co\n"), [""; 0]);
        assert_eq!(slip("  nguoi_ky: pham-van-luc\n"), ["4? HS111"]);
        assert_eq!(slip("  nguoi_ky: pham-van-luc\n  trinh_ky: co\n"), ["4! HS111"]);
        assert_eq!(
            slip("  nguoi_ky: do-minh-tuan\n  ban_hanh: co\n"),
            ["4! HS111"],
            "her power of attorney is of 2026"
        );
    }

    #[test]
    fn files_are_named_with_their_folders() {
        let case = parse(EXAMPLE.as_bytes(), "x.yaml").case.unwrap();
        let files: Vec<_> = named_files(&case).into_iter().map(|f| (f.path, f.folder, f.name)).collect();
        let wanted = [
            ("tiep_nhan.tai_lieu[0].tep", Folder::Attachments, "don-khieu-nai.pdf"),
            ("tiep_nhan.tai_lieu[1].tep", Folder::Attachments, "anh-man-hinh.png"),
            ("phieu_tiep_nhan.ban_ky.tep", Folder::Signed, "phieu-tiep-nhan-da-ky.pdf"),
            ("giai_quyet[0].chuyen_bo_phan[0].ket_qua.tai_lieu[0].tep", Folder::Attachments, "nhat-ky-thu-hoi.pdf"),
            ("giai_quyet[0].phan_hoi.tai_lieu[0].tep", Folder::Attachments, "van-ban-khong-dong-y.pdf"),
        ];
        assert_eq!(files, wanted.map(|(path, folder, name)| (path.to_owned(), folder, name.to_owned())));
    }
}
