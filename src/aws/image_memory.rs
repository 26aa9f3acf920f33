//! Names of images: an image keeps its name and owner for life, so each is asked for once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::locked::locked;
use crate::model::{Image, Untrusted};

/// How long it counts that AWS knows no image of an id: the list of names may be older than the instance.
const UNKNOWN_FOR: Duration = Duration::from_secs(15 * 60);

/// What was told of images by a profile's calls.
#[derive(Debug, Default)]
pub(super) struct ImageMemory(Mutex<HashMap<Untrusted, Known>>);

#[derive(Debug, Clone)]
enum Known {
    Named(Image),
    /// Asked for then, and not told.
    Nameless(Instant),
}

impl ImageMemory {
    /// The names of all these images; `None` if one of them has to be asked for.
    pub(super) fn all(&self, ids: &BTreeSet<Untrusted>) -> Option<BTreeMap<Untrusted, Image>> {
        let known = locked(&self.0);
        let mut named = BTreeMap::new();
        for id in ids {
            match known.get(id)? {
                Known::Named(image) => {
                    named.insert(id.clone(), image.clone());
                }
                Known::Nameless(since) if since.elapsed() < UNKNOWN_FOR => {}
                Known::Nameless(_) => return None,
            }
        }
        Some(named)
    }

    /// Whether nothing was ever told.
    pub(super) fn is_empty(&self) -> bool {
        locked(&self.0).is_empty()
    }

    /// These were told.
    pub(super) fn learn(&self, told: &BTreeMap<Untrusted, Image>) {
        let mut known = locked(&self.0);
        for (id, image) in told {
            // Told with every instance: most are known.
            if !matches!(known.get(id), Some(Known::Named(old)) if old == image) {
                known.insert(id.clone(), Known::Named(image.clone()));
            }
        }
    }

    /// All of these were asked for.
    pub(super) fn asked(&self, ids: &BTreeSet<Untrusted>) {
        let mut known = locked(&self.0);
        for id in ids {
            if !matches!(known.get(id), Some(Known::Named(_))) {
                known.insert(id.clone(), Known::Nameless(Instant::now()));
            }
        }
    }
}
