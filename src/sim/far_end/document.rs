//! Session documents: what kind of session a name asks for.

use std::time::Duration;

use crate::sim::asking::Asking;
use crate::sim::json::Arguments;
use crate::sim::refusal::Refusal;

/// Of `SSM-SessionManagerRunShell`, when the account never changed it.
const USUAL_IDLE: Duration = Duration::from_secs(20 * 60);

/// What a session is to be.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) session_type: &'static str,
    pub(super) idle: Duration,
    pub(super) longest: Option<Duration>,
}

/// The document a call names, with its parameters filled in.
pub(super) fn chosen(_asking: &Asking<'_>, arguments: &Arguments) -> Result<Document, Refusal> {
    match arguments.text("DocumentName") {
        None => Ok(Document {
            name: "SSM-SessionManagerRunShell".to_owned(),
            session_type: "Standard_Stream",
            idle: USUAL_IDLE,
            longest: None,
        }),
        Some(name) => Err(Refusal::new(400, "InvalidDocument", format!("Document with name {name} does not exist."))),
    }
}
