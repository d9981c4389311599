//! What tells two states of a file apart without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// Size, times and identity of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970; 0 where the system gives none.
    pub modified: i64,
    /// Time of the last change of content, name or rights, which nobody can set back; 0 where the platform has none.
    pub changed: i64,
    /// What tells this file from another one under its name: the inode's number, else the time of its creation, else 0.
    pub id: u64,
}

/// Granularity assumed of a file system whose times have no fractions of a second (FAT, some servers).
const COARSE: Duration = Duration::from_secs(2);
/// The same of one whose times have: kernels keep them to a tick, exFAT to 10 ms.
const FINE: Duration = Duration::from_millis(100);

impl Stamp {
    /// The stamp in `meta`.
    #[must_use]
    pub fn of(meta: &Metadata) -> Self {
        let (changed, id) = identity(meta);
        Self { size: meta.len(), modified: meta.modified().map_or(0, nanoseconds), changed, id }
    }

    /// When the file was last changed.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        let span = Duration::from_nanos(self.modified.unsigned_abs());
        let time = if self.modified < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(span)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(span)
        };
        time.unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// Whether the file changed so short a while before `now` that another change of the same size could hide behind the same
    /// stamp; or its time lies ahead.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        let granularity = if self.modified % 1_000_000_000 == 0 { COARSE } else { FINE };
        now.duration_since(self.time()).map_or(true, |age| age < granularity)
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

#[cfg(unix)]
fn identity(meta: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec()), meta.ino())
}

#[cfg(not(unix))]
fn identity(meta: &Metadata) -> (i64, u64) {
    (0, meta.created().map_or(0, nanoseconds).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_stamps_are_told_by_the_grain_of_their_times() {
        let at = |modified: i64| Stamp { modified, ..Stamp::default() };
        let now = |millis: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        let (whole, fraction) = (at(10_000_000_000), at(10_000_000_001));
        assert!(whole.is_fresh(now(11_900)) && !whole.is_fresh(now(12_100)));
        assert!(fraction.is_fresh(now(10_050)) && !fraction.is_fresh(now(10_200)));
        assert!(fraction.is_fresh(now(9_000)), "a time ahead of the clock is never trusted");
        assert!(at(-1).time() < SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn another_file_under_the_same_name_has_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        let stamp = |path: &std::path::Path| Stamp::of(&std::fs::symlink_metadata(path).unwrap());
        std::fs::write(&path, "1").unwrap();
        let before = stamp(&path);
        assert_eq!(before, stamp(&path));
        std::fs::write(&other, "2").unwrap();
        std::fs::File::options().append(true).open(&other).unwrap().set_modified(before.time()).unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_ne!(before, stamp(&path));
    }
}
