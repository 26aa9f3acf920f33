//! Whether the target of a session went away and came back without it, as one that reboots does.
//!
//! The service does not say so: it goes on keeping the session, and nobody answers in it. What tells is the agent's own channel: it was
//! not connected, it is connected again, and the session still does not answer.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::{Reason, Session};
use crate::aws::{self, Cloud};
use crate::model::{InstanceId, Region};

/// Between two looks at the session.
const LOOK: Duration = Duration::from_secs(1);
/// Silence that is worth a question to AWS.
const WORTH_A_QUESTION: Duration = Duration::from_secs(3);
/// Between two questions: at first, and of a silence that lasts.
const SOONEST: Duration = Duration::from_secs(3);
const LATEST: Duration = Duration::from_secs(30);
/// An agent that only lost its network tries five times within seconds to come back to its sessions, and then never again; its own channel
/// comes back later than these tries are over.
const OF_ITS_OWN: Duration = Duration::from_secs(10);

/// What to ask about, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watch<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) region: &'a Region,
    pub(crate) target: &'a InstanceId,
    /// How long the target may be away.
    pub(crate) patience: Duration,
}

/// What becomes of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Absence {
    /// Its agent is not connected.
    Begins,
    /// The session answers again.
    Ends,
    /// The session does not come back: why.
    IsFinal(Reason),
}

/// Tell what becomes of the target of `session`, where that is wanted.
pub(super) async fn watched(session: &Session, watch: Option<Watch<'_>>, tell: &mpsc::Sender<Absence>) -> Infallible {
    let Some(watch) = watch else { return std::future::pending().await };
    let mut presence = Presence::new(watch.patience, carried(session));
    let mut pause = LOOK;
    loop {
        sleep(pause).await;
        pause = LOOK;
        // A link of ours that is down says nothing of the target; whoever brings it back may be waiting for a sign-in.
        if !session.is_linked() && presence.away.is_none() {
            continue;
        }
        let news = match presence.look(carried(session), session.can_be_answered(), Instant::now()) {
            Look::Fine => None,
            Look::News(news) => Some(news),
            Look::Ask { again } => {
                pause = again;
                match watch.cloud.is_connected(watch.region, watch.target).await {
                    Ok(is_connected) => presence.told(is_connected, Instant::now()),
                    // Nothing will ever be told.
                    Err(aws::Error::Denied { .. }) => return std::future::pending().await,
                    Err(_) => None,
                }
            }
        };
        if presence.wants_an_answer() {
            // It changes nothing there, and must be acknowledged.
            session.redraw();
        }
        if let Some(news) = news {
            let is_final = matches!(news, Absence::IsFinal(_));
            if tell.send(news).await.is_err() || is_final {
                return std::future::pending().await;
            }
        }
    }
}

/// Messages that the far side sent or acknowledged.
fn carried(session: &Session) -> u64 {
    let counters = session.counters();
    counters.received + counters.acknowledged
}

/// What a look at a session says.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    Fine,
    /// Whether the agent is connected is to be asked, and not again so soon.
    Ask {
        again: Duration,
    },
    News(Absence),
}

/// What was seen of a target.
#[derive(Debug)]
struct Presence {
    patience: Duration,
    carried: u64,
    silent: Option<Instant>,
    away: Option<Instant>,
    /// Since when it is connected after that.
    back: Option<Instant>,
    wants_an_answer: bool,
}

impl Presence {
    fn new(patience: Duration, carried: u64) -> Self {
        Self { patience, carried, silent: None, away: None, back: None, wants_an_answer: false }
    }

    /// What follows from what was carried so far, and from whether the far side can be heard.
    fn look(&mut self, carried: u64, is_answerable: bool, now: Instant) -> Look {
        if std::mem::replace(&mut self.carried, carried) != carried {
            (self.silent, self.back) = (None, None);
            return if self.away.take().is_some() { Look::News(Absence::Ends) } else { Look::Fine };
        }
        if let Some(away) = self.away {
            return self.look_at_absent(away, now);
        }
        if is_answerable {
            self.silent = None;
            return Look::Fine;
        }
        let silent = now.saturating_duration_since(*self.silent.get_or_insert(now));
        if silent < WORTH_A_QUESTION { Look::Fine } else { Look::Ask { again: (silent / 10).clamp(SOONEST, LATEST) } }
    }

    fn look_at_absent(&self, away: Instant, now: Instant) -> Look {
        let absent = now.saturating_duration_since(away);
        match self.back {
            Some(back) if now.saturating_duration_since(back) >= OF_ITS_OWN => Look::News(Absence::IsFinal(Reason::Rebooted)),
            None if absent >= self.patience => Look::News(Absence::IsFinal(Reason::NotBack { waited: absent })),
            _ => Look::Ask { again: SOONEST },
        }
    }

    /// AWS says whether the agent is connected.
    fn told(&mut self, is_connected: bool, now: Instant) -> Option<Absence> {
        match (is_connected, self.away) {
            (false, None) => {
                self.away = Some(now);
                return Some(Absence::Begins);
            }
            (false, Some(_)) => self.back = None,
            (true, Some(_)) if self.back.is_none() => {
                self.back = Some(now);
                self.wants_an_answer = true;
            }
            (true, _) => {}
        }
        None
    }

    /// Whether the session is to be asked for a sign of life now.
    fn wants_an_answer(&mut self) -> bool {
        std::mem::take(&mut self.wants_an_answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(600);

    /// Looks each second at a target of which this is so, each from its second on: answerable, connected, carried. The news, by second.
    fn seen(seconds: u64, facts: &[(u64, bool, bool, u64)]) -> Vec<(u64, Absence)> {
        let start = Instant::now();
        let mut presence = Presence::new(PATIENCE, 0);
        let (mut news, mut asks_at) = (Vec::new(), 0);
        for second in 1..=seconds {
            let now = start + Duration::from_secs(second);
            let (_, answerable, connected, carried) = facts.iter().rev().find(|(from, ..)| *from <= second).unwrap();
            let look = presence.look(*carried, *answerable, now);
            let told = match look {
                Look::Fine => None,
                Look::News(told) => Some(told),
                Look::Ask { again } if asks_at <= second => {
                    asks_at = second + again.as_secs();
                    presence.told(*connected, now)
                }
                Look::Ask { .. } => None,
            };
            news.extend(told.map(|told| (second, told)));
            if matches!(news.last(), Some((_, Absence::IsFinal(_)))) {
                break;
            }
        }
        news
    }

    #[test]
    fn a_target_that_comes_back_and_does_not_answer_has_rebooted() {
        let news = seen(80, &[(0, true, true, 0), (10, false, false, 0), (40, true, true, 0)]);

        assert_eq!(news.len(), 2, "{news:?}");
        assert_eq!(news[0], (13, Absence::Begins));
        assert_eq!(news[1].1, Absence::IsFinal(Reason::Rebooted));
        assert!((50..=55).contains(&news[1].0), "{news:?}");
    }

    #[test]
    fn a_session_that_answers_again_goes_on() {
        let news = seen(80, &[(0, true, true, 0), (10, false, false, 0), (40, true, true, 0), (45, true, true, 1)]);

        assert_eq!(news, [(13, Absence::Begins), (45, Absence::Ends)]);
    }

    #[test]
    fn a_program_that_takes_nothing_is_no_reboot() {
        assert_eq!(seen(3_000, &[(0, false, true, 0)]), []);
        assert_eq!(seen(60, &[(0, true, true, 0), (10, false, false, 0), (12, true, false, 0)]), []);
    }

    #[test]
    fn a_target_that_goes_down_again_is_waited_for_until_the_patience_ends() {
        let news = seen(700, &[(0, false, false, 0), (20, false, true, 0), (26, false, false, 0)]);

        let waited = Duration::from_secs(600);
        assert_eq!(news, [(4, Absence::Begins), (604, Absence::IsFinal(Reason::NotBack { waited }))]);
    }

    #[test]
    fn a_silence_that_lasts_is_asked_about_less_and_less() {
        let start = Instant::now();
        let mut presence = Presence::new(PATIENCE, 0);
        let mut ask = |second| presence.look(0, false, start + Duration::from_secs(second));

        assert_eq!(ask(0), Look::Fine);
        assert_eq!(ask(3), Look::Ask { again: SOONEST });
        assert_eq!(ask(100), Look::Ask { again: Duration::from_secs(10) });
        assert_eq!(ask(5_000), Look::Ask { again: LATEST });
    }
}
