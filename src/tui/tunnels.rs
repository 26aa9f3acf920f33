//! The tunnels of this dashboard, as it knows them.

use std::ffi::OsString;
use std::sync::Arc;

use jiff::Timestamp;

use super::age;
use crate::access::{Load, Method};
use crate::columns::Tone;
use crate::model::{Destination, Instance, InstanceId, Untrusted};
use crate::session::tunnel::{Bind, Led, Listen, Traffic, TunnelEvent};
use crate::text::Catalogue;

/// What happened in a tunnel is kept so many times.
const EVENTS_KEPT: usize = 50;

/// All of them, and what the dialog that asked for the last one must know.
#[derive(Debug, Default)]
pub struct Tunnels {
    list: Vec<TunnelRun>,
    last: u64,
    /// Why the one asked for last does not listen, fit for a screen.
    pub refusal: Option<String>,
}

/// A tunnel: from the moment it is asked for until its last session is put away.
#[derive(Debug, Clone, PartialEq)]
pub struct TunnelRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// Through which instance, as it was then.
    pub instance: Arc<Instance>,
    /// Where it leads.
    pub led: Led,
    /// By which way, where this program runs once more for it.
    pub program: Option<ByProgram>,
    /// Every address it listens on, or its socket, fit for a screen; the first one is its name.
    pub local: Vec<String>,
    /// Whether its place is had.
    pub is_listening: bool,
    /// Since when.
    pub began: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// What went through it.
    pub traffic: Traffic,
    /// What happened in it, the latest last.
    pub events: Vec<(Timestamp, String)>,
    /// Bytes that had come back when the far side last refused a connection, as long as none has come since.
    pub refused_at: Option<u64>,
    /// Whether it waits until somebody signs in.
    pub wants_sign_in: bool,
}

/// How a tunnel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The first session is being opened.
    Opening,
    /// Connections pass.
    Up,
    /// Nobody has answered since then.
    Silent(Timestamp),
    /// The connection to AWS broke then; another one is being tried for.
    Lost(Timestamp),
    /// Its session has ended; the next connection opens another one.
    Resting,
    /// It is being put away.
    Closing,
}

/// A tunnel asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelRequest {
    /// Through which instance.
    pub id: InstanceId,
    /// Where to listen.
    pub place: Listen,
    /// Where it leads.
    pub led: Led,
    /// By which way; none: by the one that carries tunnels by itself, where it leads there.
    pub by: Option<Method>,
    /// Whether to try it although something is in the way.
    pub is_tried_anyway: bool,
    /// Whether the question of a dangerous account was answered.
    pub is_confirmed: bool,
}

/// A tunnel to open.
#[derive(Debug, Clone, PartialEq)]
pub struct TunnelOrder {
    /// Through which instance.
    pub instance: Arc<Instance>,
    /// Where to listen.
    pub place: Listen,
    /// Where it leads.
    pub led: Led,
    /// By which way, where this program has to run once more for it, and what that is started with.
    pub program: Option<(ByProgram, Vec<OsString>)>,
}

/// A tunnel that this program carries once more: by a way that runs ssh, or through an endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByProgram {
    /// The way; none: the best that runs ssh.
    pub method: Option<Method>,
    /// The process, once it runs.
    pub process: Option<u32>,
}

/// Something that happened to a tunnel.
#[derive(Debug, Clone, PartialEq)]
pub enum TunnelUpdate {
    /// It cannot listen where it should: a sentence. It is over.
    NotListening(String),
    /// It listens on these addresses, or this socket, fit for a screen.
    Listening {
        /// Where.
        local: Vec<String>,
        /// Whether other computers reach it, too.
        is_open_to_others: bool,
    },
    /// It stands differently.
    Standing(Standing),
    /// This went through it so far.
    Traffic(Traffic),
    /// Something that its user may want to know.
    Event(TunnelEvent),
    /// The process that carries it.
    Process(u32),
    /// That process says something, fit for a screen.
    Said(String),
    /// It is over, and never began: what, why and what to do, a sentence each.
    NotOpened(Vec<String>),
    /// It is over, as was wanted. What went through it nobody has counted.
    Closed,
    /// It ended by itself: what was said last, fit for a screen.
    Ended(Option<String>),
    /// It is over, and its sessions are put away.
    Over(Traffic),
}

impl Tunnels {
    /// All of them, the oldest first.
    pub fn list(&self) -> &[TunnelRun] {
        &self.list
    }

    /// One of them.
    pub fn run(&self, number: u64) -> Option<&TunnelRun> {
        self.list.iter().find(|run| run.number == number)
    }

    /// One of them, to be brought up to date.
    pub fn run_mut(&mut self, number: u64) -> Option<&mut TunnelRun> {
        self.list.iter_mut().find(|run| run.number == number)
    }

    /// Add one that is about to be opened; its number.
    pub fn begin(&mut self, order: &TunnelOrder, now: Timestamp) -> u64 {
        self.last += 1;
        self.list.push(TunnelRun {
            number: self.last,
            instance: Arc::clone(&order.instance),
            led: order.led.clone(),
            program: order.program.as_ref().map(|(program, _)| *program),
            local: vec![shown_place(&order.place)],
            is_listening: false,
            began: now,
            standing: Standing::Opening,
            refused_at: None,
            wants_sign_in: false,
            traffic: Traffic::default(),
            events: Vec::new(),
        });
        self.last
    }

    /// Take one away that is over.
    pub fn remove(&mut self, number: u64) -> Option<TunnelRun> {
        let at = self.list.iter().position(|run| run.number == number)?;
        Some(self.list.remove(at))
    }

    /// `1 tunnel`, if there is any.
    pub fn count(&self, text: &Catalogue) -> Option<String> {
        (!self.list.is_empty()).then(|| text.say_with("tunnels-count", &[("count", self.list.len().into())]))
    }

    /// When one of them is shown differently by itself.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let moments = self.list.iter().flat_map(|run| [Some(run.began), run.standing.since()]).flatten();
        moments.map(|since| age::next_change(since, now)).min()
    }
}

impl TunnelRun {
    /// Where it listens: `127.0.0.1:5432`.
    pub fn local(&self) -> &str {
        self.local.first().map_or("", String::as_str)
    }

    /// The instance's name, or its id.
    pub fn name(&self) -> String {
        self.instance.name().map_or_else(|| self.instance.id.to_string(), |name| name.shown_in(40))
    }

    /// The way it goes.
    pub fn method(&self) -> &'static str {
        match self.program {
            Some(program) => program.method.map_or("ssh", Method::id),
            None => Method::carrying(Load::Tunnel).map(Method::id).unwrap_or_default(),
        }
    }

    /// The far side has refused a connection. Of one that leads anywhere that says nothing.
    pub fn refused(&mut self) {
        if matches!(self.led, Led::Forward(_)) {
            self.refused_at = Some(self.traffic.received);
        }
    }

    /// What has gone through it by now.
    pub fn carried(&mut self, traffic: Traffic) {
        self.traffic = traffic;
        self.refused_at = self.refused_at.filter(|received| traffic.received <= *received);
    }

    /// Mark and word for how it stands, and how they are meant.
    pub fn cell(&self, now: Timestamp, text: &Catalogue) -> (String, Tone) {
        match self.refused_at {
            Some(_) if matches!(self.standing, Standing::Up) => {
                (format!("! {}", text.say("tunnel-state-refused")), Tone::Problem)
            }
            _ => self.standing.cell(now, text),
        }
    }

    /// Keep what happened.
    pub fn note(&mut self, now: Timestamp, text: String) {
        if self.events.len() == EVENTS_KEPT {
            self.events.remove(0);
        }
        self.events.push((now, text));
    }
}

impl Standing {
    /// Since when it is as it should not be.
    fn since(self) -> Option<Timestamp> {
        match self {
            Self::Silent(since) | Self::Lost(since) => Some(since),
            Self::Opening | Self::Up | Self::Resting | Self::Closing => None,
        }
    }

    /// Mark and word, and how they are meant.
    fn cell(self, now: Timestamp, text: &Catalogue) -> (String, Tone) {
        let (mark, key, tone) = match self {
            Self::Opening => ("◐", "tunnel-state-opening", Tone::Problem),
            Self::Up => ("●", "tunnel-state-up", Tone::Good),
            Self::Silent(_) => ("!", "tunnel-state-silent", Tone::Problem),
            Self::Lost(_) => ("◐", "tunnel-state-lost", Tone::Problem),
            Self::Resting => ("○", "tunnel-state-resting", Tone::Faint),
            Self::Closing => ("◑", "tunnel-state-ending", Tone::Faint),
        };
        let span = self.since().map(|since| age::span(age::seconds(since, now), text)).unwrap_or_default();
        (format!("{mark} {}", text.say_with(key, &[("span", span.into())])), tone)
    }
}

/// Where connections come out: `port 5432 of web-1`, `db.internal:5432 behind bastion`.
pub fn leads_to(led: &Led, name: &str, text: &Catalogue) -> String {
    let name = ("name", name.to_owned().into());
    match led {
        Led::Forward(Destination::Port(port)) => {
            text.say_with("tunnel-leads-to-port", &[("port", port.to_string().into()), name])
        }
        Led::Forward(to @ Destination::Behind { .. }) => {
            text.say_with("tunnel-leads-behind", &[("to", to.to_string().into()), name])
        }
        Led::Socket(socket) => text.say_with("tunnel-leads-to-socket", &[("socket", socket.to_string().into()), name]),
        Led::Socks => text.say_with("tunnel-leads-anywhere", &[name]),
    }
}

/// Where it is to listen, fit for a screen.
pub fn shown_place(place: &Listen) -> String {
    match place {
        Listen::Tcp { bind: Bind::Loopback, port } => format!("127.0.0.1:{port}"),
        Listen::Tcp { bind: Bind::Address(address), port } => std::net::SocketAddr::new(*address, *port).to_string(),
        Listen::Unix(path) => Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120),
    }
}
