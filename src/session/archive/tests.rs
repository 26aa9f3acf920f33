//! What comes from a script, cut in every way, and what a script is.

use proptest::prelude::*;

use super::said::Outcome;
use super::*;

const MARK: &str = "0123456789abcdef0123456789abcdef";

fn heard(bytes: &[u8], size: usize) -> Result<Vec<Heard>, Malformed> {
    let mut lines = Lines::behind(MARK);
    let mut heard = VecDeque::new();
    for piece in bytes.chunks(size) {
        lines.take(piece, &mut heard)?;
    }
    let mut joined: Vec<Heard> = Vec::new();
    for next in heard {
        match (joined.last_mut(), next) {
            (Some(Heard::Data(before)), Heard::Data(more)) => before.extend(more),
            (_, next) => joined.push(next),
        }
    }
    Ok(joined)
}

proptest! {
    #[test]
    fn what_goes_as_lines_comes_as_it_was_however_it_is_cut(
        bytes in proptest::collection::vec(any::<u8>(), 0..4_000),
        size in 1..900_usize,
    ) {
        let mut encoder = Encoder::default();
        let mut sent: String = bytes.chunks(size).map(|piece| encoder.take(piece)).collect();
        sent += &encoder.end("ab12");
        let (lines, end) = sent.split_at(sent.len() - 6);
        prop_assert_eq!(end, ".ab12\n");
        prop_assert!(lines.lines().all(|line| line.len() <= LINE / 3 * 4));

        let told = format!("a banner\n{MARK}:go\n{lines}{MARK}:given 0 ab12 \n");
        let all = heard(told.as_bytes(), size).unwrap();

        let given = Said::Given { status: 0, hash: "ab12".to_owned(), complaints: "".into() };
        let mut expected = vec![Heard::Said(Said::Go), Heard::Said(given)];
        if !bytes.is_empty() {
            expected.insert(1, Heard::Data(bytes));
        }
        prop_assert_eq!(all, expected);
    }

    #[test]
    fn no_bytes_make_it_panic_or_hold_more_than_a_line(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        words in "[a-z0-9 =+/\\n]{0,80}",
    ) {
        for told in [bytes, format!("{MARK}:ready 22\n{words}{MARK}:{words}\n").into_bytes()] {
            let _ = heard(&told, 7);
        }
    }
}

#[test]
fn every_word_of_a_script_is_understood() {
    let said = |line: &str| match heard(format!("{MARK}:{line}\n").as_bytes(), 1_000).as_deref() {
        Ok([Heard::Said(said)]) => Some(said.clone()),
        _ => None,
    };
    assert_eq!(said("ready 0022 tar base64"), Some(Said::Ready { umask: 0o22, missing: vec!["tar".into(), "base64".into()] }));
    assert_eq!(said("found f 5 L2E="), Some(Said::Found { kind: Found::File, size: 5, path: b"/a".to_vec() }));
    assert_eq!(said("taken hash "), Some(Said::Taken(Outcome::OtherHash, "".into())));
    assert_eq!(said("taken 2 bm8="), Some(Said::Taken(Outcome::Status(2), "no".into())));
    assert_eq!(said("failed bm8="), Some(Said::Failed("no".into())));
    assert_eq!(said("ok 81a4 5"), Some(Said::Answered(vec!["81a4".into(), "5".into()])));
    assert_eq!((said("ok"), said("no bm8=")), (Some(Said::Answered(vec![])), Some(Said::Refused("no".into()))));
    for odd in
        ["", "gone", "ready", "ready 9", "found x 1", "found d -1", "given 0", "given 256 ab", "taken 0 a b", "failed !", "no !"]
    {
        assert_eq!(said(odd), None, "{odd}");
    }
}

#[test]
fn a_line_without_an_end_is_not_gathered() {
    assert_eq!(heard(&vec![b'A'; 200_000], 1_000), Err(Malformed));
}

#[test]
fn the_scripts_fit_into_a_parameter_and_hold_no_remark() {
    for script in [Script::Give, Script::Take, Script::Serve] {
        let text = script.text();
        assert!(text.len() < 5_000 && !text.lines().any(|line| line.starts_with('#')), "{}", text.len());
    }
}
