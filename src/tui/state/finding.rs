//! Places that are asked for by a pattern: only the SSO sessions know which there are, and they are listed as they are found.

use super::State;
use crate::model::{ProfileName, SessionPlace, Untrusted, glob_fits};
use crate::tui::effect::Effect;
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::{Beside, Phase};

impl State {
    /// Look for what the patterns fit, if there are any.
    pub(super) fn find_places(&mut self) -> Option<Effect> {
        let patterns = self.world.here.sought.clone();
        if patterns.is_empty() {
            return None;
        }
        if self.finds_first() {
            self.world.here.phase = Phase::Opening;
        }
        Some(Effect::FindPlaces { patterns })
    }

    /// Whether nothing is listed, or on its way there, but what will be found.
    pub(super) fn finds_first(&self) -> bool {
        !self.world.here.sought.is_empty() && self.world.here.profile.is_none() && self.profile_asked.is_none()
    }

    /// List what is known by now of what is looked for.
    pub(super) fn list_found(&mut self) -> Vec<Effect> {
        let fits = |name: &ProfileName| {
            let is_place = SessionPlace::parts(name.raw()).is_some();
            is_place && self.world.here.sought.iter().any(|pattern| glob_fits(pattern, name.raw()))
        };
        let is_new = |name: &&ProfileName| {
            self.profile_asked.as_ref() != Some(*name) && !self.world.profiles_here().any(|own| own == *name)
        };
        let places = self.world.session_places.iter().map(|place| &place.name);
        let mut found: Vec<ProfileName> = places.filter(|name| fits(name)).filter(is_new).cloned().collect();
        if found.is_empty() {
            return Vec::new();
        }
        if !self.finds_first() {
            let from = self.world.here.beside.len();
            self.world.here.beside.extend(found.into_iter().map(Beside::new));
            return self.open_beside_from(from);
        }
        let first = found.remove(0);
        self.world.here.beside = found.into_iter().map(Beside::new).collect();
        self.world.here.profile = Some(first.clone());
        self.profile_asked = Some(first.clone());
        self.open_profile(Some(first), self.chosen_regions.first().cloned())
    }

    /// No more will be found.
    pub(super) fn on_places_found(&mut self, patterns: &[String], result: Result<(), (String, Trouble)>) -> Vec<Effect> {
        if self.world.here.sought != patterns {
            return Vec::new();
        }
        self.session_awaited = None;
        match result {
            Err((session, trouble)) => {
                self.session_awaited = (trouble.kind == TroubleKind::SignIn).then_some(session);
                if self.finds_first() {
                    return self.fail(trouble);
                }
                // Each of the places says for itself that nobody is signed in.
                if self.session_awaited.is_none() {
                    self.world.complain(trouble.what);
                }
                Vec::new()
            }
            Ok(()) if self.finds_first() => {
                let pattern = Untrusted::from(patterns.join(", ")).shown_in(60);
                let what = self.world.say_with("error-no-profile-fits", [("pattern", &pattern)]);
                self.fail(Trouble { next: Some(self.world.say("error-no-profile-fits-next")), ..none_fits(what) })
            }
            Ok(()) => {
                self.world.here.sought.clear();
                Vec::new()
            }
        }
    }
}

fn none_fits(what: String) -> Trouble {
    let retry_in = std::time::Duration::ZERO;
    Trouble { code: "no-profile-fits", what, why: None, next: None, kind: TroubleKind::Other, device: None, retry_in }
}
