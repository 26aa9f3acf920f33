//! What a user reads of a tunnel: what happened in it, and what went through it.

use super::state::{Traffic, TunnelEvent};
use crate::aws;
use crate::model::{Destination, Instance, Untrusted};
use crate::session::{Reason, SessionEnd, hindered};
use crate::text::{Catalogue, size};

/// Most columns of the system's words in a sentence.
const QUOTED: usize = 100;

impl TunnelEvent {
    /// Whether somebody has to sign in before it goes on.
    pub fn wants_sign_in(&self) -> bool {
        matches!(self, Self::Hindered(aws::Error::SignInEnded { end, .. }) if *end != aws::SignInEnd::Console)
    }

    /// What happened, in one sentence without the name of the tunnel.
    pub fn words(&self, instance: &Instance, text: &Catalogue) -> String {
        let place = |to: &Destination| ("to", to.to_string().into());
        let why = |why: &crate::session::SessionEnd| ("why", told(why, instance, text).into());
        match self {
            Self::Refused(to) => text.say_with("tunnel-refused", &[place(to)]),
            Self::Stalled(to) => text.say_with("tunnel-stalled", &[place(to)]),
            Self::Waiting { to, from: Some(from) } => {
                text.say_with("tunnel-waiting", &[place(to), ("from", from.to_string().into())])
            }
            Self::Waiting { to, from: None } => text.say_with("tunnel-waiting-one", &[place(to)]),
            Self::StandsStill(to) => text.say_with("tunnel-stands-still", &[place(to)]),
            Self::GoesOn(to) => text.say_with("tunnel-goes-on", &[place(to)]),
            Self::GaveUp(to) => text.say_with("tunnel-gave-up", &[place(to)]),
            Self::NoSession { to, why: ending } => text.say_with("tunnel-no-session", &[place(to), why(ending)]),
            Self::SessionEnded { to, why: ending } => text.say_with("tunnel-session-ended", &[place(to), why(ending)]),
            Self::Reopened(to) => text.say_with("tunnel-reopened", &[place(to)]),
            Self::OneAtATime => text.say("tunnel-one-at-a-time"),
            Self::Hindered(error) => hindered(error, text),
            Self::TooManyPlaces { most } => text.say_with("tunnel-too-many-places", &[("most", most.to_string().into())]),
            Self::NoSocks => text.say("tunnel-no-socks"),
            Self::Forbidden(to) => text.say_with("tunnel-forbidden", &[place(to)]),
            Self::NotAccepted(cause) => {
                text.say_with("tunnel-not-accepted", &[("cause", Untrusted::from(cause.as_str()).shown_in(QUOTED).into())])
            }
        }
    }
}

/// Why a session ended; with what mends it, if the next one would end the same way.
fn told(why: &SessionEnd, instance: &Instance, text: &Catalogue) -> String {
    let is_for_good = matches!(why.reason, Reason::ResumeDenied { .. });
    let next = if is_for_good { why.next(instance, text) } else { Vec::new() };
    let parts: Vec<String> = std::iter::once(why.what(instance, text)).chain(next).collect();
    stopped(parts.join("; "))
}

/// With a full stop: another sentence follows, or another line.
fn stopped(sentence: String) -> String {
    if sentence.ends_with('.') { sentence } else { sentence + "." }
}

impl Traffic {
    /// `2 connections, sent 1.2 MB, received 88 KB`.
    pub fn words(&self, text: &Catalogue) -> String {
        let values = [
            ("connections", self.connections.into()),
            ("sent", size(self.sent).into()),
            ("received", size(self.received).into()),
        ];
        text.say_with("tunnel-over", &values)
    }
}
