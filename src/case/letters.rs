//! From a letter's identity to its block in the case file.

use super::{Case, LetterBlock, Round, Transfer};
use crate::letter::{LetterId, LetterKind};

impl Case {
    /// The round with this number (lần); rounds without a number are counted from the first.
    #[must_use]
    pub fn round(&self, number: u32) -> Option<(usize, &Round)> {
        self.rounds.iter().enumerate().find(|(index, round)| self.round_number(*index, round) == number)
    }

    /// The number of the round at `index`: as written, else counted on from the first.
    #[must_use]
    pub fn round_number(&self, index: usize, round: &Round) -> u32 {
        let first = u32::from(self.settled.as_ref().is_some_and(|s| s.record.is_some() || s.answer.is_some())) + 1;
        round.number.map_or_else(|| first + u32::try_from(index).unwrap_or(u32::MAX - first), |number| number.0)
    }

    /// The transfer of a round to a unit.
    #[must_use]
    pub fn transfer(&self, round: u32, unit: &str) -> Option<(usize, usize, &Transfer)> {
        let (index, block) = self.round(round)?;
        let named = |transfer: &Transfer| transfer.unit.as_ref().is_some_and(|name| name.as_str() == unit);
        let (position, transfer) = block.transfers.iter().enumerate().find(|(_, transfer)| named(transfer))?;
        Some((index, position, transfer))
    }

    /// The block of a registered letter; nothing for papers without one.
    #[must_use]
    pub fn letter(&self, id: &LetterId) -> Option<&dyn LetterBlock> {
        match id.kind {
            LetterKind::ReceiptSlip => self.slip.as_ref().map(|block| block as &dyn LetterBlock),
            LetterKind::Rejection => self.rejection.as_ref().map(|block| block as &dyn LetterBlock),
            LetterKind::HandlingRecord => self.settled.as_ref()?.record.as_ref().map(|block| block as &dyn LetterBlock),
            LetterKind::Answer if id.round == 0 => {
                self.settled.as_ref()?.answer.as_ref().map(|block| block as &dyn LetterBlock)
            }
            LetterKind::Answer => self.round(id.round)?.1.answer.as_ref().map(|block| block as &dyn LetterBlock),
            LetterKind::Transfer => {
                self.transfer(id.round, id.unit.as_deref()?).map(|(_, _, block)| block as &dyn LetterBlock)
            }
            LetterKind::FindingsReport | LetterKind::Cover | LetterKind::DocumentList => None,
        }
    }
}
