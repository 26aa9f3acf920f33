//! When each place is asked again: what is on the screen soon, the rest seldom, and never all at the same moment.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::State;
use crate::model::{Instance, Place};
use crate::tui::rows::Shown;
use crate::tui::world::Phase;

/// How much seldomer a place is asked of which nothing is on the screen.
const UNSEEN: i64 = 10;
/// How far from the usual time places are asked, in percent of it.
const JITTER: i64 = 20;

impl State {
    /// Every place that is chosen and open.
    pub(super) fn chosen_places(&self) -> Vec<Place> {
        let here = &self.world.here;
        let first = if here.phase == Phase::Open { here.regions.as_slice() } else { &[] };
        let mut places = self.places_of(here.profile.clone(), first);
        for beside in here.beside.iter().filter(|beside| beside.phase == Phase::Open) {
            places.extend(self.places_of(Some(beside.profile.clone()), &beside.regions));
        }
        places
    }

    /// Whether a place is asked as often as the settings say: it is of the one profile, or has a row on the screen.
    pub(super) fn is_watched(&self, place: &Place) -> bool {
        if self.world.here.beside.is_empty() {
            return true;
        }
        self.in_sight().any(|row| *row.place == *place)
    }

    /// The rows on the screen, as of the last picture.
    pub fn in_sight(&self) -> impl Iterator<Item = &Arc<Instance>> {
        self.world.rows.shown_from(self.seen.top).take(self.seen.rows.max(1)).filter_map(|shown| match shown {
            Shown::Row(line) => Some(&line.instance),
            Shown::Head(_) => None,
        })
    }

    /// The place was asked to the end: when it is asked again. One that asks to slow down is asked again when its back-off has passed, and
    /// not before.
    pub(super) fn plan_refresh(&mut self, place: &Place, wait: SignedDuration) {
        let usual = self.usual_time(place);
        let earliest = self.world.now.checked_add(wait).ok();
        match if wait.is_zero() { usual } else { usual.and(earliest) } {
            Some(due) => _ = self.due.insert(place.clone(), due),
            None => _ = self.due.remove(place),
        }
    }

    /// The same for all places.
    pub(super) fn plan_refreshes(&mut self) {
        for place in self.chosen_places() {
            self.plan_refresh(&place, SignedDuration::ZERO);
        }
    }

    fn usual_time(&self, place: &Place) -> Option<Timestamp> {
        let seconds = i64::try_from(self.world.settings.refresh).ok().filter(|seconds| *seconds > 0)?;
        if self.world.here.beside.is_empty() {
            return self.world.now.checked_add(SignedDuration::from_secs(seconds)).ok();
        }
        let usual = SignedDuration::from_secs(if self.is_watched(place) { seconds } else { seconds.saturating_mul(UNSEEN) });
        let generation = self.world.inventory.listing(place).map_or(0, |listing| listing.generation.0);
        let percent =
            100 - JITTER + i64::try_from(scattered(place, generation) % (2 * JITTER.unsigned_abs() + 1)).unwrap_or(JITTER);
        self.world.now.checked_add(SignedDuration::from_millis(i64::try_from(usual.as_millis()).ok()? * percent / 100)).ok()
    }
}

/// A number that differs from place to place and from time to time (FNV-1a).
fn scattered(place: &Place, time: u64) -> u64 {
    let text = format!("{place} {time}");
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
