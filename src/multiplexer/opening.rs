//! What each of them is asked with, as argv. A command is our own program and words of ours: nothing of an instance is in it.

use super::Host;
use crate::text::shell_word;

/// How several sessions stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Each for itself.
    Apart,
    /// What is typed goes to all of them.
    TypedTogether,
}

/// What is asked of a host, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The first call. Where [`Opening::names_a_window`], it prints the window that it made.
    pub first: Vec<String>,
    /// The others; `{window}` stands for what the first one printed.
    pub others: Vec<Vec<String>>,
}

/// Stands for the window that the first call made.
pub const WINDOW: &str = "{window}";

const ITERM: &str = r#"on run argv
  tell application "iTerm2" to tell current window to create tab with default profile command (item 1 of argv)
end run"#;

impl Opening {
    /// One command beside the dashboard; several in a window of their own, where there is such a thing.
    pub fn of(host: &Host, commands: &[Vec<String>], manner: Manner) -> Option<Self> {
        let is_one = commands.len() == 1;
        let (first, others) = commands.split_first()?;
        Some(match host {
            Host::Tmux { pane } if is_one => Self::single(words(&["tmux", "split-window", "-t", pane, "--"], first)),
            Host::Tmux { .. } => Self::tmux_window(first, others, manner),
            Host::Zellij => Self::each(commands, |command| words(&["zellij", "run", "--close-on-exit", "--"], command)),
            Host::Wezterm { pane } if is_one => {
                Self::single(words(&["wezterm", "cli", "split-pane", "--pane-id", pane, "--"], first))
            }
            Host::Wezterm { pane } => {
                Self::each(commands, |command| words(&["wezterm", "cli", "spawn", "--pane-id", pane, "--"], command))
            }
            Host::Kitty { control } => {
                let kind = if is_one { "--type=window" } else { "--type=tab" };
                Self::each(commands, |command| words(&["kitty", "@", "--to", control, "launch", kind], command))
            }
            // It splits one text into words as a shell does.
            Host::Iterm2 => Self::each(commands, |command| {
                let line = command.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ");
                words(&["osascript", "-e", ITERM], &[line])
            }),
            Host::WindowsTerminal { distribution } => Self::each(commands, |command| {
                let kind = if is_one { "split-pane" } else { "new-tab" };
                // A semicolon would begin another order of its own.
                let command: Vec<String> = command.iter().map(|word| word.replace(';', r"\;")).collect();
                words(&["wt.exe", "-w", "0", kind, "wsl.exe", "-d", &distribution.replace(';', r"\;"), "--exec"], &command)
            }),
            Host::GnomeTerminal => Self::each(commands, |command| words(&["gnome-terminal", "--tab", "--"], command)),
        })
    }

    /// Whether the others are about a window that the first call makes.
    pub fn names_a_window(&self) -> bool {
        self.others.iter().flatten().any(|word| word == WINDOW)
    }

    fn single(first: Vec<String>) -> Self {
        Self { first, others: Vec::new() }
    }

    fn each(commands: &[Vec<String>], call: impl Fn(&[String]) -> Vec<String>) -> Self {
        let mut calls = commands.iter().map(|command| call(command));
        let first = calls.next().unwrap_or_default();
        Self { first, others: calls.collect() }
    }

    /// Laid out anew after each pane: the next one has room then.
    fn tmux_window(first: &[String], others: &[Vec<String>], manner: Manner) -> Self {
        let tiled = || words(&["tmux", "select-layout", "-t", WINDOW, "tiled"], &[]);
        let split = |command: &Vec<String>| [words(&["tmux", "split-window", "-t", WINDOW, "--"], command), tiled()];
        let joined = words(&["tmux", "set-option", "-w", "-t", WINDOW, "synchronize-panes", "on"], &[]);
        let joined = (manner == Manner::TypedTogether).then_some(joined);
        Self {
            first: words(&["tmux", "new-window", "-P", "-F", "#{window_id}", "--"], first),
            others: others.iter().flat_map(split).chain(joined).collect(),
        }
    }
}

fn words(before: &[&str], command: &[String]) -> Vec<String> {
    before.iter().map(|word| (*word).to_owned()).chain(command.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(number: u8) -> Vec<String> {
        ["/opt/ec2 dash;x/ec2dash", "--pane", "/run/a", &number.to_string()].map(str::to_owned).to_vec()
    }

    fn shown(host: &Host, how_many: u8, manner: Manner) -> Vec<String> {
        let commands: Vec<Vec<String>> = (1..=how_many).map(command).collect();
        let opening = Opening::of(host, &commands, manner).unwrap();
        [opening.first].iter().chain(&opening.others).map(|call| call.join("|")).collect()
    }

    const C1: &str = "/opt/ec2 dash;x/ec2dash|--pane|/run/a|1";
    const C2: &str = "/opt/ec2 dash;x/ec2dash|--pane|/run/a|2";

    #[test]
    fn one_session_stands_beside_the_dashboard() {
        for (host, call) in [
            (Host::Tmux { pane: "%3".to_owned() }, format!("tmux|split-window|-t|%3|--|{C1}")),
            (Host::Zellij, format!("zellij|run|--close-on-exit|--|{C1}")),
            (Host::Wezterm { pane: "7".to_owned() }, format!("wezterm|cli|split-pane|--pane-id|7|--|{C1}")),
            (Host::Kitty { control: "unix:/k".to_owned() }, format!("kitty|@|--to|unix:/k|launch|--type=window|{C1}")),
            (Host::Iterm2, format!("osascript|-e|{ITERM}|'/opt/ec2 dash;x/ec2dash' --pane /run/a 1")),
            (
                Host::WindowsTerminal { distribution: "Debian".to_owned() },
                r"wt.exe|-w|0|split-pane|wsl.exe|-d|Debian|--exec|/opt/ec2 dash\;x/ec2dash|--pane|/run/a|1".to_owned(),
            ),
            (Host::GnomeTerminal, format!("gnome-terminal|--tab|--|{C1}")),
        ] {
            assert_eq!(shown(&host, 1, Manner::Apart), [call]);
        }
    }

    #[test]
    fn several_have_a_window_or_tabs_of_their_own() {
        let tmux = Host::Tmux { pane: "%3".to_owned() };
        let apart = [
            format!("tmux|new-window|-P|-F|#{{window_id}}|--|{C1}"),
            format!("tmux|split-window|-t|{WINDOW}|--|{C2}"),
            format!("tmux|select-layout|-t|{WINDOW}|tiled"),
        ];
        assert_eq!(shown(&tmux, 2, Manner::Apart), apart);
        let together = format!("tmux|set-option|-w|-t|{WINDOW}|synchronize-panes|on");
        assert_eq!(shown(&tmux, 2, Manner::TypedTogether), [&apart[..], &[together]].concat());
        assert_eq!(
            shown(&Host::Wezterm { pane: "7".to_owned() }, 2, Manner::Apart),
            [C1, C2].map(|own| format!("wezterm|cli|spawn|--pane-id|7|--|{own}")),
        );
        assert_eq!(
            shown(&Host::Kitty { control: "unix:/k".to_owned() }, 2, Manner::Apart),
            [C1, C2].map(|own| format!("kitty|@|--to|unix:/k|launch|--type=tab|{own}")),
        );
        assert_eq!(shown(&Host::GnomeTerminal, 2, Manner::Apart).len(), 2);
    }
}
