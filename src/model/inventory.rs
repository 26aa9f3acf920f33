//! All rows of all places, and how answers change them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Denial, Fact, Image, Instance, InstanceId, Place, ProfileRole, Ssm, Untrusted};

/// Which asking an answer belongs to. An answer of an older one is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub u64);

/// What AWS answered about one place.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A page of instances.
    Page(Vec<Instance>),
    /// Every page was read: rows that were in none have gone.
    Listed,
    /// A page of registrations with Systems Manager.
    Ssm(BTreeMap<InstanceId, Ssm>),
    /// Every registration was read: instances that were in none are not registered.
    SsmListed,
    /// Registrations cannot be read.
    SsmHidden(Denial),
    /// What an instance profile holds.
    Role {
        /// The instance profile's name.
        profile: Untrusted,
        /// What it holds.
        role: Fact<ProfileRole>,
    },
    /// Names of machine images, by the image's id.
    Images(BTreeMap<Untrusted, Image>),
    /// Every image name that AWS tells was read.
    ImagesListed,
    /// Image names cannot be read.
    ImagesHidden(Denial),
}

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

/// What the present asking of one place has brought, kept because rows and facts arrive in any order.
#[derive(Debug, Clone, Default)]
struct Answers {
    seen: HashSet<InstanceId>,
    ssm: HashMap<InstanceId, Ssm>,
    ssm_list: Fact<()>,
    roles: HashMap<Untrusted, Fact<ProfileRole>>,
    images: HashMap<Untrusted, Image>,
    image_list: Fact<()>,
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
        let updated = self.listings.get(place).and_then(|listing| listing.updated);
        let listing = Listing { generation, begun: now, updated, is_loading: true, ssm_is_loading: true, ssm_heard: 0, heard: 0 };
        self.listings.insert(place.clone(), listing);
        self.answers.insert(place.clone(), Answers::default());
    }

    /// Stop waiting for a place: what was heard stays, nothing more counts as on its way.
    pub fn give_up(&mut self, place: &Place, generation: Generation) {
        if let Some(listing) = self.listings.get_mut(place).filter(|listing| listing.generation == generation) {
            listing.is_loading = false;
            listing.ssm_is_loading = false;
        }
    }

    /// Forget a place and its rows.
    pub fn forget(&mut self, place: &Place) {
        self.listings.remove(place);
        self.answers.remove(place);
        self.retain(|row| *row.place != *place);
    }

    /// Take in an answer. `false`: it belongs to an older asking and changed nothing.
    pub fn hear(&mut self, place: &Place, generation: Generation, news: News, now: Timestamp) -> bool {
        let Some(listing) = self.listings.get_mut(place).filter(|listing| listing.generation == generation) else {
            return false;
        };
        let Some(mut answers) = self.answers.remove(place) else { return false };
        match news {
            News::Page(instances) => {
                listing.heard += instances.len();
                for mut instance in instances {
                    answers.seen.insert(instance.id.clone());
                    answers.dress(&mut instance);
                    self.replace(instance);
                }
            }
            News::Listed => {
                listing.is_loading = false;
                listing.updated = Some(now);
                self.retain(|row| *row.place != *place || answers.seen.contains(&row.id));
            }
            News::Ssm(known) => {
                listing.ssm_heard += known.len();
                for (id, ssm) in known {
                    self.register(&id, place, &ssm);
                    answers.ssm.insert(id, ssm);
                }
            }
            News::SsmListed => {
                listing.ssm_is_loading = false;
                answers.ssm_list = Fact::Known(());
                self.dress_all(place, |row| answers.ssm_for(row), |row, ssm| row.ssm = ssm);
            }
            News::SsmHidden(denial) => {
                listing.ssm_is_loading = false;
                answers.ssm_list = Fact::Hidden(denial);
                self.dress_all(place, |row| answers.ssm_for(row), |row, ssm| row.ssm = ssm);
            }
            News::Role { profile, role } => {
                let holds = |row: &Instance| row.instance_profile.as_ref() == Some(&profile) && row.role != role;
                self.dress_all(place, |row| holds(row).then(|| role.clone()), |row, role| row.role = role);
                answers.roles.insert(profile, role);
            }
            News::Images(names) => {
                answers.images.extend(names);
                self.dress_all(place, |row| answers.image_for(row), |row, name| row.image_name = name);
            }
            News::ImagesListed => {
                answers.image_list = Fact::Known(());
                self.dress_all(place, |row| answers.image_for(row), |row, name| row.image_name = name);
            }
            News::ImagesHidden(denial) => {
                answers.image_list = Fact::Hidden(denial);
                self.dress_all(place, |row| answers.image_for(row), |row, name| row.image_name = name);
            }
        }
        self.answers.insert(place.clone(), answers);
        true
    }

    /// Replace one row by what was just described, keeping the facts that cost a call of their own.
    pub fn replace(&mut self, instance: Instance) {
        match self.index.get(&instance.id).copied() {
            Some(at) => {
                if let Some(row) = self.rows.get_mut(at) {
                    let kept = kept_facts(row, instance);
                    if **row != kept {
                        *row = Arc::new(kept);
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
        if let Some(row) = row.filter(|row| *row.place == *place && row.ssm.known() != Some(ssm)) {
            Arc::make_mut(row).ssm = Fact::Known(ssm.clone());
            self.changes += 1;
        }
    }

    /// Put on each row of `place` the fact that is new for it. The others are left alone: rows are shared, and cloning 10,000 of them for
    /// nothing costs a frame.
    fn dress_all<T>(&mut self, place: &Place, fact: impl Fn(&Instance) -> Option<T>, put: impl Fn(&mut Instance, T)) {
        for row in &mut self.rows {
            if let Some(fact) = fact(row).filter(|_| *row.place == *place) {
                put(Arc::make_mut(row), fact);
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

impl Answers {
    /// Put what is known now on a row; what is not known leaves the row's old answer.
    fn dress(&self, row: &mut Instance) {
        if let Some(ssm) = self.ssm_of(&row.id) {
            row.ssm = ssm;
        }
        if let Some(role) = self.role_of(row) {
            row.role = role.clone();
        }
        if let Some(name) = self.image_of(row) {
            row.image_name = name;
        }
    }

    /// The registration of a row, if it is another one than it has.
    fn ssm_for(&self, row: &Instance) -> Option<Fact<Ssm>> {
        match (self.ssm.get(&row.id), row.ssm.known()) {
            (Some(new), Some(old)) if new == old => None,
            _ => self.ssm_of(&row.id).filter(|ssm| *ssm != row.ssm),
        }
    }

    /// The image of a row, if it is another one than it has.
    fn image_for(&self, row: &Instance) -> Option<Fact<Option<Image>>> {
        self.image_of(row).filter(|name| *name != row.image_name)
    }

    fn ssm_of(&self, id: &InstanceId) -> Option<Fact<Ssm>> {
        match (self.ssm.get(id), &self.ssm_list) {
            (Some(ssm), _) => Some(Fact::Known(ssm.clone())),
            (None, Fact::Known(())) => Some(Fact::Known(Ssm::unmanaged())),
            (None, Fact::Hidden(denial)) => Some(Fact::Hidden(denial.clone())),
            (None, Fact::Pending) => None,
        }
    }

    fn role_of(&self, row: &Instance) -> Option<&Fact<ProfileRole>> {
        row.instance_profile.as_ref().and_then(|profile| self.roles.get(profile))
    }

    fn image_of(&self, row: &Instance) -> Option<Fact<Option<Image>>> {
        let named = row.image.as_ref().and_then(|image| self.images.get(image));
        match (named, &self.image_list) {
            (Some(image), _) => Some(Fact::Known(Some(image.clone()))),
            (None, Fact::Known(())) => Some(Fact::Known(None)),
            (None, Fact::Hidden(denial)) if row.image_name.known().is_none() => Some(Fact::Hidden(denial.clone())),
            (None, _) => None,
        }
    }
}

/// The new row with the old row's answers, where they are still about the same thing.
fn kept_facts(old: &Instance, mut new: Instance) -> Instance {
    if new.ssm.is_pending() {
        new.ssm = old.ssm.clone();
    }
    if new.role.is_pending() && new.instance_profile == old.instance_profile {
        new.role = old.role.clone();
    }
    if new.image_name.is_pending() && new.image == old.image {
        new.image_name = old.image_name.clone();
    }
    new
}

#[cfg(test)]
mod tests {
    use super::super::filter::tests::row;
    use super::super::{SsmStatus, Why};
    use super::*;

    const FIRST: Generation = Generation(1);
    const SECOND: Generation = Generation(2);

    fn place() -> Place {
        (*row("i-0aaaaaaaaaaaaaaa1", "x").place).clone()
    }

    fn page(ids: &[&str]) -> News {
        News::Page(ids.iter().map(|id| (*row(id, "web")).clone()).collect())
    }

    fn online(id: &str) -> News {
        let ssm = Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() };
        News::Ssm([(id.parse().unwrap(), ssm)].into())
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

        assert!(!inventory.hear(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1"]), now));
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
                let news = match step {
                    0 => rows(),
                    1 => online("i-0aaaaaaaaaaaaaaa1"),
                    _ => News::SsmListed,
                };
                inventory.hear(&place(), FIRST, news, now);
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
        inventory.hear(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"]), now);
        inventory.hear(&place(), FIRST, online("i-0aaaaaaaaaaaaaaa1"), now);
        inventory.hear(&place(), FIRST, News::SsmListed, now);
        inventory.hear(&place(), FIRST, News::Listed, now);

        inventory.begin(&place(), SECOND, now);
        inventory.hear(&place(), SECOND, page(&["i-0aaaaaaaaaaaaaaa1"]), now);
        assert_eq!(inventory.rows().len(), 2);
        inventory.hear(&place(), SECOND, News::Listed, now);

        assert_eq!(inventory.rows().len(), 1);
        assert_eq!(status(&inventory, "i-0aaaaaaaaaaaaaaa1"), Some(SsmStatus::Online));
    }

    #[test]
    fn a_denied_list_of_registrations_is_not_the_same_as_an_empty_one() {
        let mut inventory = Inventory::default();
        let now = Timestamp::UNIX_EPOCH;
        inventory.begin(&place(), FIRST, now);
        inventory.hear(&place(), FIRST, page(&["i-0aaaaaaaaaaaaaaa1"]), now);
        let denial = Denial { why: Why::AccessDenied, action: "ssm:DescribeInstanceInformation", message: None };

        inventory.hear(&place(), FIRST, News::SsmHidden(denial.clone()), now);

        assert_eq!(inventory.rows()[0].ssm, Fact::Hidden(denial));
    }
}
