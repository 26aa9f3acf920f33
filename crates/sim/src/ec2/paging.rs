//! What EC2 says about pages.

use crate::page::UnknownToken;
use crate::refusal::Refusal;

/// To a token that is not one of ours.
pub(super) fn unknown_token(_: UnknownToken) -> Refusal {
    Refusal::new(400, "InvalidNextToken", "The specified NextToken is corrupted or expired")
}
