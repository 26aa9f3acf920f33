//! From "I want in" to a session.

mod diagnosis;
mod local;
mod plan;

pub use diagnosis::{Diagnosis, diagnose};
pub use local::look_around;
pub use plan::{
    Argument, Blank, Choice, Extras, Feature, Plan, Refusal, Step, UnknownSshOption, may_try, plan, split_ssh_arguments,
};
