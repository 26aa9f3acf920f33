//! All rows of all places, and how answers change them.

mod answers;
mod index;
mod tally;
mod twins;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use self::answers::Answers;
use self::index::Index;
pub use self::tally::Lacking;
use self::tally::Tally;
use super::{AccountId, Answer, Denial, Fact, Instance, InstanceId, Place, ProfileName, Ssm, Why};

/// Which asking an answer belongs to. An answer of an older one is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub u64);

/// How far the listing of one place is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The asking whose answers count.
    pub generation: Generation,
    /// When it was begun.
    pub begun: Timestamp,
    /// When the last complete list of instances was read.
    pub updated: Option<Timestamp>,
    /// Whether it was given up, or has come to its end: nothing counts any more that comes late.
    pub is_over: bool,
    /// Whether pages are still to come.
    pub is_loading: bool,
    /// Whether registrations are still to come.
    pub ssm_is_loading: bool,
    /// Registrations received in this asking.
    pub ssm_received: usize,
    /// Rows received in this asking.
    pub received: usize,
}

/// Every row we know, in the order of first sight.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    rows: Vec<Arc<Instance>>,
    index: Index,
    tally: Tally,
    listings: BTreeMap<Place, Listing>,
    answers: BTreeMap<Place, Answers>,
    /// Rows of an earlier run that AWS has not answered about in this one, and when they were told.
    old: HashMap<InstanceId, Timestamp>,
    changes: u64,
    untaken: Changes,
    /// By which place an instance is to be seen that several list, where somebody chose one.
    chosen: HashMap<InstanceId, Place>,
    /// The account of each profile, as far as rows or AWS's word on who we are have told it.
    accounts: BTreeMap<Option<ProfileName>, AccountId>,
}

/// What has changed since somebody last asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// First: each time that rows went, the new place of every row by its old one.
    pub moves: Vec<Vec<Option<usize>>>,
    /// Then: the places of rows that came or changed; one may be named more than once.
    pub touched: Vec<usize>,
    /// The places of rows whose agent, online as before, was heard again: no judgement, order or filter looks at that.
    pub heard: Vec<usize>,
}

impl Inventory {
    /// All rows. A row is replaced, never changed: a clone of its `Arc` stays what it was.
    pub fn rows(&self) -> &[Arc<Instance>] {
        &self.rows
    }

    /// The rows that one place has listed.
    pub fn rows_of(&self, place: &Place) -> impl Iterator<Item = &Arc<Instance>> {
        self.index.of_place(place).into_iter().filter_map(|at| self.rows.get(at))
    }

    /// How often rows came, changed or went: the same number, the same rows.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The row of an instance.
    pub fn row(&self, id: &InstanceId) -> Option<&Arc<Instance>> {
        self.index.place(id).and_then(|place| self.rows.get(place))
    }

    /// When a row was told that AWS has not answered about in this run.
    pub fn told(&self, id: &InstanceId) -> Option<Timestamp> {
        self.old.get(id).copied()
    }

    /// When the oldest of such rows was told, if there are any.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.old.values().min().copied()
    }

    /// Show what an earlier run was told of a place, until AWS answers: row by row what it tells now takes its place. `false`: the answer
    /// was quicker.
    pub fn recall(&mut self, place: &Place, generation: Generation, rows: Vec<Instance>, told: Timestamp) -> bool {
        let waits = |listing: &&Listing| listing.generation == generation && listing.updated.is_none() && listing.is_loading;
        if self.listings.get(place).filter(waits).is_none() {
            return false;
        }
        for row in rows {
            if self.index.place(&row.id).is_none() {
                let id = row.id.clone();
                self.replace(row);
                self.old.insert(id, told);
            }
        }
        true
    }

    /// What has changed since this was last called.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.untaken)
    }

    /// What AWS does not tell, for all rows together.
    pub fn lacking(&self) -> impl Iterator<Item = Lacking> + '_ {
        self.tally.lacking()
    }

    /// How far a place is, if it was ever asked.
    pub fn listing(&self, place: &Place) -> Option<&Listing> {
        self.listings.get(place)
    }

    /// All places that were asked.
    pub fn listings(&self) -> impl Iterator<Item = (&Place, &Listing)> {
        self.listings.iter()
    }

    /// Say that `place` is asked again: from now only answers of `generation` count. Old rows stay until they are replaced.
    pub fn begin(&mut self, place: &Place, generation: Generation, now: Timestamp) {
        let old = self.listings.get(place);
        let (updated, begun) = (old.and_then(|listing| listing.updated), old.map(|listing| listing.begun));
        let listing = Listing {
            generation,
            begun: now,
            updated,
            is_over: false,
            is_loading: true,
            ssm_is_loading: true,
            ssm_received: 0,
            received: 0,
        };
        self.listings.insert(place.clone(), listing);
        let before = self.answers.remove(place).unwrap_or_default();
        self.answers.insert(place.clone(), before.again(begun));
        // What nobody waited for is waited for again.
        let is_unasked = |denial: Option<&Denial>| denial.is_some_and(|denial| denial.why == Why::Unasked);
        self.change_all(place, |row| is_unasked(row.ssm.denial()).then_some(()), |row, ()| row.ssm = Fact::Pending);
        self.change_all(place, |row| is_unasked(row.image_name.denial()).then_some(()), |row, ()| row.image_name = Fact::Pending);
        self.change_all(place, |row| is_unasked(row.network.denial()).then_some(()), |row, ()| row.network = Fact::Pending);
    }

    /// Stop waiting for a place: what was heard stays, nothing more is on its way, and what was never answered is not pending for ever.
    pub fn give_up(&mut self, place: &Place, generation: Generation) {
        let Some(listing) = self.listings.get_mut(place).filter(|listing| listing.generation == generation) else { return };
        (listing.is_over, listing.is_loading, listing.ssm_is_loading) = (true, false, false);
        let ssm = |row: &Instance| row.ssm.is_pending().then(|| unasked("ssm:DescribeInstanceProperties"));
        self.change_all(place, ssm, |row, denial| row.ssm = Fact::Hidden(denial));
        let is_nameless = |row: &Instance| row.image_name.is_pending() && row.image.is_some();
        let image = |row: &Instance| is_nameless(row).then(|| unasked("ec2:DescribeInstanceImageMetadata"));
        self.change_all(place, image, |row, denial| row.image_name = Fact::Hidden(denial));
        let is_untold = |row: &Instance| row.network.is_pending() && row.vpc.is_some();
        let network = |row: &Instance| is_untold(row).then(|| unasked("ec2:DescribeInstanceConnectEndpoints"));
        self.change_all(place, network, |row, denial| row.network = Fact::Hidden(denial));
    }

    /// As [`Self::give_up`] for a place that cannot be listed: what another profile lists, too, is that one's from now on.
    pub fn fail(&mut self, place: &Place, generation: Generation, now: Timestamp) {
        self.give_up(place, generation);
        if let Some(answers) = self.answers.get_mut(place) {
            answers.fail();
        }
        self.hand_over(place, now);
    }

    /// Forget everything.
    pub fn clear(&mut self) {
        self.listings.clear();
        self.answers.clear();
        self.old.clear();
        self.chosen.clear();
        self.accounts.clear();
        self.retain(|_| false);
    }

    /// Forget a place and its rows.
    pub fn forget(&mut self, place: &Place) {
        self.listings.remove(place);
        self.answers.remove(place);
        self.retain(|row| *row.place != *place);
    }

    /// Take in an answer. `false`: it belongs to an asking that is over, and changed nothing.
    pub fn take_in(&mut self, place: &Place, generation: Generation, answer: Answer, now: Timestamp) -> bool {
        let counts = |listing: &&mut Listing| listing.generation == generation && !listing.is_over;
        let Some(listing) = self.listings.get_mut(place).filter(counts) else {
            return false;
        };
        let Some(mut answers) = self.answers.remove(place) else { return false };
        let is_denied = answers.note_denial(&answer);
        match answer {
            Answer::Page(instances) => {
                listing.received += instances.len();
                if let Some(account) = instances.first().and_then(|instance| instance.account.clone()) {
                    self.know_account(place.profile.as_ref(), &account);
                }
                for mut instance in instances {
                    let old = self.index.place(&instance.id).and_then(|place| self.rows.get(place));
                    if old.is_some_and(|old| *old.place != *place && !self.yields(&instance.id, &old.place, place, &answers)) {
                        answers.see(&instance.id);
                        continue;
                    }
                    answers.dress(&mut instance, old.map(|row| &**row), now);
                    self.replace(instance);
                }
            }
            Answer::Listed => {
                listing.is_loading = false;
                listing.updated = Some(now);
                answers.forget_before();
                self.retain_of(place, |row| row.id.is_hybrid() || answers.has_seen(&row.id));
            }
            Answer::Nodes(nodes) => {
                listing.ssm_received += nodes.len();
                for mut node in nodes {
                    node.account = node.account.or_else(|| self.accounts.get(&place.profile).cloned());
                    answers.see(&node.id);
                    let old = self.row(&node.id);
                    if old.is_some_and(|old| *old.place != *place && !self.yields(&node.id, &old.place, place, &answers)) {
                        continue;
                    }
                    self.replace(node);
                }
            }
            Answer::Ssm(known) => {
                listing.ssm_received += known.len();
                for (id, ssm) in known {
                    self.register(&id, place, &ssm);
                    answers.register(id, ssm, now);
                }
            }
            Answer::SsmListed => {
                listing.ssm_is_loading = false;
                answers.end_registrations(Fact::Known(()), now);
                self.retain_of(place, |row| !row.id.is_hybrid() || answers.has_seen(&row.id));
                self.change_all(place, |row| answers.ssm_of(row, now), |row, ssm| row.ssm = ssm);
            }
            Answer::SsmHidden(denial) => {
                listing.ssm_is_loading = false;
                answers.end_registrations(Fact::Hidden(denial), now);
                self.change_all(place, |row| answers.ssm_of(row, now), |row, ssm| row.ssm = ssm);
            }
            Answer::Role { profile, role } => {
                let told = answers.role_told(&profile, now);
                let places = self.index.with_profile(&profile);
                let new = |row: &Instance| answers::role_after(&row.role, &role, told);
                self.change_those(places, place, new, |row, role| row.role = role);
                answers.take_role(profile, role, now);
            }
            Answer::Images(names) => {
                let places = self.index.with_images(answers.name_images(names, now).iter());
                self.change_those(places, place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
            Answer::ImagesListed => {
                answers.end_images(Fact::Known(()), now);
                self.change_all(place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
            Answer::Networks { of, others } => {
                answers.take_networks(of, &others, now);
                self.change_all(place, |row| answers.network_of(row, now), |row, network| row.network = network);
            }
            Answer::KeyPairs(pairs) => {
                answers.take_key_pairs(pairs);
                self.change_all(place, |row| answers.key_pair_of(row, now), |row, pair| row.key_pair = pair);
            }
            Answer::KeyPairsHidden(denial) => {
                answers.hide_key_pairs(denial);
                self.change_all(place, |row| answers.key_pair_of(row, now), |row, pair| row.key_pair = pair);
            }
            // For people, and for no row.
            Answer::Odd(_) | Answer::NodesHidden(_) => {}
            Answer::ImagesHidden(denial) => {
                answers.end_images(Fact::Hidden(denial), now);
                self.change_all(place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
        }
        self.answers.insert(place.clone(), answers);
        if is_denied {
            self.hand_over(place, now);
        }
        true
    }

    /// Whose rows a profile lists: hybrid nodes do not tell it themselves.
    pub fn know_account(&mut self, profile: Option<&ProfileName>, account: &AccountId) {
        let profile = profile.cloned();
        if self.accounts.get(&profile) == Some(account) {
            return;
        }
        let places = self.listings.keys().filter(|place| place.profile == profile);
        let rows: Vec<usize> = places.flat_map(|place| self.index.of_place(place)).collect();
        for at in rows {
            if let Some(row) = self.rows.get_mut(at).filter(|row| row.account.is_none()) {
                *row = Arc::new(Instance { account: Some(account.clone()), ..(**row).clone() });
                self.touch(at);
            }
        }
        self.accounts.insert(profile, account.clone());
    }

    /// Replace one row by what was just described, keeping the facts that cost a call of their own.
    pub fn replace(&mut self, mut instance: Instance) {
        let Some(place) = self.index.place(&instance.id) else {
            let place = self.rows.len();
            self.index.add(place, &instance);
            self.tally.add(&instance);
            self.rows.push(Arc::new(instance));
            self.touch(place);
            return;
        };
        // An empty map is no work.
        let was_old = !self.old.is_empty() && self.old.remove(&instance.id).is_some();
        let Some(row) = self.rows.get_mut(place) else { return };
        answers::keep(&mut instance, row);
        if **row != instance {
            self.tally.remove(row);
            self.tally.add(&instance);
            self.index.change(place, row, &instance);
            *row = Arc::new(instance);
            self.touch(place);
        } else if was_old {
            self.touch(place);
        }
    }

    fn register(&mut self, id: &InstanceId, place: &Place, ssm: &Ssm) {
        let row = self.index.place(id).and_then(|at| Some((at, self.rows.get_mut(at).filter(|row| *row.place == *place)?)));
        if let Some((at, row)) = row
            && matches!(&row.ssm, Fact::Known(old) if old != ssm && old.is_heard_again(ssm))
        {
            Arc::make_mut(row).ssm = Fact::Known(ssm.clone());
            self.changes += 1;
            self.untaken.heard.push(at);
            return;
        }
        let is_new = |row: &Instance| !matches!(&row.ssm, Fact::Known(old) if old == ssm);
        let new = |row: &Instance| is_new(row).then(|| Fact::Known(ssm.clone()));
        self.change_those(self.index.place(id), place, new, |row, ssm| row.ssm = ssm);
    }

    /// Put on each row of `place` what is new for it.
    fn change_all<T>(&mut self, place: &Place, new: impl Fn(&Instance) -> Option<T>, put: impl Fn(&mut Instance, T)) {
        self.change_those(self.index.of_place(place), place, new, put);
    }

    /// Put on each of these rows what is new for it, if it is one of `place`. The others are left alone: rows are shared, and cloning
    /// 10,000 of them for nothing costs a frame.
    fn change_those<T>(
        &mut self,
        places: impl IntoIterator<Item = usize>,
        place: &Place,
        new: impl Fn(&Instance) -> Option<T>,
        put: impl Fn(&mut Instance, T),
    ) {
        for at in places {
            let Some(row) = self.rows.get_mut(at).filter(|row| *row.place == *place) else { continue };
            let Some(new) = new(row) else { continue };
            self.tally.remove(row);
            put(Arc::make_mut(row), new);
            self.tally.add(row);
            self.touch(at);
        }
    }

    fn touch(&mut self, place: usize) {
        self.changes += 1;
        self.untaken.touched.push(place);
    }

    /// Forget the rows of a place that are not to be kept. Where all are, those of others are not looked at.
    fn retain_of(&mut self, place: &Place, keep: impl Fn(&Instance) -> bool) {
        if self.rows_of(place).any(|row| !keep(row)) {
            self.retain(|row| *row.place != *place || keep(row));
        }
    }

    fn retain(&mut self, keep: impl Fn(&Instance) -> bool) {
        let mut next = 0;
        let mut moved = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let stays = keep(row);
            moved.push(stays.then_some(next));
            next += usize::from(stays);
            if !stays {
                self.tally.remove(row);
            }
        }
        if next == self.rows.len() {
            return;
        }
        let mut stays = moved.iter().map(Option::is_some);
        self.rows.retain(|_| stays.next().unwrap_or(false));
        self.index = Index::of(&self.rows);
        self.old.retain(|id, _| self.index.place(id).is_some());
        let to = |was: usize| moved.get(was).copied().flatten();
        for places in [&mut self.untaken.touched, &mut self.untaken.heard] {
            *places = places.iter().filter_map(|&was| to(was)).collect();
        }
        self.untaken.moves.push(moved);
        self.changes += 1;
    }
}

/// That nobody waits for the answer to a call any more.
fn unasked(action: &'static str) -> Denial {
    Denial { why: Why::Unasked, action, message: None }
}

#[cfg(test)]
mod tests {
    use super::super::filter::tests::row;
    use super::super::{Grant, Image, ProfileRole, Refusal, SsmStatus};
    use super::*;

    const FIRST: Generation = Generation(1);
    const SECOND: Generation = Generation(2);

    #[test]
    fn a_hybrid_node_stays_while_registrations_tell_of_it_and_no_list_of_instances_takes_it_away() {
        let place = place();
        let node = || {
            let mut node = (*row("mi-0aaaaaaaaaaaaaaa1", "press")).clone();
            node.state = super::super::InstanceState::Hybrid;
            node.ssm = Fact::Known(Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() });
            Answer::Nodes(vec![node])
        };
        let mut inventory = Inventory::default();
        let now = Timestamp::UNIX_EPOCH;
        let ask = |inventory: &mut Inventory, generation, answers: Vec<Answer>| {
            inventory.begin(&place, generation, now);
            for answer in answers {
                assert!(inventory.take_in(&place, generation, answer, now));
            }
            inventory
                .rows()
                .iter()
                .map(|row| format!("{} {:?}", row.id, row.ssm.known().map(|ssm| ssm.status)))
                .collect::<Vec<_>>()
        };
        let online = "mi-0aaaaaaaaaaaaaaa1 Some(Online)";

        assert_eq!(ask(&mut inventory, FIRST, vec![node(), page(&[]), Answer::Listed, Answer::SsmListed]), [online]);
        assert_eq!(ask(&mut inventory, SECOND, vec![page(&[]), Answer::Listed]), [online], "not yet asked again");
        assert_eq!(ask(&mut inventory, Generation(3), vec![Answer::Listed, node(), Answer::SsmListed]), [online]);
        assert_eq!(ask(&mut inventory, Generation(4), vec![Answer::Listed, Answer::SsmListed]), [""; 0]);
    }

    #[test]
    fn a_hybrid_node_is_of_the_account_of_its_profile_as_soon_as_anything_tells_it() {
        let place = place();
        let node = || Answer::Nodes(vec![Instance { account: None, ..(*row("mi-0aaaaaaaaaaaaaaa1", "press")).clone() }]);
        let mine: AccountId = "123456789012".parse().unwrap();
        let account = |inventory: &Inventory| inventory.row(&"mi-0aaaaaaaaaaaaaaa1".parse().unwrap()).unwrap().account.clone();
        let mut inventory = Inventory::default();
        inventory.begin(&place, FIRST, Timestamp::UNIX_EPOCH);
        inventory.take_in(&place, FIRST, node(), Timestamp::UNIX_EPOCH);
        assert_eq!(account(&inventory), None, "not known is not said");
        inventory.know_account(Some(&ProfileName::new("another")), &"210987654321".parse().unwrap());
        assert_eq!(account(&inventory), None);
        inventory.take_changes();

        inventory.know_account(place.profile.as_ref(), &mine);

        assert_eq!(account(&inventory), Some(mine.clone()));
        assert!(!inventory.take_changes().touched.is_empty());
        inventory.begin(&place, SECOND, Timestamp::UNIX_EPOCH);
        inventory.take_in(&place, SECOND, node(), Timestamp::UNIX_EPOCH);
        assert_eq!(account(&inventory), Some(mine.clone()), "also when it is told again");
        let mut of_a_row = Inventory::default();
        of_a_row.begin(&place, FIRST, Timestamp::UNIX_EPOCH);
        of_a_row.take_in(&place, FIRST, node(), Timestamp::UNIX_EPOCH);
        let instance = Instance { account: Some(mine.clone()), ..(*row("i-0aaaaaaaaaaaaaaa1", "x")).clone() };
        of_a_row.take_in(&place, FIRST, Answer::Page(vec![instance]), Timestamp::UNIX_EPOCH);
        assert_eq!(account(&of_a_row), Some(mine), "the owner of another row");
    }

    fn place() -> Place {
        (*row("i-0aaaaaaaaaaaaaaa1", "x").place).clone()
    }

    fn page(ids: &[&str]) -> Answer {
        Answer::Page(ids.iter().map(|id| (*row(id, "web")).clone()).collect())
    }

    fn online(id: &str) -> Answer {
        let ssm = Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() };
        Answer::Ssm([(id.parse().unwrap(), ssm)].into())
    }

    fn status(inventory: &Inventory, id: &str) -> Option<SsmStatus> {
        inventory.row(&id.parse().unwrap()).unwrap().ssm.known().map(|ssm| ssm.status)
    }

    #[test]
    fn answers_of_an_older_asking_change_nothing() {
        let mut inventory = Inventory::default();
        let now = Timestamp::UNIX_EPOCH;
        inventory.begin(&place(), FIRST, now);
        inventory.begin(&place(), SECOND, now);

        assert!(!inventory.take_in(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1"]), now));
        assert!(inventory.rows().is_empty());
    }

    #[test]
    fn what_an_earlier_run_was_told_is_replaced_row_by_row_and_ends_with_the_list() {
        let ids = ["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2", "i-0aaaaaaaaaaaaaaa3"];
        let kept = || ids.map(|id| (*row(id, "web")).clone()).to_vec();
        let mut inventory = Inventory::default();
        inventory.begin(&place(), FIRST, at(100));
        assert!(inventory.recall(&place(), FIRST, kept(), at(10)));
        inventory.take_changes();
        let old = |inventory: &Inventory| ids.map(|id| inventory.told(&id.parse().unwrap()).is_some());
        assert_eq!((old(&inventory), inventory.oldest()), ([true, true, true], Some(at(10))));

        inventory.take_in(&place(), FIRST, page(&ids[..1]), at(101));
        assert_eq!(old(&inventory), [false, true, true]);
        assert_eq!(inventory.take_changes().touched, [0], "drawn anew, though nothing but its age is new");

        inventory.begin(&place(), SECOND, at(130));
        assert_eq!(old(&inventory), [false, true, true], "asking again makes nothing old");
        inventory.take_in(&place(), SECOND, page(&ids[..2]), at(131));
        inventory.take_in(&place(), SECOND, Answer::Listed, at(132));
        assert_eq!((inventory.rows().len(), inventory.oldest()), (2, None));
        assert!(!inventory.recall(&place(), SECOND, kept(), at(10)), "the answer was quicker");
    }

    #[test]
    fn registrations_and_rows_may_come_in_any_order() {
        let now = Timestamp::UNIX_EPOCH;
        let rows = || page(&["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"]);
        for order in [[0, 1, 2], [1, 2, 0], [1, 0, 2]] {
            let mut inventory = Inventory::default();
            inventory.begin(&place(), FIRST, now);
            for step in order {
                let answer = match step {
                    0 => rows(),
                    1 => online("i-0aaaaaaaaaaaaaaa1"),
                    _ => Answer::SsmListed,
                };
                inventory.take_in(&place(), FIRST, answer, now);
            }

            assert_eq!(status(&inventory, "i-0aaaaaaaaaaaaaaa1"), Some(SsmStatus::Online), "{order:?}");
            assert_eq!(status(&inventory, "i-0aaaaaaaaaaaaaaa2"), Some(SsmStatus::Unmanaged), "{order:?}");
        }
    }

    #[test]
    fn a_refresh_keeps_old_facts_until_new_ones_come_and_drops_rows_that_are_gone() {
        let mut inventory = Inventory::default();
        let now = Timestamp::UNIX_EPOCH;
        inventory.begin(&place(), FIRST, now);
        inventory.take_in(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"]), now);
        inventory.take_in(&place(), FIRST, online("i-0aaaaaaaaaaaaaaa1"), now);
        inventory.take_in(&place(), FIRST, Answer::SsmListed, now);
        inventory.take_in(&place(), FIRST, Answer::Listed, now);

        inventory.begin(&place(), SECOND, now);
        inventory.take_in(&place(), SECOND, page(&["i-0aaaaaaaaaaaaaaa1"]), now);
        assert_eq!(inventory.rows().len(), 2);
        inventory.take_in(&place(), SECOND, Answer::Listed, now);

        assert_eq!(inventory.rows().len(), 1);
        assert_eq!(status(&inventory, "i-0aaaaaaaaaaaaaaa1"), Some(SsmStatus::Online));
    }

    #[test]
    fn a_denied_list_of_registrations_is_not_the_same_as_an_empty_one() {
        let mut inventory = Inventory::default();
        let now = Timestamp::UNIX_EPOCH;
        inventory.begin(&place(), FIRST, now);
        inventory.take_in(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1"]), now);
        let denial = Denial { why: Why::AccessDenied, action: "ssm:DescribeInstanceInformation", message: None };

        inventory.take_in(&place(), FIRST, Answer::SsmHidden(denial.clone()), now);

        assert_eq!(inventory.rows()[0].ssm, Fact::Hidden(denial));
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn refused(why: Why, action: &'static str) -> Denial {
        Denial { why, action, message: None }
    }

    /// A row with everything known, as told at second 10.
    fn known() -> Inventory {
        let mut inventory = Inventory::default();
        inventory.begin(&place(), FIRST, at(0));
        let mut first = (*row("i-0aaaaaaaaaaaaaaa1", "web")).clone();
        (first.instance_profile, first.image) = (Some("web-profile".into()), Some("ami-1".into()));
        inventory.take_in(&place(), FIRST, Answer::Page(vec![first]), at(1));
        let grant = Fact::Known(Grant::Sessions);
        let role = Fact::Known(ProfileRole { role: Some("web-role".into()), grant, has_retired_policy: false });
        let image = Image { name: "al2023".into(), owner: None, owner_alias: None };
        for answer in [
            online("i-0aaaaaaaaaaaaaaa1"),
            Answer::SsmListed,
            Answer::Role { profile: "web-profile".into(), role },
            Answer::Images([("ami-1".into(), image)].into()),
            Answer::ImagesListed,
            Answer::Listed,
        ] {
            inventory.take_in(&place(), FIRST, answer, at(10));
        }
        inventory
    }

    #[test]
    fn a_refresh_that_is_refused_keeps_every_fact_and_says_since_when() {
        let mut inventory = known();
        let denial = |action| refused(Why::Throttled, action);
        inventory.begin(&place(), SECOND, at(60));
        for answer in [
            Answer::SsmHidden(denial("ssm:DescribeInstanceProperties")),
            Answer::Role { profile: "web-profile".into(), role: Fact::Hidden(denial("iam:GetInstanceProfile")) },
            Answer::ImagesHidden(denial("ec2:DescribeImages")),
        ] {
            inventory.take_in(&place(), SECOND, answer, at(70));
        }

        let row = &inventory.rows()[0];
        let kept = |action| Some(Refusal { denial: denial(action), told: at(10) });
        assert_eq!(row.ssm.known().map(|ssm| ssm.status), Some(SsmStatus::Online));
        assert!(matches!(row.iam(), super::super::Iam::Ok { .. }), "{:?}", row.role);
        assert!(row.image_name.known().unwrap().is_some());
        assert_eq!(row.ssm.refusal().cloned(), kept("ssm:DescribeInstanceProperties"));
        assert_eq!(row.role.refusal().cloned(), kept("iam:GetInstanceProfile"));
        assert_eq!(row.image_name.refusal(), None, "an image keeps its name");
    }

    #[test]
    fn the_next_answer_ends_the_refusal_also_when_it_is_the_same() {
        let mut inventory = known();
        let before = inventory.rows()[0].clone();
        inventory.begin(&place(), SECOND, at(60));
        inventory.take_in(&place(), SECOND, Answer::SsmHidden(refused(Why::AccessDenied, "ssm:X")), at(70));
        inventory.begin(&place(), Generation(3), at(120));
        inventory.take_in(&place(), Generation(3), online("i-0aaaaaaaaaaaaaaa1"), at(130));

        assert_eq!(inventory.rows()[0], before);
    }

    #[test]
    fn a_grant_that_cannot_be_read_again_is_kept_under_its_role() {
        let mut inventory = known();
        let grant = Fact::Hidden(refused(Why::Throttled, "iam:ListAttachedRolePolicies"));
        let role = Fact::Known(ProfileRole { role: Some("web-role".into()), grant, has_retired_policy: false });
        inventory.begin(&place(), SECOND, at(60));
        inventory.take_in(&place(), SECOND, Answer::Role { profile: "web-profile".into(), role }, at(70));

        let row = &inventory.rows()[0];
        assert!(matches!(row.iam(), super::super::Iam::Ok { .. }), "{:?}", row.role);
        assert_eq!(row.role.known().unwrap().grant.refusal().map(|refusal| refusal.told), Some(at(10)));
    }

    #[test]
    fn a_page_after_the_refusal_keeps_the_facts_too() {
        let mut inventory = known();
        let mut again = (*inventory.rows()[0]).clone();
        (again.ssm, again.role, again.image_name) = (Fact::Pending, Fact::Pending, Fact::Pending);
        inventory.begin(&place(), SECOND, at(60));
        inventory.take_in(&place(), SECOND, Answer::SsmHidden(refused(Why::Timeout, "ssm:X")), at(70));
        inventory.take_in(&place(), SECOND, Answer::Page(vec![again]), at(71));

        let row = &inventory.rows()[0];
        assert_eq!(row.ssm.known().map(|ssm| ssm.status), Some(SsmStatus::Online));
        assert_eq!(row.ssm.refusal().map(|refusal| refusal.told), Some(at(10)));
    }

    #[test]
    fn giving_up_ends_what_was_pending_and_nothing_else() {
        let mut inventory = known();
        let fresh = (*row("i-0aaaaaaaaaaaaaaa2", "new")).clone();
        let before = inventory.rows()[0].clone();
        inventory.begin(&place(), SECOND, at(60));
        inventory.take_in(&place(), SECOND, Answer::Page(vec![fresh]), at(61));

        inventory.give_up(&place(), SECOND);

        let fresh = &inventory.rows()[1];
        assert_eq!(fresh.ssm.denial().map(|denial| denial.why), Some(Why::Unasked));
        assert_eq!(inventory.rows()[0], before);
    }
}
