//! What a session is started with.

use std::time::Duration;

use crate::aws::SessionRequest;
use crate::model::Region;
use ec2dash_ssm::{Expected, Pace, Size};

/// What a session is started with.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// Where the instance is.
    pub region: Region,
    /// What to ask of AWS.
    pub request: SessionRequest,
    /// Which kind of session may come of it.
    pub expected: Expected,
    /// The size of our terminal, for sessions that have one.
    pub size: Option<Size>,
    /// How long to try for another connection when one breaks.
    pub reconnect: Duration,
    /// How fast to send; the acknowledgement window bounds it anyway.
    pub pace: Pace,
    /// Close a connection through the port that nobody here reads for so long while it holds up others.
    pub stalled_after: Option<Duration>,
}

impl SessionOptions {
    /// For what needs our terminal: a shell, or a command on one.
    pub fn on_terminal(region: Region, request: SessionRequest) -> Self {
        Self::new(region, request, Expected::Terminal)
    }

    /// The usual numbers.
    pub fn new(region: Region, request: SessionRequest, expected: Expected) -> Self {
        Self {
            region,
            request,
            expected,
            size: None,
            reconnect: Duration::from_secs(600),
            pace: Pace::Free,
            stalled_after: Some(Duration::from_secs(10)),
        }
    }
}
