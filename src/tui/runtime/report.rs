//! What a task reports to the runtime.

use super::settings_file::Stamp;
use super::sign_in_task::SignedIn;
use crate::aws::{self, Cloud, Profile, SignInFile};
use crate::config::{Loaded, Problems};
use crate::connect::NewHostKeys;
use crate::model::{Generation, Identity, InstanceId, Place, Region};
use crate::tui::message::{Message, Opened};

/// What a task reports: a message as it is, or what the runtime has to keep or put into words first.
pub enum Report {
    /// Nothing that needs a translation.
    Message(Message),
    /// Credentials are ready, or not.
    Opened(Generation, Result<(Cloud, Opened), aws::Error>),
    /// Who AWS says we are.
    Identified(Generation, Result<Identity, aws::Error>),
    /// Enabled regions.
    Regions(Generation, Result<Vec<(Region, bool)>, aws::Error>),
    /// A session that was asked for is granted.
    AccessGranted(u64, InstanceId, Cloud),
    /// What AWS tells of the host keys of an instance, with its name and id; or why there is nothing to take.
    HostKeysTold(InstanceId, String, Result<NewHostKeys, Vec<String>>),
    /// Every session was asked that these patterns could be about, or one failed, by its name.
    PlacesFound(Vec<String>, Result<(), (String, aws::Error, Option<SignInFile>)>),
    /// A sign-in came to its end.
    SignedIn(u64, Result<SignedIn, aws::Error>),
    /// A survey came to its end.
    Surveyed(Generation, Place, Result<(), aws::Error>),
    /// The settings file was changed, and read again.
    Settings(Stamp, Result<Box<Loaded>, Problems>),
    /// The profiles of the files.
    Profiles(Result<Vec<Profile>, aws::Error>),
}
