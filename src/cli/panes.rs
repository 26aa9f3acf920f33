//! `files`: two panes, this computer and an instance.

use std::sync::Arc;

use super::args::Files;
use super::copy::far;
use super::copy::way::{self, Carried, GRACE};
use super::invocation::Invocation;
use super::signals::{Guarded, guarded};
use super::{Exit, Failure};
use crate::files::Store;
use crate::tui::{self, Finish, PaneStart};

/// `ec2dash files TARGET`.
pub async fn panes(invocation: &Invocation, asked: &Files) -> Result<Exit, Failure> {
    if !(invocation.terminal.stdin && invocation.terminal.stdout) {
        return Err(invocation.failure("files-no-terminal", Exit::Usage, &[]));
    }
    // On its screen ssh has no place for what it says besides errors.
    let found = far::find(invocation, &asked.how, asked.yes, true, std::iter::once(asked.target.as_str())).await?;
    let fars = found.by_ssh(invocation, "files-by-session")?;
    let Some(far) = fars.first() else { return Ok(Exit::Done) };
    invocation.note(&invocation.text.say_with("files-connecting", &[("target", far.plan.target.shown().into())]));
    let mut way = match guarded(GRACE, way::open(invocation, far::Entrance::Ssh(far))).await? {
        Guarded::Done(way) => way?,
        Guarded::Told(number) => return Ok(Exit::of_signal(number)),
    };
    let target = &far.plan.target;
    let start = PaneStart {
        text: Arc::clone(&invocation.text),
        ui: invocation.loaded.settings.ui.clone(),
        look: invocation.terminal.look,
        there: target.name().map_or_else(|| target.id.to_string(), |name| name.shown_in(40)),
        store: match &way.carried {
            Carried::Sftp(connection) => Store::there(connection.sftp.clone(), Vec::new()),
            Carried::Shell(shell) => Store::shell(shell.clone(), Vec::new()),
        },
        is_read_only: !invocation.loaded.settings.may_write_files(),
    };
    tui::hand_back_on_panic(invocation.directories.state.clone(), Arc::clone(&invocation.text));
    let outcome = tui::run_panes(start, &mut way.ending).await;
    crate::terminal::give_back();
    match outcome {
        Ok(Ok(finish)) => {
            way::close(vec![way]).await;
            Ok(match finish {
                Finish::Quit | Finish::Demo => Exit::Done,
                Finish::Signal(number) => Exit::of_signal(number),
            })
        }
        Ok(Err(lost)) => {
            lost.explain(invocation);
            let exit = lost.told_by().map_or(Exit::Session, Exit::of_signal);
            Err(invocation.failure("copy-lost", exit, &[]))
        }
        Err(tui::Error::NoTerminal) => Err(invocation.failure("no-terminal", Exit::Usage, &[])),
        Err(tui::Error::Terminal(error)) => Err(error.into()),
    }
}
