//! `sim`: the simulated cloud for other programs, until somebody ends it.

use std::io::Write;

use tokio::signal::unix::{SignalKind, signal};

use super::args::Simulation;
use super::invocation::Invocation;
use super::{Exit, Failure, demo};
use ec2dash_sim::{FleetSource, Options, Sim};

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
    Options {
        port: simulation.port,
        fleet,
        faults: simulation.faults.clone(),
        agents: simulation.agent.unwrap_or_default(),
        accounts: simulation.accounts,
        sign_in: simulation.sign_in.unwrap_or_default(),
        tls: simulation.tls,
        tells_host_keys: simulation.host_keys,
        ..Options::default()
    }
}
