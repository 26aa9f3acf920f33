//! What each role looks like: the only place that knows colours.

use ratatui::style::{Color, Modifier, Style};

use super::look::{Depth, Look};
use crate::columns::Tone;
use crate::config::{Colour, OwnColours, ThemeName, Ui};

/// Parts of the screen that are not cells of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// The bar at the top.
    Title,
    /// The bar at the top in an account that asks before connecting.
    Danger,
    /// Headings: of a page, of a part of a text.
    Heading,
    /// The head of a column.
    Head,
    /// The head of the column that the rows are sorted by.
    SortedHead,
    /// Lines and frames.
    Frame,
    /// What has the focus: the title of the topmost dialog, the field that takes the keys.
    Focus,
    /// The row under the cursor, over every other style.
    Cursor,
    /// A key in a hint.
    Key,
    /// The words of hints, ages, what is less important.
    Faint,
    /// Something went wrong.
    Bad,
    /// Something to know.
    Problem,
}

/// Colours and marks of one screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    colours: Colours,
    depth: Depth,
    /// Whether marks and frames beyond ASCII are drawn.
    pub unicode: bool,
}

/// Where the colours come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Colours {
    /// The terminal's own 16.
    Terminal,
    /// None.
    Mono,
    /// The theme's own.
    Own(Inks),
}

/// The colours of a theme as this terminal draws them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Inks {
    /// The ground of the whole screen, if the theme paints one.
    ground: Option<Color>,
    /// Whether plain text has a colour also where no ground is laid.
    is_text_own: bool,
    text: Color,
    accent: Color,
    good: Color,
    problem: Color,
    bad: Color,
    unknown: Color,
    faint: Color,
    cursor: Color,
}

/// Red, green, blue.
type Rgb = (u8, u8, u8);

/// The terminal's own colours, in its order.
const TERMINAL: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// The colours of one theme with colours of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Palette {
    /// What the theme is made for; only painted with `paints_ground`.
    ground: Rgb,
    paints_ground: bool,
    /// Plain text where we paint the ground below it; elsewhere that is the terminal's own.
    text: Rgb,
    accent: Rgb,
    good: Rgb,
    problem: Rgb,
    bad: Rgb,
    unknown: Rgb,
    faint: Rgb,
    cursor: Rgb,
}

const DARK: Palette = Palette {
    ground: (0x12, 0x14, 0x18),
    paints_ground: false,
    text: (0xE6, 0xE9, 0xEE),
    accent: (0xC3, 0xA9, 0xFF),
    good: (0x3D, 0xCC, 0x9E),
    problem: (0xE6, 0xB1, 0x3C),
    bad: (0xFF, 0x8A, 0x5C),
    unknown: (0x7C, 0xC4, 0xF0),
    faint: (0x9C, 0xA2, 0xAC),
    cursor: (0x2A, 0x34, 0x40),
};
const LIGHT: Palette = Palette {
    ground: (0xFF, 0xFF, 0xFF),
    paints_ground: false,
    text: (0x1B, 0x1F, 0x24),
    accent: (0x5F, 0x2E, 0xAE),
    good: (0x00, 0x73, 0x5C),
    problem: (0x8A, 0x5A, 0x00),
    bad: (0xA8, 0x3A, 0x00),
    unknown: (0x00, 0x62, 0x9B),
    faint: (0x5F, 0x65, 0x70),
    cursor: (0xDD, 0xE7, 0xF2),
};
/// Blue for good and orange for bad: told apart without red and green.
const COLORBLIND_DARK: Palette = Palette {
    accent: (0xFF, 0xB3, 0xDA),
    good: (0x6F, 0xB7, 0xFF),
    problem: (0xF2, 0xD0, 0x5C),
    bad: (0xFF, 0x9E, 0x3D),
    unknown: (0xC9, 0xB6, 0xF2),
    ..DARK
};
const COLORBLIND_LIGHT: Palette = Palette {
    accent: (0x9B, 0x2C, 0x6B),
    good: (0x00, 0x4E, 0x9E),
    problem: (0x75, 0x5B, 0x00),
    bad: (0x9A, 0x44, 0x00),
    unknown: (0x5A, 0x3D, 0x99),
    faint: (0x5A, 0x60, 0x6A),
    ..LIGHT
};
/// On black, whatever the terminal's ground is.
const HIGH_CONTRAST: Palette = Palette {
    ground: (0x00, 0x00, 0x00),
    paints_ground: true,
    text: (0xFF, 0xFF, 0xFF),
    accent: (0xFF, 0xA6, 0xFF),
    good: (0x5C, 0xFF, 0x9D),
    problem: (0xFF, 0xE0, 0x4D),
    bad: (0xFF, 0x9E, 0x8A),
    unknown: (0x7D, 0xE3, 0xFF),
    faint: (0xD6, 0xD9, 0xDE),
    cursor: (0x00, 0x3A, 0x8C),
};

impl Theme {
    /// The theme of the settings on a terminal that looks like this.
    pub fn new(ui: &Ui, look: &Look) -> Self {
        let colours = match (look.theme(ui), &ui.own_theme) {
            (ThemeName::Mono, _) if !look.colour => Colours::Mono,
            (_, Some(own)) => {
                let base = own.colours.base.and_then(palette).unwrap_or(DARK);
                Colours::Own(base.inks(look.depth).with(&own.colours, look.depth))
            }
            (ThemeName::Mono, None) => Colours::Mono,
            (name, None) => palette(name).map_or(Colours::Terminal, |palette| Colours::Own(palette.inks(look.depth))),
        };
        Self { colours, depth: look.depth, unicode: look.draws_unicode(ui) }
    }

    /// How a cell of this tone looks.
    pub fn tone(&self, tone: Tone) -> Style {
        let style = match tone {
            Tone::Bad => Style::new().add_modifier(Modifier::BOLD),
            Tone::Faint if self.inks().is_none() => Style::new().add_modifier(Modifier::DIM),
            _ => Style::new(),
        };
        match (&self.colours, tone) {
            (Colours::Mono, _) | (_, Tone::Plain) | (Colours::Terminal, Tone::Faint) => style,
            (Colours::Terminal, Tone::Good) => style.fg(Color::Green),
            (Colours::Terminal, Tone::Problem) => style.fg(Color::Yellow),
            (Colours::Terminal, Tone::Bad) => style.fg(Color::Red),
            (Colours::Terminal, Tone::Unknown) => style.fg(Color::Cyan),
            (Colours::Own(inks), Tone::Good) => style.fg(inks.good),
            (Colours::Own(inks), Tone::Problem) => style.fg(inks.problem),
            (Colours::Own(inks), Tone::Bad) => style.fg(inks.bad),
            (Colours::Own(inks), Tone::Unknown) => style.fg(inks.unknown),
            (Colours::Own(inks), Tone::Faint) => style.fg(inks.faint),
        }
    }

    /// How a part of the screen looks.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Text => Style::new(),
            Role::Danger => self.tone(Tone::Bad).add_modifier(Modifier::REVERSED).remove_modifier(Modifier::DIM),
            Role::Title | Role::Heading | Role::SortedHead | Role::Key => Style::new().add_modifier(Modifier::BOLD),
            Role::Frame | Role::Head | Role::Faint => self.tone(Tone::Faint),
            Role::Focus => self.accent().add_modifier(Modifier::BOLD),
            Role::Cursor => self.cursor(),
            Role::Bad => self.tone(Tone::Bad),
            Role::Problem => self.tone(Tone::Problem),
        }
    }

    /// The colour of plain text and of the ground of the whole screen, where the theme has them painted.
    pub fn paint(&self) -> (Option<Color>, Option<Color>) {
        let Some(inks) = self.inks() else { return (None, None) };
        (Some(inks.text).filter(|_| inks.is_text_own || inks.ground.is_some()), inks.ground)
    }

    /// Plain text on a ground that the theme lays; `None`: it lays none.
    pub fn text_on_ground(&self) -> Option<Color> {
        self.inks().map(|inks| inks.text)
    }

    fn accent(&self) -> Style {
        match &self.colours {
            Colours::Terminal => Style::new().fg(Color::Magenta),
            Colours::Mono => Style::new(),
            Colours::Own(inks) => Style::new().fg(inks.accent),
        }
    }

    /// One calm bar. With 24 bits or 256 colours the themes with colours of their own lay a ground under the row's tones; elsewhere it is
    /// reversed with no other tone in it: reversed green and red would be patches, and how they look is the terminal's affair.
    fn cursor(&self) -> Style {
        match self.inks() {
            Some(inks) if self.depth > Depth::Sixteen => Style::new().bg(inks.cursor).remove_modifier(Modifier::DIM),
            _ => Style::reset().add_modifier(Modifier::REVERSED),
        }
    }

    fn inks(&self) -> Option<&Inks> {
        match &self.colours {
            Colours::Own(inks) => Some(inks),
            Colours::Terminal | Colours::Mono => None,
        }
    }
}

/// The colours of a theme that has its own.
fn palette(name: ThemeName) -> Option<Palette> {
    match name {
        ThemeName::Auto | ThemeName::Mono => None,
        ThemeName::Dark => Some(DARK),
        ThemeName::Light => Some(LIGHT),
        ThemeName::ColorblindDark => Some(COLORBLIND_DARK),
        ThemeName::ColorblindLight => Some(COLORBLIND_LIGHT),
        ThemeName::HighContrast => Some(HIGH_CONTRAST),
    }
}

impl Inks {
    /// The same with the colours that the user has chosen; they are drawn as they are, as near as this terminal can.
    fn with(self, own: &OwnColours, depth: Depth) -> Self {
        let ink = |colour: Option<Colour>| {
            Some(match (colour?, depth) {
                (Colour::Terminal(index), _) => TERMINAL.get(usize::from(index)).copied().unwrap_or(Color::Reset),
                (Colour::Rgb(red, green, blue), Depth::True) => Color::Rgb(red, green, blue),
                (Colour::Rgb(red, green, blue), Depth::Many) => Color::Indexed(nearest_of_256((red, green, blue))),
                (Colour::Rgb(red, green, blue), Depth::Sixteen) => nearest_of_16((red, green, blue)),
            })
        };
        Self {
            ground: ink(own.ground).or(self.ground),
            is_text_own: own.text.is_some(),
            text: ink(own.text).unwrap_or(self.text),
            accent: ink(own.accent).unwrap_or(self.accent),
            good: ink(own.good).unwrap_or(self.good),
            problem: ink(own.problem).unwrap_or(self.problem),
            bad: ink(own.bad).unwrap_or(self.bad),
            unknown: ink(own.unknown).unwrap_or(self.unknown),
            faint: ink(own.faint).unwrap_or(self.faint),
            cursor: ink(own.cursor).unwrap_or(self.cursor),
        }
    }
}

impl Palette {
    /// The colours as a terminal with so many draws them.
    fn inks(&self, depth: Depth) -> Inks {
        let ink = |colour: Rgb| match depth {
            Depth::True => Color::Rgb(colour.0, colour.1, colour.2),
            Depth::Many => Color::Indexed(self.readable_of_256(colour)),
            Depth::Sixteen => nearest_of_16(colour),
        };
        let ground = |colour: Rgb| match depth {
            Depth::Many => Color::Indexed(nearest_of_256(colour)),
            _ => ink(colour),
        };
        Inks {
            ground: self.paints_ground.then(|| ground(self.ground)),
            is_text_own: false,
            text: ink(self.text),
            accent: ink(self.accent),
            good: ink(self.good),
            problem: ink(self.problem),
            bad: ink(self.bad),
            unknown: ink(self.unknown),
            faint: ink(self.faint),
            cursor: ground(self.cursor),
        }
    }

    /// The nearest of the 256 that can still be read on the nearest of its grounds, for a colour that can.
    fn readable_of_256(&self, colour: Rgb) -> u8 {
        let is_readable = |ink: Rgb, grounds: [Rgb; 2]| grounds.iter().all(|ground| contrast(ink, *ground) >= READABLE);
        if !is_readable(colour, [self.ground, self.cursor]) {
            return nearest_of_256(colour);
        }
        let grounds = [self.ground, self.cursor].map(|ground| of_256(nearest_of_256(ground)));
        let readable = (16..=255_u8).filter(|index| is_readable(of_256(*index), grounds));
        readable.min_by_key(|index| distance(of_256(*index), colour)).unwrap_or_else(|| nearest_of_256(colour))
    }
}

/// The least contrast of text with its ground, by WCAG 2.
const READABLE: f64 = 4.5;

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

/// Steps of the 6×6×6 cube of the 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn nearest_of_256(colour: Rgb) -> u8 {
    (16..=255_u8).min_by_key(|index| distance(of_256(*index), colour)).unwrap_or(7)
}

/// What a colour of the 256 looks like, from the 16th on: those before are the terminal's own.
fn of_256(index: u8) -> Rgb {
    if let Some(step) = index.checked_sub(232) {
        let grey = 8 + step * 10;
        return (grey, grey, grey);
    }
    let at = index.saturating_sub(16);
    let step = |by: u8| CUBE.get(usize::from(at / by % 6)).copied().unwrap_or_default();
    (step(36), step(6), step(1))
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
        (Color::White, (255, 255, 255)),
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
    use crate::config::OwnTheme;

    const OWN: [(&str, Palette); 5] = [
        ("dark", DARK),
        ("light", LIGHT),
        ("colorblind-dark", COLORBLIND_DARK),
        ("colorblind-light", COLORBLIND_LIGHT),
        ("high-contrast", HIGH_CONTRAST),
    ];

    /// The 16 colours of `auto` are the terminal's own, and `mono` has none: what they look like nobody here can know.
    #[test]
    fn text_of_every_theme_is_readable_on_its_ground_and_on_the_cursor() {
        for (name, palette) in OWN {
            let least = if name == "high-contrast" { 7.0 } else { READABLE };
            let Palette { ground, cursor, text, accent, good, problem, bad, unknown, faint, .. } = palette;
            for colour in [text, accent, good, problem, bad, unknown, faint] {
                let on_ground = contrast(colour, ground);
                assert!(on_ground >= least, "{name}: {colour:?} on its ground: {on_ground}");
                assert!(contrast(colour, cursor) >= READABLE, "{name}: {colour:?} on the cursor: {}", contrast(colour, cursor));
            }
            assert!(contrast(ground, cursor) >= 1.2, "{name}: the bar of the cursor is not seen: {}", contrast(ground, cursor));
        }
    }

    #[test]
    fn with_256_colours_text_stays_readable_too() {
        for (name, palette) in OWN {
            let inks = palette.inks(Depth::Many);
            let seen = |ink: Color| if let Color::Indexed(index) = ink { of_256(index) } else { panic!("{ink:?}") };
            let grounds = [of_256(nearest_of_256(palette.ground)), seen(inks.cursor)];
            for ink in [inks.text, inks.accent, inks.good, inks.problem, inks.bad, inks.unknown, inks.faint] {
                for ground in grounds {
                    let found = contrast(seen(ink), ground);
                    assert!(found >= READABLE, "{name}: {ink:?} on {ground:?}: {found}");
                }
            }
        }
    }

    #[test]
    fn a_theme_of_the_users_own_lays_its_colours_over_its_base() {
        let own = |colours| {
            let ui = Ui { own_theme: Some(OwnTheme { name: "sea".into(), colours }), ..Ui::default() };
            move |look: Look| Theme::new(&ui, &look)
        };
        let colours = OwnColours {
            base: Some(ThemeName::Light),
            good: Some(Colour::Rgb(0, 0, 0xFF)),
            bad: Some(Colour::Terminal(13)),
            ..OwnColours::default()
        };
        let theme = own(colours.clone())(Look { depth: Depth::True, ..Look::default() });

        let seen = [Tone::Good, Tone::Bad, Tone::Problem].map(|tone| theme.tone(tone).fg);
        assert_eq!(seen, [Some(Color::Rgb(0, 0, 0xFF)), Some(Color::LightMagenta), Some(Color::Rgb(0x8A, 0x5A, 0x00))]);
        assert_eq!(theme.paint(), (None, None));
        let poor = own(colours.clone())(Look::default());
        assert_eq!(poor.tone(Tone::Good).fg, Some(Color::Blue));
        let none = own(colours.clone())(Look { colour: false, ..Look::default() });
        assert_eq!(none.tone(Tone::Good).fg, None);

        let ground = OwnColours { ground: Some(Colour::Rgb(0, 0, 0)), ..colours };
        let painted = own(ground)(Look { depth: Depth::True, ..Look::default() });
        assert_eq!(painted.paint(), (Some(Color::Rgb(0x1B, 0x1F, 0x24)), Some(Color::Rgb(0, 0, 0))));
    }

    #[test]
    fn without_colour_no_style_has_one() {
        let theme = Theme::new(&Ui::default(), &Look { colour: false, ..Look::default() });

        for tone in [Tone::Plain, Tone::Good, Tone::Problem, Tone::Bad, Tone::Unknown, Tone::Faint] {
            assert_eq!((theme.tone(tone).fg, theme.tone(tone).bg), (None, None), "{tone:?}");
        }
        for role in [Role::Title, Role::Danger, Role::Cursor, Role::Bad] {
            let colours = [theme.role(role).fg, theme.role(role).bg];
            assert!(colours.iter().all(|colour| matches!(colour, None | Some(Color::Reset))), "{role:?}");
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
