//! What a user reads of a tunnel: what happened in it, and what went through it.

use super::state::{News, Traffic};
use crate::model::{Destination, Instance, Untrusted};
use crate::session::credentials_wanted;
use crate::text::{Catalogue, size};

/// Most columns of the system's words in a sentence.
const QUOTED: usize = 100;

impl News {
    /// What happened, in one sentence without the name of the tunnel.
    pub fn words(&self, instance: &Instance, text: &Catalogue) -> String {
        let place = |to: &Destination| ("to", to.to_string().into());
        let why = |why: &crate::session::Ending| ("why", stopped(why.what(instance, text)).into());
        match self {
            Self::Refused(to) => text.say_with("tunnel-refused", &[place(to)]),
            Self::Stalled(to) => text.say_with("tunnel-stalled", &[place(to)]),
            Self::NoSession { to, why: ending } => text.say_with("tunnel-no-session", &[place(to), why(ending)]),
            Self::SessionEnded { to, why: ending } => text.say_with("tunnel-session-ended", &[place(to), why(ending)]),
            Self::Reopened(to) => text.say_with("tunnel-reopened", &[place(to)]),
            Self::OneAtATime => text.say("tunnel-one-at-a-time"),
            Self::NoCredentials(error) => credentials_wanted(error, text),
            Self::TooManyPlaces { most } => text.say_with("tunnel-too-many-places", &[("most", most.to_string().into())]),
            Self::NoSocks => text.say("tunnel-no-socks"),
            Self::Forbidden(to) => text.say_with("tunnel-forbidden", &[place(to)]),
            Self::NotAccepted(cause) => {
                text.say_with("tunnel-not-accepted", &[("cause", Untrusted::from(cause.as_str()).shown_in(QUOTED).into())])
            }
        }
    }
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
