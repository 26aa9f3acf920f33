//! The serial console of an instance: whether there is one, and letting a key into it.

use aws_sdk_ec2::types::{InstanceType, InstanceTypeHypervisor};

use super::call::{self, Call};
use super::{Cloud, Error, failure};
use crate::model::{Fact, Instance, InstanceId, Region, Serial, SerialSwitch, Untrusted, has_serial_console};

impl Cloud {
    /// The switch of the account in the region, and whether instances of this type have a serial console.
    pub async fn serial_of(&self, region: &Region, instance: &Instance) -> Serial {
        let of_type = async {
            match &instance.instance_type {
                Some(name) => self.has_serial_console(region, name).await,
                None => Fact::Known(None),
            }
        };
        let (switch, of_type) = tokio::join!(self.serial_switch(region), of_type);
        Serial { switch, of_type }
    }

    async fn serial_switch(&self, region: &Region) -> Fact<SerialSwitch> {
        match self.asked_serial_switch(region).await {
            Ok(switch) => Fact::Known(switch),
            Err(error) => Fact::Hidden(failure::denial(error, call::GET_SERIAL_CONSOLE_ACCESS_STATUS.action)),
        }
    }

    /// The switch, as EC2 tells it now.
    pub(super) async fn asked_serial_switch(&self, region: &Region) -> Result<SerialSwitch, Error> {
        const CALL: Call = call::GET_SERIAL_CONSOLE_ACCESS_STATUS;
        let told = self.ask(region, CALL, |clients| clients.ec2.get_serial_console_access_status().send()).await?;
        let is_by_policy = told.managed_by.is_some_and(|by| by.as_str() == "declarative-policy");
        Ok(match told.serial_console_access_enabled {
            Some(true) => SerialSwitch::On,
            _ if is_by_policy => SerialSwitch::OffByPolicy,
            _ => SerialSwitch::Off,
        })
    }

    async fn has_serial_console(&self, region: &Region, name: &Untrusted) -> Fact<Option<bool>> {
        const CALL: Call = call::DESCRIBE_INSTANCE_TYPES;
        let asked = self.ask(region, CALL, |clients| {
            clients.ec2.describe_instance_types().instance_types(InstanceType::from(name.raw())).send()
        });
        match asked.await {
            Ok(told) => {
                let own = told.instance_types.unwrap_or_default().into_iter().next();
                Fact::Known(own.map(|own| {
                    let is_nitro = own.hypervisor == Some(InstanceTypeHypervisor::Nitro);
                    has_serial_console(name.raw(), is_nitro, own.bare_metal.unwrap_or_default())
                }))
            }
            Err(error) => Fact::Hidden(failure::denial(error, CALL.action)),
        }
    }

    /// Let the owner of this public key into the serial console of an instance, once, within the next sixty seconds. This begins the
    /// session.
    pub async fn push_serial_key(&self, region: &Region, id: &InstanceId, public_key: &str) -> Result<(), Error> {
        const CALL: Call = call::SEND_SERIAL_CONSOLE_SSH_PUBLIC_KEY;
        let asked = self.ask(region, CALL, |clients| {
            clients.eic.send_serial_console_ssh_public_key().instance_id(id.as_str()).ssh_public_key(public_key).send()
        });
        match asked.await?.success {
            true => Ok(()),
            false => {
                let message = "AWS took the key and says that it did not place it".into();
                Err(Error::Service { action: CALL.action, aws_code: "NotPlaced".into(), message })
            }
        }
    }
}
