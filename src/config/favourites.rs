//! The instances that come first: those that the user marked, and those that the settings name.

use std::collections::BTreeSet;

use crate::model::{Instance, InstanceId, Untrusted};

/// Favourites: some marked and remembered by their ids, some named in the file by name or id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Favourites {
    marked: BTreeSet<InstanceId>,
    /// Names composed, so that they compare as everywhere.
    named: BTreeSet<String>,
}

impl Favourites {
    /// Those with these remembered ids (what is no id is none), and those that the settings name.
    pub fn new<'i>(marked: impl IntoIterator<Item = &'i str>, named: &[String]) -> Self {
        let marked = marked.into_iter().filter_map(|id| id.parse().ok()).collect();
        let named = named.iter().map(|name| Untrusted::from(name.as_str()).composed()).collect();
        Self { marked, named }
    }

    /// Whether this instance is one.
    pub fn holds(&self, instance: &Instance) -> bool {
        self.marked.contains(&instance.id) || self.is_named(instance)
    }

    /// Whether the settings name this instance: then no key takes it back.
    pub fn is_named(&self, instance: &Instance) -> bool {
        !self.named.is_empty()
            && (self.named.contains(instance.id.as_str())
                || instance.name().is_some_and(|name| self.named.contains(name.composed().as_str())))
    }

    /// Mark an instance, or no longer. Whether it is marked now.
    pub fn toggle(&mut self, id: &InstanceId) -> bool {
        let is_new = !self.marked.remove(id);
        if is_new {
            self.marked.insert(id.clone());
        }
        is_new
    }

    /// The same marks with other names in the settings.
    #[must_use]
    pub fn with_named(&self, named: &[String]) -> Self {
        Self { marked: self.marked.clone(), ..Self::new([], named) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row;

    #[test]
    fn a_favourite_is_marked_by_id_or_named_by_name_or_id() {
        let rows = ["1", "2", "3", "4"].map(|digit| row(&format!("i-0aaaaaaaaaaaaaaa{digit}"), &format!("web-{digit}")));
        let named = ["web-2".to_owned(), "i-0aaaaaaaaaaaaaaa3".to_owned()];
        let mut favourites = Favourites::new(["i-0aaaaaaaaaaaaaaa1", "no id"], &named);

        assert_eq!([0, 1, 2, 3].map(|at| favourites.holds(&rows[at])), [true, true, true, false]);
        assert!(!favourites.toggle(&rows[0].id) && favourites.toggle(&rows[3].id));
        assert_eq!([0, 1, 2, 3].map(|at| favourites.holds(&rows[at])), [false, true, true, true]);
        assert_eq!([0, 1, 2, 3].map(|at| favourites.is_named(&rows[at])), [false, true, true, false]);
    }
}
