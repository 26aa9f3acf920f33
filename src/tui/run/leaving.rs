//! What is brought to its end when the dashboard is left: fixes that were to last until then, and tunnels.

use std::time::Duration;

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

/// Take back what fixes were to change until the end. Another signal leaves it, as a record of the journal.
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
        _ = signals.ending() => say(&text.say("mend-left")),
    }
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
