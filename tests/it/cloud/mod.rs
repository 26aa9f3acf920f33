//! The real SDK against the simulated cloud: what is heard, and what each refusal comes to.

mod answers;
mod credentials;
mod instances;
mod networks;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use ec2dash::aws::{Cloud, Environment, Errand, Error, Everything, Options};
use ec2dash::model::{
    AllowedPrograms, Answer, Denial, Fact, FactKinds, Generation, Grant, Instance, InstanceId, Inventory, Oddity, Place, Region,
    SsmStatus, Target, Untrusted, Why,
};
use ec2dash_sim::{Fault, FleetSource, Sim};
use jiff::Timestamp;
use tokio::sync::mpsc;

const SEOUL: &str = "ap-northeast-2";
/// An ed25519 public key as long as the service demands.
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";

/// What a denied call hides, and by which action the user is told.
enum Hides {
    Nothing,
    Ssm(&'static str),
    Role(&'static str),
    Grant(&'static str),
    Images(&'static str),
    Pairs(&'static str),
}

/// What a survey told.
struct Survey {
    inventory: Inventory,
    oddities: Vec<Oddity>,
}

impl Survey {
    /// Rows by name, or by id.
    fn rows(&self) -> BTreeMap<String, Instance> {
        let name = |row: &Instance| row.name().map_or_else(|| row.id.to_string(), |name| name.raw().to_owned());
        self.inventory.rows().iter().map(|row| (name(row), (**row).clone())).collect()
    }
}

async fn demo(faults: &[&str]) -> Sim {
    start(FleetSource::Demo, faults).await
}

async fn generated(instances: usize, faults: &[&str]) -> Sim {
    start(FleetSource::Generated { instances, regions: vec![SEOUL.to_owned()], seed: 1 }, faults).await
}

async fn start(fleet: FleetSource, faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
    Sim::start(ec2dash_sim::Options { fleet, faults, ..ec2dash_sim::Options::default() }).await.unwrap()
}

fn options() -> Options {
    Options {
        profile: None,
        region: None,
        timeout: Duration::from_secs(15),
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    }
}

fn variables(sim: &Sim) -> BTreeMap<String, String> {
    sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn open(sim: &Sim, change: impl FnOnce(&mut Options)) -> Result<Cloud, Error> {
    let mut options = options();
    change(&mut options);
    Cloud::open_in(&options, Environment::new(variables(sim))).await
}

async fn cloud(sim: &Sim) -> Cloud {
    open(sim, |_| ()).await.unwrap()
}

async fn survey(cloud: &Cloud, kinds: FactKinds) -> Result<Survey, Error> {
    survey_of(cloud, SEOUL, kinds).await
}

async fn survey_of(cloud: &Cloud, region: &str, kinds: FactKinds) -> Result<Survey, Error> {
    let region: Region = region.parse().unwrap();
    let place = Place { profile: cloud.profile().cloned(), region: region.clone() };
    let mut inventory = Inventory::default();
    inventory.begin(&place, Generation(1), Timestamp::UNIX_EPOCH);
    let mut oddities = Vec::new();
    let (out, mut heard) = mpsc::channel(64);
    let listening = async {
        while let Some(told) = heard.recv().await {
            match told {
                Answer::Odd(odd) => oddities.push(odd),
                answer => assert!(inventory.take_in(&place, Generation(1), answer, Timestamp::UNIX_EPOCH)),
            }
        }
    };
    let (outcome, ()) = tokio::join!(cloud.survey(&region, kinds, out), listening);
    outcome.map(|()| Survey { inventory, oddities })
}

fn actions(sim: &Sim) -> BTreeSet<String> {
    sim.calls().into_iter().map(|call| call.action).collect()
}

fn count(sim: &Sim, action: &str) -> usize {
    sim.calls().iter().filter(|call| call.action == action).count()
}

fn write(home: &Path, credentials: &str) {
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/credentials"), credentials).unwrap();
}
