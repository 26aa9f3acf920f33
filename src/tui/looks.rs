//! The looks at this computer, which is a place like the others: no older look takes the place of a newer one.

use crate::model::Generation;

/// One look at this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Which look it is: a later one counts more.
    pub generation: Generation,
}

/// What was looked at, and what is to be.
#[derive(Debug, Default)]
pub struct Looks {
    /// The look begun last.
    begun: Generation,
    /// The look that is shown.
    shown: Generation,
    /// The look that is under way, those that a connection waits for left aside.
    under_way: Option<Generation>,
    /// Whether another is to follow when that one is over: it may have passed by what has changed since.
    is_wanted: bool,
}

impl Looks {
    /// The look to begin now. While one is under way there is none: it comes when that one is over.
    pub fn again(&mut self) -> Option<Look> {
        if self.under_way.is_some() {
            self.is_wanted = true;
            return None;
        }
        let look = self.at_once();
        self.under_way = Some(look.generation);
        Some(look)
    }

    /// A look that waits for no other.
    pub fn at_once(&mut self) -> Look {
        self.begun = Generation(self.begun.0 + 1);
        Look { generation: self.begun }
    }

    /// A look is over. Whether it is newer than the one that is shown, and so to be shown now.
    pub fn take(&mut self, generation: Generation) -> bool {
        if self.under_way == Some(generation) {
            self.under_way = None;
        }
        let is_newer = generation > self.shown;
        self.shown = self.shown.max(generation);
        is_newer
    }

    /// The look that waited for the one that is over.
    pub fn next(&mut self) -> Option<Look> {
        (self.under_way.is_none() && std::mem::take(&mut self.is_wanted)).then(|| self.again())?
    }
}
