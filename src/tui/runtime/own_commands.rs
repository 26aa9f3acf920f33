//! Runs commands of the user's own: in the terminal, or beside the dashboard with an end that is told in one line.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::aws::{Cloud, LentCredentials};
use crate::model::Untrusted;
use crate::tui::own_run::{OwnEnd, OwnRun};

/// So many run beside the dashboard at a time.
const AT_ONCE: usize = 8;
/// So much of what a program says is kept: its last line is told.
const KEPT: usize = 4 * 1024;
/// How long the pipes may stay open after the program's end.
const DRAIN: Duration = Duration::from_millis(500);
/// Columns of that line.
const SHOWN: usize = 200;
/// Where AWS's programs look for credentials; what a profile would give them does not count then.
const OTHERS: [&str; 3] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"];

/// Those that run beside the dashboard share it.
pub fn turns() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(AT_ONCE))
}

/// The program of one instance, with the credentials in its environment if they are for it. Never through a shell.
pub fn command(run: &OwnRun, credentials: Option<&LentCredentials>) -> Option<Command> {
    let (program, arguments) = run.arguments.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    // What it starts of ours finds this cloud, the demo's too; it must not start a demo of its own.
    command.env_remove("EC2DASH_DEMO");
    if let Some(credentials) = credentials {
        OTHERS.iter().for_each(|name| {
            command.env_remove(name);
        });
        command
            .envs(credentials.variables())
            .env("AWS_REGION", run.place.region.as_str())
            .env("AWS_DEFAULT_REGION", run.place.region.as_str());
    }
    Some(command)
}

/// The credentials, if the command is to have them.
pub async fn credentials(cloud: Option<&Cloud>, are_wanted: bool) -> Result<Option<LentCredentials>, crate::aws::Error> {
    match cloud.filter(|_| are_wanted) {
        Some(cloud) => cloud.lend_credentials().await.map(Some),
        None => Ok(None),
    }
}

/// Run one beside the dashboard: without a terminal, in a process group of its own, so that no key reaches it.
pub async fn beside(name: String, run: OwnRun, credentials: Option<Arc<LentCredentials>>, turns: Arc<Semaphore>) -> OwnEnd {
    let _turn = turns.acquire_owned().await;
    let shown = run.shown.clone();
    let result = match command(&run, credentials.as_deref()) {
        Some(command) => finished(command).await.map_err(|error| said_of(&error)),
        None => Err(String::new()),
    };
    OwnEnd { name, shown, result }
}

async fn finished(mut command: Command) -> io::Result<(i32, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut ends = (Vec::new(), Vec::new());
    let status = {
        let (out, error) = (tail(stdout, &mut ends.0), tail(stderr, &mut ends.1));
        let tails = async { tokio::join!(out, error) };
        tokio::pin!(tails);
        tokio::select! {
            status = child.wait() => {
                // What it left behind may hold the pipes for ever.
                let _ = timeout(DRAIN, &mut tails).await;
                status?
            }
            _ = &mut tails => child.wait().await?,
        }
    };
    let (out, error) = ends;
    let code = status.code().unwrap_or_else(|| 128 + std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or(0));
    let last = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.lines().rev().find(|line| !line.trim().is_empty()).map(|line| Untrusted::from(line).shown_in(SHOWN))
    };
    let line = if code == 0 { last(&out).or_else(|| last(&error)) } else { last(&error).or_else(|| last(&out)) };
    Ok((code, line.unwrap_or_default()))
}

/// The end of what a pipe brings; all of it is read, so that nobody waits for us.
async fn tail(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut pipe) = pipe else { return };
    let mut part = [0; 4096];
    while let Ok(read) = pipe.read(&mut part).await {
        if read == 0 {
            break;
        }
        kept.extend(part.get(..read).unwrap_or_default());
        let more = kept.len().saturating_sub(KEPT);
        kept.drain(..more);
    }
}

/// Why a program did not run.
pub fn said_of(error: &io::Error) -> String {
    Untrusted::from(error.to_string()).shown_in(SHOWN)
}
