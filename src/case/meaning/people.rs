//! Who signs, and who complains.

use super::Examiner;
use crate::case::value::Value;
use crate::case::{Kind, Places, TaxCode};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::yaml::tree::Node;

/// Where the tax code of the complainant stands.
const TAX_CODE: [&str; 2] = ["nguoi_khieu_nai", "ma_so_thue"];

/// The finding about a tax code whose check digit does not fit.
fn check_digit(code: &TaxCode, places: &Places) -> Option<Diagnostic> {
    (!code.check_digit_fits()).then(|| {
        places.finding(
            code::CHECK_DIGIT,
            Severity::Warning,
            &TAX_CODE.join("."),
            format!("Mã số thuế {code} có chữ số kiểm tra không khớp."),
            "Đối chiếu với giấy đăng ký doanh nghiệp; nếu đúng như vậy thì cứ để nguyên.",
        )
    })
}

/// What can be said of single values of a file of whose meaning as a whole nothing can be said.
pub(in crate::case) fn of_values(tree: &Node, places: &Places) -> Vec<Diagnostic> {
    let node = TAX_CODE.iter().try_fold(tree, |node, key| node.get(key));
    let code = node.and_then(Node::text).and_then(|text| TaxCode::parse(text).ok());
    code.and_then(|code| check_digit(&code, places)).into_iter().collect()
}

impl Examiner<'_> {
    pub(super) fn people(&mut self) {
        self.signers();
        self.complainant();
    }

    fn signers(&mut self) {
        for letter in self.case.letters() {
            let settings = self.settings;
            let wanted = letter.block.issue() || letter.block.for_signature();
            let severity = if wanted { Severity::Error } else { Severity::Warning };
            let written = letter.block.signer();
            let path = format!("{}.nguoi_ky", letter.path);
            if written.is_none() && self.lost(&[&path]) {
                continue;
            }
            let Some(id) = written.or(settings.default_signer.as_ref()) else {
                if wanted {
                    self.error(
                        code::SIGNER,
                        &path,
                        format!("Chưa ghi người ký {}.", letter.id.kind.text()),
                        "Thêm “nguoi_ky: …” với mã người ký trong hoso.yaml.",
                    );
                }
                continue;
            };
            let known: Vec<&str> = settings.signers.iter().map(|signer| signer.id.as_str()).collect();
            let Some(signer) = settings.signer(id.as_str()) else {
                self.report(
                    severity,
                    code::SIGNER,
                    &path,
                    format!("hoso.yaml không có người ký mang mã “{id}”."),
                    format!("Ghi một trong các mã: {}.", known.join(", ")),
                );
                continue;
            };
            if letter.block.date().is_none() && self.lost(&[&format!("{}.ngay", letter.path)]) {
                continue;
            }
            let date = letter.block.date().unwrap_or(self.today);
            if signer.authority(date.0).is_none() && (written.is_some() || wanted) {
                self.report(
                    severity,
                    code::SIGNER,
                    &path,
                    format!("{} không có thẩm quyền ký vào ngày {date}.", signer.name),
                    "Chọn người ký khác, sửa ngày văn bản, hoặc bổ sung tham_quyen của người này trong hoso.yaml.",
                );
            }
        }
    }

    fn complainant(&mut self) {
        let Some(complainant) = &self.case.complainant else { return };
        let code = complainant.tax_code.as_ref();
        self.findings.extend(code.and_then(|code| check_digit(code, self.places)));
        match complainant.kind {
            Some(Kind::Individual) if complainant.representative.is_some() => self.warn(
                code::COMPLAINANT_KIND,
                "nguoi_khieu_nai.nguoi_dai_dien",
                "Người khiếu nại là cá nhân nhưng có người đại diện theo pháp luật.",
                "Xem lại loai; người khiếu nại thay theo ủy quyền thì ghi ở nguoi_duoc_uy_quyen.",
            ),
            Some(Kind::Enterprise | Kind::Organisation) if complainant.citizen_id.is_some() => self.warn(
                code::COMPLAINANT_KIND,
                "nguoi_khieu_nai.so_can_cuoc",
                "Doanh nghiệp, tổ chức không có số căn cước.",
                "Chuyển số này vào mục nguoi_dai_dien, hoặc xem lại loai.",
            ),
            _ => {}
        }
    }
}
