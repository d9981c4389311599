//! Disposal: proposal → approval by a second person → destruction, dossier by dossier → what the certificate states (records.md).
//!
//! No step can be left out, and nothing happens because time went by: each step is somebody's, under a name, in the journal. A hold
//! that is set in between stops it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::ledger::{Ledger, State};
use super::officer::{is_nobody, is_same_person};
use super::{
    Archive, Completion, Decision, Destruction, Doom, Fact, Item, Keep, Left, Listing, Lot, Proposal, Publication,
    Result,
};

/// How far a disposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waits for a second person.
    Proposed,
    /// May be carried out.
    Approved,
    /// Refused, or taken back.
    Refused,
    /// Dossiers were destroyed, and some are still to be.
    Underway,
    /// Done: its certificate can be printed.
    CarriedOut,
    /// Done, and every dossier was left: nothing was destroyed.
    AllKept,
}

impl Stage {
    /// As messages say it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Proposed => "chờ phê duyệt",
            Self::Approved => "đã phê duyệt, chưa hủy",
            Self::Refused => "không phê duyệt",
            Self::Underway => "đang hủy dở",
            Self::CarriedOut => "đã hủy",
            Self::AllKept => "đã thực hiện, giữ lại tất cả, không hủy hồ sơ nào",
        }
    }

    /// As JSON says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "de_nghi",
            Self::Approved => "phe_duyet",
            Self::Refused => "khong_huy",
            Self::Underway => "dang_huy",
            Self::CarriedOut => "da_huy",
            Self::AllKept => "giu_lai",
        }
    }
}

/// A disposal with everything that was done in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// When it was proposed.
    pub proposed: DateTime<FixedOffset>,
    /// As proposed.
    pub proposal: Proposal,
    /// When and by whom it was approved.
    pub approved: Option<(DateTime<FixedOffset>, Decision)>,
    /// When, by whom and why it was refused or taken back.
    pub refused: Option<(DateTime<FixedOffset>, Decision)>,
    /// The dossier whose destruction was begun and is not finished.
    pub begun: Option<String>,
    /// Dossiers destroyed, in that order.
    pub destroyed: Vec<(DateTime<FixedOffset>, Destruction)>,
    /// When and by whom it was carried out.
    pub carried_out: Option<(DateTime<FixedOffset>, Completion)>,
}

impl Disposal {
    pub(super) fn new(proposed: DateTime<FixedOffset>, proposal: Proposal) -> Self {
        let (approved, refused, begun, destroyed, carried_out) = (None, None, None, Vec::new(), None);
        Self { proposed, proposal, approved, refused, begun, destroyed, carried_out }
    }

    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self { carried_out: Some(_), destroyed, .. } if destroyed.is_empty() => Stage::AllKept,
            Self { carried_out: Some(_), .. } => Stage::CarriedOut,
            Self { refused: Some(_), .. } => Stage::Refused,
            Self { begun: Some(_), .. } => Stage::Underway,
            Self { destroyed, .. } if !destroyed.is_empty() => Stage::Underway,
            Self { approved: Some(_), .. } => Stage::Approved,
            Self { .. } => Stage::Proposed,
        }
    }

    /// Whether something may still come of it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage(), Stage::Proposed | Stage::Approved | Stage::Underway)
    }

    /// A dossier of it.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.proposal.items.iter().find(|item| item.code == code)
    }
}

/// Why a dossier may not be proposed or destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barred {
    /// No such dossier, or it is destroyed.
    Unknown,
    /// Opened again.
    Reopened,
    /// Kept for ever.
    Permanent,
    /// Kept to the end of this day.
    NotDue(NaiveDate),
    /// Holds lie on it.
    Held(Vec<String>),
    /// It stands in another disposal.
    Proposed(String),
    /// It is not what was approved: there is another version.
    Changed,
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "kho lưu trữ không có hồ sơ này"),
            Self::Reopened => write!(f, "đang mở lại"),
            Self::Permanent => write!(f, "bảo quản vĩnh viễn"),
            Self::NotDue(day) => write!(f, "còn thời hạn bảo quản đến hết ngày {}", day.format("%d/%m/%Y")),
            Self::Held(names) => write!(f, "đang tạm dừng hủy ({})", names.join(", ")),
            Self::Proposed(id) => write!(f, "đã nằm trong đề nghị hủy {id}"),
            Self::Changed => write!(f, "đã có phiên bản khác sau khi đề nghị"),
        }
    }
}

/// Why a step of a disposal is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no disposal of that number.
    #[error("không có đợt hủy {0}")]
    NoSuch(String),
    /// No dossier could be proposed.
    #[error("không có hồ sơ nào hủy được tính đến ngày {}", .0.format("%d/%m/%Y"))]
    Nothing(NaiveDate),
    /// The day lies ahead: nothing is over by then yet.
    #[error("ngày {} chưa đến", .0.format("%d/%m/%Y"))]
    Early(NaiveDate),
    /// A dossier asked for may not be destroyed.
    #[error("hồ sơ {code} {why}")]
    Barred {
        /// Case code.
        code: String,
        /// Why not.
        why: Barred,
    },
    /// The person who proposed cannot approve.
    #[error("{by} là người đề nghị đợt hủy {id}; phê duyệt phải là người khác")]
    SamePerson {
        /// Number of the disposal.
        id: String,
        /// Who proposed.
        by: String,
    },
    /// That is not the step that is due.
    #[error("đợt hủy {id} {}", stage.text())]
    Stage {
        /// Number of the disposal.
        id: String,
        /// How far it is.
        stage: Stage,
    },
    /// Nobody was named.
    #[error("chưa ghi tên người thực hiện")]
    Nobody,
}

fn lots<'a>(versions: impl Iterator<Item = &'a Publication>) -> Vec<Lot> {
    let lot = |Publication { meta, path, sha256, size }: &Publication| {
        let (version, path, sha256) = (meta.version, path.clone(), sha256.clone());
        Lot { version, path, sha256, size: *size }
    };
    versions.map(lot).collect()
}

impl Ledger {
    /// Why an entry of a disposal may not follow; nothing when it may, or is another entry.
    pub(super) fn refuses(&self, fact: &Fact) -> Option<Refusal> {
        let find = |id: &String| self.disposals.get(id).ok_or_else(|| Refusal::NoSuch(id.clone()));
        let at = |id: &String, fits: &[Stage]| {
            let stage = find(id)?.stage();
            if fits.contains(&stage) { Ok(()) } else { Err(Refusal::Stage { id: id.clone(), stage }) }
        };
        let judged = match fact {
            Fact::Proposed(proposal) if is_nobody(&proposal.by) => Err(Refusal::Nobody),
            Fact::Proposed(proposal) => match self.disposals.get(&proposal.id) {
                Some(known) => Err(Refusal::Stage { id: proposal.id.clone(), stage: known.stage() }),
                None => Ok(()),
            },
            Fact::Approved(decision) => at(&decision.id, &[Stage::Proposed]).and_then(|()| {
                let proposal = &find(&decision.id)?.proposal;
                if is_nobody(&decision.by) {
                    return Err(Refusal::Nobody);
                }
                let same = is_same_person(&proposal.by, &decision.by);
                let refusal = || Refusal::SamePerson { id: proposal.id.clone(), by: proposal.by.clone() };
                if same { Err(refusal()) } else { Ok(()) }
            }),
            Fact::Refused(decision) => at(&decision.id, &[Stage::Proposed, Stage::Approved]),
            Fact::Doomed(doom) => at(&doom.id, &[Stage::Approved, Stage::Underway])
                .and_then(|()| find(&doom.id))
                .and_then(|disposal| match (&disposal.begun, self.bars(disposal, &doom.code)) {
                    (Some(_), _) => Err(Refusal::Stage { id: doom.id.clone(), stage: Stage::Underway }),
                    (None, Some(why)) => Err(Refusal::Barred { code: doom.code.clone(), why }),
                    (None, None) => Ok(()),
                }),
            Fact::Destroyed(done) => match find(&done.id) {
                Ok(disposal) if disposal.begun.as_ref() == Some(&done.code) => Ok(()),
                Ok(disposal) => Err(Refusal::Stage { id: done.id.clone(), stage: disposal.stage() }),
                Err(refusal) => Err(refusal),
            },
            Fact::CarriedOut(completion) => at(&completion.id, &[Stage::Approved, Stage::Underway]),
            _ => Ok(()),
        };
        judged.err()
    }

    /// Why a dossier of an approved disposal may not be destroyed now.
    fn bars(&self, disposal: &Disposal, code: &str) -> Option<Barred> {
        let (Some(item), Some(history)) = (disposal.item(code), self.histories.get(code)) else {
            return Some(Barred::Unknown);
        };
        match history.state() {
            State::Never | State::Destroyed(_) => Some(Barred::Unknown),
            State::Reopened(_) => Some(Barred::Reopened),
            State::Closed(_) if !history.holds.is_empty() => {
                Some(Barred::Held(history.holds.keys().cloned().collect()))
            }
            State::Closed(_) => {
                let now = lots(history.versions.iter().map(|(_, publication)| publication));
                (now != item.lots).then_some(Barred::Changed)
            }
        }
    }
}

impl Listing {
    /// Every disposal, by number.
    pub fn disposals(&self) -> impl DoubleEndedIterator<Item = &Disposal> {
        self.ledger.disposals.values()
    }

    /// A disposal.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn disposal(&self, id: &str) -> Result<&Disposal> {
        Ok(self.ledger.disposals.get(id).ok_or_else(|| Refusal::NoSuch(id.to_owned()))?)
    }

    /// What is left of a dossier that is destroyed: when, by which disposal, its versions.
    #[must_use]
    pub fn tombstone(&self, code: &str) -> Option<(DateTime<FixedOffset>, &Doom, Vec<&Publication>)> {
        let history = self.ledger.histories.get(code)?;
        let (time, doom) = history.destroyed.as_ref()?;
        Some((*time, doom, history.versions.iter().map(|(_, publication)| publication).collect()))
    }

    /// Codes of dossiers that are destroyed.
    pub fn tombstones(&self) -> impl Iterator<Item = &str> {
        let gone = self.ledger.histories.iter().filter(|(_, history)| history.destroyed.is_some());
        gone.map(|(code, _)| code.as_str())
    }

    /// Why a dossier may not be proposed for disposal as of this day.
    #[must_use]
    pub fn barred(&self, code: &str, as_of: NaiveDate) -> Option<Barred> {
        match self.state(code) {
            State::Never | State::Destroyed(_) => return Some(Barred::Unknown),
            State::Reopened(_) => return Some(Barred::Reopened),
            State::Closed(_) => {}
        }
        match self.keep(code) {
            Some(Keep::Until(day)) if day < as_of => {}
            Some(Keep::Until(day)) => return Some(Barred::NotDue(day)),
            Some(Keep::Permanent) | None => return Some(Barred::Permanent),
        }
        let holds: Vec<String> = self.holds(code).map(|(_, hold)| hold.name.clone()).collect();
        if !holds.is_empty() {
            return Some(Barred::Held(holds));
        }
        let other = self.disposals().find(|disposal| disposal.is_open() && disposal.item(code).is_some())?;
        Some(Barred::Proposed(other.proposal.id.clone()))
    }

    /// Why a dossier of this disposal may not be destroyed now.
    ///
    /// # Errors
    /// When there is no such disposal.
    pub fn bars(&self, id: &str, code: &str) -> Result<Option<Barred>> {
        Ok(self.ledger.bars(self.disposal(id)?, code))
    }
}

impl Archive {
    /// Proposes dossiers for disposal: `codes`, or all whose retention ended before `as_of`. Returns its number, and those that
    /// are over and were left out, with the reason.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn propose(
        &mut self,
        as_of: NaiveDate,
        codes: &[String],
        by: &str,
        time: DateTime<FixedOffset>,
    ) -> Result<(String, Vec<Left>)> {
        if as_of > time.date_naive() {
            return Err(Refusal::Early(as_of).into());
        }
        let wanted: Vec<String> = if codes.is_empty() {
            self.due(as_of).iter().map(|due| due.latest.meta.code.clone()).collect()
        } else {
            codes.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect()
        };
        let (mut items, mut left) = (Vec::new(), Vec::new());
        for code in wanted {
            match self.barred(&code, as_of) {
                Some(why) if !codes.is_empty() => return Err(Refusal::Barred { code, why }.into()),
                Some(why) => left.push(Left { code, reason: why.to_string() }),
                None => {
                    let Some(Keep::Until(kept_until)) = self.keep(&code) else { continue };
                    let lots = lots(self.versions(&code));
                    items.push(Item { code, kept_until, lots });
                }
            }
        }
        if items.is_empty() {
            return Err(Refusal::Nothing(as_of).into());
        }
        items.sort_by(|a, b| (a.kept_until, &a.code).cmp(&(b.kept_until, &b.code)));
        let year = time.year();
        let last = self.disposals().filter_map(|disposal| {
            let number = disposal.proposal.id.strip_prefix(&format!("HUY-{year}-"))?;
            number.parse::<u32>().ok()
        });
        let id = format!("HUY-{year}-{:04}", last.max().unwrap_or(0) + 1);
        let proposal = Proposal { id: id.clone(), as_of, items, by: by.to_owned() };
        self.step(time, Fact::Proposed(Box::new(proposal)))?;
        Ok((id, left))
    }

    /// Approves a proposal: a second person does.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn approve(&mut self, id: &str, by: &str, time: DateTime<FixedOffset>) -> Result<()> {
        let decision = Decision { id: id.to_owned(), reason: String::new(), by: by.to_owned() };
        self.step(time, Fact::Approved(decision))
    }

    /// Refuses a proposal, or takes it or its approval back.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn refuse(&mut self, id: &str, reason: &str, by: &str, time: DateTime<FixedOffset>) -> Result<()> {
        self.step(time, Fact::Refused(Decision { id: id.to_owned(), reason: reason.to_owned(), by: by.to_owned() }))
    }

    /// Enters that the destruction of a dossier begins.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn doom(&mut self, id: &str, code: &str, time: DateTime<FixedOffset>) -> Result<()> {
        self.step(time, Fact::Doomed(Doom { id: id.to_owned(), code: code.to_owned() }))
    }

    /// Enters that everything of a dossier is destroyed.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn destroyed(&mut self, destruction: Destruction, time: DateTime<FixedOffset>) -> Result<()> {
        self.step(time, Fact::Destroyed(destruction))
    }

    /// Enters that a disposal is carried out.
    ///
    /// # Errors
    /// [`Refusal`], or when the journal cannot be written.
    pub fn complete(&mut self, completion: Completion, time: DateTime<FixedOffset>) -> Result<()> {
        self.step(time, Fact::CarriedOut(completion))
    }

    fn step(&mut self, time: DateTime<FixedOffset>, fact: Fact) -> Result<()> {
        if let Some(refusal) = self.ledger.refuses(&fact) {
            return Err(refusal.into());
        }
        self.append(time, fact)
    }
}
