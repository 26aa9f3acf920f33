//! What the dashboard knows: the facts that drawing and dialogs read.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::access_run::AccessRun;
use super::action::Action;
use super::age;
use super::attempt::Attempt;
use super::command_run::CommandRun;
use super::keymap::Keymap;
use super::mend_run::MendRun;
use super::power_run::PowerRuns;
use super::rows::{Line, Rows};
use super::sign_in_run::{SignInEnds, SignInRun};
use super::trouble::{Trouble, TroubleKind};
use super::tunnels::{TunnelRun, Tunnels};
use crate::access::{
    Channel, ConnectOptions, Jump, JumpCandidate, Local, Mark, Way, Ways, examined, jump_candidates, mark, ways,
};
use crate::columns::{Column, Tone};
use crate::config::{Accounts, AddressSource, ConnectFlags, Environment, Settings, ThemeName, connect_options};
use crate::connect::{OwnProgram, TargetsAmong, jump_among};
use crate::model::{
    AccountId, CredentialProgram, FactKind, Generation, Identity, Instance, InstanceId, Inventory, Lacking, MfaDevice, Place,
    ProfileName, Region, Running, SessionPlace, Untrusted, Why,
};
use crate::text::{Catalogue, Value, joined};

/// Most problems that are kept.
const PROBLEMS_KEPT: usize = 200;

/// The instance that everything is asked of, and what was told.
#[derive(Debug)]
pub struct Examination {
    /// Which asking it is.
    pub number: u64,
    /// As its row had it, with what was told since.
    pub instance: Arc<Instance>,
    /// When it was told; `None`: not yet.
    pub told: Option<Timestamp>,
}

/// Everything that is known.
#[derive(Debug)]
pub struct World {
    /// All sentences.
    pub text: Arc<Catalogue>,
    /// All settings.
    pub settings: Settings,
    /// Which key asks for what.
    pub keymap: Keymap,
    /// The columns of the settings.
    pub columns: Vec<Column>,
    /// The names of all themes: those that are built in, then the user's own.
    pub themes: Vec<String>,
    /// The time, as of the last key or message.
    pub now: Timestamp,
    /// The zone for times of day.
    pub zone: TimeZone,
    /// Whether the cloud is a simulated one.
    pub is_demo: bool,
    /// How to start this program once more, for ssh's `ProxyCommand`.
    pub own: OwnProgram,
    /// The variables that tell what the terminal is part of.
    pub around: Environment,
    /// Whose rows are shown.
    pub here: Here,
    /// All rows as AWS told them.
    pub inventory: Inventory,
    /// The rows as they are shown.
    pub rows: Rows,
    /// Whether rows are still to be brought up to what is known.
    pub rows_lag: bool,
    /// The inventory's changes that the rows show.
    pub rows_show: u64,
    /// What this computer has.
    pub local: Local,
    /// The profiles in the user's files, once they are read.
    pub profiles: Vec<ProfileChoice>,
    /// The places that signed-in SSO sessions give, which no profile describes.
    pub session_places: Vec<ProfileChoice>,
    /// Regions by name, with their cities.
    pub regions: Vec<RegionChoice>,
    /// The regions that AWS tells of, and whether the account has each; empty until it is asked.
    pub enabled: BTreeMap<Region, bool>,
    /// Running instances at the last visit.
    pub counts: BTreeMap<(Option<ProfileName>, Region), usize>,
    /// The command that runs on many instances, or the last one.
    pub command: Option<CommandRun>,
    /// Fixes of the doctor's page.
    pub mends: Vec<MendRun>,
    /// This computer's address as a page told it.
    pub found_source: Option<IpAddr>,
    /// Starts, stops and reboots under way.
    pub power: PowerRuns,
    /// The session that is asked for.
    pub access: Option<AccessRun>,
    /// The sign-in under way.
    pub sign_in: Option<SignInRun>,
    /// When the sign-in ends that the credentials begin with, if nobody will renew it.
    pub sign_in_ends: Option<SignInEnds>,
    /// What was told of the instance that was examined last.
    pub examination: Option<Examination>,
    /// The way in that was tried last and did not take us, until one into the same instance does.
    pub attempt: Option<Attempt>,
    /// The tunnels of this dashboard.
    pub tunnels: Tunnels,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// What other ec2dash processes of this user hold open, as of the last look.
    pub running: Vec<Running>,
    /// What was done by its name, the latest first.
    pub recent: Vec<String>,
    /// Facts that AWS does not tell.
    pub gaps: Vec<Gap>,
    /// What went wrong, the latest last.
    pub problems: Vec<Problem>,
    /// The line at the bottom.
    pub toast: Option<Toast>,
    /// Columns and rows of the screen, as of the last picture.
    pub screen: (u16, u16),
}

/// Whose rows are shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Here {
    /// The profile; `None` if the credentials come from elsewhere.
    pub profile: Option<ProfileName>,
    /// The regions that are listed.
    pub regions: Vec<Region>,
    /// Whether every enabled region is asked for.
    pub all_regions: bool,
    /// Who AWS says we are.
    pub identity: Option<Identity>,
    /// The endpoint that takes the place of AWS's own.
    pub endpoint: Option<String>,
    /// How far we are.
    pub phase: Phase,
    /// What went wrong at the last try, by place.
    pub troubles: BTreeMap<Place, Trouble>,
    /// Further profiles that are listed with it.
    pub beside: Vec<Beside>,
    /// The name of the set of places, if they were chosen by one.
    pub set: Option<String>,
    /// Patterns of which it is not yet known which places of SSO sessions they fit.
    pub sought: Vec<String>,
}

/// A further profile whose places are listed with those of the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// The profile.
    pub profile: ProfileName,
    /// Which asking the answers about it belong to.
    pub generation: Generation,
    /// Its regions that are listed.
    pub regions: Vec<Region>,
    /// Its account.
    pub account: Option<AccountId>,
    /// How far it is.
    pub phase: Phase,
}

impl Beside {
    /// A profile that was not opened yet.
    pub fn new(profile: ProfileName) -> Self {
        Self { profile, generation: Generation::default(), regions: Vec::new(), account: None, phase: Phase::Opening }
    }
}

/// How far the way to a place is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Phase {
    /// The files are read and the credentials made ready.
    #[default]
    Opening,
    /// The profile runs a program, and the user has not said yes.
    Asking(ProfileName),
    /// There is no default profile and no region, but there are profiles.
    NoProfile,
    /// There is no region.
    NoRegion,
    /// Places are listed.
    Open,
    /// The user stopped the way there.
    Stopped,
    /// The credentials cannot be made ready.
    Failed(Trouble),
}

/// A profile of the user's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChoice {
    /// Its name.
    pub name: ProfileName,
    /// Where its credentials come from, in words fit for a screen.
    pub kind: String,
    /// Its account, if the files tell.
    pub account: Option<AccountId>,
    /// Its own region, if the files tell.
    pub region: Option<Region>,
    /// What can be said of its sign-in, with its mark.
    pub standing: (Tone, String),
    /// The programs that its credentials come from: its own, and those of the profiles it is built on.
    pub programs: Vec<CredentialProgram>,
    /// Whether it is the one that is used if none is named.
    pub is_default: bool,
}

/// A region there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionChoice {
    /// Its name.
    pub region: Region,
    /// Where it is.
    pub city: &'static str,
    /// Whether an account has it only after it was switched on.
    pub is_opt_in: bool,
}

/// Facts that AWS does not tell, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The IAM action.
    pub action: &'static str,
    /// The kind of refusal.
    pub why: Why,
    /// Rows without the fact.
    pub rows: usize,
    /// The column that shows `?`, by the key of its name.
    pub column: &'static str,
    /// When the oldest of the answers was told that are shown meanwhile; `None`: there are none.
    pub told: Option<Timestamp>,
}

/// Something that went wrong, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// When it was heard.
    pub at: Timestamp,
    /// What it was.
    pub text: String,
}

/// A line at the bottom that goes by itself, or with the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What is said.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// When it goes; `None` with the next key.
    pub until: Option<Timestamp>,
}

/// The names of all themes there are: those that are built in, then the user's own.
pub fn themes(own: Vec<String>) -> Vec<String> {
    ThemeName::BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).chain(own).collect()
}

impl World {
    /// A sentence without values.
    pub fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    /// A sentence with values, which must be fit for a screen.
    pub fn say_with<const N: usize>(&self, key: &str, values: [(&'static str, &str); N]) -> String {
        let values = values.map(|(name, value)| (name, Value::from(value.to_owned())));
        self.text.say_with(key, &values)
    }

    /// That something was told by AWS in an earlier run: `from 14:02, 38 min old`, or the age alone.
    pub fn old(&self, told: Timestamp, is_whole: bool) -> String {
        let age = age::span(age::seconds(told, self.now), &self.text);
        let time = told.to_zoned(self.zone.clone()).strftime("%H:%M").to_string();
        self.say_with(if is_whole { "row-old" } else { "row-old-short" }, [("time", &time), ("age", &age)])
    }

    /// What is said of one place among several.
    pub fn at(&self, place: &str, what: &str) -> String {
        self.say_with("warning-at", [("place", place), ("what", what)])
    }

    /// The same, if it has every value that it says: nothing is said about the key of an action that has none.
    pub fn say_if_whole<const N: usize>(&self, key: &str, values: [(&'static str, &str); N]) -> Option<String> {
        let values = values.map(|(name, value)| (name, Value::from(value.to_owned())));
        self.text.say_if_whole(key, &values)
    }

    /// `Enter connect`: the key of an action and a word for it; nothing for an action without a key.
    pub fn hint(&self, action: Action, word: &str) -> String {
        let key = self.keymap.hint(action);
        if key.is_empty() { key } else { format!("{key} {}", self.say(word)) }
    }

    /// Several hints in a line.
    pub fn hints<'a>(&self, hints: impl IntoIterator<Item = (Action, &'a str)>) -> String {
        let hints: Vec<String> = hints.into_iter().map(|(action, word)| self.hint(action, word)).collect();
        joined("  ", hints.iter().map(String::as_str))
    }

    /// Everything that is asked for one instance.
    pub fn connect_options(&self, instance: &Instance) -> ConnectOptions {
        let mut options = connect_options(&self.settings, instance, &ConnectFlags::default());
        let Self { settings, local, now, inventory, .. } = self;
        options.jump = jump_among(instance, &options, settings, local, *now, inventory.rows(), &TargetsAmong::default());
        options
    }

    /// Which instances may serve as a jump host to this one, the best first; none where one is asked for already, or not needed.
    pub fn jump_candidates(&self, instance: &Instance, way: &Way) -> Vec<JumpCandidate> {
        let options = self.connect_options(instance);
        let is_open = matches!(mark(way), Mark::Works | Mark::Problem);
        if is_open || way.method.channel() != Channel::Address || options.jump != Jump::None || !instance.state.may_be_up() {
            return Vec::new();
        }
        jump_candidates(instance, &options, self.rows.all().map(|line| (&line.instance, &*line.ways)))
    }

    /// The ways into one instance as of now.
    pub fn ways(&self, instance: &Instance) -> Ways {
        ways(instance, &self.connect_options(instance), &self.local, self.now)
    }

    /// What is known of an instance that is examined: what its row had, and what was told since.
    pub fn examined(&self, id: &InstanceId) -> Option<&Instance> {
        let told = self.examination.as_ref().filter(|own| own.instance.id == *id && self.is_listed(own));
        told.map(|own| &*own.instance).or_else(|| self.inventory.row(id).map(|row| &**row))
    }

    /// When all was told of an instance; `None`: not yet.
    pub fn examination(&self, id: &InstanceId) -> Option<Timestamp> {
        self.examination.as_ref().filter(|own| own.instance.id == *id && self.is_listed(own))?.told
    }

    /// Whether the place still lists what was examined there.
    fn is_listed(&self, own: &Examination) -> bool {
        self.inventory.row(&own.instance.id).is_some_and(|row| row.place == own.instance.place)
    }

    /// The ways into one instance with every rule that was looked at.
    pub fn examine(&self, instance: &Instance) -> Ways {
        let options = self.connect_options(instance);
        match self.source() {
            None => examined(instance, &options, &self.local, self.now),
            Some(source) => examined(instance, &options, &Local { sources: vec![source], ..self.local.clone() }, self.now),
        }
    }

    /// This computer's address as AWS sees it, as far as the settings or a page told.
    pub fn source(&self) -> Option<IpAddr> {
        match self.settings.doctor.source {
            AddressSource::At(address) => Some(address),
            AddressSource::Ask => self.found_source,
            AddressSource::Off => None,
        }
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Line> {
        self.rows.current()
    }

    /// What the settings say of the accounts we are in: of the first that they speak of.
    pub fn account_settings(&self) -> Option<&Accounts> {
        self.accounts().find_map(|account| self.settings.accounts.get(account))
    }

    /// The accounts we are in, as far as AWS has told.
    fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        let first = self.here.identity.iter().map(|identity| &identity.account);
        first.chain(self.here.beside.iter().filter_map(|beside| beside.account.as_ref()))
    }

    /// The profiles whose places are listed.
    pub fn profiles_here(&self) -> impl Iterator<Item = &ProfileName> {
        self.here.profile.iter().chain(self.here.beside.iter().map(|beside| &beside.profile))
    }

    /// What is still looked for, before any of it was found.
    pub fn finding(&self) -> Option<String> {
        let patterns = Untrusted::from(self.here.sought.join(", ")).shown_in(60);
        let nothing = self.here.profile.is_none() && !self.here.sought.is_empty() && self.here.phase == Phase::Opening;
        nothing.then(|| self.say_with("bar-finding", [("pattern", &patterns)]))
    }

    /// How many places are listed, or should be.
    pub fn places(&self) -> usize {
        let of = |regions: &Vec<Region>| regions.len().max(1);
        of(&self.here.regions) + self.here.beside.iter().map(|beside| of(&beside.regions)).sum::<usize>()
    }

    /// What is not fine, a line for each place, or for a profile without any.
    pub fn places_in_trouble(&self) -> impl Iterator<Item = (String, &Trouble)> {
        let first =
            self.here.profile.as_ref().filter(|_| !self.here.beside.is_empty()).map(|profile| (profile, &self.here.phase));
        let all = first.into_iter().chain(self.here.beside.iter().map(|beside| (&beside.profile, &beside.phase)));
        let profiles = all.filter_map(|(profile, phase)| match phase {
            Phase::Failed(trouble) => Some((profile.shown(), trouble)),
            _ => None,
        });
        self.here.troubles.iter().map(|(place, trouble)| (place.to_string(), trouble)).chain(profiles)
    }

    /// Whether the settings want a question before connecting to this instance.
    pub fn asks_before_connecting(&self, instance: &Instance) -> bool {
        let account = instance.account.as_ref().or(self.here.identity.as_ref().map(|identity| &identity.account));
        self.settings.asking_account(account).is_some()
    }

    /// Whether nothing is begun without a yes in the account we are in.
    pub fn is_in_asking_account(&self) -> bool {
        self.accounts().any(|account| self.settings.asking_account(Some(account)).is_some())
    }

    /// Whether any place is still being listed.
    pub fn is_loading(&self) -> bool {
        self.here.phase == Phase::Opening
            || self.here.beside.iter().any(|beside| beside.phase == Phase::Opening)
            || self.inventory.listings().any(|(_, listing)| listing.is_loading || listing.ssm_is_loading)
    }

    /// When the oldest of the listings was whole, if each was.
    pub fn updated(&self) -> Option<Timestamp> {
        let all = self.inventory.listings().map(|(_, listing)| listing.updated);
        // Of several profiles some may never answer: the others are no older for that.
        if self.here.beside.is_empty() { all.min().flatten() } else { all.flatten().min() }
    }

    /// The first trouble of the places that are listed; where several are, only if it is one of all of them.
    pub fn trouble(&self) -> Option<&Trouble> {
        let is_of_all = self.here.beside.is_empty() || self.places_in_trouble().count() >= self.places();
        match &self.here.phase {
            Phase::Failed(trouble) if self.here.beside.is_empty() => Some(trouble),
            _ => self.here.troubles.values().next().filter(|_| is_of_all),
        }
    }

    /// Whether there are no credentials, and no profile was chosen that could have some.
    pub fn has_no_credentials(&self) -> bool {
        self.here.profile.is_none() && self.trouble().is_some_and(|trouble| trouble.code == "no-credentials")
    }

    /// Whether there is no profile either.
    pub fn knows_nothing(&self) -> bool {
        self.has_no_credentials() && self.known_profiles().next().is_none()
    }

    /// Whether signing in is what is needed.
    pub fn lacks_sign_in(&self) -> bool {
        let troubles = self.places_in_trouble().map(|(_, trouble)| trouble);
        self.trouble().into_iter().chain(troubles).any(|trouble| trouble.kind == TroubleKind::SignIn)
    }

    /// Whether signing in is what is needed, or will be soon.
    pub fn offers_sign_in(&self) -> bool {
        self.lacks_sign_in()
            || self.tunnel_without_sign_in().is_some()
            || self.sign_in_ends.as_ref().is_some_and(|ends| ends.is_near(self.now))
    }

    /// The first tunnel that waits until somebody signs in.
    pub fn tunnel_without_sign_in(&self) -> Option<&TunnelRun> {
        self.tunnels.list().iter().find(|run| run.wants_sign_in)
    }

    /// The key that signs in, in a few words.
    pub fn sign_in_offer(&self) -> Option<String> {
        self.say_if_whole("sign-in-offer-short", [("key", &self.keymap.hint(Action::SignIn))])
    }

    /// The first place that needs the code of an MFA device.
    pub fn wants_code(&self) -> Option<&Trouble> {
        let troubles = self.places_in_trouble().map(|(_, trouble)| trouble);
        self.trouble().into_iter().chain(troubles).find(|trouble| trouble.kind == TroubleKind::Code)
    }

    /// Whether the code of this device is needed.
    pub fn wants_code_of(&self, device: &MfaDevice) -> bool {
        let troubles = self.places_in_trouble().map(|(_, trouble)| trouble);
        self.trouble().into_iter().chain(troubles).any(|trouble| trouble.device.as_ref() == Some(device))
    }

    /// What to do about a trouble: where somebody can sign in from here, the key for that.
    pub fn next(&self, trouble: &Trouble) -> Option<String> {
        let key = if trouble.kind == TroubleKind::Code { "mfa-offer" } else { "sign-in-offer" };
        let offer = || self.say_if_whole(key, [("key", &self.keymap.hint(Action::SignIn))]);
        if trouble.code == "no-credentials" && self.knows_nothing() {
            let keys = [Action::SignIn, Action::Profile].map(|action| self.keymap.hint(action));
            let here = self.say_if_whole("no-credentials-next", [("sign-in", &keys[0]), ("profile", &keys[1])]);
            return here.or_else(|| trouble.next.clone());
        }
        if matches!(trouble.kind, TroubleKind::SignIn | TroubleKind::Code) {
            offer().or_else(|| trouble.next.clone())
        } else {
            trouble.next.clone()
        }
    }

    /// That no region is set, and which profiles have one.
    pub fn no_region(&self) -> impl Iterator<Item = String> {
        let what = match &self.here.profile {
            Some(profile) => self.say_with("body-no-region", [("profile", &profile.shown())]),
            None => self.say("body-no-region-nowhere"),
        };
        let having = self.profiles.iter().filter(|profile| profile.region.is_some()).map(|profile| &profile.name);
        let also = ProfileName::some_of(having).map(|names| self.say_with("body-no-region-also", [("profiles", &names)]));
        std::iter::once(what).chain(also)
    }

    /// The profiles of the user's files, then the places that need none.
    pub fn known_profiles(&self) -> impl Iterator<Item = &ProfileChoice> {
        self.profiles.iter().chain(&self.session_places)
    }

    /// Whether a name is that of a place of an SSO session, and no profile is called so.
    pub fn is_session_place(&self, name: Option<&ProfileName>) -> bool {
        name.is_some_and(|name| name.raw().parse::<SessionPlace>().is_ok() && self.profile(name).is_none())
    }

    /// A profile of the user's files.
    pub fn profile(&self, name: &ProfileName) -> Option<&ProfileChoice> {
        self.profiles.iter().find(|profile| profile.name == *name)
    }

    /// Bring the rows closer to what is known. They are there at once unless thousands changed: then
    /// [`Self::rows_lag`] says that some lag behind.
    pub fn update_rows(&mut self) {
        let Self { rows, inventory, settings, local, now, text, .. } = self;
        let targets = TargetsAmong::default();
        let judge = |instance: &Instance, rows: &[Arc<Instance>]| {
            let mut options = connect_options(settings, instance, &ConnectFlags::default());
            options.jump = jump_among(instance, &options, settings, local, *now, rows, &targets);
            ways(instance, &options, local, *now)
        };
        self.rows_show = inventory.changes();
        self.rows_lag = !rows.update(inventory, judge, *now, text);
        self.gaps = gaps(inventory);
    }

    /// Say something for a few seconds.
    pub fn tell(&mut self, text: String, tone: Tone) {
        let until = self.now.checked_add(jiff::SignedDuration::from_secs(4)).ok();
        self.toast = Some(Toast { text, tone, until });
    }

    /// Say that something went wrong, until the next key, and keep it.
    pub fn complain(&mut self, text: String) {
        self.note(text.clone());
        self.toast = Some(Toast { text, tone: Tone::Bad, until: None });
    }

    /// Keep a problem for the list of problems.
    pub fn note(&mut self, text: String) {
        if self.problems.last().is_some_and(|last| last.text == text) {
            return;
        }
        if self.problems.len() == PROBLEMS_KEPT {
            self.problems.remove(0);
        }
        self.problems.push(Problem { at: self.now, text });
    }
}

/// What AWS does not tell, for all rows together. That an answer does not settle the question, or was not waited for, is nothing the
/// user can ask their administrator for.
fn gaps(inventory: &Inventory) -> Vec<Gap> {
    let told = inventory.lacking().filter(|lacking| !matches!(lacking.why, Why::Undecided | Why::Unasked));
    let gap = |Lacking { fact, why, action, rows, told }| {
        let column = match fact {
            FactKind::Ssm => "gap-ssm",
            FactKind::Role => "gap-iam",
            FactKind::Image => "gap-image",
            FactKind::Network => "gap-via",
            FactKind::Paths => "gap-paths",
            FactKind::KeyPair => "gap-key-pair",
        };
        Gap { action, why, rows, column, told }
    };
    told.map(gap).collect()
}
