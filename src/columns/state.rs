//! The column of the state.

use super::cell::{Cell, Tone, View};
use super::entry::{Faces, Shows};
use super::key::Key;
use crate::model::InstanceState;

/// AWS's word for the state.
pub(super) const STATE: Shows = Shows::Faces(Faces {
    cell: state,
    value: |view| view.instance.state.word().into(),
    json: |view| view.instance.state.word().into(),
    key: Some(|view| Some(Key::Rank(rank(view.instance.state)))),
});

fn state(view: &View<'_>) -> Cell {
    let state = view.instance.state;
    let (symbol, tone) = match state {
        InstanceState::Running => ('●', Tone::Good),
        InstanceState::Stopped => ('○', Tone::Faint),
        InstanceState::Pending => ('◐', Tone::Problem),
        InstanceState::Stopping | InstanceState::ShuttingDown => ('◑', Tone::Problem),
        InstanceState::Terminated => ('×', Tone::Faint),
        InstanceState::Hybrid => ('◇', Tone::Plain),
        InstanceState::Unknown => ('?', Tone::Unknown),
    };
    let word = view.text.say(&format!("state-{}", state.word()));
    let short = view.text.say(&format!("state-{}-short", state.word()));
    Cell { text: format!("{symbol} {word}"), short: format!("{symbol} {short}"), tone }
}

fn rank(state: InstanceState) -> u8 {
    match state {
        InstanceState::Running => 0,
        InstanceState::Pending => 1,
        InstanceState::Stopping => 2,
        InstanceState::Stopped => 3,
        InstanceState::ShuttingDown => 4,
        InstanceState::Terminated => 5,
        InstanceState::Hybrid => 6,
        InstanceState::Unknown => 7,
    }
}
