//! The ways to AWS of several profiles: each row is acted on with the credentials of its own place.

use std::sync::Arc;

use super::{Cloud, Error};
use crate::model::{Place, Untrusted};

/// The clouds in use, each of another profile, in the order they were asked for.
#[derive(Debug, Clone, Default)]
pub struct Clouds(Arc<[Cloud]>);

impl Clouds {
    /// The one that lists a place.
    pub fn of(&self, place: &Place) -> Option<&Cloud> {
        self.0.iter().find(|cloud| cloud.profile() == place.profile.as_ref())
    }

    /// The one that lists a place; an error names the profile that was not opened.
    pub fn known(&self, place: &Place) -> Result<&Cloud, Error> {
        self.of(place).ok_or_else(|| match &place.profile {
            Some(profile) => Error::NoProfile { profile: Untrusted::from(profile.raw()) },
            None => Error::NoCredentials,
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Cloud> {
        self.0.iter()
    }

    /// The first: the one that is asked what is the same for all.
    pub fn first(&self) -> Option<&Cloud> {
        self.0.first()
    }
}

impl From<&Cloud> for Clouds {
    fn from(cloud: &Cloud) -> Self {
        Self([cloud.clone()].into())
    }
}

impl FromIterator<Cloud> for Clouds {
    fn from_iter<I: IntoIterator<Item = Cloud>>(clouds: I) -> Self {
        Self(clouds.into_iter().collect())
    }
}
