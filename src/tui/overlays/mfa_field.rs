//! The field for the code of an MFA device.

use std::fmt;

use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use super::{Overlay, Reply, Request, centred};
use crate::model::{MFA_DIGITS, MfaCode, MfaDevice};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::key::{Cap, Key};
use crate::tui::theme::Role;
use crate::tui::trouble::Trouble;
use crate::tui::world::World;

const WIDEST: u16 = 70;

/// Digits are taken as they are typed, and sent with the sixth.
pub struct MfaField {
    device: MfaDevice,
    /// Why it is asked for.
    what: String,
    digits: Zeroizing<String>,
}

impl fmt::Debug for MfaField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MfaField").finish_non_exhaustive()
    }
}

impl MfaField {
    /// For the device that this trouble names.
    pub fn of(trouble: &Trouble) -> Option<Self> {
        // Room for all of it at once: what moves leaves copies behind.
        let digits = Zeroizing::new(String::with_capacity(MFA_DIGITS));
        Some(Self { device: trouble.device.clone()?, what: trouble.what.clone(), digits })
    }

    fn take(&mut self, character: char) -> Reply {
        if character.is_ascii_digit() && self.digits.len() < MFA_DIGITS {
            self.digits.push(character);
        }
        match self.digits.parse::<MfaCode>() {
            Ok(code) => Reply::Close(vec![Request::GiveCode { device: self.device.clone(), code }]),
            Err(_) => Reply::Stay(Vec::new()),
        }
    }
}

impl Overlay for MfaField {
    fn is_moot(&self, world: &World) -> bool {
        !world.wants_code_of(&self.device)
    }

    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        match key {
            Key { cap: Cap::Char(character), ctrl: false, alt: false } => Some(self.take(character)),
            Key { cap: Cap::Named("Backspace"), .. } => {
                self.digits.pop();
                Some(Reply::Stay(Vec::new()))
            }
            _ => None,
        }
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        let digits = text.chars().filter(|character| !character.is_whitespace());
        // The sixth is typed: a pasted text sends nothing by itself.
        for digit in digits.clone().filter(char::is_ascii_digit).take((MFA_DIGITS - 1).saturating_sub(self.digits.len())) {
            self.digits.push(digit);
        }
        digits.count() < MFA_DIGITS
    }

    fn act(&mut self, action: Action, _world: &World) -> Reply {
        match action {
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = wrapped(&self.what, width.saturating_sub(4));
        let area = centred(area, width, u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4));
        let hints = joined("  ", [world.say("mfa-how"), world.hint(Action::Cancel, "hint-cancel")].iter().map(String::as_str));
        let inside = canvas.frame(area, &world.say("mfa-title"), "", &hints);
        for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        let y = inside.bottom().saturating_sub(1);
        let after = canvas.put(inside.x, y, inside.width, &format!("> {}", *self.digits), canvas.role(Role::Focus));
        canvas.put(after, y, inside.width, &"_".repeat(MFA_DIGITS - self.digits.len()), canvas.role(Role::Faint));
        Some(Position::new(after, y))
    }
}
