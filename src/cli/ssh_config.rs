//! `ssh-config`: a block for each running instance, for every program that reads ssh_config.

mod blocks;
mod file;
mod include;

use std::io::Write;

pub use self::blocks::Blocks;
use self::file::{OwnFile, shown};
use super::args::SshConfig;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::model::Untrusted;

/// `ec2dash ssh-config`.
pub async fn ssh_config(invocation: &Invocation, asked: &SshConfig, out: &mut dyn Write) -> Result<Exit, Failure> {
    if asked.include && !asked.yes && !invocation.terminal.may_ask {
        // Before anything is asked of AWS: nobody could say yes.
        return Err(invocation.failure("ssh-config-no-yes", Exit::Usage, &[]));
    }
    let Some(path) = &asked.write else {
        let mut blocks = Blocks::gather(invocation, &asked.words, &asked.prefix).await?;
        out.write_all(&text(invocation, &blocks)?)?;
        out.flush()?;
        blocks.tell(invocation);
        return blocks.failure.take().map_or(Ok(Exit::Done), Err);
    };
    let file = OwnFile::find(path).map_err(|error| not_written(invocation, path, &error))?;
    let Some(file) = file.or_else(|| confirmed_file(invocation, asked, path)) else {
        return Err(invocation.failure("ssh-config-not-ours", Exit::Failed, &[("path", shown(path).into())]));
    };
    let mut blocks = Blocks::gather(invocation, &asked.words, &asked.prefix).await?;
    blocks.tell(invocation);
    // What is missing from the list would be missing from the file.
    if let Some(failure) = blocks.failure.take() {
        return Err(failure);
    }
    if asked.check {
        return check(invocation, &file, &text(invocation, &blocks)?, out);
    }
    let text = text(invocation, &blocks)?;
    let is_new = file.write(&text).map_err(|error| not_written(invocation, path, &error))?;
    let values = [("path", shown(path).into()), ("count", blocks.count().into())];
    invocation.note(&invocation.text.say_with(if is_new { "ssh-config-written" } else { "ssh-config-same" }, &values));
    if asked.include {
        return include::include(invocation, &file, asked.yes);
    }
    Ok(Exit::Done)
}

/// What would be different, one instance a line.
fn check(invocation: &Invocation, file: &OwnFile, text: &[u8], out: &mut dyn Write) -> Result<Exit, Failure> {
    if file.content() == Some(text) {
        return Ok(Exit::Done);
    }
    for line in file::differences(file.content().unwrap_or_default(), text) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Err(invocation.failure("ssh-config-differs", Exit::Failed, &[("path", shown(file.path()).into())]))
}

/// The whole file.
fn text(invocation: &Invocation, blocks: &Blocks) -> Result<Vec<u8>, Failure> {
    let mut text = file::FIRST_LINE.as_bytes().to_vec();
    for (row, alias) in blocks.rows() {
        let lines = blocks
            .with(row, alias, |block| block.lines())
            .ok_or_else(|| invocation.failure("ssh-config-path", Exit::Failed, &[]))?;
        text.push(b'\n');
        text.extend(lines);
    }
    Ok(text)
}

/// Whether somebody at the terminal lets another's file be written over.
fn confirmed_file(invocation: &Invocation, asked: &SshConfig, path: &std::path::Path) -> Option<OwnFile> {
    if asked.check || !invocation.terminal.may_ask {
        return None;
    }
    let question = invocation.text.say_with("ask-ssh-config-overwrite", &[("path", shown(path).into())]);
    let answer = invocation.terminal.ask(&question).unwrap_or_default();
    matches!(answer.to_lowercase().as_str(), "y" | "yes").then(|| OwnFile::new(path))
}

fn not_written(invocation: &Invocation, path: &std::path::Path, error: &std::io::Error) -> Failure {
    let cause = Untrusted::from(error.to_string()).shown_in(200);
    invocation.failure("ssh-config-not-written", Exit::Failed, &[("path", shown(path).into()), ("cause", cause.into())])
}
