//! What a terminal sends, as keys and pastes: its replies, asked for or not, late or in pieces, are never keys.

use std::collections::VecDeque;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// Ends any sequence, on a terminal as here.
const CANCEL: [u8; 2] = [0x18, 0x1a];
/// The one key that always counts.
const CTRL_C: u8 = 0x03;
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// How long ESC may stay alone before it is the key: the rest of a sequence comes with it, or a packet behind it.
const LONE_ESCAPE: Duration = Duration::from_millis(25);
/// How long the beginning of a sequence that Alt and a key would send too may stay without its rest.
const LONE_BEGINNING: Duration = Duration::from_millis(150);
/// How long the rest of anything else may take. Behind that the keyboard is a keyboard again.
const REST: Duration = Duration::from_secs(5);
/// Longest parameters that mean something to us.
const PARAMETERS: usize = 32;
/// Bytes that are kept of one paste.
const PASTED: usize = 1024 * 1024;

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Pressed a key.
    Key(KeyEvent),
    /// Pasted a text, in a terminal that marks it as one.
    Paste(String),
    /// Clicked or turned the wheel, where the terminal was asked to tell.
    Mouse(MouseEvent),
}

/// Where in the terminal's words we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Between keys.
    Ground,
    /// In a character of UTF-8: so many bytes of so many.
    Character { have: usize, whole: usize, with_alt: bool },
    /// Behind ESC.
    Escape,
    /// Behind ESC and a byte that begins a sequence.
    Beginning(u8),
    /// In a control sequence with parameters.
    Control,
    /// Behind `ESC [ [`, as the Linux console begins F1 to F5.
    ConsoleFunction,
    /// So many bytes of an old mouse report are to come.
    Mouse(u8),
    /// In a string (OSC, DCS, APC, PM, SOS); one that an 8-bit byte began also ends by one.
    Text { is_eight_bit: bool },
    /// Behind ESC in a string.
    TextEscape,
    /// In a paste, behind so many bytes of the mark that ends it.
    Paste { mark: usize },
}

/// Turns bytes into keys. It has no clock: whoever feeds it says when nothing came for [`Keys::patience`].
#[derive(Debug)]
pub struct Keys {
    at: At,
    /// What was taken for a key because its rest did not come in time.
    doubt: Option<At>,
    character: [u8; 4],
    parameters: Vec<u8>,
    pasted: Vec<u8>,
    typed: VecDeque<Typed>,
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

impl Keys {
    /// Between keys.
    pub const fn new() -> Self {
        Self {
            at: At::Ground,
            doubt: None,
            character: [0; 4],
            parameters: Vec::new(),
            pasted: Vec::new(),
            typed: VecDeque::new(),
        }
    }

    /// These bytes came, in one piece.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        match self.doubt.take() {
            Some(At::TextEscape) if bytes.first() == Some(&b'\\') => bytes = bytes.get(1..).unwrap_or_default(),
            Some(at @ (At::Escape | At::Beginning(_))) if is_rest(at, bytes) => self.at = at,
            _ => {}
        }
        for &byte in bytes {
            self.step(byte);
        }
    }

    /// The next thing that somebody did.
    pub fn next(&mut self) -> Option<Typed> {
        self.typed.pop_front()
    }

    /// Forget what was typed, but not where we are.
    pub fn forget(&mut self) {
        if matches!(self.at, At::Escape | At::Beginning(_)) {
            // Maybe a key; its rest is known by its letters.
            self.silence();
        }
        self.typed.clear();
    }

    /// How long to wait for more before [`Self::silence`]. None: as long as it takes.
    pub fn patience(&self) -> Option<Duration> {
        match self.at {
            // The rest of a paste must never be taken for keys.
            At::Ground | At::Paste { .. } => None,
            At::Escape => Some(LONE_ESCAPE),
            At::Beginning(_) | At::TextEscape => Some(LONE_BEGINNING),
            At::Character { .. } | At::Control | At::ConsoleFunction | At::Mouse(_) | At::Text { .. } => Some(REST),
        }
    }

    /// Nothing came for as long as that.
    pub fn silence(&mut self) {
        let at = std::mem::replace(&mut self.at, At::Ground);
        match at {
            At::Escape => self.press(KeyCode::Esc, KeyModifiers::NONE),
            At::Beginning(byte) => self.press_alt(byte),
            At::Paste { .. } => self.at = at,
            _ => {}
        }
        self.doubt = matches!(at, At::Escape | At::Beginning(_) | At::TextEscape).then_some(at);
    }

    fn step(&mut self, byte: u8) {
        match self.at {
            At::Ground => self.begin(byte, false),
            At::Character { have, whole, with_alt } => self.character(byte, have, whole, with_alt),
            At::Escape => self.escaped(byte),
            At::Beginning(first) => self.begun(first, byte),
            At::Control => self.control(byte),
            At::ConsoleFunction => self.console_function(byte),
            At::Mouse(left) => self.at = if left > 1 { At::Mouse(left - 1) } else { At::Ground },
            At::Text { is_eight_bit } => self.text(byte, is_eight_bit),
            At::TextEscape => {
                self.at = At::Ground;
                if byte != b'\\' {
                    self.escaped(byte);
                }
            }
            At::Paste { mark } => self.paste(byte, mark),
        }
    }

    /// The first byte of something, maybe behind ESC.
    fn begin(&mut self, byte: u8, with_alt: bool) {
        self.at = At::Ground;
        let alt = if with_alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        let whole = match byte {
            ESCAPE => return self.at = At::Escape,
            b'\r' => return self.press(KeyCode::Enter, alt),
            b'\t' => return self.press(KeyCode::Tab, alt),
            0x7f => return self.press(KeyCode::Backspace, alt),
            0 => return self.press(KeyCode::Char(' '), alt | KeyModifiers::CONTROL),
            0x01..=0x1a => return self.press(KeyCode::Char(char::from(byte - 1 + b'a')), alt | KeyModifiers::CONTROL),
            0x1c..=0x1f => return self.press(KeyCode::Char(char::from(byte - 0x1c + b'4')), alt | KeyModifiers::CONTROL),
            0x20..=0x7e => return self.press_character(char::from(byte), alt),
            0x80..=0x9f => return self.eight_bit(byte),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            // No character begins so.
            _ => return,
        };
        self.character[0] = byte;
        self.at = At::Character { have: 1, whole, with_alt };
    }

    fn character(&mut self, byte: u8, have: usize, whole: usize, with_alt: bool) {
        if !matches!(byte, 0x80..=0xbf) {
            // It was none.
            return self.begin(byte, false);
        }
        self.character[have] = byte;
        if have + 1 < whole {
            return self.at = At::Character { have: have + 1, whole, with_alt };
        }
        self.at = At::Ground;
        let character = std::str::from_utf8(&self.character[..whole]).ok().and_then(|text| text.chars().next());
        match character {
            Some(control @ '\u{80}'..='\u{9f}') => self.eight_bit(control as u32 as u8),
            Some(character) if with_alt => self.press_character(character, KeyModifiers::ALT),
            Some(character) => self.press_character(character, KeyModifiers::NONE),
            None => {}
        }
    }

    /// A control of the second half of a character set begins a sequence too.
    fn eight_bit(&mut self, byte: u8) {
        match byte {
            0x9b => {
                self.parameters.clear();
                self.at = At::Control;
            }
            0x8f => self.at = At::Beginning(b'O'),
            0x90 | 0x98 | 0x9d | 0x9e | 0x9f => self.at = At::Text { is_eight_bit: true },
            _ => {}
        }
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => self.at = At::Beginning(byte),
            ESCAPE => {
                self.press(KeyCode::Esc, KeyModifiers::NONE);
                self.at = At::Escape;
            }
            _ => self.begin(byte, true),
        }
    }

    fn begun(&mut self, first: u8, byte: u8) {
        self.at = At::Ground;
        if byte == ESCAPE && first != b'[' && first != b'O' {
            self.at = At::TextEscape;
        } else if byte == BELL && first != b'[' && first != b'O' {
            // An empty string.
        } else if byte < 0x20 {
            // No sequence goes on so: Alt and a key it was.
            self.press_alt(first);
            self.begin(byte, false);
        } else if first == b'[' {
            self.parameters.clear();
            self.at = At::Control;
            if byte == b'[' { self.at = At::ConsoleFunction } else { self.control(byte) }
        } else if first == b'O' {
            self.single_shift(byte);
        } else {
            self.at = At::Text { is_eight_bit: false };
            self.text(byte, false);
        }
    }

    fn text(&mut self, byte: u8, is_eight_bit: bool) {
        match byte {
            BELL => self.at = At::Ground,
            ESCAPE => self.at = At::TextEscape,
            0x9c if is_eight_bit => self.at = At::Ground,
            CTRL_C => self.begin(byte, false),
            _ if CANCEL.contains(&byte) => self.at = At::Ground,
            _ => {}
        }
    }

    fn control(&mut self, byte: u8) {
        match byte {
            0x20..=0x3f if self.parameters.len() < PARAMETERS => self.parameters.push(byte),
            // Nothing that we know: only its end counts.
            0x20..=0x3f => {}
            0x40..=0x7e => {
                self.at = At::Ground;
                self.control_key(byte);
            }
            _ if CANCEL.contains(&byte) || byte == 0x7f => self.at = At::Ground,
            _ => self.begin(byte, false),
        }
    }

    fn console_function(&mut self, byte: u8) {
        self.at = At::Ground;
        match byte {
            b'A'..=b'E' => self.press(KeyCode::F(byte - b'A' + 1), KeyModifiers::NONE),
            0x20..=0x7e => {}
            _ => self.begin(byte, false),
        }
    }

    fn single_shift(&mut self, byte: u8) {
        match byte {
            b'P'..=b'S' => self.press(KeyCode::F(byte - b'P' + 1), KeyModifiers::NONE),
            b'M' => self.press(KeyCode::Enter, KeyModifiers::NONE),
            _ => {
                if let Some(code) = cursor_key(byte) {
                    self.press(code, KeyModifiers::NONE);
                }
            }
        }
    }

    /// A whole control sequence: a key, the beginning of a paste, or a reply, which is nothing to us.
    fn control_key(&mut self, last: u8) {
        if let Some(event) = self.parameters.strip_prefix(b"<").filter(|_| last == b'M').and_then(mouse_event) {
            return self.typed.push_back(Typed::Mouse(event));
        }
        let Some([first, second]) = numbers(&self.parameters) else {
            // A private or an unknown one. Old mouse reports have no parameters.
            return;
        };
        let (modifiers, is_release) = (modifiers(second.0), second.1 == 3);
        match (last, first.0) {
            (b'M', 0) if self.parameters.is_empty() => self.at = At::Mouse(3),
            (b'~', 200) => {
                self.pasted.clear();
                self.at = At::Paste { mark: 0 };
            }
            _ if is_release => {}
            (b'~', number) => {
                if let Some(code) = numbered_key(number) {
                    self.press(code, modifiers);
                }
            }
            (b'Z', 0 | 1) => self.press(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT),
            (b'u', number) => self.unicode_key(number, modifiers),
            // Not F3 as `R`: so the terminal tells where its cursor is.
            (b'P' | b'Q' | b'S', 0 | 1) => self.press(KeyCode::F(last - b'P' + 1), modifiers),
            (_, 0 | 1) => {
                if let Some(code) = cursor_key(last) {
                    self.press(code, modifiers);
                }
            }
            _ => {}
        }
    }

    /// As the kitty protocol tells keys.
    fn unicode_key(&mut self, number: u32, modifiers: KeyModifiers) {
        let has_shift = modifiers.contains(KeyModifiers::SHIFT);
        match number {
            27 => self.press(KeyCode::Esc, modifiers),
            13 => self.press(KeyCode::Enter, modifiers),
            9 if has_shift => self.press(KeyCode::BackTab, modifiers),
            9 => self.press(KeyCode::Tab, modifiers),
            127 => self.press(KeyCode::Backspace, modifiers),
            // Its private numbers are keys that no command of ours has.
            57_344..=63_743 => {}
            _ => match char::from_u32(number).filter(|character| !character.is_control()) {
                Some(character) if has_shift => {
                    self.press(KeyCode::Char(character.to_uppercase().next().unwrap_or(character)), modifiers);
                }
                Some(character) => self.press(KeyCode::Char(character), modifiers),
                None => {}
            },
        }
    }

    fn paste(&mut self, byte: u8, mark: usize) {
        if PASTE_ENDS.get(mark) == Some(&byte) {
            if mark + 1 < PASTE_ENDS.len() {
                return self.at = At::Paste { mark: mark + 1 };
            }
            self.at = At::Ground;
            let pasted = std::mem::take(&mut self.pasted);
            return self.typed.push_back(Typed::Paste(String::from_utf8_lossy(&pasted).into_owned()));
        }
        // What looked like the mark was a part of the text.
        self.keep(&PASTE_ENDS[..mark]);
        if byte == ESCAPE {
            return self.at = At::Paste { mark: 1 };
        }
        self.keep(&[byte]);
        self.at = At::Paste { mark: 0 };
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = PASTED.saturating_sub(self.pasted.len());
        self.pasted.extend(bytes.iter().take(room));
    }

    fn press_character(&mut self, character: char, modifiers: KeyModifiers) {
        let shift = if character.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        self.press(KeyCode::Char(character), modifiers | shift);
    }

    fn press_alt(&mut self, byte: u8) {
        self.press_character(char::from(byte), KeyModifiers::ALT);
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.typed.push_back(Typed::Key(KeyEvent::new_with_kind(code, modifiers, KeyEventKind::Press)));
    }
}

/// Whether these bytes are the rest of a reply whose beginning we took for a key: nobody types so much at once, in these letters.
fn is_rest(at: At, bytes: &[u8]) -> bool {
    let (first, rest) = match (at, bytes) {
        (At::Beginning(first), rest) => (first, rest),
        (_, [first, rest @ ..]) => (*first, rest),
        _ => return false,
    };
    let [next, _, ..] = rest else { return false };
    match first {
        b'[' => matches!(next, b'?' | b'>' | b'=' | b'<' | b'0'..=b'9'),
        b']' => next.is_ascii_digit(),
        b'P' => matches!(next, b'>' | b'!' | b'0'..=b'9'),
        b'_' => *next == b'G',
        _ => false,
    }
}

/// `0;12;5`: a button with what was held down, a column and a row from 1, as SGR reports tell of the mouse. Moves are none.
fn mouse_event(parameters: &[u8]) -> Option<MouseEvent> {
    const HELD: u32 = 4 | 8 | 16;
    let mut parts = std::str::from_utf8(parameters).ok()?.split(';').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (button, column, row) = (next()?, next()?, next()?);
    let kind = match button & !HELD {
        0 => MouseEventKind::Down(MouseButton::Left),
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let from_zero = |place: u32| u16::try_from(place.checked_sub(1)?).ok();
    Some(MouseEvent { kind, column: from_zero(column)?, row: from_zero(row)?, modifiers: KeyModifiers::NONE })
}

/// The first two parameters, each with its second part; 0 for one that is not there. None for what no key has.
fn numbers(parameters: &[u8]) -> Option<[(u32, u32); 2]> {
    if parameters.len() == PARAMETERS || !parameters.iter().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')) {
        return None;
    }
    let text = std::str::from_utf8(parameters).ok()?;
    let mut found = [(0, 0); 2];
    for (number, part) in found.iter_mut().zip(text.split(';')) {
        let mut parts = part.split(':').map(|part| part.parse().unwrap_or(0));
        *number = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    }
    Some(found)
}

/// As xterm counts them: one more than the sum of their bits.
fn modifiers(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let all = [KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL, KeyModifiers::SUPER];
    let held = all.into_iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0);
    held.fold(KeyModifiers::NONE, |sum, (_, modifier)| sum | modifier)
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        _ => return None,
    })
}

fn numbered_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11 => KeyCode::F(1),
        12 => KeyCode::F(2),
        13 => KeyCode::F(3),
        14 => KeyCode::F(4),
        15 => KeyCode::F(5),
        17 => KeyCode::F(6),
        18 => KeyCode::F(7),
        19 => KeyCode::F(8),
        20 => KeyCode::F(9),
        21 => KeyCode::F(10),
        23 => KeyCode::F(11),
        24 => KeyCode::F(12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
