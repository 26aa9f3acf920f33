//! Why a sign-in gives no credentials.

use std::sync::Arc;

use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use jiff::Timestamp;

use super::oidc::TokenRefusal;

/// Why a sign-in gives no credentials.
#[derive(Debug, Clone, thiserror::Error)]
pub(in crate::aws) enum Loss {
    /// Nobody signed in on this computer.
    #[error("nobody has signed in")]
    Missing,
    /// Its file cannot be read.
    #[error("the file of the sign-in cannot be understood")]
    Damaged,
    /// It is over.
    #[error("the sign-in has ended")]
    Ended {
        /// When, if it is told.
        at: Option<Timestamp>,
    },
    /// Its file says that it holds, and the portal does not take it.
    #[error("the sign-in is no longer taken")]
    Revoked,
    /// It was not renewed, and why is not that it is over.
    #[error("the sign-in could not be renewed")]
    NotRenewed(#[source] Arc<TokenRefusal>),
    /// A renewal gave what is no token.
    #[error("the renewal gave no token")]
    OddAnswer,
    /// The sign-in holds, and this role is not given to it.
    #[error("the role is not assigned")]
    NotAssigned {
        /// The role's name.
        role: String,
        /// Its account.
        account: String,
    },
    /// The portal did not give the credentials.
    #[error("the portal gave no credentials")]
    NotGiven(#[source] Arc<SdkError<GetRoleCredentialsError, HttpResponse>>),
}
