//! Says in time that a sign-in ends which nobody will renew, to whoever has something open with it.

use std::convert::Infallible;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::aws::{self, Cloud};
use crate::text::Catalogue;

/// So long before its end it is said.
const SAID_BEFORE: SignedDuration = SignedDuration::from_mins(10);
const LOOK: Duration = Duration::from_secs(15);

/// What there is to say of the sign-in that something open began with.
#[derive(Debug)]
pub enum SignInNotice {
    /// It ends at this time; the error is what will be said then.
    Ends(Timestamp, aws::Error),
    /// It was renewed, and cannot be kept.
    NotKept(aws::Flaw),
}

/// A task that looks after a sign-in as long as this lives.
#[derive(Debug)]
pub struct SignInNotices {
    heard: mpsc::Receiver<SignInNotice>,
    _looking: JoinSet<Option<Infallible>>,
}

impl SignInNotices {
    /// Those of the sign-in behind this cloud.
    pub fn of(cloud: &Cloud) -> Self {
        let (say, heard) = mpsc::channel(4);
        let mut looking = JoinSet::new();
        looking.spawn(looked(cloud.clone(), say));
        Self { heard, _looking: looking }
    }

    /// The next one; where there is none this does not end. Safe to drop half-done.
    pub async fn next(&mut self) -> SignInNotice {
        match self.heard.recv().await {
            Some(notice) => notice,
            None => std::future::pending().await,
        }
    }
}

/// Look until nobody listens.
async fn looked(cloud: Cloud, say: mpsc::Sender<SignInNotice>) -> Option<Infallible> {
    let mut told = None;
    loop {
        let ends = cloud.sign_in_ends().await;
        let pause = ends.as_ref().map_or(LOOK, |(at, _)| pause(*at, Timestamp::now()));
        if let Some((at, error)) = ends.filter(|(at, _)| Some(*at) != told && is_near(*at, Timestamp::now())) {
            told = Some(at);
            say.send(SignInNotice::Ends(at, error)).await.ok()?;
        }
        for flaw in aws::unkept() {
            say.send(SignInNotice::NotKept(flaw)).await.ok()?;
        }
        sleep(pause).await;
    }
}

/// Until when nothing is to be said of this end, if nobody signs in meanwhile.
fn pause(at: Timestamp, now: Timestamp) -> Duration {
    let due = at.duration_since(now).saturating_sub(SAID_BEFORE);
    Duration::try_from(due).ok().filter(|due| !due.is_zero()).map_or(LOOK, |due| due.min(LOOK))
}

fn is_near(at: Timestamp, now: Timestamp) -> bool {
    at > now && at.duration_since(now) <= SAID_BEFORE
}

impl SignInNotice {
    /// In one sentence.
    pub fn words(&self, now: Timestamp, text: &Catalogue) -> String {
        match self {
            Self::Ends(at, error) => {
                let left = text.span(at.as_second().saturating_sub(now.as_second()));
                let command = error.command().unwrap_or_default();
                text.say_with("session-sign-in-ends", &[("left", left.into()), ("command", command.into())])
            }
            Self::NotKept(flaw) => flaw.said(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_near_in_its_last_ten_minutes() {
        let now = Timestamp::UNIX_EPOCH;
        let near = |seconds| is_near(now + SignedDuration::from_secs(seconds), now);

        assert_eq!([-1, 0, 1, 600, 601].map(near), [false, false, true, true, false]);
    }

    #[test]
    fn it_is_looked_at_when_it_is_due() {
        let now = Timestamp::UNIX_EPOCH;
        let pause = |seconds| pause(now + SignedDuration::from_secs(seconds), now);

        assert_eq!(pause(603), Duration::from_secs(3));
        assert_eq!([0, 600, 700].map(pause), [LOOK; 3]);
    }

    #[test]
    fn it_names_the_time_that_is_left_and_the_command() {
        let remedy = ["ec2dash", "login", "--profile", "corp"].map(str::to_owned).to_vec();
        let error = aws::Error::SignInEnded { profile: "corp".into(), session: None, remedy, end: aws::SignInEnd::Missing };
        let now = Timestamp::UNIX_EPOCH;

        let said = SignInNotice::Ends(now + SignedDuration::from_secs(599), error).words(now, &Catalogue::english());

        assert!(said.contains("9 min") && said.ends_with("ec2dash login --profile corp"), "{said}");
    }
}
