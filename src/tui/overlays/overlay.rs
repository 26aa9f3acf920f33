//! What a dialog is, and what it asks of the dashboard when the user has chosen something.

use std::path::PathBuf;

use ratatui::layout::{Position, Rect};

use crate::columns::Column;
use crate::fixes::Fix;
use crate::model::{AccessReason, CredentialProgram, InstanceId, MfaCode, MfaDevice, Place, ProfileName, Region, Running};
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::command_run::CommandRequest;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Remembered;
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::pane_request::PaneRequest;
use crate::tui::power_run::PowerRequest;
use crate::tui::tunnels::TunnelRequest;
use crate::tui::world::World;

/// A dialog: it reads the world, answers keys, and changes nothing but itself.
pub trait Overlay {
    /// Whether it is the question before leaving.
    fn asks_to_quit(&self) -> bool {
        false
    }

    /// Whether it stays until a tunnel listens.
    fn awaits_tunnel(&self) -> bool {
        false
    }

    /// The start, stop or reboot that it waits for.
    fn awaits_run(&self) -> Option<u64> {
        None
    }

    /// Which keys it has of its own.
    fn page(&self) -> Page {
        Page::Everywhere
    }

    /// Whether it came by itself, and any key closes it and does nothing else.
    fn is_card(&self) -> bool {
        false
    }

    /// Whether what it asks has settled itself.
    fn is_moot(&self, _world: &World) -> bool {
        false
    }

    /// Whether it says what would stand in place of rows: that is not said beside it.
    fn stands_for_rows(&self) -> bool {
        false
    }

    /// Whether it is a page of its own: then it takes all but the bar at the top.
    fn is_page(&self) -> bool {
        false
    }

    /// Whether digits stand for what it offers, without a list to choose from.
    fn takes_digits(&self) -> bool {
        false
    }

    /// Whether the first line of its list says what stands in the columns below.
    fn has_heads(&self) -> bool {
        false
    }

    /// A key before it is looked up: for text fields. `None`: it is looked up.
    fn press(&mut self, _key: Key, _world: &World) -> Option<Reply> {
        None
    }

    /// A pasted text: for text fields. Whether they have taken all of it.
    fn paste(&mut self, _text: &str, _world: &World) -> bool {
        true
    }

    /// The user asked for something.
    fn act(&mut self, action: Action, world: &World) -> Reply;

    /// Draw it over `area`; returns where the terminal's cursor belongs.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position>;
}

/// What a dialog makes of an action.
pub enum Reply {
    /// Not mine: let whatever lies below have it.
    Pass,
    /// Mine; the dialog stays.
    Stay(Vec<Request>),
    /// Mine; the dialog closes.
    Close(Vec<Request>),
}

/// What a dialog asks of the dashboard: what the user has chosen in it.
pub enum Request {
    /// List with this profile.
    UseProfile {
        /// The profile.
        profile: ProfileName,
        /// The programs that the user has said yes to.
        programs: Vec<CredentialProgram>,
        /// Whether that yes is for later starts, too.
        is_for_ever: bool,
    },
    /// List these profiles together; without regions each in its own.
    UsePlaces {
        /// Which; none: those that are here.
        profiles: Vec<ProfileName>,
        /// The regions of all of them.
        regions: Vec<Region>,
    },
    /// List the set of places of this name.
    UseSet(String),
    /// List this region.
    UseRegion(Region),
    /// List every region that is enabled.
    UseAllRegions,
    /// Sort by this column; the same one again turns the order round.
    SortBy(Column),
    /// Show these columns.
    UseColumns(Vec<Column>),
    /// Put the rows in groups by this column, or in none.
    GroupBy(Option<Column>),
    /// Draw in the colours of the theme of this name, one of `World::themes`.
    UseTheme(String),
    /// Open a session.
    Connect(ConnectRequest),
    /// Make a key file the user's alone, then open a session.
    MendAndConnect {
        /// The file.
        path: PathBuf,
        /// The session.
        request: ConnectRequest,
    },
    /// Ask AWS for everything about an instance.
    Examine(InstanceId),
    /// Test the ways into an instance, as was said.
    TestWays(InstanceId),
    /// Open the doctor on an instance.
    OpenDoctor(InstanceId),
    /// Read what a fix needs to know, then show it.
    PrepareFix(Box<Fix>),
    /// Carry a fix out.
    Mend(Box<Fix>),
    /// Ask a page for this computer's address.
    FindAddress,
    /// Take a fix of this dashboard back, by its number here.
    TakeBack(u64),
    /// Ask AWS for the host keys of an instance of which others are kept.
    AskHostKeys(InstanceId),
    /// Keep what was told of its host keys in place of the others.
    TakeHostKeys(InstanceId),
    /// See an instance with the credentials of another place that lists it, too.
    SeeBy {
        /// The instance.
        id: InstanceId,
        /// The place.
        place: Place,
    },
    /// Run a command on many instances.
    RunCommand(CommandRequest),
    /// Open sessions beside the dashboard.
    OpenPanes(PaneRequest),
    /// Start, stop or reboot.
    ChangePower(PowerRequest),
    /// Open a tunnel.
    OpenTunnel(TunnelRequest),
    /// End a tunnel.
    EndTunnel {
        /// Which.
        number: u64,
        /// Whether the question about its connections was answered.
        is_confirmed: bool,
    },
    /// Ask the process to end that holds this open.
    EndRunning(Running),
    /// Leave.
    Quit,
    /// Ask for a session that is denied.
    AskForAccess {
        /// The instance.
        id: InstanceId,
        /// Why; without a reason the request is waited for that was made before.
        reason: Option<AccessReason>,
    },
    /// Stop waiting for the decision.
    StopAwaitingAccess,
    /// Stop waiting for an instance that starts.
    StopStarting,
    /// Stop waiting for the list.
    StopAsking,
    /// Sign in where nothing but the start URL is known.
    SignInTo {
        /// The start URL.
        start_url: String,
        /// Where its services are.
        region: Region,
    },
    /// Give the sign-in up.
    CancelSignIn,
    /// Read the files once more, and choose a profile.
    ChooseProfile,
    /// Leave for the demo.
    SeeDemo,
    /// Go on with the code of an MFA device.
    GiveCode {
        /// The device.
        device: MfaDevice,
        /// What it shows.
        code: MfaCode,
    },
    /// Put a text on the clipboard.
    Copy {
        /// What it is, as a key of the catalogue.
        what: &'static str,
        /// The text as it is; control characters go on the way.
        text: String,
    },
    /// Put lines on the clipboard, which are fit for a screen.
    CopyLines {
        /// What it is, as a key of the catalogue.
        what: &'static str,
        /// The lines.
        text: String,
    },
    /// Write lines to a file that is not there yet.
    Write {
        /// Where, as typed.
        path: String,
        /// The lines.
        text: String,
    },
    /// Put the command line of a session on the clipboard.
    CopyCommand(ConnectRequest),
    /// Say something for a few seconds.
    Tell(String),
    /// Do what a key of the table does.
    Act(Action),
    /// Do this in the table, one after the other.
    Run(Vec<Action>),
    /// Run a command of the user's own, by its place in the settings.
    RunOwn(usize),
    /// Filter by this line.
    FilterBy(String),
    /// Put the cursor on this row.
    GoTo(InstanceId),
    /// Offer this first the next time.
    NoteRecent(String),
    /// Put another dialog on top.
    Show(Box<dyn Overlay>),
    /// Keep a choice for the next start.
    Remember(Remembered),
}
