//! What a dialog asks of the dashboard when the user has chosen something.

use super::command_run::CommandRequest;
use super::effect::Remembered;
use super::overlays::Overlay;
use super::tunnels::TunnelRequest;
use crate::access::{Login, Method};
use crate::columns::Column;
use crate::model::{CredentialProgram, InstanceId, ProfileName, Region};

/// A choice made in a dialog.
pub enum Wish {
    /// List with this profile.
    UseProfile {
        /// The profile.
        profile: ProfileName,
        /// The programs that the user has said yes to.
        programs: Vec<CredentialProgram>,
        /// Whether that yes is for later starts, too.
        is_for_ever: bool,
    },
    /// List this region.
    UseRegion(Region),
    /// List every region that is enabled.
    UseAllRegions,
    /// Sort by this column; the same one again turns the order round.
    SortBy(Column),
    /// Open a session.
    Connect(Request),
    /// Run a command on many instances.
    RunCommand(CommandRequest),
    /// Open a tunnel.
    OpenTunnel(TunnelRequest),
    /// End a tunnel.
    EndTunnel {
        /// Which.
        number: u64,
        /// Whether the question about its connections was answered.
        is_confirmed: bool,
    },
    /// Leave.
    Quit,
    /// Put a text on the clipboard.
    Copy {
        /// What it is, as a key of the catalogue.
        what: &'static str,
        /// The text as it is; control characters go on the way.
        text: String,
    },
    /// Put the command line of a session on the clipboard.
    CopyCommand(Request),
    /// Say something for a few seconds.
    Tell(String),
    /// Put another dialog on top.
    Show(Box<dyn Overlay>),
    /// Keep a choice for the next start.
    Remember(Remembered),
}

/// A session asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The instance.
    pub id: InstanceId,
    /// The way in; `None` takes the best.
    pub method: Option<Method>,
    /// The login name; `None` takes the one of rules and facts.
    pub user: Option<Login>,
    /// Whether to try it although something is in the way.
    pub is_tried_anyway: bool,
    /// Whether the question of a dangerous account was answered.
    pub is_confirmed: bool,
}

impl Request {
    /// The best way into an instance.
    pub fn best(id: InstanceId) -> Self {
        Self { id, method: None, user: None, is_tried_anyway: false, is_confirmed: false }
    }
}
