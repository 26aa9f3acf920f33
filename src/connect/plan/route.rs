//! Which jump hosts lead to an instance: one target after the other, as rules name them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{
    self, Channel, ConnectOptions, Jump, JumpFault, JumpFaultKind, JumpHost, Local, MOST_JUMPS, Method, Verdict, shown_target,
};
use crate::config::{self, ConnectFlags};
use crate::model::{Instance, LookUp, Target, nearest};

/// The jump hosts found so far, and the one that is wanted next.
#[derive(Debug)]
pub struct Route<'a> {
    settings: &'a config::Settings,
    /// The instance, then its jump host, then the one that leads there.
    passed: Vec<Instance>,
    next: Option<String>,
}

impl<'a> Route<'a> {
    /// To `instance`, of which rules and flags ask this.
    pub fn to(instance: &Instance, options: &ConnectOptions, settings: &'a config::Settings) -> Self {
        Self { settings, passed: vec![instance.clone()], next: wanted(options) }
    }

    /// The target to look up, and the instance that wants it; `None`: the route is whole.
    pub fn next(&self) -> Option<(&str, &Instance)> {
        Some((self.next.as_deref()?, self.passed.last()?))
    }

    /// The target is this instance.
    pub fn pass(&mut self, host: Instance) -> Result<(), JumpFault> {
        if self.passed.iter().any(|passed| passed.id == host.id) {
            return Err(self.fault(JumpFaultKind::Loop, name(&host)));
        }
        if self.passed.len() > MOST_JUMPS {
            return Err(self.fault(JumpFaultKind::TooLong, name(&host)));
        }
        self.next = wanted(&config::connect_options(self.settings, &host, &ConnectFlags::default()));
        self.passed.push(host);
        Ok(())
    }

    /// The target is no instance, or several.
    pub fn fault_of_target(&self, kind: JumpFaultKind) -> JumpFault {
        self.fault(kind, self.next.as_deref().map(shown_target).unwrap_or_default())
    }

    /// The jump hosts on the way, the one next to the instance first.
    pub fn hosts(&self) -> &[Instance] {
        self.passed.get(1..).unwrap_or_default()
    }

    /// How a login comes to the instance by this route.
    pub fn jump(&self, local: &Local, now: Timestamp) -> Jump {
        self.hosts().iter().rev().fold(Jump::None, |jump, host| {
            let options = ConnectOptions { jump, ..config::connect_options(self.settings, host, &ConnectFlags::default()) };
            let way = way(host, &options, local, now);
            // By a service of AWS it is come to from here.
            let passes = way.is_none_or(|(method, _)| method.channel() == Channel::Address);
            let jump = if passes { options.jump } else { Jump::None };
            Jump::Through(Arc::new(JumpHost { instance: host.clone(), way, jump }))
        })
    }

    fn fault(&self, kind: JumpFaultKind, last: String) -> JumpFault {
        JumpFault { kind, chain: self.passed.iter().map(name).chain([last]).collect() }
    }
}

/// What targets name among rows: each is looked up once, however many instances are reached through it.
#[derive(Debug, Default)]
pub struct TargetsAmong(RefCell<HashMap<String, LookUp>>);

impl TargetsAmong {
    /// Of several the one that is nearest to `from`.
    fn find(&self, typed: &str, from: &Instance, rows: &[Arc<Instance>]) -> LookUp {
        let mut known = self.0.borrow_mut();
        let among = |typed: &str| typed.parse::<Target>().map_or(LookUp::Missing, |target| target.look_up(rows));
        match known.entry(typed.to_owned()).or_insert_with(|| among(typed)) {
            LookUp::Ambiguous(candidates) => {
                let mut near = nearest(candidates.clone(), from);
                if near.len() > 1 { LookUp::Ambiguous(near) } else { near.pop().map_or(LookUp::Missing, LookUp::Found) }
            }
            found => found.clone(),
        }
    }
}

/// How a login comes to `instance` after what `options` ask, as far as `rows` tell.
pub fn jump_among(
    instance: &Instance,
    options: &ConnectOptions,
    settings: &config::Settings,
    local: &Local,
    now: Timestamp,
    rows: &[Arc<Instance>],
    targets: &TargetsAmong,
) -> Jump {
    if options.jump == Jump::None {
        return Jump::None;
    }
    let mut route = Route::to(instance, options, settings);
    while let Some((typed, from)) = route.next() {
        let passed = match targets.find(typed, from, rows) {
            LookUp::Found(host) => route.pass(Arc::unwrap_or_clone(host)),
            LookUp::Missing => Err(route.fault_of_target(JumpFaultKind::Missing)),
            LookUp::Ambiguous(_) => Err(route.fault_of_target(JumpFaultKind::Ambiguous)),
        };
        if let Err(fault) = passed {
            return Jump::Broken(fault);
        }
    }
    route.jump(local, now)
}

fn wanted(options: &ConnectOptions) -> Option<String> {
    match &options.jump {
        Jump::Named(typed) => Some(typed.clone()),
        Jump::None | Jump::Through(_) | Jump::Broken(_) => None,
    }
}

/// The best way in by ssh, which alone leads on.
fn way(host: &Instance, options: &ConnectOptions, local: &Local, now: Timestamp) -> Option<(Method, Verdict)> {
    let ways = access::ways(host, options, local, now);
    let best = super::best_by_ssh(options, &ways)?;
    Some((best, ways.way(best)?.verdict))
}

fn name(instance: &Instance) -> String {
    instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(60))
}
