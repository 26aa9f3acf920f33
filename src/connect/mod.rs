//! From "I want in" to a way in: the plan, and carrying it out.

mod access;
mod aside;
mod comeback;
mod connect_event;
mod described;
mod desktop;
mod diagnosis;
mod ended;
mod ending;
mod error;
mod host_check;
mod loss;
mod new_host_keys;
mod open_key;
mod own_error;
mod password;
mod plan;
mod pusher;
mod run;
mod serial;
mod shell_start;
mod ssh_settings;
mod start;
mod trust;
mod words;

pub use access::{AccessEnd, access_decided, ask_for_access};
pub use connect_event::{ConnectEvent, LossNews};
pub use desktop::{DesktopAnswer, desktop_answer};
pub use diagnosis::{Diagnosis, NotIn, diagnose, diagnose_own};
pub use ended::Ended;
pub use ending::why_over;
pub use error::Error;
pub use host_check::HostKeyNews;
pub use new_host_keys::{NewHostKeys, NoNewHostKeys};
pub use own_error::OwnError;
pub use password::{NoPassword, Password, SealedPassword, sealed_password};
pub use plan::{
    Argument, Blank, BlockKey, Choice, Destination, Extras, Feature, HostBlock, OwnProgram, Plan, Planner, Refusal, Route,
    SerialConsole, SshLogin, SshPlace, SshProgram, Step, TargetsAmong, UnknownSshOption, end_of_options, jump_among, may_enter,
    may_try, plan_after, split_ssh_arguments,
};
pub(in crate::connect) use plan::{is_without_shell, option_value};
pub use pusher::Pusher;
pub use run::{Surroundings, run, run_carrying, run_recorded};
pub use start::{LONGEST_SILENCE, PAUSE, is_worth_waiting_for, plan_when_up, start, until_it_answers};
pub use trust::{Silence, ToldKeys, Untold, told_keys};
pub use words::Story;
