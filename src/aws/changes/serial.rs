//! The switch of an account for serial consoles, in one region.

use super::dry;
use crate::aws::{Cloud, Error, call};
use crate::model::{Region, SerialSwitch};

impl Cloud {
    /// Turn it on.
    pub async fn enable_serial_console(&self, region: &Region) -> Result<(), Error> {
        self.switch_serial_console_on(region, false).await
    }

    /// Whether the caller may turn it on, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_enable_serial_console(&self, region: &Region) -> Result<(), Error> {
        dry(self.switch_serial_console_on(region, true).await)
    }

    async fn switch_serial_console_on(&self, region: &Region, is_dry: bool) -> Result<(), Error> {
        let asked = self.ask(region, call::ENABLE_SERIAL_CONSOLE_ACCESS, |clients| {
            clients.ec2.enable_serial_console_access().dry_run(is_dry).send()
        });
        asked.await.map(drop)
    }

    /// Turn it off.
    pub async fn disable_serial_console(&self, region: &Region) -> Result<(), Error> {
        let asked =
            self.ask(region, call::DISABLE_SERIAL_CONSOLE_ACCESS, |clients| clients.ec2.disable_serial_console_access().send());
        asked.await.map(drop)
    }

    /// Whether it is on.
    pub async fn is_serial_console_on(&self, region: &Region) -> Result<bool, Error> {
        Ok(self.asked_serial_switch(region).await? == SerialSwitch::On)
    }
}
