//! Just-in-time node access: asking for a session, what was decided, and the credentials that come of it.

mod desk;
mod ledger;

pub(super) use desk::{answer, knows};
pub(super) use ledger::{AccessRequests, Status};
