//! Whose things are asked for, and whose one is.

use aws_sdk_ec2::types::Filter;

use crate::aws::calls::filter;
use crate::model::Untrusted;

/// Whose things are asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::aws) enum Scope<'a> {
    /// Those of every VPC of the region.
    Region,
    /// Those of these VPCs, as many as one filter takes.
    Vpcs(&'a [Untrusted]),
}

impl Scope<'_> {
    /// For a filter of this name.
    pub(super) fn filters(self, name: &str) -> Option<Vec<Filter>> {
        match self {
            Self::Region => None,
            Self::Vpcs(vpcs) => Some(vec![filter(name, vpcs.iter().map(Untrusted::raw))]),
        }
    }
}

/// Something of a VPC.
#[derive(Debug, Clone)]
pub(in crate::aws) struct OfVpc<T> {
    pub(super) vpc: Untrusted,
    /// The account that it is of, where that tells whose the VPC is.
    pub(super) owner: Option<Untrusted>,
    pub(super) own: T,
}
