//! What of a case file was left out because of its faults.
//!
//! A value with a fault is dropped before the rest is read, so its absence says nothing: a check that goes by absence asks
//! here first. Without this, one slip of the pen would be reported a second time as a fact that is missing.

use std::collections::BTreeSet;

/// Places of a file of which nobody knows what belongs there; none in a file without faults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Paths that were dropped, or that an unknown key beside them may have been meant for.
    paths: BTreeSet<String>,
    /// Keys met where they do not belong: each may be missing wherever it does.
    strays: BTreeSet<String>,
}

impl Gaps {
    /// Whether nothing was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.strays.is_empty()
    }

    pub(super) fn drop(&mut self, path: impl Into<String>) {
        self.paths.insert(path.into());
    }

    pub(super) fn stray(&mut self, key: &str) {
        self.strays.insert(key.to_owned());
    }

    pub(super) fn restore(&mut self, path: &str) {
        self.paths.remove(path);
    }

    /// Whether this very path was dropped.
    pub(super) fn at(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether nothing follows from the absence of `path`.
    #[must_use]
    pub fn lost(&self, path: &str) -> bool {
        let ends = path.match_indices(['.', '[']).map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().any(|end| self.paths.contains(&path[..end]))
            || path.split('.').any(|step| self.strays.contains(step.split('[').next().unwrap_or(step)))
    }

    /// Whether `path`, or anything below it, may lack something.
    #[must_use]
    pub fn touch(&self, path: &str) -> bool {
        let below =
            |lost: &String| lost.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        !self.strays.is_empty() || self.lost(path) || self.paths.iter().any(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_says_nothing_at_and_below_what_was_dropped() {
        let mut gaps = Gaps::default();
        assert!(gaps.is_empty() && !gaps.lost("") && !gaps.touch("giai_quyet"));
        gaps.drop("giai_quyet[0].tra_loi");
        gaps.stray("ngay_den");
        for (path, lost) in [
            ("giai_quyet[0].tra_loi", true),
            ("giai_quyet[0].tra_loi.gui[0].ngay", true),
            ("giai_quyet[0].tra_loi_khac", false),
            ("giai_quyet[0]", false),
            ("giai_quyet[1].tra_loi", false),
            ("tiep_nhan.ngay_den", true),
            ("tiep_nhan.ngay", false),
        ] {
            assert_eq!(gaps.lost(path), lost, "{path}");
        }
    }

    #[test]
    fn a_place_is_touched_by_what_lies_below_it() {
        let mut gaps = Gaps::default();
        gaps.drop("tiep_nhan.tai_lieu[1].tep");
        for (path, touched) in [("tiep_nhan", true), ("tiep_nhan.tai_lieu", true), ("tiep", false), ("tu_choi", false)]
        {
            assert_eq!(gaps.touch(path), touched, "{path}");
        }
    }
}
