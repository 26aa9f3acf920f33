//! How long ago, in words.

use jiff::Timestamp;

use crate::text::Catalogue;

/// A span in its largest whole unit: `12 s`, `38 min`, `5 h`, `41 days`.
pub fn span(seconds: i64, text: &Catalogue) -> String {
    let (key, count) = match seconds.max(0) {
        s @ 0..60 => ("span-seconds", s),
        s @ 60..3600 => ("span-minutes", s / 60),
        s @ 3600..86_400 => ("span-hours", s / 3600),
        s @ 86_400..172_800 => ("span-day", s / 86_400),
        s => ("span-days", s / 86_400),
    };
    text.say_with(key, &[("count", count.to_string().into())])
}

/// The seconds from `then` to `now`; a `then` in the future is now.
pub fn seconds(then: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(then.as_second()).max(0)
}

/// `12 s ago`.
pub fn ago(then: Timestamp, now: Timestamp, text: &Catalogue) -> String {
    text.say_with("span-ago", &[("span", span(seconds(then, now), text).into())])
}

/// When [`span`] of a moment changes next.
pub fn next_change(then: Timestamp, now: Timestamp) -> Timestamp {
    let age = seconds(then, now);
    let unit = match age {
        0..60 => 1,
        60..3600 => 60,
        3600..86_400 => 3600,
        _ => 86_400,
    };
    let next = then.as_second().saturating_add((age / unit + 1) * unit);
    Timestamp::from_second(next).unwrap_or(Timestamp::MAX)
}

/// `1,000`: digits in groups of three.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_its_largest_unit_and_changes_when_that_does() {
        let text = Catalogue::english();
        for (seconds, expected, next) in [
            (-5, "0 s", 1),
            (0, "0 s", 1),
            (59, "59 s", 60),
            (60, "1 min", 120),
            (3599, "59 min", 3600),
            (7200, "2 h", 10_800),
            (86_400, "1 day", 172_800),
            (3_600_000, "41 days", 3_628_800),
        ] {
            assert_eq!(span(seconds, &text), expected);
            let now = Timestamp::from_second(seconds.max(0)).unwrap();
            assert_eq!(next_change(Timestamp::UNIX_EPOCH, now).as_second(), next, "{seconds}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 12, 999, 1000, 1_234_567].map(grouped).join(" "), "0 12 999 1,000 1,234,567");
    }
}
