//! `doctor` without a target: whether this computer and its credentials are ready, before any instance is looked at.

use std::io::Write;

use serde_json::{Value, json};

use crate::access::{Local, Mark, Reason, of_account, of_client};
use crate::aws::{self, Cloud, Standing};
use crate::cli::args::Form;
use crate::cli::invocation::Invocation;
use crate::cli::output::{SCHEMA, write_line, write_pretty};
use crate::cli::{Exit, Failure, local};
use crate::model::{Examination, Fact, Untrusted};
use crate::outbound::{Proxies, Proxy};
use crate::text::shell_word;

/// Columns of the name of a check.
const NAME: usize = 12;

/// One thing that was looked at.
struct Check {
    name: &'static str,
    mark: Mark,
    text: String,
    /// Why, and what to do.
    more: Vec<String>,
}

impl Check {
    fn new(name: &'static str, mark: Mark, text: String) -> Self {
        Self { name, mark, text, more: Vec::new() }
    }

    fn of_error(name: &'static str, error: &aws::Error, invocation: &Invocation) -> Self {
        let text = &invocation.text;
        let more = error.why(text).into_iter().chain(error.next(text)).collect();
        Self { name, mark: Mark::Blocked, text: error.what(text), more }
    }

    fn of_reason(reason: &Reason, invocation: &Invocation) -> Self {
        let name = match reason.rule {
            "GEN-1" => "credentials",
            "GEN-2" => "region",
            "GEN-9" => "clock",
            _ => "ssh",
        };
        let text = &invocation.text;
        let more = reason.remedy(text).into_iter().chain(reason.remark(text)).collect();
        Self { name, mark: reason.outcome.mark(), text: reason.text(text), more }
    }

    fn object(&self) -> Value {
        json!({"check": self.name, "outcome": outcome(self.mark), "text": self.text, "more": self.more})
    }
}

/// The words of the rules' outcomes.
fn outcome(mark: Mark) -> &'static str {
    match mark {
        Mark::Works => "pass",
        Mark::Problem => "warn",
        Mark::Blocked => "fail",
        Mark::Unknown | Mark::NotApplicable => "unknown",
    }
}

/// `ec2dash doctor`.
pub(super) async fn computer(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let own = local::look(invocation, None).await;
    let mut checks = vec![keys(&own, invocation), proxy(invocation)];
    checks.splice(0..0, of_client(&own).iter().map(|reason| Check::of_reason(reason, invocation)));
    let exit = match invocation.open().await {
        Ok(cloud) => of_aws(&cloud, invocation, &mut checks).await,
        Err(failure) => {
            write(&checks, invocation, out)?;
            return Err(failure);
        }
    };
    write(&checks, invocation, out)?;
    Ok(exit)
}

/// What AWS says to our credentials; the exit code is that of the first thing that keeps everything else from working.
async fn of_aws(cloud: &Cloud, invocation: &Invocation, checks: &mut Vec<Check>) -> Exit {
    let Some(region) = cloud.region() else {
        let profile = cloud.profile().map(|profile| Untrusted::from(profile.raw())).unwrap_or_default();
        let error = aws::Error::NoRegion { having: Vec::new(), profile };
        checks.push(Check::of_error("region", &error, invocation));
        return invocation.failed(&error).exit;
    };
    let Standing { caller, clock_ahead, opt_in, lists } = cloud.standing(region).await;
    let mut exit = Exit::Done;
    let mut worse = |error: &aws::Error| {
        if exit == Exit::Done {
            exit = invocation.failed(error).exit;
        }
    };
    for (name, error) in [("credentials", caller.as_ref().err()), ("region", opt_in.as_ref().err())] {
        if let Some(error) = error {
            worse(error);
            checks.push(Check::of_error(name, error, invocation));
        }
    }
    let examined = Examination {
        caller: caller.map_or(Fact::Pending, Fact::Known),
        opt_in: opt_in.map_or(Fact::Pending, Fact::Known),
        clock_ahead,
        ..Examination::default()
    };
    checks.extend(of_account(&examined, region).iter().map(|reason| Check::of_reason(reason, invocation)));
    for (action, told) in &lists {
        checks.push(match told {
            Ok(()) => {
                let values = [("action", (*action).into()), ("region", region.as_str().to_owned().into())];
                Check::new("lists", Mark::Works, invocation.text.say_with("computer-lists", &values))
            }
            Err(error) => {
                worse(error);
                Check::of_error("lists", error, invocation)
            }
        });
    }
    if exit == Exit::Done && checks.iter().any(|check| check.mark == Mark::Blocked) { Exit::Failed } else { exit }
}

/// The private keys that were found; for one-time keys and Session Manager none is needed.
fn keys(own: &Local, invocation: &Invocation) -> Check {
    let (files, agent) = own.keys.counts();
    let open = own.keys.too_open();
    let text = &invocation.text;
    let what = text.say_with("computer-keys", &[("files", files.into()), ("agent", agent.into())]);
    if open.is_empty() {
        return Check::new("keys", Mark::Works, what);
    }
    let more = open.iter().map(|path| {
        let word = shell_word(&Untrusted::from(path.to_string_lossy().as_ref()).shown());
        text.say_with("computer-key-open", &[("word", word.into())])
    });
    Check { more: more.collect(), ..Check::new("keys", Mark::Problem, what) }
}

fn proxy(invocation: &Invocation) -> Check {
    let text = &invocation.text;
    match Proxies::of_process() {
        Ok(proxies) if proxies.is_empty() => Check::new("proxy", Mark::Works, text.say("computer-no-proxy")),
        Ok(proxies) => {
            let named = proxies.named().map(Proxy::authority).unwrap_or_default();
            Check::new("proxy", Mark::Works, text.say_with("computer-proxy", &[("proxy", named.into())]))
        }
        Err(bad) => Check::new("proxy", Mark::Blocked, bad.to_string()),
    }
}

fn write(checks: &[Check], invocation: &Invocation, out: &mut dyn Write) -> Result<(), Failure> {
    match invocation.form() {
        form @ (Form::Json | Form::Jsonl) => {
            let all: Vec<Value> = checks.iter().map(Check::object).collect();
            let object = json!({"schema": SCHEMA, "checks": all});
            if form == Form::Json { write_pretty(out, &object)? } else { write_line(out, &object)? }
        }
        _ => {
            let mut page = Vec::new();
            for check in checks {
                writeln!(page, "{} {:<NAME$}{}", check.mark.symbol(), check.name, check.text)?;
                for line in &check.more {
                    writeln!(page, "{:width$}{line}", "", width = NAME + 2)?;
                }
            }
            invocation.write_page(&page, out)?;
        }
    }
    out.flush()?;
    Ok(())
}
