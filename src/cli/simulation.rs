//! `sim`: the simulated cloud for other programs, until somebody ends it.

use std::io::Write;

use tokio::signal::unix::{SignalKind, signal};

use super::args::Simulation;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::model::Untrusted;
use crate::text::Catalogue;
use ec2dash_sim::{FleetSource, Options, Sim};

/// `ec2dash sim`: prints what another program needs in its environment when all ports listen, and nothing else.
pub async fn sim(invocation: &Invocation, simulation: &Simulation, out: &mut dyn Write) -> Result<Exit, Failure> {
    // Before anything is made: a signal from now on must find somebody who removes it.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let sim = Sim::start(options(simulation)).await.map_err(|error| failed(&error, &invocation.text))?;
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
        ..Options::default()
    }
}

/// What kept the simulated cloud from starting, with every cause on its own line.
pub fn failed(error: &ec2dash_sim::Error, text: &Catalogue) -> Failure {
    let values = [("cause", Untrusted::from(error.to_string()).shown_in(300).into())];
    let mut failure = Failure::new("sim", Exit::Failed, text, &values);
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        failure.why.push(Untrusted::from(source.to_string()).shown_in(300));
        cause = source.source();
    }
    failure
}
