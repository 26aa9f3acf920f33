//! The check of one host in one login: by the key that is kept, by what AWS tells, or by nothing.

use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use super::aside::Aside;
use super::diagnosis::{Diagnosis, KEPT_IS_TOLD};
use super::trust::{ToldKeys, Untold, told_keys};
use super::{Argument, Blank, Error, Plan, Step};
use crate::aws::Cloud;
use crate::config::HostKeys;
use crate::model::{HostKey, HostKeyOrigin, Instance, InstanceId};
use crate::ssh::{HostKeyCheck, HostKeyFiles, KnownHosts};

/// How often is looked whether the host has shown its key.
const PAUSE: Duration = Duration::from_millis(200);

type Answer = Result<ToldKeys, Untold>;

/// What the user should know of a host's keys while connecting.
#[derive(Debug, Clone, PartialEq)]
pub enum HostKeyNews {
    /// New keys cannot be kept: the file or its directory cannot be written. Those that are there are read.
    NotKept,
    /// Nothing tells whether the key that the host shows is the instance's.
    Unchecked(Untold),
    /// The console tells others from an earlier start, too.
    ToldTwice,
}

/// How one host is checked.
pub(super) struct HostCheck {
    id: InstanceId,
    files: HostKeyFiles,
    /// A private directory of this login.
    directory: PathBuf,
    /// This program, where ssh can ask it.
    own: Option<PathBuf>,
    is_strict: bool,
    is_kept: bool,
    asking: Option<Aside<Pin<Box<dyn Future<Output = Answer> + Send>>>>,
    told: Option<ToldKeys>,
    asked_by_ssh: Option<HostKeyCheck>,
}

impl HostCheck {
    /// Begin: where no key is kept, AWS is asked while other things are done. None for a plan that runs no ssh.
    pub(super) fn begin(
        plan: &Plan,
        cloud: &Cloud,
        state: Option<&Path>,
        directory: &Path,
        on_event: &mut (dyn FnMut(HostKeyNews) + Send),
    ) -> Result<Option<Self>, Error> {
        let step = plan.steps.iter().find_map(|step| match step {
            Step::HostKey { checking, own, .. } => Some((*checking, own.clone())),
            _ => None,
        });
        let Some((checking, own)) = step else { return Ok(None) };
        let files = host_keys(state, directory, on_event)?;
        let is_kept = !files.of_instance(&plan.target.id).is_empty();
        let asks = !is_kept && checking != HostKeys::AcceptNew;
        let asking = asks.then(|| Aside::new(question(cloud.clone(), plan.target.clone(), own.is_some())));
        let is_strict = checking == HostKeys::Strict;
        let directory = directory.to_owned();
        Ok(Some(Self {
            id: plan.target.id.clone(),
            files,
            directory,
            own,
            is_strict,
            is_kept,
            asking,
            told: None,
            asked_by_ssh: None,
        }))
    }

    /// Do something else to its end; the question goes on meanwhile.
    pub(super) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        match &mut self.asking {
            Some(asking) => asking.beside(work).await,
            None => work.await,
        }
    }

    /// Wait for what AWS tells, and lay it down for ssh. An error: nothing is told, and that is not enough.
    pub(super) async fn settle(&mut self, on_event: &mut (dyn FnMut(HostKeyNews) + Send)) -> Result<(), Error> {
        let answer = match self.asking.take() {
            Some(asking) => asking.settled().await,
            None => None,
        };
        match answer {
            Some(Ok(told)) => {
                if told.has_changed {
                    on_event(HostKeyNews::ToldTwice);
                }
                self.told = Some(told);
            }
            Some(Err(untold)) if self.is_strict => return Err(Error::HostKeyUntold(untold)),
            Some(Err(untold)) => on_event(HostKeyNews::Unchecked(untold)),
            None => {}
        }
        let keys = self.told.as_ref().map(|told| told.keys.as_slice()).unwrap_or_default();
        let fingerprints = self.told.iter().flat_map(|told| &told.fingerprints).map(|told| told.fingerprint);
        if self.is_checked() && self.own.is_some() {
            let check = HostKeyCheck::prepare(&self.directory, keys, &fingerprints.collect::<Vec<_>>());
            self.asked_by_ssh = Some(check.map_err(Error::local("writing what is told of the host key"))?);
        } else if !keys.is_empty() {
            let kept = self.told_to_old_ssh().keep(&self.id, keys, HostKeyOrigin::Console, SystemTime::now());
            kept.map_err(Error::local("writing what is told of the host key"))?;
        }
        Ok(())
    }

    /// Whether ssh takes no other key than those that are kept or told.
    fn is_checked(&self) -> bool {
        self.is_kept || self.told.is_some()
    }

    /// What is filled into ssh's command line.
    pub(super) fn fill(&self, blank: Blank) -> Option<Vec<PathBuf>> {
        match blank {
            Blank::KnownHosts => Some(self.paths()),
            Blank::HostKeyChecking => Some(vec![if self.is_checked() { "yes" } else { "accept-new" }.into()]),
            Blank::HostKeyCommand => Some(vec![match (&self.asked_by_ssh, &self.own) {
                (Some(check), Some(own)) => check.command(own, &self.id).into(),
                _ => "none".into(),
            }]),
            _ => None,
        }
    }

    fn paths(&self) -> Vec<PathBuf> {
        let told = (self.told.is_some() && self.own.is_none()).then(|| self.told_to_old_ssh().path());
        self.files.paths().iter().cloned().chain(told).collect()
    }

    /// Where an ssh finds what is told that cannot ask us.
    fn told_to_old_ssh(&self) -> KnownHosts {
        KnownHosts::new(&self.directory.join("told"))
    }

    /// The types of keys to ask the host for, where only some could be compared.
    pub(super) fn algorithms(&self) -> Option<Argument> {
        let algorithms = self.told.as_ref()?.algorithms()?;
        Some(Argument::Word(format!("HostKeyAlgorithms={algorithms}").into()))
    }

    /// Let ssh run to its end, and keep what was checked as soon as it is: a session may last for hours, and may be cut off.
    pub(super) async fn beside_ssh<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut is_waiting = self.told.is_some();
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = sleep(PAUSE), if is_waiting => is_waiting = !self.keep_if_right(),
            }
        }
    }

    /// Keep what is told, once the host has shown a key; whether it has.
    fn keep_if_right(&self) -> bool {
        let Some(told) = &self.told else { return true };
        let Some(shown) = self.asked_by_ssh.as_ref().and_then(HostKeyCheck::shown) else { return false };
        if told.has(&shown) {
            let keys = if told.keys.is_empty() { std::slice::from_ref(&shown) } else { &told.keys };
            self.files.keep(&self.id, keys, told.origin, SystemTime::now());
        }
        true
    }

    /// ssh has ended: keep what was checked, or say more of the key that was refused.
    pub(super) async fn ended(
        &mut self,
        plan: &Plan,
        cloud: &Cloud,
        code: u8,
        diagnosis: Option<Diagnosis>,
    ) -> Option<Diagnosis> {
        let now = SystemTime::now();
        let shown = self.asked_by_ssh.as_ref().and_then(HostKeyCheck::shown);
        let is_about_key = diagnosis.as_ref().is_some_and(|diagnosis| diagnosis.code.starts_with("host-key-"));
        if is_about_key && self.asked_by_ssh.is_some() && shown.is_none() {
            // It never came to our host: one on the way, such as the user's ProxyJump, was refused.
            return Some(Diagnosis::named("host-key-refused", plan));
        }
        let Some(told) = &self.told else {
            self.files.note(now);
            return if self.is_kept && is_about_key {
                Some(self.changed(plan, cloud, shown, diagnosis?).await)
            } else {
                diagnosis
            };
        };
        let is_right = match &shown {
            Some(shown) => told.has(shown),
            None => self.own.is_none() && code != 255,
        };
        if is_right {
            let keys = if told.keys.is_empty() { shown.as_slice() } else { &told.keys };
            self.files.keep(&self.id, keys, told.origin, now);
            return diagnosis;
        }
        if shown.is_none() && !is_about_key {
            return diagnosis;
        }
        let of_words = diagnosis.and_then(|diagnosis| diagnosis.value("now"));
        let mut refused = Diagnosis::named("host-key-not-told", plan);
        refused.add(teller(told), told.fingerprints_beside(shown.as_ref()));
        if let Some(now) = shown.map(|shown| shown.fingerprint().to_string()).or(of_words) {
            refused.add("now", now);
        }
        Some(refused)
    }

    /// A key is kept, and another was shown: what is known of both, and what the instance itself says now.
    async fn changed(&mut self, plan: &Plan, cloud: &Cloud, shown: Option<HostKey>, diagnosis: Diagnosis) -> Diagnosis {
        let kept = self.files.of_instance(&self.id);
        let is_alike = |algorithm: &str| shown.as_ref().is_some_and(|shown| shown.algorithm() == algorithm);
        let before = kept.iter().find(|host| is_alike(&host.algorithm)).or(kept.first());
        let of_words = diagnosis.value("now");
        let mut changed = Diagnosis::named("host-key-changed", plan);
        if let Some(before) = before {
            changed.add("before", before.fingerprint.clone());
        }
        let Some(now) = shown.as_ref().map(|shown| shown.fingerprint().to_string()).or(of_words) else { return changed };
        changed.add("now", now.clone());
        if let Ok(told) = told_keys(cloud, &plan.target, true).await {
            let says = told.fingerprints_beside(shown.as_ref());
            if says.split(", ").any(|says| says == now) || shown.as_ref().is_some_and(|shown| told.has(shown)) {
                changed.add("same", self.id.to_string());
            }
            let is_kept = |says: &str| before.is_some_and(|before| before.fingerprint == says);
            if says.split(", ").any(is_kept) && changed.value("same").is_none() {
                changed.add(KEPT_IS_TOLD, self.id.to_string());
            }
            changed.add(teller(&told), says);
        }
        changed
    }
}

fn teller(told: &ToldKeys) -> &'static str {
    if told.origin == HostKeyOrigin::SessionManager { "agent" } else { "console" }
}

async fn asked(cloud: Cloud, instance: Instance, can_ask: bool) -> Answer {
    told_keys(&cloud, &instance, can_ask).await
}

fn question(cloud: Cloud, instance: Instance, can_ask: bool) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
    Box::pin(asked(cloud, instance, can_ask))
}

/// The one decision what a host is checked against, whoever connects.
fn host_keys(state: Option<&Path>, spare: &Path, on_event: &mut (dyn FnMut(HostKeyNews) + Send)) -> Result<HostKeyFiles, Error> {
    let files = HostKeyFiles::find(state, spare).map_err(|source| {
        let path = state.map(|state| KnownHosts::new(state).path()).unwrap_or_default();
        Error::HostKeysUnreadable { path, source }
    })?;
    if !files.are_kept() {
        on_event(HostKeyNews::NotKept);
    }
    Ok(files)
}
