//! Opens sessions beside the dashboard: panes that fetch what they run from here.

use std::ffi::OsString;
use std::io;

use crate::model::Untrusted;
use crate::multiplexer::{self, Counter, Handed, Host, Manner};
use crate::ssh::{Places, RunDirectory};

/// Most columns of an error.
const QUOTED: usize = 200;

/// Where panes fetch what they run, as long as the dashboard is there.
pub struct Handing {
    counter: Counter,
    _directory: RunDirectory,
}

impl Handing {
    /// One for a dashboard.
    pub fn open() -> io::Result<Self> {
        let directory = RunDirectory::create(&Places::from_environment(|name| std::env::var_os(name)))?;
        Ok(Self { counter: Counter::open(directory.path())?, _directory: directory })
    }

    /// What each pane is started with that is to fetch one of these calls of this program.
    pub fn commands(&mut self, calls: Vec<Vec<OsString>>) -> io::Result<Vec<Vec<String>>> {
        let program = std::env::current_exe()?.into_os_string();
        let command = |call: Vec<OsString>| {
            let words = self.counter.put(Handed::from_here(call));
            let whole = [program.clone()].into_iter().chain(words);
            whole.map(|word| word.into_string().map_err(|_| io::ErrorKind::InvalidFilename.into())).collect()
        };
        calls.into_iter().map(command).collect()
    }
}

/// Ask `host` for panes. Why it did not open them, fit for a screen.
pub async fn open(host: &Host, commands: io::Result<Vec<Vec<String>>>, manner: Manner) -> Result<(), String> {
    let opened = match commands {
        Ok(commands) => multiplexer::open(host, &commands, manner).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    opened.map_err(|why| Untrusted::from(why).shown_in(QUOTED))
}
