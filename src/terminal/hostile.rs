//! Where a fuzzer throws bytes at the keyboard's end; it panics when a promise is broken.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::keys::{Keys, Typed};

/// The first byte says where the others are split; however they come, they mean the same, and the keyboard works afterwards.
pub fn keys(bytes: &[u8]) {
    let Some((&at, bytes)) = bytes.split_first() else { return };
    let whole = typed(&mut Keys::new(), &[bytes]);
    let mut keys = Keys::new();
    let (first, second) = bytes.split_at(usize::from(at) % (bytes.len() + 1));
    assert_eq!(typed(&mut keys, &[first, second]), whole);

    keys.silence();
    // Ends a paste, and behind anything else a sequence that is no key.
    keys.feed(b"\x1b[201~\x1b[201~q");
    let last = typed(&mut keys, &[]).pop();
    let q = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
    assert_eq!(last, Some(Typed::Key(q)), "the keyboard is dead");
}

fn typed(keys: &mut Keys, pieces: &[&[u8]]) -> Vec<Typed> {
    for piece in pieces {
        keys.feed(piece);
    }
    std::iter::from_fn(|| keys.next()).collect()
}
