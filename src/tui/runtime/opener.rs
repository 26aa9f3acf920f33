//! Opens a link with the program that this computer has for it.

use std::process::Stdio;

use tokio::process::Command;

/// Why a link was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unopened {
    /// No screen that a browser could use: a server, or a session of ssh.
    NoDisplay,
    /// There is no such program, or it cannot be started.
    NoOpener,
    /// It ended badly.
    Failed,
}

impl Unopened {
    /// Key of the sentence in the catalogue.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoDisplay => "link-no-display",
            Self::NoOpener => "link-no-opener",
            Self::Failed => "link-failed",
        }
    }
}

/// The program that opens links here.
pub const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Open it: the link is one argument, there is no shell, and what the program says goes nowhere. In a process group of its own it gets
/// neither the keys nor the signals of this terminal. Waits until the program ends, which it may do when the browser does.
pub async fn open(link: &str) -> Result<(), Unopened> {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "macos") && !has("DISPLAY") && !has("WAYLAND_DISPLAY") {
        return Err(Unopened::NoDisplay);
    }
    let mut command = Command::new(OPENER);
    command.arg(link).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().map_err(|_| Unopened::NoOpener)?;
    match child.wait().await {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Unopened::Failed),
    }
}
