//! The settings file was changed while the dashboard runs.

use super::State;
use crate::columns::Tone;
use crate::config::Loaded;
use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::world::Toast;

impl State {
    /// Do as the file says from now on. What is open stays as it was opened.
    pub(super) fn take_settings(&mut self, loaded: Loaded) -> Vec<Effect> {
        let text = std::sync::Arc::clone(&self.world.text);
        let (keymap, key_problems) = Keymap::of(&loaded, &text);
        let before = std::mem::replace(&mut self.world.settings, loaded.settings);
        let of_theme = loaded.theme_problems.iter().flat_map(|problems| problems.lines(&text)).collect::<Vec<_>>();
        let ui = &mut self.world.settings.ui;
        if !of_theme.is_empty() && ui.own_theme.is_none() {
            // A theme that cannot be read leaves the colours of before.
            (ui.theme, ui.own_theme) = (before.ui.theme, before.ui.own_theme.clone());
        }
        self.world.keymap = keymap;
        let settings = &self.world.settings;
        // What was chosen in the dashboard counts until the file says something else.
        if settings.ui.columns != before.ui.columns {
            self.world.columns.clone_from(&settings.ui.columns);
        }
        let favourites = self.world.rows.favourites().with_named(&settings.favourites);
        let sort = (settings.ui.sort != before.ui.sort).then(|| settings.ui.sort.clone());
        if settings.favourites != before.favourites {
            self.world.rows.set_favourites(favourites);
        }
        if let Some(sort) = sort {
            self.resort(sort);
        }
        let mouse = self.world.settings.ui.mouse;
        if mouse != before.ui.mouse {
            self.world.mouse = mouse;
        }
        if self.world.settings.filters != before.filters && !self.filter_text.is_empty() && self.filter_field.is_none() {
            let line = self.filter_text.clone();
            self.filter_by(&line);
        }
        if self.world.settings.refresh != before.refresh && self.next_refresh().is_some() {
            self.plan_refreshes();
        }
        // Rules and ways in say something about every row.
        self.world.rows.doubt();
        self.world.update_rows();
        let odd = loaded.warnings.iter().chain(&key_problems);
        let odd: Vec<String> = odd.map(|finding| format!("config.toml {}", finding.located(&text))).collect();
        self.world.tell(self.world.say("settings-taken"), Tone::Plain);
        for line in odd.into_iter().chain(of_theme).rev() {
            self.world.complain(line);
        }
        let mut effects = vec![Effect::TakeLooks, Effect::UseMouse(self.world.mouse)];
        effects.extend(self.look_around());
        effects
    }

    /// The file cannot be used: say where, and go on with what it said before.
    pub(super) fn keep_settings(&mut self, problems: &[String]) -> Vec<Effect> {
        problems.iter().rev().for_each(|problem| self.world.note(format!("config.toml {problem}")));
        let what = problems.first().map(String::as_str).unwrap_or_default();
        let text = self.world.say_with("settings-kept", [("what", what)]);
        self.world.toast = Some(Toast { text, tone: Tone::Bad, until: None });
        Vec::new()
    }
}
