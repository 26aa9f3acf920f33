//! The sign-in that the runtime carries out, and the one that it watches for.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::aws::{SignInFile, SignInStamp};
use crate::model::Region;

/// The sign-in under way, and the one that is waited for.
#[derive(Debug, Default)]
pub struct SigningIn {
    pub task: Option<(u64, AbortHandle, Waiting)>,
    /// The file of a sign-in that had ended, and what it was like then.
    pub ended: Option<(SignInFile, SignInStamp)>,
}

/// What somebody has signed in to.
#[derive(Debug)]
pub struct SignedIn {
    /// Whose accounts and roles it gives, as they are kept.
    pub mark: String,
    /// Name, start URL and region of a company that no file names.
    pub unnamed: Option<(String, String, Region)>,
}

/// A link that is to be opened, and who waits for whether it was.
pub type Waiting = Arc<Mutex<Option<(String, oneshot::Sender<bool>)>>>;
