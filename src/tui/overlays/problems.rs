//! What went wrong, with the time, the latest first.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

use super::reading::Reading;
use super::{Overlay, Reply, fitting, inside};
use crate::model::{Place, ProfileName};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::key::Key;
use crate::tui::lines::gap_line;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 100;

/// The list of problems and how far it is scrolled.
#[derive(Debug, Default)]
pub struct Problems {
    reading: Reading,
}

impl Overlay for Problems {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (width, height) = inside(world, WIDEST);
        self.reading.press(key, || lines(world, width), height)
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (width, height) = inside(world, WIDEST);
        self.reading.paste(text, || lines(world, width), height)
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, WIDEST);
        if let Some(reply) = self.reading.act(action, || lines(world, width), height) {
            return reply;
        }
        match action {
            Action::Tunnels => Reply::Close(vec![Request::Act(Action::Tunnels)]),
            Action::Cancel | Action::Quit | Action::Back | Action::Problems | Action::Instances => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = lines(world, width.saturating_sub(4));
        let title = world.say("problems-title");
        let hints = self.reading.hints(&world.hint(Action::Cancel, "hint-close"), || lines.clone(), world);
        let area = fitting(canvas, area, width, [&title, &hints], lines.iter().map(String::as_str));
        let inner = canvas.frame(area, &title, "", &hints);
        let top = self.reading.top(lines.len(), usize::from(inner.height));
        for (y, (at, line)) in (inner.y..inner.bottom()).zip(lines.iter().enumerate().skip(top)) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(Role::Text));
            self.reading.mark(canvas, Rect { y, height: 1, ..inner }, at, line);
        }
        self.reading.draw(canvas, area, lines.len())
    }
}

/// What is missing now, then what was heard, the latest first.
fn lines(world: &World, room: u16) -> Vec<String> {
    let mut lines: Vec<String> = not_fine(world).iter().flat_map(|line| wrapped(line, room)).collect();
    let gaps: Vec<String> = world.gaps.iter().flat_map(|gap| wrapped(&gap_line(gap, world), room)).collect();
    lines.extend(gaps);
    for problem in world.problems.iter().rev() {
        let time = problem.at.to_zoned(world.zone.clone()).strftime("%H:%M:%S").to_string();
        let ago = age::ago(problem.at, world.now, &world.text);
        lines.extend(wrapped(&format!("{time}  {ago}  {}", problem.text), room));
    }
    if lines.is_empty() {
        lines.push(world.say("problems-none"));
    }
    lines
}

/// One line for each place that is not fine; for a profile whose places all say the same, one for all of them.
fn not_fine(world: &World) -> Vec<String> {
    if world.here.beside.is_empty() {
        return Vec::new();
    }
    let mut told: BTreeMap<(&str, &str), Vec<&Place>> = BTreeMap::new();
    for (place, trouble) in &world.here.troubles {
        let profile = place.profile.as_ref().map_or("", ProfileName::raw);
        told.entry((profile, trouble.what.as_str())).or_default().push(place);
    }
    let of_places = told.iter().map(|((_, what), places)| {
        let place = match places.as_slice() {
            [place] => place.to_string(),
            several => {
                let profile =
                    several.first().and_then(|place| place.profile.as_ref()).map(ProfileName::shown).unwrap_or_default();
                let count = world.say_with("title-regions", [("count", &several.len().to_string())]);
                joined(" ", [profile.as_str(), &count])
            }
        };
        format!("! {}", world.at(&place, what))
    });
    let profiles = world.places_in_trouble().skip(world.here.troubles.len());
    of_places.chain(profiles.map(|(profile, trouble)| format!("! {}", world.at(&profile, &trouble.what)))).collect()
}
