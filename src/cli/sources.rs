//! The places that a command is about: the chosen profiles, each in its regions.

use futures_util::future::join_all;

use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::aws::{self, Cloud, Clouds};
use crate::model::{Place, ProfileName, Region, SessionPlace, Untrusted, glob_fits};

/// Most places that are named in a sentence.
const NAMED: usize = 4;

/// One place, and the way to it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The profile's cloud.
    pub cloud: Cloud,
    /// The region.
    pub region: Region,
}

impl Source {
    /// The place.
    pub fn place(&self) -> Place {
        Place { profile: self.cloud.profile().cloned(), region: self.region.clone() }
    }
}

/// All places of a command.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Profile by profile.
    pub list: Vec<Source>,
    /// Profiles without any place: they could not be opened, or their regions are not known.
    pub failures: Vec<(Option<ProfileName>, aws::Error)>,
    profiles: usize,
}

impl Sources {
    /// One profile in some regions.
    pub fn of(cloud: &Cloud, regions: impl IntoIterator<Item = Region>) -> Self {
        let list = regions.into_iter().map(|region| Source { cloud: cloud.clone(), region }).collect();
        Self { list, failures: Vec::new(), profiles: 1 }
    }

    /// The places of one region: each profile there, whether or not it was asked for there.
    pub fn in_region(&self, region: &Region) -> Self {
        let clouds = self.clouds();
        let list = clouds.iter().map(|cloud| Source { cloud: cloud.clone(), region: region.clone() }).collect();
        Self { list, ..self.clone() }
    }

    /// Whether several profiles are asked for.
    pub fn is_merged(&self) -> bool {
        self.profiles > 1
    }

    /// The clouds, each once.
    pub fn clouds(&self) -> Clouds {
        let mut clouds: Vec<Cloud> = Vec::new();
        for source in &self.list {
            if clouds.iter().all(|known| known.profile() != source.cloud.profile()) {
                clouds.push(source.cloud.clone());
            }
        }
        clouds.into_iter().collect()
    }

    /// The places for a sentence: `ap-northeast-2, us-east-1`, or with their profiles.
    pub fn words(&self, invocation: &Invocation) -> String {
        if self.is_merged() && self.list.len() > NAMED {
            return invocation.text.say_with("places-count", &[("count", self.list.len().into())]);
        }
        let word = |source: &Source| if self.is_merged() { source.place().to_string() } else { source.region.to_string() };
        self.list.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

fn add(names: &mut Vec<Option<String>>, name: Option<String>) {
    if !names.contains(&name) {
        names.push(name);
    }
}

impl Invocation {
    /// The profiles asked for by their names; `None` is what the environment says. A name with `*` is all that it fits in the files,
    /// and among the places of signed-in sessions, which `SESSION/ACCOUNT/ROLE` with a `*` in it asks for.
    pub async fn profiles(&self) -> Result<Vec<Option<String>>, Failure> {
        let (mut names, patterns) = self.known_and_sought()?;
        for pattern in patterns {
            let fitting = self.session_places_like(&pattern).await?;
            let is_of_files = self.known_profiles().iter().any(|name| glob_fits(&pattern, name));
            if fitting.is_empty() && !is_of_files {
                return Err(self.none_fits(&pattern));
            }
            let fitting = fitting.into_iter().map(|own| Some(own.place.to_string()));
            fitting.for_each(|name| add(&mut names, name));
        }
        Ok(names)
    }

    /// As [`Self::profiles`] without a call: the profiles that are known by their names, and the patterns that only a session can answer.
    pub fn known_and_sought(&self) -> Result<(Vec<Option<String>>, Vec<String>), Failure> {
        let asked = &self.loaded.settings.profiles;
        if asked.is_empty() {
            return Ok((vec![None], Vec::new()));
        }
        let known = if asked.iter().any(|name| name.contains('*')) { self.known_profiles() } else { Vec::new() };
        let (mut names, mut sought) = (Vec::new(), Vec::new());
        for pattern in asked {
            if !pattern.contains('*') || known.contains(pattern) {
                add(&mut names, Some(pattern.clone()));
                continue;
            }
            let fitting: Vec<&String> = known.iter().filter(|name| glob_fits(pattern, name)).collect();
            let is_of_sessions = SessionPlace::parts(pattern).is_some();
            if fitting.is_empty() && !is_of_sessions {
                return Err(self.none_fits(pattern));
            }
            fitting.into_iter().for_each(|name| add(&mut names, Some(name.clone())));
            sought.extend(is_of_sessions.then(|| pattern.clone()));
        }
        Ok((names, sought))
    }

    fn none_fits(&self, pattern: &str) -> Failure {
        let shown = Untrusted::from(pattern).shown_in(60);
        self.failure("no-profile-fits", Exit::Usage, &[("pattern", shown.into())])
    }

    fn known_profiles(&self) -> Vec<String> {
        let environment = aws::Environment::of_process();
        aws::profile_names(&environment).into_iter().map(|name| name.raw().to_owned()).collect()
    }

    /// All places asked for. One profile that fails is the failure; of several only all together.
    pub async fn sources(&self) -> Result<Sources, Failure> {
        let profiles = self.profiles().await?;
        if profiles.len() == 1 {
            let cloud = self.open().await?;
            let regions = self.regions(&cloud).await?;
            return Ok(Sources::of(&cloud, regions));
        }
        let count = profiles.len();
        let mut sources = Sources { profiles: count, ..Sources::default() };
        let mut clouds: Vec<Cloud> = Vec::new();
        for profile in profiles {
            let name = profile.clone().map(ProfileName::new);
            let options = aws::Options { profile, ..self.options() };
            match self.try_open(options, clouds.first()).await {
                Ok(cloud) => clouds.push(cloud),
                Err(error) => sources.failures.push((name, error)),
            }
        }
        if let Some(first) = clouds.first() {
            self.tell_flaws(first.flaws());
            self.tell_endpoint(first);
        }
        let regions = join_all(clouds.iter().map(|cloud| self.try_regions(cloud))).await;
        for (cloud, regions) in clouds.iter().zip(regions) {
            match regions {
                Ok(regions) => {
                    sources.list.extend(regions.into_iter().map(|region| Source { cloud: cloud.clone(), region }));
                }
                Err(error) => sources.failures.push((cloud.profile().cloned(), error)),
            }
        }
        match sources.failures.first() {
            Some((_, error)) if sources.list.is_empty() => Err(self.failed(error)),
            _ => Ok(sources),
        }
    }
}
