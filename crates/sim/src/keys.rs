//! The public keys that `SendSSHPublicKey` pushed, for as long as AWS would offer them to an instance.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long EC2 Instance Connect offers a pushed key (docs/instance-connect.md 1.1).
pub const LIFETIME: Duration = Duration::from_secs(60);

/// The name under which a server asks that stands for every instance of a generated fleet.
pub const EVERY_INSTANCE: &str = "*";

/// A client that pushes in a loop must not grow us: the newest keys of a user win.
const MOST_PER_USER: usize = 20;

/// The keys pushed in the last 60 seconds, by instance and user; clones share one store.
#[derive(Clone)]
pub struct KeyStore {
    pushed: Arc<Mutex<Pushed>>,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
}

/// By instance and user, oldest first.
type Pushed = HashMap<(String, String), Vec<(Instant, String)>>;

impl KeyStore {
    /// An empty store on the computer's clock.
    pub fn new() -> Self {
        Self::with_clock(Instant::now)
    }

    /// An empty store on a clock of the caller's, for tests that do not want to wait a minute.
    pub fn with_clock(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { pushed: Arc::default(), clock: Arc::new(clock) }
    }

    /// Offers `key`, one OpenSSH public key line, to `user` on `instance` from now on for 60 seconds.
    pub fn push(&self, instance: &str, user: &str, key: &str) {
        let key = key.trim();
        self.with_valid(|pushed, now| {
            let keys = pushed.entry((instance.to_owned(), user.to_owned())).or_default();
            keys.retain(|(_, earlier)| earlier != key);
            if keys.len() >= MOST_PER_USER {
                keys.remove(0);
            }
            keys.push((now, key.to_owned()));
        });
    }

    /// The keys `user` may log in with on `instance` now, oldest first; on any instance for [`EVERY_INSTANCE`].
    pub fn active(&self, instance: &str, user: &str) -> Vec<String> {
        let is_asked_for = |(on, of): &(String, String)| of == user && (instance == EVERY_INSTANCE || on == instance);
        self.with_valid(|pushed, _| {
            pushed.iter().filter(|(to, _)| is_asked_for(to)).flat_map(|(_, keys)| keys).map(|(_, key)| key.clone()).collect()
        })
    }

    fn with_valid<T>(&self, use_it: impl FnOnce(&mut Pushed, Instant) -> T) -> T {
        let now = (self.clock)();
        let mut pushed = self.pushed.lock().unwrap_or_else(PoisonError::into_inner);
        pushed.retain(|_, keys| {
            keys.retain(|(at, _)| now.saturating_duration_since(*at) < LIFETIME);
            !keys.is_empty()
        });
        use_it(&mut pushed, now)
    }
}

impl Default for KeyStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_offered_to_that_user_of_that_instance_only() {
        let keys = KeyStore::new();

        keys.push("i-1", "ubuntu", "ssh-ed25519 AAAA\n");

        assert_eq!(keys.active("i-1", "ubuntu"), ["ssh-ed25519 AAAA"]);
        assert!(keys.active("i-1", "root").is_empty());
        assert!(keys.active("i-2", "ubuntu").is_empty());
    }

    #[test]
    fn the_server_of_a_generated_fleet_sees_the_keys_of_every_instance() {
        let keys = KeyStore::new();

        keys.push("i-1", "ubuntu", "ssh-ed25519 AAAA");

        assert_eq!(keys.active(EVERY_INSTANCE, "ubuntu"), ["ssh-ed25519 AAAA"]);
        assert!(keys.active(EVERY_INSTANCE, "root").is_empty());
    }

    #[test]
    fn a_key_ends_sixty_seconds_after_its_last_push() {
        let start = Instant::now();
        let now = Arc::new(Mutex::new(start));
        let clock = Arc::clone(&now);
        let keys = KeyStore::with_clock(move || *clock.lock().unwrap());
        let at = |seconds| *now.lock().unwrap() = start + Duration::from_secs(seconds);

        keys.push("i-1", "ubuntu", "first");
        at(30);
        keys.push("i-1", "ubuntu", "second");
        at(50);
        keys.push("i-1", "ubuntu", "first");

        at(89);
        assert_eq!(keys.active("i-1", "ubuntu"), ["second", "first"]);
        at(90);
        assert_eq!(keys.active("i-1", "ubuntu"), ["first"]);
        at(110);
        assert!(keys.active("i-1", "ubuntu").is_empty());
    }

    #[test]
    fn a_user_keeps_only_the_newest_twenty_keys() {
        let keys = KeyStore::new();

        for number in 0..50 {
            keys.push("i-1", "ubuntu", &format!("key {number}"));
        }

        let active = keys.active("i-1", "ubuntu");
        assert_eq!(active.len(), MOST_PER_USER);
        assert_eq!(active.last().map(String::as_str), Some("key 49"));
    }
}
