//! The way by which a browser brings a code back to the program that sent it.

use std::time::SystemTime;

use super::authorization_code::{AuthorizationCode, is_challenge};
use super::clients::{Client, Grant};
use super::device::Decision;
use super::html::{Page, escaped, form};
use super::ledger::Ledger;
use super::redirect::Redirect;
use crate::fleet::Company;
use crate::identity::random_text;
use crate::query::Parameters;

/// The fields of the address that a program sends a browser to.
const FIELDS: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "state", "code_challenge_method", "scopes", "code_challenge"];

/// What a program asks for.
struct Asked {
    client: Client,
    redirect: String,
    challenge: String,
    state: Option<String>,
}

/// Asks whoever looks at the page.
pub(super) fn ask(ledger: &Ledger, company: &Company, parameters: &Parameters, now: SystemTime) -> Page {
    let asked = match Asked::read(ledger, parameters, now) {
        Ok(asked) => asked,
        Err(page) => return page,
    };
    if let Some(decision) = ledger.foregone() {
        return asked.answer(ledger, decision, now);
    }
    let fields = FIELDS.map(|name| (name, parameters.text(name).unwrap_or_default()));
    let content = format!(
        "<p>You are signed in to <b>{}</b> as <b>{}</b>. <b>{}</b> asks for access to your accounts; the answer goes to \
         <b>{}</b>, a program on this computer.</p>\n<p>Refuse if you have not just started it.</p>\n{}",
        escaped(&company.name),
        escaped(&company.user),
        escaped(&asked.client.name),
        escaped(&asked.redirect),
        form("/authorize", &fields, &[("approve", "Allow access"), ("refuse", "Refuse")]),
    );
    Page::new(200, "Allow access?", &content)
}

/// Sends the browser back with what was decided.
pub(super) fn decide(ledger: &Ledger, parameters: &Parameters, now: SystemTime) -> Page {
    let decision = match parameters.text("decision") {
        Some("approve") => Decision::Approved,
        Some("refuse") => Decision::Refused,
        _ => return problem("Nothing was decided."),
    };
    Asked::read(ledger, parameters, now).map_or_else(|page| page, |asked| asked.answer(ledger, decision, now))
}

impl Asked {
    /// A program that is not known, or an address that is not its own, gets no browser sent back.
    fn read(ledger: &Ledger, parameters: &Parameters, now: SystemTime) -> Result<Self, Page> {
        let client = parameters.text("client_id").and_then(|id| ledger.client(id, now));
        let client = client.ok_or_else(|| problem("The program that sent you here is not registered."))?;
        let redirect = parameters.text("redirect_uri").unwrap_or_default();
        let is_its_own =
            Redirect::read(redirect).is_some_and(|wanted| client.redirects.iter().any(|registered| wanted.fits(registered)));
        if !is_its_own {
            return Err(problem("The address to go back to is not one that the program has registered."));
        }
        let state = parameters.text("state").map(str::to_owned);
        let refused = |error: &str, why: &str| back(redirect, &[("error", error), ("error_description", why)], state.as_deref());
        if parameters.text("response_type") != Some("code") {
            return Err(refused("unsupported_response_type", "response_type must be code"));
        }
        if client.may(Grant::AuthorizationCode).is_err() {
            return Err(refused("unauthorized_client", "The client is not registered for this grant type"));
        }
        let challenge = parameters.text("code_challenge").unwrap_or_default();
        if parameters.text("code_challenge_method") != Some("S256") || !is_challenge(challenge) {
            return Err(refused("invalid_request", "code_challenge with code_challenge_method S256 is needed"));
        }
        Ok(Self { redirect: redirect.to_owned(), challenge: challenge.to_owned(), state, client })
    }

    fn answer(self, ledger: &Ledger, decision: Decision, now: SystemTime) -> Page {
        let state = self.state.as_deref();
        if decision == Decision::Refused {
            return back(&self.redirect, &[("error", "access_denied"), ("error_description", "The user refused")], state);
        }
        let code = random_text("sim-code-", 24);
        let page = back(&self.redirect, &[("code", &code)], state);
        ledger.add_authorization_code(AuthorizationCode {
            code,
            client: self.client.id,
            redirect: self.redirect,
            challenge: self.challenge,
            ends: now + ledger.rules.code,
        });
        page
    }
}

/// Back to the program; the address has no query of its own.
fn back(redirect: &str, fields: &[(&str, &str)], state: Option<&str>) -> Page {
    let state = state.map(|state| ("state", state));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter().copied().chain(state)).finish();
    Page::leading(format!("{redirect}?{query}"))
}

fn problem(text: &str) -> Page {
    Page::new(400, "This cannot be done", &format!("<p>{text} Start the sign-in again.</p>\n"))
}
