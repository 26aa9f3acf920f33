//! What goes to the clipboard.

use super::State;
use crate::columns::Tone;
use crate::model::Untrusted;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;

/// Widest that a copied text is quoted.
const QUOTED: usize = 40;

impl State {
    /// Copy one line without control characters, and say what was copied. `what` is a key of the catalogue.
    pub(super) fn copy(&mut self, what: &'static str, text: &str) -> Vec<Effect> {
        let clean: String = text.chars().filter(|character| !is_dangerous(*character)).collect();
        let quoted = Untrusted::from(clean.as_str()).shown_in(QUOTED);
        let said = self.world.say_with("copied", [("what", &self.world.say(what)), ("text", &quoted)]);
        self.world.tell(said, Tone::Plain);
        vec![Effect::Copy { text: clean }]
    }

    /// Copy lines, which went through the gate to the screen: what a terminal would obey is not in them.
    pub(super) fn copy_lines(&mut self, what: &'static str, text: String) -> Vec<Effect> {
        let lines = text.lines().count().to_string();
        let said = self.world.say_with("copied-lines", [("what", &self.world.say(what)), ("count", &lines)]);
        self.world.tell(said, Tone::Plain);
        vec![Effect::Copy { text }]
    }

    /// Copy the command line that opens the same session.
    pub(super) fn copy_command(&mut self, request: &ConnectRequest) -> Vec<Effect> {
        match self.command(request) {
            Ok(command) => self.copy("copied-command", &command),
            Err(refusal) => {
                self.world.tell(refusal, Tone::Problem);
                Vec::new()
            }
        }
    }
}

/// What a paste could run or turn round: control characters, line and paragraph separators, bidi controls.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
