//! What each role looks like: the only place that knows colours.

use ratatui::style::{Color, Modifier, Style};

use super::look::{Depth, Look};
use crate::columns::Tone;
use crate::config::{ThemeName, Ui};

/// Parts of the screen that are not cells of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// The bar at the top.
    Title,
    /// The bar at the top in an account that asks before connecting.
    Danger,
    /// Column heads, headings.
    Heading,
    /// Lines and frames.
    Frame,
    /// The row under the cursor, over every other style.
    Cursor,
    /// A key in a hint.
    Key,
    /// Hints, ages, what is less important.
    Faint,
    /// Something went wrong.
    Bad,
}

/// Colours and marks of one screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: ThemeName,
    depth: Depth,
    /// Whether marks and frames beyond ASCII are drawn.
    pub unicode: bool,
}

/// Red, green, blue.
type Rgb = (u8, u8, u8);

/// The colours of one theme with colours of its own.
struct Palette {
    good: Rgb,
    problem: Rgb,
    bad: Rgb,
    unknown: Rgb,
    faint: Rgb,
    cursor: Rgb,
}

const DARK: Palette = Palette {
    good: (0x3D, 0xCC, 0x9E),
    problem: (0xE6, 0xB1, 0x3C),
    bad: (0xFF, 0x8A, 0x5C),
    unknown: (0x7C, 0xC4, 0xF0),
    faint: (0x9C, 0xA2, 0xAC),
    cursor: (0x2A, 0x34, 0x40),
};
const LIGHT: Palette = Palette {
    good: (0x00, 0x73, 0x5C),
    problem: (0x8A, 0x5A, 0x00),
    bad: (0xA8, 0x3A, 0x00),
    unknown: (0x00, 0x62, 0x9B),
    faint: (0x5F, 0x65, 0x70),
    cursor: (0xDD, 0xE7, 0xF2),
};
/// Blue for good and orange for bad: told apart without red and green.
const COLORBLIND_DARK: Palette = Palette {
    good: (0x6F, 0xB7, 0xFF),
    problem: (0xF2, 0xD0, 0x5C),
    bad: (0xFF, 0x9E, 0x3D),
    unknown: (0xC9, 0xB6, 0xF2),
    faint: (0x9C, 0xA2, 0xAC),
    cursor: (0x2A, 0x34, 0x40),
};
const COLORBLIND_LIGHT: Palette = Palette {
    good: (0x00, 0x4E, 0x9E),
    problem: (0x75, 0x5B, 0x00),
    bad: (0x9A, 0x44, 0x00),
    unknown: (0x5A, 0x3D, 0x99),
    faint: (0x5A, 0x60, 0x6A),
    cursor: (0xDD, 0xE7, 0xF2),
};

impl Theme {
    /// The theme of the settings on a terminal that looks like this.
    pub fn new(ui: &Ui, look: &Look) -> Self {
        Self { name: look.theme(ui), depth: look.depth, unicode: look.draws_unicode(ui) }
    }

    /// How a cell of this tone looks.
    pub fn tone(&self, tone: Tone) -> Style {
        let style = Style::new();
        let Some(palette) = self.palette() else {
            return match (self.name, tone) {
                (_, Tone::Plain) => style,
                (ThemeName::Mono, Tone::Bad) => style.add_modifier(Modifier::BOLD),
                (ThemeName::Mono, Tone::Faint) => style.add_modifier(Modifier::DIM),
                (ThemeName::Mono, _) => style,
                (ThemeName::HighContrast, Tone::Good) => style.fg(Color::LightGreen).add_modifier(Modifier::BOLD),
                (ThemeName::HighContrast, Tone::Problem) => style.fg(Color::LightYellow).add_modifier(Modifier::BOLD),
                (ThemeName::HighContrast, Tone::Bad) => style.fg(Color::LightRed).add_modifier(Modifier::BOLD),
                (ThemeName::HighContrast, Tone::Unknown) => style.fg(Color::LightCyan).add_modifier(Modifier::BOLD),
                (ThemeName::HighContrast, Tone::Faint) => style,
                (_, Tone::Good) => style.fg(Color::Green),
                (_, Tone::Problem) => style.fg(Color::Yellow),
                (_, Tone::Bad) => style.fg(Color::Red).add_modifier(Modifier::BOLD),
                (_, Tone::Unknown) => style.fg(Color::Cyan),
                (_, Tone::Faint) => style.add_modifier(Modifier::DIM),
            };
        };
        match tone {
            Tone::Plain => style,
            Tone::Good => style.fg(self.colour(palette.good)),
            Tone::Problem => style.fg(self.colour(palette.problem)),
            Tone::Bad => style.fg(self.colour(palette.bad)).add_modifier(Modifier::BOLD),
            Tone::Unknown => style.fg(self.colour(palette.unknown)),
            Tone::Faint => style.fg(self.colour(palette.faint)),
        }
    }

    /// How a part of the screen looks.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Text => Style::new(),
            Role::Title => Style::new().add_modifier(Modifier::BOLD),
            Role::Danger => self.tone(Tone::Bad).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::Heading | Role::Key => Style::new().add_modifier(Modifier::BOLD),
            Role::Frame | Role::Faint => self.tone(Tone::Faint),
            Role::Cursor => self.cursor(),
            Role::Bad => self.tone(Tone::Bad),
        }
    }

    /// The cursor's row is reversed; with 24 bits or 256 colours the themes with colours of their own lay a ground under it.
    fn cursor(&self) -> Style {
        match self.palette() {
            Some(palette) if self.depth > Depth::Sixteen => {
                Style::new().bg(self.colour(palette.cursor)).add_modifier(Modifier::BOLD)
            }
            _ => Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    fn palette(&self) -> Option<&'static Palette> {
        match self.name {
            ThemeName::Dark => Some(&DARK),
            ThemeName::Light => Some(&LIGHT),
            ThemeName::ColorblindDark => Some(&COLORBLIND_DARK),
            ThemeName::ColorblindLight => Some(&COLORBLIND_LIGHT),
            ThemeName::Auto | ThemeName::HighContrast | ThemeName::Mono => None,
        }
    }

    fn colour(&self, (red, green, blue): Rgb) -> Color {
        match self.depth {
            Depth::True => Color::Rgb(red, green, blue),
            Depth::Many => Color::Indexed(nearest_of_256((red, green, blue))),
            Depth::Sixteen => nearest_of_16((red, green, blue)),
        }
    }
}

/// Steps of the 6×6×6 cube of the 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn nearest_of_256(colour: Rgb) -> u8 {
    let cube = (0..216_u8).map(|at| {
        let step = |by: u8| CUBE.get(usize::from(at / by % 6)).copied().unwrap_or_default();
        (16 + at, (step(36), step(6), step(1)))
    });
    let grey = (0..24_u8).map(|at| (232 + at, (8 + at * 10, 8 + at * 10, 8 + at * 10)));
    cube.chain(grey).min_by_key(|(_, own)| distance(*own, colour)).map_or(7, |(index, _)| index)
}

fn nearest_of_16(colour: Rgb) -> Color {
    let own = [
        (Color::Black, (0, 0, 0)),
        (Color::Red, (170, 0, 0)),
        (Color::Green, (0, 170, 0)),
        (Color::Yellow, (170, 110, 0)),
        (Color::Blue, (0, 0, 170)),
        (Color::Magenta, (170, 0, 170)),
        (Color::Cyan, (0, 170, 170)),
        (Color::Gray, (170, 170, 170)),
        (Color::DarkGray, (85, 85, 85)),
        (Color::LightRed, (255, 110, 85)),
        (Color::LightGreen, (85, 255, 85)),
        (Color::LightYellow, (255, 255, 85)),
        (Color::LightBlue, (110, 160, 255)),
        (Color::LightMagenta, (255, 85, 255)),
        (Color::LightCyan, (85, 255, 255)),
    ];
    own.into_iter().min_by_key(|(_, rgb)| distance(*rgb, colour)).map_or(Color::Reset, |(colour, _)| colour)
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2's contrast ratio.
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |c: Rgb| 0.2126 * channel(c.0) + 0.7152 * channel(c.1) + 0.0722 * channel(c.2);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_of_every_theme_is_readable_on_its_ground_and_on_the_cursor() {
        for (palette, ground) in [
            (&DARK, (0x12, 0x14, 0x18)),
            (&COLORBLIND_DARK, (0x12, 0x14, 0x18)),
            (&LIGHT, (255, 255, 255)),
            (&COLORBLIND_LIGHT, (255, 255, 255)),
        ] {
            for colour in [palette.good, palette.problem, palette.bad, palette.unknown, palette.faint] {
                assert!(contrast(colour, ground) >= 4.5, "{colour:?} on {ground:?}: {}", contrast(colour, ground));
                assert!(
                    contrast(colour, palette.cursor) >= 4.5,
                    "{colour:?} on the cursor: {}",
                    contrast(colour, palette.cursor)
                );
            }
        }
    }

    #[test]
    fn without_colour_no_style_has_one() {
        let theme = Theme::new(&Ui::default(), &Look { colour: false, ..Look::default() });

        for tone in [Tone::Plain, Tone::Good, Tone::Problem, Tone::Bad, Tone::Unknown, Tone::Faint] {
            assert_eq!((theme.tone(tone).fg, theme.tone(tone).bg), (None, None), "{tone:?}");
        }
        for role in [Role::Title, Role::Danger, Role::Cursor, Role::Bad] {
            assert_eq!((theme.role(role).fg, theme.role(role).bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn fewer_colours_take_the_nearest_one() {
        let ui = Ui { theme: ThemeName::Dark, ..Ui::default() };
        let at = |depth| Theme::new(&ui, &Look { depth, ..Look::default() }).tone(Tone::Good).fg;

        assert_eq!(at(Depth::True), Some(Color::Rgb(0x3D, 0xCC, 0x9E)));
        assert_eq!(at(Depth::Many), Some(Color::Indexed(79)));
        assert!(matches!(at(Depth::Sixteen), Some(Color::Cyan | Color::Green | Color::LightGreen)));
    }
}
