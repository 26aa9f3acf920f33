//! One session: an agent, what it serves, and the connections of its client, one after another.

use std::io;
use std::time::{Duration, Instant, SystemTime};

use hyper::body::Bytes;
use tokio::sync::mpsc;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::destination::{Destination, Forbidden};
use super::document::{Document, Work};
use super::ground::Ground;
use super::lane::Break;
use super::many::Many;
use super::pipe::Pipes;
use super::plant::{Plant, Stage};
use super::port::Port;
use super::program::{Place, Running};
use super::socket::{Happened, Kept, Link, Socket};
use super::table::SessionEnd;
use super::token::{challenge, entropy};
use crate::machine::{GRACE, What};
use ec2dash_ssm::message::{CLOSED, ChannelClosed, unnumbered};
use ec2dash_ssm::{Agent, AgentEvent, AgentOptions, Clock, Encryption, PortMode};

/// How long a client has to hang up after the last words.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long words that were said before any client came wait for one.
const FIRST_CLIENT: Duration = Duration::from_secs(10);
/// How long the programs of a session have to end: they are killed before that.
const CLEARING: Duration = GRACE.saturating_add(Duration::from_secs(5));
/// How long what came before "end the session" may take to reach the program.
const LAST_INPUT: Duration = Duration::from_secs(1);

/// What a session starts from.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) id: String,
    pub(super) instance: String,
    pub(super) name: String,
    /// The agent's version.
    pub(super) agent: String,
    pub(super) document: Document,
    /// The instance that the host of the document's port means in the same VPC.
    pub(super) neighbour: Option<String>,
}

/// One session.
pub(super) struct Session {
    start: Start,
    ground: Ground,
    agent: Agent,
    sockets: mpsc::Receiver<Socket>,
    /// The agent goes away without a word.
    gone: CancellationToken,
    link: Option<Link>,
    connections: u64,
    kept: Kept,
    pipes: Pipes,
    plant: Option<Box<dyn Plant>>,
    /// The client wants to end it; until then it may take to hand over what came before.
    leaving: Option<Instant>,
    /// When what was started takes input.
    ready_at: Option<Instant>,
    received: u64,
    active: Instant,
    began: Instant,
}

/// Why the loop ended.
enum Over {
    /// The agent said so, with these words.
    Agent(String),
    Terminated,
    TimedOut,
}

impl Session {
    pub(super) fn new(start: Start, ground: Ground, sockets: mpsc::Receiver<Socket>, gone: CancellationToken) -> Self {
        let now = Instant::now();
        let habits = ground.habits;
        let mut options = AgentOptions::new(&start.id, &start.instance, &start.document.session_type);
        options.version.clone_from(&start.agent);
        options.properties.clone_from(&start.document.properties);
        options.encryption = start.document.key.clone().map(|key_id| Encryption {
            key_id,
            // Agents before 3.3 bind nothing to the key.
            challenge: start.agent.starts_with("3.3.").then(challenge),
            requires_challenge: false,
        });
        options.payload = habits.payload;
        options.pace = habits.pace;
        options.window = habits.window;
        options.reads_ahead = habits.reads_ahead;
        // The real agent does not look; a client that gets them wrong shall be noticed here.
        options.checks_digests = true;
        let mut agent = Agent::new(options, entropy(), clock(now));
        // The gateway has no client for it yet.
        agent.disconnected();
        Self {
            start,
            ground,
            agent,
            sockets,
            gone,
            link: None,
            connections: 0,
            kept: Kept::default(),
            pipes: Pipes::new(!habits.reads_ahead),
            plant: None,
            leaving: None,
            ready_at: None,
            received: 0,
            active: now,
            began: now,
        }
    }

    /// Until it ends, by whomever.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let over = self.serve(&stop).await;
        if matches!(over, Over::Agent(_)) && self.connections == 0 {
            // The real agent takes its time to report that it cannot start.
            let first = tokio::time::timeout(FIRST_CLIENT, self.sockets.recv());
            tokio::select! {
                first = first => if let Ok(Some(socket)) = first {
                    self.plug(socket);
                },
                () = stop.cancelled() => {}
            }
        }
        let (ending, output) = match over {
            Over::Agent(output) => (SessionEnd::Terminated, output),
            Over::Terminated => (SessionEnd::Terminated, String::new()),
            Over::TimedOut => (SessionEnd::TimedOut, String::new()),
        };
        self.ground.table.ended(&self.start.id, ending, self.agent.counters());
        if let Some(mut plant) = self.plant.take() {
            // Its pipes end when it is gone.
            plant.stop();
        }
        let Self { start, mut agent, link, mut kept, pipes, .. } = self;
        let last = closed(&start, output);
        let farewell = async {
            let Some(mut link) = link else { return };
            let mut last = Some(last);
            let saying = std::future::poll_fn(|cx| link.poll_farewell(cx, &mut agent, &mut kept, &mut last));
            let _ = tokio::time::timeout(FAREWELL, saying).await;
            link.close("").await;
        };
        tokio::join!(farewell, pipes.end(CLEARING));
    }

    async fn serve(&mut self, stop: &CancellationToken) -> Over {
        let mut timer = std::pin::pin!(sleep_until(tokio::time::Instant::now()));
        loop {
            let now = Instant::now();
            if self.agent.poll_timeout().is_some_and(|wake| wake <= now) {
                self.agent.handle_timeout(now);
            }
            if let Some(over) = self.attend(now) {
                return over;
            }
            let wake = self.wake(now);
            if timer.deadline() != wake.into() {
                timer.as_mut().reset(wake.into());
            }
            let Self { agent, kept, link, pipes, sockets, gone, .. } = self;
            let is_gone = gone.is_cancelled();
            let carried = std::future::poll_fn(|cx| match link.as_mut() {
                Some(link) if is_gone => link.poll_deserted(cx),
                Some(link) => link.poll(cx, agent, kept, Instant::now()),
                None => std::task::Poll::Pending,
            });
            tokio::select! {
                happened = carried => match happened {
                    Happened::Moved => {}
                    Happened::Lost => self.unplug(None),
                    Happened::Breaks(end) => self.unplug(Some(end)),
                },
                event = pipes.next_event(), if !is_gone => {
                    let mut stage = Stage { agent: &mut self.agent, pipes: &mut self.pipes, now: Instant::now() };
                    if let Some(plant) = &mut self.plant {
                        plant.pipe_event(event, &mut stage);
                    }
                }
                Some(socket) = sockets.recv() => self.plug(socket),
                () = &mut timer => {}
                () = gone.cancelled(), if !is_gone => self.desert(),
                () = stop.cancelled() => return Over::Terminated,
            }
        }
    }

    /// The next moment something is due.
    fn wake(&self, now: Instant) -> Instant {
        let longest = self.start.document.longest.map(|longest| self.began + longest);
        let link = self.link.as_ref().and_then(|link| link.due(now));
        [self.agent.poll_timeout(), self.leaving, self.ready_at, longest, link]
            .into_iter()
            .flatten()
            .fold(self.idle_at(), Instant::min)
            .max(now)
    }

    fn idle_at(&self) -> Instant {
        self.active + self.start.document.idle
    }

    /// Do what the agent and the clock ask for.
    fn attend(&mut self, now: Instant) -> Option<Over> {
        if self.ready_at.take_if(|at| *at <= now).is_some() {
            self.agent.ready(now);
        }
        let received = self.agent.counters().received;
        if received != self.received {
            self.received = received;
            self.active = now;
        }
        let is_too_long = self.start.document.longest.is_some_and(|longest| self.began + longest <= now);
        if is_too_long || self.idle_at() <= now {
            return Some(Over::TimedOut);
        }
        if self.gone.is_cancelled() {
            return None;
        }
        while self.plant.as_ref().is_none_or(|plant| plant.wants_events()) {
            let Some(event) = self.agent.poll_event() else { break };
            match event {
                AgentEvent::Begun { mode, .. } => self.begin(mode, now),
                AgentEvent::Terminate => self.leaving = Some(now + LAST_INPUT),
                AgentEvent::Ended { output } => return Some(Over::Agent(output)),
                AgentEvent::KeyToOpen(key) => {
                    let opened = self.ground.open(&key);
                    self.agent.key(opened, now);
                }
                event => self.with_plant(now, |plant, stage| plant.event(event, stage)),
            }
        }
        self.with_plant(now, |plant, stage| plant.pump(stage));
        let is_left = self.leaving.is_some_and(|until| until <= now || self.plant.as_ref().is_none_or(|plant| plant.is_idle()));
        if is_left {
            self.leaving = None;
            if let Some(plant) = &mut self.plant {
                plant.stop();
            }
            self.agent.finish("", now);
        }
        None
    }

    fn with_plant(&mut self, now: Instant, act: impl FnOnce(&mut dyn Plant, &mut Stage<'_>)) {
        let mut stage = Stage { agent: &mut self.agent, pipes: &mut self.pipes, now };
        if let Some(plant) = &mut self.plant {
            act(plant.as_mut(), &mut stage);
        }
    }

    /// Start what the session is about.
    fn begin(&mut self, mode: Option<PortMode>, now: Instant) {
        let Self { start, ground, pipes, .. } = self;
        let place = |user| Place {
            machine: &ground.machine,
            instance: &start.instance,
            name: &start.name,
            user,
            pause: ground.habits.start_pause,
            host_key: ground.host_keys.of(&start.instance),
        };
        let begun = match &start.document.work {
            Work::Shell { user, typed } => {
                let typed = if typed.is_empty() { String::new() } else { format!("{typed}\n") };
                Running::on_terminal(&place(user), What::Shell, &typed, pipes).map(boxed)
            }
            Work::Line { user, line } => {
                let what = What::Line(line.clone().into_bytes());
                Running::on_terminal(&place(user), what, "", pipes).map(boxed)
            }
            Work::Words { user, line, streams } => match Running::words(&place(user), line, streams.as_ref(), pipes) {
                Ok(running) => Ok(boxed(running)),
                Err(error) => {
                    let tells_code = streams.is_some();
                    return self.fail_to_start(&error, tells_code, now);
                }
            },
            Work::Port { host, port } => {
                let ssh = ground.ssh_port(start.neighbour.as_ref().unwrap_or(&start.instance));
                let host = host.as_deref().filter(|_| start.neighbour.is_none());
                let port = if host.is_none() { ground.led(*port) } else { *port };
                match Destination::of(host, port, ssh) {
                    Ok(to) => return self.forward(to, mode, now),
                    Err(Forbidden(words)) => return self.agent.finish(&words, now),
                }
            }
            Work::Refused(words) => {
                let words = words.clone();
                return self.agent.finish(&words, now);
            }
        };
        match begun {
            Ok(plant) => {
                self.plant = Some(plant);
                self.make_ready(now);
            }
            Err(error) => self.agent.finish(&format!("Unable to start command: {error}"), now),
        }
    }

    fn make_ready(&mut self, now: Instant) {
        let after = self.ground.habits.ready_after;
        match after.is_zero() {
            true => self.agent.ready(now),
            false => self.ready_at = Some(now + after),
        }
    }

    fn forward(&mut self, to: Destination, mode: Option<PortMode>, now: Instant) {
        match mode {
            Some(PortMode::Multiplexed) => {
                self.plant = Some(boxed(Many::new(to)));
                self.make_ready(now);
            }
            // It is ready when the port has answered.
            _ => self.plant = Some(boxed(Port::new(to, mode != Some(PortMode::OneByOne), &mut self.pipes))),
        }
    }

    /// A command that does not start says why on its standard error.
    fn fail_to_start(&mut self, error: &io::Error, tells_code: bool, now: Instant) {
        self.agent.ready(now);
        // Nothing was said before, so there is room.
        let _ = self.agent.error_output(format!("Unable to start command: {error}\n").as_bytes());
        if tells_code {
            self.agent.exit_code(1);
        }
        self.agent.finish("", now);
    }

    /// The instance goes down, and nobody is left to tell the client. The session stands until somebody ends it.
    fn desert(&mut self) {
        if let Some(mut plant) = self.plant.take() {
            plant.stop();
        }
        (self.leaving, self.ready_at) = (None, None);
        if let Some(link) = &mut self.link {
            link.desert();
        }
    }

    /// A client is there, maybe another one than before.
    fn plug(&mut self, socket: Socket) {
        self.unplug(None);
        let now = Instant::now();
        self.connections += 1;
        let faults = self.ground.of_connection();
        self.link =
            Some(Link::new(socket, self.ground.habits.gateway_keeps.then_some(&self.kept), &faults, self.connections, now));
        if self.gone.is_cancelled() {
            self.desert();
        } else {
            self.active = now;
            self.agent.connected(now);
        }
        self.ground.table.connected(&self.start.id);
    }

    /// The client is gone; the session is not.
    fn unplug(&mut self, end: Option<Break>) {
        if let Some(link) = self.link.take() {
            match end {
                Some(Break::Reset) => link.reset(),
                Some(Break::Bye) => self.pipes.spawn(|_| link.close("Bye")),
                None => self.pipes.spawn(|_| link.close("")),
            }
            self.agent.disconnected();
            self.ground.table.disconnected(&self.start.id, self.agent.counters());
        }
    }
}

fn boxed(plant: impl Plant + 'static) -> Box<dyn Plant> {
    Box::new(plant)
}

fn clock(instant: Instant) -> Clock {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Clock { instant, unix_millis: u64::try_from(since.as_millis()).unwrap_or(u64::MAX) }
}

/// The gateway's last message.
fn closed(start: &Start, output: String) -> Bytes {
    let (id, now) = (Uuid::new_v4(), clock(Instant::now()).unix_millis);
    let closed = ChannelClosed {
        message_id: id.to_string(),
        created_date: now.to_string(),
        destination_id: start.instance.clone(),
        session_id: start.id.clone(),
        message_type: CLOSED.to_owned(),
        schema_version: 1,
        output,
    };
    unnumbered(CLOSED, id, now, &closed.to_payload()).into()
}
