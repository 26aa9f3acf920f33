//! A session that the user asks for.

use crate::access::{Login, Method};
use crate::model::InstanceId;

/// A session asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectRequest {
    /// The instance.
    pub id: InstanceId,
    /// The way in; `None` takes the best.
    pub method: Option<Method>,
    /// The login name; `None` takes the one of rules and facts.
    pub user: Option<Login>,
    /// Whether to try it although something is in the way.
    pub is_tried_anyway: bool,
    /// Whether the question of a dangerous account was answered.
    pub is_confirmed: bool,
}

impl ConnectRequest {
    /// The best way into an instance.
    pub fn best(id: InstanceId) -> Self {
        Self { id, method: None, user: None, is_tried_anyway: false, is_confirmed: false }
    }
}
