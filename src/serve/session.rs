//! Who is logged in, and who tried too often.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use crate::fs;

/// Without a page asked for so long, a session ends.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends after so long whatever happens.
const WHOLE: Duration = Duration::from_secs(12 * 60 * 60);
/// Most sessions kept; the longest idle goes first.
const MOST: usize = 1000;
/// Failed tries of a name from an address that cost nothing.
const FREE: u32 = 5;
/// What the next one waits for, and twice as long after each further one.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// At most.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Without another try, they are forgotten after so long.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);
/// Failed tries an address has within [`WINDOW`], whatever names it tries.
const TRIES_OF_ADDRESS: usize = 30;
/// See [`TRIES_OF_ADDRESS`].
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Most names and most addresses remembered; the oldest go first.
const MOST_TRIES: usize = 10_000;

struct Session {
    user: String,
    begun: SystemTime,
    seen: SystemTime,
}

/// Sessions by the digest of their key: who reads the program's memory cannot use them.
#[derive(Default)]
pub(super) struct Sessions {
    known: HashMap<String, Session>,
}

fn past(now: SystemTime, then: SystemTime, span: Duration) -> bool {
    now.duration_since(then).is_ok_and(|gone| gone >= span)
}

impl Sessions {
    /// Begins a session of a user and returns its key: 256 random bits in hex. Nothing where the system has no random numbers.
    pub(super) fn begin(&mut self, user: &str, now: SystemTime) -> Option<String> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).ok()?;
        let key: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        self.sweep(now);
        if self.known.len() >= MOST
            && let Some(oldest) = self.known.iter().min_by_key(|(_, one)| one.seen).map(|(key, _)| key.clone())
        {
            self.known.remove(&oldest);
        }
        self.known.insert(fs::sha256(key.as_bytes()), Session { user: user.to_owned(), begun: now, seen: now });
        Some(key)
    }

    /// The user of a session that goes on.
    pub(super) fn user(&mut self, key: &str, now: SystemTime) -> Option<String> {
        self.sweep(now);
        let session = self.known.get_mut(&fs::sha256(key.as_bytes()))?;
        session.seen = now;
        Some(session.user.clone())
    }

    /// Ends a session.
    pub(super) fn end(&mut self, key: &str) {
        self.known.remove(&fs::sha256(key.as_bytes()));
    }

    fn sweep(&mut self, now: SystemTime) {
        self.known.retain(|_, one| !past(now, one.seen, IDLE) && !past(now, one.begun, WHOLE));
    }
}

/// Failed tries of one name from one address.
#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    last: SystemTime,
    /// Until when no password is looked at.
    until: SystemTime,
}

/// Failed tries to log in. They are counted by name and address together: who tries passwords for a name makes nobody else wait who
/// has that name. All that come from this machine itself may come through a proxy that was not declared, so they have no limit in
/// common.
#[derive(Default)]
pub(super) struct Attempts {
    pairs: HashMap<(String, IpAddr), Tries>,
    addresses: HashMap<IpAddr, Vec<SystemTime>>,
}

impl Attempts {
    /// Counts a try before its password is looked at, so that many at once are no more than the limit. Says how long to wait where
    /// that is reached; what comes meanwhile is not counted.
    pub(super) fn begin(&mut self, name: &str, address: IpAddr, now: SystemTime) -> Result<(), Duration> {
        self.pairs.retain(|_, tries| !past(now, tries.last, FORGOTTEN));
        for times in self.addresses.values_mut() {
            times.retain(|then| !past(now, *then, WINDOW));
        }
        self.addresses.retain(|_, times| !times.is_empty());
        let pair = (name.to_owned(), address);
        let own = self.pairs.get(&pair).and_then(|tries| tries.until.duration_since(now).ok());
        let of_address = self.addresses.get(&address).filter(|times| times.len() >= TRIES_OF_ADDRESS);
        let of_address = of_address.and_then(|times| (*times.first()? + WINDOW).duration_since(now).ok());
        if let Some(wait) = own.max(of_address).filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        forget_oldest(&mut self.pairs, |tries| tries.last);
        let tries = self.pairs.entry(pair).or_insert(Tries { count: 0, last: now, until: now });
        tries.count = tries.count.saturating_add(1);
        tries.last = now;
        if let Some(beyond) = tries.count.checked_sub(FREE) {
            tries.until = now + FIRST_WAIT.saturating_mul(1 << beyond.min(8)).min(LONGEST_WAIT);
        }
        if !address.is_loopback() {
            forget_oldest(&mut self.addresses, |times| times.last().copied().unwrap_or(now));
            self.addresses.entry(address).or_default().push(now);
        }
        Ok(())
    }

    /// Takes the tries of a name that now logged in back, and its last one from the address.
    pub(super) fn passed(&mut self, name: &str, address: IpAddr) {
        self.pairs.remove(&(name.to_owned(), address));
        if let Some(times) = self.addresses.get_mut(&address) {
            times.pop();
        }
    }
}

/// Makes room for one more.
fn forget_oldest<K: Clone + Eq + std::hash::Hash, V>(all: &mut HashMap<K, V>, last: impl Fn(&V) -> SystemTime) {
    if all.len() >= MOST_TRIES
        && let Some(oldest) = all.iter().min_by_key(|(_, one)| last(one)).map(|(key, _)| key.clone())
    {
        all.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_session_ends_when_idle_and_in_the_end() {
        let (mut sessions, start) = (Sessions::default(), SystemTime::UNIX_EPOCH + WHOLE);
        let key = sessions.begin("thu", start).unwrap();
        assert_eq!(key.len(), 64);
        assert_eq!(sessions.user(&key, start + 29 * MINUTE).as_deref(), Some("thu"));
        assert_eq!(sessions.user(&key, start + 58 * MINUTE).as_deref(), Some("thu"), "used in between");
        assert_eq!(sessions.user(&"0".repeat(64), start), None);
        assert_eq!(sessions.user(&key, start + 88 * MINUTE), None, "idle for half an hour");
        let key = sessions.begin("thu", start).unwrap();
        let mut now = start;
        while now < start + WHOLE - MINUTE {
            now += 20 * MINUTE;
            let is_over = now >= start + WHOLE;
            assert_eq!(sessions.user(&key, now).is_none(), is_over, "{now:?}");
        }
        let key = sessions.begin("thu", start).unwrap();
        sessions.end(&key);
        assert_eq!(sessions.user(&key, start), None);
    }

    #[test]
    fn who_fails_too_often_waits_longer_each_time() {
        let (mut attempts, mut now) = (Attempts::default(), SystemTime::UNIX_EPOCH);
        let (here, there): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        for _ in 0..5 {
            assert_eq!(attempts.begin("thu", here, now), Ok(()));
        }
        for minutes in [1, 2, 4, 8, 15, 15] {
            let wait = minutes * MINUTE;
            assert_eq!(attempts.begin("thu", here, now), Err(wait));
            assert_eq!(attempts.begin("thu", here, now + wait / 2), Err(wait / 2), "asking meanwhile costs nothing");
            now += wait;
            assert_eq!(attempts.begin("thu", here, now), Ok(()), "after {minutes} minutes a password is looked at");
        }
        assert_eq!(attempts.begin("thu", there, now), Ok(()), "she herself, elsewhere, need not wait");
        now += 15 * MINUTE;
        assert_eq!(attempts.begin("thu", here, now), Ok(()));
        attempts.passed("thu", here);
        assert_eq!(attempts.begin("thu", here, now), Ok(()), "who logged in begins anew");
    }

    #[test]
    fn an_address_waits_whatever_names_it_tries_unless_it_may_be_many() {
        let (mut attempts, start) = (Attempts::default(), SystemTime::UNIX_EPOCH);
        let (here, there): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let proxy = IpAddr::from([127, 0, 0, 1]);
        for place in 0..30 {
            assert_eq!(attempts.begin(&format!("người {place}"), here, start), Ok(()), "{place}");
        }
        assert_eq!(attempts.begin("mai", here, start + MINUTE), Err(14 * MINUTE));
        assert_eq!(attempts.begin("mai", there, start), Ok(()));
        assert_eq!(attempts.begin("mai", here, start + 15 * MINUTE), Ok(()));
        for place in 0..100 {
            assert_eq!(attempts.begin(&format!("người {place}"), proxy, start), Ok(()), "{place}");
        }
        // Names nobody has fill no room that others need.
        for place in 0..MOST_TRIES + 10 {
            assert_eq!(attempts.begin(&format!("{place}"), proxy, start + MINUTE), Ok(()), "{place}");
        }
        assert!(attempts.pairs.len() <= MOST_TRIES);
    }
}
