//! One case on its way through a pass: its letters, and its end.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, code};
use crate::pipeline::glance::Spot;
use crate::pipeline::read::Reading;
use crate::pipeline::report::Change;
use crate::pipeline::shelf::Shelf;
use crate::pipeline::state::RenderState;
use crate::pipeline::unfit::Unfit;
use crate::pipeline::{Failure, ahead, close, copies, draft, issue, plan};
use crate::register::Register;
use crate::workspace::Workspace;

/// One case on its way through a pass.
pub(in crate::pipeline) struct Work {
    pub(in crate::pipeline) spot: Spot,
    pub(in crate::pipeline) reading: Box<Reading>,
    pub(in crate::pipeline) extra: Vec<Diagnostic>,
    pub(super) unfit: Vec<Unfit>,
    pub(super) waiting: Vec<String>,
    pub(super) held_up: Vec<String>,
    /// Seconds until the file has lain still for the quiet time.
    pub(super) quiet: Option<u64>,
    pub(in crate::pipeline) state: RenderState,
    pub(super) changes: Vec<Change>,
    pub(super) closed: Option<String>,
    /// Kept out of issue and closing in this pass.
    pub(in crate::pipeline) held: bool,
    /// Something failed that may pass.
    pub(super) again: bool,
}

impl Work {
    pub(super) fn new(state: RenderState, spot: Spot, reading: Box<Reading>) -> Self {
        let extra = if spot.restless { vec![never_still(&reading.file)] } else { Vec::new() };
        Self {
            spot,
            reading,
            extra,
            unfit: Vec::new(),
            waiting: Vec::new(),
            held_up: Vec::new(),
            quiet: None,
            state,
            changes: Vec::new(),
            closed: None,
            held: false,
            again: false,
        }
    }

    /// Tells of a failure: a file somebody has open is waited for, anything else is a finding.
    pub(super) fn fail(&mut self, workspace: &Workspace, failure: Failure) {
        match failure {
            Failure::Fs(error) if error.is_busy() => {
                let path = workspace.show(&error.path);
                let text = format!("{path}: đang có người mở tệp này, sẽ ghi lại khi tệp được đóng");
                self.waiting.push(text.clone());
                self.held_up.push(text);
                self.again = true;
            }
            failure => self.extra.extend(failure.findings(&self.reading.file)),
        }
    }

    fn is_barred(&self) -> bool {
        self.held || self.spot.restless || self.reading.has_errors() || self.extra.iter().any(Diagnostic::is_error)
    }
}

/// The finding about a file that was read though it never lay still.
pub(super) fn never_still(file: &str) -> Diagnostic {
    Diagnostic::warning(code::NEVER_STILL, "Tệp này được ghi đi ghi lại liên tục, chưa lúc nào nằm yên.")
        .in_file(file)
        .hint("Xem chương trình nào đang ghi tệp (trình đồng bộ, tự động lưu, sao lưu). Chưa cấp số chừng nào tệp chưa nằm yên.")
}

/// Gives numbers in the order of the letters' dates, over all cases; a case with errors is left out.
pub(super) fn issue_all(workspace: &Workspace, shelf: &mut Shelf, work: &mut [Work]) -> Result<(), Failure> {
    let mut pending = Vec::new();
    let register: &Register = {
        let _lock = workspace.lock()?;
        shelf.register(workspace)?
    };
    for (index, work) in work.iter_mut().enumerate() {
        let (wanted, waiting, findings) = plan::plan(workspace, &work.reading, register);
        work.extra.extend(findings);
        work.quiet = waiting.iter().filter_map(|(_, wait)| wait.seconds()).min();
        work.waiting = waiting.iter().map(|(id, wait)| wait.text(id)).collect();
        work.held_up = waiting.iter().map(|(id, wait)| wait.reason(id)).collect();
        let barred = work.is_barred();
        pending.extend(wanted.into_iter().filter(|_| !barred).map(|pending| (pending, index)));
    }
    pending.sort();
    let mut stopped = BTreeSet::new();
    for (pending, index) in pending {
        // Later letters of a case cite earlier ones, so one that fails holds up those behind it.
        if stopped.contains(&index) {
            continue;
        }
        let this = &mut work[index];
        match issue::issue(workspace, shelf, &pending, &this.reading, &mut this.changes) {
            Ok(true) => {}
            Ok(false) => drop(stopped.insert(index)),
            // Told with the drafts, to which the same may apply.
            Err(Failure::Unfit(found)) => {
                stopped.insert(index);
                this.unfit.extend(found);
            }
            Err(failure) => {
                let before = this.extra.len();
                this.fail(workspace, failure);
                if this.again || this.extra[before..].iter().any(Diagnostic::is_error) {
                    stopped.insert(index);
                }
            }
        }
    }
    Ok(())
}

/// Copies of issued letters, drafts, and what has become of the facts issued letters were made from.
pub(super) fn letters(workspace: &Workspace, register: &Register, work: &mut Work) {
    // One held as another case's file stays recognisable as such in the next pass.
    work.state.marks = if work.held { BTreeSet::new() } else { work.reading.marks() };
    let restored = copies::restore(workspace, register, &work.reading, None, &mut work.changes);
    let Work { reading, unfit, state, changes, .. } = work;
    let done = restored.and_then(|()| draft::update(workspace, reading, register, state, unfit, changes));
    let unfit = Failure::Unfit(std::mem::take(unfit)).findings(&reading.file);
    match done {
        Ok(findings) => work.extra.extend(findings),
        Err(failure) => work.fail(workspace, failure),
    }
    work.extra.extend(unfit);
    work.extra.extend(copies::changed_facts(workspace, register, &work.reading));
    work.extra.extend(ahead::look(workspace, register, &mut work.reading));
    // Kept before closing: what is known to be our own draft does not go into the dossier.
    if let Err(error) = work.state.save(workspace, work.reading.code.as_str()) {
        work.fail(workspace, error.into());
    }
}

/// Closes a case that has ended and whose file says so, unless something is wrong with it or still waits.
pub(super) fn close_one(workspace: &Workspace, work: &mut Work) {
    if work.held || work.spot.restless || !close::is_due(&work.reading) {
        return;
    }
    close::bar(workspace, &mut work.reading);
    let remark = |text: &String| Diagnostic::warning(code::CLOSING_INCOMPLETE, text).in_file(&work.reading.file);
    let remarks: Vec<Diagnostic> = work.reading.assessment.remarks.iter().map(remark).collect();
    work.extra.extend(remarks);
    if work.is_barred() || !work.waiting.is_empty() {
        return;
    }
    if let Some(left) = plan::quiet_left(workspace, &work.reading) {
        work.quiet = Some(left);
        work.waiting.push(format!("lưu hồ sơ: tệp vừa được lưu, sẽ lưu hồ sơ sau {left} giây nếu không sửa gì thêm"));
        work.held_up.push("lưu hồ sơ: tệp vừa được lưu, sẽ lưu hồ sơ khi tệp đã nằm yên".to_owned());
        return;
    }
    match close::close(workspace, &work.reading, &mut work.changes) {
        Ok(close::Closed::Dossier(path, left)) => {
            work.closed = Some(path);
            work.extra.extend(left);
        }
        // Saved in between, or reopened without news: the next pass decides.
        Ok(close::Closed::No) => work.again = true,
        Err(failure) => work.fail(workspace, failure),
    }
}
