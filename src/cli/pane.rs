//! A pane of the dashboard's: becomes the call that the dashboard has for it.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::Exit;
use crate::multiplexer::{FLAG, take};
use crate::terminal::Standard;
use crate::text::Catalogue;

/// What a pane does that was started with these words; none if they are no pane's. It comes back only if that is nothing.
pub fn answer_pane(mut words: impl Iterator<Item = OsString>, text: &Catalogue) -> Option<Exit> {
    if words.next()? != FLAG {
        return None;
    }
    let (socket, number) = (words.next()?, words.next()?);
    // Whoever is at the pane sees why it stays empty.
    let _ = writeln!(
        Standard::error(),
        "ec2dash: {}",
        text.say_with("pane-lost", &[("why", become_it(Path::new(&socket), &number).to_string().into())])
    );
    hold(text);
    Some(Exit::Failed)
}

fn become_it(socket: &Path, number: &OsString) -> io::Error {
    let call = match take(socket, number) {
        Ok(call) => call,
        Err(error) => return error,
    };
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut command = Command::new(program);
    command.args(&call.arguments).env_clear().envs(call.environment_in(std::env::vars_os())).env_remove("EC2DASH_DEMO");
    // Whoever pressed the key has said yes to what gives the profile its credentials.
    command.env("EC2DASH_ALLOW_CREDENTIAL_PROCESS", "1");
    if call.directory.is_dir() {
        command.current_dir(&call.directory);
    }
    command.exec()
}

/// Wait for Enter: what stands in a pane goes with it.
pub fn hold(text: &Catalogue) {
    let _ = write!(Standard::error(), "{} ", text.say("hold"));
    let _ = io::stdin().read_line(&mut String::new());
}
