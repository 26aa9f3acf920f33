//! What the clouds of several profiles share: connections, how much is asked of an account at a time, names of images, and what is looked at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Error;
use super::http::{Bundle, Http};
use super::image_memory::ImageMemory;
use super::locked::locked;
use super::wishes::Wishes;
use crate::model::{Instance, Region};

/// Requests under way at a time in one region of an account (docs/access-rules.md 4.2).
const REQUESTS_PER_REGION: usize = 8;
/// Those of a question that somebody waits for: about twenty different calls, each made once, are far from what any of them bears.
const REQUESTS_PER_QUESTION: usize = 24;
/// IAM answers for all regions and is strongly limited.
const REQUESTS_TO_IAM: usize = 2;
/// Requests under way in the whole program: each holds a connection, and a process may have 256 files open on macOS.
const REQUESTS: usize = 48;

static IN_FLIGHT: Semaphore = Semaphore::const_new(REQUESTS);

/// A turn among all requests of the program.
pub(super) async fn flight() -> SemaphorePermit<'static> {
    IN_FLIGHT.acquire().await.expect("the limit is never closed")
}

/// An account, the region of it, and how it is asked; no region: its IAM.
type Limited = (String, Option<Region>, Pace);

/// How much may be under way at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) enum Pace {
    /// What goes on by itself and takes many calls of a kind, as lists do.
    #[default]
    Steady,
    /// All about one instance at once.
    Question,
}

/// What clouds that are opened among each other share. A clone shares what the original has.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    http: Arc<Mutex<HashMap<Option<Bundle>, Http>>>,
    limits: Arc<Mutex<HashMap<Limited, Arc<Semaphore>>>>,
    images: Arc<ImageMemory>,
    wishes: Wishes,
}

impl Neighbours {
    /// The connections of whoever trusts the same certificates.
    pub(super) fn http(&self, bundle: Option<Bundle>, leaves: bool) -> Result<Http, Error> {
        if let Some(http) = locked(&self.http).get(&bundle) {
            return Ok(http.clone());
        }
        let http = Http::new(bundle.clone(), leaves)?;
        locked(&self.http).insert(bundle, http.clone());
        Ok(http)
    }

    /// Names of images: an id is that of one image, whoever asks.
    pub(super) fn images(&self) -> &ImageMemory {
        &self.images
    }

    /// These rows are looked at: what costs calls of its own is asked for them before the rest.
    pub fn look_at(&self, rows: Vec<Arc<Instance>>) {
        self.wishes.look_at(rows);
    }

    pub(super) fn wishes(&self) -> &Wishes {
        &self.wishes
    }

    /// New connections and limits, and what was learned that stays true.
    pub fn anew(&self) -> Self {
        Self { images: Arc::clone(&self.images), wishes: self.wishes.clone(), ..Self::default() }
    }

    /// Connect anew, and read the certificates anew.
    pub(super) fn forget_connections(&self) {
        locked(&self.http).clear();
    }

    /// Turns in one region of an account, or at its IAM.
    pub(super) fn limit(&self, account: &str, region: Option<&Region>, pace: Pace) -> Arc<Semaphore> {
        let (most, pace) = match (region, pace) {
            (None, _) => (REQUESTS_TO_IAM, Pace::Steady),
            (Some(_), Pace::Steady) => (REQUESTS_PER_REGION, pace),
            (Some(_), Pace::Question) => (REQUESTS_PER_QUESTION, pace),
        };
        let mut limits = locked(&self.limits);
        let limited = (account.to_owned(), region.cloned(), pace);
        let limit = limits.entry(limited).or_insert_with(|| Arc::new(Semaphore::new(most)));
        Arc::clone(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_waits_behind_no_list_and_asks_iam_no_more() {
        let neighbours = Neighbours::default();
        let region: Region = "eu-west-1".parse().unwrap();
        let at = |region, pace| neighbours.limit("1", region, pace);

        let listing = at(Some(&region), Pace::Steady).try_acquire_many_owned(8).unwrap();

        assert_eq!(at(Some(&region), Pace::Steady).available_permits(), 0);
        assert_eq!(at(Some(&region), Pace::Question).available_permits(), REQUESTS_PER_QUESTION);
        let _asked = at(None, Pace::Question).try_acquire_many_owned(2).unwrap();
        assert_eq!(at(None, Pace::Steady).available_permits(), 0, "IAM answers for all");
        drop(listing);
    }
}
