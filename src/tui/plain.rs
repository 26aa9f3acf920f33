//! Plain mode between two lines: what was typed goes to the state, and what is new in it comes back as sentences.

mod reading;
mod row;
mod typed;

use jiff::Timestamp;

use self::typed::Typed;
use super::action::Action;
use super::age;
use super::draw::instead_of_rows;
use super::effect::Effect;
use super::key::Key;
use super::keymap::Page;
use super::screen::Seen;
use super::state::State;
use super::theme::Theme;
use super::world::{Here, Toast, World};
use crate::columns::Tone;
use strum::IntoEnumIterator as _;

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
    here: Here,
    /// Since when a listing is under way that the user waits for, and how often that was said.
    waiting: Option<(Timestamp, i64)>,
}

/// What a typed line is answered with, where no dialog is open.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// The rows from this one on.
    List(usize),
    /// The row that was chosen.
    Row,
    /// These sentences.
    Lines(Vec<String>),
}

impl Plain {
    /// Plain mode over a state that begins. Nobody sees the picture: it is as large as whole dialogs need.
    pub fn new(theme: Theme, state: &mut State) -> Self {
        state.saw(Seen { rows: ROWS, screen: reading::SCREEN, ..Seen::default() });
        let waiting = Some((state.world.now, 0));
        Self { theme, answer: None, after: 0, toast: None, dialogs: 0, sign_in: None, here: Here::default(), waiting }
    }

    /// A line was typed.
    pub fn take(&mut self, line: &str, state: &mut State) -> Vec<Effect> {
        // What was said is heard: the next error of the same words is another one.
        self.toast = None;
        state.world.toast = None;
        self.answer = Some(Answer::Row);
        let is_in_dialog = !state.overlays.is_empty();
        if is_in_dialog && reading::dialog(state, &self.theme).is_typed_in {
            return fill(line, state);
        }
        match typed::read(line) {
            Typed::Again if is_in_dialog => state.press(Key::named("Enter")),
            Typed::Again => self.list_from(0),
            Typed::More => self.list_from(self.after),
            Typed::Help => {
                self.answer = Some(Answer::Lines(help(&state.world)));
                Vec::new()
            }
            Typed::Number(number) if is_in_dialog => self.choose(number, state),
            Typed::Number(number) => {
                self.go_to(number, state);
                Vec::new()
            }
            Typed::On(number, action) if !is_in_dialog => {
                if self.go_to(number, state) {
                    self.act(action, state)
                } else {
                    Vec::new()
                }
            }
            Typed::On(_, action) | Typed::Act(action) => self.act(action, state),
            Typed::Press(key) => state.press(key),
            Typed::Filter(words) | Typed::Words(words) if !is_in_dialog => self.filter(&words, state),
            Typed::Filter(words) | Typed::Words(words) => {
                let sentence = state.world.say_with("plain-not-understood", [("typed", &words)]);
                self.answer = Some(Answer::Lines(vec![sentence]));
                Vec::new()
            }
        }
    }

    fn act(&mut self, action: Action, state: &mut State) -> Vec<Effect> {
        if matches!(action, Action::Instances | Action::Sort | Action::ReverseSort | Action::SelectAll) {
            self.list_from(0);
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
        let is_there = (1..=state.world.rows.count()).contains(&number);
        if is_there {
            state.world.rows.go_to(number - 1);
        } else {
            let sentence = state.world.say_with("plain-no-such-number", [("number", &number.to_string())]);
            self.answer = Some(Answer::Lines(vec![sentence]));
        }
        is_there
    }

    /// What stands at this number of a dialog, chosen as its main key does.
    fn choose(&mut self, number: usize, state: &mut State) -> Vec<Effect> {
        let count = reading::dialog(state, &self.theme).choices;
        if !(1..=count).contains(&number) {
            let sentence = state.world.say_with("plain-no-such-number", [("number", &number.to_string())]);
            self.answer = Some(Answer::Lines(vec![sentence]));
            return Vec::new();
        }
        let mut effects = state.act(Action::First);
        for _ in 1..number {
            effects.extend(state.act(Action::Down));
        }
        effects.extend(state.press(Key::named("Enter")));
        effects
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
            if answer.is_some() || dialogs != state.overlays.len() || is_news_of_sign_in {
                lines.extend(reading::dialog(state, &self.theme).lines);
            }
        } else if let Some(answer) = answer {
            lines.extend(match answer {
                Answer::List(from) => self.list(from, state),
                _ if world.rows.count() == 0 => missing(state),
                _ => row(state, &self.theme),
            });
        }
        lines
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
        let world = &state.world;
        let count = world.rows.count();
        if count == 0 {
            return missing(state);
        }
        let from = if from >= count { 0 } else { from };
        self.after = (from + ROWS).min(count);
        let hidden = world.rows.total() - count;
        let key = if hidden > 0 { "plain-rows-of" } else { "plain-rows" };
        let numbers = [("first", from + 1), ("last", self.after), ("shown", count), ("total", count), ("hidden", hidden)];
        let numbers = numbers.map(|(name, number)| (name, number.to_string()));
        let values = numbers.each_ref().map(|(name, number)| (*name, number.as_str()));
        let mut lines = vec![world.say_with(key, values)];
        lines.extend(
            world.rows.visible().skip(from).take(ROWS).zip(from + 1..).map(|(line, number)| row::sentence(number, line, world)),
        );
        if self.after < count {
            lines.push(world.say("plain-more"));
        }
        lines
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

/// The row that was chosen, and what the dashboard tells below the table.
fn row(state: &State, theme: &Theme) -> Vec<String> {
    let Some(line) = state.world.current() else { return missing(state) };
    let sentence = row::sentence(state.world.rows.at() + 1, line, &state.world);
    std::iter::once(sentence).chain(reading::preview(state, theme)).collect()
}

/// Why there is no row.
fn missing(state: &State) -> Vec<String> {
    let lines = instead_of_rows(state);
    let is_error = state.world.rows.total() == 0 && state.world.trouble().is_some();
    let told = |(at, line): (usize, String)| if at == 0 && is_error { error(&state.world, &line) } else { line };
    lines.into_iter().enumerate().map(told).collect()
}

fn error(world: &World, what: &str) -> String {
    world.say_with("plain-error", [("what", what)])
}

/// How plain mode is used, and every command with what it does.
fn help(world: &World) -> Vec<String> {
    let how = ["plain-help-number", "plain-help-filter", "plain-help-command", "plain-help-dialog", "plain-help-end"];
    let mut lines: Vec<String> = how.iter().map(|key| world.say(key)).collect();
    let is_asked_of_table = |action: &Action| action.default_keys(Page::Everywhere).next().is_some() && action.group().is_some();
    lines.extend(
        Action::iter().filter(is_asked_of_table).map(|action| format!("{}: {}", action.name(), action.help(&world.text))),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::world::{answered, listed, plain as theme, press};

    fn begun() -> (Plain, State) {
        let mut state = listed();
        let plain = Plain::new(theme(), &mut state);
        (plain, state)
    }

    fn say(plain: &mut Plain, state: &mut State, line: &str) -> String {
        let effects = plain.take(line, state);
        answered(state, effects);
        plain.tell(state).join("\n")
    }

    #[test]
    fn the_list_is_numbered_sentences_with_the_facts_of_the_table() {
        let (mut plain, mut state) = begun();

        let told = plain.tell(&state).join("\n");

        assert!(told.starts_with("Instances 1 to 12 of 12."), "{told}");
        assert!(told.contains("web-1, running, private 10.0.1.21, public 3.36.112.8, SSM online, connect by ssm."), "{told}");
        assert!(told.contains("batch-worker-1, stopped, private 10.0.4.20, SSM none, no way in is known to work."), "{told}");
        assert!(!told.chars().any(|c| c.is_control() && c != '\n'), "{told:?}");
        assert_eq!(plain.tell(&state), [""; 0]);
        assert!(say(&mut plain, &mut state, "").starts_with("Instances 1 to 12"));
    }

    #[test]
    fn a_number_chooses_a_row_and_a_command_is_about_it() {
        let (mut plain, mut state) = begun();
        plain.tell(&state);
        let number = 1 + state.world.rows.visible().position(|line| line.instance.id.as_str() == "i-0123456789abcdef0").unwrap();

        let told = say(&mut plain, &mut state, &number.to_string());
        assert!(told.starts_with(&format!("{number}. web-1, running")) && told.contains("web-role grants"), "{told}");
        assert!(say(&mut plain, &mut state, "99").contains("There is no number 99."));

        let told = say(&mut plain, &mut state, &format!("{number} details"));
        assert!(told.contains("i-0123456789abcdef0") && told.contains("web-profile"), "{told}");
        assert!(!told.contains(['│', '─', '┌', '●', '✓']), "{told}");
        assert!(say(&mut plain, &mut state, "back").starts_with(&format!("{number}. web-1")));
    }

    #[test]
    fn the_ways_in_are_numbered_and_one_is_chosen_by_its_number() {
        let (mut plain, mut state) = begun();
        plain.tell(&state);
        say(&mut plain, &mut state, "/web-1");

        let told = say(&mut plain, &mut state, "connect-menu");
        assert!(told.contains("1. ssm") && told.contains("works: "), "{told}");
        let effects = plain.take("1", &mut state);
        let effects = answered(&mut state, effects);

        let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((plan.target.id.as_str(), plan.method.id()), ("i-0123456789abcdef0", "ssm"));
    }

    #[test]
    fn words_that_are_no_command_filter_and_a_wrong_field_is_an_error() {
        let (mut plain, mut state) = begun();
        plain.tell(&state);

        assert!(say(&mut plain, &mut state, "web").starts_with("Instances 1 to 3 of 3; the filter hides 9."));
        let told = say(&mut plain, &mut state, "/stat:x");
        assert!(told.starts_with("Error: The filter has no field called stat."), "{told}");
        assert!(say(&mut plain, &mut state, "/nothing-like-it").contains("Nothing matches"));
        assert!(say(&mut plain, &mut state, "/").starts_with("Instances 1 to 12 of 12."));
    }

    #[test]
    fn a_field_takes_the_line_and_an_empty_line_is_enter() {
        let (mut plain, mut state) = begun();
        plain.tell(&state);
        say(&mut plain, &mut state, "/web-1");

        let told = say(&mut plain, &mut state, "exec");
        assert!(told.contains("Run on web-1"), "{told}");
        say(&mut plain, &mut state, "1 or 2");
        let effects = plain.take("", &mut state);

        assert!(matches!(effects.as_slice(), [Effect::RunCommand { .. }]), "{effects:?}");
    }

    #[test]
    fn a_wait_is_told_every_ten_seconds() {
        let mut state = crate::tui::tests::world::blank();
        crate::tui::tests::world::opened(&mut state);
        let mut plain = Plain::new(theme(), &mut state);
        let at = |seconds: i64, state: &mut State| {
            let now = crate::tui::tests::world::now().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
            state.set_now(now);
        };

        assert_eq!(plain.tell(&state), [""; 0]);
        at(9, &mut state);
        assert_eq!(plain.tell(&state), [""; 0]);
        at(10, &mut state);
        assert_eq!(plain.tell(&state), ["Still loading, 10 s."]);
        assert_eq!(plain.tell(&state), [""; 0]);
        at(21, &mut state);
        assert_eq!(plain.tell(&state), ["Still loading, 20 s."]);
    }

    #[test]
    fn every_dialog_of_the_dashboard_is_told_without_its_frame() {
        for action in Action::iter().filter(|action| *action != Action::Quit) {
            let (mut plain, mut state) = begun();
            plain.tell(&state);
            let told = say(&mut plain, &mut state, action.name());
            if !state.overlays.is_empty() {
                assert!(!told.trim().is_empty(), "{}", action.name());
            }
            assert!(!told.contains(|c: char| ('\u{2500}'..='\u{259f}').contains(&c) || c.is_control() && c != '\n'), "{told}");
            press(&mut state, &["Esc"]);
        }
    }
}
