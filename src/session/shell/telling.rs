//! What a session says of itself between the words of its shell, and in the title of the window.

use std::time::Duration;

use jiff::Timestamp;

use super::{Absence, Shell};
use crate::session::{LinkState, SignInNotice, hindered};

/// A shorter loss is nobody's business: about hourly there is one.
const WORTH_A_LINE: Duration = Duration::from_secs(1);

impl Shell<'_> {
    pub(super) fn link_changed(&mut self) {
        let link = self.link.borrow_and_update().clone();
        match link {
            LinkState::Up => {
                self.hindrance.is_over();
                self.screen.title(None);
                if self.lost.take().is_some() {
                    if std::mem::take(&mut self.was_told) {
                        self.screen.line(&self.manner.text.say("shell-resumed"));
                    }
                    self.session.redraw();
                }
            }
            LinkState::Silent { .. } => self.worry(),
            LinkState::Lost { since, .. } => {
                self.lost.get_or_insert(since);
                self.worry();
            }
        }
    }

    /// Say that the sign-in ends: in the title as long as a program has the screen, and then in the stream.
    pub(super) fn tell_notice(&mut self) {
        let Some(notice) = &self.notice else { return };
        let text = self.manner.text;
        if self.screen.is_full() {
            if let SignInNotice::Ends(..) = notice
                && self.lost.is_none()
            {
                let name = ("name", self.manner.name.to_owned().into());
                self.screen.title(Some(&text.say_with("shell-title-sign-in-ends", &[name])));
            }
            return;
        }
        self.screen.line(&format!("[ec2dash] {}", notice.words(Timestamp::now(), text)));
        self.notice = None;
        if self.lost.is_none() {
            self.screen.title(None);
            self.session.redraw();
        }
    }

    /// Say what keeps the session away, and what mends it: it goes on by itself after that.
    pub(super) fn tell_hindrance(&mut self, link: &LinkState) {
        let Some(error) = link.hindrance() else { return };
        if self.hindrance.is_news(error) {
            self.screen.line(&format!("[ec2dash] {}", hindered(error, self.manner.text)));
        }
    }

    /// Say how long nobody has answered: in the title, and of a lost connection once in the stream.
    pub(super) fn worry(&mut self) {
        let text = self.manner.text;
        let link = self.link.borrow().clone();
        let (key, since) = match link {
            LinkState::Up => return self.screen.settle(),
            LinkState::Silent { since } => ("shell-title-silent", since),
            LinkState::Lost { since, .. } => ("shell-title-lost", since),
        };
        let passed = since.elapsed();
        if matches!(link, LinkState::Lost { .. }) && passed >= WORTH_A_LINE * 2 {
            self.screen.interrupt();
        }
        let seconds = ("seconds", passed.as_secs().to_string().into());
        if matches!(link, LinkState::Lost { .. }) {
            if passed < WORTH_A_LINE {
                return;
            }
            if !std::mem::replace(&mut self.was_told, true) {
                self.screen.line(&text.say_with("shell-lost", std::slice::from_ref(&seconds)));
            }
            self.tell_hindrance(&link);
        }
        let name = ("name", self.manner.name.to_owned().into());
        self.screen.title(Some(&text.say_with(key, &[name, seconds])));
    }

    /// Say that the target is away, or that it is back; when it comes back without this session, this is over.
    pub(super) fn absent(&mut self, absence: Absence) {
        let key = match absence {
            Absence::Begins => "shell-away",
            Absence::Ends => "shell-is-back",
            Absence::IsFinal(reason) => {
                self.is_final = Some(reason);
                return self.leave();
            }
        };
        self.is_away = key == "shell-away";
        self.screen.interrupt();
        self.screen.line(&self.manner.text.say_with(key, &[("name", self.manner.name.to_owned().into())]));
    }
}
