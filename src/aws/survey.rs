//! Everything about one region at once: instances page by page, and beside them what costs calls of its own.

mod networks;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::calls::{DESCRIBE_INSTANCES, PAGE, filter};
use super::nodes::{self, Registered};
use super::pages::{Next, Pages, endless};
use super::{Cloud, Error, call, failure, role_memory, translate};
use crate::model::{
    AccountId, Answer, Denial, Fact, FactKinds, Image, Instance, InstanceId, Oddity, ProfileRole, Region, Untrusted, Why,
};

/// The limit of a whole survey, if no single call may take longer.
const LIMIT: Duration = Duration::from_secs(60);
/// Images asked for at a time, half of the values that EC2 takes in one request.
const IMAGES_AT_A_TIME: usize = 100;
/// Instances that are looked at and asked for at a time: as many as a page holds.
const WISHED_AT_A_TIME: usize = 50;
/// Pages whose names wait to be looked at; more than there are in the largest region we promise.
const PAGES_WAITING: usize = 64;
/// Instance profiles read at a time; the limit of requests to IAM holds besides.
const ROLES_AT_A_TIME: usize = 2;
/// Throttled answers after which the other instance profiles are left for the next survey.
const THROTTLED_AT_MOST: usize = 2;

const INFORMATION: &str = call::DESCRIBE_INSTANCE_INFORMATION.action;
const PROPERTIES: &str = call::DESCRIBE_INSTANCE_PROPERTIES.action;
const IMAGES: &str = call::DESCRIBE_IMAGES.action;
const KEY_PAIRS: &str = call::DESCRIBE_KEY_PAIRS.action;
const IMAGE_METADATA: &str = call::DESCRIBE_INSTANCE_IMAGE_METADATA.action;

/// Why a part of a survey stopped.
enum Stop {
    /// AWS did not tell.
    Failed(Error),
    /// Nobody listens any more.
    Deaf,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Cloud {
    /// List a region and tell what is answered as it comes: each page of instances before the next is asked for, facts beside it.
    ///
    /// Fails only if the list of instances does; what else cannot be read is told as hidden. Ends within 60 seconds, or the time that one call may take if that is longer. Dropping the
    /// future cancels every call; when `out` is closed it ends at once.
    pub async fn survey(&self, region: &Region, kinds: FactKinds, out: mpsc::Sender<Answer>) -> Result<(), Error> {
        let limit = LIMIT.max(self.timeout());
        let survey = Survey { cloud: self, region, out: &out, limit, deadline: Instant::now() + limit };
        let (pages, seen) = mpsc::channel(PAGES_WAITING);
        // Each is as large as the calls in it: side by side on the stack they would be more than it holds.
        let (done, listed) = oneshot::channel();
        let listing = Box::pin(survey.instances(kinds, pages, done));
        let facts = Box::pin(survey.facts(kinds, seen, listed));
        match tokio::try_join!(listing, facts) {
            Ok(_) | Err(Stop::Deaf) => Ok(()),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// The names in a page that further questions are about.
#[derive(Default)]
struct Names {
    profiles: BTreeSet<Untrusted>,
    images: BTreeSet<Untrusted>,
    key_pairs: BTreeSet<Untrusted>,
}

/// What is known when every row was told.
#[derive(Default)]
struct Listed {
    vpcs: BTreeSet<Untrusted>,
    account: Option<AccountId>,
}

/// One survey under way.
#[derive(Clone, Copy)]
struct Survey<'a> {
    cloud: &'a Cloud,
    region: &'a Region,
    out: &'a mpsc::Sender<Answer>,
    limit: Duration,
    deadline: Instant,
}

impl Listed {
    fn see(&mut self, rows: &[Instance]) {
        for row in rows {
            if let Some(vpc) = row.vpc.as_ref().filter(|vpc| !self.vpcs.contains(*vpc)) {
                self.vpcs.insert(vpc.clone());
            }
            if self.account.is_none() {
                self.account.clone_from(&row.account);
            }
        }
    }
}

impl Survey<'_> {
    async fn instances(self, kinds: FactKinds, names: mpsc::Sender<Names>, done: oneshot::Sender<Listed>) -> Result<(), Stop> {
        let mut listed = Listed::default();
        let place = self.cloud.place(self.region);
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let page = self.within(DESCRIBE_INSTANCES, self.cloud.page(self.region, &place, &[], token.take())).await?;
            let next = pages.after(page.token, page.rows.is_empty());
            if page.odd > 0 {
                self.odd("odd-id", DESCRIBE_INSTANCES).await?;
            }
            if kinds.role || kinds.image || kinds.key_pair {
                // Fails only if nobody looks at the names, which is no reason to stop.
                let _ = names.send(names_in(&page.rows, kinds)).await;
            }
            if kinds.paths {
                listed.see(&page.rows);
            }
            self.tell(Answer::Page(page.rows)).await?;
            match next {
                Next::Page(next) => token = Some(next),
                Next::Done => {
                    self.tell(Answer::Listed).await?;
                    // Nobody waits for it where it is not wanted.
                    let _ = done.send(listed);
                    return Ok(());
                }
                // Not listed: what was not seen in half a list may still be there.
                Next::Broken => return self.odd("repeated-page", DESCRIBE_INSTANCES).await,
            }
        }
    }

    async fn facts(
        self,
        kinds: FactKinds,
        mut seen: mpsc::Receiver<Names>,
        listed: oneshot::Receiver<Listed>,
    ) -> Result<(), Stop> {
        let (profiles, all_profiles) = mpsc::channel(PAGES_WAITING);
        let (images, all_images) = mpsc::channel(PAGES_WAITING);
        let (key_pairs, all_key_pairs) = mpsc::channel(PAGES_WAITING);
        let sorting = async move {
            while let Some(names) = seen.recv().await {
                if kinds.role {
                    let _ = profiles.send(names.profiles).await;
                }
                if kinds.image {
                    let _ = images.send(names.images).await;
                }
                if kinds.key_pair {
                    let _ = key_pairs.send(names.key_pairs).await;
                }
            }
            Ok(())
        };
        let ssm = Box::pin(async {
            match (kinds.ssm, kinds.nodes) {
                (true, _) => self.registrations(kinds).await,
                (false, true) => self.nodes_alone().await,
                (false, false) => Ok(()),
            }
        });
        let roles = Box::pin(async { if kinds.role { self.roles(all_profiles).await } else { Ok(()) } });
        let names = Box::pin(async { if kinds.image { self.images(all_images).await } else { Ok(()) } });
        let pairs = Box::pin(async { if kinds.key_pair { self.key_pairs(all_key_pairs).await } else { Ok(()) } });
        let networks = Box::pin(async { if kinds.network { self.networks(kinds, listed).await } else { Ok(()) } });
        tokio::try_join!(sorting, ssm, roles, names, pairs, networks).map(|_| ())
    }

    /// Registrations by the call with large pages, or by the older one where that is denied or unknown.
    async fn registrations(self, kinds: FactKinds) -> Result<(), Stop> {
        let (told, action) = match self.listed_registrations(PROPERTIES, kinds).await {
            Err(Stop::Failed(error)) if is_worth_another_way(&error) => {
                (self.listed_registrations(INFORMATION, kinds).await, INFORMATION)
            }
            told => (told, PROPERTIES),
        };
        match told {
            Ok(()) => self.tell(Answer::SsmListed).await,
            Err(Stop::Failed(error)) => self.tell(Answer::SsmHidden(failure::denial(error, action))).await,
            Err(Stop::Deaf) => Err(Stop::Deaf),
        }
    }

    /// The rows that EC2 does not have, where nobody asks for registrations.
    async fn nodes_alone(self) -> Result<(), Stop> {
        match self.within(INFORMATION, self.cloud.nodes(self.region)).await {
            Ok(nodes) if nodes.is_empty() => Ok(()),
            Ok(nodes) => self.tell(Answer::Nodes(nodes)).await,
            Err(Stop::Failed(error)) => self.tell(Answer::NodesHidden(failure::denial(error, INFORMATION))).await,
            Err(Stop::Deaf) => Err(Stop::Deaf),
        }
    }

    async fn listed_registrations(self, action: &'static str, kinds: FactKinds) -> Result<(), Stop> {
        let mut pages = Pages::default();
        let mut token = None;
        let mut settled = BTreeSet::new();
        loop {
            let (registered, next_token) = self.within(action, self.registrations_page(action, token.take())).await?;
            let next = pages.after(next_token, registered.is_empty());
            let (mut known, mut nodes) = (BTreeMap::new(), Vec::new());
            for one in registered {
                match one {
                    Registered::Instance(id, ssm) => _ = known.insert(id, ssm),
                    Registered::Node(node) => nodes.push(self.cloud.owned(*node)),
                    Registered::Nothing => {}
                }
            }
            settled.extend(known.keys().cloned());
            self.tell(Answer::Ssm(known)).await?;
            if kinds.nodes && !nodes.is_empty() {
                self.tell(Answer::Nodes(nodes)).await?;
            }
            match next {
                Next::Page(next) => {
                    self.wished_registrations(&mut settled).await?;
                    token = Some(next);
                }
                Next::Done => return Ok(()),
                Next::Broken => {
                    self.odd("repeated-page", action).await?;
                    // Not a whole list: what is missing in it may still be registered.
                    return Err(Stop::Failed(endless(action)));
                }
            }
        }
    }

    /// What is looked at and was in no page yet is asked for by its ids, each of them once; what AWS refuses to tell like this comes with
    /// the pages.
    async fn wished_registrations(self, settled: &mut BTreeSet<InstanceId>) -> Result<(), Stop> {
        let place = self.cloud.place(self.region);
        let wished: Vec<InstanceId> =
            self.cloud.wishes().unregistered(&place).difference(settled).take(WISHED_AT_A_TIME).cloned().collect();
        if wished.is_empty() {
            return Ok(());
        }
        settled.extend(wished.iter().cloned());
        match self.within(INFORMATION, self.cloud.registrations_of(self.region, &wished)).await {
            Ok(known) => self.tell(Answer::Ssm(known)).await,
            Err(Stop::Failed(_)) => Ok(()),
            Err(Stop::Deaf) => Err(Stop::Deaf),
        }
    }

    async fn registrations_page(
        self,
        action: &'static str,
        token: Option<String>,
    ) -> Result<(Vec<Registered>, Option<String>), Error> {
        match self.registrations_page_once(action, token.clone()).await {
            Err(error) if error.is_end_of_profile() => self.registrations_page_once(action, token).await,
            told => told,
        }
    }

    async fn registrations_page_once(
        self,
        action: &'static str,
        token: Option<String>,
    ) -> Result<(Vec<Registered>, Option<String>), Error> {
        let place = self.cloud.place(self.region);
        if action == PROPERTIES {
            let asked = self.cloud.ask(self.region, call::DESCRIBE_INSTANCE_PROPERTIES, |clients| {
                clients.ssm.describe_instance_properties().max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            let all = told.instance_properties.unwrap_or_default().into_iter();
            Ok((all.map(|own| nodes::of_property(own, &place)).collect(), told.next_token))
        } else {
            let asked = self.cloud.ask(self.region, call::DESCRIBE_INSTANCE_INFORMATION, |clients| {
                clients.ssm.describe_instance_information().max_results(nodes::PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            let all = told.instance_information_list.unwrap_or_default().into_iter();
            Ok((all.map(|own| nodes::of_information(own, &place)).collect(), told.next_token))
        }
    }

    /// Each instance profile once, two at a time, while pages still come; those of rows that are looked at before the others.
    async fn roles(self, mut pages: mpsc::Receiver<BTreeSet<Untrusted>>) -> Result<(), Stop> {
        let mut known = BTreeSet::new();
        let mut waiting: Vec<Untrusted> = Vec::new();
        let mut asking = FuturesUnordered::new();
        let mut is_listing = true;
        let mut throttled = 0;
        loop {
            while asking.len() < ROLES_AT_A_TIME {
                let Some(profile) = self.cloud.wishes().take_profile(&mut waiting) else { break };
                if throttled >= THROTTLED_AT_MOST && !self.cloud.roles().knows(&profile) {
                    self.tell(Answer::Role { profile, role: hidden(Why::Throttled) }).await?;
                    continue;
                }
                asking.push(async move {
                    let answer = timeout_at(self.deadline, self.cloud.role_of(self.region, &profile)).await;
                    (profile, answer.unwrap_or_else(|_| hidden(Why::Timeout)))
                });
            }
            if !is_listing && asking.is_empty() {
                return Ok(());
            }
            tokio::select! {
                page = pages.recv(), if is_listing => match page {
                    Some(profiles) => waiting.extend(profiles.into_iter().filter(|profile| known.insert(profile.clone()))),
                    None => is_listing = false,
                },
                Some((profile, role)) = asking.next(), if !asking.is_empty() => {
                    throttled += usize::from(role_memory::denial(&role).is_some_and(|denial| denial.why == Why::Throttled));
                    self.tell(Answer::Role { profile, role }).await?;
                }
            }
        }
    }

    /// Image names by the call that knows all instances, or by the images' ids where that is denied or unknown; not again where all are
    /// known: the answer to that call is as long as the list of instances.
    async fn images(self, pages: mpsc::Receiver<BTreeSet<Untrusted>>) -> Result<(), Stop> {
        let memory = self.cloud.images();
        let (told, ids) = if memory.is_empty() {
            // Both at once: the ids must be taken in while the first way is tried, or the pages would wait for it.
            tokio::join!(self.images_of_instances(), collected(pages))
        } else {
            let ids = collected(pages).await;
            if let Some(names) = memory.all(&ids) {
                self.tell(Answer::Images(names)).await?;
                return self.tell(Answer::ImagesListed).await;
            }
            (self.images_of_instances().await, ids)
        };
        let (told, action) = match told {
            Err(Stop::Failed(error)) if is_worth_another_way(&error) => (self.images_by_id(&ids).await, IMAGES),
            told => (told, IMAGE_METADATA),
        };
        match told {
            Ok(()) => {
                memory.asked(&ids);
                self.tell(Answer::ImagesListed).await
            }
            Err(Stop::Failed(error)) => self.tell(Answer::ImagesHidden(failure::denial(error, action))).await,
            Err(Stop::Deaf) => Err(Stop::Deaf),
        }
    }

    async fn images_of_instances(self) -> Result<(), Stop> {
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let asked = self.cloud.ask(self.region, call::DESCRIBE_INSTANCE_IMAGE_METADATA, |clients| {
                clients.ec2.describe_instance_image_metadata().max_results(PAGE).set_next_token(token.take()).send()
            });
            let told = self.within(IMAGE_METADATA, asked).await?;
            let all = told.instance_image_metadata.unwrap_or_default();
            let next = pages.after(told.next_token, all.is_empty());
            let images: BTreeMap<Untrusted, Image> =
                all.into_iter().filter_map(|own| own.image_metadata).filter_map(translate::image_of_metadata).collect();
            self.cloud.images().learn(&images);
            self.tell(Answer::Images(images)).await?;
            match next {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(()),
                Next::Broken => {
                    self.odd("repeated-page", IMAGE_METADATA).await?;
                    return Err(Stop::Failed(endless(IMAGE_METADATA)));
                }
            }
        }
    }

    async fn images_by_id(self, ids: &BTreeSet<Untrusted>) -> Result<(), Stop> {
        let ids: Vec<&Untrusted> = ids.iter().collect();
        for some in ids.chunks(IMAGES_AT_A_TIME) {
            // By filter: one id that is gone would fail a call by ids (docs/access-rules.md 4.1).
            let asked = self.cloud.ask(self.region, call::DESCRIBE_IMAGES, |clients| {
                clients.ec2.describe_images().filters(filter("image-id", some.iter().map(|id| id.raw()))).send()
            });
            let told = self.within(IMAGES, asked).await?;
            let images = told.images.unwrap_or_default().into_iter().filter_map(translate::image).collect();
            self.cloud.images().learn(&images);
            self.tell(Answer::Images(images)).await?;
        }
        Ok(())
    }

    /// The key pairs of each page as it comes: most pages name those of the page before.
    async fn key_pairs(self, mut pages: mpsc::Receiver<BTreeSet<Untrusted>>) -> Result<(), Stop> {
        let mut told = BTreeSet::new();
        while let Some(mut names) = pages.recv().await {
            names.retain(|name| !told.contains(name));
            if names.is_empty() {
                continue;
            }
            match self.within(KEY_PAIRS, self.cloud.key_pairs(self.region, &names)).await {
                Ok(pairs) => self.tell(Answer::KeyPairs(pairs)).await?,
                Err(Stop::Failed(error)) => {
                    return self.tell(Answer::KeyPairsHidden(failure::denial(error, KEY_PAIRS))).await;
                }
                Err(Stop::Deaf) => return Err(Stop::Deaf),
            }
            told.append(&mut names);
        }
        Ok(())
    }

    async fn within<T>(self, action: &'static str, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Stop> {
        match timeout_at(self.deadline, asked).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Stop::Failed(Error::Timeout { action, after: self.limit })),
        }
    }

    async fn tell(self, answer: Answer) -> Result<(), Stop> {
        self.out.send(answer).await.map_err(|_| Stop::Deaf)
    }

    async fn odd(self, code: &'static str, action: &'static str) -> Result<(), Stop> {
        self.tell(Answer::Odd(Oddity { code, action })).await
    }
}

/// Whether the older call may work where the newer one failed: it is denied, or whoever answers does not know it.
fn is_worth_another_way(error: &Error) -> bool {
    matches!(error, Error::Denied { .. } | Error::Service { .. } | Error::Garbled { .. })
}

/// A role that was not read.
fn hidden(why: Why) -> Fact<ProfileRole> {
    Fact::Hidden(Denial { why, action: "iam:GetInstanceProfile", message: None })
}

async fn collected(mut pages: mpsc::Receiver<BTreeSet<Untrusted>>) -> BTreeSet<Untrusted> {
    let mut all = BTreeSet::new();
    while let Some(page) = pages.recv().await {
        all.extend(page);
    }
    all
}

fn names_in(rows: &[Instance], kinds: FactKinds) -> Names {
    let mut names = Names::default();
    for row in rows {
        if let Some(profile) = row.instance_profile.as_ref().filter(|profile| kinds.role && !names.profiles.contains(*profile)) {
            names.profiles.insert(profile.clone());
        }
        if let Some(image) = row.image.as_ref().filter(|image| kinds.image && !names.images.contains(*image)) {
            names.images.insert(image.clone());
        }
        if let Some(name) = row.key_name.as_ref().filter(|name| kinds.key_pair && !names.key_pairs.contains(*name)) {
            names.key_pairs.insert(name.clone());
        }
    }
    names
}
