//! What is in the way of a tunnel behind its instance, as far as the rows tell (PFWD).

use std::net::IpAddr;
use std::sync::Arc;

use super::world::World;
use crate::access::{Forward, Method, Reason, Verdict, forwarded};
use crate::model::{Destination, Instance};
use crate::session::tunnel::Led;

impl World {
    /// What is said of leading there by a way in, worst first, and whether something is surely in the way.
    pub fn forwarded(&self, instance: &Instance, led: &Led, by: Option<Method>) -> (Verdict, Vec<Reason>) {
        let Led::Forward(to) = led else { return (Verdict::Likely, Vec::new()) };
        let forward = Forward { to: to.clone(), at: self.neighbour(instance, to), taken: None };
        forwarded(instance, forward, by, self.now)
    }

    /// The row of the same VPC that has the address of the host, if one has.
    fn neighbour(&self, instance: &Instance, to: &Destination) -> Option<Arc<Instance>> {
        let Destination::Behind { host, .. } = to else { return None };
        let address: IpAddr = host.as_str().parse().ok()?;
        let is_there =
            |row: &&Arc<Instance>| row.id != instance.id && row.vpc == instance.vpc && row.addresses().any(|own| own == address);
        self.inventory.rows().iter().find(is_there).filter(|_| instance.vpc.is_some()).cloned()
    }
}
