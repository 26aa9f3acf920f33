//! The haystacks of all rows, one behind the other: a key in the filter reads through them without leaping about.

use std::borrow::Cow;

use super::haystack::Haystack;
use crate::model::Instance;

/// Rows whose haystacks lie in one text. A row that changes moves those behind it, so there are not too many.
const ROWS: usize = 128;

/// The haystack of each row by its place.
#[derive(Debug, Clone, Default)]
pub struct Haystacks {
    pieces: Vec<Piece>,
}

/// Haystacks of [`ROWS`] places.
#[derive(Debug, Clone, Default)]
struct Piece {
    text: String,
    spans: Vec<Span>,
}

/// Where a haystack ends and the next one begins.
#[derive(Debug, Clone, Copy)]
struct Span {
    end: usize,
    is_ascii: bool,
}

impl Haystacks {
    /// The haystack of a place; an empty one where no row was put.
    pub fn get(&self, place: usize) -> Haystack<'_> {
        let piece = self.pieces.get(place / ROWS);
        piece.and_then(|piece| piece.get(place % ROWS)).unwrap_or(Haystack { text: Cow::Borrowed(""), is_ascii: true })
    }

    /// A row is at this place from now on.
    pub fn put(&mut self, place: usize, row: &Instance) {
        self.set(place, &Haystack::of(row));
    }

    /// The rows have other places now: the new one of each by its old one, where it is still there.
    pub fn move_to(&mut self, moved: &[Option<usize>]) {
        let before = std::mem::take(self);
        let mut order: Vec<(usize, usize)> = moved.iter().enumerate().filter_map(|(was, to)| Some(((*to)?, was))).collect();
        order.sort_unstable();
        for (to, was) in order {
            self.set(to, &before.get(was));
        }
    }

    fn set(&mut self, place: usize, haystack: &Haystack<'_>) {
        let (piece, at) = (place / ROWS, place % ROWS);
        if self.pieces.len() <= piece {
            self.pieces.resize_with(piece + 1, Piece::default);
        }
        if let Some(piece) = self.pieces.get_mut(piece) {
            piece.set(at, haystack);
        }
    }
}

impl Piece {
    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.spans.get(before)).map_or(0, |span| span.end)
    }

    fn get(&self, at: usize) -> Option<Haystack<'_>> {
        let Span { end, is_ascii } = *self.spans.get(at)?;
        Some(Haystack { text: Cow::Borrowed(self.text.get(self.start(at)..end)?), is_ascii })
    }

    fn set(&mut self, at: usize, haystack: &Haystack<'_>) {
        let last = self.text.len();
        if self.spans.len() <= at {
            self.spans.resize(at + 1, Span { end: last, is_ascii: true });
        }
        let start = self.start(at);
        let Some((span, behind)) = self.spans.get_mut(at..).and_then(<[Span]>::split_first_mut) else { return };
        let (before, end) = (span.end, start + haystack.text.len());
        self.text.replace_range(start..before, &haystack.text);
        *span = Span { end, is_ascii: haystack.is_ascii };
        for span in behind {
            span.end = span.end - before + end;
        }
        if at + 1 == ROWS {
            self.text.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(haystacks: &Haystacks, rows: usize) -> Vec<(String, bool)> {
        (0..rows).map(|place| haystacks.get(place)).map(|own| (own.text.into_owned(), own.is_ascii)).collect()
    }

    proptest! {
        #[test]
        fn each_place_has_what_was_put_there_last(
            puts in prop::collection::vec((0_usize..300, "[a-z가]{0,9}"), 0..600),
            goes in prop::collection::vec(any::<bool>(), 300),
        ) {
            let mut haystacks = Haystacks::default();
            let mut model = vec![(String::new(), true); 300];
            for (place, text) in puts {
                let is_ascii = text.is_ascii();
                haystacks.set(place, &Haystack { text: Cow::Borrowed(&text), is_ascii });
                model[place] = (text, is_ascii);
            }
            prop_assert_eq!(all(&haystacks, 300), model.clone());

            let mut next = 0;
            let moved: Vec<Option<usize>> = goes
                .iter()
                .map(|goes| {
                    next += usize::from(!goes);
                    (!goes).then(|| next - 1)
                })
                .collect();
            haystacks.move_to(&moved);
            let stays: Vec<_> = model.into_iter().zip(&goes).filter(|(_, goes)| !**goes).map(|(own, _)| own).collect();
            prop_assert_eq!(all(&haystacks, stays.len()), stays);
        }
    }
}
