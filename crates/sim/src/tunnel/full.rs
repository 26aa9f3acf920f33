//! The tunnels of all endpoints: how many there are, and which ports of this computer stand for those of instances.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What AWS lets an endpoint carry at a time.
const MOST: usize = 20;

/// The tunnels that are open, by endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tunnels(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    open: HashMap<String, usize>,
    ports: HashMap<u16, u16>,
}

/// The place of one tunnel, given back when it is dropped.
pub(super) struct Place {
    tunnels: Tunnels,
    endpoint: String,
}

impl Tunnels {
    /// A place, if there is one left.
    pub(super) fn take(&self, endpoint: &str) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.open.entry(endpoint.to_owned()).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Place { tunnels: self.clone(), endpoint: endpoint.to_owned() })
    }
}

impl Tunnels {
    /// From now `here`, a port of this computer, is `port` of every instance.
    pub(crate) fn lead(&self, port: u16, here: u16) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ports.insert(port, here);
    }

    /// The port of this computer that is `port` of an instance, where that was said.
    pub(super) fn led(&self, port: u16) -> Option<u16> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ports.get(&port).copied()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.tunnels.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.open.get_mut(&self.endpoint) {
            *count = count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twenty_first_waits_until_one_of_the_twenty_is_over() {
        let tunnels = Tunnels::default();
        let mut taken: Vec<Place> = (0..20).map(|_| tunnels.take("eice-1").unwrap()).collect();

        assert!(tunnels.take("eice-1").is_none());
        assert!(tunnels.take("eice-2").is_some());
        taken.pop();
        assert!(tunnels.take("eice-1").is_some());
    }
}
