//! What a user reads when a call fails: what happened, why, and what to do now.

use jiff::Timestamp;

use super::certificate::{CertificateFlaw, Moments};
use super::{Error, SignInEnd};
use crate::model::{MfaDevice, ProfileName};
use crate::text::{Catalogue, Value, shell_word};

/// Most columns of a text of AWS in a sentence.
const QUOTED: usize = 200;
/// Most columns of a name in a sentence.
const NAME: usize = 60;

impl Error {
    /// What happened, in one sentence.
    pub fn what(&self, text: &Catalogue) -> String {
        let mut values = text.with_cause(self.values());
        if let Self::SignInEnded { end: SignInEnd::Ended { at: Some(at) }, .. } = self {
            values.push(("ago", ago(*at, Timestamp::now(), text).into()));
        }
        text.say_with(&format!("error-{}", self.code()), &values)
    }

    /// What is wrong, in one sentence for a list that names the profile itself.
    pub fn in_short(&self, text: &Catalogue) -> String {
        match self {
            Self::BadProfile { flaw, .. } => flaw.said(text),
            _ => self.what(text),
        }
    }

    /// Why, as far as it is known.
    pub fn why(&self, text: &Catalogue) -> Option<String> {
        self.said(text, "why")
    }

    /// What the user can do now.
    pub fn next(&self, text: &Catalogue) -> Option<String> {
        self.said(text, "next")
    }

    /// What helps besides.
    pub fn also(&self, text: &Catalogue) -> Option<String> {
        matches!(self, Self::NoRegion { .. }).then(|| text.say_if_whole("no-region-also", &self.values())).flatten()
    }

    /// The command line that mends it, if there is one.
    pub fn command(&self) -> Option<String> {
        match self {
            Self::SignInEnded { remedy, .. } => Some(command(remedy)),
            // What it gives is found here.
            Self::MfaNeeded { device, is_kept: true } => {
                Some(command(&["ec2dash", "whoami", "--profile", device.profile.raw()].map(str::to_owned)))
            }
            _ => None,
        }
    }

    /// A sentence that some errors have and others lack; one that would have a gap is not said.
    fn said(&self, text: &Catalogue, part: &str) -> Option<String> {
        let key = format!("error-{}-{part}", self.code());
        text.say_if_whole(&key, &text.with_cause(self.values())).map(|sentence| sentence.trim().to_owned())
    }

    /// The values of all its sentences, fit for a screen.
    fn values(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::NoCredentials => vec![("demo", if cfg!(feature = "demo") { "yes" } else { "no" }.into())],
            Self::NoSuchInstance | Self::NoSuchSession | Self::SignInRefused | Self::CodeRefused { .. } | Self::DeviceUnknown => {
                Vec::new()
            }
            Self::NoProfile { profile } | Self::Expired { profile } => {
                vec![("profile", profile.shown_in(NAME).into()), named(!profile.is_empty())]
            }
            Self::NoRegion { profile, having } => {
                let mut values = vec![("profile", profile.shown_in(NAME).into()), named(!profile.is_empty())];
                values.extend(ProfileName::some_of(having).map(|names| ("profiles", names.into())));
                values
            }
            Self::SignInEnded { profile, session, remedy, end } => {
                let mut values = vec![
                    ("profile", profile.shown_in(NAME).into()),
                    ("session", session.as_ref().map(|session| session.shown_in(NAME)).unwrap_or_default().into()),
                    ("command", command(remedy).into()),
                    ("how", end.word().into()),
                    named(session.is_some()),
                ];
                if let SignInEnd::Revoked { region } = end {
                    values.push(("region", region.clone().into()));
                }
                values
            }
            Self::RoleNotAssigned { role, account, session } => vec![
                ("role", role.shown_in(NAME).into()),
                ("account", account.shown_in(NAME).into()),
                ("session", session.shown_in(NAME).into()),
            ],
            Self::NoSsoSession { profile } => vec![("profile", profile.shown_in(NAME).into())],
            Self::UnknownStartUrl { start_url, region, session } => vec![
                ("url", start_url.shown_in(QUOTED).into()),
                ("region", region.clone().into()),
                ("session", session.as_ref().map(|session| session.shown_in(NAME)).unwrap_or_default().into()),
                named(session.is_some()),
            ],
            Self::StartUrlAstray { start_url, to } => {
                let mut values = vec![("url", start_url.shown_in(QUOTED).into())];
                values.extend(to.as_ref().map(|to| ("to", to.shown_in(QUOTED).into())));
                values
            }
            Self::SessionNameTaken { session } => vec![("session", session.shown_in(NAME).into())],
            Self::SignInTimedOut { after } => vec![("minutes", after.as_secs().div_ceil(60).to_string().into())],
            Self::SignInNotKept { path, cause } => {
                vec![("path", path.shown_in(QUOTED).into()), ("cause", cause.shown_in(QUOTED).into())]
            }
            Self::MfaNeeded { device: MfaDevice { profile, serial }, is_kept } => {
                let word = shell_word(&profile.shown());
                vec![
                    ("profile", profile.shown_in(NAME).into()),
                    ("profile-word", word.into()),
                    ("device", serial.shown_in(NAME).into()),
                    ("kept", if *is_kept { "yes" } else { "no" }.into()),
                ]
            }
            Self::SecurityKey { profile, device } | Self::CodeOfNobody { profile, device } => {
                let word = shell_word(&profile.shown());
                vec![
                    ("profile", profile.shown_in(NAME).into()),
                    ("profile-word", word.into()),
                    ("device", device.shown_in(NAME).into()),
                ]
            }
            Self::ProgramUnasked { profile, programs } => {
                let lines: Vec<String> = programs.iter().map(|program| program.line.shown_in(QUOTED)).collect();
                vec![("profile", profile.shown_in(NAME).into()), ("programs", lines.join(", ").into())]
            }
            Self::ProgramFailed { profile, message } => {
                vec![("profile", profile.shown_in(NAME).into()), ("message", message.told().shown_in(QUOTED).into())]
            }
            Self::CredentialsFailed { message } => vec![("message", message.told().shown_in(QUOTED).into())],
            Self::InvalidCredentials { aws_code, message } => {
                vec![("aws-code", aws_code.shown_in(NAME).into()), ("message", message.shown_in(QUOTED).into())]
            }
            Self::RegionOff { region } => vec![("region", region.clone().into())],
            Self::NoSuchRegion { region, nearest } => {
                vec![("region", region.clone().into()), ("nearest", nearest.unwrap_or_default().into())]
            }
            Self::RegionOrKeys { region, aws_code } => {
                vec![("region", region.clone().into()), ("aws-code", aws_code.shown_in(NAME).into())]
            }
            Self::Denied { action, message } => vec![("action", (*action).into()), ("message", message.shown_in(QUOTED).into())],
            Self::ClockSkew { ahead } => clock(*ahead),
            Self::Throttled { action } => vec![("action", (*action).into())],
            Self::Timeout { action, after } => {
                vec![("action", (*action).into()), ("seconds", after.as_secs().to_string().into())]
            }
            Self::Unreachable { host, cause } => vec![("host", host.clone().into()), ("cause", cause.shown_in(QUOTED).into())],
            Self::Proxy { proxy, host, cause } => {
                vec![("proxy", proxy.clone().into()), ("host", host.clone().into()), ("cause", cause.shown_in(QUOTED).into())]
            }
            Self::Certificate { host, proxy, flaw } => {
                let by = match proxy {
                    None => "host",
                    Some(proxy) if proxy == host => "itself",
                    Some(_) => "proxy",
                };
                let mut values = vec![("host", host.clone().into()), ("by", by.into())];
                values.extend(proxy.clone().map(|proxy| ("proxy", proxy.into())));
                values.extend(of_certificate(flaw));
                values
            }
            Self::BadVariable { variable, cause } => {
                vec![("variable", variable.clone().into()), ("cause", cause.shown_in(QUOTED).into())]
            }
            Self::Garbled { action, cause } => vec![("action", (*action).into()), ("cause", cause.shown_in(QUOTED).into())],
            Self::PlainEndpoint { host } => vec![("host", host.clone().into())],
            Self::NotConnected { message } | Self::TierNeeded { message } | Self::NoCapacity { message } => {
                vec![("message", message.shown_in(QUOTED).into())]
            }
            Self::BadProfile { profile, flaw } => {
                let mut values = flaw.values();
                values.push(("profile", profile.shown_in(NAME).into()));
                values
            }
            Self::BadFiles { cause } => vec![("cause", cause.shown_in(QUOTED).into())],
            Self::Service { action, aws_code, message } => vec![
                ("action", (*action).into()),
                ("aws-code", aws_code.shown_in(NAME).into()),
                ("message", message.shown_in(QUOTED).into()),
            ],
        }
    }
}

fn of_certificate(flaw: &CertificateFlaw) -> Vec<(&'static str, Value)> {
    let minute = |time: Timestamp| Value::from(time.strftime("%Y-%m-%d %H:%M UTC").to_string());
    match flaw {
        CertificateFlaw::Expired(Some(Moments { edge, clock })) | CertificateFlaw::NotYetValid(Some(Moments { edge, clock })) => {
            vec![("edge", minute(*edge)), ("clock", minute(*clock))]
        }
        CertificateFlaw::OtherName { names: Some(names) } => vec![("names", names.shown_in(QUOTED).into())],
        CertificateFlaw::Refused { cause } => vec![("cause", cause.shown_in(QUOTED).into())],
        CertificateFlaw::UnknownIssuer
        | CertificateFlaw::Expired(None)
        | CertificateFlaw::NotYetValid(None)
        | CertificateFlaw::OtherName { names: None } => Vec::new(),
    }
}

/// `14 min ago`.
fn ago(then: Timestamp, now: Timestamp, text: &Catalogue) -> String {
    let span = text.span(now.as_second().saturating_sub(then.as_second()));
    text.say_with("span-ago", &[("span", span.into())])
}

/// Whether a sentence has a name to say.
fn named(is_named: bool) -> (&'static str, Value) {
    ("named", if is_named { "yes" } else { "no" }.into())
}

/// A command line to copy.
fn command(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| shell_word(&crate::model::Untrusted::from(word.as_str()).shown())).collect();
    words.join(" ")
}

fn clock(ahead: Option<i64>) -> Vec<(&'static str, Value)> {
    let side = match ahead {
        Some(ahead) if ahead >= 0 => "behind",
        Some(_) => "ahead",
        None => "unknown",
    };
    let seconds = ahead.unwrap_or_default().unsigned_abs();
    let amount = match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, ..) => format!("{days} d {hours} h"),
    };
    vec![("side", side.into()), ("amount", amount.into())]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::flaw::{Fault, Flaw};
    use super::*;

    fn device() -> MfaDevice {
        MfaDevice { profile: "prod".into(), serial: "mfa/jane".into() }
    }

    /// One error of every kind.
    fn all() -> Vec<Error> {
        vec![
            Error::NoCredentials,
            Error::NoProfile { profile: "prod".into() },
            ended("prod", Some("corp"), SignInEnd::Missing),
            ended("prod", None, SignInEnd::Ended { at: Some(Timestamp::UNIX_EPOCH) }),
            ended("prod", Some("corp"), SignInEnd::Revoked { region: "eu-west-1".to_owned() }),
            Error::RoleNotAssigned { role: "Admin".into(), account: "123456789012".into(), session: "corp".into() },
            Error::NoSsoSession { profile: "prod".into() },
            Error::UnknownStartUrl { start_url: "https://x/start".into(), region: "eu-west-1".to_owned(), session: None },
            Error::StartUrlAstray { start_url: "https://aws.corp.example".into(), to: Some("http://x".into()) },
            Error::SessionNameTaken { session: "corp".into() },
            Error::SignInTimedOut { after: Duration::from_secs(600) },
            Error::SignInRefused,
            Error::SignInNotKept { path: "~/.aws/sso/cache".into(), cause: "read-only".into() },
            Error::Expired { profile: "prod".into() },
            Error::MfaNeeded { device: device(), is_kept: true },
            Error::MfaNeeded { device: device(), is_kept: false },
            Error::CodeRefused { device: device() },
            Error::DeviceUnknown,
            Error::SecurityKey { profile: "prod".into(), device: "u2f/jane".into() },
            Error::CodeOfNobody { profile: "prod".into(), device: "mfa/jane".into() },
            Error::ProgramUnasked { profile: "prod".into(), programs: Vec::new() },
            Error::ProgramFailed { profile: "prod".into(), message: "exit code 1".into() },
            Error::CredentialsFailed { message: "no role".into() },
            Error::InvalidCredentials { aws_code: "InvalidClientTokenId".into(), message: "no".into() },
            Error::NoRegion { profile: "prod".into(), having: vec![ProfileName::new("dev")] },
            Error::RegionOff { region: "ap-east-1".to_owned() },
            Error::NoSuchRegion { region: "eu-wset-1".to_owned(), nearest: Some("eu-west-1") },
            Error::NoSuchRegion { region: "xx-none-1".to_owned(), nearest: None },
            Error::RegionOrKeys { region: "ap-east-1".to_owned(), aws_code: "AuthFailure".into() },
            Error::Denied { action: "ec2:DescribeInstances", message: "no".into() },
            Error::ClockSkew { ahead: Some(603) },
            Error::Throttled { action: "ec2:DescribeInstances" },
            Error::Timeout { action: "ec2:DescribeInstances", after: Duration::from_secs(15) },
            Error::Unreachable { host: "ec2.us-east-1.amazonaws.com".to_owned(), cause: "name not found".into() },
            Error::Proxy { proxy: "proxy:3128".to_owned(), host: "ec2.us-east-1.amazonaws.com".to_owned(), cause: "no".into() },
            certificate(CertificateFlaw::UnknownIssuer, None),
            certificate(CertificateFlaw::UnknownIssuer, Some("proxy:3128")),
            certificate(CertificateFlaw::Expired(Some(moments())), None),
            certificate(CertificateFlaw::Expired(None), Some("proxy:3128")),
            certificate(CertificateFlaw::NotYetValid(Some(moments())), None),
            certificate(CertificateFlaw::OtherName { names: Some("web.example".into()) }, None),
            certificate(CertificateFlaw::OtherName { names: None }, Some("proxy:3128")),
            certificate(CertificateFlaw::Refused { cause: "revoked".into() }, None),
            certificate(CertificateFlaw::UnknownIssuer, Some("host:3128")),
            Error::BadVariable { variable: "HTTPS_PROXY".to_owned(), cause: "no".into() },
            Error::Garbled { action: "ec2:DescribeInstances", cause: "not XML".into() },
            Error::PlainEndpoint { host: "attacker".to_owned() },
            Error::NoSuchInstance,
            Error::NotConnected { message: "no".into() },
            Error::TierNeeded { message: "no".into() },
            Error::NoCapacity { message: "no".into() },
            Error::NoSuchSession,
            Error::BadProfile { profile: "prod".into(), flaw: Box::new(flaw()) },
            Error::BadFiles { cause: "no".into() },
            Error::Service { action: "ec2:DescribeInstances", aws_code: "InternalError".into(), message: "no".into() },
            Error::Service { action: "ec2:StartInstances", aws_code: "IncorrectInstanceState".into(), message: "no".into() },
            Error::Service { action: "ec2:StartInstances", aws_code: "Blocked".into(), message: "no".into() },
        ]
    }

    fn flaw() -> Flaw {
        Flaw { file: "~/.aws/config".into(), line: Some(7), fault: Fault::WordMissing("prod".into()) }
    }

    fn certificate(flaw: CertificateFlaw, proxy: Option<&str>) -> Error {
        Error::Certificate { host: "ec2.us-east-1.amazonaws.com".to_owned(), proxy: proxy.map(str::to_owned), flaw }
    }

    fn moments() -> Moments {
        Moments { edge: "2026-01-31T12:00:00Z".parse().unwrap(), clock: "2026-02-01T12:00:00Z".parse().unwrap() }
    }

    fn ended(profile: &str, session: Option<&str>, end: SignInEnd) -> Error {
        let remedy = ["ec2dash", "login", "--profile", profile].map(str::to_owned).to_vec();
        Error::SignInEnded { profile: profile.into(), session: session.map(Into::into), remedy, end }
    }

    #[test]
    fn every_error_says_what_happened_and_what_to_do() {
        let text = Catalogue::english();
        for error in all() {
            let sentences = [Some(error.what(&text)), error.why(&text), error.next(&text)];

            assert!(sentences[0].as_ref().is_some_and(|what| !what.starts_with("error-")), "{error:?}");
            assert!(sentences[2].is_some(), "{error:?}");
            for sentence in sentences.into_iter().flatten() {
                assert!(!sentence.contains('{') && !sentence.contains('$'), "{sentence}");
            }
        }
    }

    #[test]
    fn an_ended_sign_in_names_the_session_and_the_command_that_mends_it() {
        let text = Catalogue::english();
        let at = Some(Timestamp::now() - jiff::SignedDuration::from_mins(14));
        let said = |session, end| ended("my prod", session, end).what(&text);

        assert_eq!(said(Some("corp"), SignInEnd::Missing), "Not signed in to SSO session \"corp\".");
        assert_eq!(said(Some("corp"), SignInEnd::Ended { at }), "Sign-in for SSO session \"corp\" ended 14 min ago.");
        assert_eq!(said(Some("corp"), SignInEnd::Ended { at: None }), "Sign-in for SSO session \"corp\" has ended.");
        assert_eq!(said(Some("corp"), SignInEnd::Damaged), "The sign-in for SSO session \"corp\" cannot be read.");
        assert_eq!(said(None, SignInEnd::Missing), "Not signed in for profile my prod.");
        assert_eq!(said(None, SignInEnd::Console), "The console sign-in of profile my prod is missing or has ended.");
        let revoked = ended("my prod", Some("corp"), SignInEnd::Revoked { region: "eu-west-1".to_owned() });
        assert!(revoked.why(&text).unwrap().contains("sso_region = eu-west-1"));
        assert!(revoked.next(&text).unwrap().contains("ec2dash login --profile 'my prod'"));
        assert_eq!(ended("prod", None, SignInEnd::Missing).why(&text), None);
    }

    #[test]
    fn a_wrong_clock_is_told_by_how_much() {
        let text = Catalogue::english();
        let said = |ahead| Error::ClockSkew { ahead }.what(&text);

        assert_eq!(said(Some(603)), "Your clock is 10 min 3 s behind AWS, so requests are refused.");
        assert_eq!(said(Some(-86_400)), "Your clock is 1 d 0 h ahead of AWS, so requests are refused.");
        assert_eq!(said(None), "Your clock differs from that of AWS, so requests are refused.");
    }

    #[test]
    fn what_aws_says_moves_no_cursor() {
        let error = Error::Denied { action: "ec2:DescribeInstances", message: "\u{1b}]0;x\u{7}\n".into() };

        assert!(!error.why(&Catalogue::english()).unwrap().chars().any(char::is_control));
    }
}
