//! The loop: keys, answers and signals into the state, its effects into the world, then one picture.

mod leaving;
pub mod panes;
pub mod plain;

use std::collections::HashMap;
use std::io;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::termios::{LocalModes, tcgetattr};
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

use super::access_run::AccessOffer;
use super::attempt::FailedWay;
use super::draw::draw;
use super::earlier::Earlier;
use super::effect::Effect;
use super::key::Key;
use super::keymap::Keymap;
use super::look::Look;
use super::message::{Message, SessionSummary};
use super::own_run::{OwnEnd, OwnOrder};
use super::panic;
use super::power_run::PowerRuns;
use super::rows::Rows;
use super::runtime::{Report, Runtime, hold, own_commands, session_trouble};
use super::signals::{Signal, Signals};
use super::state::{RECENT, State};
use super::terminal::Terminal;
use super::theme::Theme;
use super::tunnels::Tunnels;
use super::world::{Here, RegionChoice, World, themes};
use crate::access::{Local, Method};
use crate::aws;
use crate::columns::{Column, Tone};
use crate::config::{Directories, Favourites, Loaded, Memory, Origin, OwnTheme, ThemeName, own_themes, read_theme};
use crate::connect::{self, ConnectEvent, Ended, OwnError, OwnProgram, Plan, Story, Surroundings};
use crate::here::own_terminal;
use crate::model::{Instance, Inventory, ProfileName, Region, RunningKind};
use crate::multiplexer::Host;
use crate::ssh::{Places, child};
use crate::terminal::{Event, OwnTerminal, Typed, can_pause, say};
use crate::text::Catalogue;

/// Least time between two pictures that nobody typed for.
const FRAME: Duration = Duration::from_millis(16);
/// Longest that answers are taken in before a picture is drawn.
const HANDLING: Duration = Duration::from_millis(8);
/// How often we look whether the terminal is still there: a closed one sends no event.
const LOOK_FOR_TERMINAL: Duration = Duration::from_millis(500);
/// What ends us when nobody is at the other end of the terminal.
const HANG_UP: i32 = rustix::process::Signal::HUP.as_raw();
/// How long what is remembered may take to be written, once we leave.
const UNTIL_WRITTEN: Duration = Duration::from_secs(1);
/// Longest that a connection waits for a look at this computer; then what was seen before counts.
const LOOKING: Duration = Duration::from_secs(1);
/// How long a session may take to end after a signal asked for it.
const GRACE: Duration = Duration::from_secs(3);

/// What the dashboard is started with.
pub struct Start {
    /// What the file says, with flags and environment over it.
    pub loaded: Loaded,
    /// What was odd about the settings, in sentences.
    pub warnings: Vec<String>,
    /// Where state lies.
    pub directories: Directories,
    /// All sentences.
    pub text: Arc<Catalogue>,
    /// Profile, region and time limits of calls.
    pub options: aws::Options,
    /// Where inventories are kept; `None`: nowhere.
    pub cache: Option<PathBuf>,
    /// Further profiles, to be listed beside the first.
    pub beside: Vec<String>,
    /// Patterns of the places of SSO sessions, to be listed with them.
    pub sought: Vec<String>,
    /// The regions asked for; empty: the profile's.
    pub regions: Vec<Region>,
    /// Whether the cloud is the simulated one.
    pub is_demo: bool,
    /// How to start this program once more.
    pub own: OwnProgram,
    /// What the terminal can show.
    pub environment: Look,
    /// The columns that were chosen in the dashboard, if any were.
    pub columns: Option<Vec<Column>>,
    /// The instances that come first.
    pub favourites: Favourites,
    /// Whether the card of the first start is due.
    pub first_run: bool,
    /// Where the settings come from: they are read again when the file changes.
    pub origin: Origin,
    /// Filters of earlier runs, the latest last.
    pub earlier_filters: Vec<String>,
    /// What was chosen in the palette, the latest last.
    pub recent: Vec<String>,
}

/// How the dashboard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The user quit.
    Quit,
    /// The user wants to see the demo.
    Demo,
    /// A signal ended it: the process exits with 128 and this number.
    Signal(i32),
}

/// Why there is no dashboard.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// stdin or stdout is no terminal.
    #[error("no terminal")]
    NoTerminal,
    /// The terminal cannot be used.
    #[error("cannot use the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// Show the dashboard until it ends. The terminal is handed back as found, also by a panic, which this passes on.
pub async fn run(start: Start) -> Result<Finish, Error> {
    // First of all: from here a signal ends us in order.
    let signals = Signals::listen()?;
    panic::install(start.directories.state.clone(), Arc::clone(&start.text));
    let mut terminal = Terminal::take(start.loaded.settings.ui.title).map_err(|error| match error.kind() {
        io::ErrorKind::NotConnected => Error::NoTerminal,
        _ => Error::Terminal(error),
    })?;
    terminal.use_mouse(start.loaded.settings.ui.mouse)?;
    let (runtime, answers) = runtime(&start);
    let environment = start.environment;
    let theme = Theme::new(&start.loaded.settings.ui, &environment);
    let directories = start.directories.clone();
    let settings_file = start.origin.path.clone();
    let is_first_run = start.first_run;
    let state = state(start);
    let dashboard = Dashboard {
        terminal,
        signals,
        runtime,
        theme,
        environment,
        settings_file,
        state,
        directories,
        drawn: Instant::now(),
        is_stale: true,
    };
    match dashboard.run(answers, is_first_run).await {
        // Nobody is at the other end any more: as a hang-up would have it.
        Err(Error::Terminal(_)) if Terminal::is_gone() => Ok(Finish::Signal(HANG_UP)),
        finish => finish,
    }
}

/// What performs, and what hears of it.
fn runtime(start: &Start) -> (Runtime, Receiver<Report>) {
    let memory = Memory::new(start.directories.state.clone());
    let default_profile = aws::Environment::of_process().profile().unwrap_or("default").to_owned();
    let (runtime, reports) = Runtime::new(
        Arc::clone(&start.text),
        start.loaded.settings.clone(),
        start.options.clone(),
        memory,
        start.directories.home.clone(),
        default_profile,
        start.origin.clone(),
        start.directories.state.as_deref(),
    );
    (runtime.with_cache(start.cache.clone()), reports)
}

/// A state that knows the settings and nothing else.
fn state(start: Start) -> State {
    let (keymap, key_problems) = Keymap::of(&start.loaded, &start.text);
    let mut warnings = start.warnings;
    warnings.extend(key_problems.iter().map(|problem| format!("config.toml {}", problem.located(&start.text))));
    let regions = aws::known_regions()
        .iter()
        .filter_map(|(name, city)| Some(RegionChoice { region: name.parse().ok()?, city, is_opt_in: aws::is_opt_in(name) }));
    let all_regions = start.loaded.settings.all_regions && start.regions.is_empty();
    let here = Here { all_regions, sought: start.sought, ..Here::default() };
    let mut world = World {
        text: start.text,
        keymap,
        columns: start.columns.unwrap_or_else(|| start.loaded.settings.ui.columns.clone()),
        themes: themes(start.origin.path.as_deref().map(own_themes).unwrap_or_default()),
        now: Timestamp::now(),
        zone: TimeZone::system(),
        is_demo: start.is_demo,
        own: start.own,
        around: Host::variables(&start.origin.environment),
        here,
        inventory: Inventory::default(),
        rows: Rows::new(start.loaded.settings.ui.sort.clone()),
        rows_lag: false,
        rows_show: 0,
        local: Local::default(),
        profiles: Vec::new(),
        session_places: Vec::new(),
        regions: regions.collect(),
        enabled: std::collections::BTreeMap::new(),
        counts: std::collections::BTreeMap::new(),
        command: None,
        mends: Vec::new(),
        found_source: None,
        power: PowerRuns::default(),
        access: None,
        sign_in: None,
        sign_in_ends: None,
        examination: None,
        attempt: None,
        tunnels: Tunnels::default(),
        mouse: start.loaded.settings.ui.mouse,
        running: Vec::new(),
        recent: start.recent.into_iter().rev().take(RECENT).collect(),
        gaps: Vec::new(),
        problems: Vec::new(),
        toast: None,
        screen: (80, 24),
        settings: start.loaded.settings,
    };
    world.rows.set_favourites(start.favourites);
    for warning in warnings.into_iter().rev() {
        world.complain(warning);
    }
    let mut state = State::new(world, start.regions, start.options.profile.map(ProfileName::new), start.options.programs);
    state = state.beside(start.beside.into_iter().map(ProfileName::new));
    state.earlier_filters = Earlier::of(start.earlier_filters);
    state
}

/// Everything the loop holds.
struct Dashboard {
    terminal: Terminal,
    signals: Signals,
    runtime: Runtime,
    theme: Theme,
    /// What the terminal can show.
    environment: Look,
    /// Beside it are the user's themes.
    settings_file: Option<PathBuf>,
    state: State,
    directories: Directories,
    drawn: Instant,
    /// Whether the picture on the screen is older than the state.
    is_stale: bool,
}

/// What woke the loop.
enum Woken {
    Signal(Signal),
    Event(io::Result<Event>),
    Report(Box<Report>),
    Task(Result<(), tokio::task::JoinError>),
    /// The last picture is written, and the state is newer.
    Ready,
    Time,
    Look,
}

impl Dashboard {
    async fn run(mut self, mut answers: Receiver<Report>, is_first_run: bool) -> Result<Finish, Error> {
        let finish = self.until_the_end(&mut answers, is_first_run).await;
        // Nobody hears any more how the tunnels are.
        drop(answers);
        self.leave().await;
        finish
    }

    /// Put away what is still open, with the terminal handed back already.
    async fn leave(&mut self) {
        if self.runtime.has_tunnels() || self.runtime.is_writing() || !self.runtime.kept().is_empty() {
            self.terminal.release().await;
        }
        // What was chosen with the last keys is remembered, unless another program holds the file.
        let _ = tokio::time::timeout(UNTIL_WRITTEN, self.runtime.written()).await;
        leaving::take_back(&self.runtime.kept(), &mut self.signals, &self.state.world.text).await;
        if self.runtime.has_tunnels() {
            leaving::end_tunnels(&mut self.runtime, &mut self.signals, &self.state.world.text).await;
        }
    }

    async fn until_the_end(&mut self, answers: &mut Receiver<Report>, is_first_run: bool) -> Result<Finish, Error> {
        // The first picture waits for nothing and nobody.
        let effects = self.state.begin(is_first_run);
        self.draw()?;
        if let Some(finish) = self.perform(effects, answers).await? {
            return Ok(finish);
        }
        loop {
            let woken = self.wait(answers).await;
            self.state.set_now(Timestamp::now());
            panic::on_purpose("ui");
            let (mut is_urgent, mut is_news) = (true, true);
            let effects = match woken {
                Woken::Signal(Signal::End(number)) => return Ok(Finish::Signal(number)),
                Woken::Signal(Signal::Stop) => vec![Effect::Suspend],
                Woken::Signal(Signal::Woken) => {
                    self.terminal.take_back()?;
                    Vec::new()
                }
                Woken::Event(Ok(event)) => self.take_events(event),
                // Nobody is at the other end: leave as a hang-up would have us do.
                Woken::Event(Err(_)) => return Ok(Finish::Signal(HANG_UP)),
                Woken::Look if Terminal::is_gone() => return Ok(Finish::Signal(HANG_UP)),
                Woken::Look => {
                    self.runtime.look_at_settings();
                    self.runtime.look_at_sign_in();
                    continue;
                }
                Woken::Report(answer) => {
                    (is_urgent, is_news) = (false, false);
                    self.handle_reports(*answer, answers)
                }
                Woken::Task(Ok(())) => continue,
                // The hook has said everything; the process ends as after any panic.
                Woken::Task(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                Woken::Ready => Vec::new(),
                Woken::Time => {
                    is_urgent = !self.state.world.rows_lag;
                    self.state.tick()
                }
            };
            self.is_stale |= is_news || !effects.is_empty();
            if let Some(finish) = self.perform(effects, answers).await? {
                return Ok(finish);
            }
            if self.is_stale && (is_urgent || self.drawn.elapsed() >= FRAME) {
                self.draw()?;
            }
        }
    }

    async fn wait(&mut self, answers: &mut Receiver<Report>) -> Woken {
        // A terminal that takes its time gets the newest picture when it has taken the last one.
        let (may_draw, ready) = (self.terminal.is_ready(), self.terminal.ready());
        let until_frame = if self.is_stale && may_draw { FRAME.saturating_sub(self.drawn.elapsed()) } else { Duration::MAX };
        let now = Timestamp::now();
        let until_change = self
            .state
            .wake()
            .map_or(Duration::MAX, |wake| Duration::try_from(wake.duration_since(now)).unwrap_or(Duration::ZERO));
        tokio::select! {
            biased;
            signal = self.signals.next() => Woken::Signal(signal),
            event = self.terminal.next_event() => Woken::Event(event),
            () = ready, if self.is_stale && !may_draw => Woken::Ready,
            () = sleep(until_frame.min(until_change)), if until_frame.min(until_change) < LOOK_FOR_TERMINAL => Woken::Time,
            ended = self.runtime.ended() => Woken::Task(ended),
            Some(answer) = answers.recv() => Woken::Report(Box::new(answer)),
            () = sleep(LOOK_FOR_TERMINAL) => Woken::Look,
        }
    }

    /// This event and those that are already here: a picture for each would lag behind a held key.
    fn take_events(&mut self, first: Event) -> Vec<Effect> {
        let mut effects = self.take_event(first);
        while effects.is_empty() {
            let Some(Ok(event)) = self.terminal.ready_event() else { break };
            effects.extend(self.take_event(event));
        }
        effects
    }

    fn take_event(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Typed(Typed::Key(key)) => Key::of(&key).map(|key| self.state.press(key)).unwrap_or_default(),
            Event::Typed(Typed::Mouse(event)) => self.state.point(event),
            Event::Typed(Typed::Paste(text)) => {
                self.state.paste(&text);
                Vec::new()
            }
            // Drawing asks for the size itself.
            Event::Resized => Vec::new(),
        }
    }

    /// This answer and those that wait, for a few milliseconds.
    fn handle_reports(&mut self, first: Report, answers: &mut Receiver<Report>) -> Vec<Effect> {
        let begun = Instant::now();
        let mut next = Some(first);
        let mut effects = Vec::new();
        while let Some(answer) = next {
            let message = self.runtime.translate(answer);
            effects.extend(self.state.handle(message));
            self.is_stale |= self.state.is_news;
            next = if begun.elapsed() < HANDLING { answers.try_recv().ok() } else { None };
        }
        effects
    }

    /// Draw the state, if the terminal has taken the last picture; else it stays stale.
    fn draw(&mut self) -> io::Result<()> {
        if !self.terminal.is_ready() {
            self.is_stale = true;
            return Ok(());
        }
        self.terminal.set_title(&window_title(&self.state.world))?;
        let (state, theme) = (&self.state, &self.theme);
        let seen = self.terminal.draw(|frame| {
            panic::on_purpose("draw");
            draw(frame, state, theme)
        })?;
        self.state.saw(seen);
        if self.state.world.is_loading() {
            self.runtime.look_at(self.state.in_sight().cloned().collect());
        }
        self.drawn = Instant::now();
        self.is_stale = false;
        Ok(())
    }

    /// Do what the state asks for, and what it asks for in answer. The end, if that is what it asks.
    async fn perform(&mut self, effects: Vec<Effect>, answers: &mut Receiver<Report>) -> Result<Option<Finish>, Error> {
        let mut queue: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Quit => return Ok(Some(Finish::Quit)),
                Effect::SeeDemo => return Ok(Some(Finish::Demo)),
                Effect::UseMouse(is_on) => self.terminal.use_mouse(is_on)?,
                Effect::Redraw => self.terminal.redraw()?,
                Effect::TakeLooks => self.theme = Theme::new(&self.state.world.settings.ui, &self.environment),
                Effect::Suspend => self.suspend().await?,
                Effect::Copy { text } => self.terminal.copy(&text)?,
                Effect::UseTheme(name) => self.use_theme(&name),
                Effect::LookAndConnect { look, mends, request } => {
                    // Not by way of the loop: what is typed ahead is for the session.
                    let looked = tokio::time::timeout(LOOKING, self.runtime.mend_and_look(mends, look)).await;
                    if let Some(message) = looked.ok().flatten() {
                        queue.extend(self.state.handle(message));
                    }
                    queue.extend(self.state.handle(Message::LookedAround(request)));
                }
                Effect::Connect { plan } => {
                    let (message, finish) = self.connect(*plan, answers).await?;
                    if finish.is_some() {
                        return Ok(finish);
                    }
                    self.state.set_now(Timestamp::now());
                    queue.extend(self.state.handle(message));
                }
                Effect::RunOwn { order } if order.has_terminal => {
                    let (messages, finish) = self.run_own(*order, answers).await?;
                    if finish.is_some() {
                        return Ok(finish);
                    }
                    self.state.set_now(Timestamp::now());
                    messages.into_iter().for_each(|message| queue.extend(self.state.handle(message)));
                }
                other => self.runtime.perform(other),
            }
        }
        Ok(None)
    }

    /// Draw in other colours. What cannot be read is told, and the old ones stay.
    fn use_theme(&mut self, name: &str) {
        let world = &mut self.state.world;
        let ui = &mut world.settings.ui;
        if let Some(theme) = ThemeName::built_in(name) {
            (ui.theme, ui.own_theme) = (theme, None);
        } else {
            let (colours, problems) = self.settings_file.as_deref().map(|path| read_theme(path, name)).unwrap_or_default();
            ui.own_theme = colours.map(|colours| OwnTheme { name: name.to_owned(), colours }).or(ui.own_theme.take());
            for problem in problems.map(|problems| problems.lines(&world.text)).unwrap_or_default() {
                world.complain(problem);
            }
        }
        self.theme = Theme::new(&world.settings.ui, &self.environment);
        if !self.environment.colour {
            let text = world.say("theme-without-colour");
            world.tell(text, Tone::Plain);
        }
    }

    async fn suspend(&mut self) -> io::Result<()> {
        if !can_pause() {
            let why = self.state.world.say("no-shell");
            self.state.handle(Message::Failed(why));
            return Ok(());
        }
        self.terminal.release().await;
        self.signals.stop().await;
        self.terminal.take_back()
    }
}

impl Dashboard {
    /// Lend the terminal to a session. The message for the state, and the end if a signal asked for it meanwhile.
    ///
    /// What our tasks answer meanwhile is heard: a command that nobody listens to would stand still (its channel is bounded).
    async fn connect(&mut self, plan: Plan, answers: &mut Receiver<Report>) -> Result<(Message, Option<Finish>), Error> {
        let Self { terminal, signals, runtime, state, directories, .. } = self;
        let (text, target) = (Arc::clone(&state.world.text), plan.target.clone());
        let session = Session { signals, runtime, state, directories }.run(plan, answers);
        Ok(terminal.lend(session).await?.told(&target, &text))
    }
}

/// What a session needs while it has the terminal.
struct Session<'a> {
    signals: &'a mut Signals,
    runtime: &'a mut Runtime,
    state: &'a mut State,
    directories: &'a Directories,
}

/// How a session ended.
#[derive(Default)]
struct SessionOutcome {
    /// `None` if there was none.
    end: Option<Result<Ended, connect::Error>>,
    /// The way in that was tried.
    method: Option<Method>,
    /// That the denied session may be asked for.
    offer: Option<AccessOffer>,
    /// The signal that was meant for us.
    number: Option<i32>,
    /// Whether the user gave up the connection before there was a session.
    gives_up: bool,
    /// Whether there are no credentials to ask AWS with.
    is_too_early: bool,
}

impl Session<'_> {
    async fn run(self, plan: Plan, answers: &mut Receiver<Report>) -> SessionOutcome {
        let Self { signals, runtime, state, directories } = self;
        let (text, target) = (Arc::clone(&state.world.text), plan.target.clone());
        let granted = runtime.take_granted(&target).filter(|_| !plan.method.runs_ssh());
        let Some(cloud) = runtime.cloud_of(&target.place).cloned() else {
            return SessionOutcome { is_too_early: true, ..SessionOutcome::default() };
        };
        let places = Places::from_environment(|name| std::env::var_os(name));
        let surroundings = Surroundings::new(&state.world.settings, directories.state.clone(), places, Arc::clone(&text));
        let surroundings = Surroundings { granted, ..surroundings };
        let tried = Mutex::new(plan.method);
        let mut on_event = |event: ConnectEvent| {
            if let ConnectEvent::FellBack { to, .. } = &event {
                *tried.lock().unwrap_or_else(PoisonError::into_inner) = *to;
            }
            say(&event.words(&target, &text));
        };
        let registry = runtime.registry();
        let mut gives_up = false;
        let session = async {
            panic::on_purpose("session");
            let session = async {
                let values = [("name", plan.target.shown().into()), ("method", plan.method.id().into())];
                say(&text.say_with("connecting", &values));
                let _held = hold(&registry, RunningKind::Shell, &plan.target, plan.method.id(), own_terminal());
                connect::run(&plan, &cloud, &surroundings, &mut on_event).await
            };
            tokio::pin!(session);
            loop {
                tokio::select! {
                    // Before the session, which hears it too: only now the terminal shows whose Ctrl-C it was.
                    biased;
                    number = signals.ending() => {
                        gives_up = number == rustix::process::Signal::INT.as_raw() && makes_signals();
                        // The session passes it on to ssh, which may still take leave; dropping it ends ssh at once.
                        break (tokio::time::timeout(GRACE, session).await.ok(), Some(number));
                    }
                    outcome = &mut session => {
                        // It may hear a signal a moment before we do.
                        let number = outcome.as_ref().ok().and_then(|ended| ended.told_by);
                        gives_up = number == Some(rustix::process::Signal::INT.as_raw()) && makes_signals();
                        break (Some(outcome), None);
                    }
                    Some(answer) = answers.recv() => {
                        let message = runtime.translate(answer);
                        state.set_now(Timestamp::now());
                        // Nobody can ask for the terminal now, so all of it is for the runtime.
                        state.handle(message).into_iter().for_each(|effect| runtime.perform(effect));
                    }
                }
            }
        };
        let (end, number) = session.await;
        let is_denied = matches!(&end, Some(Err(error)) if error.is_denied_session());
        SessionOutcome {
            offer: is_denied.then(|| runtime.access_offer(&plan.target)),
            end,
            number,
            method: Some(*tried.lock().unwrap_or_else(PoisonError::into_inner)),
            gives_up,
            is_too_early: false,
        }
    }
}

impl SessionOutcome {
    /// The message for the state, and the end if a signal asked for it meanwhile.
    fn told(self, target: &Instance, text: &Catalogue) -> (Message, Option<Finish>) {
        if self.is_too_early {
            return (Message::Failed(text.say("no-credentials-yet")), None);
        }
        if self.gives_up {
            return (Message::Failed(text.say_with("connecting-given-up", &[("name", target.shown().into())])), None);
        }
        let told_by = self.end.as_ref().and_then(|end| end.as_ref().ok()).and_then(|ended| ended.told_by);
        if let Some(number) = self.number.or(told_by) {
            return (Message::Failed(String::new()), Some(Finish::Signal(number)));
        }
        let (failed, result) = match self.end {
            Some(Ok(ended)) => {
                let failed = self.method.and_then(|method| failed_way(&ended, method, target, text));
                (failed, Ok(session_end(&ended, target, text)))
            }
            Some(Err(error)) => {
                let trouble = session_trouble(&error, target, text);
                let said = error.why(target, Timestamp::now(), text).into_iter().next().unwrap_or_default();
                if let Some(method) = self.method.filter(|_| error.is_refused_way()) {
                    let offer = self.offer.filter(|_| !method.runs_ssh());
                    return (Message::WayRefused { id: target.id.clone(), method, said, trouble, offer }, None);
                }
                let failed = self.method.map(|method| FailedWay { method, code: error.code().to_owned(), what: said });
                (failed, Err(trouble))
            }
            None => return (Message::Failed(String::new()), None),
        };
        let shown = target.name().map_or_else(|| target.id.to_string(), |name| name.shown_in(40));
        (Message::SessionEnded { id: target.id.clone(), shown, failed, result }, None)
    }
}

impl Dashboard {
    /// Lend the terminal to a command of the user's own, once for each instance.
    async fn run_own(
        &mut self,
        order: OwnOrder,
        answers: &mut Receiver<Report>,
    ) -> Result<(Vec<Message>, Option<Finish>), Error> {
        let text = Arc::clone(&self.state.world.text);
        let mut lent = HashMap::new();
        for place in order.runs.iter().map(|run| run.place.clone()) {
            if lent.contains_key(&place) {
                continue;
            }
            let credentials = own_commands::credentials(self.runtime.cloud_of(&place), order.with_credentials).await;
            match credentials {
                Ok(credentials) => lent.insert(place, credentials),
                Err(error) => return Ok((vec![Message::Failed(error.what(&text))], None)),
            };
        }
        let Self { terminal, signals, runtime, state, .. } = self;
        let work = async {
            let ground = OwnTerminal::capture();
            let mut messages = Vec::new();
            let mut finish = None;
            for run in order.runs {
                let Some(command) = own_commands::command(&run, lent.get(&run.place).and_then(Option::as_ref)) else { continue };
                let child = child::run_undisturbed(command);
                tokio::pin!(child);
                let ended = loop {
                    tokio::select! {
                        biased;
                        number = signals.ending() => {
                            // A Ctrl-C is the program's own affair; everything else is meant for us, and it hears it, too.
                            if number != rustix::process::Signal::INT.as_raw() {
                                finish = Some(Finish::Signal(number));
                            }
                        }
                        ended = &mut child => break ended,
                        Some(answer) = answers.recv() => {
                            let message = runtime.translate(answer);
                            state.set_now(Timestamp::now());
                            state.handle(message).into_iter().for_each(|effect| runtime.perform(effect));
                        }
                    }
                };
                let result =
                    ended.map(|end| (i32::from(end.code()), String::new())).map_err(|error| own_commands::said_of(&error));
                messages.push(Message::OwnEnded(OwnEnd { name: order.name.clone(), shown: run.shown, result }));
                if finish.is_some() {
                    break;
                }
            }
            ground.restore(finish.is_some()).await;
            (messages, finish)
        };
        Ok(terminal.lend(work).await?)
    }
}

/// Whether a Ctrl-C on our terminal is a signal: no session has begun that takes it as a key.
fn makes_signals() -> bool {
    tcgetattr(io::stdin().as_fd()).is_ok_and(|settings| settings.local_modes.contains(LocalModes::ISIG))
}

/// The window's title: whose rows are shown.
fn window_title(world: &World) -> String {
    let mut place = Vec::new();
    place.extend(world.is_demo.then(|| world.say("demo-word")));
    if world.here.beside.is_empty() {
        place.extend(world.here.profile.as_ref().map(ProfileName::shown));
        place.extend(world.here.regions.first().map(ToString::to_string));
    } else {
        place.push(world.say_with("title-places", [("count", &world.places().to_string())]));
    }
    if place.is_empty() { "ec2dash".to_owned() } else { world.say_with("window-title", [("place", &place.join(" "))]) }
}

/// What kept us out, or threw us out.
fn failed_way(ended: &Ended, method: Method, instance: &Instance, text: &Catalogue) -> Option<FailedWay> {
    let told = |code: &str, what: String| FailedWay { method, code: code.to_owned(), what };
    match ended.cause(instance, Timestamp::now(), text) {
        Some(cause) => Some(told(cause.code, cause.what)),
        None => ended.said.as_ref().map(|said| told(&said.code, said.what.clone())),
    }
}

fn session_end(ended: &Ended, instance: &Instance, text: &Catalogue) -> SessionSummary {
    let way = ended.way(instance, text);
    let cause = ended.cause(instance, Timestamp::now(), text);
    // What our proxy has said went by on the terminal that is the dashboard's again.
    let said = ended.said.clone().filter(|said| cause.as_ref().is_none_or(|cause| cause.code != said.code));
    let has_other_host_key = cause.as_ref().is_some_and(|cause| cause.code == "host-key-changed");
    // What ended a session of Session Manager is told with its name already.
    let what = cause.iter().filter(|_| way.is_none()).map(|cause| cause.what.clone()).collect::<Vec<_>>();
    let why = cause.into_iter().flat_map(|cause| cause.why.into_iter().chain(cause.next));
    let besides = ended.besides(instance, text).into_iter().flat_map(Story::lines);
    let said = said.into_iter().flat_map(OwnError::lines);
    let diagnosis = what.into_iter().chain(why).chain(said).chain(besides).chain(ended.hint(text)).collect();
    SessionSummary { code: ended.code, way, lasted: ended.lasted, diagnosis, has_other_host_key }
}
