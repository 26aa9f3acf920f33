//! Why a command ended without doing what it should, in the shape every message has.

use std::io::{self, Write};

use super::Exit;
use super::output::ReaderGone;
use crate::aws;
use crate::config::{Finding, Problems};
use crate::endpoint::Said;
use crate::model::{InvalidFilter, InvalidTarget, Untrusted, display_width};
use crate::text::{Catalogue, Value};

/// What happened, why, and what to do: `error[code]: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Stable and documented; empty: nothing is said.
    pub code: &'static str,
    /// What happened; empty: the catalogue's `error-<code>`, which has no values.
    pub what: String,
    /// Why, one idea a line.
    pub why: Vec<String>,
    /// What to do now, one idea a line.
    pub next: Vec<String>,
    /// What the process exits with.
    pub exit: Exit,
}

impl Failure {
    /// A failure whose sentences are in the catalogue under `error-<code>`, `-why`, `-next`.
    pub fn new(code: &'static str, exit: Exit, text: &Catalogue, values: &[(&'static str, Value)]) -> Self {
        let said = |part: &str| {
            let key = format!("error-{code}-{part}");
            let sentence = text.say_if_whole(&key, values).unwrap_or_default();
            sentence.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Self { code, what: text.say_with(&format!("error-{code}"), values), why: said("why"), next: said("next"), exit }
    }

    /// A failed call.
    pub fn aws(error: &aws::Error, text: &Catalogue) -> Self {
        let exit = match error {
            error if error.lacks_credentials() => Exit::Credentials,
            aws::Error::UnknownStartUrl { .. } | aws::Error::StartUrlAstray { .. } | aws::Error::SignInTimedOut { .. } => {
                Exit::Credentials
            }
            aws::Error::Denied { .. } | aws::Error::RoleNotAssigned { .. } | aws::Error::SignInRefused => Exit::Denied,
            aws::Error::NoRegion { .. }
            | aws::Error::NoSuchRegion { .. }
            | aws::Error::NoProfile { .. }
            | aws::Error::NoSsoSession { .. }
            | aws::Error::SessionNameTaken { .. }
            | aws::Error::PlainEndpoint { .. }
            | aws::Error::BadProfile { .. }
            | aws::Error::BadVariable { .. }
            | aws::Error::BadFiles { .. } => Exit::Usage,
            aws::Error::NoSuchInstance => Exit::NotFound,
            _ => Exit::Failed,
        };
        let lines = |sentence: Option<String>| sentence.into_iter().collect::<Vec<_>>();
        Self {
            code: error.code(),
            what: error.what(text),
            why: lines(error.why(text)),
            next: lines(error.next(text)).into_iter().chain(error.also(text)).collect(),
            exit,
        }
    }

    /// A tunnel through an endpoint that did not open, or ended.
    pub fn tunnel(said: Said, exit: Exit) -> Self {
        let Said { code, what, why, next } = said;
        Self { code, what, why, next, exit }
    }

    /// The same failure with further reasons, the first to be read.
    pub fn because_of(mut self, mut reasons: Vec<String>) -> Self {
        reasons.append(&mut self.why);
        Self { why: reasons, ..self }
    }

    /// A configuration file that cannot be used.
    pub fn config(problems: &Problems, text: &Catalogue) -> Self {
        let path = Untrusted::from(problems.path.to_string_lossy().into_owned()).shown_in(200);
        let mut failure = Self::new("config", Exit::Usage, text, &[("path", path.into())]);
        failure.why = problems.findings.iter().map(|finding| finding.located(text)).collect();
        failure
    }

    /// A variable of the environment that cannot be used.
    pub fn variable(finding: &Finding, text: &Catalogue) -> Self {
        Self { what: finding.text(text), ..Self::new("usage", Exit::Usage, text, &[]) }
    }

    /// A filter that cannot be understood.
    pub fn filter(error: &InvalidFilter, text: &Catalogue) -> Self {
        let values: Vec<(&'static str, Value)> = error.values().into_iter().map(|(name, value)| (name, value.into())).collect();
        Self::new(error.code(), Exit::Usage, text, &values)
    }

    /// A text that names no instance.
    pub fn target(error: &InvalidTarget, text: &Catalogue) -> Self {
        let (code, shown) = match error {
            InvalidTarget::Empty => ("target-empty", ""),
            InvalidTarget::LikeAnOption { shown } => ("target-option", shown.as_str()),
            InvalidTarget::Ip { shown } => ("target-ip", shown.as_str()),
            InvalidTarget::Tag { shown } => ("target-tag", shown.as_str()),
        };
        Self::new(code, Exit::NotFound, text, &[("target", shown.to_owned().into())])
    }

    /// Something this version lacks.
    pub fn not_in_this_version(what: &str, text: &Catalogue) -> Self {
        let what = Untrusted::from(what).shown_in(40);
        Self::new("not-in-this-version", Exit::Usage, text, &[("what", what.into())])
    }

    /// Say it on stderr. Where even that fails, there is nobody to tell.
    pub fn report(&self, stderr: &mut dyn Write, text: &Catalogue) {
        if self.code.is_empty() {
            return;
        }
        let _ = self.write(stderr, text);
    }

    fn write(&self, stderr: &mut dyn Write, text: &Catalogue) -> io::Result<()> {
        let what = if self.what.is_empty() { text.say(&format!("error-{}", self.code)) } else { self.what.clone() };
        writeln!(stderr, "{}[{}]: {what}", text.say("message-error"), self.code)?;
        for (label, lines) in [("message-why", &self.why), ("message-next", &self.next)] {
            let label = format!("{}:", text.say(label));
            let width = display_width(&label).max(5);
            for (number, line) in lines.iter().enumerate() {
                let label = if number == 0 { label.as_str() } else { "" };
                writeln!(stderr, "  {label}{:gap$} {line}", "", gap = width - display_width(label))?;
            }
        }
        Ok(())
    }
}

/// Nobody reads on: that ends a command quietly. Everything else, pipes that break elsewhere included, is a failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.get_ref().is_some_and(|inner| inner.is::<ReaderGone>()) {
            return Self { code: "", what: String::new(), why: Vec::new(), next: Vec::new(), exit: Exit::Done };
        }
        // Made where no catalogue is at hand: what happened is said when it is reported.
        Self { code: "output", what: String::new(), why: vec![error.to_string()], next: Vec::new(), exit: Exit::Failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::Stdout;

    fn said(failure: &Failure) -> String {
        let mut bytes = Vec::new();
        failure.report(&mut bytes, &Catalogue::english());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_failure_says_what_why_and_next_in_one_shape() {
        let failure = Failure {
            code: "no-way-in",
            what: "cannot connect".to_owned(),
            why: vec!["eic: no address".to_owned(), "ssh: no key".to_owned()],
            next: vec!["ec2dash show web-1".to_owned()],
            exit: Exit::NoWay,
        };

        assert_eq!(
            said(&failure),
            "error[no-way-in]: cannot connect\n  why:  eic: no address\n        ssh: no key\n  next: ec2dash show web-1\n"
        );
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure_and_any_other_broken_pipe_is() {
        struct Broken;
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut out = io::BufWriter::new(Stdout(Broken));
        out.write_all(b"a row").unwrap();

        let of_output = Failure::from(out.flush().unwrap_err());
        let of_another = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));

        assert_eq!((of_output.exit, said(&of_output)), (Exit::Done, String::new()));
        assert_eq!(of_another.exit, Exit::Failed);
        assert_eq!(said(&of_another), "error[output]: the output cannot be written\n  why:  broken pipe\n");
    }

    #[test]
    fn denied_and_missing_credentials_have_their_own_codes() {
        let text = Catalogue::english();
        let denied = aws::Error::Denied { action: "ec2:DescribeInstances", message: "no".into() };

        assert_eq!(Failure::aws(&denied, &text).exit, Exit::Denied);
        assert_eq!(Failure::aws(&aws::Error::NoCredentials, &text).exit, Exit::Credentials);
    }

    #[test]
    fn every_failure_of_this_room_has_words() {
        let text = Catalogue::english();
        let room = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
        let mut codes = 0;
        for file in std::fs::read_dir(room).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let source = std::fs::read_to_string(&file).unwrap();
            for made in [".failure(\"", "Failure::new(\"", "Self::new(\""] {
                for code in source.split(made).skip(1).filter_map(|rest| rest.split('"').next()) {
                    codes += 1;
                    assert!(text.has(&format!("error-{code}")), "{code} in {}", file.display());
                }
            }
        }
        assert!(codes > 15, "{codes}");
    }
}
