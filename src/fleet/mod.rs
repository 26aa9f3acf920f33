//! One command on many instances, through SSM Run Command.

mod order;
mod progress;
mod runner;
mod script;
mod wave;

pub use crate::aws::{CommandId, CommandText, Error};
pub use order::{Order, Unsent, unsent};
pub use progress::{Ending, Outcome, Progress, Row, Stage, Summary};
pub use runner::{Update, run};
pub use script::script;
