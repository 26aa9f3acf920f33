//! Further profiles that are listed with the first: each is opened, listed and fails on its own.

use std::time::Duration;

use super::State;
use crate::model::{Generation, ProfileName, Region, SessionPlace, glob_fits};
use crate::tui::effect::Effect;
use crate::tui::message::Opened;
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::{Beside, Here, Phase};

impl State {
    /// List several profiles as one, in these regions or each in its own.
    pub(super) fn use_places(&mut self, profiles: Vec<ProfileName>, regions: Vec<Region>) -> Vec<Effect> {
        self.overlays.clear();
        if profiles.is_empty() {
            self.leave();
            self.world.here.all_regions = false;
            return [Effect::StopAsking].into_iter().chain(self.list_regions(regions)).collect();
        }
        // A program that nobody allowed is asked for where its profile is chosen alone.
        let (allowed, unasked): (Vec<_>, Vec<_>) = profiles.into_iter().partition(|name| !self.must_ask_for(name));
        let mut all = allowed.into_iter().chain(unasked);
        let Some(first) = all.next() else { return Vec::new() };
        let beside: Vec<ProfileName> = all.collect();
        if beside.is_empty() && regions.is_empty() {
            return self.use_profile(first, Vec::new(), false);
        }
        self.leave();
        self.signs_in = true;
        self.chosen_regions = regions;
        self.profile_asked = Some(first.clone());
        let beside = beside.into_iter().map(Beside::new).collect();
        self.world.here = Here { profile: Some(first.clone()), beside, ..Here::default() };
        let region = self.chosen_regions.first().cloned();
        self.open_profile(Some(first), region)
    }

    /// List the places that have this name in the settings.
    pub(super) fn use_set(&mut self, name: &str) -> Vec<Effect> {
        let Some(set) = self.world.settings.places.get(name).cloned() else { return Vec::new() };
        let mut profiles: Vec<ProfileName> = Vec::new();
        let known: Vec<ProfileName> = self.world.known_profiles().map(|profile| profile.name.clone()).collect();
        for pattern in &set.profiles {
            let exact = known.iter().find(|name| name.raw() == pattern).cloned();
            let fitting = || known.iter().filter(|name| glob_fits(pattern, name.raw())).cloned().collect();
            let named: Vec<ProfileName> = match exact {
                Some(name) => vec![name],
                None if pattern.contains('*') => fitting(),
                None => vec![ProfileName::new(pattern.as_str())],
            };
            named.into_iter().for_each(|name| {
                if !profiles.contains(&name) {
                    profiles.push(name);
                }
            });
        }
        if set.profiles.is_empty() {
            profiles.extend(self.world.here.profile.clone());
        }
        let sought: Vec<String> =
            set.profiles.iter().filter(|own| own.contains('*') && SessionPlace::parts(own).is_some()).cloned().collect();
        if profiles.is_empty() && !sought.is_empty() {
            self.overlays.clear();
            self.leave();
            (self.signs_in, self.profile_asked, self.chosen_regions) = (true, None, set.regions);
            let (all_regions, set) = (set.all_regions, Some(name.to_owned()));
            self.world.here = Here { all_regions, set, sought, ..Here::default() };
            return [Effect::StopAsking].into_iter().chain(self.find_places()).collect();
        }
        if profiles.is_empty() {
            self.overlays.clear();
            let pattern = crate::model::Untrusted::from(set.profiles.join(", ")).shown_in(60);
            self.world.complain(self.world.say_with("error-no-profile-fits", [("pattern", &pattern)]));
            return Vec::new();
        }
        if set.all_regions {
            let first = profiles.first().cloned();
            self.overlays.clear();
            self.leave();
            self.signs_in = true;
            self.chosen_regions.clear();
            self.profile_asked.clone_from(&first);
            let beside = profiles.into_iter().skip(1).map(Beside::new).collect();
            let set = Some(name.to_owned());
            self.world.here = Here { profile: first.clone(), beside, all_regions: true, set, ..Here::default() };
            return self.open_profile(first, None);
        }
        let effects = self.use_places(profiles, set.regions);
        self.world.here.set = Some(name.to_owned());
        effects
    }

    /// Open the further profiles.
    pub(super) fn open_beside(&mut self) -> Vec<Effect> {
        self.open_beside_from(0)
    }

    /// Open those from this one on.
    pub(super) fn open_beside_from(&mut self, first: usize) -> Vec<Effect> {
        let mut effects = Vec::new();
        for at in first..self.world.here.beside.len() {
            let generation = self.next_generation();
            let region = [&self.chosen_regions, &self.asked_regions].into_iter().find_map(|regions| regions.first().cloned());
            let programs = self.programs_allowed.clone();
            if let Some(beside) = self.world.here.beside.get_mut(at) {
                (beside.generation, beside.phase) = (generation, Phase::Opening);
                let profile = Some(beside.profile.clone());
                effects.push(Effect::Open { generation, profile, region, programs, is_beside: true });
            }
        }
        effects
    }

    fn beside_of(&mut self, generation: Generation) -> Option<&mut Beside> {
        self.world.here.beside.iter_mut().find(|beside| beside.generation == generation)
    }

    pub(super) fn on_opened_beside(&mut self, generation: Generation, result: Result<Opened, Trouble>) -> Vec<Effect> {
        let all = self.world.here.all_regions;
        let chosen = [&self.chosen_regions, &self.asked_regions].into_iter().find(|regions| !regions.is_empty()).cloned();
        let Some(beside) = self.beside_of(generation) else { return Vec::new() };
        let opened = match result {
            Ok(opened) => opened,
            Err(trouble) => return self.fail_beside(generation, trouble),
        };
        if all {
            return vec![Effect::ListRegions { generation, profile: Some(beside.profile.clone()) }];
        }
        let regions = chosen.unwrap_or_else(|| opened.region.into_iter().collect());
        if regions.is_empty() {
            let profile = beside.profile.shown();
            let what = self.world.say_with("body-no-region", [("profile", &profile)]);
            return self.fail_beside(generation, trouble("no-region", what));
        }
        self.list_beside(generation, regions)
    }

    pub(super) fn on_regions_beside(
        &mut self,
        generation: Generation,
        result: Result<Vec<(Region, bool)>, Trouble>,
    ) -> Vec<Effect> {
        match result {
            Ok(regions) => {
                let enabled = regions.into_iter().filter(|(_, is_enabled)| *is_enabled).map(|(region, _)| region).collect();
                self.list_beside(generation, enabled)
            }
            Err(trouble) => self.fail_beside(generation, trouble),
        }
    }

    /// It runs a program that nobody has allowed: that is asked where it is chosen alone.
    pub(super) fn on_programs_beside(&mut self, generation: Generation, profile: &ProfileName) -> Vec<Effect> {
        let code = "credential-program-not-allowed";
        let what = self.world.say_with("error-credential-program-not-allowed", [("profile", &profile.shown())]);
        self.fail_beside(generation, trouble(code, what))
    }

    fn list_beside(&mut self, generation: Generation, regions: Vec<Region>) -> Vec<Effect> {
        let Some(beside) = self.beside_of(generation) else { return Vec::new() };
        beside.phase = Phase::Open;
        beside.regions.clone_from(&regions);
        let profile = Some(beside.profile.clone());
        let places = self.places_of(profile, &regions);
        self.survey_of(places)
    }

    fn fail_beside(&mut self, generation: Generation, trouble: Trouble) -> Vec<Effect> {
        let Some(beside) = self.beside_of(generation) else { return Vec::new() };
        let profile = beside.profile.shown();
        beside.phase = Phase::Failed(trouble.clone());
        self.offer_field(&trouble);
        self.world.note(self.world.at(&profile, &trouble.what));
        Vec::new()
    }
}

fn trouble(code: &'static str, what: String) -> Trouble {
    Trouble { code, what, why: None, next: None, kind: TroubleKind::Other, device: None, retry_in: Duration::ZERO }
}
