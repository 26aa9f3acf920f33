//! What is known of a VPC besides its instances, shared by all of them.

use std::collections::BTreeMap;

use super::{Endpoint, Fact, GroupRules, Untrusted};

/// A VPC as far as ways in ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Its EC2 Instance Connect Endpoints, in the order in which AWS tells them.
    pub endpoints: Vec<Endpoint>,
    /// What its security groups let through, by their ids. Not asked for where there is no endpoint.
    pub groups: Fact<BTreeMap<Untrusted, GroupRules>>,
}
