//! Facts that exclude each other, and facts that need an earlier one.

use super::Examiner;
use crate::case::{Flag, LetterBlock, Reaction, Withdrawal};
use crate::diagnostic::code;

impl Examiner<'_> {
    pub(super) fn facts(&mut self) {
        self.rejection();
        self.settling();
        self.rounds();
        self.letters();
    }

    fn exclude(&mut self, path: &str, message: &str, other: &str, hint: &str) {
        let line = self.line(other);
        self.error(code::EXCLUSIVE_FACTS, path, format!("{message} (dòng {line})."), hint);
    }

    fn slip_in_force(&self) -> bool {
        self.case.slip.as_ref().is_some_and(|slip| self.never_replaced("phieu_tiep_nhan", slip))
    }

    /// Blocks that only a complaint taken up can have, with what they are called.
    fn taken_up(&self) -> Vec<(&'static str, &'static str)> {
        let case = self.case;
        [
            (self.slip_in_force(), "phieu_tiep_nhan", "phiếu tiếp nhận"),
            (case.settled.is_some(), "xu_ly_ngay", "xử lý ngay"),
            (!case.rounds.is_empty(), "giai_quyet", "giải quyết"),
        ]
        .into_iter()
        .filter_map(|(present, key, label)| present.then_some((key, label)))
        .collect()
    }

    fn rejection(&mut self) {
        let case = self.case;
        let in_scope = case.scope.as_ref().and_then(|scope| scope.in_scope);
        let again = self.brought_again();
        let reasons = case.scope.as_ref().is_some_and(|scope| !scope.reasons.is_empty())
            || self.lost(&["xem_xet_tiep_nhan.ly_do_tu_choi"]);
        if case.rejection.as_ref().is_some_and(LetterBlock::issue) && !reasons {
            self.error(
                code::NO_REASONS,
                "tu_choi.ban_hanh",
                "Ban hành thông báo từ chối nhưng chưa ghi lý do từ chối.",
                "Ghi từng lý do vào xem_xet_tiep_nhan.ly_do_tu_choi, mỗi lý do một dòng “- ”.",
            );
        }
        let rejection = case.rejection.as_ref().filter(|rejection| self.never_replaced("tu_choi", *rejection));
        if rejection.is_some() {
            if in_scope == Some(Flag::Yes) && !again {
                self.exclude(
                    "tu_choi",
                    "Có thông báo từ chối nhưng đã xem xét là thuộc phạm vi",
                    "xem_xet_tiep_nhan.thuoc_pham_vi",
                    "Sửa thuoc_pham_vi thành khong, hoặc xóa mục tu_choi (đã ban hành thì hủy số bằng thay_the).",
                );
            }
            if !again {
                for (key, label) in self.taken_up() {
                    self.exclude(
                        key,
                        &format!("Vừa có thông báo từ chối vừa có mục {label}; thông báo từ chối ở mục tu_choi"),
                        "tu_choi",
                        "Chỉ giữ một trong hai; văn bản đã ban hành nhầm thì ghi thay_the để hủy số.",
                    );
                }
            }
        } else if in_scope == Some(Flag::No) && !again {
            for (key, label) in self.taken_up() {
                self.exclude(
                    key,
                    &format!("Đã xem xét là không thuộc phạm vi nhưng lại có mục {label}"),
                    "xem_xet_tiep_nhan.thuoc_pham_vi",
                    "Sửa thuoc_pham_vi thành co, hoặc xóa mục này và ghi mục tu_choi.",
                );
            }
        }
    }

    fn settling(&mut self) {
        let case = self.case;
        let at_once = case.scope.as_ref().and_then(|scope| scope.settle_at_once);
        if let Some(settled) = &case.settled {
            if at_once == Some(Flag::No) {
                self.exclude(
                    "xu_ly_ngay",
                    "Có mục xử lý ngay nhưng đã ghi là không xử lý ngay được",
                    "xem_xet_tiep_nhan.xu_ly_ngay_duoc",
                    "Sửa xu_ly_ngay_duoc thành co, hoặc xóa mục xu_ly_ngay.",
                );
            }
            if settled.record.is_some() && settled.answer.is_some() {
                self.exclude(
                    "xu_ly_ngay.tra_loi",
                    "Xử lý ngay chỉ bằng biên bản hoặc bằng văn bản trả lời, không cả hai; đã có biên bản",
                    "xu_ly_ngay.bien_ban",
                    "Khách đến trực tiếp thì giữ bien_ban; hình thức khác thì giữ tra_loi.",
                );
            }
            if settled.record.is_none() && !self.lost(&["xu_ly_ngay.bien_ban"]) {
                self.reaction("xu_ly_ngay", settled.reaction.as_ref(), settled.answer.as_ref());
            }
        }
        let opened = case.settled_objected()
            || self.brought_again()
            || self.lost(&["xu_ly_ngay.phan_hoi.dong_y", "xu_ly_ngay.bien_ban.dong_y"]);
        if at_once == Some(Flag::Yes) && !opened {
            let blocks = [("phieu_tiep_nhan", self.slip_in_force()), ("giai_quyet", !case.rounds.is_empty())];
            for (key, _) in blocks.into_iter().filter(|(_, present)| *present) {
                self.exclude(
                    key,
                    "Đã ghi là xử lý ngay được nên chưa có lý do lập phiếu tiếp nhận hay chuyển bộ phận",
                    "xem_xet_tiep_nhan.xu_ly_ngay_duoc",
                    "Sửa xu_ly_ngay_duoc thành khong; hoặc ghi phản hồi không đồng ý của khách (xu_ly_ngay.phan_hoi).",
                );
            }
        }
    }

    fn rounds(&mut self) {
        let case = self.case;
        let again = self.brought_again();
        let slip_issued =
            case.slip.as_ref().is_some_and(LetterBlock::issue) || self.lost(&["phieu_tiep_nhan.ban_hanh"]);
        for (i, round) in case.rounds.iter().enumerate() {
            let path = format!("giai_quyet[{i}]");
            for (j, transfer) in round.transfers.iter().enumerate() {
                let place = format!("{path}.chuyen_bo_phan[{j}]");
                let undated = transfer.date.is_none() && !self.lost(&[&format!("{place}.ngay")]);
                if transfer.findings.is_some() && undated {
                    self.error(
                        code::MISSING_EARLIER,
                        &format!("{place}.ket_qua"),
                        "Có kết quả xác minh nhưng chưa ghi ngày chuyển bộ phận.",
                        "Thêm “ngay: …” vào mục chuyen_bo_phan này.",
                    );
                }
            }
            let first_answer = i == 0 && self.first_round() == Some(1);
            if first_answer && round.answer.as_ref().is_some_and(LetterBlock::issue) && !slip_issued {
                self.error(
                    code::MISSING_EARLIER,
                    &format!("{path}.tra_loi.ban_hanh"),
                    "Ban hành văn bản trả lời khi chưa ban hành phiếu tiếp nhận.",
                    "Ban hành phieu_tiep_nhan trước (bước 5).",
                );
            }
            self.reaction(&path, round.reaction.as_ref(), round.answer.as_ref());
            if again {
                continue;
            }
            let number = case.round_number(i);
            let before = match i.checked_sub(1) {
                Some(last) => case.rounds[last]
                    .reaction
                    .as_ref()
                    .and_then(|said| said.agrees)
                    .map(|f| (f, format!("giai_quyet[{last}].phan_hoi.dong_y"))),
                None => self.settled_reaction(),
            };
            match before {
                Some((Flag::Yes, place)) => self.exclude(
                    &path,
                    &format!("Khách hàng đã đồng ý nên không mở lần {number}"),
                    &place,
                    "Sửa dong_y, hoặc ghi mục khieu_nai_lai nếu khách khiếu nại lại sau khi đã đồng ý.",
                ),
                None if i > 0 && !self.lost(&[&format!("giai_quyet[{}].phan_hoi.dong_y", i - 1)]) => self.error(
                    code::MISSING_EARLIER,
                    &path,
                    format!("Mở lần {number} khi chưa ghi ý kiến không đồng ý của khách với lần trước."),
                    format!(
                        "Ghi phan_hoi với dong_y: khong vào lần {}, hoặc ghi mục khieu_nai_lai.",
                        number.saturating_sub(1)
                    ),
                ),
                _ => {}
            }
        }
    }

    fn settled_reaction(&self) -> Option<(Flag, String)> {
        let settled = self.case.settled.as_ref().filter(|_| !self.lost(&["xu_ly_ngay.phan_hoi.dong_y"]))?;
        let said = settled.reaction.as_ref().and_then(|said| said.agrees).map(|f| (f, "xu_ly_ngay.phan_hoi.dong_y"));
        let recorded = settled.record.as_ref().and_then(|r| r.agrees).map(|f| (f, "xu_ly_ngay.bien_ban.dong_y"));
        said.or(recorded).map(|(flag, place)| (flag, place.to_owned()))
    }

    /// A reaction needs an answer that went out.
    fn reaction(&mut self, path: &str, reaction: Option<&Reaction>, answer: Option<&impl LetterBlock>) {
        let sent =
            answer.is_some_and(|answer| !answer.sends().is_empty()) || self.lost(&[&format!("{path}.tra_loi.gui")]);
        if reaction.is_some() && !sent {
            self.error(
                code::MISSING_EARLIER,
                &format!("{path}.phan_hoi"),
                "Có phản hồi của khách hàng nhưng chưa ghi đã gửi văn bản trả lời.",
                "Ghi lần gửi vào mục gui của tra_loi (ngày, cách gửi).",
            );
        }
    }

    fn letters(&mut self) {
        for letter in self.case.letters() {
            let (block, path, what) = (letter.block, &letter.path, letter.id.kind.text());
            let issued = block.issue() || self.lost(&[&format!("{path}.ban_hanh")]);
            let signable = issued || block.for_signature() || self.lost(&[&format!("{path}.trinh_ky")]);
            if !block.sends().is_empty() && !issued {
                self.error(
                    code::MISSING_EARLIER,
                    &format!("{path}.gui"),
                    format!("Đã ghi gửi {what} nhưng văn bản chưa ban hành."),
                    "Thêm “ban_hanh: co” để cấp số, hoặc xóa mục gui.",
                );
            }
            if block.signed_copy().is_some() && !signable {
                self.error(
                    code::MISSING_EARLIER,
                    &format!("{path}.ban_ky"),
                    format!("Có bản đã ký của {what} nhưng văn bản chưa trình ký, chưa ban hành."),
                    "Thêm “trinh_ky: co” hoặc “ban_hanh: co”, hoặc xóa mục ban_ky.",
                );
            }
            self.voided(block, path, what);
            let mut numbers = Vec::new();
            for (i, replaced) in block.replacements().iter().enumerate() {
                let Some(number) = replaced.number else { continue };
                if numbers.contains(&number) {
                    self.error(
                        code::REPLACEMENT,
                        &format!("{path}.thay_the[{i}].so"),
                        format!("Số {number} đã được thay ở một mục phía trên."),
                        "Mỗi số chỉ bị thay một lần: xóa mục thừa hoặc sửa số.",
                    );
                }
                numbers.push(number);
            }
        }
    }

    /// An unsent number is voided; a letter that went out is replaced or corrected.
    fn voided(&mut self, block: &dyn LetterBlock, path: &str, what: &str) {
        let days = (0..block.replacements().len()).map(|i| format!("{path}.thay_the[{i}].ngay"));
        if days.into_iter().any(|day| self.lost(&[&day])) {
            return;
        }
        for (i, replaced) in block.replacements().iter().enumerate() {
            let Some(day) = replaced.date.filter(|_| replaced.kind == Some(Withdrawal::Void)) else { continue };
            // What went out before the number ahead of this one was withdrawn bore that one.
            let begun = block.replacements().iter().filter_map(|other| other.date).filter(|other| *other < day).max();
            let sends = block.sends().iter().enumerate();
            let mut sent = sends.filter_map(|(place, send)| Some((place, send.date?)));
            let Some((place, sent)) = sent.find(|(_, sent)| *sent < day && begun.is_none_or(|begun| *sent >= begun))
            else {
                continue;
            };
            let line = self.line(&format!("{path}.gui[{place}].ngay"));
            self.warn(
                code::REPLACEMENT,
                &format!("{path}.thay_the[{i}].hinh_thuc"),
                format!("Hủy số của {what} đã gửi ngày {sent} (dòng {line})."),
                "Văn bản đã gửi thì ghi thay_the hoặc dinh_chinh; huy_so chỉ dùng cho số chưa gửi.",
            );
        }
    }
}
