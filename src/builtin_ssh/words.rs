//! How words stand in one value of OpenSSH's: quoted for its own splitting or for a shell's, with `%` for what it puts in.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The words of a value, as OpenSSH and a shell read what our plans write; none if a quote has no end.
pub(super) fn split(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (Some(open), close) if open == close => quote = None,
            (Some(b'\''), other) => word.get_or_insert_default().push(other),
            (_, b'\\') => word.get_or_insert_default().push(bytes.next()?),
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (None, b' ' | b'\t') => words.extend(word.take()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A word with what stands for its `%` signs; none if it has one that is not among `values`.
pub(super) fn expanded(word: &[u8], values: &[(u8, &str)]) -> Option<OsString> {
    let mut out = Vec::with_capacity(word.len());
    let mut bytes = word.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        match bytes.next()? {
            b'%' => out.push(b'%'),
            name => out.extend_from_slice(values.iter().find(|(own, _)| *own == name)?.1.as_bytes()),
        }
    }
    Some(OsString::from_vec(out))
}

/// The paths of a value such as that of `UserKnownHostsFile`.
pub(super) fn paths(value: &[u8]) -> Option<Vec<PathBuf>> {
    split(value)?.iter().map(|word| expanded(word, &[]).map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Vec<String>> {
        Some(split(value.as_bytes())?.into_iter().map(|word| String::from_utf8(word).unwrap()).collect())
    }

    #[test]
    fn words_come_back_as_they_were_before_they_were_quoted() {
        for (value, words) in [
            ("a b  c", vec!["a", "b", "c"]),
            ("'a b' c", vec!["a b", "c"]),
            (r"'it'\''s' 'a'\\'b'", vec!["it's", r"a\b"]),
            (r#""a \"b\" \\c" d"#, vec![r#"a "b" \c"#, "d"]),
            ("''", vec![""]),
            ("", vec![]),
        ] {
            assert_eq!(read(value).unwrap(), words, "{value}");
        }
        for value in ["'a", "\"a", "a\\"] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    #[test]
    fn every_percent_sign_is_known_or_nothing_is_read() {
        let values = [(b'h', "10.0.0.1"), (b'p', "22")];

        assert_eq!(expanded(b"[%h]:%p 100%%", &values).unwrap(), "[10.0.0.1]:22 100%");
        assert_eq!(expanded(b"%r", &values), None);
        assert_eq!(expanded(b"%", &values), None);
        assert_eq!(paths(br#""/a b/%%" /c"#).unwrap(), ["/a b/%", "/c"].map(PathBuf::from));
    }
}
