//! The words of a fault: times, shares and patterns.

use std::time::Duration;

/// Whether `name` fits `pattern`, where `*` is any run of characters; like IAM, without regard to case.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let starts_with = |text: &str, part: &str| text.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part));
    let first = parts.next().unwrap_or_default();
    if !starts_with(name, first) {
        return false;
    }
    let mut rest = &name[first.len()..];
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            let start = rest.len().checked_sub(part.len());
            return start.and_then(|start| rest.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(part));
        }
        let found = (0..=rest.len()).find(|start| rest.get(*start..).is_some_and(|tail| starts_with(tail, part)));
        let Some(start) = found else { return false };
        rest = &rest[start + part.len()..];
    }
    true
}

/// `30%`.
pub(super) fn percent(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse().ok());
    number.filter(|number| *number <= 100).ok_or_else(|| format!("`{text}` is not a share of calls from 0% to 100%"))
}

/// `500ms`, `2s`, `10m`, `1h`, `1d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => {
            return Err(format!("`{text}` is not a time such as 500ms, 2s, 10m, 1h or 1d"));
        }
    };
    let number: u64 = number.parse().map_err(|_| format!("`{text}` is not a time such as 500ms, 2s, 10m, 1h or 1d"))?;
    // A century is more than anybody means, and keeps every sum in range.
    let most = 100 * 366 * 86_400_000;
    let milliseconds = number.checked_mul(milliseconds).filter(|length| *length <= most);
    milliseconds.map(Duration::from_millis).ok_or_else(|| format!("`{text}` is too long"))
}
