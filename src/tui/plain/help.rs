//! How plain mode is used, and every command that has a meaning without a screen.

use strum::IntoEnumIterator as _;

use crate::model::Untrusted;
use crate::tui::action::Action;
use crate::tui::world::World;

/// The sentences of the help.
pub fn lines(world: &World) -> Vec<String> {
    let how = [
        "plain-help-number",
        "plain-help-filter",
        "plain-help-command",
        "plain-help-dialog",
        "plain-help-search",
        "plain-help-end",
    ];
    let actions = Action::iter().filter(|action| action.is_of_table() && !is_of_screen(*action));
    let ours = actions.map(|action| format!("{}: {}", action.name(), action.help(&world.text)));
    let commands = world.settings.commands.iter();
    let own =
        commands.map(|command| format!("{}: {}", Untrusted::from(command.name.as_str()).shown_in(40), world.say("palette-own")));
    how.iter().map(|key| world.say(key)).chain(ours).chain(own).collect()
}

/// What moves about on a screen, or is about its looks: a number does the one, and nobody sees the other.
fn is_of_screen(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::First
            | Action::Last
            | Action::HalfPageDown
            | Action::HalfPageUp
            | Action::PageDown
            | Action::PageUp
            | Action::SortLeft
            | Action::SortRight
            | Action::Theme
            | Action::Mouse
            | Action::Redraw
    )
}
