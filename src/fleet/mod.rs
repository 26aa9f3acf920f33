//! One command on many instances, through SSM Run Command.

mod ending;
mod order;
mod progress;
mod runner;
mod script;
mod update;
mod wave;
mod windows_line;

pub use crate::aws::{CommandId, Error};
pub use crate::model::CommandText;
pub use ending::{CommandEnd, Outcome};
pub use order::{Order, Unsent, unsent};
pub use progress::{Progress, Row, Stage, Summary};
pub use runner::run;
pub use script::script;
pub use update::Update;
pub use windows_line::{NotForWindows, windows_line};
