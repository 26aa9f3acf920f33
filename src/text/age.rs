//! How long ago something was: `2d` in a table, `2 days` in a sentence.

use super::{Catalogue, Value};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The short form, in at most five columns for anything that AWS can report: `12s`, `1m`, `2h`, `41d`. What lies in the
/// future (two clocks disagree) is `0s`.
pub fn short_age(seconds: i64) -> String {
    let (count, unit) = measure(seconds);
    format!("{count}{}", &unit[..1])
}

impl Catalogue {
    /// The long form: `12 seconds`, `1 minute`, `2 hours`, `41 days`.
    pub fn age(&self, seconds: i64) -> String {
        let (count, unit) = measure(seconds);
        self.say_with(&format!("age-{unit}"), &[("count", Value::from(count))])
    }

    /// A span in its largest whole unit: `12 s`, `38 min`, `5 h`, `41 days`.
    pub fn span(&self, seconds: i64) -> String {
        let (key, count) = match seconds.max(0) {
            seconds @ 0..MINUTE => ("span-seconds", seconds),
            seconds @ MINUTE..HOUR => ("span-minutes", seconds / MINUTE),
            seconds @ HOUR..DAY => ("span-hours", seconds / HOUR),
            seconds if seconds < 2 * DAY => ("span-day", 1),
            seconds => ("span-days", seconds / DAY),
        };
        self.say_with(key, &[("count", count.to_string().into())])
    }
}

/// The largest unit that fits at least once, rounded down.
fn measure(seconds: i64) -> (i64, &'static str) {
    match seconds {
        i64::MIN..MINUTE => (seconds.max(0), "seconds"),
        MINUTE..HOUR => (seconds / MINUTE, "minutes"),
        HOUR..DAY => (seconds / HOUR, "hours"),
        DAY.. => (seconds / DAY, "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let text = Catalogue::english();
        for (seconds, short, long) in [
            (-5, "0s", "0 seconds"),
            (1, "1s", "1 second"),
            (59, "59s", "59 seconds"),
            (60, "1m", "1 minute"),
            (3_599, "59m", "59 minutes"),
            (7_200, "2h", "2 hours"),
            (86_400, "1d", "1 day"),
            (41 * 86_400 + 5, "41d", "41 days"),
        ] {
            assert_eq!(short_age(seconds), short);
            assert_eq!(text.age(seconds), long);
        }
    }
}
