//! The command line: from words to an exit code.

mod agent;
mod ansible;
pub mod args;
mod beside_dashboard;
mod by_session;
mod completion;
mod config;
mod connect;
mod copy;
mod dashboard;
#[cfg_attr(not(feature = "demo"), path = "without_demo.rs")]
mod demo;
mod doctor;
mod ended;
mod exec;
mod exit;
mod failure;
mod favourite;
mod fixes;
mod forwarding;
mod holding;
mod invocation;
mod jump;
mod just_in_time;
mod known_hosts;
mod language;
mod listing;
mod local;
mod logging;
mod login;
mod ls;
mod manual;
mod mssh;
mod output;
mod pane;
mod panes;
mod password;
mod policy;
mod power;
mod profiles;
mod profiles_sso;
mod proxy;
mod rdp;
mod secret_file;
mod session_places;
mod show;
mod signals;
#[cfg(feature = "demo")]
mod simulation;
mod sources;
mod ssh_config;
mod target;
mod terminal;
mod through;
mod tunnel;
mod warnings;

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use args::{Arguments, Client, Command};
pub use completion::answer as answer_shell;
pub use demo::{Demo, Error as DemoError};
pub use exit::Exit;
pub use failure::Failure;
use invocation::Invocation;
pub use pane::answer_pane;
use signals::Guarded;

use crate::config::Environment;
use crate::model::{Power, Untrusted};
use crate::terminal::Standard;
use crate::text::Catalogue;

/// More arguments than ssh gives when it asks for the keys of a host.
const MOST_OF_SSH: usize = 16;
/// How long a dashboard or a session may take to put its things away after a signal.
const SESSION_GRACE: Duration = Duration::from_secs(6);

/// What this program answers where ssh asks it for the keys of a host; none if it was started for something else.
pub fn answer_ssh(arguments: impl Iterator<Item = OsString>) -> Option<Exit> {
    let arguments: Vec<OsString> = arguments.take(MOST_OF_SSH).collect();
    let out = &mut Standard::output();
    let answered = match crate::ssh::answer_block(arguments.iter().cloned(), SystemTime::now(), out) {
        Some(answered) => answered.map_err(|refused| host_refused(&refused)),
        None => crate::ssh::answer_ssh(arguments.into_iter(), out)?.map_err(|_| ()),
    };
    Some(if answered.is_ok() { Exit::Done } else { Exit::Failed })
}

/// Be the SSH client, where this program is started as one; none if it was started for something else.
pub fn be_ssh(arguments: impl Iterator<Item = OsString>, text: &Catalogue) -> Option<Exit> {
    crate::builtin_ssh::answer(arguments, text).map(Exit::Code)
}

/// Say what is wrong with a host: ssh itself only says that it was told to go no further.
fn host_refused(refused: &crate::ssh::Refused) {
    let text = catalogue([], &environment());
    proxy::host_refused(refused, &text).report(&mut Standard::error(), &text);
}

/// The variables of this process; one that is no text means nothing to us.
pub fn environment() -> Environment {
    crate::config::process_environment()
}

/// Every sentence, in the language that the words of the command line, the environment and the settings ask for.
pub fn catalogue(words: impl IntoIterator<Item = OsString>, environment: &Environment) -> Arc<Catalogue> {
    Arc::new(Catalogue::new(language::asked(words, environment)))
}

/// The words of the command line, or how the process ends without a command: help, version, wrong use.
pub fn parse(words: impl IntoIterator<Item = OsString>, environment: &Environment, text: &Catalogue) -> Result<Arguments, Exit> {
    let arguments = args::parse(words, environment, text).map_err(|error| {
        #[cfg(not(feature = "demo"))]
        if args::is_left_out(&error) {
            return refuse_demo(&DemoError, text);
        }
        if let Some(word) = args::later(&error) {
            let failure = Failure::not_in_this_version(&word, text);
            failure.report(&mut Standard::error(), text);
            return failure.exit;
        }
        if !error.use_stderr() {
            // Help and version are data; nobody reading them is no failure.
            let _ = error.print();
            return Exit::Done;
        }
        let _ = writeln!(Standard::error(), "{}", args::message(&error, text));
        Exit::Usage
    })?;
    #[cfg(not(feature = "demo"))]
    if crate::config::is_set(environment, "EC2DASH_DEMO") {
        return Err(refuse_demo(&DemoError, text));
    }
    Ok(arguments)
}

/// Do what was asked for, with a demo's cloud if there is one. Failures are told on stderr.
pub fn run(arguments: Arguments, environment: Environment, demo: Option<Demo>, text: &Arc<Catalogue>) -> Exit {
    let is_session = match &arguments.command {
        Some(Command::Connect { connect, .. } | Command::Ssh { connect, .. }) => !connect.dry_run,
        Some(Command::Proxy(_) | Command::Mssh(_) | Command::Msftp(_)) => true,
        Some(Command::Exec(asked)) => !asked.dry_run,
        _ => false,
    };
    let holds = matches!(&arguments.command, Some(Command::Connect { hold: true, .. }));
    // The dashboard may be somewhere else by the time it tells a command.
    if arguments.command.is_some() {
        text.repeat(&arguments.global.places_again());
    }
    let done = perform(arguments, environment, demo, text);
    let exit = done.unwrap_or_else(|failure| {
        failure.report(&mut Standard::error(), text);
        if is_session { failure.exit.in_session() } else { failure.exit }
    });
    // The remote's own codes are no failure.
    if holds && (exit.code() == Exit::Session.code() || exit == Exit::Usage) {
        pane::hold(text);
    }
    exit
}

/// Say why there is no demo.
pub fn refuse_demo(error: &DemoError, text: &Catalogue) -> Exit {
    let failure = demo::failed(error, text);
    failure.report(&mut Standard::error(), text);
    failure.exit
}

fn perform(arguments: Arguments, environment: Environment, demo: Option<Demo>, text: &Arc<Catalogue>) -> Result<Exit, Failure> {
    let Arguments { global, command } = arguments;
    logging::begin(global.log_file.as_deref(), global.verbose, command.is_none()).map_err(|error| {
        let path = global.log_file.as_ref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        let values = [("path", Untrusted::from(path).shown_in(200).into()), ("cause", error.to_string().into())];
        Failure::new("log-file", Exit::Usage, text, &values)
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("runtime", Exit::Failed, text, &[("cause", error.to_string().into())]))?;
    let mut out = BufWriter::with_capacity(64 * 1024, output::Stdout(Standard::output()));
    let invocation = Invocation::bare(global, environment, text.clone());
    let done = runtime.block_on(async {
        match demo {
            Some(demo) => in_demo(demo, invocation, command, &mut out).await,
            None => dispatch(invocation, command, &mut out).await,
        }
    });
    // What is still under way (a call that nobody waits for, a read of stdin) must not hold the process.
    runtime.shutdown_background();
    let exit = done?;
    out.flush()?;
    Ok(exit)
}

/// The demo's cloud runs as long as the command does, and is put away after it, whoever ends it.
async fn in_demo(demo: Demo, invocation: Invocation, command: Option<Command>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = invocation.text.clone();
    // The dashboard and sessions put their own things away when a signal comes.
    let grace = match command {
        None
        | Some(
            Command::Connect { .. }
            | Command::Ssh { .. }
            | Command::Mssh(_)
            | Command::Msftp(_)
            | Command::Exec(_)
            | Command::Cp(_)
            | Command::Sync(_)
            | Command::Files(_)
            | Command::Rdp(_)
            | Command::Tunnel(_)
            | Command::Proxy(_),
        ) => SESSION_GRACE,
        Some(_) => Duration::ZERO,
    };
    let work = async {
        // We listen now; what came before is in the demo's keeping.
        if let Some(number) = demo.told() {
            return Ok(Exit::of_signal(number));
        }
        let sim = demo.start().await.map_err(|error| demo::failed(&error, &text))?;
        let done = dispatch(invocation, command, out).await;
        sim.stop().await;
        done
    };
    match signals::guarded(grace, work).await? {
        Guarded::Done(done) => done,
        Guarded::Told(number) => Ok(Exit::of_signal(number)),
    }
}

async fn dispatch(invocation: Invocation, command: Option<Command>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (is_quiet, text) = (invocation.global.quiet, Arc::clone(&invocation.text));
    let done = dispatched(invocation, command, out).await;
    // Whatever ended it: no session stays behind in the account.
    crate::session::settled().await;
    crate::aws::sign_ins_settled().await;
    if !is_quiet {
        invocation::tell_flaws(&crate::aws::unkept(), &text);
    }
    done
}

/// A command in a place of its own: what it waits in is large, and the stack of whoever chooses among all of them would hold each.
#[inline(never)]
fn boxed<F: Future>(command: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(command())
}

async fn dispatched(invocation: Invocation, command: Option<Command>, out: &mut dyn Write) -> Result<Exit, Failure> {
    // What a killed run left behind goes at the next start, whatever that start is for.
    let removed = crate::ssh::sweep(&connect::places(&invocation), SystemTime::now());
    tracing::debug!("removed {removed} leftovers");
    let is_of_policy = matches!(invocation.global.output, Some(args::Form::Cli | args::Form::Terraform));
    if is_of_policy && !matches!(command, Some(Command::Policy(_))) && invocation.global.typed.output {
        return Err(invocation.failure("form-of-policy", Exit::Usage, &[]));
    }
    let is_of_report = matches!(invocation.global.output, Some(args::Form::Md | args::Form::Html));
    if is_of_report && !matches!(&command, Some(Command::Doctor(asked)) if asked.all) && invocation.global.typed.output {
        return Err(invocation.failure("form-of-report", Exit::Usage, &[]));
    }
    let is_of_ls = invocation.global.output == Some(args::Form::Ansible);
    if is_of_ls && !matches!(command, Some(Command::Ls(_))) && invocation.global.typed.output {
        return Err(invocation.failure("form-of-ls", Exit::Usage, &[]));
    }
    let Some(command) = command else {
        let own = invocation.with_settings()?;
        return boxed(|| dashboard::dashboard(own)).await;
    };
    match command {
        Command::Config { action } => config::config(invocation, &action, out).await,
        Command::Completions { shell } => completion::completions(shell, out),
        Command::Man => manual::man(&invocation.text, out),
        Command::Licenses => manual::licenses(out),
        #[cfg(feature = "demo")]
        Command::Sim(simulation) => simulation::sim(&invocation, &simulation, out).await,
        Command::Ls(list) if invocation.form() == args::Form::Ansible => {
            ansible::inventory(&invocation.with_settings()?, &list, out).await
        }
        Command::Ls(list) => {
            let own = invocation.with_settings()?;
            boxed(|| ls::ls(&own, &list, out)).await
        }
        Command::Policy(asked) => policy::policy(&invocation, &asked, out),
        Command::Show { target } => {
            let own = invocation.with_settings()?;
            boxed(|| show::show(&own, &target, out)).await
        }
        Command::Doctor(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| doctor::doctor(&own, &asked, out)).await
        }
        Command::Fixes => fixes::fixes(&invocation.with_settings()?, out),
        Command::Undo(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| fixes::undo(&own, &asked, out)).await
        }
        Command::Connect { connect, record, hold: _ } => {
            let invocation = invocation.with_settings()?;
            let record = record.as_deref();
            connect::connect(&invocation, &connect, connect::Further { record, ..connect::Further::default() }, out).await
        }
        Command::Ssh { connect, arguments } => {
            let further = connect::Further { words: Some(arguments), ..connect::Further::default() };
            let own = invocation.with_settings()?;
            boxed(|| connect::connect(&own, &connect, further, out)).await
        }
        Command::SshConfig(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| ssh_config::ssh_config(&own, &asked, out)).await
        }
        Command::Agent(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| agent::agent(&own, &asked, out)).await
        }
        Command::Mssh(foreign) => {
            let own = invocation.with_settings()?;
            boxed(|| mssh::mssh(own, Client::Ssh, &foreign)).await
        }
        Command::Msftp(foreign) => {
            let own = invocation.with_settings()?;
            boxed(|| mssh::mssh(own, Client::Sftp, &foreign)).await
        }
        Command::Cp(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| copy::copy(&own, &asked, out)).await
        }
        Command::Files(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| panes::panes(&own, &asked)).await
        }
        Command::Sync(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| copy::sync(&own, &asked, out)).await
        }
        Command::Exec(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| exec::exec(&own, &asked, out)).await
        }
        Command::Rdp(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| rdp::rdp(&own, &asked, out)).await
        }
        Command::Password(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| password::password(&own, &asked, out)).await
        }
        Command::Start(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| power::power(&own, Power::Start, &asked, out)).await
        }
        Command::Stop(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| power::power(&own, Power::Stop, &asked, out)).await
        }
        Command::Reboot(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| power::power(&own, Power::Reboot, &asked, out)).await
        }
        Command::Tunnel(asked) => {
            let invocation = invocation.with_settings()?;
            let opened = tunnel::tunnel(&invocation, &asked, out);
            if asked.beside_dashboard { beside_dashboard::beside_dashboard(opened).await } else { opened.await }
        }
        Command::Proxy(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| proxy::proxy(&own, &asked)).await
        }
        Command::Profiles(asked) if asked.sso => {
            let own = invocation.with_settings()?;
            boxed(|| profiles_sso::profiles_sso(&own, &asked, out)).await
        }
        Command::Profiles(_) => {
            let own = invocation.with_settings()?;
            boxed(|| profiles::profiles(&own, out)).await
        }
        Command::Regions => {
            let own = invocation.with_settings()?;
            boxed(|| profiles::regions(&own, out)).await
        }
        Command::Login(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| login::login(&own, &asked)).await
        }
        Command::Logout(asked) => {
            let own = invocation.with_settings()?;
            boxed(|| login::logout(&own, &asked)).await
        }
        Command::Whoami => {
            let own = invocation.with_settings()?;
            boxed(|| profiles::whoami(&own, out)).await
        }
        Command::KnownHosts { action } => {
            let own = invocation.with_settings()?;
            boxed(|| known_hosts::known_hosts(&own, &action, out)).await
        }
    }
}
