//! The tunnels of the dashboard: each in a task of its own, all ended in good order.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::report::Report;
use super::tunnel_program;
use super::tunnel_report::Say;
use crate::aws::Cloud;
use crate::connect::why_over;
use crate::model::Untrusted;
use crate::session::SessionEnd;
use crate::session::tunnel::{Listen, Listener, Traffic, Tunnel, TunnelOptions, TunnelState};
use crate::text::Catalogue;
use crate::tui::tunnels::{Standing, TunnelOrder, TunnelUpdate, shown_place};

/// How often the traffic is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What ends the tunnels that are open.
#[derive(Default)]
pub(super) struct Tunnels {
    ends: BTreeMap<u64, CancellationToken>,
    tasks: TaskTracker,
}

impl Tunnels {
    /// One from its listener to its end; told about to `out`. Not among what `StopAsking` ends: it is open until somebody ends it.
    pub(super) fn open(
        &mut self,
        number: u64,
        order: TunnelOrder,
        cloud: Option<Cloud>,
        reconnect: Duration,
        text: Arc<Catalogue>,
        out: mpsc::Sender<Report>,
    ) -> impl Future<Output = ()> + use<> {
        let say = Say { number, out };
        let end = CancellationToken::new();
        self.ends.retain(|_, end| !end.is_cancelled());
        self.ends.insert(number, end.clone());
        self.tasks.track_future(async move {
            if let Some((_, call)) = &order.program {
                return tunnel_program::serve(call, &order.instance.shown(), &text, end, &say).await;
            }
            match cloud {
                Some(cloud) => serve(cloud, order, reconnect, &text, end, &say).await,
                None => say.tell(TunnelUpdate::NotOpened(vec![text.say("no-credentials-yet")])).await,
            }
        })
    }

    /// End one of them.
    pub(super) fn end(&mut self, number: u64) {
        if let Some(end) = self.ends.remove(&number) {
            end.cancel();
        }
    }

    /// Whether any is open.
    pub(super) fn is_any_open(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// End all of them, and wait until each has put its sessions away. The receiver of answers must be gone.
    pub(super) async fn end_all(&mut self) {
        for end in self.ends.values() {
            end.cancel();
        }
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// One tunnel from its listener to its end.
async fn serve(cloud: Cloud, order: TunnelOrder, reconnect: Duration, text: &Catalogue, end: CancellationToken, say: &Say) {
    let TunnelOrder { instance, place, led, program: _ } = order;
    // What leads to a socket is another program's.
    let Ok(purpose) = led.by_session() else { return };
    let listener = match Listener::bind(&place).await {
        Ok(listener) => listener,
        Err(error) => return say.tell(TunnelUpdate::NotListening(not_listening(&place, &error, text))).await,
    };
    let is_open_to_others = listener.addresses().iter().any(|address| !address.ip().is_loopback());
    let options =
        TunnelOptions { region: instance.place.region.clone(), target: instance.id.clone(), purpose, reconnect, once: false };
    let mut tunnel = Tunnel::start(cloud, listener, options);
    let local = match tunnel.socket() {
        Some(_) => vec![tunnel.local()],
        None => tunnel.addresses().iter().map(ToString::to_string).collect(),
    };
    tokio::select! {
        () = followed(&mut tunnel, say, TunnelUpdate::Listening { local, is_open_to_others }) => {}
        () = end.cancelled() => {}
    }
    tunnel.end();
    tunnel.over().await;
    let over = match &*tunnel.state().borrow() {
        TunnelState::Over { why: Some(why) } => TunnelUpdate::NotOpened(not_opened(why, &instance, text)),
        _ => TunnelUpdate::Over(tunnel.traffic()),
    };
    say.tell(over).await;
}

/// Say what happens until it is over. Safe to drop half-done.
async fn followed(tunnel: &mut Tunnel, say: &Say, first: TunnelUpdate) {
    say.tell(first).await;
    let mut state = tunnel.state();
    state.mark_changed();
    let mut traffic = Traffic::default();
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let update = tokio::select! {
            event = tunnel.next_event() => match event {
                Some(event) => TunnelUpdate::Event(event),
                None => return,
            },
            changed = state.changed() => {
                let now = state.borrow_and_update().clone();
                match standing(&now).filter(|_| changed.is_ok()) {
                    Some(standing) => TunnelUpdate::Standing(standing),
                    None => return,
                }
            }
            _ = looks.tick() => {
                let now = tunnel.traffic();
                if now == traffic {
                    continue;
                }
                traffic = now;
                TunnelUpdate::Traffic(now)
            }
        };
        say.tell(update).await;
    }
}

/// `None`: it is over.
fn standing(state: &TunnelState) -> Option<Standing> {
    Some(match state {
        TunnelState::Starting => Standing::Opening,
        TunnelState::Up => Standing::Up,
        TunnelState::Silent { since } => Standing::Silent(moment(*since)),
        TunnelState::Lost { since, .. } => Standing::Lost(moment(*since)),
        TunnelState::Resting => Standing::Resting,
        TunnelState::Over { .. } => return None,
    })
}

/// The time of day of a moment that has passed.
fn moment(then: Instant) -> Timestamp {
    let now = Timestamp::now();
    let passed = SignedDuration::try_from(then.elapsed()).unwrap_or_default();
    now.checked_sub(passed).unwrap_or(now)
}

fn not_listening(place: &Listen, error: &io::Error, text: &Catalogue) -> String {
    let key = match (error.kind(), place) {
        (io::ErrorKind::AddrInUse, Listen::Tcp { .. }) => "tunnel-port-taken",
        (io::ErrorKind::AddrInUse, Listen::Unix(_)) => "tunnel-socket-taken",
        (io::ErrorKind::PermissionDenied, Listen::Tcp { .. }) => "tunnel-port-of-root",
        _ => "tunnel-no-listener",
    };
    let cause = Untrusted::from(error.to_string()).shown_in(100);
    text.say_with(key, &[("local", shown_place(place).into()), ("cause", cause.into())])
}

/// What, why, and what to do.
fn not_opened(why: &SessionEnd, instance: &crate::model::Instance, text: &Catalogue) -> Vec<String> {
    let mut lines = vec![text.say_with("tunnel-not-opened-what", &[("target", instance.shown().into())])];
    lines.push(why.what(instance, text));
    lines.extend(why_over(why, instance, Timestamp::now(), text));
    lines.extend(why.next(instance, text));
    lines
}
