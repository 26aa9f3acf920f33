//! Keeps a tunnel: accepts connections, opens sessions for them, and ends what nobody needs.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep_until};
use tokio_util::sync::CancellationToken;

use super::connection::{Refusal, SessionRequest, serve};
use super::listener::{Listener, Local};
use super::purpose::{Purpose, TunnelOptions};
use super::stall::Intake;
use super::state::{Board, TunnelEvent, TunnelState};
use crate::aws::Cloud;
use crate::model::Destination;
use crate::session::port;
use crate::session::{Hindrance, LinkState, Reason, Session, SessionEnd, SessionOptions};
use ec2dash_ssm::{Expected, Failure, Foreign, PortMode, SessionKind};

/// Connections at once; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 512;
/// Sessions at once, of a tunnel whose connections go to many places.
const MOST_SESSIONS: usize = 32;
/// How long such a session is kept when nobody uses it.
const IDLE_LIMIT: Duration = Duration::from_secs(60);
/// Who holds a session that nobody uses: its door and who watches it.
const HOLDERS: usize = 2;
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Sessions to one place whose far side takes nothing more, beside the one that new connections get. Whoever stalls them all has
/// another fault than those that wait.
const MOST_STALLED: usize = 3;
/// After an accept that failed, for want of descriptors.
const PAUSE: Duration = Duration::from_millis(200);

type Answer = oneshot::Sender<Result<Arc<Session>, Refusal>>;

/// Who keeps one tunnel.
pub(super) struct Keeper {
    cloud: Cloud,
    options: TunnelOptions,
    board: Board,
    stop: CancellationToken,
    doors: BTreeMap<Destination, Door>,
    /// Those whose far side takes nothing; their connections stay, and new ones go elsewhere.
    stalled: Vec<Stalled>,
    starting: JoinSet<(Destination, Result<Session, SessionEnd>)>,
    watching: JoinSet<(Destination, Arc<Session>, SessionEnd)>,
    /// The id of a session, and how its connection to AWS stands.
    links: mpsc::Sender<(String, LinkState)>,
    /// Whether a session to a place has been there before.
    has_opened: bool,
    /// What was told during this loss of credentials that are missing.
    hindrance: Hindrance,
}

/// The session to one place.
enum Door {
    /// It is being opened for these.
    Opening(Vec<Answer>),
    /// It stands, and was last seen in use then.
    Open { session: Arc<Session>, used: Instant, intake: Intake },
}

/// A session that new connections do not get any more.
struct Stalled {
    to: Destination,
    session: Arc<Session>,
    intake: Intake,
    /// Its far side takes again what is sent.
    goes_on: bool,
}

impl Keeper {
    pub(super) fn new(cloud: Cloud, options: TunnelOptions, board: Board, stop: CancellationToken) -> Self {
        let (links, _) = mpsc::channel(1);
        Self {
            cloud,
            options,
            board,
            stop,
            doors: BTreeMap::new(),
            stalled: Vec::new(),
            starting: JoinSet::new(),
            watching: JoinSet::new(),
            links,
            has_opened: false,
            hindrance: Hindrance::default(),
        }
    }

    /// Serve until it is stopped, or its first session cannot be had.
    pub(super) async fn run(mut self, listener: Listener) {
        let stop = self.stop.clone();
        let mut connections = JoinSet::new();
        let (request, mut requests) = mpsc::channel::<SessionRequest>(16);
        let (links, mut link_changes) = mpsc::channel(8);
        self.links = links;
        let mut looks = interval(LOOK_EVERY);
        match &self.options.purpose {
            // The first session is opened before anybody connects, so that what is wrong is told at once.
            Purpose::Forward(to) => self.open(to.clone(), Vec::new()),
            Purpose::Socks => self.board.is(TunnelState::Up),
        }
        // With `once` gone after the first: nobody else is to wait for it.
        let mut listener = Some(listener);
        let mut entrance = Entrance::default();
        let why = loop {
            let is_full = connections.len() >= MOST_CONNECTIONS;
            tokio::select! {
                () = stop.cancelled() => break None,
                accepted = accepted(&mut entrance, listener.as_ref(), &self.board), if !is_full => {
                    if self.options.once {
                        listener = None;
                    }
                    connections.spawn(serve(accepted, self.options.purpose.clone(), request.clone(), self.board.clone()));
                }
                Some(_) = connections.join_next() => {
                    if self.options.once && connections.is_empty() {
                        break None;
                    }
                }
                Some(request) = requests.recv() => self.requested(request),
                Some(Ok((to, outcome))) = self.starting.join_next() => {
                    if let Some(why) = self.started(to, outcome) {
                        break Some(why);
                    }
                }
                Some(Ok((to, session, ending))) = self.watching.join_next() => self.ended(to, &session, ending),
                Some((session, link)) = link_changes.recv() => self.link_changed(&session, link),
                _ = looks.tick() => self.look(),
            }
        };
        drop(listener);
        // Their sockets close; what they wrote still goes out.
        connections.shutdown().await;
        self.put_away().await;
        self.board.is(TunnelState::Over { why });
    }

    /// A connection wants a session.
    fn requested(&mut self, request: SessionRequest) {
        // One that is leaving takes no more connections; it is put away beside the next.
        if matches!(self.doors.get(&request.to), Some(Door::Open { session, .. }) if session.is_leaving()) {
            self.doors.remove(&request.to);
        }
        let count = self.doors.len() + self.stalled.len();
        if !self.doors.contains_key(&request.to) && count >= MOST_SESSIONS && !self.make_room() {
            self.board.emit(TunnelEvent::TooManyPlaces { most: MOST_SESSIONS });
            let _ = request.answer.send(Err(Refusal::Many));
            return;
        }
        match self.doors.get_mut(&request.to) {
            Some(Door::Open { session, used, .. }) => {
                *used = Instant::now();
                // It may be gone meanwhile, and then nobody waits for it.
                let _ = request.answer.send(Ok(Arc::clone(session)));
            }
            Some(Door::Opening(waiting)) => waiting.push(request.answer),
            None => self.open(request.to, vec![request.answer]),
        }
    }

    /// Let go of the session that was not used for the longest time, if there is one that nobody uses.
    fn make_room(&mut self) -> bool {
        let unused = self.doors.iter().filter_map(|(to, door)| match door {
            Door::Open { session, used, .. } if Arc::strong_count(session) <= HOLDERS => Some((*used, to.clone())),
            _ => None,
        });
        let Some((_, to)) = unused.min() else { return false };
        if let Some(Door::Open { session, .. }) = self.doors.remove(&to) {
            session.end();
        }
        true
    }

    fn open(&mut self, to: Destination, waiting: Vec<Answer>) {
        self.doors.insert(to.clone(), Door::Opening(waiting));
        let (cloud, region) = (self.cloud.clone(), self.options.region.clone());
        let mut options = SessionOptions::new(region, port::request(&to, self.options.target.clone()), Expected::Port);
        options.reconnect = self.options.reconnect;
        self.starting.spawn(async move { (to, with_connections(&cloud, options).await) });
    }

    /// Returns why the tunnel is over, if it never began.
    fn started(&mut self, to: Destination, outcome: Result<Session, SessionEnd>) -> Option<Box<SessionEnd>> {
        let Some(Door::Opening(waiting)) = self.doors.remove(&to) else { return None };
        match outcome {
            Ok(session) => {
                if session.about().kind == SessionKind::Port(PortMode::OneByOne) {
                    self.board.emit(TunnelEvent::OneAtATime);
                }
                let session = Arc::new(session);
                for answer in waiting {
                    let _ = answer.send(Ok(Arc::clone(&session)));
                }
                self.watch(to.clone(), Arc::clone(&session));
                if self.is_forward() {
                    if self.has_opened {
                        self.board.emit(TunnelEvent::Reopened(to.clone()));
                    }
                    self.board.is(TunnelState::Up);
                }
                self.has_opened = true;
                let now = Instant::now();
                self.doors.insert(to, Door::Open { session, used: now, intake: Intake::new(now) });
                None
            }
            Err(ending) => {
                let why = Box::new(ending);
                if self.is_forward() && self.has_opened {
                    self.board.is(TunnelState::Resting);
                }
                for answer in waiting {
                    let _ = answer.send(Err(Refusal::Ended(why.clone())));
                }
                (self.is_forward() && !self.has_opened).then_some(why)
            }
        }
    }

    fn watch(&mut self, to: Destination, session: Arc<Session>) {
        let links = self.is_forward().then(|| self.links.clone());
        self.watching.spawn(async move {
            let mut link = session.link();
            let tell = async {
                while link.changed().await.is_ok() {
                    let state = link.borrow_and_update().clone();
                    if let Some(links) = &links
                        && links.send((session.id().to_owned(), state)).await.is_err()
                    {
                        break;
                    }
                }
                std::future::pending::<Infallible>().await
            };
            let ending = tokio::select! {
                ending = session.ended() => ending,
                never = tell => match never {},
            };
            (to, session, ending)
        });
    }

    fn link_changed(&mut self, id: &str, link: LinkState) {
        // It may be the last word of a session that has ended meanwhile, or one that stands still.
        if !self.doors.values().any(|door| matches!(door, Door::Open { session, .. } if session.id() == id)) {
            return;
        }
        match link.hindrance() {
            Some(error) if self.hindrance.is_news(error) => {
                self.board.emit(TunnelEvent::Hindered(error.clone()));
            }
            None if link == LinkState::Up => self.hindrance.is_over(),
            _ => {}
        }
        self.board.is(match link {
            LinkState::Up => TunnelState::Up,
            LinkState::Silent { since } => TunnelState::Silent { since },
            LinkState::Lost { since, until, .. } => TunnelState::Lost { since, until },
        });
    }

    fn ended(&mut self, to: Destination, session: &Arc<Session>, ending: SessionEnd) {
        let is_current = match self.doors.get(&to) {
            Some(Door::Open { session: current, .. }) => Arc::ptr_eq(current, session),
            Some(Door::Opening(_)) => false,
            None => true,
        };
        if is_current {
            self.doors.remove(&to);
        }
        let was_stalled = self.stalled.extract_if(.., |stalled| Arc::ptr_eq(&stalled.session, session)).count() > 0;
        if (was_stalled || !self.is_forward()) && matches!(ending.reason, Reason::Left { .. }) {
            // We let it go ourselves.
            return;
        }
        if was_stalled {
            return self.board.emit(TunnelEvent::GaveUp(to));
        }
        if self.is_forward() && is_current {
            self.board.is(TunnelState::Resting);
        }
        self.board.emit(TunnelEvent::SessionEnded { to, why: Box::new(ending) });
    }

    /// Let sessions go that nobody uses, and have new connections pass by those that stand still.
    fn look(&mut self) {
        let now = Instant::now();
        self.look_at_stalled(now);
        let is_forward = self.is_forward();
        let mut stalled = Vec::new();
        for (to, door) in &mut self.doors {
            let Door::Open { session, used, intake } = door else { continue };
            if Arc::strong_count(session) > HOLDERS {
                *used = now;
            } else if !is_forward && now.saturating_duration_since(*used) > IDLE_LIMIT {
                // The one of a forward is what its user wants to have.
                session.end();
            }
            if intake.stands_still(&session.counters(), is_up(session), now) {
                stalled.push(to.clone());
            }
        }
        for to in stalled {
            self.pass_by(to);
        }
    }

    /// The next connection to this place opens another session.
    fn pass_by(&mut self, to: Destination) {
        if self.stalled.iter().filter(|stalled| stalled.to == to).count() >= MOST_STALLED {
            return;
        }
        let Some(Door::Open { session, intake, .. }) = self.doors.remove(&to) else { return };
        self.board.emit(TunnelEvent::StandsStill(to.clone()));
        self.stalled.push(Stalled { to: to.clone(), session, intake, goes_on: false });
        if self.is_forward() {
            self.open(to, Vec::new());
        }
    }

    /// What stood still may go on, and is let go when its last connection is.
    fn look_at_stalled(&mut self, now: Instant) {
        for Stalled { to, session, intake, goes_on } in &mut self.stalled {
            if Arc::strong_count(session) <= HOLDERS {
                session.end();
            } else if !intake.stands_still(&session.counters(), is_up(session), now) && !std::mem::replace(goes_on, true) {
                self.board.emit(TunnelEvent::GoesOn(to.clone()));
            }
        }
    }

    /// End all sessions in good order, and wait for that.
    async fn put_away(&mut self) {
        self.starting.shutdown().await;
        for door in self.doors.values() {
            if let Door::Open { session, .. } = door {
                session.end();
            }
        }
        for Stalled { session, .. } in &self.stalled {
            // It takes nothing, so there is nothing to wait for.
            session.end_at_once();
        }
        while self.watching.join_next().await.is_some() {}
    }

    fn is_forward(&self) -> bool {
        matches!(self.options.purpose, Purpose::Forward(_))
    }
}

fn is_up(session: &Session) -> bool {
    !matches!(*session.link().borrow(), LinkState::Lost { .. })
}

/// A session that carries connections, which is what was asked for. One that carries bytes without any is of no use here.
async fn with_connections(cloud: &Cloud, options: SessionOptions) -> Result<Session, SessionEnd> {
    let session = Session::start(cloud, options).await.map_err(|ending| *ending)?;
    if session.about().kind == SessionKind::Port(PortMode::Single) {
        session.end_at_once();
        let failure = Failure::UnexpectedSession { session_type: Foreign::new("Port without connections") };
        return Err(SessionEnd { reason: Reason::Failed { failure, key: None }, ..session.ended().await });
    }
    Ok(session)
}

/// Where connections come in.
#[derive(Debug, Default)]
struct Entrance {
    /// Not before this: the last one could not be accepted.
    shut_until: Option<Instant>,
    /// Whether that has been told, until one comes in again.
    is_told: bool,
}

/// The next connection; none ever comes where nobody listens any more.
async fn accepted(entrance: &mut Entrance, listener: Option<&Listener>, board: &Board) -> Local {
    match listener {
        Some(listener) => entrance.accept(listener, board).await,
        None => pending().await,
    }
}

impl Entrance {
    /// The next connection, however long it takes. Safe to drop half-done: what is known of earlier ones is kept.
    async fn accept(&mut self, listener: &Listener, board: &Board) -> Local {
        loop {
            if let Some(until) = self.shut_until {
                sleep_until(until).await;
                self.shut_until = None;
            }
            let error: io::Error = match listener.accept().await {
                Ok(local) => {
                    self.is_told = false;
                    return local;
                }
                Err(error) => error,
            };
            self.shut_until = Some(Instant::now() + PAUSE);
            // One that went away before it was accepted is no news.
            if error.kind() != io::ErrorKind::ConnectionAborted && !std::mem::replace(&mut self.is_told, true) {
                board.emit(TunnelEvent::NotAccepted(error.to_string()));
            }
        }
    }
}
