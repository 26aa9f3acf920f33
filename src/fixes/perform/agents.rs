//! An agent that is updated.

use jiff::{Timestamp, ToSpan as _};

use super::outcome::Found;
use crate::aws::{self, Cloud};
use crate::model::Region;

/// Whether the command was sent, found by its comment.
pub(super) async fn look(cloud: &Cloud, region: &Region, comment: &str) -> Result<Found, aws::Error> {
    let since = Timestamp::now().checked_sub(1.hour()).unwrap_or(Timestamp::UNIX_EPOCH);
    let found = cloud.find_command(region, comment, since).await?;
    Ok(found.map_or(Found::Nothing, |id| Found::AsMade(Some(id.as_str().to_owned()))))
}
