//! The pages that a browser shows during a sign-in, as text.

use std::fmt::Write as _;

const STRING: &str = "writing to a String does not fail";

/// What a browser gets.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where it goes on.
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

impl Page {
    /// A page with a heading and what `content` writes below it.
    pub(super) fn new(status: u16, heading: &str, content: &str) -> Self {
        let heading = escaped(heading);
        let html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{heading}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<p class=\"mark\">Simulated IAM Identity Center</p>\n\
             <h1>{heading}</h1>\n{content}</main>\n</body>\n</html>\n"
        );
        Self { status, location: None, html }
    }

    /// The browser goes on to `location`.
    pub(super) fn leading(location: String) -> Self {
        let page = Self::new(303, "Going on", "<p>The program that asked is being told.</p>\n");
        Self { location: Some(location), ..page }
    }
}

/// A form with hidden fields and buttons, the first of which is the usual one.
pub(super) fn form(action: &str, hidden: &[(&str, &str)], buttons: &[(&str, &str)]) -> String {
    let mut text = format!("<form method=\"post\" action=\"{action}\">\n");
    for (name, value) in hidden {
        writeln!(text, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)).expect(STRING);
    }
    for (value, label) in buttons {
        writeln!(text, "<button name=\"decision\" value=\"{value}\" id=\"{value}\">{label}</button>").expect(STRING);
    }
    text.push_str("</form>\n");
    text
}

/// Text that stays text in a page; what no page shows goes as a dot.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ if letter.is_control() => escaped.push('·'),
            _ => escaped.push(letter),
        }
        escaped
    })
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f2f4f7;color:#1b2330}\
    main{max-width:30rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.75rem;box-shadow:0 1px 4px #0003}\
    h1{font-size:1.4rem;margin:.2rem 0 1rem}.mark{margin:0;color:#5b6676;font-size:.85rem}\
    .code{font:700 2rem/1.2 ui-monospace,monospace;letter-spacing:.15em;text-align:center;padding:1rem;background:#eef2ff;\
    border-radius:.5rem}form{display:flex;gap:.75rem;margin-top:1.5rem}\
    button{font:inherit;padding:.6rem 1.2rem;border:1px solid #30518f;border-radius:.5rem;background:#fff;color:#30518f;cursor:pointer}\
    button:first-of-type{background:#30518f;color:#fff}input[type=text]{font:inherit;padding:.6rem;flex:1;min-width:0;\
    border:1px solid #8a94a6;border-radius:.5rem;text-transform:uppercase}li{margin:.3rem 0}\
    @media (prefers-color-scheme:dark){body{background:#12161d;color:#e4e8ef}main{background:#1c222c}.code{background:#27324a}\
    .mark{color:#9aa5b6}button{background:#1c222c;color:#9db8f5;border-color:#9db8f5}button:first-of-type{background:#9db8f5;\
    color:#12161d}input[type=text]{background:#12161d;color:inherit}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        assert_eq!(escaped("<b onx='\"'>&\x1b[2J\u{9b}결제"), "&lt;b onx=&#39;&quot;&#39;&gt;&amp;·[2J·결제");
        let form = form("/device", &[("user_code", "\"><script>")], &[("approve", "Allow")]);
        assert!(form.contains("value=\"&quot;&gt;&lt;script&gt;\""));
    }
}
