//! The running instances as blocks of ssh_config: which have one, by which names, and with which key.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{self, KeyFile, Local, Login, SshClient};
use crate::cli::invocation::Invocation;
use crate::cli::warnings::{self, Accounts, Warning};
use crate::cli::{Exit, Failure, agent, connect as connecting, listing, local, ls};
use crate::config::{self, ConnectFlags};
use crate::connect::{BlockKey, HostBlock, OwnProgram};
use crate::here;
use crate::model::{AliasPrefix, FactKinds, Filter, HostAlias, Instance, InstanceState};
use crate::ssh::BlockHostKeys;
use crate::ssh::shared_agent::AgentPlace;

/// All blocks of one run.
pub struct Blocks {
    rows: Vec<(Arc<Instance>, Option<HostAlias>)>,
    stopped: usize,
    warnings: Vec<Warning>,
    /// Why something is missing from it, if anything is.
    pub failure: Option<Failure>,
    local: Local,
    own: OwnProgram,
    state: PathBuf,
    agent: AgentPlace,
    settings: config::Settings,
}

impl Blocks {
    /// Ask for the instances that fit, and for what their logins hang on: the image and the key pair.
    pub async fn gather(invocation: &Invocation, words: &[String], prefix: &AliasPrefix) -> Result<Self, Failure> {
        let state = invocation.directories.state.clone();
        let state = state.ok_or_else(|| invocation.failure("no-home", Exit::Failed, &[]))?;
        let filter = invocation.filter(words)?;
        let sources = invocation.sources().await?;
        let local = local::look(invocation, None).await;
        let settings = &invocation.loaded.settings;
        let mut all = Vec::new();
        let gaps = listing::gather(&sources, facts(&filter, settings.hybrid), |rows| {
            all.extend(rows);
            Ok(())
        });
        let gaps = gaps.await?;
        let warnings = warnings::of(&gaps, &Accounts::new(), &filter, sources.is_merged(), &invocation.text);
        let failure = ls::outcome(invocation, &sources, &gaps).await.err();
        all.retain(|row| fits(&filter, row, settings, &local));
        let (mut rows, stopped): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| is_running(row));
        rows.sort_by_cached_key(|row| (row.name().cloned(), row.id.clone()));
        let home = invocation.directories.home.as_deref();
        let theirs = home.map(|home| here::host_words(home, |text| text.starts_with(super::file::FIRST_LINE)));
        Ok(Self {
            rows: with_aliases(rows, prefix, &theirs.unwrap_or_default()),
            stopped: stopped.len(),
            warnings,
            failure,
            local,
            own: connecting::own_program(invocation),
            state,
            agent: agent::place(invocation),
            settings: settings.clone(),
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The instances, each with its alias, by name.
    pub fn rows(&self) -> impl Iterator<Item = (&Instance, Option<&HostAlias>)> {
        self.rows.iter().map(|(row, alias)| (row.as_ref(), alias.as_ref()))
    }

    /// Say what is missing, and who has no block or no name.
    pub fn tell(&self, invocation: &Invocation) {
        let text = &invocation.text;
        // The one place that is missing is the failure itself.
        for warning in self.warnings.iter().skip(usize::from(self.failure.is_some())) {
            warning.report(invocation);
        }
        let nameless = self.rows.iter().filter(|(row, alias)| row.name().is_some() && alias.is_none()).count();
        for (key, count) in [("ssh-config-stopped", self.stopped), ("ssh-config-nameless", nameless)] {
            if count > 0 {
                invocation.note(&text.say_with(key, &[("count", count.into())]));
            }
        }
    }

    /// What a block is made of, and the block.
    pub fn with<T>(&self, row: &Instance, alias: Option<&HostAlias>, work: impl FnOnce(&HostBlock<'_>) -> T) -> T {
        let options = config::connect_options(&self.settings, row, &ConnectFlags::default());
        let (user, _) = access::login(row, &options);
        let can_ask = match &self.local.ssh {
            SshClient::Usable(version) => version.has_known_hosts_command(),
            _ => true,
        };
        let key = self.key(row, &user, &options);
        let is_pushed = matches!(key, BlockKey::Pushed { .. });
        work(&HostBlock {
            id: &row.id,
            alias,
            place: &row.place,
            user,
            port: options.port,
            key,
            own: &self.own,
            state: &self.state,
            known_hosts_command: can_ask.then(|| BlockHostKeys::new(&self.state).command(&self.own.program, &row.id, is_pushed)),
            settings: &self.settings.connect,
        })
    }

    /// The pair's own file, where a way takes it; else one of ours that is pushed, where a way takes that; else what the user has.
    fn key(&self, row: &Instance, user: &Login, options: &access::ConnectOptions) -> BlockKey {
        let takes = |is_pushed| options.preferred().any(|method| method.takes_key(is_pushed));
        let is_pushable = access::may_push(row, user) && takes(true);
        let found = access::found_key(row, options, &self.local);
        // Nobody may be there to type a passphrase.
        let is_open = |file: &&KeyFile| file.problem.is_none() && (!file.is_locked || found.agent.is_some() || !is_pushable);
        // A file that is asked for is taken, but for one that ssh cannot read.
        let asked = options.key.as_ref().filter(|_| !found.file.is_some_and(KeyFile::is_opened_here));
        let file = asked.or_else(|| found.file.filter(is_open).map(|file| &file.path));
        match file.filter(|_| takes(false)) {
            Some(path) => BlockKey::File(path.clone()),
            None if is_pushable => BlockKey::Pushed { socket: self.agent.socket(&row.id) },
            None => BlockKey::Theirs,
        }
    }
}

/// Each with its alias, if that is its alone and none of `theirs`: names that the user's own ssh_config has for hosts, for which no tag
/// answers.
fn with_aliases(
    rows: Vec<Arc<Instance>>,
    prefix: &AliasPrefix,
    theirs: &HashSet<String>,
) -> Vec<(Arc<Instance>, Option<HostAlias>)> {
    let aliases: Vec<Option<HostAlias>> = rows.iter().map(|row| HostAlias::of(row.name()?, prefix)).collect();
    let mut borne: HashMap<HostAlias, usize> = HashMap::new();
    for alias in aliases.iter().flatten() {
        *borne.entry(alias.clone()).or_default() += 1;
    }
    let is_free = |alias: &HostAlias| borne.get(alias) == Some(&1) && !theirs.contains(alias.as_str());
    rows.into_iter().zip(aliases).map(|(row, alias)| (row, alias.filter(is_free))).collect()
}

fn is_running(row: &Instance) -> bool {
    matches!(row.state, InstanceState::Running | InstanceState::Hybrid)
}

/// What a login hangs on, and what the filter asks for.
fn facts(filter: &Filter, nodes: bool) -> FactKinds {
    let asks = |field: &str| filter.asks(field);
    let ways = asks("via");
    FactKinds { ssm: asks("ssm") || ways, role: asks("iam") || ways, image: true, key_pair: true, network: ways, nodes }
}

fn fits(filter: &Filter, row: &Instance, settings: &config::Settings, local: &Local) -> bool {
    let via = || {
        let options = config::connect_options(settings, row, &ConnectFlags::default());
        access::ways(row, &options, local, Timestamp::now()).best.map(access::Method::id)
    };
    let via = if filter.asks("via") { via() } else { None };
    filter.score(row, via.unwrap_or_default()).is_some()
}
