//! `DryRun`: EC2 says whether it would do it, and does nothing.

use crate::query::Parameters;
use crate::refusal::Refusal;

/// Ends a call that is only to say whether it would be done: to be asked after all that could be wrong with it.
pub(super) fn refuse_dry(parameters: &Parameters) -> Result<(), Refusal> {
    if parameters.flag("DryRun") {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Refusal::new(412, "DryRunOperation", message));
    }
    Ok(())
}
