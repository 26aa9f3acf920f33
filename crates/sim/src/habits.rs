//! How the simulated agents work, as a command line says it: `--agent payload=32768,pace=1ms`.

use std::str::FromStr;

use super::far_end::Habits;
use super::fault::duration;
use ec2dash_ssm::{MESSAGE_LIMIT, Pace, Window};

/// The words a setting may be, for messages.
const SETTINGS: &str = "payload=32768, pace=1ms, pace=none, window=1000, start-pause=1s, ready-after=300ms, reader=waits, reader=ahead, \
     gateway=keeps, gateway=forgets, reboot=closes, reboot=silent";
/// One of the usual payload, so that a window of many holds them.
const USUAL_MESSAGE: usize = 1_200;
/// More than any sender keeps.
const MOST_MESSAGES: usize = 100_000;

/// A habit that cannot be read; the message names the part and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("agent `{habits}`: {problem}")]
pub struct InvalidHabits {
    habits: String,
    problem: String,
}

impl FromStr for Habits {
    type Err = InvalidHabits;

    /// What is not said stays as usual.
    fn from_str(text: &str) -> Result<Self, InvalidHabits> {
        let invalid = |problem: String| InvalidHabits { habits: text.to_owned(), problem };
        let mut habits = Self::default();
        for setting in text.split(',') {
            let (name, value) = setting.split_once('=').ok_or_else(|| invalid(format!("`{setting}` is none of {SETTINGS}")))?;
            match name {
                "payload" => habits.payload = within(value, MESSAGE_LIMIT).map_err(invalid)?,
                "window" => {
                    let messages = within(value, MOST_MESSAGES).map_err(invalid)?;
                    habits.window = Window { messages, bytes: habits.window.bytes.max(messages * USUAL_MESSAGE) };
                }
                "pace" if value == "none" => habits.pace = Pace::Free,
                "pace" => habits.pace = Pace::After(duration(value).map_err(invalid)?),
                "start-pause" => habits.start_pause = duration(value).map_err(invalid)?,
                "ready-after" => habits.ready_after = duration(value).map_err(invalid)?,
                "reader" if value == "ahead" => habits.reads_ahead = true,
                "reader" if value == "waits" => {
                    habits.reads_ahead = false;
                    // Whoever waits for acknowledgements that it does not read waits for good.
                    habits.window = Window { messages: MOST_MESSAGES, bytes: MOST_MESSAGES * USUAL_MESSAGE };
                }
                "reader" => return Err(invalid(format!("`{value}` is neither waits nor ahead"))),
                "gateway" if ["keeps", "forgets"].contains(&value) => habits.gateway_keeps = value == "keeps",
                "reboot" if ["closes", "silent"].contains(&value) => habits.reboots_silently = value == "silent",
                "reboot" => return Err(invalid(format!("`{value}` is neither closes nor silent"))),
                "gateway" => return Err(invalid(format!("`{value}` is neither keeps nor forgets"))),
                _ => return Err(invalid(format!("unknown setting `{name}`; it is one of {SETTINGS}"))),
            }
        }
        Ok(habits)
    }
}

fn within(text: &str, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{text}` is not a number from 1 to {most}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_not_said_stays_as_usual() {
        let usual = Habits::default();
        let habits: Habits = "payload=32768,pace=1ms,start-pause=1s".parse().unwrap();

        assert_eq!((habits.payload, habits.pace), (32_768, Pace::After(Duration::from_millis(1))));
        assert_eq!((habits.start_pause, habits.window), (Duration::from_secs(1), usual.window));
        let habits: Habits = "ready-after=300ms,gateway=forgets,reader=waits".parse().unwrap();
        assert_eq!((habits.ready_after, habits.gateway_keeps), (Duration::from_millis(300), false));
        assert!(!habits.reads_ahead && usual.reads_ahead && habits.window.messages == MOST_MESSAGES);
        assert!("reboot=silent".parse::<Habits>().unwrap().reboots_silently && !usual.reboots_silently);
        assert_eq!("pace=none,window=7".parse::<Habits>().unwrap().window.messages, 7);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_words_that_can() {
        let cases = [
            ("", "`` is none of payload=32768"),
            ("payload", "`payload` is none of"),
            ("payload=0", "from 1 to"),
            ("payload=99999999", "from 1 to"),
            ("window=x", "from 1 to"),
            ("pace=fast", "500ms, 2s"),
            ("gateway=maybe", "neither keeps nor forgets"),
            ("reboot=loud", "neither closes nor silent"),
            ("reader=quick", "neither waits nor ahead"),
            ("speed=1", "unknown setting `speed`; it is one of payload"),
        ];
        for (text, part) in cases {
            let problem = text.parse::<Habits>().unwrap_err().to_string();
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }
}
