//! Signing in from the dashboard: it begins with a key, shows where, and the list goes on when it is done.

use jiff::{SignedDuration, Timestamp};

use super::State;
use crate::columns::Tone;
use crate::model::{MfaCode, MfaDevice};
use crate::tui::effect::Effect;
use crate::tui::overlays::{FirstWays, MfaField, SigningIn, StartUrlForm, Switcher};
use crate::tui::sign_in_run::{SAID_BEFORE, SignInEnds, SignInRun, SignInTo, SignInUpdate};
use crate::tui::trouble::TroubleKind;

impl State {
    /// The key: sign in, where that is what is needed.
    pub(super) fn sign_in(&mut self) -> Vec<Effect> {
        if let Some(field) = self.world.wants_code().and_then(MfaField::of) {
            self.overlays.push(Box::new(field));
            return Vec::new();
        }
        if self.world.has_no_credentials() {
            self.overlays.push(Box::new(StartUrlForm::default()));
            return Vec::new();
        }
        if !self.world.offers_sign_in() {
            return self.tell(self.world.say("sign-in-not-needed"));
        }
        if let Some(session) = self.session_awaited.clone().filter(|_| self.finds_first()) {
            return self.sign_in_to(SignInTo::Session(session));
        }
        // Of several profiles the first that waits for it.
        let waits = self.world.here.troubles.iter().find(|(_, trouble)| trouble.kind == TroubleKind::SignIn);
        let of_tunnel = || self.world.tunnel_without_sign_in().and_then(|run| run.instance.place.profile.clone());
        let profile = waits.and_then(|(place, _)| place.profile.clone());
        let ends = || self.world.sign_in_ends.as_ref().filter(|ends| ends.is_near(self.world.now))?.profile.clone();
        let profile = profile.or_else(of_tunnel).or_else(ends).or_else(|| self.world.here.profile.clone());
        self.sign_in_to(SignInTo::Profile(profile))
    }

    /// Begin to sign in.
    pub(super) fn sign_in_to(&mut self, to: SignInTo) -> Vec<Effect> {
        self.sign_ins += 1;
        self.world.sign_in = Some(SignInRun::new(self.sign_ins, &to));
        self.overlays.push(Box::new(SigningIn));
        vec![Effect::SignIn { number: self.sign_ins, to }]
    }

    /// Nothing is known that could list anything: the ways on from there.
    pub(super) fn show_first_ways(&mut self) {
        if self.world.knows_nothing() {
            self.uncover();
        }
        if self.overlays.is_empty() && self.world.knows_nothing() {
            self.overlays.push(Box::new(FirstWays::default()));
        }
    }

    /// Choose a profile, of what the files say by now.
    pub(super) fn choose_profile(&mut self) -> Vec<Effect> {
        let switcher = Switcher::profiles(&self.world);
        self.overlays.push(Box::new(switcher));
        vec![Effect::ReadProfiles, Effect::ListSessions]
    }

    /// Whoever has just chosen a profile means to sign in, where that is what it lacks.
    pub(super) fn sign_in_if_chosen(&mut self) -> Vec<Effect> {
        let is_needed = self.signs_in && self.overlays.is_empty() && self.world.lacks_sign_in();
        if !is_needed {
            return Vec::new();
        }
        self.signs_in = false;
        self.sign_in()
    }

    /// A code was typed: the profile is opened again with it.
    pub(super) fn go_on_with_code(&mut self, device: MfaDevice, code: MfaCode) -> Vec<Effect> {
        let mut effects = vec![Effect::GiveCode { device, code }];
        effects.extend(self.refresh_by_hand());
        effects
    }

    pub(super) fn cancel_sign_in(&mut self) -> Vec<Effect> {
        self.world.sign_in = None;
        vec![Effect::CancelSignIn]
    }

    pub(super) fn on_sign_in(&mut self, number: u64, update: SignInUpdate) -> Vec<Effect> {
        let Some(run) = self.world.sign_in.as_mut().filter(|run| run.number == number) else { return Vec::new() };
        match update {
            SignInUpdate::Begun { session } => run.session = Some(session),
            SignInUpdate::Open(page) => {
                run.page = Some(page);
                run.opens = true;
            }
            SignInUpdate::LeadsTo { from, to } => {
                run.remark = Some(self.world.text.say_with("login-leads", &[("from", from.into()), ("to", to.into())]));
            }
            SignInUpdate::FellBack => run.remark = Some(self.world.text.say("login-fell-back")),
            SignInUpdate::Lingering { region } => {
                run.remark = Some(self.world.text.say_with("login-lingering", &[("region", region.into())]));
            }
            SignInUpdate::Ended(result) => return self.end_sign_in(result),
        }
        Vec::new()
    }

    /// The host is on the screen by now: the browser may start.
    pub(super) fn open_sign_in_page(&mut self) -> Vec<Effect> {
        let Some(run) = self.world.sign_in.as_mut().filter(|run| run.opens) else { return Vec::new() };
        run.opens = false;
        vec![Effect::OpenSignInPage { number: run.number }]
    }

    /// When something of a sign-in is due, or its time is shown anew.
    pub(super) fn next_of_sign_in(&self) -> Option<Timestamp> {
        let now = self.world.now;
        let run = self.world.sign_in.as_ref().and_then(|run| match (run.opens, &run.page) {
            (true, _) => Some(now),
            (false, page) => page.as_ref().map(|page| changes(page.until, now)),
        });
        let ends = self.world.sign_in_ends.as_ref().filter(|ends| ends.at > now);
        let ends = ends.map(|ends| match ends.at.checked_sub(SAID_BEFORE) {
            Ok(said) if said > now => said,
            _ => changes(ends.at, now),
        });
        [run, ends].into_iter().flatten().min()
    }

    fn end_sign_in(&mut self, result: Result<(), crate::tui::trouble::Trouble>) -> Vec<Effect> {
        let run = self.world.sign_in.take();
        let is_by_start_url = run.as_ref().is_some_and(|run| run.is_by_start_url);
        let session = run.and_then(|run| run.session).unwrap_or_default();
        match result {
            Ok(()) => {
                self.world.sign_in_ends = None;
                let done = self.world.say_with("login-done", [("session", &session)]);
                self.world.tell(done, Tone::Good);
                if is_by_start_url { self.choose_place() } else { self.refresh_by_hand() }
            }
            Err(trouble) => self.explain("sign-in-failed-title", trouble.lines().map(str::to_owned).collect()),
        }
    }

    /// How long the sign-in holds.
    pub(super) fn on_sign_in_stands(&mut self, ends: Option<SignInEnds>) -> Vec<Effect> {
        self.world.sign_in_ends = ends;
        Vec::new()
    }

    /// Somebody signed in with another program: what waited for it goes on.
    pub(super) fn on_signed_in_elsewhere(&mut self) -> Vec<Effect> {
        let troubles = self.world.places_in_trouble().map(|(_, trouble)| trouble);
        let waits = self.world.trouble().into_iter().chain(troubles).any(|trouble| trouble.kind == TroubleKind::SignIn);
        if waits && !self.world.is_loading() { self.refresh_by_hand() } else { Vec::new() }
    }
}

/// When the time that is left is another one.
fn changes(until: Timestamp, now: Timestamp) -> Timestamp {
    let left = until.as_second().saturating_sub(now.as_second()).max(0);
    let unit = if left > 60 { 60 } else { 1 };
    let step = SignedDuration::from_secs(left % unit + 1);
    now.checked_add(step).unwrap_or(Timestamp::MAX)
}
