//! What a task answers.

use crate::aws::{self, Cloud, Profile};
use crate::model::{Generation, Identity, Place, Region};
use crate::tui::message::{Message, Opened};

/// What a task answers.
pub enum Answer {
    /// Nothing that needs a translation.
    Message(Message),
    /// Credentials are ready, or not.
    Opened(Generation, Result<(Cloud, Opened), aws::Error>),
    /// Who AWS says we are.
    Identified(Generation, Result<Identity, aws::Error>),
    /// Enabled regions.
    Regions(Generation, Result<Vec<Region>, aws::Error>),
    /// A survey came to its end.
    Surveyed(Generation, Place, Result<(), aws::Error>),
    /// The profiles of the files.
    Profiles(Result<Vec<Profile>, aws::Error>),
}
