//! What the world answers.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::access_run::{AccessOffer, AccessUpdate};
use super::attempt::FailedWay;
use super::connect_request::ConnectRequest;
use super::mend_run::MendUpdate;
use super::own_run::OwnEnd;
use super::sign_in_run::{SignInEnds, SignInUpdate};
use super::trouble::Trouble;
use super::tunnels::TunnelUpdate;
use super::world::ProfileChoice;
use crate::access::{Local, Method};
use crate::config::{Loaded, Recalled};
use crate::connect::Plan;
use crate::fixes::Fix;
use crate::fleet::Update;
use crate::model::{
    Answer, CredentialProgram, Generation, Identity, Instance, InstanceId, Place, ProfileName, Region, Running, Untrusted,
};

/// An answer. One of an older asking changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// The profiles in the user's AWS files.
    Profiles(Result<Vec<ProfileChoice>, Trouble>),
    /// The places that SSO sessions give, all that are known so far.
    SessionPlaces(Vec<ProfileChoice>),
    /// Every session was asked that a pattern could be about.
    PlacesFound {
        /// The patterns.
        patterns: Vec<String>,
        /// What kept a session from telling, by the session's name.
        result: Result<(), (String, Trouble)>,
    },
    /// Credentials are ready to be used.
    Opened {
        /// Which asking this answers.
        generation: Generation,
        /// What was opened.
        result: Result<Opened, Trouble>,
    },
    /// A profile's credentials come from programs that nobody has allowed; nothing was run.
    ProgramsUnasked {
        /// Which asking this answers.
        generation: Generation,
        /// The profile.
        profile: ProfileName,
        /// What would run.
        programs: Vec<CredentialProgram>,
    },
    /// Who AWS says we are.
    Identified {
        /// Which asking this answers.
        generation: Generation,
        /// The caller.
        result: Result<Identity, Trouble>,
    },
    /// A file was written, or not.
    Written {
        /// The file, fit for a screen.
        path: String,
        /// Why it was not, in words fit for a screen.
        result: Result<(), String>,
    },
    /// The regions that there are for the account.
    Regions {
        /// Which asking this answers.
        generation: Generation,
        /// Their names, and whether each is enabled.
        result: Result<Vec<(Region, bool)>, Trouble>,
    },
    /// What an earlier run was told of a place.
    Recalled {
        /// Which asking it came before.
        generation: Generation,
        /// The place.
        place: Place,
        /// What was kept.
        recalled: Recalled,
    },
    /// Something is as it should not be and hinders nobody; the sentence says what.
    Remark(String),
    /// What AWS answered about a place, unchanged.
    Answered {
        /// Which asking this answers.
        generation: Generation,
        /// The place.
        place: Place,
        /// The answer.
        answer: Answer,
    },
    /// A place was asked to the end, or could not be.
    Surveyed {
        /// Which asking this answers.
        generation: Generation,
        /// The place.
        place: Place,
        /// Whether the list of instances is whole.
        result: Result<(), Trouble>,
    },
    /// What this computer has.
    Local {
        /// Which look this answers.
        generation: Generation,
        /// What was seen.
        local: Local,
    },
    /// This computer was looked at for a connection, or would not be seen in time.
    LookedAround(Box<ConnectRequest>),
    /// A session is over, or never began.
    SessionEnded {
        /// The instance.
        id: InstanceId,
        /// Its name and id, fit for a screen.
        shown: String,
        /// What went wrong, if something did.
        failed: Option<FailedWay>,
        /// How it ended.
        result: Result<SessionSummary, Trouble>,
    },
    /// More was told of an instance about which everything is asked.
    Told {
        /// Which asking it is.
        number: u64,
        /// With what was told.
        instance: Box<Instance>,
    },
    /// Everything about an instance that was asked for; `None`: nobody is signed in.
    Examined {
        /// Which asking it was.
        number: u64,
        /// With all that was told, and when the oldest of it was.
        told: Option<(Box<Instance>, Timestamp)>,
    },
    /// What AWS tells of the host keys of an instance, of which others are kept.
    HostKeysTold {
        /// The instance.
        id: InstanceId,
        /// Its name and id, fit for a screen.
        shown: String,
        /// Both, a sentence each; or why there is nothing to take.
        result: Result<Vec<String>, Vec<String>>,
    },
    /// No way into an instance that was just started takes us yet.
    WayAwaited {
        /// Which run started it.
        number: u64,
        /// How far it is, in a sentence.
        said: String,
    },
    /// A way into an instance that was just started takes us now, or none will.
    WayOpen {
        /// Which run started it.
        number: u64,
        /// The instance.
        id: InstanceId,
        /// How to get in.
        result: Result<Box<Plan>, Trouble>,
    },
    /// AWS or the agent does not let us in by this way.
    WayRefused {
        /// The instance.
        id: InstanceId,
        /// The way that was tried.
        method: Method,
        /// What was said, in one line.
        said: String,
        /// All of it.
        trouble: Trouble,
        /// That it may be asked for, if it may.
        offer: Option<AccessOffer>,
    },
    /// Something happened to a session that is asked for.
    Access {
        /// Which asking this answers.
        number: u64,
        /// What.
        update: AccessUpdate,
    },
    /// Something happened to a command on many instances.
    Command {
        /// Which run it is about.
        number: u64,
        /// What happened.
        update: Update,
    },
    /// Nothing more comes from a command.
    CommandEnded {
        /// Which run it was.
        number: u64,
    },
    /// Whether hosts of these instance types have disks of their own, as far as AWS tells.
    Hosts(Vec<(Untrusted, Option<bool>)>),
    /// Something happened to an instance that is started, stopped or rebooted.
    Power {
        /// Which run it is about.
        number: u64,
        /// What happened.
        update: crate::power::Update,
    },
    /// This computer's address as a page sees it, or why it is not known, in a sentence.
    AddressFound(Result<IpAddr, String>),
    /// A fix as it would be carried out now, or why that is not known.
    FixPrepared(Result<Box<Fix>, String>),
    /// Something happened to a fix.
    Mend {
        /// Which it is about.
        number: u64,
        /// What happened.
        update: MendUpdate,
    },
    /// Nothing more comes from a start, a stop or a reboot.
    PowerEnded {
        /// Which run it was.
        number: u64,
    },
    /// A command of the user's own is over for one instance.
    OwnEnded(OwnEnd),
    /// Something happened to a tunnel.
    Tunnel {
        /// Which tunnel it is about.
        number: u64,
        /// What happened.
        update: TunnelUpdate,
    },
    /// The settings file was changed: what it says now, or what is wrong with it.
    Settings(Result<Box<Loaded>, Vec<String>>),
    /// What the other ec2dash processes of this user hold open.
    Running(Vec<Running>),
    /// Something happened to a sign-in.
    SignIn {
        /// Which one.
        number: u64,
        /// What happened.
        update: SignInUpdate,
    },
    /// How long the sign-in holds that the credentials begin with; `None`: there is none, or it is renewed by itself.
    SignInStands(Option<SignInEnds>),
    /// Somebody signed in with another program.
    SignedInElsewhere,
    /// A link could not be opened.
    Unopened {
        /// The link.
        link: String,
        /// Why, in a sentence.
        why: String,
    },
    /// Something could not be done; the sentence says what and why.
    Failed(String),
}

/// A profile that is ready to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The profile, if the credentials come from one.
    pub profile: Option<ProfileName>,
    /// The region of the flags, the environment, the profile or the last visit.
    pub region: Option<Region>,
    /// The endpoint that takes the place of AWS's own, if there is one.
    pub endpoint: Option<String>,
    /// Whether the environment brings credentials that need no profile.
    pub needs_no_profile: bool,
}

/// What there is to say of a session that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSummary {
    /// The code that a command line would exit with.
    pub code: u8,
    /// How it ended, where no code comes back: a sentence without its name.
    pub way: Option<String>,
    /// How long it lasted.
    pub lasted: Duration,
    /// What probably went wrong, why, and what to do, a sentence each; empty if that cannot be told.
    pub diagnosis: Vec<String>,
    /// Whether the host showed another key than the one that is kept.
    pub has_other_host_key: bool,
}
