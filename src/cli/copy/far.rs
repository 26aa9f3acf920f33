//! The instances that files go to and come from: which they are, and how to get in.

use std::ffi::OsString;

use super::scripted::BySession;
use crate::aws::Cloud;
use crate::cli::args::How;
use crate::cli::connect as connecting;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, by_session, show, target};
use crate::connect::{Extras, Plan};

/// An instance, and how to get in.
pub struct Far {
    /// The names it was called by.
    pub names: Vec<String>,
    pub cloud: Cloud,
    pub plan: Plan,
}

/// What was found for the names.
#[derive(Default)]
pub struct Found {
    pub fars: Vec<Far>,
    pub by_session: Vec<BySession>,
}

impl Found {
    /// Those that ssh gets into, for what needs answers to questions about files. `code` says why that is.
    pub fn by_ssh(self, invocation: &Invocation, code: &'static str) -> Result<Vec<Far>, Failure> {
        match self.by_session.first() {
            None => Ok(self.fars),
            Some(far) => Err(invocation.failure(code, Exit::NoWay, &[("target", far.instance.shown().into())])),
        }
    }

    /// All of them.
    pub fn entrances(&self) -> impl Iterator<Item = Entrance<'_>> {
        self.fars.iter().map(Entrance::Ssh).chain(self.by_session.iter().map(Entrance::Session))
    }
}

/// A way in for files.
#[derive(Clone, Copy)]
pub enum Entrance<'a> {
    Ssh(&'a Far),
    Session(&'a BySession),
}

/// Find the instances that are named, each once, and decide how to get in.
pub async fn find<'a>(
    invocation: &Invocation,
    asked: &How,
    yes: bool,
    is_quiet: bool,
    named: impl Iterator<Item = &'a str>,
) -> Result<Found, Failure> {
    let flags = connecting::flags(asked)?;
    let extras = Extras {
        // As exec has it; and what is asked for is not a command but the server of files, whatever its path is there.
        ssh_arguments: ["-T", "-o", "ClearAllForwardings=yes", "-s"].map(OsString::from).to_vec(),
        command: vec!["sftp".into()],
        is_quiet,
        only_ssh: true,
        ..Extras::of(&flags, connecting::own_program(invocation))
    };
    let Found { mut fars, mut by_session } = Found::default();
    for name in named {
        let mut known = fars.iter().map(|far| &far.names).chain(by_session.iter().map(|far| &far.names)).flatten();
        if known.any(|known| known == name) {
            continue;
        }
        let (cloud, mut instance) = target::find(invocation, name).await?;
        if let Some(known) = by_session.iter_mut().find(|far: &&mut BySession| far.instance.id == instance.id) {
            known.names.push(name.to_owned());
            continue;
        }
        if let Some(known) = fars.iter_mut().find(|far| far.plan.target.id == instance.id) {
            known.names.push(name.to_owned());
            continue;
        }
        show::ask_for_facts(&cloud, &mut instance).await;
        let prepared = connecting::prepare(invocation, &mut instance, &flags).await?;
        // Who names a login, a key or a place of sshd does not want somebody else's files.
        let session = if asked.is_about_ssh() { None } else { by_session::by_session(&prepared, &flags.methods) };
        if let Some(method) = session {
            connecting::confirmed(invocation, yes, &instance)?;
            connecting::remember(invocation, &instance);
            by_session.push(BySession { names: vec![name.to_owned()], cloud, instance, method });
            continue;
        }
        let plan = connecting::plan(invocation, &instance, &flags, &prepared, &extras)?;
        connecting::confirmed_all(invocation, yes, &plan)?;
        connecting::remember(invocation, &instance);
        fars.push(Far { names: vec![name.to_owned()], cloud, plan });
    }
    Ok(Found { fars, by_session })
}
