//! A shell that was lost and that nobody ended: whether its target comes back, and how long it is waited for.

use std::io;
use std::time::Duration;

use rustix::termios::{QueueSelector, tcflush};
use tokio::time::{Instant, sleep};

use super::described::described_again;
use super::start::{PAUSE, answers, can_tell};
use super::{ConnectEvent, Ended, Error, LossNews, Plan, Step};
use crate::aws::{self, Cloud};
use crate::model::InstanceState;
use crate::session::SessionEnd;
use crate::terminal::{Keyboard, LeavingSignals};

/// What goes down ends its sessions first, and takes no more of them very soon after.
const GOING_DOWN: Duration = Duration::from_secs(15);
/// An sshd that is up lets nobody in before all of the system is: so long a login that fails is tried again.
const COMING_UP: Duration = Duration::from_secs(60);
/// Between two such tries.
const BETWEEN_LOGINS: Duration = Duration::from_secs(3);
/// A session that is lost sooner was none.
const SHORT: Duration = Duration::from_secs(10);
/// So many of those, one after the other, are enough.
const MOST_SHORT: u32 = 3;

/// How a shell was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// The service ended it while this computer slept for so long.
    Slept(Duration),
    /// Nothing came any more, or the target knows nothing of the connection.
    Broken,
    /// The target closed the connection, and the shell had not ended.
    Closed,
    /// The tunnel's time was over.
    TimeOver,
}

impl Loss {
    /// None of an end that somebody wanted: the shell's own, a signal, a `~.`.
    fn of(ended: &Ended) -> Option<Self> {
        if ended.told_by.is_some() || ended.is_cut {
            return None;
        }
        if let Some(slept) = ended.ending.as_ref().and_then(SessionEnd::slept_through) {
            return Some(Self::Slept(slept));
        }
        match ended.diagnosis.as_ref().map(|diagnosis| diagnosis.code) {
            Some("session-lost") => Some(Self::Broken),
            Some("session-closed") => Some(Self::Closed),
            Some("endpoint-time-over") => Some(Self::TimeOver),
            _ => None,
        }
    }
}

/// What to do after a shell has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Return {
    /// Begin a new one.
    Anew,
    /// It is over.
    NotComing,
    /// This signal ended the waiting.
    Left(i32),
}

/// The shells of one connection, one after the other.
#[derive(Debug)]
pub(super) struct Comeback {
    patience: Duration,
    /// When the target was back, until somebody was in.
    back: Option<Instant>,
    short: u32,
}

impl Comeback {
    /// A target is waited for no longer than `patience`.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, back: None, short: 0 }
    }

    /// What to do after this end of a shell. Waits for a target that went down; a signal ends that.
    pub(super) async fn after(
        &mut self,
        ended: &Ended,
        plan: &Plan,
        cloud: &Cloud,
        on_event: &mut (dyn FnMut(ConnectEvent) + Send),
    ) -> Result<Return, Error> {
        let mut signals = LeavingSignals::listen().map_err(Error::local("listening to signals"))?;
        let mut tell = |news| on_event(ConnectEvent::Loss(news));
        tokio::select! {
            number = signals.next() => Ok(Return::Left(number)),
            back = self.waited(ended, plan, cloud, &mut tell) => Ok(back),
        }
    }

    async fn waited(&mut self, ended: &Ended, plan: &Plan, cloud: &Cloud, tell: &mut (dyn FnMut(LossNews) + Send)) -> Return {
        let was_short = ended.lasted < SHORT;
        if was_short && self.back.is_some_and(|back| back.elapsed() < COMING_UP) && is_too_early(ended) {
            tell(LossNews::NotYet);
            sleep(BETWEEN_LOGINS).await;
            return Return::Anew;
        }
        self.short = if was_short { self.short + 1 } else { 0 };
        let Some(loss) = Loss::of(ended).filter(|_| self.short <= MOST_SHORT) else { return Return::NotComing };
        let is_back = match loss {
            Loss::Slept(slept) => {
                tell(LossNews::Slept { seconds: slept.as_secs() });
                return Return::Anew;
            }
            // Nobody may be there, and then a limit is one.
            Loss::TimeOver => {
                tell(LossNews::TimeOver);
                let wanted = tokio::time::timeout(self.patience, is_wanted()).await;
                return if wanted.is_ok_and(|wanted| wanted.unwrap_or(false)) { Return::Anew } else { Return::NotComing };
            }
            Loss::Broken | Loss::Closed if !can_tell(plan) => false,
            Loss::Broken => self.is_back(plan, true, cloud, tell).await,
            Loss::Closed => self.is_back(plan, false, cloud, tell).await,
        };
        if !is_back {
            return Return::NotComing;
        }
        self.back = Some(Instant::now());
        Return::Anew
    }

    /// Whether the target is back, within the time there is. `is_down`: what is known already.
    async fn is_back(&self, plan: &Plan, mut is_down: bool, cloud: &Cloud, tell: &mut (dyn FnMut(LossNews) + Send)) -> bool {
        tell(if is_down { LossNews::Lost } else { LossNews::Closed });
        let begun = Instant::now();
        let mut plan = plan.clone();
        loop {
            match whereabouts(&plan, cloud).await {
                Whereabouts::Known(now) => plan = *now,
                Whereabouts::Unknown => {}
                Whereabouts::Stops(state) => {
                    tell(LossNews::Stops { state });
                    return false;
                }
            }
            let is_up = answers(&plan, cloud).await;
            let waited = begun.elapsed();
            if is_up && is_down {
                tell(LossNews::Back { seconds: waited.as_secs() });
                return true;
            }
            is_down |= !is_up;
            if !is_down && waited >= GOING_DOWN {
                tell(LossNews::StaysUp);
                return false;
            }
            if waited >= self.patience {
                tell(LossNews::NotBack { seconds: waited.as_secs() });
                return false;
            }
            sleep(PAUSE).await;
        }
    }
}

/// Whether a login failed as it does where the system is not all up.
fn is_too_early(ended: &Ended) -> bool {
    let code = ended.diagnosis.as_ref().map(|diagnosis| diagnosis.code);
    let is_refused = matches!(
        code,
        None | Some("closed-at-once" | "refused" | "timed-out" | "eic-key-refused" | "session-closed" | "session-lost")
    );
    ended.code == 255 && ended.told_by.is_none() && ended.ending.is_none() && is_refused
}

/// Whether Enter is pressed: not by what was typed before.
async fn is_wanted() -> io::Result<bool> {
    let stdin = io::stdin();
    // Without it an Enter that the lost session did not take would be one.
    let _ = tcflush(&stdin, QueueSelector::IFlush);
    let mut keyboard = Keyboard::open(&stdin)?;
    let mut typed = [0; 64];
    loop {
        let count = keyboard.read(&mut typed).await?;
        let typed = typed.get(..count).unwrap_or_default();
        if typed.is_empty() || typed.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Ok(!typed.is_empty());
        }
    }
}

/// Where the target is now.
enum Whereabouts {
    Known(Box<Plan>),
    /// EC2 does not say, or it has no address yet.
    Unknown,
    /// It is on its way down for good.
    Stops(InstanceState),
}

async fn whereabouts(plan: &Plan, cloud: &Cloud) -> Whereabouts {
    let Some(place) = plan.steps.iter().find_map(|step| match step {
        Step::Describe { place } => Some(place),
        _ => None,
    }) else {
        return Whereabouts::Unknown;
    };
    match described_again(plan.clone(), place, cloud, &mut |_| ()).await {
        Ok(plan) => Whereabouts::Known(Box::new(plan)),
        Err(Error::NotRunning { state }) => Whereabouts::Stops(state),
        Err(Error::Aws(aws::Error::NoSuchInstance)) => Whereabouts::Stops(InstanceState::Terminated),
        Err(_) => Whereabouts::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Diagnosis;
    use super::super::plan::tests::Making;
    use super::*;
    use crate::access::Method;

    fn ended(code: u8, diagnosis: Option<&'static str>) -> Ended {
        let plan = Making::by(Method::Eic).plan().unwrap();
        Ended {
            code,
            told_by: None,
            lasted: Duration::from_secs(60),
            diagnosis: diagnosis.map(|code| Diagnosis::named(code, &plan)),
            push_failure: None,
            ending: None,
            is_cut: false,
            recording_failure: None,
        }
    }

    #[test]
    fn only_a_shell_that_nobody_ended_is_lost() {
        assert_eq!(Loss::of(&ended(255, Some("session-lost"))), Some(Loss::Broken));
        assert_eq!(Loss::of(&ended(255, Some("session-closed"))), Some(Loss::Closed));
        for (code, diagnosis) in [(0, None), (255, None), (255, Some("host-key-changed")), (255, Some("eic-key-refused"))] {
            assert_eq!(Loss::of(&ended(code, diagnosis)), None, "{code} {diagnosis:?}");
        }
        assert_eq!(Loss::of(&Ended { told_by: Some(15), ..ended(255, Some("session-lost")) }), None);
    }

    #[test]
    fn a_login_that_fails_for_another_reason_than_the_hour_is_not_tried_again() {
        for early in [None, Some("closed-at-once"), Some("eic-key-refused")] {
            assert!(is_too_early(&ended(255, early)), "{early:?}");
        }
        for (code, diagnosis) in [(255, Some("host-key-changed")), (255, Some("key-too-open")), (1, None), (0, None)] {
            assert!(!is_too_early(&ended(code, diagnosis)), "{code} {diagnosis:?}");
        }
    }
}
