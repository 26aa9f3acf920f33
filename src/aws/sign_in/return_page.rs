//! What the browser shows when it came back: a sentence, and nothing that runs.

use crate::text::Catalogue;

/// The whole page.
pub(super) fn page(text: &Catalogue) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>ec2dash</title>\
         <body style=\"font-family:sans-serif;max-width:36em;margin:4em auto\"><h1>{}</h1><p>{}</p>",
        text.language().tag(),
        text.say("login-page-title"),
        text.say("login-page-body")
    )
}
