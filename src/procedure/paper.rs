//! The state of one letter block: draft, issued, sent, received; and the step it needs next.

use chrono::NaiveDate;

use super::pending::{Coming, Pending};
use super::{Action, Actor};
use crate::case::{LetterBlock, Send, Way};
use crate::settings::{NumberingBy, NumberingTime, Settings};

/// What is known of one letter.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Paper {
    /// Staff say so, and what issuing waits for (signed copy, typed number) is there.
    pub(super) issued: bool,
    /// First sending ever, of this letter or of one it replaces: it meets the term.
    pub(super) met: Option<NaiveDate>,
    /// First sending of the letter now in force (after the last replacement).
    pub(super) sent: Option<NaiveDate>,
    /// First day the letter now in force is known to have been received.
    pub(super) received: Option<NaiveDate>,
    /// Place in `gui` of the first sending of the letter now in force.
    pub(super) send: usize,
}

impl Paper {
    /// `coming`: what the program has still to do with it.
    pub(super) fn of(block: &dyn LetterBlock, settings: &Settings, coming: Option<&Coming>) -> Self {
        let signed = settings.numbering.time == NumberingTime::BeforeSigning || block.signed_copy().is_some();
        let numbered = settings.numbering.by == NumberingBy::Program || block.number().is_some();
        let issued = block.issue() && signed && numbered;
        if !issued || coming == Some(&Coming::Issue) {
            return Self::default();
        }
        let replaced = block.replacements().iter().filter_map(|replacement| replacement.date).max();
        let dated = |send: &Send| send.date.map(|date| date.0);
        let current = || {
            block
                .sends()
                .iter()
                .enumerate()
                .filter(move |(_, send)| send.date.is_some() && (replaced.is_none() || send.date >= replaced))
        };
        let receipt = |send: &Send| {
            send.received.map(|date| date.0).or_else(|| dated(send).filter(|_| send.way == Some(Way::HandedOver)))
        };
        let met = block.sends().iter().filter_map(dated).min();
        if coming.is_some() {
            return Self { met, ..Self::default() };
        }
        Self {
            issued,
            met,
            sent: current().filter_map(|(_, send)| dated(send)).min(),
            received: current().filter_map(|(_, send)| receipt(send)).min(),
            send: current().min_by_key(|(_, send)| send.date).map_or(0, |(place, _)| place),
        }
    }
}

/// Whether staff have issued or sent it, so that it says more about the way the case took than a draft does.
pub(super) fn in_force<B: LetterBlock>(block: Option<&B>) -> bool {
    block.is_some_and(|block| block.issue() || !block.sends().is_empty())
}

/// What a letter needs before it counts as issued; `None` when it is issued. `late` is judged by the caller.
pub(super) fn step_to_issue(
    block: Option<&dyn LetterBlock>,
    settings: &Settings,
    pending: &Pending,
    name: &str,
    path: &str,
    due: Option<NaiveDate>,
) -> Option<Action> {
    let action = |what: String, who: Actor, path: String| Some(Action { what, who, due, late: false, path });
    let Some(block) = block else {
        let what = format!("Soạn {name}: ghi vào mục {path}, xem bản thảo trong du-thao, rồi đổi ban_hanh: co.");
        return action(what, Actor::Intake, path.to_owned());
    };
    let after = settings.numbering.time == NumberingTime::AfterSigning;
    if after && block.signed_copy().is_none() && (block.issue() || block.for_signature()) {
        let what = format!("Ký {name}, để bản đã ký vào thư mục da-ky và ghi tên tệp vào {path}.ban_ky.");
        return action(what, Actor::Signer, format!("{path}.ban_ky"));
    }
    if !block.issue() {
        let field = format!("{path}.ban_hanh");
        let undated = block.date().is_none();
        return if block.for_signature() {
            let date = if undated { format!("ghi ngày vào {path}.ngay và ") } else { String::new() };
            action(
                format!("Ký duyệt {name} đang trình ký; khi được duyệt, {date}đổi {field}: co."),
                Actor::Signer,
                field,
            )
        } else if undated {
            let what = format!("Ghi ngày văn bản vào {path}.ngay, kiểm tra bản thảo {name}, rồi đổi {field}: co.");
            action(what, Actor::Intake, format!("{path}.ngay"))
        } else {
            action(format!("Kiểm tra bản thảo {name}, rồi đổi {field}: co để ban hành."), Actor::Intake, field)
        };
    }
    if settings.numbering.by == NumberingBy::Clerk && block.number().is_none() {
        let what = format!("Lấy số văn thư cho {name} và ghi vào {path}.so.");
        return action(what, Actor::Intake, format!("{path}.so"));
    }
    let coming = pending.get(path)?;
    action(coming.wait(name, settings), Actor::Program, format!("{path}.ban_hanh"))
}

/// The sending of an issued letter.
pub(super) fn step_to_send(block: &dyn LetterBlock, name: &str, path: &str, due: Option<NaiveDate>) -> Action {
    let again = if block.sends().is_empty() { "" } else { " thay thế" };
    let to_date = block.sends().iter().position(|send| send.date.is_none());
    let (what, path) = match to_date {
        Some(place) => {
            (format!("Ghi ngày đã gửi {name} vào {path}.gui[{place}].ngay."), format!("{path}.gui[{place}].ngay"))
        }
        None => (
            format!("Gửi {name}{again} cho khách hàng và ghi ngày gửi, cách gửi vào mục {path}.gui."),
            format!("{path}.gui"),
        ),
    };
    Action { what, who: Actor::Intake, due, late: false, path }
}
