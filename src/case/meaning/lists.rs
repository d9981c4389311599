//! Numbers that must match: outcomes with requests, answers with questions, rounds, units.

use std::collections::HashMap;

use super::Examiner;
use crate::case::{LetterBlock, Numeral, RequestOutcome};
use crate::diagnostic::code;
use crate::letter::slug;

impl Examiner<'_> {
    pub(super) fn lists(&mut self) {
        let case = self.case;
        if let Some(settled) = &case.settled {
            if let Some(record) = &settled.record {
                self.outcomes("xu_ly_ngay.bien_ban", &record.outcomes, record.issue());
            }
            if let Some(answer) = &settled.answer {
                self.outcomes("xu_ly_ngay.tra_loi", &answer.outcomes, answer.issue());
            }
        }
        let first = self.first_round();
        for (place, (i, round)) in (0..).zip(case.rounds.iter().enumerate()) {
            let path = format!("giai_quyet[{i}]");
            if let (Some(number), Some(expected)) = (round.number, first.map(|first| first + place))
                && number.0 != expected
            {
                let hint = match (i, expected) {
                    (0, 2) => "Khiếu nại đã được trả lời trước đó nên lần đầu ở đây là lần 2.".to_owned(),
                    (0, _) => "Lần giải quyết đầu tiên là lần 1.".to_owned(),
                    _ => "Các lần đánh số liên tiếp theo thứ tự.".to_owned(),
                };
                self.error(
                    code::ROUND_NUMBERS,
                    &format!("{path}.lan"),
                    format!("Lần giải quyết này phải là lần {expected}, không phải lần {number}."),
                    hint,
                );
            }
            self.units(&path, round);
            for (j, transfer) in round.transfers.iter().enumerate() {
                let Some(findings) = &transfer.findings else { continue };
                let rows: Vec<Option<Numeral>> = findings.answers.iter().map(|answer| answer.question).collect();
                let place = format!("{path}.chuyen_bo_phan[{j}]");
                self.numbers(
                    &format!("{place}.ket_qua.tung_cau_hoi"),
                    "cau_hoi",
                    &rows,
                    self.count(&format!("{place}.noi_dung_xac_minh"), transfer.questions.len()),
                    Numbered { code: code::QUESTION_NUMBERS, what: "câu hỏi", list: "noi_dung_xac_minh" },
                );
            }
            if let Some(answer) = &round.answer {
                // An objection may concern some of the requests only.
                let all = answer.issue() && i == 0 && first == Some(1);
                self.outcomes(&format!("{path}.tra_loi"), &answer.outcomes, all);
            }
        }
    }

    fn outcomes(&mut self, path: &str, outcomes: &[RequestOutcome], all: bool) {
        let requests = self.case.intake.as_ref().map_or(0, |intake| intake.requests.len());
        let count = self.count("tiep_nhan.yeu_cau", requests);
        let rows: Vec<Option<Numeral>> = outcomes.iter().map(|outcome| outcome.request).collect();
        let list = format!("{path}.tung_yeu_cau");
        self.numbers(
            &list,
            "yeu_cau",
            &rows,
            count,
            Numbered { code: code::REQUEST_NUMBERS, what: "yêu cầu", list: "tiep_nhan.yeu_cau" },
        );
        let unread = |row: usize| ["yeu_cau", "ket_qua"].map(|key| self.gaps.lost(&format!("{list}[{row}].{key}")));
        if !all || self.lost(&[&list]) || (0..rows.len()).any(|row| unread(row).contains(&true)) {
            return;
        }
        let settled = |number: usize| {
            outcomes.iter().any(|o| o.outcome.is_some() && o.request.is_some_and(|r| r.0 as usize == number))
        };
        let missing: Vec<String> =
            (1..=count.unwrap_or(0)).filter(|number| !settled(*number)).map(|n| n.to_string()).collect();
        if !missing.is_empty() {
            self.error(
                code::REQUEST_NUMBERS,
                if outcomes.is_empty() { path } else { &list },
                format!("Ban hành nhưng chưa có kết quả cho yêu cầu số {}.", missing.join(", ")),
                "Thêm vào tung_yeu_cau, mỗi yêu cầu một mục: yeu_cau (số thứ tự), ket_qua, noi_dung.",
            );
        }
    }

    /// How many things a list holds, where all of it could be read.
    fn count(&self, list: &str, length: usize) -> Option<usize> {
        (!self.lost(&[list])).then_some(length)
    }

    fn numbers(&mut self, list: &str, key: &str, rows: &[Option<Numeral>], count: Option<usize>, names: Numbered) {
        let Numbered { code, what, list: source } = names;
        let mut seen: HashMap<u32, usize> = HashMap::new();
        for (i, number) in rows.iter().enumerate() {
            let Some(number) = number else { continue };
            let path = format!("{list}[{i}].{key}");
            if let Some(count) = count.filter(|count| number.0 as usize > *count) {
                self.error(
                    code,
                    &path,
                    format!("Không có {what} số {number}: mục {source} có {count} {what}."),
                    format!("Ghi số thứ tự của {what}, từ 1, theo đúng thứ tự trong {source}."),
                );
            }
            if let Some(first) = seen.insert(number.0, i) {
                let line = self.line(&format!("{list}[{first}].{key}"));
                self.error(
                    code,
                    &path,
                    format!("Trùng: {what} số {number} đã có ở dòng {line}."),
                    format!("Mỗi {what} chỉ ghi một mục."),
                );
            }
        }
    }

    fn units(&mut self, path: &str, round: &crate::case::Round) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (j, transfer) in round.transfers.iter().enumerate() {
            let Some(unit) = &transfer.unit else { continue };
            let place = format!("{path}.chuyen_bo_phan[{j}].bo_phan");
            let name = slug(unit.as_str());
            if let Some(first) = seen.insert(name.clone(), j) {
                let line = self.line(&format!("{path}.chuyen_bo_phan[{first}].bo_phan"));
                self.error(
                    code::UNIT_TWICE,
                    &place,
                    format!("“{unit}” đã có trong lần này (dòng {line})."),
                    "Mỗi bộ phận chỉ nhận một phiếu chuyển trong một lần: gộp các câu hỏi vào một mục.",
                );
            }
            let units = &self.settings.units;
            if units.is_empty() || units.iter().any(|known| known.name == *unit) {
                continue;
            }
            let score = |known: &str| strsim::normalized_damerau_levenshtein(&slug(known), &name);
            let near = units
                .iter()
                .map(|known| known.name.as_str())
                .max_by(|a, b| score(a).total_cmp(&score(b)))
                .filter(|known| score(known) >= 0.6);
            let all: Vec<&str> = units.iter().map(|known| known.name.as_str()).collect();
            let hint = match near {
                Some(near) => format!("Ý bạn là “{near}”?"),
                None => format!("Các bộ phận trong hoso.yaml: {}.", all.join(", ")),
            };
            self.warn(code::UNKNOWN_UNIT, &place, format!("hoso.yaml không có bộ phận “{unit}”."), hint);
        }
    }
}

/// What a list of numbered rows is about.
struct Numbered {
    code: crate::diagnostic::Code,
    what: &'static str,
    list: &'static str,
}
