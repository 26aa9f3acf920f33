//! The calls that mend what the doctor finds, and those that look at what they changed.

mod acls;
mod addresses;
mod agents;
mod connect_endpoints;
mod groups;
mod metadata;
mod names;
mod own_groups;
mod profiles;
mod roles;
mod routes;
mod serial;
mod service_endpoints;

pub use groups::Opened;

use super::Error;

/// What EC2 answers to a call that was only to say whether it would be done.
const WOULD_BE_DONE: &str = "DryRunOperation";

/// The code that AWS gave for a call that it refused, where that is not one of ours.
pub(super) fn is_refused_as(error: &Error, code: &str) -> bool {
    matches!(error, Error::Service { aws_code, .. } if aws_code.raw() == code)
}

/// The answer to a call with `DryRun`: that it would be done is no error.
pub(super) fn dry<T>(answer: Result<T, Error>) -> Result<(), Error> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) if is_refused_as(&error, WOULD_BE_DONE) => Ok(()),
        Err(error) => Err(error),
    }
}
