//! What a shell asks when Tab is pressed: `COMPLETE=bash ec2dash` prints what to put into the shell, which then asks through the same variable.
//!
//! The answer is made of the command line's declarations and of files. It comes before anything else: no runtime, no terminal, no call.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::args::{self, is_plain};
use super::{Exit, Failure};
use crate::config::Environment;
use crate::terminal::Standard;
use crate::text::Catalogue;

const VARIABLE: &str = "COMPLETE";
const PROGRAM: &str = "ec2dash";
/// In the place of clap_complete's own, which asks about the pieces that bash splits a word into at `=`, `:` and `@`.
const BASH: &str = include_str!("completion.bash");
const SHELLS: Shells<'static> = Shells(&[&PlainBash, &Elvish, &Fish, &Powershell, &Zsh]);

/// Answer a shell, if one asks; `None` is an ordinary run.
pub fn answer(words: impl IntoIterator<Item = OsString>, text: &Catalogue) -> Option<Exit> {
    let words: Vec<OsString> = words.into_iter().collect();
    // So the scripts ask; `exec TARGET -- COMMAND` has it elsewhere.
    let is_under_way = words.get(1).is_some_and(|word| word == "--");
    let here = std::env::current_dir().ok();
    let (program, path) = called_by(words.first().map(Path::new), here.as_deref());
    let asked = CompleteEnv::with_factory(|| args::command(&Environment::default(), text)).var(VARIABLE);
    match asked.shells(SHELLS).bin(program).completer(path).try_complete(words, here.as_deref()) {
        Ok(false) => None,
        Ok(true) => Some(Exit::Done),
        Err(error) => {
            // On the command line that somebody is typing there is no place for it.
            if !is_under_way {
                let _ = writeln!(Standard::error(), "{}", args::message(&error, text));
            }
            Some(Exit::Usage)
        }
    }
}

/// `ec2dash completions SHELL`: what the shell needs to ask the program of that name, wherever it lies.
pub fn completions(shell: clap_complete::Shell, out: &mut dyn Write) -> Result<Exit, Failure> {
    let name = shell.to_string();
    let completer = SHELLS.completer(&name).ok_or_else(|| io::Error::other(name))?;
    completer.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)?;
    if shell == clap_complete::Shell::Zsh {
        // Loaded from `$fpath` at the first Tab, the file is that Tab's function as well.
        writeln!(out, "[[ ${{funcstack[1]}} != _{PROGRAM} ]] || _clap_dynamic_completer_{PROGRAM} \"$@\"")?;
    }
    Ok(Exit::Done)
}

/// The command to complete, and the program to ask: those that were called. A path that a shell would read otherwise is left to `PATH`.
fn called_by(path: Option<&Path>, here: Option<&Path>) -> (String, String) {
    let plain = |path: &Path| path.to_str().filter(|path| is_plain(path)).map(str::to_owned);
    let name = path.and_then(Path::file_name).and_then(|name| plain(Path::new(name))).unwrap_or_else(|| PROGRAM.to_owned());
    let whole = path.filter(|path| path.components().count() > 1).zip(here).and_then(|(path, here)| plain(&here.join(path)));
    (name.clone(), whole.unwrap_or(name))
}

/// Bash puts what it is offered on the command line as it stands, and reads it like anything typed: only what is plain is offered.
/// With nothing offered bash completes files by itself, in quotes where they are needed.
struct PlainBash;

impl EnvCompleter for PlainBash {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(&self, var: &str, name: &str, bin: &str, completer: &str, buf: &mut dyn Write) -> io::Result<()> {
        let script = BASH.replace("@name@", &name.replace('-', "_")).replace("@program@", bin);
        writeln!(buf, "{}", script.replace("@variable@", var).replace("@completer@", completer))
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        here: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let mut offered = Vec::new();
        Bash.write_complete(command, words, here, &mut offered)?;
        let offered = String::from_utf8_lossy(&offered);
        // What the script has bash split at.
        let plain: Vec<&str> = offered.split(['\u{b}', '\n']).filter(|word| is_plain(word)).collect();
        buf.write_all(plain.join("\u{b}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_that_was_called_is_asked() {
        let called = |path: &str| called_by(Some(Path::new(path)), Some(Path::new("/home/kim")));
        let pair = |name: &str, path: &str| (name.to_owned(), path.to_owned());

        assert_eq!(called("ec2dash"), pair("ec2dash", "ec2dash"));
        assert_eq!(called("/opt/bin/ec2dash"), pair("ec2dash", "/opt/bin/ec2dash"));
        assert_eq!(called("target/debug/ec2"), pair("ec2", "/home/kim/target/debug/ec2"));
        assert_eq!(called("/tmp/$(touch x)/ec2dash"), pair("ec2dash", "ec2dash"));
        assert_eq!(called_by(None, None), pair("ec2dash", "ec2dash"));
    }

    #[test]
    fn there_is_completion_for_every_shell() {
        use clap::ValueEnum as _;

        for shell in clap_complete::Shell::value_variants() {
            let mut bytes = Vec::new();
            completions(*shell, &mut bytes).unwrap();

            let script = String::from_utf8(bytes).unwrap();
            assert!(script.contains("COMPLETE") && script.contains("ec2dash"), "{shell}: {script}");
        }
    }
}
