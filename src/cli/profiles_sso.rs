//! `profiles --sso`: the places that signed-in SSO sessions give, and profiles for them in the AWS files.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::{Form, ListProfiles};
use super::invocation::Invocation;
use super::profiles::write_list;
use super::session_places::GivenPlace;
use super::{Exit, Failure};
use crate::aws::{NewProfile, NewSections};
use crate::model::{Region, Untrusted};

/// `ec2dash profiles --sso`: asks the sessions that are signed in to.
pub async fn profiles_sso(invocation: &Invocation, asked: &ListProfiles, out: &mut dyn Write) -> Result<Exit, Failure> {
    // Before anything is asked of AWS: nobody could say yes.
    if asked.write && !asked.yes && !invocation.terminal.may_ask {
        return Err(invocation.failure("profiles-no-yes", Exit::Usage, &[]));
    }
    let places = invocation.session_places().await?;
    let region =
        |place: &GivenPlace| -> Region { invocation.loaded.settings.regions.first().unwrap_or(&place.sso_region).clone() };
    if asked.write {
        let profiles = places.into_iter().map(|given| NewProfile {
            region: region(&given),
            place: given.place,
            account_name: given.account_name,
            start_url: given.start_url,
            sso_region: given.sso_region,
        });
        return write(invocation, asked.yes, profiles.collect(), out);
    }
    let objects = places.iter().map(|given| object(given, &region(given))).collect();
    let keys: &[&str] = match invocation.form() {
        Form::Table => &["name", "account_name", "region"],
        _ => &["name", "kind", "account", "account_name", "role", "region", "sso_session"],
    };
    write_list(invocation, out, "profiles", keys, objects)
}

fn object(given: &GivenPlace, region: &Region) -> Value {
    let place = &given.place;
    json!({
        "name": place.to_string(),
        "kind": "sso",
        "account": place.account().as_str(),
        "account_name": given.account_name.as_ref().map(Untrusted::raw),
        "role": place.role(),
        "region": region.as_str(),
        "sso_session": place.session(),
    })
}

/// Show what would be appended, ask, and append it.
fn write(invocation: &Invocation, yes: bool, profiles: Vec<NewProfile>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = &invocation.text;
    let failed = |path: &str, error: &io::Error| {
        let cause = Untrusted::from(error.to_string()).shown_in(200);
        invocation.failure("profiles-not-written", Exit::Failed, &[("path", path.to_owned().into()), ("cause", cause.into())])
    };
    let sections = NewSections::missing(profiles).map_err(|error| failed("~/.aws/config", &error))?;
    let path = Untrusted::from(sections.path().to_string_lossy().into_owned()).shown_in(200);
    if let Some(first) = sections.left_out.first() {
        let name = Untrusted::from(first.to_string()).shown_in(100);
        let values = [("count", sections.left_out.len().into()), ("name", name.into())];
        invocation.note(&text.say_with("profiles-left-out", &values));
    }
    if sections.text.is_empty() {
        invocation.note(&text.say_with("profiles-nothing-new", &[("path", path.into())]));
        return Ok(Exit::Done);
    }
    invocation.note(&text.say_with("profiles-would-write", &[("path", path.clone().into())]));
    // Names are checked, and comments hold nothing that a terminal would act on.
    out.write_all(sections.text.as_bytes())?;
    out.flush()?;
    if !yes {
        let question = text.say_with("ask-profiles-write", &[("count", sections.profiles.into()), ("path", path.clone().into())]);
        let answer = invocation.terminal.ask(&question).unwrap_or_default();
        if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Err(invocation.failure("profiles-not-confirmed", Exit::Failed, &[("path", path.into())]));
        }
    }
    let written = sections.append().map_err(|error| failed(&path, &error))?;
    invocation.note(&text.say_with("profiles-written", &[("count", written.into()), ("path", path.into())]));
    Ok(Exit::Done)
}
