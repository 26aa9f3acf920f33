//! Whether AWS is reached, takes our credentials and our clock, and lets us list: what is asked about no instance.

use super::call::{self, Call};
use super::clock::Clock;
use super::{Cloud, Error};
use crate::model::{Identity, Region, Untrusted};

/// Rows of a list that only shows whether it may be read: the fewest that both services take.
const FEWEST: i32 = 5;

/// How we stand with AWS.
#[derive(Debug)]
pub struct Standing {
    /// Who asks.
    pub caller: Result<Identity, Error>,
    /// Seconds that our clock is ahead of AWS's, as far as an answer told.
    pub clock_ahead: Option<i64>,
    /// AWS's word for whether the account has the region; `None`: AWS does not name the region.
    pub opt_in: Result<Option<Untrusted>, Error>,
    /// Calls that every list needs, by their actions.
    pub lists: [(&'static str, Result<(), Error>); 2],
}

impl Cloud {
    /// How we stand with AWS in a region, by four calls at once.
    pub async fn standing(&self, region: &Region) -> Standing {
        const EC2: Call = call::DESCRIBE_INSTANCES;
        const SSM: Call = call::DESCRIBE_INSTANCE_INFORMATION;
        let clock = Clock::default();
        let (caller, regions, instances, nodes) = tokio::join!(
            self.identity_by(&clock),
            self.enabled_regions(),
            self.ask(region, EC2, |clients| clients.ec2.describe_instances().max_results(FEWEST).send()),
            self.ask(region, SSM, |clients| clients.ssm.describe_instance_information().max_results(FEWEST).send()),
        );
        let opt_in = regions.map(|all| all.into_iter().find(|own| own.name == *region).map(|own| own.opt_in_status));
        let lists = [(EC2.action, instances.map(drop)), (SSM.action, nodes.map(drop))];
        Standing { caller, clock_ahead: clock.ahead(), opt_in, lists }
    }
}
