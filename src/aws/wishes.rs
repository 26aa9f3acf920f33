//! What somebody looks at just now: what costs calls of its own is asked for it before the rest.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::locked::locked;
use crate::model::{Fact, Instance, InstanceId, Place, Untrusted};

/// The rows on the screen, for every survey under way. A clone shares what the original has.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes(Arc<Mutex<Vec<Arc<Instance>>>>);

impl Wishes {
    /// These rows are looked at, and none else.
    pub(super) fn look_at(&self, rows: Vec<Arc<Instance>>) {
        *locked(&self.0) = rows;
    }

    /// Which of these instance profiles is asked for next: that of the uppermost row that has one of them, else the last.
    pub(super) fn take_profile(&self, waiting: &mut Vec<Untrusted>) -> Option<Untrusted> {
        let rows = locked(&self.0);
        let wished = rows.iter().filter_map(|row| row.instance_profile.as_ref());
        let at = wished.filter_map(|profile| waiting.iter().position(|one| one == profile)).next();
        at.map(|at| waiting.swap_remove(at)).or_else(|| waiting.pop())
    }

    /// Instances of a place whose registration nobody knows yet.
    pub(super) fn unregistered(&self, place: &Place) -> BTreeSet<InstanceId> {
        let rows = locked(&self.0);
        let wished = rows.iter().filter(|row| *row.place == *place && !row.id.is_hybrid() && !matches!(row.ssm, Fact::Known(_)));
        wished.map(|row| row.id.clone()).collect()
    }
}

#[cfg(test)]
#[cfg(feature = "demo")]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use ec2dash_sim::{FleetSource, Sim};
    use tokio::sync::mpsc;

    use super::super::{Cloud, Environment, Options};
    use super::*;
    use crate::model::{AllowedPrograms, Answer, FactKinds, Region, SsmStatus};

    const REGION: &str = "ap-northeast-2";

    async fn sim(fleet: FleetSource, fault: &str) -> Sim {
        let faults = Some(fault).filter(|fault| !fault.is_empty()).map(|fault| fault.parse().unwrap()).into_iter().collect();
        Sim::start(ec2dash_sim::Options { fleet, faults, ..ec2dash_sim::Options::default() }).await.unwrap()
    }

    async fn cloud(sim: &Sim) -> Cloud {
        let variables: BTreeMap<String, String> =
            sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let options = Options {
            profile: None,
            region: None,
            timeout: Duration::from_secs(15),
            version: "0",
            programs: AllowedPrograms::default(),
            roles: Default::default(),
            sessions: Default::default(),
        };
        Cloud::open_in(&options, Environment::new(variables)).await.unwrap()
    }

    async fn answers(cloud: &Cloud, kinds: FactKinds) -> Vec<Answer> {
        let (out, mut heard) = mpsc::channel(64);
        let region: Region = REGION.parse().unwrap();
        let listening = async {
            let mut all = Vec::new();
            while let Some(answer) = heard.recv().await {
                all.push(answer);
            }
            all
        };
        let (outcome, all) = tokio::join!(cloud.survey(&region, kinds, out), listening);
        outcome.unwrap();
        all
    }

    async fn rows(cloud: &Cloud) -> Vec<Arc<Instance>> {
        let pages = answers(cloud, FactKinds::NONE).await.into_iter();
        let rows = pages.filter_map(|answer| if let Answer::Page(rows) = answer { Some(rows) } else { None });
        rows.flatten().map(Arc::new).collect()
    }

    fn registrations(answers: &[Answer]) -> Vec<&BTreeMap<InstanceId, crate::model::Ssm>> {
        answers.iter().filter_map(|answer| if let Answer::Ssm(known) = answer { Some(known) } else { None }).collect()
    }

    #[tokio::test]
    async fn the_registration_of_what_is_looked_at_does_not_wait_for_every_page() {
        let fleet = FleetSource::Generated { instances: 230, regions: vec![REGION.to_owned()], seed: 1 };
        let sim = sim(fleet, "ssm:DescribeInstanceProperties=deny").await;
        let cloud = cloud(&sim).await;
        let rows = rows(&cloud).await;
        let first = answers(&cloud, FactKinds::ALL).await;
        let pages = registrations(&first);
        let last = pages.last().unwrap().keys().next_back().unwrap();
        let missing = rows.iter().find(|row| pages.iter().all(|page| !page.contains_key(&row.id))).unwrap();
        let wished = vec![Arc::clone(rows.iter().find(|row| row.id == *last).unwrap()), Arc::clone(missing)];

        cloud.wishes().look_at(wished);
        let second = answers(&cloud, FactKinds::ALL).await;

        let told = registrations(&second);
        let [told_ids, page_ids] =
            [&told, &pages].map(|all| all.iter().map(|page| page.keys().collect()).collect::<Vec<BTreeSet<_>>>());
        assert_eq!(told_ids[0], page_ids[0]);
        assert_eq!(told_ids[1], BTreeSet::from([last, &missing.id]), "before the second page");
        assert_eq!(told[1][&missing.id].status, SsmStatus::Unmanaged, "AWS was asked for it, and told nothing of it");
        assert_eq!(told_ids[2..], page_ids[1..], "each is asked for once, and the pages come as ever");
    }

    #[tokio::test]
    async fn a_registration_that_is_known_is_not_asked_for_by_itself() {
        let fleet = FleetSource::Generated { instances: 230, regions: vec![REGION.to_owned()], seed: 1 };
        let sim = sim(fleet, "ssm:DescribeInstanceProperties=deny").await;
        let cloud = cloud(&sim).await;
        let known = rows(&cloud).await.into_iter().map(|row| {
            let ssm = Fact::Known(crate::model::Ssm::unmanaged());
            Arc::new(Instance { ssm, ..(*row).clone() })
        });
        cloud.wishes().look_at(known.collect());

        let all = answers(&cloud, FactKinds::ALL).await;

        let asked = sim.calls().into_iter().filter(|call| call.action == "ssm:DescribeInstanceInformation").count();
        assert_eq!(asked, registrations(&all).len());
        assert!(registrations(&all).iter().all(|page| page.values().all(|ssm| ssm.status != SsmStatus::Unmanaged)));
    }

    #[tokio::test]
    async fn instance_profiles_of_what_is_looked_at_are_read_first() {
        let sim = sim(FleetSource::Demo, "").await;
        for at in 0.. {
            // A cloud of its own for each: what was read is kept.
            let cloud = cloud(&sim).await;
            let rows = rows(&cloud).await;
            let profiles: BTreeSet<&Untrusted> = rows.iter().filter_map(|row| row.instance_profile.as_ref()).collect();
            let Some(wished) = profiles.iter().nth(at) else {
                assert!(at > 3, "the fleet has too few instance profiles to tell");
                break;
            };
            cloud.wishes().look_at(rows.iter().filter(|row| row.instance_profile.as_ref() == Some(wished)).cloned().collect());

            let all = answers(&cloud, FactKinds::ALL).await;

            let read =
                all.iter().filter_map(|answer| if let Answer::Role { profile, .. } = answer { Some(profile) } else { None });
            // Two are under way at a time.
            assert!(read.clone().take(2).any(|profile| profile == *wished), "{wished:?} among {:?}", read.collect::<Vec<_>>());
        }
    }
}
