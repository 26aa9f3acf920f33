//! What stands in the middle when there is no row to show: what happened, why, what to do.

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::state::{SLOW_AFTER, State};
use crate::tui::theme::Role;
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

fn lines(state: &State) -> Vec<String> {
    let world = &state.world;
    if world.rows.total() > 0 {
        return nothing_matches(state);
    }
    match &world.here.phase {
        Phase::Asking(profile) => {
            vec![world.say_with("body-asking", [("profile", &profile.shown()), ("key", &key(world, Action::Profile))])]
        }
        Phase::NoProfile => {
            vec![world.say("body-no-profile"), world.say_with("body-no-profile-next", [("key", &key(world, Action::Profile))])]
        }
        Phase::NoRegion => no_region(world),
        Phase::Stopped => vec![world.say_with("body-stopped", [("key", &key(world, Action::Refresh))])],
        Phase::Failed(trouble) => trouble.lines().map(str::to_owned).chain(choices(world)).collect(),
        Phase::Opening => vec![world.say("bar-opening")],
        Phase::Open => open(world),
    }
}

fn open(world: &World) -> Vec<String> {
    if let Some((place, listing)) = world.inventory.listings().find(|(_, listing)| listing.is_loading) {
        let seconds = age::seconds(listing.begun, world.now);
        if seconds <= SLOW_AFTER {
            return vec![world.say_with("body-loading", [("region", place.region.as_str())])];
        }
        let waited = age::span(seconds, &world.text);
        let (stop, again) = (key(world, Action::Cancel), key(world, Action::Refresh));
        return vec![
            world.say_with("slow", [("region", place.region.as_str()), ("waited", &waited), ("stop", &stop), ("again", &again)]),
        ];
    }
    if let Some(trouble) = world.trouble() {
        return trouble.lines().map(str::to_owned).collect();
    }
    if world.updated().is_none() {
        return vec![world.say_with("body-stopped", [("key", &key(world, Action::Refresh))])];
    }
    empty(world)
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
        world.say_with("body-empty-next", [("key", &region_key)])
    } else {
        world.say_with("body-empty-elsewhere", [("key", &region_key), ("regions", &elsewhere.join(", "))])
    };
    vec![what, next]
}

fn nothing_matches(state: &State) -> Vec<String> {
    let world = &state.world;
    let filter = crate::model::Untrusted::from(state.filter_text.as_str()).shown_in(60);
    let total = age::grouped(world.rows.total());
    vec![world.say_with("body-nothing-matches", [("filter", &filter), ("total", &total), ("key", &key(world, Action::Cancel))])]
}

fn no_region(world: &World) -> Vec<String> {
    let key = key(world, Action::Region);
    match &world.here.profile {
        Some(profile) => vec![
            world.say_with("body-no-region", [("profile", &profile.shown())]),
            world.say_with("body-no-region-next", [("key", &key)]),
        ],
        None => vec![world.say("body-no-region-nowhere"), world.say_with("body-no-region-next", [("key", &key)])],
    }
}

/// Another profile may do where this one does not.
fn choices(world: &World) -> Option<String> {
    let keys = [key(world, Action::Profile), key(world, Action::Refresh)];
    (world.profiles.len() > 1).then(|| world.say_with("body-other-profile", [("profile", &keys[0]), ("again", &keys[1])]))
}

fn key(world: &World, action: Action) -> String {
    world.keymap.hint(action)
}
