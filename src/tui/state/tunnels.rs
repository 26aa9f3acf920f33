//! Tunnels: from the dialog to their end, and the question before leaving them.

use std::ffi::OsString;

use super::State;
use crate::access::{Load, Verdict};
use crate::columns::Tone;
use crate::connect::may_try;
use crate::model::Instance;
use crate::session::tunnel::{Bind, Led, Listen, TunnelEvent};
use crate::text::joined;
use crate::tui::effect::Effect;
use crate::tui::overlays::Request;
use crate::tui::overlays::{Question, TunnelForm, TunnelPage};
use crate::tui::tunnels::{ByProgram, Standing, TunnelOrder, TunnelRequest, TunnelUpdate, leads_to, shown_place};

impl State {
    /// Ask what to forward to the instance under the cursor.
    pub(super) fn open_tunnel_form(&mut self) -> Vec<Effect> {
        self.open_on_row(|id| Box::new(TunnelForm::new(id)))
    }

    /// Open a tunnel, or ask what must be asked first, or say why not.
    pub(super) fn open_tunnel(&mut self, request: TunnelRequest) -> Vec<Effect> {
        self.world.tunnels.refusal = None;
        let Some(instance) = self.world.inventory.row(&request.id).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        let ways = self.world.ways(&instance);
        let way = match (request.by, &request.led) {
            (Some(method), _) => ways.way(method),
            // The best that runs ssh: it is said when there is none.
            (None, Led::Socket(_)) => None,
            (None, _) => ways.carrying(Load::Tunnel),
        };
        if let Some(way) = way.filter(|way| matches!(way.verdict, Verdict::Blocked | Verdict::NotApplicable)) {
            let why: Vec<String> = way.reasons.iter().map(|reason| reason.text(&self.world.text)).collect();
            if !may_try(&instance, way.method) {
                let why = why.first().cloned().unwrap_or_else(|| way.summary(&self.world.text));
                let said = self.world.say_with("way-refused", [("method", way.method.id()), ("why", &why)]);
                self.world.tell(said, Tone::Problem);
                return Vec::new();
            }
            if !request.is_tried_anyway {
                let request = TunnelRequest { is_tried_anyway: true, ..request };
                return self.ask_anyway(&instance, way.method, why, Request::OpenTunnel(request));
            }
        }
        let (verdict, reasons) = self.world.forwarded(&instance, &request.led, way.map(|way| way.method));
        if let Some(reason) = reasons.first().filter(|_| verdict == Verdict::Blocked) {
            let why = self.world.say_with("error-tunnel-cannot-lead", [("reason", &reason.text(&self.world.text))]);
            let next = reason.remedy(&self.world.text).or_else(|| reason.remark(&self.world.text)).unwrap_or_default();
            let said = joined(" ", [why.as_str(), next.as_str()]);
            return self.refuse_tunnel(said);
        }
        if self.world.asks_before_connecting(&instance) && !request.is_confirmed {
            return self.ask_to_tunnel(&instance, request);
        }
        let by_itself = request.by.is_none_or(|method| method.carries(Load::Tunnel)) && !matches!(request.led, Led::Socket(_));
        let program = (!by_itself).then(|| {
            let call = self.tunnel_call(&instance, &request);
            (ByProgram { method: request.by, process: None }, call)
        });
        let order = TunnelOrder { instance, place: request.place, led: request.led, program };
        let number = self.world.tunnels.begin(&order, self.world.now);
        vec![Effect::OpenTunnel { number, order: Box::new(order) }]
    }

    /// The arguments of this program for the same tunnel.
    fn tunnel_call(&self, instance: &Instance, request: &TunnelRequest) -> Vec<OsString> {
        // What was to be asked, the dashboard has asked.
        let mut words: Vec<OsString> = ["tunnel", "--beside-dashboard", "--yes", "-o", "jsonl"].map(OsString::from).into();
        words.extend(request.by.iter().flat_map(|method| ["--method", method.id()].map(OsString::from)));
        let port = match &request.place {
            Listen::Tcp { bind, port } => {
                if let Bind::Address(address) = bind {
                    words.extend(["--bind".to_owned(), address.to_string()].map(OsString::from));
                }
                Some(port)
            }
            Listen::Unix(path) => {
                words.extend([OsString::from("--socket"), path.into()]);
                None
            }
        };
        let forward = match (&request.led, port) {
            (Led::Socks, _) => {
                words.extend(["--socks".to_owned(), port.copied().unwrap_or_default().to_string()].map(OsString::from));
                None
            }
            (led, Some(port)) => Some(format!("{port}:{led}")),
            (led, None) => Some(led.to_string()),
        };
        let mut call = self.own_call(instance, &words);
        call.extend(forward.map(OsString::from));
        call
    }

    fn ask_to_tunnel(&mut self, instance: &Instance, request: TunnelRequest) -> Vec<Effect> {
        let mut lines = self.place_lines(instance);
        let name = instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(40));
        let to = leads_to(&request.led, &name, &self.world.text);
        lines.push(self.world.say_with("tunnel-leads", [("local", &shown_place(&request.place)), ("to", &to)]));
        lines.push(self.world.say("tunnel-confirm-question"));
        let title = self.world.say("tunnel-confirm-title");
        let request = Request::OpenTunnel(TunnelRequest { is_confirmed: true, ..request });
        self.ask(Question::new(title, lines, request).of_danger())
    }

    /// Something happened to a tunnel.
    pub(super) fn on_tunnel_update(&mut self, number: u64, update: TunnelUpdate) -> Vec<Effect> {
        let Some(run) = self.world.tunnels.run_mut(number) else { return Vec::new() };
        match update {
            TunnelUpdate::NotListening(why) => self.on_not_listening(number, why),
            TunnelUpdate::Listening { local, is_open_to_others } => self.on_listening(number, local, is_open_to_others),
            TunnelUpdate::Standing(standing) => self.on_standing(number, standing),
            TunnelUpdate::Traffic(traffic) => {
                run.carried(traffic);
                Vec::new()
            }
            TunnelUpdate::Event(event) => self.on_tunnel_event(number, &event),
            TunnelUpdate::Process(process) => {
                run.program.get_or_insert_default().process = Some(process);
                Vec::new()
            }
            TunnelUpdate::Said(words) => self.tell_of_tunnel(number, words, Tone::Problem),
            TunnelUpdate::Closed => {
                let local = run.local().to_owned();
                self.world.tunnels.remove(number);
                self.tell(self.world.say_with("tunnel-closed", [("local", &local)]))
            }
            TunnelUpdate::Ended(said) => {
                let local = run.local().to_owned();
                self.world.tunnels.remove(number);
                let closed = self.world.say_with("tunnel-closed", [("local", &local)]);
                self.world.complain(joined(" ", [closed.as_str(), said.as_deref().unwrap_or_default()]));
                Vec::new()
            }
            TunnelUpdate::NotOpened { lines, failed } => {
                let id = run.instance.id.clone();
                self.world.tunnels.remove(number);
                self.note_attempt(&id, failed);
                self.explain_about("tunnel-not-opened-title", lines, id)
            }
            TunnelUpdate::Over(traffic) => {
                let local = run.local().to_owned();
                self.world.tunnels.remove(number);
                let said = traffic.words(&self.world.text);
                self.tell(self.world.say_with("tunnel-ended", [("local", &local), ("what", &said)]))
            }
        }
    }

    /// The dialog stays, and says why; without it the line at the bottom does.
    fn on_not_listening(&mut self, number: u64, why: String) -> Vec<Effect> {
        self.world.tunnels.remove(number);
        self.refuse_tunnel(why)
    }

    fn refuse_tunnel(&mut self, why: String) -> Vec<Effect> {
        if self.overlays.is_empty() {
            self.world.complain(why);
        } else {
            self.world.tunnels.refusal = Some(why);
        }
        Vec::new()
    }

    /// The dialog has done its work: the list of tunnels takes its place.
    fn on_listening(&mut self, number: u64, local: Vec<String>, is_open_to_others: bool) -> Vec<Effect> {
        let Some(run) = self.world.tunnels.run_mut(number) else { return Vec::new() };
        run.local = local;
        run.is_listening = true;
        let local = run.local().to_owned();
        // Not what was opened meanwhile.
        if self.overlays.last().is_none_or(|overlay| overlay.awaits_tunnel()) {
            self.overlays.clear();
            self.overlays.push(Box::new(TunnelPage::at(number)));
        }
        if is_open_to_others {
            let text = self.world.say_with("tunnel-open-to-others", [("local", &local)]);
            let now = self.world.now;
            if let Some(run) = self.world.tunnels.run_mut(number) {
                run.note(now, text.clone());
            }
            self.world.tell(text, Tone::Problem);
        }
        Vec::new()
    }

    fn on_standing(&mut self, number: u64, standing: Standing) -> Vec<Effect> {
        let Some(run) = self.world.tunnels.run_mut(number).filter(|run| run.standing != Standing::Closing) else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut run.standing, standing);
        run.wants_sign_in &= standing != Standing::Up;
        match (before, standing) {
            // Its line on the page says so, too.
            (Standing::Opening, Standing::Up) if self.overlays.is_empty() => {
                let Some(run) = self.world.tunnels.run(number) else { return Vec::new() };
                let to = leads_to(&run.led, &run.name(), &self.world.text);
                self.tell(self.world.say_with("tunnel-leads", [("local", run.local()), ("to", &to)]))
            }
            (Standing::Lost(_), Standing::Lost(_)) => Vec::new(),
            (_, Standing::Lost(_)) => self.tell_of_tunnel(number, self.world.say("tunnel-lost"), Tone::Problem),
            (Standing::Lost(_), Standing::Up) => self.tell_of_tunnel(number, self.world.say("tunnel-up"), Tone::Plain),
            _ => Vec::new(),
        }
    }

    fn on_tunnel_event(&mut self, number: u64, event: &TunnelEvent) -> Vec<Effect> {
        let Some(run) = self.world.tunnels.run_mut(number) else { return Vec::new() };
        if matches!(event, TunnelEvent::Refused(_)) {
            run.refused();
        }
        let tone = if matches!(event, TunnelEvent::Reopened(_)) { Tone::Plain } else { Tone::Problem };
        let wants_sign_in = event.wants_sign_in();
        run.wants_sign_in |= wants_sign_in;
        let mut words = event.words(&run.instance, &self.world.text);
        if let Some(offer) = self.world.sign_in_offer().filter(|_| wants_sign_in) {
            words = format!("{words} {offer}");
        }
        self.tell_of_tunnel(number, words, tone)
    }

    /// Keep what happened with the tunnel, and say it; what went wrong is a problem like others.
    fn tell_of_tunnel(&mut self, number: u64, words: String, tone: Tone) -> Vec<Effect> {
        let now = self.world.now;
        let Some(run) = self.world.tunnels.run_mut(number) else { return Vec::new() };
        let said = format!("{}: {words}", run.local());
        run.note(now, words);
        if tone == Tone::Problem {
            self.world.note(said.clone());
        }
        self.world.tell(said, tone);
        Vec::new()
    }

    /// End a tunnel; what passes through it is asked about first.
    pub(super) fn end_tunnel(&mut self, number: u64, is_confirmed: bool) -> Vec<Effect> {
        let Some(run) = self.world.tunnels.run_mut(number).filter(|run| run.standing != Standing::Closing) else {
            return Vec::new();
        };
        let open = run.traffic.open;
        if open > 0 && !is_confirmed {
            let local = run.local().to_owned();
            let values = [("count", open.into()), ("local", local.into())];
            let lines = vec![self.world.text.say_with("tunnel-end-open", &values), self.world.say("tunnel-end-question")];
            let title = self.world.say("tunnel-end-title");
            return self.ask(Question::new(title, lines, Request::EndTunnel { number, is_confirmed: true }));
        }
        run.standing = Standing::Closing;
        vec![Effect::EndTunnel { number }]
    }

    /// Leave, unless something would be ended or left behind and the user does not know.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if self.asks_to_quit() {
            return Vec::new();
        }
        let tunnels = self.world.tunnels.list().len();
        let about_tunnels = |key: &str| self.world.text.say_with(key, &[("count", tunnels.into())]);
        let left_behind = self.command_left_behind();
        let mut lines = Vec::new();
        let title = match (tunnels > 0, left_behind) {
            (false, None) => return vec![Effect::Quit],
            (true, None) => {
                lines.push(format!("{} {}", about_tunnels("quit-tunnels"), about_tunnels("quit-tunnels-question")));
                "quit-tunnels-title"
            }
            (false, Some(command)) => {
                lines.extend([command, self.world.say("command-quit-question")]);
                "command-quit-title"
            }
            (true, Some(command)) => {
                lines.extend([about_tunnels("quit-tunnels-too"), command, self.world.say("quit-question")]);
                "command-quit-title"
            }
        };
        let title = self.world.say(title);
        self.ask(Question::new(title, lines, Request::Quit))
    }

    /// The user insists: only what would be ended is asked about, and that once.
    pub(super) fn quit_at_once(&mut self) -> Vec<Effect> {
        if self.world.tunnels.list().is_empty() && self.command_left_behind().is_none() {
            return vec![Effect::Quit];
        }
        // The line that said so has had its answer.
        self.world.toast = None;
        self.quit()
    }

    /// Whether the question before leaving is on the screen.
    fn asks_to_quit(&self) -> bool {
        self.overlays.last().is_some_and(|overlay| overlay.asks_to_quit())
    }
}
