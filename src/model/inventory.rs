//! All rows of all places, and how answers change them.

mod answers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use self::answers::Answers;
use super::{Answer, Denial, Fact, Instance, InstanceId, Place, Ssm, Why};

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
    /// Whether pages are still to come.
    pub is_loading: bool,
    /// Whether registrations are still to come.
    pub ssm_is_loading: bool,
    /// Registrations heard in this asking.
    pub ssm_heard: usize,
    /// Rows heard in this asking.
    pub heard: usize,
}

/// Every row we know, in the order of first sight.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    rows: Vec<Arc<Instance>>,
    index: HashMap<InstanceId, usize>,
    listings: BTreeMap<Place, Listing>,
    answers: BTreeMap<Place, Answers>,
    changes: u64,
}

impl Inventory {
    /// All rows. A row is replaced, never changed: a clone of its `Arc` stays what it was.
    pub fn rows(&self) -> &[Arc<Instance>] {
        &self.rows
    }

    /// How often rows came, changed or went: the same number, the same rows.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The row of an instance.
    pub fn row(&self, id: &InstanceId) -> Option<&Arc<Instance>> {
        self.index.get(id).and_then(|&at| self.rows.get(at))
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
        let listing = Listing { generation, begun: now, updated, is_loading: true, ssm_is_loading: true, ssm_heard: 0, heard: 0 };
        self.listings.insert(place.clone(), listing);
        let before = self.answers.remove(place).unwrap_or_default();
        self.answers.insert(place.clone(), before.again(begun));
    }

    /// Stop waiting for a place: what was heard stays, nothing more is on its way, and what was never answered is not pending for ever.
    pub fn give_up(&mut self, place: &Place, generation: Generation) {
        let Some(listing) = self.listings.get_mut(place).filter(|listing| listing.generation == generation) else { return };
        listing.is_loading = false;
        listing.ssm_is_loading = false;
        let ssm = |row: &Instance| row.ssm.is_pending().then(|| unasked("ssm:DescribeInstanceProperties"));
        self.change_all(place, ssm, |row, denial| row.ssm = Fact::Hidden(denial));
        let is_nameless = |row: &Instance| row.image_name.is_pending() && row.image.is_some();
        let image = |row: &Instance| is_nameless(row).then(|| unasked("ec2:DescribeInstanceImageMetadata"));
        self.change_all(place, image, |row, denial| row.image_name = Fact::Hidden(denial));
    }

    /// Forget a place and its rows.
    pub fn forget(&mut self, place: &Place) {
        self.listings.remove(place);
        self.answers.remove(place);
        self.retain(|row| *row.place != *place);
    }

    /// Take in an answer. `false`: it belongs to an older asking and changed nothing.
    pub fn take_in(&mut self, place: &Place, generation: Generation, answer: Answer, now: Timestamp) -> bool {
        let Some(listing) = self.listings.get_mut(place).filter(|listing| listing.generation == generation) else {
            return false;
        };
        let Some(mut answers) = self.answers.remove(place) else { return false };
        match answer {
            Answer::Page(instances) => {
                listing.heard += instances.len();
                for mut instance in instances {
                    let old = self.index.get(&instance.id).and_then(|&at| self.rows.get(at));
                    answers.dress(&mut instance, old.map(|row| &**row), now);
                    self.replace(instance);
                }
            }
            Answer::Listed => {
                listing.is_loading = false;
                listing.updated = Some(now);
                self.retain(|row| *row.place != *place || answers.has_seen(&row.id));
            }
            Answer::Ssm(known) => {
                listing.ssm_heard += known.len();
                for (id, ssm) in known {
                    self.register(&id, place, &ssm);
                    answers.register(id, ssm, now);
                }
            }
            Answer::SsmListed => {
                listing.ssm_is_loading = false;
                answers.end_registrations(Fact::Known(()), now);
                self.change_all(place, |row| answers.ssm_of(row, now), |row, ssm| row.ssm = ssm);
            }
            Answer::SsmHidden(denial) => {
                listing.ssm_is_loading = false;
                answers.end_registrations(Fact::Hidden(denial), now);
                self.change_all(place, |row| answers.ssm_of(row, now), |row, ssm| row.ssm = ssm);
            }
            Answer::Role { profile, role } => {
                let told = answers.role_told(&profile, now);
                let holds = |row: &Instance| row.instance_profile.as_ref() == Some(&profile);
                self.change_all(
                    place,
                    |row| if holds(row) { answers::role_after(&row.role, &role, told) } else { None },
                    |row, role| row.role = role,
                );
                answers.take_role(profile, role, now);
            }
            Answer::Images(names) => {
                answers.name_images(names, now);
                self.change_all(place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
            Answer::ImagesListed => {
                answers.end_images(Fact::Known(()), now);
                self.change_all(place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
            // For people, and for no row.
            Answer::Odd(_) => {}
            Answer::ImagesHidden(denial) => {
                answers.end_images(Fact::Hidden(denial), now);
                self.change_all(place, |row| answers.image_of(row, now), |row, name| row.image_name = name);
            }
        }
        self.answers.insert(place.clone(), answers);
        true
    }

    /// Replace one row by what was just described, keeping the facts that cost a call of their own.
    pub fn replace(&mut self, mut instance: Instance) {
        match self.index.get(&instance.id).copied() {
            Some(at) => {
                if let Some(row) = self.rows.get_mut(at) {
                    answers::keep(&mut instance, row);
                    if **row != instance {
                        *row = Arc::new(instance);
                        self.changes += 1;
                    }
                }
            }
            None => {
                self.index.insert(instance.id.clone(), self.rows.len());
                self.rows.push(Arc::new(instance));
                self.changes += 1;
            }
        }
    }

    fn register(&mut self, id: &InstanceId, place: &Place, ssm: &Ssm) {
        let row = self.index.get(id).copied().and_then(|at| self.rows.get_mut(at));
        if let Some(row) = row.filter(|row| *row.place == *place && !matches!(&row.ssm, Fact::Known(old) if old == ssm)) {
            Arc::make_mut(row).ssm = Fact::Known(ssm.clone());
            self.changes += 1;
        }
    }

    /// Put on each row of `place` what is new for it. The others are left alone: rows are shared, and cloning 10,000 of them for
    /// nothing costs a frame.
    fn change_all<T>(&mut self, place: &Place, new: impl Fn(&Instance) -> Option<T>, put: impl Fn(&mut Instance, T)) {
        for row in &mut self.rows {
            if *row.place == *place
                && let Some(new) = new(row)
            {
                put(Arc::make_mut(row), new);
                self.changes += 1;
            }
        }
    }

    fn retain(&mut self, keep: impl Fn(&Instance) -> bool) {
        let before = self.rows.len();
        self.rows.retain(|row| keep(row));
        if self.rows.len() != before {
            self.changes += 1;
            self.index = self.rows.iter().enumerate().map(|(at, row)| (row.id.clone(), at)).collect();
        }
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
        let role = Fact::Known(ProfileRole { role: Some("web-role".into()), grant });
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
        assert_eq!(row.image_name.refusal().cloned(), kept("ec2:DescribeImages"));
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
        let role = Fact::Known(ProfileRole { role: Some("web-role".into()), grant });
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
