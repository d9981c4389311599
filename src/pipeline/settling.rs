//! Which files have lain still long enough to be read, or been away long enough to be gone.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::memory::Sight;
use crate::fs::Stamp;

/// A file that never is still for so many settle times is read as it is, and told.
const PATIENCE: u32 = 20;

/// Files that moved and are not settled yet.
#[derive(Debug, Default)]
pub struct Settling {
    pending: BTreeMap<String, Pending>,
}

#[derive(Debug)]
struct Pending {
    /// As it was seen last; nothing for one that is gone.
    stamp: Option<Stamp>,
    /// Since when it is so.
    since: Instant,
    /// When it began to move, or was last read all the same.
    first: Instant,
    /// When it was last to be read all the same.
    read: Option<Instant>,
    /// It was settled when it was last looked at.
    settled: bool,
}

impl Settling {
    /// Takes out of a sight what was not the same for `still` before `now`; the files waited for are those of this sight.
    #[must_use]
    pub fn sift(&mut self, mut sight: Sight, still: Duration, now: Instant) -> Sight {
        let mut before = std::mem::take(&mut self.pending);
        let mut wait = |name: &str, stamp: Option<Stamp>| {
            let mut pending =
                before.remove(name).unwrap_or(Pending { stamp, since: now, first: now, read: None, settled: false });
            if pending.stamp != stamp {
                (pending.stamp, pending.since) = (stamp, now);
            }
            let settled = now.saturating_duration_since(pending.since) >= still;
            pending.settled = settled;
            let patient = now.saturating_duration_since(pending.first) < still * PATIENCE;
            // What was ripe at this moment stays so: one pass looks twice.
            let restless = !settled && stamp.is_some() && (!patient || pending.read == Some(now));
            if restless {
                (pending.first, pending.read) = (now, Some(now));
            }
            self.pending.insert(name.to_owned(), pending);
            (settled, restless)
        };
        let mut unsettled = std::mem::take(&mut sight.unsettled);
        sight.moved.retain_mut(|seen| {
            if seen.still {
                return true;
            }
            let (settled, restless) = wait(&seen.name, seen.stamp);
            seen.restless = restless;
            let ready = settled || restless;
            if !ready {
                unsettled.insert(seen.name.clone());
            }
            ready
        });
        sight.gone.retain(|name| {
            let (settled, _) = wait(name, None);
            if !settled {
                unsettled.insert(name.clone());
            }
            settled
        });
        sight.unsettled = unsettled;
        sight
    }

    /// The files waited for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pending.keys().map(String::as_str)
    }

    /// How long until the first of them may be settled, no time at all where it may be by now; nothing when none is waited for.
    #[must_use]
    pub fn next(&self, still: Duration, now: Instant) -> Option<Duration> {
        let left = |pending: &Pending| still.saturating_sub(now.saturating_duration_since(pending.since));
        self.pending.values().filter(|pending| !pending.settled).map(left).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::memory::Seen;

    const STILL: Duration = Duration::from_secs(1);

    fn sight(size: u64) -> Sight {
        let stamp = Some(Stamp { size, ..Stamp::default() });
        let name = "KN-2026-0001.yaml".to_owned();
        let seen = Seen { path: name.clone().into(), name, stamp, still: false, restless: false };
        Sight { moved: vec![seen], ..Sight::default() }
    }

    #[test]
    fn a_file_is_settled_once_its_stamp_stays() {
        let (mut settling, start) = (Settling::default(), Instant::now());
        assert!(settling.sift(sight(1), STILL, start).moved.is_empty(), "first look");
        assert_eq!(settling.next(STILL, start + STILL / 4), Some(STILL / 4 * 3));
        assert_eq!(settling.next(STILL, start + STILL * 2), Some(Duration::ZERO), "the pass took longer than that");
        let grown = settling.sift(sight(2), STILL, start + STILL);
        assert!(grown.moved.is_empty() && !grown.is_complete(), "it grew");
        let settled = settling.sift(sight(2), STILL, start + 2 * STILL);
        assert!(settled.moved.len() == 1 && settled.is_complete() && !settled.moved[0].restless);
        assert_eq!(settling.next(STILL, start + 2 * STILL), None, "nothing is waited for");
        assert_eq!(settling.sift(sight(2), STILL, start + 2 * STILL).moved.len(), 1, "looked at twice in one pass");
        let _ = settling.sift(Sight::default(), STILL, start + 3 * STILL);
        assert_eq!(settling.names().count(), 0);
    }

    #[test]
    fn a_file_that_never_is_still_is_read_now_and_then() {
        let (mut settling, start) = (Settling::default(), Instant::now());
        let read = |settling: &mut Settling, step: u32| {
            settling
                .sift(sight(step.into()), STILL, start + STILL / 2 * step)
                .moved
                .into_iter()
                .any(|seen| seen.restless)
        };
        let read: Vec<u32> = (0..100)
            .filter(|step| {
                let (first, second) = (read(&mut settling, *step), read(&mut settling, *step));
                assert_eq!(first, second, "one pass looks twice");
                first
            })
            .collect();
        assert_eq!(read, [40, 80]);
    }

    #[test]
    fn a_file_is_gone_once_it_stays_away() {
        let (mut settling, start) = (Settling::default(), Instant::now());
        let gone = || Sight { gone: vec!["KN-2026-0001.yaml".to_owned()], ..Sight::default() };
        assert!(settling.sift(gone(), STILL, start).gone.is_empty());
        assert!(
            settling.sift(sight(1), STILL, start + STILL).moved.is_empty(),
            "saved by an editor that removes first"
        );
        assert!(settling.sift(gone(), STILL, start + STILL * 3 / 2).gone.is_empty());
        assert_eq!(settling.sift(gone(), STILL, start + STILL * 5 / 2).gone.len(), 1);
    }
}
