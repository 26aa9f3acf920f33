//! Performs a plan: asks once more where the instance is, pushes the key, runs OpenSSH in the foreground.

use std::ffi::OsStr;
use std::io::{self, IsTerminal as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::aside::Aside;
use super::comeback::{Comeback, Return};
use super::described::described_again;
use super::host_check::HostCheck;
use super::open_key::{Opened, open_key};
use super::pusher::Pusher;
use super::serial::{self, ConsoleEnd};
use super::shell_start::{ShellDenied, Started, requested, started};
use super::ssh_settings::connect_limit;
use super::{
    Blank, ConnectEvent, Diagnosis, Ended, Error, NotIn, OwnError, Plan, SerialConsole, Step, diagnose, diagnose_own, diagnosis,
    end_of_options,
};
use crate::access::{Login, SessionShell};
use crate::aws::{self, Cloud};
use crate::config;
use crate::model::{Instance, SessionPreferences, Untrusted};
use crate::session::recording::Recording;
use crate::session::shell::{self, Manner};
use crate::session::{SessionEnd, SessionOptions, SignInNotices, Watch};
use crate::ssh::EphemeralKey;
use crate::ssh::agent::{self, Agent, AgentsKey};
use crate::ssh::child::{self, End};
use crate::ssh::{OpenedKey, Places, RunDirectory};
use crate::terminal::LeavingSignals;
use crate::terminal::OwnTerminal;
use crate::text::Catalogue;

/// Where a session may leave traces on this computer.
#[derive(Clone)]
pub struct Surroundings {
    /// The state directory, where known_hosts lies; `None` if there is no home for one.
    pub state: Option<PathBuf>,
    /// Where the private directory of this session may be made.
    pub places: Places,
    /// The words for what is said in a session.
    pub text: Arc<Catalogue>,
    /// Whether the window's title may be set.
    pub sets_title: bool,
    /// How long to try for another connection when one breaks.
    pub reconnect: Duration,
    /// What stands before each line that a program says; `None`: it has our output itself.
    pub name: Option<String>,
    /// Whether anything may be asked at the terminal.
    pub may_ask: bool,
    /// What a session of Session Manager is begun with, where that is not what everything else is done with.
    pub granted: Option<Cloud>,
}

impl Surroundings {
    /// What the settings say of every session; `state` and `places` are where this computer keeps things.
    pub fn new(settings: &config::Settings, state: Option<PathBuf>, places: Places, text: Arc<Catalogue>) -> Self {
        Self {
            state,
            places,
            text,
            sets_title: settings.ui.title,
            reconnect: settings.connect.reconnect,
            name: None,
            may_ask: true,
            granted: None,
        }
    }
}

/// Perform `plan`. The caller has given the terminal away; afterwards it is as it was.
///
/// Dropping the future ends ssh and removes the key, the socket and the directory.
pub async fn run(
    plan: &Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    ran(plan, cloud, surroundings, Given::default(), on_event).await
}

/// As [`run`], with what the program reads and writes carried by `stream`: another program's protocol goes over it. When that `is_open` no
/// signal to us ends the program: whoever still has something to put away closes the stream then.
pub async fn run_carrying(
    plan: &Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    stream: OwnedFd,
    is_open: CancellationToken,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    ran(plan, cloud, surroundings, Given { stream: Some((stream, is_open)), ..Given::default() }, on_event).await
}

/// As [`run`], with a recording of what a session of Session Manager shows. No other way in is tried: it would not be recorded.
pub async fn run_recorded(
    plan: &Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    recording: Recording,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    let plan = Plan { otherwise: None, ..plan.clone() };
    ran(&plan, cloud, surroundings, Given { recording: Some(recording), ..Given::default() }, on_event).await
}

/// What a session is given besides.
#[derive(Default)]
struct Given {
    /// Where what is shown is written down.
    recording: Option<Recording>,
    /// What a program has in place of our stdin and stdout, and whether its other end has heard of somebody.
    stream: Option<(OwnedFd, CancellationToken)>,
}

async fn ran(
    plan: &Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    mut given: Given,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    let mut comeback = Comeback::new(surroundings.reconnect);
    let may_return = may_come_back(plan, surroundings, given.recording.is_some() || given.stream.is_some());
    loop {
        let (used, outcome) = Box::pin(ran_once(plan, cloud, surroundings, std::mem::take(&mut given), on_event)).await;
        if !may_return {
            return outcome;
        }
        match comeback.after(&outcome, used, cloud, on_event).await? {
            Return::Anew => {}
            Return::NotComing => return outcome,
            Return::Left(number) => return Ok(told_to_leave(number)),
        }
    }
}

/// Whether a shell that is lost begins anew: what is piped in was for the one that ended, and a recording is of one session.
fn may_come_back(plan: &Plan, surroundings: &Surroundings, is_given: bool) -> bool {
    let is_at_terminal = || io::stdin().is_terminal() && io::stdout().is_terminal();
    plan.is_shell && !is_given && surroundings.name.is_none() && !surroundings.reconnect.is_zero() && is_at_terminal()
}

/// The plan that was performed in the end, and what came of it. The terminal is as it was before.
async fn ran_once<'a>(
    plan: &'a Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    given: Given,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> (&'a Plan, Result<Ended, Error>) {
    let terminal = OwnTerminal::capture();
    let mut used = plan;
    let outcome = match Box::pin(performed(plan, cloud, surroundings, given, on_event)).await {
        Err(Error::Session(why)) if plan.otherwise.is_some() && !why.is_about_trust() => {
            used = plan.otherwise.as_deref().expect("the guard saw it");
            on_event(ConnectEvent::FellBack { from: plan.method, why, to: used.method });
            Box::pin(performed(used, cloud, surroundings, Given::default(), on_event)).await
        }
        outcome => outcome,
    };
    // Whoever left does not want to see what is still on its way.
    let was_left = outcome.as_ref().is_ok_and(|ended| ended.told_by.is_some() || ended.is_cut);
    terminal.restore(was_left).await;
    (used, outcome)
}

async fn performed(
    plan: &Plan,
    cloud: &Cloud,
    surroundings: &Surroundings,
    mut given: Given,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    let mut directory = None;
    let mut plan = plan.clone();
    let mut access = None;
    let mut named = None;
    let mut opened = None;
    let mut ended = None;
    let mut check = None;
    if plan.is_built_in() {
        on_event(ConnectEvent::BuiltInClient);
    }
    if plan.login.is_some() {
        let directory = made(&mut directory, &surroundings.places)?;
        let mut on_news = |news| on_event(ConnectEvent::HostKey(news));
        check = HostCheck::begin(&plan, cloud, surroundings.state.as_deref(), directory.path(), &mut on_news)?;
    }
    for step in plan.steps.clone() {
        match step {
            Step::Describe { place } => {
                let describing = described_again(plan, &place, cloud, on_event);
                plan = match &mut check {
                    Some(check) => check.beside(describing).await?,
                    None => describing.await?,
                };
            }
            Step::HostKey { .. } => {
                if let Some(check) = &mut check {
                    check.settle(&mut |news| on_event(ConnectEvent::HostKey(news))).await?;
                }
            }
            Step::PushKey { user, file } => {
                let own = match &file {
                    Some(file) => match open_key(file, surroundings.may_ask, &surroundings.text).await? {
                        Opened::Key(key) => Some(key),
                        Opened::Left(number) => return Ok(told_to_leave(number)),
                    },
                    None => None,
                };
                let directory = made(&mut directory, &surroundings.places)?;
                access = Some(PushedAccess::prepare(directory, own, cloud, &plan.target, &user)?);
            }
            Step::OpenKey { file } => {
                let key = match open_key(&file, surroundings.may_ask, &surroundings.text).await? {
                    Opened::Key(key) => key,
                    Opened::Left(number) => return Ok(told_to_leave(number)),
                };
                let directory = made(&mut directory, &surroundings.places)?;
                let line = key.public().line();
                named = Some(directory.write_public_key(&line).map_err(Error::local("writing the public half of the key"))?);
                let serving = agent::serve(directory.path(), key, || std::future::ready(()));
                opened = Some(serving.map_err(Error::local("serving the key to ssh"))?);
            }
            Step::NameKey { public } => {
                let directory = made(&mut directory, &surroundings.places)?;
                named =
                    Some(directory.write_public_key(&public.line()).map_err(Error::local("writing the public half of the key"))?);
            }
            Step::Serial(console) => {
                ended = Some(on_console(&plan, &console, cloud, surroundings, on_event).await?);
            }
            Step::Session { shell } => {
                // What waits in a session is large, and so would be the stack of whoever holds it.
                let session = in_session(&plan, &shell, cloud, surroundings, given.recording.take(), on_event);
                ended = Some(Box::pin(session).await?);
            }
            // ssh starts it, as its ProxyCommand.
            Step::Jump { .. } => {}
            Step::Exec { .. } => {
                let limit = connect_limit(&plan).await;
                let directory = made(&mut directory, &surroundings.places)?;
                let command = command(&plan, access.as_ref(), opened.as_ref(), named.as_deref(), check.as_ref(), limit)
                    .ok_or(Error::SshMissing)?;
                let stream = given.stream.take();
                if let Some(access) = &access {
                    // Last of all: the key lives for sixty seconds.
                    access.pusher.push().await?;
                }
                let begun = Instant::now();
                let running = async {
                    let Some((stream, is_open)) = stream else {
                        return child::run(command, surroundings.name.as_deref(), |id| directory.note_child(id)).await;
                    };
                    child::run_carrying(command, stream, &is_open, |id| directory.note_child(id)).await
                };
                let ran = match &mut check {
                    Some(check) => check.beside_ssh(running).await,
                    None => running.await,
                };
                let mut end = ran.map_err(start_failure)?;
                let lasted = begun.elapsed();
                let diagnosis = diagnosis(&plan, &end);
                let diagnosis = match &mut check {
                    Some(check) => check.ended(&plan, cloud, end.code(), diagnosis).await,
                    None => diagnosis,
                };
                if let Some(error) = end.unwritten.take() {
                    return Err(Error::local("writing the output")(error));
                }
                let push_failure = access.as_ref().and_then(|access| access.pusher.failure());
                ended =
                    Some(Ended { said: said(&end), not_in: not_in(&plan, &end), ..told(&end, lasted, push_failure, diagnosis) });
            }
        }
    }
    ended.ok_or(Error::SshMissing)
}

/// The private directory of this session, made when a step first needs it: a session of Session Manager begins on a full disk, too.
fn made<'a>(directory: &'a mut Option<RunDirectory>, places: &Places) -> Result<&'a RunDirectory, Error> {
    match directory {
        Some(directory) => Ok(directory),
        none => Ok(none.insert(RunDirectory::create(places).map_err(Error::local("making a private directory"))?)),
    }
}

/// What ssh's last words mean: 255 is its own failure; any other code is the remote's and needs no explanation.
fn diagnosis(plan: &Plan, end: &End) -> Option<Diagnosis> {
    if plan.login.is_none() && end.code() != 0 {
        return diagnose_own(&String::from_utf8_lossy(&end.last_words), plan);
    }
    if end.code() == 255 { diagnose(&String::from_utf8_lossy(&end.last_words), plan) } else { None }
}

/// Why our own proxy ended, which says so on the same stderr.
fn said(end: &End) -> Option<OwnError> {
    if end.code() == 255 { OwnError::last_in(&String::from_utf8_lossy(&end.last_words)) } else { None }
}

/// Where a login ended before anybody was in; a shell that somebody left is none.
fn not_in(plan: &Plan, end: &End) -> Option<NotIn> {
    let is_failure = plan.login.is_some() && end.code() == 255;
    if is_failure { diagnosis::not_in(&String::from_utf8_lossy(&end.last_words)) } else { None }
}

fn told(end: &End, lasted: Duration, push_failure: Option<aws::Error>, diagnosis: Option<Diagnosis>) -> Ended {
    Ended {
        code: end.code(),
        told_by: end.told_by,
        lasted,
        diagnosis,
        said: None,
        not_in: None,
        push_failure,
        ending: None,
        is_unasked: false,
        is_cut: false,
        recording_failure: None,
    }
}

/// Log in to a serial console, and say of a host that is not AWS's what it showed.
async fn on_console(
    plan: &Plan,
    console: &SerialConsole,
    cloud: &Cloud,
    surroundings: &Surroundings,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    let mut on_open = || on_event(ConnectEvent::SerialOpens);
    let attached = serial::attached(&plan.target, console, cloud, &surroundings.places, &mut on_open).await?;
    let ConsoleEnd { end, lasted, other_key } = attached;
    let diagnosis = match other_key {
        Some(key) => {
            let mut other = Diagnosis::named("serial-host-key", plan);
            other.add("told", console.host.fingerprint.to_string());
            other.add("now", key.fingerprint().to_string());
            other.add("host", console.host.host.clone());
            Some(other)
        }
        None => diagnosis(plan, &end),
    };
    Ok(told(&end, lasted, None, diagnosis))
}

/// Open a session of Session Manager and show it until it ends.
async fn in_session(
    plan: &Plan,
    shell: &SessionShell,
    cloud: &Cloud,
    surroundings: &Surroundings,
    recording: Option<Recording>,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Ended, Error> {
    let mut signals = LeavingSignals::listen().map_err(Error::local("listening to signals"))?;
    let mut options = SessionOptions::on_terminal(plan.target.place.region.clone(), requested(&plan.target.id, shell));
    options.size = Some(shell::own_size());
    options.reconnect = surroundings.reconnect;
    // What is told while the session is started stands above the first prompt, and what is told later below the last: no prompt
    // waits for it.
    let region = plan.target.place.region.clone();
    let mut asking = Aside::new(cloud.session_preferences(&region));
    let started = tokio::select! {
        started = asking.beside(started(surroundings.granted.as_ref().unwrap_or(cloud), options)) => started.map_err(Error::Session)?,
        number = signals.next() => return Ok(told_to_leave(number)),
    };
    let Started { session, denied } = started;
    if let Some(ShellDenied { action, message }) = denied {
        on_event(ConnectEvent::ShellDenied { action, message });
    }
    let mut limits = asking.answer().map(|preferences| limits_of(preferences, on_event));
    if let Some(words) = session.about().notice.clone().filter(|words| !words.as_str().trim().is_empty()) {
        on_event(ConnectEvent::Greeted { words: Untrusted::from(words.into_string()) });
    }
    let name = plan.target.name().map_or_else(|| plan.target.id.to_string(), |name| name.shown_in(40));
    let title = plan.target.shown();
    let is_recorded = recording.is_some();
    let watch = may_come_back(plan, surroundings, is_recorded).then_some(Watch {
        cloud,
        region: &region,
        target: &plan.target.id,
        patience: surroundings.reconnect,
    });
    let manner = Manner { name: &name, title: &title, text: &surroundings.text, sets_title: surroundings.sets_title, watch };
    let notices = SignInNotices::of(surroundings.granted.as_ref().unwrap_or(cloud));
    let shown = asking.beside(Box::pin(shell::show(&session, manner, notices, recording, &mut signals))).await;
    let outcome = shown.map_err(Error::local("showing the session"))?;
    limits = limits.or_else(|| asking.answer().map(|preferences| limits_of(preferences, on_event)));
    let (idle_limit, longest) = limits.unwrap_or_default();
    let is_cut = !outcome.is_whole;
    let recording_failure = outcome.recorded.err().filter(|_| is_recorded).map(|error| error.to_string());
    // Whether it was idle for too long shows only with the account's limits.
    let ending = SessionEnd { idle_limit, longest, ..outcome.ending };
    Ok(match outcome.told_by {
        Some(number) => Ended { lasted: ending.lasted, recording_failure, ..told_to_leave(number) },
        None => Ended {
            code: if is_cut { 255 } else { ending.code() },
            is_cut,
            is_unasked: outcome.is_unasked,
            told_by: None,
            lasted: ending.lasted,
            diagnosis: None,
            said: None,
            not_in: None,
            push_failure: None,
            ending: Some(ending),
            recording_failure,
        },
    })
}

/// The account's limits in minutes, when idle and at all; what else it wants is told.
fn limits_of(
    preferences: Result<SessionPreferences, aws::Error>,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> (Option<u32>, Option<u32>) {
    match preferences {
        Ok(preferences) => {
            let limits = (preferences.idle_minutes, preferences.longest_minutes);
            if !preferences.are_usual() {
                on_event(ConnectEvent::Preferences(preferences));
            }
            limits
        }
        Err(error) => {
            on_event(ConnectEvent::PreferencesUnknown(error));
            (None, None)
        }
    }
}

fn told_to_leave(number: i32) -> Ended {
    Ended {
        code: u8::try_from(128 + number).unwrap_or(255),
        told_by: Some(number),
        lasted: Duration::ZERO,
        diagnosis: None,
        said: None,
        not_in: None,
        push_failure: None,
        ending: None,
        is_unasked: false,
        is_cut: false,
        recording_failure: None,
    }
}

fn start_failure(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound { Error::SshMissing } else { Error::Local { what: "starting ssh", source: error } }
}

/// A key that is pushed, the agent that offers it, and who pushes it.
struct PushedAccess {
    agent: Agent,
    public_key: PathBuf,
    pusher: Arc<Pusher>,
}

impl PushedAccess {
    /// With the user's own key, or with one that is made for this once.
    fn prepare(
        directory: &RunDirectory,
        own: Option<Arc<OpenedKey>>,
        cloud: &Cloud,
        target: &Instance,
        user: &Login,
    ) -> Result<Self, Error> {
        let key: AgentsKey = match own {
            Some(key) => key.into(),
            None => EphemeralKey::generate().map_err(Error::local("making a one-time key"))?.into(),
        };
        let line = key.public_line();
        let public_key = directory.write_public_key(&line).map_err(Error::local("writing the public half of the key"))?;
        let pusher = Arc::new(Pusher::new(cloud, target, user, &line));
        let again = Arc::clone(&pusher);
        let agent = agent::serve(directory.path(), key, move || {
            let pusher = Arc::clone(&again);
            async move { pusher.push_if_old().await }
        })
        .map_err(Error::local("serving the key to ssh"))?;
        Ok(Self { agent, public_key, pusher })
    }
}

/// The command of the plan's last step with its blanks filled in; none if the plan runs nothing.
fn command(
    plan: &Plan,
    access: Option<&PushedAccess>,
    opened: Option<&Agent>,
    named: Option<&Path>,
    check: Option<&HostCheck>,
    limit: Option<&OsStr>,
) -> Option<Command> {
    let (program, arguments) = plan.steps.iter().find_map(|step| match step {
        Step::Exec { program, arguments } => Some((program, arguments)),
        _ => None,
    })?;
    let fill = |blank: Blank| match blank {
        Blank::AgentSocket => access.map(|access| &access.agent).or(opened).map(|agent| vec![agent.socket().to_owned()]),
        Blank::PublicKey => access.map(|access| access.public_key.as_path()).or(named).map(|path| vec![path.to_owned()]),
        Blank::KnownHosts | Blank::HostKeyChecking | Blank::HostKeyCommand => check?.fill(blank),
        Blank::UserAgent => Some(vec![std::env::var_os("SSH_AUTH_SOCK").map_or_else(|| "no".into(), PathBuf::from)]),
    };
    let mut command = Command::new(program);
    // A ProxyCommand of ours finds this cloud, the demo's too, in what is left; it must not start a demo of its own.
    command.env_remove("EC2DASH_DEMO");
    // Whoever got here has said yes to what gives this profile its credentials; nobody could answer a second time.
    command.env("EC2DASH_ALLOW_CREDENTIAL_PROCESS", "1");
    // Behind the user's arguments, so that theirs win: before the destination.
    let destination = end_of_options(arguments);
    for (at, argument) in arguments.iter().enumerate() {
        if Some(at) == destination {
            if let Some(algorithms) = check.and_then(HostCheck::algorithms) {
                command.arg("-o").arg(algorithms.filled(&fill)?);
            }
            if let Some(limit) = limit {
                command.arg("-o").arg(limit);
            }
        }
        command.arg(argument.filled(&fill)?);
    }
    Some(command)
}
