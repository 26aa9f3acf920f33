//! What connecting will do, as data: `--dry-run` prints it, `connect::run` performs it.

mod argument;
mod built_in;
mod extras;
mod host_block;
mod login;
mod planner;
mod refusal;
mod route;
mod serial_console;
mod shown;
mod ssh_arguments;
mod ssh_command;

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ec2dash_keys::PublicKey;
use jiff::Timestamp;

pub(in crate::connect) use argument::option_value;
pub use argument::{Argument, Blank, Destination, end_of_options};
pub use extras::{Extras, OwnProgram, SshProgram};
pub use host_block::{BlockKey, HostBlock};
pub use login::{SshLogin, SshPlace};
pub use planner::Planner;
pub use refusal::{Feature, Refusal};
pub use route::{Route, TargetsAmong, jump_among};
pub use serial_console::SerialConsole;
pub(in crate::connect) use ssh_arguments::is_without_shell;
pub use ssh_arguments::{UnknownSshOption, split_ssh_arguments};

use crate::access::{
    self, AddressChoice, Channel, Client, ConnectOptions, Jump, JumpHost, KeySource, Local, Login, LoginKey, Mark, Method,
    NoDoor, Reason, SessionShell, SshClient, Way, Ways, address, login_key, mark, pair_key,
};
use crate::config::{self, HostKeys};
use crate::model::{Instance, InstanceState, Os, Place};

/// Everything that is decided before anything is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The instance, as it was when this was decided.
    pub target: Instance,
    /// The way in.
    pub method: Method,
    /// The ways that could be opened, if the user left the choice to us: `best of eic, ssh`.
    pub best_of: Option<Vec<Method>>,
    /// Whom ssh logs in and where; `None` where there is no ssh.
    pub login: Option<SshLogin>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// Whether somebody gets a shell to type into: nothing that would be run a second time if it began anew.
    pub is_shell: bool,
    /// What to do instead if this fails before the far side has said a word; only where the user left the choice to us.
    pub otherwise: Option<Box<Plan>>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Ask EC2 once more what and where the instance is (docs/faults.md F51).
    Describe {
        /// Where it was listed.
        place: Place,
    },
    /// Know whom ssh will talk to: by a key that is kept, or by what AWS tells of the instance's keys.
    HostKey {
        /// What to do where no key is kept.
        checking: config::HostKeys,
        /// Whether one was kept when this was planned.
        is_kept: bool,
        /// This program, which ssh asks before it goes on; `None`: this ssh cannot ask.
        own: Option<PathBuf>,
    },
    /// Let `user` in with a key for the next sixty seconds: a new one, or the user's own.
    PushKey {
        /// The login name it is for.
        user: Login,
        /// The user's key file, which is opened in memory; `None`: a key is made for this once.
        file: Option<PathBuf>,
    },
    /// Tell ssh which key of the user's agent to offer, by its public half.
    NameKey {
        /// The public half.
        public: PublicKey,
    },
    /// Read a key file that OpenSSH cannot read, and serve the key by an agent of ours.
    OpenKey {
        /// The file.
        file: PathBuf,
    },
    /// Let a new one-time key into the serial console, and give it the terminal.
    Serial(SerialConsole),
    /// Open a session of Session Manager and give it the terminal.
    Session {
        /// What runs in it.
        shell: SessionShell,
    },
    /// Go through a jump host: by a login of its own, which ssh starts.
    Jump {
        /// Which.
        host: Arc<JumpHost>,
    },
    /// Run OpenSSH, or the built-in client, in the foreground and hand it the terminal.
    Exec {
        /// The program, looked up in PATH if it is OpenSSH's.
        program: OsString,
        /// Its arguments; what is made only at run time is a [`Blank`] and stands in `<…>` when printed.
        arguments: Vec<Argument>,
    },
}

/// Which way in the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The best one.
    Best,
    /// This one.
    Method {
        /// Which.
        method: Method,
        /// Whether to try it although something is in its way, where trying makes sense.
        anyway: bool,
    },
}

/// Decide how to get into `instance` after settings, rules and flags, or say why not: the same for the dashboard and for every command.
/// `jump` is how a login comes to its address, looked up for what those ask.
#[expect(clippy::too_many_arguments, reason = "all that a decision rests on, each from another owner")]
pub fn plan_after(
    instance: &Instance,
    choice: Choice,
    settings: &config::Settings,
    flags: &config::ConnectFlags,
    extras: &Extras,
    jump: Jump,
    local: &Local,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    if let Choice::Method { method, .. } = choice
        && method.channel() != Channel::Address
        && Jump::named(flags.jump.as_deref()) != Jump::None
    {
        return Err(Refusal::NotByJump { method });
    }
    let options = ConnectOptions { jump, ..config::connect_options(settings, instance, flags) };
    let ways = access::ways(instance, &options, local, now);
    let mut connect = settings.connect.clone();
    connect.use_ssh_config = flags.use_ssh_config.unwrap_or(connect.use_ssh_config);
    plan(instance, choice, &options, &ways, local, &connect, extras)
}

/// Decide how to get into `instance`, or say why not. `ways` are those of the same instance, options and computer.
fn plan(
    instance: &Instance,
    choice: Choice,
    options: &ConnectOptions,
    ways: &Ways,
    local: &Local,
    settings: &config::Connect,
    extras: &Extras,
) -> Result<Plan, Refusal> {
    let by_ssh = extras.wants_ssh().then(|| Ways { best: best_by_ssh(options, ways), ..ways.clone() });
    let ways = by_ssh.as_ref().unwrap_or(ways);
    let method = chosen(instance, choice, options, ways, local)?;
    let make = |method| of_method(instance, method, choice, options, ways, local, settings, extras);
    let mut plan = make(method)?;
    if choice == Choice::Best && !method.runs_ssh() {
        // A registered agent may still refuse, and then the next best way is at hand.
        let next = || options.preferred().filter(|other| *other != method && other.may_be_best() && is_open(ways, *other));
        // What goes through the same agent most likely fails the same way.
        let next = next().find(|other| !other.is_by_session_manager()).or_else(|| next().next());
        plan.otherwise = next.and_then(|next| make(next).ok()).map(Box::new);
    }
    Ok(plan)
}

#[expect(clippy::too_many_arguments, reason = "one of them would be a struct that only carries the others here")]
fn of_method(
    instance: &Instance,
    method: Method,
    choice: Choice,
    options: &ConnectOptions,
    ways: &Ways,
    local: &Local,
    settings: &config::Connect,
    extras: &Extras,
) -> Result<Plan, Refusal> {
    let describe = Step::Describe { place: (*instance.place).clone() };
    let can_do_it = |method: &Method| method.runs_ssh() || !extras.wants_ssh();
    let best_of = (choice == Choice::Best).then(|| that_could_be_opened(options, ways).into_iter().filter(can_do_it).collect());
    let plan =
        Plan { target: instance.clone(), method, best_of, login: None, steps: Vec::new(), is_shell: false, otherwise: None };
    let Client::Ssh(key_source) = method.client() else {
        if extras.wants_ssh() {
            return Err(Refusal::NeedsSsh { method });
        }
        return match method.channel() {
            Channel::SessionManager => {
                let steps = vec![describe, Step::Session { shell: options.shell.clone() }];
                Ok(Plan { steps, is_shell: true, ..plan })
            }
            Channel::SerialConsole => {
                let host = options.serial.as_deref().ok_or_else(|| no_serial_host(instance, method, ways))?;
                let console = SerialConsole {
                    host: host.clone(),
                    own: extras.own.program.clone(),
                    is_built_in: local.ssh == SshClient::Missing,
                    uses_ssh_config: settings.use_ssh_config,
                    keepalive: settings.keepalive,
                };
                Ok(Plan { steps: vec![describe, Step::Serial(console)], ..plan })
            }
            Channel::Desktop => {
                let exec =
                    Step::Exec { program: extras.own.program.clone().into(), arguments: desktop_arguments(instance, extras) };
                Ok(Plan { steps: vec![describe, exec], ..plan })
            }
            Channel::Endpoint | Channel::Address => Err(Refusal::NotInThisVersion(Feature::Method(method))),
        };
    };
    let place = match method.channel() {
        Channel::SessionManager => SshPlace::Proxy { through: "through-session-manager" },
        Channel::Address => {
            let found = address(instance, options, local).ok_or(Refusal::NoAddress { method, wanted: options.address })?;
            SshPlace::Address { address: found.0, kind: found.1 }
        }
        Channel::Endpoint => {
            // What is in the way of that stands among the reasons of the way.
            let door = access::door(instance, options).map_err(|none| no_door(method, &none, ways))?;
            SshPlace::Endpoint { id: door.endpoint.id.clone(), address: door.address, limit: options.tunnel_limit }
        }
        Channel::SerialConsole | Channel::Desktop => return Err(Refusal::NotInThisVersion(Feature::Method(method))),
    };
    let (user, source) = access::login(instance, options);
    let key = match key_source {
        KeySource::Pushed => extras.key.clone().map_or(LoginKey::OneTime, LoginKey::Pushed),
        KeySource::File => pair_key(instance, options, local).ok_or_else(|| no_key(method, ways))?,
        KeySource::PushedOrFile => login_key(instance, options, local).ok_or_else(|| no_key(method, ways))?,
    };
    let key = if local.ssh == SshClient::Missing { built_in::key(key) } else { key };
    // OpenSSH would refuse it; what opens it here does not look.
    if matches!(key, LoginKey::Opened(_)) && access::too_open_key(instance, options, local, method).is_some() {
        return Err(too_open(method, ways));
    }
    let port = match method.channel() {
        Channel::Endpoint => access::inner_port(options),
        _ => options.port,
    };
    let simulated = options.simulated.filter(|_| method.channel() == Channel::Address && options.jump == Jump::None);
    let version = match &local.ssh {
        SshClient::Usable(version) => Some(*version),
        _ => None,
    };
    let jump = options.jump.host().filter(|_| method.channel() == Channel::Address);
    let arguments = ssh_command::arguments(&ssh_command::Call {
        version,
        alias: &instance.id,
        user: &user,
        place: &place,
        simulated,
        jump: jump.map(Arc::as_ref),
        profile: instance.place.profile.as_ref().map(crate::model::ProfileName::raw),
        region: &instance.place.region,
        port,
        key: &key,
        settings,
        extras,
    });
    let before = match &key {
        LoginKey::OneTime => Some(Step::PushKey { user: user.clone(), file: None }),
        LoginKey::Pushed(file) => Some(Step::PushKey { user: user.clone(), file: Some(file.clone()) }),
        LoginKey::Agent(public) => Some(Step::NameKey { public: public.clone() }),
        LoginKey::Opened(file) => Some(Step::OpenKey { file: file.clone() }),
        LoginKey::File(_) => None,
    };
    let (program, arguments) = match &local.ssh {
        SshClient::Missing => built_in::command(arguments, extras)?,
        _ => (extras.client.name().into(), arguments),
    };
    let exec = Step::Exec { program, arguments };
    let login = SshLogin { user, source, place, simulated, jump: jump.cloned(), port };
    let can_ask = version.is_none_or(access::SshVersion::has_known_hosts_command);
    let checking = match settings.host_keys {
        // What AWS tells of the instance's keys, EC2 tells.
        HostKeys::Verify if extras.is_taken_as_told => HostKeys::AcceptNew,
        checking => checking,
    };
    let host_key = Step::HostKey {
        checking,
        is_kept: local.host_keys.contains_key(&instance.id),
        own: can_ask.then(|| extras.own.program.clone()),
    };
    // From here on: the last of them is the first to be logged in to.
    let mut hosts: Vec<Step> =
        options.jump.hosts().filter(|_| jump.is_some()).map(|host| Step::Jump { host: host.clone() }).collect();
    hosts.reverse();
    let asked = (!extras.is_taken_as_told).then_some(describe);
    let steps = asked.into_iter().chain([host_key]).chain(before).chain(hosts).chain([exec]).collect();
    Ok(Plan { login: Some(login), steps, is_shell: extras.opens_shell(), ..plan })
}

/// A key file that others may read. The rules of only one way tell of it.
fn too_open(method: Method, ways: &Ways) -> Refusal {
    let mut reasons = ways.list.iter().flat_map(|way| &way.reasons);
    let reason = reasons.find(|reason| reason.code == "ssh-key-too-open").cloned();
    debug_assert!(reason.is_some(), "{method:?}");
    let reasons = reason.into_iter().collect();
    Refusal::Blocked { method, reasons, may_try: false, instead: open_besides(Some(method), ways) }
}

/// A region whose service is not known: neither its name nor its key is guessed.
fn no_serial_host(instance: &Instance, method: Method, ways: &Ways) -> Refusal {
    let reasons = ways.way(method).map(|way| way.reasons.clone()).unwrap_or_default();
    let of_host = |reason: &Reason| reason.code == "serial-no-host";
    let reasons: Vec<Reason> = reasons.iter().filter(|reason| of_host(reason)).cloned().collect();
    debug_assert!(!reasons.is_empty(), "{}", instance.id);
    Refusal::Blocked { method, reasons, may_try: false, instead: open_besides(Some(method), ways) }
}

/// `ec2dash … rdp --yes ID`: whoever plans this has said yes to an account that asks.
fn desktop_arguments(instance: &Instance, extras: &Extras) -> Vec<Argument> {
    let profile = instance.place.profile.as_ref().map(|profile| OsString::from(format!("--profile={}", profile.raw())));
    let words = ["--region", instance.place.region.as_str(), "rdp", "--yes", "--", instance.id.as_str()].map(OsString::from);
    extras.own.flags.iter().cloned().chain(profile).chain(words).map(Argument::Word).collect()
}

fn chosen(instance: &Instance, choice: Choice, options: &ConnectOptions, ways: &Ways, local: &Local) -> Result<Method, Refusal> {
    if let Choice::Method { method, .. } = choice
        && !method.can_be_opened()
    {
        return Err(Refusal::NotInThisVersion(Feature::Method(method)));
    }
    let wanted = match choice {
        Choice::Best => ways.best,
        Choice::Method { method, .. } => Some(method),
    };
    // A chain that leads nowhere is a mistake in what was asked for, whatever other way there is; but not where that is named.
    let passes_it_by = |method: Method| matches!(choice, Choice::Method { .. }) && method.channel() != Channel::Address;
    match &options.jump {
        Jump::Broken(fault) if !wanted.is_some_and(passes_it_by) => return Err(Refusal::Jump(fault.clone())),
        _ => {}
    }
    // Where the way needs ssh, its absence is said before what is wrong with the instance.
    match &local.ssh {
        _ if wanted.is_some_and(|method| !method.runs_ssh()) => (),
        SshClient::Usable(_) | SshClient::Missing => (),
        SshClient::TooOld(version) => return Err(Refusal::SshTooOld { version: version.clone() }),
        SshClient::Foreign => return Err(Refusal::SshForeign),
    }
    match choice {
        Choice::Best => ways.best.ok_or_else(|| Refusal::NoWay { ways: choosable(ways), instead: open_besides(None, ways) }),
        Choice::Method { method, anyway } => match ways.way(method) {
            Some(way) if is_in_the_way(way) => {
                let may_try = may_try(instance, method);
                if anyway && may_try {
                    Ok(method)
                } else {
                    Err(Refusal::Blocked {
                        method,
                        reasons: way.reasons.clone(),
                        may_try,
                        instead: open_besides(Some(method), ways),
                    })
                }
            }
            _ => Ok(method),
        },
    }
}

/// The ways that could have been chosen.
fn choosable(ways: &Ways) -> Vec<Way> {
    ways.list.iter().filter(|way| way.method.may_be_best()).cloned().collect()
}

/// A way that surely can be tried, other than `method`.
fn open_besides(method: Option<Method>, ways: &Ways) -> Option<Method> {
    let is_open = |way: &&Way| matches!(mark(way), Mark::Works | Mark::Problem);
    ways.list.iter().filter(is_open).map(|way| way.method).find(|other| other.may_be_best() && Some(*other) != method)
}

/// As [`Ways::best`], among the ways that run ssh.
fn best_by_ssh(options: &ConnectOptions, ways: &Ways) -> Option<Method> {
    let is = |method: &Method, wanted| ways.way(*method).is_some_and(|way| mark(way) == wanted);
    let runs_ssh = |method: &Method| method.runs_ssh() && method.can_be_opened();
    let mut wanted = [Mark::Works, Mark::Problem, Mark::Unknown].into_iter();
    wanted.find_map(|wanted| options.preferred().find(|method| runs_ssh(method) && is(method, wanted)))
}

fn is_open(ways: &Ways, method: Method) -> bool {
    ways.way(method).is_some_and(|way| matches!(mark(way), Mark::Works | Mark::Problem))
}

fn is_in_the_way(way: &Way) -> bool {
    matches!(mark(way), Mark::Blocked | Mark::NotApplicable)
}

/// Whether trying a way that looks blocked makes sense: not into an instance that is not up, nor where it does not exist.
pub fn may_try(instance: &Instance, method: Method) -> bool {
    let exists = match (method.client(), method.channel()) {
        (Client::Ssh(KeySource::Pushed), _) => instance.os != Os::Windows,
        (_, Channel::Desktop) => !matches!(instance.os, Os::Linux | Os::MacOs),
        (_, Channel::SerialConsole) => !instance.id.is_hybrid(),
        _ => true,
    };
    method.can_be_opened() && may_enter(instance.state) && exists
}

/// Whether a connection to an instance in this state is made at all, when it is planned and when it is carried out. A word of AWS's that
/// this version does not know is no reason not to.
pub fn may_enter(state: InstanceState) -> bool {
    state.may_be_up()
}

fn no_key(method: Method, ways: &Ways) -> Refusal {
    let reasons = ways.way(method).map(|way| way.reasons.as_slice()).unwrap_or_default();
    let is_about_keys = |code: &str| code.starts_with("ssh-key-") || code == "ssm-ssh-no-key";
    let reason = reasons.iter().find(|reason| is_about_keys(reason.code)).cloned();
    Refusal::NoKey { method, reason: reason.map(Box::new) }
}

/// What keeps an endpoint from being gone through; a way that is named is tried whatever is said of it, but not without one.
fn no_door(method: Method, none: &NoDoor<'_>, ways: &Ways) -> Refusal {
    let reasons = ways.way(method).map(|way| way.reasons.clone()).unwrap_or_default();
    match none {
        NoDoor::NoAddress => Refusal::NoAddress { method, wanted: AddressChoice::Private },
        _ => Refusal::Blocked { method, reasons, may_try: false, instead: open_besides(Some(method), ways) },
    }
}

fn that_could_be_opened(options: &ConnectOptions, ways: &Ways) -> Vec<Method> {
    let is_open = |method: &Method| method.may_be_best() && ways.way(*method).is_some_and(|way| !is_in_the_way(way));
    options.preferred().filter(is_open).collect()
}

impl Plan {
    /// The same plan for another address of the same kind: the instance has moved since it was listed.
    #[must_use]
    pub fn moved_to(mut self, address: IpAddr) -> Self {
        let Some(login) = &mut self.login else { return self };
        let SshPlace::Address { kind, .. } = login.place else { return self };
        for step in &mut self.steps {
            let Step::Exec { arguments, .. } = step else { continue };
            for argument in arguments.iter_mut().filter(|_| login.simulated.is_none()) {
                if let Argument::Destination(destination) = argument {
                    destination.host = address.to_string();
                }
            }
        }
        login.place = SshPlace::Address { address, kind };
        self
    }

    /// Whether the built-in SSH client is run, for want of OpenSSH.
    pub fn is_built_in(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Exec { arguments, .. } => built_in::is_first(arguments),
            Step::Serial(console) => console.is_built_in,
            _ => false,
        })
    }

    /// The jump hosts on the way, the first to be logged in to first.
    pub fn passed(&self) -> impl Iterator<Item = &Instance> {
        self.steps.iter().filter_map(|step| match step {
            Step::Jump { host } => Some(&host.instance),
            _ => None,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
