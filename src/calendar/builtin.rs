//! The calendar data built into the program, and the texts a workspace starts from.

use std::fmt::Write as _;

use chrono::Datelike;

use super::statute::Statute;

/// The statute.
pub(super) const STATUTE: &str = include_str!("data/luat.yaml");

/// Example of the company's own choice, all commented out.
pub(super) const OWN: &str = include_str!("data/rieng.yaml");

/// The yearly notices.
pub(super) const NOTICES: [(i32, &str); 4] = [
    (2024, include_str!("data/2024.yaml")),
    (2025, include_str!("data/2025.yaml")),
    (2026, include_str!("data/2026.yaml")),
    (2027, include_str!("data/2027.yaml")),
];

/// A year's file computed from the statute, marked provisional.
pub(super) fn provisional(statute: &Statute, year: i32) -> String {
    let mut text = format!(
        "# LỊCH NGHỈ NĂM {year} — TẠM TÍNH theo luật, chưa có thông báo của năm.\n\
         # Khi có thông báo: sửa các ngày dưới đây cho đúng rồi xóa dòng \"tam_tinh: co\".\n\
         # Ngày viết {year}-11-20 hoặc 20/11/{year}. Thứ Bảy, Chủ nhật không cần ghi.\n\
         nam: {year}\ntam_tinh: co\n\n\
         # Ngày nghỉ, kể cả ngày nghỉ bù: một ngày (ngay) hoặc nhiều ngày liền nhau (tu … den …).\nngay_nghi:\n"
    );
    for (date, reason) in statute.holidays(year).off.iter().filter(|(date, _)| date.year() == year) {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  - ngay: {date}\n    ly_do: {reason}");
    }
    text.push_str(
        "\n# Hoán đổi: nghỉ ngày làm việc (nghi), làm bù vào ngày nghỉ hằng tuần (lam_bu).\n\
         # Chỉ bắt buộc với cơ quan nhà nước; công ty theo hay không là do cài đặt.\nhoan_doi: []\n",
    );
    text
}
