//! `tunnel` by a way in that runs ssh: OpenSSH listens, and leads every connection through its one login.

use std::ffi::OsString;
use std::future::pending;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpSocket;
use tokio::time::sleep;

use crate::cli::args::Form;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::{write_line, write_pretty};
use crate::cli::signals::{Guarded, guarded};
use crate::cli::{Exit, Failure, connect as connecting, show, target};
use crate::config::ConnectFlags;
use crate::connect::{self, ConnectEvent, Extras};
use crate::model::{Instance, RunningKind, Untrusted};
use crate::session::settled;
use crate::session::tunnel::{Bind, Listen, Listener, Purpose};

/// How long ssh may take to end after a signal asked for it.
const GRACE: Duration = Duration::from_secs(3);
/// How often it is looked whether ssh listens.
const LOOK: Duration = Duration::from_millis(50);
/// How ssh says that it failed itself.
const OF_SSH: u8 = 255;

/// Where ssh is to listen, and where that leads.
struct Forwarded {
    place: Place,
    purpose: Purpose,
}

enum Place {
    Tcp { addresses: Vec<SocketAddr>, bind: Bind },
    Unix(PathBuf),
}

impl Forwarded {
    /// It was free a moment ago; ssh says so if it is not any more.
    fn of(listener: &Listener, asked: &Listen, purpose: Purpose) -> Self {
        let place = match (asked, listener.path()) {
            (Listen::Tcp { bind, .. }, _) => Place::Tcp { addresses: listener.addresses(), bind: *bind },
            (Listen::Unix(path), own) => Place::Unix(own.unwrap_or(path).to_owned()),
        };
        Self { place, purpose }
    }

    /// `-L localhost:5432:db.internal:5432`, `-D localhost:1080`.
    fn arguments(&self) -> [OsString; 2] {
        let mut spec = match &self.place {
            Place::Unix(path) => path.as_os_str().to_owned(),
            Place::Tcp { addresses, bind } => {
                let port = addresses.first().map_or(0, SocketAddr::port);
                match bind {
                    Bind::Loopback => format!("localhost:{port}").into(),
                    Bind::Address(IpAddr::V6(address)) => format!("[{address}]:{port}").into(),
                    Bind::Address(address) => format!("{address}:{port}").into(),
                }
            }
        };
        match &self.purpose {
            Purpose::Socks => ["-D".into(), spec],
            Purpose::Forward(to) => {
                let to = to.to_string();
                // A port alone is the instance's own.
                spec.push(if to.contains(':') { format!(":{to}") } else { format!(":localhost:{to}") });
                ["-L".into(), spec]
            }
        }
    }

    fn shown(&self) -> String {
        match &self.place {
            Place::Tcp { addresses, .. } => addresses.first().map(ToString::to_string).unwrap_or_default(),
            Place::Unix(path) => Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120),
        }
    }

    /// Whether ssh listens there.
    fn is_listening(&self) -> bool {
        match &self.place {
            Place::Unix(path) => path.exists(),
            Place::Tcp { addresses, .. } => {
                addresses.iter().find(|address| address.is_ipv4()).or(addresses.first()).is_some_and(is_taken)
            }
        }
    }
}

/// Bound and not listened on, the address stays free for ssh.
fn is_taken(address: &SocketAddr) -> bool {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    socket
        .and_then(|socket| {
            socket.set_reuseaddr(true)?;
            socket.bind(*address)
        })
        .is_err()
}

/// Open the tunnels, and keep them until somebody ends them.
pub(super) async fn served(
    invocation: &Invocation,
    typed: &str,
    yes: bool,
    flags: &ConnectFlags,
    ready: Vec<(Listener, Listen, Purpose)>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (cloud, mut instance) = target::find(invocation, typed).await?;
    show::ask_for_facts(&cloud, &mut instance).await;
    if let Some(id) = &flags.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let forwarded: Vec<Forwarded> =
        ready.iter().map(|(listener, asked, purpose)| Forwarded::of(listener, asked, purpose.clone())).collect();
    // What keeps them free is let go of for ssh.
    drop(ready);
    let mut arguments: Vec<OsString> =
        ["-N", "-o", "ExitOnForwardFailure=yes", "-o", "ClearAllForwardings=no"].map(OsString::from).into();
    arguments.extend(forwarded.iter().flat_map(Forwarded::arguments));
    let own = Extras::of(flags, connecting::own_program(invocation));
    let extras = Extras { ssh_arguments: arguments, is_quiet: true, only_ssh: true, ..own };
    let prepared = connecting::prepare(invocation, &mut instance, flags).await?;
    let plan = connecting::plan(invocation, &instance, flags, &prepared, &extras)?;
    connecting::confirmed_all(invocation, yes, &plan)?;
    connecting::remember(invocation, &instance);
    let method = plan.method.id();
    let name = instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let _held: Vec<_> =
        forwarded.iter().map(|own| hold(invocation, RunningKind::Tunnel, name.clone(), method, Some(own.shown()))).collect();
    let surroundings = connecting::surroundings(invocation);
    let mut on_event = |event: ConnectEvent| invocation.note(&event.words(&plan.target, &invocation.text));
    let running = guarded(GRACE, connect::run(&plan, &cloud, &surroundings, &mut on_event));
    let outcome = tokio::select! {
        outcome = running => outcome,
        failure = listed(invocation, &instance, &forwarded, out) => Err(failure),
    };
    settled().await;
    match outcome? {
        Guarded::Told(number) => Ok(Exit::of_signal(number)),
        Guarded::Done(Err(error)) => Err(connecting::not_started(invocation, &plan, &error)),
        Guarded::Done(Ok(ended)) => {
            if let Some(number) = ended.told_by {
                return Ok(Exit::of_signal(number));
            }
            connecting::explain(invocation, &plan, &ended);
            Ok(if ended.code == OF_SSH { Exit::Failed } else { Exit::Code(ended.code) })
        }
    }
}

/// Say where they listen, once they do. It ends only where that cannot be said.
async fn listed(invocation: &Invocation, instance: &Instance, forwarded: &[Forwarded], out: &mut dyn Write) -> std::io::Error {
    while !forwarded.iter().all(Forwarded::is_listening) {
        sleep(LOOK).await;
    }
    match written(invocation, instance, forwarded, out).and_then(|()| out.flush()) {
        Ok(()) => pending().await,
        Err(error) => error,
    }
}

fn written(invocation: &Invocation, instance: &Instance, forwarded: &[Forwarded], out: &mut dyn Write) -> std::io::Result<()> {
    let led_to = |own: &Forwarded| match &own.purpose {
        Purpose::Forward(to) => Some(to.to_string()),
        Purpose::Socks => None,
    };
    let row = |own: &Forwarded| {
        let (addresses, socket) = match &own.place {
            Place::Tcp { addresses, .. } => (addresses.iter().map(ToString::to_string).collect(), None),
            Place::Unix(path) => (Vec::new(), Some(path.to_string_lossy().into_owned())),
        };
        let to = led_to(own);
        json!({
            "addresses": addresses,
            "socket": socket,
            "target": instance.id.as_str(),
            "region": instance.place.region.as_str(),
            "kind": if to.is_some() { "forward" } else { "socks" },
            "to": to,
        })
    };
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": 1, "tunnels": forwarded.iter().map(row).collect::<Vec<_>>()})),
        Form::Jsonl => forwarded.iter().try_for_each(|own| write_line(out, &row(own))),
        _ => forwarded.iter().try_for_each(|own| {
            let to = led_to(own).unwrap_or_else(|| "SOCKS5".to_owned());
            writeln!(out, "{} -> {} {to}", own.shown(), instance.shown())
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn an_address_is_taken_once_somebody_listens_and_looking_takes_nothing() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = std::net::TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();

        assert!(is_taken(&address));
        drop(listener);
        assert!(!is_taken(&address));
        assert!(std::net::TcpListener::bind(address).is_ok());
    }
}
