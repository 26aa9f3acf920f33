//! `ec2dash` without a command: the dashboard.

use super::connect::own_program;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::config::is_set;
use crate::model::{AllowedPrograms, Untrusted};
use crate::tui::{self, Finish, Start};

/// Switches that ask for plain mode, which a screen reader needs and this version lacks.
const PLAIN_MODE: [&str; 2] = ["EC2DASH_PLAIN", "ACCESSIBLE"];

/// Show the dashboard until it ends.
pub async fn dashboard(invocation: Invocation) -> Result<Exit, Failure> {
    check_terminal(&invocation)?;
    let (state, finding) = invocation.memory.read();
    let mut warnings: Vec<String> = finding.iter().map(|finding| finding.text(&invocation.text)).collect();
    let odd = invocation.loaded.warnings.iter().filter(|warning| warning.code != "config-later");
    warnings.extend(odd.map(|warning| format!("config.toml {}", warning.located(&invocation.text))));
    warnings.extend(invocation.loaded.theme_problems.iter().flat_map(|problems| problems.lines(&invocation.text)));
    let mut options = invocation.options();
    if options.programs == AllowedPrograms::default() {
        options.programs = state.allowed_programs();
    }
    let start = Start {
        loaded: invocation.loaded.clone(),
        warnings,
        directories: invocation.directories.clone(),
        text: invocation.text.clone(),
        regions: invocation.loaded.settings.regions.clone(),
        options,
        is_demo: invocation.global.demo,
        own: own_program(&invocation),
        environment: invocation.terminal.look,
        columns: state.chosen_columns(),
        favourites: invocation.favourites(),
        first_run: !state.first_run_seen,
        origin: invocation.origin(),
        earlier_filters: state.filters,
    };
    match tui::run(start).await {
        Ok(Finish::Quit) => Ok(Exit::Done),
        Ok(Finish::Signal(number)) => Ok(Exit::of_signal(number)),
        Err(tui::Error::NoTerminal) => Err(no_terminal(&invocation)),
        Err(tui::Error::Terminal(error)) => Err(error.into()),
    }
}

fn no_terminal(invocation: &Invocation) -> Failure {
    invocation.failure("no-terminal", Exit::Usage, &[])
}

/// Whether a dashboard can be drawn here at all.
fn check_terminal(invocation: &Invocation) -> Result<(), Failure> {
    if !(invocation.terminal.stdin && invocation.terminal.stdout) {
        return Err(no_terminal(invocation));
    }
    let term = invocation.environment.get("TERM").map(String::as_str).unwrap_or_default();
    if matches!(term, "" | "dumb") {
        let term = if term.is_empty() { invocation.text.say("term-unset") } else { Untrusted::from(term).shown_in(20) };
        return Err(invocation.failure("poor-terminal", Exit::Usage, &[("term", term.into())]));
    }
    match PLAIN_MODE.iter().find(|variable| is_set(&invocation.environment, variable)) {
        Some(variable) => Err(invocation.failure("plain-mode", Exit::Usage, &[("variable", (*variable).into())])),
        None => Ok(()),
    }
}
