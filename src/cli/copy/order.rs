//! What `cp` and `sync` are asked for.

use crate::cli::args::How;
use crate::files::{Mirror, Options, Spot};

/// What was asked for.
pub struct Order<'a> {
    pub sources: &'a [Spot],
    pub destination: &'a Spot,
    pub options: Options,
    pub mirror: Option<Mirror>,
    pub sessions: u8,
    pub how: &'a How,
    pub yes: bool,
}
