//! What is told of single files while they are copied.

use std::path::PathBuf;

use super::Trouble;
use crate::model::Untrusted;

/// An end of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where it comes from.
    From,
    /// Where it goes to.
    To,
}

/// What failed, and at which end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The end.
    pub side: Side,
    /// What.
    pub trouble: Trouble,
}

impl Side {
    /// For `map_err`: at this end.
    pub fn fault(self, trouble: Trouble) -> Fault {
        Fault { side: self, trouble }
    }
}

/// Something about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// At which end.
    pub side: Side,
    /// Which, as it is called there.
    pub path: PathBuf,
    /// What.
    pub what: What,
}

/// What is told of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was not copied.
    Failed(Trouble),
    /// It is a pipe, a socket or a device, and left out.
    Special,
    /// It has holes: so many of its bytes are written down.
    Sparse {
        /// Bytes where it lies.
        taken: u64,
        /// Bytes of it.
        size: u64,
    },
    /// It is a link that leads out of what is copied; it was made, and nobody follows it.
    LeadsOut(Untrusted),
    /// It goes on at this byte.
    Resumed(u64),
    /// It would be copied.
    WouldCopy,
    /// It would be removed.
    WouldRemove,
    /// So many things in it are removed now: the source lacks them.
    Removes(usize),
    /// So many things in it are not removed, because the source could not be read whole.
    NotRemoved(usize),
}
