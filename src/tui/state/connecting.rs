//! From a chosen way in to a plan, with the questions in between, and back from the session.

use super::State;
use crate::access::{Method, too_open_key};
use crate::columns::Tone;
use crate::config::ConnectFlags;
use crate::connect::{Choice, Extras, Plan, Planner, Refusal, plan_after};
use crate::model::{Instance, InstanceId, Untrusted};
use crate::text::{joined, shell_word};
use crate::tui::access_run::AccessOffer;
use crate::tui::age;
use crate::tui::attempt::{Attempt, FailedWay};
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;
use crate::tui::message::SessionSummary;
use crate::tui::overlays::Request;
use crate::tui::overlays::{Explanation, Picker, Question, RefusedWay};
use crate::tui::trouble::Trouble;
use crate::tui::world::{Toast, World};

impl State {
    /// Open a session, or ask what must be asked first, or say why not.
    pub(super) fn connect(&mut self, request: ConnectRequest) -> Vec<Effect> {
        let Some(instance) = self.world.inventory.row(&request.id).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        if let Some(effects) = self.ask_to_start(&instance, &request) {
            return effects;
        }
        if let Some(effects) = self.ask_to_mend_key(&instance, &request) {
            return effects;
        }
        let plan = match self.plan(&instance, &request) {
            Ok(plan) => plan,
            Err(Refusal::Blocked { may_try: true, reasons, .. }) => {
                let why: Vec<String> = reasons.iter().map(|reason| reason.text(&self.world.text)).collect();
                let Some(method) = request.method else { return Vec::new() };
                let request = Request::Connect(ConnectRequest { is_tried_anyway: true, ..request });
                return self.ask_anyway(&instance, method, why, request);
            }
            Err(refusal) => {
                let mut lines = self.refused(&refusal, &instance);
                lines.extend(refusal.next(&instance, &self.world.text));
                return self.explain_about("refused-title", lines, request.id);
            }
        };
        let asks = plan.passed().chain([&*instance]).any(|instance| self.world.asks_before_connecting(instance));
        if asks && !request.is_confirmed {
            return self.ask_to_confirm(&instance, &plan, request);
        }
        self.overlays.clear();
        vec![Effect::Connect { plan: Box::new(plan) }]
    }

    /// Where the way that was chosen needs a key that others may read, that is mended first, after a yes.
    fn ask_to_mend_key(&mut self, instance: &Instance, request: &ConnectRequest) -> Option<Vec<Effect>> {
        let method = request.method.filter(|_| !request.is_tried_anyway)?;
        let options = self.world.connect_options(instance);
        let path = too_open_key(instance, &options, &self.world.local, method)?;
        let shown = Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200);
        let lines = vec![self.world.say_with("key-mode-why", [("path", &shown)]), self.world.say("key-mode-question")];
        let title = self.world.say("key-mode-title");
        Some(self.ask(Question::new(title, lines, Request::MendAndConnect { path, request: request.clone() })))
    }

    /// The command line that opens the same session; or why there is none.
    pub(super) fn command(&self, request: &ConnectRequest) -> Result<String, String> {
        let Some(instance) = self.world.inventory.row(&request.id) else { return Err(self.world.say("instance-left")) };
        let request = ConnectRequest { is_tried_anyway: true, ..request.clone() };
        let plan = self.plan(instance, &request).map_err(|refusal| self.refused(&refusal, instance).join(": "))?;
        Ok(command_line(&plan, &request, self.world.is_demo))
    }

    /// A session is over: the cursor is on its row, and one line says how it ended.
    pub(super) fn on_session_end(
        &mut self,
        id: InstanceId,
        shown: &str,
        failed: Option<FailedWay>,
        result: Result<SessionSummary, Trouble>,
    ) -> Vec<Effect> {
        self.world.rows.go_to_instance(&id);
        self.note_attempt(&id, failed);
        self.refused_ways.clear();
        match result {
            Ok(end) => {
                let text = self.ended(shown, &end);
                self.world.toast = Some(Toast { text: text.clone(), tone: Tone::Plain, until: None });
                let lines: Vec<String> = std::iter::once(text).chain(end.diagnosis).collect();
                if end.has_other_host_key {
                    self.explain_other_host_key(&id, lines);
                } else if lines.len() > 1 {
                    self.explain_about("session-failed-title", lines, id);
                }
            }
            Err(trouble) => {
                self.explain_about("refused-title", trouble.lines().map(str::to_owned).collect(), id);
            }
        }
        // Meanwhile the rows have grown old; the credentials may have, too, and so has what we saw of this computer.
        let mut effects = self.look_around();
        effects.extend(if self.world.settings.refresh > 0 { self.refresh_by_itself() } else { Vec::new() });
        effects
    }

    /// A way was refused: back to the ways, with this one marked and the next one chosen.
    pub(super) fn on_refused_way(
        &mut self,
        id: InstanceId,
        method: Method,
        said: String,
        trouble: &Trouble,
        offer: Option<AccessOffer>,
    ) -> Vec<Effect> {
        self.world.rows.go_to_instance(&id);
        self.note_attempt(&id, Some(FailedWay { method, code: trouble.code.to_owned(), what: said.clone() }));
        self.world.note(trouble.lines().collect::<Vec<_>>().join(" "));
        self.refused_ways.retain(|refused| refused.id == id && refused.method != method);
        let lines = trouble.lines().flat_map(str::lines).map(str::to_owned).collect();
        self.refused_ways.push(RefusedWay { id: id.clone(), method, said, lines, offer });
        self.overlays.clear();
        self.overlays.push(Box::new(Picker::new(id, &self.world).after_refusals(self.refused_ways.clone())));
        self.look_around()
    }

    /// Keep what failed for the doctor; what took us says that nothing is in the way any more.
    pub(super) fn note_attempt(&mut self, id: &InstanceId, failed: Option<FailedWay>) {
        match failed {
            Some(way) => self.world.attempt = Some(Attempt { id: id.clone(), way, at: self.world.now }),
            None => self.world.attempt = self.world.attempt.take().filter(|own| own.id != *id),
        }
    }

    /// What decides how to get in, for whoever has newer facts.
    pub(super) fn planner(&self, instance: &Instance, request: &ConnectRequest) -> Planner {
        Planner {
            choice: choice(request),
            settings: self.world.settings.clone(),
            flags: ConnectFlags { user: request.user.clone(), ..ConnectFlags::default() },
            own: self.world.own.clone(),
            jump: self.world.connect_options(instance).jump,
            local: self.world.local.clone(),
        }
    }

    fn plan(&self, instance: &Instance, request: &ConnectRequest) -> Result<Plan, Refusal> {
        let choice = choice(request);
        let flags = ConnectFlags { user: request.user.clone(), ..ConnectFlags::default() };
        let extras = Extras::of(&flags, self.world.own.clone());
        let World { settings, local, now, .. } = &self.world;
        let jump = self.world.connect_options(instance).jump;
        plan_after(instance, choice, settings, &flags, &extras, jump, local, *now)
    }

    /// What is refused, and every reason.
    fn refused(&self, refusal: &Refusal, instance: &Instance) -> Vec<String> {
        let text = &self.world.text;
        std::iter::once(refusal.what(instance, text)).chain(refusal.why(text)).collect()
    }

    pub(super) fn ask_anyway(&mut self, instance: &Instance, method: Method, why: Vec<String>, request: Request) -> Vec<Effect> {
        let mut lines = vec![self.world.say_with("anyway-what", [("method", method.id()), ("name", &instance.shown())])];
        lines.extend(why);
        lines.push(self.world.say("anyway-question"));
        let title = self.world.say("anyway-title");
        self.ask(Question::new(title, lines, request))
    }

    /// Name and id, account and region: a look-alike name must not be enough (docs/faults.md H10).
    pub(super) fn place_lines(&self, instance: &Instance) -> Vec<String> {
        let account = instance.account.as_ref();
        let label =
            account.and_then(|account| self.world.settings.accounts.get(account)).and_then(|account| account.label.clone());
        let account = account.map(ToString::to_string).unwrap_or_default();
        let name = instance.name().map(|name| name.shown_in(60)).unwrap_or_default();
        let whose = joined(" ", [account.as_str(), label.as_deref().unwrap_or_default()]);
        let account =
            if account.is_empty() { String::new() } else { self.world.say_with("confirm-account", [("account", &whose)]) };
        vec![
            joined("  ", [name.as_str(), instance.id.as_str()]),
            joined(" · ", [account.as_str(), instance.place.region.as_str()]),
        ]
    }

    fn ask_to_confirm(&mut self, instance: &Instance, plan: &Plan, request: ConnectRequest) -> Vec<Effect> {
        let mut lines = self.place_lines(instance);
        for host in plan.passed().filter(|host| self.world.asks_before_connecting(host)) {
            lines.push(self.world.say_with("confirm-jump", [("jump", &host.shown())]));
            lines.extend(self.place_lines(host));
        }
        lines.extend([
            match &plan.login {
                Some(login) => self.world.say_with(
                    "confirm-login",
                    [
                        ("method", plan.method.id()),
                        ("user", login.user.as_str()),
                        ("address", &login.address().map_or_else(|| instance.id.to_string(), |address| address.to_string())),
                    ],
                ),
                None => self.world.say_with("confirm-method", [("method", plan.method.id())]),
            },
            self.world.say("confirm-question"),
        ]);
        let title = self.world.say("confirm-title");
        self.ask(Question::new(title, lines, Request::Connect(ConnectRequest { is_confirmed: true, ..request })).of_danger())
    }

    /// `Session on web-1 ended: exit code 3 after 2 min.`
    fn ended(&self, shown: &str, end: &SessionSummary) -> String {
        let span = age::span(i64::try_from(end.lasted.as_secs()).unwrap_or(i64::MAX), &self.world.text);
        if let Some(way) = &end.way {
            return self.world.say_with("session-over-after", [("name", shown), ("what", way), ("span", &span)]);
        }
        self.world.say_with("session-exit", [("name", shown), ("code", &end.code.to_string()), ("span", &span)])
    }

    /// Say something that takes more than a line, and keep it.
    pub(super) fn explain(&mut self, title: &str, lines: Vec<String>) -> Vec<Effect> {
        self.world.note(lines.join(" "));
        let title = self.world.say(title);
        self.overlays.push(Box::new(Explanation::new(title, lines)));
        Vec::new()
    }

    /// The same of something that did not work with an instance, where the doctor tells more.
    pub(super) fn explain_about(&mut self, title: &str, lines: Vec<String>, id: InstanceId) -> Vec<Effect> {
        self.world.note(lines.join(" "));
        let explanation = Explanation::new(self.world.say(title), lines);
        self.overlays.push(Box::new(explanation.about(id)));
        Vec::new()
    }
}

fn choice(request: &ConnectRequest) -> Choice {
    match request.method {
        Some(method) => Choice::Method { method, anyway: request.is_tried_anyway },
        None => Choice::Best,
    }
}

/// The command of ours that opens the same session: OpenSSH's own would need a socket and a key that are made at run time.
fn command_line(plan: &Plan, request: &ConnectRequest, is_demo: bool) -> String {
    let mut words = vec!["ec2dash".to_owned()];
    words.extend(is_demo.then(|| "--demo".to_owned()));
    words.extend(["connect".to_owned(), plan.target.id.to_string(), "--method".to_owned(), plan.method.id().to_owned()]);
    words.extend(request.user.iter().flat_map(|user| ["--user".to_owned(), user.to_string()]));
    words.extend(plan.target.place.profile.iter().flat_map(|profile| ["--profile".to_owned(), profile.raw().to_owned()]));
    words.extend(["--region".to_owned(), plan.target.place.region.to_string()]);
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}
