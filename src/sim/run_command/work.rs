//! A command on one instance, from waiting its turn to its end.

use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::ledger::{Command, Invocation};
use super::status::Status;
use crate::sim::ssh::{Script, Shells};

/// How a command can reach an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The agent listens.
    Online,
    /// The agent is registered and silent.
    Silent,
    /// The instance is off.
    Off,
}

/// Where it waits for its turn: those of its command, and those of this computer.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    pub(super) own: Arc<Semaphore>,
    pub(super) everybody: Arc<Semaphore>,
}

/// Run the command on the n-th of its instances. Dropped before its end, it leaves nothing running.
pub(super) async fn work(command: Arc<Command>, at: usize, reach: Reach, turns: Turns, shells: Option<Shells>) {
    let Some(invocation) = command.invocations.get(at) else { return };
    let (status, code) = tokio::select! {
        biased;
        () = invocation.cancel.cancelled() => (Status::Cancelled, -1),
        end = deliver(&command, invocation, reach, turns, shells) => end,
    };
    invocation.end(status, code);
}

async fn deliver(
    command: &Command,
    invocation: &Invocation,
    reach: Reach,
    turns: Turns,
    shells: Option<Shells>,
) -> (Status, i32) {
    match reach {
        Reach::Online => {}
        Reach::Off => return (Status::Undeliverable, -1),
        Reach::Silent => {
            tokio::time::sleep(command.order.delivery).await;
            return (Status::DeliveryTimedOut, -1);
        }
    }
    let (Ok(_own), Ok(_everybody)) = (turns.own.acquire_owned().await, turns.everybody.acquire_owned().await) else {
        return (Status::Undeliverable, -1);
    };
    if command.has_too_many_errors() {
        return (Status::Terminated, -1);
    }
    let Some(shells) = shells else { return (Status::Undeliverable, -1) };
    invocation.begin();
    let variables = [("AWS_SSM_INSTANCE_ID", &invocation.instance), ("AWS_SSM_REGION_NAME", &command.region)];
    let script = Script {
        instance: &invocation.instance,
        host: &invocation.host,
        line: &command.order.script,
        variables: variables.map(|(name, value)| (name.to_owned(), value.clone())).to_vec(),
    };
    match tokio::time::timeout(command.order.execution, shells.run(&script, &invocation.said)).await {
        Err(_) => (Status::ExecutionTimedOut, 137),
        Ok(Err(_)) => (Status::Failed, 1),
        Ok(Ok(status)) => match status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default()) {
            0 => (Status::Success, 0),
            code => (Status::Failed, code),
        },
    }
}
