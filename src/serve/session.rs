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
/// Failed tries are remembered so long.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failed tries a name has within that time.
const TRIES_OF_NAME: usize = 5;
/// Failed tries an address has: behind a proxy all come from one.
const TRIES_OF_ADDRESS: usize = 30;
/// Most names and addresses remembered.
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

/// Failed tries to log in.
#[derive(Default)]
pub(super) struct Attempts {
    names: HashMap<String, Vec<SystemTime>>,
    addresses: HashMap<IpAddr, Vec<SystemTime>>,
}

impl Attempts {
    /// Counts a try before its password is looked at, so that many at once are no more than the limit. Says how long to wait where
    /// that is reached, or where so many names or addresses failed that no more can be remembered.
    pub(super) fn begin(&mut self, name: &str, address: IpAddr, now: SystemTime) -> Result<(), Duration> {
        for times in self.names.values_mut().chain(self.addresses.values_mut()) {
            times.retain(|then| !past(now, *then, WINDOW));
        }
        self.names.retain(|_, times| !times.is_empty());
        self.addresses.retain(|_, times| !times.is_empty());
        let left = |times: Option<&Vec<SystemTime>>, most: usize| {
            let first = *times.filter(|times| times.len() >= most)?.first()?;
            WINDOW.checked_sub(now.duration_since(first).unwrap_or_default())
        };
        let wait = left(self.names.get(name), TRIES_OF_NAME).max(left(self.addresses.get(&address), TRIES_OF_ADDRESS));
        if let Some(wait) = wait {
            return Err(wait);
        }
        let is_full = |known: bool, count: usize| !known && count >= MOST_TRIES;
        if is_full(self.names.contains_key(name), self.names.len())
            || is_full(self.addresses.contains_key(&address), self.addresses.len())
        {
            return Err(WINDOW);
        }
        self.names.entry(name.to_owned()).or_default().push(now);
        self.addresses.entry(address).or_default().push(now);
        Ok(())
    }

    /// Takes the tries of a name that now logged in back, and its last one from the address.
    pub(super) fn passed(&mut self, name: &str, address: IpAddr) {
        self.names.remove(name);
        if let Some(times) = self.addresses.get_mut(&address) {
            times.pop();
        }
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
    fn who_fails_too_often_waits() {
        let (mut attempts, start) = (Attempts::default(), SystemTime::UNIX_EPOCH);
        let (here, there): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        for _ in 0..5 {
            assert_eq!(attempts.begin("thu", here, start), Ok(()));
        }
        assert_eq!(
            attempts.begin("thu", there, start + MINUTE),
            Err(14 * MINUTE),
            "the name waits wherever it comes from"
        );
        assert_eq!(attempts.begin("thu", there, start + 15 * MINUTE), Ok(()));
        for place in 0..30 {
            assert_eq!(attempts.begin(&format!("người {place}"), here, start), Ok(()), "{place}");
        }
        assert_eq!(attempts.begin("mai", here, start), Err(15 * MINUTE), "the address waits whatever name it tries");
        for _ in 0..4 {
            assert_eq!(attempts.begin("mai", there, start), Ok(()));
        }
        assert_eq!(attempts.begin("mai", there, start), Ok(()));
        attempts.passed("mai", there);
        assert_eq!(attempts.begin("mai", there, start), Ok(()), "who logged in begins anew");
    }
}
