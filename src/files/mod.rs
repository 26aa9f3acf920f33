//! Files between this computer and instances: where they are, how they are copied, and what keeps them from being.
//!
//! Both ends are a [`Store`], so that one engine copies in every direction. Of what a server tells nothing leaves the folder that is copied
//! into, and no link is followed on the way.

pub mod archive;
mod arrange;
mod compare;
mod copier;
mod event;
mod facts;
mod likeness;
mod meter;
mod mirror;
mod name;
mod options;
mod part;
mod parts;
mod pieces;
mod rate;
pub mod sftp;
pub mod shell;
mod small;
mod spot;
mod store;
mod stream;
mod trouble;
mod under_new_name;
mod windows;

pub use arrange::{Destination, Target, has_hidden_name, marked_target, own_name, target};
pub use copier::Copier;
pub use event::{Event, Fault, Side, What};
pub use facts::{Facts, Kind};
pub use meter::{Meter, Tally};
pub use mirror::{Extra, Mirror};
pub use name::shown;
pub use options::Options;
pub use part::{is_mark, mark};
pub use parts::Parts;
pub use rate::{Pace, Rate};
pub use spot::Spot;
pub use store::{Sessions, Store};
pub use trouble::Trouble;

#[cfg(test)]
mod tests;
