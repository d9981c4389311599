//! Dates out of order, dates in the future.

use super::Examiner;
use crate::case::{Date, LetterBlock, Reaction};
use crate::diagnostic::code;

/// A dated fact in a sequence.
#[derive(Clone)]
struct Dated {
    path: String,
    label: &'static str,
    date: Option<Date>,
    /// Whether later facts must not lie before it; a letter that was replaced carries the date of its successor.
    floor: bool,
}

fn fact(path: impl Into<String>, label: &'static str, date: Option<Date>) -> Dated {
    Dated { path: path.into(), label, date, floor: true }
}

fn reaction(path: &str, reaction: &Reaction) -> Dated {
    fact(format!("{path}.phan_hoi.ngay"), "ngày khách hàng phản hồi", reaction.date)
}

impl Examiner<'_> {
    pub(super) fn dates(&mut self) {
        self.order();
        self.sendings();
        self.future();
        self.appointed();
    }

    fn letter(&self, path: &str, label: &'static str, block: &impl LetterBlock) -> Dated {
        let floor = self.never_replaced(path, block);
        Dated { path: format!("{path}.ngay"), label, date: block.date(), floor }
    }

    /// What the slip promises must lie within the term (step 8): an appointed day may only bring it forward.
    fn appointed(&mut self) {
        let Some(appointed) = self.case.slip.as_ref().and_then(|slip| slip.appointed) else { return };
        // The term counts from what these say, and from whether they say it.
        let grounds = ["xem_xet_tiep_nhan", "tu_choi", "xu_ly_ngay", "phieu_tiep_nhan", "giai_quyet", "khieu_nai_lai"];
        if grounds.iter().any(|path| self.gaps.touch(path)) || self.lost(&["tiep_nhan.ngay_den"]) {
            return;
        }
        let Some(term) = self.assessment.promised().filter(|term| appointed.0 > term.due) else { return };
        let (from, due) = (Date(term.from), Date(term.due));
        self.error(
            code::APPOINTED_DATE,
            "phieu_tiep_nhan.ngay_hen",
            format!(
                "Ngày hẹn trả lời ({appointed}) muộn hơn hạn trả lời {due} ({:02} ngày làm việc kể từ {} {from}).",
                term.days, term.from_label
            ),
            format!("Xóa ngay_hen để chương trình tự hẹn ngày {due}, hoặc ghi một ngày không muộn hơn ngày đó."),
        );
    }

    /// Reports each date that lies before the latest one ahead of it, and the sequence of dates that later facts follow.
    fn sequence(&mut self, before: &[Dated], facts: &[Dated]) -> Vec<Dated> {
        let mut latest: Option<(Date, Dated)> = None;
        for (new, dated) in before.iter().map(|d| (false, d)).chain(facts.iter().map(|d| (true, d))) {
            let Some(date) = dated.date else { continue };
            if let Some((floor, earlier)) = latest.as_ref().filter(|(floor, _)| date < *floor) {
                if new {
                    let line = self.line(&earlier.path);
                    self.error(
                        code::DATE_ORDER,
                        &dated.path,
                        format!(
                            "{} ({date}) trước {} ({floor}, dòng {line}).",
                            upper_first(dated.label),
                            earlier.label
                        ),
                        "Xem lại hai ngày này và sửa ngày ghi sai.",
                    );
                }
            } else if dated.floor {
                latest = Some((date, dated.clone()));
            }
        }
        before.iter().chain(facts).filter(|dated| dated.floor).cloned().collect()
    }

    /// A number cannot have been withdrawn before the letter could first be written. Its own day is no floor: it is its
    /// successor's.
    fn replacements(&mut self, before: &[Dated], path: &str, block: &impl LetterBlock) {
        for (i, replaced) in block.replacements().iter().enumerate() {
            self.sequence(before, &[fact(format!("{path}.thay_the[{i}].ngay"), "ngày thay thế", replaced.date)]);
        }
    }

    fn order(&mut self) {
        let case = self.case;
        let mut trunk = Vec::new();
        if let Some(intake) = &case.intake {
            trunk.push(fact("tiep_nhan.ngay_den", "ngày khiếu nại đến", intake.arrived));
            trunk.push(fact("tiep_nhan.ngay_ghi_nhan", "ngày ghi nhận", intake.entered));
            let papers = [
                fact("tiep_nhan.ngay_van_ban", "ngày văn bản của khách hàng", intake.sender_date),
                fact("tiep_nhan.ngay_den", "ngày khiếu nại đến", intake.arrived),
            ];
            self.sequence(&[], &papers);
        }
        if let Some(scope) = &case.scope {
            trunk.push(fact("xem_xet_tiep_nhan.ngay", "ngày xem xét tiếp nhận", scope.date));
        }
        let trunk = self.sequence(&[], &trunk);
        if let Some(rejection) = &case.rejection {
            self.sequence(&trunk, &[self.letter("tu_choi", "ngày thông báo từ chối", rejection)]);
            self.replacements(&trunk, "tu_choi", rejection);
        }
        let mut before = trunk.clone();
        if let Some(settled) = &case.settled {
            let mut facts = Vec::new();
            if let Some(record) = &settled.record {
                self.replacements(&before, "xu_ly_ngay.bien_ban", record);
                facts.push(self.letter("xu_ly_ngay.bien_ban", "ngày biên bản", record));
                if let (Some(began), Some(ended)) = (record.began, record.ended)
                    && ended < began
                {
                    self.error(
                        code::DATE_ORDER,
                        "xu_ly_ngay.bien_ban.gio_ket_thuc",
                        format!("Giờ kết thúc ({ended}) trước giờ bắt đầu ({began})."),
                        "Xem lại gio_bat_dau và gio_ket_thuc.",
                    );
                }
            }
            if let Some(answer) = &settled.answer {
                self.replacements(&before, "xu_ly_ngay.tra_loi", answer);
                facts.push(self.letter("xu_ly_ngay.tra_loi", "ngày văn bản trả lời", answer));
            }
            if let Some(said) = &settled.reaction {
                facts.push(reaction("xu_ly_ngay", said));
            }
            before = self.sequence(&before, &facts);
        }
        if let Some(slip) = &case.slip {
            let issued = self.letter("phieu_tiep_nhan", "ngày phiếu tiếp nhận", slip);
            let appointed = fact("phieu_tiep_nhan.ngay_hen", "ngày hẹn trả lời", slip.appointed);
            self.sequence(std::slice::from_ref(&issued), &[appointed]);
            self.replacements(&before, "phieu_tiep_nhan", slip);
            before = self.sequence(&before, &[issued]);
        }
        if let Some(class) = &case.classification {
            self.sequence(&trunk, &[fact("phan_loai.ngay", "ngày phân loại", class.date)]);
        }
        for (i, round) in case.rounds.iter().enumerate() {
            before = self.round_order(i, round, &before);
        }
        let arrived = trunk.first().cloned().into_iter().collect::<Vec<_>>();
        if let Some(withdrawn) = &case.withdrawn {
            self.sequence(&arrived, &[fact("rut_khieu_nai.ngay", "ngày rút khiếu nại", withdrawn.date)]);
        }
        if let Some(closing) = &case.closing {
            // A case taken up again keeps the day it was first closed until it closes once more.
            let earlier = if self.brought_again() { &arrived } else { &before };
            self.sequence(earlier, &[fact("luu_ho_so.ngay", "ngày lưu hồ sơ", closing.date)]);
        }
        let again = case.reopenings.iter().enumerate();
        let again: Vec<Dated> =
            again.map(|(i, r)| fact(format!("khieu_nai_lai[{i}].ngay"), "ngày khiếu nại lại", r.date)).collect();
        self.sequence(&arrived, &again);
        let late = case.supplements.iter().enumerate();
        let late: Vec<Dated> =
            late.map(|(i, s)| fact(format!("bo_sung[{i}].ngay"), "ngày nhận tài liệu bổ sung", s.date)).collect();
        self.sequence(&arrived, &late);
    }

    fn round_order(&mut self, index: usize, round: &crate::case::Round, before: &[Dated]) -> Vec<Dated> {
        let path = format!("giai_quyet[{index}]");
        let waited = round.not_waiting.is_none() && !self.lost(&[&format!("{path}.khong_cho_ket_qua")]);
        let mut reported = before.to_vec();
        for (j, transfer) in round.transfers.iter().enumerate() {
            let place = format!("{path}.chuyen_bo_phan[{j}]");
            let passed = self.letter(&place, "ngày chuyển bộ phận", transfer);
            let asked = fact(format!("{place}.han_tra_loi"), "ngày đề nghị có kết quả", transfer.asked_for);
            self.sequence(std::slice::from_ref(&passed), &[asked]);
            self.replacements(before, &place, transfer);
            let mut facts = vec![passed];
            if let Some(findings) = &transfer.findings {
                facts.push(fact(format!("{place}.ket_qua.ngay"), "ngày báo kết quả", findings.date));
            }
            let after = self.sequence(before, &facts);
            // With a decision not to wait, findings may well come after the answer.
            let keep = if waited { facts.len() } else { 1 };
            reported.extend(after.into_iter().skip(before.len()).take(keep));
        }
        reported.sort_by_key(|dated| dated.date);
        let mut facts = Vec::new();
        if let Some(decision) = &round.not_waiting {
            let decided =
                fact(format!("{path}.khong_cho_ket_qua.ngay"), "ngày quyết định không chờ kết quả", decision.date);
            facts.push(decided);
        }
        if let Some(answer) = &round.answer {
            // Units may have been asked again after the first answer was withdrawn.
            self.replacements(before, &format!("{path}.tra_loi"), answer);
            facts.push(self.letter(&format!("{path}.tra_loi"), "ngày văn bản trả lời", answer));
        }
        if let Some(said) = &round.reaction {
            facts.push(reaction(&path, said));
        }
        self.sequence(&reported, &facts)
    }

    fn sendings(&mut self) {
        for letter in self.case.letters() {
            for (i, send) in letter.block.sends().iter().enumerate() {
                let path = format!("{}.gui[{i}]", letter.path);
                let mut facts = Vec::new();
                if self.never_replaced(&letter.path, letter.block) {
                    facts.push(fact(format!("{}.ngay", letter.path), "ngày ghi trên văn bản", letter.block.date()));
                }
                let known = facts.len();
                facts.push(fact(format!("{path}.ngay"), "ngày gửi", send.date));
                facts.push(fact(format!("{path}.ngay_nhan"), "ngày người nhận nhận được", send.received));
                let (before, after) = facts.split_at(known);
                self.sequence(before, after);
            }
        }
    }

    fn future(&mut self) {
        let case = self.case;
        let mut facts: Vec<(String, &str, Option<Date>)> = Vec::new();
        let mut add = |path: &str, label, date| facts.push((path.to_owned(), label, date));
        if let Some(intake) = &case.intake {
            add("tiep_nhan.ngay_den", "Ngày khiếu nại đến", intake.arrived);
            add("tiep_nhan.ngay_ghi_nhan", "Ngày ghi nhận", intake.entered);
        }
        if let Some(scope) = &case.scope {
            add("xem_xet_tiep_nhan.ngay", "Ngày xem xét tiếp nhận", scope.date);
        }
        if let Some(class) = &case.classification {
            add("phan_loai.ngay", "Ngày phân loại", class.date);
        }
        if let Some(said) = case.settled.as_ref().and_then(|settled| settled.reaction.as_ref()) {
            add("xu_ly_ngay.phan_hoi.ngay", "Ngày khách hàng phản hồi", said.date);
        }
        for (i, round) in case.rounds.iter().enumerate() {
            for (j, transfer) in round.transfers.iter().enumerate() {
                if let Some(findings) = &transfer.findings {
                    add(
                        &format!("giai_quyet[{i}].chuyen_bo_phan[{j}].ket_qua.ngay"),
                        "Ngày báo kết quả",
                        findings.date,
                    );
                }
            }
            if let Some(decision) = &round.not_waiting {
                add(
                    &format!("giai_quyet[{i}].khong_cho_ket_qua.ngay"),
                    "Ngày quyết định không chờ kết quả",
                    decision.date,
                );
            }
            if let Some(said) = &round.reaction {
                add(&format!("giai_quyet[{i}].phan_hoi.ngay"), "Ngày khách hàng phản hồi", said.date);
            }
        }
        if let Some(withdrawn) = &case.withdrawn {
            add("rut_khieu_nai.ngay", "Ngày rút khiếu nại", withdrawn.date);
        }
        if let Some(closing) = &case.closing {
            add("luu_ho_so.ngay", "Ngày lưu hồ sơ", closing.date);
        }
        for (i, again) in case.reopenings.iter().enumerate() {
            add(&format!("khieu_nai_lai[{i}].ngay"), "Ngày khiếu nại lại", again.date);
        }
        for (i, late) in case.supplements.iter().enumerate() {
            add(&format!("bo_sung[{i}].ngay"), "Ngày nhận tài liệu bổ sung", late.date);
        }
        for letter in case.letters() {
            if letter.block.issue() {
                add(&format!("{}.ngay", letter.path), "Văn bản ban hành nhưng ngày ghi trên đó", letter.block.date());
            }
            for (i, send) in letter.block.sends().iter().enumerate() {
                add(&format!("{}.gui[{i}].ngay", letter.path), "Ngày gửi", send.date);
                add(&format!("{}.gui[{i}].ngay_nhan", letter.path), "Ngày người nhận nhận được", send.received);
            }
            if let Some(copy) = letter.block.signed_copy() {
                add(&format!("{}.ban_ky.ngay", letter.path), "Ngày ký", copy.date);
            }
            for (i, replaced) in letter.block.replacements().iter().enumerate() {
                add(&format!("{}.thay_the[{i}].ngay", letter.path), "Ngày thay thế", replaced.date);
            }
        }
        let today = self.today;
        for (path, label, date) in facts {
            if let Some(date) = date.filter(|date| *date > today) {
                self.error(
                    code::FUTURE_DATE,
                    &path,
                    format!("{label} ({date}) ở sau hôm nay ({today})."),
                    "Chỉ ghi việc đã xảy ra: sửa lại ngày, hoặc để trống cho đến hôm đó.",
                );
            }
        }
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
