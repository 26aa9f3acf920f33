//! A rule of a security group.

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud, Opened};
use crate::model::{GroupOpening, Region};

pub(super) async fn make(cloud: &Cloud, region: &Region, opening: &GroupOpening) -> Result<Made, aws::Error> {
    match cloud.open_group(region, opening).await? {
        Opened::Made(id) => Ok(Made::Done(id)),
        // A call that was answered too late is made once more: what it finds may be its own.
        Opened::WasThere => match look(cloud, region, opening, None).await? {
            Found::AsMade(id) => Ok(Made::Done(id)),
            Found::Nothing | Found::Changed(_) => Ok(Made::WasThere),
        },
    }
}

pub(super) async fn look(
    cloud: &Cloud,
    region: &Region,
    opening: &GroupOpening,
    made: Option<&str>,
) -> Result<Found, aws::Error> {
    let entries = match cloud.entries_of_group(region, &opening.group).await {
        Err(error) if is_code(&error, "InvalidGroup.NotFound") => return Ok(Found::Nothing),
        entries => entries?,
    };
    let own = entries.iter().find(|entry| match made {
        Some(id) => entry.id.raw() == id,
        None => entry.is(opening),
    });
    // One that was made anew is somebody's: it is not ours to take, and to say that nothing lets the address in would be untrue.
    let own = own.or_else(|| made.and_then(|_| entries.iter().find(|entry| entry.lets_the_same(opening))));
    Ok(match own {
        Some(entry) if entry.is(opening) && made.is_none_or(|id| entry.id.raw() == id) => {
            Found::AsMade(Some(entry.id.raw().to_owned()))
        }
        Some(entry) => Found::Changed(format!("{} {}", entry.id.shown_in(40), entry.shown())),
        None => Found::Nothing,
    })
}
