//! The ways into one instance, to choose one.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, moved};
use crate::access::{Channel, JumpCandidate, Login, Mark, Method, Way, Ways, door, login, mark};
use crate::config::HostKeys;
use crate::model::{HostKeyOrigin, Instance, InstanceId, Place, ProfileName};
use crate::text::joined;
use crate::tui::access_run::AccessOffer;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, piece, wrapped};
use crate::tui::connect_request::ConnectRequest;
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::lines::tone;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 80;

/// A way that was tried, and did not take us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedWay {
    /// The instance.
    pub id: InstanceId,
    /// The way.
    pub method: Method,
    /// What was said, in one line.
    pub said: String,
    /// All of it.
    pub lines: Vec<String>,
    /// That it may be asked for, if it may.
    pub offer: Option<AccessOffer>,
}

/// The ways into one instance; the best one is chosen at first.
#[derive(Debug)]
pub struct Picker {
    id: InstanceId,
    /// The way the user moved to; until then it is the best, also when the facts change.
    chosen: Option<Method>,
    user: Option<Login>,
    field: Option<Field>,
    problem: Option<String>,
    /// Ways that were tried and did not take us, the last one last.
    refused: Vec<RefusedWay>,
}

impl Picker {
    /// The ways into this instance.
    pub fn new(id: InstanceId, _world: &World) -> Self {
        Self { id, chosen: None, user: None, field: None, problem: None, refused: Vec::new() }
    }

    /// The same after ways were refused: they are marked, and the next one is chosen.
    #[must_use]
    pub fn after_refusals(self, refused: Vec<RefusedWay>) -> Self {
        Self { refused, ..self }
    }

    /// What is said of a way that did not take us.
    fn refusal(&self, method: Method) -> Option<&RefusedWay> {
        self.refused.iter().find(|refused| refused.method == method)
    }

    /// That a way which did not take us may be asked for.
    fn offer(&self) -> Option<&AccessOffer> {
        self.refused.iter().rev().find_map(|refused| refused.offer.as_ref())
    }

    /// The line that says so.
    fn offer_line(&self, world: &World) -> Option<String> {
        let key = world.keymap.hint(Action::RequestAccess);
        match &self.offer()?.request {
            Some(request) => world.say_if_whole("access-offer-known", [("key", &key), ("id", request)]),
            None => world.say_if_whole("access-offer", [("key", &key)]),
        }
    }

    /// What is to be tried before what: a way that was refused last, one that asks the same of AWS shortly before it.
    fn place(&self, ways: &Ways, method: Method) -> (bool, bool, bool) {
        let is_open = ways.way(method).is_some_and(|way| matches!(mark(way), Mark::Works | Mark::Problem | Mark::Unknown));
        let is_kin = |refused: &RefusedWay| refused.method.is_by_session_manager() && method.is_by_session_manager();
        (self.refusal(method).is_some(), !(is_open && method.can_be_opened()), self.refused.iter().any(is_kin))
    }

    fn choose(&mut self, at: usize, order: &[Method]) -> Reply {
        if let Some(method) = order.get(at) {
            self.chosen = Some(*method);
        }
        Reply::Stay(Vec::new())
    }

    fn connect(&self, ways: &Ways, world: &World) -> Reply {
        let Some(way) = self.way(ways, world) else { return Reply::Stay(Vec::new()) };
        // Whether anything else is in the way, and whether it may be tried all the same, is for the plan to say.
        Reply::Stay(vec![if way.method.can_be_opened() {
            Request::Connect(self.request(way.method))
        } else {
            let why = world.say("not-in-this-version");
            Request::Tell(world.say_with("way-refused", [("method", way.method.id()), ("why", &why)]))
        }])
    }

    fn request(&self, method: Method) -> ConnectRequest {
        ConnectRequest { method: Some(method), user: self.user.clone(), ..ConnectRequest::best(self.id.clone()) }
    }

    fn way<'w>(&self, ways: &'w Ways, world: &World) -> Option<&'w Way> {
        // A login name is for ssh.
        let takes_user = |method: &Method| self.user.is_none() || method.runs_ssh();
        let others = || order(ways, world).into_iter().filter(takes_user);
        let chosen = self.chosen.or_else(|| others().min_by_key(|method| self.place(ways, *method)))?;
        ways.way(chosen)
    }

    /// The user field is open: its keys, and what ends it.
    fn type_user(&mut self, action: Action) -> Reply {
        match action {
            Action::ConnectMenu => {
                let typed = self.field.as_ref().map(|field| field.value().trim().to_owned()).unwrap_or_default();
                match typed.parse() {
                    _ if typed.is_empty() => self.user = None,
                    Ok(user) => {
                        self.user = Some(user);
                        self.chosen = self.chosen.filter(|method| method.runs_ssh());
                    }
                    Err(_) => {
                        self.problem = Some(typed);
                        return Reply::Stay(Vec::new());
                    }
                }
                self.field = None;
                self.problem = None;
            }
            Action::Cancel => {
                self.field = None;
                self.problem = None;
            }
            _ => {}
        }
        Reply::Stay(Vec::new())
    }
}

impl Overlay for Picker {
    fn page(&self) -> Page {
        Page::Picker
    }

    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        self.field.as_mut()?.press(key).map(|_| Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        self.field.as_mut().is_none_or(|field| field.paste(text))
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        if self.field.is_some() {
            return self.type_user(action);
        }
        let Some(instance) = world.inventory.row(&self.id) else { return Reply::Close(Vec::new()) };
        let ways = world.ways(instance);
        let order = order(&ways, world);
        let at = self.way(&ways, world).and_then(|way| order.iter().position(|method| *method == way.method)).unwrap_or(0);
        if let Some(to) = moved(action, at, order.len(), order.len()).or_else(|| action.chosen_way()) {
            return self.choose(to, &order);
        }
        match action {
            Action::ConnectMenu | Action::Connect | Action::Open => self.connect(&ways, world),
            Action::User => {
                let user = self.user.clone().unwrap_or_else(|| login(instance, &world.connect_options(instance)).0);
                self.field = Some(Field::holding(user.as_str()));
                Reply::Stay(Vec::new())
            }
            Action::CopyCommand => match self.way(&ways, world) {
                // What does not work is not worth copying; what mends it is.
                Some(way) if mark(way) == Mark::Blocked && fix(way, world).is_some() => {
                    let text = fix(way, world).unwrap_or_default();
                    Reply::Stay(vec![Request::Copy { what: "copied-fix", text }])
                }
                Some(way) if way.method.can_be_opened() => Reply::Stay(vec![Request::CopyCommand(self.request(way.method))]),
                _ => Reply::Stay(vec![Request::Tell(world.say("not-in-this-version"))]),
            },
            Action::Profile => match world.inventory.also_in(&self.id).first() {
                Some(place) => {
                    let place = next_place(&world.inventory.also_in(&self.id), &instance.place).unwrap_or(place).clone();
                    Reply::Stay(vec![Request::SeeBy { id: self.id.clone(), place }])
                }
                None => Reply::Pass,
            },
            Action::RequestAccess => match self.offer() {
                Some(AccessOffer { request: Some(_) }) => {
                    Reply::Close(vec![Request::AskForAccess { id: self.id.clone(), reason: None }])
                }
                Some(AccessOffer { request: None }) => {
                    Reply::Stay(vec![Request::Show(Box::new(super::AccessForm::new(self.id.clone())))])
                }
                None => Reply::Stay(vec![Request::Tell(world.say("access-not-denied"))]),
            },
            Action::Doctor => Reply::Close(vec![Request::OpenDoctor(self.id.clone())]),
            Action::Tunnel => Reply::Close(vec![Request::Show(Box::new(super::TunnelForm::new(self.id.clone())))]),
            Action::Cancel | Action::Quit | Action::Back => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let Some(instance) = world.inventory.row(&self.id) else {
            let area = centred(area, WIDEST, 3);
            let inside = canvas.frame(area, self.id.as_str(), "", &world.hint(Action::Cancel, "hint-cancel"));
            canvas.put(inside.x, inside.y, inside.width, &world.say("instance-left"), canvas.role(Role::Text));
            return None;
        };
        let ways = world.ways(instance);
        let order = order(&ways, world);
        let chosen = self.way(&ways, world);
        let advice = chosen.into_iter().flat_map(|way| remedy(way, world).into_iter().chain(jump_lines(way, instance, world)));
        let remedy: Vec<String> = advice.flat_map(|text| wrapped(&text, WIDEST.min(area.width) - 6)).collect();
        let unchecked = unchecked_line(chosen, world);
        let told = self.refused.last().map(|refused| refused.lines.as_slice()).unwrap_or_default();
        let told: Vec<String> = told.iter().flat_map(|line| wrapped(line, WIDEST.min(area.width) - 6)).collect();
        let offer = self.offer_line(world);
        let others = others_line(instance, world);
        let host_key = host_key_line(chosen, instance, world);
        let below = usize::from(others.is_some()) + usize::from(offer.is_some()) + usize::from(host_key.is_some());
        let height = order.len() + 5 + below + remedy.len() + told.len();
        let area = centred(area, WIDEST, u16::try_from(height).unwrap_or(u16::MAX));
        let title =
            world.say_with("picker-title", [("instance", &joined("  ", [name(instance).as_str(), instance.id.as_str()]))]);
        let inside = canvas.frame(area, &title, "", &self.hints(world));
        let mut y = inside.y;
        for (at, method) in order.iter().enumerate() {
            let Some(way) = ways.way(*method) else { continue };
            let is_chosen = chosen.is_some_and(|chosen| chosen.method == *method);
            let line = Rect { y, height: 1, ..inside };
            let summary = self.refusal(*method).map_or_else(|| ready(way, instance, world), |refusal| refusal.said.clone());
            let mark = if self.refusal(*method).is_some() { Mark::Blocked } else { mark(way) };
            draw_way(canvas, line, at + 1, way, mark, summary, is_chosen, world);
            y += 1;
        }
        // What is drawn below matters more on a low screen: this is on the page of problems, too.
        let room = usize::from(inside.bottom().saturating_sub(y + 3)).saturating_sub(below + remedy.len());
        for line in told.iter().take(room) {
            canvas.put(inside.x + 2, y, inside.width.saturating_sub(2), line, canvas.role(Role::Bad));
            y += 1;
        }
        if let Some(offer) = &offer {
            canvas.put(inside.x + 2, y, inside.width.saturating_sub(2), offer, canvas.role(Role::Focus));
            y += 1;
        }
        for line in &remedy {
            if y < inside.bottom() {
                canvas.put(inside.x + 2, y, inside.width.saturating_sub(2), line, canvas.role(Role::Faint));
                y += 1;
            }
        }
        y += 1;
        let cursor = (y < inside.bottom()).then(|| {
            let line = Rect { y, height: 1, ..inside };
            self.draw_login(canvas, line, instance, chosen.map(|way| way.method), world)
        })?;
        let rest = host_key.into_iter().chain(others).chain((!unchecked.is_empty()).then_some(unchecked));
        for (y, line) in (y + 1..inside.bottom()).zip(rest) {
            canvas.put(inside.x, y, inside.width, &line, canvas.role(Role::Faint));
        }
        cursor
    }
}

impl Picker {
    fn hints(&self, world: &World) -> String {
        if self.field.is_some() {
            return world.hints([(Action::ConnectMenu, "hint-use"), (Action::Cancel, "hint-cancel")]);
        }
        world.hints([
            (Action::ConnectMenu, "hint-connect-menu"),
            (Action::User, "hint-user"),
            (Action::Tunnel, "hint-tunnel"),
            (Action::CopyCommand, "hint-copy-command"),
            (Action::Doctor, "hint-doctor"),
            (Action::Cancel, "hint-cancel"),
        ])
    }

    /// The line with the login name, the port and the account; the field, while it is open.
    fn draw_login(
        &self,
        canvas: &mut Canvas<'_>,
        line: Rect,
        instance: &Instance,
        method: Option<Method>,
        world: &World,
    ) -> Option<Position> {
        let options = world.connect_options(instance);
        let (found, source) = login(instance, &options);
        if let Some(field) = &self.field {
            let label = world.say("picker-user-field");
            let after = canvas.put(line.x, line.y, line.width, &format!("{label} "), canvas.role(Role::Focus));
            let room = 33.min(line.right().saturating_sub(after + 1));
            let (text, at) = field.view(room);
            let after_text = canvas.put(after, line.y, room, &text, canvas.role(Role::Text));
            if self.problem.is_some() {
                let problem = world.say("not-a-login");
                canvas.put(after_text + 2, line.y, line.right().saturating_sub(after_text + 2), &problem, canvas.role(Role::Bad));
            }
            return Some(Position::new(after + at, line.y));
        }
        let (user, source) = match &self.user {
            Some(user) => (user.clone(), world.say("user-typed")),
            None => (found, world.say(source.key())),
        };
        let account = instance.account.as_ref().map(ToString::to_string).unwrap_or_default();
        let profile = instance.place.profile.as_ref().map(ProfileName::shown).unwrap_or_default();
        let mut said = Vec::new();
        // A Session Manager shell logs nobody in; its user is the account's choice.
        if method.is_none_or(Method::runs_ssh) {
            said.push(world.say_with("picker-user", [("user", user.as_str()), ("source", &source)]));
            said.push(world.say_with("picker-port", [("port", &options.port.to_string())]));
        }
        let region = if world.here.beside.is_empty() { "" } else { instance.place.region.as_str() };
        let whose = joined(" ", [account.as_str(), &profile, region]);
        let key = if account.is_empty() { "picker-profile" } else { "picker-account" };
        said.extend((!whose.is_empty()).then(|| world.say_with(key, [("account", &whose)])));
        canvas.put(line.x, line.y, line.width, said.join("    ").trim_end(), canvas.role(Role::Text));
        None
    }
}

/// The place after this one in their order, from the last the first.
fn next_place<'p>(others: &[&'p Place], here: &Place) -> Option<&'p Place> {
    others.iter().find(|place| place.profile > here.profile).or(others.first()).copied()
}

/// By which other profile the instance is seen, and the key that takes that one.
fn others_line(instance: &Instance, world: &World) -> Option<String> {
    let others = world.inventory.also_in(&instance.id);
    let next = next_place(&others, &instance.place)?;
    let profile = next.profile.as_ref().map_or_else(|| world.say("picker-no-profile"), ProfileName::shown);
    let key = world.keymap.hint(Action::Profile);
    world.say_if_whole("picker-also", [("profile", &profile), ("key", &key)])
}

/// What is said of a way; of one through an endpoint, through which.
fn ready(way: &Way, instance: &Instance, world: &World) -> String {
    let is_by_endpoint = way.method.channel() == Channel::Endpoint && mark(way) == Mark::Works;
    let options = world.connect_options(instance);
    match door(instance, &options) {
        Ok(door) if is_by_endpoint => world.say_with("picker-endpoint", [("endpoint", door.endpoint.id.as_str())]),
        _ => way.summary(&world.text),
    }
}

#[expect(clippy::too_many_arguments, reason = "what a line shows")]
fn draw_way(
    canvas: &mut Canvas<'_>,
    line: Rect,
    number: usize,
    way: &Way,
    mark: Mark,
    mut summary: String,
    is_chosen: bool,
    world: &World,
) {
    let pointer = if is_chosen { ">" } else { " " };
    if !way.method.can_be_opened() {
        summary = format!("{summary} · {}", world.say("not-in-this-version"));
    }
    let style = canvas.role(Role::Text);
    let pieces = [
        piece(format!("{pointer} {number} {:<8} ", way.method.id()), style),
        piece(format!("{} ", mark.symbol()), canvas.tone(tone(mark))),
        piece(summary, style),
    ];
    canvas.put_all(line.x, line.y, line.width, &pieces);
    if is_chosen {
        canvas.lay(line, canvas.role(Role::Cursor));
    }
}

/// The best way first, then the preferred order, then what it leaves out.
fn order(ways: &Ways, world: &World) -> Vec<Method> {
    let preferred = &world.settings.connect.order;
    let mut order: Vec<Method> = Vec::new();
    for method in ways.best.iter().chain(preferred).chain(Method::known()) {
        if ways.way(*method).is_some() && !order.contains(method) {
            order.push(*method);
        }
    }
    order
}

/// The command that opens a way, or what to know where no command does.
fn remedy(way: &Way, world: &World) -> Option<String> {
    fix(way, world)
        .or_else(|| way.reasons.iter().find_map(|reason| reason.remark(&world.text)).filter(|_| mark(way) != Mark::Works))
}

/// The jump hosts by which a way to an address may be opened: of each the command, and below it why it is offered.
fn jump_lines(way: &Way, instance: &Instance, world: &World) -> Vec<String> {
    let lines = |one: JumpCandidate| {
        let why: Vec<String> = one.reasons.iter().map(|reason| world.say(reason)).collect();
        let command = format!("ec2dash connect {} --jump {}", instance.id, one.instance.id);
        [command, world.say_with("picker-jump", [("jump", &name(&one.instance)), ("why", &why.join(", "))])]
    };
    world.jump_candidates(instance, way).into_iter().flat_map(lines).collect()
}

/// The command that opens a way.
fn fix(way: &Way, world: &World) -> Option<String> {
    way.reasons.iter().find_map(|reason| reason.remedy(&world.text)).filter(|_| mark(way) != Mark::Works)
}

fn unchecked_line(way: Option<&Way>, world: &World) -> String {
    let Some(way) = way else { return String::new() };
    let items: Vec<String> = way.method.unchecked().iter().map(|key| world.say(key)).collect();
    if items.is_empty() { String::new() } else { world.say_with("picker-unchecked", [("items", &items.join(", "))]) }
}

/// Whom ssh will talk to, and since when that is believed: what tells of the host's key, or that nothing does yet.
fn host_key_line(way: Option<&Way>, instance: &Instance, world: &World) -> Option<String> {
    way.filter(|way| way.method.runs_ssh())?;
    let asks = world.settings.connect.host_keys != HostKeys::AcceptNew;
    let key = match world.local.host_keys.get(&instance.id) {
        Some(HostKeyOrigin::Console) => "picker-host-key-console",
        Some(HostKeyOrigin::SessionManager) => "picker-host-key-agent",
        Some(HostKeyOrigin::FirstContact) => "picker-host-key-first",
        None if asks => "picker-host-key-asked",
        None => "picker-host-key-none",
    };
    Some(world.say(key))
}

fn name(instance: &Instance) -> String {
    instance.name().map_or_else(String::new, |name| name.shown_in(40))
}
