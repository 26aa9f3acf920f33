//! A command on one instance: by OpenSSH where a key can be had, else in a command session.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::pin::pin;
use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use crate::access::{self, Method};
use crate::aws::Cloud;
use crate::cli::args::{Exec, Form};
use crate::cli::by_session::by_session;
use crate::cli::connect as connecting;
use crate::cli::invocation::Invocation;
use crate::cli::output::{SCHEMA, of_output, write_line, write_pretty};
use crate::cli::{Exit, Failure, ended, show, target};
use crate::connect::{Extras, Plan};
use crate::fleet::{NotForWindows, script, windows_line};
use crate::model::{Instance, Os, Untrusted};
use crate::session::command::{self, Running};
use crate::session::{Reason, settled};
use crate::terminal::{LeavingSignals, Standard};

use super::told::before_lines;

/// How long a session may take to end when we leave.
const GRACE: Duration = Duration::from_secs(3);
/// How long a command may take to end after an interrupt when we were told to leave.
const BRIEF: Duration = Duration::from_secs(1);

/// `ec2dash exec TARGET -- CMD…`.
pub async fn exec(invocation: &Invocation, asked: &Exec, target: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    refuse_what_is_for_many(invocation, asked)?;
    let flags = connecting::flags(&asked.how)?;
    let (cloud, mut instance) = target::find(invocation, target).await?;
    show::ask_for_facts(&cloud, &mut instance).await;
    if let Some(id) = &flags.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let script = match asked.command.as_slice() {
        [program, arguments @ ..] if instance.os == Os::Windows && !arguments.is_empty() => {
            windows_line(program, arguments).map_err(|error| not_for_windows(invocation, program, error))?
        }
        words => script(words),
    };
    let extras = Extras {
        // Without a terminal stdout and stderr stay apart, whatever the user's ssh_config asks for; and the ports that it forwards for whoever
        // sits at a shell may be taken by that shell.
        ssh_arguments: ["-T", "-o", "ClearAllForwardings=yes"].map(OsString::from).to_vec(),
        // One word: ssh hands it to the remote shell as it is.
        command: vec![script.clone().into()],
        is_quiet: invocation.global.quiet,
        only_ssh: true,
        ..Extras::of(&flags, connecting::own_program(invocation))
    };
    let prepared = connecting::prepare(invocation, &mut instance, &flags).await?;
    // Who names a login, a key or a place of sshd does not want it to run as somebody else.
    let by_session = if asked.how.is_about_ssh() { None } else { by_session(&prepared, &flags.methods) };
    if by_session.is_some() {
        refuse_what_a_session_cannot(invocation, &instance, asked.dry_run)?;
    }
    let how = match by_session {
        Some(method) => How::Session(method),
        None => How::Ssh(Box::new(connecting::plan(invocation, &instance, &flags, &prepared, &extras)?)),
    };
    if asked.dry_run {
        return dry_run(invocation, &instance, &how, &script, out);
    }
    match &how {
        How::Ssh(plan) => connecting::confirmed_all(invocation, asked.yes, plan)?,
        How::Session(_) => connecting::confirmed(invocation, asked.yes, &instance)?,
    }
    connecting::remember(invocation, &instance);
    let name = asked.prefix.then(|| before_lines(&instance));
    let name = name.as_deref();
    let work = async {
        match &how {
            How::Ssh(plan) => connecting::perform_command(invocation, plan, &cloud, name).await,
            How::Session(method) => in_session(invocation, &cloud, &mut instance, *method, &script, name).await,
        }
    };
    let limit = asked.timeout.map_or(Duration::MAX, Duration::from_secs);
    let outcome = timeout(limit, work).await;
    settled().await;
    outcome.unwrap_or_else(|_| {
        let seconds = asked.timeout.unwrap_or_default().to_string();
        Err(invocation.failure("exec-timed-out", Exit::Session, &[("seconds", seconds.into())]))
    })
}

/// Why the words cannot arrive there as they are.
fn not_for_windows(invocation: &Invocation, program: &str, error: NotForWindows) -> Failure {
    let code = match error {
        NotForWindows::BatchFile => "exec-batch-file",
        NotForWindows::TooLong => "exec-windows-too-long",
    };
    invocation.failure(code, Exit::Usage, &[("program", Untrusted::from(program).shown_in(60).into())])
}

/// How the command goes.
enum How {
    Ssh(Box<Plan>),
    /// In a command session, by this way.
    Session(Method),
}

/// The streams of one instance pass through as they are: there is no table of them.
fn refuse_what_is_for_many(invocation: &Invocation, asked: &Exec) -> Result<(), Failure> {
    let is_table = !invocation.global.typed.output || matches!(invocation.form(), Form::Table | Form::Wide);
    if is_table || asked.dry_run {
        return Ok(());
    }
    Err(invocation.failure("exec-one-is-raw", Exit::Usage, &[("flag", "-o".into())]))
}

/// What is known to keep a command session from an instance.
fn refuse_what_a_session_cannot(invocation: &Invocation, instance: &Instance, is_dry: bool) -> Result<(), Failure> {
    let id = ("id", instance.id.to_string().into());
    if instance.os == Os::Windows {
        return Err(invocation.failure("exec-windows", Exit::NoWay, &[id]));
    }
    if let Some(ssm) = instance.ssm.known()
        && let Some(version) = access::too_old_for_commands(ssm)
    {
        let values = [id, ("version", version.into()), ("least", access::COMMANDS_SINCE.into())];
        return Err(invocation.failure("exec-agent-too-old", Exit::NoWay, &values));
    }
    if is_dry { Ok(()) } else { refuse_stdin(invocation) }
}

/// A command session has no stdin, so what is piped in would be lost. A terminal, or nothing, is no promise to send something.
fn refuse_stdin(invocation: &Invocation) -> Result<(), Failure> {
    let stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let kind = stdin.metadata()?.file_type();
    if kind.is_char_device() {
        return Ok(());
    }
    Err(invocation.failure("exec-no-stdin", Exit::Usage, &[]))
}

fn dry_run(invocation: &Invocation, instance: &Instance, how: &How, script: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    let method = match how {
        How::Ssh(plan) => return connecting::write_plan(invocation, plan, out),
        How::Session(method) => method,
    };
    let json = || {
        json!({"schema": SCHEMA, "plan": {
            "target": instance.id.as_str(), "account": instance.account.as_ref().map(ToString::to_string),
            "region": instance.place.region.as_str(), "method": method.id(), "call": "ssm:StartSession",
            "document": command::COMMAND_DOCUMENT, "script": script,
        }})
    };
    match invocation.form() {
        Form::Json => write_pretty(out, &json())?,
        Form::Jsonl => write_line(out, &json())?,
        _ => {
            let values = [
                ("id", instance.id.to_string().into()),
                ("document", command::COMMAND_DOCUMENT.into()),
                ("script", Untrusted::from(script).shown_in(400).into()),
            ];
            writeln!(out, "{}", invocation.text.say_with("exec-plan-session", &values))?;
        }
    }
    Ok(Exit::Done)
}

async fn in_session(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &mut Instance,
    method: Method,
    script: &str,
    name: Option<&str>,
) -> Result<Exit, Failure> {
    let mut signals = LeavingSignals::listen()?;
    let region = instance.place.region.clone();
    let id = instance.id.clone();
    let reconnect = invocation.loaded.settings.connect.reconnect;
    let started = tokio::select! {
        started = command::start(cloud, &region, &id, script, reconnect) => started,
        number = signals.next() => return Ok(Exit::of_signal(number)),
    };
    let running = match started {
        Ok(running) => running,
        Err(ending) => return Err(ended::not_begun(invocation, cloud, instance, Some(method), &ending).await),
    };
    invocation.note(&invocation.text.say("exec-by-session"));
    shown(invocation, instance, &running, &mut signals, name).await
}

async fn shown(
    invocation: &Invocation,
    instance: &Instance,
    running: &Running,
    signals: &mut LeavingSignals,
    name: Option<&str>,
) -> Result<Exit, Failure> {
    let stdout = tokio::fs::File::from_std(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    let stderr = tokio::fs::File::from_std(File::from(io::stderr().as_fd().try_clone_to_owned()?));
    let mut showing = pin!(running.show(stdout, stderr, name));
    let mut told = None;
    let end = loop {
        let number = tokio::select! {
            end = &mut showing => break end,
            number = signals.next() => number,
        };
        // Ctrl-C is for the command; asked twice, or otherwise, we leave.
        if number != rustix::process::Signal::INT.as_raw() || told.is_some() {
            // Told to end it may end in good order; told already it had its time.
            let has_ended = told.is_none() && timeout(BRIEF, interrupted(running)).await.is_ok();
            running.session.end_at_once();
            // Whoever reads our output may have stopped reading: it is not waited for.
            let _ = timeout(GRACE, running.session.ended()).await;
            if !has_ended {
                say_that_it_may_go_on(invocation);
            }
            return Ok(Exit::of_signal(number));
        }
        told = Some(number);
        let _ = timeout(GRACE, running.interrupt()).await;
        invocation.note(&invocation.text.say("exec-interrupted"));
    };
    if let Some(error) = end.output {
        return Err(of_output(error).into());
    }
    match (&end.ending.reason, end.code, told) {
        (_, Some(code), _) => Ok(Exit::Code(u8::try_from(code).unwrap_or(u8::MAX))),
        (_, None, Some(number)) => {
            say_that_it_may_go_on(invocation);
            Ok(Exit::of_signal(number))
        }
        (Reason::Closed { words, is_complete: true }, None, None) if words.is_empty() => {
            warn(invocation, "exec-code-unknown");
            // An agent that complains by itself could not start it.
            Ok(if end.has_complained { Exit::Session } else { Exit::Done })
        }
        _ => Err(ended::over(invocation, instance, &end.ending)),
    }
}

/// Interrupt the command, and wait for the end of the session, which is its end.
async fn interrupted(running: &Running) {
    running.interrupt().await;
    running.session.ended().await;
}

fn say_that_it_may_go_on(invocation: &Invocation) {
    warn(invocation, "exec-may-go-on");
}

/// Not for `--quiet` to hide: what the exit status says is not all there is.
fn warn(invocation: &Invocation, key: &str) {
    let text = &invocation.text;
    // Without a stderr there is nobody to tell.
    let _ = writeln!(Standard::error(), "{}: {}", text.say("message-warning"), text.say(key));
}
