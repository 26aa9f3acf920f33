//! The card of a computer that knows no credentials: the ways on from there.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, StartUrlForm, centred, moved};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, padded, wrapped};
use crate::tui::key::{Cap, Key};
use crate::tui::theme::Role;
use crate::tui::world::{Phase, World};

/// Widest the box gets.
const WIDEST: u16 = 78;

/// The ways, one of them pointed at.
#[derive(Debug, Default)]
pub struct FirstWays {
    at: usize,
}

/// A way on.
#[derive(Debug, Clone, Copy)]
enum Way {
    SignIn,
    Profile,
    Demo,
}

/// Those that this program has.
const WAYS: &[Way] = if cfg!(feature = "demo") { &[Way::SignIn, Way::Profile, Way::Demo] } else { &[Way::SignIn, Way::Profile] };

impl Way {
    /// The word for it, and what it does, by their keys.
    fn keys(self, world: &World) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => ("first-sign-in", "first-sign-in-what"),
            Self::Profile if world.known_profiles().next().is_none() => ("first-profile", "first-profile-none"),
            Self::Profile => ("first-profile", "first-profile-what"),
            Self::Demo => ("first-demo", "first-demo-what"),
        }
    }

    fn take(self) -> Reply {
        match self {
            Self::SignIn => Reply::Stay(vec![Request::Show(Box::new(StartUrlForm::default()))]),
            Self::Profile => Reply::Stay(vec![Request::ChooseProfile]),
            Self::Demo => Reply::Stay(vec![Request::SeeDemo]),
        }
    }
}

impl FirstWays {
    fn take(&self, at: usize) -> Option<Reply> {
        WAYS.get(at).map(|way| way.take())
    }
}

impl Overlay for FirstWays {
    fn stands_for_rows(&self) -> bool {
        true
    }

    fn is_moot(&self, world: &World) -> bool {
        // While they are looked for once more it stays as it is.
        world.here.phase != Phase::Opening && !world.has_no_credentials()
    }

    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        let Key { cap: Cap::Char(character @ '1'..='9'), ctrl: false, alt: false } = key else { return None };
        self.at = (character.to_digit(10)? as usize - 1).min(WAYS.len() - 1);
        self.take(character.to_digit(10)? as usize - 1)
    }

    fn act(&mut self, action: Action, _world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, WAYS.len(), WAYS.len()) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu | Action::Open => self.take(self.at).unwrap_or(Reply::Pass),
            Action::SignIn => Way::SignIn.take(),
            Action::Profile => Way::Profile.take(),
            Action::Cancel => Reply::Close(Vec::new()),
            Action::Quit => Reply::Close(vec![Request::Act(Action::Quit)]),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let room = width.saturating_sub(4);
        let ways: Vec<(String, String)> =
            WAYS.iter().map(|way| way.keys(world)).map(|(word, what)| (world.say(word), world.say(what))).collect();
        let words = ways.iter().map(|(word, _)| usize::from(canvas.width(word))).max().unwrap_or(0);
        let beside = u16::try_from(words + 6).unwrap_or(u16::MAX);
        let mut head = wrapped(&world.say("first-why"), room);
        let mut foot = wrapped(&world.say("welcome-promise"), room);
        let mut told: Vec<Vec<String>> = ways.iter().map(|(_, what)| wrapped(what, room.saturating_sub(beside))).collect();
        let rows = |parts: [&Vec<String>; 2], told: &[Vec<String>]| {
            let apart = parts.iter().filter(|part| !part.is_empty()).count();
            parts.iter().map(|part| part.len()).sum::<usize>() + apart + told.iter().map(Vec::len).sum::<usize>() + 2
        };
        // The ways matter more than what stands around them.
        let most = usize::from(area.height);
        if rows([&head, &foot], &told) > most {
            foot.clear();
        }
        if rows([&head, &foot], &told) > most {
            head.clear();
        }
        if rows([&head, &foot], &told) > most {
            told.iter_mut().for_each(|lines| lines.truncate(1));
        }
        let height = rows([&head, &foot], &told);
        let area = centred(area, width, u16::try_from(height).unwrap_or(u16::MAX));
        let hints =
            world.hints([(Action::ConnectMenu, "hint-choose"), (Action::Cancel, "hint-cancel"), (Action::Quit, "hint-quit")]);
        let inside = canvas.frame(area, &world.say("welcome-title"), "", &hints);
        let mut y = inside.y;
        let mut put = |canvas: &mut Canvas<'_>, x: u16, line: &str, role: Role| {
            if y < inside.bottom() {
                canvas.put(inside.x + x, y, inside.width.saturating_sub(x), line, canvas.role(role));
            }
            y += 1;
        };
        head.iter().for_each(|line| put(canvas, 0, line, Role::Text));
        if !head.is_empty() {
            put(canvas, 0, "", Role::Text);
        }
        for (at, ((word, _), told)) in ways.iter().zip(&told).enumerate() {
            let pointer = if at == self.at { ">" } else { " " };
            let label = format!("{pointer} {} {}", at + 1, padded(word, words));
            for (number, line) in told.iter().enumerate() {
                let line =
                    if number == 0 { format!("{label}  {line}") } else { format!("{}{line}", " ".repeat(usize::from(beside))) };
                put(canvas, 0, &line, Role::Text);
            }
        }
        if !foot.is_empty() {
            put(canvas, 0, "", Role::Text);
        }
        foot.iter().for_each(|line| put(canvas, 0, line, Role::Faint));
        None
    }
}
