//! What OpenSSH's last words mean for an EC2 instance (docs/access-rules.md 2.4): the probable cause, and what to do next.

use crate::access::{Channel, JumpHost, Login, logins, place_flags};
use crate::model::{HostKeyOrigin, InstanceId};
use crate::text::{Catalogue, Value};

use super::own_error::{self, OwnError};
use super::{Argument, Plan, SshLogin, Step};

/// What an error of OpenSSH probably means. It holds nothing of the far side's words but what was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Stable and documented: `eic-key-refused`.
    pub code: &'static str,
    /// Values for the sentences, fit for a screen.
    pub values: Vec<(&'static str, String)>,
}

/// Where a login ended before anybody was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// No sshd said a word.
    Unreached,
    /// The host closed the connection.
    Closed,
}

/// What in ssh's words tells of what, the most telling first: an error drags others behind it.
const SIGNS: [(&[&str], &str); 28] = [
    (&["REMOTE HOST IDENTIFICATION HAS CHANGED"], "host-key-changed"),
    (&["Host key verification failed"], "host-key-refused"),
    (&["Bad configuration option", "bad configuration options", "Bad owner or permissions"], "ssh-config-broken"),
    (
        &[
            "Unable to negotiate",
            "no matching key exchange",
            "no matching host key type",
            "no matching cipher",
            "no matching MAC",
        ],
        "no-common-algorithm",
    ),
    // What a jump host says stands before this, and is another machine's trouble.
    (&["UNKNOWN port 65535", "stdio forwarding failed"], "jump-failed"),
    (&["Please login as the user"], "other-user"),
    (&["UNPROTECTED PRIVATE KEY FILE", "bad permissions"], "key-too-open"),
    (&["incorrect passphrase"], "key-passphrase"),
    (&["invalid format", "error in libcrypto"], "key-unreadable"),
    (&["not accessible: No such file"], "key-missing"),
    (&["Too many authentication failures"], "too-many-failures"),
    (&["no mutual signature"], "no-common-signature"),
    (&["agent refused operation"], "agent-refused"),
    (&["Permission denied (", "No supported authentication methods", "Server refused our key"], "key-refused"),
    (&["Connection timed out", "Operation timed out", "timed out during banner exchange"], "timed-out"),
    (&["Connection refused"], "refused"),
    (&["No route to host"], "no-route"),
    (&["Network is unreachable", "Address family not supported"], "network-unreachable"),
    (&["Could not resolve hostname"], "not-resolved"),
    (&["kex_exchange_identification", "banner exchange", "ssh_exchange_identification"], "closed-at-once"),
    (&["remote port forwarding failed", "cannot listen to port", "Address already in use"], "forwarding-failed"),
    (&["mux_client_request_session", "already exists, disabling multiplexing"], "stale-multiplexing"),
    (&["Too many logins", "Too many concurrent"], "too-many-logins"),
    (&["Timeout, server", "Broken pipe", "Connection reset by peer"], "session-lost"),
    (&["closed by remote host"], "session-closed"),
    (&["This account is currently not available", "account is locked", "account has expired"], "account-off"),
    (&["PTY allocation request failed"], "no-terminal"),
    (&["subsystem request failed"], "no-sftp"),
];

/// The probable cause of a failed ssh, from the end of what it wrote on stderr; none if its words say nothing we know.
pub fn diagnose(stderr_tail: &str, plan: &Plan) -> Option<Diagnosis> {
    let sign_of_jump =
        plan.login.as_ref().and_then(|login| login.jump.as_ref()).and_then(|host| of_jump(stderr_tail, plan, host));
    if sign_of_jump.is_some() {
        return sign_of_jump;
    }
    let (_, sign) = SIGNS.iter().find(|(words, _)| words.iter().any(|word| stderr_tail.contains(word)))?;
    let has_one_time_key = plan.steps.iter().any(|step| matches!(step, Step::PushKey { .. }));
    let code = match *sign {
        "session-lost" | "session-closed" if is_over_in_time(stderr_tail) => "endpoint-time-over",
        // Our own proxy holds a way on which nothing comes: only ssh knows how long that may be.
        "jump-failed" if plan.method.channel() != Channel::Address && is_silent(stderr_tail) => "silent-way",
        // There is no jump host: our own proxy has said what happened.
        "jump-failed" | "closed-at-once" if plan.method.channel() != Channel::Address => return None,
        "jump-failed" if leads_on(plan) && !stderr_tail.contains(BEFORE_THE_HOST[0]) => return None,
        "no-common-algorithm" if plan.is_built_in() => "built-in-algorithms",
        "key-refused" | "too-many-failures" if has_one_time_key => "eic-key-refused",
        sign => sign,
    };
    let mut diagnosis = Diagnosis { code, values: values_of(plan) };
    match code {
        "host-key-changed" => {
            if let Some(fingerprint) = new_fingerprint(stderr_tail) {
                diagnosis.values.push(("now", fingerprint.to_owned()));
            }
        }
        "other-user" => match named_user(stderr_tail) {
            Some(user) => diagnosis.values.push(("other", user.to_string())),
            None => diagnosis.code = "key-refused",
        },
        _ => (),
    }
    Some(diagnosis)
}

/// What tells that a login ended before our host was reached: ssh knows no address of what a ProxyCommand leads to.
const BEFORE_THE_HOST: [&str; 4] =
    ["UNKNOWN port 65535", "kex_exchange_identification", "banner exchange", "ssh_exchange_identification"];
/// Where ssh's last words say that it ended before anybody was in: who left a session is told otherwise.
pub(super) fn not_in(stderr: &str) -> Option<NotIn> {
    if BEFORE_THE_HOST.iter().any(|words| stderr.contains(words)) {
        return Some(NotIn::Unreached);
    }
    // Of a session it says `Connection to … closed`.
    stderr.lines().any(|line| line.starts_with("Connection closed by ")).then_some(NotIn::Closed)
}

/// What the ssh to a jump host says where it is in, and does not come further.
const NOT_LED_ON: [&str; 2] = ["open failed: ", "stdio forwarding failed"];

/// A jump host of ours failed, which has said why above, or does not come to the instance.
fn of_jump(stderr: &str, plan: &Plan, host: &JumpHost) -> Option<Diagnosis> {
    let says = |words: &[&str]| words.iter().any(|word| stderr.contains(word));
    if !says(&BEFORE_THE_HOST) {
        return None;
    }
    let code = if is_led_nowhere(stderr) { "jump-not-led-on" } else { "jump-host-failed" };
    let mut diagnosis = Diagnosis { code, values: values_of(plan) };
    diagnosis.add("jump", host.instance.shown());
    diagnosis.add("jump-id", host.instance.id.to_string());
    Some(diagnosis)
}

/// Whether the last to speak, but for the ssh that waited for it, is one that is in and does not come further: what failed before that ends
/// with an error in our words.
fn is_led_nowhere(stderr: &str) -> bool {
    let Some(after) = NOT_LED_ON.iter().filter_map(|words| Some(stderr.rfind(words)? + words.len())).max() else { return false };
    !stderr.get(after..).unwrap_or_default().lines().any(|line| own_error::parts(line).is_some())
}

/// Whether ssh gave up waiting, and our proxy has said nothing.
fn is_silent(stderr: &str) -> bool {
    stderr.contains("timed out") && OwnError::last_in(stderr).is_none()
}

/// Whether our proxy has said that the time of its tunnel was over.
fn is_over_in_time(stderr: &str) -> bool {
    stderr.lines().filter_map(own_error::parts).any(|(code, _)| code == "endpoint-time-over")
}

/// What this program said last, which the plan runs once more for a way that is no shell; none if it said nothing.
pub fn diagnose_own(stderr_tail: &str, plan: &Plan) -> Option<Diagnosis> {
    let said = OwnError::last_in(stderr_tail)?;
    let mut diagnosis = Diagnosis::named("desktop-failed", plan);
    diagnosis.add("said", said.what);
    Some(diagnosis)
}

/// Whether it is a jump host itself: what it leads to is somebody else's affair, who says what it means.
fn leads_on(plan: &Plan) -> bool {
    let argument = |step: &Step| match step {
        Step::Exec { arguments, .. } => arguments.contains(&Argument::Word("-W".into())),
        _ => false,
    };
    plan.steps.iter().any(argument)
}

fn values_of(plan: &Plan) -> Vec<(&'static str, String)> {
    let others = logins(&plan.target, &crate::access::ConnectOptions::default());
    let used = plan.login.as_ref();
    let others = others.into_iter().map(|(login, _)| login).filter(|login| used.is_none_or(|own| *login != own.user)).take(3);
    let mut values = vec![
        ("id", plan.target.id.to_string()),
        ("method", plan.method.id().to_owned()),
        ("user", used.map(|own| own.user.to_string()).unwrap_or_default()),
        ("address", used.and_then(SshLogin::address).map(|address| address.to_string()).unwrap_or_default()),
        ("port", used.map(|own| own.port.to_string()).unwrap_or_default()),
        ("others", others.map(|login| login.to_string()).collect::<Vec<_>>().join(", ")),
    ];
    let is_id = |id: &&str| id.starts_with("sg-") && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let groups: Vec<&str> = plan.target.security_groups.iter().map(|group| group.id.raw()).filter(is_id).collect();
    if !groups.is_empty() {
        values.push(("groups", format!("{} {}", groups.join(" "), place_flags(&plan.target.place))));
    }
    values
}

/// The fingerprint that ssh prints with its warning; only what has the form of one.
fn new_fingerprint(stderr: &str) -> Option<&str> {
    let is_fingerprint = |word: &&str| {
        let Some(hash) = word.strip_prefix("SHA256:") else { return false };
        hash.len() == 43 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    stderr.split_whitespace().map(|word| word.trim_end_matches('.')).find(is_fingerprint)
}

/// `ubuntu` of `Please login as the user "ubuntu" rather than the user "root"`: the far side's word, so checked.
fn named_user(stderr: &str) -> Option<Login> {
    let (_, rest) = stderr.split_once("Please login as the user \"")?;
    rest.split_once('"')?.0.parse().ok()
}

/// The name of a value that says that AWS tells the key which is kept.
pub(super) const KEPT_IS_TOLD: &str = "kept-is-told";

impl Diagnosis {
    /// What is known by other means than ssh's words.
    pub(super) fn named(code: &'static str, plan: &Plan) -> Self {
        Self { code, values: values_of(plan) }
    }

    /// The key that a host shows is not the one that is told of it: fingerprints of both.
    pub fn not_told(id: &InstanceId, origin: HostKeyOrigin, told: String, shown: String) -> Self {
        let teller = if origin == HostKeyOrigin::SessionManager { "agent" } else { "console" };
        Self { code: "host-key-not-told", values: vec![("id", id.to_string()), (teller, told), ("now", shown)] }
    }

    /// The key that a host shows is not the one that is kept of it: fingerprints of both.
    pub fn changed(id: &InstanceId, before: String, shown: String) -> Self {
        Self { code: "host-key-changed", values: vec![("id", id.to_string()), ("before", before), ("now", shown)] }
    }

    /// Add a value, fit for a screen; an empty one is none.
    pub(super) fn add(&mut self, name: &'static str, value: String) {
        if !value.is_empty() {
            self.values.push((name, value));
        }
    }

    /// A value.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.values.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
    }

    /// What happened, in one sentence.
    pub fn what(&self, text: &Catalogue) -> String {
        text.say_with(&format!("ended-{}", self.code), &self.sentence_values())
    }

    /// Why, one idea a line, the likeliest first.
    pub fn why(&self, text: &Catalogue) -> Vec<String> {
        self.several(text, "why")
    }

    /// What the user can do now, one command or hint a line.
    pub fn next(&self, text: &Catalogue) -> Vec<String> {
        // What AWS tells now is what is kept: it has no other key to put in its place.
        let is_told = self.value(KEPT_IS_TOLD).is_some();
        self.several(text, if is_told { "told-next" } else { "next" })
    }

    /// The lines `…-why-1`, `…-why-2` and so on; those whose value is not known are left out.
    fn several(&self, text: &Catalogue, part: &str) -> Vec<String> {
        let values = self.sentence_values();
        let keys = (1..).map(|number| format!("ended-{}-{part}-{number}", self.code)).take_while(|key| text.has(key));
        keys.filter_map(|key| text.say_if_whole(&key, &values)).collect()
    }

    fn sentence_values(&self) -> Vec<(&'static str, Value)> {
        self.values.iter().map(|(name, value)| (*name, Value::from(value.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::Making;
    use super::*;
    use crate::access::{Jump, KeyFile, Keyring, Method, Verdict};

    fn plan(method: Method) -> Plan {
        Making::by(method).plan().unwrap()
    }

    fn code(stderr: &str, method: Method) -> Option<&'static str> {
        diagnose(stderr, &plan(method)).map(|diagnosis| diagnosis.code)
    }

    const CHANGED: &str = "\
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
The fingerprint for the ED25519 key sent by the remote host is
SHA256:tRZc/tXRcTnZQ8PRexbnBJ7gYSPN9prJPGZjfORKwsY.
Please contact your system administrator.
Host key for i-0123456789abcdef0 has changed and you have requested strict checking.
Host key verification failed.
";

    #[test]
    fn who_was_not_let_in_is_told_from_who_left() {
        for (stderr, expected) in [
            ("Connection closed by 3.36.112.8 port 22\r\n", Some(NotIn::Closed)),
            ("kex_exchange_identification: Connection closed by remote host\n", Some(NotIn::Unreached)),
            ("error[x]: not there\nConnection closed by UNKNOWN port 65535\n", Some(NotIn::Unreached)),
            ("Connection to 3.36.112.8 closed.\r\n", None),
            ("Connection to 3.36.112.8 closed by remote host.\n", None),
            ("", None),
        ] {
            assert_eq!(not_in(stderr), expected, "{stderr}");
        }
    }

    #[test]
    fn every_message_of_the_table_has_its_cause() {
        for (stderr, expected) in [
            ("ssh: connect to host 3.36.112.8 port 22: Connection timed out", "timed-out"),
            ("ssh: connect to host 3.36.112.8 port 22: Operation timed out", "timed-out"),
            ("ssh: connect to host 3.36.112.8 port 22: Connection refused", "refused"),
            ("ssh: connect to host 10.0.0.1 port 22: No route to host", "no-route"),
            ("ssh: connect to host 2001:db8::1 port 22: Network is unreachable", "network-unreachable"),
            ("ssh: Could not resolve hostname bastion: Name or service not known", "not-resolved"),
            ("Host key verification failed.", "host-key-refused"),
            (
                "No ED25519 host key is known for i-0123456789abcdef0 and you have requested strict checking.\nHost key verification failed.",
                "host-key-refused",
            ),
            (CHANGED, "host-key-changed"),
            ("WARNING: UNPROTECTED PRIVATE KEY FILE!\nbad permissions\nuser@h: Permission denied (publickey).", "key-too-open"),
            ("Load key \"/k\": invalid format\nuser@h: Permission denied (publickey).", "key-unreadable"),
            ("Load key \"/k\": error in libcrypto", "key-unreadable"),
            (
                "Load key \"/k\": incorrect passphrase supplied to decrypt private key\nPermission denied (publickey).",
                "key-passphrase",
            ),
            ("Warning: Identity file /k not accessible: No such file or directory.", "key-missing"),
            ("ec2-user@h: Permission denied (publickey,gssapi-keyex).", "key-refused"),
            ("Received disconnect from 3.36.112.8 port 22:2: Too many authentication failures", "too-many-failures"),
            ("sign_and_send_pubkey: no mutual signature supported", "no-common-signature"),
            (
                "Unable to negotiate with 3.36.112.8 port 22: no matching host key type found. Their offer: ssh-rsa,ssh-dss",
                "no-common-algorithm",
            ),
            ("kex_exchange_identification: Connection closed by remote host", "closed-at-once"),
            ("kex_exchange_identification: read: Connection reset by peer", "closed-at-once"),
            ("bastion: Permission denied (publickey).\nConnection closed by UNKNOWN port 65535", "jump-failed"),
            ("banner exchange: Connection to UNKNOWN port 65535: Broken pipe", "jump-failed"),
            ("client_loop: send disconnect: Broken pipe", "session-lost"),
            ("Timeout, server 3.36.112.8 not responding.", "session-lost"),
            ("Connection to 3.36.112.8 closed by remote host.", "session-closed"),
            (
                "sign_and_send_pubkey: signing failed for ED25519 \"/k\" from agent: agent refused operation\nPermission denied (publickey).",
                "agent-refused",
            ),
            ("Received disconnect from 3.36.112.8 port 22:2: Too many logins for 'ec2-user'.", "too-many-logins"),
            ("mux_client_request_session: read from master failed: Broken pipe", "stale-multiplexing"),
            ("mux_client_request_session: session request failed: Session open refused by peer", "stale-multiplexing"),
            ("ControlSocket /home/jane/.ssh/cm-x already exists, disabling multiplexing", "stale-multiplexing"),
            (
                "Unable to negotiate with 3.36.112.8 port 22: no matching cipher found. Their offer: aes128-cbc",
                "no-common-algorithm",
            ),
            ("Unable to negotiate with 3.36.112.8 port 22: no matching key exchange method found.", "no-common-algorithm"),
            ("FATAL ERROR: No supported authentication methods available (server sent: publickey)", "key-refused"),
            ("Server refused our key", "key-refused"),
            ("FATAL ERROR: Network error: Connection timed out", "timed-out"),
            ("FATAL ERROR: Network error: Connection refused", "refused"),
            ("Please login as the user \"ubuntu\" rather than the user \"root\".", "other-user"),
            ("Connection timed out during banner exchange", "timed-out"),
            ("/home/jane/.ssh/config: line 3: Bad configuration option: foo", "ssh-config-broken"),
        ] {
            assert_eq!(code(stderr, Method::Ssh), Some(expected), "{stderr}");
        }
        assert_eq!(code("motd\nbye", Method::Ssh), None);
        let over =
            "error[endpoint-time-over]: the tunnel's time is over\nConnection to i-0123456789abcdef0 closed by remote host.";
        assert_eq!(code(over, Method::Ssh), Some("endpoint-time-over"));
    }

    #[test]
    fn a_way_of_ours_on_which_nothing_comes_is_told_by_us_unless_our_proxy_has_said_why() {
        let silent = "Connection to UNKNOWN port 65535 timed out\r\n";
        let said = format!("error[endpoint-broken]: the tunnel through eice-1 broke: reset\n{silent}");
        for silent in [silent, "Connection timed out during banner exchange\r\nConnection to UNKNOWN port 65535 timed out\r\n"] {
            assert_eq!(code(silent, Method::SsmSsh), Some("silent-way"), "{silent}");
        }
        assert_eq!(code(&said, Method::SsmSsh), None);
    }

    #[test]
    fn of_jump_hosts_the_one_that_failed_is_told_from_one_that_leads_no_further() {
        let mut making = Making::by(Method::Eic);
        let instance = (*crate::model::row("i-0c41d2a9be7730f12", "bastion")).clone();
        let host = JumpHost { instance, way: Some((Method::Ssh, Verdict::Likely)), jump: Jump::None };
        making.options.jump = Jump::Through(std::sync::Arc::new(host));
        let plan = making.plan().unwrap();
        let waited = "kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n";
        let nowhere = "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n";
        for (said, expected) in [
            (format!("{CHANGED}error[host-key-changed]: the host key\n{waited}"), Some("jump-host-failed")),
            (format!("error[eic-key-refused]: refused\n{waited}"), Some("jump-host-failed")),
            (format!("{nowhere}{waited}"), Some("jump-not-led-on")),
            (format!("{nowhere}{waited}\u{c624}\u{b958}[jump-not-led-on]: gate\n  why: x\n{waited}"), Some("jump-host-failed")),
            // What the instance itself says.
            (CHANGED.to_owned(), Some("host-key-changed")),
            ("ec2-user@h: Permission denied (publickey).".to_owned(), Some("eic-key-refused")),
        ] {
            assert_eq!(diagnose(&said, &plan).map(|diagnosis| diagnosis.code), expected, "{said}");
        }
        let diagnosis = diagnose(waited, &plan).unwrap();
        assert_eq!(diagnosis.what(&Catalogue::english()), "the login to the jump host bastion (i-0c41d2a9be7730f12) failed");
    }

    #[test]
    fn a_refused_one_time_key_has_causes_of_its_own() {
        let text = Catalogue::english();
        let denied = "ec2-user@3.36.112.8: Permission denied (publickey).";

        let diagnosis = diagnose(denied, &plan(Method::Eic)).unwrap();

        assert_eq!(diagnosis.code, "eic-key-refused");
        assert!(diagnosis.why(&text)[0].contains("ec2-instance-connect"), "{:?}", diagnosis.why(&text));
        assert!(diagnosis.next(&text).iter().any(|line| line.contains("--user")), "{:?}", diagnosis.next(&text));
    }

    #[test]
    fn a_refused_key_is_tried_again_by_the_same_way() {
        let text = Catalogue::english();
        let denied = "ec2-user@h: Permission denied (publickey).";
        let mut with_file = Making::by(Method::SsmSsh);
        with_file.options.key = Some("/home/jane/.ssh/other".into());
        let key = KeyFile { path: "/home/jane/.ssh/other".into(), problem: None, ..KeyFile::default() };
        with_file.local.keys = Keyring::of(key);
        for (plan, way) in [
            (plan(Method::Ssh), "--method ssh --user"),
            (plan(Method::Eic), "--method eic --user"),
            (plan(Method::SsmSsh), "--method ssm-ssh --user"),
            (with_file.plan().unwrap(), "--method ssm-ssh --user"),
        ] {
            let next = diagnose(denied, &plan).unwrap().next(&text);

            assert!(next[0].contains(way), "{next:?}");
        }
    }

    #[test]
    fn the_user_that_the_server_names_is_taken_only_if_it_is_a_login_name() {
        let said = |user: &str| format!("Please login as the user \"{user}\" rather than the user \"root\".");
        let text = Catalogue::english();

        let diagnosis = diagnose(&said("ubuntu"), &plan(Method::Ssh)).unwrap();
        assert_eq!(diagnosis.next(&text), ["ec2dash connect i-0123456789abcdef0 --method ssh --user ubuntu"]);

        for hostile in ["-oProxyCommand=x", "a;id", "\u{1b}[2J", ""] {
            assert_eq!(code(&said(hostile), Method::Ssh), Some("key-refused"), "{hostile}");
        }
    }

    #[test]
    fn a_changed_host_key_is_told_with_both_fingerprints_and_the_way_on() {
        let text = Catalogue::english();

        let diagnosis = diagnose(CHANGED, &plan(Method::Eic)).unwrap();
        assert_eq!(diagnosis.why(&text).len(), 2, "{:?}", diagnosis.why(&text));
        let mut diagnosis = diagnosis;
        diagnosis.add("before", "SHA256:FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M".to_owned());

        assert_eq!(diagnosis.what(&text), "the host key of i-0123456789abcdef0 is not the one seen before; not connected");
        assert_eq!(
            diagnosis.why(&text)[..2],
            [
                "seen before: SHA256:FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M",
                "seen now: SHA256:tRZc/tXRcTnZQ8PRexbnBJ7gYSPN9prJPGZjfORKwsY",
            ]
        );
        assert!(diagnosis.next(&text)[0].contains("ec2dash known-hosts forget i-0123456789abcdef0"));
    }

    #[test]
    fn a_fingerprint_is_taken_only_if_it_has_the_form_of_one() {
        let forged = CHANGED.replace("SHA256:tRZc", "SHA256:\u{1b}[2");

        let diagnosis = diagnose(&forged, &plan(Method::Eic)).unwrap();

        assert!(!diagnosis.values.iter().any(|(name, _)| *name == "now"));
    }

    #[test]
    fn what_this_program_said_of_a_desktop_is_told_and_nothing_else() {
        let said =
            "ec2dash: a tunnel\nerror[rdp-no-answer]: No desktop answers: \u{1b}[2Jreset\n  why:  Windows may be starting\n";
        let diagnosis = diagnose_own(said, &plan(Method::Ssh)).unwrap();

        let what = diagnosis.what(&Catalogue::english());
        assert!(what.contains("No desktop answers: ") && !what.contains('\u{1b}'), "{what}");
        assert_eq!(diagnosis.next(&Catalogue::english()), ["ec2dash rdp i-0123456789abcdef0"]);
        assert_eq!(diagnose_own("bye\n", &plan(Method::Ssh)), None);
    }

    #[test]
    fn every_code_has_its_words_and_a_next_step() {
        let text = Catalogue::english();
        let codes = SIGNS.iter().map(|(_, code)| *code).chain([
            "built-in-algorithms",
            "desktop-failed",
            "eic-key-refused",
            "endpoint-time-over",
            "jump-host-failed",
            "jump-not-led-on",
            "silent-way",
        ]);
        for code in codes {
            let mut values = values_of(&plan(Method::Ssh));
            values.extend([("now", "SHA256:x".to_owned()), ("before", "SHA256:y".to_owned()), ("other", "ubuntu".to_owned())]);
            values.extend(["jump", "jump-id"].map(|name| (name, "bastion".to_owned())));
            values.push(("said", "nothing answers".to_owned()));
            values.extend(["console", "agent", "same"].map(|name| (name, "SHA256:z".to_owned())));
            let diagnosis = Diagnosis { code, values };

            assert!(text.has(&format!("ended-{code}")), "{code}");
            assert!(!diagnosis.what(&text).contains("{$"), "{code}");
            assert!(!diagnosis.next(&text).is_empty(), "{code}");
            assert!(text.has(&format!("ended-{code}-next-1")), "{code}");
        }
    }
}
