//! The program's entry: hands over to the command line.

use std::process::ExitCode;

use ec2dash::cli;

fn main() -> ExitCode {
    forbid_core_dumps();
    let environment = cli::environment();
    let exit = match cli::parse(std::env::args_os(), &environment) {
        Ok(arguments) => cli::run(arguments, environment),
        Err(exit) => exit,
    };
    exit.into()
}

/// A core dump would hold credentials and keys.
fn forbid_core_dumps() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Where the system does not let us, there is nothing else to do.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}
