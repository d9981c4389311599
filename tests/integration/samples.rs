//! Case files and settings the tests work with.

use std::path::PathBuf;

use crate::desk::{Desk, copy_folder};

/// The folder of sample cases.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The samples' settings: quiet time 0.
pub(crate) fn settings() -> String {
    std::fs::read_to_string(folder().join("hoso.yaml")).unwrap()
}

/// A sample case file.
pub(crate) fn sample(code: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{code}.yaml"))).unwrap()
}

/// Lays a sample's evidence beside where its file goes.
pub(crate) fn lay_evidence(desk: &Desk, code: &str) {
    copy_folder(&folder().join(code), &desk.path(&format!("ho-so/{code}")));
}

/// A citizen's case with a receipt slip dated `day` (November 2026); `slip` are further lines of the slip's block, each
/// indented by two, `rest` further blocks.
pub(crate) fn slip(code: &str, day: u32, slip: &str, rest: &str) -> String {
    // Each case tells of its own token: the same complaint under two codes is a copy.
    let token = code.rsplit('-').next().unwrap_or_default();
    format!(
        "ma_ho_so: {code}

nguoi_khieu_nai:
  loai: ca_nhan
  xung_ho: Bà
  ten: Nguyễn Thị Hường
  so_can_cuoc: \"001178000327\"
  dia_chi: Số 12 ngõ 45 phố Trần Thái Tông, phường Cầu Giấy, thành phố Hà Nội
  dien_thoai: 0916 000 327

tiep_nhan:
  ngay_den: 02/11/2026
  hinh_thuc: van_ban
  nguoi_tiep_nhan: Hoàng Thu Trang
  dich_vu: Chữ ký số cá nhân (USB token)
  serial_chung_thu: 5401 0000 0000 07c2
  tom_tat: Không ký được tờ khai thuế từ ngày 30/10/2026
  noi_dung: Từ ngày 30/10/2026, token {token} báo lỗi khi ký tờ khai thuế.
  yeu_cau:
    - Làm rõ nguyên nhân

xem_xet_tiep_nhan:
  ngay: 03/11/2026
  nguoi_quyet_dinh: Đỗ Minh Tuấn
  thuoc_pham_vi: co
  xu_ly_ngay_duoc: khong

phieu_tiep_nhan:
  ngay: {day:02}/11/2026
  nguoi_ky: pham-van-loc
{slip}{rest}"
    )
}

/// The line that issues a letter.
pub(crate) const ISSUE: &str = "  ban_hanh: co\n";

/// The rejected sample case: closes as soon as its file says so.
pub(crate) const REJECTED: &str = "KN-2026-0027";

/// The rejected case before `luu_ho_so`.
pub(crate) fn rejected_open() -> String {
    let text = sample(REJECTED);
    text[..text.find("luu_ho_so:").unwrap()].to_owned()
}

/// Where the rejected case lies once it is closed.
pub(crate) const REJECTED_ZIP: &str = "archive/2026/KN-2026-0027.zip";

/// The rejected case in the archive: issued while it was open, then closed.
pub(crate) fn closed() -> Desk {
    let desk = Desk::new();
    lay_evidence(&desk, REJECTED);
    desk.save(REJECTED, &rejected_open());
    desk.build().expect(0);
    desk.save(REJECTED, &sample(REJECTED));
    desk.build().expect(0);
    assert!(desk.exists(REJECTED_ZIP));
    desk
}
