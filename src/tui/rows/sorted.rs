//! Places of lines in an order, kept in pieces: one goes in or out without moving all the others.

use std::cmp::Ordering;

/// Most places of a piece; half of that where one is cut in two.
const PIECE: usize = 512;

/// Places in an order in which no two are equal. The order is the caller's, and must be the same from call to call.
#[derive(Debug, Clone, Default)]
pub(super) struct Sorted {
    /// None is empty.
    pieces: Vec<Vec<usize>>,
    len: usize,
}

impl Sorted {
    /// Of places that are in order already.
    pub(super) fn of(places: &[usize]) -> Self {
        Self { pieces: places.chunks(PIECE / 2).map(<[usize]>::to_vec).collect(), len: places.len() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The place at a position.
    pub(super) fn get(&self, at: usize) -> Option<usize> {
        self.from(at).next()
    }

    /// All places in their order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.pieces.iter().flatten().copied()
    }

    /// The places from a position on. The pieces before it are passed by whole.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut left = at;
        let first = self.pieces.iter().position(|piece| {
            let is_in = left < piece.len();
            left -= if is_in { 0 } else { piece.len() };
            is_in
        });
        self.pieces.iter().skip(first.unwrap_or(self.pieces.len())).flatten().copied().skip(left)
    }

    /// Where a place stands, if it is here.
    pub(super) fn position(&self, place: usize, order: impl Fn(usize, usize) -> Ordering) -> Option<usize> {
        let (piece, at) = self.seek(place, &order);
        let is_here = self.pieces.get(piece)?.get(at) == Some(&place);
        is_here.then(|| self.pieces.iter().take(piece).map(Vec::len).sum::<usize>() + at)
    }

    /// Put a place where it belongs.
    pub(super) fn insert(&mut self, place: usize, order: impl Fn(usize, usize) -> Ordering) {
        self.len += 1;
        let (piece, at) = self.seek(place, &order);
        // What comes after everything goes to the end of the last piece.
        let last = self.pieces.len().saturating_sub(1);
        let (piece, at) = if piece > last { (last, usize::MAX) } else { (piece, at) };
        let Some(own) = self.pieces.get_mut(piece) else {
            self.pieces.push(vec![place]);
            return;
        };
        own.insert(at.min(own.len()), place);
        if own.len() > PIECE {
            let rest = own.split_off(PIECE / 2);
            self.pieces.insert(piece + 1, rest);
        }
    }

    /// Take a place out.
    pub(super) fn remove(&mut self, place: usize, order: impl Fn(usize, usize) -> Ordering) {
        let (piece, at) = self.seek(place, &order);
        let Some(own) = self.pieces.get_mut(piece).filter(|own| own.get(at) == Some(&place)) else { return };
        own.remove(at);
        if own.is_empty() {
            self.pieces.remove(piece);
        }
        self.len -= 1;
    }

    /// The piece and the position in it where a place is or belongs.
    fn seek(&self, place: usize, order: &impl Fn(usize, usize) -> Ordering) -> (usize, usize) {
        let is_before = |other: usize| order(other, place).is_lt();
        let piece = self.pieces.partition_point(|piece| piece.last().is_some_and(|&last| is_before(last)));
        let at = self.pieces.get(piece).map_or(0, |piece| piece.partition_point(|&other| is_before(other)));
        (piece, at)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_sorted_list_would(steps in prop::collection::vec((any::<bool>(), 0_usize..3_000), 0..4_000)) {
            let mut sorted = Sorted::default();
            let mut model = std::collections::BTreeSet::new();
            let order = |a: usize, b: usize| a.cmp(&b);
            for (is_in, place) in steps {
                if is_in && model.insert(place) {
                    sorted.insert(place, order);
                } else if !is_in && model.remove(&place) {
                    sorted.remove(place, order);
                }
            }

            prop_assert_eq!(sorted.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(sorted.len(), model.len());
            for (at, place) in model.iter().enumerate().step_by(97) {
                prop_assert_eq!(sorted.get(at), Some(*place));
                prop_assert_eq!(sorted.position(*place, order), Some(at));
                prop_assert_eq!(sorted.from(at).next(), Some(*place));
            }
            prop_assert_eq!(sorted.position(3_000, order), None);
            prop_assert_eq!(sorted.get(model.len()), None);
        }
    }

    #[test]
    fn putting_in_costs_comparisons_by_the_logarithm() {
        let compared = Cell::new(0_u64);
        let order = |a: usize, b: usize| {
            compared.set(compared.get() + 1);
            a.cmp(&b)
        };
        let mut sorted = Sorted::default();
        for number in 0..20_000_usize {
            sorted.insert(number.wrapping_mul(7_919) % 20_000, order);
        }

        assert_eq!(sorted.len(), 20_000);
        assert!(compared.get() < 20_000 * 20, "{} comparisons", compared.get());
    }
}
