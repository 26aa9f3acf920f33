//! Which sessions are to be opened beside the dashboard.

use crate::model::InstanceId;
use crate::multiplexer::Manner;

/// Sessions, one for each instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaneRequest {
    /// The instances.
    pub ids: Vec<InstanceId>,
    /// How they stand to each other.
    pub manner: Manner,
}
