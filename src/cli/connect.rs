//! `connect` and `ssh`: from a TARGET to a session, or to the plan of one.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::args::{Connect, Form, How, MethodChoice, Switch};
use super::ended::with_report;
use super::holding::hold;
use super::invocation::Invocation;
use super::just_in_time::Asks;
use super::local;
use super::output::{of_output, write_line, write_pretty};
use super::signals::{Guarded, guarded};
use super::{Exit, Failure, jump, just_in_time, power, show, target};
use crate::access::{self, ConnectOptions, Jump, Local, Ways, may_explain};
use crate::aws::Cloud;
use crate::config::{self, ConnectFlags, Last};
use crate::connect::{self, Choice, ConnectEvent, Ended, Extras, OwnProgram, Plan, Refusal, Story, Surroundings};
use crate::model::{AccessReason, Instance, RunningKind, Untrusted};
use crate::session::recording::Recording;
use crate::ssh::{KnownHosts, Places};
use crate::terminal::Standard;
use crate::text::{joined, shell_word};

/// How long a session may take to end after a signal asked for it.
const GRACE: Duration = Duration::from_secs(3);
/// Most columns of a text of the operating system.
const QUOTED: usize = 200;

/// What one of the two commands takes and the other does not.
#[derive(Debug, Default)]
pub struct Further<'a> {
    /// Of `ssh`: what stands behind `--`.
    pub words: Option<Vec<OsString>>,
    /// Of `connect`: where to record what is shown.
    pub record: Option<&'a Path>,
}

/// `ec2dash connect TARGET`, and with words `ec2dash ssh TARGET -- words`.
pub async fn connect(
    invocation: &Invocation,
    asked: &Connect,
    further: Further<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    refuse_to_wait_for_nobody(invocation, asked, &further)?;
    if further.words.is_some() && asked.reason.is_some() {
        return Err(invocation.failure(
            "reason-of-ssh",
            Exit::Usage,
            &[("target", shell_word(&Untrusted::from(asked.target.as_str()).shown_in(QUOTED)).into())],
        ));
    }
    let flags = flags(&asked.how)?;
    let extras = extras(invocation, further.words, &flags)?;
    let (cloud, mut instance) = target::find(invocation, &asked.target).await?;
    if asked.start && !connect_may_enter(&instance) {
        return start_first(invocation, asked, further.record, cloud, instance, &flags, &extras, out).await;
    }
    show::ask_for_facts(&cloud, &mut instance).await;
    if flags.methods.iter().any(|method| method.channel() == access::Channel::SerialConsole) {
        show::ask_for_serial_console(&cloud, &mut instance).await;
    }
    if let Some(id) = &flags.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let mut prepared = prepare(invocation, &mut instance, &flags).await?;
    if !asked.dry_run && mended_mode(invocation, &instance, &flags, &prepared) {
        prepared = prepare(invocation, &mut instance, &flags).await?;
    }
    let plan = plan(invocation, &instance, &flags, &prepared, &extras)?;
    if further.record.is_some() && plan.method.runs_ssh() {
        return Err(not_recorded(invocation, &plan));
    }
    if asked.dry_run {
        return write_plan(invocation, &plan, out);
    }
    confirmed_all(invocation, asked.yes, &plan)?;
    let recording = further.record.map(|path| record(invocation, path)).transpose()?;
    remember(invocation, &instance);
    perform(invocation, &plan, &cloud, recording, asked.reason.as_ref()).await
}

/// A shell without a terminal, in which nothing may be asked either, is a script's mistake: it wants a command to be run.
fn refuse_to_wait_for_nobody(invocation: &Invocation, asked: &Connect, further: &Further<'_>) -> Result<(), Failure> {
    let terminal = &invocation.terminal;
    let is_a_shell = further.words.is_none() && !asked.dry_run;
    if !is_a_shell || !invocation.global.no_input || (terminal.stdin && terminal.stdout) {
        return Ok(());
    }
    let target = shell_word(&Untrusted::from(asked.target.as_str()).shown_in(QUOTED));
    Err(invocation.failure("connect-no-terminal", Exit::Usage, &[("target", target.into())]))
}

/// Whether it needs no start.
fn connect_may_enter(instance: &Instance) -> bool {
    instance.state.may_be_up()
}

/// The same for an instance that has to be started first: one yes for all of it.
#[expect(clippy::too_many_arguments, reason = "it goes on where `connect` has found out all of this")]
async fn start_first(
    invocation: &Invocation,
    asked: &Connect,
    record_to: Option<&Path>,
    cloud: Cloud,
    instance: Instance,
    flags: &ConnectFlags,
    extras: &Extras,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    if asked.dry_run {
        return power::start_plan(invocation, &cloud, &instance, out).await;
    }
    power::may_start(invocation, &instance, asked.yes)?;
    let recording = record_to.map(|path| record(invocation, path)).transpose()?;
    let up = guarded(GRACE, started(invocation, &cloud, &instance, flags, extras)).await?;
    let plan = match up {
        Guarded::Done(plan) => plan?,
        Guarded::Told(number) => {
            invocation.note(&invocation.text.say("power-why-left"));
            return Ok(Exit::of_signal(number));
        }
    };
    if recording.is_some() && plan.method.runs_ssh() {
        return Err(not_recorded(invocation, &plan));
    }
    remember(invocation, &plan.target);
    perform(invocation, &plan, &cloud, recording, asked.reason.as_ref()).await
}

/// Start it, and wait for a way in that takes us.
async fn started(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &Instance,
    flags: &ConnectFlags,
    extras: &Extras,
) -> Result<Plan, Failure> {
    let mut on_event = |event: ConnectEvent| {
        let said = event.words(instance, &invocation.text);
        invocation.note(&match event {
            ConnectEvent::NotYet { .. } | ConnectEvent::NoWayYet { .. } => {
                invocation.text.say_with("start-waits", &[("said", said.into())])
            }
            _ => said,
        });
    };
    let up = connect::start(cloud, instance, &mut on_event).await;
    let mut instance = up.map_err(|error| not_up(invocation, instance, &error))?;
    let begun = tokio::time::Instant::now();
    let plan = loop {
        show::ask_for_facts(cloud, &mut instance).await;
        if let Some(id) = &flags.endpoint {
            show::ask_for_endpoint(cloud, &mut instance, id).await;
        }
        let prepared = prepare(invocation, &mut instance, flags).await?;
        let planned = plan(invocation, &instance, flags, &prepared, extras);
        let waited = begun.elapsed();
        match planned {
            Ok(plan) if connect::is_worth_waiting_for(&plan, &prepared.ways, flags.methods.len() == 1, waited) => break plan,
            Err(failure) if waited >= connect::LONGEST_SILENCE => return Err(failure),
            _ => on_event(ConnectEvent::NoWayYet { seconds: waited.as_secs() }),
        }
        tokio::time::sleep(connect::PAUSE).await;
    };
    let answers = connect::until_it_answers(&plan, cloud, &mut on_event).await;
    answers.map_err(|error| not_started(invocation, &plan, &error))?;
    Ok(plan)
}

fn not_up(invocation: &Invocation, instance: &Instance, error: &connect::Error) -> Failure {
    let text = &invocation.text;
    let exit = match error {
        connect::Error::NotStarted(outcome) => power::exit_of(outcome),
        connect::Error::Aws(error) => invocation.failed(error).exit,
        _ => Exit::Failed,
    };
    let what = text.say_with("refused", &[("target", instance.shown().into())]);
    let (why, next) = (error.why(instance, Timestamp::now(), text), error.next(instance, text));
    Failure { code: error.code(), what, why, next, exit }
}

/// The terminal of OpenSSH is OpenSSH's own.
fn not_recorded(invocation: &Invocation, plan: &Plan) -> Failure {
    let values = [("method", plan.method.id().into()), ("id", plan.target.id.to_string().into())];
    invocation.failure("record-method", Exit::Usage, &values)
}

/// Before anything is done in the account: a recording that cannot be made ends the matter here.
fn record(invocation: &Invocation, path: &Path) -> Result<Recording, Failure> {
    let shown = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(QUOTED);
    Recording::create(path).map_err(|error| {
        let code = if error.kind() == io::ErrorKind::AlreadyExists { "record-exists" } else { "record-not-made" };
        let cause = Untrusted::from(error.to_string()).shown_in(QUOTED);
        invocation.failure(code, Exit::Failed, &[("path", shown.into()), ("cause", cause.into())])
    })
}

/// Do what the plan says, and tell what went wrong.
pub async fn perform(
    invocation: &Invocation,
    plan: &Plan,
    cloud: &Cloud,
    recording: Option<Recording>,
    reason: Option<&AccessReason>,
) -> Result<Exit, Failure> {
    // A recording that was begun is not begun again.
    let asks = if recording.is_some() { Asks::Never } else { Asks::With(reason) };
    performed(invocation, plan, cloud, surroundings(invocation), recording, asks).await
}

/// The same for a command, each line of what it says behind `name` if there is one.
pub async fn perform_command(invocation: &Invocation, plan: &Plan, cloud: &Cloud, name: Option<&str>) -> Result<Exit, Failure> {
    let surroundings = Surroundings { name: name.map(str::to_owned), ..surroundings(invocation) };
    performed(invocation, plan, cloud, surroundings, None, Asks::Never).await
}

async fn performed(
    invocation: &Invocation,
    plan: &Plan,
    cloud: &Cloud,
    surroundings: Surroundings,
    recording: Option<Recording>,
    asks: Asks<'_>,
) -> Result<Exit, Failure> {
    let target = plan.target.name().cloned().unwrap_or_else(|| plan.target.id.as_str().into());
    let _held = hold(invocation, RunningKind::Shell, target, plan.method.id(), None);
    let mut on_event = |event: ConnectEvent| invocation.note(&event.words(&plan.target, &invocation.text));
    crate::tui::hand_back_on_panic(invocation.directories.state.clone(), Arc::clone(&invocation.text));
    let run = async {
        match recording {
            Some(recording) => connect::run_recorded(plan, cloud, &surroundings, recording, &mut on_event).await,
            None => connect::run(plan, cloud, &surroundings, &mut on_event).await,
        }
    };
    let outcome = guarded(GRACE, run).await;
    // Whatever ended it: no session stays behind in the account.
    crate::session::settled().await;
    let ended = match outcome? {
        // Who reads no more of the output knows that.
        Guarded::Done(Err(connect::Error::Local { source, .. })) if source.kind() == io::ErrorKind::BrokenPipe => {
            return Err(of_output(source).into());
        }
        Guarded::Done(Err(error)) => {
            let failure = not_started(invocation, plan, &error);
            if !error.is_denied_session() {
                return Err(failure);
            }
            let granted = guarded(Duration::ZERO, just_in_time::granted(invocation, plan, cloud, asks, failure)).await?;
            let Guarded::Done(granted) = granted else { return Ok(just_in_time::left(invocation, &granted)) };
            let surroundings = Surroundings { granted: Some(granted?), ..surroundings };
            return Box::pin(performed(invocation, plan, cloud, surroundings, None, Asks::Never)).await;
        }
        Guarded::Done(Ok(ended)) => ended,
        Guarded::Told(number) => return Ok(Exit::of_signal(number)),
    };
    explain(invocation, plan, &ended);
    Ok(Exit::Code(ended.code))
}

fn extras(invocation: &Invocation, words: Option<Vec<OsString>>, flags: &ConnectFlags) -> Result<Extras, Failure> {
    let is_ssh = words.is_some();
    let (ssh_arguments, command) = connect::split_ssh_arguments(words.unwrap_or_default())
        .map_err(|unknown| invocation.failure("ssh-option", Exit::Usage, &[("option", unknown.shown.into())]))?;
    let of_flags = Extras::of(flags, own_program(invocation));
    let is_quiet = invocation.global.quiet;
    Ok(Extras { is_quiet, ssh_arguments, command, only_ssh: is_ssh || of_flags.only_ssh, ..of_flags })
}

/// How to start this program once more as this run was: its profile and region are the target's.
pub fn own_program(invocation: &Invocation) -> OwnProgram {
    let global = &invocation.global;
    let mut flags: Vec<OsString> = Vec::new();
    // What a variable said is in the environment still; to say it twice does no harm.
    for (flag, path) in [("--config", &global.config), ("--log-file", &global.log_file)] {
        if let Some(path) = path {
            flags.extend([flag.into(), std::path::absolute(path).unwrap_or_else(|_| path.clone()).into()]);
        }
    }
    if global.no_input {
        flags.push("--no-input".into());
    }
    if global.quiet {
        flags.push("--quiet".into());
    }
    flags.extend(["--api-timeout".into(), global.api_timeout.to_string().into()]);
    OwnProgram { program: std::env::current_exe().unwrap_or_else(|_| "ec2dash".into()), flags }
}

/// What the flags ask for. A file is named from the current directory, as everywhere on a command line.
pub fn flags(asked: &How) -> Result<ConnectFlags, Failure> {
    let methods = asked.methods.iter().filter_map(|choice| match choice {
        MethodChoice::Auto => None,
        MethodChoice::One(method) => Some(*method),
    });
    let leaves_it_to_us = asked.methods.contains(&MethodChoice::Auto);
    Ok(ConnectFlags {
        methods: if leaves_it_to_us { Vec::new() } else { methods.collect() },
        user: asked.user.clone(),
        identity: asked.identity.as_ref().map(std::path::absolute).transpose()?,
        port: asked.port,
        address: asked.address,
        use_ssh_config: asked.ssh_config.map(|switch| switch == Switch::On),
        endpoint: asked.endpoint.clone(),
        tunnel_limit: asked.tunnel_limit,
        jump: asked.jump.clone(),
    })
}

/// What a plan is made from.
pub struct Prepared {
    /// What the flags, the rules and the settings ask for.
    pub options: ConnectOptions,
    /// What this computer has.
    pub local: Local,
    /// What is said of every way in.
    pub ways: Ways,
}

/// Find out what there is to plan with.
pub async fn prepare(invocation: &Invocation, instance: &mut Instance, flags: &ConnectFlags) -> Result<Prepared, Failure> {
    let mut options = config::connect_options(&invocation.loaded.settings, instance, flags);
    let mut local = local::look(invocation, flags.identity.as_deref()).await;
    local.host_keys = invocation.directories.state.as_deref().map(KnownHosts::origins_in).unwrap_or_default();
    options.jump = jump::resolved(invocation, instance, &options, flags, &local).await?;
    if let Jump::Broken(fault) = &options.jump {
        return Err(refused(invocation, instance, &Refusal::Jump(fault.clone())));
    }
    let ways = access::ways(instance, &options, &local, Timestamp::now());
    Ok(Prepared { options, local, ways })
}

/// Decide how to get in.
pub fn plan(
    invocation: &Invocation,
    instance: &Instance,
    flags: &ConnectFlags,
    prepared: &Prepared,
    extras: &Extras,
) -> Result<Plan, Failure> {
    let Prepared { options, local, ways } = prepared;
    let choice = match flags.methods.as_slice() {
        // Whoever names one way wants it tried.
        [method] => Choice::Method { method: *method, anyway: true },
        _ => Choice::Best,
    };
    tracing::info!(
        "{}: ways in: {}",
        instance.id,
        ways.list.iter().map(|way| format!("{} {}", way.method.id(), way.verdict.word())).collect::<Vec<_>>().join(", ")
    );
    let planned = connect::plan_after(
        instance,
        choice,
        &invocation.loaded.settings,
        flags,
        extras,
        options.jump.clone(),
        local,
        Timestamp::now(),
    );
    let plan = planned.map_err(|refusal| refused(invocation, instance, &refusal))?;
    if choice != Choice::Best {
        warn_of_blocked(invocation, instance, ways, &plan);
    }
    Ok(plan)
}

/// What is known to be in the way of the one that is tried because it was named.
fn warn_of_blocked(invocation: &Invocation, instance: &Instance, ways: &Ways, plan: &Plan) {
    let blocked = ways.way(plan.method).filter(|way| way.verdict == access::Verdict::Blocked);
    let Some(reason) = blocked.and_then(|way| way.reasons.first()) else { return };
    let values = [
        ("method", plan.method.id().into()),
        ("reason", reason.text(&invocation.text).into()),
        ("id", instance.id.to_string().into()),
    ];
    invocation.note(&invocation.text.say_with("method-blocked", &values));
}

fn refused(invocation: &Invocation, instance: &Instance, refusal: &Refusal) -> Failure {
    let exit = match refusal {
        Refusal::NoWay { .. } | Refusal::Blocked { .. } | Refusal::NoAddress { .. } | Refusal::NoKey { .. } => Exit::NoWay,
        Refusal::NotInThisVersion(_) | Refusal::NeedsSsh { .. } | Refusal::Jump(_) | Refusal::NotByJump { .. } => Exit::Usage,
        Refusal::NeedsOpenSsh { .. } | Refusal::SshTooOld { .. } | Refusal::SshForeign => Exit::Failed,
    };
    let text = &invocation.text;
    Failure {
        code: refusal.code(),
        what: refusal.what(instance, text),
        why: refusal.why(text),
        next: refusal.next(instance, text),
        exit,
    }
}

/// `--dry-run`.
pub fn write_plan(invocation: &Invocation, plan: &Plan, out: &mut dyn Write) -> Result<Exit, Failure> {
    match invocation.form() {
        Form::Json => write_pretty(out, &plan.json())?,
        Form::Jsonl => write_line(out, &plan.json())?,
        _ => {
            for line in plan.lines(&invocation.text) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(Exit::Done)
}

/// Where the way that was asked for needs a key that others may read: make it the user's alone, after a yes. Whether that was done.
fn mended_mode(invocation: &Invocation, instance: &Instance, flags: &ConnectFlags, prepared: &Prepared) -> bool {
    let [method] = flags.methods.as_slice() else { return false };
    let key = access::too_open_key(instance, &prepared.options, &prepared.local, *method);
    let Some(path) = key.filter(|_| invocation.terminal.may_ask) else { return false };
    let shown = Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200);
    let answer =
        invocation.terminal.ask(&invocation.text.say_with("ask-key-mode", &[("path", shown.into())])).unwrap_or_default();
    if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return false;
    }
    // A failure shows in what ssh says of the file.
    crate::here::make_own(&path).is_ok()
}

/// As [`confirmed`], of the instance and of every jump host on the way.
pub fn confirmed_all(invocation: &Invocation, yes: bool, plan: &Plan) -> Result<(), Failure> {
    plan.passed().chain([&plan.target]).try_for_each(|instance| confirmed(invocation, yes, instance))
}

/// An account marked `confirm` is entered only after a yes that saw name, id, account and region.
pub fn confirmed(invocation: &Invocation, yes: bool, instance: &Instance) -> Result<(), Failure> {
    let account = instance.account.as_ref();
    let Some(marked) = invocation.loaded.settings.asking_account(account) else { return Ok(()) };
    if yes {
        return Ok(());
    }
    let label =
        marked.label.as_ref().map(|label| format!("({})", Untrusted::from(label.as_str()).shown_in(20))).unwrap_or_default();
    let account = account.map(ToString::to_string).unwrap_or_default();
    let values = [
        ("instance", instance.shown().into()),
        ("account", joined(" ", [account.as_str(), &label]).into()),
        ("region", instance.place.region.to_string().into()),
    ];
    if invocation.terminal.may_ask {
        let answer = invocation.terminal.ask(&invocation.text.say_with("ask-confirm", &values)).unwrap_or_default();
        if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
    }
    Err(invocation.failure("not-confirmed", Exit::Failed, &values))
}

/// Keep the instance as the target `-`. A connection does not fail because of that.
pub fn remember(invocation: &Invocation, instance: &Instance) {
    let last = Last {
        id: instance.id.to_string(),
        region: instance.place.region.to_string(),
        profile: instance.place.profile.as_ref().map(|profile| profile.raw().to_owned()),
        ..Last::default()
    };
    if let Some(finding) = invocation.memory.change(|state| state.last = Some(last)) {
        invocation.note(&finding.text(&invocation.text));
    }
}

/// Where a session of this run may leave traces.
pub fn surroundings(invocation: &Invocation) -> Surroundings {
    let state = invocation.directories.state.clone();
    let surroundings = Surroundings::new(&invocation.loaded.settings, state, places(invocation), Arc::clone(&invocation.text));
    Surroundings { may_ask: !invocation.global.no_input, ..surroundings }
}

/// Where private directories of sessions may be made.
pub fn places(invocation: &Invocation) -> Places {
    Places::from_environment(|name| invocation.environment.get(name).map(OsString::from))
}

/// Why it did not begin.
pub fn not_started(invocation: &Invocation, plan: &Plan, error: &connect::Error) -> Failure {
    let text = &invocation.text;
    let target = &plan.target;
    let values = [("target", target.shown().into()), ("method", plan.method.id().into())];
    let exit = match error {
        connect::Error::Aws(error) => invocation.failed(error).exit,
        connect::Error::NotRunning { .. }
        | connect::Error::AddressGone
        | connect::Error::NoWay(_)
        | connect::Error::NotAnswering { .. } => Exit::NoWay,
        connect::Error::Session(ending) => ending.reason.aws().map_or(Exit::Failed, |error| invocation.failed(error).exit),
        _ => Exit::Failed,
    };
    let mut next = error.next(target, text);
    if exit == Exit::Denied
        && let Some(method) = plan.best_of.iter().flatten().find(|method| **method != plan.method)
    {
        next.insert(0, text.say_with("refused-instead", &[("id", target.id.to_string().into()), ("method", method.id().into())]));
    }
    let is_explained = matches!(error, connect::Error::Session(_)) || may_explain(error.code());
    // These say so themselves.
    if is_explained && !matches!(error, connect::Error::NoWay(_) | connect::Error::NotAnswering { .. }) {
        next = with_report(next, &target.id, text);
    }
    let (code, what) = (error.code(), text.say_with("refused-by", &values));
    Failure { code, what, why: error.why(target, Timestamp::now(), text), next, exit }
}

/// Say how it ended, where that says more than the exit code.
pub fn explain(invocation: &Invocation, plan: &Plan, ended: &Ended) {
    let text = &invocation.text;
    let over = |what: String| text.say_with("session-over", &[("name", plan.target.shown().into()), ("what", what.into())]);
    if let Some(hint) = ended.hint(text) {
        invocation.note(&over(hint));
    }
    let cause = ended.cause(&plan.target, Timestamp::now(), text).map(|cause| match ended.ending {
        Some(_) => Story { what: over(cause.what), ..cause },
        None => cause,
    });
    for Story { code, what, why, next } in cause.into_iter().chain(ended.besides(&plan.target, text)) {
        let next = if may_explain(code) { with_report(next, &plan.target.id, text) } else { next };
        Failure { code, what, why, next, exit: Exit::Code(ended.code) }.report(&mut Standard::error(), text);
    }
}
