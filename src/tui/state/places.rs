//! Which profile and regions are listed, and what AWS answers about them.

use jiff::{SignedDuration, Timestamp};

use super::State;
use crate::columns::Tone;
use crate::model::{
    Answer, CredentialProgram, Generation, Identity, InstanceId, InstanceState, Oddity, Place, ProfileName, Region,
};
use crate::tui::effect::{Effect, Remembered};
use crate::tui::message::Opened;
use crate::tui::overlays::Request;
use crate::tui::overlays::{MfaField, Question, Switcher};
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::{Here, Phase, ProfileChoice};

/// Most columns of a program's line in the question whether it may run.
const LONGEST_LINE: usize = 1_000;

impl State {
    /// The profiles are known: open the one that is asked for, unless it runs a program that the user must allow first.
    pub(super) fn on_profiles(&mut self, result: Result<Vec<ProfileChoice>, Trouble>) -> Vec<Effect> {
        match result {
            Ok(profiles) => self.world.profiles = profiles,
            // Credentials may come from elsewhere: opening will tell.
            Err(trouble) => self.world.note(trouble.what),
        }
        if self.opening != Generation::default() || self.finds_first() {
            return Vec::new();
        }
        let default = self.world.profiles.iter().find(|profile| profile.is_default).map(|profile| profile.name.clone());
        let asked = self.profile_asked.clone();
        match asked.clone().or(default).filter(|name| self.must_ask_for(name)) {
            Some(name) => self.ask_for_programs_of(name),
            None => self.open_profile(asked, None),
        }
    }

    /// What the SSO sessions give, but for what a profile is called.
    pub(super) fn on_session_places(&mut self, mut places: Vec<ProfileChoice>) -> Vec<Effect> {
        let profiles: std::collections::BTreeSet<&ProfileName> = self.world.profiles.iter().map(|own| &own.name).collect();
        places.retain(|place| !profiles.contains(&place.name));
        self.world.session_places = places;
        self.list_found()
    }

    /// Opening found programs that nobody allowed: those of a profile that no list showed, or in files that have changed.
    pub(super) fn on_programs(
        &mut self,
        generation: Generation,
        profile: ProfileName,
        programs: Vec<CredentialProgram>,
    ) -> Vec<Effect> {
        if generation != self.opening {
            return self.on_programs_beside(generation, &profile);
        }
        self.world.here.phase = Phase::Asking(profile.clone());
        if let Some(choice) = self.world.profiles.iter_mut().find(|choice| choice.name == profile) {
            choice.programs.clone_from(&programs);
        }
        let question = self.question_of_programs(&profile, &programs);
        // Over a list it may come up under a key that was meant for a row.
        self.ask(if self.world.inventory.rows().is_empty() { question } else { question.unasked(self.world.now) })
    }

    /// List with another profile.
    pub(super) fn use_profile(
        &mut self,
        profile: ProfileName,
        programs: Vec<CredentialProgram>,
        is_for_ever: bool,
    ) -> Vec<Effect> {
        self.overlays.clear();
        self.programs_allowed.allow(&programs);
        if self.must_ask_for(&profile) {
            return self.ask_for_programs_of(profile);
        }
        self.leave();
        self.signs_in = true;
        self.chosen_regions.clear();
        self.profile_asked = Some(profile.clone());
        self.world.here = Here { profile: Some(profile.clone()), ..Here::default() };
        let mut effects = self.open_profile(Some(profile), None);
        if is_for_ever {
            effects.push(Effect::Remember(Remembered::Programs(programs)));
        }
        effects
    }

    /// List another region with the same profile.
    pub(super) fn use_region(&mut self, region: Region) -> Vec<Effect> {
        self.overlays.clear();
        let had_none = self.world.here.phase == Phase::NoRegion;
        self.leave();
        self.world.here.all_regions = false;
        let mut effects = vec![Effect::StopAsking];
        // A place of a session has no region of its own but that of its portal.
        let is_kept = self.world.here.beside.is_empty() && self.world.is_session_place(self.world.here.profile.as_ref());
        if had_none || is_kept {
            let profile = self.world.here.profile.clone();
            effects.push(Effect::Remember(Remembered::Region { profile, region: region.clone() }));
        }
        effects.extend(self.list_regions(vec![region]));
        effects
    }

    /// List these regions of every profile that is here.
    pub(super) fn list_regions(&mut self, regions: Vec<Region>) -> Vec<Effect> {
        self.chosen_regions.clone_from(&regions);
        let first = regions.first().cloned();
        for beside in &mut self.world.here.beside {
            beside.regions.clone_from(&regions);
        }
        self.world.here.regions = regions;
        if self.is_open() && self.world.here.beside.iter().all(|beside| beside.phase == Phase::Open) {
            self.survey()
        } else {
            self.open_profile(self.world.here.profile.clone(), first)
        }
    }

    /// List every region that is enabled for the account.
    pub(super) fn use_all_regions(&mut self) -> Vec<Effect> {
        self.overlays.clear();
        self.leave();
        self.world.here.all_regions = true;
        self.world.here.regions.clear();
        self.chosen_regions.clear();
        self.world.here.beside.iter_mut().for_each(|beside| beside.regions.clear());
        if !self.is_open() || !self.world.here.beside.is_empty() {
            return self.open_profile(self.world.here.profile.clone(), None);
        }
        self.world.here.phase = Phase::Opening;
        self.opening = self.next_generation();
        self.list_waits_for_regions = true;
        let profile = self.world.here.profile.clone();
        vec![Effect::StopAsking, Effect::ListRegions { generation: self.opening, profile }]
    }

    /// `R`: the credentials are read again, so that a new sign-in is noticed, and so is this computer.
    pub(super) fn refresh_by_hand(&mut self) -> Vec<Effect> {
        if self.waits_for_a_choice() {
            return Vec::new();
        }
        let mut effects = self.look_around();
        effects.extend(self.find_places());
        if self.finds_first() {
            return effects;
        }
        effects.extend(self.open_profile(self.profile_asked.clone(), self.world.here.regions.first().cloned()));
        effects
    }

    /// The time has come to ask again.
    pub fn refresh_by_itself(&mut self) -> Vec<Effect> {
        self.next_refresh = None;
        if self.world.here.phase == Phase::Opening || self.waits_for_a_choice() {
            return Vec::new();
        }
        let lost_credentials = self.world.trouble().is_some_and(|trouble| trouble.kind.lacks_credentials());
        if lost_credentials || (!self.is_open() && self.world.here.beside.is_empty()) {
            return if self.world.is_loading() { Vec::new() } else { self.refresh_by_hand() };
        }
        let is_due = |place: &Place| self.due.get(place).is_some_and(|due| *due <= self.world.now);
        let places = self.chosen_places();
        let is_any_due = places.iter().any(&is_due);
        let is_loading =
            |place: &Place| self.world.inventory.listing(place).is_some_and(|own| own.is_loading || own.ssm_is_loading);
        let is_asked = |place: &Place| !is_loading(place) && if is_any_due { is_due(place) } else { self.is_watched(place) };
        let asked = places.into_iter().filter(is_asked).collect();
        self.survey_of(asked)
    }

    /// Stop waiting: what was heard stays.
    pub(super) fn stop_asking(&mut self) -> Vec<Effect> {
        self.give_up();
        if self.world.here.phase == Phase::Opening {
            self.world.here.phase = Phase::Stopped;
        }
        for beside in self.world.here.beside.iter_mut().filter(|beside| beside.phase == Phase::Opening) {
            beside.phase = Phase::Stopped;
        }
        // Answers that are already queued must not begin anything new.
        self.opening = self.next_generation();
        if self.world.updated().is_some() {
            self.plan_refreshes();
        }
        self.world.tell(self.world.say("stopped-asking"), Tone::Plain);
        vec![Effect::StopAsking]
    }

    pub(super) fn on_opened(&mut self, generation: Generation, result: Result<Opened, Trouble>) -> Vec<Effect> {
        if generation != self.opening {
            return self.on_opened_beside(generation, result);
        }
        match result {
            Err(trouble) if trouble.kind == TroubleKind::NoRegion => self.ask_for_region(),
            Err(trouble) => self.fail(trouble),
            Ok(opened) => {
                self.world.enabled.clear();
                let here = &mut self.world.here;
                here.profile = opened.profile;
                here.endpoint = opened.endpoint;
                if here.regions.is_empty() && !here.all_regions {
                    let chosen = [&self.chosen_regions, &self.asked_regions].into_iter().find(|regions| !regions.is_empty());
                    here.regions = chosen.cloned().unwrap_or_else(|| opened.region.into_iter().collect());
                }
                if self.world.here.all_regions {
                    self.list_waits_for_regions = true;
                    return vec![Effect::ListRegions { generation, profile: self.world.here.profile.clone() }];
                }
                if !self.world.here.regions.is_empty() {
                    self.world.here.phase = Phase::Open;
                    let places = self.places_of(self.world.here.profile.clone(), &self.world.here.regions);
                    return self.survey_of(places);
                }
                let lacks_profile = self.world.here.profile.is_none() && !opened.needs_no_profile;
                if lacks_profile && self.world.known_profiles().next().is_some() {
                    return self.ask_for_profile();
                }
                if lacks_profile {
                    // Only the call that asks who we are tells whether there are credentials at all.
                    self.region_waits_for_identity = true;
                    return Vec::new();
                }
                self.ask_for_region()
            }
        }
    }

    pub(super) fn on_identity(&mut self, generation: Generation, result: Result<Identity, Trouble>) -> Vec<Effect> {
        if generation != self.opening {
            let beside = self.world.here.beside.iter_mut().find(|beside| beside.generation == generation);
            if let (Some(beside), Ok(identity)) = (beside, result) {
                beside.account = Some(identity.account.clone());
                self.world.inventory.know_account(Some(&beside.profile), &identity.account);
                self.show_changes();
            }
            return Vec::new();
        }
        let is_waited_for = std::mem::take(&mut self.region_waits_for_identity);
        match result {
            Ok(identity) => {
                self.world.inventory.know_account(self.world.here.profile.as_ref(), &identity.account);
                self.show_changes();
                self.world.here.identity = Some(identity);
            }
            Err(trouble) if is_waited_for && trouble.code == "no-credentials" => return self.fail(trouble),
            // The list of instances says the same, and better; without it the account is simply not shown.
            Err(trouble) => self.world.note(trouble.what),
        }
        if is_waited_for { self.ask_for_region() } else { Vec::new() }
    }

    /// Which regions the account has, for whoever chooses one: asked once for each way to a place.
    pub(super) fn ask_for_regions(&mut self) -> Vec<Effect> {
        if self.world.here.phase != Phase::Open || !self.world.enabled.is_empty() {
            return Vec::new();
        }
        vec![Effect::ListRegions { generation: self.opening, profile: self.world.here.profile.clone() }]
    }

    pub(super) fn on_regions(&mut self, generation: Generation, result: Result<Vec<(Region, bool)>, Trouble>) -> Vec<Effect> {
        if generation != self.opening {
            return self.on_regions_beside(generation, result);
        }
        let is_waited_for = std::mem::take(&mut self.list_waits_for_regions) && self.world.here.all_regions;
        match result {
            Ok(regions) => {
                self.world.enabled = regions.into_iter().collect();
                if !is_waited_for {
                    return Vec::new();
                }
                let enabled = self.world.enabled.iter().filter(|(_, is_enabled)| **is_enabled);
                self.world.here.regions = enabled.map(|(region, _)| region.clone()).collect();
                self.world.here.phase = Phase::Open;
                let places = self.places_of(self.world.here.profile.clone(), &self.world.here.regions);
                self.survey_of(places)
            }
            Err(trouble) if is_waited_for => self.fail(trouble),
            // Without an answer they are shown as they are known.
            Err(_) => Vec::new(),
        }
    }

    pub(super) fn take_in(&mut self, place: &Place, generation: Generation, answer: Answer) -> Vec<Effect> {
        if matches!(answer, Answer::Nodes(_)) && !self.world.settings.hybrid {
            return Vec::new();
        }
        let odd = match answer {
            Answer::Odd(Oddity { code, action }) => Some(self.world.say_with(&format!("notice-{code}"), [("action", action)])),
            _ => None,
        };
        let before = self.standing(place);
        self.is_news = false;
        if !self.world.inventory.take_in(place, generation, answer, self.world.now) {
            return Vec::new();
        }
        self.is_news = odd.is_some() || self.standing(place) != before;
        if let Some(odd) = odd {
            self.world.complain(odd);
        }
        self.show_changes();
        Vec::new()
    }

    /// What a screen may show of the rows and of how far a place is, its counts aside.
    fn standing(&self, place: &Place) -> (u64, Option<(bool, bool, Option<Timestamp>)>) {
        let inventory = &self.world.inventory;
        let listing = inventory.listing(place);
        (inventory.changes(), listing.map(|listing| (listing.is_loading, listing.ssm_is_loading, listing.updated)))
    }

    /// Bring the rows up to the inventory. Whether it had changed.
    pub(super) fn show_changes(&mut self) -> bool {
        let has_changed = self.world.inventory.changes() != self.world.rows_show;
        if has_changed {
            self.world.update_rows();
        }
        has_changed
    }

    pub(super) fn on_surveyed(&mut self, place: &Place, generation: Generation, result: Result<(), Trouble>) -> Vec<Effect> {
        if self.world.inventory.listing(place).is_none_or(|listing| listing.generation != generation) {
            return Vec::new();
        }
        let mut wait = SignedDuration::ZERO;
        let effects;
        match result {
            Ok(()) => {
                self.world.inventory.give_up(place, generation);
                self.show_changes();
                self.world.here.troubles.remove(place);
                self.signs_in = false;
                self.count_running(place);
                effects = self.keep_rows(place);
            }
            Err(trouble) => {
                self.world.inventory.fail(place, generation, self.world.now);
                self.show_changes();
                self.uncover();
                let is_alone = self.world.here.beside.is_empty();
                let is_new = self.world.here.troubles.get(place).is_none_or(|before| before.what != trouble.what);
                if is_new {
                    self.world.note(if is_alone {
                        trouble.what.clone()
                    } else {
                        self.world.at(&place.to_string(), &trouble.what)
                    });
                }
                wait = SignedDuration::try_from(trouble.retry_in).unwrap_or_default();
                self.offer_field(&trouble);
                self.world.here.troubles.insert(place.clone(), trouble);
                self.show_first_ways();
                effects = self.sign_in_if_chosen();
            }
        }
        self.plan_refresh(place, wait);
        effects
    }

    /// An instance that several profiles list is that of this one from now on.
    pub(super) fn see_by(&mut self, id: &InstanceId, place: &Place) -> Vec<Effect> {
        self.world.inventory.choose(id, place, self.world.now);
        self.show_changes();
        Vec::new()
    }

    /// When the rows are asked for again by themselves.
    pub fn next_refresh(&self) -> Option<Timestamp> {
        // Places of one profile are asked again together: not before the last of them has answered.
        let is_waiting = self.world.here.beside.is_empty() && self.world.is_loading();
        let due = self.due.values().min().filter(|_| !is_waiting).copied();
        [self.next_refresh, due].into_iter().flatten().min()
    }

    pub(super) fn open_profile(&mut self, profile: Option<ProfileName>, region: Option<Region>) -> Vec<Effect> {
        self.give_up();
        self.opening = self.next_generation();
        self.region_waits_for_identity = false;
        self.next_refresh = None;
        self.due.clear();
        self.world.here.phase = Phase::Opening;
        let region = region.or_else(|| self.asked_regions.first().cloned());
        let programs = self.programs_allowed.clone();
        let first = Effect::Open { generation: self.opening, profile, region, programs, is_beside: false };
        [Effect::StopAsking, first].into_iter().chain(self.open_beside()).collect()
    }

    /// List all places of `here`.
    fn survey(&mut self) -> Vec<Effect> {
        self.world.here.phase = Phase::Open;
        self.next_refresh = None;
        self.survey_of(self.chosen_places())
    }

    pub(super) fn places_of(&self, profile: Option<ProfileName>, regions: &[Region]) -> Vec<Place> {
        regions.iter().map(|region| Place { profile: profile.clone(), region: region.clone() }).collect()
    }

    /// List these places.
    pub(super) fn survey_of(&mut self, places: Vec<Place>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for place in places {
            let generation = self.next_generation();
            self.due.remove(&place);
            let is_first = self.world.inventory.listing(&place).is_none_or(|listing| listing.updated.is_none());
            self.world.inventory.begin(&place, generation, self.world.now);
            effects.push(Effect::Survey { generation, place, is_first });
        }
        self.show_changes();
        effects
    }

    pub(super) fn fail(&mut self, trouble: Trouble) -> Vec<Effect> {
        self.uncover();
        self.world.note(trouble.what.clone());
        if trouble.kind.lacks_credentials() {
            self.next_refresh = self.after_the_usual_time();
        }
        if self.world.here.profile.is_none() && !self.world.here.beside.is_empty() {
            // Of several it is one that page 3 names.
            self.world.here.profile.clone_from(&self.profile_asked);
        }
        self.offer_field(&trouble);
        self.world.here.phase = Phase::Failed(trouble);
        self.show_first_ways();
        self.sign_in_if_chosen()
    }

    /// A code is missing: its field opens where nothing else is open.
    pub(super) fn offer_field(&mut self, trouble: &Trouble) {
        if let Some(field) = MfaField::of(trouble).filter(|_| self.overlays.is_empty()) {
            self.overlays.push(Box::new(field));
        }
    }

    /// A card that stands there by itself covers no error; it comes again at the next start.
    pub(super) fn uncover(&mut self) {
        self.overlays.retain(|overlay| !overlay.is_card());
    }

    /// When the settings want the next refresh; `None` if only by hand.
    pub(super) fn after_the_usual_time(&self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.world.settings.refresh).ok().filter(|seconds| *seconds > 0)?;
        self.world.now.checked_add(SignedDuration::from_secs(seconds)).ok()
    }

    fn ask_for_region(&mut self) -> Vec<Effect> {
        self.world.here.phase = Phase::NoRegion;
        let switcher = Switcher::regions(&self.world);
        self.open(switcher)
    }

    /// Somebody signed in to a company that no file names: its places are to choose from.
    pub(super) fn choose_place(&mut self) -> Vec<Effect> {
        self.overlays.clear();
        if self.world.has_no_credentials() {
            return self.ask_for_profile();
        }
        self.choose_profile()
    }

    fn ask_for_profile(&mut self) -> Vec<Effect> {
        self.world.here.phase = Phase::NoProfile;
        let switcher = Switcher::profiles(&self.world);
        let mut effects = self.open(switcher);
        effects.push(Effect::ListSessions);
        effects
    }

    pub(super) fn must_ask_for(&self, profile: &ProfileName) -> bool {
        self.world.profile(profile).is_some_and(|choice| !self.programs_allowed.cover(&choice.programs))
    }

    fn ask_for_programs_of(&mut self, profile: ProfileName) -> Vec<Effect> {
        if self.world.inventory.rows().is_empty() {
            self.world.here.phase = Phase::Asking(profile.clone());
        }
        let programs = self.world.profile(&profile).map(|choice| choice.programs.clone()).unwrap_or_default();
        self.ask(self.question_of_programs(&profile, &programs))
    }

    fn question_of_programs(&self, profile: &ProfileName, programs: &[CredentialProgram]) -> Question {
        let name = profile.shown();
        let told = |program: &CredentialProgram| {
            let (of, line) = (program.profile.shown(), program.line.shown_in(LONGEST_LINE));
            match program.profile == *profile {
                true => self.world.say_with("program-runs", [("profile", &name), ("program", &line)]),
                false => self.world.say_with("program-runs-through", [("profile", &name), ("of", &of), ("program", &line)]),
            }
        };
        let mut lines: Vec<String> = programs.iter().map(told).collect();
        lines.push(self.world.say("program-question"));
        let title = self.world.say("program-title");
        let yes = |is_for_ever| Request::UseProfile { profile: profile.clone(), programs: programs.to_vec(), is_for_ever };
        Question::new(title, lines, yes(false)).with_enter_as_yes().with_always(yes(true))
    }

    /// Before other rows come: remember how many ran here, and let nothing of them stay.
    pub(super) fn leave(&mut self) {
        self.world.inventory.clear();
        self.world.here.troubles.clear();
        self.due.clear();
        self.next_refresh = None;
        self.world.update_rows();
    }

    fn give_up(&mut self) {
        let places: Vec<_> =
            self.world.inventory.listings().map(|(place, listing)| (place.clone(), listing.generation)).collect();
        for (place, generation) in places {
            self.world.inventory.give_up(&place, generation);
        }
        self.show_changes();
    }

    fn count_running(&mut self, place: &Place) {
        let running = self.world.inventory.rows_of(place).filter(|row| row.state == InstanceState::Running).count();
        self.world.counts.insert((place.profile.clone(), place.region.clone()), running);
    }

    fn is_open(&self) -> bool {
        self.world.here.phase == Phase::Open
    }

    pub(super) fn next_generation(&mut self) -> Generation {
        self.generation = Generation(self.generation.0 + 1);
        self.generation
    }
}
