//! A session on the serial console: OpenSSH to the region's service, whose host key AWS publishes, with a key that is made for it.
//!
//! A console shows nothing until somebody presses Enter, so one is sent. For that ssh reads from us and not from the terminal, which is
//! raw meanwhile; `-tt` keeps its own escapes (`~.`) at work.

use std::io::{self, IsTerminal, Write as _, stdin};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant as Moment;
use tokio_util::task::AbortOnDropHandle;

use super::{Error, SerialConsole, option_value};
use crate::aws::{self, Cloud};
use crate::model::{Fact, HostKey, Instance, SerialSwitch};
use crate::ssh::child::{self, End};
use crate::ssh::{EphemeralKey, HostKeyCheck, Places, RunDirectory, agent};
use crate::terminal::{Keyboard, RawTerminal};

/// What a console waits for before it shows anything.
const ENTER: &[u8] = b"\r";

/// How a session on a console ended.
pub(super) struct ConsoleEnd {
    pub(super) end: End,
    pub(super) lasted: Duration,
    /// The key that the host showed, if it was another one than the published.
    pub(super) other_key: Option<HostKey>,
}

/// Log in to the console of `target`. The key is pushed last of all: that begins the session.
pub(super) async fn attached(
    target: &Instance,
    console: &SerialConsole,
    cloud: &Cloud,
    places: &Places,
    on_open: &mut (dyn FnMut() + Send),
) -> Result<ConsoleEnd, Error> {
    let region = &target.place.region;
    let switch = match &target.serial.switch {
        Fact::Pending => cloud.serial_of(region, target).await.switch,
        known => known.clone(),
    };
    match switch.known() {
        Some(SerialSwitch::Off) => return Err(Error::SerialOff { by_policy: false }),
        Some(SerialSwitch::OffByPolicy) => return Err(Error::SerialOff { by_policy: true }),
        Some(SerialSwitch::On) | None => {}
    }
    let directory = RunDirectory::create(places).map_err(Error::local("making a private directory"))?;
    let key = EphemeralKey::generate().map_err(Error::local("making a one-time key"))?;
    let line = key.public_line().to_owned();
    let public = directory.write_public_key(&line).map_err(Error::local("writing the public half of the key"))?;
    let agent = agent::serve(directory.path(), key, || std::future::ready(())).map_err(Error::local("serving the key to ssh"))?;
    let check = HostKeyCheck::prepare(directory.path(), &[], &[console.host.fingerprint]);
    let check = check.map_err(Error::local("writing what is told of the host key"))?;
    let ask = check.command(&console.own, &target.id).to_string_lossy().into_owned();
    let words = console.program();
    let (program, first) = words.split_first().ok_or(Error::SshMissing)?;
    let mut command = Command::new(program);
    command.args(first);
    if !console.uses_ssh_config {
        command.args(["-F", "none"]);
    }
    command.args(console.arguments(&target.id, [&written(agent.socket()), &written(&public), &ask]));
    command.env_remove("EC2DASH_DEMO");
    let (input, mut typed) = io::pipe().map_err(Error::local("making a pipe"))?;
    command.stdin(Stdio::from(input));
    typed.write_all(ENTER).map_err(Error::local("writing to a pipe"))?;
    cloud.push_serial_key(region, &target.id, &line).await.map_err(refused)?;
    on_open();
    let raw = stdin().is_terminal().then(RawTerminal::enter).transpose().map_err(Error::local("making the terminal raw"))?;
    // ssh ends by itself where we end: its input does.
    let typing = AbortOnDropHandle::new(tokio::spawn(typed_on(typed)));
    let begun = Moment::now();
    let ran = child::run_on_raw(command, raw, |id| directory.note_child(id)).await;
    drop(typing);
    let end = ran.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::SshMissing,
        _ => Error::Local { what: "starting ssh", source: error },
    })?;
    let other_key = check.shown().filter(|key| !key.has(&console.host.fingerprint));
    Ok(ConsoleEnd { end, lasted: begun.elapsed(), other_key })
}

/// Everything that is typed, until either end is gone.
async fn typed_on(mut typed: io::PipeWriter) {
    let Ok(mut keyboard) = Keyboard::open(&stdin()) else { return };
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = keyboard.read(&mut buffer).await {
        let bytes = buffer.get(..count).unwrap_or_default().to_vec();
        // A few bytes that a person types: ssh takes them at once, and an end tells that it is gone.
        let (back, written) = match tokio::task::spawn_blocking(move || {
            let written = typed.write_all(&bytes);
            (typed, written)
        })
        .await
        {
            Ok(done) => done,
            Err(_) => return,
        };
        typed = back;
        if written.is_err() {
            return;
        }
    }
}

/// What AWS says of a console that does not open, told apart by what can be done about it.
fn refused(error: aws::Error) -> Error {
    let code = match &error {
        aws::Error::Service { aws_code, .. } => match aws_code.raw() {
            "SerialConsoleAccessDisabledException" => return Error::SerialOff { by_policy: false },
            "SerialConsoleSessionLimitExceededException" => "serial-taken",
            "SerialConsoleSessionUnavailableException" => "serial-unavailable",
            "SerialConsoleSessionUnsupportedException" => "serial-unsupported",
            "EC2InstanceTypeInvalidException" => "serial-no-type",
            "EC2InstanceStateInvalidException" | "EC2InstanceUnavailableException" => "serial-state",
            _ => return error.into(),
        },
        _ => return error.into(),
    };
    Error::SerialRefused { code }
}

fn written(path: &Path) -> String {
    option_value(path).to_string_lossy().into_owned()
}
