//! What is missing from data that is otherwise right: on stderr for people, in JSON for programs.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde_json::{Value, json};

use super::invocation::Invocation;
use super::listing::{Gaps, Missing};
use crate::aws;
use crate::columns::Column;
use crate::model::{Denial, FactKind, Filter, ProfileName, Region, Why};
use crate::terminal::Standard;
use crate::text::{Catalogue, joined};

/// Most columns of a text of AWS in a warning.
const MESSAGE: usize = 200;

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    code: &'static str,
    action: Option<&'static str>,
    account: Option<String>,
    region: Option<Region>,
    text: String,
}

/// Whether all that this call would not have told is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing else is missing.
    Complete,
    /// Something else is missing, too.
    Open,
}

/// The accounts by the profiles that list them, as far as they are known.
pub type Accounts = BTreeMap<Option<ProfileName>, String>;

/// Everything that is missing from a listing, each thing once, places first. Of several profiles each line begins with its place.
pub fn of(gaps: &Gaps, accounts: &Accounts, filter: &Filter, is_merged: bool, text: &Catalogue) -> Vec<Warning> {
    let account = |profile: &Option<ProfileName>| match accounts.get(profile) {
        None if !is_merged => accounts.values().next().map(String::as_str),
        known => known.map(String::as_str),
    };
    let mut warnings = Vec::new();
    for Missing { profile, region, error } in &gaps.failures {
        let place = if is_merged { place(profile.as_ref(), region.as_ref()) } else { self::place(None, region.as_ref()) };
        let said = text.say_with("warning-region", &[("region", place.into()), ("what", error.what(text).into())]);
        warnings.push(Warning { text: said, ..Warning::new(error.code(), account(profile), region.as_ref()) });
    }
    // That nothing else is missing is said where it is true.
    let rest = if gaps.failures.is_empty() && gaps.oddities.is_empty() && gaps.without_nodes.is_empty() && gaps.denials.len() == 1
    {
        Rest::Complete
    } else {
        Rest::Open
    };
    for ((profile, (.., region)), denial) in &gaps.denials {
        let warning = of_denial(denial, account(profile), region.as_ref(), filter, rest, text);
        warnings.push(if is_merged { warning.at(&place(profile.as_ref(), region.as_ref()), text) } else { warning });
    }
    for (place, denial) in &gaps.without_nodes {
        let values =
            [("action", denial.action.into()), ("region", place.region.to_string().into()), ("why", denial.why.word().into())];
        let said = text.say_with("warning-without-nodes", &values);
        let warning = Warning::new(code_of(denial.why), account(&place.profile), Some(&place.region));
        let warning = Warning { text: said, action: Some(denial.action), ..warning };
        warnings.push(if is_merged { warning.at(&self::place(place.profile.as_ref(), None), text) } else { warning });
    }
    for (place, odd) in &gaps.oddities {
        let values = [("action", odd.action.into()), ("region", place.region.to_string().into())];
        let said = text.say_with(&format!("warning-{}", odd.code), &values);
        let action = Some(odd.action);
        let warning = Warning { text: said, action, ..Warning::new(odd.code, account(&place.profile), Some(&place.region)) };
        warnings.push(if is_merged { warning.at(&self::place(place.profile.as_ref(), None), text) } else { warning });
    }
    warnings
}

/// `prod-admin ap-northeast-2`, as far as either is told.
pub fn place(profile: Option<&ProfileName>, region: Option<&Region>) -> String {
    let (profile, region) = (profile.map(ProfileName::shown), region.map(ToString::to_string));
    joined(" ", [profile.as_deref(), region.as_deref()].into_iter().flatten())
}

/// What was passed over in the AWS files.
pub fn of_files(flaws: &[aws::Flaw], text: &Catalogue) -> Vec<Warning> {
    flaws.iter().map(|flaw| Warning { text: flaw.said(text), ..Warning::new(flaw.code(), None, None) }).collect()
}

/// A refused call. A filter that asks about what it would have told cannot let the right rows pass.
pub fn of_denial(
    denial: &Denial,
    account: Option<&str>,
    region: Option<&Region>,
    filter: &Filter,
    rest: Rest,
    text: &Catalogue,
) -> Warning {
    let code = code_of(denial.why);
    // What stands in the column that lacks the answer.
    let title = |name| Column::parse(name).map(|column| column.title(text)).unwrap_or_default();
    let (column, field) = match aws::fills(denial.action) {
        Some(FactKind::Ssm) => (title("ssm"), "ssm"),
        Some(FactKind::Image) => ("image".to_owned(), "image"),
        Some(FactKind::Network | FactKind::Paths | FactKind::KeyPair) => (title("via"), "via"),
        // What a role's policies leave undecided would be asked of a call that is not made.
        Some(FactKind::Role) | None => (title("iam"), "iam"),
    };
    let message = denial.message.as_ref().map(|message| message.shown_in(MESSAGE));
    let message = message.map_or_else(|| "none".to_owned(), |message| message.trim_end_matches('.').to_owned());
    let values = [("action", denial.action.into()), ("column", column.into()), ("message", message.into())];
    // No column lacks anything: a key is found, and a way in judged, on less evidence.
    let less = match aws::fills(denial.action) {
        Some(FactKind::KeyPair) => Some("gap-key-pair"),
        Some(FactKind::Paths) => Some("gap-paths"),
        _ => None,
    };
    if let Some(less) = less {
        let action = [("action", denial.action.into())];
        // The words are those of the reason; a code says more than there are words for.
        let key = format!("gap-{}", denial.why.word().replace('_', "-"));
        let said = format!("{} {}", text.say_with(&key, &action), text.say(less));
        return Warning { text: said, action: Some(denial.action), ..Warning::new(code, account, region) };
    }
    let asked = if filter.asks(field) || filter.asks("via") { "-asked" } else { "" };
    let mut said = text.say_with(&format!("warning-{code}{asked}"), &values);
    if rest == Rest::Complete && asked.is_empty() {
        said = format!("{said} {}", text.say("warning-rest-complete"));
    }
    Warning { text: said, action: Some(denial.action), ..Warning::new(code, account, region) }
}

fn code_of(why: Why) -> &'static str {
    match why {
        Why::AccessDenied => "access-denied",
        Why::Throttled => "throttled",
        Why::Timeout => "timeout",
        Why::Failed | Why::Undecided | Why::Unasked => "aws-error",
    }
}

impl Warning {
    fn new(code: &'static str, account: Option<&str>, region: Option<&Region>) -> Self {
        Self { code, action: None, account: account.map(str::to_owned), region: region.cloned(), text: String::new() }
    }

    /// The same with its place before it.
    fn at(self, place: &str, text: &Catalogue) -> Self {
        let values = [("place", place.to_owned().into()), ("what", self.text.into())];
        Self { text: text.say_with("warning-at", &values), ..self }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As in JSON.
    pub fn object(&self) -> Value {
        json!({
            "code": self.code, "action": self.action, "account": self.account,
            "region": self.region.as_ref().map(Region::as_str), "text": self.text,
        })
    }

    /// Say it on stderr, unless `--quiet`.
    pub fn report(&self, invocation: &Invocation) {
        if !invocation.global.quiet {
            let label = invocation.text.say("message-warning");
            let _ = writeln!(Standard::error(), "{label}[{}]: {}", self.code, self.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_call_names_the_action_and_the_column_that_lacks_it() {
        let denial = Denial { why: Why::AccessDenied, action: "iam:GetInstanceProfile", message: None };

        let warning = of_denial(&denial, Some("123456789012"), None, &Filter::default(), Rest::Complete, &Catalogue::english());

        assert_eq!(warning.text, "iam:GetInstanceProfile is denied. IAM shows ?. The rest is complete.");
        assert_eq!(
            warning.object(),
            json!({"code": "access-denied", "action": "iam:GetInstanceProfile", "account": "123456789012", "region": null,
                   "text": warning.text})
        );
    }

    #[test]
    fn a_filter_that_asks_about_what_is_missing_may_lose_rows() {
        let text = Catalogue::english();
        let failed = Denial { why: Why::Failed, action: "ssm:DescribeInstanceInformation", message: Some("it is broken".into()) };
        let said = |filter: &str| of_denial(&failed, None, None, &filter.parse().unwrap(), Rest::Complete, &text).text;

        assert!(said("web").ends_with("failed: it is broken. SSM shows ?. The rest is complete."), "{}", said("web"));
        for filter in ["ssm:online", "!ssm:lost", "via:eic"] {
            assert!(said(filter).ends_with("rows may be missing."), "{}", said(filter));
        }
    }

    #[test]
    fn every_warning_has_words() {
        let text = Catalogue::english();
        for code in ["access-denied", "throttled", "timeout", "aws-error", "repeated-page", "odd-id", "region", "without-nodes"] {
            assert!(text.has(&format!("warning-{code}")), "{code}");
        }
        for code in ["access-denied", "throttled", "timeout", "aws-error"] {
            assert!(text.has(&format!("warning-{code}-asked")), "{code}");
        }
    }
}
