//! The program's entry: hands over to the command line, for the demo in an environment of its own.

use std::process::ExitCode;

use ec2dash::cli::{self, Demo, Exit};

/// Rows are made on one thread and dropped on another, page by page: with glibc's allocator a dashboard of 50,000 rows grew from 290 MiB to
/// 690 in five refreshes, with this one it stays below 230 (`benches/dashboard.py`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forbid_core_dumps();
    run().unwrap_or_else(|exit| exit).into()
}

fn run() -> Result<Exit, Exit> {
    if let Some(exit) = cli::answer_ssh(std::env::args_os().skip(1)) {
        return Ok(exit);
    }
    let environment = cli::environment();
    let text = cli::catalogue(std::env::args_os(), &environment);
    if let Some(exit) = cli::be_ssh(std::env::args_os().skip(1), &text) {
        return Ok(exit);
    }
    if let Some(exit) = cli::answer_pane(std::env::args_os().skip(1), &text) {
        return Ok(exit);
    }
    if let Some(exit) = cli::answer_shell(std::env::args_os(), &text) {
        return Ok(exit);
    }
    let arguments = cli::parse(std::env::args_os(), &environment, &text)?;
    if !arguments.global.demo {
        return Ok(cli::run(arguments, environment, None, &text));
    }
    let demo = Demo::prepare().map_err(|error| cli::refuse_demo(&error, &text))?;
    move_into(&demo, &environment).map_err(|error| cli::refuse_demo(&error, &text))?;
    // Read again: what the user's variables said is none of the demo's business.
    let environment = cli::environment();
    let arguments = cli::parse(std::env::args_os(), &environment, &text)?;
    Ok(cli::run(arguments, environment, Some(demo), &text))
}

/// Put the demo's variables in place of the user's, for the AWS SDK and for every program we start.
#[expect(unsafe_code, reason = "the SDK's credential chain and ssh read the environment of the process and nothing else")]
fn move_into(demo: &Demo, environment: &ec2dash::config::Environment) -> Result<(), cli::DemoError> {
    for name in Demo::removed(environment) {
        // SAFETY: this is the only thread: nothing that starts one (tokio, the demo's cloud) has run yet.
        unsafe { std::env::remove_var(name) };
    }
    for (name, value) in demo.variables()? {
        // SAFETY: as above.
        unsafe { std::env::set_var(name, value) };
    }
    Ok(())
}

/// A core dump would hold credentials and keys.
fn forbid_core_dumps() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Where the system does not let us, there is nothing else to do.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}
