//! Starts a stopped instance, and waits until a way in really answers.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Choice, ConnectEvent, Error, Plan, Planner, SshLogin, SshPlace};
use crate::access::{Channel, Verdict, Ways};
use crate::aws::{self, Cloud, Clouds, SessionRequest, TunnelRequest};
use crate::endpoint;
use crate::model::{Instance, Power};
use crate::power::{self, Order, Outcome, Update};

/// A session is refused for up to 90 seconds after a start though the agent is online; a login may take as long to be served.
pub const LONGEST_SILENCE: Duration = Duration::from_secs(180);
/// Between two tries.
pub const PAUSE: Duration = Duration::from_secs(1);
/// For a port that swallows what is sent to it.
const KNOCK: Duration = Duration::from_secs(3);
/// For an endpoint, which takes seconds to find out that nobody listens.
const FIRST_WORD: Duration = Duration::from_secs(15);
/// Updates that may wait for us.
const WAITING: usize = 16;

/// Start `instance` unless it runs, and wait until it does: the instance as it is then.
///
/// Dropping the future stops the waiting and not the instance.
pub async fn start(
    cloud: &Cloud,
    instance: &Instance,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Instance, Error> {
    let order = Order { power: Power::Start, targets: vec![Arc::new(instance.clone())], is_waiting: true };
    let (sender, mut updates) = mpsc::channel(WAITING);
    let (begun, stop) = (Instant::now(), CancellationToken::new());
    let follow = async {
        let mut ended = None;
        while let Some(update) = updates.recv().await {
            match update {
                Update::Is(_, state) => on_event(ConnectEvent::Starting { state, seconds: begun.elapsed().as_secs() }),
                Update::Over(_, outcome) => ended = Some(*outcome),
                Update::Trouble(Some(error)) => on_event(ConnectEvent::NotDescribed(error)),
                Update::Trouble(None) => {}
            }
        }
        ended.unwrap_or(Outcome::Left)
    };
    let clouds = Clouds::from(cloud);
    let ((), outcome) = tokio::join!(power::run(&clouds, &order, &stop, sender), follow);
    if !outcome.is_good() {
        return Err(Error::NotStarted(Box::new(outcome)));
    }
    Ok(cloud.describe(&instance.place.region, &instance.id).await?)
}

/// A way that only may work is not taken before an agent has had this time to come up.
const AGENT_COMES_UP: Duration = Duration::from_secs(60);

/// Whether to take this plan now, so long after the start. The agent is up later than the instance: a way of which nothing is known is
/// no reason not to wait for it.
pub fn is_worth_waiting_for(plan: &Plan, ways: &Ways, is_asked_for: bool, waited: Duration) -> bool {
    let is_open = ways.way(plan.method).is_some_and(|way| matches!(way.verdict, Verdict::Works | Verdict::Likely));
    is_asked_for || is_open || waited >= AGENT_COMES_UP
}

/// The way into an instance that was just started, once there is one that takes us. What costs a call of its own is asked again and
/// again, but for what a start does not change.
pub async fn plan_when_up(
    cloud: &Cloud,
    listed: &Instance,
    planner: &Planner,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Plan, Error> {
    let region = &listed.place.region;
    let begun = Instant::now();
    let is_asked_for = matches!(planner.choice, Choice::Method { .. });
    let plan = loop {
        let mut instance = cloud.describe(region, &listed.id).await?;
        (instance.role, instance.image_name) = (listed.role.clone(), listed.image_name.clone());
        instance.key_pair = listed.key_pair.clone();
        instance.ssm = cloud.ssm_of(region, &listed.id).await;
        let (now, waited) = (Timestamp::now(), begun.elapsed());
        match planner.plan(&instance, now) {
            Ok(plan) if is_worth_waiting_for(&plan, &planner.ways(&instance, now), is_asked_for, waited) => break plan,
            Err(refusal) if waited >= LONGEST_SILENCE => return Err(Error::NoWay(Box::new(refusal))),
            _ => on_event(ConnectEvent::NoWayYet { seconds: waited.as_secs() }),
        }
        sleep(PAUSE).await;
    };
    until_it_answers(&plan, cloud, on_event).await?;
    Ok(plan)
}

/// Wait until the way of `plan` takes us: after a start it is refused for a while.
pub async fn until_it_answers(plan: &Plan, cloud: &Cloud, on_event: &mut (dyn FnMut(ConnectEvent) + Send)) -> Result<(), Error> {
    let begun = Instant::now();
    while !answers(plan, cloud).await {
        let seconds = begun.elapsed().as_secs();
        if begun.elapsed() >= LONGEST_SILENCE {
            return Err(Error::NotAnswering { method: plan.method, seconds });
        }
        on_event(ConnectEvent::NotYet { method: plan.method, seconds });
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Whether [`answers`] finds out anything.
pub(super) fn can_tell(plan: &Plan) -> bool {
    match (plan.method.channel(), &plan.login) {
        (Channel::SessionManager, _) => true,
        (Channel::Endpoint, login) => login.is_some(),
        (Channel::Address, Some(login)) => matches!(login.place, SshPlace::Address { .. }) && login.jump.is_none(),
        (Channel::Address, None) | (Channel::SerialConsole | Channel::Desktop, _) => false,
    }
}

/// Whether the way is open. Whatever else is in it, connecting will say.
pub(super) async fn answers(plan: &Plan, cloud: &Cloud) -> bool {
    match (plan.method.channel(), &plan.login) {
        (Channel::SessionManager, _) => takes_sessions(plan, cloud).await,
        (Channel::Endpoint, Some(login)) => speaks_through(plan, login, cloud).await,
        (Channel::Address, Some(login)) => match login.place {
            SshPlace::Address { address, .. } if login.jump.is_none() => {
                let place = login.simulated.unwrap_or_else(|| SocketAddr::new(address, login.port));
                is_served(place.ip(), place.port()).await
            }
            // From here nobody can tell.
            SshPlace::Address { .. } | SshPlace::Proxy { .. } | SshPlace::Endpoint { .. } => true,
        },
        (Channel::Address | Channel::Endpoint, None) | (Channel::SerialConsole | Channel::Desktop, _) => true,
    }
}

/// Whether the way seems to be closed now. Of Session Manager this is cheaper to tell than whether it is open, and begins no session.
pub(super) async fn is_closed(plan: &Plan, cloud: &Cloud) -> bool {
    match plan.method.channel() {
        Channel::SessionManager => match cloud.is_connected(&plan.target.place.region, &plan.target.id).await {
            Ok(is_connected) => !is_connected,
            Err(_) => !takes_sessions(plan, cloud).await,
        },
        _ => !answers(plan, cloud).await,
    }
}

/// Only a session shows it: the agent counts as online before. The one that shows it is ended at once.
async fn takes_sessions(plan: &Plan, cloud: &Cloud) -> bool {
    let region = &plan.target.place.region;
    match cloud.start_session(region, &SessionRequest::shell(plan.target.id.clone()), || false).await {
        Ok(ticket) => {
            if let Err(error) = cloud.terminate_session(region, &ticket.id).await {
                tracing::info!("the session that showed the way is open is not ended: {error}");
            }
            true
        }
        Err(error) => !matches!(error, aws::Error::NotConnected { .. }),
    }
}

/// Only the far side's first word shows it: the upgrade of a tunnel is answered before anybody has connected to the instance.
async fn speaks_through(plan: &Plan, login: &SshLogin, cloud: &Cloud) -> bool {
    let SshPlace::Endpoint { id, address, limit } = &login.place else { return true };
    let region = &plan.target.place.region;
    let tunnel = async {
        let endpoint = cloud.endpoint(region, id).await.ok()??;
        let access = cloud.tunnel_access(region).await.ok()?;
        let host = access.host(&endpoint).ok()?;
        let request = TunnelRequest { address: *address, port: login.port, limit: *limit };
        Some(endpoint::open(&access, &host, &request).await)
    };
    match tunnel.await {
        Some(Ok(tunnel)) => endpoint::speaks(tunnel, FIRST_WORD).await,
        // It is not the instance that is in the way; connecting will say what is.
        None | Some(Err(_)) => true,
    }
}

/// Whether there is an sshd: what only passes connections on may take one with nobody behind it.
async fn is_served(address: IpAddr, port: u16) -> bool {
    let first_word = async {
        let mut stream = TcpStream::connect((address, port)).await.ok()?;
        stream.read_u8().await.ok()
    };
    matches!(timeout(KNOCK, first_word).await, Ok(Some(_)))
}
