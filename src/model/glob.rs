//! Patterns of names, in which `*` is any run of characters.

/// `*` is any run of characters, everything else itself; the pattern covers the whole value.
pub(crate) fn glob_fits(pattern: &str, value: &str) -> bool {
    parts_fit(pattern.split('*'), value, Single::Itself)
}

/// As OpenSSH reads names of hosts: `?` is any one byte, too.
pub(crate) fn host_glob_fits(pattern: &str, value: &str) -> bool {
    parts_fit(pattern.split('*'), value, Single::Any)
}

/// What `?` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    /// A question mark.
    Itself,
    /// Any byte.
    Any,
}

/// Whether a value begins with the first of these, ends with the last, and has the others between them in their order.
pub(super) fn parts_fit<'p>(mut parts: impl DoubleEndedIterator<Item = &'p str>, value: &str, single: Single) -> bool {
    let is_at = |part: &str, bytes: &[u8]| {
        let is_same = |(own, byte): (u8, &u8)| own == *byte || (own == b'?' && single == Single::Any);
        part.len() == bytes.len() && part.bytes().zip(bytes).all(is_same)
    };
    let value = value.as_bytes();
    let Some(first) = parts.next() else { return value.is_empty() };
    let Some((start, mut rest)) = value.split_at_checked(first.len()) else { return false };
    if !is_at(first, start) {
        return false;
    }
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // Each as early as can be: that leaves the others most.
    for part in parts.filter(|part| !part.is_empty()) {
        let Some(at) = rest.windows(part.len()).position(|bytes| is_at(part, bytes)) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.len().checked_sub(last.len()).is_some_and(|at| is_at(last, rest.get(at..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_is_wild_in_names_of_hosts_alone() {
        for (pattern, value, is_host, is_other) in [
            ("web-?", "web-1", true, false),
            ("web-?", "web-?", true, true),
            ("?*?", "x", false, false),
            ("?*?", "xy", true, false),
            ("*.?.*", "a.b.c", true, false),
            ("*a?c*", "xabcabd", true, false),
            ("a*bc", "abc", true, true),
            ("ab*bc", "abc", false, false),
            ("*", "", true, true),
            ("", "", true, true),
            ("", "x", false, false),
            ("**", "x", true, true),
        ] {
            assert_eq!(host_glob_fits(pattern, value), is_host, "{pattern} {value}");
            assert_eq!(glob_fits(pattern, value), is_other, "{pattern} {value}");
        }
    }
}
