//! `sim`: the simulated cloud for other programs, until somebody ends it.

use std::io::Write;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::args::Simulation;
use super::invocation::Invocation;
use super::{Exit, Failure, demo};
use ec2dash_sim::{FleetSource, Options, PowerTimes, Sim};

const LONG_REBOOT: Duration = Duration::from_secs(10);

/// `ec2dash sim`: prints what another program needs in its environment when all ports listen, and nothing else.
pub async fn sim(invocation: &Invocation, simulation: &Simulation, out: &mut dyn Write) -> Result<Exit, Failure> {
    // Before anything is made: a signal from now on must find somebody who removes it.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let sim = Sim::start(options(simulation)).await.map_err(|error| demo::failed(&error, &invocation.text))?;
    for (name, value) in sim.environment() {
        writeln!(out, "export {name}={value}")?;
    }
    out.flush()?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    sim.stop().await;
    Ok(Exit::Done)
}

fn options(simulation: &Simulation) -> Options {
    let fleet = match (&simulation.fleet, simulation.instances) {
        (Some(path), _) => FleetSource::File(path.clone()),
        (None, Some(instances)) => {
            let regions = simulation.spread.iter().map(ToString::to_string).collect();
            FleetSource::Generated { instances, regions, seed: simulation.seed }
        }
        (None, None) => FleetSource::Demo,
    };
    let agents = simulation.agent.unwrap_or_default();
    let usual = PowerTimes::default();
    // Who goes without a word is missed only when it stays away for a while.
    let registering = if agents.reboots_silently { LONG_REBOOT } else { usual.registering };
    Options {
        port: simulation.port,
        fleet,
        faults: simulation.faults.clone(),
        agents,
        power: PowerTimes { registering, ..usual },
        accounts: simulation.accounts,
        sign_in: simulation.sign_in.unwrap_or_default(),
        tls: simulation.tls,
        tells_host_keys: simulation.host_keys,
        windows_sshd: simulation.windows_sshd,
        ..Options::default()
    }
}
