//! Limits on failed sign-ins: per account *and* address, and per address. Never per account alone, which would let
//! anybody lock a juror out; a hotel full of jurors is one address, so that limit is wide.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

const WINDOW_MS: i64 = 5 * 60 * 1000;
const PER_ACCOUNT_AND_ADDRESS: usize = 10;
const PER_ADDRESS: usize = 100;
/// Above this, forgotten entries are swept out.
const MANY: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    AccountAndAddress(String, IpAddr),
    Address(IpAddr),
}

/// Remembers failed attempts, for this process.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<Key, VecDeque<i64>>>);

/// An attempt that is under way. It counts as failed until it is forgiven, so that many at once can't slip through.
pub struct Attempt {
    keys: [Key; 2],
    at: i64,
}

impl Attempts {
    /// Begins an attempt; an error is the number of seconds to wait.
    pub fn begin(&self, account: &str, address: IpAddr, now: i64) -> Result<Attempt, u32> {
        let address = network_of(address);
        let keys = [Key::AccountAndAddress(account.to_lowercase(), address), Key::Address(address)];
        let mut failures = self.failures();
        if failures.len() > MANY {
            failures.retain(|_, times| times.back().is_some_and(|last| *last > now - WINDOW_MS));
        }
        for (key, limit) in keys.iter().zip([PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS]) {
            let Some(times) = failures.get_mut(key) else { continue };
            while times.front().is_some_and(|first| *first <= now - WINDOW_MS) {
                times.pop_front();
            }
            if times.len() >= limit {
                let oldest = times.front().copied().unwrap_or(now);
                let wait = (oldest + WINDOW_MS - now).max(0) / 1000 + 1;
                return Err(u32::try_from(wait).unwrap_or(u32::MAX));
            }
        }
        for key in &keys {
            failures.entry(key.clone()).or_default().push_back(now);
        }
        Ok(Attempt { keys, at: now })
    }

    /// The attempt succeeded: it doesn't count.
    pub fn forgive(&self, attempt: &Attempt) {
        let mut failures = self.failures();
        for key in &attempt.keys {
            let Some(times) = failures.get_mut(key) else { continue };
            if let Some(place) = times.iter().rposition(|at| *at == attempt.at) {
                times.remove(place);
            }
            if times.is_empty() {
                failures.remove(key);
            }
        }
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One subscriber has a whole /64 of IPv6.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, n])
    }

    #[test]
    fn a_guesser_is_stopped_and_the_owner_elsewhere_is_not() {
        let attempts = Attempts::default();
        for n in 0..10 {
            assert!(attempts.begin("giamkhao01", address(1), n).is_ok());
        }
        assert_eq!(attempts.begin("GIAMKHAO01", address(1), 10_000).err(), Some(291));
        assert!(attempts.begin("giamkhao01", address(2), 10_000).is_ok(), "another address");
        assert!(attempts.begin("giamkhao02", address(1), 10_000).is_ok(), "another account of the same hotel");
        assert!(attempts.begin("giamkhao01", address(1), WINDOW_MS + 10).is_ok(), "later");
    }

    #[test]
    fn an_address_that_tries_many_accounts_is_stopped() {
        let attempts = Attempts::default();
        for n in 0..100 {
            assert!(attempts.begin(&format!("user{n}"), address(1), 0).is_ok());
        }
        assert!(attempts.begin("user100", address(1), 1).is_err());
    }

    #[test]
    fn successes_do_not_count() {
        let attempts = Attempts::default();
        for n in 0..500 {
            let attempt = attempts.begin("giamkhao01", address(1), n).ok().unwrap();
            attempts.forgive(&attempt);
        }
        assert!(attempts.failures().is_empty());
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address() {
        let one = network_of("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(one, network_of("2001:db8:1:2:ffff::9".parse().unwrap()));
        assert_eq!(network_of("::ffff:10.0.0.1".parse().unwrap()), address(1));
    }
}
