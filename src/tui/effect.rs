//! What the dashboard asks of the world.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::connect_request::ConnectRequest;
use super::looks::Look;
use super::mend_run::MendOrder;
use super::own_run::OwnOrder;
use super::sign_in_run::SignInTo;
use super::tunnels::TunnelOrder;
use crate::access::Login;
use crate::config::Favourite;
use crate::connect::{Plan, Planner};
use crate::fixes::Fix;
use crate::fleet::Order;
use crate::model::{
    AccessReason, AddressService, AllowedPrograms, CredentialProgram, Generation, Instance, InstanceId, MfaCode, MfaDevice,
    Place, ProfileName, Region, Running,
};
use crate::multiplexer::{Host, Manner};
use crate::power::Order as PowerOrder;
use crate::probe::Probe;

/// A thing to do outside of the state. Each is answered by messages, or by nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read the user's AWS files: [`super::message::Message::Profiles`].
    ReadProfiles,
    /// Ask the SSO sessions that are signed in to for their accounts and roles: [`super::message::Message::SessionPlaces`].
    ListSessions,
    /// Make a profile's credentials ready without asking AWS anything, dropping those of before: `Opened`, then `Identified`; or
    /// `ProgramsUnasked`.
    Open {
        /// Which asking the answers belong to.
        generation: Generation,
        /// The profile; `None` takes what the environment says.
        profile: Option<ProfileName>,
        /// The region asked for; `None` takes the profile's own or the remembered one.
        region: Option<Region>,
        /// Which programs may give credentials.
        programs: AllowedPrograms,
        /// Whether its places are listed beside those of the profile that was opened before.
        is_beside: bool,
    },
    /// List a place: `Answered`, then `Surveyed`.
    Survey {
        /// Which asking the answers belong to.
        generation: Generation,
        /// What to list.
        place: Place,
        /// Whether it was never listed to the end: then what an earlier run was told is shown until it is.
        is_first: bool,
    },
    /// List the regions that are enabled for the account: `Regions`.
    ListRegions {
        /// Which asking the answers belong to.
        generation: Generation,
        /// Whose account; it must be open.
        profile: Option<ProfileName>,
    },
    /// Stop every call to AWS that is on its way.
    StopAsking,
    /// See what this computer has: `Local`.
    LookLocally(Look),
    /// The same, and nothing else until it is seen: `Local`, unless that takes too long, then `LookedAround`.
    LookAndConnect {
        /// What to look at.
        look: Look,
        /// A key file to make the user's alone before that.
        mends: Option<PathBuf>,
        /// What to connect to.
        request: Box<ConnectRequest>,
    },
    /// Lend the terminal to a session: `SessionEnded`, or `WayRefused`.
    Connect {
        /// What connecting does.
        plan: Box<Plan>,
    },
    /// Ask AWS for everything about an instance: `Told`, and `Examined` at the end.
    Examine {
        /// Which asking it is.
        number: u64,
        /// As it is known.
        instance: Box<Instance>,
        /// Whether nothing counts that was told before.
        anew: bool,
    },
    /// Read what a fix needs to know before it is shown: `FixPrepared`.
    PrepareFix(Box<Fix>),
    /// Test the ways into an instance that was examined: `Examined`.
    TestWays {
        /// Which asking it is.
        number: u64,
        /// As it is known.
        instance: Box<Instance>,
        /// The tests.
        probes: Vec<Probe>,
        /// When the oldest was told of what is known.
        told: Option<Timestamp>,
        /// Who logs in to it.
        login: Login,
    },
    /// Carry a fix out: `Mend` for each thing that happens.
    Mend {
        /// Which the answers are about.
        number: u64,
        /// What, and how the check is asked again.
        order: Box<MendOrder>,
    },
    /// Ask a page for this computer's address: `AddressFound`.
    FindAddress {
        /// The page.
        service: AddressService,
    },
    /// Take a fix back: `Mend` says how it went.
    TakeBack {
        /// Which the answer is about.
        number: u64,
        /// Its number in the journal.
        record: u32,
        /// Where it was made.
        place: Place,
    },
    /// See whether an earlier run has left fixes behind: `Remark`, or nothing.
    LookForOrphans,
    /// Ask AWS for the host keys of an instance of which others are kept: `HostKeysTold`.
    AskHostKeys(Box<Instance>),
    /// Keep what was told of the host keys of an instance in place of the others: `Remark`, or `Failed`.
    TakeHostKeys(InstanceId),
    /// Start this program once more beside the dashboard, once for each call: `Failed`, or nothing.
    OpenPanes {
        /// Where.
        host: Host,
        /// Its arguments.
        calls: Vec<Vec<OsString>>,
        /// How several stand to each other.
        manner: Manner,
    },
    /// Run a command on many instances: `Command` for each thing that happens, then `CommandEnded`.
    RunCommand {
        /// Which run the answers belong to.
        number: u64,
        /// What, and where.
        order: Box<Order>,
    },
    /// Cancel the command that runs, in the account.
    StopCommand,
    /// Ask whether the hosts of these instances have disks of their own: `Hosts`.
    LookAtHosts {
        /// The instances.
        targets: Vec<Arc<Instance>>,
    },
    /// Start, stop or reboot instances: `Power` for each thing that happens, then `PowerEnded`.
    ChangePower {
        /// Which run the answers belong to.
        number: u64,
        /// What, and where.
        order: Box<PowerOrder>,
    },
    /// Wait until a way into an instance that was just started takes us: `WayAwaited` for each look, then `WayOpen`.
    AwaitWay {
        /// Which run started it.
        number: u64,
        /// The instance, as it was listed.
        instance: Box<Instance>,
        /// How to get in.
        planner: Box<Planner>,
    },
    /// Wait for no way any longer.
    StopAwaitingWay,
    /// Ask for a session that is denied, or find the request that was made: `Access` for each thing that happens.
    AskForAccess {
        /// Which asking the answers belong to.
        number: u64,
        /// The instance.
        instance: Box<Instance>,
        /// Why; without a reason the request is waited for that was made before.
        reason: Option<AccessReason>,
    },
    /// Wait for no decision any longer; the request stands.
    StopAwaitingAccess,
    /// Run a command of the user's own: `OwnEnded` for each instance.
    RunOwn {
        /// What, and for whom.
        order: Box<OwnOrder>,
    },
    /// Open a tunnel: `Tunnel` for each thing that happens, the last one says that it is over.
    OpenTunnel {
        /// Which tunnel the answers are about.
        number: u64,
        /// Where, and what for.
        order: Box<TunnelOrder>,
    },
    /// End a tunnel in good order.
    EndTunnel {
        /// Which.
        number: u64,
    },
    /// Draw in the colours of this theme from now on: one that is built in, or a file of the user's.
    UseTheme(String),
    /// Put a text on the clipboard, by way of the terminal.
    Copy {
        /// The text, without control characters but ends of lines.
        text: String,
    },
    /// Write a text to a new file that only the user can read: `Written` says how it went.
    Write {
        /// Where, as typed: `~` is the home.
        path: String,
        /// The text.
        text: String,
    },
    /// See what the other ec2dash processes of this user hold open: `Running`.
    ListRunning,
    /// Ask the process to end that holds this open: `Running`.
    EndRunning(Running),
    /// Open a link in a browser: `Unopened`, if that fails.
    OpenLink {
        /// The link.
        link: String,
    },
    /// See which places of SSO sessions these patterns fit: `SessionPlaces` as they are found, `PlacesFound` at the end.
    FindPlaces {
        /// The patterns.
        patterns: Vec<String>,
    },
    /// Sign in: `SignIn` for each thing that happens.
    SignIn {
        /// Which sign-in the answers belong to.
        number: u64,
        /// What to.
        to: SignInTo,
    },
    /// Give the sign-in up.
    CancelSignIn,
    /// The code of an MFA device, for the next call that shows one of it.
    GiveCode {
        /// The device.
        device: MfaDevice,
        /// What it shows.
        code: MfaCode,
    },
    /// Start the browser with the page that a sign-in waits at.
    OpenSignInPage {
        /// Which.
        number: u64,
    },
    /// Keep a choice for the next start.
    Remember(Remembered),
    /// Stop this program until the shell wakes it.
    Suspend,
    /// Take the colours and marks of the settings as they are now.
    TakeLooks,
    /// Ask the terminal to tell of the mouse, or no longer.
    UseMouse(bool),
    /// Draw every cell again.
    Redraw,
    /// End the dashboard.
    Quit,
    /// End the dashboard, and show the demo in its place.
    SeeDemo,
}

/// What is kept for the next start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// The region chosen for a profile that has none.
    Region {
        /// The profile.
        profile: Option<ProfileName>,
        /// The region.
        region: Region,
    },
    /// Programs that may give credentials from now on.
    Programs(Vec<CredentialProgram>),
    /// An instance is a favourite from now on, or none any more.
    Favourite {
        /// Which.
        id: InstanceId,
        /// Where it is; `None`: it is none any more.
        favourite: Option<Favourite>,
    },
    /// The columns of the table by their names; `None`: those of the settings.
    Columns(Option<Vec<String>>),
    /// The card of the first start was seen.
    FirstRun,
    /// A filter that was typed.
    Filter(String),
    /// What AWS has told of a place, for the next start to begin with.
    Rows {
        /// The place.
        place: Place,
        /// All its rows.
        rows: Vec<Arc<Instance>>,
        /// When they were told.
        told: Timestamp,
    },
    /// What was chosen in the palette.
    Recent(String),
    /// An SSO session that was signed in to by its start URL.
    Session {
        /// Its name.
        name: String,
        /// Its start URL.
        start_url: String,
        /// Where its services are.
        region: Region,
    },
}
