//! Keys, replies and pastes, whole and in pieces.

use proptest::prelude::*;

use super::*;

/// What was typed, by names.
fn typed(pieces: &[&[u8]]) -> Vec<String> {
    let mut keys = Keys::new();
    pieces.iter().for_each(|piece| keys.feed(piece));
    names(&mut keys)
}

fn names(keys: &mut Keys) -> Vec<String> {
    std::iter::from_fn(|| keys.next()).map(name).collect()
}

fn name(typed: Typed) -> String {
    let key = match typed {
        Typed::Key(key) => key,
        Typed::Paste(text) => return format!("paste {text}"),
        Typed::Mouse(event) => return format!("mouse {event:?}"),
    };
    let all = [(KeyModifiers::SHIFT, "Shift-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::CONTROL, "Ctrl-")];
    let held: String = all.into_iter().filter(|(modifier, _)| key.modifiers.contains(*modifier)).map(|(_, name)| name).collect();
    match key.code {
        KeyCode::Char(' ') => format!("{held}Space"),
        KeyCode::Char(character) => format!("{held}{character}"),
        KeyCode::F(number) => format!("{held}F{number}"),
        code => format!("{held}{code:?}"),
    }
}

/// Replies of terminals: version, colours, clipboard, attributes, the cursor's place, modes, sizes, pictures, a window's title.
const REPLIES: [&[u8]; 27] = [
    b"\x1bP>|tmux 3.4\x1b\\",
    b"\x1bP>|XTerm(390)\x07",
    b"\x1bP1$r0;1m\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bP!|00000000\x1b\\",
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x07",
    b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    b"\x1b]52;c;cXFxcQ==\x07",
    b"\x1b]52;c;\x1b\\",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    "\x1b]l가제 Ünd\x1b\\".as_bytes(),
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^quit\x1b\\",
    b"\x1bXstart\x1b\\",
    b"\x1b[?64;1;2;6;9;15;18;21;22c",
    b"\x1b[>41;390;0c",
    b"\x1b[24;80R",
    b"\x1b[1;2R",
    b"\x1b[?1;1R",
    b"\x1b[0n",
    b"\x1b[?2026;2$y",
    b"\x1b[8;35;120t",
    b"\x1b[?1u",
    b"\x1b[<0;10;20m",
    b"\x1b[<35;10;20M",
    b"\x1b[I",
    b"\x9d11;rgb:0/0/0\x9c",
];

const KEYS: [(&[u8], &str); 34] = [
    (b"q", "q"),
    (b"Q", "Shift-Q"),
    ("가".as_bytes(), "가"),
    (b"\r", "Enter"),
    (b"\n", "Ctrl-j"),
    (b"\t", "Tab"),
    (b"\x7f", "Backspace"),
    (b"\x03", "Ctrl-c"),
    (b"\x1a", "Ctrl-z"),
    (b"\0", "Ctrl-Space"),
    (b"\x1c", "Ctrl-4"),
    (b"\x1bx", "Alt-x"),
    (b"\x1b\r", "Alt-Enter"),
    ("\x1bé".as_bytes(), "Alt-é"),
    (b"\x1b[A", "Up"),
    (b"\x1bOB", "Down"),
    (b"\x1b[1;5C", "Ctrl-Right"),
    (b"\x1b[1;3D", "Alt-Left"),
    (b"\x1b[H", "Home"),
    (b"\x1b[4~", "End"),
    (b"\x1b[3;5~", "Ctrl-Delete"),
    (b"\x1b[5~", "PageUp"),
    (b"\x1b[6~", "PageDown"),
    (b"\x1b[Z", "Shift-BackTab"),
    (b"\x1bOP", "F1"),
    (b"\x1bOR", "F3"),
    (b"\x1b[[C", "F3"),
    (b"\x1b[13~", "F3"),
    (b"\x1b[15~", "F5"),
    (b"\x1b[21~", "F10"),
    (b"\x1b[1;5P", "Ctrl-F1"),
    (b"\x1b[27u", "Esc"),
    (b"\x1b[99;5u", "Ctrl-c"),
    (b"\x1b[97;1:1u", "a"),
];

#[test]
fn keys_are_told_by_their_sequences() {
    for (bytes, name) in KEYS {
        assert_eq!(typed(&[bytes]), [name], "{}", bytes.escape_ascii());
        assert_eq!(typed(&[b"j", bytes, b"k"]), ["j", name, "k"], "{}", bytes.escape_ascii());
    }
    assert_eq!(typed(&[b"\x1b[97;1:3u"]), Vec::<String>::new(), "a release");
}

#[test]
fn a_lone_escape_is_the_key_after_a_moment_and_so_is_alt_with_the_beginning_of_a_sequence() {
    for (bytes, name) in
        [(&b"\x1b"[..], "Esc"), (b"\x1b]", "Alt-]"), (b"\x1b[", "Alt-["), (b"\x1bP", "Shift-Alt-P"), (b"\x1bO", "Shift-Alt-O")]
    {
        let mut keys = Keys::new();
        keys.feed(bytes);
        assert_eq!(names(&mut keys), Vec::<String>::new(), "{}", bytes.escape_ascii());
        assert!(keys.patience().is_some_and(|patience| patience <= LONE_BEGINNING));

        keys.silence();
        assert_eq!(names(&mut keys), [name]);
        assert_eq!(keys.patience(), None);
        keys.feed(b"]");
        keys.feed(b"q");
        assert_eq!(names(&mut keys), ["]", "q"], "what is typed behind it counts");
    }
    assert_eq!(typed(&[b"\x1b\x1b[A"]), ["Esc", "Up"]);
    assert_eq!(typed(&[b"\x1b]\r"]), ["Alt-]", "Enter"]);
}

#[test]
fn a_reply_that_stops_in_the_middle_does_not_keep_the_keyboard() {
    let mut keys = Keys::new();
    keys.feed(b"\x1b]52;c;qqqq");
    keys.feed(b"\x03");
    assert_eq!(names(&mut keys), ["Ctrl-c"]);

    keys.feed(b"\x1bP>|tm");
    keys.feed(b"\x1b[A");
    assert_eq!(names(&mut keys), ["Up"]);

    keys.feed(b"\x1b[12;");
    assert_eq!(keys.patience(), Some(REST));
    keys.silence();
    keys.feed(b"q");
    assert_eq!(names(&mut keys), ["q"]);
}

#[test]
fn a_paste_is_one_text_whatever_is_in_it_and_has_a_limit() {
    let paste = b"\x1b[200~q\r\x1b[A\x1b]11;x\x07\x1b[20\x1b\x1b[201\x1b[201~";
    let text = "paste q\r\x1b[A\x1b]11;x\x07\x1b[20\x1b\x1b[201";
    assert_eq!(typed(&[b"j", paste, b"k"]), ["j", text, "k"]);

    let mut keys = Keys::new();
    keys.feed(b"\x1b[200~");
    assert_eq!(keys.patience(), None, "the rest of a paste is never taken for keys");
    for _ in 0..40 {
        keys.feed(&[b'q'; 64 * 1024]);
    }
    keys.feed(b"\x1b[201~");
    assert!(matches!(keys.next(), Some(Typed::Paste(text)) if text.len() == PASTED));
}

#[test]
fn what_was_typed_for_somebody_else_is_forgotten_but_not_where_it_left_us() {
    let mut keys = Keys::new();
    keys.feed(b"exit\r\x1b]11;rgb:1c1c/");
    keys.forget();
    keys.feed(b"1c1c/1c1c\x1b\\q");
    assert_eq!(names(&mut keys), ["q"]);

    keys.feed(b"\x1b");
    keys.forget();
    assert_eq!(keys.patience(), None);
    keys.feed(b"]11;rgb:1c1c/1c1c/1c1c\x07q");
    assert_eq!(names(&mut keys), ["q"]);
}

#[test]
fn any_bytes_near_those_of_a_terminal_leave_a_keyboard_that_works() {
    crate::inputs::throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/keys"), crate::terminal::hostile::keys);
}

fn sequence() -> impl Strategy<Value = (Vec<u8>, Vec<String>)> {
    let reply = prop::sample::select(&REPLIES[..]).prop_map(|bytes| (bytes.to_vec(), Vec::new()));
    let key = prop::sample::select(&KEYS[..]).prop_map(|(bytes, name)| (bytes.to_vec(), vec![name.to_owned()]));
    let paste =
        "[a-z가\r]{0,9}".prop_map(|text| (format!("\x1b[200~{text}\x1b[201~").into_bytes(), vec![format!("paste {text}")]));
    prop_oneof![4 => reply, 4 => key, 1 => paste]
}

proptest! {
    #[test]
    fn replies_between_keys_are_nothing_however_they_come_in_pieces(
        sequences in prop::collection::vec(sequence(), 1..8),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let bytes: Vec<u8> = sequences.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let expected: Vec<String> = sequences.into_iter().flat_map(|(_, names)| names).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.sort_unstable();

        let mut keys = Keys::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([bytes.len()]) {
            keys.feed(&bytes[from..cut]);
            from = cut;
        }

        prop_assert_eq!(names(&mut keys), expected);
    }

    /// What was taken for a key when the rest was late cannot be taken back; nothing else of the reply is typed.
    #[test]
    fn the_late_rest_of_a_reply_types_nothing(reply in prop::sample::select(&REPLIES[..]), cut in any::<prop::sample::Index>()) {
        let (first, rest) = reply.split_at(1 + cut.index(reply.len() - 1));
        // Behind so little only what nobody types at once is known for a rest.
        prop_assume!(first.len() > 2 || is_rest(At::Escape, &reply[1..]));

        let mut keys = Keys::new();
        keys.feed(first);
        if keys.patience().is_some_and(|patience| patience <= LONE_BEGINNING) {
            keys.silence();
        }
        names(&mut keys);
        keys.feed(rest);

        prop_assert_eq!(names(&mut keys), Vec::<String>::new());
    }

    #[test]
    fn any_bytes_leave_a_keyboard_that_works(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        crate::terminal::hostile::keys(&bytes);
    }

    #[test]
    fn any_bytes_of_the_terminals_own_leave_a_keyboard_that_works(bytes in "[\x1b\x07\\\\\\[\\]PX^_OMR~;:?<0-9a-cq]{0,60}") {
        crate::terminal::hostile::keys(bytes.as_bytes());
    }
}

#[test]
fn a_click_and_a_turn_of_the_wheel_are_told_with_their_cell_and_nothing_else_of_the_mouse_is() {
    let mut keys = Keys::new();
    for report in
        ["\x1b[<0;10;20M", "\x1b[<0;10;20m", "\x1b[<64;1;1M", "\x1b[<69;2;3M", "\x1b[<2;1;1M", "\x1b[<0;0;1M", "\x1b[<0;1M"]
    {
        keys.feed(report.as_bytes());
    }

    let told: Vec<_> = std::iter::from_fn(|| keys.next()).collect();
    let event = |kind, column, row| Typed::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    let expected = [
        event(MouseEventKind::Down(MouseButton::Left), 9, 19),
        event(MouseEventKind::ScrollUp, 0, 0),
        event(MouseEventKind::ScrollDown, 1, 2),
    ];
    assert_eq!(told, expected);
}
