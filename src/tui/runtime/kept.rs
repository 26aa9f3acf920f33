//! What is taken back when the dashboard ends.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};

use crate::aws::Cloud;
use crate::fixes::{self, NotTakenBack, OpenRecord};
use crate::model::{Region, Untrusted};
use crate::text::Catalogue;

/// What is taken back when the dashboard ends, by its number in the journal: locked until then, so that another program sees that
/// somebody looks after it.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<HashMap<u32, Open>>>);

/// Where it was carried out, and what is written down of it.
type Open = (Cloud, Region, OpenRecord);

impl Kept {
    /// All of it.
    pub(super) async fn all(&self) -> MutexGuard<'_, HashMap<u32, Open>> {
        self.0.lock().await
    }

    /// Whether anything is to be taken back.
    pub fn is_empty(&self) -> bool {
        self.0.try_lock().is_ok_and(|kept| kept.is_empty())
    }

    /// Take all of it back. What could not be, a sentence each.
    pub async fn take_back_all(&self, text: &Catalogue) -> Vec<String> {
        let mut failed = Vec::new();
        for (number, (cloud, region, mut open)) in self.0.lock().await.drain() {
            if let Err(error) = fixes::take_back(&cloud, &region, &mut open, &mut |_| ()).await {
                let values = [("number", number.to_string().into()), ("why", why(&error, text).into())];
                failed.push(text.say_with("mend-stays", &values));
            }
        }
        failed
    }
}

/// Why something is not taken back.
pub(super) fn why(error: &NotTakenBack, text: &Catalogue) -> String {
    match error {
        NotTakenBack::Changed(what) => format!("{} {}", text.say("mend-changed"), what.join(", ")),
        NotTakenBack::Call(error) => error.what(text),
        NotTakenBack::Journal(error) => unusable(error, text),
    }
}

pub(super) fn unusable(error: &io::Error, text: &Catalogue) -> String {
    text.say_with("error-fix-journal", &[("cause", Untrusted::from(error.to_string()).shown_in(200).into())])
}
