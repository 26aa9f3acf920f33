//! Where a fuzzer throws text at the filter language and at the gate to the screen; each function panics when a promise is broken.

use std::sync::LazyLock;

use crate::model::{
    ConsoleKeys, Filter, Fingerprint, Haystack, HostKey, Instance, InstanceState, Os, Place, ProfileName, SavedFilters,
    SecurityGroup, Untrusted, display_width, is_hidden,
};

/// General category Cf of Unicode 16, written down once more: the gate is not asked about itself.
const FORMAT: [(u32, u32); 21] = [
    (0xad, 0xad),
    (0x600, 0x605),
    (0x61c, 0x61c),
    (0x6dd, 0x6dd),
    (0x70f, 0x70f),
    (0x890, 0x891),
    (0x8e2, 0x8e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x2066, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0001, 0xe0001),
    (0xe0020, 0xe007f),
];

/// Any text as a console's: a key that is taken stands in it, a fingerprint that is taken is told beside none of another key, and what
/// contradicts itself is nothing.
pub fn console_output(bytes: &[u8]) {
    let told = ConsoleKeys::read(bytes);
    let text: String = String::from_utf8_lossy(bytes).replace('\r', "");
    let has_escapes = text.contains('\x1b');
    for key in &told.keys {
        let line = key.line();
        let (algorithm, base64) = line.split_once(' ').expect("a key line has two words");
        assert!(has_escapes || (text.contains(algorithm) && text.contains(base64)), "{line} is not in the text");
        assert_eq!(HostKey::read(&line).as_ref(), Some(key), "a key reads back as it is written");
        assert!(line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{line:?} is no line of known_hosts");
        let is_told = told.fingerprints.iter().any(|told| key.has(&told.fingerprint));
        assert!(told.fingerprints.is_empty() || is_told, "{line} is not among the fingerprints");
    }
    for told in &told.fingerprints {
        assert_eq!(Fingerprint::read(&told.fingerprint.to_string()), Some(told.fingerprint), "a fingerprint reads back");
    }
    let is_nothing = told.keys.is_empty() && told.fingerprints.is_empty();
    assert!(is_nothing || text.contains("SSH HOST KEY") || told.are_issue_lines || has_escapes, "taken from outside the blocks");
    assert_eq!(ConsoleKeys::read(&[bytes, b"\n", bytes].concat()).keys, told.keys, "said twice it is the same");
}

/// Any text as a filter: it reads or says why not in words fit for a screen, and what reads gives one answer however it is asked.
pub fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let saved =
        SavedFilters::from([("mine".to_owned(), text.clone().into_owned()), ("web".to_owned(), "name:web|~wb".to_owned())]);
    let filter = match Filter::parse(&text, &saved) {
        Ok(filter) => filter,
        Err(error) => return assert!(!error.to_string().chars().any(is_hidden), "{error:?}"),
    };
    assert!(Filter::check("mine", &saved).is_none(), "what reads as a line reads as a saved filter");
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let words = (!text.contains('"')).then(|| Filter::of_words(&words, &saved).ok()).flatten();
    let opposite = format!("!{text}").parse::<Filter>().ok().filter(|_| is_one_word(&text));
    for row in ROWS.iter() {
        let passes = filter.matches(row, "ssm");
        let score = filter.score(row, "ssm");
        assert_eq!(filter.score_with(row, "ssm", &Haystack::of(row)), score, "the quick answer is the answer");
        assert!(filter.ranks() || score.unwrap_or_default() == 0, "only letters in their order fit better or worse");
        if let Some(words) = &words {
            assert_eq!(words.score(row, "ssm"), score, "a shell's words are those of the line");
        }
        assert_eq!(filter.clone().and(filter.clone()).matches(row, "ssm"), passes, "said twice it is the same");
        assert!(passes || !filter.is_empty(), "an empty filter lets everything pass");
        if let Some(opposite) = &opposite {
            assert_eq!(opposite.matches(row, "ssm"), !passes, "not {text}");
        }
    }
}

fn is_one_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '=' | '.' | '*' | '-' | '_' | '/'))
}

/// Any text for a screen, in as many columns as the first byte says: nothing in it moves a cursor or turns the text round, it is no
/// wider than that, and what was shown is shown the same again.
pub fn display(bytes: &[u8]) {
    let Some((&columns, text)) = bytes.split_first() else { return };
    let columns = usize::from(columns % 100);
    let text = Untrusted::from(String::from_utf8_lossy(text).into_owned());
    let (whole, cut) = (text.shown(), text.shown_in(columns));
    assert!(display_width(&cut) <= columns, "{cut:?} is wider than {columns}");
    assert!(display_width(&whole) > columns || cut == whole, "{cut:?} is cut without need");
    for shown in [whole, cut].into_iter().chain(text.shown_lines()) {
        let is_format = |c: char| FORMAT.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)));
        assert!(!shown.chars().any(|c| c.is_control() || is_format(c) || matches!(c, '\u{2028}' | '\u{2029}')), "{shown:?}");
        assert_eq!(Untrusted::from(shown.as_str()).shown(), shown, "what was shown is shown the same");
    }
}

static ROWS: LazyLock<[Instance; 2]> = LazyLock::new(|| {
    let place = Place { profile: Some(ProfileName::new("prod")), region: "ap-northeast-2".parse().expect("a region") };
    let usual = Instance {
        account: Some("123456789012".parse().expect("an account")),
        state: InstanceState::Running,
        tags: [("Name".into(), "web-1 결제".into()), ("Role".into(), "web".into()), ("a:b".into(), "C=d".into())].into(),
        instance_type: Some("c6i.large".into()),
        az: Some("ap-northeast-2a".into()),
        private_ip: Some("10.0.0.1".parse().expect("an address")),
        public_ip: Some("3.36.112.8".parse().expect("an address")),
        ipv6: vec!["2001:db8::1".parse().expect("an address")],
        image: Some("ami-0aa11bb22cc33dd44".into()),
        key_name: Some("team-prod".into()),
        vpc: Some("vpc-0aa1".into()),
        subnet: Some("subnet-0bb2".into()),
        security_groups: vec![SecurityGroup { id: "sg-0cc3".into(), name: "web".into() }],
        platform: Some("Linux/UNIX".into()),
        metadata_enabled: Some(true),
        ..Instance::untold("i-0123456789abcdef0".parse().expect("an id"), std::sync::Arc::new(place))
    };
    let bare = Instance {
        state: InstanceState::Stopped,
        tags: [("Name".into(), "".into())].into(),
        instance_type: None,
        private_ip: None,
        public_ip: None,
        ipv6: Vec::new(),
        security_groups: Vec::new(),
        os: Os::Windows,
        ..usual.clone()
    };
    [usual, bare]
});

#[cfg(test)]
mod tests {
    use crate::inputs::throw;

    #[test]
    fn a_console_of_hostile_bytes_is_believed_no_more_than_it_may() {
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/console-output"), super::console_output);
    }

    #[test]
    fn any_text_is_a_filter_or_none_and_gives_one_answer() {
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/filter"), super::filter);
    }

    #[test]
    fn any_text_is_shown_harmless_within_its_columns_and_the_same_again() {
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/display"), super::display);
    }
}
