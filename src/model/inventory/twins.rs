//! An instance that two profiles list is one row: that of the profile which may read more.

use std::sync::Arc;

use jiff::Timestamp;

use super::Inventory;
use super::answers::Answers;
use crate::model::{Fact, Instance, InstanceId, Place};

impl Inventory {
    /// Whether `place` gives a row to `other`, which has these answers: it may read less, or is listed no more. What somebody chose stays
    /// chosen as long as it can be listed.
    pub(super) fn yields(&self, id: &InstanceId, place: &Place, other: &Place, others: &Answers) -> bool {
        let Some(own) = self.answers.get(place) else { return true };
        match self.chosen.get(id) {
            Some(chosen) if chosen == other => true,
            Some(chosen) if chosen == place && !own.has_failed() => false,
            _ => others.rank() < own.rank(),
        }
    }

    /// Give the rows of `place` to places that have them, too, and may read more.
    pub(super) fn hand_over(&mut self, place: &Place, now: Timestamp) {
        let Some(own) = self.answers.get(place) else { return };
        let is_lost = own.has_failed();
        let is_better = |twin: &&Place| {
            twin.region == place.region
                && twin.profile != place.profile
                && self.answers.get(twin).is_some_and(|answers| answers.rank() < own.rank())
        };
        let twins: Vec<Arc<Place>> = self.listings.keys().filter(is_better).cloned().map(Arc::new).collect();
        if twins.is_empty() {
            return;
        }
        for at in self.index.of_place(place) {
            let Some(row) = self.rows.get(at) else { continue };
            if !is_lost && self.chosen.get(&row.id) == Some(place) {
                continue;
            }
            let has_seen = |twin: &&Arc<Place>| self.answers.get(&***twin).is_some_and(|answers| answers.has_seen(&row.id));
            if let Some(twin) = twins.iter().find(has_seen) {
                self.move_to(at, twin, now);
            }
        }
    }

    /// The other places that list an instance, too, in order.
    pub fn also_in(&self, id: &InstanceId) -> Vec<&Place> {
        let Some(row) = self.row(id) else { return Vec::new() };
        let is_other = |place: &&Place| place.region == row.place.region && place.profile != row.place.profile;
        let has_seen = |place: &&Place| self.answers.get(*place).is_some_and(|answers| answers.has_seen_lately(id));
        self.listings.keys().filter(is_other).filter(has_seen).collect()
    }

    /// From now on an instance is seen with the credentials of this place, whatever another may read.
    pub fn choose(&mut self, id: &InstanceId, place: &Place, now: Timestamp) {
        let Some(at) = self.index.place(id).filter(|_| self.answers.contains_key(place)) else { return };
        self.chosen.insert(id.clone(), place.clone());
        self.move_to(at, &Arc::new(place.clone()), now);
    }

    /// A row is of another place, with what that one was told of it.
    fn move_to(&mut self, at: usize, place: &Arc<Place>, now: Timestamp) {
        let Some(row) = self.rows.get_mut(at) else { return };
        let Some(answers) = self.answers.get_mut(&**place) else { return };
        let mut new = Instance { place: Arc::clone(place), ..(**row).clone() };
        if !new.id.is_hybrid() {
            (new.ssm, new.role, new.image_name) = (Fact::Pending, Fact::Pending, Fact::Pending);
            new.key_pair = Fact::Pending;
            answers.dress(&mut new, None, now);
            // What the other has not asked yet is as the first was told.
            super::answers::keep(&mut new, row);
        }
        self.tally.remove(row);
        self.tally.add(&new);
        self.index.change(at, row, &new);
        *row = Arc::new(new);
        self.touch(at);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Generation;
    use super::*;
    use crate::model::filter::tests::row;
    use crate::model::{Answer, Denial, ProfileName, Ssm, SsmStatus, Why};

    const ID: &str = "i-0aaaaaaaaaaaaaaa1";
    const FIRST: Generation = Generation(1);

    fn place(profile: &str) -> Place {
        Place { profile: Some(ProfileName::new(profile)), region: row(ID, "x").place.region.clone() }
    }

    fn page(profile: &str) -> Answer {
        Answer::Page(vec![Instance { place: Arc::new(place(profile)), ..(*row(ID, "web")).clone() }])
    }

    fn denied() -> Answer {
        Answer::SsmHidden(Denial { why: Why::AccessDenied, action: "ssm:DescribeInstanceProperties", message: None })
    }

    fn online() -> Answer {
        Answer::Ssm([(ID.parse().unwrap(), Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() })].into())
    }

    fn told(answers: &[(&str, Answer)]) -> Inventory {
        let mut inventory = Inventory::default();
        for profile in ["one", "two"] {
            inventory.begin(&place(profile), FIRST, Timestamp::UNIX_EPOCH);
        }
        for (profile, answer) in answers {
            inventory.take_in(&place(profile), FIRST, answer.clone(), Timestamp::UNIX_EPOCH);
        }
        inventory
    }

    fn owner(inventory: &Inventory) -> &str {
        assert_eq!(inventory.rows().len(), 1);
        inventory.rows()[0].place.profile.as_ref().unwrap().raw()
    }

    #[test]
    fn it_is_of_the_first_that_lists_it_until_that_one_is_denied_something_that_the_other_is_not() {
        let both = [("one", page("one")), ("two", page("two")), ("two", online())];
        let mut inventory = told(&both);
        assert_eq!(owner(&inventory), "one");

        inventory.take_in(&place("one"), FIRST, denied(), Timestamp::UNIX_EPOCH);

        assert_eq!(owner(&inventory), "two");
        assert_eq!(inventory.rows()[0].ssm.known().map(|ssm| ssm.status), Some(SsmStatus::Online), "as the other was told");
        assert!(!inventory.take_changes().touched.is_empty());
    }

    #[test]
    fn a_denial_of_both_moves_nothing_and_a_page_after_it_does() {
        assert_eq!(owner(&told(&[("one", page("one")), ("two", page("two")), ("two", denied()), ("one", denied())])), "one");
        assert_eq!(owner(&told(&[("one", page("one")), ("one", denied()), ("two", page("two"))])), "two");
    }

    #[test]
    fn a_place_that_fails_leaves_its_rows_to_the_other_and_a_list_without_them_takes_none_away() {
        let mut inventory = told(&[("one", page("one")), ("two", page("two")), ("two", Answer::Listed)]);

        inventory.fail(&place("one"), FIRST, Timestamp::UNIX_EPOCH);
        inventory.begin(&place("one"), Generation(2), Timestamp::UNIX_EPOCH);
        inventory.take_in(&place("one"), Generation(2), Answer::Listed, Timestamp::UNIX_EPOCH);

        assert_eq!(owner(&inventory), "two");
    }

    #[test]
    fn the_other_place_can_be_chosen_and_stays_so_until_it_fails() {
        let id = ID.parse().unwrap();
        let both = [("one", page("one")), ("two", page("two")), ("two", denied()), ("two", Answer::Listed)];
        let mut inventory = told(&both);
        let others = |inventory: &Inventory| inventory.also_in(&id).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!((owner(&inventory), others(&inventory)), ("one", vec![place("two")]));

        inventory.choose(&id, &place("two"), Timestamp::UNIX_EPOCH);

        assert_eq!((owner(&inventory), others(&inventory)), ("two", vec![place("one")]));
        assert!(matches!(inventory.rows()[0].ssm, Fact::Hidden(_)), "as this one was told");
        for profile in ["one", "two"] {
            inventory.begin(&place(profile), Generation(2), Timestamp::UNIX_EPOCH);
        }
        assert_eq!(others(&inventory), [place("one")], "also while it is asked again");
        for answer in [page("one"), Answer::Listed] {
            inventory.take_in(&place("one"), Generation(2), answer, Timestamp::UNIX_EPOCH);
        }
        inventory.take_in(&place("two"), Generation(2), page("two"), Timestamp::UNIX_EPOCH);
        inventory.take_in(&place("two"), Generation(2), denied(), Timestamp::UNIX_EPOCH);
        assert_eq!(owner(&inventory), "two", "what was denied does not undo the choice");

        inventory.fail(&place("two"), Generation(2), Timestamp::UNIX_EPOCH);

        assert_eq!(owner(&inventory), "one");
    }
}
