//! Opens profiles, and lists their places.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Report, Runtime, shown_endpoint};
use crate::aws::{self, Cloud};
use crate::config::Recalled;
use crate::model::{AllowedPrograms, Answer, FactKinds, Generation, Instance, Place, ProfileName, Region};
use crate::tui::message::{Message, Opened};

/// Pages of one survey that may wait: of seventeen regions each has some, and a page is a megabyte and more.
const PAGES_WAITING: usize = 1;
/// Most rows that are told in one go.
const PIECE: usize = 200;

impl Runtime {
    pub(super) fn open(
        &mut self,
        generation: Generation,
        profile: Option<ProfileName>,
        region: Option<Region>,
        programs: AllowedPrograms,
    ) {
        let neighbours = self.neighbours.clone();
        let options = aws::Options {
            programs,
            profile: profile.map(|profile| profile.raw().to_owned()),
            region: region.or_else(|| self.options.region.clone()),
            ..self.options.clone()
        };
        let memory = self.memory.clone();
        let (out, turns) = (self.out.clone(), Arc::clone(&self.turns_to_identify));
        let task = self.spawn(async move {
            let cloud = match Box::pin(Cloud::open_among(&options, &neighbours)).await {
                Ok(cloud) => cloud,
                Err(error) => return Some(Report::Opened(generation, Err(error))),
            };
            let profile = cloud.profile().cloned();
            let mut region = cloud.region().cloned();
            if region.is_none() || cloud.has_region_of_portal() {
                let name = profile.as_ref().map(|profile| profile.raw().to_owned());
                let read = tokio::task::spawn_blocking(move || memory.read().0.region(name.as_deref()));
                region = read.await.ok().flatten().or(region);
            }
            let endpoint = cloud.custom_endpoint().map(shown_endpoint);
            let opened = Opened { profile, region, endpoint, needs_no_profile: cloud.needs_no_profile() };
            let asked = cloud.clone();
            out.send(Report::Opened(generation, Ok((cloud, opened)))).await.ok()?;
            let _turn = turns.acquire().await.ok()?;
            Some(Report::Identified(generation, Box::pin(asked.identity()).await))
        });
        self.asking.push(task);
    }

    pub(super) fn survey(&mut self, generation: Generation, place: Place, is_first: bool) {
        let Some(cloud) = self.clouds.of(&place).cloned() else { return };
        let recall = (is_first && self.recalled.insert(place.clone())).then(|| self.recall(generation, &place, &cloud));
        let (out, turns) = (self.out.clone(), Arc::clone(&self.turns_to_list));
        let kinds = FactKinds { paths: self.settings.doctor.network, ..FactKinds::ALL };
        let task = self.spawn(async move {
            let (pages, mut answers) = mpsc::channel(PAGES_WAITING);
            let forward = async {
                if let Some(recall) = recall {
                    for message in recall.await {
                        if out.send(Report::Message(message)).await.is_err() {
                            return;
                        }
                    }
                }
                while let Some(answer) = answers.recv().await {
                    for answer in in_pieces(answer) {
                        let message = Message::Answered { generation, place: place.clone(), answer };
                        if out.send(Report::Message(message)).await.is_err() {
                            return;
                        }
                    }
                }
            };
            let listing = async {
                let _turn = turns.acquire().await;
                Box::pin(cloud.survey(&place.region, kinds, pages)).await
            };
            let (result, ()) = tokio::join!(listing, forward);
            Some(Report::Surveyed(generation, place, result))
        });
        self.asking.retain(|task| !task.is_finished());
        self.asking.push(task);
    }

    /// What an earlier run was told of a place.
    fn recall(&self, generation: Generation, place: &Place, cloud: &Cloud) -> impl Future<Output = Vec<Message>> + Send + use<> {
        let (cache, place, mark, text) = (self.cache.clone(), place.clone(), cloud.mark(), Arc::clone(&self.text));
        async move {
            let of = place.clone();
            let read = tokio::task::spawn_blocking(move || cache.read(&of, &mark)).await;
            match read {
                Ok(Ok(Some(Recalled { rows, told }))) => {
                    let pieces = split(rows).into_iter();
                    let message =
                        |rows| Message::Recalled { generation, place: place.clone(), recalled: Recalled { rows, told } };
                    pieces.map(message).collect()
                }
                Ok(Err(unusable)) => vec![Message::Remark(text.say_with(unusable.key(), &[("place", place.to_string().into())]))],
                Ok(Ok(None)) | Err(_) => Vec::new(),
            }
        }
    }

    pub(super) fn list_regions(&mut self, generation: Generation, profile: Option<&ProfileName>) {
        let Some(cloud) = self.clouds.iter().find(|cloud| cloud.profile() == profile).cloned() else { return };
        let task = self.spawn(async move {
            let told = cloud.enabled_regions().await;
            let regions =
                told.map(|regions| regions.into_iter().map(|region| (region.name.clone(), region.is_enabled())).collect());
            Some(Report::Regions(generation, regions))
        });
        self.asking.push(task);
    }
}

/// Rows in pieces that are soon taken in: a key does not wait for a thousand of them.
fn split(mut rows: Vec<Instance>) -> Vec<Vec<Instance>> {
    let mut pieces = Vec::with_capacity(rows.len().div_ceil(PIECE));
    while rows.len() > PIECE {
        pieces.push(rows.split_off(rows.len() - PIECE));
    }
    pieces.push(rows);
    pieces.reverse();
    pieces
}

fn in_pieces(answer: Answer) -> Vec<Answer> {
    match answer {
        Answer::Page(rows) => split(rows).into_iter().map(Answer::Page).collect(),
        answer => vec![answer],
    }
}
