//! An SSH client of our own, for computers without OpenSSH. It takes that one's command line as our plans make it, and says what that one
//! says: whoever starts it, reads its words or gives it a `ProxyCommand` need not know which of the two it is.
//!
//! It reads no ssh_config. Of a key it knows the public half: the signing is an agent's. What it cannot do it refuses before it connects.

pub mod arguments;
mod carrier;
mod client;
mod forward;
mod host_keys;
mod login;
mod names;
mod relay;
mod session;
mod trouble;
mod words;

use std::ffi::OsString;

use crate::terminal::LeavingSignals;
use crate::text::Catalogue;

use arguments::{BUILT_IN, Call};
use carrier::{GRACE, SHORT_GRACE};
use client::Connection;
use trouble::{FAILED, Trouble, complain};

/// Runs the client where this program was started as one; its exit code. None if it was started for something else.
pub fn answer(mut words: impl Iterator<Item = OsString>, text: &Catalogue) -> Option<u8> {
    if words.next()? != BUILT_IN {
        return None;
    }
    let call = match Call::read(words.collect()) {
        Ok(call) => call,
        Err(unsupported) => {
            complain(&unsupported.to_string());
            return Some(FAILED);
        }
    };
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() else {
        return Some(FAILED);
    };
    let code = runtime.block_on(run(&call, text));
    // What is still under way (a read of stdin) must not hold the process.
    runtime.shutdown_background();
    Some(code)
}

async fn run(call: &Call, text: &Catalogue) -> u8 {
    let mut signals = match LeavingSignals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            complain(&error.to_string());
            return FAILED;
        }
    };
    // What carries the connection is let end in good order, however the rest ended.
    let mut proxy = None;
    let opened = tokio::select! {
        opened = Connection::open(call, &mut proxy) => opened.map(Some),
        _ = signals.next() => Ok(None),
    };
    let (done, grace) = match opened {
        Ok(Some(connection)) => (used(connection, call, &mut signals, text).await, GRACE),
        Ok(None) => (Ok(FAILED), SHORT_GRACE),
        Err(trouble) => (Err(trouble), GRACE),
    };
    if let Some(proxy) = proxy {
        proxy.end(grace).await;
    }
    done.unwrap_or_else(|trouble| {
        trouble.lines(call).iter().for_each(|line| complain(line));
        FAILED
    })
}

/// Do what is asked for, and take leave.
async fn used(mut connection: Connection, call: &Call, signals: &mut LeavingSignals, text: &Catalogue) -> Result<u8, Trouble> {
    let done = session::run(&mut connection, call, signals, text).await;
    let ended = match done {
        Ok(code) => Ok(code),
        // Why the connection is gone, it knows itself.
        Err(Trouble::Lost) => Err(connection.ended().await),
        Err(trouble) => Err(trouble),
    };
    connection.close().await;
    ended
}
