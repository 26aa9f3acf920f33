//! A command in a session of Session Manager: what such a session can carry, and no more (docs/session-manager-protocol.md 6.4).
//!
//! The document keeps no streams apart, so its sessions have no exit code of their own. A shell of ours around the command says it as
//! the last thing, behind a random mark that is taken out of the output again.

mod last_word;

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{Incoming, Session, SessionEnd, SessionOptions};
pub use crate::aws::documents::COMMAND as COMMAND_DOCUMENT;
use crate::aws::{Cloud, SessionRequest};
use crate::model::{InstanceId, Region};
use crate::terminal::NamedLines;
use crate::text::shell_word;
use ec2dash_ssm::Expected;
use last_word::{LastWord, Mark};

/// What the agent takes for an interrupt.
const INTERRUPT: u8 = 3;

/// Runs `$1`, a text for a shell, in the best shell for it there is. bash has jobs without a terminal, and so can interrupt all of a
/// command and no more than that; dash and busybox's shell have none.
const SHELL: &str = "b=`command -v bash` || b=sh; a=$1; shift; exec \"$b\" -c \"$a\" sh \"$@\"";

/// Runs `$1` and says its status behind the mark, whose halves are `$2` and `$3`: on no command line it stands whole. Of this shell
/// nothing else is heard. The agent interrupts one process only, this one, and this one all of the command: for that it waits for
/// a job in the background, as no shell hears a signal while it waits for one in the foreground. What a shell without jobs starts in
/// the background is deaf to interrupts, as POSIX wants it, so there the command is terminated: its group, or without setsid all that
/// descends from it, as the agent gives us no group of our own. A second job does the same when this shell was killed. A command that
/// is stopped has not ended.
const AROUND: &str = "exec 3>&2 2>/dev/null; set -m; i= t= p= w=; \
trap \"i=INT; k\" INT; trap \"i=QUIT; k\" QUIT; \
case $- in \
*m*) k() { [ \"$p\" ] && kill -$i -$p; };; \
*) k() { t=1; [ \"$p\" ] || return; kill -TERM -$p && return; a=\" $p \" n=; \
while [ \"$a\" != \"$n\" ]; do n=$a; for f in /proc/[0-9]*/stat; do read -r l <$f || continue; set -- ${l##*) }; \
f=${f#/proc/}; f=${f%/stat}; case $a in *\" $f \"*) ;; *\" $2 \"*) a=\"$a$f \";; esac; done; done; kill -TERM $a; }; \
w=`command -v setsid`;; esac; \
$w sh -c \"$1\" 2>&3 3>&- & p=$!; \
(i=TERM; while kill -0 $$; do sleep 1 || exit; done; k) >/dev/null 3>&- & g=$!; \
set +m; [ \"$i\" ] && k; \
while :; do i=; wait $p; s=$?; [ \"$i\" ] && continue; kill -0 $p || break; sleep 1; done; \
kill $g; [ \"$t\" ] && [ $s = 143 ] && s=130; \
printf '%s%s:%s\\n' \"$2\" \"$3\" \"$s\"; exit \"$s\"";

/// How a command came to its end.
#[derive(Debug)]
pub struct CommandEnd {
    /// Its exit code; none if nobody told it.
    pub code: Option<i64>,
    /// Whether the agent complained by itself: it does so when it cannot start a command.
    pub has_complained: bool,
    /// Why its output could not be written, if that is why it ended.
    pub output: Option<std::io::Error>,
    /// How the session ended.
    pub ending: SessionEnd,
}

/// A command under way.
pub struct Running {
    /// Its session.
    pub session: Session,
    mark: Mark,
}

/// Start `script` there, a command line for `/bin/sh`: the agent itself only knows words.
pub async fn start(
    cloud: &Cloud,
    region: &Region,
    target: &InstanceId,
    script: &str,
    reconnect: Duration,
) -> Result<Running, Box<SessionEnd>> {
    let mark = Mark::random();
    let parameters = [("command", vec![words(script, &mark)])].into();
    let request = SessionRequest { target: target.clone(), document: Some(COMMAND_DOCUMENT), parameters };
    let mut options = SessionOptions::new(region.clone(), request, Expected::Command);
    options.reconnect = reconnect;
    Ok(Running { session: Session::start(cloud, options).await?, mark })
}

impl Running {
    /// Show what it says until it ends, each line behind `name` if there is one.
    pub async fn show(
        &self,
        mut out: impl AsyncWrite + Unpin,
        mut err: impl AsyncWrite + Unpin,
        name: Option<&str>,
    ) -> CommandEnd {
        let session = &self.session;
        let (mut lines, mut complaints) = (NamedLines::new(name), NamedLines::new(name));
        let mut last = LastWord::behind(&self.mark);
        let (mut code, mut has_complained) = (None, false);
        let mut failed = None;
        while let Some(incoming) = session.next().await {
            let written = match incoming {
                Incoming::Output(bytes) => write(&mut out, &lines.take(&last.take(&bytes))).await,
                Incoming::ErrorOutput(bytes) => {
                    has_complained = true;
                    write(&mut err, &complaints.take(&bytes)).await
                }
                Incoming::ExitCode(number) => {
                    code = Some(number);
                    Ok(())
                }
                Incoming::ConnectRefused => Ok(()),
            };
            if let Err(error) = written {
                failed = Some(error);
                session.end_at_once();
                break;
            }
        }
        if failed.is_none() {
            let mut rest = lines.take(last.rest());
            rest.append(&mut lines.rest());
            failed = write(&mut out, &rest).await.err();
            failed = failed.or(write(&mut err, &complaints.rest()).await.err());
        }
        let code = code.or(last.code().map(i64::from));
        CommandEnd { code, has_complained, output: failed, ending: session.ended().await }
    }

    /// Interrupt the command, as Ctrl-C does. That the session is over already is no failure.
    pub async fn interrupt(&self) {
        let _ = self.session.send(&[INTERRUPT]).await;
    }
}

async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}

/// The words of a shell that runs the script and tells how it ended.
fn words(script: &str, mark: &Mark) -> String {
    let (first, second) = mark.halves();
    format!("sh -c {} sh {} {} {first} {second}", shell_word(SHELL), shell_word(AROUND), shell_word(script))
}

#[cfg(test)]
mod tests;
