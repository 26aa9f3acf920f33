//! The terminal's size on its way to the far side (docs/session-manager-protocol.md 6.1).

use std::time::{Duration, Instant};

use super::payload::Size;

/// At most ten sizes a second; each one resets the session's idle timer besides.
const PERIOD: Duration = Duration::from_millis(100);

/// The terminal's size on its way: not too often, not twice, and the last one always.
#[derive(Debug, Default)]
pub(crate) struct Resizing {
    wanted: Option<Size>,
    sent: Option<Size>,
    sent_at: Option<Instant>,
    /// Send another size first, so that the wanted one is a change and remote programs draw anew.
    is_redrawing: bool,
}

impl Resizing {
    pub(crate) fn new(size: Option<Size>) -> Self {
        Self { wanted: size, ..Self::default() }
    }

    pub(crate) fn resize(&mut self, size: Size) {
        self.wanted = Some(size);
    }

    /// Make remote programs draw everything again.
    pub(crate) fn redraw(&mut self) {
        self.is_redrawing = self.sent.is_some() && self.wanted == self.sent;
    }

    /// When the next size may go.
    pub(crate) fn due(&self) -> Option<Instant> {
        let is_new = self.wanted.is_some() && self.wanted != self.sent;
        (is_new || self.is_redrawing).then_some(())?;
        self.sent_at.map(|sent_at| sent_at + PERIOD)
    }

    /// The size to send now.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Size> {
        let wanted = self.wanted?;
        if self.sent_at.is_some_and(|sent_at| now < sent_at + PERIOD) {
            return None;
        }
        let size = if std::mem::take(&mut self.is_redrawing) && Some(wanted) == self.sent {
            Size { columns: wanted.columns, rows: if wanted.rows > 1 { wanted.rows - 1 } else { wanted.rows + 1 } }
        } else {
            wanted
        };
        if Some(size) == self.sent {
            return None;
        }
        self.sent = Some(size);
        self.sent_at = Some(now);
        Some(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_of_sizes_is_ten_a_second_and_ends_right() {
        let start = Instant::now();
        let mut resizing = Resizing::new(Some(Size::USUAL));
        let mut sent = vec![];

        for millis in 0..1_000 {
            resizing.resize(size(millis));
            sent.extend(resizing.next(start + Duration::from_millis(millis.into())));
        }
        sent.extend(resizing.next(resizing.due().unwrap()));

        assert_eq!(sent.len(), 11);
        assert_eq!(sent.last(), Some(&size(999)));
    }

    #[test]
    fn the_same_size_is_not_sent_twice() {
        let start = Instant::now();
        let mut resizing = Resizing::new(Some(Size::USUAL));
        assert_eq!(resizing.next(start), Some(Size::USUAL));

        resizing.resize(Size::USUAL);

        assert_eq!(resizing.due(), None);
        assert_eq!(resizing.next(start + PERIOD * 5), None);
    }

    #[test]
    fn a_redraw_sends_another_size_and_then_the_right_one() {
        let start = Instant::now();
        let mut resizing = Resizing::new(Some(Size::USUAL));
        resizing.next(start);

        resizing.redraw();
        let first = resizing.next(resizing.due().unwrap());
        let second = resizing.next(resizing.due().unwrap());

        assert_eq!(first, Some(Size { columns: 80, rows: 23 }));
        assert_eq!(second, Some(Size::USUAL));
        assert_eq!(resizing.due(), None);
    }

    fn size(columns: u16) -> Size {
        Size { columns: columns + 1, rows: 24 }
    }
}
