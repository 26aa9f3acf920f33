//! Does what the state asks of AWS and of this computer, in tasks that end with it.

mod access;
mod doctor;
mod host_keys;
mod kept;
mod mending;
mod opener;
mod output_file;
pub mod own_commands;
mod panes;
mod report;
mod session_places;
mod settings_file;
mod sign_in_task;
mod signing_in;
mod starting;
mod surveys;
mod tunnel_program;
mod tunnel_report;
mod tunnels;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use kept::Kept;
use output_file::write_new;
pub use report::Report;
use settings_file::SettingsFile;
pub use starting::session_trouble;

use super::access_run::AccessUpdate;
use super::age;
use super::earlier::keep;
use super::effect::{Effect, Remembered};
use super::looks::Look;
use super::message::Message;
use super::own_run::OwnOrder;
use super::panic;
use super::trouble::{Trouble, TroubleKind};
use super::tunnels::{TunnelOrder, shown_place};
use super::world::ProfileChoice;
use crate::access::Local;
use crate::aws::{self, Backoff, Cloud, Clouds, LentCredentials, Neighbours, Profile, ProfileKind, SignIn};
use crate::columns::Tone;
use crate::config::{InventoryCache, Memory, Origin, SessionListings, Settings};
use crate::connect::NewHostKeys;
use crate::fixes::Journal;
use crate::fleet::{self, Order};
use crate::here::{KeyMemory, KeyPlaces, Registered, Registry, next_number};
use crate::model::{Generation, Identity, Instance, InstanceId, Place, ProfileName, Running, RunningKind, Untrusted};
use crate::multiplexer::{Host, Manner};
use crate::power;
use crate::ssh::{KnownHosts, SshClient, SshMemory};
use crate::text::Catalogue;

/// Answers that may wait to be heard; a task that has more waits, too. Rows wait in pieces: with 64 whole pages a second list of 50,000 rows
/// waited while the first was on the screen.
const WAITING: usize = 8;
/// Places that are listed at once, and profiles that are asked who they are: what waits for its turn takes no memory for its calls.
/// 1,000 places at once took 570 MB, and credentials come ten a second.
const AT_ONCE: usize = 128;
/// Updates of a command that may wait.
const UPDATES_WAITING: usize = 16;

/// The tasks under way, and what they share.
pub struct Runtime {
    text: Arc<Catalogue>,
    settings: Settings,
    options: aws::Options,
    memory: Memory,
    cache: InventoryCache,
    /// What SSO sessions gave.
    listings: SessionListings,
    /// The task that asks them.
    sessions_asked: Option<AbortHandle>,
    /// The task that looks for what patterns fit.
    finder: Option<AbortHandle>,
    /// Places whose rows of an earlier run were looked for.
    recalled: BTreeSet<Place>,
    home: Option<PathBuf>,
    /// The state directory.
    state: Option<PathBuf>,
    /// What key files said.
    key_memory: Arc<KeyMemory>,
    ssh_memory: Arc<SshMemory>,
    default_profile: String,
    clouds: Clouds,
    /// What the clouds of one opening share; read anew with it.
    neighbours: Neighbours,
    opening: Generation,
    beside: BTreeSet<Generation>,
    whose: BTreeMap<Generation, Option<ProfileName>>,
    who: BTreeMap<Option<ProfileName>, Identity>,
    backoffs: HashMap<Place, Backoff>,
    turns_to_list: Arc<Semaphore>,
    turns_to_identify: Arc<Semaphore>,
    tasks: JoinSet<()>,
    writes: TaskTracker,
    asking: Vec<AbortHandle>,
    stop_command: CancellationToken,
    awaited_way: Option<AbortHandle>,
    awaited_access: Option<AbortHandle>,
    /// What sessions that were asked for are begun with.
    granted: HashMap<InstanceId, Cloud>,
    /// Host keys that wait for a yes.
    new_host_keys: HashMap<InstanceId, NewHostKeys>,
    kept: Kept,
    own_turns: Arc<tokio::sync::Semaphore>,
    tunnels: tunnels::Tunnels,
    /// Where panes fetch what they run.
    panes: Option<panes::Handing>,
    settings_file: SettingsFile,
    registry: Registry,
    signing_in: sign_in_task::SigningIn,
    out: mpsc::Sender<Report>,
}

impl Runtime {
    /// No task yet. The receiver hears what they answer.
    #[expect(clippy::too_many_arguments, reason = "each is had once, at the start, and from somewhere else")]
    pub fn new(
        text: Arc<Catalogue>,
        settings: Settings,
        options: aws::Options,
        memory: Memory,
        home: Option<PathBuf>,
        default_profile: String,
        origin: Origin,
        state: Option<&Path>,
    ) -> (Self, mpsc::Receiver<Report>) {
        let (out, answers) = mpsc::channel(WAITING);
        let runtime = Self {
            text,
            settings,
            options,
            memory,
            cache: InventoryCache::default(),
            listings: SessionListings::default(),
            sessions_asked: None,
            finder: None,
            recalled: BTreeSet::new(),
            home,
            state: state.map(Path::to_owned),
            key_memory: Arc::default(),
            ssh_memory: Arc::default(),
            default_profile,
            clouds: Clouds::default(),
            neighbours: Neighbours::default(),
            opening: Generation::default(),
            beside: BTreeSet::new(),
            whose: BTreeMap::new(),
            who: BTreeMap::new(),
            backoffs: HashMap::new(),
            turns_to_list: Arc::new(Semaphore::new(AT_ONCE)),
            turns_to_identify: Arc::new(Semaphore::new(AT_ONCE)),
            tasks: JoinSet::new(),
            writes: TaskTracker::new(),
            asking: Vec::new(),
            stop_command: CancellationToken::new(),
            awaited_way: None,
            awaited_access: None,
            granted: HashMap::new(),
            new_host_keys: HashMap::new(),
            kept: Kept::default(),
            own_turns: own_commands::turns(),
            tunnels: tunnels::Tunnels::default(),
            panes: None,
            settings_file: SettingsFile::new(origin),
            registry: Registry::new(state),
            signing_in: sign_in_task::SigningIn::default(),
            out,
        };
        (runtime, answers)
    }

    /// With what an earlier run was told in this directory, and for the next one.
    pub fn with_cache(mut self, cache: Option<PathBuf>) -> Self {
        self.listings = SessionListings::new(cache.clone());
        self.cache = InventoryCache::new(cache);
        self
    }

    /// Begin what an effect asks for. What needs the terminal is not for here.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::ReadProfiles => {
                self.read_profiles();
                self.list_sessions(false);
            }
            Effect::ListSessions => self.list_sessions(true),
            Effect::FindPlaces { patterns } => self.find_places(patterns),
            Effect::Open { generation, profile, region, programs, is_beside } => {
                if is_beside {
                    self.beside.insert(generation);
                } else {
                    self.opening = generation;
                    self.neighbours = self.neighbours.anew();
                    self.beside.clear();
                    self.whose.clear();
                }
                self.open(generation, profile, region, programs);
            }
            Effect::Survey { generation, place, is_first } => self.survey(generation, place, is_first),
            Effect::ListRegions { generation, profile } => self.list_regions(generation, profile.as_ref()),
            Effect::StopAsking => {
                self.recalled.clear();
                self.asking.drain(..).for_each(|task| task.abort());
            }
            Effect::LookLocally(look) => self.look_locally(look),
            Effect::Examine { number, instance, anew } => self.examine(number, *instance, anew),
            Effect::PrepareFix(fix) => self.prepare_fix(*fix),
            Effect::TestWays { number, instance, probes, told, login } => {
                self.test_ways((number, told), *instance, probes, login)
            }
            Effect::Mend { number, order } => self.mend(number, *order),
            Effect::TakeBack { number, record, place } => self.take_back(number, record, &place),
            Effect::FindAddress { service } => self.find_address(service),
            Effect::LookForOrphans => self.look_for_orphans(),
            Effect::AskHostKeys(instance) => self.ask_host_keys(*instance),
            Effect::TakeHostKeys(id) => self.take_host_keys(&id),
            Effect::OpenPanes { host, calls, manner } => self.open_panes(host, calls, manner),
            Effect::RunCommand { number, order } => self.run_command(number, *order),
            Effect::LookAtHosts { targets } => self.look_at_hosts(targets),
            Effect::ChangePower { number, order } => self.change_power(number, *order),
            Effect::AwaitWay { number, instance, planner } => self.await_way(number, *instance, *planner),
            Effect::StopAwaitingWay => self.stop_awaiting_way(),
            Effect::AskForAccess { number, instance, reason } => self.ask_for_access(number, *instance, reason),
            Effect::StopAwaitingAccess => self.stop_awaiting_access(),
            Effect::RunOwn { order } => self.run_own(*order),
            Effect::StopCommand => self.stop_command.cancel(),
            Effect::OpenTunnel { number, order } => self.open_tunnel(number, *order),
            Effect::EndTunnel { number } => self.tunnels.end(number),
            Effect::ListRunning => self.list_running(None),
            Effect::EndRunning(running) => self.list_running(Some(running)),
            Effect::OpenLink { link } => self.open_link(link),
            Effect::SignIn { number, to } => self.sign_in(number, to),
            Effect::CancelSignIn => self.cancel_sign_in(),
            Effect::GiveCode { device, code } => self.options.roles.give(device, code),
            Effect::OpenSignInPage { number } => self.open_sign_in_page(number),
            Effect::Remember(what) => self.remember(what),
            Effect::Write { path, text } => self.write(&path, text),
            Effect::LookAndConnect { .. }
            | Effect::Connect { .. }
            | Effect::UseTheme(_)
            | Effect::Copy { .. }
            | Effect::Suspend
            | Effect::TakeLooks
            | Effect::UseMouse(_)
            | Effect::Redraw
            | Effect::SeeDemo
            | Effect::Quit => {}
        }
    }

    /// A report as the state hears it.
    pub fn translate(&mut self, report: Report) -> Message {
        match report {
            Report::Message(message) => message,
            Report::Opened(generation, result) => {
                let result = match result {
                    Ok((cloud, opened)) => {
                        if generation == self.opening || self.beside.contains(&generation) {
                            self.whose.insert(generation, cloud.profile().cloned());
                            self.clouds = self.clouds.with(cloud);
                        }
                        Ok(opened)
                    }
                    Err(aws::Error::ProgramUnasked { profile, programs }) => {
                        return Message::ProgramsUnasked { generation, profile: ProfileName::new(profile.raw()), programs };
                    }
                    Err(error) => Err(self.trouble(&error, None)),
                };
                Message::Opened { generation, result }
            }
            Report::Identified(generation, result) => {
                if let (Some(profile), Ok(who)) = (self.whose.get(&generation), &result) {
                    self.who.insert(profile.clone(), who.clone());
                }
                Message::Identified { generation, result: result.map_err(|error| self.trouble(&error, None)) }
            }
            Report::PlacesFound(patterns, result) => {
                let result = result.map_err(|(session, error, file)| {
                    self.await_sign_in_at(&error, file);
                    (session, self.trouble(&error, None))
                });
                Message::PlacesFound { patterns, result }
            }
            Report::SignedIn(number, result) => self.signed_in(number, result),
            Report::AccessGranted(number, id, granted) => {
                self.granted.insert(id, granted);
                Message::Access { number, update: AccessUpdate::Granted }
            }
            Report::HostKeysTold(id, shown, result) => self.host_keys_told(id, shown, result),
            Report::Regions(generation, result) => {
                Message::Regions { generation, result: result.map_err(|error| self.trouble(&error, None)) }
            }
            Report::Surveyed(generation, place, result) => {
                let backoff = self.backoffs.entry(place.clone()).or_default();
                let result = match result {
                    Ok(()) => {
                        backoff.succeeded();
                        self.ask_how_long();
                        Ok(())
                    }
                    Err(error) => {
                        let retry_in = backoff.after(&error, jitter());
                        self.await_sign_in(&error, &place);
                        Err(Trouble { retry_in, ..self.trouble(&error, Some(&place)) })
                    }
                };
                Message::Surveyed { generation, place, result }
            }
            Report::Settings(stamp, result) => {
                self.settings_file.has_read(stamp);
                match result {
                    Ok(loaded) => {
                        self.settings = loaded.settings.clone();
                        Message::Settings(Ok(loaded))
                    }
                    Err(problems) => {
                        let lines = problems.findings.iter().map(|finding| finding.located(&self.text)).collect();
                        Message::Settings(Err(lines))
                    }
                }
            }
            Report::Profiles(result) => Message::Profiles(match result {
                Ok(profiles) => Ok(profiles.iter().map(|profile| self.choice(profile)).collect()),
                Err(error) => Err(self.trouble(&error, None)),
            }),
        }
    }

    /// See whether the settings file has changed, and read it if it has.
    pub fn look_at_settings(&mut self) {
        if let Some(look) = self.settings_file.look() {
            let task = self.spawn(async move { look.await.map(|(stamp, read)| Report::Settings(stamp, read)) });
            self.settings_file.is_looked_at(task);
        }
    }

    /// The way to AWS of a place.
    pub fn cloud_of(&self, place: &Place) -> Option<&Cloud> {
        self.clouds.of(place)
    }

    /// These rows are on the screen: surveys under way ask for their facts first.
    pub fn look_at(&self, rows: Vec<Arc<Instance>>) {
        self.neighbours.look_at(rows);
    }

    /// The next task that has ended; never, if there is none. Safe to drop half-done.
    pub async fn ended(&mut self) -> Result<(), JoinError> {
        match self.tasks.join_next().await {
            Some(Err(error)) if error.is_panic() => Err(error),
            Some(_) => Ok(()),
            None => std::future::pending().await,
        }
    }

    fn spawn(&mut self, task: impl Future<Output = Option<Report>> + Send + 'static) -> AbortHandle {
        let out = self.out.clone();
        self.tasks.spawn(async move {
            panic::on_purpose("task");
            if let Some(answer) = task.await {
                // Nobody listens any more: we are leaving.
                let _ = out.send(answer).await;
            }
        })
    }

    fn read_profiles(&mut self) {
        let out = self.out.clone();
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            let read = aws::profiles().await;
            // The first one is said last, and stays on the screen.
            for flaw in read.iter().flat_map(|profiles| profiles.flaws.iter().rev()) {
                out.send(Report::Message(Message::Failed(flaw.said(&text)))).await.ok()?;
            }
            Some(Report::Profiles(read.map(|profiles| profiles.list)))
        });
    }

    fn look_locally(&mut self, look: Look) {
        let looking = self.look(look);
        self.spawn(async move { looking.await.map(Report::Message) });
    }

    /// The same, with a key file that is made the user's alone first: a failure shows in what is seen.
    pub fn mend_and_look(&self, mends: Option<PathBuf>, look: Look) -> impl Future<Output = Option<Message>> + Send + use<> {
        let looking = self.look(look);
        async move {
            if let Some(path) = mends {
                let mended = tokio::task::spawn_blocking(move || crate::here::make_own(&path)).await;
                mended.ok()?.inspect_err(|error| tracing::info!("the key file stays as it is: {error}")).ok();
            }
            looking.await
        }
    }

    /// What this computer has; nothing, if the look was cut short.
    pub fn look(&self, look: Look) -> impl Future<Output = Option<Message>> + Send + use<> {
        let places = KeyPlaces {
            home: self.home.clone(),
            reads_ssh_config: self.settings.connect.use_ssh_config,
            folders: self.settings.connect.key_dirs.clone(),
            asked: self.settings.rules.iter().filter_map(|rule| rule.key.clone()).collect(),
        };
        let (memory, ssh_memory) = (Arc::clone(&self.key_memory), Arc::clone(&self.ssh_memory));
        let state = self.state.clone();
        async move {
            let variable = |name| std::env::var_os(name);
            let (path, socket) = (variable("PATH"), variable("SSH_AUTH_SOCK"));
            let finding = SshClient::find(path.as_deref(), &ssh_memory);
            let (ssh, agent) = tokio::join!(finding, crate::ssh::identities(socket.as_deref()));
            let look_around = move || {
                let host_keys = state.as_deref().map(KnownHosts::origins_in).unwrap_or_default();
                let added_keys = state.as_deref().map(|state| Journal::new(state).added_keys()).unwrap_or_default();
                Local { host_keys, added_keys, ..crate::here::look_around(&places, agent, &memory, ssh.into()) }
            };
            Some(Message::Local { generation: look.generation, local: tokio::task::spawn_blocking(look_around).await.ok()? })
        }
    }

    /// See what others hold open, and before that ask one of them to end.
    fn list_running(&mut self, ends: Option<Running>) {
        let registry = self.registry.clone();
        self.spawn(async move {
            let listed = tokio::task::spawn_blocking(move || {
                if let Some(running) = ends {
                    registry.end(&running);
                }
                let mut all = registry.list();
                all.retain(|running| running.process != std::process::id());
                all
            });
            Some(Report::Message(Message::Running(listed.await.ok()?)))
        });
    }

    /// Where is said what this dashboard holds open.
    pub fn registry(&self) -> Registry {
        self.registry.clone()
    }

    fn open_link(&mut self, link: String) {
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            let unopened = opener::open(&link).await.err()?;
            let why = text.say_with(unopened.key(), &[("opener", opener::OPENER.into())]);
            Some(Report::Message(Message::Unopened { link, why }))
        });
    }

    fn open_tunnel(&mut self, number: u64, order: TunnelOrder) {
        let cloud = self.clouds.of(&order.instance.place).cloned();
        let (text, out) = (Arc::clone(&self.text), self.out.clone());
        // Another process holds what it carries.
        let is_ours = order.program.is_none();
        let held = is_ours.then(|| hold(&self.registry, RunningKind::Tunnel, &order.instance, "ssm", shown_place(&order.place)));
        let task = self.tunnels.open(number, order, cloud, self.settings.connect.reconnect, text, out);
        self.spawn(async move {
            task.await;
            drop(held);
            None
        });
    }

    /// Whether any tunnel is open.
    pub fn has_tunnels(&self) -> bool {
        self.tunnels.is_any_open()
    }

    /// End all tunnels, and wait until each has put its sessions away. The receiver of answers must be gone.
    pub async fn end_tunnels(&mut self) {
        self.tunnels.end_all().await;
    }

    /// Not among what `StopAsking` ends: a command must be followed to its end.
    fn run_command(&mut self, number: u64, order: Order) {
        let stop = CancellationToken::new();
        self.stop_command = stop.clone();
        let clouds = self.clouds.clone();
        let out = self.out.clone();
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            if clouds.first().is_none() {
                out.send(Report::Message(Message::Failed(text.say("no-credentials-yet")))).await.ok()?;
                return Some(Report::Message(Message::CommandEnded { number }));
            }
            let (sender, mut updates) = mpsc::channel(UPDATES_WAITING);
            let forward = async {
                while let Some(update) = updates.recv().await {
                    if out.send(Report::Message(Message::Command { number, update })).await.is_err() {
                        return;
                    }
                }
            };
            tokio::join!(fleet::run(&clouds, &order, &stop, sender), forward);
            Some(Report::Message(Message::CommandEnded { number }))
        });
    }

    /// Whether something that is to be remembered is not written yet.
    pub fn is_writing(&self) -> bool {
        !self.writes.is_empty()
    }

    /// Until what is to be remembered is written.
    pub async fn written(&self) {
        self.writes.close();
        self.writes.wait().await;
    }

    fn open_panes(&mut self, host: Host, calls: Vec<Vec<OsString>>, manner: Manner) {
        let handing = self.panes.take().map_or_else(panes::Handing::open, Ok);
        let commands = handing.and_then(|handing| self.panes.insert(handing).commands(calls));
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            let why = panes::open(&host, commands, manner).await.err()?;
            let values = [("host", host.name().into()), ("why", why.into())];
            Some(Report::Message(Message::Failed(text.say_with("panes-not-opened", &values))))
        });
    }

    /// Beside the dashboard; they end with it.
    fn run_own(&mut self, order: OwnOrder) {
        let (clouds, out, text) = (self.clouds.clone(), self.out.clone(), Arc::clone(&self.text));
        let turns = Arc::clone(&self.own_turns);
        self.spawn(async move {
            let mut lent: HashMap<Place, Option<Arc<LentCredentials>>> = HashMap::new();
            for place in order.runs.iter().map(|run| &run.place) {
                if lent.contains_key(place) {
                    continue;
                }
                match own_commands::credentials(clouds.of(place), order.with_credentials).await {
                    Ok(credentials) => lent.insert(place.clone(), credentials.map(Arc::new)),
                    Err(error) => return Some(Report::Message(Message::Failed(error.what(&text)))),
                };
            }
            let mut all = JoinSet::new();
            for run in order.runs {
                let credentials = lent.get(&run.place).cloned().flatten();
                all.spawn(own_commands::beside(order.name.clone(), run, credentials, Arc::clone(&turns)));
            }
            while let Some(ended) = all.join_next().await {
                let Ok(end) = ended else { continue };
                out.send(Report::Message(Message::OwnEnded(end))).await.ok()?;
            }
            None
        });
    }

    fn look_at_hosts(&mut self, targets: Vec<Arc<Instance>>) {
        let clouds = self.clouds.clone();
        self.spawn(async move {
            let disks = power::disks(&clouds, &targets).await;
            let types = targets.iter().filter_map(|instance| instance.instance_type.clone());
            let hosts = types.map(|kind| (kind.clone(), disks.get(&kind).copied())).collect();
            Some(Report::Message(Message::Hosts(hosts)))
        });
    }

    /// Followed to its end, whatever else is asked.
    fn change_power(&mut self, number: u64, order: power::Order) {
        let clouds = self.clouds.clone();
        let out = self.out.clone();
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            if clouds.first().is_none() {
                out.send(Report::Message(Message::Failed(text.say("no-credentials-yet")))).await.ok()?;
                return Some(Report::Message(Message::PowerEnded { number }));
            }
            let (sender, mut updates) = mpsc::channel(UPDATES_WAITING);
            let forward = async {
                while let Some(update) = updates.recv().await {
                    if out.send(Report::Message(Message::Power { number, update })).await.is_err() {
                        return;
                    }
                }
            };
            let stop = CancellationToken::new();
            tokio::join!(power::run(&clouds, &order, &stop, sender), forward);
            Some(Report::Message(Message::PowerEnded { number }))
        });
    }

    fn remember(&mut self, what: Remembered) {
        if let Remembered::Rows { place, rows, told } = what {
            let Some(mark) = self.clouds.of(&place).map(Cloud::mark) else { return };
            let cache = self.cache.clone();
            self.writes.spawn_blocking(move || {
                if let Err(error) = cache.write(&place, &mark, &rows, told) {
                    tracing::info!("the inventory is not kept: {error}");
                }
            });
            return;
        }
        let memory = self.memory.clone();
        let text = Arc::clone(&self.text);
        let change = self.writes.spawn_blocking(move || {
            memory.change(|state| match what {
                Remembered::FirstRun => state.first_run_seen = true,
                Remembered::Columns(columns) => state.columns = columns,
                Remembered::Favourite { id, favourite: Some(favourite) } => {
                    state.favourites.insert(id.to_string(), favourite);
                }
                Remembered::Favourite { id, favourite: None } => {
                    state.favourites.remove(id.as_str());
                }
                Remembered::Filter(line) => keep(&mut state.filters, &line),
                // In files of their own.
                Remembered::Rows { .. } => {}
                Remembered::Session { name, start_url, region } => state.know_session(&name, &start_url, &region),
                Remembered::Recent(name) => keep(&mut state.recent, &name),
                Remembered::Programs(programs) => state.allow_programs(&programs),
                Remembered::Region { profile, region } => {
                    let profile = profile.map(|profile| profile.raw().to_owned()).unwrap_or_default();
                    state.regions.insert(profile, region.to_string());
                }
            })
        });
        self.spawn(async move {
            let finding = change.await.ok()??;
            Some(Report::Message(Message::Failed(finding.text(&text))))
        });
    }

    /// A new file, for nobody but the user. One that is there stays as it is.
    fn write(&mut self, typed: &str, text: String) {
        let path = match (typed.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(typed),
        };
        let shown = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200);
        let catalogue = Arc::clone(&self.text);
        let writing = self.writes.spawn_blocking(move || write_new(&path, &text));
        self.spawn(async move {
            let result = writing.await.ok()?.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => catalogue.say("output-is-there"),
                _ => Untrusted::from(error.to_string()).shown_in(200),
            });
            Some(Report::Message(Message::Written { path: shown, result }))
        });
    }

    /// A failed call in the words of the user.
    fn trouble(&self, error: &aws::Error, place: Option<&Place>) -> Trouble {
        let text = &self.text;
        let (mut what, mut why) = (error.what(text), error.why(text));
        let who = place.and_then(|place| self.who.get(&place.profile));
        if let (aws::Error::Denied { action: "ec2:DescribeInstances", .. }, Some(who)) = (error, who) {
            let values = [("who", who.principal().shown_in(80).into()), ("account", who.account.to_string().into())];
            what = text.say_with("denied-listing", &values);
            why = None;
        }
        let device = error.mfa_device().cloned();
        let retry_in = std::time::Duration::ZERO;
        Trouble { code: error.code(), what, why, next: error.next(text), kind: kind(error), device, retry_in }
    }

    fn choice(&self, profile: &Profile) -> ProfileChoice {
        let now = Timestamp::now();
        let said = |key: &str, name: &'static str, value: String| self.text.say_with(key, &[(name, value.into())]);
        let shown = |text: &Option<Untrusted>| text.as_ref().map(|text| text.shown_in(40)).unwrap_or_default();
        let kind = match profile.kind {
            ProfileKind::Keys => self.text.say("kind-keys"),
            ProfileKind::Sso if profile.sso_session.is_none() => self.text.say("kind-sso-unnamed"),
            ProfileKind::Sso => said("kind-sso", "session", shown(&profile.sso_session)),
            ProfileKind::Login => self.text.say("kind-login"),
            ProfileKind::Role => said("kind-role", "source", shown(&profile.source)),
            ProfileKind::Process => said("kind-process", "program", shown(&profile.program)),
            ProfileKind::Other => match &profile.problem {
                Some(problem) => problem.in_short(&self.text),
                None => self.text.say("kind-other"),
            },
        };
        let standing = match (&profile.sign_in, &profile.mfa, profile.programs.first()) {
            _ if profile.problem.is_some() => (Tone::Bad, self.text.say("standing-problem")),
            (_, Some(_), _) => (Tone::Unknown, self.text.say("standing-mfa")),
            (_, None, Some(_)) => (Tone::Unknown, self.text.say("standing-program")),
            (SignIn::Valid { until }, ..) => {
                let left = age::span(until.as_second() - now.as_second(), &self.text);
                (Tone::Good, said("standing-valid", "left", left))
            }
            (SignIn::Renews, ..) => (Tone::Good, self.text.say("standing-renews")),
            (SignIn::Ended { at }, ..) => (Tone::Bad, said("standing-ended", "ago", age::ago(*at, now, &self.text))),
            (SignIn::None, ..) => (Tone::Bad, self.text.say("standing-none")),
            (SignIn::NotNeeded, ..) => (Tone::Plain, String::new()),
        };
        ProfileChoice {
            name: profile.name.clone(),
            kind,
            account: profile.account.clone(),
            region: profile.region.clone().filter(|_| profile.problem.is_none()),
            standing,
            programs: profile.programs.clone(),
            is_default: profile.name.raw() == self.default_profile,
        }
    }
}

/// What the dashboard does about a failed call.
fn kind(error: &aws::Error) -> TroubleKind {
    match error {
        aws::Error::SignInEnded { end, .. } if *end != aws::SignInEnd::Console => TroubleKind::SignIn,
        aws::Error::MfaNeeded { .. } | aws::Error::CodeRefused { .. } => TroubleKind::Code,
        error if error.lacks_credentials() => TroubleKind::Credentials,
        aws::Error::NoRegion { .. } => TroubleKind::NoRegion,
        aws::Error::Throttled { .. } => TroubleKind::Throttled,
        aws::Error::Unreachable { .. }
        | aws::Error::Proxy { .. }
        | aws::Error::Certificate { .. }
        | aws::Error::Timeout { .. }
        | aws::Error::Garbled { .. } => TroubleKind::Unreachable,
        _ => TroubleKind::Other,
    }
}

/// An endpoint as it may stand in the title.
fn shown_endpoint(endpoint: &str) -> String {
    Untrusted::from(endpoint).shown_in(60)
}

/// Say to the other processes of this user what this dashboard holds open, as long as the answer lives.
pub fn hold(registry: &Registry, kind: RunningKind, instance: &Instance, method: &str, from: String) -> Option<Registered> {
    let running = Running {
        process: std::process::id(),
        number: next_number(),
        kind,
        target: instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into()),
        method: method.into(),
        from: from.into(),
        began: Timestamp::now(),
        is_of_dashboard: true,
    };
    registry.register(&running)
}

/// A number of 0 to 1 that differs between programs, so that they do not ask again together.
fn jitter() -> f64 {
    let random = uuid::Uuid::new_v4().as_u128() as u32;
    f64::from(random) / f64::from(u32::MAX)
}
