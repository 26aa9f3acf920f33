//! The agent of Session Manager, updated by AWS's own command.

use crate::aws::{Cloud, Error, call, documents};
use crate::model::{Region, ResourceId};

/// Longest that the command lies in wait for the agent, in seconds.
const DELIVERY: i32 = 600;

impl Cloud {
    /// Have the agent of an instance updated. The id of the command, whose end is not waited for. Asked once and never again. `comment`: tells
    /// it from every other, at most 100 characters.
    pub async fn update_agent(&self, region: &Region, instance: &ResourceId, comment: &str) -> Result<Option<String>, Error> {
        let asked = self.ask(region, call::SEND_COMMAND, |clients| {
            let asked = clients.ssm.send_command().document_name(documents::UPDATE_AGENT).instance_ids(instance.as_str());
            asked.comment(comment).timeout_seconds(DELIVERY).customize().config_override(self.once()).send()
        });
        Ok(asked.await?.command.and_then(|command| command.command_id))
    }
}
