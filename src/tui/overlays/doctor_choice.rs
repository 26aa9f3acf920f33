//! What a digit does on the doctor's page: shows a fix, finds an address, takes back what was carried out.

use std::sync::Arc;

use super::{FixPreview, Question, Request};
use crate::access::{Ways, key_to_add};
use crate::config::AddressSource;
use crate::fixes::{Fix, offered};
use crate::model::Instance;
use crate::tui::mend_run::{MendRun, of_dashboard};
use crate::tui::world::World;

/// What a digit does, from 1.
pub enum Choice<'w> {
    /// Shows a fix.
    Offer(Fix),
    /// Finds this computer's address.
    FindAddress,
    /// Takes back what was carried out here.
    TakeBack(&'w MendRun),
}

/// What can be chosen: what findings are mended by, the address where it would decide, then what was carried out here and is left.
/// `others`: the instances of the same VPC, if all of them are listed.
pub fn choices<'w>(instance: &Instance, ways: &Ways, world: &'w World, others: Option<&[Arc<Instance>]>) -> Vec<Choice<'w>> {
    let runs = || world.mends.iter().filter(|run| run.fix.instance == instance.id);
    let is_under_way = |fix: &Fix| runs().any(|run| run.fix.id == fix.id && run.stage.is_under_way());
    let key = key_to_add(instance, &world.connect_options(instance), &world.local);
    let offers = offered(instance, ways, others, key.as_ref(), world.now).into_iter().filter(|fix| !is_under_way(fix));
    let left = runs().filter(|run| run.stage.is_left() && run.record.is_some()).map(Choice::TakeBack);
    let may_find = world.settings.doctor.source == AddressSource::Ask && world.found_source.is_none();
    let find = (may_find && ways.wants_source()).then_some(Choice::FindAddress);
    offers.map(|fix| Choice::Offer(of_dashboard(fix))).chain(find).chain(left).collect()
}

impl Choice<'_> {
    /// What is asked of the dashboard when it is chosen: nothing is changed and nobody is asked without a further yes.
    pub fn request(self, world: &World) -> Request {
        match self {
            Self::Offer(fix) if fix.needs_reading() => Request::PrepareFix(Box::new(fix)),
            Self::Offer(fix) => Request::Show(Box::new(FixPreview::new(fix))),
            Self::FindAddress => {
                let service = world.settings.doctor.address_service.to_string();
                let lines = vec![world.say_with("address-question", [("service", &service)])];
                Request::Show(Box::new(Question::new(world.say("address-title"), lines, Request::FindAddress)))
            }
            Self::TakeBack(run) => {
                let region = &run.fix.place.region;
                let lines =
                    run.fix.changes.iter().rev().filter_map(|change| Some(format!("{}  ({region})", change.shown_back()?)));
                let question = Question::new(world.say("mend-take-back-title"), lines.collect(), Request::TakeBack(run.number));
                Request::Show(Box::new(question))
            }
        }
    }
}
