//! What a session of Session Manager is to carry to a port, as the rules look at it.

use std::sync::Arc;

use crate::model::{Destination, Instance};

/// What is to be forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Where it leads.
    pub to: Destination,
    /// The instance that has this address, where one was found.
    pub at: Option<Arc<Instance>>,
    /// The port of this computer, if somebody has it.
    pub taken: Option<u16>,
}
