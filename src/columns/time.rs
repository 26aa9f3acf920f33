//! The columns of the last start.

use jiff::Timestamp;

use super::cell::{Cell, View};
use super::entry::{Faces, Shows};
use super::key::Key;
use crate::model::InstanceState;
use crate::text::short_age;

/// The last start.
pub(super) const LAUNCHED: Shows = Shows::Faces(Faces {
    cell: |view| view.instance.launched.map_or_else(Cell::none, |launched| Cell::plain(seconds_of(launched))),
    value: |view| view.instance.launched.map(seconds_of).unwrap_or_default().into(),
    json: |view| view.instance.launched.map(|launched| launched.to_string()).into(),
    key: Some(|view| view.instance.launched.map(|launched| Key::Moment(launched.as_second()))),
});

/// Time since the last start, of an instance that is up.
pub(super) const UP: Shows = Shows::Faces(Faces {
    cell: |view| view.instance.up(view.now).map_or_else(Cell::none, |seconds| Cell::plain(short_age(seconds))),
    value: |view| view.instance.up(view.now).map(|seconds| seconds.to_string()).unwrap_or_default().into(),
    json: |view| view.instance.up(view.now).into(),
    // The longest up comes last, so that this is the reverse of the start.
    key: Some(|view| started(view).map(|launched| Key::Moment(launched.as_second().saturating_neg()))),
});

fn started(view: &View<'_>) -> Option<Timestamp> {
    view.instance.launched.filter(|_| view.instance.state == InstanceState::Running)
}

/// RFC 3339 in UTC, in whole seconds.
fn seconds_of(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
