//! What the dashboard runs in, told by the variables that each of them sets for the programs in it.

use crate::config::{Environment, Multiplexer, Panes};

/// The variables that tell.
const VARIABLES: [&str; 10] = [
    "TMUX",
    "TMUX_PANE",
    "ZELLIJ",
    "WEZTERM_PANE",
    "KITTY_WINDOW_ID",
    "KITTY_LISTEN_ON",
    "TERM_PROGRAM",
    "WT_SESSION",
    "WSL_DISTRO_NAME",
    "GNOME_TERMINAL_SCREEN",
];

/// Where sessions can be opened beside the dashboard, and what is needed to say where that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// tmux, with the pane we are in (`%3`).
    Tmux {
        /// The pane.
        pane: String,
    },
    /// zellij.
    Zellij,
    /// WezTerm, with the number of the pane we are in.
    Wezterm {
        /// The pane.
        pane: String,
    },
    /// kitty, with the address of its remote control.
    Kitty {
        /// The address: `unix:/tmp/mykitty-123`.
        control: String,
    },
    /// iTerm2.
    Iterm2,
    /// Windows Terminal, with the distribution of WSL that we are in.
    WindowsTerminal {
        /// Its name.
        distribution: String,
    },
    /// GNOME Terminal.
    GnomeTerminal,
}

/// Why there is no place for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nowhere {
    /// The settings say so.
    Off,
    /// The dashboard runs in none of those that are known.
    Unknown,
    /// It does not run in the one that the settings name.
    Elsewhere(Multiplexer),
    /// kitty takes no orders: it has no remote control on a socket.
    KittyIsDeaf,
}

impl Nowhere {
    /// The key of its sentence in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Off => "panes-off",
            Self::Unknown => "panes-nowhere",
            Self::Elsewhere(_) => "panes-elsewhere",
            Self::KittyIsDeaf => "panes-kitty",
        }
    }
}

impl Host {
    /// The one that is wanted, or the innermost one we are in: a multiplexer before the terminal that it runs in.
    pub fn find(wanted: Panes, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Nowhere> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let all: &[Multiplexer] = match &wanted {
            Panes::Off => return Err(Nowhere::Off),
            Panes::Auto => &Multiplexer::ALL,
            Panes::In(one) => std::slice::from_ref(one),
        };
        let found = all.iter().find_map(|one| Self::of(*one, &variable));
        match (found, wanted) {
            (Some(found), _) => found,
            (None, Panes::In(one)) => Err(Nowhere::Elsewhere(one)),
            (None, _) => Err(Nowhere::Unknown),
        }
    }

    /// Those of these variables that tell.
    pub fn variables(all: &Environment) -> Environment {
        all.iter()
            .filter(|(name, _)| VARIABLES.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn of(one: Multiplexer, variable: &impl Fn(&str) -> Option<String>) -> Option<Result<Self, Nowhere>> {
        let is_called = |name: &str| variable("TERM_PROGRAM").is_some_and(|program| program == name);
        Some(Ok(match one {
            Multiplexer::Tmux => {
                variable("TMUX")?;
                Self::Tmux { pane: variable("TMUX_PANE")? }
            }
            Multiplexer::Zellij => variable("ZELLIJ").map(|_| Self::Zellij)?,
            Multiplexer::Wezterm => Self::Wezterm { pane: variable("WEZTERM_PANE")? },
            Multiplexer::Kitty => {
                variable("KITTY_WINDOW_ID")?;
                match variable("KITTY_LISTEN_ON") {
                    Some(control) => Self::Kitty { control },
                    None => return Some(Err(Nowhere::KittyIsDeaf)),
                }
            }
            Multiplexer::Iterm2 => is_called("iTerm.app").then_some(Self::Iterm2)?,
            Multiplexer::WindowsTerminal => {
                variable("WT_SESSION")?;
                Self::WindowsTerminal { distribution: variable("WSL_DISTRO_NAME")? }
            }
            Multiplexer::GnomeTerminal => variable("GNOME_TERMINAL_SCREEN").map(|_| Self::GnomeTerminal)?,
        }))
    }

    /// Its own name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tmux { .. } => "tmux",
            Self::Zellij => "zellij",
            Self::Wezterm { .. } => "WezTerm",
            Self::Kitty { .. } => "kitty",
            Self::Iterm2 => "iTerm2",
            Self::WindowsTerminal { .. } => "Windows Terminal",
            Self::GnomeTerminal => "GNOME Terminal",
        }
    }

    /// Whether sessions can be typed into together.
    pub fn joins_typing(&self) -> bool {
        matches!(self, Self::Tmux { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: Panes, variables: &[(&str, &str)]) -> Result<Host, Nowhere> {
        Host::find(wanted, |name| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned()))
    }

    const TMUX: [(&str, &str); 2] = [("TMUX", "/tmp/tmux-1000/default,1,0"), ("TMUX_PANE", "%3")];

    #[test]
    fn each_is_known_by_its_own_variables() {
        for (variables, host) in [
            (&TMUX[..], Host::Tmux { pane: "%3".to_owned() }),
            (&[("ZELLIJ", "0")], Host::Zellij),
            (&[("WEZTERM_PANE", "7")], Host::Wezterm { pane: "7".to_owned() }),
            (&[("KITTY_WINDOW_ID", "1"), ("KITTY_LISTEN_ON", "unix:/tmp/k")], Host::Kitty { control: "unix:/tmp/k".to_owned() }),
            (&[("TERM_PROGRAM", "iTerm.app")], Host::Iterm2),
            (&[("WT_SESSION", "x"), ("WSL_DISTRO_NAME", "Debian")], Host::WindowsTerminal { distribution: "Debian".to_owned() }),
            (&[("GNOME_TERMINAL_SCREEN", "/x")], Host::GnomeTerminal),
        ] {
            assert_eq!(found(Panes::Auto, variables), Ok(host), "{variables:?}");
        }
        assert_eq!(found(Panes::Auto, &[]), Err(Nowhere::Unknown));
        assert_eq!(found(Panes::Auto, &[("TMUX", ""), ("TMUX_PANE", "")]), Err(Nowhere::Unknown));
    }

    #[test]
    fn the_innermost_counts_unless_another_is_wanted() {
        let nested = [&TMUX[..], &[("GNOME_TERMINAL_SCREEN", "/x")]].concat();
        assert_eq!(found(Panes::Auto, &nested), Ok(Host::Tmux { pane: "%3".to_owned() }));
        assert_eq!(found(Panes::In(Multiplexer::GnomeTerminal), &nested), Ok(Host::GnomeTerminal));
        assert_eq!(found(Panes::In(Multiplexer::Zellij), &nested), Err(Nowhere::Elsewhere(Multiplexer::Zellij)));
        assert_eq!(found(Panes::Off, &nested), Err(Nowhere::Off));
    }

    #[test]
    fn a_kitty_that_takes_no_orders_is_told_as_such() {
        assert_eq!(found(Panes::Auto, &[("KITTY_WINDOW_ID", "1")]), Err(Nowhere::KittyIsDeaf));
        let nested = [&[("KITTY_WINDOW_ID", "1")], &TMUX[..]].concat();
        assert!(matches!(found(Panes::Auto, &nested), Ok(Host::Tmux { .. })));
    }
}
