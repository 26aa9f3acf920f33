//! What stands in the middle when there is no row to show: what happened, why, what to do.

use ratatui::layout::Rect;

use super::bars;
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::state::{SLOW_AFTER, State};
use crate::tui::theme::Role;
use crate::tui::trouble::Trouble;
use crate::tui::world::{Phase, World};

/// Draw the text of the state in the middle of `area`.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let room = area.width.saturating_sub(4);
    let lines: Vec<String> = lines(state).iter().flat_map(|line| wrapped(line, room)).collect();
    let top = area.y + area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX)) / 2;
    for (y, line) in (top..area.bottom()).zip(&lines) {
        let x = area.x + area.width.saturating_sub(canvas.width(line)) / 2;
        canvas.put(x, y, area.right().saturating_sub(x), line, canvas.role(Role::Text));
    }
}

/// What is said in place of rows: what happened, why, what to do.
pub fn lines(state: &State) -> Vec<String> {
    let world = &state.world;
    if world.rows.total() > 0 {
        return nothing_matches(state);
    }
    match &world.here.phase {
        Phase::Asking(profile) => {
            let asking = world.say_with("body-asking", [("profile", &profile.shown())]);
            vec![with_key(asking, "body-asking-next", Action::Profile, world)]
        }
        Phase::NoProfile => {
            let next = world.say_if_whole("body-no-profile-next", [("key", &key(world, Action::Profile))]);
            std::iter::once(world.say("body-no-profile")).chain(next).collect()
        }
        Phase::NoRegion => no_region(world),
        Phase::Stopped => vec![stopped(world)],
        Phase::Failed(trouble) => told(trouble, world).into_iter().chain(choices(world)).collect(),
        Phase::Opening => vec![world.finding().unwrap_or_else(|| world.say("bar-opening"))],
        Phase::Open => open(world),
    }
}

fn open(world: &World) -> Vec<String> {
    if let Some((place, listing)) = world.inventory.listings().find(|(_, listing)| listing.is_loading) {
        let seconds = age::seconds(listing.begun, world.now);
        if seconds <= SLOW_AFTER {
            return vec![world.say_with("body-loading", [("region", place.region.as_str())])];
        }
        return vec![bars::slow(place.region.as_str(), seconds, world)];
    }
    if let Some(trouble) = world.trouble() {
        return told(trouble, world);
    }
    if world.updated().is_none() {
        return vec![stopped(world)];
    }
    empty(world)
}

/// What happened, why, what to do.
fn told(trouble: &Trouble, world: &World) -> Vec<String> {
    [Some(trouble.what.clone()), trouble.why.clone(), world.next(trouble)].into_iter().flatten().collect()
}

/// No instances here; where they are, if that was seen.
fn empty(world: &World) -> Vec<String> {
    let regions = world.here.regions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let what = match &world.here.identity {
        Some(identity) => world.say_with("body-empty", [("regions", &regions), ("account", identity.account.as_str())]),
        None => world.say_with("body-empty-nowhere", [("regions", &regions)]),
    };
    let elsewhere: Vec<String> = world
        .counts
        .iter()
        .filter(|((profile, region), count)| {
            **count > 0 && *profile == world.here.profile && !world.here.regions.contains(region)
        })
        .map(|((_, region), count)| format!("{region} ({count})"))
        .collect();
    let region_key = key(world, Action::Region);
    let next = if elsewhere.is_empty() {
        world.say_if_whole("body-empty-next", [("key", &region_key)])
    } else {
        world.say_if_whole("body-empty-elsewhere", [("key", &region_key), ("regions", &elsewhere.join(", "))])
    };
    std::iter::once(what).chain(next).collect()
}

fn nothing_matches(state: &State) -> Vec<String> {
    let world = &state.world;
    if world.rows.shows_only_favourites() && state.filter_text.is_empty() {
        return no_favourites(world);
    }
    let filter = crate::model::Untrusted::from(state.filter_text.as_str()).shown_in(60);
    let total = age::grouped(world.rows.total());
    let hidden = world.say_with("body-nothing-matches", [("filter", &filter), ("total", &total)]);
    vec![with_key(hidden, "body-nothing-matches-next", Action::Cancel, world)]
}

fn no_favourites(world: &World) -> Vec<String> {
    let total = age::grouped(world.rows.total());
    let here = world.say_with("body-no-favourites", [("total", &total)]);
    let how = world.say_if_whole("body-no-favourites-how", [("key", &key(world, Action::Favourite))]);
    let next = world.say_if_whole("body-no-favourites-next", [("key", &key(world, Action::OnlyFavourites))]);
    vec![here, joined(" ", [next.as_deref().unwrap_or_default(), how.as_deref().unwrap_or_default()])]
}

fn no_region(world: &World) -> Vec<String> {
    let next = world.say_if_whole("body-no-region-next", [("key", &key(world, Action::Region))]);
    world.no_region().chain(next).collect()
}

fn stopped(world: &World) -> String {
    with_key(world.say("body-stopped"), "body-stopped-next", Action::Refresh, world)
}

/// A sentence, and what the key of an action does, if it has one.
fn with_key(what: String, next: &str, action: Action, world: &World) -> String {
    let next = world.say_if_whole(next, [("key", &key(world, action))]);
    joined(" ", [what.as_str(), next.as_deref().unwrap_or_default()])
}

/// Another profile may do where this one does not.
fn choices(world: &World) -> Option<String> {
    let keys = [key(world, Action::Profile), key(world, Action::Refresh)];
    world.say_if_whole("body-other-profile", [("profile", &keys[0]), ("again", &keys[1])]).filter(|_| world.profiles.len() > 1)
}

fn key(world: &World, action: Action) -> String {
    world.keymap.hint(action)
}
