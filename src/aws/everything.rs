//! Everything that AWS tells of one instance, call by call as it comes.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::Timestamp;

use super::Cloud;
use crate::model::{Examination, Fact, Instance, Network, Region, Untrusted};

/// What is told is put where it belongs; what has to be asked next is the answer.
type Told = Box<dyn FnOnce(&mut Instance) -> Option<Question> + Send>;
/// A call, or two that belong together.
pub(super) struct Question(BoxFuture<'static, Told>);

/// What an instance, its VPC, its region and whoever asks are asked about, in two rounds of calls.
pub struct Everything {
    instance: Instance,
    asked: FuturesUnordered<BoxFuture<'static, Told>>,
    told: Timestamp,
}

/// About which instance is asked, and where.
#[derive(Clone)]
pub(super) struct About {
    pub(super) cloud: Cloud,
    pub(super) region: Region,
    pub(super) at: Arc<Instance>,
}

impl Everything {
    /// All questions about an instance. What the whole VPC has in common may have been told before, not long ago.
    pub fn of(cloud: &Cloud, instance: Instance) -> Self {
        let region = instance.place.region.clone();
        let known = instance.vpc.as_ref().and_then(|vpc| cloud.known_networks().get(&region, vpc));
        Self::asked(cloud, instance, known)
    }

    /// All questions, and nothing that was told before.
    pub fn anew(cloud: &Cloud, instance: Instance) -> Self {
        Self::asked(cloud, instance, None)
    }

    fn asked(cloud: &Cloud, mut instance: Instance, known: Option<(Timestamp, Arc<Network>)>) -> Self {
        let about = About { cloud: cloud.hurried(), region: instance.place.region.clone(), at: Arc::new(instance.clone()) };
        instance.examination = Some(Arc::default());
        let told = known.as_ref().map_or_else(Timestamp::now, |(told, _)| *told);
        let asked = about.of_instance().into_iter().chain(about.of_examination());
        let network = match known {
            Some((_, network)) => {
                instance.network = Fact::Known(network);
                None
            }
            None => Some(about.of_network()),
        };
        Self { asked: asked.chain(network).map(|question| question.0).collect(), instance, told }
    }

    /// The instance, with what was told since; `None`: everything is told.
    pub async fn next(&mut self) -> Option<&Instance> {
        let told = self.asked.next().await?;
        self.asked.extend(told(&mut self.instance).map(|question| question.0));
        Some(&self.instance)
    }

    /// As much as was told, and when the oldest of it was.
    pub fn into_parts(self) -> (Instance, Timestamp) {
        (self.instance, self.told)
    }
}

/// The part of an instance that is told of it where it is examined.
pub(super) fn examined(instance: &mut Instance) -> &mut Examination {
    Arc::make_mut(instance.examination.get_or_insert_default())
}

impl About {
    /// Ask, and put the answer where it belongs.
    pub(super) fn ask<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
        &self,
        asked: impl FnOnce(Self) -> F,
        put: impl FnOnce(&mut Instance, T) + Send + 'static,
    ) -> Question {
        self.ask_and_go_on(asked, |instance, answer| {
            put(instance, answer);
            None
        })
    }

    /// The same where the answer may lead to another question.
    pub(super) fn ask_and_go_on<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
        &self,
        asked: impl FnOnce(Self) -> F,
        put: impl FnOnce(&mut Instance, T) -> Option<Question> + Send + 'static,
    ) -> Question {
        let asked = asked(self.clone());
        Question(Box::pin(async move {
            let answer = asked.await;
            Box::new(move |instance: &mut Instance| put(instance, answer)) as Told
        }))
    }

    /// What a list asks of its rows, too, and of its channel and its console.
    fn of_instance(&self) -> Vec<Question> {
        let role_of = |about: Self| async move {
            match &about.at.instance_profile {
                Some(profile) => about.cloud.role_of(&about.region, profile).await,
                None => Fact::Pending,
            }
        };
        let serial_of = |about: Self| async move {
            if about.at.id.is_hybrid() { about.at.serial.clone() } else { about.cloud.serial_of(&about.region, &about.at).await }
        };
        vec![
            self.ask(|about| async move { about.cloud.ssm_of(&about.region, &about.at.id).await }, |own, told| own.ssm = told),
            self.ask(role_of, |own, told| own.role = told),
            self.ask(
                |about| async move { about.cloud.image_of(&about.region, &about.at).await },
                |own, told| own.image_name = told,
            ),
            self.ask(
                |about| async move { about.cloud.key_pair_of(&about.region, &about.at).await },
                |own, told| own.key_pair = told,
            ),
            self.ask(
                |about| async move { about.cloud.channel_of(&about.region, &about.at.id).await },
                |own, told| own.channel = told,
            ),
            self.ask(serial_of, |own, told| own.serial = told),
        ]
    }

    /// What the VPC has and lets through, and then what is named there.
    fn of_network(&self) -> Question {
        let (about, told) = (self.clone(), Timestamp::now());
        self.ask_and_go_on(
            |about| async move { about.cloud.whole_network_of(&about.region, &about.at).await },
            move |instance, network| {
                let next = match (&network, &about.at.vpc) {
                    (Fact::Known(network), Some(vpc)) => Some(about.of_names(vpc.clone(), network.clone(), told)),
                    _ => None,
                };
                instance.network = network.map(Arc::new);
                next
            },
        )
    }

    /// What a VPC names is asked as soon as it is known; everything else waits for nothing.
    /// `told`: when it was asked about.
    fn of_names(&self, vpc: Untrusted, network: Network, told: Timestamp) -> Question {
        let asked = move |about: Self| async move {
            let network = Arc::new(about.cloud.named_in(&about.region, &vpc, network).await);
            about.cloud.known_networks().learn(&about.region, &vpc, told, &network);
            network
        };
        self.ask(asked, |instance, network| instance.network = Fact::Known(network))
    }
}
