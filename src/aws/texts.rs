//! Texts that many rows have in common, kept once.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::Untrusted;

/// The texts of one answer: types, zones, networks, images and tags are the same for many of its instances.
#[derive(Debug, Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// This text, shared with whoever had it before.
    pub(super) fn shared(&mut self, text: &str) -> Untrusted {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known).into();
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new.into()
    }
}
