//! A plan as `--dry-run` prints it: lines for people, JSON for programs.

use serde_json::{Value, json};

use super::{Argument, Blank, Plan, SerialConsole, SshLogin, SshPlace, Step};
use crate::access::{Method, ShellCommand};
use crate::aws::documents;
use crate::config::HostKeys;
use crate::model::{Untrusted, display_width};
use crate::text::{Catalogue, shell_word};

/// Columns of the words before what they name.
const LABEL_WIDTH: usize = 9;

impl Plan {
    /// The plan for people. Words are quoted so that a shell would take them; what is made at run time stands in `<…>`.
    pub fn lines(&self, text: &Catalogue) -> Vec<String> {
        let target = [
            Some(self.target.shown()),
            self.target.account.as_ref().map(|id| text.say_with("plan-account", &[("account", id.to_string().into())])),
            Some(self.target.place.region.to_string()),
        ];
        let method = match &self.best_of {
            Some(methods) => text.say_with("plan-best-of", &[("methods", ids(methods).into())]),
            None => text.say("plan-as-asked"),
        };
        let login = self.login.as_ref().map(|login| {
            let mut values = vec![
                ("user", login.user.as_str().to_owned().into()),
                ("source", text.say(login.source.key()).into()),
                ("port", login.port.to_string().into()),
            ];
            let key = match &login.place {
                SshPlace::Proxy { through } => {
                    values.push(("through", text.say(through).into()));
                    "plan-login-proxy"
                }
                SshPlace::Endpoint { id, address, .. } => {
                    values.extend([("endpoint", id.to_string().into()), ("address", address.to_string().into())]);
                    "plan-login-endpoint"
                }
                SshPlace::Address { address, kind } => {
                    values.extend([("address", address.to_string().into()), ("kind", text.say(kind.key()).into())]);
                    match &login.jump {
                        Some(host) => {
                            values.push(("jump", host.instance.shown().into()));
                            "plan-login-jump"
                        }
                        None => "plan-login",
                    }
                }
            };
            (text.say("plan-head-login"), text.say_with(key, &values))
        });
        let head = [
            (text.say("plan-head-target"), target.into_iter().flatten().collect::<Vec<_>>().join(", ")),
            (text.say("plan-head-method"), format!("{}: {method}", self.method.id())),
        ];
        let head = head.into_iter().chain(login).map(|(label, line)| format!("{}{line}", padded(label, LABEL_WIDTH)));
        let steps = self.steps.iter().filter(|step| step.does_something()).enumerate().map(|(at, step)| {
            let number = at + 1;
            format!("{number} {}{}", padded(step.word().to_owned(), LABEL_WIDTH + 1), self.step_line(step, text))
        });
        let otherwise = self.otherwise.as_ref().map(|otherwise| {
            let values = [("method", otherwise.method.id().into()), ("id", self.target.id.to_string().into())];
            text.say_with("plan-otherwise", &values)
        });
        head.chain(steps).chain(otherwise).collect()
    }

    /// The command line of OpenSSH alone, as in [`Self::lines`].
    pub fn command_line(&self) -> String {
        self.steps.iter().filter_map(exec_line).next().unwrap_or_default()
    }

    /// The plan for programs, in the documented form.
    pub fn json(&self) -> Value {
        json!({
            "schema": 1,
            "plan": {
                "target": self.target.id.as_str(),
                "account": self.target.account.as_ref().map(ToString::to_string),
                "region": self.target.place.region.as_str(),
                "method": self.method.id(),
                "address": self.login.as_ref().and_then(SshLogin::address).map(|address| address.to_string()),
                "port": self.login.as_ref().map(|login| login.port),
                "user": self.login.as_ref().map(|login| login.user.as_str()),
                "steps": self.steps.iter().filter(|step| step.does_something()).map(|step| self.step_json(step)).collect::<Vec<_>>(),
                "otherwise": self.otherwise.as_ref().map(|otherwise| otherwise.method.id()),
            },
        })
    }

    /// The call that tells of the target; EC2 knows no hybrid node.
    fn described_by(&self) -> &'static str {
        if self.target.id.is_hybrid() { "ssm:DescribeInstanceInformation" } else { "ec2:DescribeInstances" }
    }

    fn step_line(&self, step: &Step, text: &Catalogue) -> String {
        match step {
            Step::Describe { .. } => format!("{} {}", self.described_by(), self.target.id),
            Step::HostKey { checking, .. } => {
                let key = if self.target.id.is_hybrid() { "plan-host-key-node" } else { "plan-host-key" };
                let otherwise = if *checking == HostKeys::Strict { "plan-host-key-strict" } else { "plan-host-key-verify" };
                text.say_with(key, &[("id", self.target.id.to_string().into()), ("otherwise", text.say(otherwise).into())])
            }
            Step::PushKey { user, file: None } => text.say_with("plan-push-key", &[("user", user.as_str().to_owned().into())]),
            Step::PushKey { user, file: Some(file) } => {
                let path = shell_word(&Untrusted::from(file.to_string_lossy().as_ref()).shown());
                text.say_with("plan-push-own-key", &[("user", user.as_str().to_owned().into()), ("path", path.into())])
            }
            Step::OpenKey { file } => text.say_with(
                "plan-open-key",
                &[("path", shell_word(&Untrusted::from(file.to_string_lossy().as_ref()).shown()).into())],
            ),
            Step::NameKey { public } => text.say_with("plan-name-key", &[("key", public.line().into())]),
            Step::Serial(console) => {
                let values = [("id", self.target.id.to_string().into()), ("host", console.host.host.clone().into())];
                let said = text.say_with("plan-serial", &values);
                format!(
                    "{said}: {}",
                    serial_words(self, console).iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
                )
            }
            Step::Session { shell } => {
                let own = || text.say("plan-own-shell");
                let shell = shell
                    .command()
                    .map_or_else(own, |line| format!("{} command={}", documents::INTERACTIVE, shell_word(line.as_str())));
                let values = [("id", self.target.id.to_string().into()), ("document", shell.into())];
                text.say_with("plan-session", &values)
            }
            Step::Jump { host } => {
                let method = host.way.map_or_else(|| "ssh".to_owned(), |(method, _)| method.id().to_owned());
                text.say_with("plan-jump", &[("jump", host.instance.shown().into()), ("method", method.into())])
            }
            Step::Exec { .. } => exec_line(step).unwrap_or_default(),
        }
    }

    fn step_json(&self, step: &Step) -> Value {
        match step {
            Step::Describe { .. } => {
                json!({"step": step.word(), "action": self.described_by(), "instance": self.target.id.as_str()})
            }
            Step::HostKey { .. } => json!({
                "step": step.word(),
                "action": if self.target.id.is_hybrid() { "ssm:StartSession" } else { "ec2:GetConsoleOutput" },
                "instance": self.target.id.as_str(),
            }),
            Step::PushKey { user, file } => {
                let mut pushed = json!({
                    "step": step.word(),
                    "action": "ec2-instance-connect:SendSSHPublicKey",
                    "instance": self.target.id.as_str(),
                    "user": user.as_str(),
                    "valid_seconds": 60,
                });
                match file {
                    Some(file) => pushed["file"] = file.to_string_lossy().into(),
                    None => pushed["key_type"] = "ed25519".into(),
                }
                pushed
            }
            Step::OpenKey { file } => json!({"step": step.word(), "file": file.to_string_lossy()}),
            Step::NameKey { public } => json!({"step": step.word(), "public_key": public.line(), "held_by": "agent"}),
            Step::Serial(console) => json!({
                "step": step.word(),
                "action": "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
                "instance": self.target.id.as_str(),
                "host": console.host.host,
                "fingerprint": console.host.fingerprint.to_string(),
                "argv": serial_words(self, console),
            }),
            Step::Session { shell } => json!({
                "step": step.word(),
                "action": "ssm:StartSession",
                "target": self.target.id.as_str(),
                "document": shell.command().map(|_| documents::INTERACTIVE),
                "command": shell.command().map(ShellCommand::as_str),
            }),
            Step::Jump { host } => json!({
                "step": step.word(),
                "instance": host.instance.id.as_str(),
                "region": host.instance.place.region.as_str(),
                "method": host.way.map(|(method, _)| method.id()),
            }),
            Step::Exec { program, arguments } => {
                let words = [program.to_string_lossy().into_owned()].into_iter().chain(arguments.iter().map(Argument::bare));
                json!({"step": step.word(), "argv": words.collect::<Vec<_>>()})
            }
        }
    }
}

impl Step {
    /// Whether it is worth a line: a host key that is kept, or that is taken as it is shown, is nothing that is done.
    fn does_something(&self) -> bool {
        !matches!(self, Self::HostKey { is_kept: true, .. } | Self::HostKey { checking: HostKeys::AcceptNew, .. })
    }

    /// The word for the step, the same in every language.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Describe { .. } => "describe",
            Self::HostKey { .. } => "host-key",
            Self::PushKey { .. } => "push-key",
            Self::NameKey { .. } => "name-key",
            Self::OpenKey { .. } => "open-key",
            Self::Serial(_) => "serial",
            Self::Session { .. } => "session",
            Self::Jump { .. } => "jump",
            Self::Exec { .. } => "exec",
        }
    }
}

impl Argument {
    /// The word with its blank as `<…>`.
    fn bare(&self) -> String {
        match self {
            Self::Word(word) => word.to_string_lossy().into_owned(),
            Self::Destination(destination) => destination.word().to_string_lossy().into_owned(),
            Self::Filled { before, blank } => format!("{before}{}", blank.placeholder()),
        }
    }

    fn quoted(&self) -> String {
        match self {
            // The user's own arguments may hold anything, and this goes to a screen.
            Self::Word(word) => shell_word(&Untrusted::from(word.to_string_lossy().as_ref()).shown()),
            Self::Filled { .. } => self.bare(),
            Self::Destination(destination) => shell_word(&Untrusted::from(destination.word().to_string_lossy().as_ref()).shown()),
        }
    }
}

impl Blank {
    fn placeholder(self) -> &'static str {
        match self {
            Self::AgentSocket => "<socket>",
            Self::PublicKey => "<public-key>",
            Self::KnownHosts => "<known-hosts>",
            Self::HostKeyChecking => "<yes-or-accept-new>",
            Self::HostKeyCommand => "<host-keys>",
            Self::UserAgent => "<your-agent>",
        }
    }
}

/// ssh's words, with what is made at run time in `<…>`.
fn serial_words(plan: &Plan, console: &SerialConsole) -> Vec<String> {
    let config = (!console.uses_ssh_config).then_some(["-F", "none"]).into_iter().flatten().map(str::to_owned);
    let made = [Blank::AgentSocket, Blank::PublicKey, Blank::HostKeyCommand].map(Blank::placeholder);
    let words = console.arguments(&plan.target.id, made);
    let words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
    let program = console.program().into_iter().map(|word| word.to_string_lossy().into_owned());
    program.chain(config).chain(words).collect()
}

fn exec_line(step: &Step) -> Option<String> {
    let Step::Exec { program, arguments } = step else { return None };
    let words = [shell_word(&program.to_string_lossy())].into_iter().chain(arguments.iter().map(Argument::quoted));
    Some(words.collect::<Vec<_>>().join(" "))
}

fn ids(methods: &[Method]) -> String {
    methods.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ")
}

/// `label` and at least one space.
fn padded(label: String, width: usize) -> String {
    let missing = width.saturating_sub(display_width(&label)).max(1);
    format!("{label}{}", " ".repeat(missing))
}
