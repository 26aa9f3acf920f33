//! Starting, stopping and rebooting the selected rows, and connecting to what was started.

use std::sync::Arc;

use super::State;
use crate::columns::Tone;
use crate::connect::Plan;
use crate::model::{Instance, InstanceId, InstanceState, Power, Untrusted};
use crate::power::{Order, Outcome, Update};
use crate::text::joined;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;
use crate::tui::overlays::{PowerQuestion, Starting};
use crate::tui::power_run::{PowerRequest, PowerRun};
use crate::tui::trouble::Trouble;

impl State {
    /// Show what `power` would do to the selected rows, or to the one under the cursor.
    pub(super) fn ask_for_power(&mut self, power: Power) -> Vec<Effect> {
        let mut ids: Vec<InstanceId> = self.world.rows.marked().map(|line| line.instance.id.clone()).collect();
        if ids.is_empty() {
            ids.extend(self.world.current().map(|line| line.instance.id.clone()));
        }
        if ids.is_empty() {
            return self.tell(self.world.say("no-row"));
        }
        self.keep_cursor();
        self.show_power(PowerRequest { power, ids, then: None })
    }

    /// Show what a change would do, unless there is nothing to do or it is switched off.
    pub(super) fn show_power(&mut self, request: PowerRequest) -> Vec<Effect> {
        if !self.world.settings.may_change_power() {
            return self.tell(self.world.say("error-power-read-only"));
        }
        let targets = self.targets(&request.ids);
        if !targets.iter().any(|instance| request.power.is_for(instance)) {
            let states: Vec<&str> = targets.iter().map(|instance| instance.state.word()).collect();
            let key = format!("power-nothing-{}", request.power.word());
            return self.tell(self.world.say_with(&key, [("state", states.first().copied().unwrap_or("?"))]));
        }
        let effects = if request.power == Power::Stop { self.ask_about_hosts(&targets) } else { Vec::new() };
        self.overlays.push(Box::new(PowerQuestion::new(request)));
        effects
    }

    fn targets(&self, ids: &[InstanceId]) -> Vec<Arc<Instance>> {
        ids.iter().filter_map(|id| self.world.inventory.row(id).cloned()).collect()
    }

    fn ask_about_hosts(&self, targets: &[Arc<Instance>]) -> Vec<Effect> {
        let unknown = targets.iter().filter(|instance| !self.world.power.has_asked_about(instance)).cloned();
        let unknown: Vec<Arc<Instance>> = unknown.collect();
        if unknown.is_empty() { Vec::new() } else { vec![Effect::LookAtHosts { targets: unknown }] }
    }

    /// AWS has told of hosts, or not.
    pub(super) fn on_hosts(&mut self, hosts: Vec<(Untrusted, Option<bool>)>) -> Vec<Effect> {
        self.world.power.hosts.extend(hosts);
        Vec::new()
    }

    /// The user has said yes.
    pub(super) fn change_power(&mut self, request: PowerRequest) -> Vec<Effect> {
        if !self.world.settings.may_change_power() {
            return self.tell(self.world.say("error-power-read-only"));
        }
        let targets = self.targets(&request.ids);
        if targets.is_empty() {
            return self.tell(self.world.say("instance-left"));
        }
        self.power_number += 1;
        let number = self.power_number;
        let shown = targets.first().map(|instance| instance.shown()).unwrap_or_default();
        let order = Order { power: request.power, targets, is_waiting: true };
        let is_followed = request.then.is_some();
        self.world.power.runs.push(PowerRun::new(number, &order, self.world.now, request.then));
        self.overlays.clear();
        if is_followed {
            self.overlays.push(Box::new(Starting::new(number, shown)));
        }
        vec![Effect::ChangePower { number, order: Box::new(order) }]
    }

    /// Something happened to an instance that is changed: its row shows it.
    pub(super) fn on_power(&mut self, number: u64, update: Update) -> Vec<Effect> {
        let (id, state) = match &update {
            Update::Is(id, state) => (Some(id.clone()), Some(*state)),
            Update::Over(id, outcome) => (Some(id.clone()), outcome.state()),
            Update::Trouble(_) => (None, None),
        };
        let Some(run) = self.world.power.run_mut(number) else { return Vec::new() };
        run.progress.take_in(update);
        match (id, state) {
            (Some(id), Some(state)) => self.show_state(&id, state),
            _ => Vec::new(),
        }
    }

    fn show_state(&mut self, id: &InstanceId, state: InstanceState) -> Vec<Effect> {
        let known = self.world.inventory.row(id).filter(|row| row.state != state && state != InstanceState::Unknown);
        if let Some(row) = known.cloned() {
            self.world.inventory.replace(Instance { state, ..(*row).clone() });
            self.world.update_rows();
        }
        Vec::new()
    }

    /// Nothing more comes from a change: one line says how it ended. Whoever waited for it is let in.
    pub(super) fn on_power_end(&mut self, number: u64) -> Vec<Effect> {
        let Some(at) = self.world.power.runs.iter().position(|run| run.number == number) else { return Vec::new() };
        let run = self.world.power.runs.remove(at);
        let is_awaited = self.overlays.last().is_some_and(|overlay| overlay.awaits_run() == Some(number));
        self.overlays.retain(|overlay| overlay.awaits_run() != Some(number));
        let outcomes: Vec<(String, Outcome)> =
            run.progress.outcomes().map(|(instance, outcome)| (instance.shown(), outcome.clone())).collect();
        let good = outcomes.iter().filter(|(_, outcome)| outcome.is_good()).count();
        for (shown, outcome) in outcomes.iter().filter(|(_, outcome)| !outcome.is_good()) {
            let why = outcome.reason(&self.world.text).unwrap_or_default();
            let key = format!("power-failed-{}", run.progress.power.word());
            let text = self.world.say_with(&key, [("name", shown), ("why", &why)]);
            let more = outcome.error().map(|error| [error.why(&self.world.text), error.next(&self.world.text)]);
            let more: Vec<String> = more.into_iter().flatten().flatten().collect();
            self.world.complain(joined(" ", std::iter::once(&*text).chain(more.iter().map(String::as_str))));
        }
        if good == outcomes.len() {
            let key = format!("power-ended-{}", run.progress.power.word());
            let text = self.world.text.say_with(&key, &[("count", good.into())]);
            self.world.tell(text, Tone::Plain);
        }
        if let Some(request) = run.then.filter(|_| is_awaited && good == outcomes.len()) {
            return self.await_way(number, request);
        }
        self.refresh_by_itself()
    }

    /// It runs; now a way in has to take us.
    fn await_way(&mut self, number: u64, request: ConnectRequest) -> Vec<Effect> {
        let Some(instance) = self.world.inventory.row(&request.id).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        let planner = Box::new(self.planner(&instance, &request));
        let said = self.world.say_with("start-no-way-yet", [("seconds", "0")]);
        self.world.power.awaited = Some((number, said));
        self.overlays.push(Box::new(Starting::new(number, instance.shown())));
        vec![Effect::AwaitWay { number, instance: Box::new((*instance).clone()), planner }]
    }

    /// No way takes us yet.
    pub(super) fn on_awaited_way(&mut self, number: u64, said: String) -> Vec<Effect> {
        if let Some((awaited, line)) = &mut self.world.power.awaited
            && *awaited == number
        {
            *line = said;
        }
        Vec::new()
    }

    /// A way takes us, or none will. Whoever waits for it is let in.
    pub(super) fn on_open_way(&mut self, number: u64, id: &InstanceId, result: Result<Box<Plan>, Trouble>) -> Vec<Effect> {
        let lies_on_top = self.overlays.last().is_some_and(|overlay| overlay.awaits_run() == Some(number));
        let is_awaited = self.world.power.awaited.take_if(|(awaited, _)| *awaited == number).is_some();
        self.overlays.retain(|overlay| overlay.awaits_run() != Some(number));
        match result {
            _ if !is_awaited => Vec::new(),
            Ok(plan) if lies_on_top => {
                self.overlays.clear();
                vec![Effect::Connect { plan }]
            }
            // Whoever reads something else meanwhile is not thrown into a shell.
            Ok(_) => {
                let name = self.world.inventory.row(id).map_or_else(|| id.to_string(), |instance| instance.shown());
                self.tell(self.world.say_with("start-way-open", [("name", &name)]))
            }
            Err(trouble) if lies_on_top => self.on_session_end(id.clone(), "", None, Err(trouble)),
            Err(trouble) => {
                self.world.complain(joined(" ", trouble.lines()));
                Vec::new()
            }
        }
    }

    /// The user does not wait any longer; the instance goes on.
    pub(super) fn stop_starting(&mut self) -> Vec<Effect> {
        let mut effects = self.tell(self.world.say("power-why-left"));
        // While it still starts the end of that refreshes the list.
        if self.world.power.awaited.take().is_some() {
            effects.push(Effect::StopAwaitingWay);
            effects.extend(self.refresh_by_itself());
        }
        effects
    }

    /// A row that is stopped, or is about to be, and is to be connected to: ask once for all of it. `None`: it needs no start, or may not be started.
    pub(super) fn ask_to_start(&mut self, instance: &Instance, request: &ConnectRequest) -> Option<Vec<Effect>> {
        let is_down =
            matches!(instance.state, InstanceState::Stopped | InstanceState::Stopping) && self.world.settings.may_change_power();
        let then = ConnectRequest { is_confirmed: true, is_tried_anyway: request.method.is_some(), ..request.clone() };
        let request = PowerRequest { power: Power::Start, ids: vec![instance.id.clone()], then: Some(then) };
        is_down.then(|| self.show_power(request))
    }
}
