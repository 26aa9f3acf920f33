//! `login` and `logout`: signing in to IAM Identity Center, and ending that.

use std::io::Write as _;

use tokio::sync::mpsc;

use super::args::{Login, Logout};
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::aws::{self, Environment, FlowWishes, IdentityCenter, Progress, SignInPage, SignedOut, Told};
use crate::here::browser;
use crate::model::{Region, Untrusted};
use crate::terminal::Standard;
use crate::text::Value;

/// `ec2dash login`.
pub async fn login(invocation: &Invocation, asked: &Login) -> Result<Exit, Failure> {
    let center = center(invocation, asked).await?;
    note_endpoint(invocation, &center);
    let wishes = FlowWishes { no_browser: asked.no_browser, use_device_code: asked.use_device_code };
    let session = center.session().shown().shown_in(60);
    let (out, mut heard) = mpsc::channel(1);
    let listening = async {
        while let Some(Told { progress, opened }) = heard.recv().await {
            let _ = opened.send(match progress {
                Progress::Open(page) => {
                    show(invocation, &page, &session);
                    !asked.no_browser && browser::open(page.link.url(), |name| invocation.environment.get(name).cloned())
                }
                Progress::FellBack => {
                    invocation.note(&invocation.text.say("login-fell-back"));
                    false
                }
                Progress::LeadsTo { from, to } => {
                    let values = [("from", from.shown_in(100).into()), ("to", to.shown_in(100).into())];
                    invocation.note(&invocation.text.say_with("login-leads", &values));
                    false
                }
                Progress::Lingering => {
                    let region = center.session().region().to_string();
                    invocation.note(&invocation.text.say_with("login-lingering", &[("region", region.into())]));
                    false
                }
            });
        }
    };
    let (done, ()) = tokio::join!(center.sign_in(center.flow(wishes), &invocation.text, out), listening);
    done.map_err(|error| invocation.failed(&error))?;
    // Somebody else may have signed in.
    invocation.listings().forget(&center.mark());
    if asked.start_url.is_some() {
        remember(invocation, &center);
    }
    invocation.note(&invocation.text.say_with("login-done", &[("session", session.clone().into())]));
    Ok(Exit::Done)
}

/// `ec2dash logout`.
pub async fn logout(invocation: &Invocation, asked: &Logout) -> Result<Exit, Failure> {
    let failed = |error: aws::Error| invocation.failed(&error);
    let ended: Vec<SignedOut> = if asked.all {
        IdentityCenter::sign_out_of_all(&invocation.options()).await.map_err(failed)?
    } else {
        let login =
            Login { session: asked.session.clone(), start_url: None, sso_region: None, no_browser: true, use_device_code: true };
        let center = center(invocation, &login).await?;
        note_endpoint(invocation, &center);
        center.sign_out().await.map_err(failed)?.into_iter().collect()
    };
    if ended.is_empty() {
        invocation.note(&invocation.text.say("logout-nobody"));
        return Ok(Exit::Done);
    }
    for session in &ended {
        let key = if session.is_told { "logout-done" } else { "logout-not-told" };
        invocation.note(&invocation.text.say_with(key, &[("session", session.session.shown_in(100).into())]));
    }
    invocation.note(&invocation.text.say("logout-stays"));
    Ok(Exit::Done)
}

/// The session that is asked for: by start URL, by name, or by profile.
async fn center(invocation: &Invocation, asked: &Login) -> Result<IdentityCenter, Failure> {
    let (options, failed) = (invocation.options(), |error: aws::Error| invocation.failed(&error));
    if let Some(start_url) = &asked.start_url {
        let region = match asked.sso_region.clone().or_else(|| aws::region_in_start_url(start_url)) {
            Some(region) => region,
            None => match IdentityCenter::region_behind(start_url).await {
                Some(region) => region,
                None => ask_region(invocation, start_url)?,
            },
        };
        let center = IdentityCenter::of_start_url(&options, start_url, region, asked.session.as_deref()).await;
        return center.map_err(failed);
    }
    if let Some(name) = &asked.session {
        return match named(invocation, name).await? {
            Some(center) => Ok(center),
            None => {
                let name = Untrusted::from(name.as_str()).shown_in(60);
                Err(invocation.failure("no-such-sso-session", Exit::Usage, &[("session", name.into())]))
            }
        };
    }
    let error = match IdentityCenter::of_profile(&options).await {
        Ok(center) => return Ok(center),
        Err(error) => error,
    };
    // Nobody named a profile: the only session there is will be the one that is meant.
    let is_chosen = options.profile.is_some() || Environment::of_process().profile().is_some();
    if is_chosen || !matches!(error, aws::Error::NoProfile { .. } | aws::Error::NoSsoSession { .. }) {
        return Err(failed(error));
    }
    let names = IdentityCenter::names(&options).await.map_err(failed)?;
    match names.as_slice() {
        [only] => named(invocation, only).await?.ok_or_else(|| failed(error)),
        [] => {
            let start_url = ask(invocation, "ask-start-url", &[])?;
            let region = match aws::region_in_start_url(&start_url) {
                Some(region) => region,
                None => ask_region(invocation, &start_url)?,
            };
            let center = IdentityCenter::of_start_url(&options, &start_url, region, None).await.map_err(failed)?;
            remember(invocation, &center);
            Ok(center)
        }
        several => {
            let names: Vec<String> = several.iter().map(|name| Untrusted::from(name.as_str()).shown_in(60)).collect();
            Err(invocation.failure("which-sso-session", Exit::Usage, &[("sessions", names.join(", ").into())]))
        }
    }
}

/// A session by its name: of the AWS files, or one that was signed in to by its start URL.
async fn named(invocation: &Invocation, name: &str) -> Result<Option<IdentityCenter>, Failure> {
    IdentityCenter::of_session(&invocation.options(), name).await.map_err(|error| invocation.failed(&error))
}

/// The next `login` finds the session by its name; `~/.aws/config` stays as it is.
fn remember(invocation: &Invocation, center: &IdentityCenter) {
    let session = center.session();
    let Some(name) = session.name() else { return };
    let start_url = session.start_url();
    let known = invocation.memory.change(|state| state.know_session(name.raw(), start_url.raw(), session.region()));
    if let Some(finding) = known {
        invocation.note(&finding.text(&invocation.text));
    }
}

fn note_endpoint(invocation: &Invocation, center: &IdentityCenter) {
    if let Some(endpoint) = center.custom_endpoint().filter(|_| invocation.terminal.stderr) {
        let endpoint = Untrusted::from(endpoint).shown_in(100);
        invocation.note(&invocation.text.say_with("note-endpoint", &[("endpoint", endpoint.into())]));
    }
}

fn ask_region(invocation: &Invocation, start_url: &str) -> Result<Region, Failure> {
    let shown = Untrusted::from(start_url).shown_in(100);
    let given = ask(invocation, "ask-sso-region", &[("url", shown.into())])?;
    let wrong = || invocation.failure("no-sso-region", Exit::Usage, &[]);
    given.parse().map_err(|_| wrong())
}

/// Ask for one line; without somebody to ask it is wrong use.
fn ask(invocation: &Invocation, question: &str, values: &[(&'static str, Value)]) -> Result<String, Failure> {
    let code = if question == "ask-start-url" { "no-start-url" } else { "no-sso-region" };
    let missing = || invocation.failure(code, Exit::Usage, &[]);
    if !invocation.terminal.may_ask {
        return Err(missing());
    }
    invocation.terminal.ask(&invocation.text.say_with(question, values)).filter(|given| !given.is_empty()).ok_or_else(missing)
}

/// The link and the code, each alone on its line: also where nobody sits, and however quiet it is to be.
fn show(invocation: &Invocation, page: &SignInPage, session: &str) {
    let text = &invocation.text;
    let mut stderr = Standard::error();
    let values = [("session", session.to_owned().into()), ("host", page.link.host().shown_in(100).into())];
    // Without a stderr there is nobody to tell.
    let _ = writeln!(stderr, "{}\n{}", text.say_with("login-open", &values), page.link);
    if let Some(code) = &page.code {
        let _ = writeln!(stderr, "{}\n{}", text.say("login-compare"), code.shown_in(60));
    }
    let _ = stderr.flush();
}
