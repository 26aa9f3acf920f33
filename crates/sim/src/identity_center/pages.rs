//! Where a browser asks somebody whether a program may sign in: the code is shown, compared, and approved or refused.

use std::fmt::Write as _;
use std::time::SystemTime;

use super::authorize;
use super::device::Decision;
use super::html::{Page, escaped, form};
use super::start_url;
use crate::fleet::Company;
use crate::origin::{is_for_us, is_from_us};
use crate::query::Parameters;
use crate::request::Request;
use crate::world::World;

/// Leads to the start URL of the company, as a page at its own domain does.
const OWN_DOMAIN: &str = "/home";

/// The page at this path, if there is one.
pub(crate) fn page(world: &World, request: &Request, now: SystemTime) -> Option<Page> {
    let path = request.path.as_str();
    let (is_reading, is_deciding) = (request.method == "GET", request.method == "POST");
    let is_of_domain = path == OWN_DOMAIN && matches!(request.method.as_str(), "GET" | "HEAD");
    let is_page = matches!(path, "/device" | "/authorize" | "/start" | "/start/") && (is_reading || is_deciding);
    if !(is_page || is_of_domain) {
        return None;
    }
    let fleet = world.fleet();
    let company = fleet.company.as_ref()?;
    if path == OWN_DOMAIN {
        return Some(Page::leading(start_url::with_region(company)));
    }
    if !is_for_us(request, &world.endpoint) {
        return Some(Page::new(421, "Wrong address", "<p>This page is at another address.</p>\n"));
    }
    if is_deciding && !is_from_us(request, &world.endpoint) {
        return Some(Page::new(403, "Not from here", "<p>Another page has sent this form. Nothing was decided.</p>\n"));
    }
    let parameters = Parameters::read(if is_deciding { &request.body } else { request.query.as_bytes() });
    match path {
        "/device" if is_deciding => Some(decide(world, &parameters, now)),
        "/device" => Some(device(world, company, &parameters, now)),
        "/authorize" if is_deciding => Some(authorize::decide(&world.identity_center, &parameters, now)),
        "/authorize" => Some(authorize::ask(&world.identity_center, company, &parameters, now)),
        _ if is_reading => Some(start(company, &world.endpoint)),
        _ => None,
    }
}

/// The code, or a field for it.
fn device(world: &World, company: &Company, parameters: &Parameters, now: SystemTime) -> Page {
    let Some(code) = parameters.text("user_code") else {
        return code_field(200, "Enter the code that your program shows.");
    };
    let Some((client, code)) = world.identity_center.waiting(code, now) else {
        return code_field(404, "That code is unknown, used or run out. Enter the code that your program shows.");
    };
    let content = format!(
        "<p>You are signed in to <b>{}</b> as <b>{}</b>. Does your program show this code?</p>\n<p class=\"code\">{}</p>\n\
         <p>Then <b>{}</b> gets access to your accounts. If somebody sent you a link to this page, refuse.</p>\n{}",
        escaped(&company.name),
        escaped(&company.user),
        code.user_code,
        escaped(&client),
        form("/device", &[("user_code", &code.user_code)], &[("approve", "Yes, allow access"), ("refuse", "Refuse")]),
    );
    Page::new(200, "Compare the code", &content)
}

fn code_field(status: u16, text: &str) -> Page {
    let content = format!(
        "<p>{text}</p>\n<form method=\"get\" action=\"/device\">\n<input type=\"text\" name=\"user_code\" id=\"user_code\" \
         placeholder=\"BCDF-GHJK\" autocomplete=\"off\" autofocus required>\n<button id=\"next\">Next</button>\n</form>\n"
    );
    Page::new(status, "Sign a program in", &content)
}

fn decide(world: &World, parameters: &Parameters, now: SystemTime) -> Page {
    let Some(decision) = decision(parameters) else {
        return code_field(400, "Nothing was decided. Enter the code that your program shows.");
    };
    if !world.identity_center.decide(parameters.text("user_code").unwrap_or_default(), decision, now) {
        return code_field(404, "That code is unknown, used or run out. Enter the code that your program shows.");
    }
    match decision {
        Decision::Approved => Page::new(200, "Access allowed", "<p>You may close this page and go back to your program.</p>\n"),
        Decision::Refused => Page::new(200, "Access refused", "<p>The program gets nothing. You may close this page.</p>\n"),
    }
}

fn decision(parameters: &Parameters) -> Option<Decision> {
    match parameters.text("decision") {
        Some("approve") => Some(Decision::Approved),
        Some("refuse") => Some(Decision::Refused),
        _ => None,
    }
}

/// The portal for people.
fn start(company: &Company, endpoint: &str) -> Page {
    let mut list = String::new();
    for assignment in &company.assignments {
        let name = assignment.name.as_deref().unwrap_or("(no name)");
        writeln!(list, "<li><b>{}</b> {}: {}</li>", escaped(name), assignment.account, escaped(&assignment.roles.join(", ")))
            .expect("writing to a String does not fail");
    }
    let content = format!(
        "<p>Signed in as <b>{}</b>. Programs sign in with the start URL <b>{endpoint}/start</b> and the region <b>{}</b>.</p>\n\
         <ul>\n{list}</ul>\n",
        escaped(&company.user),
        escaped(&company.region),
    );
    Page::new(200, &format!("Accounts of {}", company.name), &content)
}
