//! The tags of an instance.

use super::Untrusted;

/// Keys and values in the order of the keys, each key once. An instance has a few: they are kept close together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(Box<[(Untrusted, Untrusted)]>);

impl Tags {
    /// The value of this key, compared as it was written.
    pub fn get(&self, key: &str) -> Option<&Untrusted> {
        let at = self.0.binary_search_by(|(own, _)| own.raw().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Untrusted, &Untrusted)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &Untrusted> {
        self.0.iter().map(|(key, _)| key)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Add one, or change the one of this key.
    pub fn insert(&mut self, key: Untrusted, value: Untrusted) {
        *self = self.0.iter().cloned().chain([(key, value)]).collect();
    }

    /// Keep those that `keep` says.
    pub fn retain(&mut self, keep: impl Fn(&Untrusted, &Untrusted) -> bool) {
        *self = self.0.iter().filter(|(key, value)| keep(key, value)).cloned().collect();
    }
}

impl FromIterator<(Untrusted, Untrusted)> for Tags {
    /// Of two with one key the later one counts.
    fn from_iter<I: IntoIterator<Item = (Untrusted, Untrusted)>>(pairs: I) -> Self {
        let mut all: Vec<(Untrusted, Untrusted)> = pairs.into_iter().collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        // `dedup_by` keeps the first: it takes the value of each that follows.
        all.dedup_by(|later, first| {
            let is_same = later.0 == first.0;
            if is_same {
                std::mem::swap(later, first);
            }
            is_same
        });
        Self(all.into())
    }
}

impl<const N: usize> From<[(Untrusted, Untrusted); N]> for Tags {
    fn from(pairs: [(Untrusted, Untrusted); N]) -> Self {
        pairs.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_there_once_with_the_value_told_last() {
        let pair = |key: &str, value: &str| (Untrusted::from(key), Untrusted::from(value));
        let mut tags = Tags::from([pair("team", "shop"), pair("Name", "a"), pair("team", "pay"), pair("team", "data")]);

        assert_eq!(
            tags.iter().map(|(key, value)| (key.raw(), value.raw())).collect::<Vec<_>>(),
            [("Name", "a"), ("team", "data")]
        );
        assert_eq!((tags.get("team").map(Untrusted::raw), tags.get("Team")), (Some("data"), None));

        tags.insert("Name".into(), "b".into());
        tags.retain(|key, _| key.raw() != "team");

        assert_eq!(tags, Tags::from([pair("Name", "b")]));
    }
}
