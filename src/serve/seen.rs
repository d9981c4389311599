//! Who saw what: the lines of the access log.

use super::{Desk, Who};
use crate::archive::Publication;
use crate::archive::access::{self, ALL, Access, Line};

/// Who asks where nobody logs in: whoever sits at this machine.
const HERE: &str = "(máy này)";
/// Longest words of a search that are kept, in characters.
const LONGEST: usize = 300;

fn note(desk: &Desk, who: &Who, what: Access, dossier: &str, remark: &str) -> crate::fs::Result<()> {
    let by = if who.name.is_empty() { HERE } else { &who.name };
    let line = Line { time: desk.workspace.clock.now(), what, dossier, remark, by };
    access::record(&desk.workspace.access_log(), [line])
}

/// A dossier, or something of it.
pub(super) fn dossier(desk: &Desk, who: &Who, of: &Publication, remark: &str) -> crate::fs::Result<()> {
    note(desk, who, Access::Retrieval, &access::name(&of.meta.code, of.meta.version), remark)
}

/// A list of the whole archive.
pub(super) fn list(desk: &Desk, who: &Who, remark: &str) -> crate::fs::Result<()> {
    note(desk, who, Access::Search, ALL, &format!("xem “{remark}” trên trang tra cứu"))
}

/// A page of what was found: the words asked for, and each dossier the page names. `all` when there were no others.
pub(super) fn search(desk: &Desk, who: &Who, words: &str, codes: &[&str], all: bool) -> crate::fs::Result<()> {
    let words: String = words.chars().take(LONGEST).collect();
    note(desk, who, Access::Search, &access::found(codes, all), &format!("tìm {words} trên trang tra cứu"))
}
