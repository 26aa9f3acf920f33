//! `tunnel`: ports of this computer that lead to an instance or behind it, until somebody ends it.

mod by_ssh;
mod endpoint;
mod forwarded;
mod once;

pub use endpoint::{carried_words, event_words};

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::args::{self, Form, MethodChoice};
use super::holding::hold;
use super::invocation::Invocation;
use super::output::{write_line, write_pretty};
use super::through::{self, Wanted};
use super::{Exit, Failure, connect as connecting, ended, forwarding, target};
use crate::access::{Channel, ENDPOINT_PORTS, Jump, Load, Method};
use crate::aws::Cloud;
use crate::config::ConnectFlags;
use crate::model::{Destination, Forwarding, Instance, RemoteSocket, RunningKind, Untrusted};
use crate::session::tunnel::{
    Bind, Led, Listen, Listener, Purpose, Traffic, Tunnel, TunnelEvent, TunnelOptions, TunnelState, place_of,
};
use crate::session::{SignInNotices, settled};
use crate::terminal::LeavingSignals;
use crate::text::Catalogue;

/// One tunnel that listens already, and leads nowhere yet.
struct ReadyTunnel {
    listener: Listener,
    purpose: Purpose,
}

/// What leads somewhere now.
struct Opened {
    cloud: Cloud,
    instance: Instance,
    tunnels: Vec<Tunnel>,
}

/// What a tunnel's task says.
enum Update {
    Event(TunnelEvent),
    State(TunnelState),
    Over(Traffic),
}

/// A tunnel that is asked for, in words or by a name.
struct Request {
    target: String,
    places: Vec<(Listen, Led)>,
}

/// `ec2dash tunnel TARGET PORT…`, `ec2dash tunnel @NAME`.
pub async fn tunnel(invocation: &Invocation, asked: &args::Tunnel, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Request { target, places } = match asked.target.strip_prefix('@') {
        Some(name) => saved(invocation, asked, name)?,
        None => typed(invocation, asked)?,
    };
    let forbidden = places.iter().find_map(|(_, led)| match led {
        Led::Forward(to) if to.is_forbidden() => Some(to),
        _ => None,
    });
    if let Some(to) = forbidden {
        return Err(invocation.failure("tunnel-forbidden", Exit::Usage, &[("to", to.to_string().into())]));
    }
    let socket = places.iter().find_map(|(_, led)| match led {
        Led::Socket(socket) => Some(socket.to_string()),
        _ => None,
    });
    let method = match (asked.method, socket) {
        (MethodChoice::One(method), Some(socket)) if !method.runs_ssh() => {
            let values = [("socket", socket.into()), ("method", method.id().into())];
            return Err(invocation.failure("tunnel-socket-by-ssh", Exit::Usage, &values));
        }
        (MethodChoice::Auto, Some(_)) if asked.endpoint.is_none() => {
            return by_ssh(invocation, asked, &[], &target, places, out).await;
        }
        (choice, _) => choice,
    };
    let method = match method {
        MethodChoice::Auto if Jump::named(asked.jump.as_deref()) != Jump::None => {
            return by_ssh(invocation, asked, &[], &target, places, out).await;
        }
        MethodChoice::Auto => asked.endpoint.as_ref().and_then(|_| Method::coming_by(Channel::Endpoint)),
        MethodChoice::One(method) if !method.runs_ssh() && !method.carries(Load::Tunnel) => {
            return Err(invocation.failure("method-no-tunnel", Exit::Usage, &[("method", method.id().into())]));
        }
        MethodChoice::One(method) => Some(method),
    };
    if let Some(method) = method.filter(|method| method.runs_ssh()) {
        return otherwise(invocation, asked, method, &target, places, out).await;
    }
    // First of all, so that a port that is taken costs no session.
    let mut ready = Vec::new();
    for (place, led) in places {
        let socket = |socket: RemoteSocket| {
            let way = Method::carrying(Load::Tunnel).map(Method::id).unwrap_or_default();
            let values = [("socket", socket.to_string().into()), ("method", way.into())];
            invocation.failure("tunnel-socket-by-ssh", Exit::Usage, &values)
        };
        let purpose = led.by_session().map_err(socket)?;
        ready.push(ReadyTunnel { listener: listen(invocation, &place).await?, purpose });
    }
    let mut signals = LeavingSignals::listen()?;
    let outcome = tokio::select! {
        outcome = opened(invocation, asked, &target, ready, out) => outcome,
        number = signals.next() => {
            settled().await;
            return Ok(Exit::of_signal(number));
        }
    };
    let Opened { cloud, instance, tunnels } = match outcome {
        Ok(opened) => opened,
        Err(failure) => {
            settled().await;
            return Err(failure);
        }
    };
    let exit = kept(invocation, &cloud, &instance, tunnels, &mut signals).await;
    settled().await;
    Ok(exit)
}

/// By another way than a session of Session Manager.
async fn otherwise(
    invocation: &Invocation,
    asked: &args::Tunnel,
    method: Method,
    target: &str,
    places: Vec<(Listen, Led)>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let own_port = match places.as_slice() {
        [(_, Led::Forward(Destination::Port(port)))] if ENDPOINT_PORTS.contains(port) => Some(*port),
        _ => None,
    };
    if let (Channel::Endpoint, Some(port), [(place, _)]) = (method.channel(), own_port, places.as_slice()) {
        let listener = listen(invocation, place).await?;
        let wanted = Wanted { target, yes: asked.yes, endpoint: &asked.endpoint, address: None, limit: asked.tunnel_limit };
        let mut signals = LeavingSignals::listen()?;
        let far = tokio::select! {
            far = through::found(invocation, &wanted) => far?,
            number = signals.next() => return Ok(Exit::of_signal(number)),
        };
        return endpoint::served(invocation, far, endpoint::Forwarded { listener, port }, asked.once, &mut signals, out).await;
    }
    by_ssh(invocation, asked, &[method], target, places, out).await
}

/// By one of these ways in, or the best where none is named, that runs ssh.
async fn by_ssh(
    invocation: &Invocation,
    asked: &args::Tunnel,
    methods: &[Method],
    target: &str,
    places: Vec<(Listen, Led)>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut ready = Vec::new();
    for (place, led) in places {
        ready.push((listen(invocation, &place).await?, place, led));
    }
    let flags = ConnectFlags {
        methods: methods.to_vec(),
        endpoint: asked.endpoint.clone(),
        tunnel_limit: asked.tunnel_limit,
        jump: asked.jump.clone(),
        ..ConnectFlags::default()
    };
    self::by_ssh::served(invocation, target, asked, &flags, ready, out).await
}

fn typed(invocation: &Invocation, asked: &args::Tunnel) -> Result<Request, Failure> {
    let usage = |code| Err(invocation.failure(code, Exit::Usage, &[]));
    match (&asked.socket, asked.forwards.len(), asked.socks) {
        (_, 0, None) => return usage("tunnel-nothing"),
        (Some(_), 1, _) | (None, ..) => {}
        (Some(_), ..) => return usage("tunnel-one-socket"),
    }
    let bind = asked.bind.map_or(Bind::Loopback, Bind::Address);
    let mut places = Vec::new();
    for forward in &asked.forwards {
        let (port, led) = match forward {
            Forwarding::Port(forward) => (forward.local_port(), Led::Forward(forward.to.clone())),
            Forwarding::Socket { local, to } => (*local, Led::Socket(to.clone())),
        };
        let place = match &asked.socket {
            Some(path) => Listen::Unix(std::path::absolute(path)?),
            None => Listen::Tcp { bind, port },
        };
        places.push((place, led));
    }
    places.extend(asked.socks.map(|port| (Listen::Tcp { bind, port }, Led::Socks)));
    Ok(Request { target: asked.target.clone(), places })
}

/// A tunnel of the config file; `--bind` and `--socket` take the place of what it says.
fn saved(invocation: &Invocation, asked: &args::Tunnel, name: &str) -> Result<Request, Failure> {
    let tunnels = &invocation.loaded.settings.tunnels;
    let Some(tunnel) = tunnels.get(name) else {
        let names: Vec<String> = tunnels.keys().map(|name| format!("@{name}")).collect();
        let code = if names.is_empty() { "tunnel-none-saved" } else { "tunnel-not-saved" };
        let values = [("name", Untrusted::from(name).shown_in(60).into()), ("names", names.join(" ").into())];
        return Err(invocation.failure(code, Exit::NotFound, &values));
    };
    let usage = |code| Err(invocation.failure(code, Exit::Usage, &[("name", name.to_owned().into())]));
    if !asked.forwards.is_empty() || asked.socks.is_some() {
        return usage("tunnel-saved-and-more");
    }
    let (mut place, led) = place_of(tunnel);
    match (asked.bind, &asked.socket, &mut place) {
        (Some(address), _, Listen::Tcp { bind, .. }) => *bind = Bind::Address(address),
        (Some(_), ..) => return usage("tunnel-saved-socket"),
        (None, Some(_), _) if led == Led::Socks => return usage("tunnel-one-socket"),
        (None, Some(path), place) => *place = Listen::Unix(std::path::absolute(path)?),
        (None, None, _) => {}
    }
    Ok(Request { target: tunnel.typed.clone(), places: vec![(place, led)] })
}

/// Listen there, or say why not.
pub async fn listen(invocation: &Invocation, place: &Listen) -> Result<Listener, Failure> {
    Listener::bind(place).await.map_err(|error| {
        let shown = match place {
            Listen::Tcp { bind: Bind::Loopback, port } => format!("127.0.0.1:{port}"),
            Listen::Tcp { bind: Bind::Address(address), port } => std::net::SocketAddr::new(*address, *port).to_string(),
            Listen::Unix(path) => shown_path(path),
        };
        let code = match (error.kind(), place) {
            (io::ErrorKind::AddrInUse, Listen::Tcp { .. }) => "tunnel-port-taken",
            (io::ErrorKind::AddrInUse, Listen::Unix(_)) => "tunnel-socket-taken",
            _ => "tunnel-no-listener",
        };
        invocation.failure(code, Exit::Failed, &[("local", shown.into()), ("cause", error.to_string().into())])
    })
}

async fn opened(
    invocation: &Invocation,
    asked: &args::Tunnel,
    target: &str,
    ready: Vec<ReadyTunnel>,
    out: &mut dyn Write,
) -> Result<Opened, Failure> {
    let (cloud, mut instance) = target::find(invocation, target).await?;
    connecting::confirmed(invocation, asked.yes, &instance)?;
    connecting::remember(invocation, &instance);
    for ReadyTunnel { purpose, .. } in &ready {
        if let Purpose::Forward(to) = purpose {
            forwarding::judged(invocation, &cloud, &mut instance, to, None).await?;
        }
    }
    let mut tunnels = Vec::new();
    for ReadyTunnel { listener, purpose } in ready {
        let options = TunnelOptions {
            region: instance.place.region.clone(),
            target: instance.id.clone(),
            purpose,
            reconnect: invocation.loaded.settings.connect.reconnect,
            once: asked.once,
        };
        if listener.addresses().iter().any(|address| !address.ip().is_loopback()) {
            let local = listener.addresses().first().map(ToString::to_string).unwrap_or_default();
            invocation.note(&invocation.text.say_with("tunnel-open-to-others", &[("local", local.into())]));
        }
        if let Some(port) = listener.shared_with_another() {
            invocation.note(&invocation.text.say_with("tunnel-shared-port", &[("port", port.to_string().into())]));
        }
        tunnels.push(Tunnel::start(cloud.clone(), listener, options));
    }
    for tunnel in &tunnels {
        if let Err(why) = tunnel.opened().await {
            return Err(not_opened(invocation, &cloud, &mut instance, &why).await);
        }
    }
    write_list(invocation, &instance, &tunnels, out)?;
    out.flush()?;
    Ok(Opened { cloud, instance, tunnels })
}

/// Why the first session of a tunnel did not open.
pub async fn not_opened(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &mut Instance,
    why: &crate::session::SessionEnd,
) -> Failure {
    let mut failure = ended::not_begun(invocation, cloud, instance, Method::carrying(Load::Tunnel), why).await;
    let values = [("target", instance.shown().into())];
    failure.what = invocation.text.say_with("tunnel-not-opened", &values);
    failure
}

fn write_list(invocation: &Invocation, instance: &Instance, tunnels: &[Tunnel], out: &mut dyn Write) -> io::Result<()> {
    let rows = || tunnels.iter().map(|tunnel| row(instance, tunnel));
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": 1, "tunnels": rows().collect::<Vec<_>>()})),
        Form::Jsonl => rows().try_for_each(|row| write_line(out, &row)),
        _ => tunnels.iter().try_for_each(|tunnel| writeln!(out, "{} -> {}", tunnel.local(), led_to(instance, tunnel))),
    }
}

fn row(instance: &Instance, tunnel: &Tunnel) -> Value {
    let to = match &tunnel.options().purpose {
        Purpose::Forward(to) => Some(to.to_string()),
        Purpose::Socks => None,
    };
    json!({
        "addresses": tunnel.addresses().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "socket": tunnel.socket().map(|path| path.to_string_lossy()),
        "target": instance.id.as_str(),
        "region": instance.place.region.as_str(),
        "kind": if to.is_some() { "forward" } else { "socks" },
        "to": to,
    })
}

fn led_to(instance: &Instance, tunnel: &Tunnel) -> String {
    let name = instance.shown();
    match &tunnel.options().purpose {
        Purpose::Forward(to) => format!("{name} {to}"),
        Purpose::Socks => format!("{name} SOCKS5"),
    }
}

/// Say what happens until all are over, or somebody ends them.
async fn kept(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &Instance,
    tunnels: Vec<Tunnel>,
    signals: &mut LeavingSignals,
) -> Exit {
    let target = || instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let way = Method::carrying(Load::Tunnel).map(Method::id).unwrap_or_default();
    let held = |tunnel: &Tunnel| hold(invocation, RunningKind::Tunnel, target(), way, Some(tunnel.local()));
    let _held: Vec<_> = tunnels.iter().map(held).collect();
    let (ends, _) = watch::channel(false);
    let (say, mut said) = mpsc::channel(32);
    let mut tasks = JoinSet::new();
    for tunnel in tunnels {
        tasks.spawn(listened(tunnel, say.clone(), ends.subscribe()));
    }
    drop(say);
    let mut told = None;
    let mut notices = SignInNotices::of(cloud);
    loop {
        let (local, said) = tokio::select! {
            said = said.recv() => match said {
                Some(said) => said,
                None => break,
            },
            notice = notices.next() => {
                invocation.note(&notice.words(Timestamp::now(), &invocation.text));
                continue;
            }
            number = signals.next() => {
                // Asked twice: what hangs is let go of, and ends by itself.
                if told.replace(number).is_some() {
                    break;
                }
                ends.send_replace(true);
                continue;
            }
        };
        if let Some(sentence) = sentence(instance, &said, &invocation.text) {
            invocation.note(&format!("{local}: {sentence}"));
        }
    }
    tasks.shutdown().await;
    told.map_or(Exit::Done, Exit::of_signal)
}

/// Pass on what a tunnel says, and end it when asked.
async fn listened(mut tunnel: Tunnel, say: mpsc::Sender<(String, Update)>, mut ends: watch::Receiver<bool>) {
    let local = tunnel.local();
    let mut state = tunnel.state();
    state.mark_unchanged();
    let mut is_ending = false;
    loop {
        let said = tokio::select! {
            event = tunnel.next_event() => match event {
                Some(event) => Update::Event(event),
                None => break,
            },
            Ok(()) = state.changed() => match state.borrow_and_update().clone() {
                TunnelState::Over { .. } => break,
                state => Update::State(state),
            },
            Ok(_) = ends.wait_for(|ends| *ends), if !is_ending => {
                is_ending = true;
                tunnel.end();
                continue;
            }
        };
        if say.send((local.clone(), said)).await.is_err() {
            return;
        }
    }
    tunnel.over().await;
    let _ = say.send((local, Update::Over(tunnel.traffic()))).await;
}

fn sentence(instance: &Instance, said: &Update, text: &Catalogue) -> Option<String> {
    match said {
        Update::Event(event) => Some(event.words(instance, text)),
        Update::State(TunnelState::Lost { .. }) => Some(text.say("tunnel-lost")),
        Update::State(TunnelState::Silent { .. }) => Some(text.say("tunnel-silent")),
        Update::State(TunnelState::Up) => Some(text.say("tunnel-up")),
        Update::State(_) => None,
        Update::Over(traffic) => Some(traffic.words(text)),
    }
}

fn shown_path(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120)
}
