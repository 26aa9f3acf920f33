//! What exists in the simulated cloud, and what all its calls share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::access_requests::AccessRequests;
use super::agents;
use super::api_call::{ApiCall, Input};
use super::console::HostKeyLines;
use super::far_end::{FarEnd, Ground};
use super::fault::FaultTable;
use super::fleet::{Account, Fleet, Ping};
use super::identity_center::{Ledger, SignInRules};
use super::keys::KeyStore;
use super::later::Later;
use super::mfa::Devices;
use super::power::{Power, PowerTimes};
use super::run_command::Commands;
use super::seal::Seal;
use super::serial::SerialSessions;
use super::sessions::Sessions;
use super::ssh::Outages;
use super::tunnel::Tunnels;

/// Calls remembered for tests and benches.
const MOST_CALLS: usize = 100_000;

/// One call that was made, answered or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// As policies name it: `ec2:DescribeInstances`.
    pub action: String,
    /// The region it was signed for, empty if it was not signed.
    pub region: String,
    /// The account of its access key, empty if nobody has that key; for a call of the portal, the account that it names.
    pub account: String,
    /// When it arrived.
    pub at: SystemTime,
}

/// What a world is told about itself.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) endpoint: String,
    pub(super) tunnels: String,
    pub(super) power: PowerTimes,
    pub(super) sign_in: SignInRules,
    pub(super) serial: SerialSessions,
    pub(super) outages: Outages,
}

/// What all calls share.
#[derive(Debug)]
pub(super) struct World {
    fleet: Mutex<Arc<Fleet>>,
    pub(super) faults: Arc<Mutex<FaultTable>>,
    pub(super) seal: Arc<Seal>,
    calls: Mutex<VecDeque<Call>>,
    pub(super) keys: KeyStore,
    pub(super) host_keys: HostKeyLines,
    pub(super) sessions: Sessions,
    pub(super) mfa: Devices,
    pub(super) access_requests: AccessRequests,
    pub(super) identity_center: Ledger,
    /// `http://127.0.0.1:41234`.
    pub(super) endpoint: String,
    /// Where endpoints are: `127.0.0.1:41234`.
    pub(super) tunnels: String,
    /// Those that are open.
    pub(super) open_tunnels: Tunnels,
    pub(super) serial: SerialSessions,
    pub(super) outages: Outages,
    pub(super) far_end: FarEnd,
    pub(super) commands: Commands,
    pub(super) power: Power,
    /// What else changes by itself.
    pub(super) later: Later,
}

impl World {
    pub(super) fn new(fleet: Fleet, keys: KeyStore, far_end: FarEnd, ground: Ground, rules: Rules) -> Self {
        Self {
            fleet: Mutex::new(Arc::new(fleet)),
            faults: ground.faults,
            seal: ground.seal,
            calls: Mutex::default(),
            keys,
            host_keys: ground.host_keys,
            sessions: Sessions::default(),
            mfa: Devices::default(),
            access_requests: AccessRequests::default(),
            identity_center: Ledger::new(rules.sign_in),
            endpoint: rules.endpoint,
            tunnels: rules.tunnels,
            open_tunnels: Tunnels::default(),
            serial: rules.serial,
            outages: rules.outages,
            far_end,
            commands: Commands::default(),
            power: Power::new(rules.power),
            later: Later::default(),
        }
    }

    pub(super) fn fleet(&self) -> Arc<Fleet> {
        let mut fleet = lock(&self.fleet);
        let now = SystemTime::now();
        if self.power.is_due(now) {
            let off = self.power.settle(Arc::make_mut(&mut fleet), now);
            for id in &off {
                self.far_end.instance_is_off(id);
                self.outages.begin(id, Duration::ZERO);
            }
        }
        for change in self.later.due(now) {
            self.mend_locked(&mut fleet, change);
        }
        Arc::clone(&fleet)
    }

    pub(super) fn edit(&self, change: impl FnOnce(&mut Fleet)) {
        change(Arc::make_mut(&mut lock(&self.fleet)));
    }

    /// The same of what may be in the way of agents: those that come to Systems Manager by it register after a while, and those that no
    /// longer do fall silent.
    pub(super) fn mend(&self, change: impl FnOnce(&mut Fleet)) {
        self.mend_locked(&mut lock(&self.fleet), change);
    }

    fn mend_locked(&self, fleet: &mut Arc<Fleet>, change: impl FnOnce(&mut Fleet)) {
        let now = SystemTime::now();
        let before = agents::heard(fleet);
        let own = Arc::make_mut(fleet);
        change(own);
        let after = agents::heard(own);
        for id in before.difference(&after) {
            if let Some(agent) = own.instance_mut(id).and_then(|instance| instance.agent.as_mut()) {
                agent.ping = Ping::Lost(now);
            }
        }
        for id in after.difference(&before) {
            self.power.register(id, now);
        }
    }

    pub(super) fn set_faults(&self, faults: FaultTable) {
        *lock(&self.faults) = faults;
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        lock(&self.calls).iter().cloned().collect()
    }

    /// The account, the region and the name of whoever makes a call, as far as it says.
    pub(super) fn callers(&self, call: &ApiCall) -> Vec<String> {
        if let Input::Unsigned(input) = &call.input {
            // The portal is asked about an account and a role, and who asks is not known yet.
            let about = ["account_id", "role_name"].map(|name| input.parameters.text(name).map(str::to_owned));
            return about.into_iter().flatten().collect();
        }
        let Some(claim) = call.claim.as_ref() else { return Vec::new() };
        let fleet = self.fleet();
        let own = fleet.accounts.iter().find(|account| account.credentials.access_key == claim.access_key);
        let session = self.sessions.of_key(&claim.access_key);
        let known = own.map(|account| (account.id.clone(), account.caller.arn.clone()));
        let known = known.or_else(|| session.map(|session| (session.account, session.caller.arn)));
        let mut callers = vec![claim.region.clone()];
        if let Some((account, arn)) = known {
            callers.push(account);
            // `user/NAME`, `assumed-role/NAME/SESSION`.
            callers.extend(arn.split('/').nth(1).map(str::to_owned));
        }
        callers
    }

    /// Remember that this was asked.
    pub(super) fn note(&self, call: &ApiCall) {
        let claim = call.claim.as_ref();
        let fleet = self.fleet();
        let account = claim.and_then(|claim| {
            let is_that = |account: &&Account| account.has_keys && account.credentials.access_key == claim.access_key;
            let own = fleet.accounts.iter().find(is_that);
            let id = own.map(|account| account.id.clone());
            id.or_else(|| Some(self.sessions.of_key(&claim.access_key)?.account))
        });
        let account = account.or_else(|| match &call.input {
            Input::Unsigned(input) => input.parameters.text("account_id").map(str::to_owned),
            Input::Query(_) | Input::Json(_) => None,
        });
        self.remember(Call {
            action: call.full_action(),
            region: claim.map(|claim| claim.region.clone()).unwrap_or_default(),
            account: account.unwrap_or_default(),
            at: SystemTime::now(),
        });
    }

    fn remember(&self, call: Call) {
        let mut calls = lock(&self.calls);
        if calls.len() >= MOST_CALLS {
            calls.pop_front();
        }
        calls.push_back(call);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
