//! A command on one instance, from waiting its turn to its end.

use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::ledger::{Command, Invocation};
use super::status::Status;
use crate::machine::{Script, Shells};

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
    let _unended = Unended(invocation);
    let (status, code) = tokio::select! {
        biased;
        () = invocation.cancel.cancelled() => (Status::Cancelled, -1),
        end = deliver(&command, invocation, reach, turns, shells) => end,
    };
    invocation.end(status, code);
}

/// Ends an invocation whose work ended in another way than by itself: a client must not wait for it for ever.
struct Unended<'a>(&'a Invocation);

impl Drop for Unended<'_> {
    fn drop(&mut self) {
        if !self.0.progress().status.is_final() {
            self.0.end(Status::Failed, -1);
        }
    }
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
        users: &invocation.users,
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use serde_json::Value;

    use super::*;
    use crate::run_command::ledger::Order;

    fn command() -> Arc<Command> {
        let order = Order {
            document: "AWS-RunShellScript",
            instances: vec!["i-0aaaaaaaaaaaaaaa1".to_owned()],
            targets: Value::Null,
            parameters: Value::Null,
            script: "true".to_owned(),
            comment: String::new(),
            delivery: Duration::from_millis(20),
            execution: Duration::from_secs(1),
            concurrency: ("1".to_owned(), 1),
            errors: ("0".to_owned(), 0),
        };
        Arc::new(Command {
            id: "c".to_owned(),
            account: "1".to_owned(),
            region: "us-east-1".to_owned(),
            order,
            requested: SystemTime::now(),
            invocations: vec![Invocation::new("i-0aaaaaaaaaaaaaaa1".to_owned(), "host".to_owned(), Vec::new())],
        })
    }

    async fn end(command: &Arc<Command>, reach: Reach) -> Status {
        let turns = Turns { own: Arc::new(Semaphore::new(1)), everybody: Arc::new(Semaphore::new(1)) };
        work(Arc::clone(command), 0, reach, turns, None).await;
        command.statuses()[0]
    }

    #[tokio::test]
    async fn a_silent_agent_lets_the_delivery_time_out_and_an_instance_that_is_off_cannot_be_delivered_to() {
        assert_eq!(end(&command(), Reach::Silent).await, Status::DeliveryTimedOut);
        assert_eq!(end(&command(), Reach::Off).await, Status::Undeliverable);
    }

    #[tokio::test]
    async fn work_that_is_cut_off_has_failed() {
        let (command, turns) = (command(), Turns { own: Arc::new(Semaphore::new(0)), everybody: Arc::new(Semaphore::new(0)) });
        let work = tokio::spawn(work(Arc::clone(&command), 0, Reach::Online, turns, None));
        tokio::task::yield_now().await;
        assert_eq!(command.statuses(), [Status::Pending]);

        work.abort();

        assert!(work.await.unwrap_err().is_cancelled());
        assert_eq!((command.statuses(), command.invocations[0].progress().code), (vec![Status::Failed], -1));
    }

    #[tokio::test]
    async fn what_is_cancelled_while_it_waits_never_begins() {
        let command = command();
        command.invocations[0].cancel();
        assert_eq!(command.statuses(), [Status::Cancelling]);

        assert_eq!(end(&command, Reach::Silent).await, Status::Cancelled);
        assert!(command.invocations[0].progress().started.is_none());
    }
}
