//! Starts the browser of this computer, and leaves it alone.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

/// Start a browser with this link. Whether one was started: what it makes of the link is not known here.
///
/// `variable` reads the environment. The link is one argument, there is no shell, and the browser gets neither the keys nor the
/// signals of this terminal. It is not waited for: it may stay as long as it likes.
pub fn open(link: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    let Some(words) = command(link, variable) else { return false };
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let Ok(mut child) = command.spawn() else { return false };
    // Somebody has to bury it.
    std::thread::spawn(move || child.wait());
    true
}

/// `BROWSER`, else what this system has for links; `None` where no browser could show anything.
fn command(link: &str, variable: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    if let Some(browser) = variable("BROWSER") {
        // A list, of which the first counts; `%s` stands for the link.
        let words: Vec<&str> = browser.split(':').find(|one| !one.trim().is_empty())?.split_whitespace().collect();
        let has_place = words.iter().any(|word| word.contains("%s"));
        let filled = words.iter().map(|word| word.replace("%s", link));
        return Some(filled.chain((!has_place).then(|| link.to_owned())).collect());
    }
    let is_wsl = variable("WSL_DISTRO_NAME").is_some();
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| variable(name).is_some());
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if has_display || is_wsl {
        "xdg-open"
    } else {
        return None;
    };
    Some(vec![opener.to_owned(), link.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://x/?a=1&b=2";

    fn words(variables: &[(&str, &str)]) -> Option<Vec<String>> {
        command(LINK, |name| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_users_own_browser_comes_first_and_a_link_is_one_word() {
        assert_eq!(words(&[("BROWSER", "firefox --new-tab:lynx")]).unwrap(), ["firefox", "--new-tab", LINK]);
        assert_eq!(words(&[("BROWSER", "open-it --url=%s")]).unwrap(), ["open-it", &format!("--url={LINK}")]);
        if cfg!(target_os = "linux") {
            assert_eq!(words(&[("DISPLAY", ":0")]).unwrap(), ["xdg-open", LINK]);
            assert_eq!(words(&[("BROWSER", " "), ("WSL_DISTRO_NAME", "Ubuntu")]).unwrap(), ["xdg-open", LINK]);
            assert_eq!(words(&[]), None);
        }
    }

    #[test]
    fn a_browser_that_is_not_there_was_not_started() {
        let started = |browser: &str| open(LINK, |name| (name == "BROWSER").then(|| browser.to_owned()));

        assert!(!started("/no/such/browser"));
        assert!(started("true"));
    }
}
