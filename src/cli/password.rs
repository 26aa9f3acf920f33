//! `password`: the first password of a Windows Administrator, shown only to whoever asks for it.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::args::{AskPassword, Form};
use super::invocation::Invocation;
use super::output::{SCHEMA, write_line, write_pretty};
use super::secret_file::SecretFile;
use super::{Exit, Failure, local, target};
use crate::access;
use crate::config::{self, ConnectFlags};
use crate::connect::{NoPassword, Password, SealedPassword, sealed_password};
use crate::model::{Instance, Untrusted};

/// Whose password it is.
const USER: &str = "Administrator";

/// `ec2dash password TARGET`.
pub async fn password(invocation: &Invocation, asked: &AskPassword, out: &mut dyn Write) -> Result<Exit, Failure> {
    if !invocation.loaded.settings.may_read_passwords() {
        return Err(invocation.failure("password-read-only", Exit::Usage, &[]));
    }
    // Before anything is asked of AWS or of anybody.
    let file = asked.file.as_deref().map(|path| SecretFile::agreed(invocation, path)).transpose()?;
    let (cloud, mut instance) = target::find(invocation, &asked.target).await?;
    instance.key_pair = cloud.key_pair_of(&instance.place.region, &instance).await;
    let identity = asked.identity.as_ref().map(std::path::absolute).transpose()?;
    let flags = ConnectFlags { identity, ..ConnectFlags::default() };
    let options = config::connect_options(&invocation.loaded.settings, &instance, &flags);
    let local = local::look(invocation, flags.identity.as_deref()).await;
    let found = access::found_key(&instance, &options, &local);
    let failed = |why: NoPassword| failed(invocation, &instance, &why);
    let sealed = sealed_password(&cloud, &instance, &found, Timestamp::now()).await.map_err(failed)?;
    // A key that opens it without a question shows that it does.
    let wants_it = asked.print || file.is_some();
    let password = if wants_it || !sealed.is_locked {
        match sealed.open(!invocation.global.no_input, &invocation.text).await {
            Err(NoPassword::Left(number)) => return Ok(Exit::of_signal(number)),
            opened => Some(opened.map_err(failed)?),
        }
    } else {
        None
    };
    if let (Some(file), Some(password)) = (&file, &password) {
        file.write(invocation, password.as_str())?;
    }
    told(invocation, &instance, &sealed, password.as_ref().filter(|_| asked.print), out)?;
    if !wants_it {
        let values = values(&instance, &sealed);
        let there = match (sealed.is_locked, sealed.is_doubtful) {
            (true, true) => "password-there-doubtful",
            (true, false) => "password-there-locked",
            // It has opened it.
            (false, _) => "password-there",
        };
        invocation.note(&invocation.text.say_with(there, &values));
        invocation.note(&invocation.text.say_with("password-how", &values));
    }
    Ok(Exit::Done)
}

fn told(
    invocation: &Invocation,
    instance: &Instance,
    sealed: &SealedPassword,
    password: Option<&Password>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let object = || {
        json!({
            "instance": instance.id.as_str(),
            "user": USER,
            "key": {"pair": instance.key_name.as_ref().map(Untrusted::raw), "file": sealed.file.to_string_lossy()},
            "password": password.map(Password::as_str),
        })
    };
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": SCHEMA, "password": object()}))?,
        Form::Jsonl => write_line(out, &object())?,
        _ => {
            if let Some(password) = password {
                writeln!(out, "{}", password.as_str())?;
            }
        }
    }
    Ok(out.flush()?)
}

fn values(instance: &Instance, sealed: &SealedPassword) -> [(&'static str, crate::text::Value); 4] {
    [
        ("target", instance.shown().into()),
        ("id", instance.id.to_string().into()),
        ("user", USER.into()),
        ("path", shown(&sealed.file).into()),
    ]
}

fn failed(invocation: &Invocation, instance: &Instance, why: &NoPassword) -> Failure {
    let text = &invocation.text;
    match why {
        NoPassword::Aws(error) => invocation.failed(error),
        NoPassword::Key(error) => Failure {
            code: error.code(),
            what: text.say_with("password-key-unopened", &why.values(instance)),
            why: error.why(instance, Timestamp::now(), text),
            next: error.next(instance, text),
            exit: Exit::Failed,
        },
        why => invocation.failure(why.code(), Exit::Failed, &why.values(instance)),
    }
}

fn shown(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200)
}
