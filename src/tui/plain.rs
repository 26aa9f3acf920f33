//! Plain mode between two lines: what was typed goes to the state, and what is new in it comes back as sentences.

mod help;
mod list;
mod reading;
mod row;
mod typed;

use jiff::Timestamp;

use self::typed::Typed;
use super::action::Action;
use super::age;
use super::command_run::CommandRun;
use super::draw::instead_of_rows;
use super::effect::Effect;
use super::key::Key;
use super::keymap::Page;
use super::mend_run::MendStage;
use super::screen::Seen;
use super::state::State;
use super::theme::Theme;
use super::world::{Here, Phase, Toast, World};
use crate::columns::Tone;

/// Rows in one answer.
const ROWS: usize = 20;
/// While something loads, a word about it comes so often.
const EVERY: i64 = 10;

/// What was told so far, and what is still to be told.
pub struct Plain {
    theme: Theme,
    /// What to tell in answer to the line that was typed last.
    answer: Option<Answer>,
    /// The row after the last one that was listed.
    after: usize,
    toast: Option<Toast>,
    dialogs: usize,
    /// Whether the page of a sign-in was told, and what was remarked.
    sign_in: Option<(bool, Option<String>)>,
    /// What was last known of a request for access.
    access: Option<Option<String>>,
    here: Here,
    /// Since when a listing is under way that the user waits for, and how often that was said.
    waiting: Option<(Timestamp, i64)>,
    /// What was typed about rows before they were there.
    held: Option<String>,
    /// Whether a command was under way on the instances at the last look.
    runs: bool,
    /// The last examination that was told whole.
    examined: Option<(u64, Timestamp)>,
}

/// What a typed line is answered with, where no dialog is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// The rows from this one on.
    List(usize),
    /// The row that was chosen.
    Row,
    /// The line of a dialog that was chosen.
    Chosen,
    /// What was looked for in a dialog: every line that holds it, or the next one.
    Hits,
    NextHit,
    /// These sentences.
    Lines(Vec<String>),
}

impl Plain {
    /// Plain mode over a state that begins. Nobody sees the picture: it is as large as whole dialogs need.
    pub fn new(theme: Theme, state: &mut State) -> Self {
        state.saw(Seen { rows: ROWS, screen: reading::SCREEN, ..Seen::default() });
        let waiting = Some((state.world.now, 0));
        let here = Here::default();
        Self {
            theme,
            answer: None,
            after: 0,
            toast: None,
            dialogs: 0,
            sign_in: None,
            access: None,
            here,
            waiting,
            held: None,
            runs: false,
            examined: None,
        }
    }

    /// A line was typed.
    pub fn take(&mut self, line: &str, state: &mut State) -> Vec<Effect> {
        // What was said is heard: the next error of the same words is another one.
        self.toast = None;
        state.world.toast = None;
        self.answer = Some(Answer::Row);
        self.held = None;
        let is_in_dialog = !state.overlays.is_empty();
        if is_in_dialog {
            let dialog = reading::dialog(state, &self.theme);
            if dialog.is_typed_in {
                // Below a field stands what it leaves to choose from.
                return match typed::read(line) {
                    Typed::Number(number) if number <= dialog.choices.len() => self.choose(number, state),
                    _ => fill(line, state),
                };
            }
        }
        let typed = typed::read(line);
        if !is_in_dialog && typed.is_about_rows() && awaits_rows(state) {
            self.held = Some(line.to_owned());
            self.answer = Some(Answer::Lines(vec![state.world.say("plain-held")]));
            return Vec::new();
        }
        match typed {
            Typed::Again if is_in_dialog => state.press(Key::named("Enter")),
            Typed::Again => self.list_from(0),
            Typed::More => self.list_from(self.after),
            Typed::Help => {
                self.answer = Some(Answer::Lines(help::lines(&state.world)));
                Vec::new()
            }
            Typed::Number(number) if is_in_dialog => self.choose(number, state),
            Typed::Number(number) => {
                self.go_to(number, state);
                Vec::new()
            }
            Typed::On(number, action) => {
                let is_there = if is_in_dialog { self.point_at(number, state) } else { self.go_to(number, state) };
                if is_there { self.act(action, state) } else { Vec::new() }
            }
            Typed::Act(action) => self.act(action, state),
            Typed::Press(key) => self.press(key, state),
            Typed::Filter(words) if is_in_dialog => self.search(&words, state),
            Typed::Words(words) => match own_command(&words, &state.world) {
                Some((None, at)) if !is_in_dialog => state.run_own(at),
                Some((Some(number), at)) if !is_in_dialog => {
                    if self.go_to(number, state) {
                        state.run_own(at)
                    } else {
                        Vec::new()
                    }
                }
                _ if is_in_dialog => self.not_understood(&words, state),
                _ => self.filter(&words, state),
            },
            Typed::Filter(words) => self.filter(&words, state),
        }
    }

    /// What was typed about rows before they were there, once they are.
    pub fn take_held(&mut self, state: &mut State) -> Vec<Effect> {
        match self.held.take_if(|_| !awaits_rows(state) && state.overlays.is_empty()) {
            Some(line) => self.take(&line, state),
            None => Vec::new(),
        }
    }

    /// Whether something is under way that the next line of somebody who does not wait for answers may be about.
    pub fn is_busy(&self, state: &State) -> bool {
        let world = &state.world;
        let is_running = world.command.as_ref().is_some_and(CommandRun::is_under_way) || !world.power.runs.is_empty();
        self.held.is_some() || awaits_rows(state) || world.rows_lag || world.is_loading() || is_running
    }

    fn not_understood(&mut self, words: &str, state: &State) -> Vec<Effect> {
        let sentence = state.world.say_with("plain-not-understood", [("typed", words)]);
        self.answer = Some(Answer::Lines(vec![sentence]));
        Vec::new()
    }

    /// A key by its name does what the action does that it asks for.
    fn press(&mut self, key: Key, state: &mut State) -> Vec<Effect> {
        let page = state.overlays.last().map_or(Page::Everywhere, |overlay| overlay.page());
        match state.world.keymap.action(page, key) {
            Some(Action::NextHit | Action::PreviousHit) if !state.overlays.is_empty() => self.answer = Some(Answer::NextHit),
            _ => {}
        }
        state.press(key)
    }

    /// Look for words in the text of a dialog.
    fn search(&mut self, words: &str, state: &mut State) -> Vec<Effect> {
        let mut effects = state.act(Action::Filter);
        if !reading::dialog(state, &self.theme).is_typed_in {
            return self.not_understood(&format!("/{words}"), state);
        }
        effects.extend(state.press(Key::ctrl('u')));
        effects.extend(words.chars().flat_map(|character| state.press(Key::character(character))));
        effects.extend(state.press(Key::named("Enter")));
        if !words.is_empty() {
            self.answer = Some(Answer::Hits);
        }
        effects
    }

    fn act(&mut self, action: Action, state: &mut State) -> Vec<Effect> {
        if matches!(action, Action::Instances | Action::Sort | Action::ReverseSort | Action::SelectAll) {
            self.list_from(0);
        }
        if matches!(action, Action::NextHit | Action::PreviousHit) && !state.overlays.is_empty() {
            self.answer = Some(Answer::NextHit);
        }
        if action == Action::Refresh {
            self.waiting = Some((state.world.now, 0));
        }
        state.act(action)
    }

    fn list_from(&mut self, row: usize) -> Vec<Effect> {
        self.answer = Some(Answer::List(row));
        Vec::new()
    }

    /// Whether there is a row of this number; it is the one that commands are about from now on.
    fn go_to(&mut self, number: usize, state: &mut State) -> bool {
        let is_there = (1..=state.world.rows.len()).contains(&number);
        if is_there {
            state.world.rows.go_to(number - 1);
        } else {
            self.answer = Some(Answer::Lines(vec![no_such_number(number, &state.world)]));
        }
        is_there
    }

    /// Point at the line of this number in a dialog. Whether there is one.
    fn point_at(&mut self, number: usize, state: &mut State) -> bool {
        let dialog = reading::dialog(state, &self.theme);
        let is_there = (1..=dialog.choices.len()).contains(&number);
        if is_there {
            let (to, from) = (number - 1, dialog.pointed);
            for _ in to..from {
                state.act(Action::Up);
            }
            for _ in from..to {
                state.act(Action::Down);
            }
        } else {
            let sentence = state.world.say_with("plain-no-such-number", [("number", &number.to_string())]);
            self.answer = Some(Answer::Lines(vec![sentence]));
        }
        is_there
    }

    /// What stands at this number of a dialog, chosen as its main key does. On a page it is what the next command is about.
    fn choose(&mut self, number: usize, state: &mut State) -> Vec<Effect> {
        let dialog = reading::dialog(state, &self.theme);
        let takes_digits = state.overlays.last().is_some_and(|overlay| overlay.takes_digits());
        // Where nothing can be chosen the digits lead to the other pages, or to what mends something, as the page says.
        if let Ok(key) = number.to_string().parse()
            && (dialog.is_page || takes_digits)
            && dialog.choices.is_empty()
        {
            let open = state.overlays.len();
            let effects = state.press(key);
            if takes_digits && effects.is_empty() && state.overlays.len() == open {
                self.answer = Some(Answer::Lines(vec![no_such_number(number, &state.world)]));
            }
            return effects;
        }
        if !self.point_at(number, state) {
            return Vec::new();
        }
        if dialog.is_page || dialog.page == Page::Columns {
            self.answer = Some(Answer::Chosen);
        }
        match dialog.page {
            _ if dialog.is_page => Vec::new(),
            Page::Columns => state.act(Action::Select),
            _ => state.press(Key::named("Enter")),
        }
    }

    fn filter(&mut self, words: &str, state: &mut State) -> Vec<Effect> {
        let mut effects = state.act(Action::Filter);
        state.press(Key::ctrl('u'));
        for character in words.chars() {
            state.press(Key::character(character));
        }
        self.answer = Some(match state.filter_problem.take() {
            Some(problem) => Answer::Lines(vec![error(&state.world, &problem)]),
            None => Answer::List(0),
        });
        effects.extend(state.press(Key::named("Enter")));
        effects
    }

    /// What is new since the last time, each sentence a line.
    pub fn tell(&mut self, state: &State) -> Vec<String> {
        let world = &state.world;
        let mut lines = self.progress(state);
        let dialogs = std::mem::replace(&mut self.dialogs, state.overlays.len());
        let answer = self.answer.take();
        let sign_in = world.sign_in.as_ref().map(|run| (run.page.is_some(), run.remark.clone()));
        let is_news_of_sign_in = sign_in.is_some() && sign_in != self.sign_in;
        self.sign_in = sign_in;
        let access = world.access.as_ref().map(|run| run.request.clone());
        let is_news_of_access = access.is_some() && access != self.access;
        self.access = access;
        let runs = world.command.as_ref().is_some_and(CommandRun::is_under_way);
        let is_examined = self.hears_all(state);
        // What it has come to is told without being asked for.
        let has_ended = std::mem::replace(&mut self.runs, runs) && !runs;
        if world.toast != self.toast {
            self.toast.clone_from(&world.toast);
            lines.extend(world.toast.as_ref().map(|toast| match toast.tone {
                Tone::Bad => error(world, &toast.text),
                _ => toast.text.clone(),
            }));
        }
        if let Some(Answer::Lines(sentences)) = answer {
            lines.extend(sentences);
        } else if !state.overlays.is_empty() {
            if answer.is_some()
                || dialogs != state.overlays.len()
                || is_news_of_sign_in
                || is_news_of_access
                || has_ended
                || is_examined
            {
                lines.extend(told_of_dialog(answer, state, &self.theme));
            }
        } else if let Some(answer) = answer {
            lines.extend(match answer {
                Answer::List(from) => self.list(from, state),
                _ if world.rows.len() == 0 => missing(state),
                _ => row(state, &self.theme),
            });
        }
        lines
    }

    /// Whether all is told of the instance that the doctor's page is about, and was not before. While a fix is at work its own words say how
    /// it stands.
    fn hears_all(&mut self, state: &State) -> bool {
        let is_here = state.overlays.last().is_some_and(|overlay| overlay.takes_digits());
        let is_at_work = state.world.mends.iter().any(|run| matches!(run.stage, MendStage::AtWork | MendStage::Waiting));
        let told = state.world.examination.as_ref().and_then(|own| Some((own.number, own.told?)));
        if !is_here || is_at_work || told == self.examined {
            return false;
        }
        self.examined = told;
        told.is_some()
    }

    /// What can be said of a listing that the user waits for.
    fn progress(&mut self, state: &State) -> Vec<String> {
        let world = &state.world;
        let is_elsewhere = (&self.here.profile, &self.here.regions) != (&world.here.profile, &world.here.regions);
        if is_elsewhere {
            self.here = world.here.clone();
            self.waiting = Some((world.now, 0));
        }
        let Some((since, said)) = &mut self.waiting else { return Vec::new() };
        if world.is_loading() || world.rows_lag {
            let seconds = age::seconds(*since, world.now) / EVERY * EVERY;
            if seconds > *said {
                *said = seconds;
                return vec![world.say_with("plain-still-loading", [("seconds", &seconds.to_string())])];
            }
            return Vec::new();
        }
        self.waiting = None;
        // What a dialog that came up by itself asks for is more than what is missing because of it.
        if state.overlays.is_empty() && self.answer.is_none() { self.list(0, state) } else { Vec::new() }
    }

    /// When there is something to say though nobody types and AWS says nothing.
    pub fn wake(&self) -> Option<Timestamp> {
        let (since, said) = self.waiting?;
        since.checked_add(jiff::SignedDuration::from_secs(said + EVERY)).ok()
    }

    /// The rows from this one on, as many as one listens to.
    fn list(&mut self, from: usize, state: &State) -> Vec<String> {
        if state.world.rows.len() == 0 {
            return missing(state);
        }
        let (lines, after) = list::lines(from, ROWS, &state.world);
        self.after = after;
        lines
    }
}

/// Whether the first rows are still to come.
fn awaits_rows(state: &State) -> bool {
    let world = &state.world;
    let is_on_the_way = world.is_loading() || world.rows_lag || world.here.phase == Phase::Opening;
    world.rows.total() == 0 && is_on_the_way
}

/// The command of the user's own that bears this name, and the number of the row before it.
fn own_command(words: &str, world: &World) -> Option<(Option<usize>, usize)> {
    let named = |name: &str| world.settings.commands.iter().position(|command| command.name == name);
    if let Some(at) = named(words) {
        return Some((None, at));
    }
    let (number, name) = words.split_once(' ')?;
    Some((Some(number.parse().ok()?), named(name.trim())?))
}

/// What a dialog is answered with.
fn told_of_dialog(answer: Option<Answer>, state: &State, theme: &Theme) -> Vec<String> {
    // The doctor's page is read once all is told.
    let is_asking = state.world.examination.as_ref().is_some_and(|own| own.told.is_none());
    if is_asking && state.overlays.last().is_some_and(|overlay| overlay.takes_digits()) {
        return vec![state.world.say("doctor-asking")];
    }
    let dialog = reading::dialog(state, theme);
    match answer {
        Some(Answer::Chosen) if dialog.is_page => {
            let after = dialog.lines.into_iter().skip_while(|line| Some(line) != dialog.choices.get(dialog.pointed));
            let is_of_list = |line: &String| dialog.choices.iter().skip(dialog.pointed + 1).any(|choice| choice == line);
            after.filter(|line| !is_of_list(line)).collect()
        }
        Some(Answer::Chosen) => dialog.choices.into_iter().nth(dialog.pointed).into_iter().collect(),
        // The last line says how often it is there.
        Some(Answer::Hits) if dialog.page == Page::Results => dialog.lines,
        Some(Answer::Hits) => dialog.hits.into_iter().take(ROWS).chain(dialog.lines.last().cloned()).collect(),
        Some(Answer::NextHit) => dialog.hit.or_else(|| dialog.lines.last().cloned()).into_iter().collect(),
        _ => dialog.lines,
    }
}

/// What a field takes: text in place of what it holds, a key by its name, `Enter` for a line with nothing in it.
fn fill(line: &str, state: &mut State) -> Vec<Effect> {
    let line = line.trim_end_matches(['\r', '\n']);
    match typed::key_in_field(line) {
        Some(key) => state.press(key),
        None => {
            let mut effects = state.press(Key::ctrl('u'));
            effects.extend(line.chars().flat_map(|character| state.press(Key::character(character))));
            effects
        }
    }
}

/// The line that was chosen, and what the dashboard tells below the table.
fn row(state: &State, theme: &Theme) -> Vec<String> {
    let rows = &state.world.rows;
    let chosen = rows.shown_from(rows.at()).next();
    let Some(sentence) = chosen.map(|shown| list::sentence(rows.at() + 1, shown, &state.world)) else { return missing(state) };
    std::iter::once(sentence).chain(reading::preview(state, theme)).collect()
}

/// Why there is no row.
fn missing(state: &State) -> Vec<String> {
    let lines = instead_of_rows(state);
    let is_error = state.world.rows.total() == 0 && state.world.trouble().is_some();
    let told = |(at, line): (usize, String)| if at == 0 && is_error { error(&state.world, &line) } else { line };
    lines.into_iter().enumerate().map(told).collect()
}

fn no_such_number(number: usize, world: &World) -> String {
    world.say_with("plain-no-such-number", [("number", &number.to_string())])
}

fn error(world: &World, what: &str) -> String {
    world.say_with("plain-error", [("what", what)])
}

#[cfg(test)]
mod tests;
