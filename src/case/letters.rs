//! The letter blocks of a case file, with their paths and the rounds they belong to.

use super::{Case, Flag, LetterBlock, Reaction};
use crate::letter::{LetterId, LetterKind};

/// A letter block of the file.
#[derive(Clone)]
pub struct LetterAt<'a> {
    /// Which letter.
    pub id: LetterId,
    /// Where its block stands, e.g. `giai_quyet[0].tra_loi`.
    pub path: String,
    /// The block.
    pub block: &'a dyn LetterBlock,
}

impl Case {
    /// The block of a registered letter; nothing for papers without one.
    #[must_use]
    pub fn letter(&self, id: &LetterId) -> Option<&dyn LetterBlock> {
        self.letters().into_iter().find(|letter| letter.id == *id).map(|letter| letter.block)
    }

    /// What the complainant said to each record or answer, in the order of the procedure.
    pub fn reactions(&self) -> impl Iterator<Item = &Reaction> {
        let settled = self.settled.iter().filter_map(|settled| settled.reaction.as_ref());
        settled.chain(self.rounds.iter().filter_map(|round| round.reaction.as_ref()))
    }

    /// Every letter block the file has, in the order of the procedure.
    #[must_use]
    pub fn letters(&self) -> Vec<LetterAt<'_>> {
        let mut letters = Vec::new();
        let mut push = |kind, round, unit: Option<&super::Text>, path: String, block| {
            let id = LetterId { kind, round, unit: unit.map(|unit| unit.as_str().to_owned()) };
            letters.push(LetterAt { id, path, block });
        };
        if let Some(block) = &self.rejection {
            push(LetterKind::Rejection, 0, None, "tu_choi".to_owned(), block as &dyn LetterBlock);
        }
        if let Some(settled) = &self.settled {
            if let Some(block) = &settled.record {
                push(LetterKind::HandlingRecord, 0, None, "xu_ly_ngay.bien_ban".to_owned(), block);
            }
            if let Some(block) = &settled.answer {
                push(LetterKind::Answer, 0, None, "xu_ly_ngay.tra_loi".to_owned(), block);
            }
        }
        if let Some(block) = &self.slip {
            push(LetterKind::ReceiptSlip, 0, None, "phieu_tiep_nhan".to_owned(), block);
        }
        for (i, round) in self.rounds.iter().enumerate() {
            let number = self.round_number(i);
            for (j, block) in round.transfers.iter().enumerate() {
                let path = format!("giai_quyet[{i}].chuyen_bo_phan[{j}]");
                push(LetterKind::Transfer, number, block.unit.as_ref(), path, block);
            }
            if let Some(block) = &round.answer {
                push(LetterKind::Answer, number, None, format!("giai_quyet[{i}].tra_loi"), block);
            }
        }
        letters
    }

    /// Number of the first round: 2 when the complaint was answered before it (settled at once, or rejected and brought
    /// again), else 1.
    #[must_use]
    pub fn first_round(&self) -> u32 {
        let settled = self.settled.as_ref().is_some_and(|s| s.record.is_some() || s.answer.is_some());
        let rejected =
            self.rejection.as_ref().is_some_and(|r| r.replacements.is_empty()) && !self.reopenings.is_empty();
        if settled || rejected { 2 } else { 1 }
    }

    /// Number of the round at `index` of `giai_quyet`: as written, else by its place.
    #[must_use]
    pub fn round_number(&self, index: usize) -> u32 {
        let by_place = self.first_round() + u32::try_from(index).unwrap_or(u32::MAX - 2);
        self.rounds.get(index).and_then(|round| round.number).map_or(by_place, |number| number.0)
    }

    /// Whether what was settled at once (step 4) met with an objection.
    #[must_use]
    pub fn settled_objected(&self) -> bool {
        self.settled.as_ref().is_some_and(|settled| match settled.reaction.as_ref().and_then(|r| r.agrees) {
            Some(answer) => answer == Flag::No,
            None => settled.record.as_ref().is_some_and(|record| record.agrees == Some(Flag::No)),
        })
    }
}
