//! What is brought to its end when the dashboard is left: fixes that were to last until then, and tunnels.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::terminal::say;
use crate::text::Catalogue;
use crate::tui::runtime::{Kept, Runtime};
use crate::tui::signals::Signals;

/// How long tunnels may take to end before a word is said about it.
const UNTIL_TOLD: Duration = Duration::from_millis(700);
/// How long they may take to end.
const GRACE: Duration = Duration::from_secs(3);
/// How long fixes may take to be taken back.
const TAKING_BACK: Duration = Duration::from_secs(20);

/// What comes so soon after what made us leave belongs to it: a terminal that closes hangs up and sends its signal, once as the terminal and
/// once as its shell, and `timeout` ends us and then our group.
const SAME_LEAVING: Duration = Duration::from_secs(1);
const HANG_UP: i32 = rustix::process::Signal::HUP.as_raw();

/// Take back what fixes were to change until the end. Another signal leaves it, as a record of the journal; that the terminal has gone is no
/// wish of anybody's to leave a group open.
pub(super) async fn take_back(kept: &Kept, signals: &mut Signals, text: &Catalogue) {
    if kept.is_empty() {
        return;
    }
    say(&text.say("mend-taking-back"));
    tokio::select! {
        taken = tokio::time::timeout(TAKING_BACK, kept.take_back_all(text)) => match taken {
            Ok(failed) => failed.iter().for_each(|sentence| say(sentence)),
            Err(_) => say(&text.say("mend-left")),
        },
        () = asked_again(signals) => say(&text.say("mend-left")),
    }
}

/// Somebody does not want to wait.
async fn asked_again(signals: &mut Signals) {
    let begun = Instant::now();
    while signals.ending().await == HANG_UP || begun.elapsed() < SAME_LEAVING {}
}

/// End the tunnels. Another signal lets go of them at once.
pub(super) async fn end_tunnels(runtime: &mut Runtime, signals: &mut Signals, text: &Catalogue) {
    let told = async {
        sleep(UNTIL_TOLD).await;
        say(&text.say("tunnels-ending"));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::time::timeout(GRACE, runtime.end_tunnels()) => {}
        _ = signals.ending() => {}
        () = told => {}
    }
}
