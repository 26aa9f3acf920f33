//! Signs somebody in for the dashboard, and sees when that was done elsewhere.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::sign_in_task::{SignedIn, Waiting};
use super::{Report, Runtime};
use crate::aws::{self, Cloud, FlowWishes, IdentityCenter, Progress, SignIn, SignInFile, SignInPage, SignInStamp, Told};
use crate::here::browser;
use crate::model::Place;
use crate::tui::effect::Remembered;
use crate::tui::message::Message;
use crate::tui::sign_in_run::{SignInEnds, SignInShown, SignInTo, SignInUpdate};

/// Most columns of a session's name, a host and a code.
const NAME: usize = 60;
/// Most columns of a link.
const LINK: usize = 300;

impl Runtime {
    /// Begin to sign in.
    pub(super) fn sign_in(&mut self, number: u64, to: SignInTo) {
        self.cancel_sign_in();
        let options = self.options.clone();
        let waiting = Waiting::default();
        let (out, text, slot) = (self.out.clone(), Arc::clone(&self.text), Arc::clone(&waiting));
        let task = self.spawn(async move {
            let center = match center(options, &to).await {
                Ok(center) => center,
                Err(error) => return Some(Report::SignedIn(number, Err(error))),
            };
            let region = center.session().region().to_string();
            let send = async |update| {
                let _ = out.send(Report::Message(Message::SignIn { number, update })).await;
            };
            send(SignInUpdate::Begun { session: center.session().shown().shown_in(NAME) }).await;
            let (telling, mut heard) = mpsc::channel(1);
            let listening = async {
                while let Some(Told { progress, opened }) = heard.recv().await {
                    match progress {
                        Progress::Open(page) => {
                            let waits = (page.link.url().to_owned(), opened);
                            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(waits);
                            send(SignInUpdate::Open(shown(&page))).await;
                        }
                        Progress::LeadsTo { from, to } => {
                            send(SignInUpdate::LeadsTo { from: from.shown_in(NAME), to: to.shown_in(NAME) }).await;
                        }
                        Progress::FellBack => send(SignInUpdate::FellBack).await,
                        Progress::Lingering => send(SignInUpdate::Lingering { region: region.clone() }).await,
                    }
                }
            };
            let flow = center.flow(FlowWishes::default());
            let (done, ()) = tokio::join!(center.sign_in(flow, &text, telling), listening);
            Some(Report::SignedIn(number, done.map(|()| signed_in(&center, &to))))
        });
        self.signing_in.task = Some((number, task, waiting));
    }

    pub(super) fn cancel_sign_in(&mut self) {
        if let Some((_, task, _)) = self.signing_in.task.take() {
            task.abort();
        }
    }

    /// Start the browser with the link that waits.
    pub(super) fn open_sign_in_page(&self, number: u64) {
        let Some((_, _, waiting)) = self.signing_in.task.as_ref().filter(|(own, ..)| *own == number) else { return };
        if let Some((link, opened)) = waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = opened.send(browser::open(&link, |name| std::env::var(name).ok()));
        }
    }

    /// A sign-in is over.
    pub(super) fn signed_in(&mut self, number: u64, result: Result<SignedIn, aws::Error>) -> Message {
        if self.signing_in.task.as_ref().is_some_and(|(own, ..)| *own == number) {
            self.signing_in.task = None;
        }
        let result = result.map(|SignedIn { mark, unnamed }| {
            // Somebody else may have signed in.
            self.listings.forget(&mark);
            if let Some((name, start_url, region)) = unnamed {
                self.options.sessions = self.options.sessions.with(&name, &start_url, &region);
                self.remember(Remembered::Session { name, start_url, region });
            }
        });
        Message::SignIn { number, update: SignInUpdate::Ended(result.map_err(|error| self.trouble(&error, None))) }
    }

    /// A call failed for want of a sign-in: from now on its file is watched.
    pub(super) fn await_sign_in(&mut self, error: &aws::Error, place: &Place) {
        let file = self.cloud_of(place).and_then(aws::Cloud::sign_in_file);
        self.await_sign_in_at(error, file);
    }

    /// As [`Self::await_sign_in`], for a session without a place.
    pub(super) fn await_sign_in_at(&mut self, error: &aws::Error, file: Option<SignInFile>) {
        if matches!(error, aws::Error::SignInEnded { .. }) {
            self.signing_in.ended = file.map(|file| (file.clone(), file.stamp()));
        }
    }

    /// See whether somebody signed in meanwhile, with whatever program, and whether a renewed sign-in could be kept.
    pub fn look_at_sign_in(&mut self) {
        let is_new = |(file, stamp): &mut (SignInFile, SignInStamp)| file.stamp() != *stamp;
        if self.signing_in.ended.take_if(is_new).is_some() {
            self.spawn(async { Some(Report::Message(Message::SignedInElsewhere)) });
        }
        for flaw in aws::unkept() {
            let said = flaw.said(&self.text);
            self.spawn(async { Some(Report::Message(Message::Failed(said))) });
        }
    }

    /// Ask how long the sign-ins hold that the credentials begin with: the first one that ends counts.
    pub(super) fn ask_how_long(&mut self) {
        let clouds: Vec<Cloud> = self.clouds.iter().cloned().collect();
        self.spawn(async move {
            let mut all = Vec::new();
            for cloud in &clouds {
                all.extend(ends_of(cloud).await);
            }
            Some(Report::Message(Message::SignInStands(all.into_iter().min_by_key(|ends| ends.at))))
        });
    }
}

/// When the sign-in of a profile ends that nobody will renew.
async fn ends_of(cloud: &Cloud) -> Option<SignInEnds> {
    let (session, at) = match cloud.sign_in().await? {
        (session, SignIn::Valid { until }) => (session, until),
        (session, SignIn::Ended { at }) => (session, at),
        _ => return None,
    };
    Some(SignInEnds { session: session.shown().shown_in(NAME), profile: cloud.profile().cloned(), at })
}

/// What is to be signed in to.
async fn center(options: aws::Options, to: &SignInTo) -> Result<IdentityCenter, aws::Error> {
    match to {
        SignInTo::Profile(profile) => {
            let profile = profile.as_ref().map(|profile| profile.raw().to_owned()).or_else(|| options.profile.clone());
            IdentityCenter::of_profile(&aws::Options { profile, ..options }).await
        }
        SignInTo::Session(name) => {
            let none = || aws::Error::NoSsoSession { profile: name.as_str().into() };
            IdentityCenter::of_session(&options, name).await?.ok_or_else(none)
        }
        SignInTo::StartUrl { start_url, region } => IdentityCenter::of_start_url(&options, start_url, region.clone(), None).await,
    }
}

fn signed_in(center: &IdentityCenter, to: &SignInTo) -> SignedIn {
    let session = center.session();
    let unnamed = session.name().filter(|_| matches!(to, SignInTo::StartUrl { .. }));
    let unnamed = unnamed.map(|name| (name.raw().to_owned(), session.start_url().raw().to_owned(), session.region().clone()));
    SignedIn { mark: center.mark(), unnamed }
}

fn shown(page: &SignInPage) -> SignInShown {
    let whole = page.page.to_string();
    // What only the browser reads is no use to anybody.
    let short = whole.split('?').next().unwrap_or(&whole);
    SignInShown {
        link: page.link.url().to_owned(),
        page: short.chars().take(LINK).collect(),
        code: page.code.as_ref().map(|code| code.shown_in(NAME)),
        until: page.until.max(Timestamp::UNIX_EPOCH),
    }
}
