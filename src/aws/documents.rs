//! The documents of Systems Manager that we use, by name.

/// The account's own preferences for sessions, which are also the document of a plain shell.
pub const PREFERENCES: &str = "SSM-SessionManagerRunShell";
/// Bytes to a port without any notion of a connection's kind: for `ProxyCommand`.
pub const SSH: &str = "AWS-StartSSHSession";
/// Connections to a port of the instance.
pub const PORT: &str = "AWS-StartPortForwardingSession";
/// Connections to a port of a host behind the instance.
pub const REMOTE_HOST: &str = "AWS-StartPortForwardingSessionToRemoteHost";
/// Words without a terminal and without stdin.
pub const COMMAND: &str = "AWS-StartNonInteractiveCommand";
/// A command line on a terminal.
pub const INTERACTIVE: &str = "AWS-StartInteractiveCommand";
/// A script on many instances.
pub const RUN_SHELL_SCRIPT: &str = "AWS-RunShellScript";
/// Run Command: the agent of Session Manager updates itself.
pub const UPDATE_AGENT: &str = "AWS-UpdateSSMAgent";
