//! A shell that was lost and that nobody ended: whether its target comes back, and how long it is waited for.

use std::io;
use std::time::Duration;

use rustix::termios::{QueueSelector, tcflush};
use tokio::time::{Instant, sleep};

use super::described::described_again;
use super::loss::{Loss, is_away, is_too_early, opens_shell};
use super::start::{PAUSE, answers, can_tell, is_closed};
use super::{ConnectEvent, Ended, Error, LossNews, Plan, Step};
use crate::aws::{self, Cloud};
use crate::model::InstanceState;
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
    /// Since when nobody is in, but for a moment.
    out: Option<Instant>,
    /// When the target was back, until somebody was in.
    back: Option<Instant>,
    short: u32,
}

impl Comeback {
    /// A target is waited for no longer than `patience`, also where it goes down again before anybody was in for a while.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, out: None, back: None, short: 0 }
    }

    /// What to do after this end of a shell, or of what came before it. Waits for a target that went down; a signal ends that.
    pub(super) async fn after(
        &mut self,
        outcome: &Result<Ended, Error>,
        plan: &Plan,
        cloud: &Cloud,
        on_event: &mut (dyn FnMut(ConnectEvent) + Send),
    ) -> Result<Return, Error> {
        let mut signals = LeavingSignals::listen().map_err(Error::local("listening to signals"))?;
        let mut tell = |news| on_event(ConnectEvent::Loss(news));
        tokio::select! {
            number = signals.next() => Ok(Return::Left(number)),
            back = self.waited(outcome, plan, cloud, &mut tell) => Ok(back),
        }
    }

    async fn waited(
        &mut self,
        outcome: &Result<Ended, Error>,
        plan: &Plan,
        cloud: &Cloud,
        tell: &mut (dyn FnMut(LossNews) + Send),
    ) -> Return {
        let was_short = outcome.as_ref().map_or(true, |ended| ended.lasted < SHORT);
        let is_away = is_away(outcome);
        if !was_short && !is_away {
            (self.out, self.back) = (None, None);
        }
        if was_short && self.back.is_some_and(|back| back.elapsed() < COMING_UP) && is_too_early(outcome) {
            tell(LossNews::NotYet);
            sleep(BETWEEN_LOGINS).await;
            return Return::Anew;
        }
        self.short = if was_short { self.short + 1 } else { 0 };
        let lost = outcome.as_ref().ok().and_then(Loss::of);
        // Only what was back can be away again.
        let away = self.back.filter(|_| is_away).map(|_| Loss::Broken);
        let Some(loss) = lost.or(away).filter(|_| self.short <= MOST_SHORT) else { return Return::NotComing };
        if !opens_shell(plan).await {
            return Return::NotComing;
        }
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
    async fn is_back(&mut self, plan: &Plan, mut is_down: bool, cloud: &Cloud, tell: &mut (dyn FnMut(LossNews) + Send)) -> bool {
        tell(if is_down { LossNews::Lost } else { LossNews::Closed });
        let begun = Instant::now();
        let out = *self.out.get_or_insert(begun);
        let mut plan = plan.clone();
        loop {
            let is_somewhere = match whereabouts(&plan, cloud).await {
                Whereabouts::Known(now) => {
                    plan = *now;
                    true
                }
                Whereabouts::Unknown => true,
                // Whoever answers where it was is another machine.
                Whereabouts::Nowhere => false,
                Whereabouts::Stops(state) => {
                    tell(LossNews::Stops { state });
                    return false;
                }
            };
            let is_up = is_somewhere && if is_down { answers(&plan, cloud).await } else { !is_closed(&plan, cloud).await };
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
            if out.elapsed() >= self.patience {
                tell(LossNews::NotBack { seconds: out.elapsed().as_secs() });
                return false;
            }
            sleep(PAUSE).await;
        }
    }
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
    /// EC2 does not say.
    Unknown,
    /// It has no address of the kind that is wanted.
    Nowhere,
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
        Err(Error::AddressGone) => Whereabouts::Nowhere,
        Err(_) => Whereabouts::Unknown,
    }
}
