//! Where the rows are by what answers name: the instance, its place, its instance profile, its image.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Instance, InstanceId, Place, Untrusted};

/// The places of all rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    by_id: HashMap<InstanceId, usize>,
    by_place: HashMap<Arc<Place>, BTreeSet<usize>>,
    by_profile: HashMap<Untrusted, BTreeSet<usize>>,
    by_image: HashMap<Untrusted, BTreeSet<usize>>,
}

impl Index {
    /// The index of these rows.
    pub(super) fn of(rows: &[Arc<Instance>]) -> Self {
        let mut index = Self::default();
        for (place, row) in rows.iter().enumerate() {
            index.add(place, row);
        }
        index
    }

    /// The place of an instance.
    pub(super) fn place(&self, id: &InstanceId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The places of the rows that one place has listed.
    pub(super) fn of_place(&self, place: &Place) -> Vec<usize> {
        self.by_place.get(place).into_iter().flatten().copied().collect()
    }

    /// The places of the rows with an instance profile.
    pub(super) fn with_profile(&self, profile: &Untrusted) -> Vec<usize> {
        self.by_profile.get(profile).into_iter().flatten().copied().collect()
    }

    /// The places of the rows with one of these images.
    pub(super) fn with_images<'i>(&self, images: impl Iterator<Item = &'i Untrusted>) -> Vec<usize> {
        images.filter_map(|image| self.by_image.get(image)).flatten().copied().collect()
    }

    /// A row came.
    pub(super) fn add(&mut self, place: usize, row: &Instance) {
        self.by_id.insert(row.id.clone(), place);
        self.put_at(place, &row.place);
        if let Some(profile) = &row.instance_profile {
            self.by_profile.entry(profile.clone()).or_default().insert(place);
        }
        if let Some(image) = &row.image {
            self.by_image.entry(image.clone()).or_default().insert(place);
        }
    }

    /// A row became another one of the same instance.
    pub(super) fn change(&mut self, place: usize, old: &Instance, new: &Instance) {
        if old.place != new.place {
            if let Some(own) = self.by_place.get_mut(&old.place) {
                own.remove(&place);
            }
            self.put_at(place, &new.place);
        }
        let pairs =
            [(&mut self.by_profile, &old.instance_profile, &new.instance_profile), (&mut self.by_image, &old.image, &new.image)];
        for (places, old, new) in pairs {
            if old == new {
                continue;
            }
            if let Some(own) = old.as_ref().and_then(|old| places.get_mut(old)) {
                own.remove(&place);
            }
            if let Some(new) = new {
                places.entry(new.clone()).or_default().insert(place);
            }
        }
    }

    fn put_at(&mut self, at: usize, place: &Arc<Place>) {
        if let Some(own) = self.by_place.get_mut(place) {
            own.insert(at);
        } else {
            self.by_place.insert(Arc::clone(place), BTreeSet::from([at]));
        }
    }
}
