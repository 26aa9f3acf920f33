//! `ec2dash` without a command: the dashboard.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::connect::own_program;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::aws;
use crate::config::is_set;
use crate::model::AllowedPrograms;
use crate::tui::{self, Finish, Start};

/// Switches that ask for plain mode, which a screen reader needs.
const PLAIN_MODE: [&str; 2] = ["EC2DASH_PLAIN", "ACCESSIBLE"];

/// Show the dashboard until it ends.
pub async fn dashboard(invocation: Invocation) -> Result<Exit, Failure> {
    let plain = plain_mode(&invocation);
    // Plain mode works over a pipe, too, where somebody asks for it; a poor terminal alone is no such wish.
    let is_terminal = invocation.terminal.stdin && invocation.terminal.stdout;
    if !is_terminal && !plain.as_ref().is_some_and(|plain| plain.is_asked) {
        return Err(no_terminal(&invocation));
    }
    let (state, finding) = invocation.memory.read();
    let mut warnings: Vec<String> = finding.iter().map(|finding| finding.text(&invocation.text)).collect();
    warnings
        .extend(invocation.loaded.warnings.iter().map(|warning| format!("config.toml {}", warning.located(&invocation.text))));
    warnings.extend(invocation.loaded.theme_problems.iter().flat_map(|problems| problems.lines(&invocation.text)));
    // What a session gives is asked for when the dashboard is on the screen.
    let (profiles, sought) = invocation.known_and_sought()?;
    let mut profiles = profiles.into_iter();
    let mut options = aws::Options { profile: profiles.next().flatten(), ..invocation.options() };
    if options.programs == AllowedPrograms::default() {
        options.programs = state.allowed_programs();
    }
    let start = Start {
        loaded: invocation.loaded.clone(),
        warnings,
        directories: invocation.directories.clone(),
        text: invocation.text.clone(),
        cache: invocation.directories.cache.clone().filter(|_| !invocation.global.no_cache),
        beside: profiles.flatten().collect(),
        sought,
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
        recent: state.recent,
    };
    let finish = match plain {
        Some(plain) => tui::run_plainly(start, &plain.beginning).await,
        None => tui::run(start).await,
    };
    match finish {
        Ok(Finish::Quit) => Ok(Exit::Done),
        Ok(Finish::Demo) => Err(see_demo(&invocation).into()),
        Ok(Finish::Signal(number)) => Ok(Exit::of_signal(number)),
        Err(tui::Error::NoTerminal) => Err(no_terminal(&invocation)),
        Err(tui::Error::Terminal(error)) => Err(error.into()),
    }
}

/// Show the demo in place of this process: its environment is to be its own from the first moment. Returns what kept it from that.
fn see_demo(invocation: &Invocation) -> std::io::Error {
    let mut demo = Command::new(own_program(invocation).program);
    demo.arg("--demo");
    if invocation.global.plain {
        demo.arg("--plain");
    }
    if let Some(language) = &invocation.global.lang {
        demo.args(["--lang", language]);
    }
    demo.exec()
}

fn no_terminal(invocation: &Invocation) -> Failure {
    invocation.failure("no-terminal", Exit::Usage, &[])
}

/// Why there are sentences in place of a picture.
struct PlainMode {
    /// The first line, which says why.
    beginning: String,
    /// Whether somebody asked for it.
    is_asked: bool,
}

/// Plain mode, where it is asked for or no picture can be drawn.
fn plain_mode(invocation: &Invocation) -> Option<PlainMode> {
    let text = &invocation.text;
    let because = |reason: &str| text.say_with("plain-begin", &[("reason", reason.to_owned().into())]);
    let asked = PLAIN_MODE.into_iter().find(|variable| is_set(&invocation.environment, variable));
    if let Some(reason) = asked.or(invocation.global.plain.then_some("--plain")) {
        return Some(PlainMode { beginning: because(reason), is_asked: true });
    }
    let beginning = match invocation.environment.get("TERM").map(String::as_str).unwrap_or_default() {
        "" => text.say("plain-begin-without-term"),
        "dumb" => because("TERM=dumb"),
        _ => return None,
    };
    Some(PlainMode { beginning, is_asked: false })
}
