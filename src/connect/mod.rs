//! From "I want in" to a session.

mod plan;

pub use plan::{
    Argument, Blank, Choice, Extras, Feature, Plan, Refusal, Step, UnknownSshOption, may_try, plan, split_ssh_arguments,
};
