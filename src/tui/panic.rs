//! What happens when the program itself is wrong: the terminal first, then a report.

use std::backtrace::Backtrace;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Untrusted;
use crate::terminal;
use crate::text::{Catalogue, Value};

/// Longest message that is kept: it may quote a value.
const LONGEST: usize = 500;

/// From now on a panic in any thread hands the terminal back before it says anything, and leaves a report in `state`.
pub fn install(state: Option<PathBuf>, text: Arc<Catalogue>) {
    std::panic::set_hook(Box::new(move |info| {
        // Whoever has it: the dashboard or a session.
        terminal::give_back();
        let report = state.as_deref().and_then(|state| write_report(state, info).ok());
        let sentence = match &report {
            Some(path) => {
                let path = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200);
                text.say_with("crashed", &[("report", Value::from(path))])
            }
            None => text.say_with("crashed-without-report", &[("what", Value::from(what(info)))]),
        };
        terminal::complain(&sentence);
    }));
}

fn write_report(state: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    crate::config::create(state)?;
    let now = jiff::Timestamp::now();
    let path = state.join(format!("crash-{}-{}.txt", now.strftime("%Y%m%dT%H%M%SZ"), std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    writeln!(file, "ec2dash {} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH)?;
    writeln!(file, "{}\n\n{}", what(info), Backtrace::force_capture())?;
    Ok(path)
}

/// Where it happened and what it said.
fn what(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a panic without words");
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
    format!("{place}: {}", Untrusted::from(message).shown_in(LONGEST))
}

/// Panics on purpose, to see that everything is handed back: only in builds for developers.
pub fn on_purpose(place: &str) {
    #[cfg(debug_assertions)]
    if std::env::var("EC2DASH_TEST_PANIC").is_ok_and(|asked| asked == place) {
        panic!("a panic on purpose: {place}");
    }
    #[cfg(not(debug_assertions))]
    let _ = place;
}
