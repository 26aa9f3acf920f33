//! The account's switch for serial consoles.

use super::outcome::Made;
use crate::aws::{self, Cloud};
use crate::model::Region;

pub(super) async fn make(cloud: &Cloud, region: &Region) -> Result<Made, aws::Error> {
    if cloud.is_serial_console_on(region).await? {
        return Ok(Made::WasThere);
    }
    cloud.enable_serial_console(region).await?;
    Ok(Made::Done(None))
}
