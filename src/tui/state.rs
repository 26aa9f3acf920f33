//! The dashboard between two frames: keys and answers go in, effects come out, and nothing waits.

mod access;
mod address;
mod beside;
mod columns;
mod commands;
mod computer;
mod connecting;
mod console;
mod copying;
mod doctor;
mod favourites;
mod files;
mod finding;
mod grouping;
mod host_keys;
mod keeping;
mod mending;
mod mouse;
mod multiplexer;
mod own;
mod palette;
mod places;
mod planning;
mod power;
mod settings;
mod signing_in;
mod sorting;
mod tunnels;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

pub use self::palette::RECENT;
use super::action::Action;
use super::age;
use super::connect_request::ConnectRequest;
use super::earlier::Earlier;
use super::effect::{Effect, Remembered};
use super::field::Field;
use super::key::Key;
use super::keymap::Page;
use super::looks::Looks;
use super::message::Message;
use super::overlays::{
    ColumnMenu, Copy, Details, GroupMenu, Help, Overlay, Picker, Problems, Question, RefusedWay, Reply, Request, SortMenu,
    Switcher, ThemeMenu, TunnelPage, Welcome,
};
use super::screen::Seen;
use super::sign_in_run::SignInTo;
use super::trouble::TroubleKind;
use super::world::{Beside, Phase, World};
use crate::columns::Tone;
use crate::model::{AllowedPrograms, Filter, Generation, InvalidFilter, Place, Power, Region};
use crate::text::{Value, joined};

/// Two presses of Ctrl-C within this time quit.
const TWICE_WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// How often is looked at what other processes hold open, while that is on the screen.
const RUNNING_EVERY: SignedDuration = SignedDuration::from_secs(2);
/// After this time without an answer the screen says so.
pub const SLOW_AFTER: i64 = 5;

/// Everything between two frames.
pub struct State {
    /// What is known.
    pub world: World,
    /// Dialogs over the table, the topmost last.
    pub overlays: Vec<Box<dyn Overlay>>,
    /// The filter line while it is typed in.
    pub filter_field: Option<Field>,
    /// The filter as it was typed.
    pub filter_text: String,
    /// What is wrong with the filter that is being typed.
    pub filter_problem: Option<String>,
    /// Filters that were typed before.
    pub earlier_filters: Earlier,
    /// Commands of this run: they may hold secrets, so no file remembers them.
    earlier_commands: Earlier,
    /// What the last frame showed.
    pub seen: Seen,
    /// Whether the screen may differ for the message that was handled last. The counts of a list that loads are not meant: they are
    /// shown as the time passes.
    pub is_news: bool,
    /// Regions asked for on the command line or in the settings; they hold for every profile.
    asked_regions: Vec<Region>,
    /// Regions chosen since; they hold until another profile is chosen.
    chosen_regions: Vec<Region>,
    /// When the rows of each place were kept for the next start, and how much had changed by then.
    kept: BTreeMap<Place, (Timestamp, u64)>,
    /// When each place is asked again.
    due: BTreeMap<Place, Timestamp>,
    generation: Generation,
    opening: Generation,
    next_refresh: Option<Timestamp>,
    interrupted: Option<Timestamp>,
    command_number: u64,
    power_number: u64,
    mend_number: u64,
    /// The ways into one instance that were refused one after the other.
    refused_ways: Vec<RefusedWay>,
    /// Counts the sessions that were asked for.
    access_number: u64,
    has_hinted_hangul: bool,
    programs_allowed: AllowedPrograms,
    looks: Looks,
    profile_asked: Option<crate::model::ProfileName>,
    /// The last click on a line of the table: when, and on which.
    clicked: Option<(Timestamp, usize)>,
    running_due: Option<Timestamp>,
    /// Whether all regions are to be listed as soon as it is known which these are.
    list_waits_for_regions: bool,
    /// The SSO session that is to be signed in to before its places can be found.
    session_awaited: Option<String>,
    /// Whether a region is asked for as soon as it is known that there are credentials.
    region_waits_for_identity: bool,
    /// How many sign-ins were begun.
    sign_ins: u64,
    /// Whether the profile was chosen just now, so that a sign-in begins by itself if that is what it lacks.
    signs_in: bool,
}

impl State {
    /// A dashboard that knows nothing yet.
    pub fn new(
        world: World,
        asked_regions: Vec<Region>,
        profile_asked: Option<crate::model::ProfileName>,
        programs_allowed: AllowedPrograms,
    ) -> Self {
        Self {
            world,
            overlays: Vec::new(),
            filter_field: None,
            filter_text: String::new(),
            filter_problem: None,
            earlier_filters: Earlier::default(),
            earlier_commands: Earlier::default(),
            seen: Seen::default(),
            is_news: true,
            asked_regions,
            chosen_regions: Vec::new(),
            kept: BTreeMap::new(),
            due: BTreeMap::new(),
            generation: Generation::default(),
            opening: Generation::default(),
            next_refresh: None,
            interrupted: None,
            command_number: 0,
            power_number: 0,
            mend_number: 0,
            refused_ways: Vec::new(),
            access_number: 0,
            has_hinted_hangul: false,
            programs_allowed,
            looks: Looks::default(),
            profile_asked,
            clicked: None,
            running_due: None,
            list_waits_for_regions: false,
            session_awaited: None,
            region_waits_for_identity: false,
            sign_ins: 0,
            signs_in: false,
        }
    }

    /// These profiles, too, from the start.
    pub fn beside(mut self, profiles: impl IntoIterator<Item = crate::model::ProfileName>) -> Self {
        self.world.here.beside = profiles.into_iter().map(Beside::new).collect();
        self
    }

    /// What to do first.
    pub fn begin(&mut self, is_first_run: bool) -> Vec<Effect> {
        if is_first_run {
            self.overlays.push(Box::new(Welcome));
        }
        let mut effects = vec![Effect::ReadProfiles, Effect::LookForOrphans];
        effects.extend(self.find_places());
        effects.extend(self.look_around());
        effects
    }

    /// It is this time now.
    pub fn set_now(&mut self, now: Timestamp) {
        self.world.now = now;
    }

    /// Something that was due by itself.
    pub fn tick(&mut self) -> Vec<Effect> {
        let now = self.world.now;
        if self.world.toast.as_ref().is_some_and(|toast| toast.until.is_some_and(|until| until <= now)) {
            self.world.toast = None;
        }
        if self.world.rows_lag {
            self.world.update_rows();
        }
        let mut effects = self.look_at_running();
        effects.extend(self.open_sign_in_page());
        if self.next_refresh().is_some_and(|due| due <= now) {
            effects.extend(self.refresh_by_itself());
        }
        effects
    }

    /// While their page is on the screen, see now and then what other processes hold open.
    fn look_at_running(&mut self) -> Vec<Effect> {
        if !self.shows_running() {
            self.running_due = None;
            return Vec::new();
        }
        if self.running_due.is_some_and(|due| due > self.world.now) {
            return Vec::new();
        }
        self.running_due = self.world.now.checked_add(RUNNING_EVERY).ok();
        vec![Effect::ListRunning]
    }

    fn shows_running(&self) -> bool {
        self.overlays.iter().any(|overlay| overlay.page() == Page::Tunnels && overlay.is_page())
    }

    /// When the screen changes next by itself, or something is due.
    pub fn wake(&self) -> Option<Timestamp> {
        let world = &self.world;
        let now = world.now;
        if world.rows_lag {
            return Some(now);
        }
        let toast = world.toast.as_ref().and_then(|toast| toast.until);
        let step = if world.settings.ui.motion { SignedDuration::from_millis(125) } else { SignedDuration::from_secs(1) };
        let is_running =
            world.command.as_ref().is_some_and(super::command_run::CommandRun::is_under_way) || !world.power.runs.is_empty();
        let step = if is_running && !world.is_loading() { SignedDuration::from_secs(1) } else { step };
        let spinner = (world.is_loading() || is_running).then(|| now.checked_add(step).ok()).flatten();
        let age = [world.updated(), world.inventory.oldest()].into_iter().flatten().map(|told| age::next_change(told, now)).min();
        // The seconds to the next try are counted down.
        let is_throttled = world.trouble().is_some_and(|trouble| trouble.kind == TroubleKind::Throttled);
        let countdown =
            now.checked_add(SignedDuration::from_secs(1)).ok().filter(|_| is_throttled && self.next_refresh().is_some());
        let problems = world.problems.last().filter(|_| !self.overlays.is_empty());
        let problems = problems.map(|problem| age::next_change(problem.at, now));
        let attempt = world.attempt.as_ref().filter(|_| !self.overlays.is_empty());
        let attempt = attempt.map(|attempt| age::next_change(attempt.at, now));
        let tunnels = if self.overlays.is_empty() { None } else { world.tunnels.next_change(now) };
        let (sign_in, access) = (self.next_of_sign_in(), self.next_of_access());
        let running = self.shows_running().then(|| self.running_due.unwrap_or(now));
        [toast, spinner, age, countdown, problems, attempt, tunnels, running, sign_in, access, self.next_refresh()]
            .into_iter()
            .flatten()
            .min()
    }

    /// What the last frame showed.
    pub fn saw(&mut self, seen: Seen) {
        self.world.screen = seen.screen;
        self.seen = seen;
    }

    /// A key was pressed.
    pub fn press(&mut self, key: Key) -> Vec<Effect> {
        if self.world.toast.as_ref().is_some_and(|toast| toast.until.is_none()) {
            self.world.toast = None;
        }
        if self.overlays.last().is_some_and(|overlay| overlay.is_card()) {
            return self.put_card_away(key);
        }
        if let Some(overlay) = self.overlays.last_mut() {
            if let Some(reply) = overlay.press(key, &self.world) {
                return self.take(reply);
            }
        } else if let Some(changed) = self.filter_field.as_mut().and_then(|field| field.press(key)) {
            if changed {
                self.narrow();
            }
            return Vec::new();
        }
        let page = self.overlays.last().map_or(Page::Everywhere, |overlay| overlay.page());
        let action = self.world.keymap.action(page, key).or_else(|| self.world.keymap.action(page, key.on_latin_layout()));
        match action {
            Some(action) => self.act(action),
            None if self.overlays.is_empty() && self.own_command(key).is_some() => {
                self.own_command(key).map_or_else(Vec::new, |at| self.run_own(at))
            }
            None if key.is_hangul_syllable() => self.hint_hangul(),
            None => Vec::new(),
        }
    }

    /// The key that closes a card does nothing else, whatever it means without it. Those of the terminal itself go on to mean that.
    fn put_card_away(&mut self, key: Key) -> Vec<Effect> {
        let action = self.world.keymap.action(Page::Everywhere, key);
        if let Some(action @ (Action::Interrupt | Action::Suspend | Action::Redraw)) = action {
            return self.act(action);
        }
        let Some(card) = self.overlays.last_mut() else { return Vec::new() };
        let closing = card.act(Action::Cancel, &self.world);
        self.take(closing)
    }

    /// A text was pasted. It never runs a command.
    pub fn paste(&mut self, text: &str) {
        let is_whole = if let Some(overlay) = self.overlays.last_mut() {
            overlay.paste(text, &self.world)
        } else if let Some(field) = &mut self.filter_field {
            let is_whole = field.paste(text);
            self.narrow();
            is_whole
        } else {
            true
        };
        if !is_whole {
            self.tell(self.world.say("paste-cut"));
        }
    }

    /// The user asked for something.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Interrupt => return self.interrupt(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
            _ => self.interrupted = None,
        }
        if let Some(overlay) = self.overlays.last_mut() {
            let page = overlay.page();
            return match overlay.act(action, &self.world) {
                Reply::Pass if action == Action::Palette => self.open_palette(),
                Reply::Pass if action == Action::Help && page != Page::Everywhere => self.open(Help::of(page)),
                reply => self.take(reply),
            };
        }
        match action {
            Action::Down | Action::Up if self.recall_filter(action) => Vec::new(),
            Action::Down => self.go_by(1),
            Action::Up => self.go_by(-1),
            Action::HalfPageDown => self.go_by(self.page() / 2),
            Action::HalfPageUp => self.go_by(-(self.page() / 2)),
            Action::PageDown => self.go_by(self.page()),
            Action::PageUp => self.go_by(-self.page()),
            Action::First => self.go_by(isize::MIN),
            Action::Last => self.go_by(isize::MAX),
            Action::ConnectMenu if self.filter_field.is_some() => self.keep_filter(),
            Action::Back | Action::Open | Action::ConnectMenu if self.folds(action) => Vec::new(),
            Action::ConnectMenu => self.open_picker(),
            Action::Connect => self.connect_best(),
            Action::Doctor => self.open_doctor(),
            Action::Open | Action::Details => self.open_on_row(|id| Box::new(Details::new(id))),
            Action::Copy => {
                let selected = self.world.rows.marked().map(|line| line.instance.id.clone()).collect();
                self.open_on_row(|id| Box::new(Copy::of_rows(id, selected)))
            }
            Action::Select => self.select(),
            Action::SelectAll => self.select_all(),
            Action::SelectRange => self.select_range(),
            Action::Console => self.open_console(),
            Action::Favourite => self.toggle_favourite(),
            Action::OnlyFavourites => self.toggle_only_favourites(),
            Action::Exec => self.open_command(),
            Action::Files => self.open_files(),
            Action::ConnectBeside => self.ask_for_panes(),
            Action::Start => self.ask_for_power(Power::Start),
            Action::Stop => self.ask_for_power(Power::Stop),
            Action::Reboot => self.ask_for_power(Power::Reboot),
            Action::Tunnel => self.open_tunnel_form(),
            Action::Tunnels => self.open(TunnelPage::default()),
            Action::Filter => self.edit_filter(),
            Action::Sort => self.open(SortMenu::new(&self.world)),
            Action::Theme => self.open(ThemeMenu::new(&self.world)),
            Action::ReverseSort => self.reverse_sort(),
            Action::Group => self.open(GroupMenu::new(&self.world)),
            Action::Columns => self.open(ColumnMenu::new(&self.world)),
            Action::SortLeft => self.sort_beside(-1),
            Action::SortRight => self.sort_beside(1),
            Action::Profile => {
                let mut effects = self.open_switcher(Switcher::profiles(&self.world));
                effects.push(Effect::ListSessions);
                effects
            }
            Action::Region => self.open_switcher(Switcher::regions(&self.world)),
            Action::Problems => self.open(Problems::default()),
            Action::Palette => self.open_palette(),
            Action::Help => self.open(Help::default()),
            Action::Mouse => self.toggle_mouse(),
            Action::Refresh => self.refresh_by_hand(),
            Action::SignIn => self.sign_in(),
            Action::Cancel => self.step_back(),
            Action::Quit => self.quit(),
            _ => Vec::new(),
        }
    }

    /// The world answered.
    pub fn handle(&mut self, message: Message) -> Vec<Effect> {
        self.is_news = true;
        let effects = self.hear(message);
        let dialogs = self.overlays.len();
        self.overlays.retain(|overlay| !overlay.is_moot(&self.world));
        self.is_news |= self.overlays.len() != dialogs;
        effects
    }

    fn hear(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Profiles(result) => self.on_profiles(result),
            Message::SessionPlaces(places) => self.on_session_places(places),
            Message::PlacesFound { patterns, result } => self.on_places_found(&patterns, result),
            Message::Opened { generation, result } => self.on_opened(generation, result),
            Message::ProgramsUnasked { generation, profile, programs } => self.on_programs(generation, profile, programs),
            Message::Identified { generation, result } => self.on_identity(generation, result),
            Message::Regions { generation, result } => self.on_regions(generation, result),
            Message::Recalled { generation, place, recalled } => self.on_recalled(&place, generation, recalled),
            Message::Remark(text) => self.remark(text),
            Message::Answered { generation, place, answer } => self.take_in(&place, generation, answer),
            Message::Surveyed { generation, place, result } => self.on_surveyed(&place, generation, result),
            Message::Local { generation, local } => self.on_local(generation, local),
            Message::LookedAround(request) => self.connect(*request),
            Message::SessionEnded { id, shown, failed, result } => self.on_session_end(id, &shown, failed, result),
            Message::AddressFound(found) => self.on_address(found),
            Message::FixPrepared(prepared) => self.on_prepared_fix(prepared),
            Message::Mend { number, update } => self.on_mend(number, update),
            Message::Told { number, instance } => self.on_told(number, instance),
            Message::Examined { number, told } => self.on_examined(number, told),
            Message::HostKeysTold { id, shown, result } => self.on_host_keys_told(id, shown, result),
            Message::WayAwaited { number, said } => self.on_awaited_way(number, said),
            Message::WayOpen { number, id, result } => self.on_open_way(number, &id, result),
            Message::WayRefused { id, method, said, trouble, offer } => self.on_refused_way(id, method, said, &trouble, offer),
            Message::Access { number, update } => self.on_access(number, update),
            Message::Command { number, update } => self.on_command_update(number, update),
            Message::CommandEnded { number } => self.on_command_end(number),
            Message::Hosts(hosts) => self.on_hosts(hosts),
            Message::Power { number, update } => self.on_power(number, update),
            Message::PowerEnded { number } => self.on_power_end(number),
            Message::OwnEnded(end) => self.on_own_end(&end),
            Message::Written { path, result } => self.on_written(&path, result),
            Message::Tunnel { number, update } => self.on_tunnel_update(number, update),
            Message::Settings(Ok(loaded)) => self.take_settings(*loaded),
            Message::Settings(Err(problems)) => self.keep_settings(&problems),
            Message::Running(running) => {
                self.world.running = running;
                Vec::new()
            }
            Message::SignIn { number, update } => self.on_sign_in(number, update),
            Message::SignInStands(ends) => self.on_sign_in_stands(ends),
            Message::SignedInElsewhere => self.on_signed_in_elsewhere(),
            Message::Unopened { link, why } => self.on_unopened(link, why),
            Message::Failed(text) => self.on_failure(text),
        }
    }

    /// What a dialog made of an action.
    fn take(&mut self, reply: Reply) -> Vec<Effect> {
        let requests = match reply {
            Reply::Pass => return Vec::new(),
            Reply::Stay(requests) => requests,
            Reply::Close(requests) => {
                self.overlays.pop();
                requests
            }
        };
        requests.into_iter().flat_map(|request| self.grant(request)).collect()
    }

    /// Do what a dialog asked for.
    fn grant(&mut self, request: Request) -> Vec<Effect> {
        match request {
            Request::UseProfile { profile, programs, is_for_ever } => self.use_profile(profile, programs, is_for_ever),
            Request::UsePlaces { profiles, regions } => self.use_places(profiles, regions),
            Request::UseSet(name) => self.use_set(&name),
            Request::UseRegion(region) => self.use_region(region),
            Request::UseAllRegions => self.use_all_regions(),
            Request::SortBy(column) => self.sort_by(column),
            Request::GroupBy(column) => self.group_by(column),
            Request::UseColumns(columns) => self.use_columns(columns),
            Request::UseTheme(name) => vec![Effect::UseTheme(name)],
            Request::Connect(request) => self.look_and_connect(request),
            Request::MendAndConnect { path, request } => self.mend_and_connect(path, request),
            Request::Examine(id) => self.examine(&id, true),
            Request::TestWays(id) => self.test_ways(&id),
            Request::OpenDoctor(id) => self.open_doctor_of(id),
            Request::PrepareFix(fix) => self.prepare_fix(fix),
            Request::Mend(fix) => self.mend(*fix),
            Request::FindAddress => self.find_address(),
            Request::TakeBack(number) => self.take_back(number),
            Request::AskHostKeys(id) => self.ask_host_keys(&id),
            Request::TakeHostKeys(id) => vec![Effect::TakeHostKeys(id)],
            Request::SeeBy { id, place } => self.see_by(&id, &place),
            Request::RunCommand(request) => self.run_command(request),
            Request::OpenPanes(request) => self.open_panes(request),
            Request::ChangePower(request) => self.change_power(request),
            Request::OpenTunnel(request) => self.open_tunnel(request),
            Request::EndTunnel { number, is_confirmed } => self.end_tunnel(number, is_confirmed),
            Request::EndRunning(running) => vec![Effect::EndRunning(running)],
            Request::Quit => vec![Effect::Quit],
            Request::StopStarting => self.stop_starting(),
            Request::AskForAccess { id, reason } => self.ask_for_access(id, reason),
            Request::StopAwaitingAccess => self.stop_awaiting_access(),
            Request::StopAsking if self.world.is_loading() => self.stop_asking(),
            Request::StopAsking => Vec::new(),
            Request::CancelSignIn => self.cancel_sign_in(),
            Request::SignInTo { start_url, region } => self.sign_in_to(SignInTo::StartUrl { start_url, region }),
            Request::ChooseProfile => self.choose_profile(),
            Request::SeeDemo => vec![Effect::SeeDemo],
            Request::GiveCode { device, code } => self.go_on_with_code(device, code),
            Request::Copy { what, text } => self.copy(what, &text),
            Request::CopyCommand(request) => self.copy_command(&request),
            Request::Tell(text) => self.tell(text),
            Request::Act(action) => self.act(action),
            Request::Run(actions) => self.run_actions(actions),
            Request::RunOwn(at) => self.run_own(at),
            Request::FilterBy(line) => self.filter_by(&line),
            Request::GoTo(id) => self.go_to(&id),
            Request::NoteRecent(name) => self.note_recent(name),
            Request::Show(overlay) => {
                self.overlays.push(overlay);
                Vec::new()
            }
            Request::Remember(what) => vec![Effect::Remember(what)],
            Request::CopyLines { what, text } => self.copy_lines(what, text),
            Request::Write { path, text } => vec![Effect::Write { path, text }],
        }
    }

    fn tell(&mut self, text: String) -> Vec<Effect> {
        self.world.tell(text, Tone::Plain);
        Vec::new()
    }

    fn on_failure(&mut self, text: String) -> Vec<Effect> {
        self.world.complain(text);
        Vec::new()
    }

    fn open(&mut self, overlay: impl Overlay + 'static) -> Vec<Effect> {
        self.overlays.push(Box::new(overlay));
        Vec::new()
    }

    fn open_switcher(&mut self, switcher: Switcher) -> Vec<Effect> {
        self.overlays.push(Box::new(switcher));
        self.ask_for_regions()
    }

    fn open_on_row(&mut self, overlay: impl FnOnce(crate::model::InstanceId) -> Box<dyn Overlay>) -> Vec<Effect> {
        let Some(id) = self.world.current().map(|line| line.instance.id.clone()) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        self.overlays.push(overlay(id));
        Vec::new()
    }

    fn open_picker(&mut self) -> Vec<Effect> {
        let Some(id) = self.world.current().map(|line| line.instance.id.clone()) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        self.refused_ways.clear();
        self.overlays.push(Box::new(Picker::new(id, &self.world)));
        self.look_around()
    }

    fn connect_best(&mut self) -> Vec<Effect> {
        let Some(id) = self.world.current().map(|line| line.instance.id.clone()) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        self.look_and_connect(ConnectRequest::best(id))
    }

    /// The row that is looked at is the one to come back to.
    fn keep_cursor(&mut self) {
        self.world.rows.go_to(self.world.rows.at());
    }

    fn page(&self) -> isize {
        isize::try_from(self.seen.rows.max(1)).unwrap_or(1)
    }

    fn go_by(&mut self, rows: isize) -> Vec<Effect> {
        let at = self.world.rows.at().saturating_add_signed(rows);
        self.world.rows.go_to(at);
        Vec::new()
    }

    fn edit_filter(&mut self) -> Vec<Effect> {
        self.filter_field = Some(Field::holding(&self.filter_text));
        Vec::new()
    }

    /// The filter line changed: narrow the rows, or say what is wrong and filter nothing.
    pub(super) fn narrow(&mut self) {
        let Some(field) = &self.filter_field else { return };
        field.value().clone_into(&mut self.filter_text);
        let (filter, problem) = match Filter::parse(&self.filter_text, &self.world.settings.filters) {
            Ok(filter) => (filter, None),
            Err(error) => (Filter::default(), Some(self.filter_words(&error))),
        };
        self.filter_problem = problem;
        self.world.rows.set_filter(filter);
    }

    fn filter_words(&self, error: &InvalidFilter) -> String {
        let values: Vec<(&'static str, Value)> = error.values().into_iter().map(|(name, value)| (name, value.into())).collect();
        let what = self.world.text.say_with(error.key(), &values);
        // With a nearest word there is nothing more to say; without one, those that there are.
        let next = match error {
            InvalidFilter::UnknownField { nearest: None, .. } | InvalidFilter::UnknownValue { nearest: None, .. } => {
                self.world.text.say_if_whole(&format!("{}-next", error.key()), &values)
            }
            _ => None,
        };
        joined(" ", [what.as_str(), next.as_deref().unwrap_or_default()])
    }

    /// A filter that was typed before takes the place of none, or of another such one. Whether there is one.
    fn recall_filter(&mut self, action: Action) -> bool {
        let Some(field) = &self.filter_field else { return false };
        let line = match action {
            Action::Up => self.earlier_filters.before(field.value()),
            _ => self.earlier_filters.after(field.value()),
        };
        let Some(field) = line.map(Field::holding) else { return false };
        self.filter_field = Some(field);
        self.narrow();
        true
    }

    pub(super) fn keep_filter(&mut self) -> Vec<Effect> {
        self.filter_field = None;
        if self.filter_problem.is_some() {
            self.clear_filter();
        }
        self.keep_cursor();
        if self.earlier_filters.add(&self.filter_text) {
            return vec![Effect::Remember(Remembered::Filter(self.filter_text.clone()))];
        }
        Vec::new()
    }

    fn clear_filter(&mut self) {
        self.filter_field = None;
        self.filter_problem = None;
        self.filter_text.clear();
        self.world.rows.set_filter(Filter::default());
    }

    /// One step back: the filter, then the selection, then what is waited for.
    fn step_back(&mut self) -> Vec<Effect> {
        if self.filter_field.is_some() || !self.filter_text.is_empty() {
            self.clear_filter();
            return Vec::new();
        }
        if self.world.rows.shows_only_favourites() {
            return self.toggle_only_favourites();
        }
        if self.world.rows.unmark_all() {
            return Vec::new();
        }
        if self.world.toast.take().is_some() {
            return Vec::new();
        }
        match (self.world.is_loading(), self.world.rows.total()) {
            (false, _) => Vec::new(),
            // Nothing is there yet: whoever pressed it once too often would have nothing at all.
            (true, 0) => self.ask_to_stop(),
            (true, _) => self.stop_asking(),
        }
    }

    fn ask_to_stop(&mut self) -> Vec<Effect> {
        let lines = vec![self.world.say("stop-loading-what"), self.world.say("stop-loading-question")];
        let title = self.world.say("stop-loading-title");
        self.ask(Question::new(title, lines, Request::StopAsking).while_loading())
    }

    fn interrupt(&mut self) -> Vec<Effect> {
        let now = self.world.now;
        if self.interrupted.is_some_and(|before| now.duration_since(before) <= TWICE_WITHIN) {
            return self.quit_at_once();
        }
        self.interrupted = Some(now);
        let mut effects = if self.world.is_loading() { self.stop_asking() } else { Vec::new() };
        effects.extend(self.stop_command());
        let text = self.world.say("interrupt-again");
        let until = now.checked_add(TWICE_WITHIN).ok();
        self.world.toast = Some(super::world::Toast { text, tone: Tone::Plain, until });
        effects
    }

    fn hint_hangul(&mut self) -> Vec<Effect> {
        if !std::mem::replace(&mut self.has_hinted_hangul, true) {
            // In Korean whatever the language: whoever types Hangul reads it.
            self.world.tell("한글 입력 상태입니다. 한/영 키로 바꾸면 단축키가 동작합니다.".to_owned(), Tone::Plain);
        }
        Vec::new()
    }

    fn ask(&mut self, question: Question) -> Vec<Effect> {
        self.overlays.push(Box::new(question));
        Vec::new()
    }

    /// Whether nothing was ever listed and nothing can be until the user chooses.
    fn waits_for_a_choice(&self) -> bool {
        matches!(self.world.here.phase, Phase::Asking(_) | Phase::NoProfile | Phase::NoRegion)
    }
}
