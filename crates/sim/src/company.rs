//! A company whose people sign in at IAM Identity Center: who may take which role in which account.

use super::permissions::Permissions;

/// The company.
#[derive(Clone, Debug)]
pub struct Company {
    /// The name of its SSO session in the AWS files.
    pub name: String,
    /// The region of its IAM Identity Center.
    pub region: String,
    /// Who signs in.
    pub user: String,
    /// The roles that it hands out.
    pub permission_sets: Vec<PermissionSet>,
    /// The accounts, in the order in which the portal tells them.
    pub assignments: Vec<Assignment>,
}

/// A role that is the same in every account.
#[derive(Clone, Debug)]
pub struct PermissionSet {
    /// `ReadOnly`.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
}

/// An account with the roles that may be taken there.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its id.
    pub account: String,
    /// What the company calls it; anybody may have written it.
    pub name: Option<String>,
    /// Who is told about its bills.
    pub email: Option<String>,
    /// Names of permission sets.
    pub roles: Vec<String>,
    /// Whether it is listed although nobody gets in any more.
    pub is_gone: bool,
}
